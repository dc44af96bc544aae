//! What the user accepts: suppressed findings leave the ledger, known ones leave the totals, and neither depends on how
//! the run is worked.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use std::io::Write;
use std::process::Command;

use crate::support::{fixture, json_lines, line, request};
use crate::synthetic::{Amount, Plan, Style, write_837p, write_json_lines};
use cleanclaim::cli::rules_test;
use cleanclaim::engine::{self, Request};
use cleanclaim::finding::{AcceptedBy, Columns, Dollars, Finding, MoneyClass, Run, Severity, Verdict};
use cleanclaim::report::{Redaction, acknowledgement, json};
use cleanclaim::rules::{RuleSet, Whose, Wish};
use cleanclaim::side::{self, Baseline, Suppressions};
use cleanclaim::source::Named;
use serde_json::{Value, json};

fn day() -> cleanclaim::claim::Date {
    cleanclaim::claim::Date::constant(2025, 4, 2)
}

fn suppressing(text: &str) -> Suppressions {
    let known = rules_test::rule_names(&RuleSet::builtin());
    side::suppressions("s.yaml", text.as_bytes(), &known).unwrap_or_else(|error| panic!("{error}"))
}

fn run(files: &[(&str, &[u8])], change: impl FnOnce(&mut Request)) -> Run {
    let inputs: Vec<Named> = files.iter().map(|(name, bytes)| Named::memory(name, bytes)).collect();
    let mut request = request(day());
    change(&mut request);
    engine::check(&request, &inputs)
}

fn lines(lines: &[Value]) -> Vec<u8> {
    json_lines(lines).into_bytes()
}

fn report(run: &Run, redaction: Redaction) -> String {
    let mut out = Vec::new();
    json::render(run, redaction, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("text")
}

fn the<'r>(run: &'r Run, code: &str) -> &'r Finding {
    let found = || run.findings.iter().map(|finding| finding.code.as_str()).collect::<Vec<_>>();
    run.findings.iter().find(|finding| finding.code == code).unwrap_or_else(|| panic!("{:?}", found()))
}

fn cents(dollars: Dollars) -> (i64, i64) {
    (dollars.net.0, dollars.gross.0)
}

/// What may be made known of a run.
fn baseline_of<'f>(findings: impl Iterator<Item = &'f Finding>) -> Baseline {
    let all: Vec<_> =
        findings.map(|finding| (finding.code.as_str(), engine::common_fingerprint(finding))).collect();
    Baseline::of(all)
}

fn known(run: &Run) -> usize {
    let by = |finding: &&Finding| {
        finding.accepted.as_ref().is_some_and(|accepted| accepted.by == AcceptedBy::Baseline)
    };
    run.findings.iter().filter(by).count()
}

/// Two units of 97124 and 22 minutes, rendered by a massage therapist at Medicare: V01 says that the line is not paid,
/// and T01 that a unit is too many.
fn denied_and_over() -> Vec<u8> {
    lines(&[line(json!({
        "claim_id": "MAPLE-1051", "procedure_code": "97124", "units": 2, "minutes": 22,
        "rendering_taxonomy": "225700000X",
    }))])
}

#[test]
fn a_suppressed_finding_leaves_its_dollars_to_others() {
    let file = denied_and_over();
    let before = run(&[("day.jsonl", &file)], |_| {});
    assert_eq!((cents(before.columns.at_risk), cents(before.columns.recoupment)), ((5046, 5952), (0, 0)));
    assert_eq!(the(&before, "T01").counted_in.as_ref().map(|holder| holder.code.as_str()), Some("V01"));

    let text = "- {rule: V01, claim: MAPLE-1051, reason: it is being appealed, expires: 2025-04-02}";
    let after = run(&[("day.jsonl", &file)], |request| request.suppressions = suppressing(text));
    assert_eq!((cents(after.columns.at_risk), cents(after.columns.recoupment)), ((0, 0), (2070, 2976)));
    let (denial, over) = (the(&after, "V01"), the(&after, "T01"));
    assert!(over.impact.counted && over.counted_in.is_none());
    assert_eq!((over.impact.net.map(|net| net.0), denial.impact.class), (Some(2070), MoneyClass::None));
    let accepted = denial.accepted.as_deref().expect("accepted");
    assert_eq!(
        (accepted.by, accepted.reason.as_str(), accepted.source.as_str(), accepted.until.as_str()),
        (AcceptedBy::Suppression, "it is being appealed", "s.yaml:1", "2025-04-02")
    );
    assert_eq!((after.accepted.suppressed, after.accepted.known), (1, 0));
    assert_eq!(after.breakdown.rules.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["T01"]);
    assert_eq!(cents(after.flagged[0].lines[0].columns.recoupment), (2070, 2976));
    assert_eq!(after.flagged[0].columns, after.columns);
    assert_eq!(after.flagged[0].lines[0].columns.at_risk, Dollars::default());
    assert_eq!(after.standing().count() + 1, after.findings.len());
    assert_eq!(after.count(Severity::Error) + 1, before.count(Severity::Error));
}

#[test]
fn a_claim_is_clean_when_all_that_is_wrong_with_it_is_accepted() {
    let file = denied_and_over();
    let both = "- {rule: [V01, T01], claim: MAPLE-1051, reason: it is being appealed, expires: 2025-12-31}";
    for (text, clean) in [
        ("[]", 0),
        ("- {rule: T01, claim: MAPLE-1051, reason: r, expires: 2025-12-31}", 0),
        (both, 1),
        ("- {rule: [V01, T01], claim: MAPLE-105, reason: r, expires: 2025-12-31}", 0),
        ("- {rule: [V01, T01], claim: MAPLE-1051, reason: r, expires: 2025-04-01}", 0),
        ("- {rule: [V01, T01], payer: commercial, reason: r, expires: 2025-12-31}", 0),
        ("- {rule: [V01, T01], payer: medicare, reason: r, expires: 2025-12-31}", 1),
        ("- {rule: [V01, T01], code: 97140, reason: r, expires: 2025-12-31}", 0),
        ("- {rule: [V01, T01], provider: 1000000228, reason: r, expires: 2025-12-31}", 1),
    ] {
        let run = run(&[("day.jsonl", &file)], |request| request.suppressions = suppressing(text));
        assert_eq!(run.clean_claims, clean, "{text}");
        assert_eq!(run.columns == Columns::default(), clean == 1, "{text}");
    }
    let all = run(&[("day.jsonl", &file)], |_| {});
    let known = run(&[("day.jsonl", &file)], |request| {
        request.baseline = Some(baseline_of(all.findings.iter()));
    });
    assert_eq!((known.clean_claims, known.columns), (1, Columns::default()));
}

/// Two claims of one patient's day, by one payer: the units of both are one too many, which the second is told.
fn shared_day(payer_id: &str) -> Vec<u8> {
    let half = |claim: &str, code: &str| {
        line(json!({
            "claim_id": claim, "patient_id": "P", "procedure_code": code, "minutes": 11, "units": 1,
            "claim_filing_indicator": "MB", "payer_id": payer_id,
        }))
    };
    lines(&[half("A", "97124"), half("B", "97110")])
}

#[test]
fn a_payer_id_of_any_signs_is_met_on_a_shared_day() {
    for id in ["MB'01", "MB\"01", "MB\\01"] {
        let file = shared_day(id);
        for (payer, is_met) in [(id, true), ("MB01", false)] {
            let payer = json!(payer);
            let text =
                format!("- {{rule: T01, payer: {payer}, reason: it is being appealed, expires: 2025-12-31}}");
            let run = run(&[("day.jsonl", &file)], |request| request.suppressions = suppressing(&text));
            assert_eq!(the(&run, "T01").accepted.is_some(), is_met, "{text}");
        }
    }
}

/// The one remark on repeated claim numbers counts what is left when some of the claims are accepted, or spared.
#[test]
fn a_remark_on_the_batch_leaves_out_what_is_accepted_and_no_more() {
    let claims: Vec<Value> = [("N-2", "e"), ("N-1", "a"), ("N-2", "c"), ("N-1", "b"), ("N-2", "d")]
        .iter()
        .map(|(number, patient)| {
            line(json!({"claim_id": number, "patient_id": patient, "claim_filing_indicator": "MB",
                        "payer_id": if *patient == "e" { "2" } else { "1" }}))
        })
        .collect();
    let said = |text: &str| {
        let run = run(&[("day.jsonl", &lines(&claims))], |request| request.suppressions = suppressing(text));
        assert!(run.findings.iter().all(|finding| finding.code != "S02"), "{text}");
        let remarks = run.findings.iter().filter(|finding| finding.outcome == "claim-number-repeated");
        remarks.map(|one| (one.message.clone(), one.claim, one.accepted.is_some())).collect::<Vec<_>>()
    };
    let told = |numbers: u32, claims: u32| {
        format!("Claim numbers are not unique: {numbers} of them stand on {claims} claims of this run")
    };
    let entry =
        |scope: &str| format!("- {{rule: X14, {scope}, reason: account numbers, expires: 2025-12-31}}\n");
    assert_eq!(said("[]"), [(told(2, 4), 4, false)]);
    assert_eq!(said(&entry("claim: N-1")), [(told(1, 2), 4, true), (told(1, 2), 5, false)]);
    assert_eq!(said(&entry("claim: N-2")), [(told(1, 2), 4, false), (told(1, 2), 5, true)]);
    assert_eq!(said(&(entry("claim: N-1") + &entry("claim: N-2"))), [(told(2, 4), 4, true)]);
    assert_eq!(said(&entry("payer: 1")), [(told(2, 4), 4, true)]);
    assert_eq!(said(&entry("claim: N-3")), [(told(2, 4), 4, false)]);
}

/// What is both known and suppressed still occurs: the baseline is not called outdated for it.
#[test]
fn a_known_finding_that_is_suppressed_still_occurs() {
    let file = denied_and_over();
    let before = run(&[("day.jsonl", &file)], |_| {});
    let gone = |text: &str, file: &[u8]| {
        let run = run(&[("day.jsonl", file)], |request| {
            request.suppressions = suppressing(text);
            request.baseline = Some(baseline_of(before.findings.iter()));
        });
        let notes = run.notes.iter().filter(|note| note.contains("no longer occur")).cloned();
        (run.accepted.suppressed, notes.collect::<Vec<_>>())
    };
    let entry = "- {rule: [V01, T01], claim: MAPLE-1051, reason: it is being appealed, expires: 2025-12-31}";
    assert_eq!(gone("[]", &file), (0, vec![]));
    assert_eq!(gone(entry, &file), (2, vec![]));
    let mended = lines(&[line(json!({
        "claim_id": "MAPLE-1051", "procedure_code": "97124", "units": 1, "minutes": 22,
        "rendering_taxonomy": "225700000X",
    }))]);
    let (suppressed, notes) = gone(entry, &mended);
    assert_eq!((suppressed, notes.len()), (1, 1), "{notes:?}");
}

/// An entry about a rule that the payer is spared is not said to find nothing: nobody looked.
#[test]
fn an_entry_for_a_rule_that_is_off_is_not_called_unused() {
    let file = lines(&[line(json!({
        "claim_id": "A", "procedure_code": "97124", "units": 1, "minutes": 22,
        "claim_filing_indicator": "MB", "payer_id": "1",
    }))]);
    let text = "- {rule: T01, payer: 1, reason: it is being appealed, expires: 2025-12-31}";
    for (id, is_said) in [("1", false), ("2", true)] {
        let run = run(&[("day.jsonl", &file)], |request| {
            request.suppressions = suppressing(text);
            let wish = Wish {
                whose: Whose::PayerId(id.to_owned()),
                select: Vec::new(),
                ignore: vec!["T01".to_owned()],
                severity: Vec::new(),
            };
            request.rules.weigh(&[wish]).expect("a rule");
        });
        assert_eq!(run.findings.iter().any(|finding| finding.code == "S02"), is_said, "{id}");
    }
}

/// A known denial still stands before the recoupment of the same units: nothing turns up as new because its neighbour is
/// known.
#[test]
fn a_known_finding_keeps_its_dollars_from_others() {
    let file = denied_and_over();
    let before = run(&[("day.jsonl", &file)], |_| {});
    let of = |code: &'static str| baseline_of(before.findings.iter().filter(move |one| one.code == code));
    let after = run(&[("day.jsonl", &file)], |request| request.baseline = Some(of("V01")));
    assert_eq!(after.columns, Columns::default());
    assert_eq!(cents(after.accepted.dollars.at_risk), (5046, 5952));
    let over = the(&after, "T01");
    assert!(over.accepted.is_none() && !over.impact.counted);
    assert_eq!(
        over.counted_in.as_ref().map(|holder| (holder.code.as_str(), holder.is_known)),
        Some(("V01", true))
    );
    assert!(!the(&after, "V01").impact.counted);
    assert_eq!(after.breakdown.rules, []);

    let after = run(&[("day.jsonl", &file)], |request| request.baseline = Some(of("T01")));
    assert_eq!((after.columns, after.accepted.dollars), (before.columns, Columns::default()));
    assert!(the(&after, "V01").impact.counted);
}

#[test]
fn of_equal_findings_those_beyond_the_known_ones_are_new() {
    let over = |claims: &[&str]| {
        let of = |claim: &&str| {
            line(json!({
                "claim_id": claim, "patient_id": claim, "procedure_code": "97124", "units": 2, "minutes": 22,
            }))
        };
        lines(&claims.iter().map(of).collect::<Vec<_>>())
    };
    let before = run(&[("day.jsonl", &over(&["A", "B"]))], |_| {});
    let known_before = baseline_of(before.findings.iter());
    let of_t01 = |one: &&Finding| one.code == "T01";
    assert_eq!(known_before.total(|code| code == "T01"), 2);
    let later = over(&["A", "B", "C", "D"]);
    let after = run(&[("day.jsonl", &later)], |request| request.baseline = Some(known_before.clone()));
    let new: Vec<&str> = after.standing().filter(of_t01).map(|one| one.claim_id.as_str()).collect();
    assert_eq!(new, ["C", "D"]);
    assert_eq!(cents(after.columns.recoupment), (2 * 2070, 2 * 2976));
    assert_eq!(cents(after.accepted.dollars.recoupment), (2 * 2070, 2 * 2976));
    assert!(!after.notes.iter().any(|note| note.contains("no longer")), "{:?}", after.notes);
    let names: std::collections::HashSet<&str> =
        after.findings.iter().map(|one| one.fingerprint.as_str()).collect();
    assert_eq!(names.len(), after.findings.len());

    let fewer = run(&[("day.jsonl", &over(&["B"]))], |request| request.baseline = Some(known_before));
    assert_eq!(fewer.standing().count(), 0);
    assert!(
        fewer.notes.iter().any(|note| note.ends_with("no longer occurs: write it anew to be rid of it")
            || note.ends_with("no longer occur: write it anew to be rid of them")),
        "{:?}",
        fewer.notes
    );
}

/// A suppressed finding takes no name from the others: whether it is suppressed or not, the baseline knows the same.
#[test]
fn a_suppression_that_ends_makes_nothing_else_new() {
    let of = |claim: &str| {
        line(json!({
            "claim_id": claim, "patient_id": claim, "procedure_code": "97124", "units": 2, "minutes": 22,
        }))
    };
    let (file, turned) = (lines(&[of("A"), of("B")]), lines(&[of("B"), of("A")]));
    let text = "- {rule: T01, claim: A, reason: looked at, expires: 2025-12-31}";
    let before = run(&[("day.jsonl", &file)], |request| request.suppressions = suppressing(text));
    let standing = baseline_of(before.standing());
    for file in [&file, &turned] {
        let again = run(&[("day.jsonl", file)], |request| {
            request.suppressions = suppressing(text);
            request.baseline = Some(standing.clone());
        });
        assert_eq!(again.standing().count(), 0);
        let ended = run(&[("day.jsonl", file)], |request| request.baseline = Some(standing.clone()));
        assert_eq!(ended.standing().count(), 1);
    }
}

#[test]
fn one_fault_is_not_known_because_another_of_its_rule_is() {
    let with = |facts: Value| lines(&[line(facts)]);
    let repeated = with(json!({"procedure_code": "97110", "modifiers": ["GP", "GP"]}));
    let unknown = with(json!({"procedure_code": "97110", "modifiers": ["gp"]}));
    let before = run(&[("day.jsonl", &repeated)], |_| {});
    let after = run(&[("day.jsonl", &unknown)], |request| {
        request.baseline = Some(baseline_of(before.findings.iter()));
    });
    assert!(before.findings.iter().any(|one| one.code == "M06"));
    assert!(after.standing().any(|one| one.code == "M06"), "{:#?}", after.findings);
}

fn x12(seed: u64) -> Vec<u8> {
    let mut out = Vec::new();
    let style = Style { claims_per_transaction: 40, ..Style::default() };
    write_837p(&mut out, &plan(seed), style).expect("a vector takes everything");
    out
}

fn plan(seed: u64) -> Plan {
    Plan { seed, amount: Amount::Claims(80), flagged: 0.5 }
}

fn json_of(seed: u64) -> Vec<u8> {
    let mut out = Vec::new();
    write_json_lines(&mut out, &plan(seed)).expect("a vector takes everything");
    out
}

/// The claims of JSON lines in the opposite order, over two files.
fn turned(lines: &[u8]) -> [Vec<u8>; 2] {
    let text = std::str::from_utf8(lines).expect("text");
    let mut claims: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let value: Value = serde_json::from_str(line).expect("a claim line");
        let id = value["claim_id"].as_str().unwrap_or_default().to_owned();
        match claims.last_mut().filter(|(known, _)| *known == id) {
            Some((_, lines)) => *lines += &format!("{line}\n"),
            None => claims.push((id, format!("{line}\n"))),
        }
    }
    claims.reverse();
    let half = claims.len() / 3;
    let of = |part: &[(String, String)]| part.iter().map(|(_, lines)| lines.as_str()).collect::<String>();
    [of(&claims[..half]).into_bytes(), of(&claims[half..]).into_bytes()]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).expect("a vector takes everything");
    packed.finish().expect("a vector takes everything")
}

/// The bytes of a packed file are gone when its shared days are settled. A claim that the first pass found something in
/// keeps its number, and every claim its payer and provider.
#[test]
fn a_shared_day_of_a_packed_file_names_what_is_known() {
    let half = |claim: &str, code: &str| {
        line(json!({
            "claim_id": claim, "patient_id": "P", "procedure_code": code, "minutes": 11, "units": 1,
            "claim_filing_indicator": "MB", "payer_id": "MB01", "modifiers": ["GP", "GP"],
        }))
    };
    let flagged = lines(&[half("A", "97124"), half("B", "97110")]);
    for (file, is_known) in [(flagged, true), (shared_day("MB01"), false)] {
        let plain = run(&[("day.jsonl", &file)], |_| {});
        let packed = run(&[("day.jsonl.gz", &gzip(&file))], |_| {});
        let (own, bare) = (the(&plain, "T01"), the(&packed, "T01"));
        assert_eq!(bare.claim, own.claim);
        if is_known {
            assert_eq!((&bare.claim_id, &bare.transaction), (&own.claim_id, &own.transaction));
        }
        let of = |run: &Run| {
            let claim = run.flagged.iter().find(|claim| claim.ordinal == own.claim).expect("its claim");
            (claim.payer_id.clone(), claim.billing_npi.clone())
        };
        assert_eq!(of(&packed), of(&plain));
        assert_eq!(of(&packed).0, "MB01");
    }
}

/// What is known stays known in another order, under other names, in other pieces, on more threads.
#[test]
fn a_baseline_does_not_depend_on_how_a_run_is_worked() {
    let bytes = json_of(31);
    let before = run(&[("friday.jsonl", &bytes)], |_| {});
    assert!(before.findings.len() > 30, "{}", before.findings.len());
    // As it is read from a file, not as it stands in memory.
    let mut text = Vec::new();
    baseline_of(before.findings.iter()).write("0.0.0", "2025-04-02", &mut text).expect("written");
    let baseline = Baseline::read("b.json", &text).expect("a baseline");
    let [one, two] = turned(&bytes);
    let packed = gzip(&bytes);
    let files: [&[(&str, &[u8])]; 3] = [
        &[("other.jsonl", &bytes)],
        &[("a.jsonl", &one), ("b.jsonl", &two)],
        &[("packed.jsonl.gz", &packed)],
    ];
    for files in files {
        for (threads, unit_size) in [(1, 1 << 20), (3, 4096), (2, 10_000)] {
            let after = run(files, |request| {
                (request.threads, request.unit_size) = (threads, unit_size);
                request.baseline = Some(baseline.clone());
            });
            let new: Vec<&Finding> = after.standing().collect();
            assert!(new.is_empty(), "{threads} {unit_size} {}: {new:#?}", files[0].0);
            assert_eq!(known(&after) as u64, after.accepted.known);
            assert_eq!(known(&after), before.findings.len());
            assert_eq!((after.columns, after.accepted.dollars), (Columns::default(), before.columns));
            assert_eq!(after.clean_claims, after.claims);
            assert!(after.breakdown.rules.is_empty() && after.breakdown.payers.is_empty());
            assert!(!after.notes.iter().any(|note| note.contains("no longer")), "{:?}", after.notes);
        }
    }
}

fn sum(parts: impl Iterator<Item = Columns>) -> Columns {
    parts.fold(Columns::default(), |mut all, part| {
        all.add(&part);
        all
    })
}

/// Every breakdown adds up to the columns, and what is known to what they have lost.
fn adds_up(run: &Run, what: &str) {
    let breakdown = &run.breakdown;
    assert_eq!(sum(breakdown.rules.iter().map(|one| one.share.columns)), run.columns, "{what}: rules");
    assert_eq!(
        sum(breakdown.providers.iter().map(|one| one.share.columns)),
        run.columns,
        "{what}: providers"
    );
    assert_eq!(sum(breakdown.payers.iter().map(|one| one.share.columns)), run.columns, "{what}: payers");
    assert_eq!(sum(breakdown.days.iter().map(|one| one.share.columns)), run.columns, "{what}: days");
    assert_eq!(sum(run.flagged.iter().map(|one| one.columns)), run.columns, "{what}: claims");
    let of_lines = run.flagged.iter().flat_map(|one| &one.lines).map(|one| one.columns);
    let without_delayed = Columns { delayed: Dollars::default(), ..run.columns };
    assert_eq!(sum(of_lines), without_delayed, "{what}: lines");
    let counting = breakdown.rules.iter().map(|one| one.findings).sum::<u64>();
    assert_eq!(counting, run.findings.iter().filter(|one| one.impact.counted).count() as u64, "{what}");
}

#[test]
fn dollars_add_up_whatever_is_accepted() {
    for (seed, x12_form) in [(41, true), (42, false), (43, true)] {
        let bytes = if x12_form { x12(seed) } else { json_of(seed) };
        // Twice, so that every day is spread over two claims, in other words.
        let other = if x12_form { json_of(seed) } else { x12(seed) };
        let files: [(&str, &[u8]); 2] = [("a", &bytes), ("b", &other)];
        let whole = run(&files, |_| {});
        adds_up(&whole, "nothing accepted");
        assert!(whole.columns != Columns::default());
        for keep in [2, 3, 5] {
            let part = whole.findings.iter().enumerate().filter(|(at, _)| at % keep == 0).map(|(_, one)| one);
            let baseline = baseline_of(part);
            let after = run(&files, |request| request.baseline = Some(baseline.clone()));
            adds_up(&after, &format!("seed {seed}, one of {keep} known"));
            let mut all = after.columns;
            all.add(&after.accepted.dollars);
            assert_eq!(all, whole.columns, "seed {seed}, one of {keep} known");
            assert_eq!(known(&after) as u64, baseline.total(|_| true));
            assert!(after.clean_claims >= whole.clean_claims);
        }
    }
}

#[test]
fn suppressions_do_not_depend_on_how_a_run_is_worked() {
    let (bytes, again) = (x12(51), json_of(51));
    let whole = run(&[("a", &bytes), ("b", &again)], |_| {});
    let claim = &whole.findings.iter().find(|one| one.claim > 0 && one.line > 0).expect("a finding").claim_id;
    let text = format!(
        "- {{rule: T, code: [97124, 97110], reason: r, expires: 2025-12-31}}\n\
         - {{rule: P, payer: medicare, dates: {{to: 2025-12-31}}, reason: r, expires: 2025-12-31}}\n\
         - {{rule: [D, V, M], claim: {claim}, reason: r, expires: 2025-12-31}}\n\
         - {{rule: X, payer: commercial, reason: r, expires: 2025-01-31}}\n"
    );
    let wanted = run(&[("a", &bytes), ("b", &again)], |request| request.suppressions = suppressing(&text));
    adds_up(&wanted, "some suppressed");
    assert!(wanted.accepted.suppressed > 5, "{}", wanted.accepted.suppressed);
    assert!(wanted.accepted.suppressed < wanted.findings.len() as u64);
    for (threads, unit_size, memory) in [(1, 4096, 4096), (3, 5000, 256 << 20), (2, 1 << 20, 4096)] {
        let found = run(&[("a", &bytes), ("b", &again)], |request| {
            request.suppressions = suppressing(&text);
            (request.threads, request.unit_size, request.memory) = (threads, unit_size, memory);
        });
        assert!(wanted == found, "{threads} threads, units of {unit_size}");
    }
    // What cannot be read again is known by its facts.
    let packed = [gzip(&bytes), gzip(&again)];
    let found = run(&[("a", &packed[0]), ("b", &packed[1])], |request| {
        request.suppressions = suppressing(&text);
    });
    let told = |run: &Run| {
        let of = |one: &Finding| (one.code.clone(), one.file, one.claim, one.line, one.accepted.is_some());
        let mut all: Vec<_> = run.findings.iter().map(of).collect();
        all.sort();
        all
    };
    assert_eq!(told(&found), told(&wanted));
    assert_eq!((found.columns, found.clean_claims), (wanted.columns, wanted.clean_claims));
}

/// A receiver rejects what it rejects, whatever the user says of it.
#[test]
fn the_acknowledgement_leaves_nothing_out() {
    let text = fixture("clean.837").replace("*Y*A*Y*Y", "*Y*X*Y*Y");
    let files: [(&str, &[u8]); 1] = [("day.837", text.as_bytes())];
    let said = |run: &Run| {
        let mut out = Vec::new();
        acknowledgement::render(run, Redaction::Default, &mut out).expect("written");
        String::from_utf8(out).expect("text")
    };
    let whole = run(&files, |_| {});
    assert!(whole.findings.iter().any(|one| one.code == "X05") && whole.clean_claims == 0);
    let entry = "- {rule: X05, provider: 1000000111, reason: r, expires: 2025-12-31}";
    let suppressed = run(&files, |request| request.suppressions = suppressing(entry));
    assert!(whole.columns.delayed.net.0 > 0 && suppressed.accepted.suppressed > 0);
    assert_eq!((suppressed.clean_claims, suppressed.columns), (suppressed.claims, Columns::default()));
    assert_eq!(said(&suppressed), said(&whole));
    let known = run(&files, |request| request.baseline = Some(baseline_of(whole.findings.iter())));
    assert_eq!((known.clean_claims, known.columns), (known.claims, Columns::default()));
    assert_eq!(known.accepted.dollars, whole.columns);
    assert_eq!(said(&known), said(&whole));
}

#[test]
fn the_files_of_suppressions_are_no_claims() {
    let file = denied_and_over();
    let text = "- {rule: T01, claim: MAPLE-1051, reason: r, expires: 2025-04-01}\n\
                - {rule: M06, claim: MAPLE-1051, reason: r, expires: 2025-12-31}\n\
                - {rule: M06, claim: MAPLE-9999, reason: r, expires: 2025-12-31}\n";
    let run = run(&[("day.jsonl", &file)], |request| request.suppressions = suppressing(text));
    assert_eq!(run.files.len(), 2);
    assert_eq!((run.files[1].name.as_str(), &run.files[1].verdict), ("s.yaml", &Verdict::Suppressions));
    let of_file = run.findings.iter().filter(|one| one.file == 1);
    let said: Vec<_> = of_file.map(|one| (one.code.as_str(), one.place.number, one.severity)).collect();
    assert_eq!(said, [("S01", 1, Severity::Warning), ("S02", 2, Severity::Info)]);
    assert!(
        run.notes.contains(&"1 of 3 suppressions meets nothing of this run".to_owned()),
        "{:?}",
        run.notes
    );
    let report: Value = serde_json::from_str(&report(&run, Redaction::Default)).expect("JSON");
    assert_eq!(report["summary"]["files"], 1);
    assert_eq!(report["inputs"][1]["verdict"], "suppressions");
}

#[test]
fn full_masking_names_no_claim_of_the_suppressions() {
    let file = denied_and_over();
    let text = "- {rule: V01, claim: MAPLE-1051, reason: MAPLE-1051 is appealed since 2025-03-20, expires: 2025-12-31}\n\
                - {rule: T01, claim: MAPLE-1051, reason: r, expires: 2025-04-01}\n\
                - {rule: M06, claim: MAPLE-1051, reason: r, expires: 2025-12-31}\n\
                - {rule: M06, claim: MAPLE-9999, reason: r, expires: 2025-12-31}\n";
    let run = run(&[("day.jsonl", &file)], |request| request.suppressions = suppressing(text));
    let full = report(&run, Redaction::Full);
    assert!(!full.contains("MAPLE") && !full.contains("2025-03-20"), "{full}");
    assert!(!full.contains("is appealed since") && full.contains("\"until\":\"2025-12-31\""), "{full}");
    assert!(full.contains("held until 2025-04-01"), "{full}");
    assert!(report(&run, Redaction::Default).contains("MAPLE-1051 is appealed since 2025-03-20"));
}

/// What stands where a baseline is to be written is nothing, or a baseline.
#[test]
fn a_baseline_replaces_nothing_but_a_baseline() {
    let folder = tempfile::tempdir().expect("a folder");
    let (day, other) = (folder.path().join("day.837"), folder.path().join("notes.txt"));
    std::fs::write(&day, fixture("clinic-day.837")).expect("a file");
    std::fs::write(&other, "mine").expect("a file");
    let written = |path: &std::path::Path| {
        let output = Command::new(env!("CARGO_BIN_EXE_cleanclaim"))
            .args(["check", "--isolated", "--as-of", "2025-03-10", "--output", "concise"])
            .arg(&day)
            .arg("--write-baseline")
            .arg(path)
            .output()
            .expect("a program that runs");
        output.status.code()
    };
    assert_eq!((written(&day), written(&other)), (Some(2), Some(2)));
    assert_eq!(std::fs::read_to_string(&day).expect("the claims"), fixture("clinic-day.837"));
    assert_eq!(std::fs::read_to_string(&other).expect("a file"), "mine");
    assert_eq!(written(&folder.path().join("no/such/known.json")), Some(2));
    let known = folder.path().join("known.json");
    assert_eq!((written(&known), written(&known)), (Some(0), Some(0)));
    assert!(std::fs::read_to_string(&known).expect("a baseline").contains("cleanclaim"));
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 3);
}
