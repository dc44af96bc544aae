//! One module for each input form. Alone in building claims and in cutting excerpts.

pub mod edi837p;
pub mod json;
mod note;
mod sink;

use crate::finding::Form;
use crate::source::Unit;

pub use note::{minutes_in, speaks_of_minutes};
pub use sink::{ClaimSink, Cutter, Fault, Label, UnitSummary};

/// Reads a unit of either form.
pub fn read(unit: &Unit, sink: &mut dyn ClaimSink) -> UnitSummary {
    match unit.form {
        Form::X12 => edi837p::read(unit, sink),
        Form::Json => json::read(unit, sink),
    }
}
