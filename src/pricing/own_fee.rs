//! What a payer whose fees are known allows for a service, whatever is charged for it.

use crate::claim::Cents;
use crate::reference::{Fee, Reference};

use super::basis::Basis;
use super::day::PricedServices;
use super::service::Service;
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
    /// What the line would be paid in its day if its charge did not hold it down, by the payer's profile.
    pub allowed: Cents,
    /// Whether the day would be paid more in every locality. At the rates of a named locality always.
    pub everywhere: bool,
}

/// What the payer's schedule says of one unit, unreduced. Charge and units of `service` do not matter.
pub fn unit_standing(reference: &Reference, service: &Service, basis: Basis<'_>) -> UnitStanding {
    match Worth::of(reference, service, &basis).unit {
        UnitWorth::Priced(unit) => UnitStanding::Priced(unit.full),
        UnitWorth::Nothing => match schedule_fee(reference, service, &basis).fee {
            Fee::NotPayable { status } => UnitStanding::NotPayable(status),
            _ => UnitStanding::Unknown,
        },
        UnitWorth::Unknown => UnitStanding::Unknown,
    }
}

/// The services of a day whose charge keeps the day from being paid more: the lesser of charge and allowed amount is paid.
///
/// None where the fees are not the payer's own (`basis`). At national rates the fee of the claim's place is not
/// known: then it is said whether the day would be paid more in every locality.
pub fn shortfalls(reference: &Reference, services: &[Service], basis: Basis<'_>) -> Vec<Shortfall> {
    if !basis.is_own() {
        return Vec::new();
    }
    // What is allowed, whatever is kept back of it when it is paid.
    let basis = Basis { assistant_reduction: false, net_cash: false, ..basis };
    let day = PricedServices::new(reference, services, basis);
    let is_short =
        |day: &PricedServices<'_>, line| day.shortfall(line).is_some_and(|gain| gain.net > Cents::ZERO);
    let short = (0..services.len()).filter(|&line| is_short(&day, line));
    let everywhere = |line: usize| {
        let anywhere = |locality| {
            let moved: Vec<Service> =
                services.iter().map(|one| Service { locality: Some(locality), ..*one }).collect();
            is_short(&PricedServices::new(reference, &moved, basis), line)
        };
        basis.contract.is_some()
            || services[line].locality.is_some()
            || reference.localities(services[line].date).into_iter().all(anywhere)
    };
    short
        .filter_map(|line| {
            let allowed = day.lifted(&[line]).lines.get(line)?.net?;
            Some(Shortfall { line, allowed, everywhere: everywhere(line) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{Date, Modifiers, ProcedureCode};

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
        // The lowest of 2025 is Mississippi's: 27.00, and 25.65 for a provider who does not take part.
        assert_eq!(short(&[service("97124", 1, 2700)], MEDICARE), [(0, 2976, false)]);
        assert_eq!(short(&[service("97124", 1, 2699)], MEDICARE), [(0, 2976, true)]);
        let apart = Basis { nonparticipating: true, ..MEDICARE };
        assert_eq!(short(&[service("97124", 1, 2565)], apart), [(0, 2827, false)]);
        assert_eq!(short(&[service("97124", 1, 2564)], apart), [(0, 2827, true)]);
        let late = Service { date: Date::constant(2027, 1, 15), ..service("97124", 1, 1000) };
        let carried = Basis { carry_forward: true, ..MEDICARE };
        assert_eq!(short(&[late], carried), [(0, 2973, true)]);
        assert_eq!(short(&[late], MEDICARE), [], "no schedule");
    }

    /// Of two units of one code the day pays one in full. The lower charge does not keep it from that.
    #[test]
    fn a_charge_that_costs_the_day_nothing_is_no_shortfall() {
        let (low, high) = (service("97124", 1, 2500), service("97124", 1, 9000));
        assert_eq!(short(&[low, high], MEDICARE), []);
        assert_eq!(short(&[high, low], MEDICARE), []);
        assert_eq!(short(&[low, low], MEDICARE), [(0, 2976, true), (1, 2976, true)]);
    }

    #[test]
    fn a_contracts_own_row_for_a_modifier_counts() {
        let mut contracts = crate::pricing::ContractFees::default();
        for (modifier, cents) in [("", 3000), ("XS", 5000)] {
            let fee = crate::pricing::ContractFee {
                code: ProcedureCode::new(b"97124").expect("a code"),
                modifier: crate::claim::Modifier::new(modifier.as_bytes()),
                from: None,
                to: None,
                amount: Cents(cents),
                reduced: None,
            };
            contracts.add("commercial", fee).expect("added");
        }
        let contract = contracts.get(contracts.number("commercial", b""));
        let basis = Basis { contract, ..Basis::default() };
        let with = |modifier: &[u8]| {
            let modifiers = Modifiers::new(crate::claim::Modifier::new(modifier));
            short(&[Service { modifiers, ..service("97124", 1, 4000) }], basis)
        };
        assert_eq!((with(b"GP"), with(b"XS")), (vec![], vec![(0, 5000, true)]));
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
