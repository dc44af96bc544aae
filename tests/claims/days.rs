//! A patient's day is one day wherever its claims stand, and only that patient's, payer's and provider's.

use crate::support::{inputs, json_lines, line, request};
use cleanclaim::claim::Date;
use cleanclaim::engine;
use cleanclaim::finding::{Columns, Run};
use serde_json::{Value, json};

/// Code, severity, message, dollars, counted: what must not depend on where the day stood.
type Say = (String, &'static str, String, Option<i64>, Option<i64>, bool);

fn say(run: &Run) -> Vec<Say> {
    let mut said: Vec<Say> = crate::support::told(run)
        .into_iter()
        .map(|told| (told.code, told.severity, words(&told.message), told.net, told.gross, told.counted))
        .collect();
    said.sort();
    said
}

/// A message names codes in the order of their lines, which is another in other files.
fn words(message: &str) -> String {
    let mut words: Vec<&str> = message.split([' ', ',', ';']).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}

fn codes(run: &Run) -> Vec<String> {
    let mut codes: Vec<String> = run.findings.iter().map(|finding| finding.code.clone()).collect();
    codes.sort();
    codes
}

fn check_in_units(files: &[String], unit_size: usize) -> Run {
    let named: Vec<(String, &str)> =
        files.iter().enumerate().map(|(at, text)| (format!("{at}.jsonl"), text.as_str())).collect();
    let named: Vec<(&str, &str)> = named.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    engine::check(
        &crate::support::Request { unit_size, threads: 2, ..request(Date::constant(2025, 4, 2)) },
        &inputs(&named),
    )
}

fn with(facts: &Value, more: Value) -> Value {
    let mut facts = facts.clone();
    if let (Value::Object(facts), Value::Object(more)) = (&mut facts, more) {
        facts.extend(more);
    }
    facts
}

fn in_claim(facts: &Value, id: &str) -> Value {
    line(with(facts, json!({ "claim_id": id })))
}

fn timed(code: &str, minutes: u32, units: u32) -> Value {
    json!({"procedure_code": code, "minutes": minutes, "units": units})
}

fn commercial(facts: &Value) -> Value {
    with(facts, json!({"claim_filing_indicator": "CI", "modifiers": []}))
}

/// A clean claim of somebody else's, to push a day's claims into different units.
fn stranger(number: u32) -> Value {
    // On days of their own: nobody treats so many on one day.
    let own = json!({
        "claim_id": format!("X-{number}"),
        "patient_id": format!("Q-{number}"),
        "service_date": format!("2025-03-{:02}", 4 + number % 20),
    });
    line(with(&timed("97110", 15, 1), own))
}

fn strangers(from: u32) -> Vec<Value> {
    (from..from + 20).map(stranger).collect()
}

/// The day in one claim, and its lines spread over claims and files in many ways.
fn whole_and_split(facts: &[Value]) -> (Run, Vec<(String, Run)>) {
    let whole: Vec<Value> = facts.iter().map(|one| in_claim(one, "A")).collect();
    let wanted = check_in_units(&[json_lines(&whole)], 1 << 20);
    let claims: Vec<Value> =
        facts.iter().zip(["A", "B", "C", "D"]).map(|(one, id)| in_claim(one, id)).collect();
    let mut ways: Vec<(String, Run)> = Vec::new();
    let mut add = |name: &str, files: Vec<String>| {
        for unit_size in [1, 4096, 1 << 20] {
            ways.push((format!("{name}, units of {unit_size}"), check_in_units(&files, unit_size)));
        }
    };
    add("one file", vec![json_lines(&claims)]);
    let files: Vec<String> = claims.iter().map(|claim| json_lines(std::slice::from_ref(claim))).collect();
    add("a file each", files.clone());
    add("a file each, backwards", files.iter().rev().cloned().collect());
    let mut rotated = files.clone();
    rotated.rotate_left(1);
    add("a file each, the first last", rotated);
    let mut far = Vec::new();
    for (number, claim) in (0..).zip(&claims) {
        far.extend(strangers(number * 20));
        far.push(claim.clone());
    }
    add("strangers between", vec![json_lines(&far)]);
    (wanted, ways)
}

/// Where a line stands decides ties of rank: only the totals and the codes are the same in any order.
#[track_caller]
fn the_same_anywhere(name: &str, facts: &[Value], expected: &[&str]) -> Columns {
    let (wanted, ways) = whole_and_split(facts);
    assert_eq!(codes(&wanted), expected, "{name}: {:#?}", wanted.findings);
    for (way, run) in ways {
        assert_eq!(say(&run), say(&wanted), "{name}: {way}");
        assert_eq!(run.columns, wanted.columns, "{name}: {way}");
    }
    wanted.columns
}

#[test]
fn right_only_together() {
    // 22 minutes are no two units, 16 are one; together 38 are three, and the two belong to the longer service.
    let day = [timed("97110", 22, 2), timed("97530", 16, 1)];
    the_same_anywhere("38 minutes", &day, &[]);
    let alone = check_in_units(&[json_lines(&[in_claim(&day[0], "A")])], 4096);
    assert_eq!(codes(&alone), ["T01"]);
}

#[test]
fn wrong_only_together() {
    // 8 minutes are a unit three times over, 24 are no three.
    let day = [timed("97110", 8, 1), timed("97530", 8, 1), timed("97112", 8, 1)];
    let columns = the_same_anywhere("24 minutes", &day, &["T01"]);
    // The cheapest unit is the excess one: 97110 reduced beside 97530.
    assert_eq!((columns.recoupment.net.0, columns.recoupment.gross.0), (2183, 2879));
    let day = [timed("97112", 20, 1), timed("97110", 20, 1)];
    let columns = the_same_anywhere("40 minutes", &day, &["T02"]);
    assert_eq!((columns.unbilled.net.0, columns.unbilled.gross.0), (2183, 2879));
    let day = [timed("97110", 33, 1), timed("97140", 7, 2)];
    let columns = the_same_anywhere("40 minutes misallocated", &day, &["T03"]);
    assert_eq!((columns.unbilled.net.0, columns.unbilled.gross.0), (113, 162));
}

#[test]
fn pairs_across_claims() {
    let day = [timed("97124", 15, 1), timed("97140", 15, 1)];
    let columns = the_same_anywhere("P01", &day, &["P01"]);
    assert_eq!((columns.at_risk.net.0, columns.at_risk.gross.0), (2329, 2976));
    let day = day.map(|one| commercial(&one));
    let columns = the_same_anywhere("P02", &day, &["P02"]);
    assert_eq!((columns.at_risk.net.0, columns.at_risk.gross.0), (2976, 2976));
}

/// The reduction is the day's: what a denied line is worth depends on a third claim.
#[test]
fn reductions_across_claims() {
    let day = [timed("97124", 15, 1), timed("97140", 15, 1), timed("97110", 15, 1)];
    let columns = the_same_anywhere("scenario 21", &day, &["P01"]);
    assert_eq!((columns.at_risk.net.0, columns.at_risk.gross.0), (2280, 2976));
    let day =
        [with(&timed("97124", 15, 1), json!({"rendering_taxonomy": "225700000X"})), timed("97530", 15, 1)];
    let columns = the_same_anywhere("V01", &day, &["V01"]);
    // 97530 has the higher practice expense: 97124 is paid 20.70 beside it.
    assert_eq!((columns.at_risk.net.0, columns.at_risk.gross.0), (2070, 2976));
}

/// Two services that would be a pair, and too many units, if they stood in one day.
#[track_caller]
fn never_merged(name: &str, difference: Value) {
    let day = [timed("97124", 15, 1), timed("97140", 15, 1)];
    let files = [
        json_lines(&[in_claim(&day[0], "A")]),
        json_lines(&[in_claim(&with(&day[1], difference.clone()), "B")]),
    ];
    let run = check_in_units(&files, 4096);
    assert_eq!(codes(&run), [""; 0], "{name}: {:#?}", run.findings);
    // Eight and eight minutes: a unit each, but sixteen are no two where they stand in one day.
    let day = [timed("97110", 8, 1), timed("97530", 8, 1)];
    let files = [json_lines(&[in_claim(&day[0], "A"), in_claim(&with(&day[1], difference), "B")])];
    let run = check_in_units(&files, 4096);
    assert_eq!(codes(&run), [""; 0], "{name}: {:#?}", run.findings);
}

#[test]
fn what_is_not_one_day_stays_apart() {
    never_merged("another patient", json!({"patient_id": "P-2"}));
    never_merged("another date", json!({"service_date": "2025-03-04"}));
    never_merged("another payer id", json!({"payer_id": "MB-2"}));
    never_merged(
        "another billing provider",
        json!({"billing_npi": "1000000103", "rendering_npi": "1000000335"}),
    );
    let nobody = json!({"patient_id": null});
    let day = [timed("97124", 15, 1), timed("97140", 15, 1)].map(|one| with(&one, nobody.clone()));
    let run = check_in_units(&[json_lines(&[in_claim(&day[0], "A"), in_claim(&day[1], "B")])], 4096);
    assert_eq!(codes(&run), [""; 0], "no patient key: {:#?}", run.findings);
}

/// Unknown providers are nobody's: lines are grouped inside their claim, however the file is cut.
#[test]
fn unknown_providers_stay_in_their_claim() {
    let nobody = json!({"billing_npi": null, "rendering_npi": null});
    let day = [timed("97124", 15, 1), timed("97140", 15, 1)].map(|one| with(&one, nobody.clone()));
    let apart = check_in_units(&[json_lines(&[in_claim(&day[0], "A"), in_claim(&day[1], "B")])], 4096);
    assert!(!codes(&apart).contains(&"P01".to_owned()), "{:#?}", apart.findings);
    let together = check_in_units(&[json_lines(&[in_claim(&day[0], "A"), in_claim(&day[1], "A")])], 4096);
    assert!(codes(&together).contains(&"P01".to_owned()), "{:#?}", together.findings);
}

/// The pair of a day in a claim of its own, beside a third claim that is void, replaced, or for another payer.
fn beside(other: Value) -> Vec<Value> {
    vec![in_claim(&timed("97110", 15, 1), "A"), line(other)]
}

/// One unit of exercise at a payer like Medicare that takes other claims than originals: Part B does not.
fn of_frequency(frequency: &str, id: &str) -> Value {
    let claim = json!({"claim_id": id, "claim_frequency": frequency, "claim_filing_indicator": null, "payer": "medicare"});
    with(&timed("97110", 15, 1), claim)
}

#[test]
fn a_void_claim_takes_no_part() {
    let void = with(&of_frequency("8", "V"), json!({"minutes": 8}));
    let run = check_in_units(&[json_lines(&beside(void.clone()))], 4096);
    assert_eq!(codes(&run), [""; 0], "{:#?}", run.findings);
    // What it held is worth nothing either: a line rule may speak, no dollars may be counted.
    let unqualified = with(&void, json!({"procedure_code": "97124", "rendering_taxonomy": "225700000X"}));
    let run = check_in_units(&[json_lines(&beside(unqualified))], 4096);
    assert_eq!(run.columns, Columns::default(), "{:#?}", run.findings);
    // The other way round: what the void claim would have made right stays wrong.
    let day = [
        in_claim(&timed("97110", 22, 2), "A"),
        line(with(&of_frequency("8", "V"), json!({"procedure_code": "97530", "minutes": 16}))),
    ];
    let run = check_in_units(&[json_lines(&day)], 4096);
    assert_eq!(codes(&run), ["T01"], "{:#?}", run.findings);
}

#[test]
fn a_replacement_stands_for_its_original() {
    let original = with(&of_frequency("1", "A"), json!({"minutes": 22, "units": 2}));
    let replacement = with(&of_frequency("7", "A"), json!({"minutes": 22}));
    for files in [
        vec![json_lines(&[line(original.clone())]), json_lines(&[line(replacement.clone())])],
        vec![json_lines(&[line(replacement.clone())]), json_lines(&[line(original.clone())])],
    ] {
        let run = check_in_units(&files, 4096);
        assert_eq!(codes(&run), [""; 0], "{:#?}", run.findings);
        assert_eq!(run.columns, Columns::default());
    }
    // Line rules speak of both; the dollars are those of the replacement alone.
    let massage = |facts: &Value| {
        line(with(
            facts,
            json!({"procedure_code": "97124", "minutes": 15, "rendering_taxonomy": "225700000X"}),
        ))
    };
    let two = with(&original, json!({"minutes": 30, "units": 2}));
    let run = check_in_units(&[json_lines(&[massage(&two)]), json_lines(&[massage(&replacement)])], 4096);
    assert_eq!((run.columns.at_risk.net.0, run.columns.at_risk.gross.0), (2976, 2976), "{:#?}", run.findings);
    // Another number, payer or date is another claim: then both stand, and 44 minutes with three units are right.
    for other in
        [json!({"claim_id": "B"}), json!({"payer_id": "MB-2"}), json!({"service_date": "2025-03-04"})]
    {
        let files =
            [json_lines(&[line(original.clone())]), json_lines(&[line(with(&replacement, other.clone()))])];
        let run = check_in_units(&files, 4096);
        let is_one_day = other.get("claim_id").is_some();
        assert_eq!(codes(&run).is_empty(), is_one_day, "{other}: {:#?}", run.findings);
    }
}

/// Of several replacements the last of the run stands, whatever the others said.
#[test]
fn the_last_of_several_replacements_stands() {
    let claim = |frequency: &str, units: u32| {
        json_lines(&[line(with(
            &of_frequency(frequency, "A"),
            json!({"minutes": 15 * units, "units": units}),
        ))])
    };
    // Seven units are more than the unit edit passes, three and four are not.
    let run = check_in_units(&[claim("1", 2), claim("7", 4), claim("7", 3)], 4096);
    assert_eq!(codes(&run), [""; 0], "{:#?}", run.findings);
    let run = check_in_units(&[claim("7", 4), claim("7", 7)], 4096);
    assert_eq!(codes(&run), ["P07"], "the last one is judged: {:#?}", run.findings);
    let run = check_in_units(&[claim("7", 7), claim("7", 4)], 4096);
    assert_eq!(codes(&run), [""; 0], "{:#?}", run.findings);
}

/// In JSON lines a replacement or a void may stand right behind its original: the frequency tells the claims apart.
#[test]
fn one_claim_id_and_another_frequency_is_another_claim() {
    let of = |frequency: Option<&str>, units: u32| {
        let facts = with(&of_frequency("1", "A"), json!({"minutes": 15 * units, "units": units}));
        line(with(&facts, json!({ "claim_frequency": frequency })))
    };
    // Eight units are more than the unit edit passes; four and the replaced four are not.
    for first in [None, Some("1")] {
        for size in [64, 4096] {
            let run = check_in_units(&[json_lines(&[of(first, 4), of(Some("7"), 4)])], size);
            assert_eq!((run.claims, codes(&run)), (2, vec![]), "{:#?}", run.findings);
            assert!(run.notes.iter().all(|note| !note.contains("come back")), "{:?}", run.notes);
        }
    }
    let run = check_in_units(&[json_lines(&[of(Some("1"), 8), of(Some("8"), 8)])], 4096);
    assert_eq!((run.claims, codes(&run)), (2, vec![]), "voided: {:#?}", run.findings);
    // A line that says nothing of it goes on with the claim it stands in.
    let exercise = with(&of(None, 1), json!({"procedure_code": "97530", "minutes": 15}));
    let run = check_in_units(&[json_lines(&[of(Some("7"), 4), exercise])], 4096);
    assert_eq!((run.claims, run.lines), (1, 2), "{:#?}", run.findings);
}

/// What a later void takes back is no duplicate of what is billed in its stead, and adds no units to it.
#[test]
fn what_was_voided_stands_aside() {
    let claim = |frequency: &str, id: &str| {
        json_lines(&[line(with(&of_frequency(frequency, id), json!({"minutes": 60, "units": 4})))])
    };
    let (billed, void, anew) = (claim("1", "A"), claim("8", "A"), claim("1", "C"));
    let run = check_in_units(&[billed.clone(), void.clone(), anew.clone()], 4096);
    assert_eq!(codes(&run), [""; 0], "{:#?}", run.findings);
    let run = check_in_units(&[billed.clone(), anew.clone()], 4096);
    assert_eq!(codes(&run), ["X11"], "without the void: {:#?}", run.findings);
    // A void of what was sent before this run says nothing of what comes after it, nor of another number.
    let run = check_in_units(&[void, billed, anew.clone()], 4096);
    assert_eq!(codes(&run), ["X11"], "{:#?}", run.findings);
    let run = check_in_units(&[claim("1", "B"), claim("8", "A"), anew], 4096);
    assert_eq!(codes(&run), ["X11"], "{:#?}", run.findings);
}

/// Which claim a replacement of another number stands for nobody knows: what is found of a day must hold with it and without.
#[test]
fn a_replacement_under_its_own_number_accuses_no_day() {
    let timed = |frequency: &str, id: &str, code: &str, units: u32| {
        let facts = json!({"procedure_code": code, "minutes": 15 * units, "units": units});
        json_lines(&[line(with(&of_frequency(frequency, id), facts))])
    };
    // Four units and four are above the unit edit, were they of one day.
    let run = check_in_units(&[timed("1", "A", "97124", 4), timed("7", "A-R", "97124", 4)], 4096);
    assert_eq!(codes(&run), [""; 0], "{:#?}", run.findings);
    // What the replacement has by itself is found, and so is what the original has.
    let run = check_in_units(&[timed("1", "A", "97124", 4), timed("7", "A-R", "97124", 5)], 4096);
    assert_eq!(codes(&run), ["P07"], "{:#?}", run.findings);
    // A pair across the two, or none.
    let run = check_in_units(&[timed("1", "A", "97124", 1), timed("7", "A-R", "97140", 1)], 4096);
    assert_eq!(codes(&run), [""; 0], "{:#?}", run.findings);
    // Two replacements are of one day: neither stands for the other.
    let run = check_in_units(&[timed("7", "A-R", "97124", 1), timed("7", "B-R", "97140", 1)], 4096);
    assert_eq!(codes(&run), ["P01"], "{:#?}", run.findings);
}

/// A claim that follows a correction of its number is a claim of its own, unless it is a copy of what was replaced.
#[test]
fn an_original_behind_a_correction_is_judged() {
    let timed = |frequency: &str, units: u32| {
        let facts = json!({"minutes": 15 * units, "units": units});
        json_lines(&[line(with(&of_frequency(frequency, "A"), facts))])
    };
    // The number is there twice, which X14 remarks on.
    let found = |run: &Run| -> Vec<String> { codes(run).into_iter().filter(|code| code != "X14").collect() };
    let run = check_in_units(&[timed("1", 2), timed("7", 3), timed("1", 7)], 4096);
    assert_eq!(found(&run), ["P07"], "{:#?}", run.findings);
    let run = check_in_units(&[timed("1", 7), timed("8", 7), timed("1", 7)], 4096);
    assert_eq!(found(&run), ["P07"], "sent anew after a void: {:#?}", run.findings);
    let run = check_in_units(&[timed("1", 4), timed("7", 3), timed("1", 4)], 4096);
    assert_eq!(found(&run), [""; 0], "a copy of the replaced one: {:#?}", run.findings);
    let twice = [timed("1", 4), timed("7", 3), timed("1", 4), timed("7", 3)];
    let run = check_in_units(&twice, 4096);
    assert_eq!(found(&run), [""; 0], "a file given twice: {:#?}", run.findings);
}

/// A replacement sent twice takes away what it did the first time, and a claim sent anew after a void may be given twice.
#[test]
fn what_is_given_twice_changes_nothing() {
    let of = |frequency: &str, code: &str, minutes: u32, units: u32| {
        let facts = json!({"procedure_code": code, "minutes": minutes, "units": units});
        json_lines(&[line(with(&of_frequency(frequency, "A"), facts))])
    };
    let found = |files: &[String]| -> Vec<String> {
        let run = check_in_units(files, 4096);
        codes(&run).into_iter().filter(|code| code != "X14").collect()
    };
    let mut files = vec![of("1", "97110", 30, 2), of("1", "97112", 15, 2), of("7", "97110", 15, 1)];
    assert_eq!(found(&files), ["T01"]);
    files.push(of("7", "97110", 15, 1));
    assert_eq!(found(&files), ["T01"], "the replacement twice");
    let anew = of("1", "97110", 30, 2);
    let mut files = vec![anew.clone(), of("8", "97110", 30, 2), anew.clone()];
    assert_eq!(found(&files), [""; 0]);
    files.push(anew);
    assert_eq!(found(&files), ["X11"], "the claim sent anew, twice");
}

/// A replacement that leaves out a day takes the whole of its original away, that day too; and one under the patient's account
/// number leaves the patient's other visits alone.
#[test]
fn a_replacement_stands_for_all_days_of_its_original() {
    let on = |frequency: &str, day: &str, units: u32| {
        line(with(&of_frequency(frequency, "A"), json!({"service_date": day, "minutes": 22, "units": units})))
    };
    let original = json_lines(&[on("1", "2025-03-03", 1), on("1", "2025-03-05", 2)]);
    let replacement = json_lines(&[on("7", "2025-03-03", 1)]);
    let run = check_in_units(std::slice::from_ref(&original), 4096);
    assert_eq!(codes(&run), ["T01"]);
    let run = check_in_units(&[original, replacement.clone()], 4096);
    assert_eq!(codes(&run), [""; 0], "{:#?}", run.findings);
    let other_visit = json_lines(&[on("1", "2025-03-05", 2)]);
    let run = check_in_units(&[other_visit, replacement], 4096);
    assert_eq!(codes(&run), ["T01"], "{:#?}", run.findings);
}

/// A message has no hole where the code is missing or is none.
#[test]
fn a_repeated_service_without_a_code_is_named_for_what_it_is() {
    let said = |code: serde_json::Value| {
        let claim =
            json_lines(&[with(&in_claim(&timed("97110", 15, 1), "A"), json!({"procedure_code": code}))]);
        let other = json_lines(&[in_claim(&timed("97110", 15, 1), "B")]);
        let run = check_in_units(&[claim.clone(), other, claim], 4096);
        let repeated = run.findings.into_iter().find(|finding| finding.code == "X11").expect("a duplicate");
        (repeated.message, repeated.related[0].text.clone())
    };
    let of = |what: &str| format!("{what} of 2025-03-03 is billed in another claim already");
    assert_eq!(said(json!("97530")), (of("97530"), "97530 is billed here already".to_owned()));
    let the_same = "the same service is billed here already".to_owned();
    assert_eq!(said(json!("")), (of("A service without a code"), the_same.clone()));
    assert_eq!(said(json!("971")), (of("971"), the_same.clone()));
    assert_eq!(said(json!("HAZELTON")), (of("•••"), the_same));
}

#[test]
fn a_copy_for_the_second_payer_is_not_added_up() {
    let first = timed("97110", 15, 1);
    let second = with(&first, json!({"claim_filing_indicator": "CI", "payer_id": "CI-1"}));
    for id in ["A", "B"] {
        let manual = timed("97140", 15, 1);
        let manual_copy = with(&manual, json!({"claim_filing_indicator": "CI", "payer_id": "CI-1"}));
        let files = [
            json_lines(&[in_claim(&first, "A"), in_claim(&manual, "A")]),
            json_lines(&[in_claim(&second, id), in_claim(&manual_copy, id)]),
        ];
        let run = check_in_units(&files, 4096);
        assert_eq!(codes(&run), [""; 0], "{:#?}", run.findings);
    }
    let wrong = timed("97110", 22, 2);
    let copy = with(&wrong, json!({"claim_filing_indicator": "16", "payer_id": "MA-1"}));
    let run = check_in_units(&[json_lines(&[in_claim(&wrong, "A"), in_claim(&copy, "B")])], 4096);
    assert_eq!(codes(&run), ["T01", "T01"], "each payer's copy is judged alone: {:#?}", run.findings);
}
