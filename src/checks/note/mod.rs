//! How a note is read: as words, never as meaning. What is doubtful is decided for the note, since nothing that is
//! read here may accuse a clean claim.
//!
//! Case does not count, no bytes are refused, nothing is allocated, and the time grows with the length of the note
//! alone.

mod check;
mod dates;
mod figure;
mod find;
mod likeness;
mod measure;
mod negation;
mod reading;
#[cfg(test)]
mod tests;
mod voice;
mod words;

pub use check::are_clinical;
pub(in crate::checks) use check::check;
pub use likeness::likeness;
pub use measure::has_objective_measure;
pub(in crate::checks) use negation::{denial, ends_clause};
pub(in crate::checks) use words::{Folded, Word, Words};
