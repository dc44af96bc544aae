//! Whose rates a run is priced at: locality, contract, participation, net cash, the year of the schedule.

#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use crate::support::{found, inputs, json_lines, line, request};
use cleanclaim::engine::{self, Request};
use cleanclaim::finding::Run;
use cleanclaim::pricing::{Localities, Terms};
use cleanclaim::reference::Reference;
use cleanclaim::side;
use serde_json::{Value, json};

/// Seven minutes, one unit of massage: what is found is worth the whole unit (T01).
fn seven_minutes(more: Value) -> Value {
    let mut facts = json!({"procedure_code": "97124", "minutes": 7, "units": 1, "modifiers": ["GP"]});
    if let (Value::Object(facts), Value::Object(more)) = (&mut facts, more) {
        facts.extend(more);
    }
    line(facts)
}

fn checked(terms: Terms, lines: &[Value]) -> Run {
    let as_of = "2027-02-01".parse().expect("a date");
    engine::check(&Request { terms, ..request(as_of) }, &inputs(&[("prices.jsonl", &json_lines(lines))]))
}

/// The dollars of the only T01.
#[track_caller]
fn worth(run: &Run) -> (Option<i64>, Option<i64>) {
    let found: Vec<_> = found(run).into_iter().filter(|(code, ..)| code == "T01").collect();
    assert_eq!(found.len(), 1, "{found:?}");
    (found[0].2, found[0].3)
}

fn dollars(net: i64, gross: i64) -> (Option<i64>, Option<i64>) {
    (Some(net), Some(gross))
}

#[test]
fn one_locality_for_all() {
    let manhattan = Reference::builtin().locality("13202-01").expect("Manhattan");
    let run = checked(
        Terms { localities: Localities::One(manhattan), ..Terms::default() },
        &[seven_minutes(json!({}))],
    );
    assert_eq!(worth(&run), dollars(3371, 3371));
    assert_eq!(run.rates.localities, ["MANHATTAN"]);
}

#[test]
fn the_locality_of_the_zip_code() {
    let by_zip = || Terms { localities: Localities::ByZip, ..Terms::default() };
    let run = checked(by_zip(), &[seven_minutes(json!({"zip": "35004-1234", "state": "AL"}))]);
    assert_eq!(worth(&run), dollars(2725, 2725));
    assert_eq!(run.rates.localities, ["ALABAMA"]);
    assert!(run.tables.iter().any(|table| table.name == "gpci" && table.used));
    let run = checked(by_zip(), &[seven_minutes(json!({"zip": "00000"}))]);
    assert_eq!(worth(&run), dollars(2976, 2976));
    assert_eq!(
        run.notes,
        ["1 line priced at national rates: the ZIP code is missing, unknown, or lies in several localities"]
    );
    let run = checked(Terms::default(), &[seven_minutes(json!({"zip": "35004"}))]);
    assert_eq!(worth(&run), dollars(2976, 2976), "nobody asked for the ZIP code's rates");
}

#[test]
fn a_contract_replaces_medicare_for_the_payer_it_names() {
    let rows = "payer,procedure_code,amount\n60054,97124,41.50\nauto,97124,50.00\n";
    let contracts = || side::contract_fees("fees.csv", rows.as_bytes()).expect("a schedule");
    let terms = || Terms { contracts: contracts(), ..Terms::default() };
    let at = |payer_id: &str, code: &str| {
        let more = json!({"claim_filing_indicator": "CI", "payer_id": payer_id, "procedure_code": code});
        checked(terms(), &[seven_minutes(more)])
    };
    let run = at("60054", "97124");
    assert_eq!(worth(&run), dollars(4150, 4150));
    assert_eq!((run.rates.contracts.clone(), run.rates.stand_in.clone()), (vec!["60054".to_owned()], vec![]));
    assert!(run.flagged.iter().all(|claim| !claim.medicare_rates_stand_in));
    assert_eq!(run.notes, ["no claim goes to the payer `auto` that has a fee schedule of its own"]);
    let elsewhere = at("00001", "97124");
    assert_eq!(worth(&elsewhere), dollars(2976, 2976));
    assert_eq!(elsewhere.rates.stand_in, ["commercial"]);
    assert_eq!(worth(&at("60054", "97140")), (None, None), "what the contract lacks has no price");
}

#[test]
fn the_lower_schedule_and_net_cash_are_medicares() {
    let lower = || Terms { nonparticipating: true, ..Terms::default() };
    let cash = || Terms { net_cash: true, ..Terms::default() };
    let medicare = || [seven_minutes(json!({}))];
    let commercial = || [seven_minutes(json!({"claim_filing_indicator": "CI"}))];
    assert_eq!(worth(&checked(lower(), &medicare())), dollars(2827, 2976));
    assert_eq!(worth(&checked(cash(), &medicare())), dollars(2928, 2976));
    let run = checked(Terms { net_cash: true, ..lower() }, &commercial());
    assert_eq!(worth(&run), dollars(2976, 2976));
    assert!(!run.rates.net_cash && !run.rates.nonparticipating);
}

#[test]
fn an_assistants_service_is_paid_less_by_medicare() {
    let cq = |more: Value| {
        let mut facts = seven_minutes(more);
        facts["modifiers"] = json!(["GP", "CQ"]);
        worth(&checked(Terms::default(), &[facts]))
    };
    assert_eq!(cq(json!({})), dollars(2619, 2976));
    assert_eq!(cq(json!({"claim_filing_indicator": "CI"})), dollars(2976, 2976));
}

#[test]
fn a_year_without_a_schedule_is_never_silently_another() {
    let late = || [seven_minutes(json!({"service_date": "2027-01-15"}))];
    let run = checked(Terms::default(), &late());
    assert_eq!(worth(&run), (None, None));
    assert_eq!(run.notes, ["no 2027 fee schedule is loaded: 1 line is unpriced"]);
    let carried = checked(Terms { carry_forward: true, ..Terms::default() }, &late());
    assert_eq!(worth(&carried), dollars(2973, 2973));
    assert_eq!(carried.notes, ["no 2027 fee schedule is loaded; 1 line priced at 2026"]);
    assert!(carried.tables.iter().any(|table| table.release == "RVU26A" && table.used));
    let early = seven_minutes(json!({"service_date": "2024-12-31"}));
    let run = checked(Terms { carry_forward: true, ..Terms::default() }, &[early]);
    assert_eq!(worth(&run), (None, None), "later figures say nothing about an earlier year");
}

#[test]
fn a_profile_names_its_locality() {
    let yaml = "profiles:\n  - name: medicare\n    locality: 10112-00\n";
    let run =
        crate::support::check_with_rules(yaml, &[("prices.jsonl", &json_lines(&[seven_minutes(json!({}))]))]);
    assert_eq!(worth(&run), dollars(2725, 2725));
}
