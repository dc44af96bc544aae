//! The acceptance scenarios of the domain specification through the library, to the cent, and what they leave open.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "a test fails by panicking")]

use crate::support::scenario::{ERROR, INFO, WARNING, commercial, dollars, massage, scenarios, timed, with};
use crate::support::{Expected, check, found, inputs, json_lines, line, request};
use cleanclaim::claim::Date;
use cleanclaim::rules::{RuleFile, RuleSet};
use cleanclaim::{engine, side};
use serde_json::{Value, json};

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

/// Every row of the table.
#[test]
fn every_scenario() {
    for scenario in scenarios() {
        let mut request = request(scenario.as_of.parse().expect("a date"));
        if let Some(text) = scenario.rules {
            let file = RuleFile { name: "more.yaml".to_owned(), text: text.into() };
            request.rules = RuleSet::with(&[file]).expect("rules that load");
        }
        if let Some(text) = scenario.credentials {
            request.credentials = Some(side::credentials("credentials.yaml", text.as_bytes()).expect("rows"));
        }
        if let Some(text) = scenario.ytd {
            request.year_to_date = side::year_to_date("ytd.csv", text.as_bytes()).expect("sums");
        }
        let lines: Vec<crate::synthetic::Line> =
            scenario.lines.iter().map(|line| line.as_object().expect("an object").clone()).collect();
        let x12 = crate::synthetic::written(&lines).x12;
        let (name, text) = if scenario.only_837 {
            ("scenario.837", x12)
        } else {
            ("scenario.jsonl", json_lines(&scenario.lines))
        };
        let run = engine::check(&request, &inputs(&[(name, &text)]));
        let mut found = found(&run);
        if scenario.only_837 {
            // Minutes are no business of an 837P.
            found.retain(|(code, ..)| code != "T04");
        }
        let mut expected: Vec<_> = scenario
            .expected
            .iter()
            .chain(&scenario.also_in_json)
            .map(|&(code, severity, net, gross)| (code.to_owned(), severity.to_owned(), net, gross))
            .collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{}: {:#?}", scenario.name, run.findings);
        assert_eq!(run.clean_claims, scenario.clean_claims(), "{}: clean claims", scenario.name);
        if let Some((net, gross)) = scenario.at_risk {
            let at_risk = run.columns.at_risk;
            assert_eq!((at_risk.net.0, at_risk.gross.0), (net, gross), "{}: at risk", scenario.name);
        }
    }
}

#[test]
fn s09_units_above_the_unit_edit() {
    let run = check(&[("scenario.jsonl", &json_lines(&[line(massage(67, 5))]))]);
    assert_eq!((run.columns.recoupment.net.0, run.columns.unbilled.net.0), (0, 0));
    let counted: Vec<_> = run.findings.iter().map(|one| (one.code.as_str(), one.impact.counted)).collect();
    assert_eq!(counted, [("P07", true), ("T01", false)]);
}

#[test]
fn s10_no_more_units_than_the_unit_edit_passes() {
    let run = check(&[("scenario.jsonl", &json_lines(&[line(massage(68, 4))]))]);
    assert_eq!((run.findings[0].outcome.as_str(), run.columns.unbilled.net.0), ("at-mue", 0));
    assert!(
        run.findings[0].message.contains("5 units") && run.findings[0].message.contains('4'),
        "{}",
        run.findings[0].message
    );
}

/// The units of one day stand in two claims; a copy of a claim is a duplicate and adds no units.
#[test]
fn units_of_a_day_are_added_up_over_claims_and_not_over_copies() {
    let in_claim = |facts: Value, id: &str| line(with(facts, json!({"claim_id": id})));
    let files = |one: Value, two: Value| {
        check(&[
            ("a.jsonl", &json_lines(&[in_claim(one, "A")])),
            ("b.jsonl", &json_lines(&[in_claim(two, "B")])),
        ])
    };
    let kx = |facts| with(facts, json!({"modifiers": ["GP", "KX"]}));
    let run = files(massage(45, 3), kx(massage(30, 2)));
    assert_eq!(found(&run), [("P07".to_owned(), ERROR.to_owned(), Some(11_256), Some(14_880))]);
    assert_eq!((run.findings[0].file, run.findings[0].related[0].file), (1, 0));
    assert_eq!(run.columns.at_risk.net.0, 11_256);
    let run = files(massage(30, 2), kx(massage(30, 2)));
    assert_eq!(found(&run), []);
    let copied = files(massage(45, 3), massage(45, 3));
    assert_eq!(found(&copied).iter().map(|(code, ..)| code.as_str()).collect::<Vec<_>>(), ["X11"]);
}

#[test]
fn s19_what_has_no_fee_is_unpriced() {
    let early = json!({"service_date": "2019-06-30", "diagnosis_codes": ["M545"]});
    let traction = json!({"procedure_code": "97012", "modifiers": ["GP", "59"], "region": "neck"});
    let shoulder = with(timed("97140", 15, 1), json!({"region": "right shoulder"}));
    let lines = [traction, shoulder].map(|one| line(with(one, early.clone())));
    let run = engine::check(
        &request(Date::constant(2019, 7, 30)),
        &inputs(&[("scenario.jsonl", &json_lines(&lines))]),
    );
    assert_eq!(found(&run), [("P03".to_owned(), ERROR.to_owned(), None, None)]);
    assert!(run.findings[0].impact.unpriced);
}

#[test]
fn s24_who_may_bill() {
    let therapist = |taxonomy: &str| with(massage(15, 1), json!({"rendering_taxonomy": taxonomy}));
    expect("24 LMT", &[therapist("225700000X")], &[dollars("V01", ERROR, 2976, 2976)]);
    // With credentials that allow it nothing is said: the table of scenarios.
    expect("24 LMT commercial", &[commercial(therapist("225700000X"))], &[("V03", INFO, None, None)]);
    expect("24 DC", &[therapist("111N00000X")], &[dollars("V02", ERROR, 2976, 2976)]);
}

/// The clean base file of the structural rules, edited.
fn in_hi(edits: &[(&str, &str)]) -> Vec<(String, i64)> {
    let mut text = include_str!("../../rules/example-base.837").to_owned();
    for (old, new) in edits {
        assert_eq!(text.matches(old).count(), 1, "{old}");
        text = text.replace(old, new);
    }
    let found = found(&check(&[("scenario.837", &text)]));
    found.into_iter().map(|(code, _, net, _)| (code, net.unwrap_or(0))).collect()
}

fn told(code: &str, net: i64) -> (String, i64) {
    (code.to_owned(), net)
}

#[test]
fn s23_diagnosis_codes_by_date_of_service() {
    let coded = |code: &str| with(massage(15, 1), json!({"diagnosis_codes": [code]}));
    for (code, outcome) in [("M545", "split"), ("M791", ""), ("M628", "")] {
        let run = check(&[("scenario.jsonl", &json_lines(&[line(coded(code))]))]);
        assert_eq!(run.findings[0].outcome, outcome);
        assert_eq!((run.columns.delayed.net.0, run.columns.at_risk.net.0), (2976, 0), "only delayed");
    }
    assert_eq!(in_hi(&[]), []);
    assert_eq!(in_hi(&[("ABK:M5450", "ABK:M54.50")]), [told("D06", 2879)]);
    assert_eq!(in_hi(&[("ABK:M5450", "ABK:M54.5")]), [told("D04", 2879), told("D06", 2879)]);
}

/// The help names what a heading was split into, and leaves the choice to whoever knows the patient.
#[test]
fn s23_a_heading_names_the_codes_beneath_it() {
    for (code, wanted) in [
        (
            "M54.5",
            "M54.5 is not billable: it ended on 2021-09-30 and is a heading since | M54.50, M54.51 and M54.59",
        ),
        ("M79.1", "M79.1 is a heading, not a code to bill | M79.10, M79.11, M79.12 and M79.18"),
        (
            "M25.5",
            "M25.5 is a heading, not a code to bill | M25.50, M25.511, M25.512, M25.519, M25.521, M25.522, \
                   M25.529, M25.531 and 15 more",
        ),
    ] {
        let coded = line(with(massage(15, 1), json!({"diagnosis_codes": [code]})));
        let run = check(&[("scenario.jsonl", &json_lines(&[coded]))]);
        let finding = &run.findings[0];
        let (message, codes) = wanted.split_once(" | ").expect("two parts");
        assert_eq!(finding.message, message);
        assert!(
            finding.help.contains(&format!("Beneath it are {codes}. Ask the clinician")),
            "{}",
            finding.help
        );
    }
}

/// A rule of the user's own judges a code by the lines that it is about.
#[test]
fn diagnoses_are_judged_by_the_lines_a_rule_is_about() {
    let rule = |code: &str| {
        format!(
            "- {{code: ACME1, name: acme-diagnosis, severity: info, summary: Codes, message: '{{code}}', help: Ask,\n   \
             check: {{diagnosis: {{fault: not-billable}}}}, when: {{line.procedure_code: {{is: {code}}}}}}}\n"
        )
    };
    let lines = [
        line(with(massage(15, 1), json!({"diagnosis_codes": ["M545"], "service_date": "2021-09-30"}))),
        line(with(timed("97110", 15, 1), json!({"diagnosis_codes": ["M545"], "service_date": "2021-10-01"}))),
    ];
    for (code, fires) in [("97124", false), ("97110", true), ("97140", false)] {
        let run = crate::support::check_with_rules(&rule(code), &[("scenario.jsonl", &json_lines(&lines))]);
        assert_eq!(run.findings.iter().any(|one| one.code == "ACME1"), fires, "{code}: {:#?}", run.findings);
        assert_eq!(run.findings.iter().filter(|one| one.code == "D04").count(), 1);
    }
}

/// Days that no table holds are counted as not evaluated, in the past and in the future.
#[test]
fn s19_and_6_15_outside_the_table_nothing_is_guessed() {
    for (date, code, fires) in [
        ("2019-06-30", "M545", None),
        ("2019-06-30", "M791", None),
        ("2026-09-30", "M5450", None),
        ("2026-10-01", "M5450", None),
        ("2026-10-01", "S335A", None),
        ("2026-10-01", "M545", Some(WARNING)),
        ("2026-09-30", "M545", Some(ERROR)),
    ] {
        let facts = json!({"diagnosis_codes": [code], "service_date": date});
        let lines = [
            line(with(massage(15, 1), facts)),
            line(with(
                timed("97110", 15, 1),
                json!({
                    "diagnosis_codes": [code], "service_date": date
                }),
            )),
        ];
        let as_of: Date = date.parse().expect("a date");
        let run = engine::check(&request(as_of), &inputs(&[("scenario.jsonl", &json_lines(&lines))]));
        let of =
            |code: &str| run.findings.iter().find(|one| one.code == code).map(|one| one.severity.as_str());
        assert_eq!((of("D04"), of("D05")), (fires, None), "{date} {code}: {:#?}", run.findings);
        let untold =
            run.not_evaluated.iter().filter(|one| one.code == "D04").map(|one| one.lines).sum::<u64>();
        let judged = ("2019-07-01".."2026-10-01").contains(&date) || fires.is_some();
        assert_eq!(untold, if judged { 0 } else { 2 }, "{date} {code}");
    }
}

/// Three findings lay their hands on one line, whose dollars are at risk once.
#[test]
fn s25_one_line_and_three_faults() {
    let facts = json!({"modifiers": [], "diagnosis_codes": ["R52"], "rendering_taxonomy": "225700000X"});
    let faulty = with(massage(15, 1), facts);
    let run = check(&[("scenario.jsonl", &json_lines(&[line(faulty)]))]);
    assert_eq!((run.columns.at_risk.net.0, run.columns.at_risk.gross.0), (2976, 2976));
    assert_eq!(run.findings.iter().filter(|finding| finding.impact.counted).count(), 1);
}

#[test]
fn s27_a_pointer_past_the_last_diagnosis() {
    let edits = [("ABK:M5450", "ABK:M5450*ABF:M542"), ("UN*1***1~", "UN*1***3~")];
    assert_eq!(in_hi(&edits), [told("D07", 2879)]);
    assert_eq!(in_hi(&[edits[0], ("UN*1***1~", "UN*1***2~")]), []);
}

/// Of a pair with an evaluation no region is asked for, and no modifier is advised.
#[test]
fn a_reevaluation_is_not_told_apart_by_a_region() {
    let lines = [
        with(massage(15, 1), json!({"region": "lumbar"})),
        json!({"procedure_code": "97164", "region": "lumbar", "charge_amount": "120.00"}),
    ];
    let run = check(&[("scenario.jsonl", &json_lines(&lines.clone().map(line)))]);
    let [finding] = &run.findings[..] else { panic!("{:#?}", run.findings) };
    assert_eq!((finding.code.as_str(), finding.outcome.as_str()), ("P01", "assessment"));
    assert!(!finding.help.contains("59") && finding.help.contains("no region or time"), "{}", finding.help);
    let marked = [lines[0].clone(), with(lines[1].clone(), json!({"modifiers": ["GP", "59"]}))];
    expect("with a modifier", &marked, &[]);
}

#[test]
fn manipulation_is_the_business_of_one_rule() {
    let chiropractor = |facts: Value| {
        let own = json!({"claim_filing_indicator": "16", "rendering_taxonomy": "111N00000X"});
        with(facts, own)
    };
    let day = |region: &str| {
        [
            chiropractor(json!({"procedure_code": "98941", "modifiers": ["AT"], "region": "lumbar"})),
            chiropractor(with(timed("97140", 15, 1), json!({"modifiers": ["GP", "59"], "region": region}))),
        ]
    };
    expect("one region", &day("low back"), &[dollars("P06", WARNING, 2717, 2717)]);
    expect("two regions", &day("right shoulder"), &[]);
}

#[test]
fn codes_that_medicare_does_not_pay_separately() {
    let beside = |code: &str| [json!({"procedure_code": code}), timed("97110", 15, 1)];
    expect("status I", &beside("97014"), &[("P09", ERROR, None, None)]);
    expect("status B", &beside("97010"), &[("P09", INFO, None, None)]);
    expect("CI", &beside("97014").map(commercial), &[]);
    let run = check(&[("scenario.jsonl", &json_lines(&beside("97014").map(line)))]);
    assert_eq!(run.findings[0].message, "97014 is no code for this payer: it takes G0283");
    assert_eq!(run.columns.at_risk.net.0, 0, "nothing was to be had");
}

#[test]
fn a_therapist_in_a_hospital() {
    let at = |place: &str| [with(timed("97110", 15, 1), json!({"place_of_service": place}))];
    for place in ["19", "21", "22"] {
        expect(place, &at(place), &[dollars("V09", ERROR, 2879, 2879)]);
    }
    expect("11", &at("11"), &[]);
    expect("22 CI", &at("22").map(commercial), &[]);
}

/// What is charged below the fee is lost without a denial; it stands beside missing units and is said of no line that
/// is denied as a whole.
#[test]
fn charges_below_the_fee() {
    let charged = |facts: Value, charge: &str| with(facts, json!({"charge_amount": charge}));
    expect("fee", &[charged(massage(15, 1), "29.76")], &[]);
    expect("a cent", &[charged(massage(15, 1), "29.75")], &[("X16", INFO, None, None)]);
    expect("half", &[charged(massage(15, 1), "15.00")], &[dollars("X16", WARNING, 1476, 1476)]);
    expect("CI", &[commercial(charged(massage(15, 1), "15.00"))], &[]);

    // One unit of two: the unit is worth its own charge, and the charge of the one that is billed falls short.
    let short = charged(massage(30, 1), "15.00");
    expect(
        "beside T02",
        std::slice::from_ref(&short),
        &[dollars("T02", WARNING, 1500, 1500), dollars("X16", WARNING, 1476, 1476)],
    );
    let run = check(&[("scenario.jsonl", &json_lines(&[line(short)]))]);
    assert_eq!((run.columns.unbilled.net.0, run.columns.unbilled.gross.0), (2976, 2976));

    let denied = [charged(massage(15, 1), "15.00"), timed("97140", 15, 1)];
    expect("P01", &denied, &[dollars("P01", ERROR, 853, 1500)]);
    let massage_therapist =
        with(charged(massage(15, 1), "15.00"), json!({"rendering_taxonomy": "225700000X"}));
    expect("V01", &[massage_therapist], &[dollars("V01", ERROR, 1500, 1500)]);
    let with_modifier =
        |modifier: &str| with(charged(massage(15, 1), "15.00"), json!({"modifiers": ["GP", modifier]}));
    expect("52", &[with_modifier("52")], &[]);
    expect("GZ", &[with_modifier("GZ")], &[dollars("M04", WARNING, 1500, 1500)]);
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

/// A backup beside the export is named line for line, and makes nobody bill too many units, asked for or not.
#[test]
fn a_file_checked_twice_is_one_file() {
    let text = json_lines(&[line(massage(22, 1)), line(timed("97110", 16, 1))]);
    let once = check(&[("day.jsonl", &text)]);
    assert_eq!(once.clean_claims, 0, "38 minutes support three units: {:#?}", once.findings);
    let files = [("day.jsonl", text.as_str()), ("day.bak", text.as_str())];
    let twice = check(&files);
    let (copied, others): (Vec<_>, Vec<_>) = found(&twice).into_iter().partition(|(code, ..)| code == "X11");
    assert_eq!(found(&once), others);
    // 97124 leads the day; each copied line is worth what it would be paid beside it.
    assert_eq!(copied.iter().map(|(.., net, _)| *net).collect::<Vec<_>>(), [Some(2070), Some(2183)]);
    assert_eq!(twice.columns.at_risk.net.0, 2070 + 2183);
    assert_eq!(once.columns.unbilled, twice.columns.unbilled);
    assert!(twice.notes.is_empty(), "{:?}", twice.notes);
    let mut without = crate::support::request(Date::constant(2025, 4, 2));
    without.rules.select(&[], &["X11".to_owned(), "X14".to_owned()]).expect("a rule");
    let unasked = engine::check(&without, &crate::support::inputs(&files));
    assert_eq!(found(&once), found(&unasked));
    assert_eq!(once.columns, unasked.columns);
}

/// Copies of what stands in two claims say the same wherever the claims stand; every later line is named once.
#[test]
fn a_service_in_three_claims_is_named_twice() {
    let claims: Vec<Value> = ["A", "B", "C"]
        .iter()
        .map(|id| line(with(massage(15, 1), json!({"claim_id": id, "units": 1}))))
        .collect();
    let together = check(&[("day.jsonl", &json_lines(&claims))]);
    let files: Vec<String> = claims.iter().map(|claim| json_lines(std::slice::from_ref(claim))).collect();
    let apart = check(&[("a.jsonl", &files[0]), ("b.jsonl", &files[1]), ("c.jsonl", &files[2])]);
    assert_eq!(found(&together), found(&apart));
    assert_eq!(found(&together).iter().map(|(code, ..)| code.as_str()).collect::<Vec<_>>(), ["X11", "X11"]);
    let places: Vec<(u32, u32)> =
        apart.findings.iter().map(|finding| (finding.file, finding.related[0].file)).collect();
    assert_eq!(places, [(1, 0), (2, 0)]);
}

/// The balancing half of the scenario: a claim whose lines are charged more than the claim.
#[test]
fn s27_the_total_is_not_that_of_the_lines() {
    let day = |total: &str| {
        [("97124", "45.00"), ("97110", "50.00")].map(|(code, charge)| {
            with(timed(code, 15, 1), json!({"charge_amount": charge, "claim_charge_amount": total}))
        })
    };
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
    let run = crate::support::check_with_rules(rule, &[("scenario.jsonl", &json_lines(&[line(claim)]))]);
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
    let run = crate::support::check_with_rules(profile, &[("scenario.jsonl", &text)]);
    assert_eq!(severities(&run), [("member-id-refused".to_owned(), ERROR)]);
}
