//! The page in a browser: `tests/browser/page.mjs` opens it from disk, filters, opens claims, prints and audits it.
//!
//! Runs where `CLEANCLAIM_BROWSER` is 1. It wants `chromium`, `node` with `npm ci` done in `tests/browser`, and `pdftotext`.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a test that is skipped says so")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{json_lines, line, repository};
use serde_json::{Value, json};

/// Where pictures of the page are left to be looked at.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser").join(name);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Checks a file, and looks at its page.
fn look(name: &str, file: &Path, flags: &[&str]) {
    if std::env::var("CLEANCLAIM_BROWSER").as_deref() != Ok("1") {
        eprintln!("SKIPPED: CLEANCLAIM_BROWSER is not 1, so no browser looked at {name}");
        return;
    }
    let folder = folder(name);
    let (page, json) = (folder.join("report.html"), folder.join("run.json"));
    let status = Command::new(env!("CARGO_BIN_EXE_cleanclaim"))
        .env("XDG_DATA_HOME", folder.join("no-tables"))
        .env_remove("CI")
        .arg("check")
        .arg(file)
        .args(["--as-of", "2025-03-10", "--fail-on", "never", "--output"])
        .arg(format!("html={}", page.display()))
        .arg("--output")
        .arg(format!("json={}", json.display()))
        .args(flags)
        .status()
        .expect("the program runs");
    assert!(status.success());
    let log = folder.join("browser.log");
    let out = File::create(&log).expect("a log");
    let status = Command::new("node")
        .arg(repository("tests/browser/page.mjs"))
        .args([&page, &json, &folder])
        .stdout(out.try_clone().expect("a log"))
        .stderr(out)
        .status()
        .expect("node is installed");
    let told = fs::read_to_string(&log).expect("a log");
    println!("{told}");
    assert!(status.success(), "{told}");
}

#[test]
fn a_clinics_day() {
    look("clinic-day", &repository("fixtures/clinic-day.837"), &[]);
}

#[test]
fn a_clinics_day_with_everything_shown() {
    look("clinic-day-shown", &repository("fixtures/clinic-day.837"), &["--show-phi"]);
}

/// Claims whose numbers are markup, scripts and marks of direction.
#[test]
fn a_hostile_day() {
    let claims: Vec<Value> = (1..=5)
        .map(|number| {
            let id = format!("</code><img src=x onerror=alert({number})>\u{202e}\"'{number}");
            line(json!({"claim_id": id, "patient_id": format!("P-{number}"), "procedure_code": "97124", "minutes": 22,
                "units": 2, "payer_id": "MB001"}))
        })
        .collect();
    let file = folder("hostile").join("hostile.jsonl");
    fs::write(&file, json_lines(&claims)).expect("a writable folder");
    look("hostile", &file, &["--show-phi"]);
}
