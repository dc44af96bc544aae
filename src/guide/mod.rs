//! The 837P implementation guide as data, and what holds a transaction against it.
//!
//! The table, `guide/005010X222A1.txt`, is for people; [`Guide`] compiles it on first use; [`Walker`] takes segments
//! one by one and says where they depart from it. Nothing here knows what a claim means: only which segments and
//! elements stand where, how often, how long, and in which form. It does no input or output, and what it says never
//! holds what a file says.

mod alike;
mod automaton;
mod class;
mod codes;
mod compile;
mod compiled;
mod conditions;
mod elements;
mod faults;
mod footing;
mod form;
mod forms;
mod glance;
mod place;
mod stray;
mod table;
#[cfg(test)]
mod tests;
mod walker;

pub use alike::Wording;
pub use compiled::Guide;
pub use faults::{FAULTS, GuideFault};
pub use form::{ElementForm, SegmentForms, is_code};
pub use walker::Walker;
