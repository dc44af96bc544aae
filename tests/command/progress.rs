//! How far a run is: counted rightly, and told to nobody but a person at a terminal.

#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use crate::support::{fixture, inputs, request};
use cleanclaim::claim::Date;
use cleanclaim::engine::{self, Progress, Request};
use cleanclaim::side;
use cleanclaim::source::Named;

fn run(request: Request, inputs: &[Named]) -> (cleanclaim::finding::Run, Arc<Progress>) {
    let progress = Arc::new(Progress::default());
    let request = Request { progress: Some(Arc::clone(&progress)), ..request };
    (engine::check(&request, inputs), progress)
}

#[test]
fn the_counts_are_right_at_the_end() {
    let (day, lines) = (fixture("clinic-day.837"), fixture("clean.jsonl"));
    let letter = "Dear payer,\n".repeat(900);
    let files = inputs(&[("day.837", &day), ("letter.txt", &letter), ("lines.jsonl", &lines)]);
    let size = (day.len() + letter.len() + lines.len()) as u64;
    for (threads, unit_size) in [(1, 1 << 20), (3, 4096)] {
        let asked = Request { threads, unit_size, ..request(Date::constant(2025, 4, 2)) };
        let (run, progress) = run(asked, &files);
        assert_eq!((progress.bytes(), progress.total()), (size, Some(size)), "what is no claims counts too");
        assert_eq!(progress.claims(), run.claims);
        assert_eq!(progress.findings(), run.findings.len() as u64);
        assert!(progress.is_settling() && run.claims > 10 && !run.findings.is_empty());
    }
}

#[test]
fn earlier_claims_are_read_and_are_no_claims_of_the_run() {
    let (day, earlier) = (fixture("split-day-afternoon.837"), fixture("split-day-morning.837"));
    let asked =
        Request { history: inputs(&[("morning.837", &earlier)]), ..request(Date::constant(2025, 4, 2)) };
    let (run, progress) = run(asked, &inputs(&[("afternoon.837", &day)]));
    assert_eq!(progress.bytes(), (day.len() + earlier.len()) as u64);
    assert_eq!(progress.claims(), run.claims);
}

#[test]
fn with_a_session_log_inputs_are_read_twice() {
    let day = fixture("clinic-day.837");
    let log = "claim_id,line,service_date,minutes\nLR-1001,1,2025-03-03,25\n";
    let sessions = side::session_log("log.csv", log.as_bytes()).expect("a log");
    let asked = Request { sessions, ..request(Date::constant(2025, 4, 2)) };
    let (run, progress) = run(asked, &inputs(&[("day.837", &day)]));
    assert_eq!((progress.bytes(), progress.total()), (2 * day.len() as u64, Some(2 * day.len() as u64)));
    assert_eq!(progress.claims(), run.claims);
}

#[test]
fn where_something_is_packed_no_total_is_promised() {
    let day = fixture("clinic-day.837");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(day.as_bytes()).expect("a vector takes everything");
    let packed = packed.finish().expect("a vector takes everything");
    let (run, progress) = run(request(Date::constant(2025, 4, 2)), &[Named::memory("day.837.gz", &packed)]);
    assert_eq!((progress.bytes(), progress.total()), (day.len() as u64, None));
    assert_eq!(progress.claims(), run.claims);
}

#[test]
fn a_long_run_says_nothing_on_a_pipe() {
    let day = fixture("clinic-day.837");
    let (first, second) = day.split_at(day.len() / 2);
    let mut child = Command::new(env!("CARGO_BIN_EXE_cleanclaim"))
        .args(["check", "-", "--as-of", "2025-04-02"])
        .env("XDG_DATA_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-tables"))
        .env("XDG_CONFIG_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-key"))
        .env("TERM", "xterm")
        .env_remove("CI")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(first.as_bytes()).expect("it reads");
    sleep(Duration::from_millis(1_600));
    stdin.write_all(second.as_bytes()).expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
