//! Units of an assistant that are billed as the therapist's, to the cent.

use super::*;
use crate::claim::{Cents, Date, Modifier, Modifiers, ProcedureCode};
use crate::finding::{Dollars, MoneyClass};
use crate::reference::Reference;
use crate::rules::Amount;

const MEDICARE: Basis<'_> = Basis {
    mppr: true,
    medicare_rates: true,
    assistant_reduction: true,
    nonparticipating: false,
    net_cash: false,
    carry_forward: false,
    contract: None,
};

/// `"97124:GP 2 6000"`: a code with its modifiers, its units and its charge in cents.
fn service(line: &str) -> Service {
    let words: Vec<&str> = line.split(' ').collect();
    let mut codes = words[0].split(':');
    Service {
        locality: None,
        code: ProcedureCode::new(codes.next().expect("a code").as_bytes()).expect("a code"),
        modifiers: Modifiers::new(codes.filter_map(|code| Modifier::new(code.as_bytes()))),
        units: words[1].parse().expect("units"),
        charge: words.get(2).map(|cents| Cents(cents.parse().expect("cents"))),
        place_of_service: *b"11",
        date: Date::constant(2025, 3, 3),
    }
}

fn claim(class: MoneyClass, amount: Amount, units: &[(usize, i32)]) -> Claimed {
    Claimed { class, amount, takes: Taken::Units(units.to_vec()) }
}

fn unmarked(units: &[(usize, i32)]) -> Claimed {
    claim(MoneyClass::Recoupment, Amount::AssistantReduction, units)
}

fn settle(lines: &[&str], basis: Basis<'_>, claims: &[Claimed]) -> DayLedger {
    let services: Vec<Service> = lines.iter().map(|line| service(line)).collect();
    settle_day(&Reference::builtin(), &services, basis, claims)
}

fn alone(lines: &[&str], basis: Basis<'_>, units: &[(usize, i32)]) -> (i64, i64) {
    let ledger = settle(lines, basis, &[unmarked(units)]);
    let own = ledger.claimed[0].dollars.expect("priced");
    assert_eq!(ledger.recoupment, own, "nothing else takes it");
    assert_eq!((ledger.at_risk, ledger.claimed[0].counted), (Dollars::default(), true));
    (own.net.0, own.gross.0)
}

#[test]
fn fifteen_per_cent_of_the_share() {
    assert_eq!(alone(&["97124 1"], MEDICARE, &[(0, -1)]), (357, 357));
    // 50.46: the patient's 10.09, of the other 40.37 are paid 34.31. Flat 59.52: 11.90, and 40.48 of 47.62.
    assert_eq!(alone(&["97124 2"], MEDICARE, &[(0, -2)]), (606, 714));
    // The second unit, 20.70: 4.14, and 14.08 of 16.56.
    assert_eq!(alone(&["97124 2"], MEDICARE, &[(0, -1)]), (248, 357));
    // Under another code the unit is reduced whichever it is.
    assert_eq!(alone(&["97124 1", "97140 1"], MEDICARE, &[(1, -1)]), (248, 326));
}

#[test]
fn as_the_day_with_the_modifier_is_priced() {
    let total = |lines: &[&str], basis| {
        let services: Vec<Service> = lines.iter().map(|line| service(line)).collect();
        price_day(&Reference::builtin(), &services, basis).net_total().0
    };
    for basis in
        [MEDICARE, Basis { net_cash: true, ..MEDICARE }, Basis { nonparticipating: true, ..MEDICARE }]
    {
        for (billed, marked, units) in [
            (vec!["97124 1"], vec!["97124:CQ 1"], vec![(0, -1)]),
            (vec!["97124 2"], vec!["97124 1", "97124:CQ 1"], vec![(0, -1)]),
            (vec!["97110 3", "97140 2"], vec!["97110:CQ 3", "97140 1", "97140:CQ 1"], vec![(0, -3), (1, -1)]),
            (vec!["97530:GO 2", "97110 1"], vec!["97530:GO 1", "97530:GO:CO 1", "97110 1"], vec![(0, -1)]),
        ] {
            let ledger = settle(&billed, basis, &[unmarked(&units)]);
            let own = ledger.claimed[0].dollars.expect("priced").net.0;
            assert_eq!(own, total(&billed, basis) - total(&marked, basis), "{billed:?}");
            assert_eq!(ledger.recoupment.net.0, own);
        }
    }
}

#[test]
fn a_charge_caps_what_there_is_to_reduce() {
    // 20.00 of 29.76: the patient's 4.00, and 13.60 of 16.00.
    assert_eq!(alone(&["97124 1 2000"], MEDICARE, &[(0, -1)]), (240, 240));
    assert_eq!(alone(&["97124 1 0"], MEDICARE, &[(0, -1)]), (0, 0));
}

#[test]
fn nothing_where_it_is_paid_so_already() {
    for (line, basis) in [
        ("97124:CQ 1", MEDICARE),
        ("97124:GY 1", MEDICARE),
        ("97124 1", Basis { assistant_reduction: false, ..MEDICARE }),
    ] {
        let ledger = settle(&[line], basis, &[unmarked(&[(0, -1)])]);
        assert_eq!(ledger.claimed[0].dollars, Some(Dollars::default()), "{line}");
        assert_eq!(ledger.recoupment, Dollars::default());
    }
}

#[test]
fn without_a_fee_it_is_unpriced() {
    let ledger = settle(&["99999 1"], MEDICARE, &[unmarked(&[(0, -1)])]);
    assert_eq!((ledger.claimed[0].dollars, ledger.claimed[0].unpriced), (None, true));
}

#[test]
fn what_others_take_is_not_reduced_as_well() {
    let denial =
        Claimed { class: MoneyClass::Denial, amount: Amount::LineAllowed, takes: Taken::Lines(vec![0]) };
    let ledger = settle(&["97124 2"], MEDICARE, &[denial, unmarked(&[(0, -1)])]);
    assert_eq!((ledger.at_risk.net, ledger.recoupment.net), (Cents(5046), Cents::ZERO));
    assert_eq!((ledger.claimed[1].counted, ledger.claimed[1].counted_in), (false, Some(0)));

    let over = |units: i32| claim(MoneyClass::Recoupment, Amount::ExcessUnits, &[(0, -units)]);
    let ledger = settle(&["97124 2"], MEDICARE, &[over(1), unmarked(&[(0, -1)])]);
    assert_eq!(ledger.recoupment, Dollars { net: Cents(2070), gross: Cents(2976) }, "the same unit");
    assert_eq!(ledger.claimed[1].counted_in, Some(0));

    // One of two is in excess; the other one is the assistant's too: 29.76 less 26.19 beside the 20.70.
    let ledger = settle(&["97124 2"], MEDICARE, &[over(1), unmarked(&[(0, -2)])]);
    assert_eq!(ledger.recoupment, Dollars { net: Cents(2070 + 357), gross: Cents(2976 + 357) });
    assert!(ledger.claimed[0].counted && ledger.claimed[1].counted);
}
