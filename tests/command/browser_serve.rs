//! The served pages in a browser: `tests/browser/serve.mjs` drops files, picks files, reads the report, downloads and audits.
//!
//! Runs where `CLEANCLAIM_BROWSER` is 1. It wants `chromium`, and `node` with `npm ci` done in `tests/browser`.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a test that is skipped says so")]

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The program, without tables, keys and settings of this machine.
fn program(folder: &Path) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_cleanclaim"));
    program
        .current_dir(folder)
        .env("XDG_DATA_HOME", folder.join("no-tables"))
        .env("XDG_CONFIG_HOME", folder.join("no-key"))
        .env("CLEANCLAIM_KEY_FILE", "")
        .env_remove("CI");
    program
}

#[test]
fn a_session() {
    if std::env::var("CLEANCLAIM_BROWSER").as_deref() != Ok("1") {
        eprintln!("SKIPPED: CLEANCLAIM_BROWSER is not 1, so no browser looked at the served pages");
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser").join("serve");
    fs::create_dir_all(&folder).expect("a folder");
    for (name, from) in [("day.837", "clinic-day.837"), ("lines.jsonl", "clinic-day.jsonl")] {
        fs::copy(repository("fixtures").join(from), folder.join(name)).expect("a fixture");
    }
    let status = program(&folder)
        .args([
            "check",
            "day.837",
            "lines.jsonl",
            "--isolated",
            "--as-of",
            "2025-03-10",
            "--fail-on",
            "never",
        ])
        .args(["--output", "json=run.json", "--output", "csv=run.csv", "--output", "sarif=run.sarif"])
        .args(["--output", "html=run.html"])
        .status()
        .expect("the program runs");
    assert!(status.success());
    // Enough for the page to be seen while a check is under way, on one thread.
    let day = fs::read_to_string(folder.join("day.837")).expect("a fixture");
    fs::write(folder.join("large.837"), day.repeat(400)).expect("a file");
    let mut server = program(&folder)
        .args(["serve", "--isolated", "--as-of", "2025-03-10", "--max-upload", "64MiB", "--threads", "1"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut address = String::new();
    BufReader::new(server.stdout.as_mut().expect("standard output"))
        .read_line(&mut address)
        .expect("an address");
    let log = folder.join("browser.log");
    let out = File::create(&log).expect("a log");
    let status = Command::new("node")
        .arg(repository("tests/browser/serve.mjs"))
        .args([address.trim().as_ref(), folder.as_os_str()])
        .stdout(out.try_clone().expect("a log"))
        .stderr(out)
        .status();
    let _ = server.kill();
    let _ = server.wait();
    let told = fs::read_to_string(&log).expect("a log");
    println!("{told}");
    assert!(status.expect("node is installed").success(), "{told}");
}
