//! Exit codes, flags and outputs through the program itself.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{fixture, repository};
use tempfile::TempDir;

struct Ended {
    code: i32,
    out: String,
    err: String,
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cleanclaim"));
    // The developer's own tables are not looked at.
    command
        .env("XDG_DATA_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-tables"))
        .env("XDG_CONFIG_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-key"))
        .env("CLEANCLAIM_KEY_FILE", "");
    command.env_remove("CI").env("NO_COLOR", "1").args(["check", "--as-of", "2025-04-02"]);
    command
}

fn ended(command: &mut Command) -> Ended {
    let output = command.output().expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
    Ended { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

fn day() -> PathBuf {
    repository("fixtures/clinic-day.837")
}

fn clean() -> PathBuf {
    repository("fixtures/clean.837")
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("a writable folder");
    }
    folder
}

#[test]
fn clean_claims_end_in_0_and_findings_in_1() {
    let run = ended(command().arg(clean()));
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("clean") && run.err.is_empty(), "{} {}", run.out, run.err);
    let run = ended(command().arg(day()));
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    assert!(run.out.contains("P01") && run.out.contains("$244.22"), "{}", run.out);
}

#[test]
fn other_files_are_named_and_end_in_2() {
    for (name, words) in [
        ("broken/institutional.837", "institutional claim file (837I, 005010X223A2)"),
        ("broken/old-version.837", "in an old version (837P, 004010"),
        ("broken/remittance.835", "remittance advice (835"),
        ("broken/cut-in-headers.837", "breaks off before it says what it holds"),
    ] {
        for format in ["text", "json"] {
            let run = ended(command().args(["--output", format]).arg(repository("fixtures").join(name)));
            assert_eq!(run.code, 2, "{name} {format}");
            let said = if format == "text" { run.out } else { run.err };
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(said.contains(words), "{name} {format}: {said}");
        }
    }
}

/// Also where it is too short to be looked for in words: a rule of one's own may name it.
#[test]
fn no_claim_number_is_shown_where_all_are_masked() {
    let rules = "- code: LK01\n  name: names-the-claim\n  severity: warning\n  summary: It names the claim\n  check: forbid\n  \
                 message: \"claim {claim_id}, {units} units\"\n  help: \"see {claim_id}\"\n";
    for (id, at_default) in
        [("7", "claim •••, 2 units"), ("Q8", "claim •••, 2 units"), ("Q-8", "claim Q-8, 2 units")]
    {
        let line = format!(
            r#"{{"claim_id":"{id}","service_date":"2025-03-03","procedure_code":"97110","units":2}}"#
        );
        let folder = folder(&[("leak.yaml", rules), ("leak.jsonl", &line)]);
        for format in ["text", "json", "concise", "html", "csv", "markdown"] {
            let mut command = command();
            command.current_dir(folder.path()).args(["leak.jsonl", "--rules", "leak.yaml", "--select", "LK"]);
            let run = ended(command.args(["--redact", "full", "--output", format]));
            let said = run.out.replace("2 units", "").replace(char::is_whitespace, " ");
            assert!(run.code == 0 && (said.contains("•••") || said.contains("###")), "{id} {format}: {said}");
            for named in [format!("claim {id},"), format!("see {id}"), format!("\"{id}\""), format!("({id})")]
            {
                assert!(!said.contains(&named), "{format}: {named}: {said}");
            }
        }
        let mut command = command();
        command.current_dir(folder.path()).args(["leak.jsonl", "--rules", "leak.yaml", "--select", "LK"]);
        let run = ended(command.args(["--output", "concise"]));
        assert!(run.out.contains(at_default), "{id}: {}", run.out);
    }
}

/// Cut off anywhere in its headers, a file in a folder is not one of the other things that lie there.
#[test]
fn a_file_that_breaks_off_in_its_headers_is_not_passed_over() {
    let clean = fixture("clean.837");
    let headers = clean.find("HL*1").expect("a level");
    for end in (5..headers).step_by(3).chain([105, 106, 107, headers]) {
        let folder = folder(&[("a.837", &clean), ("b.837", &clean[..end])]);
        let run = ended(command().arg(folder.path()));
        assert!(run.code == 1 || run.code == 2, "{end} bytes: {} {}", run.code, run.out);
    }
    // A whole file of another kind is passed over, as is an interchange that holds nothing but an acknowledgement of one.
    let isa = clean.split_inclusive('\n').next().expect("an ISA");
    let ta1 = format!("{isa}TA1*000000101*250304*0915*A*000~\nIEA*0*000000102~\n");
    for (name, other) in [("ta1", ta1), ("835", fixture("broken/remittance.835"))] {
        let folder = folder(&[("a.837", &clean), ("b.edi", &other)]);
        let run = ended(command().arg(folder.path()));
        assert_eq!(run.code, 0, "{name}: {}", run.out);
    }
}

#[test]
fn what_begins_as_an_837p_ends_in_findings() {
    for name in ["no-isa", "wrong-counts", "junk-segments", "no-trailers", "truncated", "unreadable-values"] {
        let run = ended(command().arg(repository(&format!("fixtures/broken/{name}.837"))));
        assert_eq!(run.code, 1, "{name}: {}", run.err);
    }
}

#[test]
fn what_could_be_read_is_reported_though_another_input_could_not() {
    let missing = Path::new("/nowhere/at/all.837");
    for other in [missing, &repository("fixtures/broken/remittance.835"), &repository("Cargo.toml")] {
        let run = ended(command().arg(day()).arg(other));
        assert_eq!(run.code, 2, "{}", other.display());
        assert!(run.out.contains("P01") && run.out.contains("$244.22"), "{}", run.out);
        let run = ended(command().args(["--fail-on", "never"]).arg(clean()).arg(other));
        assert_eq!(run.code, 2, "{}: never is about findings", other.display());
    }
}

#[test]
fn a_folder_may_hold_other_things() {
    let (clean, day) = (fixture("clean.837"), fixture("clinic-day.837"));
    let others = [
        ("notes.txt", "call the payer\n"),
        ("page.html", "<html></html>"),
        ("empty", ""),
        ("settings.ini", "[section]\nkey = 1\n"),
        ("package.json", "{\"name\": \"x\", \"version\": \"1.0\"}"),
        ("log.jsonl", "{\"level\": 1}\n{\"level\": 2}\n"),
        ("figures.json", "[1, 2, 3]"),
        ("letter.rtf", "{\\rtf1 Dear payer}"),
    ];
    let remittance = fixture("broken/remittance.835");
    let mut files = others.to_vec();
    files.push(("era.835", &remittance));
    files.push(("clean.837", &clean));
    let one = folder(&files);
    let run = ended(command().arg(one.path()));
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    assert!(
        run.out.contains("5 claims, 11 lines in 1 file"),
        "nothing is counted of what is passed over: {}",
        run.out
    );
    files.push(("day.837", &day));
    assert_eq!(ended(command().arg(folder(&files).path())).code, 1);
    // Named by hand, the same file is a job that could not be done.
    assert_eq!(ended(command().arg(one.path()).arg(one.path().join("era.835"))).code, 2);
}

#[test]
fn nothing_checked_is_no_success() {
    for files in [&[][..], &[("notes.txt", "call the payer\n")], &[("empty.jsonl", "\n\n")]] {
        let run = ended(command().args(["--fail-on", "never"]).arg(folder(files).path()));
        assert_eq!(run.code, 2, "{files:?}: {} {}", run.out, run.err);
    }
    let empty = folder(&[("empty.jsonl", "")]);
    assert_eq!(ended(command().arg(empty.path().join("empty.jsonl"))).code, 2);
    assert_eq!(ended(&mut command()).code, 2, "no input named");
    assert_eq!(ended(command().arg(day()).args(["--as-of", "soon"])).code, 2);
    assert_eq!(ended(command().arg(day()).args(["--select", "Z99"])).code, 2);
}

#[test]
fn the_severity_that_fails_a_run_is_chosen() {
    let code = |select: &str, fail_on: &str| {
        ended(command().arg(day()).args(["--select", select, "--fail-on", fail_on])).code
    };
    let codes = |select: &str| ["error", "warning", "info", "never"].map(|fail_on| code(select, fail_on));
    assert_eq!(codes("P01"), [1, 1, 1, 0], "an error");
    assert_eq!(codes("T02"), [0, 1, 1, 0], "a warning");
    assert_eq!(codes("T04"), [0, 0, 1, 0], "an info");
    assert_eq!(codes("T05"), [0, 0, 0, 0], "nothing");
}

#[test]
fn more_at_risk_than_allowed_fails_a_run() {
    let code = |most: &str| {
        let run = ended(command().arg(day()).args(["--fail-on", "never", "--max-at-risk", most]));
        assert_eq!(run.err.contains("at risk is more than"), run.code == 1, "{}", run.err);
        run.code
    };
    assert_eq!([code("244.21"), code("244.22"), code("0"), code("500")], [1, 0, 1, 0]);
}

#[test]
fn logs_of_a_build_machine_name_nobody() {
    let in_ci = |extra: &[&str]| ended(command().env("CI", "1").arg(day()).args(extra));
    for format in ["text", "json"] {
        let run = in_ci(&["--output", format]);
        assert_eq!(run.code, 1);
        assert!(!run.out.contains("LR-1002") && !run.out.contains("2025-03-03"), "{}", run.out);
        let run = ended(command().arg(day()).args(["--output", format]));
        assert!(run.out.contains("LR-1002"), "a biller finds the claim by it");
        let run = ended(command().arg(day()).args(["--output", format, "--redact", "full"]));
        assert!(!run.out.contains("LR-1002") && !run.out.contains("20250303"), "{}", run.out);
    }
    let refused = in_ci(&["--show-phi"]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    assert!(refused.err.contains("--show-phi-in-ci"), "{}", refused.err);
    assert_eq!(in_ci(&["--show-phi", "--show-phi-in-ci"]).code, 1);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    for format in ["text", "json"] {
        let mut child = command()
            .arg(day())
            .args(["--output", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the program ends");
        assert!(output.stderr.is_empty(), "{format}: {}", String::from_utf8_lossy(&output.stderr));
        assert_ne!(output.status.code(), Some(101), "{format}");
    }
}

#[test]
fn outputs_go_where_they_are_sent() {
    let place = folder(&[]);
    let path = place.path().join("run.json");
    let to = |path: &Path| format!("json={}", path.display());
    let run = ended(command().arg(day()).args(["--output", "text", "--output", "json"]));
    assert_eq!((run.code, run.out.as_str()), (2, ""), "two outputs on one screen: {}", run.err);
    let run = ended(command().arg(day()).args(["--output", "text", "--output", &to(&path)]));
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.out.contains("P01"));
    let first = std::fs::read_to_string(&path).expect("a report");
    assert!(first.contains("\"schema\":\"cleanclaim/1\""));
    let run = ended(command().arg(clean()).args(["--output", &to(&path)]));
    assert_eq!((run.code, run.out.as_str()), (0, ""));
    assert_ne!(std::fs::read_to_string(&path).expect("a report"), first, "the old report is replaced");
    let left: Vec<_> = std::fs::read_dir(place.path()).expect("a folder").collect();
    assert_eq!(left.len(), 1, "nothing but the report is left: {left:?}");
    let run = ended(command().arg(day()).args(["--output", &to(&place.path().join("no/such/run.json"))]));
    assert_eq!(run.code, 2);
    assert!(run.out.is_empty() && !run.err.is_empty());
}

/// In every format: what lies in a checked folder under the name of a report is the report of the run before, and is replaced.
#[test]
fn a_report_among_the_claims_is_replaced_by_the_next() {
    let day = std::fs::read_to_string(day()).expect("a fixture");
    let formats =
        "text concise json jsonl sarif github gitlab junit csv markdown html 999".split_whitespace();
    for format in formats {
        let place = folder(&[("day.837", day.as_str())]);
        let report = place.path().join("report");
        let check = |typed: &[&str]| {
            let to = format!("{format}={}", report.display());
            let run = ended(command().arg(place.path()).args(["--output", &to]).args(typed));
            assert_eq!((run.code, run.err.as_str()), (1, ""), "{format}");
            std::fs::read_to_string(&report).expect("a report")
        };
        let first = check(&[]);
        assert!(!first.is_empty());
        let again = check(&[]);
        assert_eq!(again.is_empty(), first.is_empty(), "{format}");
        assert_eq!(check(&[]), again, "{format}");
    }
}

/// Of claims in whatever form, of archives, and of acknowledgements that somebody else wrote or that are named as inputs.
#[test]
fn no_report_takes_the_place_of_what_is_no_report() {
    let day = std::fs::read_to_string(day()).expect("a fixture");
    let line = r#"{"claim_id": "A", "service_date": "2025-03-03", "procedure_code": "97124", "units": 1}"#;
    let place = folder(&[
        ("day.837", day.as_str()),
        ("claims.jsonl", line),
        ("cut.json", &format!("[{line}")),
        ("claims.csv", "claim_id,service_date,procedure_code,units\nA,2025-03-03,97124,1\n"),
    ]);
    let path = |name: &str| place.path().join(name);
    let check = |input: &Path, format: &str, name: &str| {
        let to = format!("{format}={}", path(name).display());
        ended(command().arg(input).args(["-q", "-o", "text", "-o", &to]))
    };
    let refused = |input: &Path, format: &str, name: &str| {
        let before = std::fs::read(path(name)).expect("a file");
        let run = check(input, format, name);
        assert_eq!(run.code, 2, "{format} {name}: {}", run.err);
        assert!(run.err.contains("no report takes its place"), "{format} {name}: {}", run.err);
        assert_eq!(std::fs::read(path(name)).expect("a file"), before, "{format} {name}");
    };
    let whole = place.path();
    for name in ["day.837", "claims.jsonl", "cut.json", "claims.csv"] {
        for format in ["json", "csv", "999"] {
            refused(whole, format, name);
        }
    }
    std::fs::remove_file(path("cut.json")).expect("a file");
    assert_eq!(check(whole, "999", "ours.999").code, 1);
    let ours = std::fs::read_to_string(path("ours.999")).expect("an acknowledgement");
    refused(&path("ours.999"), "999", "ours.999");
    let theirs = ours.replace("*0000*", "*0915*");
    assert_ne!(theirs, ours);
    std::fs::write(path("theirs.999"), &theirs).expect("a writable folder");
    refused(whole, "999", "theirs.999");
    refused(&path("theirs.999"), "999", "theirs.999");
    let mut archive = zip::ZipWriter::new(std::fs::File::create(path("week.zip")).expect("a file"));
    archive.start_file("a.jsonl", zip::write::SimpleFileOptions::default()).expect("a member");
    std::io::Write::write_all(&mut archive, line.as_bytes()).expect("written");
    archive.finish().expect("an archive");
    refused(&path("week.zip"), "json", "week.zip");
    refused(whole, "json", "week.zip");
    assert_eq!(check(whole, "999", "ours.999").code, 1);
    // Nor of earlier claims that a folder holds.
    let now = folder(&[("now.jsonl", &line.replace("\"A\"", "\"B\""))]);
    for name in ["day.837", "claims.jsonl", "claims.csv", "week.zip"] {
        let before = std::fs::read(path(name)).expect("a file");
        let to = format!("json={}", path(name).display());
        let mut command = command();
        command.arg(now.path()).arg("--history").arg(whole).args(["-q", "-o", "text", "-o", &to]);
        let run = ended(&mut command);
        assert!(run.code == 2 && run.err.contains("no report takes its place"), "{name}: {}", run.err);
        assert_eq!(std::fs::read(path(name)).expect("a file"), before, "{name}");
    }
}

/// A run that cannot be done leaves the last good report as it was.
#[test]
fn a_report_is_written_whole_or_not_at_all() {
    let place = folder(&[("run.json", "the last good report")]);
    let path = place.path().join("run.json");
    let run = ended(command().arg(day()).args([
        "--select",
        "Z99",
        "--output",
        &format!("json={}", path.display()),
    ]));
    assert_eq!(run.code, 2);
    assert_eq!(std::fs::read_to_string(&path).expect("the report"), "the last good report");
    assert_eq!(std::fs::read_dir(place.path()).expect("a folder").count(), 1);
}
