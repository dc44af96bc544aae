//! A session log beside the claims: an 837P with one says what JSON lines say that state the facts themselves.

#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use std::fs::File;
use std::process::Command;

use crate::support::native::native_lines;
use crate::support::{Told, fixture, found, inputs, json_lines, line, request, told};
use crate::synthetic::{Amount, Plan, Style, write_837p};
use cleanclaim::claim::Date;
use cleanclaim::engine::{self, Request};
use cleanclaim::finding::Run;
use cleanclaim::report::{Redaction, json};
use cleanclaim::side;
use serde_json::{Map, Value, json};

const HEAD: &str = "claim_id,line,line_control_number,procedure_code,service_date,minutes,start,end,region,laterality,\
                    visit,note,assistant_minutes\n";

fn with_log(rows: &str, change: impl FnOnce(&mut Request)) -> Request {
    let sessions = side::session_log("sessions.csv", format!("{HEAD}{rows}").as_bytes()).expect("a log");
    let mut request = Request { sessions, ..request(Date::constant(2025, 4, 2)) };
    change(&mut request);
    request
}

fn checked(rows: &str, files: &[(&str, &str)]) -> Run {
    engine::check(&with_log(rows, |_| {}), &inputs(files))
}

/// Scenario 13 of the domain specification, in an 837P: the log holds 7 minutes of a code that the claim does not bill.
#[test]
fn s13_minutes_of_a_code_that_is_not_billed() {
    let day = fixture("facts/day.837");
    let rows = "LR-4001,1,,,,33,,,,,,,\nLR-4001,,,97140,,7,,,,,,,\n";
    let run = checked(rows, &[("day.837", &day)]);
    let of_claim = |run: &Run| {
        let told = told(run).into_iter().filter(|told| told.claim == 1);
        told.map(|told| (told.code, told.severity, told.line, told.net, told.gross)).collect::<Vec<_>>()
    };
    assert_eq!(of_claim(&run), [("T03".to_owned(), "warning", 1, Some(113), Some(162))]);
    assert_eq!((run.claims, run.lines), (4, 6), "time is no service line");
    let commercial = day.replace("SBR*P*18*******MB", "SBR*P*18*******CI");
    let run = checked(rows, &[("day.837", &commercial)]);
    assert_eq!(of_claim(&run), [("T01".to_owned(), "error", 1, Some(2879), Some(2879))]);
}

/// Minutes of which nobody knows on which day or in which discipline they were are missing from each of them.
#[test]
fn time_of_an_unknown_day_leaves_the_days_unjudged() {
    let of = |modifiers: &[&str], day: &str, units: u32, minutes: u32| {
        one(json!({
            "modifiers": modifiers, "service_date": day, "units": units, "minutes": minutes,
            "line_control_number": null,
        }))
    };
    let said = |rows: &str, lines: &[Value]| {
        let run = checked(rows, &[("day.jsonl", &json_lines(lines))]);
        let lacks =
            run.not_evaluated.iter().filter(|one| one.code == "T01").map(|one| one.lines).sum::<u64>();
        (timed(&run).into_iter().map(|(code, ..)| code).collect::<Vec<_>>(), lacks)
    };
    // 22 minutes are one unit, and with 8 of another code they are two.
    let two_days = [of(&["GP"], "2025-03-03", 2, 22), of(&["GP"], "2025-03-05", 1, 22)];
    assert_eq!(said("S-1,,,97140,2025-03-03,8,,,,,,,\n", &two_days).0, ["T03"]);
    assert_eq!(said("S-1,,,97140,2025-03-05,8,,,,,,,\n", &two_days).0, ["T02", "T01"]);
    assert_eq!(said("S-1,,,97140,,8,,,,,,,\n", &two_days), (vec![], 2));
    let two_disciplines = [of(&["GP"], "2025-03-03", 2, 22), of(&["GO"], "2025-03-03", 1, 22)];
    assert_eq!(said("S-1,,,97140,2025-03-03,8,,,,,,,\n", &two_disciplines), (vec![], 2));
    assert_eq!(said("X-9,,,97140,,8,,,,,,,\n", &two_disciplines).0, ["T01"]);
    // Code by code what else was done is nothing to 97110.
    let elsewhere: Vec<Value> = two_days
        .iter()
        .map(|line| {
            let mut line = line.clone();
            line["claim_filing_indicator"] = json!("CI");
            line
        })
        .collect();
    assert_eq!(said("S-1,,,97140,,8,,,,,,,\n", &elsewhere).0, ["T01"]);
}

/// What would be found on a line of no units is found without that line, at any payer.
#[test]
fn time_beside_the_lines_is_worth_what_a_line_of_no_units_is() {
    let timed = |code: &str, minutes: u32, units: u32| json!({"procedure_code": code, "minutes": minutes, "units": units});
    for filing in ["MB", "CI", "16", "WC"] {
        for (billed, beside) in [
            (timed("97110", 33, 3), ("97140", 7)),
            (timed("97110", 33, 2), ("97140", 7)),
            (timed("97110", 15, 2), ("97140", 7)),
            (timed("97110", 15, 1), ("97140", 15)),
            (timed("97129", 15, 1), ("97130", 15)),
        ] {
            let with = |value: &Value, more: Value| {
                let mut facts = value.as_object().cloned().expect("an object");
                facts.extend(more.as_object().cloned().expect("an object"));
                line(Value::Object(facts))
            };
            let own = with(&billed, json!({"claim_filing_indicator": filing}));
            let extra = with(
                &timed(beside.0, beside.1, 0),
                json!({"claim_filing_indicator": filing, "charge_amount": null}),
            );
            let whole = checked("none,1,,,,1,,,,,,,\n", &[("a.jsonl", &json_lines(&[own.clone(), extra]))]);
            let rows = format!("S-1,,,{},,{},,,,,,,\n", beside.0, beside.1);
            let run = checked(&rows, &[("a.jsonl", &json_lines(std::slice::from_ref(&own)))]);
            let about_time = |run: &Run| {
                let found = found(run)
                    .into_iter()
                    .filter(|(code, ..)| code.starts_with('T') && code < &"T05".to_owned());
                found.collect::<Vec<_>>()
            };
            assert_eq!(about_time(&run), about_time(&whole), "{filing} {own}");
            assert_eq!(run.columns.unbilled, whole.columns.unbilled);
            assert_eq!(run.columns.recoupment, whole.columns.recoupment);
            assert_eq!((run.lines, run.notes.len()), (1, 0));
            // Nothing else may see it.
            assert!(run.findings.iter().all(|finding| finding.line <= 1), "{:?}", told(&run));
        }
    }
}

/// Facts for a line by its place in the run. Every line has minutes, so that no note's words count.
fn facts(at: usize) -> Map<String, Value> {
    let minutes = [7, 8, 15, 16, 22, 23, 30, 38][at % 8];
    let mut facts = Map::new();
    facts.insert("minutes".to_owned(), json!(minutes));
    if at % 3 == 1 {
        let start = 9 * 60 + at % 40;
        let end = start + if at.is_multiple_of(2) { minutes } else { 20 };
        for (name, time) in [("start", start), ("end", end)] {
            facts.insert(name.to_owned(), json!(format!("{:02}:{:02}", time / 60, time % 60)));
        }
    }
    if at % 4 == 2 {
        facts.insert("region".to_owned(), json!(["low back", "neck", "knee"][at % 3]));
        facts.insert("laterality".to_owned(), json!(["left", "right"][at % 2]));
    }
    if at % 5 == 3 {
        facts.insert("assistant_minutes".to_owned(), json!(at % 12));
        facts.insert("visit".to_owned(), json!((at % 9).to_string()));
    }
    facts
}

/// The lines with facts inside, and the rows that state the same facts.
fn twins(native: &str, is_by_control_number: bool) -> (String, String) {
    let (mut lines, mut rows) = (Vec::new(), String::new());
    let mut number = 0;
    let mut before = Value::Null;
    for (at, text) in native.lines().enumerate() {
        let mut line: Map<String, Value> = serde_json::from_str(text).expect("a claim line");
        let id = line["claim_id"].clone();
        number = if id == before { number + 1 } else { 1 };
        before = id;
        let facts = facts(at);
        let cell = |name: &str| match facts.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => String::new(),
        };
        let claim = line["claim_id"].as_str().unwrap_or_default();
        let control =
            line.get("line_control_number").and_then(Value::as_str).filter(|_| is_by_control_number);
        let name = control.map_or_else(|| format!("{number},"), |control| format!(",{control}"));
        rows.push_str(&format!(
            "{claim},{name},,,{},{},{},{},{},{},,{}\n",
            cell("minutes"),
            cell("start"),
            cell("end"),
            cell("region"),
            cell("laterality"),
            cell("visit"),
            cell("assistant_minutes"),
        ));
        line.extend(facts);
        lines.push(Value::Object(line));
    }
    (json_lines(&lines), rows)
}

fn generated(seed: u64) -> String {
    let plan = Plan { seed, amount: Amount::Claims(60), flagged: 0.2 };
    let mut x12 = Vec::new();
    write_837p(&mut x12, &plan, Style::default()).expect("a vector takes everything");
    String::from_utf8(x12).expect("text")
}

/// What an 837P must have and JSON need not is not compared.
fn comparable(run: &Run) -> Vec<Told> {
    told(run).into_iter().filter(|told| !told.code.starts_with('X') && !told.code.starts_with('E')).collect()
}

#[test]
fn an_837p_with_a_log_says_what_json_says_with_the_facts_inside() {
    for x12 in [fixture("clinic-day.837"), fixture("facts/day.837"), generated(7), generated(8)] {
        let native = native_lines(&x12);
        for by_control_number in [false, true] {
            let (lines, rows) = twins(&native, by_control_number);
            let of_json = checked("none,1,,,,1,,,,,,,\n", &[("day", &lines)]);
            let of_x12 = checked(&rows, &[("day", &x12)]);
            assert!(of_json.findings.iter().any(|finding| finding.code == "T01"), "worth comparing");
            assert_eq!(comparable(&of_x12), comparable(&of_json));
            assert_eq!(of_x12.columns, of_json.columns);
            assert_eq!(of_x12.notes, [] as [String; 0]);
            // A log beside JSON lines without the facts is the same again.
            let beside = checked(&rows, &[("day", &native)]);
            assert_eq!(comparable(&beside), comparable(&of_json));
        }
    }
}

#[test]
fn threads_units_and_memory_do_not_matter() {
    let (one, other) = (generated(3), generated(4));
    let (_, mut rows) = twins(&native_lines(&one), false);
    rows.push_str("nobody,1,,,,30,,,,,,,\n");
    let files = [("one.837", one.as_str()), ("other.837", &other), ("again.837", &one)];
    let report = |run: &Run| {
        let mut out = Vec::new();
        json::render(run, Redaction::ShowPhi, &mut out).expect("a vector takes everything");
        out
    };
    for files in [&files[..2], &files[..]] {
        let wanted = checked(&rows, files);
        assert!(!wanted.notes.is_empty());
        for (threads, unit_size, memory) in
            [(1, 5_000, 4 << 10), (2, 4 << 10, 256 << 20), (5, 64 << 10, 4 << 10)]
        {
            let request = with_log(&rows, |request| {
                (request.threads, request.unit_size, request.memory) = (threads, unit_size, memory);
            });
            let run = engine::check(&request, &inputs(files));
            assert!(run == wanted, "{threads} threads, units of {unit_size}, memory {memory}");
            assert!(report(&run) == report(&wanted));
        }
    }
}

/// A day in two claims is rebuilt from facts, and its claims are read again.
#[test]
fn logged_facts_survive_settling() {
    let day = |id: &str, code: &str| line(json!({"claim_id": id, "procedure_code": code, "units": 1}));
    let (first, second) = (json_lines(&[day("A", "97112")]), json_lines(&[day("B", "97110")]));
    let files = [("a.jsonl", first.as_str()), ("b.jsonl", &second)];
    let run = checked("A,1,,,,9,,,,,,,\nB,1,,,,6,,,,,,,\nB,,,97140,,5,,,,,,,\n", &files);
    // 20 minutes are one unit; two were billed.
    let found: Vec<_> = run.findings.iter().filter(|finding| finding.code == "T01").collect();
    assert_eq!(found.len(), 1);
    assert!(found[0].message.contains("20 minutes support 1 unit"), "{}", found[0].message);
    let texts: Vec<&str> = found[0].related.iter().map(|related| related.text.as_str()).collect();
    assert!(texts.contains(&"5 minutes of 97140 logged and not billed"), "{texts:?}");
    assert!(found[0].place.element.starts_with('/'), "{:?}", found[0].place);
    let minutes: Vec<_> =
        run.flagged.iter().flat_map(|claim| &claim.lines).map(|line| line.minutes).collect();
    assert!(minutes.contains(&Some(9)) || minutes.contains(&Some(6)), "{minutes:?}");
}

/// A fact of the log stands nowhere in the claim's file: its line's procedure code is pointed at.
#[test]
fn a_pointer_at_a_logged_fact_lands_on_its_line() {
    let day = fixture("facts/day.837");
    let run = checked("LR-4004,1,,,,45,10:00,10:30,,,,,\n", &[("day.837", &day)]);
    let finding =
        run.findings.iter().find(|finding| finding.code == "T05").expect("45 minutes in half an hour");
    assert_eq!((finding.claim, finding.line), (4, 1));
    assert_eq!((finding.place.segment.as_str(), finding.place.element.as_str()), ("SV1", "SV101-02"));
    let at = finding.place.span.offset as usize;
    assert_eq!(&day[at..at + 5], "97110");
    assert!(finding.excerpt.windows.iter().all(|window| window.text.starts_with("SV1*")));
}

/// A log is joined to what comes through a pipe too, though the inputs are read twice for it.
#[test]
fn a_pipe_says_what_a_file_says() {
    let said = |input: &str| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_cleanclaim"));
        program.args(["check", input, "--as-of", "2025-03-10", "--output", "json"]);
        program.args([
            "--sessions",
            "fixtures/facts/sessions.csv",
            "--history",
            "fixtures/facts/earlier.837",
        ]);
        program.current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("CI");
        program.stdin(File::open(crate::support::repository("fixtures/facts/day.837")).expect("a fixture"));
        let output = program.output().expect("a program");
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text").replace("\"fixtures/facts/day.837\"", "\"-\"")
    };
    let through_a_pipe = said("-");
    assert!(through_a_pipe.contains("\"T03\"") && through_a_pipe.contains("\"X11\""));
    assert_eq!(through_a_pipe, said("fixtures/facts/day.837"));
}

/// Notes of the log are notes of the line: they tell its region.
#[test]
fn a_logged_note_is_a_note_of_the_line() {
    let day = fixture("facts/day.837");
    let outcome = |first: &str, second: &str| {
        let rows = format!("LR-4003,1,,,,,,,,,,{first},\nLR-4003,2,,,,,,,,,,{second},\n");
        let run = checked(&rows, &[("day.837", &day)]);
        let finding = run.findings.iter().find(|finding| finding.code == "P04");
        finding.map(|finding| finding.outcome.clone())
    };
    assert_eq!(
        outcome("mobilised low back", "massage of the neck"),
        None,
        "two regions bear the modifier out"
    );
    assert_eq!(outcome("mobilised low back", "massage of low back"), Some(String::new()));
    assert_eq!(outcome("as planned", "as planned"), Some("region-unknown".to_owned()));
}

/// What is said of minutes: code, file and net.
fn timed(run: &Run) -> Vec<(String, u32, Option<i64>)> {
    let about_time =
        told(run).into_iter().filter(|told| told.code.starts_with('T') && told.code.as_str() < "T05");
    about_time.map(|told| (told.code, told.file, told.net)).collect()
}

fn one(facts: Value) -> Value {
    let mut all = json!({"procedure_code": "97110", "units": 3, "line_control_number": "L-1"});
    all.as_object_mut().expect("an object").extend(facts.as_object().cloned().expect("an object"));
    line(all)
}

/// 20 minutes of 97110 in line 1 of claim S-1.
const LOGGED: &str = "S-1,1,,,,20,,,,,,,\n";

/// However many rows name one line in ways of their own, and in whatever order.
#[test]
fn three_names_of_one_line_are_none() {
    let day = json_lines(&[one(json!({}))]);
    let named = [LOGGED, "S-1,,L-1,,,20,,,,,,,\n", "S-1,,,97110,,20,,,,,,,\n"];
    for row in named {
        let run = checked(row, &[("a.jsonl", &day)]);
        assert!(run.notes.is_empty() && timed(&run)[0].0 == "T01", "{row}");
    }
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let run = checked(&order.map(|at| named[at]).concat(), &[("a.jsonl", &day)]);
        assert_eq!(timed(&run), [("T04".to_owned(), 0, None)], "{order:?}");
        let unclear = "sessions.csv: 3 of 3 rows match several claims or lines, and were used for none (rows 2, 3 and 4)";
        assert_eq!(run.notes, [unclear], "{order:?}");
    }
}

/// One session that the run bills more than once: its row counts wherever it is billed.
#[test]
fn a_row_is_used_for_every_claim_that_tells_of_its_session() {
    let batch = |lines: &[Value]| json_lines(lines);
    let first = batch(&[one(json!({}))]);
    let beside = format!("{LOGGED}S-1,,,97140,,10,,,,,,,\n");
    for rows in [LOGGED, &beside] {
        let alone = timed(&checked(rows, &[("a.jsonl", &first)]));
        assert_eq!(alone.len(), 1);
        assert_eq!(alone[0].0, "T01");
        let said = |name: &str, files: &[(&str, &str)], history: &[(&str, &str)]| {
            let request = with_log(rows, |request| request.history = inputs(history));
            let run = engine::check(&request, &inputs(files));
            assert!(
                run.notes.iter().all(|note| !note.starts_with("sessions.csv")),
                "{name}: {:?}",
                run.notes
            );
            timed(&run)
        };
        let copy = said("a copy", &[("a.jsonl", &first), ("backup/a.jsonl", &first)], &[]);
        assert_eq!(copy, alone);
        let secondary = one(json!({"claim_filing_indicator": "CI", "payer": null}));
        let payers = said("two payers", &[("a.jsonl", &first), ("b.jsonl", &batch(&[secondary]))], &[]);
        assert_eq!(payers[0], alone[0]);
        assert!(payers.iter().any(|(code, file, _)| code == "T01" && *file == 1), "{payers:?}");
        assert!(payers.iter().all(|(code, ..)| code != "T04"), "{payers:?}");
        let void = batch(&[one(json!({"claim_frequency": "8"}))]);
        let again = [("a.jsonl", first.as_str()), ("void.jsonl", &void), ("new.jsonl", &first)];
        let again = said("sent anew after a void", &again, &[]);
        assert_eq!(again.iter().map(|(code, ..)| code.as_str()).collect::<Vec<_>>(), ["T01"]);
        let replacement = batch(&[one(json!({"claim_frequency": "7"}))]);
        let sent = [("sent.jsonl", first.as_str())];
        assert_eq!(said("a replacement of an earlier claim", &[("a.jsonl", &replacement)], &sent), alone);
        // What the minutes say is said of the earlier claim, which is not shown.
        assert_eq!(said("an earlier claim", &[("a.jsonl", &first)], &sent), []);
    }
}

/// The same session billed to two payers in an 837P, where a patient has two member ids.
#[test]
fn two_payers_of_an_837p_are_billed_one_session() {
    let day = fixture("facts/day.837");
    let secondary = day.replace("SBR*P*18*******MB", "SBR*S*18*******CI").replace("1QQ0QQ0QQ00", "W0000001");
    let run = checked("LR-4001,1,,,,33,,,,,,,\n", &[("day.837", &day), ("secondary.837", &secondary)]);
    assert_eq!(run.notes, [] as [String; 0]);
    let other = secondary.replace("DMG*D8*19400110", "DMG*D8*19500110");
    let run = checked("LR-4001,1,,,,33,,,,,,,\n", &[("day.837", &day), ("other.837", &other)]);
    let unclear = "sessions.csv: 1 of 1 rows matches several claims or lines, and was used for none (row 2)";
    assert_eq!(run.notes, [unclear], "another person");
}

/// Claims that share a number and differ in what the row names may be of two sessions.
#[test]
fn claims_that_differ_in_what_a_row_names_share_no_row() {
    let unclear = "sessions.csv: 1 of 1 rows matches several claims or lines, and was used for none (row 2)";
    let beside = "S-1,,,97140,,10,,,,,,,\n";
    for (row, other) in [
        (LOGGED, one(json!({"service_date": "2025-03-05"}))),
        (LOGGED, one(json!({"procedure_code": "97530"}))),
        (LOGGED, one(json!({"patient_id": "P-2"}))),
        // The ten minutes would count twice in one day.
        (beside, one(json!({"procedure_code": "97530"}))),
        (beside, one(json!({"procedure_code": "97140"}))),
    ] {
        let (first, second) = (json_lines(&[one(json!({}))]), json_lines(std::slice::from_ref(&other)));
        for files in [[("a", first.as_str()), ("b", &second)], [("a", &second), ("b", &first)]] {
            let run = checked(row, &files);
            assert_eq!(run.notes, [unclear], "{other}");
            assert!(timed(&run).iter().all(|(code, ..)| code == "T04"), "{other}");
        }
    }
    let void = json_lines(&[one(json!({"claim_frequency": "8"}))]);
    let run = checked(LOGGED, &[("void.jsonl", &void)]);
    assert_eq!(run.notes, ["sessions.csv: 1 of 1 rows matches no claim line of this run (row 2)"]);
    assert_eq!(timed(&run), []);
}

/// An account's number stands on all its claims: the date says which is meant.
#[test]
fn an_account_has_a_row_for_each_day() {
    let days: Vec<String> =
        (1..=3).flat_map(|month| (1..=28).map(move |day| format!("2025-{month:02}-{day:02}"))).collect();
    let (mut batch, mut rows) = (String::new(), String::new());
    for (at, day) in days.iter().enumerate() {
        // Two lines of JSON beside each other are one claim: another stands between.
        batch.push_str(&json_lines(&[
            one(json!({"service_date": day})),
            one(json!({"claim_id": format!("Z-{at}"), "service_date": day, "procedure_code": "99213", "units": 1})),
        ]));
        rows.push_str(&format!("S-1,1,,,{day},{},,,,,,,\n", if at % 2 == 0 { 38 } else { 20 }));
    }
    let run = checked(&rows, &[("account.jsonl", &batch)]);
    assert!(run.notes.iter().all(|note| !note.starts_with("sessions.csv")), "{:?}", run.notes);
    let codes = timed(&run).into_iter().map(|(code, ..)| code).collect::<Vec<_>>();
    assert_eq!(codes, vec!["T01"; days.len() / 2]);
}
