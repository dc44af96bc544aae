//! Courses of treatment and providers' days: what no claim shows alone.

#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use crate::support::{inputs, json_lines, line, request};
use cleanclaim::claim::Date;
use cleanclaim::engine::{self, Request};
use cleanclaim::finding::{Run, Severity};
use cleanclaim::rules::{RuleFile, RuleSet};
use cleanclaim::side;
use serde_json::{Value, json};

/// A service in a claim of its own: its number, the day of March 2025, and more facts.
fn service(number: usize, day: u32, more: Value) -> Value {
    let mut facts = json!({
        "claim_id": format!("C-{number}"),
        "procedure_code": "97124",
        "minutes": 15,
        "units": 1,
        "service_date": format!("2025-03-{day:02}"),
    });
    if let (Value::Object(facts), Value::Object(more)) = (&mut facts, more) {
        facts.extend(more);
    }
    line(facts)
}

fn at(profiles: &str, authorizations: &str, lines: &[Value]) -> Run {
    let rules = match profiles {
        "" => RuleSet::builtin(),
        text => {
            let file = RuleFile { name: "payers.yaml".to_owned(), text: text.to_owned().into() };
            RuleSet::with(&[file]).expect("profiles that load")
        }
    };
    let authorizations = match authorizations {
        "" => side::Authorizations::default(),
        text => side::authorizations("auth.csv", text.as_bytes()).expect("rows"),
    };
    let text = json_lines(lines);
    let request = Request { rules, authorizations, ..request(Date::constant(2025, 4, 20)) };
    engine::check(&request, &inputs(&[("day.jsonl", &text)]))
}

/// Claim, outcome and net cents of the findings with this code.
fn told(run: &Run, code: &str) -> Vec<(u32, String, Option<i64>)> {
    let of = run.findings.iter().filter(|finding| finding.code == code);
    of.map(|finding| (finding.claim, finding.outcome.clone(), finding.impact.net.map(|net| net.0))).collect()
}

fn plain(claim: u32, net: i64) -> (u32, String, Option<i64>) {
    (claim, String::new(), Some(net))
}

#[test]
fn visits_past_the_profile_s_limit_are_at_risk() {
    let visits: Vec<Value> = (1..=4).map(|day| service(day, 2 * day as u32 + 1, json!({}))).collect();
    let limit = |limits: &str| format!("profiles: [{{name: medicare, visit-limits: [{limits}]}}]");
    assert_eq!(told(&at(&limit("{visits: 4}"), "", &visits), "F01"), []);
    assert_eq!(told(&at(&limit("{visits: 3}"), "", &visits), "F01"), [plain(4, 2976)]);
    assert_eq!(told(&at(&limit("{visits: 2}"), "", &visits), "F01"), [plain(3, 2976), plain(4, 2976)]);
    assert_eq!(told(&at(&limit("{visits: 2, codes: [97110]}"), "", &visits), "F01"), []);
    // The first of two limits that a day passes is said.
    let both = limit("{visits: 3}, {visits: 2, codes: [97124]}");
    assert_eq!(told(&at(&both, "", &visits), "F01").len(), 2);
}

#[test]
fn a_later_first_treatment_or_another_year_counts_anew() {
    let begun = |day: &str| json!({"initial_treatment_date": day});
    let visits = [
        service(1, 3, begun("2025-03-03")),
        service(2, 5, begun("2025-03-03")),
        service(3, 17, begun("2025-03-17")),
        service(4, 19, begun("2025-03-17")),
    ];
    let of = |per: &str| {
        let profiles = format!("profiles: [{{name: medicare, visit-limits: [{{visits: 2, per: {per}}}]}}]");
        told(&at(&profiles, "", &visits), "F01").len()
    };
    assert_eq!(of("episode"), 0);
    assert_eq!(of("calendar-year"), 2);
}

#[test]
fn a_stated_visit_counts_where_the_limit_is_for_all_codes() {
    let visit = [service(1, 3, json!({"visit": 13}))];
    let of = |limit: &str| {
        told(&at(&format!("profiles: [{{name: medicare, visit-limits: [{limit}]}}]"), "", &visit), "F01")
            .len()
    };
    assert_eq!(of("{visits: 12}"), 1);
    assert_eq!(of("{visits: 13}"), 0);
    assert_eq!(of("{visits: 12, codes: [97124]}"), 0, "the visits before may have had other codes");
}

#[test]
fn what_the_profile_requires_must_be_stated() {
    let asks = "profiles: [{name: medicare, authorization-required: [97124], referral-required: [97110]}]";
    let of = |more: Value| told(&at(asks, "", &[service(1, 3, more)]), "F03");
    assert_eq!(of(json!({})), [(1, "absent".to_owned(), Some(2976))]);
    assert_eq!(of(json!({"prior_authorization": "A-1"})), []);
    assert_eq!(of(json!({"procedure_code": "97110"})), [(1, "referral-absent".to_owned(), Some(2879))]);
    assert_eq!(of(json!({"procedure_code": "97110", "referral_number": "R-1"})), []);
    assert_eq!(of(json!({"procedure_code": "97112"})), []);
    // Nobody needs to name a patient for that.
    assert_eq!(of(json!({"patient_id": null})).len(), 1);
    assert_eq!(told(&at("", "", &[service(1, 3, json!({}))]), "F03"), []);
}

#[test]
fn a_visit_is_counted_once_however_often_it_is_sent() {
    let rows = "patient_id,number,from,to,visits\nP-1,A-1,2025-03-01,2025-03-31,2\n";
    let quoted = |number: usize, day: u32, more: Value| {
        let mut facts = json!({"prior_authorization": "A-1"});
        if let (Value::Object(facts), Value::Object(more)) = (&mut facts, more) {
            facts.extend(more);
        }
        service(number, day, facts)
    };
    let three = [quoted(1, 3, json!({})), quoted(2, 5, json!({})), quoted(3, 7, json!({}))];
    assert_eq!(told(&at("", rows, &three), "F03"), [plain(3, 2976)]);
    // The second is voided later in the run.
    let mut voided = three.to_vec();
    voided.push(quoted(2, 5, json!({"claim_frequency": "8"})));
    assert_eq!(told(&at("", rows, &voided), "F03"), []);
    // The first is sent twice.
    let twice = [quoted(1, 3, json!({})), quoted(9, 3, json!({})), quoted(2, 5, json!({}))];
    assert_eq!(told(&at("", rows, &twice), "F03"), []);
}

/// A number stands on the whole claim: of a code that it is not for, only a payer that asks for one is sure to deny.
#[test]
fn a_code_that_the_authorization_is_not_for() {
    let rows = "patient_id,number,procedure_codes\nP-1,A-1,97110\n";
    let claims = [service(1, 3, json!({"prior_authorization": "A-1"}))];
    let severity = |profile: &str| {
        let run = at(profile, rows, &claims);
        let found = run.findings.iter().filter(|finding| finding.code == "F03");
        found.map(|finding| (finding.outcome.clone(), finding.severity)).collect::<Vec<_>>()
    };
    assert_eq!(severity(""), [("beside".to_owned(), Severity::Warning)]);
    let asks = "profiles: [{name: medicare, authorization-required: [97124]}]";
    assert_eq!(severity(asks), [("other-service".to_owned(), Severity::Error)]);
}

#[test]
fn rows_of_nobody_in_the_run_are_named() {
    let rows = "patient_id,number,visits\nP-1,A-1,2\nP-2,A-2,2\nP-3,A-3,2\n";
    let run = at("", rows, &[service(1, 3, json!({}))]);
    let note = "auth.csv: 2 of 3 rows fit no claim of this run by patient and payer (rows 3, 4)";
    assert!(run.notes.iter().any(|said| said == note), "{:?}", run.notes);
}

fn treated(number: usize, patient: &str, from: &str, to: &str, more: Value) -> Value {
    let mut facts = json!({"patient_id": patient, "start": from, "end": to});
    if let (Value::Object(facts), Value::Object(more)) = (&mut facts, more) {
        facts.extend(more);
    }
    service(number, 3, facts)
}

#[test]
fn a_replaced_claim_is_not_treated_at_its_time() {
    let first = treated(1, "P-1", "09:00", "09:15", json!({}));
    let other = treated(2, "P-2", "09:10", "09:25", json!({}));
    assert_eq!(told(&at("", "", &[first.clone(), other.clone()]), "F04"), [plain(2, 2976)]);
    let corrected = treated(1, "P-1", "10:00", "10:15", json!({"claim_frequency": "7"}));
    assert_eq!(told(&at("", "", &[first.clone(), other.clone(), corrected]), "F04"), []);
    let voided = treated(1, "P-1", "09:00", "09:15", json!({"claim_frequency": "8"}));
    assert_eq!(told(&at("", "", &[first, other, voided]), "F04"), []);
}

#[test]
fn a_course_reaches_back_to_earlier_claims() {
    let earlier: Vec<Value> = (1..=7).map(|day| service(day, 2 * day as u32 + 1, json!({}))).collect();
    let last = [service(8, 19, json!({}))];
    let (before, text) = (json_lines(&earlier), json_lines(&last));
    let checked = |history: Vec<_>| {
        let request = Request { history, ..request(Date::constant(2025, 4, 20)) };
        told(&engine::check(&request, &inputs(&[("day.jsonl", &text)])), "F01")
    };
    assert_eq!(checked(Vec::new()), []);
    assert_eq!(checked(inputs(&[("before.jsonl", &before)])), [(1, "prompt".to_owned(), None)]);
}

#[test]
fn of_two_patients_at_once_the_claim_of_the_batch_is_named() {
    let batch = [treated(1, "P-1", "09:00", "09:15", json!({}))];
    let earlier = [treated(2, "P-2", "09:10", "09:25", json!({}))];
    let history = inputs(&[("before.jsonl", &json_lines(&earlier))]);
    let request = Request { history, ..request(Date::constant(2025, 4, 20)) };
    let run = engine::check(&request, &inputs(&[("day.jsonl", &json_lines(&batch))]));
    assert_eq!(told(&run, "F04"), [plain(1, 2976)]);
}

/// One person's service, sent to two payers, is one treatment.
#[test]
fn two_payers_of_one_patient_are_not_two_patients() {
    let by = |number: usize, payer: &str, from: &str, to: &str, modifiers: Value| {
        let more = json!({"claim_filing_indicator": payer, "modifiers": modifiers});
        treated(number, "P-1", from, to, more)
    };
    let both = [by(1, "MB", "09:00", "09:15", json!(["GP"])), by(2, "CI", "09:00", "09:15", json!([]))];
    assert_eq!(told(&at("", "", &both), "F04"), []);
    // Eleven times thirty minutes at two payers are five and a half hours.
    let mut day = Vec::new();
    for patient in 0..11 {
        for (payer, modifiers) in [("MB", json!(["GP"])), ("CI", json!([]))] {
            let more = json!({"claim_filing_indicator": payer, "modifiers": modifiers, "patient_id": format!("Q-{patient}"),
                "minutes": 30, "units": 2});
            day.push(service(day.len(), 3, more));
        }
    }
    assert_eq!(told(&at("", "", &day), "F05"), []);
}

#[test]
fn a_day_shared_with_an_earlier_claim_is_told_of_the_batch() {
    let profiles = "profiles: [{name: medicare, visit-limits: [{visits: 1}]}]";
    let file = RuleFile { name: "payers.yaml".to_owned(), text: profiles.to_owned().into() };
    let rules = RuleSet::with(&[file]).expect("a profile that loads");
    let earlier = [service(1, 3, json!({})), service(2, 5, json!({"procedure_code": "97110"}))];
    let history = inputs(&[("before.jsonl", &json_lines(&earlier))]);
    let batch = [service(3, 5, json!({"procedure_code": "97112"}))];
    let request = Request { rules, history, ..request(Date::constant(2025, 4, 20)) };
    let run = engine::check(&request, &inputs(&[("day.jsonl", &json_lines(&batch))]));
    let net = told(&run, "F01");
    assert_eq!(net.len(), 1, "{net:?}");
    assert_eq!(net[0].0, 1);
}

#[test]
fn a_first_treatment_after_all_visits_before_begins_another_course() {
    let profiles = "profiles: [{name: medicare, visit-limits: [{visits: 2}]}]";
    let stated = json!({"initial_treatment_date": "2025-03-19"});
    let visits = [service(1, 3, json!({})), service(2, 5, json!({})), service(3, 19, stated)];
    assert_eq!(told(&at(profiles, "", &visits), "F01"), []);
}

/// Times that leave room for the minutes of both are a question, and what is at stake is what the rest does not bear.
#[test]
fn minutes_that_find_room_are_no_error() {
    let stay = |number: usize, patient: &str, from: &str, to: &str, minutes: u32, units: u32| {
        treated(number, patient, from, to, json!({"minutes": minutes, "units": units}))
    };
    let wide = [stay(1, "P-1", "09:00", "10:00", 30, 2), stay(2, "P-2", "09:30", "10:30", 30, 2)];
    assert_eq!(told(&at("", "", &wide), "F04"), [(2, "visit-window".to_owned(), Some(5046))]);
    // 60 minutes less 15 still bear three of four units.
    let long = [stay(1, "P-1", "09:00", "09:30", 30, 2), stay(2, "P-2", "09:15", "10:15", 60, 4)];
    assert_eq!(told(&at("", "", &long), "F04"), [plain(2, 2070)]);
    let unbilled = [stay(1, "P-1", "09:00", "09:15", 15, 1), stay(2, "P-2", "09:00", "09:15", 15, 0)];
    assert_eq!(told(&at("", "", &unbilled), "F04"), []);
}

#[test]
fn a_group_s_number_under_rendering_is_nobody_s_hands() {
    let by = json!({"rendering_npi": "1000000111"});
    let two = [treated(1, "P-1", "09:00", "09:15", by.clone()), treated(2, "P-2", "09:00", "09:15", by)];
    assert_eq!(told(&at("", "", &two), "F04"), []);
}

#[test]
fn another_patient_s_replacement_changes_nothing() {
    let both = |more: Value| {
        let mut lines = vec![
            treated(1, "P-1", "09:00", "09:15", json!({})),
            treated(2, "P-2", "09:10", "09:25", json!({})),
        ];
        lines.push(treated(1, "P-1", "11:00", "11:15", more));
        told(&at("", "", &lines), "F04").len()
    };
    assert_eq!(both(json!({"claim_frequency": "7"})), 0);
    assert_eq!(both(json!({"claim_frequency": "7", "patient_id": "P-3"})), 1);
    assert_eq!(both(json!({"claim_frequency": "7", "service_date": "2025-03-10"})), 1);
}

#[test]
fn a_thirty_third_rule_over_a_provider_s_day_is_refused() {
    let rule = |number: usize| {
        format!(
            "- {{code: ZZ{number:02}, name: day-{number}, severity: warning, summary: s, check: {{provider-day: \
             {{at-most: 60}}}}, message: m, help: h, sources: [s]}}\n"
        )
    };
    let load = |count: usize| {
        let text: String = (0..count).map(rule).collect();
        RuleSet::of(&[RuleFile { name: "days.yaml".to_owned(), text: text.into() }])
    };
    assert!(load(32).is_ok(), "{:?}", load(32).err().map(|error| error.to_string()));
    assert!(load(33).is_err());
}

#[test]
fn threads_units_and_memory_change_nothing() {
    let mut lines = Vec::new();
    for number in 0..400_usize {
        let (patient, day) = (number % 20, number / 20 % 20);
        let start = 9 * 60 + patient * 13;
        let clock = |minute: usize| format!("{:02}:{:02}", minute / 60, minute % 60);
        let note = "Soft tissue mobilization to the lumbar paraspinals, patient tolerated it well as before";
        let more = json!({"start": clock(start), "end": clock(start + 15), "note": note});
        lines.push(treated(number, &format!("P-{patient}"), "", "", more));
        if let Some(Value::Object(facts)) = lines.last_mut() {
            facts.insert("service_date".to_owned(), format!("2025-03-{:02}", day + 1).into());
        }
    }
    let rows = "patient_id,number,from,to,visits\nP-1,,2025-03-01,2025-03-31,9\n";
    let text = json_lines(&lines);
    let run = |threads, unit_size, memory| {
        let authorizations = side::authorizations("auth.csv", rows.as_bytes()).expect("rows");
        let request =
            Request { authorizations, threads, unit_size, memory, ..request(Date::constant(2025, 4, 20)) };
        let run = engine::check(&request, &inputs(&[("day.jsonl", &text)]));
        (format!("{:#?}", run.findings), format!("{:?}", run.columns), format!("{:?}", run.not_evaluated))
    };
    let first = run(1, 1 << 20, 256 << 20);
    for code in ["F01", "F03", "F04", "N05", "N08"] {
        assert!(first.0.contains(&format!("code: \"{code}\"")), "{code}");
    }
    for (threads, unit_size, memory) in [(4, 4096, 256 << 20), (1, 4096, 0), (4, 1 << 20, 0)] {
        assert!(
            run(threads, unit_size, memory) == first,
            "{threads} threads, units of {unit_size}, {memory} bytes"
        );
    }
}
