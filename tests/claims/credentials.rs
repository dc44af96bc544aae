//! What payers said about providers, from the file to the run's columns and notes.

#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use crate::support::{found, inputs, json_lines, line, request};
use cleanclaim::claim::Date;
use cleanclaim::engine::{self, Request};
use cleanclaim::finding::Run;
use cleanclaim::side;
use serde_json::{Value, json};

fn checked(rows: &str, lines: &[Value]) -> Run {
    let credentials = match rows {
        "" => None,
        rows => Some(side::credentials("credentials.yaml", rows.as_bytes()).expect("rows")),
    };
    let request = Request { credentials, ..request(Date::constant(2025, 4, 2)) };
    engine::check(&request, &inputs(&[("day.jsonl", &json_lines(lines))]))
}

/// Massage by a massage therapist at a commercial plan; `facts` replace.
fn massage(facts: Value) -> Value {
    let mut all = json!({
        "claim_filing_indicator": "CI",
        "payer_id": "60054",
        "procedure_code": "97124",
        "minutes": 15,
        "rendering_taxonomy": "225700000X",
        "state": "AL",
    });
    if let (Value::Object(all), Value::Object(facts)) = (&mut all, facts) {
        all.extend(facts);
    }
    line(all)
}

type Said = (String, String, Option<i64>);

fn said(run: &Run) -> Vec<Said> {
    found(run).into_iter().map(|(code, severity, net, _)| (code, severity, net)).collect()
}

fn one(code: &str, severity: &str, net: Option<i64>) -> Vec<Said> {
    vec![(code.to_owned(), severity.to_owned(), net)]
}

/// Scenario 24 of the domain specification.
#[test]
fn s24_a_massage_therapist_who_is_allowed() {
    let allowed = "- {taxonomy: 225700000X, decision: allow}";
    let run = checked(allowed, &[massage(json!({}))]);
    assert_eq!((said(&run), run.clean_claims, run.notes.len()), (vec![], 1, 0));
    let at_medicare = massage(json!({"claim_filing_indicator": "MB"}));
    let run = checked(allowed, &[at_medicare]);
    assert_eq!(said(&run), one("V01", "error", Some(2976)), "the profile refuses the type");
    let run = checked("", &[massage(json!({}))]);
    assert_eq!((said(&run), run.clean_claims), (one("V03", "info", None), 1));
}

#[test]
fn what_a_row_decides() {
    let denied =
        checked("- {payer: commercial, taxonomy: 225700000X, decision: deny}", &[massage(json!({}))]);
    assert_eq!(said(&denied), one("V03", "error", Some(2976)));
    assert_eq!((denied.columns.at_risk.net.0, denied.clean_claims), (2976, 0));
    assert_eq!(
        denied.findings[0].message,
        "The payer does not take 97124 from a massage therapist (line 1 of the credentials file)"
    );
    let unknown = checked("- {npi: 1000000228, decision: unknown}", &[massage(json!({}))]);
    assert_eq!((said(&unknown), unknown.clean_claims), (one("V03", "info", None), 1));
}

/// Each row goes before all that stand above it.
#[test]
fn the_most_specific_row_decides() {
    let rows = [
        "{taxonomy: 225700000X, decision: deny}",
        "{taxonomy: 225700000X, state: AL, decision: allow}",
        "{taxonomy: 225700000X, payer: commercial, decision: deny}",
        "{taxonomy: 225700000X, payer: \"60054\", decision: allow}",
        "{taxonomy: 225700000X, code: 97110-97140, decision: deny}",
        "{taxonomy: 225700000X, code: 97124, decision: allow}",
        "{npi: 1000000228, decision: deny}",
        "{npi: 1000000228, code: 97124, payer: \"60054\", state: AL, decision: allow}",
    ];
    for count in 1..=rows.len() {
        let text: String = rows[..count].iter().rev().map(|row| format!("- {row}\n")).collect();
        let expected = if count % 2 == 1 { one("V03", "error", Some(2976)) } else { vec![] };
        let run = checked(&text, &[massage(json!({}))]);
        assert_eq!(said(&run), expected, "{text}");
        assert_eq!(run.notes, Vec::<String>::new(), "every row fits");
    }
}

#[test]
fn rows_of_others_say_nothing() {
    for row in [
        "{taxonomy: 225700000X, payer: auto, decision: deny}",
        "{taxonomy: 225700000X, payer: \"99999\", decision: deny}",
        "{taxonomy: 225700000X, state: GA, decision: deny}",
        "{taxonomy: 225700000X, code: 97140, decision: deny}",
        "{taxonomy: 225700000X, to: 2025-03-02, decision: deny}",
        "{taxonomy: 225700000X, from: 2025-03-04, decision: deny}",
        "{npi: 1000000335, decision: deny}",
    ] {
        let run = checked(&format!("- {row}"), &[massage(json!({}))]);
        assert_eq!(said(&run), one("V03", "info", None), "nobody speaks of the therapist: {row}");
        assert_eq!(
            run.notes,
            [
                "1 row of the credentials file fits no line of this run",
                "1 line is covered by no row of the credentials file",
            ]
        );
    }
}

#[test]
fn what_the_claim_does_not_state_is_not_evaluated() {
    let run =
        checked("- {taxonomy: 225700000X, state: AL, decision: deny}", &[massage(json!({"state": null}))]);
    assert_eq!(said(&run), []);
    let lacks: Vec<(&str, u64)> = run
        .not_evaluated
        .iter()
        .filter(|one| one.code == "V03")
        .map(|one| (one.reason.as_str(), one.lines))
        .collect();
    assert_eq!(lacks, [("a fact is absent", 1)]);
}

#[test]
fn an_evaluation_that_the_payer_takes_is_no_warning() {
    let evaluation = |indicator: &str| {
        line(json!({
            "claim_filing_indicator": indicator, "payer_id": "60054", "procedure_code": "99213",
            "rendering_taxonomy": "225100000X", "charge_amount": "120.00", "modifiers": [],
        }))
    };
    let severities = |rows: &str, indicator: &str| {
        let all = said(&checked(rows, &[evaluation(indicator)]));
        all.into_iter()
            .filter(|(code, ..)| code == "V01")
            .map(|(_, severity, _)| severity)
            .collect::<Vec<_>>()
    };
    let allowed = "- {taxonomy: 225100000X, code: 99202-99499, decision: allow}";
    assert_eq!(severities("", "CI"), ["warning"]);
    assert_eq!(severities(allowed, "CI"), [""; 0]);
    assert_eq!(severities("- {taxonomy: 225100000X, decision: unknown}", "CI"), ["warning"]);
    assert_eq!(severities(allowed, "MB"), ["error"]);
}

#[test]
fn the_notes_do_not_depend_on_how_the_run_is_cut() {
    let rows =
        "- {taxonomy: 225700000X, code: 97124, decision: allow}\n- {npi: 1000000335, decision: deny}\n";
    let lines: Vec<Value> = (0..200)
        .map(|number| {
            let code = if number % 4 == 0 { "97140" } else { "97124" };
            massage(json!({"claim_id": format!("C-{number}"), "patient_id": format!("P-{number}"), "procedure_code": code}))
        })
        .collect();
    let text = json_lines(&lines);
    let whole = checked(rows, &lines);
    assert_eq!(
        whole.notes,
        [
            "1 row of the credentials file fits no line of this run",
            "50 lines are covered by no row of the credentials file",
        ]
    );
    let credentials = side::credentials("credentials.yaml", rows.as_bytes()).expect("rows");
    let request = Request {
        credentials: Some(credentials),
        threads: 3,
        unit_size: 4096,
        ..request(Date::constant(2025, 4, 2))
    };
    let cut = engine::check(&request, &inputs(&[("day.jsonl", &text)]));
    assert_eq!((said(&cut), &cut.notes), (said(&whole), &whole.notes));
}
