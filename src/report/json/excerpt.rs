//! The segments, lines of JSON or rows that show a fault, with what is marked in them.

use schemars::JsonSchema;
use serde::Serialize;

use super::claim::JsonSegment;
use crate::finding::{Form, Mark, Window};

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Window")]
pub(super) struct JsonWindow<'a> {
    #[serde(flatten)]
    segment: JsonSegment<'a>,
    marks: Vec<JsonMark<'a>>,
}

/// Bytes of the window's text, as UTF-8.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Mark")]
struct JsonMark<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    /// Whether it is the fault itself.
    primary: bool,
}

impl<'a> JsonWindow<'a> {
    pub(super) fn new(window: &'a Window, form: Form) -> Self {
        let mark = |mark: &'a Mark| {
            let Mark { start, end, ref text, primary } = *mark;
            JsonMark { start, end, text, primary }
        };
        Self {
            segment: JsonSegment::new(window.number, window.offset, &window.text, form),
            marks: window.marks.iter().map(mark).collect(),
        }
    }
}
