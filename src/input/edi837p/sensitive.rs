//! Which elements may name a person, and from which level of masking on (45 CFR 164.514(b)).

use std::cell::OnceCell;

use super::ids;
use crate::claim::{Fact, is_control_number, parse_ccyymmdd};
use crate::guide::{ElementForm, Guide, SegmentForms, is_code};
use crate::x12::{Field, Id, Lexer, Segment};

/// NM101 of those who are no patient, subscriber or relative: payers, submitters, and everybody who bills or treats.
const BUSINESS: &[&[u8]] = &[
    b"41", b"40", b"85", b"87", b"PE", b"PR", b"DN", b"P3", b"82", b"77", b"DQ", b"DK", b"QB", b"PW", b"45",
];

/// REF01 of numbers that stand for a person or for what was agreed about one: social security, member, medical record,
/// claim, line, repriced claim and line, authorization, referral and prescription numbers.
const PERSONAL_NUMBERS: &[&[u8]] = &[
    b"SY", b"1W", b"EA", b"F8", b"D9", b"IG", b"23", b"Y4", b"G1", b"9F", b"6R", b"9A", b"9B", b"9C", b"9D",
    b"VY", b"XZ",
];

/// DTP01 of dates of service, and of illness and treatment where rules judge them: by these a biller finds a claim.
const TREATMENT: &[&[u8]] = &[b"472", b"431", b"454", b"304", b"453", b"439", b"435", b"096"];

/// How far back the name is looked for that a number belongs to.
const REACH: usize = 16;

/// Whose name a segment belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Owner {
    /// None is known.
    #[default]
    Nobody,
    /// One of [`BUSINESS`].
    Business,
    /// Anybody else: a patient, a subscriber, a relative.
    Person,
}

impl Owner {
    /// The owner of a name with this NM101.
    fn named(entity: &[u8]) -> Owner {
        if BUSINESS.contains(&entity) { Owner::Business } else { Owner::Person }
    }
}

/// What of a segment must be masked. An element shows only where it is known to be harmless, and only if it has the
/// form of what belongs there: in a broken segment anything may stand anywhere.
pub(super) struct Masks<'s, 'l, 'b> {
    segment: &'s Segment<'l, 'b>,
    forms: SegmentForms<'static>,
    owner: Owner,
    /// Whether something in it has not the form of its place, so that text may be any text; found when first asked.
    broken: OnceCell<bool>,
    /// Offset in the file from which on something else runs into the segment.
    foreign: u64,
}

impl<'s, 'l, 'b> Masks<'s, 'l, 'b> {
    pub(super) fn new(segment: &'s Segment<'l, 'b>, owner: Owner) -> Masks<'s, 'l, 'b> {
        let foreign = match segment.id() {
            // ISA11 and ISA16 are separators, and those may be line breaks.
            ids::ISA => None,
            _ => memchr::memchr2(b'\r', b'\n', segment.raw()),
        };
        Masks {
            segment,
            forms: Guide::professional().forms(segment.id_bytes()),
            owner,
            broken: OnceCell::new(),
            foreign: foreign.map_or(u64::MAX, |at| segment.offset() + at as u64),
        }
    }

    fn is_broken(&self) -> bool {
        *self.broken.get_or_init(|| {
            let mut elements = self.segment.elements().enumerate().skip(1);
            self.foreign != u64::MAX || elements.any(|(index, field)| self.is_odd(index, field))
        })
    }

    /// Whether something in element `index` has not the form of its place.
    fn is_odd(&self, index: usize, field: Field<'b>) -> bool {
        self.any_part(index, field, |part, one| {
            let bytes = one.bytes.trim_ascii();
            !bytes.is_empty() && self.forms.form(index, part, bytes).is_none()
        })
    }

    /// Calls `hide` on the stretches of element `index` to mask, and says whether at the default level already (`true`)
    /// or under full redaction only (`false`).
    pub(super) fn of(&self, index: usize, field: Field<'b>, mut hide: impl FnMut(Field<'b>, bool)) {
        if index == 0 {
            if !ids::KNOWN.contains(&self.segment.id()) {
                hide(field, true);
            }
            return;
        }
        if let Some(always) = self.whole(index) {
            return hide(field, always || !self.is_harmless(index, 0, field));
        }
        self.any_part(index, field, |part, one| {
            if !self.is_harmless(index, part, one) {
                hide(one, true);
            }
            false
        });
    }

    /// Whether `is_it` says so of a component, each given with its number from 1, or of the element as number 0.
    fn any_part(
        &self,
        index: usize,
        field: Field<'b>,
        mut is_it: impl FnMut(usize, Field<'b>) -> bool,
    ) -> bool {
        if !self.forms.is_composite(index) {
            return is_it(0, field);
        }
        let components = field.components(self.segment.delimiters().component);
        components.zip(1..).any(|(one, part)| is_it(part, one))
    }

    /// What is masked whatever it looks like.
    fn whole(&self, index: usize) -> Option<bool> {
        let personal = self.owner != Owner::Business;
        let hit = match (self.segment.id(), index) {
            (ids::NM1, 3..=7 | 9 | 12) => personal,
            // Whose address it is shows only where it stands, and in a broken file it may stand anywhere.
            (ids::N3 | ids::N4, _) => true,
            (ids::PER, 2 | 4 | 6 | 8) => personal,
            (ids::REF, 2 | 3) => {
                self.owner == Owner::Person || PERSONAL_NUMBERS.contains(&self.segment.element(1).bytes)
            }
            (ids::DMG, 2) | (ids::NTE, 2) | (ids::K3, 1) | (ids::PAT, 6) | (ids::SBR, 3) => true,
            (ids::ISA, 2 | 4) | (ids::PWK, 6) | (ids::FRM, 3 | 4) => true,
            (ids::DTP, 3) if !TREATMENT.contains(&self.segment.element(1).bytes) => true,
            (ids::CLM, 1) | (ids::DTP, 3) => return Some(false),
            _ => false,
        };
        hit.then_some(true)
    }

    fn is_harmless(&self, index: usize, part: usize, field: Field<'b>) -> bool {
        let bytes = field.bytes.trim_ascii();
        if field.offset + field.bytes.len() as u64 > self.foreign {
            return false;
        }
        if bytes.is_empty() {
            return true;
        }
        match self.forms.form(index, part, bytes) {
            Some(ElementForm::Text) => self.is_harmless_text(index, part, bytes),
            // A date of service that slipped into the place of a number has the form of one.
            Some(ElementForm::Strict) => parse_ccyymmdd(bytes).is_none() || !self.is_broken(),
            _ => false,
        }
    }

    /// For elements whose form the guide leaves to others: how their owners write them, and which of them are names
    /// and numbers of businesses and files.
    fn is_harmless_text(&self, index: usize, part: usize, bytes: &[u8]) -> bool {
        let code = |longest: usize| bytes.len() <= longest && is_code(bytes);
        let has_digit = bytes.iter().any(u8::is_ascii_digit);
        match (self.segment.id(), index, part) {
            (ids::ISA, _, _) => true,
            (ids::HI, _, 2) => code(8),
            (ids::SV1, 1, 2) | (ids::SVD, 3, 2) => code(5),
            (ids::SV1, 1, 3..=6) | (ids::SVD, 3, 3..=6) | (ids::CLM, 5, 1) => code(2),
            (ids::PRV, 3, _) => code(10),
            (ids::NM1, 9, _) if matches!(self.segment.element(8).bytes, b"PI" | b"XV" | b"46") => {
                !self.is_broken()
            }
            (ids::NM1, 9, _) => bytes.len() == 10 && bytes.iter().all(u8::is_ascii_digit),
            (ids::REF, 2, _) => (has_digit || bytes.len() <= 2) && !self.is_broken(),
            // Remark and reason codes, questions of a form.
            (ids::MOA | ids::MIA | ids::CRC | ids::CAS, _, _) | (ids::FRM, 1, _) | (ids::SV5, 1, 2) => {
                code(5)
            }
            // What a service is called is free text.
            (ids::SV1, 1, 7) | (ids::SVD, 3, 7) => false,
            (ids::HL | ids::LX | ids::LIN | ids::LQ | ids::CTP | ids::MEA | ids::HI, _, _) => code(15),
            // The number of a set may be a word by the guide, and a word may be a name.
            (ids::ST | ids::SE, 2, _) => is_control_number(bytes) && !self.is_broken(),
            (ids::GS | ids::ST | ids::SE | ids::GE | ids::IEA | ids::BHT, _, _) => !self.is_broken(),
            (ids::NM1, 3..=7, _) | (ids::PER, 2 | 4 | 6 | 8, _) => !self.is_broken(),
            (ids::CLM, 1, _) => Fact::ClaimId.has_form(bytes) && !self.is_broken(),
            (ids::SV1 | ids::SVD | ids::CN1 | ids::HCP | ids::SV5, _, _) => !self.is_broken(),
            _ => false,
        }
    }
}

/// [`owner`] for segment after segment of a stretch, which remembers the last one that says.
#[derive(Default)]
pub(super) struct Owners {
    /// Its number, and whose name it begins, if it begins one.
    last: Option<(u64, Owner)>,
}

impl Owners {
    /// Whose name the next segment belongs to; `bytes` hold it at `start`.
    pub(super) fn of(&mut self, bytes: &[u8], start: usize, segment: &Segment<'_, '_>) -> Owner {
        let said = match segment.id() {
            ids::NM1 => {
                let name = Owner::named(segment.element(1).bytes);
                self.last = Some((segment.number(), name));
                name
            }
            id if ends_name(id) => {
                self.last = Some((segment.number(), Owner::Nobody));
                Owner::Nobody
            }
            ids::PER | ids::REF | ids::DMG => match self.last {
                Some((number, name)) if segment.number() - number <= REACH as u64 => name,
                Some(_) => Owner::Nobody,
                None => owner(bytes, start, segment),
            },
            _ => Owner::Nobody,
        };
        debug_assert_eq!(said, owner(bytes, start, segment));
        said
    }
}

/// Whether what follows a segment belongs to no name before it.
fn ends_name(id: Id) -> bool {
    matches!(id, ids::HL | ids::CLM | ids::LX | ids::SBR | ids::ST | ids::SV1)
}

/// Whose name `segment` belongs to: its own, or that of the last NM1 before it in its loop. `bytes` hold the segment at
/// `start`.
pub(super) fn owner(bytes: &[u8], start: usize, segment: &Segment<'_, '_>) -> Owner {
    match segment.id() {
        ids::NM1 => Owner::named(segment.element(1).bytes),
        ids::PER | ids::REF | ids::DMG => owner_before(bytes, start, segment).unwrap_or_default(),
        _ => Owner::Nobody,
    }
}

fn owner_before(bytes: &[u8], start: usize, segment: &Segment<'_, '_>) -> Option<Owner> {
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
            ids::NM1 => return Some(Owner::named(previous.element(1).bytes)),
            id if ends_name(id) => return None,
            _ => {}
        }
    }
    None
}
