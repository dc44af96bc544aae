//! The run does not depend on how it is worked: threads, unit sizes, memory, packing, pipes, or the form of the claims.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use std::io::Write;
use std::process::{Command, Stdio};

use crate::support::{fixture, request, told};
use crate::synthetic::{AS_OF, Amount, Plan, Style, write_837p, write_json_lines};
use cleanclaim::claim::{Date, Fact, Level, parse_iso_date};
use cleanclaim::engine::{self, Request};
use cleanclaim::finding::Run;
use cleanclaim::report::{Redaction, json};
use cleanclaim::rules::{RuleFile, RuleSet};
use cleanclaim::source::Named;
use serde_json::{Map, Value};

fn as_of() -> Date {
    parse_iso_date(AS_OF.as_bytes()).expect("a date")
}

fn plan(seed: u64, flagged: f64) -> Plan {
    Plan { seed, amount: Amount::Claims(120), flagged }
}

fn x12(seed: u64, flagged: f64) -> Vec<u8> {
    let mut out = Vec::new();
    let style = Style { claims_per_transaction: 70, ..Style::default() };
    write_837p(&mut out, &plan(seed, flagged), style).expect("a vector takes everything");
    out
}

fn json_lines(seed: u64, flagged: f64) -> Vec<u8> {
    let mut out = Vec::new();
    write_json_lines(&mut out, &plan(seed, flagged)).expect("a vector takes everything");
    out
}

fn values(lines: &[u8]) -> Vec<Value> {
    let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).expect("a claim line")).collect()
}

/// One array, an element over several lines.
fn array(lines: &[u8]) -> Vec<u8> {
    serde_json::to_vec_pretty(&Value::Array(values(lines))).expect("values are JSON")
}

/// `{"claims": [{claim facts, "lines": [...]}]}`.
fn nested(lines: &[u8]) -> Vec<u8> {
    let mut claims: Vec<Map<String, Value>> = Vec::new();
    for line in values(lines) {
        let Value::Object(line) = line else { panic!("a claim line is an object") };
        let of_claim = |name: &String| Fact::named(name).is_some_and(|fact| fact.level() == Level::Claim);
        let (facts, own): (Map<_, _>, Map<_, _>) = line.into_iter().partition(|(name, _)| of_claim(name));
        let same = claims.last().is_some_and(|claim| claim["claim_id"] == facts["claim_id"]);
        if !same {
            claims.push(facts);
            claims.last_mut().expect("just pushed").insert("lines".to_owned(), Value::Array(Vec::new()));
        }
        if let Some(Value::Array(lines)) = claims.last_mut().and_then(|claim| claim.get_mut("lines")) {
            lines.push(Value::Object(own));
        }
    }
    serde_json::to_vec(&serde_json::json!({ "claims": claims })).expect("values are JSON")
}

fn run(files: &[(&str, &[u8])], change: impl FnOnce(&mut Request)) -> Run {
    let inputs: Vec<Named> = files.iter().map(|(name, bytes)| Named::memory(name, bytes)).collect();
    let mut request = request(as_of());
    change(&mut request);
    engine::check(&request, &inputs)
}

fn report(run: &Run) -> Vec<u8> {
    let mut out = Vec::new();
    json::render(run, Redaction::ShowPhi, &mut out).expect("a vector takes everything");
    out
}

/// Checks `files` in many ways and wants one run: every field of it, and every byte of its report.
#[track_caller]
fn always_the_same(what: &str, files: &[(&str, &[u8])]) -> Run {
    let wanted = run(files, |_| {});
    let bytes = report(&wanted);
    // Each number of threads and each size of unit with all in memory and with nearly nothing in it.
    let (roomy, tight) = (256 << 20, 4 << 10);
    let ways = [
        (1, 4 << 10, tight),
        (2, 4 << 10, roomy),
        (5, 5_000, tight),
        (2, 64 << 10, tight),
        (5, 64 << 10, roomy),
        (1, 5_000, roomy),
        (5, 1 << 20, tight),
    ];
    for (threads, unit_size, memory) in ways {
        let found = run(files, |request| {
            (request.threads, request.unit_size, request.memory) = (threads, unit_size, memory);
        });
        let way = format!("{what}: {threads} threads, units of {unit_size}, memory {memory}");
        for (one, other) in wanted.findings.iter().zip(&found.findings) {
            assert_eq!(one, other, "{way}");
        }
        assert_eq!(wanted.columns, found.columns, "{way}");
        assert!(wanted == found, "{way}: the runs differ");
        assert!(bytes == report(&found), "{way}: the reports differ");
    }
    wanted
}

#[test]
fn fixtures() {
    let names = [
        "clinic-day.837",
        "clean.837",
        "broken/no-trailers.837",
        "broken/junk-segments.837",
        "broken/wrong-counts.837",
        "broken/truncated.837",
        "broken/no-isa.837",
        "broken/unreadable-values.837",
        "broken/institutional.837",
    ];
    let texts: Vec<String> = names.iter().map(|name| fixture(name)).collect();
    for (name, text) in names.iter().zip(&texts) {
        always_the_same(name, &[(*name, text.as_bytes())]);
    }
    let all: Vec<(&str, &[u8])> =
        names.iter().zip(&texts).map(|(name, text)| (*name, text.as_bytes())).collect();
    always_the_same("all fixtures", &all);
}

#[test]
fn days_spread_over_two_files() {
    let (morning, afternoon) = (fixture("split-day-morning.837"), fixture("split-day-afternoon.837"));
    let run = always_the_same(
        "split day",
        &[("morning.837", morning.as_bytes()), ("afternoon.837", afternoon.as_bytes())],
    );
    assert!(run.findings.iter().any(|finding| finding.code == "P01"), "{:#?}", run.findings);
    // A claim that is read again stands where it stood: a segment a line, so the numbers are an editor's.
    let texts = [&morning, &afternoon];
    for finding in &run.findings {
        for (file, place) in std::iter::once((finding.file, &finding.place))
            .chain(finding.related.iter().map(|related| (related.file, &related.place)))
        {
            let before = &texts[file as usize].as_bytes()[..place.span.offset as usize];
            let terminators = before.iter().filter(|byte| **byte == b'~').count() as u64;
            assert_eq!(place.number, terminators + 1, "{finding:#?}");
        }
    }
}

/// From a pipe the claim's own place is all that is known: the segment it begins with, the line of JSON.
#[test]
fn places_of_what_cannot_be_read_again() {
    let (one, two) = (x12(19, 0.0), json_lines(20, 0.0));
    let packed = [gzip(&one), gzip(&one), gzip(&two), gzip(&two)];
    let run = run(&[("a", &packed[0]), ("b", &packed[1]), ("c", &packed[2]), ("d", &packed[3])], |request| {
        request.rules = RuleSet::with(&[RuleFile {
            name: "more.yaml".to_owned(),
            text: "- {code: Z01, name: any-massage, severity: warning, summary: Massage, when: {line.procedure_code: \
                   {is: 97124}}, check: {limit: {sum: line.units, over: patient-day, at-most: 1}}, message: Massage, \
                   help: None}\n"
                .into(),
        }])
        .expect("a rule");
    });
    let found: Vec<_> = run.findings.iter().filter(|finding| finding.code == "Z01").collect();
    assert!(found.len() > 10, "{:#?}", run.findings);
    for finding in found {
        let bytes = if finding.file < 2 { &one } else { &two };
        let end = if finding.file < 2 { b'~' } else { b'\n' };
        let before = &bytes[..finding.place.span.offset as usize];
        let number = before.iter().filter(|byte| **byte == end).count() as u64 + 1;
        assert_eq!(finding.place.number, number, "{finding:#?}");
    }
}

#[test]
fn synthetic_files() {
    for (seed, flagged) in [(11, 0.1), (12, 0.5)] {
        let run = always_the_same("837P", &[("synthetic.837", &x12(seed, flagged))]);
        assert!(run.findings.len() as f64 > 60.0 * flagged, "{} findings", run.findings.len());
    }
}

/// Levels that are wrong in every way stand in other units than what they are judged by.
#[test]
fn levels_out_of_order() {
    let text = String::from_utf8(x12(21, 0.1)).expect("ASCII");
    let mut seen = 0;
    let broken: String = text
        .split_inclusive('~')
        .map(|segment| {
            let is_level = segment.trim_start().starts_with("HL*");
            seen += u32::from(is_level);
            match seen % 19 {
                _ if !is_level => segment.to_owned(),
                3 => segment.replace("HL*", "HL*4"),
                7 => segment.replace("*22*0", "*22*1"),
                11 => segment.replace("*22*", "5*22*"),
                15 => segment.replace("*22*", "*21*"),
                _ => segment.to_owned(),
            }
        })
        .collect();
    let run = always_the_same("levels", &[("levels.837", broken.as_bytes())]);
    for outcome in ["hl01-sequence", "hl02-parent", "hl03-level", "hl04-child"] {
        assert!(run.findings.iter().any(|finding| finding.outcome == outcome), "{outcome}");
    }
    let mut levels = 0;
    let crowded: String = String::from_utf8({
        let mut out = Vec::new();
        let style = Style { claims_per_transaction: 120, ..Style::default() };
        write_837p(&mut out, &plan(22, 0.0), style).expect("a vector takes everything");
        out
    })
    .expect("ASCII")
    .split_inclusive('~')
    .filter(|segment| {
        levels += u32::from(segment.trim_start().starts_with("HL*"));
        levels <= 2 || !segment.trim_start().starts_with("HL*")
    })
    .collect();
    let run = always_the_same("a hundred and twenty claims", &[("crowded.837", crowded.as_bytes())]);
    let crowded: Vec<_> = run.findings.iter().filter(|finding| finding.outcome == "hl-claims").collect();
    assert_eq!(crowded.len(), 1, "{:#?}", run.findings);
    assert!(crowded[0].message.starts_with("120 claims"), "{}", crowded[0].message);
}

/// The same patients, dates and services twice: every day is spread over two claims, and every one has findings.
#[test]
fn every_day_spread_over_several_files() {
    let (a, b, c) = (x12(13, 0.2), json_lines(13, 0.2), json_lines(14, 0.2));
    always_the_same("837P twice", &[("a.837", &a), ("b.837", &a)]);
    let run = always_the_same("JSON twice", &[("a.jsonl", &b), ("other.jsonl", &c), ("b.jsonl", &b)]);
    let overs = run.findings.iter().filter(|finding| finding.code == "T01").count();
    assert!(overs == 0, "minutes add up with the units: {overs}");
    assert!(run.findings.iter().any(|finding| finding.code == "T06"));
}

#[test]
fn forms_of_json() {
    let lines = json_lines(15, 0.4);
    let (array, nested) = (array(&lines), nested(&lines));
    let wanted = always_the_same("lines", &[("x", &lines)]);
    assert!(wanted.findings.len() > 30, "{} findings", wanted.findings.len());
    for (what, form) in [("array", &array), ("nested", &nested)] {
        let found = always_the_same(what, &[("x", form)]);
        assert_eq!(told(&found), told(&wanted), "{what}");
        assert_eq!(found.columns, wanted.columns, "{what}");
        assert_eq!(found.not_evaluated, wanted.not_evaluated, "{what}");
        assert_eq!(
            (found.claims, found.lines, found.clean_claims),
            (wanted.claims, wanted.lines, wanted.clean_claims)
        );
        assert_eq!(found.notes, wanted.notes, "{what}");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).expect("a vector takes everything");
    packed.finish().expect("a vector takes everything")
}

/// Days within one claim keep their excerpts even where the input cannot be read twice.
#[test]
fn packed_files_say_the_same() {
    for (what, bytes) in [("837P", x12(16, 0.3)), ("JSON", json_lines(16, 0.3))] {
        let plain = run(&[("x", &bytes)], |_| {});
        let packed = always_the_same(what, &[("x", &gzip(&bytes))]);
        assert!(plain == packed, "{what}");
    }
    let bytes = x12(17, 0.3);
    let plain = run(&[("x", &bytes), ("y", &bytes)], |_| {});
    let packed = always_the_same("837P twice", &[("x", &gzip(&bytes)), ("y", &gzip(&bytes))]);
    assert_eq!(told(&plain), told(&packed));
    assert_eq!(plain.columns, packed.columns);
    assert_eq!(plain.not_evaluated, packed.not_evaluated);
    assert_eq!(plain.clean_claims, packed.clean_claims);
    // Whose claim it is, and in which transaction, is said of every finding, also of those over several claims.
    let named = |run: &Run| -> Vec<_> {
        let findings = run.findings.iter().filter(|finding| finding.claim > 0);
        let mut named: Vec<_> = findings
            .map(|one| (one.code.clone(), one.claim_id.clone(), one.transaction.clone(), one.message.clone()))
            .collect();
        // Without its elements' places a finding stands at the beginning of its claim.
        named.sort_unstable();
        named
    };
    assert_eq!(named(&plain), named(&packed));
    assert!(named(&plain).iter().all(|(_, id, transaction, _)| !id.is_empty() && !transaction.is_empty()));
    let whose = |run: &Run| -> Vec<_> {
        let claims = run.flagged.iter();
        claims
            .map(|one| {
                let rendered: Vec<_> = one.lines.iter().map(|line| line.provider_npi.clone()).collect();
                (one.id.clone(), one.payer_id.clone(), one.billing_npi.clone(), rendered)
            })
            .collect()
    };
    assert_eq!(whose(&plain), whose(&packed));
    assert!(whose(&plain).iter().all(|(id, payer, npi, rendered)| {
        !id.is_empty() && !payer.is_empty() && !npi.is_empty() && rendered.iter().all(|npi| !npi.is_empty())
    }));
}

/// The report of the program over standard input, or over a file, without names of files.
fn through_the_program(argument: &str, input: Option<&[u8]>) -> Value {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cleanclaim"))
        .args(["check", argument, "--output", "json", "--as-of", AS_OF, "--fail-on", "never"])
        .env_remove("CI")
        .env("XDG_DATA_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-tables"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.unwrap_or_default().to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("a thread").expect("the program reads all of it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut report: Value = serde_json::from_slice(&output.stdout).expect("a JSON report");
    forget_files(&mut report);
    report
}

fn forget_files(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for name in ["file", "name"] {
                if fields
                    .get(name)
                    .and_then(Value::as_str)
                    .is_some_and(|text| text == "-" || text.contains('/'))
                {
                    fields.remove(name);
                }
            }
            fields.values_mut().for_each(forget_files);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_files),
        _ => {}
    }
}

#[test]
fn a_file_a_packed_file_and_a_pipe() {
    let folder = tempfile::tempdir().expect("a folder");
    let bytes = x12(18, 0.3);
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a writable folder");
        path.display().to_string()
    };
    let (plain, packed) = (write("day.837", &bytes), write("day.837.gz", &gzip(&bytes)));
    let wanted = through_the_program(&plain, None);
    assert!(wanted["findings"].as_array().is_some_and(|findings| findings.len() > 15));
    assert!(wanted == through_the_program(&packed, None), "packed");
    assert!(wanted == through_the_program("-", Some(&bytes)), "pipe");
    assert!(wanted == through_the_program("-", Some(&gzip(&bytes))), "packed pipe");
}
