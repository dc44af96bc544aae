//! `--output html`: one page that opens from disk, is read and printed without scripts and filtered with them.
//!
//! A page is a pure function of the run. It loads nothing: style and script stand in it, and its content security policy
//! names them by their hashes. What a claim says is text in it, never markup (`askama` escapes, [`super::masking`] writes
//! control and direction characters out). A page of a saved run is the page of the run, byte for byte.

mod chart;
mod claim;
mod days;
mod element;
mod finding;
mod grounds;
mod money;
mod page;
mod policy;
mod rules;
mod segment;
mod start;
mod top;
mod worklist;

use std::collections::BTreeMap;
use std::io::{self, Write};

use askama::Template;

use super::masking::{Masking, Redaction};
use super::plain::clean;
use super::saved::Saved;
use crate::finding::{RuleNote, Run};
use page::Page;
pub use policy::{STYLE, hash, policy};
pub use top::Top;

/// What a page is drawn from.
struct Sheet<'a> {
    run: &'a Run,
    masking: Masking,
    /// The level that the page tells: a saved run was masked when it was saved.
    redaction: Redaction,
    /// What rules say of themselves, by code as it is shown.
    notes: BTreeMap<String, &'a RuleNote>,
}

impl<'a> Sheet<'a> {
    fn new(run: &'a Run, masking: Masking, redaction: Redaction) -> Sheet<'a> {
        let notes = run.rules.iter().map(|note| (clean(&note.code).into_owned(), note)).collect();
        Sheet { run, masking, redaction, notes }
    }

    /// What a rule says of itself.
    fn note(&self, code: &str) -> Option<&'a RuleNote> {
        self.notes.get(clean(code).as_ref()).copied()
    }
}

/// Writes the page of a run.
///
/// # Errors
/// Those of `out`.
pub fn render(run: &Run, redaction: Redaction, out: &mut dyn Write) -> io::Result<()> {
    draw(&Sheet::new(run, Masking::new(redaction), redaction), out)
}

/// Writes the page of a saved run, which shows what the run was saved with.
///
/// # Errors
/// Those of `out`.
pub fn render_saved(saved: &Saved, out: &mut dyn Write) -> io::Result<()> {
    let masking = Masking::new(Redaction::ShowPhi);
    draw(&Sheet::new(&saved.run, masking, saved.redaction), out)
}

fn draw(sheet: &Sheet<'_>, out: &mut dyn Write) -> io::Result<()> {
    Page::new(sheet)?.write_into(&mut { out })
}

#[cfg(test)]
mod tests;
