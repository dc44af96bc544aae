//! Dates against each other, the calendar and the run date.

use super::Edits;

pub(super) fn check(edits: &mut Edits<'_, '_, '_>) {
    let _ = edits;
}
