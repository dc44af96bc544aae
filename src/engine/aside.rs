//! Which claims of a patient's date stand aside: those that another one replaces or voids. And which are copies.

use std::io;

use crate::claim::{ClaimFact, Date, DayKey, LineFact};

use super::corrections::{Corrections, VOID};
use super::store::{Lines, Store};

/// The claims of a patient's date, sorted by what becomes of them.
pub(super) struct Standing {
    /// Those that count, by payer, replacements of nobody knows what after the others, and then in the order of the run.
    pub(super) claims: Vec<(ClaimFact, u32)>,
    /// Those replacements.
    unlinked: Vec<u32>,
    /// Copies of originals among them, each with the claim it copies: duplicates, which a rule names line by line.
    pub(super) copies: Vec<(u32, u32)>,
    /// Those that stand aside: what was replaced or voided, voids themselves, and replacements sent twice.
    pub(super) aside: Vec<u32>,
    /// Of those, the replacements sent twice: a payer takes the same replacement twice for one.
    pub(super) sent_twice: Vec<u32>,
}

impl Standing {
    /// The claims that make a day together: a part for each payer. A replacement of which nobody knows what it replaces may
    /// stand for any claim of its day, so that it is added to none of them.
    pub(super) fn by_payer(&self) -> impl Iterator<Item = &[(ClaimFact, u32)]> {
        let is_unlinked = |claim: &u32| self.unlinked.contains(claim);
        self.claims.chunk_by(move |(one, claim), (other, next)| {
            one.payer == other.payer && is_unlinked(claim) == is_unlinked(next)
        })
    }

    /// The claims of a part of [`Standing::by_payer`] with all others that may make a day with them: the replacements of nobody
    /// knows what, or what they may replace.
    pub(super) fn perhaps_with(&self, part: &[u32]) -> Vec<u32> {
        let payer = self.claims.iter().find(|(_, claim)| part.first() == Some(claim));
        let of_payer = |(fact, _): &&(ClaimFact, u32)| payer.is_some_and(|(one, _)| one.payer == fact.payer);
        let mut claims: Vec<u32> = self.claims.iter().filter(of_payer).map(|(_, claim)| *claim).collect();
        claims.sort_unstable();
        claims
    }

    /// Whether a part of [`Standing::by_payer`] may repeat what other claims of the day bill.
    pub(super) fn may_repeat(&self, part: &[(ClaimFact, u32)]) -> bool {
        let Some((fact, claim)) = part.first() else { return false };
        let is_other =
            |(other, known): &(ClaimFact, u32)| other.payer == fact.payer && !self.unlinked.contains(known);
        self.unlinked.contains(claim) && self.claims.iter().any(is_other)
    }
}

/// Sorts the claims that have keys on one date of one patient, whose claims `corrections` are of.
pub(super) fn standing(keys: &[DayKey], store: &Store, corrections: &Corrections) -> io::Result<Standing> {
    let mut all = Vec::with_capacity(keys.len());
    for key in keys {
        all.push((store.claim(key.claim)?, key.claim));
    }
    all.sort_by_key(|&(_, claim)| claim);
    let stands = |(fact, claim): &(ClaimFact, u32)| fact.frequency != VOID && !corrections.is_gone(*claim);
    let (mut claims, aside): (Vec<_>, Vec<_>) = all.iter().copied().partition(stands);
    // What stands aside is nothing that a claim could be a copy of.
    let copies = match keys.first() {
        Some(key) if claims.len() > 1 => copies(&claims, key.date, store)?,
        _ => Vec::new(),
    };
    claims.sort_by_key(|&(fact, claim)| (fact.payer, corrections.is_unlinked(claim), claim));
    let unlinked =
        claims.iter().map(|(_, claim)| *claim).filter(|claim| corrections.is_unlinked(*claim)).collect();
    let aside: Vec<u32> = aside.into_iter().map(|(_, claim)| claim).collect();
    let sent_twice = aside.iter().copied().filter(|claim| corrections.is_sent_twice(*claim)).collect();
    Ok(Standing { claims, unlinked, copies, aside, sent_twice })
}

/// Whether a claim neither replaces nor voids another: two such claims can be duplicates of each other.
pub(super) fn is_original(fact: &ClaimFact) -> bool {
    matches!(fact.frequency, 0 | b'1')
}

/// The originals that say on `date` just what an earlier one of the same number and payer says, with that one: a file
/// checked twice, or a backup beside the export. Adding them up would accuse a clean day.
fn copies(claims: &[(ClaimFact, u32)], date: Date, store: &Store) -> io::Result<Vec<(u32, u32)>> {
    let mut copies = Vec::new();
    for (at, (fact, claim)) in claims.iter().enumerate().filter(|(_, (fact, _))| is_original(fact)) {
        let alike = |(other, _): &&(ClaimFact, u32)| {
            fact.id != 0 && (other.id, other.payer, other.frequency) == (fact.id, fact.payer, fact.frequency)
        };
        for (_, earlier) in claims[..at].iter().filter(alike) {
            let (mut first, mut second) = (Lines::default(), Lines::default());
            store.lines_on(*earlier, date, &mut first)?;
            store.lines_on(*claim, date, &mut second)?;
            if say_the_same(&first.facts, &second.facts) {
                copies.push((*claim, *earlier));
                break;
            }
        }
    }
    Ok(copies)
}

/// Whether two claims' lines say the same.
pub(super) fn say_the_same(one: &[LineFact], other: &[LineFact]) -> bool {
    let said = |line: &LineFact| {
        let times = (line.minutes, line.start, line.end);
        (line.line, line.date, line.code, line.modifiers, line.units, line.charge, times, line.rendering)
    };
    one.iter().map(said).eq(other.iter().map(said))
}
