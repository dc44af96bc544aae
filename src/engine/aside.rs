//! Which claims of a patient's date stand aside: originals that a replacement stands for. And which are copies.

use std::io;

use crate::claim::{ClaimFact, Date, DayKey, LineFact};

use super::store::{Lines, Store};

/// The claims of a patient's date, sorted by what becomes of them.
pub(super) struct Standing {
    /// Those that count, by payer and then in the order of the run.
    pub(super) claims: Vec<(ClaimFact, u32)>,
    /// Copies of originals among them, each with the claim it copies: duplicates, which a rule names line by line.
    pub(super) copies: Vec<(u32, u32)>,
    /// Those that stand aside: what was replaced or voided, voids themselves, and replacements sent twice.
    pub(super) aside: Vec<u32>,
    /// Of those, the replacements sent twice: a payer takes the same replacement twice for one.
    pub(super) sent_twice: Vec<u32>,
}

impl Standing {
    /// The claims that count, a part for each payer.
    pub(super) fn by_payer(&self) -> impl Iterator<Item = &[(ClaimFact, u32)]> {
        self.claims.chunk_by(|(one, _), (other, _)| one.payer == other.payer)
    }
}

/// Sorts the claims that have keys on one date of one patient.
pub(super) fn standing(keys: &[DayKey], store: &Store) -> io::Result<Standing> {
    let mut all = Vec::with_capacity(keys.len());
    for key in keys {
        all.push((store.claim(key.claim)?, key.claim));
    }
    all.sort_by_key(|&(_, claim)| claim);
    let copies = match keys.first() {
        Some(key) if keys.len() > 1 => copies(&all, key.date, store)?,
        _ => Vec::new(),
    };
    let is_original = |copy: u32| all.iter().any(|(fact, claim)| *claim == copy && is_original(fact));
    let (copies, sent_twice): (Vec<_>, Vec<_>) = copies.into_iter().partition(|(copy, _)| is_original(*copy));
    let sent_twice: Vec<u32> = sent_twice.into_iter().map(|(copy, _)| copy).collect();
    let counts: Vec<(ClaimFact, u32)> =
        all.iter().copied().filter(|(_, claim)| !sent_twice.contains(claim)).collect();
    let stands = |(fact, claim): &(ClaimFact, u32)| {
        fact.frequency != VOID && !sent_twice.contains(claim) && !is_superseded(fact, *claim, &counts)
    };
    let (mut claims, aside): (Vec<_>, Vec<_>) = all.iter().copied().partition(stands);
    claims.sort_by_key(|&(fact, claim)| (fact.payer, claim));
    Ok(Standing { claims, copies, aside: aside.into_iter().map(|(_, claim)| claim).collect(), sent_twice })
}

/// CLM05-3 of a claim that replaces an earlier one, and of one that voids it.
pub(super) const REPLACEMENT: u8 = b'7';
pub(super) const VOID: u8 = b'8';

/// Whether another claim of the same number, payer and date stands for this one: a replacement for an original, the last of
/// several replacements for the earlier ones, a void for what came before it.
pub(super) fn is_superseded(fact: &ClaimFact, claim: u32, claims: &[(ClaimFact, u32)]) -> bool {
    let is_same = |other: &ClaimFact| fact.id != 0 && other.id == fact.id && other.payer == fact.payer;
    claims.iter().any(|(other, at)| {
        is_same(other)
            && match other.frequency {
                REPLACEMENT => fact.frequency != REPLACEMENT || claim < *at,
                VOID => claim < *at,
                _ => false,
            }
    })
}

/// Whether a claim neither replaces nor voids another: two such claims can be duplicates of each other.
pub(super) fn is_original(fact: &ClaimFact) -> bool {
    matches!(fact.frequency, 0 | b'1')
}

/// The claims that say on `date` just what an earlier claim of the same number and payer says, with that one: a file
/// checked twice, or a backup beside the export. Adding them up would accuse a clean day.
fn copies(claims: &[(ClaimFact, u32)], date: Date, store: &Store) -> io::Result<Vec<(u32, u32)>> {
    let mut copies = Vec::new();
    for (at, (fact, claim)) in claims.iter().enumerate() {
        let alike = |(other, _): &&(ClaimFact, u32)| {
            fact.id != 0 && (other.id, other.payer, other.frequency) == (fact.id, fact.payer, fact.frequency)
        };
        for (_, earlier) in claims[..at].iter().filter(alike) {
            if says_the_same(*earlier, *claim, date, store)? {
                copies.push((*claim, *earlier));
                break;
            }
        }
    }
    Ok(copies)
}

fn says_the_same(one: u32, other: u32, date: Date, store: &Store) -> io::Result<bool> {
    let (mut first, mut second) = (Lines::default(), Lines::default());
    store.lines_on(one, date, &mut first)?;
    store.lines_on(other, date, &mut second)?;
    let said = |line: &LineFact| {
        let times = (line.minutes, line.start, line.end);
        (line.line, line.code, line.modifiers, line.units, line.charge, times, line.rendering)
    };
    Ok(first.facts.iter().map(said).eq(second.facts.iter().map(said)))
}
