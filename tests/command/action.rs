//! The GitHub Action: its script as a runner runs it, and its description held against the script.
#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A runner: what it gives a step, and what the step leaves.
struct Runner {
    folder: tempfile::TempDir,
}

impl Runner {
    fn new() -> Runner {
        Runner { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, inputs: &[(&str, &str)]) -> Output {
        let mut command = Command::new("bash");
        command
            .arg(Path::new(ROOT).join("action/check.sh"))
            .current_dir(Path::new(ROOT).join("fixtures/ci"))
            .env("CI", "true")
            .env("LC_ALL", "C.UTF-8")
            .env("XDG_DATA_HOME", self.path("no-tables"))
            .env("XDG_CONFIG_HOME", self.path("no-key"))
            .env("RUNNER_TEMP", self.folder.path())
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .env("INPUT_BINARY", env!("CARGO_BIN_EXE_cleanclaim"));
        for (name, value) in inputs {
            command.env(format!("INPUT_{name}"), value);
        }
        command.output().expect("bash")
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// The outputs of the step.
    fn output(&self, name: &str) -> Option<String> {
        let text = self.read("output");
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned)
    }
}

#[test]
fn a_step_annotates_sums_up_and_fails_as_it_is_told() {
    let runner = Runner::new();
    let ended = runner.run(&[("PATHS", "exports/\n"), ("ARGS", "--as-of\n2025-03-10\n")]);
    let said = String::from_utf8(ended.stdout).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{said}{}", String::from_utf8_lossy(&ended.stderr));
    let annotations: Vec<&str> = said.lines().take_while(|line| !line.starts_with("::group::")).collect();
    let error = annotations.iter().find(|line| line.starts_with("::error ")).expect("an annotation");
    assert!(error.contains("file=exports/2025-03-03.837,line=") && error.contains("P01"), "{error}");
    let summary = runner.read("summary");
    assert!(summary.contains("P01") && summary.contains("**at risk**"), "{summary}");
    assert_eq!(runner.output("exit-code").as_deref(), Some("1"));
    for (name, begins) in [("json", "{\"schema\":\"cleanclaim/1\""), ("sarif", "{"), ("summary", "#")] {
        let path = runner.output(name).unwrap_or_else(|| panic!("no output {name}"));
        assert!(fs::read_to_string(&path).unwrap().starts_with(begins), "{path}");
    }
    // Claim numbers and dates of service are nobody's business in a log.
    for shown in [&said, &summary] {
        let shown = shown.replace("2025-03-03.837", "the export");
        assert!(
            shown.contains("P01") && !shown.contains("WB-20") && !shown.contains("2025-03-03"),
            "{shown}"
        );
    }
}

#[test]
fn what_claims_say_is_no_command_of_the_runner() {
    let runner = Runner::new();
    let ended = runner.run(&[("PATHS", "exports/"), ("ARGS", "--as-of\n2025-03-10")]);
    let said = String::from_utf8(ended.stdout).unwrap();
    let at = said.find("::stop-commands::").expect("commands are stopped");
    let token = said[at + "::stop-commands::".len()..].lines().next().unwrap();
    assert!(token.len() > 32, "{token}");
    let again = said.find(&format!("\n::{token}::\n")).expect("and begin again");
    assert!(said[at..again].contains("ncci-pair"), "the text stands between: {said}");
}

#[test]
fn a_verdict_is_the_users() {
    let runner = Runner::new();
    let never = [("PATHS", "exports/"), ("FAIL_ON", "never"), ("ARGS", "--as-of\n2025-03-10")];
    assert_eq!(runner.run(&never).status.code(), Some(0));
    let too_much = [never.as_slice(), &[("MAX_AT_RISK", "1")]].concat();
    assert_eq!(runner.run(&too_much).status.code(), Some(1));
}

#[test]
fn a_step_without_claims_has_not_done_its_job() {
    let runner = Runner::new();
    for paths in ["", " \n\t\n", "no-such-export.837"] {
        let ended = runner.run(&[("PATHS", paths)]);
        assert_eq!(ended.status.code(), Some(2), "{paths:?}");
        assert_eq!(runner.output("exit-code").as_deref(), Some("2"), "{paths:?}");
        fs::remove_file(runner.path("output")).unwrap();
    }
}

#[test]
fn names_with_blanks_and_dashes_are_paths() {
    let runner = Runner::new();
    let export = runner.path("a b.837");
    fs::copy(Path::new(ROOT).join("fixtures/clean.837"), &export).unwrap();
    let paths = format!("{}\r\n", export.display());
    let ended = runner.run(&[("PATHS", &paths), ("ARGS", "--as-of\n2025-03-10")]);
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
    assert_eq!(runner.run(&[("PATHS", "--help")]).status.code(), Some(2));
}

#[test]
fn every_input_reaches_the_script() {
    let action = fs::read_to_string(Path::new(ROOT).join("action.yml")).unwrap();
    let script = fs::read_to_string(Path::new(ROOT).join("action/check.sh")).unwrap();
    for input in ["paths", "fail-on", "max-at-risk", "args", "binary"] {
        let variable = format!("INPUT_{}", input.to_uppercase().replace('-', "_"));
        assert!(action.contains(&format!("{variable}: ${{{{ inputs.{input} }}}}")), "{variable}");
        assert!(script.contains(&variable), "{variable}");
    }
    for output in ["exit-code", "json", "sarif", "summary"] {
        assert!(action.contains(&format!("steps.check.outputs.{output}")), "{output}");
        assert!(script.contains(&format!("{output}=")), "{output}");
    }
}
