//! Notes through the engine and the program: what is said of them, and that none of their words is shown.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use std::process::Command;

use crate::support::{check, line};
use cleanclaim::finding::{Finding, Severity};
use serde_json::{Value, json};

/// Words that nothing but the planted notes holds.
const PLANTED: [&str; 4] = ["Zebulon", "quokka", "pamper", "xylophone"];

/// A note for each rule that is a finding under it.
const NOTES: [(&str, &str, &str); 6] = [
    ("N01", "97124", "Zebulon: effleurage to neck, pampering with a quokka, goal xylophone"),
    ("N02", "97124", "Zebulon effleurage with quokka for xylophone playing"),
    ("N03", "97124", "Zebulon massage of neck with quokka for xylophone playing"),
    ("N04", "97124", "Zebulon effleurage of neck with quokka xylophone"),
    ("N06", "97124", "Zebulon joint mobilization of neck, quokka, xylophone playing"),
    ("N07", "97124", "Zebulon maintenance effleurage of neck, quokka, xylophone playing"),
];

fn findings(lines: &[Value]) -> Vec<Finding> {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let run = check(&[("notes.jsonl", &text)]);
    run.findings.into_iter().filter(|finding| finding.code.starts_with('N')).collect()
}

fn noted(code: &str, note: &str) -> Value {
    line(json!({"procedure_code": code, "minutes": 15, "note": note}))
}

#[test]
fn each_rule_fires_alone_and_warns() {
    for (code, procedure, note) in NOTES {
        let found = findings(&[noted(procedure, note)]);
        let said: Vec<&str> = found.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(said, [code], "{note}");
        assert_eq!(found[0].severity, Severity::Warning);
        assert_eq!(found[0].impact.net.map(|cents| cents.0), Some(2976), "{code}");
    }
}

#[test]
fn the_place_in_the_note_counts_characters_from_one() {
    let note = "M\u{fc}ller \u{2013} spa massage: effleurage to neck, goal driving";
    let found = findings(&[noted("97124", note)]);
    let at = note.chars().take_while(|letter| *letter != 's').count() + 1;
    assert!(found[0].message.contains(&format!("at character {at}, 11 long")), "{}", found[0].message);
    // Escapes of JSON are resolved before characters are counted.
    let escaped = noted("97124", "Line one\n\tspa massage: effleurage to neck, goal driving");
    let found = findings(&[escaped]);
    assert!(found[0].message.contains("at character 11, 11 long"), "{}", found[0].message);
}

#[test]
fn without_a_note_nothing_is_said_and_what_a_note_would_tell_is_counted() {
    let text = format!("{}\n", line(json!({"procedure_code": "97124", "minutes": 15})));
    let run = check(&[("none.jsonl", &text)]);
    assert!(run.findings.iter().all(|finding| !finding.code.starts_with('N')));
    let lacks: Vec<(&str, &str, u64)> = run
        .not_evaluated
        .iter()
        .filter(|lack| lack.code.starts_with('N'))
        .map(|lack| (lack.code.as_str(), lack.reason.as_str(), lack.lines))
        .collect();
    let rules = ["N01", "N02", "N03", "N04", "N05", "N06", "N07", "N08"];
    assert_eq!(lacks, rules.map(|code| (code, "no clinical note", 1)));
}

/// A line of a file, with or without a remark.
fn x12(remark: &str) -> String {
    let base = include_str!("../../rules/example-base.837").replace("HC:97110:GP", "HC:97124:GP");
    base.replace("NTE*ADD*15 MIN", &format!("NTE*ADD*{remark}"))
}

#[test]
fn a_billing_remark_is_read_for_what_it_holds_and_not_for_what_it_lacks() {
    let codes = |remark: &str| {
        let run = check(&[("day.837", &x12(remark))]);
        let found = run.findings.iter().filter(|finding| finding.code.starts_with('N'));
        found.map(|finding| (finding.code.clone(), finding.outcome.clone())).collect::<Vec<_>>()
    };
    let is = |code: &str| vec![(code.to_owned(), "billing-remark".to_owned())];
    assert_eq!(codes("15 MIN"), []);
    assert_eq!(codes("MASSAGE ON AND ON FOR A WHILE"), []);
    assert_eq!(codes("MAINTENANCE MASSAGE TO NECK"), []);
    assert_eq!(codes("RELAXATION MASSAGE TO NECK"), is("N01"));
    assert_eq!(codes("JOINT MOBS C5 GRADE III"), is("N06"));
}

struct Printed {
    out: String,
    err: String,
}

fn printed(file: &str, text: &str, flags: &[&str]) -> Printed {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(file);
    std::fs::write(&path, text).expect("a writable folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_cleanclaim"));
    command.env("XDG_DATA_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-tables"));
    command.env_remove("CI").env("NO_COLOR", "1").args(["check", "--as-of", "2025-04-02"]);
    let output = command.args(flags).arg(&path).output().expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
    Printed { out: text(output.stdout), err: text(output.stderr) }
}

/// A report without what rules say of themselves: they name words that they look for.
fn without_rules(report: &str) -> String {
    let mut report: serde_json::Value = serde_json::from_str(report).expect("a report");
    let rules = report.as_object_mut().expect("an object").remove("rules");
    assert!(rules.is_some_and(|rules| rules.is_array()));
    report.to_string()
}

#[test]
fn no_word_of_a_note_is_shown() {
    // Also of a note that is too long to be shown whole, and of one that is written with escapes.
    let filler = "effleurage to the neck for driving ".repeat(40);
    let long = format!("Zebulon {filler} quokka pampered {filler} xylophone");
    let escaped = "Zebulon\n\"quokka\"\tpampered \u{1f600} xylophone";
    let notes =
        NOTES.iter().map(|(_, code, note)| (*code, *note)).chain([("97124", &*long), ("97124", escaped)]);
    let json: String = notes.map(|(code, note)| format!("{}\n", noted(code, note))).collect();
    let remark = x12("ZEBULON PAMPERED WITH A QUOKKA AND XYLOPHONE");
    for (file, text) in [("notes.jsonl", json.as_str()), ("remark.837", remark.as_str())] {
        for format in ["text", "json"] {
            for level in ["default", "full"] {
                let run = printed(file, text, &["--output", format, "--redact", level]);
                assert!(run.out.contains("N01"), "{}{}", run.out, run.err);
                let out = if format == "json" { without_rules(&run.out) } else { run.out };
                let said = format!("{out}{}", run.err).to_lowercase();
                for word in PLANTED {
                    assert!(!said.contains(&word.to_lowercase()), "{word} in {file} as {format} at {level}");
                }
            }
            // The words can be shown at all, so their absence above means something.
            let shown = printed(file, text, &["--output", format, "--show-phi"]);
            assert!(shown.out.to_lowercase().contains("zebulon"), "{}", shown.out);
        }
    }
}
