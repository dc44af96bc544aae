//! Small files cut off at every byte and with one bit flipped at every position, through the same calls as the program's.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::LazyLock;

use cleanclaim::claim::Date;
use cleanclaim::config::Config;
use cleanclaim::engine::{self, Request};
use cleanclaim::finding::{Run, Severity, Verdict};
use cleanclaim::import;
use cleanclaim::report::{Redaction, json};
use cleanclaim::rules::{RuleFile, RuleSet};
use cleanclaim::side;
use cleanclaim::source::{Named, expand};
use zip::write::SimpleFileOptions;

use crate::support::{self, fixture, repository, tables};

/// Put together once: thousands of checks want it.
static REQUEST: LazyLock<Request> = LazyLock::new(|| support::request(Date::constant(2025, 4, 2)));

/// One claim, its envelope and nothing else.
pub(crate) fn one_claim() -> String {
    let clean = fixture("clean.837");
    let segments: Vec<&str> = clean.split_inclusive('~').collect();
    let is = |segment: &str, id: &str| segment.trim_start().starts_with(id);
    let second = segments.iter().enumerate().filter(|(_, segment)| is(segment, "HL*")).nth(2);
    let end = second.map_or(segments.len(), |(at, _)| at);
    let end = end.min(segments.iter().position(|segment| is(segment, "SE*")).expect("an SE"));
    let body: Vec<&str> = segments[..end].to_vec();
    let count = body.len() - body.iter().position(|segment| is(segment, "ST*")).expect("an ST") + 1;
    let number = |id: &str, element: usize| {
        let segment = body.iter().find(|segment| is(segment, id)).expect("a head");
        segment.trim().trim_end_matches('~').split('*').nth(element).expect("a number").to_owned()
    };
    let (isa, gs, st) = (number("ISA*", 13), number("GS*", 6), number("ST*", 2));
    format!("{}\nSE*{count}*{st}~\nGE*1*{gs}~\nIEA*1*{isa}~\n", body.concat())
}

fn check(named: &[Named]) -> Run {
    let run = engine::check(&REQUEST, named);
    let mut out = Vec::new();
    json::render(&run, Redaction::Default, &mut out).expect("a vector takes everything");
    run
}

fn check_bytes(bytes: &[u8]) -> Run {
    let run = check(&[Named::memory("input", bytes)]);
    assert!(run.findings.iter().all(|finding| finding.place.span.end() <= bytes.len() as u64));
    run
}

fn is_refused(run: &Run) -> bool {
    run.files.is_empty() || run.files.iter().any(|file| matches!(file.verdict, Verdict::Failed(_)))
}

fn has_errors(run: &Run) -> bool {
    run.findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// Every length short of all, and nothing is called clean.
#[test]
fn an_837p_cut_off_at_every_byte() {
    let text = one_claim();
    let whole = check_bytes(text.as_bytes());
    assert!(!has_errors(&whole) && !is_refused(&whole), "{:?}", whole.findings);
    let last = text.trim_end().trim_end_matches('~').len();
    for end in 0..last {
        let run = check_bytes(&text.as_bytes()[..end]);
        assert!(has_errors(&run) || is_refused(&run), "cut off at {end} it passes");
    }
}

#[test]
fn json_lines_and_arrays_cut_off_at_every_byte() {
    let lines: String = fixture("clean.jsonl").lines().take(2).map(|line| format!("{line}\n")).collect();
    let first = lines.find('\n').expect("two lines");
    for end in 0..lines.len() - 1 {
        let run = check_bytes(&lines.as_bytes()[..end]);
        let is_whole = end == first || end == first + 1;
        assert!(is_whole || has_errors(&run) || is_refused(&run), "cut off at {end} it passes");
    }
    let array = format!("[{}]", lines.trim_end().replace('\n', ","));
    for end in 0..array.len() {
        let run = check_bytes(&array.as_bytes()[..end]);
        assert!(has_errors(&run) || is_refused(&run), "cut off at {end} it passes");
    }
}

/// A row that is cut off states less: it is read or passed over, and no panic is among the answers.
#[test]
fn a_table_cut_off_at_every_byte_and_with_every_bit_position_flipped() {
    let text = fixture("maps/claim-lines.csv");
    let table = &text.as_bytes()[..text.len().min(700)];
    for end in 0..table.len() {
        check_bytes(&table[..end]);
        check_bytes(&flipped(table, end, end % 8));
    }
}

#[test]
fn an_837p_with_a_bit_flipped_at_every_position() {
    let text = one_claim();
    for at in 0..text.len() {
        check_bytes(&flipped(text.as_bytes(), at, at % 8));
    }
}

#[test]
fn json_with_a_bit_flipped_at_every_position() {
    let lines: String = fixture("clean.jsonl").lines().take(1).map(|line| format!("{line}\n")).collect();
    for at in 0..lines.len() {
        for bit in [at % 8, (at + 3) % 8] {
            check_bytes(&flipped(lines.as_bytes(), at, bit));
        }
    }
}

fn flipped(bytes: &[u8], at: usize, bit: usize) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[at] ^= 1 << bit;
    changed
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("a vector takes everything");
    encoder.finish().expect("a vector takes everything")
}

/// Its checksum tells: what is damaged is refused, or says what the whole one says.
#[test]
fn gzip_cut_off_at_every_byte_and_with_every_bit_position_flipped() {
    let packed = gzip(one_claim().as_bytes());
    let whole = check_bytes_packed(&packed);
    for at in 0..packed.len() {
        let cut = check_bytes_packed(&packed[..at]);
        assert!(is_refused(&cut), "cut off at {at} it is read");
        for bit in [at % 8, (at + 5) % 8] {
            let run = check_bytes_packed(&flipped(&packed, at, bit));
            assert!(is_refused(&run) || run == whole, "bit {bit} of byte {at} is not noticed");
        }
    }
}

fn check_bytes_packed(bytes: &[u8]) -> Run {
    check(&[Named::memory("input.gz", bytes)])
}

#[test]
fn a_zip_cut_off_at_every_byte_and_with_every_bit_position_flipped() {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("day.837", SimpleFileOptions::default()).expect("a member");
    writer.write_all(one_claim().as_bytes()).expect("written");
    let packed = writer.finish().expect("an archive").into_inner();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("day.zip");
    let checked = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("written");
        let named = expand(std::slice::from_ref(&path)).expect("a file that is there");
        // The names of members may be flipped as well as their contents.
        let run = check(&named);
        (is_refused(&run) || run.claims == 0, run.findings.len(), run.claims)
    };
    let whole = checked(&packed);
    assert!(!whole.0);
    for at in 0..packed.len() {
        assert!(checked(&packed[..at]).0, "cut off at {at} it is read");
        let run = checked(&flipped(&packed, at, at % 8));
        assert!(run.0 || run == whole, "byte {at}: {run:?}");
    }
}

/// Every truncation and flip of `bytes`, to something that must not panic.
fn put_through(bytes: &[u8], mut to: impl FnMut(&[u8])) {
    for at in 0..bytes.len() {
        to(&bytes[..at]);
        to(&flipped(bytes, at, at % 8));
    }
}

#[test]
fn rules_configurations_and_suppressions_cut_off_and_flipped() {
    let rules = fs::read(repository("fixtures/rules/acme.yaml")).expect("a fixture");
    put_through(&rules, |bytes| {
        let file =
            RuleFile { name: "acme.yaml".to_owned(), text: String::from_utf8_lossy(bytes).as_ref().into() };
        if let Err(mistakes) = RuleSet::of(&[file]) {
            assert!(mistakes.render(80, false, true).contains("acme.yaml"));
        }
    });
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("cleanclaim.yaml");
    let config = "as-of: 2025-04-02\nrules: [rules/]\nselect: [T, C01]\nseverity:\n  T02: info\nfail-on: warning\n\
                  payers:\n  medicare:\n    ignore: [M06]\n  EXM01:\n    severity: {D: warning}\n";
    put_through(config.as_bytes(), |bytes| {
        fs::write(&path, bytes).expect("written");
        if let Err(mistakes) = Config::read(&path) {
            assert!(mistakes.render(80, false, true).contains("cleanclaim.yaml"));
        }
    });
    let entries = &fixture("suppressions.yaml").into_bytes()[..500];
    put_through(entries, |bytes| {
        if let Err(error) = side::suppressions("own.yaml", bytes, &[]) {
            assert!(error.to_string().starts_with("own.yaml: "), "{error}");
        }
    });
    let whole =
        RuleFile { name: "acme.yaml".to_owned(), text: String::from_utf8_lossy(&rules).as_ref().into() };
    assert!(RuleSet::of(&[whole]).is_ok(), "what was damaged was sound");
}

#[test]
fn official_tables_cut_off_and_flipped() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in
        ["PPRRVU25_JAN.csv", "GPCI2025.csv", "ccipra-v322r0-f4.TXT", "ZIP5_JAN2026.txt", "modifiers.csv"]
    {
        let whole = fs::read(tables::official(name)).expect("a fixture");
        let path = folder.path().join(name);
        let start = &whole[..whole.len().min(600)];
        put_through(start, |bytes| {
            fs::write(&path, bytes).expect("written");
            told_by_name(&path, name);
        });
    }
}

fn told_by_name(path: &Path, name: &str) {
    if let Err(error) = import::read(&[path.to_owned()], &tables::wishes()) {
        assert!(error.to_string().contains(name), "{error}");
    }
}
