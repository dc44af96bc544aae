//! What a payer whose fees are known allows for a service, whatever is charged for it.

use crate::claim::{Cents, Modifiers};
use crate::reference::{Fee, Reference};

use super::basis::Basis;
use super::day::PricedServices;
use super::service::Service;
use super::unit::DayUnit;
use super::worth::{UnitWorth, Worth, schedule_fee};

/// What the schedule says of one unit of a service.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum UnitStanding {
    /// It is paid, at most so much.
    Priced(Cents),
    /// It is never paid separately, by this status letter: `B`, `I` or `N`.
    NotPayable(u8),
    /// No fee is known.
    #[default]
    Unknown,
}

/// A line charged below what the payer would allow for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shortfall {
    /// Index of the service.
    pub line: usize,
    /// What the line is allowed in its day without regard to its charge, by the payer's profile.
    pub allowed: Cents,
    /// Whether every locality allows more than the charge. At the rates of a named locality always.
    pub everywhere: bool,
}

/// What the payer's schedule says of one unit, unreduced. Charge, units and modifiers of `service` do not matter.
pub fn unit_standing(reference: &Reference, service: &Service, basis: Basis<'_>) -> UnitStanding {
    let plain = Service { modifiers: Modifiers::default(), ..*service };
    match Worth::of(reference, &plain, &basis).unit {
        UnitWorth::Priced(unit) => UnitStanding::Priced(unit.full),
        UnitWorth::Nothing => match schedule_fee(reference, &plain, &basis).fee {
            Fee::NotPayable { status } => UnitStanding::NotPayable(status),
            _ => UnitStanding::Unknown,
        },
        UnitWorth::Unknown => UnitStanding::Unknown,
    }
}

/// The services of a day that are charged less than the payer allows for them: the lesser of the two is paid.
///
/// None where the fees are not the payer's own (`basis`). At national rates the fee of the claim's place is not
/// known: then it is said whether the charge is below that of every locality.
pub fn shortfalls(reference: &Reference, services: &[Service], basis: Basis<'_>) -> Vec<Shortfall> {
    if !basis.is_own() {
        return Vec::new();
    }
    // What is allowed, whatever is kept back of it when it is paid.
    let basis = Basis { assistant_reduction: false, net_cash: false, ..basis };
    let uncapped: Vec<Service> = services.iter().map(|one| Service { charge: None, ..*one }).collect();
    let day = PricedServices::new(reference, &uncapped, basis);
    let leader = day.leader();
    let allowed = day.as_billed();
    let short = services.iter().zip(&allowed.lines).enumerate().filter_map(|(line, (service, price))| {
        let (charge, allowed) = (service.charge?, price.net?);
        (charge < allowed).then(|| {
            let leads = leader.is_none_or(|leader| leader == line);
            let is_below = |least| charge < least;
            let everywhere = basis.contract.is_some()
                || service.locality.is_some()
                || least_allowed(reference, service, basis, leads).is_some_and(is_below);
            Shortfall { line, allowed, everywhere }
        })
    });
    short.collect()
}

/// The least that any locality allows for a service; `leads` if its first unit is not reduced.
fn least_allowed(reference: &Reference, service: &Service, basis: Basis<'_>, leads: bool) -> Option<Cents> {
    let Fee::Priced(rate) = schedule_fee(reference, service, &basis).fee else { return None };
    let facility = reference.is_facility(service.place_of_service);
    let here = |gpci| {
        let unit = DayUnit::new(&crate::reference::Rate { gpci, ..rate }, facility);
        let other = if basis.mppr { unit.reduced } else { unit.full };
        let (first, others) = match service.units {
            0 => return Cents::ZERO,
            units => (if leads { unit.full } else { other }, units - 1),
        };
        Cents(first.0.saturating_add(other.0.saturating_mul(i64::from(others))))
    };
    reference.every_gpci(service.date).into_iter().map(here).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{Date, ProcedureCode};

    const MEDICARE: Basis<'_> = Basis {
        mppr: true,
        medicare_rates: true,
        assistant_reduction: true,
        nonparticipating: false,
        net_cash: false,
        carry_forward: false,
        contract: None,
    };

    fn service(code: &str, units: u32, charge: i64) -> Service {
        Service {
            code: ProcedureCode::new(code.as_bytes()).expect("a code"),
            modifiers: Modifiers::default(),
            units,
            charge: Some(Cents(charge)),
            place_of_service: *b"11",
            locality: None,
            date: Date::constant(2025, 3, 3),
        }
    }

    fn short(services: &[Service], basis: Basis<'_>) -> Vec<(usize, i64, bool)> {
        let found = shortfalls(&Reference::builtin(), services, basis);
        found.into_iter().map(|one| (one.line, one.allowed.0, one.everywhere)).collect()
    }

    #[test]
    fn a_charge_below_the_fee_to_the_cent() {
        assert_eq!(short(&[service("97124", 1, 2976)], MEDICARE), []);
        assert_eq!(short(&[service("97124", 1, 2975)], MEDICARE), [(0, 2976, false)]);
        // Two units: 29.76 and 20.70.
        assert_eq!(short(&[service("97124", 2, 5046)], MEDICARE), []);
        assert_eq!(short(&[service("97124", 2, 5045)], MEDICARE), [(0, 5046, false)]);
        // 97140 is reduced beside 97124, so its charge is above what is allowed here and below the full fee.
        let day = [service("97124", 1, 9000), service("97140", 1, 2600)];
        assert_eq!(short(&day, MEDICARE), []);
        assert_eq!(short(&day[1..], MEDICARE), [(0, 2717, false)]);
    }

    #[test]
    fn below_the_fee_of_every_locality() {
        let least = |code, date| {
            let service = Service { date, ..service(code, 1, 0) };
            least_allowed(&Reference::builtin(), &service, MEDICARE, true).map(|least| least.0)
        };
        let least = least("97124", Date::constant(2025, 3, 3)).expect("a price");
        assert!((2400..2800).contains(&least), "{least}");
        assert_eq!(short(&[service("97124", 1, least)], MEDICARE), [(0, 2976, false)]);
        assert_eq!(short(&[service("97124", 1, least - 1)], MEDICARE), [(0, 2976, true)]);
    }

    #[test]
    fn a_named_locality_is_certain() {
        let reference = Reference::builtin();
        let locality = reference.locality("10112-00");
        let found =
            |charge| shortfalls(&reference, &[Service { locality, ..service("97124", 1, charge) }], MEDICARE);
        assert_eq!(found(2725), []);
        assert_eq!(found(2724), [Shortfall { line: 0, allowed: Cents(2725), everywhere: true }]);
    }

    #[test]
    fn fees_that_are_not_the_payers_own_say_nothing() {
        let basis = Basis::default();
        assert_eq!(short(&[service("97124", 1, 1)], basis), []);
        assert_eq!(short(&[service("J1100", 1, 1), service("97010", 1, 1)], MEDICARE), []);
    }

    #[test]
    fn a_shortfall_is_counted_once_and_beside_missing_units() {
        use crate::finding::{Dollars, MoneyClass};
        use crate::pricing::{Claimed, Taken, settle_day};
        use crate::rules::Amount;
        let services = [service("97124", 1, 1000), service("97140", 1, 500)];
        let claimed = |amount, takes| Claimed { class: MoneyClass::LostRevenue, amount, takes };
        let short = |line| claimed(Amount::ChargeShortfall, Taken::Lines(vec![line]));
        let missing = claimed(Amount::MissingUnits, Taken::Units(vec![(0, 1)]));
        let claims = [short(0), short(1), short(0), missing];
        let ledger = settle_day(&Reference::builtin(), &services, MEDICARE, &claims);
        let dollars = |net, gross| Dollars { net: Cents(net), gross: Cents(gross) };
        let own: Vec<_> = ledger.claimed.iter().map(|one| one.dollars).collect();
        let first = Some(dollars(1976, 1976));
        assert_eq!(own, [first, Some(dollars(1570, 2217)), first, Some(dollars(1000, 1000))]);
        let counted: Vec<_> = ledger.claimed.iter().map(|one| one.counted).collect();
        assert_eq!(counted, [true, true, false, true]);
        assert_eq!(ledger.unbilled, dollars(1976 + 1570 + 1000, 1976 + 2217 + 1000));
        let unknown = settle_day(&Reference::builtin(), &[service("J1100", 1, 1)], MEDICARE, &[short(0)]);
        assert!(unknown.claimed[0].unpriced && unknown.unbilled == Dollars::default());
    }

    #[test]
    fn what_the_schedule_says_of_a_unit() {
        let standing = |code| unit_standing(&Reference::builtin(), &service(code, 3, 1), MEDICARE);
        assert_eq!(standing("97124"), UnitStanding::Priced(Cents(2976)));
        assert_eq!(standing("97010"), UnitStanding::NotPayable(b'B'));
        assert_eq!(standing("97039"), UnitStanding::Unknown);
    }
}
