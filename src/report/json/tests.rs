use super::*;
use crate::finding::Run;
use crate::report::sample;
use insta::assert_snapshot;
use serde_json::Value;

fn rendered(run: &Run, redaction: Redaction) -> String {
    let mut out = Vec::new();
    render(run, redaction, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("JSON is UTF-8")
}

#[test]
fn the_contract() {
    let text = rendered(&sample::busy_day(), Redaction::Default);
    let value: Value = serde_json::from_str(&text).expect("valid JSON");
    assert_eq!(value["schema"], "cleanclaim/1");
    assert_eq!(value["findings"][0]["impact"]["net_cents"], 2070);
    assert_eq!(value["findings"][0]["claim"]["ref"], Value::Null);
    assert_eq!(value["claims"][0]["lines"][0]["units"], 2);
    assert_snapshot!(text);
}

#[test]
fn a_place_in_json_is_a_line_and_a_pointer() {
    let text = rendered(&sample::run(vec![sample::json_place()]), Redaction::Default);
    let value: Value = serde_json::from_str(&text).expect("valid JSON");
    let place = &value["findings"][0]["place"];
    assert_eq!((place["line"].as_u64(), place["pointer"].as_str()), (Some(12), Some("/units")));
    assert_eq!(place.get("segment"), None);
    assert_eq!(value["findings"][0]["transaction"], Value::Null);
}

#[test]
fn what_does_not_exist_is_null() {
    let text = rendered(&sample::run(vec![sample::unpriced(), sample::info()]), Redaction::Default);
    let value: Value = serde_json::from_str(&text).expect("valid JSON");
    let impact = &value["findings"][0]["impact"];
    assert_eq!((&impact["net_cents"], &impact["unpriced"]), (&Value::Null, &Value::Bool(true)));
    assert_eq!(value["findings"][1]["line"], Value::Null);
    assert_eq!(claim::number("1.5").map(|n| n.to_string()).as_deref(), Some("1.5"));
    assert_eq!((claim::number("two"), claim::number("inf"), claim::number("")), (None, None, None));
}

#[test]
fn full_redaction() {
    let mut run = sample::run(vec![sample::personal()]);
    run.flagged = vec![sample::claim_three()];
    let text = rendered(&run, Redaction::Full);
    for secret in ["ROWAN", "HAZEL", "1EG4TE5MK73", "MAPLE", "2025-03-03", "20250303"] {
        assert!(!text.contains(secret), "{secret} in\n{text}");
    }
    assert!(text.contains("\"claim\":{\"ordinal\":3,\"id\":null,\"ref\":null}"), "{text}");
}

#[test]
fn an_empty_run_is_still_a_document() {
    let text = rendered(&Run::default(), Redaction::Default);
    let value: Value = serde_json::from_str(&text).expect("valid JSON");
    assert_eq!(value["findings"], Value::Array(vec![]));
}

#[test]
fn what_holds_the_dollars_says_whether_the_baseline_knows_it() {
    for is_known in [false, true] {
        let mut finding = sample::warning();
        finding.counted_in.iter_mut().for_each(|holder| holder.is_known = is_known);
        let text = rendered(&sample::run(vec![finding]), Redaction::Default);
        let value: Value = serde_json::from_str(&text).expect("valid JSON");
        assert_eq!(value["findings"][0]["impact"]["counted_in"]["known"], is_known);
    }
}
