//! Reads a run back from `cleanclaim/1`, as `--output json` writes it, so that its reports can be drawn later.
//!
//! What such a file holds is what was shown when it was written: names that were masked then are masked for good. It must
//! not open files, and an error names a place in the file and nothing that stands there.

mod claim;
mod finding;
mod rates;
mod rule;
mod summary;

use serde::Deserialize;

use super::masking::Redaction;
use crate::finding::{Run, Verdict};
use claim::SavedClaim;
use finding::SavedFinding;
use rates::{SavedRates, SavedTable};
use rule::SavedRule;
use summary::{SavedInput, SavedSummary};

/// The contract that can be read.
const SCHEMA: &str = "cleanclaim/1";

/// A run as it was saved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Saved {
    /// The run, with masks where there were masks.
    pub run: Run,
    /// The level at which it was masked.
    pub redaction: Redaction,
}

/// Why a text is no saved run.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotSaved {
    /// Not JSON at all.
    #[error("line {line}, column {column}: this is not JSON; {SAVE}")]
    NotJson {
        /// 1-based.
        line: usize,
        /// 1-based.
        column: usize,
    },
    /// Other JSON.
    #[error("this JSON is no saved run: its `schema` is not {SCHEMA}; {SAVE}")]
    OtherJson,
    /// A contract of another version.
    #[error("this run was saved as cleanclaim/{version}; this version reads {SCHEMA}")]
    OtherVersion {
        /// The number after the stroke.
        version: u32,
    },
    /// It says that it is a saved run and has not the shape of one.
    #[error("line {line}, column {column}: not what {SCHEMA} has in this place; {SAVE}")]
    Shape {
        /// 1-based.
        line: usize,
        /// 1-based.
        column: usize,
    },
}

const SAVE: &str = "save a run with: cleanclaim check FILES --output json=run.json";

/// Reads a saved run.
///
/// # Errors
/// [`NotSaved`]: what else it is, or where it is broken.
pub fn read(text: &[u8]) -> Result<Saved, NotSaved> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    match serde_json::from_slice::<SavedRun>(text) {
        Ok(saved) if saved.schema == SCHEMA => Ok(saved.into_run()),
        Ok(saved) => Err(another(&saved.schema)),
        Err(error) => Err(told(text, &error)),
    }
}

/// Says what is wrong without the words of the parser, which repeat values.
fn told(text: &[u8], error: &serde_json::Error) -> NotSaved {
    let (line, column) = (error.line(), error.column());
    if matches!(error.classify(), serde_json::error::Category::Syntax | serde_json::error::Category::Eof) {
        return NotSaved::NotJson { line, column };
    }
    match serde_json::from_slice::<Schema>(text) {
        Ok(Schema { schema: Some(schema) }) if schema == SCHEMA => NotSaved::Shape { line, column },
        Ok(Schema { schema: Some(schema) }) => another(&schema),
        Ok(Schema { schema: None }) => NotSaved::OtherJson,
        Err(error) if error.is_data() => NotSaved::OtherJson,
        Err(error) => NotSaved::NotJson { line: error.line(), column: error.column() },
    }
}

fn another(schema: &str) -> NotSaved {
    let version = schema.strip_prefix("cleanclaim/").and_then(|version| version.parse().ok());
    version.map_or(NotSaved::OtherJson, |version| NotSaved::OtherVersion { version })
}

#[derive(Deserialize)]
struct Schema {
    schema: Option<String>,
}

#[derive(Deserialize)]
struct SavedRun {
    schema: String,
    as_of: String,
    #[serde(default)]
    redaction: Level,
    #[serde(default)]
    tables: Vec<SavedTable>,
    #[serde(default)]
    rates: SavedRates,
    summary: SavedSummary,
    #[serde(default)]
    inputs: Vec<SavedInput>,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    rules: Vec<SavedRule>,
    findings: Vec<SavedFinding>,
    claims: Vec<SavedClaim>,
}

#[derive(Deserialize, Clone, Copy, Default)]
#[serde(rename_all = "kebab-case")]
enum Level {
    #[default]
    Default,
    Full,
    ShowPhi,
}

impl SavedRun {
    fn into_run(self) -> Saved {
        let files: Vec<_> = self.inputs.into_iter().map(SavedInput::into_file).collect();
        let named = Named { files: &files };
        let mut findings: Vec<_> = self.findings.into_iter().map(|one| one.into_finding(named)).collect();
        findings.sort_by_key(|finding| (finding.file, finding.claim));
        let mut flagged: Vec<_> = self.claims.into_iter().map(|one| one.into_claim(named)).collect();
        flagged.sort_by_key(|claim| (claim.file, claim.ordinal));
        let mut run = Run {
            as_of: self.as_of,
            findings,
            rules: self.rules.into_iter().map(SavedRule::into_note).collect(),
            flagged,
            tables: self.tables.into_iter().map(SavedTable::into_table).collect(),
            rates: self.rates.into_rates(),
            notes: self.notes,
            ..Run::default()
        };
        self.summary.put_into(&mut run);
        run.files = files;
        let redaction = match self.redaction {
            Level::Default => Redaction::Default,
            Level::Full => Redaction::Full,
            Level::ShowPhi => Redaction::ShowPhi,
        };
        Saved { run, redaction }
    }
}

/// The inputs of the run, to be found again by place or by name.
#[derive(Clone, Copy)]
struct Named<'a> {
    files: &'a [crate::finding::InputFile],
}

impl Named<'_> {
    /// The index of a file: by its number among the inputs, else of the first checked one that is called so.
    fn index(&self, input: Option<u32>, name: &str) -> u32 {
        if let Some(index) = input.and_then(|input| input.checked_sub(1)) {
            return index;
        }
        let at = |checked: bool| {
            let called_so = self
                .files
                .iter()
                .position(|file| file.name == name && (!checked || file.verdict == Verdict::Checked));
            called_so.and_then(|at| u32::try_from(at).ok())
        };
        at(true).or_else(|| at(false)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests;
