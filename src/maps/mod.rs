//! Maps: where the facts of a claim line stand in a table or in JSON of another shape, as YAML.
//!
//! Ready-made ones stand in the top folder `maps/` and travel in the binary. A map is data: this room reads it, gives its
//! names their meaning and shows mistakes at their place. It opens no file of claims and converts nothing; that is for
//! `input::mapped`.

mod builtin;
mod load;
mod map;
mod path;
mod raw;

pub use builtin::{READY_MADE, ReadyMade, ready_made};
pub use load::read;
pub use map::{Choice, Condition, Form, Lookup, Map, Reads, Source};
pub use path::{Path, Root, Step, Test, folded};
pub use raw::map_schema;

#[cfg(test)]
mod tests;
