//! The acceptance scenarios through the command: from JSON lines, and from an 837P with what stands beside it.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

use crate::support::json_lines;
use crate::support::scenario::{INFO, Scenario, scenarios};
use serde_json::Value;

/// One finding: code, severity, net and gross in cents.
type Found = (String, String, Option<i64>, Option<i64>);

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cleanclaim"));
    // The developer's own tables are not looked at.
    command.env("XDG_DATA_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-tables"));
    command.env_remove("CI").env("NO_COLOR", "1");
    command
}

/// Runs the command over one file of the scenario, with the files that its flags name.
fn run(scenario: &Scenario, folder: &Path, file: &str, beside: &[(&str, &str)]) -> Value {
    let mut command = program();
    command.args(["check", "--output", "json", "--as-of", scenario.as_of]).arg(folder.join(file));
    let files =
        [("--rules", scenario.rules), ("--ytd", scenario.ytd), ("--credentials", scenario.credentials)];
    let files = files.into_iter().filter_map(|(flag, text)| Some((flag, text?)));
    for (flag, text) in files.chain(beside.iter().copied()) {
        let name = folder.join(format!("{}.{}", flag.trim_start_matches('-'), extension(flag)));
        std::fs::write(&name, text).expect("a writable folder");
        command.arg(flag).arg(name);
    }
    let output = command.output().expect("the program runs");
    let told = String::from_utf8_lossy(&output.stderr);
    let wanted = i32::from(scenario.expected.iter().any(|(_, severity, ..)| *severity == "error"));
    assert_eq!(output.status.code(), Some(wanted), "{} {file}: exit code; {told}", scenario.name);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{} {file}: {error}; {told}", scenario.name))
}

fn extension(flag: &str) -> &'static str {
    if matches!(flag, "--rules" | "--credentials") { "yaml" } else { "csv" }
}

#[track_caller]
fn compare(scenario: &Scenario, form: &str, run: &Value, mut expected: Vec<Found>) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut found: Vec<Found> = run["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|one| {
            let cents = |which: &str| one["impact"][which].as_i64();
            (text(&one["code"]), text(&one["severity"]), cents("net_cents"), cents("gross_cents"))
        })
        .collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "{} as {form}: {:#}", scenario.name, run["findings"]);
    assert_eq!(run["summary"]["clean_claims"], scenario.clean_claims(), "{} as {form}: clean", scenario.name);
    if let Some((net, gross)) = scenario.at_risk {
        let at_risk = &run["summary"]["at_risk"];
        let told = (at_risk["net_cents"].as_i64(), at_risk["gross_cents"].as_i64());
        assert_eq!(told, (Some(net), Some(gross)), "{} as {form}: at risk", scenario.name);
    }
}

fn expected(scenario: &Scenario) -> Vec<Found> {
    let owned = |&(code, severity, net, gross): &crate::support::Expected<'_>| {
        (code.to_owned(), severity.to_owned(), net, gross)
    };
    scenario.expected.iter().map(owned).collect()
}

#[test]
fn from_json_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    for mut scenario in scenarios() {
        if scenario.only_837 {
            continue;
        }
        scenario.expected.append(&mut scenario.also_in_json);
        let file = "scenario.jsonl";
        std::fs::write(folder.path().join(file), json_lines(&scenario.lines)).expect("a writable folder");
        compare(&scenario, "JSON lines", &run(&scenario, folder.path(), file, &[]), expected(&scenario));
    }
}

fn written(scenario: &Scenario) -> crate::synthetic::Written {
    let lines: Vec<crate::synthetic::Line> =
        scenario.lines.iter().map(|line| line.as_object().expect("an object").clone()).collect();
    crate::synthetic::written(&lines)
}

#[test]
fn from_an_837p_and_a_session_log() {
    let folder = tempfile::tempdir().expect("a folder");
    for scenario in scenarios() {
        let written = written(&scenario);
        std::fs::write(folder.path().join("scenario.837"), &written.x12).expect("a writable folder");
        let run = run(&scenario, folder.path(), "scenario.837", &[("--sessions", &written.sessions)]);
        compare(&scenario, "837P", &run, expected(&scenario));
    }
}

/// Without the log nothing is said of time but that it is not known; everything else is said as with it.
#[test]
fn from_an_837p_alone() {
    const TIMED: [&str; 6] = ["97124", "97140", "97110", "97112", "97116", "97035"];
    let folder = tempfile::tempdir().expect("a folder");
    let mut runs = 0;
    for mut scenario in scenarios() {
        if scenario.says_more_than_minutes() {
            continue;
        }
        scenario.expected.retain(|(code, ..)| !code.starts_with('T'));
        let is_timed = |line: &Value| TIMED.contains(&line["procedure_code"].as_str().unwrap_or_default());
        if scenario.lines.iter().any(is_timed) {
            scenario.expected.push(("T04", INFO, None, None));
        }
        std::fs::write(folder.path().join("scenario.837"), written(&scenario).x12)
            .expect("a writable folder");
        let run = run(&scenario, folder.path(), "scenario.837", &[]);
        compare(&scenario, "837P alone", &run, expected(&scenario));
        runs += 1;
    }
    assert!(runs > 40, "{runs} runs");
}
