//! Claim numbers (CLM01) that stand on more than one claim of the run. Needs the whole batch, so it is looked for when
//! the run settles.

use std::io;

use crate::checks::{Hit, Pointer, Takes};
use crate::claim::{ClaimFact, Fact, LineRef};
use crate::rules::{Check, Edit, RuleSet};
use crate::side::Judged;

use super::aside;
use super::spill::{Fields, Record, Sorter};
use super::store::Store;

/// The name of the fault: an outcome of the kind `identifier`.
const FAULT: &str = "claim-number-repeated";

/// A claim by the hash of its number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Numbered {
    id: u64,
    claim: u32,
}

impl Record for Numbered {
    const SIZE: usize = 12;

    fn write(&self, into: &mut Vec<u8>) {
        into.extend(self.id.to_le_bytes());
        into.extend(self.claim.to_le_bytes());
    }

    fn read(from: &mut Fields<'_>) -> Self {
        Numbered { id: u64::from_le_bytes(from.take()), claim: u32::from_le_bytes(from.take()) }
    }
}

/// What settling knows of claims whose numbers are repeated.
pub(super) struct Known<'k> {
    /// Whether something worse was said of a claim already: it is billed twice.
    pub(super) is_billed_twice: &'k dyn Fn(u32) -> bool,
    /// Whether the payer of a claim with these facts is spared a rule.
    pub(super) is_off: &'k dyn Fn(u16, &ClaimFact) -> bool,
    /// What the suppressions say of a remark of a rule on a claim.
    pub(super) judge: &'k dyn Fn(u16, u32) -> io::Result<Judged>,
}

/// A remark, and the entries of the suppressions that it meets in all the claims it could be about.
pub(super) struct Remark {
    pub(super) hit: Hit,
    pub(super) met: Vec<u32>,
}

/// One remark for the run, if a rule asks for it: practices that send the patient's account number repeat it on every
/// claim, and a remark on each would bury what matters. Claims that the user has said are no fault are left out of it;
/// numbers that fall out with them have a remark of their own, which is suppressed.
pub(super) fn repeated(store: &Store, rules: &RuleSet, known: &Known<'_>) -> io::Result<Vec<Remark>> {
    let asks = |check: &Check| matches!(check, Check::Edit { edit: Edit::Identifier, faults } if faults.contains(&FAULT));
    let mut remarks = Vec::new();
    for (number, rule) in (0_u16..).zip(&rules.rules) {
        if asks(&rule.check) {
            remarks.extend(repeated_by(number, store, known)?);
        }
    }
    Ok(remarks)
}

fn repeated_by(rule: u16, store: &Store, known: &Known<'_>) -> io::Result<Vec<Remark>> {
    let mut numbered = Sorter::new();
    for claim in store.batch() {
        let fact = store.claim(claim)?;
        // A claim to a second payer bears the number of that to the first, and a replacement that of its original.
        if fact.id != 0 && aside::is_original(&fact) && !(known.is_off)(rule, &fact) {
            numbered.push(Numbered { id: fact.id ^ fact.payer.rotate_left(32), claim });
        }
    }
    let mut sorted = numbered.sorted()?;
    let (mut standing, mut suppressed) = (Tally::default(), Tally::default());
    let (mut group, mut left): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
    let mut met: Vec<u32> = Vec::new();
    let mut next = sorted.next()?;
    while let Some(Numbered { id, claim }) = next {
        group.clear();
        group.push(claim);
        next = sorted.next()?;
        while let Some(other) = next.filter(|other| other.id == id) {
            if !(known.is_billed_twice)(other.claim) {
                group.push(other.claim);
            }
            next = sorted.next()?;
        }
        let [one, other, ..] = group[..] else { continue };
        left.clear();
        for &claim in &group {
            let judged = (known.judge)(rule, claim)?;
            met.extend(judged.met);
            if judged.accepted.is_none() {
                left.push(claim);
            }
        }
        match left[..] {
            [one, other, ..] => standing.add(other, one, left.len()),
            // A remark stands in a claim that is left out.
            _ if left.contains(&other) => suppressed.add(one, other, group.len()),
            _ => suppressed.add(other, one, group.len()),
        }
    }
    met.sort_unstable();
    met.dedup();
    let hits = [standing, suppressed].into_iter().filter_map(|tally| tally.hit(rule));
    Ok(hits.map(|hit| Remark { hit, met: met.clone() }).collect())
}

/// Numbers that are repeated, and the first claim to say it of with the other that it is told beside.
#[derive(Default)]
struct Tally {
    numbers: u64,
    claims: u64,
    first: Option<(u32, u32)>,
}

impl Tally {
    fn add(&mut self, claim: u32, beside: u32, claims: usize) {
        self.numbers += 1;
        self.claims += claims as u64;
        let own = (claim, beside);
        self.first = Some(self.first.map_or(own, |first| first.min(own)));
    }

    fn hit(self, rule: u16) -> Option<Hit> {
        let (claim, beside) = self.first?;
        let pointer = |claim: u32, text: &str| Pointer {
            at: LineRef { claim, line: 0 },
            fact: Fact::ClaimId,
            item: 0,
            text: text.to_owned(),
        };
        let (own, other) = if beside < claim {
            ("an earlier claim bears it too", "the earlier claim")
        } else {
            ("a later claim bears it too", "the later claim")
        };
        Some(Hit {
            rule,
            outcome: FAULT,
            primary: pointer(claim, own),
            related: vec![pointer(beside, other)],
            values: vec![("numbers", self.numbers.to_string()), ("claims", self.claims.to_string())],
            takes: Takes::Nothing,
        })
    }
}
