//! Reports, mended files and temporary files where there is no room, no permission or no reader left.

#![cfg(target_os = "linux")]

use std::fs;
use std::io::Read;
use std::path::Path;

use super::program::{AMPLE, Limits, Run, fixture, waited};

const FORMATS: [&str; 12] = [
    "text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "csv", "markdown", "html",
    "999",
];

const FULL: Limits = Limits { file: Some(512), ..AMPLE };

fn checked_with(limits: Limits, arguments: &[&str]) -> Run {
    let check = ["check", "--isolated", "--as-of", "2025-04-02", "--threads", "2"];
    Run::limited(limits, check.iter().chain(arguments))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_full_disk_behind_standard_output() {
    for format in FORMATS {
        let run = Run::check([&fixture("broken/wrong-counts.837"), "--output", format]);
        let ended = run.into_file("/dev/full").ended();
        ended.ends_in(2, "error: cannot write standard output: No space left on device");
    }
    for job in [
        &["rules", "list"][..],
        &["explain", "T01"],
        &["rules", "schema", "rule"],
        &["data", "list"],
        &["completions", "bash"],
        &["units", "97124=25"],
        &["config", "show", "--isolated"],
    ] {
        Run::of(job).into_file("/dev/full").ended().ends_in(2, "cannot write standard output");
    }
}

#[test]
fn a_full_disk_behind_a_report_named_by_its_path() {
    for format in FORMATS {
        let output = format!("{format}=/dev/full");
        let run = Run::check([&fixture("broken/wrong-counts.837"), "--output", &output]);
        run.ended().ends_in(2, "error: cannot write /dev/full: No space left on device");
    }
}

/// What was there stays, whole; nothing else lies beside it.
#[test]
fn a_disk_that_fills_while_a_report_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report");
    let many = tempfile::NamedTempFile::new().expect("a file");
    // Enough for every format to be longer than a block.
    fs::write(many.path(), fs::read_to_string(fixture("clinic-day.837")).expect("a fixture").repeat(4))
        .expect("written");
    let many = many.path().display().to_string();
    for format in FORMATS {
        fs::write(&path, "the old report").expect("written");
        let output = format!("{format}={}", path.display());
        let run = checked_with(FULL, &[&many, "--output", &output]).ended();
        run.ends_in(2, "cannot write");
        assert!(run.err.contains("report: File too large"), "{}", run.err);
        assert_eq!(fs::read_to_string(&path).ok().as_deref(), Some("the old report"), "{format}");
        assert_eq!(names(folder.path()), ["report"], "{format}");
    }
}

/// Whoever reads the report goes away: that is the reader's word, and the exit code is the run's.
#[test]
fn a_pipe_that_closes_while_a_report_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let many = folder.path().join("many.837");
    let day = fs::read_to_string(fixture("clinic-day.837")).expect("a fixture");
    // Enough that no pipe holds all of a report.
    fs::write(&many, day.repeat(12)).expect("written");
    for format in FORMATS {
        let mut child = Run::check([many.as_os_str(), "--output".as_ref(), format.as_ref()]).piped();
        let mut out = child.stdout.take().expect("a pipe");
        let mut start = [0; 10];
        out.read_exact(&mut start).expect("the beginning of a report");
        drop(out);
        let (code, _) = waited(&mut child);
        let mut err = String::new();
        child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("text");
        assert_eq!(
            (code, err.contains("error: cannot write"), err.contains("internal")),
            (Some(1), false, false),
            "{format}: {err}"
        );
    }
}

#[test]
fn a_disk_that_fills_while_a_file_is_mended() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("day.837");
    let clean = fs::read_to_string(fixture("clean.837")).expect("a fixture");
    let faulty = clean.replacen("HI*ABK:M5450~", "HI*ABK:M54.50~", 1);
    assert_ne!(faulty, clean);
    fs::write(&path, &faulty).expect("written");
    let name = path.display().to_string();
    let run = checked_with(FULL, &[&name, "--fix"]).ended();
    run.ends_in(2, "cannot mend");
    assert!(run.err.contains("day.837: File too large"), "{}", run.err);
    assert_eq!(fs::read_to_string(&path).ok(), Some(faulty.clone()));
    assert_eq!(names(folder.path()), ["day.837"]);
    // With room it is mended.
    checked_with(AMPLE, &[&name, "--fix"]).ended().ends_in(0, "");
    assert_eq!(fs::read_to_string(&path).ok(), Some(clean));
}

#[test]
fn a_mended_file_that_no_pipe_and_no_disk_takes() {
    let faulty = fs::read(fixture("broken/wrong-counts.837")).expect("a fixture");
    for flag in ["--fix", "--diff"] {
        let faulty = faulty.clone();
        let run = Run::check([flag, "-"]).fed(move |out| out.write_all(&faulty)).into_file("/dev/full");
        run.ended().ends_in(2, "cannot write standard output");
    }
}

#[test]
fn a_baseline_that_does_not_fit() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("baseline.json");
    let name = path.display().to_string();
    checked_with(
        FULL,
        &[&fixture("clinic-day.837"), "--output", "json=/dev/null", "--write-baseline", &name],
    )
    .ended()
    .ends_in(2, "cannot write");
    assert_eq!(names(folder.path()), [""; 0]);
}

/// What a run cannot hold in memory goes to temporary files; without them it fails by name, and says nothing it does not know.
#[test]
fn a_temporary_folder_that_is_missing_or_full() {
    let sessions = fixture("facts/sessions.csv");
    let day = fixture("facts/day.837");
    let tables = tempfile::tempdir().expect("a folder");
    let table = tables.path().join("table.csv");
    let rows = fs::read_to_string(fixture("maps/claim-lines.csv")).expect("a fixture");
    let (header, rows) = rows.split_once('\n').expect("a header");
    fs::write(&table, format!("{header}\n{}", rows.repeat(300))).expect("written");
    let table = table.display().to_string();
    let missing = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-such-folder");
    for limits in [AMPLE, FULL] {
        let tight = Limits { file: limits.file.map(|_| 1), ..limits };
        let place = if limits.file.is_some() { std::env::temp_dir() } else { missing.clone() };
        let feed = fs::read(&day).expect("a fixture");
        // Standard input that is read twice is put by.
        let run = checked_with(tight, &["-", "--sessions", &sessions, "--output", "json"]);
        let ended = run.with("TMPDIR", &place).fed(move |out| out.write_all(&feed)).ended();
        ended.ends_in(2, "cannot read -");
        // A map keeps what it converts.
        let run = checked_with(tight, &[&table, "--output", "json"]);
        run.with("TMPDIR", &place).ended().ends_in(2, "table.csv");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let many = folder.path().join("many.837");
    fs::write(&many, fs::read_to_string(&day).expect("a fixture").repeat(40)).expect("written");
    let many = many.display().to_string();
    for (limits, place) in [(AMPLE, missing), (Limits { file: Some(1), ..AMPLE }, std::env::temp_dir())] {
        for memory in ["1", "1K"] {
            // Facts that pass `--memory` are spilled; a run that has lost them tells no dollars.
            let run = checked_with(limits, &[&many, "--memory", memory, "--output", "json"]);
            let ended = run.with("TMPDIR", &place).ended();
            ended.ends_in(2, "temporary files cannot be ");
            let report: serde_json::Value = serde_json::from_str(&ended.out).expect("JSON");
            assert_eq!(
                (&report["summary"]["claims"], &report["findings"]),
                (&0.into(), &serde_json::json!([]))
            );
        }
    }
    // With room it is the run that it would be in memory.
    let roomy = |memory: &str| checked_with(AMPLE, &[&many, "--memory", memory, "--output", "json"]).ended();
    assert_eq!(roomy("1").out, roomy("256MB").out);
}
