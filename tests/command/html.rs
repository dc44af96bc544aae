//! The page of real runs: its figures are those of the JSON, and the page of a saved run is the page of the run.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;

use crate::support::{fixture, repository, request};
use cleanclaim::claim::{Cents, Date};
use cleanclaim::cli::rules_test;
use cleanclaim::engine::{self, Request};
use cleanclaim::finding::{Columns, Run};
use cleanclaim::report::{ClaimKey, Redaction, html, json, saved};
use cleanclaim::rules::RuleSet;
use cleanclaim::side::{self, Baseline};
use cleanclaim::source::Named;
use serde_json::Value;

const LEVELS: [Redaction; 3] = [Redaction::Default, Redaction::Full, Redaction::ShowPhi];

fn checked(names: &[&str]) -> Run {
    checked_with(names, |_| {})
}

fn checked_with(names: &[&str], change: impl FnOnce(&mut Request)) -> Run {
    let inputs: Vec<Named> = names.iter().map(|name| Named::memory(name, fixture(name).as_bytes())).collect();
    let mut request = request(Date::constant(2025, 3, 10));
    change(&mut request);
    engine::check(&request, &inputs)
}

/// A day of which some findings are known, and one rule is suppressed.
fn accepted_day() -> Run {
    let before = checked(&["clinic-day.837"]);
    let some = before.findings.iter().filter(|finding| finding.code.starts_with(['P', 'D', 'V']));
    let known: Vec<_> =
        some.map(|finding| (finding.code.as_str(), engine::common_fingerprint(finding))).collect();
    checked_with(&["clinic-day.837"], |request| {
        let rules = rules_test::rule_names(&RuleSet::builtin());
        let text = "- {rule: T01, code: 97124, reason: looked at on 2025-03-09, expires: 2025-12-31}";
        let suppressions = side::suppressions("s.yaml", text.as_bytes(), &rules);
        request.suppressions = suppressions.unwrap_or_else(|error| panic!("{error}"));
        request.baseline = Some(Baseline::of(known));
    })
}

/// A table of another system's, read by the map that fits it.
fn table() -> Run {
    let bytes = fs::read(repository("fixtures/maps/warehouse.csv")).expect("readable");
    engine::check(&request(Date::constant(2025, 4, 10)), &[Named::memory("warehouse.csv", &bytes)])
}

/// A day whose claims are called by a keyed name.
fn keyed_day() -> Run {
    let mut run = checked(&["clinic-day.837", "clinic-day.jsonl"]);
    ClaimKey::new([7; 32]).name_claims(&mut run);
    run
}

fn runs() -> Vec<Run> {
    vec![
        checked(&["clinic-day.837", "clinic-day.jsonl"]),
        checked(&["money-day.jsonl"]),
        checked(&["split-day-morning.837", "split-day-afternoon.837"]),
        checked(&["visits.jsonl", "visits.jsonl"]),
        checked(&["clean.837"]),
        checked(&["broken/wrong-counts.837"]),
        accepted_day(),
        table(),
        keyed_day(),
    ]
}

fn json_of(run: &Run, redaction: Redaction) -> Vec<u8> {
    let mut out = Vec::new();
    json::render(run, redaction, &mut out).expect("a vector takes everything");
    out
}

fn page_of(run: &Run, redaction: Redaction) -> String {
    let mut out = Vec::new();
    html::render(run, redaction, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("a page is UTF-8")
}

#[test]
fn the_page_of_a_saved_run_is_the_page_of_the_run() {
    for run in runs() {
        for redaction in LEVELS {
            let saved = saved::read(&json_of(&run, redaction)).expect("a saved run");
            let mut out = Vec::new();
            html::render_saved(&saved, &mut out).expect("a vector takes everything");
            let saved = String::from_utf8(out).expect("a page is UTF-8");
            let page = page_of(&run, redaction);
            if let Some((one, other)) = page.lines().zip(saved.lines()).find(|(one, other)| one != other) {
                panic!("{redaction:?}\n  {one}\n  {other}");
            }
            assert_eq!(page.len(), saved.len());
        }
    }
}

/// What stands after a piece of markup, up to the next tag.
fn after<'p>(page: &'p str, markup: &str) -> Vec<&'p str> {
    page.split(markup).skip(1).filter_map(|rest| rest.split_once('<')).map(|(text, _)| text.trim()).collect()
}

fn cents(value: &Value) -> String {
    Cents(value.as_i64().expect("cents")).to_string()
}

#[test]
fn every_figure_is_that_of_the_json() {
    for run in runs() {
        let page = page_of(&run, Redaction::Default);
        let json: Value = serde_json::from_slice(&json_of(&run, Redaction::Default)).expect("JSON");
        let summary = &json["summary"];
        for (slug, name) in [
            ("at-risk", "at_risk"),
            ("recoupment", "recoupment"),
            ("delayed", "delayed"),
            ("unbilled", "unbilled"),
        ] {
            let net = after(&page, &format!("<p class=\"figure\" data-net=\"{slug}\">"));
            assert_eq!(net, [cents(&summary[name]["net_cents"])]);
            let gross = page.split(&format!("data-net=\"{slug}\">")).nth(1).expect("a column");
            let gross = after(gross, "<p class=\"flat\">")[0];
            assert_eq!(gross, format!("{} at the flat schedule", cents(&summary[name]["gross_cents"])));
        }
        for claim in json["claims"].as_array().expect("claims") {
            let id = format!("id=\"claim-{}-{}\"", claim["input"], claim["ordinal"]);
            let own = |finding: &&Value| {
                finding["input"] == claim["input"] && finding["claim"]["ordinal"] == claim["ordinal"]
            };
            let findings = json["findings"].as_array().expect("findings");
            if findings.iter().filter(own).count() > 0
                && findings.iter().filter(own).all(|finding| !finding["suppressed"].is_null())
                && claim["at_risk"]["net_cents"] == 0
            {
                assert!(!page.contains(&id), "{id} has nothing to work on");
                continue;
            }
            let Some((_, entry)) = page.split_once(&id) else { panic!("{id}") };
            let (head, body) = entry.split_once("</summary>").expect("a head");
            for (slug, name) in [
                ("at-risk", "at_risk"),
                ("recoupment", "recoupment"),
                ("delayed", "delayed"),
                ("unbilled", "unbilled"),
            ] {
                let dollars = &claim[name];
                let shown = after(head, &format!("<span class=\"amount {slug}\"><strong>"));
                let some = dollars["net_cents"] != 0 || dollars["gross_cents"] != 0;
                assert_eq!(shown, if some { vec![cents(&dollars["net_cents"])] } else { vec![] }, "{id}");
            }
            let body = body.split("</details>").next().expect("a body");
            let rows: Vec<&str> = body.split("<tr").skip(2).collect();
            for (line, row) in claim["lines"].as_array().expect("lines").iter().zip(rows) {
                let cells = after(row, "<td class=\"n\">");
                let without = if line["unpriced"] == "not-looked-up" { "–" } else { "unpriced" };
                let priced =
                    |value: &Value| value.as_i64().map_or(without.to_owned(), |net| Cents(net).to_string());
                assert_eq!(cells[2], cents(&line["charge_cents"]));
                assert_eq!(cells[3].trim_end_matches(" paid"), priced(&line["net_cents"]));
                assert_eq!(cells[4], priced(&line["gross_cents"]));
            }
        }
        // Every finding's net figure stands in a card of its claim.
        for finding in json["findings"].as_array().expect("findings") {
            if !finding["suppressed"].is_null() {
                continue;
            }
            let Some(net) = finding["impact"]["net_cents"].as_i64() else { continue };
            let id = match finding["claim"]["ordinal"].as_u64() {
                Some(claim) => format!("id=\"claim-{}-{claim}\"", finding["input"]),
                None => format!("id=\"file-{}\"", finding["input"]),
            };
            let entry = page.split_once(&id).map_or("", |(_, rest)| rest);
            let entry = entry.split("</details>").next().expect("an entry");
            let code = finding["code"].as_str().expect("a code");
            let severity = finding["severity"].as_str().expect("a severity");
            let card = entry.split("<article").find(|card| {
                card.contains(&format!(">{severity} {code}</span>"))
                    && card.contains(&format!("{}</strong>", Cents(net)))
            });
            assert!(card.is_some(), "{code} of {id}: {}", Cents(net));
        }
    }
}

#[test]
fn days_add_up_to_the_columns() {
    for run in runs() {
        let mut sum = Columns::default();
        for day in &run.breakdown.days {
            sum.add(&day.share.columns);
        }
        assert_eq!(sum, run.columns);
        let dates: Vec<&str> = run.breakdown.days.iter().map(|day| day.date.as_str()).collect();
        assert!(dates.is_sorted(), "{dates:?}");
    }
}

#[test]
fn days_are_in_the_json_unless_dates_are_masked() {
    let run = checked(&["clinic-day.837"]);
    let days = |redaction| -> Value {
        let json: Value = serde_json::from_slice(&json_of(&run, redaction)).expect("JSON");
        json["summary"]["by_day"].clone()
    };
    assert_eq!(days(Redaction::Default)[0]["date"], "2025-03-03");
    assert_eq!(days(Redaction::Full), Value::Null);
}

#[test]
fn what_is_accepted_stands_apart_and_counts_nowhere() {
    let run = accepted_day();
    assert!(run.accepted.suppressed > 0 && run.accepted.known > 0);
    assert!(run.accepted.dollars != Columns::default() && run.columns != Columns::default());
    let page = page_of(&run, Redaction::Default);
    let (work, apart) = page.split_once("id=\"accepted\"").expect("a part for what is accepted");
    for finding in &run.findings {
        let badge = format!("{} {}</span>", finding.severity.as_str(), finding.code);
        assert_eq!(
            work.contains(&badge),
            run.standing().any(|one| one.code == finding.code && one.severity == finding.severity),
            "{badge}"
        );
    }
    let said = after(apart, "<p class=\"aside\">")[0];
    let (suppressed, known) = (run.accepted.suppressed, run.accepted.known);
    let counts = format!("accepted and left out: {suppressed} by suppressions, {known} by the baseline.");
    assert!(said.contains(&counts), "{said}");
    assert!(said.contains(&format!("hold {} at risk", run.accepted.dollars.at_risk.net)), "{said}");
    let (rows, _) = apart.split_once("</tbody>").expect("a table");
    assert_eq!(rows.matches("<th scope=\"row\">").count() as u64, suppressed + known);
    assert!(
        rows.contains("<td>suppression <bdi>s.yaml:1</bdi></td><td><bdi>looked at on 2025-03-09</bdi></td>")
    );
    let full = page_of(&run, Redaction::Full);
    assert!(!full.contains("2025-03-09") && !full.contains("looked at on") && full.contains("s.yaml:1"));
}

#[test]
fn where_numbers_and_dates_are_masked_claims_have_a_keyed_name_and_days() {
    let run = keyed_day();
    let page = page_of(&run, Redaction::Full);
    let name = &run.flagged[0].claim_ref;
    assert!(page.contains(&format!("<bdi class=\"id\">ref {name}</bdi>")), "{name}");
    assert!(page.contains("<td>day 0</td>") && !page.contains(&run.flagged[0].id));
    assert!(!page.contains("2025-03-03") && !page.contains("20250303"));
    let shown = page_of(&run, Redaction::Default);
    assert!(shown.contains(&run.flagged[0].id) && !shown.contains(name.as_str()) && !shown.contains("day 0"));
}

#[test]
fn a_row_of_a_table_is_called_a_row() {
    let page = page_of(&table(), Redaction::Default);
    assert!(page.contains(" · row ") && page.contains(" · column "));
    assert!(page.contains("<span class=\"sr\">Row </span>") && page.contains("As read, with what was found"));
    assert!(!page.contains("segment 1") && !page.contains("Line of file"));
}

#[test]
fn what_fix_mends_is_said() {
    let run = checked(&["broken/wrong-counts.837"]);
    let fix = run.findings.iter().find_map(|finding| finding.fix.as_ref()).expect("a fault of format");
    let page = page_of(&run, Redaction::Default);
    let summary = &fix.summary;
    assert!(page.contains(&format!("<dt>Mended by</dt><dd><code>--fix</code>: <bdi>{summary}</bdi></dd>")));
    assert!(page.contains("of format: --fix mends "), "{}", run.fixable());
}
