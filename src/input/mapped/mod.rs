//! Claims in tables and in JSON of other shapes, read by a map.
//!
//! A row, or a claim in a record, becomes a native JSON line, which [`json`](super::json) reads as any other: it stays the one
//! builder of claims. What the line says knows where it comes from ([`Mapping`]), so that in the end every place of a
//! finding is told as the user's own file has it: row and column, or line and JSON pointer. Columns and keys that no map
//! names never enter a line.

mod choose;
mod convert;
mod cutter;
mod names;
mod origins;
mod rows;
mod tree;
mod unused;
mod value;
mod view;
mod walk;

pub use choose::{Again, Opened, open_csv, open_json};
pub use cutter::MappedCutter;
pub use origins::{Mapping, in_their_own_words};
