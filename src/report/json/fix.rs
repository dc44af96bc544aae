//! How a finding is mended: the bytes of its file that `--fix` replaces.

use schemars::JsonSchema;
use serde::Serialize;

use crate::finding::{Edit, Fix};

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Fix")]
pub(super) struct JsonFix<'a> {
    summary: &'a str,
    /// Empty where what they write could be somebody's name; `--fix` writes it all the same.
    edits: Vec<JsonEdit<'a>>,
}

/// `length` bytes at `offset` give way to `text`.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Edit")]
struct JsonEdit<'a> {
    offset: u64,
    length: u32,
    text: &'a str,
}

impl<'a> JsonFix<'a> {
    pub(super) fn new(fix: &'a Fix) -> Self {
        let edit = |edit: &'a Edit| JsonEdit {
            offset: edit.span.offset,
            length: edit.span.length,
            text: &edit.text,
        };
        Self { summary: &fix.summary, edits: fix.edits.iter().map(edit).collect() }
    }
}
