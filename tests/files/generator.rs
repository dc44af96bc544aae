//! The generator of synthetic claims keeps its promises: tests and benches stand on it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail by panicking, in its helpers too")]

use std::collections::HashSet;

use crate::synthetic::{
    AS_OF, Amount, Plan, Shapes, Style, Visit, respell, write_837p, write_csv, write_json_lines, write_shapes,
};
use cleanclaim::claim::{Cents, Claim};
use cleanclaim::engine::{self, Request};
use cleanclaim::finding::Run;
use cleanclaim::input::json::{JsonCutter, read};
use cleanclaim::input::{ClaimSink, Cutter, Fault};
use cleanclaim::reference::Reference;
use cleanclaim::rules::RuleSet;
use cleanclaim::source::Named;

fn plan(claims: u64, flagged: f64) -> Plan {
    Plan { seed: 7, amount: Amount::Claims(claims), flagged }
}

fn x12(plan: &Plan, style: Style) -> (String, crate::synthetic::Made) {
    let mut out = Vec::new();
    let made = write_837p(&mut out, plan, style).unwrap();
    assert_eq!(made.bytes, out.len() as u64);
    (String::from_utf8(out).unwrap(), made)
}

fn segments(text: &str, style: Style) -> Vec<Vec<&str>> {
    let (terminator, element) = (char::from(style.terminator), char::from(style.element));
    text.split(terminator)
        .map(|segment| segment.trim_start_matches(['\r', '\n']))
        .filter(|segment| !segment.is_empty())
        .map(|segment| segment.split(element).collect())
        .collect()
}

#[test]
fn the_envelope_counts_are_right() {
    let odd = Style {
        element: b'|',
        component: b'>',
        repetition: b'{',
        terminator: b'\n',
        line_end: "",
        claims_per_transaction: 3,
        provider_per_claim: true,
        ..Style::default()
    };
    for style in
        [Style::default(), Style { claims_per_transaction: 4, line_end: "", ..Style::default() }, odd]
    {
        let (text, made) = x12(&plan(10, 0.0), style);
        assert_eq!((made.claims, made.seeded.len()), (10, 0));
        assert_eq!(text.as_bytes()[105], style.terminator);
        let segments = segments(&text, style);
        let (mut start, mut transactions, mut levels) = (0, 0, 0);
        for (index, segment) in segments.iter().enumerate() {
            match segment[0] {
                "ST" => {
                    (start, levels) = (index, 0);
                    transactions += 1;
                }
                "HL" => {
                    levels += 1;
                    assert_eq!(segment[1], levels.to_string());
                }
                "SE" => {
                    assert_eq!(segment[1], (index - start + 1).to_string());
                    assert_eq!(segment[2], segments[start][2]);
                }
                "GE" => assert_eq!(segment[1], transactions.to_string()),
                _ => {}
            }
        }
    }
}

/// A file written in a style is the plain file spelled in it.
#[test]
fn spelling_again_is_spelling_at_once() {
    let odd = Style {
        element: b'|',
        component: b'>',
        terminator: b'!',
        line_end: "\r\n",
        indent: "  ",
        byte_order_mark: true,
        count_digits: 5,
        authorized: true,
        ..Style::default()
    };
    let shapes = |style| {
        let mut out = Vec::new();
        let made = write_shapes(&mut out, &Shapes { seed: 3, claims: 40 }, style).unwrap();
        assert_eq!(made.bytes, out.len() as u64);
        String::from_utf8(out).unwrap()
    };
    for (plain, spelled) in [
        (x12(&plan(20, 0.0), Style::default()).0, x12(&plan(20, 0.0), odd).0),
        (shapes(Style::default()), shapes(odd)),
    ] {
        assert_eq!(respell(&plain, Style::default()), plain.as_bytes());
        assert_eq!(respell(&plain, odd), spelled.as_bytes());
        assert!(spelled.starts_with("\u{feff}ISA|03|INVENTED 1|01|INVENTED 1|"));
        assert_eq!(&spelled.as_bytes()[3 + 103..3 + 108], b"|>!\r\n");
        assert!(spelled.contains("!\r\n  SE|0") && spelled.contains("!\r\n  IEA|0000"));
    }
}

#[test]
fn claims_balance_and_have_the_usual_size() {
    let (text, made) = x12(&plan(2000, 0.0), Style::default());
    let per_claim = made.bytes / made.claims;
    assert!((780..=1000).contains(&per_claim), "{per_claim} bytes a claim");
    let (mut claimed, mut summed) = (0, 0);
    let mut ids = HashSet::new();
    for segment in segments(&text, Style::default()) {
        match segment[0] {
            "CLM" => {
                assert_eq!(claimed, summed);
                (claimed, summed) = (Cents::parse(segment[2].as_bytes()).unwrap().0, 0);
                assert!(ids.insert(segment[1].to_owned()) && segment[1].len() <= 20);
            }
            "SV1" => summed += Cents::parse(segment[2].as_bytes()).unwrap().0,
            _ => {}
        }
    }
    assert_eq!(claimed, summed);
}

#[test]
fn people_are_distinct_and_numbers_well_formed() {
    assert_eq!(crate::synthetic::npi(23_456_789), "1234567893");
    let visits: Vec<Visit> = (0..5000).map(|index| Visit::new(7, index, 0.0)).collect();
    let members: HashSet<_> = visits.iter().map(|visit| &visit.member_id).collect();
    assert_eq!(members.len(), visits.len());
    let mut minutes_of_day = std::collections::HashMap::<_, u32>::new();
    for visit in &visits {
        let codes: Vec<_> = visit.services.iter().map(|service| service.code).collect();
        assert!(!(codes.contains(&"97124") && codes.contains(&"97140")));
        assert!((2..=4).contains(&codes.len()));
        assert!(visit.date.as_str() > visit.onset.as_str() && visit.date.as_str() < "20250701");
        let minutes: u32 = visit.services.iter().map(|service| service.minutes).sum();
        *minutes_of_day.entry((&visit.rendering_npi, &visit.date)).or_default() += minutes;
        for service in &visit.services {
            let supported = (service.minutes + 7) / 15;
            assert_eq!(service.units, if service.code == "97161" { 1 } else { supported });
        }
    }
    assert!(minutes_of_day.values().all(|&minutes| minutes <= 17 * 60));
}

#[test]
fn a_seed_names_a_file_and_faults_are_counted() {
    let (text, made) = x12(&plan(4000, 0.05), Style::default());
    assert_eq!(x12(&plan(4000, 0.05), Style::default()).0, text);
    let seeded: u64 = made.seeded.values().sum();
    assert!((140..=260).contains(&seeded), "{:?}", made.seeded);
    assert_eq!(made.seeded.keys().copied().collect::<Vec<_>>(), ["D01", "P01", "T06", "V01"]);
    assert_eq!(text.matches("*225700000X~").count() as u64, made.seeded["V01"]);
    let mut json = Vec::new();
    let twin = write_json_lines(&mut json, &plan(4000, 0.05)).unwrap();
    let mut table = Vec::new();
    let third = write_csv(&mut table, &plan(4000, 0.05)).unwrap();
    for same in [twin, third] {
        let (seeded, lines, charge_cents) = (&same.seeded, same.lines, same.charge_cents);
        assert_eq!((seeded, lines, charge_cents), (&made.seeded, made.lines, made.charge_cents));
    }
}

#[test]
fn json_lines_are_read_without_a_fault() {
    #[derive(Default)]
    struct Sums {
        claimed: i64,
        billed: i64,
    }
    impl ClaimSink for Sums {
        fn claim(&mut self, claim: &Claim<'_>, _: &dyn Cutter) {
            self.claimed += claim.charge.value.unwrap().0;
            self.billed += claim.lines.iter().map(|line| line.charge.value.unwrap().0).sum::<i64>();
            assert!(claim.lines.iter().all(|line| claim.linked_diagnoses(line).count() == 1));
        }
        fn fault(&mut self, _: u32, fault: Fault, _: &dyn Cutter) {
            panic!("{fault:?}");
        }
    }
    let mut json = Vec::new();
    let made = write_json_lines(&mut json, &Plan { amount: Amount::Bytes(300_000), ..plan(0, 0.1) }).unwrap();
    assert!((300_000..305_000).contains(&json.len()));
    let mut sums = Sums::default();
    let (mut claims, mut lines) = (0, 0);
    for unit in JsonCutter::new(json.as_slice(), 0, 10_000) {
        let summary = read(&unit.unwrap(), &mut sums);
        claims += u64::from(summary.claims);
        lines += u64::from(summary.lines);
        assert!(summary.unknown_fields.is_empty());
    }
    assert_eq!((claims, lines), (made.claims, made.lines));
    assert_eq!((sums.claimed, sums.billed), (made.charge_cents, made.charge_cents));
}

fn check(name: &str, file: &[u8]) -> Run {
    let as_of = AS_OF.parse().unwrap();
    let request = Request {
        threads: 2,
        unit_size: 1 << 18,
        ..Request::new(RuleSet::builtin(), Reference::builtin(), as_of)
    };
    engine::check(&request, &[Named::memory(name, file)])
}

#[test]
fn clean_claims_are_clean_under_every_rule_and_seeded_ones_are_found() {
    let (mut x12, mut json, mut table) = (Vec::new(), Vec::new(), Vec::new());
    let made = write_837p(&mut x12, &plan(2000, 0.0), Style::default()).unwrap();
    write_json_lines(&mut json, &plan(2000, 0.0)).unwrap();
    write_csv(&mut table, &plan(2000, 0.0)).unwrap();
    for run in [check("clean.837", &x12), check("clean.jsonl", &json), check("clean.csv", &table)] {
        assert_eq!((run.claims, run.lines), (made.claims, made.lines));
        assert_eq!(run.findings, []);
        assert_eq!(run.clean_claims, run.claims);
        // Nothing states when a service began, nor is there a clinical note or anything beside the claims; every other
        // fact that a rule asks for is there.
        let absent =
            ["no start and end", "no clinical note", "no authorization or certification that fits is given"];
        // Minutes that a remark gives are too weak for a provider's day.
        let is_weak = |code: &str, reason: &str| (code, reason) == ("F05", "no minutes");
        assert!(
            run.not_evaluated
                .iter()
                .all(|one| absent.contains(&one.reason.as_str()) || is_weak(&one.code, &one.reason)),
            "{:?}",
            run.not_evaluated
        );
    }
    let (text, made) = self::x12(&plan(2000, 0.05), Style::default());
    let run = check("flagged.837", text.as_bytes());
    for (&rule, &claims) in &made.seeded {
        let found: HashSet<u32> =
            run.findings.iter().filter(|one| one.code == rule).map(|one| one.claim).collect();
        assert!(found.len() as u64 >= claims, "{rule}");
    }
    assert_eq!(run.claims - run.clean_claims, made.seeded.values().sum::<u64>());
}
