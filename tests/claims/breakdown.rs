//! Whose dollars they are, where that is not plain: lines of other claims, claims priced in part, doubtful rejections.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use crate::support::{check, check_with_rules, json_lines, line};
use cleanclaim::finding::{Columns, Dollars, Finding, MoneyClass, Run};
use cleanclaim::report::{Redaction, json};
use serde_json::{Value, json};

fn json_of(run: &Run) -> Value {
    let mut out = Vec::new();
    json::render(run, Redaction::Default, &mut out).expect("a vector takes everything");
    serde_json::from_slice(&out).expect("JSON")
}

fn dollars(dollars: Dollars) -> (i64, i64) {
    (dollars.net.0, dollars.gross.0)
}

fn the<'r>(run: &'r Run, code: &str) -> &'r Finding {
    run.findings.iter().find(|finding| finding.code == code).expect("the finding")
}

/// Thirty minutes support two units, four are billed, in two claims of two providers: one is too many in each. The
/// finding hangs on one claim; the dollars stand with both.
#[test]
fn a_line_of_another_claim_keeps_its_dollars() {
    let of = |claim: &str, code: &str, npi: &str| {
        line(json!({
            "claim_id": claim, "procedure_code": code, "units": 2, "minutes": 15, "rendering_npi": npi,
            "payer_id": "MB001",
        }))
    };
    let lines = [of("A", "97124", "1000000228"), of("B", "97110", "1000000335")];
    let run = check(&[("day.jsonl", &json_lines(&lines))]);
    let found: Vec<&str> = run.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(found, ["T01"]);
    // As billed 29.76 + 20.70 + 2 x 21.83; one unit of each is 29.76 + 21.83.
    assert_eq!(dollars(run.columns.recoupment), (2070 + 2183, 2976 + 2879));

    let claims: Vec<_> = run.flagged.iter().map(|claim| dollars(claim.columns.recoupment)).collect();
    assert_eq!(
        claims,
        [(2070, 2976), (2183, 2879)],
        "a claim without a finding of its own is shown for its dollars"
    );
    let providers: Vec<_> =
        run.breakdown.providers.iter().map(|one| (one.npi, dollars(one.share.columns.recoupment))).collect();
    assert_eq!(providers, [(Some(1_000_000_228), (2070, 2976)), (Some(1_000_000_335), (2183, 2879))]);
    let payers = &run.breakdown.payers;
    assert_eq!(payers.len(), 1);
    assert_eq!((payers[0].payer.as_str(), payers[0].payer_id.as_deref()), ("medicare", Some("MB001")));
    assert_eq!(payers[0].share.columns, run.columns);

    let report = json_of(&run);
    assert_eq!(report["claims"][1]["recoupment"], json!({"net_cents": 2183, "gross_cents": 2879}));
    assert_eq!(report["claims"][1]["lines"][0]["recoupment"]["net_cents"], 2183);
    assert_eq!(report["claims"][1]["segments"][0]["line"], 2, "a place in JSON is a line");
    assert_eq!(report["summary"]["by_provider"][1]["npi"], "1000000335");
    assert_eq!(report["summary"]["expected_loss"], Value::Null);
    assert_eq!(report["summary"]["by_rule"][0]["expected_loss"], Value::Null);
}

/// What stands where an NPI should is nobody's name in a report.
#[test]
fn a_provider_without_an_npi_is_not_named() {
    let lines = [line(json!({
        "procedure_code": "97124", "units": 2, "minutes": 15, "rendering_npi": "ROWAN HAZEL", "billing_npi": null,
    }))];
    let run = check(&[("day.jsonl", &json_lines(&lines))]);
    let npis: Vec<_> = run.breakdown.providers.iter().map(|one| one.npi).collect();
    assert_eq!(npis, [None]);
    assert!(!json_of(&run)["summary"].to_string().contains("ROWAN"));
}

/// Two claims of one day and one fault: what one says of its dollars names the other.
#[test]
fn a_finding_says_in_which_claim_its_dollars_are_counted() {
    let lines = [line(json!({
        "procedure_code": "97124", "minutes": 15, "rendering_taxonomy": "225700000X", "diagnosis_codes": ["R52"],
    }))];
    let run = check(&[("day.jsonl", &json_lines(&lines))]);
    assert!(the(&run, "D01").impact.counted && the(&run, "D01").counted_in.is_none());
    let holder = the(&run, "V01").counted_in.as_deref().expect("a holder");
    assert_eq!((holder.code.as_str(), holder.claim, holder.line), ("D01", 1, 1));
    let rules: Vec<_> = run
        .breakdown
        .rules
        .iter()
        .map(|one| (one.code.as_str(), dollars(one.share.columns.at_risk)))
        .collect();
    assert_eq!(rules, [("D01", (2976, 2976))]);
}

fn out_of_balance(second: Value) -> Vec<Value> {
    let first = json!({"procedure_code": "97124", "minutes": 15, "claim_charge_amount": "500.00"});
    vec![line(first), line(second)]
}

/// A line without a fee does not hide what its claim's other lines are worth, and does not pass for nothing.
#[test]
fn a_claim_priced_in_part_is_delayed_with_what_is_known() {
    let unknown = json!({"procedure_code": "97039", "minutes": 15, "claim_charge_amount": "500.00"});
    let run = check(&[("day.jsonl", &json_lines(&out_of_balance(unknown)))]);
    let finding = the(&run, "X06");
    assert_eq!(finding.impact.class, MoneyClass::Rejection);
    assert_eq!(finding.impact.net.map(|net| net.0), Some(2976));
    assert!(finding.impact.counted && finding.impact.unpriced);
    assert_eq!(dollars(run.columns.delayed), (2976, 2976));
    assert_eq!(run.unpriced(), 0, "it is in a column");

    let lines = [line(json!({"procedure_code": "97039", "minutes": 15, "claim_charge_amount": "500.00"}))];
    let run = check(&[("day.jsonl", &json_lines(&lines))]);
    let finding = the(&run, "X06");
    assert!(finding.impact.net.is_none() && finding.impact.unpriced && !finding.impact.counted);
    assert_eq!((run.columns, run.unpriced()), (Columns::default(), 1));
}

/// A warning of rejection may be accepted: it delays nothing for certain. An error does.
#[test]
fn what_may_yet_be_accepted_delays_nothing() {
    let run = |severity: &str| {
        let rules = format!(
            "rules:\n- code: Z01\n  name: remarkable\n  since: 0.1.0\n  severity: {severity}\n  summary: S\n  when: \
             {{line.units: {{above: 0}}}}\n  check: forbid\n  message: M\n  help: H\n  impact: {{class: rejection, \
             amount: claim-allowed}}\n"
        );
        let lines = [line(json!({"procedure_code": "97124", "minutes": 15}))];
        check_with_rules(&rules, &[("day.jsonl", &json_lines(&lines))])
    };
    assert_eq!(dollars(run("error").columns.delayed), (2976, 2976));
    let doubtful = run("warning");
    assert_eq!(doubtful.columns, Columns::default());
    let impact = the(&doubtful, "Z01").impact;
    assert_eq!(
        (impact.class, impact.net, impact.counted, impact.unpriced),
        (MoneyClass::Rejection, None, false, false)
    );
}

/// Lost revenue is a column of its own: a denial of the line takes nothing off it.
#[test]
fn what_is_unbilled_is_not_set_off_against_a_denial() {
    let lines = [line(json!({"procedure_code": "97124", "minutes": 25, "diagnosis_codes": ["R52"]}))];
    let run = check(&[("day.jsonl", &json_lines(&lines))]);
    assert_eq!(dollars(run.columns.at_risk), (2976, 2976));
    assert_eq!(dollars(run.columns.unbilled), (2070, 2976));
}

/// Two equal services in two claims: which claim comes first decides nothing.
#[test]
fn the_dollars_of_equal_ranks_do_not_depend_on_which_claim_is_first() {
    let of = |claim: &str, code: &str, charge: &str, diagnosis: &str| {
        line(json!({
            "claim_id": claim, "procedure_code": code, "minutes": 15, "charge_amount": charge,
            "diagnosis_codes": [diagnosis],
        }))
    };
    let one = of("A", "97116", "60.00", "R52");
    let other = of("B", "97110", "20.00", "M5450");
    let worth = |lines: &[Value]| {
        let run = check(&[("day.jsonl", &json_lines(lines))]);
        (dollars(run.columns.at_risk), run.breakdown)
    };
    let (first, second) = (worth(&[one.clone(), other.clone()]), worth(&[other, one]));
    assert_eq!(first, second);
    // 97110 is charged below its reduced amount: paid in full or not, it is worth 20.00. So 97116 is paid in full.
    assert_eq!(first.0, (2879, 2879));
}

/// Either 97124 or 97140 may have the fourth unit, and a reduced unit of one is worth what one of the other is: 20.70.
/// P01 denies 97124 whole, so which of the two loses the fifth unit decides what is recouped. The order of claims does
/// not decide it.
#[test]
fn a_tie_between_allocations_is_not_settled_by_order() {
    let of = |claim: &str, code: &str, units: u32, minutes: u32| {
        line(json!({"claim_id": claim, "procedure_code": code, "units": units, "minutes": minutes}))
    };
    let day = [of("A", "97530", 1, 15), of("B", "97124", 2, 20), of("C", "97140", 2, 20)];
    let columns = |order: [usize; 3]| {
        let lines: Vec<Value> = order.iter().map(|&at| day[at].clone()).collect();
        let run = check(&[("day.jsonl", &json_lines(&lines))]);
        assert!(the(&run, "T01").impact.counted, "{order:?}");
        run.columns
    };
    let first = columns([0, 1, 2]);
    assert_eq!(dollars(first.recoupment), (2070, 2717));
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        assert_eq!(columns(order), first, "{order:?}");
    }
}
