//! The facets of a claim and its lines as hashes of 64 bits.

use xxhash_rust::xxh3::xxh3_64;

use crate::claim::{Claim, Date, Role, ServiceLine, Stated, Text};

/// Parts of a line or a claim, to be hashed: what is written one after the other cannot be divided otherwise.
pub(super) struct Parts {
    words: [u8; Parts::ROOM],
    length: usize,
    /// The hash of what there was no room for.
    before: u64,
}

impl Parts {
    const ROOM: usize = 512;

    pub(super) fn new() -> Parts {
        Parts { words: [0; Parts::ROOM], length: 0, before: 0 }
    }

    /// The hash of what `write` writes; never 0.
    #[inline]
    pub(super) fn hash(&mut self, write: impl FnOnce(&mut Parts)) -> u64 {
        (self.length, self.before) = (0, 0);
        write(self);
        (xxh3_64(&self.words[..self.length]) ^ self.before).max(1)
    }

    #[inline]
    pub(super) fn number(&mut self, number: u64) {
        if self.length + 8 > Parts::ROOM {
            self.make_room();
        }
        if let Some(word) = self.words.get_mut(self.length..).and_then(<[u8]>::first_chunk_mut) {
            *word = number.to_le_bytes();
            self.length += 8;
        }
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
        match (bytes.len(), bytes.first_chunk(), bytes.last_chunk()) {
            (..=16, Some(first), Some(last)) => {
                self.number(u64::from_le_bytes(*first));
                self.number(u64::from_le_bytes(*last));
            }
            _ => self.number(xxh3_64(bytes)),
        }
    }

    /// What is stated and means something, or else its text, of which nobody knows what it means.
    #[inline]
    pub(super) fn stated<T: Copy>(&mut self, stated: &Stated<'_, T>, number: impl FnOnce(T) -> u32) {
        match stated.value {
            Some(value) => self.number(1 << 63 | u64::from(number(value))),
            None => self.text(stated.text),
        }
    }

    #[cold]
    fn make_room(&mut self) {
        self.before = (self.before ^ xxh3_64(&self.words[..self.length])).rotate_left(1);
        self.length = 0;
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
pub(super) fn payer(parts: &mut Parts, claim: &Claim<'_>) -> u64 {
    parts.hash(|hash| {
        hash.number(u64::from(claim.submission.guide.is_present()));
        let payer = &claim.payer;
        hash.texts([
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

pub(super) fn diagnoses(parts: &mut Parts, claim: &Claim<'_>) -> u64 {
    parts.hash(|hash| {
        for diagnosis in &claim.diagnoses {
            hash.text(diagnosis.qualifier);
            hash.text(diagnosis.code);
        }
    })
}

pub(super) fn pointed(parts: &mut Parts, diagnoses: u64, line: &ServiceLine<'_>) -> u64 {
    parts.hash(|hash| {
        hash.number(diagnoses);
        if line.wording != 0 {
            return hash.number(line.wording);
        }
        for pointer in &line.pointers {
            hash.text(pointer.text);
            hash.number(pointer.value.map_or(u64::MAX, u64::from));
        }
    })
}

/// Those of the claim and of one line (0: of none) whom rules over lines ask for.
pub(super) fn providers(parts: &mut Parts, claim: &Claim<'_>, line: u16) -> u64 {
    parts.hash(|hash| {
        for one in claim.providers.iter().filter(|one| one.line == 0 || one.line == line) {
            if matches!(one.role, Role::Billing | Role::Rendering | Role::ServiceFacility | Role::Supervising)
            {
                hash.number(one.role as u64 | u64::from(one.line > 0) << 8);
                hash.texts([one.entity_type, one.npi, one.taxonomy]);
            }
        }
    })
}

/// Where providers are, and everybody else who has to do with the claim and the line.
pub(super) fn more_of_providers(parts: &mut Parts, claim: &Claim<'_>, line: u16) -> u64 {
    parts.hash(|hash| {
        for one in claim.providers.iter().filter(|one| one.line == 0 || one.line == line) {
            hash.number(one.role as u64 | u64::from(one.line > 0) << 8);
            hash.texts([one.entity_type, one.npi, one.taxonomy, one.state, one.zip, one.country]);
        }
    })
}

pub(super) fn service(parts: &mut Parts, claim: &Claim<'_>, line: &ServiceLine<'_>) -> u64 {
    if line.wording != 0 {
        return parts.hash(|hash| {
            hash.number(line.wording);
            // What may be added to it: of the claim, or by a record beside it.
            hash.texts([claim.place_of_service, line.region, line.laterality, line.visit]);
        });
    }
    parts.hash(|hash| {
        let [first, second, third, fourth] = line.modifiers;
        hash.texts([
            line.procedure_qualifier,
            line.procedure_code,
            first,
            second,
            third,
            fourth,
            line.unit_basis,
            claim.place_of_service(line),
            line.emergency,
            line.region,
            line.laterality,
            line.visit,
        ]);
        hash.stated(&line.units, |units| units.0 as u32);
    })
}

pub(super) fn day(date: Date) -> u32 {
    (date.year() as u32) << 16 | (date.month() as u32) << 8 | date.day() as u32
}

pub(super) fn time(parts: &mut Parts, line: &ServiceLine<'_>) -> u64 {
    parts.hash(|hash| {
        hash.stated(&line.minutes, u32::from);
        hash.number(line.minutes_source as u64);
        hash.stated(&line.start, |time| u32::from(time.0));
        hash.stated(&line.end, |time| u32::from(time.0));
        hash.stated(&line.assistant_minutes, u32::from);
    })
}

/// The notes of the line and of its claim; whether the claim has any; and whether it has other lines, for then a note of the
/// claim may be theirs.
pub(super) fn notes(parts: &mut Parts, claim: &Claim<'_>, line: &ServiceLine<'_>) -> u64 {
    parts.hash(|hash| {
        hash.number(u64::from(claim.notes.is_empty()) | u64::from(claim.lines.len() == 1) << 1);
        for note in claim.notes.iter().filter(|note| note.line == 0 || note.line == line.number) {
            hash.number(u64::from(note.line == 0));
            hash.text(note.kind);
            hash.text(note.text);
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
