//! Charges that do not add up: the claim's total against its lines, and what other payers paid and adjusted.

use super::Edits;

pub(super) fn check(edits: &mut Edits<'_, '_, '_>) {
    let _ = edits;
}
