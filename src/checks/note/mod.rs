//! How a note is read: as words, never as meaning. What is doubtful is decided for the note, since nothing that is
//! read here may accuse a clean claim.
//!
//! Case does not count, no bytes are refused, nothing is allocated, and the time grows with the length of the note
//! alone.

mod dates;
mod likeness;
mod measure;
mod words;

pub use likeness::likeness;
pub use measure::has_objective_measure;
