//! Rules that could speak of one line, and of which one does.

#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeMap;

use crate::support::{check, inputs, json_lines, line, request};
use cleanclaim::claim::Date;
use cleanclaim::engine::{self, Request};
use cleanclaim::finding::{Run, Severity};
use cleanclaim::rules::{RuleFile, RuleSet};
use serde_json::{Value, json};

/// Codes of the findings of each line that are more than a remark, of `rules` alone.
fn by_line(run: &Run, rules: &[&str]) -> BTreeMap<(u32, u32, u16), Vec<String>> {
    let mut lines: BTreeMap<_, Vec<String>> = BTreeMap::new();
    let findings = run.findings.iter().filter(|finding| finding.severity > Severity::Info);
    for finding in findings.filter(|finding| rules.contains(&finding.code.as_str())) {
        lines.entry((finding.file, finding.claim, finding.line)).or_default().push(finding.code.clone());
    }
    lines
}

fn exercise(claim: &str, code: &str) -> Value {
    line(json!({"claim_id": claim, "procedure_code": code, "minutes": 15}))
}

/// A timed code twice in a claim is split; in two claims, or untimed, it is billed twice.
#[test]
fn a_line_is_split_or_a_duplicate_and_never_both() {
    let claims = |claims: &[(&str, &[&str])]| -> Run {
        let lines: Vec<Value> = claims
            .iter()
            .flat_map(|(id, codes)| codes.iter().map(|code| exercise(id, code)).collect::<Vec<_>>())
            .collect();
        check(&[("day.jsonl", &json_lines(&lines))])
    };
    let twice: &[&str] = &["97110", "97110"];
    for (run, split, duplicate) in [
        (claims(&[("A", twice)]), 1, 0),
        (claims(&[("A", &["97150", "97150"])]), 0, 1),
        (claims(&[("A", &["97110"]), ("B", &["97110"])]), 0, 1),
        (claims(&[("A", twice), ("B", &["97110"])]), 1, 1),
        (claims(&[("A", &["97110"]), ("B", twice)]), 0, 2),
        (claims(&[("A", twice), ("B", twice)]), 1, 2),
        (claims(&[("A", &["97110", "97150", "97110", "97150"])]), 1, 1),
    ] {
        let lines = by_line(&run, &["T07", "X11"]);
        assert!(lines.values().all(|codes| codes.len() == 1), "{lines:?}");
        let count = |code: &str| lines.values().flatten().filter(|found| *found == code).count();
        assert_eq!((count("T07"), count("X11")), (split, duplicate), "{lines:?}");
    }
    // The same file again: its lines are copies, and the first claim's second line is split as before.
    let text = json_lines(&[exercise("A", "97110"), exercise("A", "97110")]);
    let run = check(&[("monday.jsonl", &text), ("tuesday.jsonl", &text)]);
    let lines = by_line(&run, &["T07", "X11"]);
    let told: Vec<_> = lines.iter().map(|((file, _, line), codes)| (*file, *line, codes.join(" "))).collect();
    let expected = [(0, 2, "T07"), (1, 1, "X11"), (1, 2, "X11")];
    assert_eq!(told, expected.map(|(file, line, code)| (file, line, code.to_owned())));
}

/// V01, V02, V04, V05: one of a line, in that order.
#[test]
fn one_rule_speaks_of_who_rendered_a_line() {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for taxonomy in ["225700000X", "111N00000X", "225200000X", "224Z00000X", "225100000X", "208100000X"] {
        for note in [None, Some("massage by LMT")] {
            for assistant in [None, Some(15)] {
                for modifiers in [json!(["GP"]), json!(["GP", "CQ"]), json!(["GO", "CQ"])] {
                    let facts = json!({
                        "procedure_code": "97124", "minutes": 15, "rendering_taxonomy": taxonomy, "note": note,
                        "assistant_minutes": assistant, "modifiers": modifiers, "supervising_npi": "1000000335",
                    });
                    let run = check(&[("day.jsonl", &json_lines(&[line(facts)]))]);
                    let lines = by_line(&run, &["V01", "V02", "V04", "V05"]);
                    let codes: Vec<String> = lines.into_values().flatten().collect();
                    assert!(codes.len() <= 1, "{taxonomy} {note:?} {assistant:?} {modifiers}: {codes:?}");
                    let rule = codes.first().map_or("", String::as_str);
                    let wanted = match taxonomy {
                        "225700000X" => "V01",
                        "111N00000X" => "V02",
                        "225200000X" | "224Z00000X" => "V04",
                        _ if modifiers == json!(["GO", "CQ"]) => "V04",
                        _ if assistant.is_some() && modifiers == json!(["GP"]) => "V04",
                        _ if note.is_some() => "V05",
                        _ => "",
                    };
                    assert_eq!(rule, wanted, "{taxonomy} {note:?} {assistant:?} {modifiers}");
                    *seen.entry(rule.to_owned()).or_default() += 1;
                }
            }
        }
    }
    assert_eq!(seen.keys().map(String::as_str).collect::<Vec<_>>(), ["", "V01", "V02", "V04", "V05"]);
}

/// A payer that follows Medicare's rule on services incident to a physician, and has no list of refused types.
fn of_acme() -> Request {
    let profile = "profiles:\n  - {name: acme, like: commercial, payer-ids: [ACME1], incident-to-therapists-only: true}\n";
    let rules =
        RuleSet::with(&[RuleFile { name: "acme.yaml".to_owned(), text: profile.into() }]).expect("a profile");
    Request { rules, ..request(Date::constant(2025, 4, 2)) }
}

#[test]
fn a_supervised_massage_therapist_elsewhere() {
    let request = of_acme();
    let told = |facts: Value| {
        let mut all = json!({
            "claim_filing_indicator": "CI", "payer_id": "ACME1", "procedure_code": "97124", "minutes": 15,
            "rendering_taxonomy": "225700000X", "supervising_npi": "1000000335",
        });
        if let (Value::Object(all), Value::Object(facts)) = (&mut all, facts) {
            all.extend(facts);
        }
        let run = engine::check(&request, &inputs(&[("day.jsonl", &json_lines(&[line(all)]))]));
        let own = run.findings.iter().filter(|finding| finding.code == "V05");
        own.map(|one| (one.severity, one.impact.net.map(|net| net.0))).collect::<Vec<_>>()
    };
    assert_eq!(told(json!({})), [(Severity::Error, Some(2976))]);
    assert_eq!(told(json!({"rendering_taxonomy": "2255A2300X"})), [(Severity::Error, Some(2976))]);
    assert_eq!(told(json!({"rendering_taxonomy": "224Y00000X"})), [(Severity::Error, Some(2976))]);
    assert_eq!(told(json!({"supervising_npi": null})), [], "nobody supervises");
    assert_eq!(told(json!({"rendering_taxonomy": "225100000X"})), [], "a therapist");
    assert_eq!(told(json!({"payer_id": "60054"})), [], "another payer");
    let by_words = json!({"rendering_taxonomy": "208100000X", "note": "massage performed by LMT"});
    assert_eq!(told(by_words), [(Severity::Warning, Some(2976))]);
}

/// Lines of one file that agree in everything but who renders and supervises them: of which kind they are decides, and not
/// what is remembered of the line before.
#[test]
fn supervision_is_told_apart_from_line_to_line() {
    let request = of_acme();
    let (massage, therapist) = ("225700000X", "225100000X");
    let (one, other) = (json!("1000000335"), json!("1000000343"));
    let lines: Vec<Value> = [
        (massage, Value::Null),
        (massage, one.clone()),
        (massage, Value::Null),
        (massage, other),
        (therapist, one.clone()),
        (massage, one),
    ]
    .into_iter()
    .enumerate()
    .map(|(id, (taxonomy, supervising))| {
        line(json!({
            "claim_id": format!("C{id}"), "claim_filing_indicator": "CI", "payer_id": "ACME1", "procedure_code": "97124",
            "minutes": 15, "rendering_taxonomy": taxonomy, "supervising_npi": supervising,
        }))
    })
    .collect();
    let run = engine::check(&request, &inputs(&[("day.jsonl", &json_lines(&lines))]));
    let own = run.findings.iter().filter(|finding| finding.code == "V05");
    assert_eq!(own.map(|one| one.claim).collect::<Vec<_>>(), [2, 4, 6]);
}

/// What is missing is said as it is: units can be read and still not be those of the minutes.
#[test]
fn units_that_the_minutes_do_not_bear_out_are_told_from_units_that_cannot_be_read() {
    let of_assistant = |units: &str| {
        let facts = json!({"procedure_code": "97124", "minutes": 30, "assistant_minutes": 15, "units": 1});
        let lines = json_lines(&[line(facts)]).replace("\"units\":1", &format!("\"units\":{units}"));
        let run = check(&[("day.jsonl", &lines)]);
        let lacks = run.not_evaluated.into_iter().filter(|one| one.code == "V04");
        lacks.map(|one| (one.reason, one.lines)).collect::<Vec<_>>()
    };
    assert_eq!(of_assistant("2"), []);
    assert_eq!(of_assistant("4"), [("the minutes do not bear out the units".to_owned(), 1)]);
    assert_eq!(of_assistant("1"), [("the minutes do not bear out the units".to_owned(), 1)]);
    assert_eq!(of_assistant("1.5"), [("no readable units".to_owned(), 1)]);
}

/// The minutes of a day are counted together; which line has a unit too many, or one too few, its own minutes say.
#[test]
fn of_two_lines_of_one_code_the_one_that_its_own_minutes_do_not_bear_out_is_at_fault() {
    let of = |claim: &str, units: u32, minutes: u32, modifiers: &[&str]| {
        line(json!({
            "claim_id": claim, "procedure_code": "97112", "units": units, "minutes": minutes, "modifiers": modifiers,
            "rendering_npi": if claim == "A" { "1000000335" } else { "1000000228" },
        }))
    };
    let at_fault = |lines: &[Value]| {
        let run = check(&[("day.jsonl", &json_lines(lines))]);
        let found = run.findings.iter().filter(|one| matches!(one.code.as_str(), "T01" | "T02"));
        found
            .map(|one| (one.code.clone(), one.claim_id.clone(), one.impact.net.map(|net| net.0)))
            .collect::<Vec<_>>()
    };
    let said = |code: &str, claim: &str, net: i64| vec![(code.to_owned(), claim.to_owned(), Some(net))];
    let gp: &[&str] = &["GP"];
    for (right, wrong, expected) in [
        (of("A", 3, 45, gp), of("B", 2, 15, gp), said("T01", "B", 2426)),
        (of("A", 1, 15, gp), of("B", 3, 30, gp), said("T01", "B", 2426)),
        (of("A", 2, 30, gp), of("B", 1, 30, gp), said("T02", "B", 2426)),
        (of("A", 1, 15, gp), of("B", 1, 30, gp), said("T02", "B", 2426)),
        // The assistant's units are those of her minutes: the one too many is the therapist's, and paid in full.
        (of("A", 2, 30, &["GP", "CQ"]), of("B", 2, 15, gp), said("T01", "B", 2426)),
        (of("A", 2, 30, &["GP", "KX"]), of("B", 2, 15, gp), said("T01", "B", 2426)),
    ] {
        assert_eq!(at_fault(&[right.clone(), wrong.clone()]), expected, "{right} {wrong}");
        assert_eq!(at_fault(&[wrong, right]), expected);
    }
}

/// A first unit is the base code's, whichever of the two lines has the minutes: the add-on goes.
#[test]
fn of_a_base_code_and_its_add_on_the_add_on_is_one_too_many() {
    let of = |code: &str, minutes: u32| line(json!({"procedure_code": code, "minutes": minutes}));
    for (base, add_on) in [(5, 15), (15, 5), (10, 10)] {
        let lines = [of("97129", base), of("97130", add_on)];
        for lines in [lines.clone(), [lines[1].clone(), lines[0].clone()]] {
            let run = check(&[("day.jsonl", &json_lines(&lines))]);
            let found: Vec<_> = run.findings.iter().filter(|one| one.code == "T01").collect();
            assert_eq!(found.len(), 1, "{lines:?}");
            assert_eq!(lines[usize::from(found[0].line) - 1]["procedure_code"], "97130", "{lines:?}");
        }
    }
}

/// Of several lines of a column 1 code the gravest pair speaks, wherever they stand.
#[test]
fn of_several_pairs_of_two_codes_the_gravest_speaks() {
    let of = |code: &str, modifiers: &[&str], region: &str, times: [&str; 2]| {
        line(json!({
            "claim_filing_indicator": "CI", "procedure_code": code, "modifiers": modifiers, "region": region,
            "minutes": 15, "start": times[0], "end": times[1],
        }))
    };
    let massage = of("97124", &["GP", "59"], "lumbar", ["09:00", "09:15"]);
    let later = of("97140", &["GP"], "lumbar", ["09:15", "09:30"]);
    let at_once = of("97140", &["GP", "KX"], "lumbar", ["09:00", "09:15"]);
    let elsewhere = of("97140", &["GP", "KX"], "cervical", ["09:00", "09:15"]);
    let outcomes = |lines: &[&Value]| {
        let lines: Vec<Value> = lines.iter().map(|line| (*line).clone()).collect();
        let run = check(&[("day.jsonl", &json_lines(&lines))]);
        let found = run.findings.iter().filter(|finding| finding.code == "P04");
        found.map(|finding| (finding.outcome.clone(), finding.severity)).collect::<Vec<_>>()
    };
    let grave = vec![(String::new(), Severity::Warning)];
    for lines in [[&massage, &later, &at_once], [&massage, &at_once, &later], [&later, &massage, &at_once]] {
        assert_eq!(outcomes(&lines), grave);
    }
    let remark = vec![("separate-intervals".to_owned(), Severity::Info)];
    assert_eq!(outcomes(&[&massage, &later, &elsewhere]), remark);
    assert_eq!(outcomes(&[&massage, &elsewhere, &later]), remark);
    assert_eq!(outcomes(&[&massage, &elsewhere]), []);
}

/// What one code has too much is not made good by what another has too little: the day by its total is the lesser fault, and
/// the code that the total finds right is not named as short.
#[test]
fn of_two_counting_methods_the_one_that_finds_less_wrong_speaks() {
    let at = |indicator: &str, units: [u32; 2], minutes: [u32; 2]| {
        let of = |place: usize, code: &str| {
            line(json!({
                "claim_filing_indicator": indicator, "procedure_code": code, "units": units[place],
                "minutes": minutes[place],
            }))
        };
        let run = check(&[("day.jsonl", &json_lines(&[of(0, "97110"), of(1, "97112")]))]);
        let found = run.findings.iter().filter(|one| matches!(one.code.as_str(), "T01" | "T02" | "T03"));
        found.map(|one| (one.code.clone(), one.line)).collect::<Vec<_>>()
    };
    let said = |found: &[(&str, u16)]| -> Vec<(String, u16)> {
        found.iter().map(|(code, line)| ((*code).to_owned(), *line)).collect()
    };
    // 46 minutes are three units; code by code it would be one too few and one too many.
    assert_eq!(at("WC", [1, 3], [23, 23]), said(&[("T01", 2)]));
    assert_eq!(at("CI", [1, 3], [23, 23]), said(&[("T02", 1), ("T01", 2)]));
    // Both methods find the same code short.
    assert_eq!(at("WC", [1, 1], [30, 15]), said(&[("T02", 1)]));
    assert_eq!(at("WC", [2, 1], [30, 15]), said(&[]));
}
