//! The committed fixtures: what must be found in them, to the cent, in both forms.
//!
//! The tables of findings were worked out by hand from the fee schedule before they were committed. Run with
//! `CLEANCLAIM_BLESS=1` to write them anew, then work out every line that changes.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use crate::support::native::native_lines;
use crate::support::{Told, check, compare_or_bless, findings_table, fixture, told};
use cleanclaim::finding::Run;

fn run(name: &str, text: &str) -> Run {
    check(&[(name, text)])
}

/// Findings about claims. What is wrong with a form belongs to that form.
fn about_claims(run: &Run) -> Vec<Told> {
    told(run).into_iter().filter(|told| !told.code.starts_with(['X', 'J'])).collect()
}

#[track_caller]
fn twins(x12: &str, json: &str) {
    let text = fixture(x12);
    let native = native_lines(&text);
    compare_or_bless(&format!("fixtures/{json}"), &native);
    let (of_x12, of_json) = (run(x12, &text), run(json, &native));
    assert_eq!(about_claims(&of_x12), about_claims(&of_json));
    assert_eq!(of_x12.columns, of_json.columns);
    assert_eq!(of_x12.not_evaluated, of_json.not_evaluated);
    assert_eq!(
        (of_x12.claims, of_x12.lines, of_x12.clean_claims),
        (of_json.claims, of_json.lines, of_json.clean_claims)
    );
    assert!(of_json.notes.is_empty(), "{:?}", of_json.notes);
}

#[test]
fn the_clinic_day_and_its_twin() {
    twins("clinic-day.837", "clinic-day.jsonl");
}

#[test]
fn the_clean_file_and_its_twin() {
    twins("clean.837", "clean.jsonl");
    for name in ["clean.837", "clean.jsonl"] {
        let run = run(name, &fixture(name));
        assert_eq!((run.findings.len(), run.clean_claims), (0, run.claims), "{name}: {:#?}", run.findings);
    }
}

#[test]
fn the_findings_of_the_clinic_day() {
    let run = run("clinic-day.837", &fixture("clinic-day.837"));
    compare_or_bless("fixtures/clinic-day.expected.tsv", &findings_table(&run));
    let columns = run.columns;
    let cents = [columns.at_risk, columns.recoupment, columns.delayed, columns.unbilled]
        .map(|dollars| (dollars.net.0, dollars.gross.0));
    assert_eq!(cents, [(24_422, 26_557), (5_046, 5_952), (0, 0), (2_183, 3_138)]);
}

/// Start and end of treatment: overlaps, intervals shorter than the minutes, and neighbours that are right.
#[test]
fn the_findings_of_treatment_times() {
    let run = run("treatment-times.jsonl", &fixture("treatment-times.jsonl"));
    compare_or_bless("fixtures/treatment-times.expected.tsv", &findings_table(&run));
    // Touching intervals, one window for the whole visit, a supervised modality beside exercise.
    for clean in ["TT-1", "TT-2", "TT-3"] {
        assert!(run.findings.iter().all(|finding| finding.claim_id != clean), "{clean}: {:#?}", run.findings);
    }
    // The overlap of TT-6 and TT-7 is said once, at the service that would not be paid.
    assert_eq!(run.clean_claims, 4);
}
