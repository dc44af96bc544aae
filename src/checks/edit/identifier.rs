//! Numbers that name a claim, a line or a member.

use super::{Edits, Seen};
use crate::checks::hit::Pointer;
use crate::claim::{Fact, LineRef, Text};
use crate::rules::MemberIdShape;

/// The most characters of CLM01 that a payer must keep (005010X222A1, 2300 CLM01).
const LONGEST_CLAIM_ID: usize = 20;

/// The most characters of a line item control number (005010X222A1, 2400 REF*6R).
const LONGEST_LINE_NUMBER: usize = 30;

pub(super) fn check(edits: &mut Edits<'_, '_, '_>) {
    let claim = edits.subject.claim;
    // The id of a JSON claim need not be the one that the payer will see.
    if claim.id.bytes().len() > LONGEST_CLAIM_ID && claim.submission.is_transaction() {
        too_long(edits, Seen::claim("claim-id-too-long", Fact::ClaimId, ""), claim.id, LONGEST_CLAIM_ID);
    }
    for (index, line) in claim.lines.iter().enumerate() {
        let number = line.control_number;
        if number.is_absent() {
            continue;
        }
        if number.bytes().len() > LONGEST_LINE_NUMBER {
            let seen = Seen::line("line-number-too-long", line.number, Fact::LineControlNumber, "");
            too_long(edits, seen, number, LONGEST_LINE_NUMBER);
        }
        let earlier = claim.lines.iter().take(index);
        // Numbers of one claim mostly differ in their last character alone.
        let same = |other: Text<'_>| {
            other.bytes().last() == number.bytes().last() && other.bytes() == number.bytes()
        };
        if let Some(first) = earlier.into_iter().find(|other| same(other.control_number)) {
            let related = Pointer {
                at: LineRef { line: first.number, ..edits.subject.at },
                fact: Fact::LineControlNumber,
                item: 0,
                text: format!("line {} has it too", first.number),
            };
            let label = "used before in this claim";
            let mut seen = Seen::line("line-number-repeated", line.number, Fact::LineControlNumber, label);
            seen.values = vec![("other_line", first.number.to_string())];
            edits.report_with(seen, vec![related]);
        }
    }
    member(edits);
}

/// Reports `seen` where `text` has more than `most` characters.
fn too_long(edits: &mut Edits<'_, '_, '_>, mut seen: Seen, text: Text<'_>, most: usize) {
    // Bytes that go on a character of several are none of their own.
    let length = text.bytes().iter().filter(|byte| **byte & 0xC0 != 0x80).count();
    if length > most {
        seen.label = format!("{length} characters");
        seen.values = vec![("length", length.to_string()), ("at_most", most.to_string())];
        edits.report(seen);
    }
}

/// The member id of a Medicare patient is a Medicare Beneficiary Identifier.
fn member(edits: &mut Edits<'_, '_, '_>) {
    let claim = edits.subject.claim;
    let refused = edits.subject.profile.member_id == MemberIdShape::Mbi;
    let id = claim.subscriber.member_id;
    if !(refused || claim.payer.filing_indicator == "MB") || id.is_absent() || is_mbi(id.bytes()) {
        return;
    }
    let fault = if refused { "member-id-refused" } else { "member-id-shape" };
    edits.report(Seen::claim(fault, Fact::MemberId, "not the shape of an MBI"));
}

/// Whether these are eleven characters as CMS makes them up: `C A AN N A AN N A A N N`, where C is 1 to 9, N 0 to 9, A a
/// capital letter but S, L, O, I, B, Z, and AN either. The hyphens that the card shows do not belong to it.
fn is_mbi(id: &[u8]) -> bool {
    let letter =
        |byte: u8| byte.is_ascii_uppercase() && !matches!(byte, b'S' | b'L' | b'O' | b'I' | b'B' | b'Z');
    let digit = |byte: u8| byte.is_ascii_digit();
    match *id {
        [c, a2, an3, n4, a5, an6, n7, a8, a9, n10, n11] => {
            matches!(c, b'1'..=b'9')
                && [a2, a5, a8, a9].into_iter().all(letter)
                && [an3, an6].into_iter().all(|byte| letter(byte) || digit(byte))
                && [n4, n7, n10, n11].into_iter().all(digit)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_mbi;

    #[test]
    fn the_shape_of_a_medicare_beneficiary_identifier() {
        for id in ["1EG4TE5MK73", "1QQ0QQ0QQ00", "9AA0AA0AA00", "1E00T05MK73"] {
            assert!(is_mbi(id.as_bytes()), "{id}");
        }
        for id in [
            "",
            "1EG4-TE5-MK73",
            "1eg4te5mk73",
            "0EG4TE5MK73",
            "AEG4TE5MK73",
            "1SG4TE5MK73",
            "1EB4TE5MK73",
            "1EGATE5MK73",
            "1EG44E5MK73",
            "1EG4TZ5MK73",
            "1EG4TEAMK73",
            "1EG4TE51K73",
            "1EG4TE5M073",
            "1EG4TE5MKA3",
            "1EG4TE5MK7A",
            "1EG4TE5MK7",
            "1EG4TE5MK733",
            "123456789A",
        ] {
            assert!(!is_mbi(id.as_bytes()), "{id}");
        }
    }
}
