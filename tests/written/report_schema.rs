//! The JSON Schema of reports holds for real ones.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

use crate::support::{check, fixture};
use cleanclaim::finding::Run;
use cleanclaim::report::{Redaction, json};
use serde_json::Value;

const INPUTS: [&[&str]; 8] = [
    &["clinic-day.837"],
    &["clinic-day.jsonl"],
    &["clean.837"],
    &["visits.jsonl", "money-day.jsonl"],
    &["split-day-morning.837", "split-day-afternoon.837"],
    &["broken/wrong-counts.837", "broken/remittance.835"],
    &["broken/unreadable-values.837"],
    &["facts/course.jsonl"],
];

fn report(run: &Run, redaction: Redaction) -> Value {
    let mut out = Vec::new();
    json::render(run, redaction, &mut out).expect("a vector takes everything");
    serde_json::from_slice(&out).expect("JSON")
}

fn schema() -> Value {
    serde_json::to_value(json::report_schema()).expect("JSON")
}

#[test]
fn real_reports_hold_to_it() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let mut findings = 0;
    for names in INPUTS {
        let texts: Vec<(&str, String)> = names.iter().map(|name| (*name, fixture(name))).collect();
        let inputs: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let run = check(&inputs);
        for redaction in [Redaction::Default, Redaction::Full] {
            let report = report(&run, redaction);
            let wrong: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
            assert!(wrong.is_empty(), "{names:?}: {}", wrong.join("\n"));
            findings += report["findings"].as_array().map_or(0, Vec::len);
        }
    }
    assert!(findings > 40, "{findings} findings were looked at");
}

#[test]
fn what_is_missing_or_of_another_type_does_not() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let whole = report(&check(&[("clinic-day.837", &fixture("clinic-day.837"))]), Redaction::Default);
    assert!(validator.is_valid(&whole));
    for path in
        ["/summary/claims", "/findings/0/code", "/findings/0/impact/net_cents", "/claims/0/lines/0/units"]
    {
        let (parent, field) = path.rsplit_once('/').expect("a parent");
        let mut without = whole.clone();
        let fields = without.pointer_mut(parent).and_then(Value::as_object_mut).expect(path);
        assert!(fields.remove(field).is_some(), "{path}");
        assert!(!validator.is_valid(&without), "{path} may be missing");
        let mut other = whole.clone();
        *other.pointer_mut(path).expect(path) = Value::Array(Vec::new());
        assert!(!validator.is_valid(&other), "{path} may be an array");
    }
}
