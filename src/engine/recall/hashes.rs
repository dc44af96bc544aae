//! The facets of a claim and its lines as hashes of 64 bits.

use std::hash::{BuildHasher, Hasher};

use foldhash::quality::{FixedState, FoldHasher};

use crate::claim::{Claim, Date, Provider, Role, ServiceLine, Stated, Text};

/// The hash of what `write` writes; never 0.
#[inline]
pub(super) fn hash(write: impl FnOnce(&mut Parts)) -> u64 {
    let mut parts = Parts(FixedState::with_seed(0).build_hasher());
    write(&mut parts);
    // The hasher fills up with zeros, of which none may look like a part.
    parts.number(u64::MAX);
    parts.0.finish().max(1)
}

/// Parts of a line or a claim, on the way to a hash: what is written one after the other cannot be divided otherwise.
pub(super) struct Parts(FoldHasher<'static>);

impl Parts {
    #[inline]
    pub(super) fn number(&mut self, number: u64) {
        self.0.write_u64(number);
    }

    #[inline]
    pub(super) fn text(&mut self, text: Text<'_>) {
        let bytes = text.bytes();
        match short(bytes) {
            Some(number) => self.number(number),
            None => self.long(bytes),
        }
    }

    /// Which of the texts are stated, and those that are.
    #[inline]
    fn texts<const N: usize>(&mut self, texts: [Text<'_>; N]) {
        let mut stated = 0;
        for (at, text) in texts.into_iter().enumerate().filter(|(_, text)| text.is_present()) {
            stated |= 1 << at;
            self.text(text);
        }
        self.number(stated);
    }

    /// A text of eight bytes or more.
    fn long(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        let (words, rest) = bytes.as_chunks();
        words.iter().for_each(|word| self.number(u64::from_le_bytes(*word)));
        // The last eight bytes again, some of which have been.
        if let (false, Some(last)) = (rest.is_empty(), bytes.last_chunk()) {
            self.number(u64::from_le_bytes(*last));
        }
    }

    /// What is stated and means something, or else its text, of which nobody knows what it means.
    #[inline]
    pub(super) fn stated<T: Copy>(&mut self, stated: &Stated<'_, T>, number: impl FnOnce(T) -> u64) {
        match stated.value {
            Some(value) => self.number(1 << 63 | number(value)),
            None => self.text(stated.text),
        }
    }
}

/// A text of seven bytes at most as a number: its bytes, and how many in the highest. No longer text has such a length.
#[inline]
fn short(bytes: &[u8]) -> Option<u64> {
    let length = bytes.len();
    let number = match length {
        0 => return Some(0),
        1..=3 => {
            let byte = |at: usize| u64::from(bytes[at]);
            byte(0) | byte(length / 2) << 8 | byte(length - 1) << 16
        }
        4..=7 => {
            let first = u64::from(u32::from_le_bytes(*bytes.first_chunk()?));
            let last = u64::from(u32::from_le_bytes(*bytes.last_chunk()?));
            first | last << (8 * (length - 4))
        }
        _ => return None,
    };
    Some(number | (length as u64) << 56)
}

/// Which payer judges, and what rules may ask of the claim's coverage; the state, by which a profile is chosen; and whether
/// the claim came in a transaction that follows a guide, which checks of pointers ask.
pub(super) fn payer(claim: &Claim<'_>) -> u64 {
    hash(|parts| {
        parts.number(u64::from(claim.submission.guide.is_present()));
        let payer = &claim.payer;
        parts.texts([
            payer.id,
            payer.filing_indicator,
            payer.profile,
            payer.responsibility,
            payer.insurance_type,
            claim.subscriber.relationship,
            claim.service_facility(0).map_or(Text::ABSENT, |one| one.state),
        ]);
    })
}

pub(super) fn diagnoses(claim: &Claim<'_>) -> u64 {
    hash(|parts| {
        for diagnosis in &claim.diagnoses {
            parts.text(diagnosis.qualifier);
            parts.text(diagnosis.code);
        }
    })
}

pub(super) fn pointed(diagnoses: u64, line: &ServiceLine<'_>) -> u64 {
    hash(|parts| {
        parts.number(diagnoses);
        if line.wording != 0 {
            return parts.number(line.wording);
        }
        for pointer in &line.pointers {
            parts.text(pointer.text);
            parts.number(pointer.value.map_or(u64::MAX, u64::from));
        }
    })
}

/// Those of the claim and of one line (0: of none) whom rules over lines ask for.
fn asked_for<'s, 'a>(claim: &'s Claim<'a>, line: u16) -> impl Iterator<Item = &'s Provider<'a>> {
    claim.providers.iter().filter(move |one| {
        (one.line == 0 || one.line == line)
            && matches!(one.role, Role::Billing | Role::Rendering | Role::ServiceFacility | Role::Supervising)
    })
}

/// Who they are.
pub(super) fn providers(claim: &Claim<'_>, line: u16) -> u64 {
    hash(|parts| {
        for one in asked_for(claim, line) {
            parts.number(one.role as u64 | u64::from(one.line > 0) << 8);
            parts.text(one.npi);
        }
    })
}

/// What they are.
pub(super) fn kinds_of_providers(claim: &Claim<'_>, line: u16) -> u64 {
    hash(|parts| {
        for one in asked_for(claim, line) {
            parts.number(one.role as u64 | u64::from(one.line > 0) << 8);
            parts.text(one.entity_type);
            parts.text(one.taxonomy);
        }
    })
}

/// Where providers are, and everybody else who has to do with the claim and the line.
pub(super) fn more_of_providers(claim: &Claim<'_>, line: u16) -> u64 {
    hash(|parts| {
        for one in claim.providers.iter().filter(|one| one.line == 0 || one.line == line) {
            parts.number(one.role as u64 | u64::from(one.line > 0) << 8);
            parts.texts([one.entity_type, one.npi, one.taxonomy, one.state, one.zip, one.country]);
        }
    })
}

pub(super) fn service(claim: &Claim<'_>, line: &ServiceLine<'_>) -> u64 {
    if line.wording != 0 {
        return hash(|parts| {
            parts.number(line.wording);
            // What may be added to it: of the claim, or by a record beside it.
            parts.text(claim.place_of_service);
            let beside = [line.region, line.laterality, line.visit];
            if beside.iter().any(|text| text.is_present()) {
                parts.texts(beside);
            }
        });
    }
    hash(|parts| {
        let [first, second, third, fourth] = line.modifiers;
        parts.texts([
            line.procedure_qualifier,
            line.procedure_code,
            first,
            second,
            third,
            fourth,
            line.unit_basis,
            // Either may be judged by itself.
            line.place_of_service,
            claim.place_of_service,
            line.emergency,
            line.region,
            line.laterality,
            line.visit,
        ]);
        parts.stated(&line.units, |units| units.0 as u64);
    })
}

pub(super) fn charge(line: &ServiceLine<'_>) -> u64 {
    hash(|parts| match line.charge.value {
        Some(charge) => {
            parts.number(1);
            parts.number(charge.0 as u64);
        }
        None => parts.text(line.charge.text),
    })
}

pub(super) fn dates(line: &ServiceLine<'_>) -> u64 {
    let day = |date: Date| (date.year() as u64) << 16 | (date.month() as u64) << 8 | date.day() as u64;
    hash(|parts| {
        parts.stated(&line.service_date, day);
        parts.stated(&line.service_date_end, day);
    })
}

pub(super) fn time(line: &ServiceLine<'_>) -> u64 {
    hash(|parts| {
        parts.stated(&line.minutes, u64::from);
        parts.number(line.minutes_source as u64);
        parts.stated(&line.start, |time| u64::from(time.0));
        parts.stated(&line.end, |time| u64::from(time.0));
        parts.stated(&line.assistant_minutes, u64::from);
    })
}

/// The notes of the line and of its claim; whether the claim has any; and whether it has other lines, for then a note of the
/// claim may be theirs.
pub(super) fn notes(claim: &Claim<'_>, line: &ServiceLine<'_>) -> u64 {
    hash(|parts| {
        parts.number(u64::from(claim.notes.is_empty()) | u64::from(claim.lines.len() == 1) << 1);
        for note in claim.notes.iter().filter(|note| note.line == 0 || note.line == line.number) {
            parts.number(u64::from(note.line == 0));
            parts.text(note.kind);
            parts.text(note.text);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_are_told_apart() {
        let texts: Vec<Vec<u8>> = (0..=7)
            .flat_map(|length| {
                (0..length.max(1)).flat_map(move |at| {
                    [0_u8, b'A', 0xff].map(|byte| {
                        let mut text = vec![b'A'; length];
                        text.iter_mut().skip(at).take(1).for_each(|one| *one = byte);
                        text
                    })
                })
            })
            .collect();
        for one in &texts {
            for other in &texts {
                assert_eq!(short(one) == short(other), one == other, "{one:?} {other:?}");
            }
        }
        assert_eq!(short(b"12345678"), None);
    }
}
