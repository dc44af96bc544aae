//! What the integration tests share: running the library over text, and claim lines with the usual defaults.
#![allow(dead_code, unused_imports, reason = "each test program uses its own part")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

pub(crate) mod acknowledgement;
pub(crate) mod native;
pub(crate) mod pair_table;
pub(crate) mod scenario;
pub(crate) mod tables;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cleanclaim::claim::{Cents, Date};
use cleanclaim::engine;
pub(crate) use cleanclaim::engine::Request;
use cleanclaim::finding::{MoneyClass, Run};
use cleanclaim::reference::Reference;
use cleanclaim::rules::{RuleFile, RuleSet};
use cleanclaim::source::Named;
use serde_json::{Map, Value, json};

/// A request with the built-in rules and tables.
pub(crate) fn request(as_of: Date) -> Request {
    Request::new(RuleSet::builtin(), Reference::builtin(), as_of)
}

/// Texts as if each were a file.
pub(crate) fn inputs(files: &[(&str, &str)]) -> Vec<Named> {
    files.iter().map(|(name, text)| Named::memory(name, text.as_bytes())).collect()
}

/// Checks texts as if each were a file, with the built-in rules, thirty days after the scenarios' date of service.
pub(crate) fn check(files: &[(&str, &str)]) -> Run {
    engine::check(&request(Date::constant(2025, 4, 2)), &inputs(files))
}

/// A service line of the acceptance scenarios: Medicare Part B, office, 2025-03-03, GP, a physical therapist in a
/// group, a referring provider, M54.50 linked, a charge above every fee. `facts` replace or (null) remove.
pub(crate) fn line(facts: Value) -> Value {
    let Value::Object(facts) = facts else { panic!("an object of facts") };
    let units = facts.get("units").and_then(Value::as_u64).unwrap_or(1);
    let mut line: Map<String, Value> = match json!({
        "claim_id": "S-1",
        "patient_id": "P-1",
        "claim_filing_indicator": "MB",
        "service_date": "2025-03-03",
        "place_of_service": "11",
        "modifiers": ["GP"],
        "units": units,
        "charge_amount": format!("{}.00", 60 * units),
        "diagnosis_codes": ["M5450"],
        "diagnosis_pointers": [1],
        "billing_npi": "1000000111",
        "billing_entity_type": "2",
        "rendering_npi": "1000000228",
        "rendering_taxonomy": "225100000X",
        "referring_npi": "1000000558",
    }) {
        Value::Object(line) => line,
        _ => unreachable!("an object was written"),
    };
    for (name, value) in facts {
        if value.is_null() {
            line.remove(&name);
        } else {
            line.insert(name, value);
        }
    }
    Value::Object(line)
}

/// JSON Lines of the given lines.
pub(crate) fn json_lines(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// One finding as the scenarios state it: code, severity, net and gross in cents.
pub(crate) type Expected<'a> = (&'a str, &'a str, Option<i64>, Option<i64>);

/// The findings of a run in that form, without the information that minutes are absent.
pub(crate) fn found(run: &Run) -> Vec<(String, String, Option<i64>, Option<i64>)> {
    run.findings
        .iter()
        .map(|finding| {
            (
                finding.code.clone(),
                finding.severity.as_str().to_owned(),
                finding.impact.net.map(|cents| cents.0),
                finding.impact.gross.map(|cents| cents.0),
            )
        })
        .collect()
}

/// Like [`check`], with more rules or profiles in YAML.
pub(crate) fn check_with_rules(yaml: &str, files: &[(&str, &str)]) -> Run {
    let file = RuleFile { name: "more.yaml".to_owned(), text: yaml.into() };
    let rules = RuleSet::with(&[file]).expect("rules that load");
    engine::check(&Request { rules, ..request(Date::constant(2025, 4, 2)) }, &inputs(files))
}

/// A finding without its place and excerpt: what must be the same whatever form the claim came in.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Told {
    pub(crate) file: u32,
    pub(crate) claim: u32,
    pub(crate) line: u16,
    pub(crate) code: String,
    pub(crate) severity: &'static str,
    pub(crate) class: String,
    pub(crate) net: Option<i64>,
    pub(crate) gross: Option<i64>,
    pub(crate) counted: bool,
    pub(crate) message: String,
}

/// The findings of a run in that form, sorted.
pub(crate) fn told(run: &Run) -> Vec<Told> {
    let mut told: Vec<Told> = run
        .findings
        .iter()
        .map(|finding| Told {
            file: finding.file,
            claim: finding.claim,
            line: finding.line,
            code: finding.code.clone(),
            severity: finding.severity.as_str(),
            class: class_name(finding.impact.class).to_owned(),
            net: finding.impact.net.map(|cents| cents.0),
            gross: finding.impact.gross.map(|cents| cents.0),
            counted: finding.impact.counted,
            message: finding.message.clone(),
        })
        .collect();
    told.sort();
    told
}

/// The column a class of money belongs to, as reports name it.
pub(crate) fn class_name(class: MoneyClass) -> &'static str {
    match class {
        MoneyClass::Rejection => "rejection",
        MoneyClass::Denial => "denial",
        MoneyClass::Recoupment => "recoupment",
        MoneyClass::LostRevenue => "lost-revenue",
        MoneyClass::None => "none",
    }
}

/// A committed file of this repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The text of a fixture.
pub(crate) fn fixture(name: &str) -> String {
    std::fs::read_to_string(repository("fixtures").join(name)).expect("a fixture")
}

/// Compares `found` with a committed file, or writes it anew where `CLEANCLAIM_BLESS` is set.
#[track_caller]
pub(crate) fn compare_or_bless(path: &str, found: &str) {
    let file = repository(path);
    if std::env::var_os("CLEANCLAIM_BLESS").is_some() {
        std::fs::write(&file, found).expect("a file of the repository");
        return;
    }
    let wanted = std::fs::read_to_string(&file).unwrap_or_default();
    let differing: Vec<String> = {
        let (wanted, found): (BTreeSet<&str>, BTreeSet<&str>) =
            (wanted.lines().collect(), found.lines().collect());
        let missing = wanted.difference(&found).map(|line| format!("- {line}"));
        let new = found.difference(&wanted).map(|line| format!("+ {line}"));
        missing.chain(new).collect()
    };
    assert!(
        wanted == found,
        "{path} says otherwise (CLEANCLAIM_BLESS=1 writes it anew):\n{}",
        differing.join("\n")
    );
}

/// The findings of a run as tab-separated values, in the order of the run.
pub(crate) fn findings_table(run: &Run) -> String {
    let mut table = String::from("claim\tline\tcode\tseverity\tclass\tnet\tgross\tcounted\n");
    let dollars = |cents: Option<Cents>| cents.map_or_else(|| "-".to_owned(), |cents| plain(cents.0));
    for finding in &run.findings {
        let impact = &finding.impact;
        table.push_str(&format!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n",
            finding.claim_id,
            finding.line,
            finding.code,
            finding.severity.as_str(),
            class_name(impact.class),
            dollars(impact.net),
            dollars(impact.gross),
            if impact.counted { "yes" } else { "no" },
        ));
    }
    table
}

fn plain(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
