//! Why a line has no price is said of the line itself.

#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use crate::support::{check, inputs, json_lines, line, request};
use cleanclaim::claim::Date;
use cleanclaim::engine::{self, Request};
use cleanclaim::finding::{Run, Unpriced};
use cleanclaim::pricing::ContractFees;
use cleanclaim::side;
use serde_json::{Value, json};

fn reasons(run: &Run) -> Vec<Unpriced> {
    let lines = run.flagged.iter().flat_map(|claim| &claim.lines);
    lines.filter(|line| line.net.is_none()).map(|line| line.unpriced).collect()
}

fn one(facts: Value) -> Value {
    // A total that is not that of its lines: such a claim is flagged whatever it bills.
    let mut all = json!({"procedure_code": "97110", "minutes": 15, "claim_charge_amount": "1.00"});
    all.as_object_mut().expect("an object").extend(facts.as_object().cloned().expect("an object"));
    line(all)
}

#[test]
fn the_reason_is_the_line_s_own() {
    for (facts, expected) in [
        (json!({}), vec![]),
        (json!({"modifiers": ["GP", "52"]}), vec![Unpriced::Modifier]),
        (json!({"procedure_code": "97139"}), vec![Unpriced::NoFee]),
        (json!({"service_date": "2019-03-04"}), vec![Unpriced::NoSchedule]),
        (json!({"units": 1.5}), vec![Unpriced::Units]),
        (json!({"claim_frequency": "8", "payer_control_number": "ICN1"}), vec![Unpriced::NotLookedUp]),
    ] {
        let run = check(&[("day.jsonl", &json_lines(&[one(facts.clone())]))]);
        assert_eq!(reasons(&run), expected, "{facts}");
    }
}

#[test]
fn a_payer_s_own_schedule_that_lacks_the_code() {
    let fees = "payer,procedure_code,modifier,amount,reduced_amount,effective_from,effective_to\nmedicare,97112,,30.00,,,\n";
    let contracts: ContractFees = side::contract_fees("fees.csv", fees.as_bytes()).expect("fees");
    let mut request = Request { ..request(Date::constant(2025, 4, 2)) };
    request.terms.contracts = contracts;
    let run = engine::check(&request, &inputs(&[("day.jsonl", &json_lines(&[one(json!({}))]))]));
    assert_eq!(reasons(&run), [Unpriced::NotInContract]);
}
