//! The acceptance scenarios of the domain specification, end to end, to the cent.

mod support;

use serde_json::{Value, json};
use support::{Expected, check, found, json_lines, line};

/// Checks `lines` and compares everything found. Information without dollars is compared too.
#[track_caller]
fn expect(name: &str, lines: &[Value], expected: &[Expected<'_>]) {
    let lines: Vec<Value> = lines.iter().cloned().map(line).collect();
    let run = check(&[("scenario.jsonl", &json_lines(&lines))]);
    let mut found = found(&run);
    let mut expected: Vec<_> = expected
        .iter()
        .map(|&(code, severity, net, gross)| (code.to_owned(), severity.to_owned(), net, gross))
        .collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "{name}: {:#?}", run.findings);
    let dirty = expected.iter().any(|(_, severity, ..)| severity != "info");
    assert_eq!(run.clean_claims, u64::from(!dirty), "{name}: clean claims");
}

const ERROR: &str = "error";
const WARNING: &str = "warning";
const INFO: &str = "info";

fn dollars<'a>(code: &'a str, severity: &'a str, net: i64, gross: i64) -> Expected<'a> {
    (code, severity, Some(net), Some(gross))
}

fn massage(minutes: u32, units: u32) -> Value {
    json!({"procedure_code": "97124", "minutes": minutes, "units": units})
}

fn timed(code: &str, minutes: u32, units: u32) -> Value {
    json!({"procedure_code": code, "minutes": minutes, "units": units})
}

fn with(mut facts: Value, more: Value) -> Value {
    if let (Value::Object(facts), Value::Object(more)) = (&mut facts, more) {
        facts.extend(more);
    }
    facts
}

fn commercial(facts: Value) -> Value {
    with(facts, json!({"claim_filing_indicator": "CI"}))
}

#[test]
fn s01_seven_minutes_support_nothing() {
    expect("1", &[massage(7, 1)], &[dollars("T01", ERROR, 2976, 2976)]);
}

#[test]
fn s02_eight_to_twenty_two_minutes_are_one_unit() {
    expect("2a", &[massage(8, 1)], &[]);
    expect("2b", &[massage(22, 1)], &[]);
}

#[test]
fn s03_twenty_two_minutes_are_not_two_units() {
    expect("3", &[massage(22, 2)], &[dollars("T01", ERROR, 2070, 2976)]);
}

#[test]
fn s04_twenty_three_minutes_are_two_units() {
    expect("4a", &[massage(23, 1)], &[dollars("T02", WARNING, 2070, 2976)]);
    expect("4b", &[massage(23, 2)], &[]);
}

#[test]
fn s05_the_charter_example() {
    expect("5", &[massage(25, 1)], &[dollars("T02", WARNING, 2070, 2976)]);
}

#[test]
fn s06_thirty_seven_minutes() {
    expect("6a", &[massage(37, 2)], &[]);
    expect("6b", &[massage(37, 3)], &[dollars("T01", ERROR, 2070, 2976)]);
}

#[test]
fn s07_thirty_eight_and_fifty_two_minutes() {
    expect("7a", &[massage(38, 2)], &[dollars("T02", WARNING, 2070, 2976)]);
    expect("7b", &[massage(52, 3)], &[]);
}

#[test]
fn s08_fifty_two_and_fifty_three_minutes() {
    expect("8a", &[massage(52, 4)], &[dollars("T01", ERROR, 2070, 2976)]);
    expect("8b", &[massage(53, 3)], &[dollars("T02", WARNING, 2070, 2976)]);
}

#[test]
fn s11_total_minutes_against_each_code_alone() {
    let lines = [timed("97112", 24, 2), timed("97110", 23, 2)];
    expect("11 CMS", &lines, &[dollars("T01", ERROR, 2183, 2879)]);
    expect("11 AMA", &lines.map(commercial), &[]);
}

#[test]
fn s12_a_tie_is_worth_the_lower_choice() {
    let lines = [timed("97112", 20, 1), timed("97110", 20, 1)];
    expect("12 CMS", &lines, &[dollars("T02", WARNING, 2183, 2879)]);
    expect("12 AMA", &lines.map(commercial), &[]);
}

#[test]
fn s14_four_services_in_forty_nine_minutes() {
    let lines = [timed("97110", 18, 1), timed("97140", 13, 1), timed("97116", 10, 1), timed("97035", 8, 1)];
    expect("14 CMS", &lines, &[dollars("T01", ERROR, 1051, 1391)]);
    expect("14 AMA", &lines.map(commercial), &[]);
}

#[test]
fn s15_never_a_test_of_single_lines() {
    let lines = [
        with(massage(22, 2), json!({"modifiers": ["GP", "XS"], "region": "neck"})),
        with(timed("97140", 16, 1), json!({"region": "low back"})),
    ];
    expect("15 MB", &lines, &[dollars("P01", ERROR, 4399, 5952)]);
    let method = "profiles:\n  - name: commercial\n    counting: cms\n    counting-confirmed: true\n";
    let lines: Vec<Value> = lines.into_iter().map(commercial).map(line).collect();
    let run = support::check_with_rules(method, &[("scenario.jsonl", &json_lines(&lines))]);
    assert_eq!(run.clean_claims, 1, "{:#?}", run.findings);
    assert!(run.findings.iter().all(|finding| finding.severity.as_str() == INFO), "{:#?}", run.findings);
}

#[test]
fn s16_massage_beside_manual_therapy() {
    let lines = [massage(15, 1), timed("97140", 15, 1)];
    expect("16 MB", &lines, &[dollars("P01", ERROR, 2329, 2976)]);
    let same = lines.map(|one| commercial(with(one, json!({"region": "lumbar"}))));
    expect("16 CI", &same, &[dollars("P02", ERROR, 2976, 2976)]);
}

#[test]
fn s17_the_modifier_without_the_record() {
    let lines = [
        with(massage(15, 1), json!({"modifiers": ["GP", "59"], "region": "lumbar"})),
        with(timed("97140", 15, 1), json!({"region": "lumbar"})),
    ];
    expect("17 CI", &lines.clone().map(commercial), &[dollars("P04", WARNING, 2976, 2976)]);
    expect("17 MB", &lines, &[dollars("P01", ERROR, 2329, 2976)]);
}

#[test]
fn s18_separate_intervals_support_the_modifier() {
    let lines = [
        with(
            massage(15, 1),
            json!({"modifiers": ["GP", "59"], "region": "lumbar", "start": "09:00", "end": "09:15"}),
        ),
        with(timed("97140", 15, 1), json!({"region": "lumbar", "start": "09:15", "end": "09:30"})),
    ];
    expect("18", &lines.map(commercial), &[("P04", INFO, None, None)]);
}

#[test]
fn s20_seventy_six_is_no_way_round() {
    let lines = [
        with(
            massage(15, 1),
            json!({"modifiers": ["GP", "76"], "diagnosis_codes": ["M542", "M5450"], "diagnosis_pointers": [1]}),
        ),
        with(timed("97140", 15, 1), json!({"diagnosis_codes": ["M542", "M5450"], "diagnosis_pointers": [2]})),
    ];
    expect("20", &lines.map(commercial), &[dollars("P02", ERROR, 2976, 2976)]);
}

#[test]
fn s21_three_services_and_one_pair() {
    let lines = [massage(15, 1), timed("97140", 15, 1), timed("97110", 15, 1)];
    expect("21", &lines, &[dollars("P01", ERROR, 2280, 2976)]);
}

#[test]
fn s22_pain_alone_and_pain_linked_first() {
    let alone = with(massage(15, 1), json!({"diagnosis_codes": ["R52"]}));
    expect("22a", &[alone], &[dollars("D01", WARNING, 2976, 2976)]);
    let linked =
        with(massage(15, 1), json!({"diagnosis_codes": ["R52", "M5450"], "diagnosis_pointers": [1]}));
    expect("22b", &[linked], &[dollars("D02", WARNING, 2976, 2976), dollars("D03", WARNING, 2976, 2976)]);
}

#[test]
fn s24_who_may_bill() {
    let therapist = |taxonomy: &str| with(massage(15, 1), json!({"rendering_taxonomy": taxonomy}));
    expect("24 LMT", &[therapist("225700000X")], &[dollars("V01", ERROR, 2976, 2976)]);
    expect("24 LMT commercial", &[commercial(therapist("225700000X"))], &[]);
    expect("24 DC", &[therapist("111N00000X")], &[dollars("V02", ERROR, 2976, 2976)]);
}

/// The rest of the day may stand in another claim of another file.
#[test]
fn a_day_split_over_two_files_is_one_day() {
    let in_claim = |facts: Value, id: &str| line(with(facts, json!({"claim_id": id})));
    let whole = check(&[(
        "one.jsonl",
        &json_lines(&[in_claim(massage(22, 2), "A"), in_claim(timed("97140", 16, 1), "A")]),
    )]);
    let split = check(&[
        ("morning.jsonl", &json_lines(&[in_claim(massage(22, 2), "A")])),
        ("afternoon.jsonl", &json_lines(&[in_claim(timed("97140", 16, 1), "B")])),
    ]);
    assert_eq!(found(&whole), found(&split));
    assert_eq!(whole.columns, split.columns);
    assert!(found(&split).iter().any(|(code, ..)| code == "P01"), "{:#?}", split.findings);
    assert!(found(&split).iter().all(|(code, ..)| code != "T01"), "{:#?}", split.findings);
}

/// A backup beside the export must not double a clean day.
#[test]
fn a_file_checked_twice_is_one_file() {
    let text = json_lines(&[line(massage(22, 1)), line(timed("97110", 16, 1))]);
    let once = check(&[("day.jsonl", &text)]);
    assert_eq!(once.clean_claims, 0, "38 minutes support three units: {:#?}", once.findings);
    let twice = check(&[("day.jsonl", &text), ("day.bak", &text)]);
    assert_eq!(found(&once), found(&twice));
    assert_eq!(once.columns, twice.columns);
    assert_eq!(twice.notes.len(), 1, "{:?}", twice.notes);
}

/// The balancing half of the scenario: a claim whose lines are charged more than the claim.
#[test]
fn s27_the_total_is_not_that_of_the_lines() {
    let day = |total: &str| {
        [("97124", "45.00"), ("97110", "50.00")].map(|(code, charge)| {
            with(timed(code, 15, 1), json!({"charge_amount": charge, "claim_charge_amount": total}))
        })
    };
    expect("27", &day("90.00"), &[dollars("X06", ERROR, 5159, 5855)]);
    expect("27 mended", &day("95.00"), &[]);
    let lines: Vec<Value> = day("90.00").into_iter().map(line).collect();
    let run = check(&[("scenario.jsonl", &json_lines(&lines))]);
    let finding = &run.findings[0];
    assert_eq!(finding.message, "The claim charges $90.00, its lines $95.00");
    assert_eq!((finding.line, finding.place.element.as_str()), (0, "/claim_charge_amount"));
    assert_eq!(finding.related.iter().map(|one| one.line).collect::<Vec<_>>(), [1, 2]);
    // The claim waits, and nothing of it is at risk: the two are never added up.
    assert_eq!((run.columns.delayed.net.0, run.columns.at_risk.net.0), (5159, 0));
}

/// A member id, like every number that names a person, is pointed at and never said.
#[test]
fn no_message_states_a_member_id() {
    let rule = "- code: ACME01\n  name: acme-member-id\n  severity: error\n  summary: s\n  \
                check: {require: {claim.member_id: {starts-with: W}}}\n  \
                message: \"id {member_id}, line {line_control_number}\"\n  help: \"{payer_control_number}\"\n";
    let claim = with(
        massage(15, 1),
        json!({"member_id": "1QQ0QQ0QQ00", "line_control_number": "LCN-1", "payer_control_number": "PCN-1"}),
    );
    let run = support::check_with_rules(rule, &[("scenario.jsonl", &json_lines(&[line(claim)]))]);
    let [finding] = &run.findings[..] else { panic!("{:#?}", run.findings) };
    assert_eq!((finding.line, finding.message.as_str(), finding.help.as_str()), (0, "id ?, line ?", "?"));
    let window = &finding.excerpt.windows[0];
    let hidden: Vec<&str> = window
        .sensitive
        .iter()
        .filter(|one| one.always)
        .map(|one| &window.text[one.start..one.end])
        .collect();
    assert!(hidden.contains(&"1QQ0QQ0QQ00"), "{window:?}");
}

/// A profile may make a remark about the member id an error.
#[test]
fn a_profile_may_refuse_other_member_ids() {
    let claim = line(with(massage(15, 1), json!({"member_id": "123456789A"})));
    let text = json_lines(&[claim]);
    let severities = |run: &cleanclaim::finding::Run| -> Vec<(String, &'static str)> {
        run.findings.iter().map(|one| (one.outcome.clone(), one.severity.as_str())).collect()
    };
    let run = check(&[("scenario.jsonl", &text)]);
    assert_eq!(severities(&run), [("member-id-shape".to_owned(), INFO)]);
    let profile = "profiles:\n  - name: medicare\n    member-id: mbi\n";
    let run = support::check_with_rules(profile, &[("scenario.jsonl", &text)]);
    assert_eq!(severities(&run), [("member-id-refused".to_owned(), ERROR)]);
}
