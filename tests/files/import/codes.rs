//! Rules that ask imported lists: diagnoses of a new year (D04, D05), taxonomies, procedure codes and modifiers (X13, M06).

use cleanclaim::claim::{Date, DiagnosisCode};
use cleanclaim::engine::{self, Request};
use cleanclaim::reference::{DiagnosisStanding, Reference};
use serde_json::json;

use crate::support::tables::with_imported;
use crate::support::{inputs, line, request};

fn standing(reference: &Reference, text: &str, (year, month, day): (i16, i8, i8)) -> DiagnosisStanding {
    let code = DiagnosisCode::new(text.as_bytes()).expect(text);
    reference.diagnosis(code, Date::new(year, month, day).expect("a day"))
}

#[test]
fn an_order_file_makes_its_year_known() {
    use DiagnosisStanding::{Billable, Ended, Header, NotYet, OutsideTable, Unknown};
    let (_folder, reference) = with_imported(&["icd10cm_order_2027.txt"]);
    let at = |text: &str, day| standing(&reference, text, day);
    let last = Date::constant(2026, 9, 30);
    let first = Date::constant(2026, 10, 1);
    assert_eq!(
        [at("M54.50", (2026, 9, 30)), at("M54.50", (2026, 10, 1)), at("M54.50", (2027, 9, 30))],
        [Billable; 3]
    );
    assert_eq!(at("M54.50", (2027, 10, 1)), OutsideTable);
    assert_eq!(at("M25.561", (2026, 9, 30)), Billable);
    assert_eq!(at("M25.561", (2026, 10, 1)), Ended { last_day: last }, "not in the list of the new year");
    // M54.6 was split, as the invented list has it.
    assert_eq!(
        [at("M54.6", (2026, 9, 30)), at("M54.6", (2026, 10, 1))],
        [Billable, Header { ended: Some(last) }]
    );
    assert_eq!(at("M54.60", (2026, 9, 30)), NotYet { first_day: first });
    assert_eq!(at("M54.60", (2026, 10, 1)), Billable);
    assert_eq!(at("M54.5", (2026, 10, 1)), Header { ended: Some(Date::constant(2021, 9, 30)) });
    assert_eq!(at("QA0", (2026, 10, 1)), Header { ended: None });
    assert_eq!(at("ZZZ", (2026, 10, 1)), Unknown);
    assert_eq!(reference.diagnosis_days(), (Date::constant(2019, 7, 1), Date::constant(2027, 9, 30)));
    let code = DiagnosisCode::new(b"M546").expect("a code");
    let successors = reference.successors(code, first, 8);
    let names: Vec<String> = successors.codes.iter().map(DiagnosisCode::dotted).collect();
    assert_eq!(names, ["M54.60", "M54.61"]);
    let quarters = reference.diagnosis_quarters(code);
    let holds = |year, month, day| quarters.holds(Date::constant(year, month, day));
    assert_eq!([holds(2026, 9, 30), holds(2026, 10, 1), holds(2027, 10, 1)], [Some(true), Some(false), None]);
    // What was known before is as it was.
    let builtin = Reference::builtin();
    for text in ["M54.5", "M54.50", "H81.41", "S30.1XXA", "QA0.0101", "ZZZ", "R52"] {
        for day in [(2019, 7, 1), (2021, 9, 30), (2021, 10, 1), (2025, 3, 3), (2026, 9, 30)] {
            let (one, other) = (standing(&builtin, text, day), at(text, day));
            let is_later = matches!(other, NotYet { first_day } if first_day == first);
            assert!(one == other || is_later, "{text} {day:?}: {one:?} {other:?}");
        }
    }
}

/// The codes of what is found in a claim, of these rules alone.
fn found(reference: &Reference, facts: serde_json::Value, codes: &[&str]) -> Vec<String> {
    let as_of = Date::constant(2026, 12, 1);
    let text = line(facts).to_string();
    let run = engine::check(
        &Request { reference: reference.clone(), ..request(as_of) },
        &inputs(&[("a.jsonl", &text)]),
    );
    let own = run.findings.iter().filter(|finding| codes.contains(&finding.code.as_str()));
    own.map(|finding| format!("{} {}", finding.code, finding.outcome)).collect()
}

#[test]
fn diagnoses_of_the_new_year_are_judged() {
    let (_folder, loaded) = with_imported(&["icd10cm_order_2027.txt"]);
    let on = |reference: &Reference, day: &str, code: &str| {
        found(reference, json!({"service_date": day, "diagnosis_codes": [code]}), &["D04", "D05"])
    };
    for (day, code, with, without) in [
        ("2026-09-30", "M5450", &[][..], &[][..]),
        ("2026-10-01", "M5450", &[], &[]),
        ("2026-10-01", "M25561", &["D05 "], &[]),
        ("2026-10-01", "M546", &["D04 split"], &[]),
        ("2026-09-30", "M5460", &["D05 not-yet"], &["D04 unknown"]),
        ("2026-10-01", "M5460", &[], &[]),
        ("2026-10-01", "M545", &["D04 split"], &["D04 after-table"]),
    ] {
        assert_eq!(on(&loaded, day, code), with, "{day} {code}");
        assert_eq!(on(&Reference::builtin(), day, code), without, "{day} {code}, built in");
    }
}

#[test]
fn codes_are_held_against_lists_that_are_loaded() {
    let (_folder, lists) = with_imported(&["procedure-codes.csv", "modifiers.csv", "nucc_taxonomy_250.csv"]);
    for (facts, with) in [
        (json!({"procedure_code": "97110"}), &[][..]),
        (json!({"procedure_code": "97113"}), &["X13 procedure-unknown"]),
        (json!({"procedure_code": "97001"}), &["X13 procedure-not-in-force"]),
        (json!({"procedure_code": "97001", "service_date": "2016-12-31"}), &[]),
        (json!({"procedure_code": "97113", "claim_filing_indicator": "WC"}), &[]),
        (json!({"procedure_code": "9711"}), &["X13 procedure-shape"]),
        (json!({"modifiers": ["GP", "59"]}), &[]),
        (json!({"modifiers": ["GP", "Q1"]}), &["M06 modifier-unknown"]),
        (json!({"modifiers": ["GP", "ZZ"]}), &["M06 modifier-not-in-force"]),
        (json!({"modifiers": ["GP", "ZZ"], "service_date": "2010-12-31"}), &[]),
        (json!({"modifiers": ["GP", "Q1"], "claim_filing_indicator": "WC"}), &[]),
        (json!({"rendering_taxonomy": "2251X0800X"}), &[]),
        (json!({"rendering_taxonomy": "2251S0007X"}), &["X13 taxonomy-unknown"]),
        // The list is of the first half of 2025; it says nothing of other days.
        (json!({"rendering_taxonomy": "2251S0007X", "service_date": "2024-12-31"}), &[]),
        (json!({"rendering_taxonomy": "2251S0007X", "service_date": "2025-07-01"}), &[]),
        (json!({"service_date": "yesterday", "procedure_code": "97113", "modifiers": ["GP", "Q1"]}), &[]),
    ] {
        let shown = facts.to_string();
        assert_eq!(found(&lists, facts.clone(), &["X13", "M06"]), with, "{shown}");
        let without = found(&Reference::builtin(), facts, &["X13", "M06"]);
        assert!(without.iter().all(|one| one.ends_with("-shape")), "{shown}, without lists: {without:?}");
    }
}
