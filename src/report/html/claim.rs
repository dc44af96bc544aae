//! One entry of the work list: a claim in its own words, its service lines decoded, its segments with what was found.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use askama::Template;

use super::Sheet;
use super::finding::Card;
use super::money::{self, Amount};
use super::segment::{Kind, Row, listing};
use super::worklist::{Entry, counted};
use crate::finding::{
    About, Finding, FlaggedClaim, FlaggedLine, Form, MoneyClass, Segments, Severity, Unpriced,
};
use crate::report::json::form_of;
use crate::report::locate::file_name;
use crate::report::masking::own_name;
use crate::report::text::claim::{dates, is_by_assistant, when};
use crate::report::text::place::are_several;
use crate::report::worth::column;

/// Findings of one claim that a page shows.
const MOST_CARDS: usize = 50;
/// Service lines of one claim that a page shows.
const MOST_LINES: usize = 200;

/// A rule that found something in the claim.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct CodeTag {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) severity: &'static str,
}

/// A service line, for people who do not read X12.
pub(super) struct LineView {
    pub(super) number: u16,
    pub(super) date: String,
    pub(super) code: String,
    pub(super) modifiers: String,
    pub(super) units: String,
    pub(super) minutes: String,
    pub(super) charge: String,
    pub(super) net: String,
    pub(super) gross: String,
    /// Whether the figures are what is paid, less than what is allowed.
    pub(super) paid: bool,
    pub(super) tags: Vec<CodeTag>,
}

/// An entry of the work list.
#[derive(Template)]
#[template(path = "claim.html")]
pub(super) struct ClaimView {
    pub(super) anchor: String,
    rank: usize,
    title: String,
    id: String,
    file: String,
    pub(super) payer: String,
    dates: String,
    pub(super) providers: Vec<String>,
    pub(super) codes: Vec<CodeTag>,
    pub(super) severities: Vec<&'static str>,
    pub(super) classes: Vec<(&'static str, &'static str)>,
    amounts: Vec<Amount>,
    headline: String,
    more_findings: usize,
    worst: &'static str,
    stand_in: bool,
    net_cash: bool,
    form: Form,
    lines: Vec<LineView>,
    more_lines: usize,
    rows: Vec<Row>,
    loose: Vec<Card>,
    more_rows: usize,
    more_cards: usize,
}

impl ClaimView {
    /// The view of an entry; everything in it may be shown.
    pub(super) fn new(sheet: &Sheet<'_>, entry: &Entry<'_>, rank: usize) -> ClaimView {
        let Sheet { run, masking, .. } = *sheet;
        let claim = entry.flagged.map(|claim| masking.claim(claim));
        let claim = claim.as_ref();
        let findings: Vec<Finding> =
            entry.open().map(|finding| about_its_line(masking.finding(finding), claim)).collect();
        let shown = worth_most(&findings);
        let found: Vec<_> =
            shown.iter().map(|&at| (&findings[at], Card::new(&findings[at], claim, sheet))).collect();
        let segments = claim.map(|claim| &claim.segments);
        let (rows, loose, more_rows) = listing(segments.unwrap_or(&Segments::default()), found);
        let tags: BTreeSet<CodeTag> = findings.iter().map(tag).collect();
        let severities: BTreeSet<Reverse<Severity>> =
            findings.iter().map(|finding| Reverse(finding.severity)).collect();
        let first = findings.iter().max_by_key(|one| (counted(one), one.severity, Reverse(one.line)));
        let file = file_name(&run.files, entry.file);
        let columns = claim.map(|claim| claim.columns).unwrap_or_default();
        let amounts = money::some(&columns);
        ClaimView {
            anchor: entry.anchor(),
            rank,
            title: if entry.claim == 0 { "File".to_owned() } else { format!("Claim {}", entry.claim) },
            id: claim.map_or_else(
                || {
                    findings
                        .first()
                        .map(|finding| own_name(&finding.claim_id, &finding.claim_ref))
                        .unwrap_or_default()
                },
                |claim| own_name(&claim.id, &claim.claim_ref),
            ),
            file: if are_several(&run.files) || entry.claim == 0 { file } else { String::new() },
            payer: claim.map_or_else(String::new, payer),
            dates: claim.and_then(|claim| dates(&claim.lines)).unwrap_or_default(),
            providers: claim.map_or_else(Vec::new, providers),
            codes: tags.into_iter().collect(),
            severities: severities.iter().map(|Reverse(severity)| severity.as_str()).collect(),
            classes: classes(&findings, &amounts),
            amounts,
            headline: first.map_or_else(
                || "Its dollars are counted by a finding of another claim.".to_owned(),
                |finding| finding.message.clone(),
            ),
            more_findings: findings.len().saturating_sub(1),
            worst: severities.first().map_or("info", |Reverse(severity)| severity.as_str()),
            stand_in: claim.is_some_and(|claim| claim.medicare_rates_stand_in),
            net_cash: claim.is_some_and(|claim| claim.net_cash),
            form: entry.flagged.map_or(Form::X12, |claim| form_of(run, claim)),
            lines: claim.map_or_else(Vec::new, |claim| {
                claim.lines.iter().take(MOST_LINES).map(|line| line_view(line, &findings)).collect()
            }),
            more_lines: claim.map_or(0, |claim| claim.lines.len().saturating_sub(MOST_LINES)),
            rows,
            loose,
            more_rows,
            more_cards: findings.len() - shown.len(),
        }
    }

    /// What a search looks for beside the text of the entry.
    fn rules(&self) -> String {
        self.codes.iter().map(|tag| tag.code.as_str()).collect::<Vec<_>>().join("|")
    }

    fn class_list(&self) -> String {
        self.classes.iter().map(|(class, _)| *class).collect::<Vec<_>>().join("|")
    }

    fn number_heading(&self) -> &'static str {
        match self.form {
            Form::X12 => "Segment",
            Form::Json => "Line of file",
            Form::Csv => "Row",
        }
    }

    fn listing_heading(&self) -> &'static str {
        match self.form {
            Form::X12 | Form::Json => "As sent, with what was found",
            Form::Csv => "As read, with what was found",
        }
    }

    fn row_noun(&self) -> &'static str {
        match self.form {
            Form::X12 => "segment",
            Form::Json => "line",
            Form::Csv => "row",
        }
    }

    fn allowed_heading(&self) -> &'static str {
        if self.net_cash { "Net cash" } else { "Allowed amount" }
    }
}

/// A finding with the words of the claim's own line, which is all that a saved run has of them.
fn about_its_line(finding: Finding, claim: Option<&FlaggedClaim>) -> Finding {
    let line = claim.and_then(|claim| claim.lines.iter().find(|line| line.line == finding.line));
    let about = line.map_or_else(About::default, |line| line.about.clone());
    Finding { about, ..finding }
}

/// The findings that are shown, in their order: all, or those that are worth most.
fn worth_most(findings: &[Finding]) -> Vec<usize> {
    let mut shown: Vec<usize> = (0..findings.len()).collect();
    shown.sort_by_key(|&at| (Reverse(counted(&findings[at])), Reverse(findings[at].severity), at));
    shown.truncate(MOST_CARDS);
    shown.sort_unstable();
    shown
}

fn tag(finding: &Finding) -> CodeTag {
    CodeTag { code: finding.code.clone(), name: finding.name.clone(), severity: finding.severity.as_str() }
}

/// The classes of its dollars and of its findings.
fn classes(findings: &[Finding], amounts: &[Amount]) -> Vec<(&'static str, &'static str)> {
    let of_findings = findings.iter().map(|finding| finding.impact.class);
    let classes: BTreeSet<MoneyClass> =
        of_findings.chain(amounts.iter().map(|amount| amount.class)).collect();
    let named = MoneyClass::WITH_COLUMN.iter().filter(|class| classes.contains(class));
    named.map(|&class| (money::slug(class), column(class))).collect()
}

fn payer(claim: &FlaggedClaim) -> String {
    format!("{} {}", claim.payer, claim.payer_id).trim().to_owned()
}

fn providers(claim: &FlaggedClaim) -> Vec<String> {
    let of_lines = claim.lines.iter().map(|line| line.provider_npi.as_str());
    let all: BTreeSet<&str> = of_lines.chain([claim.billing_npi.as_str()]).collect();
    all.into_iter().filter(|npi| !npi.is_empty()).map(str::to_owned).collect()
}

fn line_view(line: &FlaggedLine, findings: &[Finding]) -> LineView {
    let about = &line.about;
    let own = findings.iter().filter(|finding| finding.line == line.line);
    let tags: BTreeSet<CodeTag> = own.map(tag).collect();
    let amount = |amount: Option<crate::claim::Cents>, without: &str| {
        amount.map_or_else(|| without.to_owned(), |amount| amount.to_string())
    };
    // What nobody looked up is not without a fee.
    let without = if line.unpriced == Unpriced::NotLookedUp { DASH } else { "unpriced" };
    LineView {
        number: line.line,
        date: or_dash(&when(about)),
        code: or_dash(&about.procedure_code),
        modifiers: or_dash(&about.modifiers.join(" ")),
        units: or_dash(&units(&about.units)),
        minutes: line.minutes.map_or_else(|| DASH.to_owned(), |minutes| minutes.to_string()),
        charge: amount(about.charge, DASH),
        net: amount(line.net, without),
        gross: amount(line.gross, without),
        paid: line.net.is_some() && is_by_assistant(about),
        tags: tags.into_iter().collect(),
    }
}

const DASH: &str = "–";

fn or_dash(text: &str) -> String {
    if text.is_empty() { DASH.to_owned() } else { text.to_owned() }
}

/// Units as the number they are. What is none stands in the segments.
fn units(stated: &str) -> String {
    if let Ok(whole) = stated.parse::<i64>() {
        return whole.to_string();
    }
    let number = stated.parse::<f64>().ok().and_then(serde_json::Number::from_f64);
    number.map(|number| number.to_string()).unwrap_or_default()
}
