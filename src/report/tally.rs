//! How many findings of each severity a run reports, and how many are accepted and left out.

use super::plain::{grouped, plural};
use super::worth::{is_reported, reported};
use crate::finding::{AcceptedBy, Run, Severity, Verdict};

/// Findings counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Tally {
    pub(super) errors: u64,
    pub(super) warnings: u64,
    pub(super) infos: u64,
    /// Wanted a price and have none.
    pub(super) unpriced: u64,
    /// Accepted by a suppression.
    pub(super) suppressed: u64,
    /// Stood in the baseline.
    pub(super) in_baseline: u64,
}

impl Tally {
    pub(super) fn of(run: &Run) -> Tally {
        let mut tally = Tally::default();
        for finding in reported(run) {
            *match finding.severity {
                Severity::Error => &mut tally.errors,
                Severity::Warning => &mut tally.warnings,
                Severity::Info => &mut tally.infos,
            } += 1;
            tally.unpriced += u64::from(finding.impact.unpriced && finding.impact.net.is_none());
        }
        for accepted in run.findings.iter().filter_map(|finding| finding.accepted.as_ref()) {
            *match accepted.by {
                AcceptedBy::Suppression => &mut tally.suppressed,
                AcceptedBy::Baseline => &mut tally.in_baseline,
            } += 1;
        }
        tally
    }

    /// `6 errors, 2 warnings`, or `no findings`.
    pub(super) fn words(&self) -> String {
        let counted = [(self.errors, "error"), (self.warnings, "warning"), (self.infos, "info")];
        let words: Vec<String> = counted
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{} {word}{}", grouped(*count), plural(*count)))
            .collect();
        if words.is_empty() { "no findings".to_owned() } else { words.join(", ") }
    }

    /// `2 accepted by suppressions, 1 by the baseline`; `None` where nothing is.
    pub(super) fn accepted(&self) -> Option<String> {
        let words = |count: u64, by: &str| (count > 0).then(|| format!("{} by {by}", grouped(count)));
        let parts: Vec<String> =
            [words(self.suppressed, "suppressions"), words(self.in_baseline, "the baseline")]
                .into_iter()
                .flatten()
                .collect();
        (!parts.is_empty()).then(|| format!("accepted and left out: {}", parts.join(", ")))
    }
}

/// Whether nothing but remarks was found.
pub(super) fn is_clean(run: &Run) -> bool {
    !run.findings.iter().any(|finding| is_reported(finding) && finding.severity != Severity::Info)
}

/// `12 claims, 31 lines in 1 file`.
pub(super) fn read_words(run: &Run) -> String {
    let checked = run.files.iter().filter(|file| file.verdict == Verdict::Checked).count() as u64;
    let counted = |count: u64, word: &str| format!("{} {word}{}", grouped(count), plural(count));
    format!(
        "{}, {} in {}",
        counted(run.claims, "claim"),
        counted(run.lines, "line"),
        counted(checked, "file")
    )
}

/// The share of clean claims in tenths of a percent, rounded down: 100 % is said only when every claim is clean. ` (83.3%)`,
/// or nothing where there are no claims.
pub(super) fn clean_rate(run: &Run) -> String {
    match (run.clean_claims.min(run.claims) * 1_000).checked_div(run.claims) {
        Some(tenths) => format!(" ({}.{}%)", tenths / 10, tenths % 10),
        None => String::new(),
    }
}

/// The inputs for which the job could not be done, each with why.
pub(super) fn not_checked(run: &Run) -> impl Iterator<Item = (&str, &str)> {
    run.files.iter().filter_map(|file| match &file.verdict {
        Verdict::Failed(why) => Some((file.name.as_str(), why.as_str())),
        _ => None,
    })
}
