//! What the rules that found something say of themselves, and what the user has accepted.

use std::collections::BTreeMap;

use super::Sheet;
use super::grounds::counted;
use super::money;
use crate::finding::{AcceptedBy, Finding, RuleNote, Run};
use crate::report::locate::file_name;
use crate::report::masking::own_name;
use crate::report::plain::clean;
use crate::report::tally::Tally;
use crate::report::worth::{is_reported, reported};

/// A rule, explained once.
pub(super) struct RuleView {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) summary: String,
    pub(super) details: Vec<String>,
    pub(super) worth: Vec<String>,
    pub(super) appeal: String,
    pub(super) sources: Vec<String>,
    pub(super) findings: String,
}

/// The rules that found something, by code.
pub(super) fn explained(sheet: &Sheet<'_>) -> Vec<RuleView> {
    let mut found: BTreeMap<&str, u64> = BTreeMap::new();
    for finding in reported(sheet.run) {
        *found.entry(&finding.code).or_default() += 1;
    }
    let view = |(code, findings): (&str, u64)| {
        let note = sheet.note(code)?;
        let RuleNote { code, name, summary, details, worth, appeal, sources, .. } = note;
        let plain = |text: &str| clean(text.trim()).into_owned();
        let paragraphs = details.split("\n\n").map(plain).filter(|text| !text.is_empty());
        Some(RuleView {
            code: plain(code),
            name: plain(name),
            summary: plain(summary),
            details: paragraphs.collect(),
            worth: worth.iter().map(|worth| plain(&worth.how)).collect(),
            appeal: plain(appeal),
            sources: sources.iter().map(|source| plain(source)).collect(),
            findings: counted(findings, "finding"),
        })
    };
    found.into_iter().filter_map(view).collect()
}

/// Accepted findings that a page lists.
const MOST_ACCEPTED: usize = 200;

/// A finding that the user has accepted.
pub(super) struct AcceptedView {
    pub(super) code: String,
    pub(super) place: String,
    pub(super) message: String,
    pub(super) by: &'static str,
    /// File and line of the entry, or the baseline's file.
    pub(super) source: String,
    pub(super) reason: String,
    pub(super) until: String,
}

/// How many there are by what accepts them, and what those of the baseline hold.
pub(super) fn accepted_words(run: &Run) -> String {
    let Some(said) = Tally::of(run).accepted() else { return String::new() };
    let held: Vec<String> = money::some(&run.accepted.dollars)
        .iter()
        .map(|amount| format!("{} {}", amount.net(), amount.label()))
        .collect();
    let held = if held.is_empty() {
        String::new()
    } else {
        format!(" Those of the baseline hold {}.", held.join(", "))
    };
    format!("Findings {said}. They count nowhere above.{held}")
}

/// The accepted findings, and how many of them are not listed.
pub(super) fn accepted(sheet: &Sheet<'_>) -> (Vec<AcceptedView>, usize) {
    let all = || sheet.run.findings.iter().filter(|finding| !is_reported(finding));
    let views = all().take(MOST_ACCEPTED).filter_map(|finding| accepted_view(sheet, finding)).collect();
    (views, all().count().saturating_sub(MOST_ACCEPTED))
}

fn accepted_view(sheet: &Sheet<'_>, finding: &Finding) -> Option<AcceptedView> {
    let shown = sheet.masking.finding(finding);
    let accepted = shown.accepted.as_deref()?;
    let own = own_name(&shown.claim_id, &shown.claim_ref);
    let claim = match (shown.claim, own.as_str()) {
        (0, _) => file_name(&sheet.run.files, shown.file),
        (claim, "") => format!("claim {claim}"),
        (claim, id) => format!("claim {claim} ({id})"),
    };
    let line = if shown.line > 0 { format!(", service line {}", shown.line) } else { String::new() };
    Some(AcceptedView {
        code: shown.code.clone(),
        place: format!("{claim}{line}"),
        message: shown.message.clone(),
        by: match accepted.by {
            AcceptedBy::Suppression => "suppression",
            AcceptedBy::Baseline => "baseline",
        },
        source: clean(&accepted.source).into_owned(),
        reason: accepted.reason.clone(),
        until: clean(&accepted.until).into_owned(),
    })
}
