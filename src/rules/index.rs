use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::bound::Bound;
use super::calls::{Calls, Seen, code_sets, is_called};
use super::{Rule, Scope, Tree};
use crate::claim::ProcedureCode;

/// Which rules a line's procedure code calls for, so that a line that no rule cares about costs almost nothing.
///
/// A rule may stand in a group without its condition holding; it never holds for a line outside its groups.
///
/// That of the built-in rules is carried with them, as it is serialized here.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Index {
    slots: Slots,
    groups: Box<[Calls]>,
    /// Rules over claims, but those that are bound to payers.
    pub(super) claim: Box<[u16]>,
    /// The rules that are bound to payers.
    pub(super) bound: Bound,
    /// Names of faults, sorted, with the rule that reports them.
    pub(super) faults: Box<[(String, u16)]>,
    /// Rules over a patient's day.
    pub(super) day: Box<[u16]>,
    /// Rules over a patient's course.
    pub(super) course: Box<[u16]>,
    /// Rules over a provider's day.
    pub(super) provider: Box<[u16]>,
    /// How many rules have a bit in a line's mask: those over more than a claim.
    pub(super) bits: usize,
}

/// Codes that some rule names, with their group, at the slot of the code or the next free one. A free slot holds the group of
/// lines without a usable code.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(from = "Named", into = "Named")]
struct Slots(Box<[(ProcedureCode, u16)]>);

/// The same as a list.
#[derive(Deserialize, Serialize)]
struct Named {
    /// The group of lines without a usable code.
    without: u16,
    codes: Vec<(ProcedureCode, u16)>,
}

impl Index {
    /// Numbers the day rules and builds the index. The first group is that of codes no rule names.
    pub(super) fn new(rules: &mut [Rule]) -> Index {
        let scopes: Vec<Scope> = rules.iter().map(Rule::scope).collect();
        let of_scope = |scope: Scope| {
            let of = scopes.iter().enumerate().filter(|(_, own)| **own == scope);
            of.map(|(index, _)| index as u16).collect::<Box<[u16]>>()
        };
        let day = of_scope(Scope::Day);
        let year = of_scope(Scope::PatientYear);
        let course = of_scope(Scope::Course);
        let provider = of_scope(Scope::ProviderDay);
        let beyond = day.iter().chain(&year).chain(&course).chain(&provider);
        for (bit, &rule) in beyond.enumerate() {
            rules[usize::from(rule)].day_bit = Some(bit as u16);
        }
        let bits = day.len() + year.len() + course.len() + provider.len();
        let bound = Bound::new(rules, &scopes);
        let (slots, groups) = grouped(&Seen::all(rules), &bound, bits.div_ceil(64));
        let claim = of_scope(Scope::Claim).iter().copied().filter(|rule| !bound.holds(*rule)).collect();
        let mut faults = Vec::new();
        for (index, rule) in rules.iter().enumerate() {
            if let super::Check::Structure { faults: names } = &rule.check {
                faults.extend(names.iter().map(|name| (name.clone(), index as u16)));
            }
        }
        faults.sort();
        Index { slots, groups, claim, bound, faults: faults.into(), bits, day, course, provider }
    }

    /// What a code calls for; nothing, if there are no rules at all.
    pub(super) fn calls_for(&self, code: ProcedureCode) -> Option<&Calls> {
        let group = self.group_of(code).unwrap_or(0);
        self.groups.get(usize::from(group))
    }

    /// The group of a code, if rules name it.
    fn group_of(&self, code: ProcedureCode) -> Option<u16> {
        let Slots(slots) = &self.slots;
        let mut slot = slot_of(code, slots.len());
        loop {
            match *slots.get(slot)? {
                (known, group) if known == code => return Some(group),
                (ProcedureCode::NONE, _) => return None,
                _ => slot = (slot + 1) & (slots.len() - 1),
            }
        }
    }

    /// Whether lines with `code` call for a rule with this `when`, be it bound to a payer or not.
    pub(super) fn calls(&self, when: &Tree, code: ProcedureCode) -> bool {
        is_called(when, self.group_of(code).map(|_| code))
    }
}

/// What every code calls for that a rule names, and all others; without what is bound to payers.
fn grouped(seen: &[Seen<'_>], bound: &Bound, words: usize) -> (Slots, Box<[Calls]>) {
    // Each code that rules name with a rule that demands it, and each code with a set that it stands in.
    let (mut demands, mut standing) = (Vec::new(), Vec::new());
    let mut of_any = Vec::new();
    for (index, rule) in (0..).zip(seen) {
        match rule.codes() {
            Some(codes) => demands.extend(codes.iter().map(|code| (*code, index))),
            None if bound.holds(index) => {}
            None => of_any.push(index),
        }
    }
    for (set, codes) in (0_u16..).zip(code_sets(seen)) {
        codes.each(|code| standing.extend(ProcedureCode::new(code).map(|code| (code, set))));
    }
    demands.sort_unstable_by_key(in_order);
    standing.sort_unstable_by_key(in_order);
    let unnamed = Calls::new(seen, &of_any, words, None);
    let mut numbers = BTreeMap::from([(unnamed.clone(), 0)]);
    let mut groups = vec![unnamed];
    // Codes that stand in the same sets call for the same, and there are few such sets.
    let mut by_sets: HashMap<(bool, Vec<u16>), u16> = HashMap::new();
    let codes = demands.chunk_by(|(one, _), (other, _)| one == other).filter_map(|demands| {
        let &(code, _) = demands.first()?;
        let from = standing.partition_point(|(known, _)| *known < code);
        let own = standing[from..].iter().take_while(|(known, _)| *known == code);
        let sets = own.map(|(_, set)| *set).collect();
        let number = by_sets.entry((code == ProcedureCode::NONE, sets)).or_insert_with(|| {
            let own = demands.iter().map(|(_, rule)| *rule).filter(|rule| !bound.holds(*rule));
            let mut candidates: Vec<u16> = own.chain(of_any.iter().copied()).collect();
            candidates.sort_unstable();
            let group = Calls::new(seen, &candidates, words, Some(code));
            *numbers.entry(group.clone()).or_insert_with(|| {
                let number = groups.len() as u16;
                groups.push(Calls { number, ..group });
                number
            })
        });
        Some((code, *number))
    });
    let mut codes: Vec<(ProcedureCode, u16)> = codes.collect();
    let without = codes.iter().position(|(code, _)| *code == ProcedureCode::NONE);
    let without = without.map_or(0, |at| codes.remove(at).1);
    (Named { without, codes }.into(), groups.into())
}

/// Sorts by the code, then by the number.
fn in_order(&(code, number): &(ProcedureCode, u16)) -> u64 {
    let [a, b, c, d, e] = *code.as_bytes();
    let [high, low] = number.to_be_bytes();
    u64::from_be_bytes([0, a, b, c, d, e, high, low])
}

impl From<Named> for Slots {
    fn from(Named { without, codes }: Named) -> Slots {
        let mut slots = vec![(ProcedureCode::NONE, without); (codes.len() * 4).next_power_of_two().max(16)];
        for (code, group) in codes {
            let mut slot = slot_of(code, slots.len());
            while slots[slot].0 != ProcedureCode::NONE {
                slot = (slot + 1) & (slots.len() - 1);
            }
            slots[slot] = (code, group);
        }
        Slots(slots.into())
    }
}

impl From<Slots> for Named {
    fn from(Slots(slots): Slots) -> Named {
        let (codes, free): (Vec<_>, Vec<_>) =
            slots.iter().copied().partition(|(code, _)| *code != ProcedureCode::NONE);
        Named { without: free.first().map_or(0, |(_, group)| *group), codes }
    }
}

/// Where to look first for a code among `slots` slots, a power of two.
fn slot_of(code: ProcedureCode, slots: usize) -> usize {
    let [a, b, c, d, e] = *code.as_bytes();
    let mixed = u64::from_le_bytes([a, b, c, d, e, 0, 0, 0]).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 40) as usize & slots.saturating_sub(1)
}
