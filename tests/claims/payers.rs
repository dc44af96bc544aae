//! What rules weigh, for everybody and for single payers, through the library.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

use crate::support::{Request, line};
use cleanclaim::claim::{Cents, Date};
use cleanclaim::engine;
use cleanclaim::finding::{MoneyClass, Run, Severity};
use cleanclaim::reference::Reference;
use cleanclaim::rules::{RuleFile, RuleSet, Said, Selection, Weight, Whose, Wish, Word};
use cleanclaim::source::Named;
use serde_json::{Value, json};

const AS_OF: Date = Date::constant(2025, 4, 2);

fn nothing(whose: Whose) -> Wish {
    Wish { whose, select: Vec::new(), ignore: Vec::new(), severity: Vec::new() }
}

fn weighing(whose: Whose, severity: &[(&str, Weight)]) -> Wish {
    let said = |(word, weight): &(&str, Weight)| Said { word: (*word).to_owned(), weight: *weight, layer: 0 };
    Wish { severity: severity.iter().map(said).collect(), ..nothing(whose) }
}

fn ignoring(whose: Whose, words: &[&str]) -> Wish {
    Wish { ignore: words.iter().map(|word| (*word).to_owned()).collect(), ..nothing(whose) }
}

fn profile(name: &str) -> Whose {
    Whose::Profile(name.to_owned())
}

fn payer(id: &str) -> Whose {
    Whose::PayerId(id.to_owned())
}

fn set(wishes: &[Wish]) -> RuleSet {
    let mut rules = RuleSet::builtin();
    rules.weigh(wishes).unwrap_or_else(|error| panic!("{error}"));
    rules
}

fn checked(rules: &RuleSet, lines: &[Value]) -> Run {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let request = Request::new(rules.clone(), Reference::builtin(), AS_OF);
    engine::check(&request, &[Named::memory("day.jsonl", text.as_bytes())])
}

/// A line of 22 minutes billed as two units, by a profile and a payer id.
fn over(claim: &str, indicator: &str, id: &str, minutes: u64) -> Value {
    line(json!({
        "claim_id": claim, "patient_id": claim, "procedure_code": "97124", "minutes": minutes, "units": 2,
        "claim_filing_indicator": indicator, "payer_id": id,
    }))
}

/// Severity and net dollars of each finding of a rule.
fn found(run: &Run, code: &str) -> Vec<(String, Severity, Option<Cents>)> {
    let of_rule = run.findings.iter().filter(|finding| finding.code == code);
    of_rule.map(|finding| (finding.claim_id.clone(), finding.severity, finding.impact.net)).collect()
}

#[test]
fn a_rule_weighs_what_is_wished_and_its_dollars_stay_unless_it_is_an_info() {
    let lines = [over("A", "MB", "1", 22)];
    let plain = found(&checked(&RuleSet::builtin(), &lines), "T01");
    let [(_, Severity::Error, Some(net))] = plain[..] else { panic!("{plain:?}") };
    let run = checked(&set(&[weighing(Whose::Everybody, &[("T01", Weight::Warning)])]), &lines);
    assert_eq!(found(&run, "T01"), [("A".to_owned(), Severity::Warning, Some(net))]);
    assert_eq!(run.columns.recoupment.net, net);
    let run = checked(&set(&[weighing(Whose::Everybody, &[("T01", Weight::Info)])]), &lines);
    assert_eq!(found(&run, "T01"), [("A".to_owned(), Severity::Info, None)]);
    assert_eq!(run.columns.recoupment.net, Cents::ZERO);
    assert_eq!(run.clean_claims, 1);
    let run = checked(&set(&[weighing(Whose::Everybody, &[("T01", Weight::Off)])]), &lines);
    assert_eq!(found(&run, "T01"), []);
    assert!(run.not_evaluated.iter().all(|lack| lack.code != "T01"));
}

#[test]
fn the_closest_word_decides() {
    let wishes = [weighing(
        Whose::Everybody,
        &[("therapy", Weight::Off), ("T", Weight::Info), ("units-exceed-minutes", Weight::Warning)],
    )];
    let rules = set(&wishes);
    let severity = |code: &str| rules.find(code).map(|rule| rule.severity);
    assert_eq!((severity("T01"), severity("T02")), (Some(Severity::Warning), Some(Severity::Info)));
    let packs: Vec<&str> =
        rules.rules.iter().filter(|rule| rule.pack == "therapy").map(|rule| rule.code.as_str()).collect();
    assert!(packs.iter().all(|code| code.starts_with('T')), "{packs:?}");
}

/// Whichever word comes first in the list.
#[test]
fn of_equally_close_words_the_higher_layer_decides() {
    let said = |word: &str, weight, layer| Said { word: word.to_owned(), weight, layer };
    let severity = |low: Said, high: Said| {
        let both = [[low.clone(), high.clone()], [high, low]];
        both.map(|words| {
            let rules = set(&[Wish { severity: words.to_vec(), ..nothing(Whose::Everybody) }]);
            rules.find("T01").map(|rule| rule.severity)
        })
    };
    let name = "units-exceed-minutes";
    assert_eq!(severity(said(name, Weight::Off, 0), said("T01", Weight::Info, 1)), [Some(Severity::Info); 2]);
    assert_eq!(severity(said("T01", Weight::Info, 0), said(name, Weight::Off, 1)), [None; 2]);
    assert_eq!(severity(said("t", Weight::Info, 0), said("T", Weight::Error, 1)), [Some(Severity::Error); 2]);
    // A closer word goes before a higher layer.
    assert_eq!(
        severity(said("T01", Weight::Info, 0), said("T", Weight::Error, 1)),
        [Some(Severity::Info); 2]
    );
}

#[test]
fn one_payer_is_spared_and_the_next_is_not() {
    let lines = [over("A", "CI", "60054", 22), over("B", "CI", "60055", 22), over("C", "MB", "60054", 22)];
    let all = checked(&RuleSet::builtin(), &lines);
    assert_eq!(found(&all, "T01").len(), 3);
    let net = all.columns.recoupment.net;
    // By payer id, whatever the profile.
    let run = checked(&set(&[ignoring(payer("60054"), &["T01"])]), &lines);
    let left = found(&run, "T01");
    assert_eq!(left.iter().map(|(claim, ..)| claim.as_str()).collect::<Vec<_>>(), ["B"]);
    let own = left[0].2.expect("priced");
    assert_eq!(run.columns.recoupment.net, own);
    assert!(own < net);
    // By profile.
    let run = checked(&set(&[ignoring(profile("commercial"), &["T"])]), &lines);
    assert_eq!(found(&run, "T01").iter().map(|(claim, ..)| claim.as_str()).collect::<Vec<_>>(), ["C"]);
    // What is said of the id goes before what is said of the profile.
    let wishes =
        [ignoring(profile("commercial"), &["T"]), weighing(payer("60054"), &[("T01", Weight::Warning)])];
    let run = checked(&set(&wishes), &lines);
    let severities: Vec<(String, Severity)> =
        found(&run, "T01").into_iter().map(|(claim, severity, _)| (claim, severity)).collect();
    assert_eq!(severities, [("A".to_owned(), Severity::Warning), ("C".to_owned(), Severity::Warning)]);
}

#[test]
fn payer_ids_are_one_in_upper_and_lower_case() {
    let lines = [over("A", "CI", "SX65B", 22), over("B", "CI", "sx65b", 22), over("C", "CI", "SX65C", 22)];
    let left = |wishes: &[Wish]| {
        let run = checked(&set(wishes), &lines);
        found(&run, "T01").into_iter().map(|(claim, severity, _)| (claim, severity)).collect::<Vec<_>>()
    };
    assert_eq!(left(&[]).len(), 3);
    let [_, _, other] = <[_; 3]>::try_from(left(&[])).expect("three");
    for id in ["SX65B", "sx65b", "Sx65b"] {
        assert_eq!(left(&[ignoring(payer(id), &["T01"])]), std::slice::from_ref(&other), "{id}");
    }
    assert_eq!(payer("SX65B"), payer("sx65b"));
    assert_ne!(payer("SX65B"), payer("sx65c"));
}

#[test]
fn what_is_off_is_not_called_not_evaluated() {
    let mut line = over("A", "CI", "60054", 22);
    line.as_object_mut().expect("an object").remove("minutes");
    let lines = [line];
    let lacks = |run: &Run| run.not_evaluated.iter().map(|lack| lack.code.clone()).collect::<Vec<_>>();
    assert!(lacks(&checked(&RuleSet::builtin(), &lines)).contains(&"T01".to_owned()));
    assert!(
        !lacks(&checked(&set(&[ignoring(payer("60054"), &["T01"])]), &lines)).contains(&"T01".to_owned())
    );
    assert!(lacks(&checked(&set(&[ignoring(payer("60055"), &["T01"])]), &lines)).contains(&"T01".to_owned()));
}

#[test]
fn off_for_everybody_can_be_on_for_one() {
    let lines = [over("A", "CI", "60054", 22), over("B", "CI", "60055", 22)];
    let wishes = [
        weighing(Whose::Everybody, &[("T01", Weight::Off)]),
        weighing(payer("60055"), &[("T01", Weight::Error)]),
    ];
    let run = checked(&set(&wishes), &lines);
    assert_eq!(found(&run, "T01").iter().map(|(claim, ..)| claim.as_str()).collect::<Vec<_>>(), ["B"]);
}

#[test]
fn a_payer_may_have_rules_of_its_own() {
    let wish = Wish { select: vec!["T01".to_owned()], ..nothing(payer("60054")) };
    let bare = |claim: &str, id: &str| over(claim, "CI", id, 22);
    let mut lines = [bare("A", "60054"), bare("B", "60055")];
    for line in &mut lines {
        line.as_object_mut().expect("an object").insert("diagnosis_codes".to_owned(), json!(["R52"]));
    }
    let run = checked(&set(&[wish]), &lines);
    let of = |claim: &str| {
        let own = run.findings.iter().filter(|finding| finding.claim_id == claim);
        own.map(|finding| finding.code.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(of("A"), ["T01"]);
    assert!(of("B").contains(&"T01") && of("B").contains(&"D01"), "{:?}", of("B"));
}

/// A day that two claims share is put together anew after reading: its findings weigh what their payer has them weigh.
#[test]
fn a_shared_day_weighs_the_same() {
    let half = |claim: &str| {
        line(json!({
            "claim_id": claim, "patient_id": "P", "procedure_code": "97124", "minutes": 11, "units": 1,
            "claim_filing_indicator": "MB", "payer_id": "60054",
        }))
    };
    let mut other = half("B");
    other.as_object_mut().expect("an object").insert("procedure_code".to_owned(), json!("97110"));
    let lines = [half("A"), other];
    let severities = |wishes: &[Wish]| {
        let run = checked(&set(wishes), &lines);
        found(&run, "T01").into_iter().map(|(_, severity, _)| severity).collect::<Vec<_>>()
    };
    let plain = severities(&[]);
    assert!(!plain.is_empty());
    assert!(
        severities(&[weighing(payer("60054"), &[("T", Weight::Info)])])
            .iter()
            .all(|one| *one == Severity::Info)
    );
    assert_eq!(severities(&[weighing(payer("60054"), &[("T", Weight::Info)])]).len(), plain.len());
    assert_eq!(severities(&[weighing(payer("60055"), &[("T", Weight::Info)])]), plain);
    assert_eq!(severities(&[ignoring(payer("60054"), &["T"])]), []);
}

/// A payer id is what the claim states, whatever reports make of its signs, on days of one claim and of two.
#[test]
fn a_payer_id_of_any_signs_keeps_its_word_on_a_shared_day() {
    for id in ["MB'01", "MB\"01", "MB\\01", "MÜ01"] {
        let half = |claim: &str, code: &str| {
            line(json!({
                "claim_id": claim, "patient_id": "P", "procedure_code": code, "minutes": 11, "units": 1,
                "claim_filing_indicator": "MB", "payer_id": id,
            }))
        };
        let lines = [half("A", "97124"), half("B", "97110")];
        let severities = |whose: &str| {
            let run = checked(&set(&[weighing(payer(whose), &[("T01", Weight::Info)])]), &lines);
            found(&run, "T01").into_iter().map(|(_, severity, _)| severity).collect::<Vec<_>>()
        };
        assert_eq!(severities(id), [Severity::Info], "{id}");
        assert_eq!(severities("MB01"), [Severity::Error], "{id}");
    }
}

const OUTCOMES: &str = "\
- code: ACME01
  name: weighed
  severity: warning
  summary: S
  when: {line.procedure_code: {in: [97124]}}
  check: {unit-time: {flag: over, method: payer}}
  outcomes:
    low-confidence: {severity: info}
  message: M
  help: H
";

#[test]
fn an_outcome_on_weaker_facts_is_lowered_and_never_raised() {
    let file = RuleFile { name: "acme.yaml".to_owned(), text: OUTCOMES.into() };
    let weighed = |weight: Weight| {
        let mut rules = RuleSet::of(std::slice::from_ref(&file)).unwrap_or_else(|errors| panic!("{errors}"));
        rules.weigh(&[weighing(Whose::Everybody, &[("ACME01", weight)])]).expect("a known rule");
        let rule = rules.find("ACME01").expect("the rule");
        (rule.severity, rule.outcome("low-confidence").and_then(|outcome| outcome.severity))
    };
    assert_eq!(weighed(Weight::Error), (Severity::Error, Some(Severity::Info)));
    assert_eq!(weighed(Weight::Warning), (Severity::Warning, Some(Severity::Info)));
    assert_eq!(weighed(Weight::Info), (Severity::Info, Some(Severity::Info)));
}

#[test]
fn words_that_mean_nothing_are_named() {
    let mut rules = RuleSet::builtin();
    let error = rules.weigh(&[weighing(payer("1"), &[("T0l", Weight::Off)])]).expect_err("no such rule");
    assert!(
        error.to_string().starts_with("no rule, family or pack is called `T0l`; did you mean"),
        "{error}"
    );
    assert_eq!(rules.complaint("T01", Some(Weight::Error)), None);
    assert!(
        rules.complaint("N01", Some(Weight::Error)).is_some_and(|one| one.message.contains("warns at most"))
    );
    assert_eq!(rules.complaint("N01", Some(Weight::Warning)), None);
}

/// Every example of every rule, with every rule off for every profile: no claim has a finding, and nothing counts as not
/// evaluated. What is wrong with a record that is no claim (J) is nobody's.
#[test]
fn a_payer_without_rules_is_told_nothing() {
    let mut rules = RuleSet::builtin();
    let families: Vec<String> = rules.rules.iter().map(|rule| rule.code.clone()).collect();
    let wishes: Vec<Wish> = rules
        .profiles
        .iter()
        .map(|one| Wish { ignore: families.clone(), ..nothing(profile(&one.name)) })
        .collect();
    rules.weigh(&wishes).expect("known rules");
    let mut ran = 0;
    for example in rules.examples().expect("the examples").iter().filter(|one| one.replace.is_empty()) {
        let request = Request::new(rules.clone(), Reference::builtin(), example.as_of);
        let run = engine::check(&request, &[Named::memory("x.jsonl", example.json_lines().as_bytes())]);
        let told: Vec<&str> = run
            .findings
            .iter()
            .filter(|one| !one.code.starts_with('J'))
            .map(|finding| finding.code.as_str())
            .collect();
        assert!(
            told.is_empty() && run.not_evaluated.is_empty(),
            "{} {}: {told:?} {:?}",
            example.rule,
            example.name,
            run.not_evaluated
        );
        assert_eq!(run.columns, Default::default(), "{} {}", example.rule, example.name);
        ran += 1;
    }
    assert!(ran > 300, "{ran}");
    let day = std::fs::read(crate::support::repository("fixtures/clinic-day.837")).expect("a fixture");
    let run =
        engine::check(&Request::new(rules, Reference::builtin(), AS_OF), &[Named::memory("day.837", &day)]);
    assert!(run.findings.is_empty() && run.claims > 0, "{:?}", run.findings);
}

#[test]
fn a_rejection_that_warns_delays_nothing() {
    let mut bad = over("A", "MB", "1", 30);
    bad.as_object_mut().expect("an object").insert("diagnosis_codes".to_owned(), json!(["M54"]));
    let delayed = |wishes: &[Wish]| {
        let run = checked(&set(wishes), std::slice::from_ref(&bad));
        let class =
            run.findings.iter().find(|finding| finding.code == "D04").map(|finding| finding.impact.class);
        assert_eq!(class, Some(MoneyClass::Rejection));
        run.columns.delayed.net
    };
    assert!(delayed(&[]) > Cents::ZERO);
    assert_eq!(delayed(&[weighing(Whose::Everybody, &[("D04", Weight::Warning)])]), Cents::ZERO);
}

#[test]
fn what_was_typed_goes_before_what_a_file_ignores() {
    let kept = |select: &[Word], also: &[Word], ignore: &[Word]| {
        let mut rules = RuleSet::builtin();
        let selection = Selection { select: select.to_vec(), also: also.to_vec(), ignore: ignore.to_vec() };
        rules.choose(&selection).unwrap_or_else(|error| panic!("{error}"));
        rules
            .rules
            .iter()
            .filter(|rule| rule.code.starts_with("T0"))
            .map(|rule| rule.code.clone())
            .collect::<Vec<_>>()
    };
    let (typed, file) = (Word::typed, Word::kept);
    assert_eq!(kept(&[typed("T01")], &[], &[file("T01")]), ["T01"]);
    assert_eq!(kept(&[typed("T01")], &[], &[file("T")]), ["T01"]);
    assert!(!kept(&[typed("T")], &[], &[file("T01")]).contains(&"T01".to_owned()));
    assert!(kept(&[typed("T")], &[], &[file("T01")]).contains(&"T02".to_owned()));
    assert!(kept(&[typed("T")], &[], &[file("T")]).contains(&"T01".to_owned()));
    assert!(kept(&[], &[typed("T01")], &[file("T")]) == ["T01"]);
    assert!(!kept(&[typed("T01"), typed("T02")], &[], &[typed("T01")]).contains(&"T01".to_owned()));
    assert_eq!(kept(&[file("T01")], &[file("T02")], &[file("T01")]), ["T02"]);
    assert_eq!(kept(&[file("T01")], &[typed("T02")], &[]), ["T01", "T02"]);
}
