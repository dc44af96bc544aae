//! `--output junit`: JUnit XML, for the test views of CI servers.
//!
//! A suite a file, a case a claim, so that the share of passed cases is the clean claim rate: a claim fails if it has an error
//! or a warning, and passes with remarks or with nothing found. What is wrong with a file itself, or with the
//! entries of a file of suppressions, is a case of its own. Where
//! a fault may keep claims out that have no finding of their own, those are skipped: nobody has said that they are clean.
//! There are no times.

mod suite;
mod xml;

use std::io::{self, Write};

use super::concise;
use super::worth::is_reported;
use super::{Masking, Redaction};
use crate::finding::{Finding, Run, Verdict};
use suite::Suite;
use xml::Xml;

/// Writes the suites, one after the other.
///
/// # Errors
/// Those of `out`, a broken pipe among them.
pub fn render(run: &Run, redaction: Redaction, out: &mut dyn Write) -> io::Result<()> {
    let masking = Masking::new(redaction);
    let suites = suites(run);
    let total = |of: fn(&Suite<'_>) -> u64| suites.iter().map(of).sum::<u64>().to_string();
    let mut xml = Xml::new(out)?;
    xml.open(
        "testsuites",
        &[
            ("name", "cleanclaim"),
            ("tests", &total(|suite| suite.tests())),
            ("failures", &total(|suite| suite.failures)),
            ("errors", &total(|suite| suite.errors)),
        ],
    )?;
    for (at, suite) in suites.iter().enumerate() {
        // The run's own words close the last suite: there is no place outside of suites.
        let closing = (at + 1 == suites.len()).then(|| concise::closing(run));
        suite.write(run, &masking, closing.as_deref(), &mut xml)?;
    }
    xml.close("testsuites")?;
    xml.end()
}

/// The files that hold claims or could not be read, and suppressions of which something is said, each with its findings.
fn suites(run: &Run) -> Vec<Suite<'_>> {
    let mut rest: &[Finding] = &run.findings;
    let mut suites = Vec::new();
    for (index, file) in (0_u32..).zip(&run.files) {
        let (own, others) = rest.split_at(rest.partition_point(|finding| finding.file <= index));
        rest = others;
        let is_told = match file.verdict {
            Verdict::Checked | Verdict::Failed(_) => true,
            Verdict::Suppressions => own.iter().any(is_reported),
            Verdict::History | Verdict::NotClaims(_) => false,
        };
        if is_told {
            suites.push(Suite::new(index, file, own));
        }
    }
    suites
}

#[cfg(test)]
mod tests;
