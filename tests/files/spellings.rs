//! However a file is legally spelled, it gets the same findings.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use crate::support::{fixture, request};
use crate::synthetic::{AS_OF, Amount, Plan, Shapes, Style, respell, write_837p, write_shapes};
use cleanclaim::engine;
use cleanclaim::finding::{Finding, Run};
use cleanclaim::source::Named;

/// What a finding says, without the places in the file, which every spelling moves.
#[derive(Clone, PartialEq, Debug)]
struct Said {
    code: String,
    outcome: String,
    severity: &'static str,
    claim: (u32, String),
    line: u16,
    message: String,
    element: String,
    dollars: (Option<i64>, Option<i64>, bool),
}

fn said(finding: &Finding) -> Said {
    let impact = &finding.impact;
    Said {
        code: finding.code.clone(),
        outcome: finding.outcome.clone(),
        severity: finding.severity.as_str(),
        claim: (finding.claim, finding.claim_id.clone()),
        line: finding.line,
        message: without_leading_zeros(&finding.message),
        element: finding.place.element.clone(),
        dollars: (impact.net.map(|cents| cents.0), impact.gross.map(|cents| cents.0), impact.counted),
    }
}

/// A message may quote a count as it is written.
fn without_leading_zeros(message: &str) -> String {
    let bare = |word: &str| match word.trim_start_matches('0') {
        rest if rest.starts_with(|digit: char| digit.is_ascii_digit()) => rest.to_owned(),
        _ => word.to_owned(),
    };
    message.split(' ').map(bare).collect::<Vec<_>>().join(" ")
}

fn check(file: &[u8]) -> Run {
    engine::check(&request(AS_OF.parse().expect("a date")), &[Named::memory("spelled.837", file)])
}

/// Every legal spelling, by name.
fn styles() -> Vec<(&'static str, Style)> {
    let plain = Style::default();
    vec![
        ("no line ends", Style { line_end: "", ..plain }),
        ("CRLF after terminators", Style { line_end: "\r\n", ..plain }),
        ("CR after terminators", Style { line_end: "\r", ..plain }),
        ("newline as terminator", Style { terminator: b'\n', line_end: "", ..plain }),
        ("CR as terminator", Style { terminator: b'\r', line_end: "", ..plain }),
        ("CRLF as terminator", Style { terminator: b'\r', line_end: "\n", ..plain }),
        (
            "pipes and carets",
            Style { element: b'|', component: b'^', repetition: b'`', line_end: "", ..plain },
        ),
        ("carets between elements", Style { element: b'^', component: b':', repetition: b'!', ..plain }),
        ("angles between elements", Style { element: b'>', component: b'<', ..plain }),
        ("angles between components", Style { component: b'>', ..plain }),
        (
            "backslashes between components",
            Style { component: b'\\', repetition: b'|', terminator: b'!', ..plain },
        ),
        (
            "control characters",
            Style {
                element: 0x1D,
                component: 0x1F,
                repetition: 0x1E,
                terminator: 0x1C,
                line_end: "",
                ..plain
            },
        ),
        ("a byte order mark", Style { byte_order_mark: true, ..plain }),
        ("a byte order mark, no line ends", Style { byte_order_mark: true, line_end: "", ..plain }),
        ("blank lines", Style { line_end: "\n\n", ..plain }),
        ("blank lines of CRLF", Style { line_end: "\r\n\r\n", ..plain }),
        ("leading blanks", Style { indent: "    ", ..plain }),
        (
            "leading blanks after newlines that terminate",
            Style { terminator: b'\n', line_end: "", indent: "  ", ..plain },
        ),
        ("leading tabs, no line ends", Style { line_end: "", indent: "\t", ..plain }),
        ("counts with leading zeros", Style { count_digits: 6, ..plain }),
        ("authorization and security in the ISA", Style { authorized: true, ..plain }),
        (
            "all at once",
            Style {
                element: b'|',
                component: b'>',
                line_end: "\r\n\r\n",
                indent: " ",
                byte_order_mark: true,
                count_digits: 4,
                authorized: true,
                ..plain
            },
        ),
    ]
}

/// Wants the same findings of `text`, which is spelled the plain way, in every style.
#[track_caller]
fn always_the_same(what: &str, text: &str, at_least: usize) {
    let plain = respell(text, Style::default());
    let wanted = check(&plain);
    assert!(wanted.findings.len() >= at_least, "{what}: {} findings", wanted.findings.len());
    for (name, style) in styles() {
        let spelled = respell(text, style);
        assert!(spelled != plain, "{what}, {name}: nothing differs");
        let found = check(&spelled);
        assert_eq!((found.claims, found.lines), (wanted.claims, wanted.lines), "{what}, {name}");
        let (wanted_said, found_said): (Vec<_>, Vec<_>) =
            (wanted.findings.iter().map(said).collect(), found.findings.iter().map(said).collect());
        for (one, other) in wanted_said.iter().zip(&found_said) {
            assert_eq!(one, other, "{what}, {name}");
        }
        assert_eq!(wanted_said.len(), found_said.len(), "{what}, {name}");
        assert_eq!(
            (wanted.columns, wanted.clean_claims),
            (found.columns, found.clean_claims),
            "{what}, {name}"
        );
        assert_eq!(wanted.not_evaluated, found.not_evaluated, "{what}, {name}");
    }
}

fn therapy(style: Style) -> String {
    let mut file = Vec::new();
    let plan = Plan { seed: 23, amount: Amount::Claims(200), flagged: 0.3 };
    write_837p(&mut file, &plan, style).expect("a vector takes everything");
    String::from_utf8(file).expect("text")
}

/// Claims of all shapes, of which about one segment in forty is not as it should be.
fn spoiled_shapes() -> String {
    let mut file = Vec::new();
    write_shapes(&mut file, &Shapes { seed: 9, claims: 150 }, Style::default()).expect("a vector");
    let text = String::from_utf8(file).expect("text");
    let mut spoiled = String::new();
    let mut counts = std::collections::HashMap::<String, usize>::new();
    for segment in text.split_inclusive("~\n") {
        let id = segment.split('*').next().unwrap_or_default();
        let count = counts.entry(id.to_owned()).or_default();
        *count += 1;
        spoiled += &match (id, *count % 10) {
            ("CLM", 1) => segment.replacen("***", "7***", 1),
            ("CLM", 2) => segment.replacen(":B:", ":C:", 1),
            ("CLM", 3) => segment.replacen("*Y*", "*Q*", 1),
            ("NM1", 1) => segment.replace("*XX*1", "*XX*2"),
            ("NM1", 2) => segment.replacen("NM1*", "NM1*ZQ", 1),
            ("HI", 1) => segment.replacen("ABK:", "ABK:M545*ABF:", 1),
            ("HI", 2) => segment.replacen("ABK:", "ABF:", 1),
            ("SV1", 1) => segment.replacen("*UN*", "*UN*0", 1),
            ("SV1", 2) => segment.replacen("***1", "***13", 1),
            ("DTP", 1) => segment.replacen("*2025", "*2026", 1),
            ("DTP", 2) => segment.replacen("*2025", "*20251", 1),
            ("SVD", 1) => segment.replacen("*HC", "1*HC", 1),
            ("REF", 1) => format!("ZZZ*1~\n{segment}"),
            ("N4", 1) => String::new(),
            ("N3", 1) => segment.replacen("N3*", "N3*\u{e9}\u{1}", 1),
            ("HL", 1) => segment.replacen("HL*", "HL*9", 1),
            ("SE", 1) => segment.replacen("SE*", "SE*1", 1),
            ("GE", 1) => segment.replacen("GE*", "GE*1", 1),
            ("IEA", 1) => segment.replacen("*0", "*1", 1),
            _ => segment.to_owned(),
        };
    }
    spoiled
}

#[test]
fn flagged_claims() {
    always_the_same("therapy", &therapy(Style::default()), 60);
}

#[test]
fn spoiled_claims_of_all_shapes() {
    always_the_same("shapes", &spoiled_shapes(), 5);
}

#[test]
fn fixtures() {
    for name in [
        "clinic-day.837",
        "broken/wrong-counts.837",
        "broken/junk-segments.837",
        "broken/unreadable-values.837",
    ] {
        always_the_same(name, &fixture(name), 1);
    }
}

/// Claims count through the file, so each keeps its number.
#[test]
fn two_interchanges() {
    let (one, two) =
        (therapy(Style::default()), therapy(Style { claims_per_interchange: 120, ..Style::default() }));
    assert_eq!(two.matches("ISA*").count(), 2);
    let (one, two) = (check(one.as_bytes()), check(two.as_bytes()));
    assert!(one.findings.len() >= 60);
    let of = |run: &Run| run.findings.iter().map(said).collect::<Vec<_>>();
    assert_eq!(of(&one), of(&two));
    assert_eq!((one.columns, one.claims, one.clean_claims), (two.columns, two.claims, two.clean_claims));
}
