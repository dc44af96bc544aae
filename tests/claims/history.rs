//! Earlier claims beside a batch: days, years, duplicates and replacements reach back to them, and nothing is said of
//! them.

#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use crate::support::{Told, fixture, inputs, json_lines, line, request, told};
use cleanclaim::claim::Date;
use cleanclaim::engine::{self, Request};
use cleanclaim::finding::{History, Run, Verdict};
use cleanclaim::report::{Redaction, acknowledgement, json};
use cleanclaim::side;
use proptest::prelude::*;
use serde_json::{Value, json};

fn checked_with(history: &[(&str, &str)], batch: &[(&str, &str)], change: impl FnOnce(&mut Request)) -> Run {
    let mut request = Request { history: inputs(history), ..request(Date::constant(2025, 4, 2)) };
    change(&mut request);
    engine::check(&request, &inputs(batch))
}

fn checked(history: &[Value], batch: &[Value]) -> Run {
    checked_with(&[("earlier.jsonl", &json_lines(history))], &[("day.jsonl", &json_lines(batch))], |_| {})
}

fn timed(id: &str, code: &str, minutes: u32, units: u32, more: Value) -> Value {
    let mut facts = json!({"claim_id": id, "procedure_code": code, "minutes": minutes, "units": units});
    if let (Value::Object(facts), Value::Object(more)) = (&mut facts, more) {
        facts.extend(more);
    }
    line(facts)
}

fn said(run: &Run) -> Vec<(String, u16, Option<i64>)> {
    run.findings.iter().map(|one| (one.code.clone(), one.line, one.impact.net.map(|cents| cents.0))).collect()
}

#[test]
fn a_service_that_was_billed_before_is_billed_twice() {
    let run = checked(&[timed("A", "97110", 15, 1, json!({}))], &[timed("B", "97110", 15, 1, json!({}))]);
    assert_eq!(said(&run), [("X11".to_owned(), 1, Some(2183))]);
    let related = &run.findings[0].related[0];
    assert_eq!(
        (run.files[related.file as usize].name.as_str(), related.claim, related.line),
        ("earlier.jsonl", 1, 1)
    );
    assert_eq!((run.claims, run.lines, run.clean_claims), (1, 1, 0));
    assert_eq!(run.history, Some(History { files: 1, claims: 1, lines: 1 }));
    assert_eq!(
        run.files.iter().map(|file| &file.verdict).collect::<Vec<_>>(),
        [&Verdict::Checked, &Verdict::History]
    );
}

/// The same claim once more, line for line, is a copy of the earlier one. Its number is no second fault.
#[test]
fn a_claim_sent_again_is_a_duplicate_and_its_number_is_not_remarked_on() {
    let same = timed("A", "97110", 15, 1, json!({}));
    assert_eq!(said(&checked(std::slice::from_ref(&same), std::slice::from_ref(&same))).len(), 1);
    let later = timed("A", "97110", 15, 1, json!({"service_date": "2025-03-05"}));
    assert_eq!(said(&checked(&[same], &[later])), []);
}

#[test]
fn a_replacement_stands_for_an_earlier_original_and_a_void_takes_it_away() {
    let original = timed("A", "97124", 22, 2, json!({"claim_frequency": "1"}));
    let replacement =
        timed("A", "97124", 22, 1, json!({"claim_frequency": "7", "payer_control_number": "ICN1"}));
    let run = checked(std::slice::from_ref(&original), &[replacement]);
    assert!(run.findings.iter().all(|one| one.code != "T01" && one.code != "X11"), "{:?}", said(&run));
    let again = timed("B", "97124", 22, 1, json!({}));
    let void = timed("A", "97124", 22, 2, json!({"claim_frequency": "8"}));
    let run = checked(&[original.clone(), void], std::slice::from_ref(&again));
    assert!(run.findings.iter().all(|one| one.code != "X11"), "{:?}", said(&run));
    assert!(said(&checked(&[original], &[again])).iter().any(|(code, ..)| code == "X11"));
}

/// The day as a whole is judged and priced; what concerns the earlier claim alone is counted, not shown.
#[test]
fn a_pair_whose_loser_was_billed_before_is_counted() {
    let (massage, manual) = (timed("A", "97124", 15, 1, json!({})), timed("B", "97140", 15, 1, json!({})));
    let run = checked(std::slice::from_ref(&massage), std::slice::from_ref(&manual));
    assert_eq!(said(&run), []);
    assert_eq!(
        run.notes,
        ["1 finding on a day that this run shares stands in an earlier claim: check both together to see it"]
    );
    assert_eq!((run.clean_claims, run.columns, run.flagged.len()), (1, Default::default(), 0));
    let run = checked(&[manual], &[massage]);
    assert_eq!(said(&run), [("P01".to_owned(), 1, Some(2329))], "the day repriced without it");
    assert_eq!(run.notes, [] as [String; 0]);
}

#[test]
fn nothing_is_reported_of_earlier_claims_alone() {
    let bad = [
        timed("A", "97124", 7, 1, json!({"rendering_taxonomy": "225700000X", "charge_amount": "none"})),
        timed(
            "B",
            "97124",
            7,
            4,
            json!({"patient_id": "P-9", "diagnosis_codes": ["M545"], "service_date": "soon"}),
        ),
        timed("C", "97110", 15, 1, json!({"minutes": null, "patient_id": "P-8"})),
    ];
    let clean = timed("Z", "97110", 15, 1, json!({"patient_id": "P-2"}));
    let alone = checked_with(&[], &[("day.jsonl", &json_lines(std::slice::from_ref(&clean)))], |_| {});
    let run = checked(&bad, &[clean]);
    assert_eq!(run.history.map(|history| history.claims), Some(3));
    let (files, line_breaks) = (run.files[..1].to_vec(), run.line_breaks[..1].to_vec());
    assert!(
        Run { history: None, files, line_breaks, ..run } == alone,
        "but for the count nothing is different"
    );
}

/// A broken envelope of earlier claims rejects nobody, and no acknowledgement answers it.
#[test]
fn no_acknowledgement_answers_earlier_claims() {
    let (day, earlier) = (fixture("facts/day.837"), fixture("broken/wrong-counts.837"));
    let earlier = earlier.replace("*MI*1QQ0QQ0QQ", "*MI*9QQ0QQ0QQ");
    let answer = |history: &[(&str, &str)]| {
        let run = checked_with(history, &[("day.837", &day)], |_| {});
        let mut out = Vec::new();
        acknowledgement::render(&run, Redaction::Default, &mut out).expect("a vector takes everything");
        (told(&run), out, run.interchanges.len())
    };
    assert_eq!(answer(&[("earlier.837", &earlier)]), answer(&[]));
}

#[test]
fn what_is_not_evaluated_is_counted_for_the_batch() {
    let bare = |id: &str, code: &str| timed(id, code, 0, 1, json!({"minutes": null}));
    let lacks = |run: &Run| {
        run.not_evaluated.iter().filter(|one| one.code == "T01").map(|one| one.lines).collect::<Vec<_>>()
    };
    let run = checked(&[bare("A", "97112"), bare("A", "97116")], &[bare("B", "97110")]);
    assert_eq!(lacks(&run), [1]);
    assert_eq!(lacks(&checked(&[bare("A", "97112")], &[timed("B", "97110", 15, 1, json!({}))])), [1]);
}

/// The year's sum reaches back to earlier claims, but not twice: `--ytd` says what was allowed before the run.
#[test]
fn a_year_reaches_back_once() {
    let day = |id: &str, month: u32, date: u32, units: u32| {
        timed(id, "97110", units * 15, units, json!({"service_date": format!("2025-{month:02}-{date:02}")}))
    };
    let earlier: Vec<Value> =
        (0..25).map(|at| day(&format!("A-{at}"), 1 + at / 20, 1 + at % 20, 4)).collect();
    let batch = [day("B", 3, 3, 4)];
    let thresholds = |run: &Run| run.findings.iter().filter(|one| one.code == "M03").count();
    let with_ytd = |sum: &str| {
        let text = format!("patient_id,year,group,allowed\nP-1,2025,PT+SLP,{sum}\n");
        let ytd = side::year_to_date("ytd.csv", text.as_bytes()).expect("sums");
        let files = [("earlier.jsonl", json_lines(&earlier))];
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        checked_with(&files, &[("day.jsonl", &json_lines(&batch))], |request| request.year_to_date = ytd)
    };
    // A day of four units is allowed 28.79 + 3 x 21.83 = 94.28: with 25 of them before, the sum is 2,451.28.
    let run = checked(&earlier, &batch);
    assert_eq!(thresholds(&run), 1);
    assert_eq!(thresholds(&checked(&earlier[..20], &batch)), 0);
    assert_eq!(thresholds(&checked(&[], &batch)), 0);
    assert_eq!(thresholds(&with_ytd("2300.00")), 0, "2,300.00 and the batch's 94.28");
    assert_eq!(thresholds(&with_ytd("2357.00")), 1);
    assert!(run.findings.iter().all(|one| one.file == 0));
}

#[test]
fn earlier_claims_that_cannot_be_read_are_an_error() {
    let day = json_lines(&[timed("A", "97110", 15, 1, json!({}))]);
    let broken = format!("{day}{{\"procedure_code\": ");
    let remittance = fixture("broken/remittance.835");
    for (name, text) in
        [("cut-off.jsonl", broken.as_str()), ("era.835", &remittance), ("empty", ""), ("notes.txt", "none")]
    {
        let run = checked_with(&[(name, text)], &[("day.jsonl", &day)], |_| {});
        assert!(matches!(run.files[1].verdict, Verdict::Failed(_)), "{name}");
        assert_eq!((run.claims, run.history), (1, Some(History::default())), "{name}");
    }
}

#[test]
fn both_forms_serve() {
    let (day, earlier) = (fixture("facts/day.837"), fixture("facts/earlier.837"));
    let run = checked_with(&[("earlier.837", &earlier)], &[("day.837", &day)], |_| {});
    let codes: Vec<_> = run.findings.iter().map(|one| (one.claim, one.code.as_str())).collect();
    assert!(codes.contains(&(2, "P01")) && codes.contains(&(4, "X11")), "{codes:?}");
}

/// One claim of a random plan: patient, day, number, frequency, lines.
#[derive(Clone, Debug)]
struct Planned {
    patient: u8,
    day: u8,
    number: u8,
    frequency: &'static str,
    lines: Vec<(usize, u32, u32, bool)>,
}

fn planned() -> impl Strategy<Value = Planned> {
    let lines =
        proptest::collection::vec((0..5_usize, 5_u32..40, 1_u32..4, proptest::bool::weighted(0.2)), 1..4);
    let frequency = prop_oneof![6 => Just("1"), 1 => Just("7"), 1 => Just("8")];
    (0..2_u8, 0..2_u8, 0..6_u8, frequency, lines).prop_map(|(patient, day, number, frequency, lines)| {
        Planned { patient, day, number, frequency, lines }
    })
}

fn written(claims: &[Planned]) -> String {
    let lines: Vec<Value> = claims
        .iter()
        .flat_map(|claim| {
            claim.lines.iter().map(|&(code, minutes, units, distinct)| {
                let modifiers = if distinct { json!(["GP", "59"]) } else { json!(["GP"]) };
                let facts = json!({
                    "patient_id": format!("P-{}", claim.patient),
                    "service_date": format!("2025-03-0{}", 3 + claim.day),
                    "claim_frequency": claim.frequency,
                    "modifiers": modifiers,
                    "charge_amount": format!("{}.00", 200 * units),
                });
                let code = ["97110", "97112", "97124", "97140", "97161"][code];
                timed(&format!("N-{}", claim.number), code, minutes, units, facts)
            })
        })
        .collect();
    json_lines(&lines)
}

/// What is said of the claims of one file. Numbers that come back are remarked on in a batch alone, and whose dollars
/// count depends on findings that are not shown.
fn of_file(run: &Run, file: u32) -> Vec<Told> {
    let mut told: Vec<Told> = told(run)
        .into_iter()
        .filter(|told| told.file == file && !told.message.starts_with("Claim numbers are not unique"))
        .map(|told| Told { file: 0, counted: false, ..told })
        .collect();
    told.sort();
    told
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Earlier claims and a batch find on the batch's claims what both as one batch find on them.
    #[test]
    fn history_and_batch_are_one(
        earlier in proptest::collection::vec(planned(), 1..6),
        batch in proptest::collection::vec(planned(), 1..6),
    ) {
        let (earlier, batch) = (written(&earlier), written(&batch));
        let as_one = checked_with(&[], &[("earlier.jsonl", &earlier), ("day.jsonl", &batch)], |_| {});
        let run = checked_with(&[("earlier.jsonl", &earlier)], &[("day.jsonl", &batch)], |_| {});
        prop_assert!(run.findings.iter().all(|finding| finding.file == 0));
        prop_assert_eq!(of_file(&run, 0), of_file(&as_one, 1));
        let mut report = Vec::new();
        json::render(&run, Redaction::ShowPhi, &mut report).expect("a vector takes everything");
        for (threads, unit_size, memory) in [(3, 300, 1), (1, 300, 256 << 20), (2, 1 << 20, 1)] {
            let again = checked_with(&[("earlier.jsonl", &earlier)], &[("day.jsonl", &batch)], |request| {
                (request.threads, request.unit_size, request.memory) = (threads, unit_size, memory);
            });
            prop_assert!(again == run, "{} threads, units of {}", threads, unit_size);
        }
    }
}
