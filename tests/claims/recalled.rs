//! What is remembered of lines before must never hide what is wrong with another, nor tell again what was wrong with one.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

use crate::support::{Request, json_lines, line};
use cleanclaim::claim::Date;
use cleanclaim::engine;
use cleanclaim::finding::Run;
use cleanclaim::reference::Reference;
use cleanclaim::rules::{RuleFile, RuleSet};
use cleanclaim::source::Named;
use serde_json::{Value, json};

const AS_OF: Date = Date::constant(2025, 4, 2);

/// A fact of native JSON, a value, another one, and the test that only the other one passes.
fn differences() -> Vec<(&'static str, Value, Value, &'static str)> {
    let code = |fact, one: &str, other: &str, test| (fact, json!(one), json!(other), test);
    vec![
        code("line.procedure_code", "97110", "97112", "{is: 97112}"),
        ("line.modifiers", json!(["GP"]), json!(["GP", "KX"]), "{is: KX}"),
        ("line.units", json!(1), json!(2), "{above: 1}"),
        ("line.charge_amount", json!("60.00"), json!("61.00"), "{above: 60.50}"),
        ("line.minutes", json!(15), json!(16), "{above: 15}"),
        ("line.assistant_minutes", json!(1), json!(2), "{above: 1}"),
        ("line.start", json!("09:00"), json!("09:01"), "{from: 09:01}"),
        ("line.end", json!("09:20"), json!("09:21"), "{from: 09:21}"),
        code("line.place_of_service", "11", "12", "{is: 12}"),
        code("line.region", "neck", "knee", "{is: knee}"),
        code("line.laterality", "left", "right", "{is: right}"),
        ("line.visit", json!(1), json!(2), "{above: 1}"),
        code("line.note", "massage to neck", "massage to knee", "{matches: \".*knee\"}"),
        ("claim.diagnosis_codes", json!(["M54.50"]), json!(["M54.2"]), "{is: M542}"),
        ("line.diagnosis_pointers", json!([1]), json!([2]), "{is: 2}"),
        code("line.service_date", "2025-03-03", "2025-03-04", "{from: 2025-03-04}"),
        code("claim.billing_npi", "1000000004", "1000000012", "{is: 1000000012}"),
        code("claim.billing_taxonomy", "261QP2000X", "225100000X", "{is: 225100000X}"),
        code("line.rendering_npi", "1000000004", "1000000012", "{is: 1000000012}"),
        code("line.rendering_taxonomy", "225100000X", "225200000X", "{is: 225200000X}"),
        code("line.supervising_npi", "1000000004", "1000000012", "{is: 1000000012}"),
        code("line.referring_npi", "1000000004", "1000000012", "{is: 1000000012}"),
        code("line.ordering_npi", "1000000004", "1000000012", "{is: 1000000012}"),
        code("line.state", "AL", "TN", "{is: TN}"),
        code("line.zip", "35203", "37011", "{is: 37011}"),
        code("claim.payer_id", "99901", "99902", "{is: 99902}"),
        code("claim.claim_filing_indicator", "CI", "BL", "{is: BL}"),
        code("claim.payer_responsibility", "P", "S", "{is: S}"),
        code("claim.insurance_type", "12", "13", "{is: 13}"),
        code("claim.subscriber_relationship", "18", "01", "{is: \"01\"}"),
        code("line.prior_authorization", "A1", "A2", "{is: A2}"),
        code("line.referral_number", "A1", "A2", "{is: A2}"),
        code("line.initial_treatment_date", "2025-03-01", "2025-03-02", "{from: 2025-03-02}"),
        code("claim.onset_date", "2025-03-01", "2025-03-02", "{from: 2025-03-02}"),
        code("claim.claim_frequency", "1", "7", "{is: 7}"),
        code("claim.patient_id", "P1", "P2", "{is: P2}"),
        code("claim.member_id", "M1", "M2", "{is: M2}"),
        code("line.line_control_number", "L1", "L2", "{is: L2}"),
    ]
}

fn rules(fact: &str, test: &str) -> RuleSet {
    // Beside a test of a fact of the line, so that the rule is one over lines whatever the fact is.
    let text = format!(
        "- {{code: Z1, name: own, severity: error, summary: S, check: forbid, message: M, help: H, \
         when: {{all: [{{line.procedure_code: {{present: true}}}}, {{{fact}: {test}}}]}}}}\n"
    );
    let file = RuleFile { name: "own.yaml".to_owned(), text: text.clone().into() };
    RuleSet::of(&[file]).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

fn checked(rules: RuleSet, lines: &[Value]) -> Run {
    let request = Request::new(rules, Reference::builtin(), AS_OF);
    engine::check(&request, &[Named::memory("day.jsonl", json_lines(lines).as_bytes())])
}

#[test]
fn a_line_that_differs_in_one_fact_is_asked_anew() {
    for (fact, one, other, test) in differences() {
        let name = fact.split_once('.').expect("a level").1;
        let claim = |id: usize, value: &Value| {
            let mut facts = json!({
                "claim_id": format!("C{id}"), "procedure_code": "97110", "diagnosis_codes": ["M54.50", "M54.2"],
            });
            facts[name] = value.clone();
            line(facts)
        };
        let values = [&one, &one, &other, &one, &other, &other, &one];
        let lines: Vec<Value> = values.iter().enumerate().map(|(id, value)| claim(id, value)).collect();
        let run = checked(rules(fact, test), &lines);
        let found: Vec<u32> = run.findings.iter().map(|finding| finding.claim).collect();
        assert_eq!(found, [3, 5, 6], "{fact}");
    }
}
