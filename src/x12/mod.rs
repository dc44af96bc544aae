//! X12 without claims: segments, elements, delimiters, what the envelope says, and cutting long files into units.
//!
//! Nothing in here fails or panics on what a file holds: a lexer that is given any bytes gives back segments. It
//! does not know what a claim is beyond the segment ids at which a file may be cut.

mod cut;
mod delimiters;
mod envelope;
mod lexer;
mod scan;
mod segment;
mod standing;
mod survey;

pub use cut::{X12Cutter, starts_afresh};
pub use delimiters::{Interchange, guess_delimiters, interchange};
pub use envelope::{EnvelopeEvent, EnvelopeKind, Tally};
pub use lexer::{Lexer, first_of_piece, is_blank};
pub use segment::{Components, Cut, Field, Id, Segment};

/// Longest segment that is read, in bytes; a longer one is passed over with all that depends on it.
pub const SEGMENT_LIMIT: usize = 1 << 20;

/// Longest claim that is read, in bytes; a longer one is passed over.
pub const CLAIM_LIMIT: usize = 16 << 20;
