//! `--output github`: workflow commands, which GitHub Actions turns into annotations of a change.
//!
//! A step shows the first ten annotations of each kind and leaves the rest in its log, so a notice with the whole comes first
//! and the findings worth most follow. Values are escaped as `@actions/core` escapes them; no value can end a command or
//! begin one.

use std::borrow::Cow;
use std::io::{self, Write};

use super::concise;
use super::locate::{line, path, whose};
use super::plain::clip;
use super::tally::Tally;
use super::worth::{worst_first, worth};
use super::{Masking, Redaction};
use crate::finding::{Finding, Run, Severity};

/// Annotations of one kind that GitHub shows of a step.
const SHOWN: u64 = 10;
/// Characters of a message; GitHub cuts longer ones off.
const LONGEST_MESSAGE: usize = 4_000;

/// Writes a notice with what the run comes to, then a command for each reported finding.
///
/// # Errors
/// Those of `out`, a broken pipe among them.
pub fn render(run: &Run, redaction: Redaction, out: &mut dyn Write) -> io::Result<()> {
    let masking = Masking::new(redaction);
    let mut whole = concise::closing(run);
    if let Some(words) = more_than_shown(&Tally::of(run)) {
        whole = format!("{whole}\n{words}");
    }
    writeln!(out, "::notice title=cleanclaim::{}", data(&whole))?;
    for finding in worst_first(run) {
        writeln!(out, "{}", command(run, &masking.finding(finding)))?;
    }
    Ok(())
}

/// Says what a reader of annotations does not see. One notice is the summary's own.
fn more_than_shown(tally: &Tally) -> Option<String> {
    let hidden = tally.errors.saturating_sub(SHOWN)
        + tally.warnings.saturating_sub(SHOWN)
        + tally.infos.saturating_sub(SHOWN - 1);
    (hidden > 0).then(|| {
        format!(
            "GitHub shows the first {SHOWN} annotations of a kind, here those worth most; {hidden} more are in the log of \
             this step."
        )
    })
}

fn command(run: &Run, finding: &Finding) -> String {
    let kind = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let file = path(&run.files, finding.file);
    let line =
        line(run, finding.file, &finding.place).map(|line| format!(",line={line}")).unwrap_or_default();
    let title = format!("{} {}", finding.code, finding.name);
    let whose = whose(finding);
    let mut message = if whose.is_empty() { String::new() } else { format!("{whose}: ") };
    message.push_str(&finding.message);
    message.extend(worth(finding).map(|worth| format!(" [{worth}]")));
    if !finding.help.is_empty() {
        message.push('\n');
        message.push_str(&finding.help);
    }
    let message = clip(&message, LONGEST_MESSAGE, "…");
    format!("::{kind} file={}{line},title={}::{}", property(&file), property(&title), data(&message))
}

/// What stands behind the second `::`.
fn data(text: &str) -> Cow<'_, str> {
    escaped(text, "%\r\n")
}

/// What stands behind a `=`.
fn property(text: &str) -> Cow<'_, str> {
    escaped(text, "%\r\n:,")
}

fn escaped<'t>(text: &'t str, hostile: &str) -> Cow<'t, str> {
    if !text.contains(|letter| hostile.contains(letter)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if hostile.contains(letter) {
            out.push_str(&format!("%{:02X}", u32::from(letter)));
        } else {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests;
