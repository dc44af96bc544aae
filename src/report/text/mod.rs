//! The default output: annotated findings and a closing summary, for a person at a terminal.
//!
//! Everything shown is already in the run (excerpts were cut while the bytes were at hand), so a finding costs the
//! same at the end of a 100 MB line as in a small file.

pub(super) mod claim;
mod excerpt;
pub(super) mod finding;
mod fit;
mod flow;
mod look;
pub(super) mod money;
pub(super) mod place;
mod repeated;
mod summary;

use std::io::{self, Write};

use super::locate::flagged;
use super::{Masking, Redaction};
use crate::finding::{Run, Severity};
use claim::grouped;
use look::{Look, Role};
use money::Grounds;
use repeated::Repeated;

/// How the text looks and how much of it there is. The command line decides, from flags and the terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TextOptions {
    /// What may be shown of a patient.
    pub redaction: Redaction,
    /// Whether to use ANSI colours.
    pub colour: bool,
    /// Whether to draw with more than ASCII.
    pub unicode: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Errors and warnings shown; 0 for all, and for every remark where it stands.
    pub limit: usize,
    /// Whether to leave out the summary.
    pub quiet: bool,
}

impl Default for TextOptions {
    fn default() -> TextOptions {
        TextOptions {
            redaction: Redaction::Default,
            colour: false,
            unicode: true,
            width: 100,
            limit: 200,
            quiet: false,
        }
    }
}

/// Writes the whole report.
///
/// # Errors
/// Those of `out`, a broken pipe among them.
pub fn render(run: &Run, options: &TextOptions, out: &mut dyn Write) -> io::Result<()> {
    let look = Look::new(options.colour, options.unicode, options.width);
    let masking = masking(options);
    let all = options.limit == 0;
    let repeated = if all { Repeated::none(run) } else { Repeated::of(run) };
    let mut room = if all { usize::MAX } else { options.limit };
    let mut more = 0;
    let mut block = String::new();
    let mut next = 0;
    for group in run.findings.chunk_by(|one, other| (one.file, one.claim) == (other.file, other.claim)) {
        let mut findings = Vec::with_capacity(group.len());
        let mut shown = Vec::new();
        for (at, finding) in (next..).zip(group).filter(|(_, finding)| finding.is_standing()) {
            let (gathered, remark) = (repeated.has(at), finding.severity == Severity::Info);
            let fits = remark || room > 0;
            more += u64::from(!gathered && !fits);
            room -= usize::from(!gathered && !remark && fits);
            if !gathered && fits {
                shown.push(findings.len());
            } else if finding.claim == 0 {
                // Only a claim's head has a use for what is not shown.
                continue;
            }
            findings.push(masking.finding(finding));
        }
        next += group.len();
        if shown.is_empty() {
            continue;
        }
        let claim = flagged(run, &findings[0]).map(|claim| masking.claim(claim));
        claim::draw_head(&mut block, &findings, claim.as_ref(), &run.files, &look);
        let grounds = Grounds { tables: &run.tables, claim: claim.as_ref() };
        for (index, &at) in shown.iter().enumerate() {
            if index > 0 {
                block.push('\n');
            }
            finding::draw_finding(&mut block, &findings[at], &run.files, grounds, &look);
        }
        if findings[0].claim == 0 {
            repeated.draw_faults(&mut block, findings[0].file, &masking, &look);
        }
        block.push('\n');
        out.write_all(block.as_bytes())?;
        block.clear();
    }
    if more > 0 {
        let words = format!("{} and {} more (--limit 0 shows all)", look.glyphs.ellipsis, grouped(more));
        writeln!(out, "{}\n", look.paint(Role::Strong, &words))?;
    }
    repeated.draw_remarks(&mut block, &run.files, &masking, &look);
    out.write_all(block.as_bytes())?;
    block.clear();
    if !options.quiet {
        summary::draw_summary(&mut block, run, &masking, &look);
        out.write_all(block.as_bytes())?;
    }
    Ok(())
}

fn masking(options: &TextOptions) -> Masking {
    if options.unicode { Masking::new(options.redaction) } else { Masking::ascii(options.redaction) }
}

#[cfg(test)]
mod tests;
