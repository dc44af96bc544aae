//! The JSON Schemas that editors read from the repository are those that the program prints, and files of every sort hold to
//! them.
//!
//! Run with `CLEANCLAIM_BLESS=1` to write them anew.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::compare_or_bless;
use serde_json::Value;

const SCHEMAS: [&str; 6] = ["rule", "claim-line", "config", "suppressions", "map", "report"];

fn printed(what: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_cleanclaim"))
        .args(["rules", "schema", what])
        .output()
        .expect("a program that runs");
    assert!(output.status.success(), "{what}");
    String::from_utf8(output.stdout).expect("text")
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn the_published_schemas_are_those_of_the_program() {
    for what in SCHEMAS {
        compare_or_bless(&format!("schemas/{what}.schema.json"), &printed(what));
    }
    let published = fs::read_dir(path("schemas")).expect("the folder of schemas").count();
    assert_eq!(published, SCHEMAS.len(), "schemas/ holds these and no other");
}

/// What stands in a YAML file, as an editor's language server reads it.
fn yaml(file: &Path) -> Value {
    let text = fs::read_to_string(file).expect("readable");
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(path(folder)).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.filter(|file| file.to_string_lossy().ends_with(ending)).collect()
}

/// What the schema of `what` says against `value`: where, in the file and in the schema. What stands there is left out.
fn complaints(what: &str, value: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(&printed(what)).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    validator
        .iter_errors(value)
        .map(|error| {
            format!("{}: {:?} ({})", error.instance_path(), error.kind(), error.schema_path())
                .chars()
                .take(400)
                .collect()
        })
        .collect()
}

#[test]
fn files_of_every_sort_hold_to_their_schema() {
    let mut sorts: Vec<(&str, Vec<PathBuf>)> = vec![
        ("rule", files("rules", ".yaml")),
        ("map", files("maps", ".yaml")),
        ("config", vec![path("fixtures/ci/cleanclaim.yaml")]),
        ("suppressions", vec![path("fixtures/suppressions.yaml"), path("fixtures/ci/suppressions.yaml")]),
    ];
    sorts[0].1.extend([path("fixtures/rules/acme.yaml"), path("fixtures/ci/rules/our-clinic.yaml")]);
    sorts[0].1.retain(|file| !file.ends_with("example-defaults.yaml"));
    for (what, files) in sorts {
        assert!(!files.is_empty(), "{what}");
        for file in files {
            let complaints = complaints(what, &yaml(&file));
            assert!(complaints.is_empty(), "{}:\n{}", file.display(), complaints.join("\n"));
        }
    }
    for file in ["clinic-day.jsonl", "treatment-times.jsonl", "visits.jsonl", "money-day.jsonl"] {
        let text = fs::read_to_string(path("fixtures").join(file)).expect("readable");
        for line in text.lines() {
            let complaints = complaints("claim-line", &serde_json::from_str(line).expect("JSON"));
            assert!(complaints.is_empty(), "{file}: {line}\n{}", complaints.join("\n"));
        }
    }
}

#[test]
fn what_a_line_may_say_in_several_ways_holds() {
    let lines = [
        serde_json::json!({"procedure_code": 97110, "modifiers": [59, "GP"], "place_of_service": 11}),
        serde_json::json!({"procedure_code": "97110", "service_date": 20_250_303, "diagnosis_codes": null}),
    ];
    for line in lines {
        assert_eq!(complaints("claim-line", &line), [""; 0], "{line}");
    }
}

#[test]
fn what_does_not_hold_is_told() {
    let wrong = [
        ("rule", serde_json::json!([{"code": "T01", "severity": "grave"}])),
        ("config", serde_json::json!({"selct": ["T"]})),
        ("suppressions", serde_json::json!([{"rule": "T01"}])),
        ("map", serde_json::json!({"reads": "xlsx"})),
        ("claim-line", serde_json::json!({"units": 2})),
        ("claim-line", serde_json::json!({"procedure_code": ["97110"]})),
    ];
    for (what, value) in wrong {
        assert!(!complaints(what, &value).is_empty(), "{what} takes {value}");
    }
}
