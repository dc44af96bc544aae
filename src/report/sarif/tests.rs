use super::*;
use crate::finding::{Finding, LineBreaks};
use crate::report::sample;
use insta::assert_snapshot;
use serde_json::{Value, json};

fn rendered(run: &Run, options: SarifOptions) -> String {
    let mut out = Vec::new();
    render(run, &options, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("UTF-8")
}

fn log(run: &Run, options: SarifOptions) -> Value {
    serde_json::from_str(&rendered(run, options)).expect("JSON")
}

#[test]
fn the_whole() {
    let value = log(&sample::everything(), SarifOptions::default());
    assert_snapshot!(serde_json::to_string_pretty(&value).expect("JSON"));
}

#[test]
fn results_name_their_rules() {
    let value = log(&sample::everything(), SarifOptions::default());
    let rules = &value["runs"][0]["tool"]["driver"]["rules"];
    for result in value["runs"][0]["results"].as_array().expect("results") {
        let index = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    assert_eq!(rules.as_array().map(Vec::len), Some(7), "each once");
}

#[test]
fn a_region_is_by_line_where_lines_are_counted_and_by_byte_elsewhere() {
    let mut run = sample::run(vec![sample::finding()]);
    for (breaks, wanted) in [
        (LineBreaks::Counted, json!({"startLine": 41})),
        (
            LineBreaks::Absent,
            json!({"startLine": 1, "startColumn": 1894, "endColumn": 1895, "charOffset": 1893, "charLength": 1,
                   "byteOffset": 1893, "byteLength": 1}),
        ),
        (LineBreaks::Elsewhere, json!({"byteOffset": 1893, "byteLength": 1})),
    ] {
        run.line_breaks = vec![breaks];
        let value = log(&run, SarifOptions::default());
        assert_eq!(value["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"], wanted);
    }
}

#[test]
fn of_too_many_those_worth_most_are_kept_and_the_rest_is_counted() {
    let run = sample::everything();
    let value = log(&run, SarifOptions { limit: 3, ..SarifOptions::default() });
    let codes: Vec<&str> = value["runs"][0]["results"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|result| result["ruleId"].as_str())
        .collect();
    assert_eq!(codes, ["X04", "T01", "P01"], "in the order of the run");
    assert_eq!(
        value["runs"][0]["properties"]["left_out"],
        json!({"results": 7, "at_risk_net_cents": -1225, "recoupment_net_cents": 0, "delayed_net_cents": 0,
               "unbilled_net_cents": 2070})
    );
    let notifications = &value["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    let said =
        notifications.as_array().into_iter().flatten().find(|one| one["descriptor"]["id"] == "left-out");
    assert_eq!(
        said.map(|one| &one["message"]["text"]),
        Some(&Value::from(
            "7 results left out, worth at most -$12.25 at risk, $20.70 unbilled: those worth most are kept. Every \
             finding is in the JSON report."
        ))
    );
    let all = log(&run, SarifOptions { limit: 10, ..SarifOptions::default() });
    assert_eq!(all["runs"][0]["properties"]["left_out"]["results"], 0);
}

#[test]
fn what_is_accepted_goes_first_where_there_are_too_many() {
    let run = sample::everything();
    let value = log(&run, SarifOptions { limit: 8, ..SarifOptions::default() });
    let results = value["runs"][0]["results"].as_array().expect("results");
    assert!(results.len() == 8 && results.iter().all(|result| result.get("suppressions").is_none()));
}

#[test]
fn github_takes_25_000() {
    let run = sample::run(vec![sample::finding(); 25_002]);
    let value = log(&run, SarifOptions::default());
    assert_eq!(value["runs"][0]["results"].as_array().map(Vec::len), Some(25_000));
    assert_eq!(value["runs"][0]["properties"]["left_out"]["recoupment_net_cents"], 2 * 2070);
}

#[test]
fn an_input_that_was_not_checked_is_no_success() {
    let value = log(&sample::everything(), SarifOptions::default());
    let invocation = &value["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(invocation["toolExecutionNotifications"][0]["level"], "error");
    let value = log(&sample::run(vec![sample::finding()]), SarifOptions::default());
    assert_eq!(value["runs"][0]["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn full_redaction_names_no_claim_and_no_day() {
    let mut run = sample::everything();
    run.findings.push(Finding { claim: 11, ..sample::personal() });
    let text = rendered(&run, SarifOptions { redaction: Redaction::Full, ..SarifOptions::default() });
    for secret in ["MAPLE", "2025-03-03", "ROWAN", "1EG4TE5MK73", "W-7"] {
        assert!(!text.contains(secret), "{secret} in\n{text}");
    }
}

#[test]
fn a_fix_that_may_name_somebody_is_shown_to_those_alone_who_see_everything() {
    let mut finding = sample::of_the_file();
    if let Some(fix) = &mut finding.fix {
        fix.edits[0].text = "ROWAN".to_owned();
    }
    let run = sample::run(vec![finding]);
    let has_fix = |redaction| {
        let value = log(&run, SarifOptions { redaction, ..SarifOptions::default() });
        value["runs"][0]["results"][0].get("fixes").is_some()
    };
    assert_eq!((has_fix(Redaction::Default), has_fix(Redaction::ShowPhi)), (false, true));
}

#[test]
fn what_holds_the_dollars_says_whether_the_baseline_knows_it() {
    for is_known in [false, true] {
        let mut finding = sample::warning();
        finding.counted_in.iter_mut().for_each(|holder| holder.is_known = is_known);
        let value = log(&sample::run(vec![finding]), SarifOptions::default());
        let result = &value["runs"][0]["results"][0];
        assert_eq!(result["properties"]["counted_in"]["known"], is_known);
        let said = result["message"]["text"].as_str().unwrap_or_default();
        assert_eq!(said.contains("counted in V01"), !is_known, "{said}");
        assert_eq!(said.contains("in no total"), is_known, "{said}");
    }
}

#[test]
fn a_reason_is_told_or_where_it_stands() {
    let run = sample::run(vec![sample::suppressed(), sample::in_the_baseline()]);
    let said = |redaction| {
        let value = log(&run, SarifOptions { redaction, ..SarifOptions::default() });
        [0, 1].map(|at| value["runs"][0]["results"][at]["suppressions"][0]["justification"].clone())
    };
    let baseline = "It stands in the baseline.";
    assert_eq!(said(Redaction::Default), ["second therapist, see the log of 2025-03-03", baseline]);
    assert_eq!(said(Redaction::Full), ["The reason stands in suppressions.yaml:4.", baseline]);
}
