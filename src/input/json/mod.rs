//! Native JSON claim lines: JSON Lines, an array of them, or `{"claims": [...]}` with nested `lines`.
//!
//! A line is one service line with its claim's facts; consecutive lines with one `claim_id` are a claim, and a
//! line without one is a claim of its own. [`JsonCutter`] cuts a stream into units of whole claims, [`read()`]
//! builds the claims of a unit. Field names are those of [`Fact`](crate::claim::Fact): this room adds only
//! `lines`. It knows nothing of rules, and it never puts the contents of a line into a fault.

mod again;
mod arena;
mod cutter;
mod detect;
mod draft;
mod excerpt;
mod fields;
mod foreign;
mod layout;
mod places;
mod read;
mod repeated;
mod scan;
mod seam;
mod words;

pub use again::narrow;
pub use cutter::JsonCutter;
pub(in crate::input) use foreign::{ForeignItem, foreign_items};
pub use read::read;
pub(in crate::input) use words::repaired;

/// The longest element, and the longest run of lines of one claim, that is read, in bytes.
pub const MOST_BYTES: usize = 16 << 20;

/// The most service lines a claim may have; an 837P holds 50.
pub const MOST_LINES: usize = 999;

/// Every fault this reader reports, with the placeholders of its message.
pub const FAULTS: &[(&str, &[&str])] = &[
    ("json-syntax", &["line", "column", "category"]),
    ("json-encoding", &["line"]),
    ("json-missing", &["field"]),
    ("json-type", &["field", "expected"]),
    ("json-repeated", &["field"]),
    ("json-conflict", &["field"]),
    ("json-misplaced", &["field"]),
    ("json-too-many", &["field", "most"]),
    ("json-too-large", &["line", "most"]),
    ("json-cut-off", &["line"]),
    ("json-trailing", &["line"]),
    ("csv-cells", &["line"]),
    ("csv-quote", &["line"]),
];

#[cfg(test)]
mod tests;
