//! Where something stands: a segment and element of an 837P, a line and pointer of JSON.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use super::present;
use crate::finding::{Finding, FlaggedClaim, Form, InputFile, Place, Run};
use crate::report::plain::clean;

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Place")]
pub(super) enum JsonPlace<'a> {
    X12 { segment: u64, id: &'a str, element: Option<&'a str>, offset: u64, length: u32 },
    Json { line: u64, pointer: &'a str, offset: u64, length: u32 },
    Csv { row: u64, column: Option<&'a str>, offset: u64, length: u32 },
}

impl<'a> JsonPlace<'a> {
    pub(super) fn new(place: &'a Place, form: Form) -> Self {
        let (offset, length) = (place.span.offset, place.span.length);
        match form {
            Form::X12 => Self::X12 {
                segment: place.number,
                id: &place.segment,
                element: present(&place.element),
                offset,
                length,
            },
            Form::Json => Self::Json { line: place.number, pointer: &place.element, offset, length },
            Form::Csv => Self::Csv { row: place.number, column: present(&place.element), offset, length },
        }
    }
}

pub(super) fn name_of(files: &[InputFile], file: u32) -> Cow<'_, str> {
    files.get(file as usize).map(|file| clean(&file.name)).unwrap_or_default()
}

/// A claim's form is that of its findings' excerpts; those made from a pipe have none and speak through their place.
/// A claim that only findings of other claims concern speaks through its own text.
pub(in crate::report) fn form_of(run: &Run, claim: &FlaggedClaim) -> Form {
    let key = (claim.file, claim.ordinal);
    let first = run.findings.partition_point(|finding| (finding.file, finding.claim) < key);
    let is_json = claim.segments.iter().next().is_some_and(|segment| segment.text.starts_with('{'));
    let of_file = run.findings.partition_point(|finding| finding.file < claim.file);
    let is_table = run
        .findings
        .get(of_file)
        .is_some_and(|finding| finding.file == claim.file && finding.excerpt.form == Form::Csv);
    let of_text = match is_json {
        true if is_table => Form::Csv,
        true => Form::Json,
        false => Form::X12,
    };
    run.findings.get(first).filter(|finding| (finding.file, finding.claim) == key).map_or(of_text, form)
}

pub(in crate::report) fn form(finding: &Finding) -> Form {
    match finding.excerpt.form {
        Form::Csv => Form::Csv,
        _ if finding.place.element.starts_with('/') => Form::Json,
        other => other,
    }
}
