//! Which claims of a patient's date stand aside: originals that a replacement stands for. And which are copies.

use std::io;

use crate::claim::{ClaimFact, Date, LineFact};

use super::store::{Lines, Store};

/// Whether a replacement (frequency 7) among `claims` stands for this original: same number, same payer, same date.
pub(super) fn is_replaced(original: &ClaimFact, claims: &[(ClaimFact, u32)]) -> bool {
    original.id != 0
        && original.frequency != b'7'
        && claims.iter().any(|(other, _)| {
            other.frequency == b'7' && other.id == original.id && other.payer == original.payer
        })
}

/// Whether a claim neither replaces nor voids another: two such claims can be duplicates of each other.
pub(super) fn is_original(fact: &ClaimFact) -> bool {
    matches!(fact.frequency, 0 | b'1')
}

/// The claims that say on `date` just what an earlier claim of the same number and payer says, with that one: a file
/// checked twice, or a backup beside the export. Adding them up would accuse a clean day.
pub(super) fn copies(claims: &[(ClaimFact, u32)], date: Date, store: &Store) -> io::Result<Vec<(u32, u32)>> {
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
