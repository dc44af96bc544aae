//! What docs/snip.md says, held against the rules: a row for every way in which a rule of a SNIP type can speak, and
//! for every row a file that makes it speak and a neighbour that does not (tests/written/snip/pairs.txt).
//!
//! The words of a row are written by hand, what stands beside them comes from the rules. Run with
//! `CLEANCLAIM_BLESS=1` to write that anew, then fill in the words of new rows.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

mod pairs;

use std::collections::{BTreeMap, BTreeSet};

use crate::support::tables::with_imported;
use crate::support::{compare_or_bless, repository, request};
use cleanclaim::engine;
use cleanclaim::finding::{Acknowledgement, CodeElement, Finding, Severity};
use cleanclaim::reference::Reference;
use cleanclaim::rules::{Check, DiagnosisFault, Rule, RuleFile, RuleSet};
use cleanclaim::source::Named;
use pairs::{Pair, pairs};

const PAGE: &str = "docs/snip.md";

/// A rule's code and the name of an outcome, as the page and the pairs write it.
type Way = (String, String);

/// The ways in which a rule can speak, in its own order; `-` is the plain one.
fn ways(rule: &Rule) -> Vec<String> {
    let named: Vec<&str> = match &rule.check {
        Check::Edit { faults, .. } => faults.clone(),
        Check::Structure { faults } => faults.iter().map(String::as_str).collect(),
        Check::Diagnosis(DiagnosisFault::NotBillable) => vec!["-", "split", "unknown", "after-table"],
        Check::Diagnosis(DiagnosisFault::NotValid) => vec!["-", "replaced", "not-yet"],
        Check::Diagnosis(DiagnosisFault::Format) => {
            vec!["decimal", "lower-case", "length", "icd-9", "not-principal", "repeated"]
        }
        Check::Diagnosis(DiagnosisFault::Pointer) => {
            vec!["absent", "zero", "beyond", "repeated", "unreadable"]
        }
        Check::Forbid | Check::Require(_) | Check::Limit { .. } => vec!["-"],
        _ => panic!("{}: say in which ways a {} rule can speak", rule.code, rule.check.kind()),
    };
    // An outcome that YAML words is one that the rule can have.
    for outcome in &rule.outcomes {
        assert!(named.contains(&outcome.name.as_str()), "{} {} is in no list", rule.code, outcome.name);
    }
    named.into_iter().map(str::to_owned).collect()
}

fn acknowledged(one: &Acknowledgement) -> String {
    match one.element {
        CodeElement::Ta105 => one.to_string(),
        _ => format!("999 {one}"),
    }
}

/// What the receiver answers, and how heavy the rule takes it.
fn answer(rule: &Rule, way: &str) -> (String, Severity) {
    let outcome = rule.outcomes.iter().find(|outcome| outcome.name == way);
    let severity = outcome.and_then(|outcome| outcome.severity).unwrap_or(rule.severity);
    let one = outcome.and_then(|outcome| outcome.acknowledgement.clone()).or(rule.acknowledgement.clone());
    let status =
        outcome.and_then(|outcome| outcome.claim_status.clone()).unwrap_or(rule.claim_status.clone());
    let mut answers: Vec<String> = one.iter().map(acknowledged).collect();
    if !status.is_empty() {
        answers.push(format!("277CA {}", status.join(", ")));
    }
    let answer = match (severity, answers.is_empty()) {
        (Severity::Info, _) => "nothing: a remark".to_owned(),
        (_, true) => "277CA, in the payer's own codes".to_owned(),
        (_, false) => answers.join("; "),
    };
    (answer, severity)
}

/// The words of a row, by what it is a row of.
fn words(page: &str) -> BTreeMap<Way, String> {
    let rows = page.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let words = cells.next()?.trim().to_owned();
        let (code, way) = cells.next()?.split_once(' ')?;
        Some(((code.trim_matches('`').to_owned(), way.trim_matches('`').to_owned()), words))
    });
    rows.filter(|((code, _), _)| code.chars().any(|letter| letter.is_ascii_digit())).collect()
}

/// The table of one type, with the words that the page has for its rows.
fn table(number: u8, rules: &RuleSet, words: &BTreeMap<Way, String>) -> String {
    let mut table =
        String::from("| What is checked | Rule | Taken as | The receiver answers |\n|---|---|---|---|\n");
    for rule in rules.rules.iter().filter(|rule| rule.snip == Some(number)) {
        for way in ways(rule) {
            let (answer, severity) = answer(rule, &way);
            let words = words.get(&(rule.code.clone(), way.clone())).map_or("", String::as_str);
            let severity = severity.as_str();
            table.push_str(&format!("| {words} | `{}` `{way}` | {severity} | {answer} |\n", rule.code));
        }
    }
    table
}

/// The page with the tables as the rules have them. A table is what stands between the two lines that name its type.
fn written(page: &str, rules: &RuleSet) -> String {
    let words = words(page);
    let mut written = page.to_owned();
    for number in 1..=7 {
        let (start, end) = (format!("<!-- type {number} -->\n"), format!("<!-- end of type {number} -->"));
        let Some((head, rest)) = written.split_once(&start) else { continue };
        let (_, tail) = rest.split_once(&end).unwrap_or_else(|| panic!("{PAGE} has no {end}"));
        written = format!("{head}{start}{}{end}{tail}", table(number, rules, &words));
    }
    written
}

fn every_way(rules: &RuleSet) -> BTreeSet<Way> {
    let typed = rules.rules.iter().filter(|rule| rule.snip.is_some());
    typed.flat_map(|rule| ways(rule).into_iter().map(|way| (rule.code.clone(), way))).collect()
}

#[test]
fn the_page_has_a_row_for_every_way() {
    let rules = RuleSet::builtin();
    let page = std::fs::read_to_string(repository(PAGE)).expect("the page");
    let written = written(&page, &rules);
    compare_or_bless(PAGE, &written);
    let words = words(&written);
    assert_eq!(words.keys().cloned().collect::<BTreeSet<_>>(), every_way(&rules));
    let without: Vec<&Way> = words.iter().filter(|(_, words)| words.is_empty()).map(|(way, _)| way).collect();
    assert!(without.is_empty(), "rows without words: {without:?}");
}

#[test]
fn every_row_has_its_pair() {
    let rows = every_way(&RuleSet::builtin());
    let pairs = pairs();
    let paired: BTreeSet<Way> = pairs.iter().map(|pair| (pair.code.clone(), pair.outcome.clone())).collect();
    assert_eq!(paired.len(), pairs.len(), "a row has two pairs");
    let missing: Vec<&Way> = rows.difference(&paired).collect();
    assert!(missing.is_empty(), "rows without a pair: {missing:?}");
    let strangers: Vec<&Way> = paired.difference(&rows).collect();
    assert!(strangers.is_empty(), "pairs without a row: {strangers:?}");
}

fn way(finding: &Finding) -> String {
    let outcome = if finding.outcome.is_empty() { "-" } else { &finding.outcome };
    format!("{} {outcome}", finding.code)
}

/// What a file makes speak; remarks but for the one that is asked for are left out.
fn spoken(pair: &Pair, text: &str, rules: &RuleSet, lists: &Reference) -> BTreeSet<String> {
    let reference = if pair.lists { lists.clone() } else { Reference::builtin() };
    let run = engine::check(
        &engine::Request { rules: rules.clone(), reference, ..request(pair.as_of) },
        &[Named::memory(pair.file_name(), text.as_bytes())],
    );
    let asked = format!("{} {}", pair.code, pair.outcome);
    let told =
        run.findings.iter().filter(|finding| finding.severity > Severity::Info || way(finding) == asked);
    told.map(way).collect()
}

#[test]
fn the_file_fires_and_its_neighbour_does_not() {
    let builtin = RuleSet::builtin();
    let (_folder, lists) = with_imported(&["procedure-codes.csv", "modifiers.csv", "nucc_taxonomy_250.csv"]);
    let mut wrong = Vec::new();
    for pair in pairs() {
        let mut rules = match &pair.profile {
            None => builtin.clone(),
            Some(yaml) => {
                let file = RuleFile { name: "profile.yaml".to_owned(), text: yaml.clone().into() };
                RuleSet::with(&[file]).expect("a profile")
            }
        };
        if let Some(code) = &pair.without {
            rules.select(&[], std::slice::from_ref(code)).expect("a rule");
        }
        let row = format!("{} {}", pair.code, pair.outcome);
        let clean = spoken(&pair, &pair.clean, &rules, &lists);
        if !clean.is_empty() {
            wrong.push(format!("{row}: the clean neighbour fires {clean:?}"));
        }
        let mut expected: BTreeSet<String> = pair.also.iter().cloned().collect();
        expected.insert(row.clone());
        let fires = spoken(&pair, &pair.fires, &rules, &lists);
        if fires != expected {
            wrong.push(format!("{row}: expected {expected:?}, found {fires:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
