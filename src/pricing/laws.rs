//! What must hold for every day.

use proptest::prelude::*;

use super::*;
use crate::claim::{Cents, Date, Modifier, Modifiers, ProcedureCode};
use crate::finding::MoneyClass;
use crate::reference::Reference;
use crate::rules::Amount;

const CODES: [&str; 14] = [
    "97124", "97140", "97110", "97112", "97530", "97116", "97035", "97032", "97012", "98940", "97161",
    "97129", "97010", "97039",
];

fn service(charges: std::ops::Range<i64>) -> impl Strategy<Value = Service> {
    let modifier = prop::option::of(prop::sample::select(vec!["GP", "CQ", "50", "52", "GY", "59"]));
    (0..CODES.len(), 0..6_u32, prop::option::of(charges), any::<bool>(), 2025..=2026_i16, modifier).prop_map(
        |(code, units, charge, facility, year, modifier)| Service {
            locality: None,
            code: ProcedureCode::new(CODES[code].as_bytes()).expect("a code"),
            modifiers: Modifiers::new(modifier.and_then(|text| Modifier::new(text.as_bytes()))),
            units,
            charge: charge.map(Cents),
            place_of_service: if facility { *b"22" } else { *b"11" },
            date: Date::constant(year, 3, 3),
        },
    )
}

fn services(charges: std::ops::Range<i64>) -> impl Strategy<Value = Vec<Service>> {
    prop::collection::vec(service(charges), 1..7)
}

fn basis() -> impl Strategy<Value = Basis<'static>> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    flags.prop_map(|(mppr, medicare_rates, assistant_reduction, nonparticipating, net_cash)| Basis {
        mppr,
        medicare_rates,
        assistant_reduction,
        nonparticipating,
        net_cash,
        ..Basis::default()
    })
}

fn claimed() -> impl Strategy<Value = Claimed> {
    let classes = prop::sample::select(vec![
        MoneyClass::Denial,
        MoneyClass::Recoupment,
        MoneyClass::LostRevenue,
        MoneyClass::Rejection,
        MoneyClass::None,
    ]);
    let amounts = prop::sample::select(vec![
        Amount::LineAllowed,
        Amount::ExcessUnits,
        Amount::MissingUnits,
        Amount::Difference,
        Amount::ChargeShortfall,
        Amount::AssistantReduction,
        Amount::ClaimAllowed,
    ]);
    let takes = prop_oneof![
        prop::collection::vec(0..8_usize, 0..3).prop_map(Taken::Lines),
        prop::collection::vec((0..8_usize, -4..4_i32), 0..3).prop_map(Taken::Units),
    ];
    (classes, amounts, takes).prop_map(|(class, amount, takes)| Claimed { class, amount, takes })
}

fn net(services: &[Service], basis: Basis) -> Cents {
    price_day(&Reference::builtin(), services, basis).net_total()
}

proptest! {
    /// Without the reduction, or where no charge is below what is allowed, taking anything away never pays more.
    ///
    /// With both it can: see `a_capped_top_line_can_hold_the_day_down`.
    #[test]
    fn removing_units_never_raises_an_uncapped_day(
        services in services(100_000_000..100_000_001), basis in basis(), line in 0..7_usize, off in 1..6_i32,
    ) {
        let fewer = with_units(&services, &[(line, -off)]);
        prop_assert!(net(&fewer, basis) <= net(&services, basis));
    }

    #[test]
    fn removing_units_never_raises_a_day_without_the_reduction(
        services in services(0..9_000), line in 0..7_usize, off in 1..6_i32, medicare_rates: bool,
    ) {
        let basis = Basis { mppr: false, medicare_rates, ..Basis::default() };
        let fewer = with_units(&services, &[(line, -off)]);
        prop_assert!(net(&fewer, basis) <= net(&services, basis));
    }

    /// Two lines of equal rank may change places, and what is kept back of each is rounded by itself; of what is allowed the
    /// order of lines never shows in the totals.
    #[test]
    fn the_order_of_lines_does_not_change_the_totals(
        services in services(100_000_000..100_000_001), basis in basis(), turn in 0..7_usize,
    ) {
        let reference = Reference::builtin();
        let basis = Basis { assistant_reduction: false, net_cash: false, ..basis };
        let mut turned = services.clone();
        turned.rotate_left(turn % services.len());
        let (one, other) = (price_day(&reference, &services, basis), price_day(&reference, &turned, basis));
        prop_assert_eq!(one.net_total(), other.net_total());
        prop_assert_eq!(one.gross_total(), other.gross_total());
    }

    #[test]
    fn a_line_is_never_paid_more_than_its_charge_or_its_flat_price(
        services in services(0..9_000), basis in basis(),
    ) {
        for (line, service) in price_day(&Reference::builtin(), &services, basis).lines.iter().zip(&services) {
            prop_assert_eq!(line.net.is_some(), line.gross.is_some());
            prop_assert!(line.net <= line.gross);
            prop_assert!(line.net.is_none_or(|net| net >= Cents::ZERO));
            if let (Some(gross), Some(charge)) = (line.gross, service.charge) {
                prop_assert!(gross <= charge);
            }
        }
    }

    #[test]
    fn the_ledger_never_holds_more_than_the_day_is_allowed(
        services in services(0..9_000), basis in basis(), claims in prop::collection::vec(claimed(), 0..8),
    ) {
        let ledger = settle_day(&Reference::builtin(), &services, basis, &claims);
        prop_assert_eq!(ledger.lines.len(), services.len());
        prop_assert_eq!(ledger.claimed.len(), claims.len());
        let (risk, back, missed) = (ledger.at_risk, ledger.recoupment, ledger.unbilled);
        prop_assert!(risk.net + back.net <= ledger.price.net_total());
        prop_assert!(risk.gross + back.gross <= ledger.price.gross_total());
        prop_assert!(missed.net >= Cents::ZERO && missed.gross >= Cents::ZERO);
        for (line, price) in ledger.lines.iter().zip(&ledger.price.lines) {
            let paid = price.dollars().unwrap_or_default();
            prop_assert!(line.at_risk.net >= Cents::ZERO && line.recoupment.net >= Cents::ZERO);
            prop_assert!(line.at_risk.net + line.recoupment.net <= paid.net);
            prop_assert!(line.at_risk.gross + line.recoupment.gross <= paid.gross);
        }
        // Nothing is in the totals that no finding is said to be counted for.
        let counted = |class| ledger.claimed.iter().any(|claimed| claimed.counted && claimed.class == class);
        prop_assert!(risk.gross == Cents::ZERO || counted(MoneyClass::Denial));
        prop_assert!(back.gross == Cents::ZERO || counted(MoneyClass::Recoupment));
        prop_assert!(missed.gross == Cents::ZERO || counted(MoneyClass::LostRevenue));
        for claimed in &ledger.claimed {
            prop_assert!(!claimed.counted || claimed.dollars.is_some());
            prop_assert!(claimed.counted_in.is_none_or(|holder| !claimed.counted && ledger.claimed[holder].counted));
        }
        // The slices are the columns, line by line, and no unit is in two of them.
        for (index, line) in ledger.lines.iter().enumerate() {
            for (class, column) in [
                (MoneyClass::Denial, line.at_risk),
                (MoneyClass::Recoupment, line.recoupment),
                (MoneyClass::LostRevenue, line.unbilled),
            ] {
                let own = ledger.slices.iter().filter(|slice| slice.line == index && slice.class == class);
                let sum = own.fold((Cents::ZERO, Cents::ZERO), |(net, gross), slice| {
                    (net + slice.dollars.net, gross + slice.dollars.gross)
                });
                prop_assert_eq!(sum, (column.net, column.gross));
            }
            let mut lost: Vec<_> = ledger
                .slices
                .iter()
                .filter(|slice| slice.line == index && slice.class != MoneyClass::LostRevenue)
                .map(|slice| slice.units.clone())
                .collect();
            lost.sort_by_key(|units| units.start);
            prop_assert!(lost.windows(2).all(|two| two[0].end <= two[1].start), "{:?}", lost);
            prop_assert!(lost.last().is_none_or(|units| units.end <= services[index].units), "{:?}", lost);
        }
        for slice in &ledger.slices {
            prop_assert!(slice.dollars.net >= Cents::ZERO && slice.dollars.gross >= Cents::ZERO);
            prop_assert!(!slice.takers.is_empty());
        }
    }

    #[test]
    fn findings_beyond_the_first_on_a_line_add_nothing(
        services in services(0..9_000), basis in basis(), line in 0..7_usize,
    ) {
        let claim = Claimed {
            class: MoneyClass::Denial, amount: Amount::LineAllowed, takes: Taken::Lines(vec![line]),
        };
        let reference = Reference::builtin();
        let once = settle_day(&reference, &services, basis, std::slice::from_ref(&claim));
        let thrice = settle_day(&reference, &services, basis, &[claim.clone(), claim.clone(), claim]);
        prop_assert_eq!(once.at_risk, thrice.at_risk);
    }
}

/// The one way in which a day without a unit pays more: the unit that ranks highest is held down by its charge, and
/// the next one is then paid in full.
#[test]
fn a_capped_top_line_can_hold_the_day_down() {
    let line = |code: &str, charge| Service {
        locality: None,
        code: ProcedureCode::new(code.as_bytes()).expect("a code"),
        modifiers: Modifiers::default(),
        units: 1,
        charge: Some(Cents(charge)),
        place_of_service: *b"11",
        date: Date::constant(2025, 3, 3),
    };
    let basis = Basis { mppr: true, medicare_rates: true, ..Basis::default() };
    let services = [line("97124", 100), line("97110", 9000)];
    assert_eq!(net(&services, basis), Cents(100 + 2183));
    let fewer = with_units(&services, &[(0, -1)]);
    assert_eq!(net(&fewer, basis), Cents(2879));
    let claim =
        Claimed { class: MoneyClass::Denial, amount: Amount::ExcessUnits, takes: Taken::Lines(vec![0]) };
    let ledger = settle_day(&Reference::builtin(), &services, basis, &[claim]);
    assert_eq!(ledger.claimed[0].dollars.map(|own| own.net), Some(Cents::ZERO), "a loss is never below zero");
}
