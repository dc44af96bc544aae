//! `--output jsonl`: JSON Lines. A finding a line, the very object that `findings` of the JSON report holds with
//! `"type":"finding"` before it; then one line of `"type":"summary"`, which says what the run came to.
//!
//! The summary closes the stream, so its presence says that the stream is whole. Claims are in the JSON report alone.

use std::io::{self, Write};

use serde::Serialize;

use super::json::{
    CONTRACT, JsonFinding, JsonInput, JsonRates, JsonRule, JsonSummary, JsonTable, NOTICE, to,
};
use super::{Masking, Redaction};
use crate::finding::{Finding, Run};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Finding(JsonFinding<'a>),
    Summary(Closing<'a>),
}

/// All of the JSON report but its findings and claims.
#[derive(Serialize)]
struct Closing<'a> {
    schema: &'static str,
    as_of: &'a str,
    tables: Vec<JsonTable<'a>>,
    notice: &'static str,
    redaction: &'static str,
    rates: JsonRates,
    summary: JsonSummary<'a>,
    inputs: Vec<JsonInput>,
    notes: Vec<String>,
    rules: Vec<JsonRule<'a>>,
}

/// Writes the findings, then the summary.
///
/// # Errors
/// Those of `out`, a broken pipe among them.
pub fn render(run: &Run, redaction: Redaction, out: &mut dyn Write) -> io::Result<()> {
    let masking = Masking::new(redaction);
    let mut masked = Finding::default();
    for finding in &run.findings {
        masking.finding_into(finding, &mut masked);
        to(out, &Line::Finding(JsonFinding::new(&masked, &run.files)))?;
        writeln!(out)?;
    }
    let closing = Closing {
        schema: CONTRACT,
        as_of: &run.as_of,
        tables: run.tables.iter().map(JsonTable::new).collect(),
        notice: NOTICE,
        redaction: redaction.as_str(),
        rates: JsonRates::new(&run.rates),
        summary: JsonSummary::new(run, &masking),
        inputs: run.files.iter().map(JsonInput::new).collect(),
        notes: run.notes.iter().map(|note| masking.note(note)).collect(),
        rules: run.rules.iter().map(JsonRule::new).collect(),
    };
    to(out, &Line::Summary(closing))?;
    writeln!(out)
}

#[cfg(test)]
mod tests;
