//! What the replacements and voids of one patient do to the patient's other claims.
//!
//! A replacement (CLM05-3 of 7) and a void (8) name their original by the payer's own number (REF*F8), which no original
//! bears. What links them here is the claim number (CLM01), where the biller kept it, with the days and codes they share.

use std::collections::HashSet;
use std::io;

use crate::claim::{ClaimFact, Date, DayKey, LineFact};

use super::aside::say_the_same;
use super::store::{Lines, Store};

/// CLM05-3 of a claim that replaces an earlier one, and of one that voids it.
pub(super) const REPLACEMENT: u8 = b'7';
pub(super) const VOID: u8 = b'8';

/// Claims by index that corrections of their patient concern.
#[derive(Debug, Default)]
pub(super) struct Corrections {
    gone: HashSet<u32>,
    sent_twice: HashSet<u32>,
    unlinked: HashSet<u32>,
}

/// A claim with its days.
struct Numbered {
    claim: u32,
    fact: ClaimFact,
    dates: Vec<Date>,
}

impl Numbered {
    fn is_correction(&self) -> bool {
        is_correction(&self.fact)
    }

    fn shares_a_day(&self, other: &Numbered) -> bool {
        self.dates.iter().any(|date| other.dates.contains(date))
    }
}

/// Whether a claim replaces or voids another.
pub(super) fn is_correction(fact: &ClaimFact) -> bool {
    matches!(fact.frequency, REPLACEMENT | VOID)
}

impl Corrections {
    /// Of the claims of one patient, whose keys these are.
    pub(super) fn of(keys: &[DayKey], store: &Store) -> io::Result<Corrections> {
        if !store.has_corrections() {
            return Ok(Corrections::default());
        }
        let mut by_claim: Vec<(u32, Date)> = keys.iter().map(|key| (key.claim, key.date)).collect();
        by_claim.sort_unstable();
        let mut claims = Vec::new();
        for days in by_claim.chunk_by(|one, next| one.0 == next.0) {
            let claim = days[0].0;
            let dates = days.iter().map(|(_, date)| *date).collect();
            claims.push(Numbered { claim, fact: store.claim(claim)?, dates });
        }
        Corrections::among(claims, store)
    }

    /// Of the claims that bear the number of one, whosever they are, as far as the run has corrections of that number for
    /// `person`.
    pub(super) fn of_number(claim: u32, person: u64, store: &Store) -> io::Result<Corrections> {
        let id = store.claim(claim)?.id;
        let is_theirs = |&&(_, known, _): &&(u32, u64, Date)| known == 0 || known == person;
        let superseding: Vec<_> = store.superseding(id).iter().filter(is_theirs).collect();
        if superseding.is_empty() {
            return Ok(Corrections::default());
        }
        let mut claims = Vec::new();
        for &known in store.numbered(id) {
            let fact = store.claim(known)?;
            let dates: Vec<Date> = if is_correction(&fact) {
                superseding.iter().filter(|(claim, ..)| *claim == known).map(|(.., date)| *date).collect()
            } else {
                let mut lines = Lines::default();
                store.lines_of(known, &mut lines)?;
                lines.facts.iter().map(|line| line.date).collect()
            };
            if !dates.is_empty() {
                claims.push(Numbered { claim: known, fact, dates });
            }
        }
        Corrections::among(claims, store)
    }

    /// `claims` stand in the order of the run.
    fn among(mut claims: Vec<Numbered>, store: &Store) -> io::Result<Corrections> {
        let mut corrections = Corrections::default();
        if !claims.iter().any(Numbered::is_correction) {
            return Ok(corrections);
        }
        claims.sort_by_key(|one| (one.fact.payer, one.fact.id, one.claim));
        let is_of_one = |one: &Numbered, next: &Numbered| {
            (one.fact.payer, one.fact.id) == (next.fact.payer, next.fact.id) && one.fact.id != 0
        };
        for group in claims.chunk_by(is_of_one) {
            for at in (0..group.len()).filter(|&at| group[at].is_correction()) {
                corrections.apply(group, at, store)?;
            }
        }
        Ok(corrections)
    }

    /// Puts aside what the correction `at` of a group of one number stands for: earlier claims that share a day with it and,
    /// if some do, a procedure code. A replacement that comes before its original, as files may be given in any order, takes
    /// a later one; and with an original go its copies. A claim of the number on other days is another visit's: many
    /// practices send the patient's account number.
    fn apply(&mut self, group: &[Numbered], at: usize, store: &Store) -> io::Result<()> {
        let own = &group[at];
        let own_lines = lines_of(own, store)?;
        let shares_a_code = |other: &Numbered| -> io::Result<bool> {
            let others = lines_of(other, store)?;
            Ok(others.iter().any(|line| own_lines.iter().any(|own| own.code == line.code)))
        };
        let is_replacement = own.fact.frequency == REPLACEMENT;
        let mut targets: Vec<&Numbered> = Vec::new();
        let mut is_sent_twice = false;
        for other in &group[..at] {
            if other.fact.frequency == VOID || self.gone.contains(&other.claim) {
                continue;
            }
            let is_like = is_replacement && other.fact.frequency == REPLACEMENT;
            if is_like && say_the_same(&lines_of(other, store)?, &own_lines) {
                is_sent_twice = true;
                continue;
            }
            if other.shares_a_day(own) {
                targets.push(other);
            }
        }
        // What it stands for is gone already, with its copies.
        if is_sent_twice {
            self.gone.insert(own.claim);
            self.sent_twice.insert(own.claim);
            return Ok(());
        }
        let later = || group[at + 1..].iter().filter(|one| !one.is_correction());
        if targets.is_empty() && is_replacement {
            targets.extend(later().filter(|one| one.shares_a_day(own)));
        }
        if targets.len() > 1 {
            let mut closer = Vec::new();
            for &target in &targets {
                if shares_a_code(target)? {
                    closer.push(target);
                }
            }
            if !closer.is_empty() {
                targets = closer;
            }
        }
        if targets.is_empty() && is_replacement {
            self.unlinked.insert(own.claim);
        }
        for target in targets {
            self.gone.insert(target.claim);
            if !is_replacement {
                continue;
            }
            let said = lines_of(target, store)?;
            for copy in later().filter(|one| one.shares_a_day(target)) {
                if say_the_same(&said, &lines_of(copy, store)?) {
                    self.gone.insert(copy.claim);
                }
            }
        }
        Ok(())
    }

    /// Whether another claim stands for this one, or it was sent twice.
    pub(super) fn is_gone(&self, claim: u32) -> bool {
        self.gone.contains(&claim)
    }

    /// Whether it is a replacement that says what an earlier one says.
    pub(super) fn is_sent_twice(&self, claim: u32) -> bool {
        self.sent_twice.contains(&claim)
    }

    /// Whether it replaces nobody knows what: a claim that is not of the run, or one of another number.
    pub(super) fn is_unlinked(&self, claim: u32) -> bool {
        self.unlinked.contains(&claim)
    }
}

fn lines_of(one: &Numbered, store: &Store) -> io::Result<Vec<LineFact>> {
    let mut lines = Lines::default();
    store.lines_of(one.claim, &mut lines)?;
    Ok(lines.facts)
}
