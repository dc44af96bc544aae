//! A month of a clinic: clean it is clean, and with faults planted in it each is found, and nothing else.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use crate::support::compare_or_bless;
use crate::synthetic::month::{AS_OF, Form, Month, Seed, Told, clean, seeds};
use cleanclaim::rules::RuleSet;
use serde_json::Value;

/// Rules of the book that no fault is planted for yet. The list may only shrink.
const UNSEEDED: [&str; 0] = [];

/// Checks the month through the command.
fn checked(month: &Month, form: Form, how: &[&str]) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_cleanclaim"));
    // The developer's own tables are not looked at.
    command.env("XDG_DATA_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-tables"));
    command.env_remove("CI").env("NO_COLOR", "1").current_dir(folder.path());
    command.args(["check", "--output", "json", "--fail-on", "never", "--as-of", AS_OF]);
    command.args(how);
    for (flag, name, text) in month.beside(form) {
        std::fs::write(folder.path().join(&name), text).expect("a writable folder");
        command.args([flag, &name]);
    }
    for (name, text) in month.claims(form) {
        std::fs::write(folder.path().join(&name), text).expect("a writable folder");
        command.arg(name);
    }
    let output = command.output().expect("the program runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {told}"))
}

fn findings(run: &Value) -> &[Value] {
    run["findings"].as_array().expect("findings")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// What was found, without what is expected of every claim.
fn found(run: &Value) -> Vec<Told> {
    let mut found: Vec<Told> = findings(run)
        .iter()
        .filter(|one| !is_expected(one))
        .map(|one| {
            let of_claim = text(&one["claim"]["id"]);
            Told {
                code: text(&one["code"]),
                claim: if of_claim.is_empty() { text(&one["file"]) } else { of_claim },
                line: one["line"].as_u64().unwrap_or(0) as u16,
            }
        })
        .collect();
    found.sort();
    found
}

/// What is told of a claim that has no fault: that its patient has come for the eighth or twelfth time, which is counted
/// apart.
fn is_expected(finding: &Value) -> bool {
    finding["code"] == "F01" && finding["severity"] == "info"
}

/// The days of a patient on which some code is billed for the eighth or twelfth time: patient and date. Counted from the
/// claims of the month and what came before, at payers of which no limit is known.
fn prompts(month: &Month) -> usize {
    let mut dates: BTreeMap<[String; 4], BTreeSet<String>> = BTreeMap::new();
    let lines = month.visits.iter().flat_map(|visit| &visit.lines).chain(&month.history);
    for line in lines.filter(|line| line["claim_filing_indicator"] != "AM") {
        let of = ["patient_id", "claim_filing_indicator", "initial_treatment_date", "procedure_code"];
        let of = of.map(|fact| crate::synthetic::text(line, fact));
        dates.entry(of).or_default().insert(crate::synthetic::text(line, "service_date"));
    }
    let mut days: BTreeSet<(String, String)> = BTreeSet::new();
    for ([patient, ..], dates) in &dates {
        for place in [7, 11] {
            days.extend(dates.iter().nth(place).map(|date| (patient.clone(), date.clone())));
        }
    }
    days.len()
}

fn prompted(run: &Value) -> usize {
    findings(run).iter().filter(|one| one["code"] == "F01" && one["severity"] == "info").count()
}

#[test]
fn the_clinic_is_believable() {
    let month = clean();
    let lines = || month.visits.iter().flat_map(|visit| &visit.lines);
    assert!((350..500).contains(&month.visits.len()), "{} visits", month.visits.len());
    let count = |of: &dyn Fn(&crate::synthetic::Line) -> String| {
        let mut counted: BTreeMap<String, usize> = BTreeMap::new();
        for line in lines() {
            *counted.entry(of(line)).or_default() += 1;
        }
        counted
    };
    assert_eq!(count(&|line| crate::synthetic::text(line, "patient_id")).len(), 40);
    assert_eq!(count(&|line| crate::synthetic::text(line, "rendering_npi")).len(), 3);
    assert_eq!(count(&|line| crate::synthetic::text(line, "service_date")).len(), 22);
    assert_eq!(count(&|line| crate::synthetic::text(line, "claim_filing_indicator")).len(), 7);
    let of_patient = |line: &crate::synthetic::Line| {
        ["patient_id", "note"].map(|fact| crate::synthetic::text(line, fact)).join(" ")
    };
    let alike = count(&of_patient);
    assert!(alike.values().all(|&times| times < 3), "{:?}", alike.iter().max_by_key(|(_, times)| **times));
    assert!(lines().any(|line| line.contains_key("assistant_minutes")));
    assert!(!month.history.is_empty() && !month.authorizations.is_empty());
    // Nobody treats two patients at once.
    let mut busy: BTreeMap<(String, String), Vec<(String, String)>> = BTreeMap::new();
    for line in lines().filter(|line| line.contains_key("start")) {
        let day =
            (crate::synthetic::text(line, "rendering_npi"), crate::synthetic::text(line, "service_date"));
        busy.entry(day)
            .or_default()
            .push((crate::synthetic::text(line, "start"), crate::synthetic::text(line, "end")));
    }
    for (day, mut times) in busy {
        times.sort();
        assert!(times.windows(2).all(|two| two[0].1 <= two[1].0), "{day:?}: {times:?}");
    }
}

#[test]
fn a_clean_month_is_clean() {
    for form in [Form::Json, Form::X12] {
        let run = checked(&clean(), form, &[]);
        assert_eq!(found(&run), [], "{form:?}: {:#?}", findings(&run).first());
        assert_eq!(prompted(&run), prompts(&clean()), "{form:?}");
        assert!(prompted(&run) > 20);
        assert_eq!(run["summary"]["claims"], run["summary"]["clean_claims"], "{form:?}");
        assert_eq!(run["summary"]["claims"], clean().visits.len(), "{form:?}");
    }
}

#[test]
fn each_planted_fault_is_found_and_nothing_else() {
    for form in [Form::Json, Form::X12] {
        let month = Month::seeded(form, |_| true);
        let run = checked(&month, form, &[]);
        let found = found(&run);
        let missed: Vec<_> = month.told.iter().filter(|told| !found.contains(told)).collect();
        let others: Vec<_> = found.iter().filter(|told| !month.told.contains(told)).collect();
        assert!(missed.is_empty() && others.is_empty(), "{form:?}: missed {missed:#?}, others {others:#?}");
        assert_eq!(found, month.told, "{form:?}: as many as planted");
    }
}

/// A month in one thread and one piece, and in four threads and many pieces, is the same month.
#[test]
fn threads_change_nothing() {
    let month = Month::seeded(Form::X12, |_| true);
    let one = checked(&month, Form::X12, &["--threads", "1"]);
    let four = checked(&month, Form::X12, &["--threads", "4", "--unit-size", "8KiB"]);
    assert!(one == four, "the findings depend on how the month was cut");
}

/// What both forms can show they show alike: rule, claim, line, severity and dollars.
#[test]
fn both_forms_agree() {
    let shown = |form: Form| {
        let wanted = |seed: &Seed| seed.only.is_none();
        let run = checked(&Month::seeded(form, wanted), form, &[]);
        let in_short = |one: &Value| {
            let cents = |which: &str| one["impact"][which].as_i64();
            let what = [&one["code"], &one["claim"]["id"], &one["severity"]].map(text);
            (what, one["line"].as_u64(), cents("net_cents"), cents("gross_cents"))
        };
        let findings = findings(&run).iter().filter(|one| !is_expected(one));
        let mut shown: Vec<_> = findings.map(in_short).collect();
        shown.sort();
        (shown, run["summary"]["at_risk"].clone(), run["summary"]["delayed"].clone())
    };
    let ((json, at_risk, delayed), x12) = (shown(Form::Json), shown(Form::X12));
    let differing: Vec<_> = json.iter().filter(|one| !x12.0.contains(one)).collect();
    assert_eq!(differing.len() + json.len(), x12.0.len(), "in JSON alone: {differing:#?}");
    assert!(json == x12.0, "the forms differ in dollars or severity");
    assert_eq!((at_risk, delayed), (x12.1, x12.2));
}

#[test]
fn every_rule_is_planted_at_least_twice() {
    let mut planted: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in seeds() {
        *planted.entry(seed.code).or_default() += seed.count;
    }
    let rules = RuleSet::builtin().rules;
    for rule in &rules {
        let is_listed = UNSEEDED.contains(&rule.code.as_str());
        match planted.get(rule.code.as_str()) {
            Some(&count) => {
                assert!(count >= 2 && !is_listed, "{}: {count} seeds, UNSEEDED {is_listed}", rule.code)
            }
            None => {
                assert!(is_listed, "{}: plant a fault for it in tests/synthetic/month/seeds.rs", rule.code)
            }
        }
    }
    let is_rule = |code: &&str| rules.iter().any(|rule| rule.code == **code);
    let unknown: Vec<&str> = planted.keys().copied().filter(|code| !is_rule(code)).collect();
    assert!(unknown.is_empty(), "seeds of rules that the book does not hold: {unknown:?}");
    assert!(UNSEEDED.iter().all(is_rule), "{UNSEEDED:?}");
}

/// What the planted faults are worth, by rule.
#[test]
fn the_dollars_of_the_planted_faults() {
    let month = Month::seeded(Form::Json, |_| true);
    let run = checked(&month, Form::Json, &[]);
    let mut sums: BTreeMap<String, (u32, i64, i64)> = BTreeMap::new();
    for one in findings(&run) {
        let sum = sums.entry(text(&one["code"])).or_default();
        sum.0 += 1;
        sum.1 += one["impact"]["net_cents"].as_i64().unwrap_or(0);
        sum.2 += one["impact"]["gross_cents"].as_i64().unwrap_or(0);
    }
    let plain = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
    let mut table = "rule\tfindings\tnet\tgross\n".to_owned();
    for (code, (count, net, gross)) in &sums {
        table += &format!("{code}\t{count}\t{}\t{}\n", plain(*net), plain(*gross));
    }
    let summary = &run["summary"];
    for column in ["at_risk", "recoupment", "delayed", "unbilled"] {
        let cents = |which: &str| plain(summary[column][which].as_i64().expect("cents"));
        table += &format!("{column}\t\t{}\t{}\n", cents("net_cents"), cents("gross_cents"));
    }
    compare_or_bless("tests/month.tsv", &table);
}
