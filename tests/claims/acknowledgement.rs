//! What `--output 999` writes is valid X12, and each place in it is one of the file that it answers.
//!
//! It is read back with a small reader and with another parser, so that a mistake of the writer is none of the test.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot be set up has failed"
)]

use crate::support::acknowledgement::{Segments, valid};
use crate::support::{fixture, repository, request};
use crate::synthetic::{AS_OF, Shapes, Style, respell, write_shapes};
use cleanclaim::engine::{self, Request};
use cleanclaim::report::{Redaction, acknowledgement};
use cleanclaim::source::Named;
use proptest::prelude::*;

fn answer_in(files: &[(&str, &[u8])], threads: usize, unit_size: usize, redaction: Redaction) -> String {
    let request = Request { threads, unit_size, ..request(AS_OF.parse().expect("a date")) };
    let inputs: Vec<Named> = files.iter().map(|(name, bytes)| Named::memory(name, bytes)).collect();
    let mut out = Vec::new();
    acknowledgement::render(&engine::check(&request, &inputs), redaction, &mut out).expect("a vector");
    String::from_utf8(out).expect("X12 is ASCII here")
}

fn answer(file: &[u8]) -> String {
    answer_in(&[("day.837", file)], 1, 1 << 20, Redaction::Default)
}

/// The transaction sets of a file, read by nothing but its separators: blank pieces left out, ST to SE.
fn sets_of(file: &[u8]) -> Vec<Vec<Vec<Vec<u8>>>> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let (element, terminator) = (file[3], file[105]);
    let mut sets: Vec<Vec<Vec<Vec<u8>>>> = Vec::new();
    let mut open = false;
    for piece in file.split(|byte| *byte == terminator).map(<[u8]>::trim_ascii_start) {
        let segment: Vec<Vec<u8>> = piece.split(|byte| *byte == element).map(<[u8]>::to_vec).collect();
        if piece.trim_ascii().is_empty() {
            continue;
        }
        match &*segment[0] {
            b"ST" => {
                sets.push(Vec::new());
                open = true;
            }
            b"ISA" | b"GS" | b"GE" | b"IEA" => open = false,
            _ => {}
        }
        if open {
            open = segment[0] != b"SE";
            sets.last_mut().expect("a set is open").push(segment);
        }
    }
    sets
}

/// Wants each IK3 and IK4 of `segments` to name what stands in the file.
#[track_caller]
fn assert_places(file: &[u8], segments: &Segments<'_>, what: &str) {
    let separators = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let (component, repetition) = (separators[104], separators[82]);
    let sets = sets_of(file);
    let mut set: Option<&Vec<Vec<Vec<u8>>>> = None;
    let mut named = 0;
    let mut at: &[Vec<u8>] = &[];
    for segment in segments {
        match segment[0] {
            "AK2" => {
                set = Some(&sets[named]);
                named += 1;
            }
            "IK3" => {
                let place: usize = segment[2].parse().expect("digits");
                let around = set.expect("a set is answered");
                at = around.get(place - 1).map_or(&[], Vec::as_slice);
                // A set that was cut off lacks something behind its last segment.
                let cut_off = around.last().is_some_and(|last| last[0] != b"SE");
                if cut_off && place == around.len() + 1 && segment[4] == "3" {
                    continue;
                }
                let id = String::from_utf8_lossy(
                    at.first().unwrap_or_else(|| panic!("nothing stands there: {segment:?} {what}")),
                );
                let stated: String = id.chars().filter(char::is_ascii_alphanumeric).take(3).collect();
                match segment[4] {
                    "3" => assert_ne!(id, "ST", "{what}: {segment:?}"),
                    // An id that nobody knows may be a word of somebody's note; `nm1` is a known one.
                    "1" if segment[1] == "UNK" => assert_ne!(stated.to_ascii_uppercase(), "NM1", "{what}"),
                    "1" => assert_eq!(segment[1], stated.to_ascii_uppercase(), "{what}"),
                    _ => assert_eq!(segment[1], stated.to_ascii_uppercase(), "{what}: {segment:?}"),
                }
            }
            "IK4" => {
                let numbers: Vec<usize> =
                    segment[1].split(':').map(|number| number.parse().unwrap_or(0)).collect();
                let number = |index: usize| numbers.get(index).copied().unwrap_or(0);
                let nth = |bytes: &[u8], separator: u8, index: usize| -> Vec<u8> {
                    if index == 0 {
                        return bytes.to_vec();
                    }
                    bytes.split(|byte| *byte == separator).nth(index - 1).unwrap_or_default().to_vec()
                };
                let element = at.get(number(0)).cloned().unwrap_or_default();
                let value = nth(&nth(&element, repetition, number(2)), component, number(1));
                let is_missing = matches!(segment[3], "1" | "2" | "I9");
                assert_eq!(
                    value.trim_ascii().is_empty(),
                    is_missing,
                    "{what}: {segment:?} in {:?}",
                    at.first()
                );
            }
            _ => {}
        }
    }
    if segments.iter().any(|segment| segment[0] == "GS") {
        assert_eq!(named, sets.len(), "{what}: every set is answered");
    }
}

fn shapes(seed: u64, claims: u64) -> String {
    let mut file = Vec::new();
    write_shapes(&mut file, &Shapes { seed, claims }, Style::default()).expect("a vector");
    String::from_utf8(file).expect("text")
}

#[derive(Clone, Copy, Debug)]
enum Spoil {
    Delete,
    Repeat,
    Swap,
    Blank,
    Lengthen,
    Code,
    Day,
    Id,
    Excess,
    Component,
}

/// One fault in the segment `at`, never in ISA, whose layout says how the rest is read.
fn spoiled(text: &str, how: Spoil, at: usize, element: usize) -> String {
    let mut segments: Vec<String> = text.lines().map(|line| line.trim_end_matches('~').to_owned()).collect();
    let at = 1 + at % (segments.len() - 2);
    let mut parts: Vec<String> = segments[at].split('*').map(str::to_owned).collect();
    let element = 1 + element % (parts.len() - 1).max(1);
    if let Some(part) = parts.get_mut(element) {
        match how {
            Spoil::Blank => part.clear(),
            Spoil::Lengthen => part.push_str(&"9".repeat(90)),
            Spoil::Code => *part = "QQ".to_owned(),
            Spoil::Day => *part = "20251340".to_owned(),
            Spoil::Component => part.push_str(":::::::::1"),
            _ => {}
        }
    }
    match how {
        Spoil::Id => parts[0] = ["Q", "N?1", "ZZZZ", "nm1"][element % 4].to_owned(),
        Spoil::Excess => parts.extend(std::iter::repeat_n("1".to_owned(), 25)),
        _ => {}
    }
    segments[at] = parts.join("*");
    match how {
        Spoil::Delete => drop(segments.remove(at)),
        Spoil::Repeat => segments.insert(at, segments[at].clone()),
        Spoil::Swap => segments.swap(at, at + 1),
        _ => {}
    }
    segments.iter().map(|segment| format!("{segment}~\n")).collect()
}

fn styles() -> Vec<Style> {
    let plain = Style::default();
    vec![
        plain,
        Style { line_end: "", ..plain },
        Style { line_end: "\r\n\r\n", indent: " ", byte_order_mark: true, count_digits: 4, ..plain },
        Style { terminator: b'\n', line_end: "", ..plain },
        Style { element: b'|', component: b'>', repetition: b'^', line_end: "\n\n", ..plain },
    ]
}

fn spoils() -> impl Strategy<Value = Spoil> {
    prop_oneof![
        Just(Spoil::Delete),
        Just(Spoil::Repeat),
        Just(Spoil::Swap),
        Just(Spoil::Blank),
        Just(Spoil::Lengthen),
        Just(Spoil::Code),
        Just(Spoil::Day),
        Just(Spoil::Id),
        Just(Spoil::Excess),
        Just(Spoil::Component),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn places_are_those_of_the_file(
        (seed, how, at, element) in (1_u64..40, spoils(), any::<usize>(), 0_usize..20),
        (style, unit_size, threads) in (0_usize..5, 200_usize..3000, 1_usize..4),
    ) {
        let text = spoiled(&shapes(seed, 4), how, at, element);
        let file = respell(&text, styles()[style]);
        let whole = answer(&file);
        let segments = valid(&whole);
        assert_places(&file, &segments, &format!("{how:?}\n{text}\n{whole}"));
        let cut = answer_in(&[("day.837", &file)], threads, unit_size, Redaction::Default);
        prop_assert_eq!(whole, cut, "units of {} bytes", unit_size);
    }
}

/// An element that is missing behind the last of its segment has its own name, in every report.
#[test]
fn a_missing_element_is_named_for_itself() {
    let text = fixture("clean.837").replace("CLM*LR-1001*135***11:B:1*Y*A*Y*Y~", "CLM*LR-1001*135~");
    let run = crate::support::check(&[("day.837", &text)]);
    let missing = run.findings.iter().filter(|finding| finding.outcome == "element-missing");
    let named: Vec<&str> = missing.map(|finding| finding.place.element.as_str()).collect();
    assert_eq!(named, ["CLM05", "CLM06", "CLM07", "CLM08", "CLM09"]);
}

/// What is missing is said to be missing before the segment that stands in its place.
#[test]
fn what_is_missing_is_missing_there() {
    let text = fixture("clean.837");
    for (gone, code) in
        [("N3*", "IK3*N3*"), ("SV1*", "IK3*SV1*"), ("DTP*472", "IK3*DTP*"), ("PER*", "IK3*PER*")]
    {
        let lines: Vec<&str> = text.lines().collect();
        let at = lines.iter().position(|line| line.starts_with(gone)).expect("it is there");
        let without: String = lines
            .iter()
            .enumerate()
            .filter(|(line, _)| *line != at)
            .map(|(_, line)| format!("{line}\n"))
            .collect();
        let said = answer(without.as_bytes());
        valid(&said);
        let st = lines.iter().position(|line| line.starts_with("ST*")).expect("a set");
        let wanted = format!("{code}{}*", at - st + 1);
        assert!(
            said.lines().any(|line| line.starts_with(&wanted) && line.ends_with("*3~")),
            "{wanted}\n{said}"
        );
    }
}

/// A level that is not there is missing before the SE that ends its set, counted from the ST, wherever the file is cut.
#[test]
fn a_missing_level_is_missing_before_the_end_of_its_set() {
    let text = fixture("clean.837");
    let lines: Vec<&str> = text.lines().collect();
    let starts = |with: &str| lines.iter().position(|line| line.starts_with(with)).expect("it is there");
    let (st, level, se) = (starts("ST*"), starts("HL*2"), starts("SE*"));
    let without: String = lines[..level].iter().chain(&lines[se..]).map(|line| format!("{line}\n")).collect();
    let wanted = format!("IK3*HL*{}*2000*3~", level - st + 1);
    for unit_size in [1 << 20, 200] {
        let said = answer_in(&[("day.837", without.as_bytes())], 1, unit_size, Redaction::Default);
        assert!(
            said.lines().any(|line| line.starts_with(&wanted)),
            "{wanted} in units of {unit_size}\n{said}"
        );
    }
}

fn valid_for_all_in(folder: &std::path::Path) -> usize {
    let mut answered = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            let file = std::fs::read(&path).expect("a file");
            let said = answer(&file);
            valid(&said);
            answered += usize::from(!said.is_empty());
        }
    }
    answered
}

#[test]
fn every_answer_to_a_fixture_is_valid() {
    assert!(valid_for_all_in(&repository("fixtures")) >= 4);
    assert!(valid_for_all_in(&repository("fixtures/broken")) >= 4);
}

#[test]
fn every_answer_to_the_corpus_is_valid() {
    match std::env::var_os("CLEANCLAIM_CORPUS") {
        Some(folder) => assert!(valid_for_all_in(folder.as_ref()) > 50),
        None => eprintln!("skipped: CLEANCLAIM_CORPUS is not set"),
    }
}

/// The segments of these ids, joined again.
fn lines_of(text: &str, ids: &[&str]) -> Vec<String> {
    let valid = valid(text);
    valid.iter().filter(|segment| ids.contains(&segment[0])).map(|segment| segment.join("*")).collect()
}

const FATES: &[&str] = &["TA1", "AK1", "AK2", "IK3", "IK5", "AK9"];

fn clean_with(change: (&str, &str)) -> String {
    let text = fixture("clean.837");
    assert!(text.contains(change.0), "{change:?}");
    text.replacen(change.0, change.1, 1)
}

#[test]
fn a_group_says_what_is_wrong_with_it_and_names_no_segment() {
    let (ak2, ik5) = ("AK2*837*0001*005010X222A1", "IK5*A");
    for (change, code) in [
        (("GS*HC*LAKESIDEREHAB*", "GS*HC*L*"), "1"),
        (("*0915*101*X*", "*0975*101*X*"), "1"),
        (("*101*X*005010X222A1", "*101*X*005010X222"), "2"),
        (("GE*1*101", "GE*2*101"), "5"),
        (("GE*1*101", "GE*1*102"), "4"),
    ] {
        let said = answer(clean_with(change).as_bytes());
        let lines = lines_of(&said, FATES);
        let group = format!("AK9*R*{}*1*0*{code}", if change.1.starts_with("GE*2") { 2 } else { 1 });
        assert_eq!(
            lines[1..3],
            [ak2.to_owned(), if code == "2" { lines[2].clone() } else { ik5.to_owned() }]
        );
        assert_eq!(lines.last(), Some(&group), "{change:?}");
        assert!(!lines.iter().any(|line| line.starts_with("IK3")), "{change:?}");
    }
}

#[test]
fn an_interchange_that_asks_is_told() {
    let said = answer(clean_with(("*0*T*:", "*1*T*:")).as_bytes());
    assert_eq!(lines_of(&said, FATES)[0], "TA1*000000102*250304*0915*A*000");
    // What is only noted does not keep the 999 back.
    let noted = answer(clean_with(("*^*00501*", "*U*00501*")).as_bytes());
    let lines = lines_of(&noted, FATES);
    assert_eq!(lines[0], "TA1*000000102*250304*0915*E*016");
    assert_eq!(lines.last().map(String::as_str), Some("AK9*A*1*1*1"));
    let broken = answer(clean_with(("IEA*1*", "IEA*3*")).as_bytes());
    assert_eq!(lines_of(&broken, FATES), ["TA1*000000102*250304*0915*R*021"]);
}

#[test]
fn sets_that_nothing_opens_reject_their_group() {
    let text = clean_with(("ST*837*0001*005010X222A1~\n", ""));
    let said = answer(text.as_bytes());
    assert_eq!(lines_of(&said, FATES)[1..], ["AK9*R*1*0*0*5"]);
}

#[test]
fn only_what_is_professional_is_answered() {
    let (clean, institutional) = (fixture("clean.837"), fixture("broken/institutional.837"));
    assert_eq!(answer(institutional.as_bytes()), "");
    let both = format!("{clean}{}", institutional.replace("000000102", "000000777"));
    assert_eq!(lines_of(&answer(both.as_bytes()), FATES), lines_of(&answer(clean.as_bytes()), FATES));
    let group_of = |text: &str| -> String {
        let inside = text.split_inclusive('\n').skip(1);
        inside.filter(|line| !line.starts_with("IEA")).collect()
    };
    let one = format!(
        "{}{}",
        clean.split_inclusive("~\n").take_while(|line| !line.starts_with("IEA")).collect::<String>(),
        group_of(&institutional).replace("*101*X*", "*102*X*").replace("GE*1*101", "GE*1*102")
    ) + "IEA*2*000000102~\n";
    assert_eq!(lines_of(&answer(one.as_bytes()), FATES), lines_of(&answer(clean.as_bytes()), FATES));
}

#[test]
fn each_interchange_of_each_file_is_answered_in_order() {
    let (clean, broken) = (fixture("clean.837"), fixture("broken/unreadable-values.837"));
    let lines = fixture("clean.jsonl");
    let files = [
        ("a.837", clean.as_bytes()),
        ("b.jsonl", lines.as_bytes()),
        ("c.837", broken.as_bytes()),
        ("d.837", clean.as_bytes()),
    ];
    let said = answer_in(&files, 2, 400, Redaction::Default);
    let fates: Vec<String> = lines_of(&said, &["AK9"]);
    assert_eq!(fates, ["AK9*A*1*1*1", "AK9*R*1*1*0", "AK9*A*1*1*1"]);
    let full = answer_in(&files, 1, 1 << 20, Redaction::Full);
    assert!(lines_of(&full, &["CTX"]).is_empty());
    assert_eq!(lines_of(&full, FATES), lines_of(&said, FATES));
}

#[test]
fn warnings_are_noted_and_do_not_reject() {
    let text = clean_with(("DTP*472*D8*", "DTP*472*D9*"));
    let rules = cleanclaim::rules::RuleFile {
        name: "softer.yaml".to_owned(),
        text: "snip-types: {1: {severity: warning}, 2: {severity: warning}}\n".into(),
    };
    let rules = cleanclaim::rules::RuleSet::with(&[rules]).expect("rules that load");
    let request = Request { rules, ..request(AS_OF.parse().expect("a date")) };
    let mut out = Vec::new();
    let run = engine::check(&request, &[Named::memory("day.837", text.as_bytes())]);
    acknowledgement::render(&run, Redaction::Default, &mut out).expect("a vector");
    let said = String::from_utf8(out).expect("ASCII");
    assert_eq!(lines_of(&answer(text.as_bytes()), &["IK5", "AK9"]), ["IK5*R*5", "AK9*R*1*1*0"]);
    assert_eq!(lines_of(&said, &["IK5", "AK9"]), ["IK5*E*5", "AK9*E*1*1*1"], "{said}");
}
