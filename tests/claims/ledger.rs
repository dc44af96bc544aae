//! Laws of the dollars, over days nobody thought of.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::support::{Request, json_lines, line};
use cleanclaim::claim::{Cents, Date};
use cleanclaim::engine;
use cleanclaim::finding::{Columns, Dollars, Finding, MoneyClass, Run, Severity};
use cleanclaim::side::DenialRates;
use proptest::prelude::*;
use serde_json::{Value, json};

const CODES: [&str; 9] = ["97110", "97112", "97124", "97140", "97530", "97116", "97035", "97012", "98941"];
const TAXONOMIES: [&str; 4] = ["225100000X", "225700000X", "111N00000X", "225X00000X"];
const MODIFIERS: [&[&str]; 6] = [&["GP"], &["GP", "59"], &["GP", "XS"], &["GO"], &[], &["59"]];
const DIAGNOSES: [&[&str]; 3] = [&["M5450"], &["R52"], &["R52", "M5450"]];
const PAYERS: [&str; 3] = ["MB", "CI", "WC"];
/// Most lines are of one provider: only those of one are a pair, or share minutes.
const NPIS: [&str; 4] = ["1000000228", "1000000228", "1000000228", "1000000335"];
/// Some of the rules that random days break; others have no rate.
const RATES: &str =
    "rule,payer,rate\nP01,,90%\nP02,commercial,0.5\nCARC 50,,0.123457\nT06,medicare,33.3333%\n";

#[derive(Clone, Debug)]
struct Line {
    patient: u8,
    payer: usize,
    code: usize,
    units: u32,
    minutes: Option<u32>,
    start: Option<u32>,
    charge: u32,
    modifiers: usize,
    taxonomy: usize,
    diagnoses: usize,
    region: usize,
    provider: usize,
}

fn a_line() -> impl Strategy<Value = Line> {
    let clinical = (0..CODES.len(), 0..5_u32, proptest::option::weighted(0.9, 1..70_u32));
    let words = (0..MODIFIERS.len(), 0..8_usize, 0..DIAGNOSES.len(), 0..3_usize, 0..NPIS.len());
    let start = proptest::option::weighted(0.3, (32..40_u32).prop_map(|quarter| quarter * 15));
    (0..2_u8, 0..PAYERS.len(), clinical, start, 0..300_u32, words).prop_map(
        |(
            patient,
            payer,
            (code, units, minutes),
            start,
            charge,
            (modifiers, taxonomy, diagnoses, region, provider),
        )| Line {
            patient,
            payer,
            code,
            units,
            minutes,
            start,
            charge,
            modifiers,
            taxonomy,
            diagnoses,
            region,
            provider,
        },
    )
}

impl Line {
    fn json(&self, claim_id: &str) -> Value {
        let mut facts = json!({
            "claim_id": claim_id,
            "patient_id": format!("P-{}", self.patient),
            "claim_filing_indicator": PAYERS[self.payer],
            "procedure_code": CODES[self.code],
            "units": self.units,
            "charge_amount": format!("{}.00", self.charge),
            "modifiers": MODIFIERS[self.modifiers],
            "rendering_taxonomy": TAXONOMIES.get(self.taxonomy).unwrap_or(&TAXONOMIES[0]),
            "diagnosis_codes": DIAGNOSES[self.diagnoses],
            "rendering_npi": NPIS[self.provider],
        });
        let mut put = |name: &str, value: Value| {
            facts.as_object_mut().expect("an object").insert(name.to_owned(), value);
        };
        if let Some(minutes) = self.minutes {
            put("minutes", json!(minutes));
            if let Some(start) = self.start {
                let clock = |at: u32| format!("{:02}:{:02}", at / 60, at % 60);
                put("start", json!(clock(start)));
                put("end", json!(clock(start + minutes)));
            }
        }
        if self.region < 2 {
            put("region", json!(["lumbar", "cervical"][self.region]));
        }
        line(facts)
    }
}

/// A claim a line: what is one day is for the engine to find out.
fn claims(lines: &[Line]) -> Vec<Value> {
    lines.iter().enumerate().map(|(at, line)| line.json(&format!("C-{at}"))).collect()
}

/// The rules are read once: what is tried is thousands of days.
static REQUEST: LazyLock<Request> = LazyLock::new(|| {
    let rates = DenialRates::read("rates.csv", RATES.as_bytes(), &["P01", "P02", "T06"]).expect("rates");
    Request { denial_rates: Some(rates), ..crate::support::request(Date::constant(2025, 4, 2)) }
});

fn run_of(claims: &[Value]) -> Run {
    engine::check(&REQUEST, &crate::support::inputs(&[("day.jsonl", &json_lines(claims))]))
}

/// Allowed net and gross of the flagged claims, by claim.
fn allowed(run: &Run) -> HashMap<u32, Dollars> {
    let mut allowed: HashMap<u32, Dollars> = HashMap::new();
    for claim in &run.flagged {
        let sum = allowed.entry(claim.ordinal).or_default();
        for line in &claim.lines {
            sum.net += line.net.unwrap_or_default();
            sum.gross += line.gross.unwrap_or_default();
        }
    }
    allowed
}

fn is_loss(finding: &Finding) -> bool {
    matches!(finding.impact.class, MoneyClass::Denial | MoneyClass::Recoupment)
}

fn amounts(finding: &Finding) -> (i64, i64) {
    let cents = |amount: Option<Cents>| amount.map_or(0, |cents| cents.0);
    (cents(finding.impact.net), cents(finding.impact.gross))
}

fn columns_of(columns: &Columns) -> [(i64, i64); 4] {
    [columns.at_risk, columns.recoupment, columns.delayed, columns.unbilled]
        .map(|dollars| (dollars.net.0, dollars.gross.0))
}

/// What a run says and what it is worth, blind to the order of lines. Which of a day's claims a day's finding stands
/// on does depend on it, so the number of clean claims is left out.
fn totals(run: &Run) -> (Vec<String>, [(i64, i64); 4]) {
    let mut codes: Vec<_> =
        run.findings.iter().map(|finding| format!("{} {:?}", finding.code, finding.severity)).collect();
    codes.sort();
    (codes, columns_of(&run.columns))
}

/// Lines of a rank of their own: between equal ones of one claim the lower line is paid in full.
fn without_ties(mut lines: Vec<Line>) -> Vec<Line> {
    let mut seen = HashSet::new();
    // 97116 is worth what 97110 is.
    lines.retain(|line| CODES[line.code] != "97116" && seen.insert((line.patient, line.payer, line.code)));
    lines
}

/// No service twice: which of two claims bills it again depends on which one came first.
fn without_duplicates(mut lines: Vec<Line>) -> Vec<Line> {
    let mut seen = HashSet::new();
    lines.retain(|line| {
        seen.insert((line.patient, line.payer, line.code, line.modifiers, NPIS[line.provider]))
    });
    lines
}

/// What a run says of each line and what it is worth, by the line's content: where it stands does not matter.
fn by_content(run: &Run) -> Vec<String> {
    let dollars = |dollars: Dollars| (dollars.net.0, dollars.gross.0);
    let mut lines: Vec<_> = run
        .flagged
        .iter()
        .flat_map(|claim| claim.lines.iter().map(move |line| (claim, line)))
        .filter(|(_, line)| line.columns != Columns::default())
        .map(|(claim, line)| {
            let Columns { at_risk, recoupment, unbilled, .. } = line.columns;
            let columns = (dollars(at_risk), dollars(recoupment), dollars(unbilled));
            format!("{} {:?} {:?} {:?} {columns:?}", claim.payer, line.about, line.minutes, line.net)
        })
        .collect();
    lines.sort();
    lines
}

/// How many days to try: those that `PROPTEST_CASES` asks for, or few enough for every run of the tests.
fn cases(few: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(few)
}

/// Units moved from one code to another are worth the difference, in the finding and in the column.
#[test]
fn units_moved_to_another_code_are_worth_the_difference() {
    let lines = [("97110", 1), ("97112", 38)].map(|(code, minutes)| {
        line(json!({"procedure_code": code, "minutes": minutes, "units": 2, "charge_amount": "120.00"}))
    });
    let run = run_of(&lines);
    assert_eq!(run.findings.len(), 1, "{:#?}", run.findings);
    // Billed 32.02 + 24.26 + 2 x 21.83 = 99.94; three units of 97112 are 32.02 + 2 x 24.26 = 80.54.
    // Flat: 2 x 28.79 less 32.02.
    assert_eq!(amounts(&run.findings[0]), (1_940, 2_556));
    assert_eq!(columns_of(&run.columns)[1], (1_940, 2_556));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(120), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_dollar_is_lost_once(lines in prop::collection::vec(a_line(), 1..7)) {
        let run = run_of(&claims(&lines));
        let allowed = allowed(&run);
        let mut flagged = Dollars::default();
        for sum in allowed.values() {
            flagged.net += sum.net;
            flagged.gross += sum.gross;
        }
        for (net, gross) in columns_of(&run.columns) {
            prop_assert!(net >= 0 && gross >= 0, "{:?}", run.columns);
        }
        let (risk, back) = (run.columns.at_risk, run.columns.recoupment);
        // A day's finding stands on one claim and may take units of another: the whole day is what can be lost.
        let every = day_allowed(&lines);
        prop_assert!(risk.net + back.net <= every.net, "{:?} of {every:?}", run.columns);
        prop_assert!(risk.gross + back.gross <= every.gross, "{:?} of {every:?}", run.columns);
        let mut counted = [(0, 0); 4];
        for finding in &run.findings {
            let (net, gross) = amounts(finding);
            prop_assert!(net >= 0 && gross >= 0, "{finding:?}");
            prop_assert!(finding.severity > Severity::Info || (net, gross) == (0, 0), "{finding:?}");
            prop_assert!(!is_loss(finding) || net <= every.net.0, "{finding:?}");
            if finding.impact.counted {
                let column = match finding.impact.class {
                    MoneyClass::Denial => 0,
                    MoneyClass::Recoupment => 1,
                    MoneyClass::Rejection => 2,
                    MoneyClass::LostRevenue => 3,
                    MoneyClass::None => return Err(TestCaseError::fail(format!("no class: {finding:?}"))),
                };
                counted[column].0 += net;
                counted[column].1 += gross;
            }
        }
        // What is counted nowhere is in no total, and a total is never more than what is counted.
        for (total, counted) in columns_of(&run.columns).iter().zip(&counted) {
            prop_assert!(total.0 <= counted.0 && total.1 <= counted.1, "{total:?} of {counted:?}: {:#?}", run.findings);
        }
        if run.findings.iter().filter(|finding| finding.impact.net.is_some()).count() <= 1 {
            prop_assert_eq!(columns_of(&run.columns), counted);
        }
    }

    #[test]
    fn the_order_of_claims_changes_no_cent(
        (lines, shuffled) in prop::collection::vec(a_line(), 2..6)
            .prop_map(without_duplicates)
            .prop_flat_map(|lines| (Just(lines.clone()), Just(lines).prop_shuffle()))
    ) {
        let (one, other) = (run_of(&claims(&lines)), run_of(&claims(&shuffled)));
        prop_assert_eq!(totals(&one), totals(&other), "{:#?}\n{:#?}", told(&one), told(&other));
        prop_assert_eq!(by_content(&one), by_content(&other));
        prop_assert_eq!(&one.breakdown, &other.breakdown);
        prop_assert_eq!(&one.expected_loss, &other.expected_loss);
    }

    #[test]
    fn the_order_of_lines_changes_no_cent(
        (lines, shuffled) in prop::collection::vec(a_line(), 2..6)
            .prop_map(without_ties)
            .prop_flat_map(|lines| (Just(lines.clone()), Just(lines).prop_shuffle()))
    ) {
        let together = |lines: &[Line]| {
            let patient = |line: &Line| format!("{}-{}", line.patient, line.payer);
            let mut lines: Vec<_> = lines.iter().map(|line| (patient(line), line.json(&patient(line)))).collect();
            lines.sort_by(|one, other| one.0.cmp(&other.0));
            run_of(&lines.into_iter().map(|(_, line)| line).collect::<Vec<_>>())
        };
        // The diagnoses are the claim's, and a claim takes them from its first line.
        let alike = |lines: &[Line]| lines.iter().map(|line| Line { diagnoses: 0, ..line.clone() }).collect::<Vec<_>>();
        let (one, other) = (together(&alike(&lines)), together(&alike(&shuffled)));
        prop_assert_eq!(totals(&one), totals(&other), "{:#?}\n{:#?}", told(&one), told(&other));
        prop_assert_eq!(by_content(&one), by_content(&other));
        prop_assert_eq!(&one.breakdown, &other.breakdown);
    }

    /// Rules, providers, payers, claims and lines are five ways to add up the same cents.
    #[test]
    fn every_breakdown_adds_up_to_the_columns(
        lines in prop::collection::vec(a_line(), 1..7), size in 1..4_usize,
    ) {
        let claim_of = |at: usize, line: &Line| format!("C-{}-{}-{}", at / size, line.patient, line.payer);
        let mut all: Vec<_> = lines.iter().enumerate().map(|(at, line)| (claim_of(at, line), line)).collect();
        all.sort_by(|one, other| one.0.cmp(&other.0));
        let run = run_of(&all.iter().map(|(id, line)| line.json(id)).collect::<Vec<_>>());
        let sum = |parts: &mut dyn Iterator<Item = Columns>| {
            parts.fold(Columns::default(), |mut sum, part| {
                sum.add(&part);
                sum
            })
        };
        let breakdown = &run.breakdown;
        prop_assert_eq!(sum(&mut breakdown.rules.iter().map(|one| one.share.columns)), run.columns);
        prop_assert_eq!(sum(&mut breakdown.providers.iter().map(|one| one.share.columns)), run.columns);
        prop_assert_eq!(sum(&mut breakdown.payers.iter().map(|one| one.share.columns)), run.columns);
        prop_assert_eq!(sum(&mut run.flagged.iter().map(|claim| claim.columns)), run.columns);
        for claim in &run.flagged {
            let lines = sum(&mut claim.lines.iter().map(|line| line.columns));
            prop_assert_eq!(Columns { delayed: claim.columns.delayed, ..lines }, claim.columns);
        }
        let expected = |parts: &mut dyn Iterator<Item = Dollars>| {
            parts.fold((0, 0), |(net, gross), part| (net + part.net.0, gross + part.gross.0))
        };
        let total = run.expected_loss.as_ref().expect("rates were given").total;
        prop_assert_eq!(expected(&mut breakdown.rules.iter().map(|one| one.share.expected)), (total.net.0, total.gross.0));
        prop_assert_eq!(expected(&mut breakdown.providers.iter().map(|one| one.share.expected)), (total.net.0, total.gross.0));
        prop_assert_eq!(expected(&mut breakdown.payers.iter().map(|one| one.share.expected)), (total.net.0, total.gross.0));
        for rule in &breakdown.rules {
            prop_assert!(rule.findings > 0, "{rule:?}");
            prop_assert!(rule.share.expected.net <= rule.share.columns.at_risk.net, "{rule:?}");
            prop_assert!(rule.share.expected.gross <= rule.share.columns.at_risk.gross, "{rule:?}");
        }
        // What is not counted names what is counted instead.
        for finding in run.findings.iter().filter(|finding| finding.impact.net.is_some()) {
            let holder = finding.counted_in.as_deref();
            prop_assert!(!(finding.impact.counted && holder.is_some()), "{finding:?}");
            prop_assert!(holder.is_none_or(|holder| run.findings.iter().any(|other| {
                other.impact.counted
                    && (&other.code, other.file, other.claim, other.line)
                        == (&holder.code, holder.file, holder.claim, holder.line)
            })), "{:?} {:#?}", finding, told(&run));
        }
    }

    /// One claim with all lines of a patient and payer, or a claim for each line: one day all the same.
    #[test]
    fn claims_are_only_paper(mut lines in prop::collection::vec(a_line(), 2..6)) {
        // The payer and the diagnoses are the claim's. One service in two claims is a duplicate, in one it need not be.
        let payer = lines[0].payer;
        let mut seen = HashSet::new();
        lines.retain(|line| seen.insert((line.code, line.modifiers)));
        // Of equal ranks the lower line of a claim is paid in full, and of several claims the first by what it says.
        lines.sort_by_key(|line| (CODES[line.code], MODIFIERS[line.modifiers].concat()));
        for line in &mut lines {
            (line.patient, line.payer, line.diagnoses) = (0, payer, 0);
            // No units keep a claim out, and with it whatever else stands in it.
            line.units = line.units.max(1);
        }
        let together: Vec<Value> = lines.iter().map(|line| line.json("A")).collect();
        let (one, apart) = (run_of(&together), run_of(&claims(&lines)));
        let days = |run: &Run| {
            let mut said: Vec<_> = run
                .findings
                .iter()
                .filter(|finding| finding.code != "T04")
                .map(|finding| (finding.code.clone(), finding.severity, finding.impact, finding.message.clone()))
                .map(|(code, severity, impact, message)| {
                    (code, severity, impact.net, impact.gross, impact.counted, message)
                })
                .collect();
            said.sort();
            said
        };
        prop_assert_eq!(days(&one), days(&apart));
        prop_assert_eq!(columns_of(&one.columns), columns_of(&apart.columns));
    }
}

fn told(run: &Run) -> Vec<String> {
    crate::support::told(run)
        .iter()
        .map(|told| {
            format!(
                "{} {} {:?} {:?} {} {}",
                told.claim, told.code, told.net, told.gross, told.counted, told.message
            )
        })
        .collect()
}

/// What all lines are allowed as billed: each is flagged for it with a fault that is worth nothing else.
fn day_allowed(lines: &[Line]) -> Dollars {
    let rules = "rules:\n- code: Z01\n  name: everything\n  since: 0.1.0\n  severity: info\n  summary: Everything\n  \
                 when: {line.units: {above: -1}}\n  check: forbid\n  message: Everything\n  help: Nothing\n";
    let run = crate::support::check_with_rules(rules, &[("day.jsonl", &json_lines(&claims(lines)))]);
    let mut sum = Dollars::default();
    for dollars in allowed(&run).values() {
        sum.net += dollars.net;
        sum.gross += dollars.gross;
    }
    sum
}

/// Two patients whom one therapist begins to treat at one time: nobody can say whose time it was not.
#[test]
fn the_order_of_claims_does_not_choose_between_two_that_begin_at_one_time() {
    let line = |patient, code, minutes, modifiers, taxonomy| Line {
        patient,
        payer: usize::from(patient) * 2,
        code,
        units: 1,
        minutes: Some(minutes),
        start: Some(525),
        charge: 240,
        modifiers,
        taxonomy,
        diagnoses: 0,
        region: 0,
        provider: usize::from(patient) + 1,
    };
    let (short, long) = (line(0, 0, 1, 5, 6), line(1, 4, 66, 2, 7));
    let (one, other) = (run_of(&claims(&[short.clone(), long.clone()])), run_of(&claims(&[long, short])));
    assert!(one.findings.iter().any(|finding| finding.code == "F04"), "{:#?}", told(&one));
    assert_eq!(totals(&one), totals(&other), "{:#?}\n{:#?}", told(&one), told(&other));
    assert_eq!(by_content(&one), by_content(&other));
}
