//! Whatever the bytes: no panic, an end, places inside the file, reports that name nobody.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

use crate::support::{fixture, request};
use cleanclaim::claim::Date;
use cleanclaim::engine::{self, Request};
use cleanclaim::finding::{Place, Run};
use cleanclaim::report::{Redaction, json, text};
use cleanclaim::source::Named;
use proptest::prelude::*;

const LEVELS: [Redaction; 3] = [Redaction::Default, Redaction::Full, Redaction::ShowPhi];

/// Checks `bytes` twice, in small units and threads and in one piece, and writes every report.
fn survive(bytes: &[u8]) -> Run {
    let inputs = [Named::memory("random", bytes)];
    let check = |threads, unit_size| {
        let request = Request { threads, unit_size, ..request(Date::constant(2025, 4, 2)) };
        engine::check(&request, &inputs)
    };
    let run = check(1, 1 << 20);
    assert!(run == check(1, 300), "units of 300 bytes say something else");
    let within = |place: &Place| place.span.end() <= bytes.len() as u64;
    for finding in &run.findings {
        assert!(within(&finding.place), "{finding:?}");
        assert!(finding.related.iter().all(|related| within(&related.place)), "{finding:?}");
        for window in &finding.excerpt.windows {
            for (start, end) in window
                .marks
                .iter()
                .map(|mark| (mark.start, mark.end))
                .chain(window.sensitive.iter().map(|one| (one.start, one.end)))
            {
                assert!(window.text.get(start..end).is_some(), "{finding:?}");
            }
        }
    }
    for level in LEVELS {
        assert!(!reports(&run, level).is_empty());
    }
    run
}

/// The text report and the JSON report, one after the other.
fn reports(run: &Run, redaction: Redaction) -> String {
    let mut out = Vec::new();
    let options = text::TextOptions { redaction, ..text::TextOptions::default() };
    text::render(run, &options, &mut out).expect("a vector takes everything");
    json::render(run, redaction, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("reports are UTF-8")
}

/// The words of a text: letters and digits that stand together.
fn words(text: &str) -> std::collections::HashSet<&str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric()).collect()
}

/// Names, streets, member ids and birth dates of the people in an 837P.
fn secrets(x12: &str) -> Vec<String> {
    let mut secrets = Vec::new();
    for segment in x12.split('~').map(str::trim) {
        let elements: Vec<&str> = segment.split('*').collect();
        match elements.as_slice() {
            ["NM1", "IL" | "QC", _, last, first, .., member] => {
                secrets.extend([*last, *first, *member].map(str::to_owned));
            }
            ["DMG", "D8", birth, ..] => {
                secrets.push((*birth).to_owned());
                secrets.push(format!("{}-{}-{}", &birth[..4], &birth[4..6], &birth[6..]));
            }
            ["N3", street] => secrets.push((*street).to_owned()),
            _ => {}
        }
    }
    secrets.sort();
    secrets.dedup();
    secrets
}

#[track_caller]
fn names_nobody(run: &Run, secrets: &[String]) {
    for level in [Redaction::Default, Redaction::Full] {
        let report = reports(run, level);
        let words = words(&report);
        for secret in secrets {
            let told = if secret.contains([' ', '-']) {
                report.contains(secret.as_str())
            } else {
                words.contains(secret.as_str())
            };
            assert!(!told, "{level:?}: {secret} is told");
        }
    }
}

/// The invented people of the fixture, at every level; the claim's own number at the default level only.
#[test]
fn reports_name_nobody() {
    let day = fixture("clinic-day.837");
    let secrets = secrets(&day);
    assert!(secrets.len() > 60, "{secrets:?}");
    let run = survive(day.as_bytes());
    names_nobody(&run, &secrets);
    let everything = reports(&run, Redaction::ShowPhi);
    for finding in &run.findings {
        let id = &finding.claim_id;
        assert!(id.starts_with("LR-10") && everything.contains(id.as_str()));
        assert!(reports(&run, Redaction::Default).contains(id.as_str()), "{id}");
        assert!(!reports(&run, Redaction::Full).contains(id.as_str()), "{id}");
    }
    let twin = fixture("clinic-day.jsonl");
    names_nobody(&survive(twin.as_bytes()), &secrets);
}

/// A name in a place where none belongs is still a name: the file is broken in the middle of every person.
#[test]
fn a_file_cut_off_anywhere() {
    let day = fixture("clinic-day.837");
    let secrets = secrets(&day);
    let day = &day.as_bytes()[..2_600];
    for end in (0..day.len()).step_by(13) {
        names_nobody(&survive(&day[..end]), &secrets);
    }
    let twin = fixture("clinic-day.jsonl");
    let twin = &twin.as_bytes()[..1_800];
    for end in (0..twin.len()).step_by(17) {
        names_nobody(&survive(&twin[..end]), &secrets);
    }
}

#[derive(Clone, Debug)]
enum Change {
    Replace(usize, u8),
    Insert(usize, u8),
    Delete(usize),
}

/// Bytes that mean something somewhere, more often than others.
fn a_byte() -> impl Strategy<Value = u8> {
    prop_oneof![
        3 => prop::sample::select(b"~*:^\n\r \"{}[],\\0A\xff".to_vec()),
        1 => any::<u8>(),
    ]
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        (any::<usize>(), a_byte()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        (any::<usize>(), a_byte()).prop_map(|(at, byte)| Change::Insert(at, byte)),
        any::<usize>().prop_map(Change::Delete),
    ];
    prop::collection::vec(change, 1..12)
}

fn mutated(text: &str, changes: &[Change]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for change in changes {
        let length = bytes.len();
        match *change {
            Change::Replace(at, byte) => bytes[at % length] = byte,
            Change::Insert(at, byte) => bytes.insert(at % length, byte),
            Change::Delete(at) => {
                bytes.remove(at % length);
            }
        }
    }
    bytes
}

/// The envelope, and the claims that have findings of several kinds.
fn short(name: &str) -> String {
    let text = fixture(name);
    if name.ends_with(".jsonl") {
        text.lines().take(6).map(|line| format!("{line}\n")).collect()
    } else {
        text.split_inclusive('~').take(70).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(bytes in prop::collection::vec(a_byte(), 0..600)) {
        survive(&bytes);
    }

    #[test]
    fn random_bytes_behind_a_header(bytes in prop::collection::vec(a_byte(), 0..600)) {
        let day = fixture("clinic-day.837");
        survive(&[&day.as_bytes()[..108], &bytes[..]].concat());
        survive(&[b"[{\"procedure_code\":\"97124\",", &bytes[..]].concat());
    }

    #[test]
    fn a_fixture_with_wrong_bytes(changes in changes()) {
        survive(&mutated(&short("clinic-day.837"), &changes));
        survive(&mutated(&short("clinic-day.jsonl"), &changes));
    }

    #[test]
    fn segments_shuffled_and_doubled(
        order in Just((0..70_usize).collect::<Vec<_>>()).prop_shuffle(),
        doubled in prop::collection::vec(0..70_usize, 0..9),
        in_place in 0..70_usize,
    ) {
        let day = short("clinic-day.837");
        let segments: Vec<&str> = day.split_inclusive('~').collect();
        let secrets = secrets(&fixture("clinic-day.837"));
        let (kept, moved): (Vec<usize>, Vec<usize>) = order.iter().chain(&doubled).partition(|at| **at < in_place);
        let mut mixed: Vec<usize> = kept;
        mixed.sort_unstable();
        mixed.extend(moved);
        let text: String = mixed.iter().map(|at| segments[*at]).collect();
        let run = survive(text.as_bytes());
        names_nobody(&run, &secrets);
    }
}
