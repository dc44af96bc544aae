//! Bytes: files, directories, globs, standard input, gzip, members of zip archives; what a file holds; the unit of work that all else takes.
//!
//! Knows nothing of segments or claims. An error names the input, never its contents.

mod archive;
mod bounded;
mod content;
mod open;
mod pattern;
mod scratch;
mod size;
mod spool;
mod stamp;
mod unit;
mod walk;

pub use archive::Member;
pub use bounded::{HELD, WRITTEN_BY_HAND, bounded, read_bounded, read_text};
pub use content::{Content, detect};
pub use open::{Input, SourceError, may_be_read_again, read_again};
pub use scratch::Scratch;
pub use size::plain_size;
pub use spool::{Spool, SpoolReader};
pub use stamp::Stamp;
pub use unit::{Delimiters, Piece, Unit};
pub use walk::{Named, Selection, expand};
