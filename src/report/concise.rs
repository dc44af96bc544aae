//! `--output concise`: a finding a line, for grep and for editors.
//!
//! `path:number: severity: code place: message [dollars]`, the form of gcc, which editors and problem matchers read
//! without being told. The number is that of the segment for an 837P (its line, where each segment stands on one) and that
//! of the line for JSON, always: a place in a file of one long line is of use to nobody.

use std::io::{self, Write};

use super::locate::{file_name, whose};
use super::plain::{clean, grouped, plural};
use super::tally::{Tally, clean_rate, not_checked, read_words};
use super::worth::{column, reported, worth};
use super::{Masking, Redaction};
use crate::claim::Cents;
use crate::finding::{Finding, MoneyClass, Run};

/// Writes every reported finding, and one closing line unless `quiet`.
///
/// # Errors
/// Those of `out`, a broken pipe among them.
pub fn render(run: &Run, redaction: Redaction, quiet: bool, out: &mut dyn Write) -> io::Result<()> {
    let masking = Masking::new(redaction);
    for finding in reported(run) {
        writeln!(out, "{}", line(run, &masking.finding(finding)))?;
    }
    if !quiet {
        writeln!(out, "{}", closing(run))?;
    }
    Ok(())
}

/// The line of a masked finding.
pub(super) fn line(run: &Run, finding: &Finding) -> String {
    let file = file_name(&run.files, finding.file);
    let number = finding.place.number.max(1);
    let severity = finding.severity.as_str();
    let whose = whose(finding);
    let whose = if whose.is_empty() { whose } else { format!(" {whose}") };
    let worth = worth(finding).map(|worth| format!(" [{worth}]")).unwrap_or_default();
    format!("{file}:{number}: {severity}: {}{whose}: {}{worth}", finding.code, finding.message)
}

/// What the run comes to, on one line.
pub(super) fn closing(run: &Run) -> String {
    let tally = Tally::of(run);
    let mut parts = vec![
        format!("{}: {}", read_words(run), tally.words()),
        format!("{} clean{}", grouped(run.clean_claims), clean_rate(run)),
    ];
    parts.extend(dollars(run));
    if tally.unpriced > 0 {
        let count = tally.unpriced;
        parts.push(format!("{} finding{} without a fee", grouped(count), plural(count)));
    }
    parts.extend(tally.accepted());
    let failed: Vec<String> = not_checked(run).map(|(name, _)| clean(name).into_owned()).collect();
    if !failed.is_empty() {
        parts.push(format!("not checked: {}", failed.join(", ")));
    }
    parts.join("; ")
}

/// The columns that hold dollars, each by itself.
fn dollars(run: &Run) -> impl Iterator<Item = String> {
    let columns = run.columns;
    [
        (MoneyClass::Denial, columns.at_risk),
        (MoneyClass::Recoupment, columns.recoupment),
        (MoneyClass::Rejection, columns.delayed),
        (MoneyClass::LostRevenue, columns.unbilled),
    ]
    .into_iter()
    .filter(|(_, dollars)| dollars.net != Cents::ZERO || dollars.gross != Cents::ZERO)
    .map(|(class, dollars)| format!("{} {}", column(class), dollars.net))
}

#[cfg(test)]
mod tests;
