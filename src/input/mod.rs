//! One module for each input form. Alone in building claims and in cutting excerpts.

pub mod edi837p;
pub mod json;
pub mod mapped;
mod note;
mod sink;

use crate::finding::Form;
use crate::source::Unit;
pub use edi837p::GuideCheck;

pub use note::{minutes_in, speaks_of_minutes};
pub use sink::{ClaimSink, Cutter, Fault, Label, Read, UnitSummary};

/// Reads a unit of either form. `guide` says whether X12 is held to the implementation guide.
pub fn read(unit: &Unit, guide: GuideCheck, sink: &mut dyn ClaimSink) -> UnitSummary {
    match unit.form {
        Form::X12 => edi837p::read(unit, guide, sink),
        // A table is read as the native lines that its map makes of it.
        Form::Json | Form::Csv => json::read(unit, sink),
    }
}
