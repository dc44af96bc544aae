//! The README says what is so: its commands exist, and its screenful is what the program prints.
#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use std::fs;
use std::path::Path;
use std::process::Command;

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    fs::read_to_string(path).expect("a README")
}

fn cleanclaim(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_cleanclaim"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("CI")
        .env("XDG_DATA_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-tables"))
        .env("XDG_CONFIG_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-key"))
        .env("CLEANCLAIM_KEY_FILE", "")
        .env("NO_COLOR", "1")
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("a program that runs");
    (output.status.code(), String::from_utf8(output.stdout).expect("text"))
}

/// The blocks of fenced code of one language.
fn fenced<'r>(readme: &'r str, language: &str) -> Vec<&'r str> {
    let fence = format!("```{language}\n");
    readme
        .split(fence.as_str())
        .skip(1)
        .filter_map(|rest| rest.split_once("```"))
        .map(|(code, _)| code)
        .collect()
}

#[test]
fn the_screenful_is_what_the_program_prints() {
    let readme = readme();
    let screen = fenced(&readme, "text").first().copied().expect("a screenful");
    let (command, shown) = screen.split_once('\n').expect("a command and its output");
    let typed = command.strip_prefix("$ cleanclaim ").expect("a command of the program");
    let (_, printed) = cleanclaim(&typed.split(' ').collect::<Vec<_>>());
    // Three dots on a line of their own stand for what is left out.
    for block in shown.split("\n⋮\n") {
        let block = block.trim_end();
        assert!(printed.contains(block), "the program does not print:\n{block}\n\nit prints:\n{printed}");
    }
}

#[test]
fn the_two_commands_that_set_it_up() {
    let readme = readme();
    let commands = fenced(&readme, "sh");
    assert_eq!(
        commands[0],
        "cargo run --release -- check fixtures/clinic-day.837 --as-of 2025-03-10 --fail-on never\n"
    );
    assert_eq!(commands[1], "cargo test\n");
    let (code, printed) =
        cleanclaim(&["check", "fixtures/clinic-day.837", "--as-of", "2025-03-10", "--fail-on", "never"]);
    assert_eq!(code, Some(0), "{printed}");
}

#[test]
fn every_rule_is_in_the_table() {
    let readme = readme();
    for rule in &cleanclaim::rules::RuleSet::builtin().rules {
        let (family, number) = rule.code.split_at(1);
        let number: u32 = number.parse().expect("a number");
        let named = readme.lines().filter(|line| line.starts_with("| ")).any(|line| {
            let codes = line.trim_start_matches("| ").split(" |").next().unwrap_or_default();
            codes.split(", ").any(|codes| match codes.split_once('–') {
                Some((from, to)) => {
                    from.starts_with(family)
                        && from[1..].parse::<u32>().is_ok_and(|from| from <= number)
                        && to[1..].parse::<u32>().is_ok_and(|to| number <= to)
                }
                None => codes == rule.code,
            })
        });
        assert!(named, "{} is not in the README's table", rule.code);
    }
}

#[test]
fn the_json_line_is_read() {
    let readme = readme();
    let line = fenced(&readme, "json").first().copied().expect("a claim line");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("line.jsonl");
    fs::write(&path, line).expect("a written file");
    let (code, printed) =
        cleanclaim(&["check", path.to_str().expect("a path"), "--as-of", "2025-03-10", "--output", "json"]);
    assert_eq!(code, Some(0), "{printed}");
    assert!(printed.contains(r#""code":"T02""#), "25 minutes support two units: {printed}");
}
