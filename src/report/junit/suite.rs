use std::io;

use super::super::concise;
use super::super::plain::{clean, plural};
use super::super::worth::is_reported;
use super::xml::Xml;
use crate::finding::{Finding, InputFile, Run, Severity, Verdict};
use crate::report::Masking;
use crate::report::locate::claim;

/// A file with its findings.
pub(super) struct Suite<'r> {
    file: &'r InputFile,
    index: u32,
    /// Those about the file itself first, then claim by claim.
    findings: &'r [Finding],
    /// Some fault may keep out claims that have no finding of their own, or the file was not read to its end.
    may_keep_out: bool,
    /// Whether there is a case for the file itself.
    has_own_case: bool,
    pub(super) failures: u64,
    pub(super) errors: u64,
    pub(super) skipped: u64,
}

impl<'r> Suite<'r> {
    pub(super) fn new(index: u32, file: &'r InputFile, findings: &'r [Finding]) -> Suite<'r> {
        let groups = || findings.chunk_by(|one, other| one.claim == other.claim);
        let failing = groups().filter(|group| group[0].claim > 0 && fails(group)).count() as u64;
        let may_keep_out = findings.iter().any(|finding| {
            let keeps_out = finding.claim == 0 || finding.acknowledgement.is_some();
            is_reported(finding) && finding.severity == Severity::Error && keeps_out
        });
        let is_failed = matches!(file.verdict, Verdict::Failed(_));
        let own_fails =
            !is_failed && groups().next().is_some_and(|group| group[0].claim == 0 && fails(group));
        Suite {
            file,
            index,
            findings,
            may_keep_out: may_keep_out || is_failed,
            has_own_case: is_failed || findings.first().is_some_and(|first| first.claim == 0),
            failures: failing + u64::from(own_fails),
            errors: u64::from(is_failed),
            skipped: if may_keep_out || is_failed { file.claims.saturating_sub(failing) } else { 0 },
        }
    }

    /// Claims, and the file itself where there is something to say of it.
    pub(super) fn tests(&self) -> u64 {
        self.file.claims + u64::from(self.has_own_case)
    }

    pub(super) fn write(
        &self,
        run: &Run,
        masking: &Masking,
        closing: Option<&str>,
        xml: &mut Xml<'_>,
    ) -> io::Result<()> {
        let name = clean(&self.file.name);
        xml.open(
            "testsuite",
            &[
                ("name", &name),
                ("tests", &self.tests().to_string()),
                ("failures", &self.failures.to_string()),
                ("errors", &self.errors.to_string()),
                ("skipped", &self.skipped.to_string()),
            ],
        )?;
        let mut next = 1;
        let mut groups = self.findings.chunk_by(|one, other| one.claim == other.claim).peekable();
        if self.has_own_case {
            let own = groups.next_if(|group| group[0].claim == 0).unwrap_or_default();
            self.write_own(run, own, masking, &name, xml)?;
        }
        for group in groups {
            let claim = group[0].claim;
            self.write_silent(next..claim, &name, xml)?;
            next = claim + 1;
            self.write_claim(run, group, masking, &name, xml)?;
        }
        let last = u32::try_from(self.file.claims).unwrap_or(u32::MAX);
        self.write_silent(next..last.saturating_add(1), &name, xml)?;
        if let Some(closing) = closing {
            xml.text("system-out", &[], closing)?;
        }
        xml.close("testsuite")
    }

    /// Claims of which nothing is said.
    fn write_silent(&self, claims: std::ops::Range<u32>, file: &str, xml: &mut Xml<'_>) -> io::Result<()> {
        for claim in claims {
            let name = format!("claim {claim}");
            let attributes = [("classname", file), ("name", name.as_str())];
            if !self.may_keep_out {
                xml.empty("testcase", &attributes)?;
                continue;
            }
            xml.open("testcase", &attributes)?;
            xml.text("skipped", &[], SKIPPED)?;
            xml.close("testcase")?;
        }
        Ok(())
    }

    /// What is wrong with the file itself.
    fn write_own(
        &self,
        run: &Run,
        findings: &[Finding],
        masking: &Masking,
        file: &str,
        xml: &mut Xml<'_>,
    ) -> io::Result<()> {
        xml.open("testcase", &[("classname", file), ("name", "the file itself")])?;
        if let Verdict::Failed(why) = &self.file.verdict {
            let shown: Vec<Finding> = shown(findings, masking).collect();
            let text = all_in_full(run, shown.iter());
            xml.text("error", &[("type", "not-checked"), ("message", &clean(why))], &text)?;
        } else {
            self.write_findings(run, findings, masking, xml)?;
        }
        xml.close("testcase")
    }

    fn write_claim(
        &self,
        run: &Run,
        findings: &[Finding],
        masking: &Masking,
        file: &str,
        xml: &mut Xml<'_>,
    ) -> io::Result<()> {
        let first = masking.finding(&findings[0]);
        let name = claim(&first);
        xml.open("testcase", &[("classname", file), ("name", &name)])?;
        if self.may_keep_out && !fails(findings) {
            xml.text("skipped", &[], SKIPPED)?;
        }
        self.write_findings(run, findings, masking, xml)?;
        xml.close("testcase")
    }

    /// One failure with all that is wrong; remarks stand in the case's output.
    fn write_findings(
        &self,
        run: &Run,
        findings: &[Finding],
        masking: &Masking,
        xml: &mut Xml<'_>,
    ) -> io::Result<()> {
        debug_assert!(findings.iter().all(|finding| finding.file == self.index));
        let shown: Vec<Finding> = shown(findings, masking).collect();
        let (faults, remarks): (Vec<&Finding>, Vec<&Finding>) =
            shown.iter().partition(|finding| finding.severity != Severity::Info);
        if let Some(worst) = faults.iter().max_by_key(|finding| finding.severity) {
            // Of equally bad ones the first speaks for the claim.
            let worst = faults.iter().find(|finding| finding.severity == worst.severity).unwrap_or(worst);
            let more = faults.len() - 1;
            let more = if more == 0 {
                String::new()
            } else {
                format!(" (and {more} more finding{})", plural(more as u64))
            };
            let message = format!("{}: {}{more}", worst.code, worst.message);
            let text = all_in_full(run, faults.iter().copied());
            xml.text("failure", &[("type", &worst.code), ("message", &message)], &text)?;
        }
        if !remarks.is_empty() {
            xml.text("system-out", &[], &all_in_full(run, remarks.into_iter()))?;
        }
        Ok(())
    }
}

/// Whether a claim's findings make it fail.
fn fails(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| is_reported(finding) && finding.severity != Severity::Info)
}

/// What is said of a claim that nothing was found in, where it may be kept out all the same.
const SKIPPED: &str = "no fault of its own, but one of its file may keep it out";

/// The reported ones, masked.
fn shown<'f>(findings: &'f [Finding], masking: &'f Masking) -> impl Iterator<Item = Finding> + 'f {
    findings.iter().filter(|finding| is_reported(finding)).map(|finding| masking.finding(finding))
}

/// Masked findings as text.
fn all_in_full<'f>(run: &Run, findings: impl Iterator<Item = &'f Finding>) -> String {
    let in_full = |finding: &Finding| {
        let line = concise::line(run, finding);
        if finding.help.is_empty() { line } else { format!("{line}\nhelp: {}", finding.help) }
    };
    findings.map(in_full).collect::<Vec<_>>().join("\n\n")
}
