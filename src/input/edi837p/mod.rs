//! Professional claims in X12: 837P, 005010X222 and its errata.
//!
//! [`read`] takes a unit of work, replays its context silently and hands each professional claim to a sink; it keeps
//! what the envelope checks need, which [`EnvelopeChecker`] judges once the units of a file are in order. Excerpts are
//! cut here too, since only here the bytes are at hand.
//!
//! A reader never fails: what is malformed becomes a [`Fault`](super::Fault) with its place, and reading goes on at
//! the next segment, claim or transaction.

mod builder;
mod checker;
mod excerpt;
mod faults;
mod hierarchy;
mod ids;
mod isa;
mod kept;
mod lines;
mod masked;
mod reader;
mod sensitive;
mod standing;
mod trailer;
mod trailing;
mod verdict;
mod walk;
mod window;

pub use checker::EnvelopeChecker;
pub use excerpt::Excerpts;
pub use faults::FAULTS;
pub use hierarchy::Level;
pub use reader::{read, reread};
pub use verdict::{Transaction, TransactionKind, Verdict};
pub use walk::GuideCheck;

use crate::claim::Text;
use crate::x12::Field;

impl<'a> From<Field<'a>> for Text<'a> {
    #[inline]
    fn from(field: Field<'a>) -> Text<'a> {
        Text::new(field.bytes, field.offset)
    }
}

#[cfg(test)]
mod tests;
