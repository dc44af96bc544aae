//! The worked examples of the money model, to the cent.

use super::*;
use crate::claim::{Cents, Date, Modifiers, ProcedureCode};
use crate::finding::{Dollars, MoneyClass};
use crate::reference::Reference;
use crate::rules::Amount;

const MEDICARE: Basis<'_> = Basis { mppr: true, medicare_rates: true, ..COMMERCIAL };
const COMMERCIAL: Basis<'_> = Basis {
    mppr: false,
    medicare_rates: false,
    assistant_reduction: false,
    nonparticipating: false,
    net_cash: false,
    carry_forward: false,
    contract: None,
};

/// `"97124 2"`: a code with its units, charged far above any fee, in an office on 2025-03-03.
fn day(lines: &[&str]) -> Vec<Service> {
    lines
        .iter()
        .map(|line| {
            let (code, units) = line.split_once(' ').expect("code and units");
            let units: u32 = units.parse().expect("units");
            Service {
                locality: None,
                code: ProcedureCode::new(code.as_bytes()).expect("a code"),
                modifiers: Modifiers::default(),
                units,
                charge: (units > 0).then_some(Cents(i64::from(units) * 50_000)),
                place_of_service: *b"11",
                date: Date::constant(2025, 3, 3),
            }
        })
        .collect()
}

fn dollars(net: i64, gross: i64) -> Dollars {
    Dollars { net: Cents(net), gross: Cents(gross) }
}

fn price(lines: &[&str], basis: Basis) -> Dollars {
    price_day(&Reference::builtin(), &day(lines), basis).total()
}

fn settle(lines: &[&str], basis: Basis, claims: &[Claimed]) -> DayLedger {
    settle_day(&Reference::builtin(), &day(lines), basis, claims)
}

fn denial_of_line(line: usize) -> Claimed {
    Claimed { class: MoneyClass::Denial, amount: Amount::LineAllowed, takes: Taken::Lines(vec![line]) }
}

fn denial_without(line: usize) -> Claimed {
    Claimed { class: MoneyClass::Denial, amount: Amount::ExcessUnits, takes: Taken::Lines(vec![line]) }
}

fn units(class: MoneyClass, amount: Amount, deltas: &[(usize, i32)]) -> Claimed {
    Claimed { class, amount, takes: Taken::Units(deltas.to_vec()) }
}

fn over(line: usize, excess: i32) -> Claimed {
    units(MoneyClass::Recoupment, Amount::ExcessUnits, &[(line, -excess)])
}

fn under(line: usize, missing: i32) -> Claimed {
    units(MoneyClass::LostRevenue, Amount::MissingUnits, &[(line, missing)])
}

#[test]
fn days_as_billed() {
    for (lines, net, gross) in [
        (&["97124 1"][..], 2976, 2976),
        (&["97124 2"], 5046, 5952),
        (&["97124 1", "97140 1"], 5046, 5693),
        (&["97124 1", "97140 1", "97110 1"], 7229, 8572),
        (&["97140 1", "97110 1"], 4949, 5596),
        (&["97110 3"], 7245, 8637),
        (&["97110 2", "97140 1"], 7132, 8475),
        (&["97124 5"], 11_256, 14_880),
        (&["98940 1", "97124 1"], 5628, 5628),
        (&["97110 1", "97010 1"], 2879, 2879),
        (&["97110 1", "97039 1"], 2879, 2879),
        (&[], 0, 0),
    ] {
        assert_eq!(price(lines, MEDICARE), dollars(net, gross), "{lines:?}");
        assert_eq!(price(lines, COMMERCIAL), dollars(gross, gross), "{lines:?}");
    }
}

#[test]
fn a_tie_in_practice_expense_goes_to_the_higher_full_amount_and_then_to_the_earlier_line() {
    let net = |lines: &[&str]| {
        let price = price_day(&Reference::builtin(), &day(lines), MEDICARE);
        price.lines.iter().map(|line| line.net.unwrap_or_default().0).collect::<Vec<_>>()
    };
    assert_eq!(net(&["97110 1", "97116 1"]), [2879, 2183]);
    assert_eq!(net(&["97116 1", "97110 1"]), [2879, 2183]);
    // 97032 and 97012 have the same RVUs; 97140 has the higher practice expense.
    assert_eq!(net(&["97032 1", "97140 1", "97012 1"]), [1132, 2717, 1132]);
}

#[test]
fn what_no_fee_is_known_for_is_unpriced_and_what_medicare_never_pays_is_nothing() {
    let lines =
        |basis| price_day(&Reference::builtin(), &day(&["97010 1", "97039 1", "00100 1"]), basis).lines;
    let nothing = LinePrice { net: Some(Cents(0)), gross: Some(Cents(0)) };
    assert_eq!(lines(MEDICARE), [nothing, LinePrice::default(), LinePrice::default()]);
    assert_eq!(lines(COMMERCIAL), [LinePrice::default(); 3]);
    let mut early = day(&["97124 1"]);
    early[0].date = Date::constant(2019, 6, 30);
    assert_eq!(price_day(&Reference::builtin(), &early, MEDICARE).lines, [LinePrice::default()]);
    let ledger = settle_day(&Reference::builtin(), &early, MEDICARE, &[denial_without(0)]);
    assert!(ledger.claimed[0].unpriced && ledger.claimed[0].dollars.is_none() && !ledger.claimed[0].counted);
    assert_eq!(ledger.at_risk, Dollars::default());
}

#[test]
fn the_charge_caps_a_line_and_goes_with_its_units() {
    let mut services = day(&["97124 2"]);
    services[0].charge = Some(Cents(5000));
    let price = |services: &[Service]| price_day(&Reference::builtin(), services, MEDICARE).total();
    assert_eq!(price(&services), dollars(5000, 5000));
    assert_eq!(price(&with_units(&services, &[(0, -1)])), dollars(2500, 2500));
    let lost = day_difference(&Reference::builtin(), &services, &[(0, -1)], MEDICARE);
    assert_eq!(lost, Some(dollars(2500, 2500)));
}

#[test]
fn claims_of_a_day_are_allowed_their_lines() {
    let price = price_day(&Reference::builtin(), &day(&["97124 1", "97140 1", "97039 1"]), MEDICARE);
    assert_eq!(claim_allowed(&price, &[1, 2]), dollars(2070, 2717));
    assert_eq!(claim_allowed(&price, &[2]), Dollars::default());
    assert_eq!(claim_allowed(&price, &[0, 1, 2, 9]), dollars(5046, 5693));
}

/// Scenarios 1, 3, 6, 8 (over-billed) and 4, 5, 7, 8 (under-billed): one code alone on its day.
#[test]
fn one_code_billed_above_or_below_its_minutes() {
    for (billed, claim, net, gross) in [
        ("97124 1", over(0, 1), 2976, 2976),
        ("97124 2", over(0, 1), 2070, 2976),
        ("97124 1", under(0, 1), 2070, 2976),
        ("97124 3", over(0, 1), 2070, 2976),
        ("97124 2", under(0, 1), 2070, 2976),
        ("97124 4", over(0, 1), 2070, 2976),
        ("97124 3", under(0, 1), 2070, 2976),
    ] {
        let ledger = settle(&[billed], MEDICARE, std::slice::from_ref(&claim));
        assert_eq!(ledger.claimed[0].dollars, Some(dollars(net, gross)), "{billed} {claim:?}");
        assert!(ledger.claimed[0].counted);
        let column = if claim.class == MoneyClass::Recoupment { ledger.recoupment } else { ledger.unbilled };
        assert_eq!(column, dollars(net, gross));
        assert_eq!(ledger.at_risk, Dollars::default());
    }
}

/// Scenario 9: the excess unit is part of the line that the MUE denies whole.
#[test]
fn a_unit_above_the_minutes_is_counted_in_the_line_above_the_mue() {
    let ledger = settle(&["97124 5"], MEDICARE, &[over(0, 1), denial_of_line(0)]);
    assert_eq!(ledger.at_risk, dollars(11_256, 14_880));
    assert_eq!(ledger.recoupment, Dollars::default());
    assert_eq!(ledger.claimed[0].dollars, Some(dollars(2070, 2976)));
    assert_eq!([ledger.claimed[0].counted, ledger.claimed[1].counted], [false, true]);
}

/// Scenarios 11, 12 and 14: several codes, the smallest change.
#[test]
fn several_codes_above_or_below_the_minutes_of_the_day() {
    for (lines, claim, net, gross) in [
        (&["97112 2", "97110 2"][..], over(1, 1), 2183, 2879),
        (&["97112 1", "97110 1"], under(1, 1), 2183, 2879),
        (&["97112 1", "97110 1"], under(0, 1), 2426, 3202),
        (&["97110 1", "97140 1", "97116 1", "97035 1"], over(3, 1), 1051, 1391),
    ] {
        let ledger = settle(lines, MEDICARE, &[claim]);
        assert_eq!(ledger.claimed[0].dollars, Some(dollars(net, gross)), "{lines:?}");
    }
}

/// Scenario 13: the record holds a code that the claim does not bill.
#[test]
fn a_wrong_allocation_is_worth_its_difference() {
    let lines = &["97110 3", "97140 0"];
    let moved = units(MoneyClass::Recoupment, Amount::Difference, &[(0, -1), (1, 1)]);
    let ledger = settle(lines, MEDICARE, std::slice::from_ref(&moved));
    assert_eq!(ledger.claimed[0].dollars, Some(dollars(113, 162)));
    assert_eq!((ledger.claimed[0].class, ledger.claimed[0].counted), (MoneyClass::Recoupment, true));
    assert_eq!(ledger.recoupment, dollars(113, 162));
    let excess = over(0, 1);
    assert_eq!(settle(lines, MEDICARE, std::slice::from_ref(&excess)).recoupment, dollars(2183, 2879));
    assert_eq!(settle(lines, COMMERCIAL, &[excess]).recoupment, dollars(2879, 2879));

    // The other way about it is revenue that was not billed.
    let ledger = settle(
        &["97110 2", "97140 1"],
        MEDICARE,
        &[units(MoneyClass::Recoupment, Amount::Difference, &[(0, 1), (1, -1)])],
    );
    assert_eq!(ledger.claimed[0].dollars, Some(dollars(113, 162)));
    assert_eq!((ledger.claimed[0].class, ledger.claimed[0].counted), (MoneyClass::LostRevenue, true));
    assert_eq!((ledger.unbilled, ledger.recoupment), (dollars(113, 162), Dollars::default()));

    // If the line is denied whole, there is nothing left to move.
    let ledger = settle(lines, MEDICARE, &[moved, denial_of_line(0)]);
    assert_eq!(ledger.at_risk, dollars(7245, 8637));
    assert_eq!(ledger.recoupment, Dollars::default());
    assert!(!ledger.claimed[0].counted);
}

/// Scenarios 15, 16, 19 and 21: a code pair denies its column 2 code.
#[test]
fn the_column_2_code_of_a_pair() {
    for (lines, denied, basis, net, gross) in [
        (&["97124 2", "97140 1"][..], 0, MEDICARE, 4399, 5952),
        (&["97124 1", "97140 1"], 0, MEDICARE, 2329, 2976),
        (&["97124 1", "97140 1"], 0, COMMERCIAL, 2976, 2976),
        (&["97012 1", "97140 1"], 1, MEDICARE, 2426, 2717),
        (&["97124 1", "97140 1", "97110 1"], 0, MEDICARE, 2280, 2976),
    ] {
        let ledger = settle(lines, basis, &[denial_without(denied)]);
        assert_eq!(ledger.claimed[0].dollars, Some(dollars(net, gross)), "{lines:?}");
        assert_eq!(ledger.at_risk, dollars(net, gross), "{lines:?}");
        assert_eq!(ledger.lines[denied].at_risk, dollars(net, gross));
    }
}

/// Scenario 25: three reasons to deny one line.
#[test]
fn one_line_denied_for_three_reasons_is_lost_once() {
    let ledger = settle(&["97124 1"], MEDICARE, &[denial_of_line(0), denial_of_line(0), denial_of_line(0)]);
    assert!(ledger.claimed.iter().all(|claimed| claimed.dollars == Some(dollars(2976, 2976))));
    assert_eq!(
        ledger.claimed.iter().map(|claimed| claimed.counted).collect::<Vec<_>>(),
        [true, false, false]
    );
    assert_eq!(ledger.at_risk, dollars(2976, 2976));
}

#[test]
fn two_pairs_that_deny_two_lines_are_repriced_together() {
    // 97124 and 97110 gone leaves 97140 in full: 72.29 − 27.17. 97110 ranks lower and goes first.
    let ledger =
        settle(&["97124 1", "97140 1", "97110 1"], MEDICARE, &[denial_without(0), denial_without(2)]);
    assert_eq!(ledger.at_risk, dollars(7229 - 2717, 8572 - 2717));
    assert_eq!(ledger.lines[2].at_risk, dollars(2183, 2879));
    assert_eq!(ledger.lines[0].at_risk, dollars(2329, 2976));
    // Alone, 97124 would leave 97110 at the top.
    assert_eq!(ledger.claimed[0].dollars, Some(dollars(2280, 2976)));
    assert!(ledger.claimed[0].counted && ledger.claimed[1].counted);
}

#[test]
fn a_line_denied_whole_counts_what_it_is_paid_beside_one_that_is_repriced() {
    let ledger = settle(&["97124 1", "97140 1"], MEDICARE, &[denial_without(0), denial_of_line(0)]);
    assert_eq!(ledger.at_risk, dollars(2976, 2976), "the whole line counts, not the day repriced");
    assert_eq!([ledger.claimed[0].counted, ledger.claimed[1].counted], [false, true]);
    let ledger = settle(&["97124 1", "97140 1"], MEDICARE, &[denial_of_line(0), denial_without(1)]);
    assert_eq!(ledger.at_risk, dollars(5046, 5693), "no more than the day");
}

#[test]
fn recoupment_takes_what_denial_leaves() {
    // Denial takes the second unit; recoupment wants the whole line and gets the first.
    let second = units(MoneyClass::Denial, Amount::ExcessUnits, &[(0, -1)]);
    let line =
        Claimed { class: MoneyClass::Recoupment, amount: Amount::LineAllowed, takes: Taken::Lines(vec![0]) };
    let ledger = settle(&["97124 2"], MEDICARE, &[line, second.clone()]);
    assert_eq!((ledger.at_risk, ledger.recoupment), (dollars(2070, 2976), dollars(2976, 2976)));
    assert!(ledger.claimed.iter().all(|claimed| claimed.counted));
    // The same last unit twice: the denial has it.
    let ledger = settle(&["97124 2"], MEDICARE, &[over(0, 1), second.clone()]);
    assert_eq!((ledger.at_risk, ledger.recoupment), (dollars(2070, 2976), Dollars::default()));
    assert_eq!([ledger.claimed[0].counted, ledger.claimed[1].counted], [false, true]);
    // Two units against one: the other is left for recoupment.
    let ledger = settle(&["97124 2"], MEDICARE, &[over(0, 2), second]);
    assert_eq!((ledger.at_risk, ledger.recoupment), (dollars(2070, 2976), dollars(2976, 2976)));
}

#[test]
fn what_is_not_billed_is_never_set_off() {
    let ledger =
        settle(&["97124 1", "97110 2"], MEDICARE, &[under(0, 1), under(0, 1), over(1, 1), denial_of_line(0)]);
    assert_eq!(ledger.unbilled, dollars(2070, 2976), "the same missing unit once");
    assert_eq!(ledger.recoupment, dollars(2183, 2879));
    assert_eq!(ledger.at_risk, dollars(2976, 2976));
    assert_eq!(
        ledger.claimed.iter().map(|claimed| claimed.counted).collect::<Vec<_>>(),
        [true, false, true, true]
    );
}

#[test]
fn rejections_and_findings_without_dollars_take_nothing_from_a_day() {
    let claims = [
        Claimed { class: MoneyClass::Rejection, amount: Amount::ClaimAllowed, takes: Taken::Lines(vec![0]) },
        Claimed { class: MoneyClass::None, amount: Amount::LineAllowed, takes: Taken::Lines(vec![0]) },
        Claimed { class: MoneyClass::Denial, amount: Amount::LineAllowed, takes: Taken::Lines(vec![]) },
        Claimed { class: MoneyClass::Denial, amount: Amount::LineAllowed, takes: Taken::Lines(vec![7]) },
    ];
    let ledger = settle(&["97124 1"], MEDICARE, &claims);
    assert!(ledger.claimed.iter().all(|claimed| claimed.dollars.is_none() && !claimed.counted));
    assert_eq!(ledger.at_risk, Dollars::default());
}
