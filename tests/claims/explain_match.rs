//! `--explain-match` is the engine's own answer: what it says of every claim agrees with what the run reports, and asking
//! changes nothing of the run.

#![allow(clippy::expect_used, reason = "a test fails by panicking, its helpers too")]

use std::collections::BTreeMap;

use crate::support::line;
use cleanclaim::claim::Date;
use cleanclaim::engine::{self, Answer, Asked, ClaimMatches, ClaimName, NoMatch, Request, Watched};
use cleanclaim::finding::{Run, Severity};
use cleanclaim::reference::Reference;
use cleanclaim::rules::{RuleSet, Said, Scope, Weight, Whose, Wish};
use cleanclaim::source::{self, Named};
use serde_json::{Value, json};

fn request() -> Request {
    let as_of: Date = "2025-03-10".parse().expect("a date");
    Request::new(RuleSet::builtin(), Reference::builtin(), as_of)
}

fn inputs(names: &[&str]) -> Vec<Named> {
    let paths: Vec<_> = names.iter().map(|name| format!("fixtures/{name}").into()).collect();
    source::expand(&paths).expect("fixtures")
}

fn asked(file: Option<String>, claim: &str) -> Asked {
    Asked { claim: Some(ClaimName { file, claim: claim.to_owned() }), timings: false }
}

/// What is said of every claim of the inputs, one question each.
fn all(request: &Request, inputs: &[Named], run: &Run) -> Vec<ClaimMatches> {
    let mut all = Vec::new();
    for file in &run.files {
        for ordinal in 1..=file.claims {
            let asked = asked(Some(file.name.clone()), &ordinal.to_string());
            let Watched { run: again, matches, timings } = engine::check_watching(request, inputs, &asked);
            assert_eq!(again, *run, "asking changes nothing");
            assert_eq!(timings, None);
            let matches = matches.expect("an answer").expect("a claim");
            assert_eq!(matches.len(), 1, "{asked:?}");
            all.extend(matches);
        }
    }
    all
}

const FIXTURES: [&[&str]; 5] = [
    &["clinic-day.837"],
    &["treatment-times.jsonl"],
    &["visits.jsonl"],
    &["money-day.jsonl"],
    &["split-day-morning.837", "split-day-afternoon.837"],
];

#[test]
fn every_finding_is_told_and_nothing_else_is() {
    let request = request();
    let (mut told, mut refused) = (0, 0);
    for names in FIXTURES {
        let inputs = inputs(names);
        let run = engine::check(&request, &inputs);
        for claim in all(&request, &inputs, &run) {
            let file = run.files.iter().position(|file| file.name == claim.file).expect("its file");
            let own = run
                .findings
                .iter()
                .filter(|finding| finding.file as usize == file && finding.claim == claim.ordinal);
            let mut found: Vec<(String, u16)> =
                own.map(|finding| (finding.code.clone(), finding.line)).collect();
            found.sort();
            let mut answered = Vec::new();
            for rule in &claim.rules {
                for (line, answer) in &rule.answers {
                    match answer {
                        Answer::Found { .. } => answered.push((rule.code.clone(), *line)),
                        Answer::LeftOut => {
                            panic!("{}:{} {}: line {line} is left out", claim.file, claim.ordinal, rule.code)
                        }
                        Answer::NotCalled | Answer::NotMet { .. } => refused += 1,
                        _ => {}
                    }
                }
                let lines = rule.answers.iter().filter(|(line, _)| *line > 0).count();
                assert!(lines == 0 || lines >= claim.lines.len(), "{} leaves lines out", rule.code);
            }
            answered.sort();
            assert_eq!(answered, found, "{}:{}", claim.file, claim.ordinal);
            told += found.len();
        }
    }
    assert!(told > 25 && refused > 250, "{told} {refused}");
}

/// The lines that rules over lines could not judge, by rule and reason, are those that the run counts.
#[test]
fn what_is_lacking_adds_up_to_what_the_run_counts() {
    let request = request();
    for names in FIXTURES {
        let inputs = inputs(names);
        let run = engine::check(&request, &inputs);
        let mut lacking: BTreeMap<(String, String), u64> = BTreeMap::new();
        for claim in all(&request, &inputs, &run) {
            for rule in claim.rules.iter().filter(|rule| rule.scope == Scope::Line) {
                for (_, answer) in &rule.answers {
                    let Answer::Lacks(lacks) = answer else { continue };
                    for (reason, lines) in lacks {
                        *lacking.entry((rule.code.clone(), (*reason).to_owned())).or_default() += lines;
                    }
                }
            }
        }
        let is_of_line =
            |code: &str| request.rules.find(code).is_some_and(|rule| rule.scope() == Scope::Line);
        let counted = run.not_evaluated.iter().filter(|one| is_of_line(&one.code));
        let counted: BTreeMap<_, _> =
            counted.map(|one| ((one.code.clone(), one.reason.clone()), one.lines)).collect();
        // A rule may find something on a line and lack a fact for the rest: what is told is then the finding.
        for (key, lines) in &lacking {
            assert!(counted.get(key).is_some_and(|all| lines <= all), "{names:?} {key:?} {lines}");
        }
        let told: u64 = lacking.values().sum();
        let all: u64 = counted.values().sum();
        let found = run.findings.iter().filter(|finding| is_of_line(&finding.code)).count() as u64;
        assert!(told <= all && all <= told + found, "{names:?}: {told} of {all}, {found} findings");
    }
}

/// What the rules say of one claim of a text, by code: line and answer.
fn told(request: &Request, inputs: &[Named], claim: &str) -> BTreeMap<String, Vec<(u16, Answer)>> {
    let matches = engine::check_watching(request, inputs, &asked(None, claim)).matches;
    let claim = matches.expect("an answer").expect("a claim").remove(0);
    claim.rules.into_iter().map(|rule| (rule.code, rule.answers)).collect()
}

/// A rule that the payer is spared says so, and nothing of what it would have found.
#[test]
fn what_is_off_for_the_payer_says_so() {
    let ignoring = |id: &str, ignore: &[&str]| {
        let mut request = request();
        let wish = Wish {
            whose: Whose::PayerId(id.to_owned()),
            select: Vec::new(),
            ignore: ignore.iter().map(|word| (*word).to_owned()).collect(),
            severity: Vec::new(),
        };
        request.rules.weigh(&[wish]).expect("rules");
        request
    };
    let line =
        line(json!({"claim_id": "A", "procedure_code": "97124", "minutes": 22, "units": 2, "payer_id": "1"}));
    let inputs = [Named::memory("day.jsonl", line.to_string().as_bytes())];
    let codes: Vec<String> = RuleSet::builtin().rules.iter().map(|rule| rule.code.clone()).collect();
    let all: Vec<&str> = codes.iter().map(String::as_str).collect();
    let is_off = |answers: &[(u16, Answer)]| answers.iter().all(|(_, answer)| *answer == Answer::Off);
    for (id, ignore) in [("1", &all[..]), ("1", &["T01"]), ("2", &all[..])] {
        let told = told(&ignoring(id, ignore), &inputs, "A");
        for rule in &RuleSet::builtin().rules {
            // What the reader finds in a file is no payer's.
            let wanted = id == "1" && ignore.contains(&rule.code.as_str()) && rule.scope() != Scope::File;
            assert_eq!(is_off(&told[&rule.code]), wanted, "{id} {ignore:?} {}", rule.code);
        }
    }
}

/// A fault of the file that keeps the claim out is told of the claim, and none where there is none or it only warns.
#[test]
fn what_keeps_a_claim_out_is_told() {
    let text = std::fs::read_to_string("fixtures/split-day-morning.837").expect("a fixture");
    let of = |change: [&str; 2], severity: &[(&str, Weight)]| {
        let mut request = request();
        let severity = severity.iter().map(|(word, weight)| Said {
            word: (*word).to_owned(),
            weight: *weight,
            layer: 0,
        });
        let severity = severity.collect();
        let wish = Wish { whose: Whose::Everybody, select: Vec::new(), ignore: Vec::new(), severity };
        request.rules.weigh(&[wish]).expect("rules");
        let changed = text.replace(change[0], change[1]);
        let inputs = [Named::memory("day.837", changed.as_bytes())];
        let told = told(&request, &inputs, "LR-3001");
        ["X01", "X02"].map(|code| match &told[code][..] {
            [(0, Answer::Nothing)] => "nothing",
            [(0, Answer::KeepsOut { severity: Severity::Error, accepted: None, .. })] => "kept out",
            other => panic!("{other:?}"),
        })
    };
    assert_eq!(of(["", ""], &[]), ["nothing", "nothing"]);
    assert_eq!(of(["SE*29*0001~", "SE*28*0001~"], &[]), ["nothing", "kept out"]);
    assert_eq!(of(["IEA*1*", "IEA*2*"], &[]), ["kept out", "nothing"]);
    assert_eq!(of(["SE*29*0001~", "SE*28*0001~"], &[("X02", Weight::Info)]), ["nothing", "nothing"]);
}

/// What a day's rule finds in two claims is said of one of them; the other names it.
#[test]
fn what_is_said_of_another_claim_is_told_with_its_place() {
    let half = |claim: &str, patient: &str, code: &str| {
        line(json!({
            "claim_id": claim, "patient_id": patient, "procedure_code": code, "minutes": 11, "units": 1,
            "claim_filing_indicator": "MB",
        }))
    };
    let file = |name: &str, line: &Value| Named::memory(name, line.to_string().as_bytes());
    let one = file("one.jsonl", &half("A", "P", "97124"));
    let other = file("other.jsonl", &half("B", "P", "97110"));
    let stranger = file("other.jsonl", &half("B", "Q", "97110"));
    let run = engine::check(&request(), &[one.clone(), other.clone()]);
    let finding = run.findings.iter().find(|finding| finding.code == "T01").expect("a unit too many");
    let (said, silent) = if finding.claim_id == "A" { ("A", "B") } else { ("B", "A") };
    let elsewhere = |is_earlier| Answer::SaidOfClaim {
        file: if said == "A" { "one.jsonl".to_owned() } else { "other.jsonl".to_owned() },
        claim: 1,
        line: 1,
        is_earlier,
    };
    let both = [one.clone(), other.clone()];
    assert_eq!(told(&request(), &both, silent)["T01"], [(1, elsewhere(false))]);
    assert!(matches!(told(&request(), &both, said)["T01"][..], [(1, Answer::Found { .. })]));
    assert_eq!(told(&request(), &[one.clone(), stranger], "A")["T01"], [(1, Answer::Nothing)]);
    let (earlier, own) = if said == "A" { (one, other) } else { (other, one) };
    let request = Request { history: vec![earlier], ..request() };
    assert_eq!(told(&request, &[own], silent)["T01"], [(1, elsewhere(true))]);
}

#[test]
fn claims_are_found_by_number_and_place() {
    let request = request();
    let inputs = inputs(&["split-day-morning.837", "split-day-afternoon.837"]);
    let answer = |file: Option<&str>, claim: &str| {
        let asked = asked(file.map(str::to_owned), claim);
        let matches = engine::check_watching(&request, &inputs, &asked).matches.expect("an answer");
        matches.map(|claims| claims.into_iter().map(|claim| (claim.file, claim.ordinal)).collect::<Vec<_>>())
    };
    let morning = || Ok(vec![("fixtures/split-day-morning.837".to_owned(), 1)]);
    assert_eq!(answer(None, "LR-3001"), morning());
    assert_eq!(answer(Some("split-day-morning.837"), "1"), morning());
    assert_eq!(answer(Some("fixtures/split-day-morning.837"), "LR-3001"), morning());
    assert!(matches!(answer(None, "1"), Err(NoMatch::Ambiguous(2, _))));
    assert_eq!(answer(None, "9"), Err(NoMatch::Claim("9".to_owned())));
    assert_eq!(answer(Some("morning.837"), "1"), Err(NoMatch::File("morning.837".to_owned())));
}

#[test]
fn a_run_that_is_timed_is_the_same_run() {
    let request = Request { threads: 2, unit_size: 4096, ..request() };
    let inputs = inputs(&["clinic-day.837", "visits.jsonl"]);
    let run = engine::check(&request, &inputs);
    let watched = engine::check_watching(&request, &inputs, &Asked { timings: true, ..Asked::default() });
    assert_eq!(watched.run, run);
    let timings = watched.timings.expect("a table");
    assert_eq!((timings.lines, timings.threads), (run.lines, 2));
    let looks = |code: &str| timings.rules.iter().find(|rule| rule.code == code).map(|rule| rule.looks);
    // D01 asks about every line, X06 about every claim.
    assert_eq!(looks("D01"), Some(run.lines));
    assert_eq!(looks("X06"), Some(run.claims));
}
