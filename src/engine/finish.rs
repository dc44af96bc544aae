//! The last pass: one order, counts, notes.

use std::collections::{HashMap, HashSet};

use crate::checks::Lack;
use crate::finding::{Columns, Finding, FlaggedClaim, NotEvaluated, Run, Severity};
use crate::rules::{Check, Edit};
use crate::side::CredentialUse;

use crate::side::Authorizations;

use super::Request;
use super::accept;
use super::draft::Draft;
use super::files::{Files, Finished};
use super::fingerprint::Names;
use super::rule_note;
use super::settle::Settling;

/// Puts a settled run together.
pub(super) fn finish(request: &Request, files: Files, settling: Settling<'_>) -> Run {
    let (claims, lines) = files.counts();
    let (accepted, entries_met) = (settling.accepted(), settling.entries_met());
    let Settling {
        store,
        drafts,
        mut flagged,
        out,
        breakdown,
        known_and_suppressed,
        priced,
        mut copies,
        kept_out,
        year_to_date,
        rows_met,
        beside_the_batch,
        first_days,
        suppressions_seen,
        ..
    } = settling;
    copies.retain(|claim| !store.is_history(*claim));
    let mut counting: HashMap<u16, u64> = HashMap::new();
    for finding in drafts.iter().map(|draft| &draft.finding).filter(|finding| finding.impact.counted) {
        *counting.entry(finding.rule).or_default() += 1;
    }
    for (claim, shown) in &mut flagged {
        shown.columns = breakdown.claim(*claim);
        shown.lines.iter_mut().for_each(|line| first_days.count(*claim, &mut line.about));
    }
    let finding = |Draft { mut finding, claim, .. }: Draft| {
        if let Some(claim) = claim {
            first_days.count(claim, &mut finding.about);
        }
        finding
    };
    let mut findings: Vec<Finding> = drafts.into_iter().map(finding).collect();
    // They come claim by claim but for what settling found, so that putting each claim's in order leaves little to do.
    for own in findings.chunk_by_mut(|one, other| (one.file, one.claim) == (other.file, other.claim)) {
        own.sort_by(|one, other| order(one).cmp(&order(other)));
    }
    findings.sort_by(|one, other| order(one).cmp(&order(other)));
    let mut names = Names::default();
    for finding in findings.iter_mut().filter(|finding| finding.fingerprint.is_empty()) {
        names.name(finding);
    }
    let is_fault = |finding: &Finding| {
        finding.claim > 0 && finding.severity >= Severity::Warning && finding.is_standing()
    };
    let (mut dirty, mut with_findings) = (HashSet::new(), HashSet::new());
    for own in findings.chunk_by(|one, other| (one.file, one.claim) == (other.file, other.claim)) {
        let Some(claim) = own.first().map(|finding| (finding.file, finding.claim)) else { continue };
        with_findings.insert(claim);
        if own.iter().any(is_fault) {
            dirty.insert(claim);
        }
    }
    dirty.extend(files.ordinals(&kept_out));
    let is_shown = |claim: &FlaggedClaim| {
        claim.columns != Columns::default() || with_findings.contains(&(claim.file, claim.ordinal))
    };
    let mut flagged: Vec<_> = flagged.into_values().filter(is_shown).collect();
    flagged.sort_by_key(|claim| (claim.file, claim.ordinal));
    let mut not_evaluated = Vec::new();
    for (rule, counts) in request.rules.rules.iter().zip(&out.lacks) {
        for (lack, &lines) in Lack::ALL.iter().zip(counts) {
            if lines > 0 {
                not_evaluated.push(NotEvaluated {
                    code: rule.code.clone(),
                    reason: lack.as_str().to_owned(),
                    lines,
                });
            }
        }
    }
    let history = files.history();
    let Finished { mut files, interchanges, mut notes, line_breaks } = files.finish();
    if !copies.is_empty() {
        let claims = match copies.len() {
            1 => "1 replacement copies an earlier one".to_owned(),
            count => format!("{count} replacements copy earlier ones"),
        };
        notes.push(format!("{claims} of this run, line for line, and took no part in days or dollars"));
    }
    notes.extend(priced.notes(request));
    match beside_the_batch {
        0 => {}
        1 => notes.push(
            "1 finding on a day that this run shares stands in an earlier claim: check both together to see it"
                .to_owned(),
        ),
        many => notes.push(format!(
            "{many} findings on days that this run shares stand in earlier claims: check both together to see them"
        )),
    }
    let of_batch = year_to_date.iter().filter(|(claim, _)| !store.is_history(**claim));
    let met: HashSet<u32> = of_batch.map(|(_, patient)| *patient).collect();
    match request.year_to_date.patients() - met.len() {
        0 => {}
        1 => notes.push("1 patient of the year-to-date file has no claim in this run".to_owned()),
        many => notes.push(format!("{many} patients of the year-to-date file have no claim in this run")),
    }
    notes.extend(unmatched(&request.authorizations, &rows_met));
    notes.extend(of_credentials(request, &out.credentials));
    notes.extend(accept::of_baseline(request, accepted.known + known_and_suppressed));
    // The files of suppressions stand behind all inputs, so what is said of them comes last.
    findings.extend(accept::of_entries(
        request,
        &entries_met,
        &suppressions_seen,
        &out.lacks,
        &mut files,
        &mut notes,
    ));
    Run {
        as_of: request.as_of.to_string(),
        files,
        claims,
        lines,
        history,
        clean_claims: claims - dirty.len() as u64,
        line_breaks,
        rules: rule_note::of(&findings, &request.rules),
        findings,
        flagged,
        columns: breakdown.columns(),
        accepted,
        breakdown: breakdown.named(&request.rules, &store, &counting),
        expected_loss: request
            .denial_rates
            .as_ref()
            .map(|rates| breakdown.expected_loss(rates, &request.rules)),
        not_evaluated,
        tables: priced.tables(request),
        rates: priced.rates(request),
        interchanges,
        notes,
    }
}

/// A run whose facts were lost on the way: nothing is said of any input but why. What is left of the facts would tell wrong
/// dollars.
pub(super) fn abandoned(request: &Request, files: Files, why: &str) -> Run {
    let Finished { files, line_breaks, .. } = files.abandoned(why).finish();
    Run { as_of: request.as_of.to_string(), files, line_breaks, ..Run::default() }
}

/// Says which rows on authorizations fit no claim of the run: nobody's patient, or another payer's.
fn unmatched(known: &Authorizations, met: &HashSet<u64>) -> Option<String> {
    let all = known.numbers();
    let rows: Vec<u64> = all.iter().copied().filter(|row| !met.contains(row)).collect();
    let first: Vec<String> = rows.iter().take(ROWS_NAMED).map(u64::to_string).collect();
    let more = if rows.len() > ROWS_NAMED { ", …" } else { "" };
    let (fit, row) = if rows.len() == 1 { ("fits", "row") } else { ("fit", "rows") };
    (!rows.is_empty()).then(|| {
        format!(
            "{}: {} of {} rows {fit} no claim of this run by patient and payer ({row} {}{more})",
            known.source(),
            rows.len(),
            all.len(),
            first.join(", ")
        )
    })
}

/// Rows that a note names; the rest it counts.
const ROWS_NAMED: usize = 10;

/// Rows of the credentials file that nothing met, and lines that no row is about.
fn of_credentials(request: &Request, used: &CredentialUse) -> Vec<String> {
    let asked = request
        .rules
        .rules
        .iter()
        .any(|rule| matches!(rule.check, Check::Edit { edit: Edit::Credentials, .. }));
    let Some(known) = request.credentials.as_ref().filter(|_| asked) else { return Vec::new() };
    let mut notes = Vec::new();
    match known.len() - used.rows_met() {
        0 => {}
        1 => notes.push("1 row of the credentials file fits no line of this run".to_owned()),
        many => notes.push(format!("{many} rows of the credentials file fit no line of this run")),
    }
    match used.uncovered {
        0 => {}
        1 => notes.push("1 line is covered by no row of the credentials file".to_owned()),
        many => notes.push(format!("{many} lines are covered by no row of the credentials file")),
    }
    notes
}

/// What decides the one order of findings.
pub(super) fn order(finding: &Finding) -> (u32, u32, u16, u64, &str, &str) {
    (finding.file, finding.claim, finding.line, finding.place.span.offset, &finding.code, &finding.message)
}
