//! `check --diff`: what mending would change, as a unified diff in which a segment is a line, wherever a file breaks its
//! lines.

use std::io::{self, Write};

use super::Masking;
use super::locate;
use super::plain::clean;
use crate::finding::{Change, Run};

/// How a diff looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DiffOptions {
    /// Whether to use ANSI colours.
    pub colour: bool,
}

/// Writes the changes, which stand in the order of files.
///
/// # Errors
/// Those of `out`, a broken pipe among them.
pub fn render(
    run: &Run,
    changes: &[Change],
    masking: &Masking,
    options: DiffOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let paint = |code: &str, text: &str| match options.colour {
        true => format!("\x1b[{code}m{text}\x1b[0m"),
        false => text.to_owned(),
    };
    for of_file in changes.chunk_by(|one, other| one.file == other.file) {
        let file = of_file.first().and_then(|change| run.files.get(change.file as usize));
        let name = file.map(|file| clean(&file.name).into_owned()).unwrap_or_default();
        writeln!(out, "{}", paint("1", &format!("--- {name}")))?;
        writeln!(out, "{}", paint("1", &format!("+++ {name}")))?;
        for change in of_file {
            let number = change.number;
            let why = why(run, change, masking);
            writeln!(out, "{} {why}", paint("36", &format!("@@ -{number} +{number} @@")))?;
            let (before, after) = &change.windows;
            writeln!(out, "{}", paint("31", &format!("-{}", masking.window(before).text)))?;
            writeln!(out, "{}", paint("32", &format!("+{}", masking.window(after).text)))?;
        }
    }
    Ok(())
}

/// Whose segment it is, and what is done to it.
fn why(run: &Run, change: &Change, masking: &Masking) -> String {
    let findings = change.findings.iter().filter_map(|index| run.findings.get(*index));
    let mut claim = String::new();
    let mut done: Vec<String> = Vec::new();
    for finding in findings {
        let masked = masking.finding(finding);
        if finding.claim > 0 && claim.is_empty() {
            claim = format!("{}: ", locate::claim(&masked));
        }
        let summary = masked.fix.as_ref().map_or("", |fix| &fix.summary);
        let one = format!("{} {summary}", masked.code);
        if !done.contains(&one) {
            done.push(one);
        }
    }
    format!("{claim}{}", done.join(", "))
}
