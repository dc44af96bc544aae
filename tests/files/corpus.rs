//! Real files of many makers: no panic, no hang, an honest verdict on each.
//!
//! The files are not ours to commit. `CLEANCLAIM_CORPUS` names a folder of them; without it nothing is checked, and
//! that is said. `tests/corpus-expectations.tsv` holds what each must come to: facts about the files, none of their
//! contents. `tests/corpus-oracle.tsv` holds every file of which another validator of the guide says otherwise, with who is
//! right. Run with `CLEANCLAIM_BLESS=1` to write both anew, then read the difference.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot be set up has failed"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::time::Duration;

use crate::support::{compare_or_bless, repository, request};
use cleanclaim::claim::Date;
use cleanclaim::engine;
use cleanclaim::finding::{Run, Severity, Verdict};
use cleanclaim::report::{Redaction, json, text};
use cleanclaim::source::Named;

/// No file of the corpus has more than some hundred kilobytes.
const LONG: Duration = Duration::from_secs(30);

/// The folder, unless nobody named one.
fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("CLEANCLAIM_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: CLEANCLAIM_CORPUS is not set");
    }
    folder
}

/// The files of the corpus by name, without the page that lists them.
fn files(folder: &Path) -> BTreeMap<String, PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder that CLEANCLAIM_CORPUS names");
    entries
        .map(|entry| entry.expect("an entry of the corpus").path())
        .filter(|path| path.is_file())
        .map(|path| (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), path))
        .filter(|(name, _)| !["MANIFEST.tsv", "README.md"].contains(&name.as_str()))
        .collect()
}

/// Checks one file, writes every report of it, and gives up after [`LONG`].
fn check(name: &str, path: &Path) -> Run {
    let named = Named::File { path: path.to_owned(), from_directory: false };
    let (done, wait) = channel();
    std::thread::spawn(move || {
        let run = engine::check(&request(Date::constant(2026, 11, 23)), &[named]);
        for redaction in [Redaction::Default, Redaction::Full, Redaction::ShowPhi] {
            let options = text::TextOptions { redaction, ..text::TextOptions::default() };
            text::render(&run, &options, &mut std::io::sink()).expect("a sink takes everything");
            json::render(&run, redaction, &mut std::io::sink()).expect("a sink takes everything");
        }
        // Nobody waits any more where it took too long.
        drop(done.send(run));
    });
    wait.recv_timeout(LONG).unwrap_or_else(|error| panic!("{name}: no verdict: {error}"))
}

/// Every finding's place lies in the file.
fn assert_places_are_inside(name: &str, path: &Path, run: &Run) {
    let length = std::fs::metadata(path).expect("a file of the corpus").len();
    for finding in &run.findings {
        assert!(finding.place.span.end() <= length, "{name}: {} lies past the end", finding.code);
    }
}

fn row(name: &str, run: &Run) -> String {
    let mut codes: BTreeMap<String, u64> = BTreeMap::new();
    for finding in &run.findings {
        let code = match finding.outcome.as_str() {
            "" => finding.code.clone(),
            outcome => format!("{}/{outcome}", finding.code),
        };
        *codes.entry(code).or_default() += 1;
    }
    let codes: Vec<String> = codes.iter().map(|(code, count)| format!("{code}={count}")).collect();
    let (verdict, what) = match &run.files[0].verdict {
        Verdict::Checked => ("checked", ""),
        Verdict::History => ("history", ""),
        Verdict::Suppressions => ("suppressions", ""),
        Verdict::NotClaims(what) => ("not claims", what.as_str()),
        Verdict::Failed(what) => ("failed", what.as_str()),
    };
    let what = what.split("; cleanclaim checks").next().unwrap_or_default();
    format!("{name}\t{verdict}\t{}\t{}\t{}\t{}\n", run.claims, run.lines, what, codes.join(" "))
}

#[test]
fn every_file_comes_to_an_honest_verdict() {
    let Some(folder) = corpus() else { return };
    let files = files(&folder);
    assert!(files.len() > 100, "a folder of {} files is no corpus", files.len());
    let mut table = String::from("file\tverdict\tclaims\tlines\twhat it is\tfindings\n");
    for (name, path) in &files {
        let run = check(name, path);
        assert_places_are_inside(name, path, &run);
        table.push_str(&row(name, &run));
    }
    compare_or_bless("tests/corpus-expectations.tsv", &table);
}

/// What somebody else, with other tools, wrote down about a file.
struct Known {
    transaction: String,
    claims: u64,
    lines: u64,
    quirks: String,
    oracle: String,
}

fn manifest(folder: &Path) -> BTreeMap<String, Known> {
    let text = std::fs::read_to_string(folder.join("MANIFEST.tsv")).unwrap_or_default();
    let known = text.lines().skip(1).filter_map(|line| {
        let mut columns = line.split('\t');
        let name = columns.next()?.to_owned();
        let transaction = columns.nth(2)?.to_owned();
        let claims = columns.next()?.parse().ok()?;
        let lines = columns.next()?.parse().ok()?;
        let quirks = columns.nth(1)?.to_owned();
        let oracle = columns.nth(1).unwrap_or_default().to_owned();
        Some((name, Known { transaction, claims, lines, quirks, oracle }))
    });
    known.collect()
}

/// Files of 5010 professional claims only, as the list of the corpus has it.
fn is_professional(known: &Known) -> bool {
    known.transaction.starts_with("837P 005010X222") && !known.transaction.contains("X223")
}

#[test]
fn the_corpus_list_counts_the_same_claims() {
    let Some(folder) = corpus() else { return };
    let known = manifest(&folder);
    let mut wrong = Vec::new();
    for (name, path) in files(&folder) {
        let Some(known) = known.get(&name) else { continue };
        let run = check(&name, &path);
        let is_checked = run.files[0].verdict == Verdict::Checked;
        if !is_professional(known) {
            // A guide's number can lie; professional lines do not. Nor does a list say much of a file without ISA.
            let may_be =
                known.lines > 0 && known.transaction.contains("005010X22") || known.transaction.contains('?');
            if is_checked && !may_be {
                wrong.push(format!("{name}: {} was checked", known.transaction));
            }
            continue;
        }
        if !is_checked {
            wrong.push(format!("{name}: {} was not checked", known.transaction));
        }
        if (run.claims, run.lines) != (known.claims, known.lines) {
            wrong.push(format!(
                "{name}: {} claims, {} lines; the list has {} and {}",
                run.claims, run.lines, known.claims, known.lines
            ));
        }
        let says: BTreeSet<bool> = run
            .findings
            .iter()
            .filter(|finding| finding.outcome == "se01-count")
            .map(|finding| finding.code == "X02")
            .collect();
        let (found, listed) = (says.contains(&true), known.quirks.contains("SE01 wrong"));
        if found != listed {
            wrong.push(format!("{name}: SE01 is wrong: here {found}, in the list {listed}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const ORACLE: &str = "tests/corpus-oracle.tsv";

/// The rules that hold a file against the guide; what else a payer's front door checks, the oracle does not.
const GUIDE: [&str; 5] = ["X01", "X02", "X03", "X04", "X05"];

/// Whether the guide allows the file, as far as errors go.
fn ours(run: &Run) -> &'static str {
    let broken = |code: &str| GUIDE.contains(&code);
    match run.findings.iter().any(|finding| finding.severity == Severity::Error && broken(&finding.code)) {
        true => "rejects",
        false => "accepts",
    }
}

/// What the oracle says: `OK`, `FAIL` with a count, or why it came to no verdict. Nothing, of files it was not asked.
fn theirs(oracle: &str) -> Option<&'static str> {
    match oracle {
        "" => None,
        "OK" => Some("accepts"),
        _ if oracle.starts_with("FAIL") => Some("rejects"),
        _ => Some("no verdict"),
    }
}

/// Who is right and why, as somebody found it out.
fn answers() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(repository(ORACLE)).unwrap_or_default();
    let rows = text.lines().skip(1).filter_map(|line| {
        let mut columns = line.splitn(4, '\t');
        Some((columns.next()?.to_owned(), columns.nth(2)?.to_owned()))
    });
    rows.collect()
}

#[test]
fn where_the_oracle_says_otherwise_somebody_looked() {
    let Some(folder) = corpus() else { return };
    let known = manifest(&folder);
    let answers = answers();
    let mut table = String::from("file\tours\ttheirs\tright\twhy\n");
    let mut asked = 0;
    for (name, path) in files(&folder) {
        let Some(theirs) = known.get(&name).and_then(|known| theirs(&known.oracle)) else { continue };
        let run = check(&name, &path);
        if run.files[0].verdict != Verdict::Checked {
            continue;
        }
        asked += 1;
        let ours = ours(&run);
        if ours != theirs {
            let answer = answers.get(&name).map_or("\t", String::as_str);
            table.push_str(&format!("{name}\t{ours}\t{theirs}\t{answer}\n"));
        }
    }
    assert!(asked > 50, "the oracle was asked about {asked} files");
    compare_or_bless(ORACLE, &table);
    let open: Vec<&str> = table.lines().filter(|line| line.ends_with('\t')).collect();
    assert!(open.is_empty(), "nobody said who is right:\n{}", open.join("\n"));
}
