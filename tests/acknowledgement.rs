//! What `--output 999` writes is valid X12, and each place in it is one of the file that it answers.
//!
//! Read back with a small reader of its own and with another parser, so that a mistake of the writer is none of the
//! test. Codes and lengths are those of 005010X231A1.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot be set up has failed"
)]

mod support;
mod synthetic;

use std::ops::RangeInclusive;

use cleanclaim::engine::{self, Request};
use cleanclaim::report::{Redaction, acknowledgement};
use cleanclaim::source::Named;
use proptest::prelude::*;
use support::{fixture, repository, request};
use synthetic::{AS_OF, Shapes, Style, respell, write_shapes};

/// Segments of an acknowledgement, by element.
type Segments<'a> = Vec<Vec<&'a str>>;

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

/// An element as the guide has it: what it may say and how long it is.
enum Form {
    /// Digits.
    Number(RangeInclusive<usize>),
    /// Text.
    Text(RangeInclusive<usize>),
    /// One of these.
    Code(&'static [&'static str]),
}

const TA105: &[&str] = &[
    "000", "001", "002", "003", "004", "005", "006", "007", "008", "009", "010", "011", "012", "013", "014",
    "015", "016", "017", "018", "019", "020", "021", "022", "023", "024", "025", "026", "027", "028", "029",
    "030", "031",
];
const AK201: &[&str] = &["270", "271", "276", "277", "278", "820", "834", "835", "837"];
const IK304: &[&str] = &["1", "2", "3", "4", "5", "6", "7", "8", "I4", "I6", "I7", "I8", "I9"];
const IK403: &[&str] = &[
    "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "I10", "I11", "I12", "I13", "I6",
    "I9",
];
const IK502: &[&str] = &[
    "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "15", "16", "17", "18", "19", "23",
    "24", "25", "26", "27", "I5", "I6",
];
const AK905: &[&str] = &[
    "1", "2", "3", "4", "5", "6", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "23", "24",
    "25", "26",
];

/// The elements of a segment, and how many of them must be there.
fn forms(id: &str) -> (Vec<Form>, usize) {
    use Form::{Code, Number, Text};
    let five = |codes| (0..5).map(move |_| Code(codes));
    match id {
        "TA1" => (vec![Number(9..=9), Number(6..=6), Number(4..=4), Code(&["A", "E", "R"]), Code(TA105)], 5),
        "GS" => (
            vec![
                Code(&["FA"]),
                Text(2..=15),
                Text(2..=15),
                Number(8..=8),
                Number(4..=8),
                Number(1..=9),
                Code(&["X"]),
                Code(&["005010X231A1"]),
            ],
            8,
        ),
        "ST" => (vec![Code(&["999"]), Text(4..=9), Code(&["005010X231A1"])], 3),
        "AK1" => (
            vec![Code(&["BE", "HB", "HC", "HI", "HN", "HP", "HR", "HS", "RA"]), Number(1..=9), Text(1..=12)],
            3,
        ),
        "AK2" => (vec![Code(AK201), Text(4..=9), Text(1..=35)], 2),
        "IK3" => (vec![Text(2..=3), Number(1..=10), Text(1..=4), Code(IK304)], 4),
        "CTX" => (vec![Text(7..=41)], 1),
        "IK4" => (vec![Text(1..=10), Number(1..=4), Code(IK403)], 3),
        "IK5" => ([Code(&["A", "E", "R"])].into_iter().chain(five(IK502)).collect(), 1),
        "AK9" => (
            [Code(&["A", "E", "P", "R"]), Number(1..=6), Number(1..=6), Number(1..=6)]
                .into_iter()
                .chain(five(AK905))
                .collect(),
            4,
        ),
        "SE" => (vec![Number(1..=10), Text(4..=9)], 2),
        "GE" => (vec![Number(1..=6), Number(1..=9)], 2),
        "IEA" => (vec![Number(1..=5), Number(9..=9)], 2),
        other => panic!("no segment of an acknowledgement: {other}"),
    }
}

#[track_caller]
fn assert_form(segment: &[&str], text: &str) {
    let (forms, required) = forms(segment[0]);
    assert!(segment.len() - 1 <= forms.len() && segment.len() > required, "{segment:?} in\n{text}");
    assert_ne!(segment.last(), Some(&""), "{segment:?} ends with nothing");
    for (index, (value, form)) in segment[1..].iter().zip(&forms).enumerate() {
        let fits = match form {
            Form::Number(digits) => {
                digits.contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit())
            }
            Form::Text(letters) => letters.contains(&value.len()) && value.trim() == *value,
            Form::Code(codes) => codes.contains(value),
        };
        // IK303 and IK402 may be absent.
        let absent = value.is_empty() && matches!((segment[0], index), ("IK3", 2) | ("IK4", 1));
        assert!(fits || absent, "element {} of {segment:?} in\n{text}", index + 1);
    }
}

/// Reads an acknowledgement and wants it valid: layout, order of segments, counts, numbers, codes, and fates that follow
/// from what is said.
#[track_caller]
fn valid(text: &str) -> Segments<'_> {
    let segments: Segments<'_> =
        text.lines().map(|line| line.trim_end_matches('~').split('*').collect()).collect();
    assert!(
        text.is_ascii() && text.lines().all(|line| line.ends_with('~') && line.matches('~').count() == 1)
    );
    read_by_another(text, &segments);
    let mut numbers = std::collections::HashSet::new();
    let mut at = 0;
    let id = |at: usize| segments.get(at).map_or("", |segment| segment[0]);
    let end = |at: &mut usize| {
        *at += 1;
        *at - 1
    };
    while at < segments.len() {
        let isa = &segments[end(&mut at)];
        let lengths: Vec<usize> = isa.iter().map(|element| element.len()).collect();
        assert_eq!(lengths, [3, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1], "{isa:?}");
        assert_eq!((isa[0], isa[11], isa[12], isa[14], isa[16]), ("ISA", "^", "00501", "0", ":"));
        assert!(["P", "T"].contains(&isa[15]) && !isa[6].trim().is_empty() && !isa[8].trim().is_empty());
        assert!(numbers.insert(isa[13]), "two interchanges numbered {}", isa[13]);
        let said_ta1 = id(at) == "TA1";
        let rejected = said_ta1 && segments[at][4] == "R";
        if said_ta1 {
            let ta1 = &segments[end(&mut at)];
            assert_form(ta1, text);
            assert_eq!(ta1[4] == "A", ta1[5] == "000", "{ta1:?}");
        }
        let mut groups = 0;
        while id(at) == "GS" {
            groups += 1;
            let gs = &segments[end(&mut at)];
            assert_form(gs, text);
            assert_eq!(gs[6], groups.to_string());
            let start = at;
            assert_form(&segments[at], text);
            let st = &segments[end(&mut at)];
            assert_form(&segments[end(&mut at)], text);
            assert_eq!((st[0], id(at - 1)), ("ST", "AK1"));
            let mut fates = Vec::new();
            while id(at) == "AK2" {
                assert_form(&segments[end(&mut at)], text);
                fates.push(set_fate(&segments, &mut at, text));
            }
            let ak9 = &segments[end(&mut at)];
            assert_form(ak9, text);
            group_fate(ak9, &fates);
            let se = &segments[end(&mut at)];
            assert_form(se, text);
            assert_eq!((se[0], se[1], se[2]), ("SE", &*(at - start).to_string(), st[2]));
            let ge = &segments[end(&mut at)];
            assert_form(ge, text);
            assert_eq!((ge[0], ge[1], ge[2]), ("GE", "1", gs[6]));
        }
        let iea = &segments[end(&mut at)];
        assert_form(iea, text);
        assert_eq!((iea[0], iea[1], iea[2]), ("IEA", &*groups.to_string(), isa[13]));
        assert!(if rejected { groups == 0 } else { groups > 0 || said_ta1 }, "{text}");
    }
    segments
}

/// From behind AK2 to IK5: whether the set is accepted.
#[track_caller]
fn set_fate<'a>(segments: &Segments<'a>, at: &mut usize, text: &str) -> &'a str {
    let mut in_error = false;
    let mut position = 0;
    while segments[*at][0] == "IK3" {
        in_error = true;
        let ik3 = &segments[*at];
        assert_form(ik3, text);
        let place: u64 = ik3[2].parse().expect("digits");
        assert!(place >= position, "places go backwards:\n{text}");
        position = place;
        *at += 1;
        if segments[*at][0] == "CTX" {
            assert_form(&segments[*at], text);
            assert!(segments[*at][1].starts_with("CLM01:"));
            *at += 1;
        }
        let first = *at;
        while segments[*at][0] == "IK4" {
            assert_form(&segments[*at], text);
            *at += 1;
        }
        assert_eq!(ik3[4] == "8", *at > first, "8 goes with IK4, and nothing else does:\n{text}");
    }
    let ik5 = &segments[*at];
    *at += 1;
    assert_eq!(ik5[0], "IK5", "{text}");
    assert_form(ik5, text);
    assert_eq!(ik5[1] == "A", ik5.len() == 2, "{ik5:?}");
    assert_eq!(in_error, ik5[2..].contains(&"5"), "{ik5:?} in\n{text}");
    let mut codes = ik5[2..].to_vec();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), ik5.len() - 2, "{ik5:?}");
    ik5[1]
}

#[track_caller]
fn group_fate(ak9: &[&str], fates: &[&str]) {
    assert_eq!(ak9[0], "AK9");
    assert_eq!(ak9[3], fates.len().to_string(), "{ak9:?}");
    let accepted = fates.iter().filter(|fate| **fate != "R").count();
    let wanted = match (accepted, ak9[4]) {
        (0, _) | (_, "0") => "R",
        (accepted, _) if accepted < fates.len() => "P",
        _ if fates.contains(&"E") || ak9.len() > 5 => "E",
        _ => "A",
    };
    assert_eq!(ak9[1], wanted, "{ak9:?} of {fates:?}");
    assert!(ak9[4] == "0" || ak9[4] == accepted.to_string(), "{ak9:?} of {fates:?}");
    assert!(ak9[4] != "0" || accepted == 0 || ak9.len() > 5, "a group is rejected for a reason: {ak9:?}");
}

/// Another parser reads the same segments and elements.
#[track_caller]
fn read_by_another(text: &str, segments: &Segments<'_>) {
    let flat = text.replace('\n', "");
    let separators = x12_stream_parser::Delimiters::new(b'~', b'*', b':');
    let read: Vec<_> = x12_stream_parser::Parser::new(flat.as_bytes(), separators)
        .collect::<Result<_, _>>()
        .expect("segments");
    assert_eq!(read.len(), segments.len());
    for (theirs, ours) in read.iter().zip(segments) {
        assert_eq!(theirs.id(), ours[0].as_bytes());
        let elements: Vec<&[u8]> = theirs.elements().collect();
        assert_eq!(elements, ours[1..].iter().map(|element| element.as_bytes()).collect::<Vec<_>>());
    }
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
                at = set.and_then(|set| set.get(place - 1)).map_or(&[], Vec::as_slice);
                let id = String::from_utf8_lossy(at.first().expect("a segment stands there"));
                let stated: String = id.chars().filter(char::is_ascii_alphanumeric).take(3).collect();
                match segment[4] {
                    "3" => assert_ne!(id, "ST", "{what}: {segment:?}"),
                    _ if stated.len() < 2 => assert_eq!(segment[1], "UNK", "{what}"),
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
