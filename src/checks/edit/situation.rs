//! What one statement of the claim makes another require or forbid.

use super::Edits;

pub(super) fn check(edits: &mut Edits<'_, '_, '_>) {
    let _ = edits;
}
