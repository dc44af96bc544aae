//! The payer's filing limit, from the date of service to the run date.

use super::Edits;

pub(super) fn check(edits: &mut Edits<'_, '_, '_>) {
    let _ = edits;
}
