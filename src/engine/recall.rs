//! What rules had nothing to say of is not asked again: lines that agree in all that rules look at get one answer.
//!
//! A rule over lines looks at known facets of a line ([`Facets`]), and a practice has few combinations of them: the same
//! therapists bill the same services to the same payers. What is remembered of a combination is that none of a group's
//! rules found anything, what they could not judge, and which rules over days are about the line. Whatever was found, or
//! took a look at more than the facets, is asked anew each time. Combinations are told apart by a hash of 64 bits.

use xxhash_rust::xxh3::xxh3_64;

use crate::checks::{Lack, Out};
use crate::claim::{Claim, Date, Resolved, Role, ServiceLine, Stated, Text};
use crate::rules::{Calls, Facets};

use super::facts::{Diagnoses, Parties};

/// What is remembered, by the hash of the combination.
pub(super) struct Recall {
    /// Words of `about` for each slot.
    words: usize,
    /// Empty until the first line.
    slots: Vec<Slot>,
    /// Bits of the rules over days that turned out to be about such a line.
    about: Vec<u64>,
    /// Slots that answered since the last count.
    answered: Vec<u32>,
    claim: OfClaim,
    /// The facets of the line at hand, by their places.
    facets: [u64; Facets::COUNT],
    /// For each group of its calls, the hash of the combination.
    keys: Vec<u64>,
    /// Slots that answered for it.
    told: Vec<usize>,
    /// Where on the body lines were done, with the hash of what tells; 0 where nothing is known.
    regions: Vec<(u64, Resolved)>,
    /// Between whom claims are, likewise.
    between: Vec<(u64, Between)>,
    parts: Parts,
}

#[derive(Clone, Default)]
struct Slot {
    /// 0: nothing is known.
    key: u64,
    /// How many lines it answered for since the last count.
    times: u32,
    /// What could not be judged of each of them.
    lacks: Box<[(u16, Lack)]>,
}

/// Between whom a claim is: what follows from its payer and its providers alone.
#[derive(Clone, Copy, Default)]
pub(super) struct Between {
    /// Index of the profile that judges it.
    pub(super) profile: usize,
    /// Number of the payer's own fee schedule.
    pub(super) contract: u16,
    /// What stands for the payer in a [`crate::claim::ClaimFact`].
    pub(super) payer: u64,
    pub(super) parties: Parties,
}

/// Facets that the lines of a claim share.
#[derive(Clone, Copy, Default)]
struct OfClaim {
    payer: u64,
    diagnoses: u64,
    providers: u64,
    /// Whether lines have providers of their own.
    by_line: bool,
}

impl Recall {
    const SLOTS: usize = 4096;
    const REGIONS: usize = 1024;
    const BETWEEN: usize = 256;

    /// For rules over days with so many words of bits.
    pub(super) fn new(words: usize) -> Recall {
        Recall {
            words,
            slots: Vec::new(),
            about: Vec::new(),
            answered: Vec::new(),
            claim: OfClaim::default(),
            facets: [0; Facets::COUNT],
            keys: Vec::new(),
            told: Vec::new(),
            regions: Vec::new(),
            between: Vec::new(),
            parts: Parts::new(),
        }
    }

    /// Looks at a claim before its lines. Between whom it is `settle` says, if it is not known.
    pub(super) fn begin(&mut self, claim: &Claim<'_>, settle: impl Fn() -> Between) -> Between {
        if self.slots.is_empty() {
            self.slots.resize(Self::SLOTS, Slot::default());
            self.about.resize(Self::SLOTS * self.words, 0);
            self.between.resize(Self::BETWEEN, (0, Between::default()));
        }
        let parts = &mut self.parts;
        self.claim = OfClaim {
            payer: payer(parts, claim),
            diagnoses: diagnoses(parts, claim),
            providers: providers(parts, claim, 0),
            by_line: claim.providers.iter().any(|one| one.line > 0),
        };
        let key = parts.hash(|hash| {
            hash.number(self.claim.payer);
            hash.number(self.claim.providers);
            hash.number(u64::from(self.claim.by_line));
        });
        let slot = &mut self.between[(key >> 32) as usize % Self::BETWEEN];
        if slot.0 != key {
            *slot = (key, settle());
        }
        debug_assert_eq!(slot.1.profile, settle().profile, "another payer");
        slot.1
    }

    /// Which groups of `calls` are known to find nothing in the line, as bits ([`Calls::all_groups`]). What they would
    /// count as not judged will be counted; rules over days that are about the line are added to `about`.
    pub(super) fn look(
        &mut self,
        claim: &Claim<'_>,
        line: &ServiceLine<'_>,
        calls: &Calls,
        about: &mut [u64],
    ) -> u64 {
        self.take(claim, line, calls.facets);
        self.told.clear();
        self.keys.clear();
        let mut known = 0;
        for (group, facets) in calls.groups.iter().enumerate() {
            let key = self.key(calls.number, group, *facets);
            self.keys.push(key);
            if self.recall(key, about) {
                known |= 1 << group;
                self.told.push(place_of(key));
            }
        }
        known
    }

    /// Whether there is something to be told again under `key`: then it is.
    #[inline]
    fn recall(&mut self, key: u64, about: &mut [u64]) -> bool {
        let at = place_of(key);
        let slot = &mut self.slots[at];
        if slot.key != key {
            return false;
        }
        if !slot.lacks.is_empty() {
            if slot.times == 0 {
                self.answered.push(at as u32);
            }
            slot.times += 1;
        }
        let first = at * self.words;
        for (word, own) in about.iter_mut().enumerate() {
            *own |= self.about[first + word];
        }
        true
    }

    /// Remembers, of the line looked at last, that a group found nothing: what it could not judge, and the bits of the rules
    /// over days that are about the line.
    pub(super) fn keep(&mut self, group: usize, lacks: Box<[(u16, Lack)]>, about: &[u64], out: &mut Out) {
        let Some(&key) = self.keys.get(group) else { return };
        let at = place_of(key);
        self.slots[at].count(out);
        self.slots[at] = Slot { key, times: 0, lacks };
        self.about[at * self.words..][..self.words].copy_from_slice(about);
    }

    /// What was told again that could not be judged of the line looked at last.
    pub(super) fn lacks(&self) -> Vec<(u16, Lack)> {
        self.told.iter().flat_map(|at| self.slots[*at].lacks.iter().copied()).collect()
    }

    /// Adds to `out` what could not be judged of the lines that were answered for.
    pub(super) fn count(&mut self, out: &mut Out) {
        for at in self.answered.drain(..) {
            self.slots[at as usize].count(out);
        }
    }

    /// Where on the body the line was done that was looked at last. `calls` are those it was looked at for.
    pub(super) fn region(
        &mut self,
        claim: &Claim<'_>,
        line: &ServiceLine<'_>,
        calls: &Calls,
        diagnoses: &mut Diagnoses<'_>,
    ) -> Resolved {
        const TELLING: Facets = Facets::SERVICE.and(Facets::DIAGNOSES).and(Facets::NOTES);
        self.take(claim, line, TELLING.without(calls.facets));
        let key = self.key(0, 0, TELLING);
        if self.regions.is_empty() {
            self.regions.resize(Self::REGIONS, (0, Resolved::default()));
        }
        let slot = &mut self.regions[(key >> 32) as usize % Self::REGIONS];
        if slot.0 != key {
            *slot = (key, diagnoses.resolve(claim, line));
        }
        debug_assert_eq!(slot.1, diagnoses.resolve(claim, line), "not the region it was");
        slot.1
    }

    /// Takes in facets of a line.
    fn take(&mut self, claim: &Claim<'_>, line: &ServiceLine<'_>, wanted: Facets) {
        let (by_line, parts) = (self.claim.by_line, &mut self.parts);
        for place in wanted.places() {
            self.facets[place] = match Facets::at(place) {
                Facets::SERVICE => service(parts, claim, line),
                Facets::CHARGE => parts.hash(|hash| match line.charge.value {
                    Some(charge) => {
                        hash.number(1);
                        hash.number(charge.0 as u64);
                    }
                    None => hash.text(line.charge.text),
                }),
                Facets::TIME => time(parts, line),
                Facets::DIAGNOSES => pointed(parts, self.claim.diagnoses, line),
                Facets::PROVIDERS if by_line => providers(parts, claim, line.number),
                Facets::PROVIDERS => self.claim.providers,
                Facets::MORE_OF_PROVIDERS => more_of_providers(parts, claim, line.number),
                Facets::PAYER => self.claim.payer,
                Facets::NOTES => notes(parts, claim, line),
                _ => parts.hash(|hash| {
                    hash.stated(&line.service_date, day);
                    hash.stated(&line.service_date_end, day);
                }),
            };
        }
    }

    /// Facets are hashes already: a sum tells their combinations apart as well as another hash of them would.
    #[inline]
    fn key(&self, calls: u16, group: usize, facets: Facets) -> u64 {
        const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
        let which = (u64::from(calls) << 8 | group as u64).wrapping_mul(SPREAD);
        let places = facets.places();
        let sum = places.fold(which, |sum, place| {
            // An odd factor for each place.
            sum.wrapping_add(self.facets[place].wrapping_mul(SPREAD.rotate_left(7 * place as u32) | 1))
        });
        sum.max(1)
    }
}

impl Slot {
    fn count(&mut self, out: &mut Out) {
        let times = std::mem::take(&mut self.times) as usize;
        if times > 0 {
            self.lacks.iter().for_each(|&(rule, lack)| out.lack(rule, lack, times));
        }
    }
}

fn place_of(key: u64) -> usize {
    (key >> 32) as usize % Recall::SLOTS
}

/// Parts of a line or a claim, to be hashed: what is written one after the other cannot be divided otherwise.
struct Parts {
    words: [u8; Parts::ROOM],
    length: usize,
    /// The hash of what there was no room for.
    before: u64,
}

impl Parts {
    const ROOM: usize = 512;

    fn new() -> Parts {
        Parts { words: [0; Parts::ROOM], length: 0, before: 0 }
    }

    /// The hash of what `write` writes; never 0.
    #[inline]
    fn hash(&mut self, write: impl FnOnce(&mut Parts)) -> u64 {
        (self.length, self.before) = (0, 0);
        write(self);
        (xxh3_64(&self.words[..self.length]) ^ self.before).max(1)
    }

    #[inline]
    fn number(&mut self, number: u64) {
        if self.length + 8 > Parts::ROOM {
            self.make_room();
        }
        if let Some(word) = self.words.get_mut(self.length..).and_then(<[u8]>::first_chunk_mut) {
            *word = number.to_le_bytes();
            self.length += 8;
        }
    }

    #[inline]
    fn text(&mut self, text: Text<'_>) {
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
    fn stated<T: Copy>(&mut self, stated: &Stated<'_, T>, number: impl FnOnce(T) -> u32) {
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
fn payer(parts: &mut Parts, claim: &Claim<'_>) -> u64 {
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

fn diagnoses(parts: &mut Parts, claim: &Claim<'_>) -> u64 {
    parts.hash(|hash| {
        for diagnosis in &claim.diagnoses {
            hash.text(diagnosis.qualifier);
            hash.text(diagnosis.code);
        }
    })
}

fn pointed(parts: &mut Parts, diagnoses: u64, line: &ServiceLine<'_>) -> u64 {
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
fn providers(parts: &mut Parts, claim: &Claim<'_>, line: u16) -> u64 {
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
fn more_of_providers(parts: &mut Parts, claim: &Claim<'_>, line: u16) -> u64 {
    parts.hash(|hash| {
        for one in claim.providers.iter().filter(|one| one.line == 0 || one.line == line) {
            hash.number(one.role as u64 | u64::from(one.line > 0) << 8);
            hash.texts([one.entity_type, one.npi, one.taxonomy, one.state, one.zip, one.country]);
        }
    })
}

fn service(parts: &mut Parts, claim: &Claim<'_>, line: &ServiceLine<'_>) -> u64 {
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

fn day(date: Date) -> u32 {
    (date.year() as u32) << 16 | (date.month() as u32) << 8 | date.day() as u32
}

fn time(parts: &mut Parts, line: &ServiceLine<'_>) -> u64 {
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
fn notes(parts: &mut Parts, claim: &Claim<'_>, line: &ServiceLine<'_>) -> u64 {
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
