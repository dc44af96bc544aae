//! Numbers that name a claim, a line or a member.

use super::Edits;

pub(super) fn check(edits: &mut Edits<'_, '_, '_>) {
    let _ = edits;
}
