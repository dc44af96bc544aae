//! Where to begin: the rules with the most dollars, and for each of them the claim that is worth most.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Sheet;
use super::grounds::counted;
use super::money::{self, Amount};
use super::worklist::{Entry, counted as counted_dollars};
use crate::claim::Cents;
use crate::finding::{Columns, Finding, Severity};
use crate::report::locate::file_name;
use crate::report::masking::own_name;
use crate::report::plain::clean;

/// How many rules: what a person keeps in mind.
const MOST: usize = 3;

/// One thing to begin with.
pub(super) struct Start {
    pub(super) code: String,
    pub(super) severity: &'static str,
    pub(super) summary: String,
    pub(super) amounts: Vec<Amount>,
    pub(super) findings: String,
    pub(super) anchor: String,
    pub(super) claim: String,
    pub(super) help: String,
}

struct Cause<'a> {
    columns: Columns,
    worst: Severity,
    findings: u64,
    /// In the entry that stands first in the work list.
    first: (&'a Entry<'a>, &'a Finding),
}

/// The rules to begin with. Remarks are none of them.
pub(super) fn starts(sheet: &Sheet<'_>, entries: &[Entry<'_>]) -> Vec<Start> {
    let mut causes: BTreeMap<Cow<'_, str>, Cause<'_>> = BTreeMap::new();
    for entry in entries {
        for finding in entry.open().filter(|finding| finding.severity > Severity::Info) {
            let cause = causes.entry(clean(&finding.code)).or_insert(Cause {
                columns: Columns::default(),
                worst: finding.severity,
                findings: 0,
                first: (entry, finding),
            });
            cause.findings += 1;
            cause.worst = cause.worst.max(finding.severity);
            let (of, known) = cause.first;
            if (of.file, of.claim) == (entry.file, entry.claim)
                && counted_dollars(finding) > counted_dollars(known)
            {
                cause.first.1 = finding;
            }
        }
    }
    for part in &sheet.run.breakdown.rules {
        if let Some(cause) = causes.get_mut(&clean(&part.code)) {
            cause.columns = part.share.columns;
        }
    }
    let mut causes: Vec<Cause<'_>> = causes.into_values().collect();
    let rank = |cause: &Cause<'_>| -> (Reverse<Cents>, Reverse<Severity>, Reverse<u64>) {
        (Reverse(money::largest(&cause.columns)), Reverse(cause.worst), Reverse(cause.findings))
    };
    causes.sort_by_key(rank);
    causes.truncate(MOST);
    causes.iter().map(|cause| start(sheet, cause)).collect()
}

fn start(sheet: &Sheet<'_>, cause: &Cause<'_>) -> Start {
    let (entry, finding) = cause.first;
    let shown = sheet.masking.finding(finding);
    let note = sheet.note(&finding.code);
    let summary = note.map(|note| clean(&note.summary).into_owned()).filter(|summary| !summary.is_empty());
    let own = own_name(&shown.claim_id, &shown.claim_ref);
    let claim = match (entry.claim, own.as_str()) {
        (0, _) => file_name(&sheet.run.files, entry.file),
        (claim, "") => format!("claim {claim}"),
        (claim, id) => format!("claim {claim} ({id})"),
    };
    Start {
        code: shown.code,
        severity: cause.worst.as_str(),
        summary: summary.unwrap_or(shown.message),
        amounts: money::some(&cause.columns),
        findings: counted(cause.findings, "finding"),
        anchor: entry.anchor(),
        claim,
        help: shown.help.trim().to_owned(),
    }
}
