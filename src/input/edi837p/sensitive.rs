//! Which elements may name a person, and from which level of masking on (45 CFR 164.514(b)).

use super::ids;
use crate::x12::{Lexer, Segment};

/// NM101 of those who are no patient, subscriber or relative: payers, submitters, and everybody who bills or treats.
const BUSINESS: &[&[u8]] = &[
    b"41", b"40", b"85", b"87", b"PE", b"PR", b"DN", b"P3", b"82", b"77", b"DQ", b"DK", b"QB", b"PW", b"45",
];

/// REF01 of numbers that stand for a person: social security, member, medical record, claim numbers.
const PERSONAL_NUMBERS: &[&[u8]] = &[b"SY", b"1W", b"EA", b"F8", b"D9", b"IG", b"23", b"Y4"];

/// How far back the name is looked for that a number belongs to.
const REACH: usize = 16;

/// Whether element `index` must be masked: `Some(true)` at the default level already, `Some(false)` under full
/// redaction only. `owner` is the NM101 of the name that the segment belongs to, where one is known.
///
/// What is not known to be harmless is masked: all of a segment that an 837P does not have.
pub(super) fn masked(segment: &Segment<'_, '_>, index: usize, owner: Option<&[u8]>) -> Option<bool> {
    let personal = owner.is_none_or(|owner| !BUSINESS.contains(&owner));
    let hit = match (segment.id(), index) {
        (_, 0) => return (segment.id_bytes().len() > 4).then_some(true),
        (ids::NM1, 3..=7 | 9 | 12) => personal,
        // Whose address it is shows only where it stands, and in a broken file it may stand anywhere.
        (ids::N3 | ids::N4, _) => true,
        (ids::PER, 2 | 4 | 6 | 8) => personal,
        (ids::REF, 2 | 3) => match segment.element(1).bytes {
            b"6R" => return Some(false),
            qualifier => PERSONAL_NUMBERS.contains(&qualifier) || owner.is_some() && personal,
        },
        (ids::DMG, 2) | (ids::NTE, 2) | (ids::K3, 1) | (ids::PAT, 6) | (ids::SBR, 3) => true,
        (ids::ISA, 2 | 4) => true,
        (ids::CLM, 1) | (ids::DTP, 3) | (ids::PWK, 6) | (ids::FRM, 3 | 4) => return Some(false),
        (id, _) => !ids::KNOWN.contains(&id),
    };
    hit.then_some(true)
}

/// NM101 of the name that `segment` belongs to: its own, or that of the last NM1 before it in its loop.
/// `bytes` hold the segment at `start`.
pub(super) fn owner<'a>(bytes: &'a [u8], start: usize, segment: &Segment<'_, 'a>) -> Option<&'a [u8]> {
    match segment.id() {
        ids::NM1 => return Some(segment.element(1).bytes),
        ids::PER | ids::REF | ids::DMG => {}
        _ => return None,
    }
    let delimiters = segment.delimiters();
    let mut end = start;
    for _ in 0..REACH {
        let before = bytes.get(..end)?;
        let before = &before[..memchr::memrchr(delimiters.terminator, before)?];
        let from = memchr::memrchr(delimiters.terminator, before).map_or(0, |at| at + 1);
        end = from;
        let mut lexer = Lexer::new(&before[from..], 0, 0, Some(delimiters));
        let Some(previous) = lexer.next_segment() else { continue };
        match previous.id() {
            ids::NM1 => return Some(previous.element(1).bytes),
            ids::HL | ids::CLM | ids::LX | ids::SBR | ids::ST | ids::SV1 => return None,
            _ => {}
        }
    }
    None
}
