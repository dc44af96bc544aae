//! Words that could name a patient, planted where they do not belong: no report and no error repeats them.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{fixture, json_lines, line};
use serde_json::json;
use tempfile::TempDir;

/// Invented, and no word of the program.
const PLANTED: &[&str] = &["zebulon", "quillfeather", "xanthe", "wombatsby"];

const OTHER_FORMATS: [&str; 8] =
    ["concise", "jsonl", "sarif", "github", "gitlab", "junit", "csv", "markdown"];

struct Ended {
    code: i32,
    /// Both outputs, without line breaks in the middle of words.
    said: String,
}

fn program(arguments: &[&str], ci: bool) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cleanclaim"));
    command
        .env("XDG_DATA_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-tables"))
        .env("XDG_CONFIG_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-key"))
        .env("CLEANCLAIM_KEY_FILE", "");
    command.env_remove("CI").env("NO_COLOR", "1").args(arguments);
    if ci {
        command.env("CI", "1");
    }
    let output = command.output().expect("the program runs");
    let mut said = String::from_utf8(output.stdout).expect("UTF-8");
    said.push_str(&String::from_utf8(output.stderr).expect("UTF-8"));
    Ended { code: output.status.code().unwrap_or(-1), said }
}

/// Every way to report on `path`; each with what was said.
fn every_report(path: &Path, more: &[&str]) -> Vec<(String, Ended)> {
    let path = path.display().to_string();
    let mut all = Vec::new();
    for format in ["text", "json", "html"] {
        for (redact, ci) in [("default", false), ("full", false), ("default", true)] {
            for ascii in [false, format == "text" && redact == "default" && !ci] {
                let mut arguments =
                    vec!["check", "--as-of", "2026-11-30", "--output", format, "--redact", redact, &path];
                arguments.extend(more);
                if ascii {
                    arguments.push("--ascii");
                }
                all.push((format!("{format} {redact} ci={ci} ascii={ascii}"), program(&arguments, ci)));
            }
        }
    }
    for (redact, ci) in [("default", false), ("full", false), ("default", true)] {
        all.push((format!("all others {redact} ci={ci}"), other_reports(&path, redact, ci, more)));
    }
    all
}

/// The formats that programs read, all of one run.
fn other_reports(path: &str, redact: &str, ci: bool, more: &[&str]) -> Ended {
    let folder = tempfile::tempdir().expect("a folder");
    let outputs: Vec<(PathBuf, String)> = OTHER_FORMATS
        .iter()
        .map(|format| {
            let file = folder.path().join(format);
            let output = format!("{format}={}", file.display());
            (file, output)
        })
        .collect();
    let mut arguments = vec!["check", "--as-of", "2026-11-30", "--redact", redact, path];
    arguments.extend(outputs.iter().flat_map(|(_, output)| ["--output", output.as_str()]));
    arguments.extend(more);
    let mut ended = program(&arguments, ci);
    for (file, _) in outputs.iter().filter(|(file, _)| file.exists()) {
        ended.said.push_str(&std::fs::read_to_string(file).expect("UTF-8"));
    }
    ended
}

/// The places where a planted word stands.
fn named(how: &str, ended: &Ended) -> Vec<String> {
    let said = ended.said.to_lowercase();
    let lines = said.lines().filter(|line| PLANTED.iter().any(|word| line.contains(word)));
    lines.map(|line| format!("{how}: {line}")).collect()
}

fn names_nobody(how: &str, ended: &Ended) {
    let leaks = named(how, ended);
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}

fn folder(name: &str, text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, text).expect("a writable folder");
    (folder, path)
}

#[test]
fn cells_of_json_that_have_slipped_a_column() {
    let name = "ZEBULON QUILLFEATHER";
    let cells = [
        ("procedure_code", json!(name)),
        ("procedure_code", json!("XANTHE")),
        ("modifiers", json!(["GP", name])),
        ("modifiers", json!(name)),
        ("modifiers", json!({"a": name})),
        ("diagnosis_codes", json!([name, "M5450"])),
        ("diagnosis_codes", json!(["XANTHE"])),
        ("diagnosis_pointers", json!([name])),
        ("place_of_service", json!(name)),
        ("units", json!("XANTHE")),
        ("charge_amount", json!("XANTHE 5")),
        ("minutes", json!(name)),
        ("assistant_minutes", json!(name)),
        ("start", json!(name)),
        ("end", json!("XANTHE")),
        ("service_date", json!(name)),
        ("service_date_end", json!("XANTHE")),
        ("region", json!(name)),
        ("laterality", json!("XANTHE")),
        ("prior_authorization", json!("XANTHE-77")),
        ("referral_number", json!("WOMBATSBY7")),
        ("line_control_number", json!("WOMBATSBY7")),
        ("patient_id", json!(name)),
        ("payer", json!(name)),
        ("claim_filing_indicator", json!(name)),
        ("payer_id", json!(name)),
        ("billing_npi", json!(name)),
        ("rendering_npi", json!("XANTHE")),
        ("referring_npi", json!(name)),
        ("rendering_taxonomy", json!(name)),
        ("billing_entity_type", json!(name)),
        ("state", json!(name)),
        ("zip", json!(name)),
        ("claim_frequency", json!(name)),
        ("delay_reason", json!(name)),
        ("line_number", json!(name)),
        ("visit", json!(name)),
        ("related_causes", json!([name])),
        ("accident_state", json!(name)),
        ("accident_date", json!(name)),
        ("birth_date", json!(name)),
        ("note", json!(name)),
        ("procedure_code", json!([name])),
        ("units", json!({"x": name})),
        ("procedure_code", json!("Zebulon \"Quillfeather\"")),
        ("procedure_code", json!("Zebulön Quillfeather")),
    ];
    let (mut said_anything, mut leaks) = (0, Vec::new());
    for (field, cell) in cells {
        let base = json!({"procedure_code": "97140", "minutes": 9, "units": 2, "charge_amount": "120.00"});
        let mut facts = base.clone();
        facts[field] = cell.clone();
        let other = json!({"procedure_code": "97124", "minutes": 15});
        let text = json_lines(&[line(facts), line(other)]);
        let (_folder, path) = folder("slipped.jsonl", &text);
        let path = path.display().to_string();
        for (format, redact, ci) in [
            ("text", "default", false),
            ("json", "default", false),
            ("json", "full", false),
            ("text", "full", true),
        ] {
            let arguments = ["check", "--as-of", "2026-11-30", "--output", format, "--redact", redact, &path];
            let ended = program(&arguments, ci);
            leaks.extend(named(&format!("{field} {cell} {format} {redact}"), &ended));
            said_anything += usize::from(ended.said.contains("•••"));
            assert!(ended.code == 1 || ended.code == 2, "{field}: {}", ended.code);
        }
    }
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
    assert!(said_anything > 60, "the cells are shown as masked: {said_anything}");
    let text = json_lines(&[line(json!({"procedure_code": name, "minutes": 9}))]);
    let (_folder, path) = folder("shown.jsonl", &text);
    let path = path.display().to_string();
    let shown = program(&["check", "--as-of", "2026-11-30", "--show-phi", &path], false);
    assert!(shown.said.contains("ZEBULON"), "shown to those who ask: {}", shown.said);
}

#[test]
fn cells_of_an_837_that_have_slipped_an_element() {
    let day = fixture("clinic-day.837");
    let sv1 = day.lines().find(|segment| segment.starts_with("SV1*")).expect("a service line");
    let elements: Vec<&str> = sv1.trim_end_matches('~').split('*').collect();
    for at in 1..elements.len() {
        for word in ["XANTHE", "Zebulon Quillfeather"].into_iter().skip(at % 2).take(1) {
            let mut slipped = elements.clone();
            slipped[at] = word;
            let text = day.replacen(sv1, &format!("{}~", slipped.join("*")), 1);
            let (_folder, path) = folder("slipped.837", &text);
            for (how, ended) in every_report(&path, &[]) {
                names_nobody(&format!("SV1 {at} {how}"), &ended);
                assert_eq!(ended.code, 1, "SV1 {at} {how}");
            }
        }
    }
    let clm = day.find("\nHI*").expect("diagnoses");
    for qualifier in ["G1", "9F", "F8", "6R", "EA"] {
        let mut text = day.clone();
        text.insert_str(clm + 1, &format!("REF*{qualifier}*WOMBATSBY7~\nREF*{qualifier}*WOMBATSBY7~\n"));
        let (_folder, path) = folder("numbers.837", &text);
        for (how, ended) in every_report(&path, &[]) {
            names_nobody(&format!("REF*{qualifier} {how}"), &ended);
        }
    }
}

#[test]
fn a_word_in_the_place_of_a_control_number() {
    let clean = fixture("clean.837");
    let set = clean.replacen("ST*837*0001", "ST*837*XANTHE", 1);
    let trailer = clean.replacen("*0001~\nGE*", "*XANTHE~\nGE*", 1);
    let group = clean.replacen("GE*1*101", "GE*1*XANTHE", 1);
    let header = clean.replacen("*0915*101*X*", "*0915*XANTHE*X*", 1);
    let interchange = clean.replacen("IEA*1*000000102", "IEA*1*XANTHE", 1);
    for text in [set, trailer, group, header, interchange] {
        assert_ne!(text, clean);
        let (_folder, path) = folder("control.837", &text);
        for (how, ended) in every_report(&path, &[]) {
            names_nobody(&how, &ended);
            assert!(ended.said.contains("X01") || ended.said.contains("X02"), "{how}: {}", ended.said);
        }
        for redact in ["default", "full"] {
            let diff = ["check", "--as-of", "2026-11-30", "--redact", redact, "--diff"];
            let path = path.display().to_string();
            let ended = program(&[&diff[..], &[path.as_str()]].concat(), false);
            names_nobody(&format!("--diff {redact}"), &ended);
        }
    }
}

#[test]
fn names_of_people_in_the_place_of_columns() {
    let table = "claim_id,procedure_code,procedure_modifier,quantity,charge_amount,revenue_code,XANTHE Q ZEBULON 123-45-6789\n\
                 A1,97124,GP,1,45.00,,\n";
    let (_folder, path) = folder("table.csv", table);
    for (how, ended) in every_report(&path, &[]) {
        names_nobody(&how, &ended);
        assert!(!ended.said.contains("123-45-6789"), "{how}: {}", ended.said);
        assert_eq!(ended.code, 0, "{how}: {}", ended.said);
    }
    let path = path.display().to_string();
    let ended = program(&["check", "--as-of", "2026-11-30", "--output", "json", &path], false);
    assert!(ended.said.contains("one whose name is not shown"), "{}", ended.said);
}

#[test]
fn a_wrong_file_given_to_rules_is_not_shown() {
    let day = fixture("clinic-day.837");
    let claims = day.replace("NTE*ADD*", "NTE*ADD*XANTHE ").replacen("NM1*IL*1*", "NM1*IL*1*ZEBULON", 1);
    for (name, text, what) in [
        ("phi.csv", "claim_id,note\nXANTHE,ZEBULON\n", "CSV"),
        ("phi.837", claims.as_str(), "an 837P"),
        ("phi.jsonl", "{\"claim_id\":\"XANTHE\",\"note\":\"ZEBULON\"}\n", "JSON claim lines"),
        ("phi.json", "[{\"claim_id\":\"XANTHE\",\"note\":\"ZEBULON\"}]\n", "JSON claim lines"),
    ] {
        let (_folder, path) = folder(name, text);
        let wrong = path.display().to_string();
        let mut all = every_report(&crate::support::repository("fixtures/clean.837"), &["--rules", &wrong]);
        all.push(("rules test".to_owned(), program(&["rules", "test", "--rules", &wrong], false)));
        for (how, ended) in all {
            names_nobody(&format!("{name} {how}"), &ended);
            let said = ended.said.split_whitespace().filter(|word| *word != "│" && *word != "|");
            let said = said.collect::<Vec<_>>().join(" ");
            assert!(said.contains(&format!("it looks like {what}")), "{name} {how}: {}", ended.said);
            assert_eq!(ended.code, 2);
        }
        for flag in ["--credentials", "--authorizations", "--sessions", "--ytd", "--denial-rates"] {
            for (how, ended) in
                every_report(&crate::support::repository("fixtures/clean.837"), &[flag, &wrong])
            {
                names_nobody(&format!("{flag} {name} {how}"), &ended);
                assert_eq!(ended.code, 2, "{flag} {name}: {}", ended.said);
            }
        }
    }
    let (_folder, path) = folder("mine.yaml", "- code: ZZ1\n  nam: mine\n");
    let rules = path.display().to_string();
    let ended = program(&["rules", "test", "--rules", &rules], false);
    assert!(ended.said.contains("nam: mine") && ended.code == 2, "a rule file is shown: {}", ended.said);
}

#[test]
fn full_redaction_hides_a_date_of_service_and_no_date_of_a_table() {
    let late = json_lines(&[line(json!({"procedure_code": "97140", "minutes": 15}))]);
    let (_folder, path) = folder("late.jsonl", &late);
    for (how, ended) in every_report(&path, &["--select", "X10"]) {
        assert!(ended.said.contains("X10"), "{how}: {}", ended.said);
        let words = ended.said.split_whitespace().collect::<Vec<_>>();
        let ago = words.windows(3).find(|words| words[1] == "days" && words[2].starts_with("ago"));
        let count = ago.expect(how.as_str())[0];
        let is_told = count.replace(',', "").parse::<u32>().is_ok();
        assert_eq!(is_told, how.contains("default ci=false"), "{how}: {count}");
    }
    // M54.5 was split on 2021-10-01.
    let split =
        json_lines(&[line(json!({"procedure_code": "97140", "minutes": 15, "diagnosis_codes": ["M545"]}))]);
    let (_folder, path) = folder("split.jsonl", &split);
    for (how, ended) in every_report(&path, &["--select", "D04,D05"]) {
        let said = ended.said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("2021-09-30"), "{how}: {}", ended.said);
        // What has no excerpt need not show the date, and never does where it may not.
        let shown = said.contains("2025-03-03");
        let may_show = how.contains("default ci=false");
        assert!(shown == may_show || (!shown && how.starts_with("all others")), "{how}: {}", ended.said);
    }
}

#[test]
fn a_folder_of_earlier_claims_holds_some() {
    let clean = crate::support::repository("fixtures/clean.837").display().to_string();
    let empty = tempfile::tempdir().expect("a folder");
    let (other, _) = folder("letter.txt", "Dear XANTHE,\n");
    for earlier in [empty.path(), other.path()] {
        let earlier = earlier.display().to_string();
        let ended = program(&["check", &clean, "--history", &earlier], false);
        assert_eq!(ended.code, 2, "{}", ended.said);
        assert!(ended.said.contains("no earlier claims in this folder"), "{}", ended.said);
    }
    let (some, path) = folder("earlier.jsonl", &json_lines(&[line(json!({"procedure_code": "97140"}))]));
    std::fs::write(some.path().join("letter.txt"), "Dear payer,\n").expect("a writable folder");
    for earlier in [some.path(), &path] {
        let earlier = earlier.display().to_string();
        let ended = program(&["check", &clean, "--history", &earlier, "--as-of", "2025-04-02"], false);
        assert_eq!(ended.code, 0, "{}", ended.said);
    }
}

#[test]
fn rules_of_a_user_break_no_carried_example() {
    let rule = "- code: ZZ1\n  name: everything\n  severity: warning\n  summary: Every line.\n  details: Every line.\n  \
                message: \"A line\"\n  help: None.\n  check: forbid\n";
    let (_folder, path) = folder("mine.yaml", rule);
    let rules = path.display().to_string();
    let ended = program(&["rules", "test", "--rules", &rules], false);
    let failed = ended.said.lines().filter(|line| line.starts_with("failed[")).collect::<Vec<_>>();
    assert!(failed.iter().all(|line| line.starts_with("failed[ZZ1]")), "{failed:?}");
    assert!(ended.said.contains("passed"), "{}", ended.said);
}

#[test]
fn a_number_out_of_range_is_told_in_words() {
    let (_folder, path) = folder(
        "mine.yaml",
        "profiles:\n  - name: mine\n    like: medicare\n    visit-limits: [{visits: -1}]\n",
    );
    let rules = path.display().to_string();
    let ended = program(&["rules", "test", "--rules", &rules], false);
    assert!(ended.said.contains("a whole number from 0 to 65535"), "{}", ended.said);
    assert!(!ended.said.contains("u16") && ended.code == 2, "{}", ended.said);
}
