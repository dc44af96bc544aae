use std::fs;
use std::io::Cursor;
use std::path::Path;

use super::*;
use crate::input::edi837p::{EnvelopeChecker, GuideCheck, Verdict, read};
use crate::source::{Content, detect};
use crate::x12::X12Cutter;

/// Reads a file in units; gives its claims, its SV1 lines, its verdict.
fn totals(bytes: &[u8], target: usize) -> (u32, u32, u32, Verdict) {
    let mut checker = EnvelopeChecker::new();
    let (mut claims, mut others, mut lines) = (0, 0, 0);
    for unit in X12Cutter::new(Cursor::new(bytes), 0, target) {
        let mut sink = Each {
            claim: |claim: &Claim<'_>, cutter: &dyn Cutter| {
                lines += claim.lines.iter().filter(|line| line.procedure_qualifier.span().offset > 0).count()
                    as u32;
                assert!(cutter.segments(claim.span).iter().next().is_some());
            },
            faults: Vec::new(),
        };
        let summary = read(&unit.expect("memory"), GuideCheck::On, &mut sink);
        claims += summary.claims;
        others += summary.institutional + summary.dental;
        checker.unit(&summary, &mut |_, _| {});
    }
    (claims, others, lines, checker.finish(&mut |_, _| {}))
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that was skipped must say so")]
fn every_file_of_the_corpus_is_read() {
    let Some(folder) = std::env::var_os("CLEANCLAIM_CORPUS") else {
        eprintln!("skipped: CLEANCLAIM_CORPUS is not set");
        return;
    };
    let folder = Path::new(&folder);
    let manifest = fs::read_to_string(folder.join("MANIFEST.tsv")).expect("a manifest");
    let mut checked = 0;
    for row in manifest.lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let [file, _, _, transaction, claims, lines, ..] = columns[..] else { panic!("a short row: {row}") };
        let bytes = fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(detect(&bytes[..bytes.len().min(64 << 10)]), Content::X12, "{file}");
        let small = totals(&bytes, 4096);
        assert_eq!(small, totals(&bytes, 1 << 20), "{file}");
        let (read, others, sv1, verdict) = small;
        let is_current = transaction.starts_with("837P 005010");
        if is_current {
            assert_eq!(verdict, Verdict::Professional, "{file}");
            assert_eq!((read + others).to_string(), claims, "{file}: claims");
            assert_eq!(sv1.to_string(), lines, "{file}: lines");
            checked += 1;
        } else if lines == "0" && transaction != "?" && !transaction.starts_with("837?") {
            assert!(matches!(verdict, Verdict::WrongKind(_)), "{file}: {transaction}");
        }
    }
    assert!(checked > 90, "{checked} professional files");
}
