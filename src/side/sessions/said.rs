//! What the claims that a row fits tell of its session: one that is billed twice, or two that share a number.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::fit::Place;
use crate::claim::{Claim, Date, ProcedureCode, Text};

/// What a claim tells of the session of a row that fits it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Said {
    session: Session,
    /// [`Claim::person_key`].
    person: Option<u64>,
    is_replacement: bool,
    /// Of time that the claim does not bill: all that it bills on the day.
    beside: Option<u64>,
}

/// What was done, and from when to when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Session {
    code: ProcedureCode,
    days: Option<(Date, Date)>,
}

impl Session {
    /// Whether it says enough to be known again in another claim.
    fn is_known(&self) -> bool {
        self.code != ProcedureCode::NONE && self.days.is_some()
    }
}

impl Said {
    /// `None` where the claim has no such place.
    pub(super) fn of(claim: &Claim<'_>, place: Place) -> Option<Said> {
        let (session, beside) = match place {
            Place::Line(line) => {
                let line = claim.lines.get(line)?;
                let first = line.service_date.value;
                let days = first.map(|first| (first, line.service_date_end.value.unwrap_or(first)));
                (Session { code: line.code(), days }, None)
            }
            Place::Unbilled(code, date) => {
                (Session { code, days: Some((date, date)) }, Some(billed_on(claim, date)))
            }
        };
        let is_replacement = claim.frequency == "7";
        Some(Said { session, person: claim.person_key(), is_replacement, beside })
    }
}

/// A hash that is equal for claims that bill the same on `date`.
fn billed_on(claim: &Claim<'_>, date: Date) -> u64 {
    let mut hash = DefaultHasher::new();
    for line in claim.lines.iter().filter(|line| line.service_date.value == Some(date)) {
        let rendering = claim.rendering(line.number).map_or(Text::ABSENT, |provider| provider.npi);
        (line.number, line.code(), line.modifier_set(), claim.discipline(line)).hash(&mut hash);
        (line.units.value, line.charge.value, rendering.bytes()).hash(&mut hash);
        (line.minutes.value, line.start.value, line.end.value).hash(&mut hash);
    }
    hash.finish()
}

/// What the claims of a run that a row fits tell of it, in any order.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Match {
    seen: bool,
    unclear: bool,
    contradicts: bool,
    session: Option<Session>,
    /// Of those that replace no other.
    beside: Option<Option<u64>>,
    /// By a number, and by name and birth date: the two cannot be compared.
    persons: [Option<u64>; 2],
}

impl Match {
    /// Takes note of a claim. Without `said` it is not plain what the row means in it.
    pub(super) fn add(&mut self, said: Option<Said>, contradicts: bool) {
        self.seen = true;
        self.contradicts |= contradicts;
        let Some(Said { session, person, is_replacement, beside }) = said else {
            self.unclear = true;
            return;
        };
        self.unclear |= self.session.is_some() && !session.is_known();
        self.unclear |= differs(&mut self.session, session);
        // A replacement may bill what its original left out, and the other way round. Two originals both count.
        self.unclear |= !is_replacement && differs(&mut self.beside, beside);
        if let Some(person) = person {
            self.unclear |= differs(&mut self.persons[(person & 1) as usize], person);
        }
    }

    /// Whether a claim fits.
    pub(super) const fn is_seen(&self) -> bool {
        self.seen
    }

    /// Whether all claims that fit tell of one session: one and its copy, its replacement, or the same to another payer.
    pub(super) const fn is_plain(&self) -> bool {
        self.seen && !self.unclear
    }

    /// Whether a claim that fits says something else.
    pub(super) const fn contradicts(&self) -> bool {
        self.contradicts
    }
}

/// Whether something else was kept before.
fn differs<T: Copy + PartialEq>(kept: &mut Option<T>, new: T) -> bool {
    *kept.get_or_insert(new) != new
}
