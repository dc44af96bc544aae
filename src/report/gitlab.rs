//! `--output gitlab`: the Code Quality report, which GitLab shows in merge requests.
//!
//! An array of findings and nothing else: what is accepted is left out, and there is no place to say how many are.

use std::io::{self, Write};

use serde::Serialize;

use super::json::{list, to};
use super::locate::{line, path, whose};
use super::worth::{reported, worth};
use super::{Masking, Redaction};
use crate::finding::{Finding, Run, Severity};

#[derive(Serialize)]
struct Violation<'a> {
    description: String,
    check_name: &'a str,
    /// The same from run to run, which is how GitLab tells new from old. Equal ones in a run are counted apart.
    fingerprint: &'a str,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u64,
}

/// Writes the reported findings.
///
/// # Errors
/// Those of `out`, a broken pipe among them.
pub fn render(run: &Run, redaction: Redaction, out: &mut dyn Write) -> io::Result<()> {
    let masking = Masking::new(redaction);
    list(out, reported(run), |out, finding| {
        let masked = masking.finding(finding);
        to(out, &violation(run, &masked))
    })?;
    writeln!(out)
}

fn violation<'a>(run: &Run, finding: &'a Finding) -> Violation<'a> {
    let whose = whose(finding);
    let whose = if whose.is_empty() { whose } else { format!("{whose}: ") };
    let worth = worth(finding).map(|worth| format!(" [{worth}]")).unwrap_or_default();
    Violation {
        description: format!("{} {whose}{}{worth}", finding.code, finding.message),
        check_name: &finding.code,
        fingerprint: &finding.fingerprint,
        severity: match finding.severity {
            Severity::Error => "critical",
            Severity::Warning => "major",
            Severity::Info => "info",
        },
        location: Location {
            path: path(&run.files, finding.file),
            lines: Lines { begin: line(run, finding.file, &finding.place).unwrap_or(1) },
        },
    }
}

#[cfg(test)]
mod tests;
