//! What the guide can find wrong, by name.

use crate::claim::Span;

/// Every fault by name, with the placeholders that its message may use.
pub const FAULTS: &[(&str, &[&str])] = &[
    ("segment-unknown", &["segment"]),
    ("segment-unexpected", &["segment", "loop"]),
    ("segment-order", &["segment", "what", "loop"]),
    ("segment-repeat", &["segment", "what", "most"]),
    ("segment-missing", &["segment", "what", "loop"]),
    ("loop-missing", &["loop", "what"]),
    ("loop-repeat", &["loop", "what", "most"]),
    ("element-missing", &["element", "what"]),
    ("element-conditional", &["element", "other"]),
    ("element-exclusion", &["element", "other"]),
    ("element-excess", &["element"]),
    ("element-short", &["element", "length", "least"]),
    ("element-long", &["element", "length", "most"]),
    ("element-character", &["element", "expected"]),
    ("element-code", &["element"]),
    ("element-date", &["element"]),
    ("element-time", &["element"]),
    ("element-not-used", &["element"]),
    ("element-repeat", &["element", "most"]),
];

/// One departure from the guide. Names places and lengths, never what stands in them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GuideFault {
    /// One of [`FAULTS`].
    pub name: &'static str,
    /// The element, the component or the segment id; of no length where something is missing.
    pub span: Span,
    /// Offset and number of the segment it was noticed at. What is noticed to be missing when a claim or an HL loop
    /// ends has the last segment of that claim or loop here, wherever the file was cut.
    pub at: (u64, u64),
    /// The loop (IK303); empty outside of every loop.
    pub loop_id: &'static str,
    /// Element (IK401), from 1; 0 where it does not apply.
    pub element: u8,
    /// Component, from 1; 0 where it does not apply.
    pub component: u8,
    /// Repetition, from 1, in an element that repeats; 0 where it does not apply.
    pub repetition: u8,
    /// Data element reference number (IK402); 0 for a composite.
    pub data_element: u16,
    /// The id of the segment that it is about: of the missing one, where one is missing.
    pub segment: String,
    /// The table's words for the segment or loop.
    pub name_of_segment: &'static str,
    /// For the message: placeholders of [`FAULTS`].
    pub values: Vec<(&'static str, String)>,
    /// A few words for under the caret.
    pub label: String,
}

/// `once`, `5 times`.
pub(super) fn times(count: usize) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

/// `1 character`, `3 characters`.
pub(super) fn in_characters(count: usize) -> String {
    format!("{count} character{}", if count == 1 { "" } else { "s" })
}
