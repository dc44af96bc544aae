//! `--output sarif`: SARIF 2.1.0, for code scanning of hosts and for viewers.
//!
//! One run, results in the order of the findings, those accepted among them as suppressed. GitHub takes 25,000 results of a
//! run: of more, those worth most are kept, and the run says how many are left out and what they are worth. Money stands
//! in `properties`, in cents. Nothing of a claim's segments is in it.

mod choice;
mod place;
mod result;
mod rule;
mod run;

use std::io::{self, Write};

use super::json::{list, to};
use super::{Masking, Redaction};
use crate::finding::Run;
use choice::Choice;
use result::Result;
use rule::Rules;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// How much of a run is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SarifOptions {
    /// What may be shown of a patient.
    pub redaction: Redaction,
    /// Results at most; those worth most are kept.
    pub limit: usize,
}

impl Default for SarifOptions {
    /// Up to what GitHub takes.
    fn default() -> SarifOptions {
        SarifOptions { redaction: Redaction::Default, limit: 25_000 }
    }
}

/// Writes the log.
///
/// # Errors
/// Those of `out`, a broken pipe among them.
pub fn render(run: &Run, options: &SarifOptions, out: &mut dyn Write) -> io::Result<()> {
    let masking = Masking::new(options.redaction);
    let choice = Choice::of(run, options.limit);
    let rules = Rules::of(run);
    write!(out, "{{\"$schema\":\"{SCHEMA}\",\n \"version\":\"2.1.0\",\n \"runs\":[{{\n\"tool\":")?;
    to(out, &rules.tool(&masking))?;
    write!(out, ",\n\"columnKind\":\"unicodeCodePoints\",\n\"originalUriBaseIds\":")?;
    to(out, &place::bases())?;
    write!(out, ",\n\"invocations\":")?;
    to(out, &[run::invocation(run, &choice, &rules, &masking)])?;
    write!(out, ",\n\"properties\":")?;
    to(out, &run::properties(run, &choice))?;
    write!(out, ",\n\"results\":")?;
    list(out, choice.kept(run), |out, finding| {
        let masked = masking.finding(finding);
        to(out, &Result::new(run, &masked, &rules, &masking))
    })?;
    writeln!(out, "\n}}]}}")
}

#[cfg(test)]
mod tests;
