//! Exit codes, the same for every output format.

use super::args::FailOn;
use crate::claim::Cents;
use crate::finding::{Run, Verdict};

/// Nothing at or above `--fail-on`.
pub(super) const DONE: u8 = 0;
/// Findings.
pub(super) const FINDINGS: u8 = 1;
/// The job could not be done, in whole or in part.
pub(super) const NOT_DONE: u8 = 2;

/// The verdict on a run. That an input could not be read outranks what was found in the others.
pub(super) fn code(run: &Run, fail_on: FailOn, max_at_risk: Option<Cents>) -> u8 {
    let failed = run.files.iter().any(|file| matches!(file.verdict, Verdict::Failed(_)));
    if failed || nothing_checked(run) {
        return NOT_DONE;
    }
    let found = run.standing().any(|finding| fail_on.includes(finding.severity));
    if found || exceeds(run, max_at_risk) { FINDINGS } else { DONE }
}

/// Whether no claim was read. A broken 837P without a claim ends in findings, which is a check all the same.
pub(super) fn nothing_checked(run: &Run) -> bool {
    let checked = run.files.iter().any(|file| file.verdict == Verdict::Checked);
    !checked || (run.claims == 0 && run.findings.is_empty())
}

/// Whether more is at risk than the user allows.
pub(super) fn exceeds(run: &Run, max_at_risk: Option<Cents>) -> bool {
    max_at_risk.is_some_and(|most| run.columns.at_risk.net > most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Finding, InputFile, Severity};

    fn file(verdict: Verdict) -> InputFile {
        InputFile { name: "day.837".to_owned(), verdict, claims: 1 }
    }

    fn run(severities: &[Severity]) -> Run {
        let finding = |severity: Severity| Finding { severity, ..Finding::default() };
        Run {
            files: vec![file(Verdict::Checked)],
            claims: 1,
            findings: severities.iter().copied().map(finding).collect(),
            ..Run::default()
        }
    }

    #[test]
    fn findings_count_from_the_chosen_severity_on() {
        use Severity::{Error, Info, Warning};
        let code = |severities: &[Severity], fail_on| super::code(&run(severities), fail_on, None);
        assert_eq!(code(&[], FailOn::Info), 0);
        assert_eq!(code(&[Warning, Info], FailOn::Error), 0);
        assert_eq!(code(&[Warning, Error], FailOn::Error), 1);
        assert_eq!(code(&[Warning], FailOn::Warning), 1);
        assert_eq!(code(&[Info], FailOn::Warning), 0);
        assert_eq!(code(&[Info], FailOn::Info), 1);
        assert_eq!(code(&[Error], FailOn::Never), 0);
    }

    #[test]
    fn a_job_not_done_outranks_findings() {
        let mut run = run(&[Severity::Error]);
        run.files.push(file(Verdict::Failed("an 835".to_owned())));
        assert_eq!(code(&run, FailOn::Never, None), 2);
    }

    #[test]
    fn nothing_to_check_is_no_success() {
        assert_eq!(code(&Run::default(), FailOn::Error, None), 2);
        let mut none = run(&[]);
        none.files = vec![file(Verdict::NotClaims("text".to_owned()))];
        assert_eq!(code(&none, FailOn::Never, None), 2);
        let mut empty = run(&[]);
        empty.claims = 0;
        assert_eq!(code(&empty, FailOn::Error, None), 2);
        let mut broken = run(&[Severity::Error]);
        broken.claims = 0;
        assert_eq!(code(&broken, FailOn::Error, None), 1);
    }

    #[test]
    fn too_much_at_risk_fails_a_run() {
        let mut run = run(&[]);
        run.columns.at_risk.net = Cents(50_000);
        assert_eq!(code(&run, FailOn::Never, Some(Cents(50_000))), 0);
        assert_eq!(code(&run, FailOn::Never, Some(Cents(49_999))), 1);
    }
}
