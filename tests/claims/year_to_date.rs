//! A patient's calendar year: the threshold above which Medicare asks for KX.

#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use crate::support::{found, inputs, json_lines, line, request};
use cleanclaim::engine::{self, Request};
use cleanclaim::finding::Run;
use cleanclaim::side;
use serde_json::{Value, json};

fn checked(ytd: &str, files: &[(&str, &str)]) -> Run {
    let text = format!("patient_id,year,group,allowed\n{ytd}");
    let year_to_date = side::year_to_date("ytd.csv", text.as_bytes()).expect("sums");
    let as_of = "2026-03-03".parse().expect("a date");
    engine::check(&Request { year_to_date, ..request(as_of) }, &inputs(files))
}

fn massage(more: Value) -> Value {
    let mut facts = json!({"procedure_code": "97124", "minutes": 15, "units": 1, "patient_id": "P-1"});
    if let (Value::Object(facts), Value::Object(more)) = (&mut facts, more) {
        facts.extend(more);
    }
    line(facts)
}

fn thresholds(run: &Run) -> Vec<(String, Option<i64>, Option<i64>)> {
    let found = found(run).into_iter().filter(|(code, ..)| code == "M03");
    found.map(|(_, severity, net, gross)| (severity, net, gross)).collect()
}

/// Scenario 26 of the domain specification.
#[test]
fn s26_the_line_that_crosses_the_threshold() {
    let run = checked("P-1,2025,PT+SLP,2400.00\n", &[("a.jsonl", &json_lines(&[massage(json!({}))]))]);
    assert_eq!(thresholds(&run), [("error".to_owned(), Some(2976), Some(2976))]);
    assert_eq!(run.columns.at_risk.net.0, 2976);
    let message = &run.findings[0].message;
    assert_eq!(
        message,
        "$2,429.76 is allowed in 2025 for physical therapy and speech-language pathology, $2,400.00 of it before \
         this run; the threshold is $2,410.00 and the line bears no KX"
    );
    let in_2026 = massage(json!({"service_date": "2026-03-02"}));
    let run = checked("P-1,2026,PT+SLP,2400.00\n", &[("a.jsonl", &json_lines(&[in_2026]))]);
    assert_eq!(thresholds(&run), []);
    assert_eq!(run.clean_claims, 1);
}

#[test]
fn another_patient_year_or_group_does_not_count() {
    let of = |ytd: &str| thresholds(&checked(ytd, &[("a.jsonl", &json_lines(&[massage(json!({}))]))])).len();
    assert_eq!(of("P-1,2025,PT+SLP,2400.00\n"), 1);
    assert_eq!(of("P-2,2025,PT+SLP,2400.00\n"), 0);
    assert_eq!(of("P-1,2024,PT+SLP,2400.00\n"), 0);
    assert_eq!(of("P-1,2025,OT,2400.00\n"), 0);
}

#[test]
fn with_kx_all_is_well_and_far_below_it_is_remarked_on() {
    let kx = || json_lines(&[massage(json!({"modifiers": ["GP", "KX"]}))]);
    assert_eq!(thresholds(&checked("P-1,2025,PT+SLP,2400.00\n", &[("a.jsonl", &kx())])), []);
    let run = checked("P-1,2025,PT+SLP,0.00\n", &[("a.jsonl", &kx())]);
    assert_eq!(thresholds(&run), [("info".to_owned(), None, None)]);
    assert_eq!(run.clean_claims, 1);
}

/// Two files, the later day first, and the first file again: a service billed twice counts once.
#[test]
fn the_year_is_put_together_from_all_files() {
    let day = |date: &str, id: &str| json_lines(&[massage(json!({"service_date": date, "claim_id": id}))]);
    let (march, april) = (day("2025-03-03", "A"), day("2025-04-07", "B"));
    let files = [("april.jsonl", april.as_str()), ("march.jsonl", &march), ("again.jsonl", &march)];
    // 2,410.00 less two services of 29.76, and with the third a cent above.
    assert_eq!(thresholds(&checked("P-1,2025,PT+SLP,2350.48\n", &files)), []);
    let run = checked("P-1,2025,PT+SLP,2350.49\n", &files);
    assert_eq!(thresholds(&run).len(), 1);
    let at = run.findings.iter().find(|finding| finding.code == "M03").expect("found");
    assert_eq!((at.file, at.about.date.as_str()), (0, "2025-04-07"), "the later day crosses");
}

/// On a day of several claims the finding survives what is rebuilt of the day, and a dollar is counted once.
#[test]
fn a_day_of_several_claims() {
    let lines =
        [massage(json!({"claim_id": "A"})), massage(json!({"claim_id": "B", "procedure_code": "97110"}))];
    let run = checked("P-1,2025,PT+SLP,2409.00\n", &[("a.jsonl", &json_lines(&lines))]);
    assert_eq!(
        thresholds(&run),
        [("error".to_owned(), Some(2976), Some(2976)), ("error".to_owned(), Some(2183), Some(2879))]
    );
    assert_eq!(run.columns.at_risk.net.0, 2976 + 2183);
}

/// The member id of an 837P names the patient too.
#[test]
fn an_837_with_a_file_beside_it() {
    let clean = crate::support::fixture("clean.837");
    let member = clean
        .split('~')
        .find_map(|segment| segment.trim().strip_prefix("NM1*IL*")?.split('*').nth(7).map(str::to_owned))
        .expect("a member id");
    let run = checked(&format!("{member},2025,PT+SLP,5000\n"), &[("clean.837", &clean)]);
    assert!(!thresholds(&run).is_empty());
    let run = checked("NOBODY,2025,PT+SLP,5000\n", &[("clean.837", &clean)]);
    assert_eq!(thresholds(&run), []);
    assert!(
        run.notes.iter().any(|note| note.contains("1 patient of the year-to-date file")),
        "{:?}",
        run.notes
    );
}
