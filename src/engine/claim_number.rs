//! Claim numbers (CLM01) that stand on more than one claim of the run. Needs the whole batch, so it is looked for when
//! the run settles.

use std::io;

use crate::checks::{Hit, Pointer, Takes};
use crate::claim::{ClaimFact, Fact, LineRef};
use crate::rules::{Check, Edit, Policy, RuleSet};

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

/// One remark for the run, if a rule asks for it: practices that send the patient's account number repeat it on every
/// claim, and a remark on each would bury what matters. `is_known` says of a claim that something worse was said of it
/// already: it is billed twice. `policy` gives what is different about the rules for a claim's payer.
pub(super) fn repeated<'p>(
    store: &Store,
    rules: &RuleSet,
    is_known: impl Fn(u32) -> bool,
    policy: impl Fn(&ClaimFact) -> Option<&'p Policy>,
) -> io::Result<Vec<Hit>> {
    let asks = |check: &Check| matches!(check, Check::Edit { edit: Edit::Identifier, faults } if faults.contains(&FAULT));
    let asking: Vec<u16> =
        (0_u16..).zip(&rules.rules).filter(|(_, rule)| asks(&rule.check)).map(|(index, _)| index).collect();
    if asking.is_empty() {
        return Ok(Vec::new());
    }
    let mut numbered = Sorter::new();
    for claim in store.batch() {
        let fact = store.claim(claim)?;
        let is_off = |rule: &u16| policy(&fact).is_some_and(|policy| policy.is_off(*rule));
        if asking.iter().all(is_off) {
            continue;
        }
        // A claim to a second payer bears the number of that to the first, and a replacement that of its original.
        if fact.id != 0 && aside::is_original(&fact) {
            numbered.push(Numbered { id: fact.id ^ fact.payer.rotate_left(32), claim });
        }
    }
    let mut sorted = numbered.sorted()?;
    let (mut numbers, mut claims) = (0_u64, 0_u64);
    let mut first: Option<(u32, u32)> = None;
    let mut group: Vec<u32> = Vec::new();
    let mut next = sorted.next()?;
    while let Some(Numbered { id, claim }) = next {
        group.clear();
        group.push(claim);
        next = sorted.next()?;
        while let Some(other) = next.filter(|other| other.id == id) {
            if !is_known(other.claim) {
                group.push(other.claim);
            }
            next = sorted.next()?;
        }
        if let [one, other, ..] = group[..] {
            numbers += 1;
            claims += group.len() as u64;
            first = Some(first.map_or((other, one), |first| first.min((other, one))));
        }
    }
    let Some((claim, earlier)) = first else { return Ok(Vec::new()) };
    let pointer = |claim: u32, text: &str| Pointer {
        at: LineRef { claim, line: 0 },
        fact: Fact::ClaimId,
        item: 0,
        text: text.to_owned(),
    };
    let hit = |rule: u16| Hit {
        rule,
        outcome: FAULT,
        primary: pointer(claim, "an earlier claim bears it too"),
        related: vec![pointer(earlier, "the earlier claim")],
        values: vec![("numbers", numbers.to_string()), ("claims", claims.to_string())],
        takes: Takes::Nothing,
    };
    Ok(asking.into_iter().map(hit).collect())
}
