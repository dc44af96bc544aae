//! Bytes: files, directories, standard input, gzip; what a file holds; the unit of work that all else takes.
//!
//! Knows nothing of segments or claims. An error names the input, never its contents.

mod content;
mod open;
mod size;
mod spool;
mod unit;
mod walk;

pub use content::{Content, detect};
pub use open::{Input, SourceError, read_again};
pub use size::plain_size;
pub use spool::{Spool, SpoolReader};
pub use unit::{Delimiters, Piece, Unit};
pub use walk::{Named, expand};
