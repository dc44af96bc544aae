//! `--output json`: the contract `cleanclaim/1`. Adding a field is no new version; changing or dropping one is.
//!
//! Money is integer cents, a figure that does not exist is `null`, ordinals count from 1 in their file. Written
//! element by element, one finding and one claim a line, so that a large run is never held twice. `rules schema report`
//! prints its JSON Schema, which is made from the structures that are written.

mod claim;
mod excerpt;
mod finding;
mod fix;
mod place;
mod rates;
mod rule;
mod schema;
mod summary;

use std::io::{self, Write};

use serde::Serialize;

use super::masking::{Masking, Redaction};
use crate::finding::{Finding, FlaggedClaim, Run};
use claim::JsonClaim;
pub(super) use finding::JsonFinding;
pub(super) use place::{form, form_of};
pub(super) use rates::{JsonRates, JsonTable};
pub(super) use rule::JsonRule;
pub use schema::report_schema;
pub(super) use summary::{JsonInput, JsonSummary};

/// The version of the contract.
pub(super) const CONTRACT: &str = "cleanclaim/1";

/// What whoever reads the figures must know.
pub(super) const NOTICE: &str = "Dollars are estimates of allowed amounts; at_risk, recoupment, delayed and unbilled are never added together.";

/// Writes the whole run.
///
/// # Errors
/// Those of `out`, a broken pipe among them.
pub fn render(run: &Run, redaction: Redaction, out: &mut dyn Write) -> io::Result<()> {
    let masking = Masking::new(redaction);
    write!(out, "{{\"schema\":\"{CONTRACT}\",\n \"as_of\":")?;
    to(out, &run.as_of)?;
    write!(out, ",\n \"tables\":")?;
    to(out, &run.tables.iter().map(JsonTable::new).collect::<Vec<_>>())?;
    write!(out, ",\n \"notice\":")?;
    to(out, NOTICE)?;
    write!(out, ",\n \"redaction\":")?;
    to(out, redaction.as_str())?;
    write!(out, ",\n \"rates\":")?;
    to(out, &JsonRates::new(&run.rates))?;
    write!(out, ",\n \"summary\":")?;
    to(out, &JsonSummary::new(run, &masking))?;
    write!(out, ",\n \"inputs\":")?;
    list(out, run.files.iter(), |out, file| to(out, &JsonInput::new(file)))?;
    write!(out, ",\n \"notes\":")?;
    to(out, &run.notes.iter().map(|note| masking.note(note)).collect::<Vec<_>>())?;
    write!(out, ",\n \"rules\":")?;
    list(out, run.rules.iter(), |out, rule| to(out, &JsonRule::new(rule)))?;
    write!(out, ",\n \"findings\":")?;
    let mut shown = Finding::default();
    list(out, run.findings.iter(), |out, finding| {
        masking.finding_into(finding, &mut shown);
        to(out, &JsonFinding::new(&shown, &run.files))
    })?;
    write!(out, ",\n \"claims\":")?;
    let mut shown = FlaggedClaim::default();
    list(out, run.flagged.iter(), |out, claim| {
        let form = form_of(run, claim);
        masking.claim_into(claim, &mut shown);
        to(out, &JsonClaim::new(&shown, form, &run.files))
    })?;
    writeln!(out, "}}")
}

/// Writes one value on the line that is being written.
pub(super) fn to(out: &mut dyn Write, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
    let mut pieces = Pieces(Vec::with_capacity(1 << 12));
    serde_json::to_writer(&mut pieces, value)?;
    out.write_all(&pieces.0)
}

/// A value on its way: a great many pieces, most of them one byte.
struct Pieces(Vec<u8>);

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    #[inline(always)]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match *bytes {
            [byte] => self.0.push(byte),
            _ => self.0.extend_from_slice(bytes),
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A JSON array, an element a line.
pub(super) fn list<T>(
    out: &mut dyn Write,
    elements: impl Iterator<Item = T>,
    mut write_one: impl FnMut(&mut dyn Write, T) -> io::Result<()>,
) -> io::Result<()> {
    out.write_all(b"[")?;
    for (index, element) in elements.enumerate() {
        out.write_all(if index == 0 { b"\n  " } else { b",\n  " })?;
        write_one(out, element)?;
    }
    out.write_all(b"]")
}

fn present(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests;
