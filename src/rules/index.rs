use std::collections::{BTreeMap, BTreeSet};

use super::facets::{self, Facets};
use super::{CodeSet, Rule, Scope, Test, Tree};
use crate::claim::{Fact, ProcedureCode};

/// Which rules a line's procedure code calls for, so that a line that no rule cares about costs almost nothing.
///
/// A rule may stand in a group without its condition holding; it never holds for a line outside its groups.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// Codes that some rule names, with their group, at the slot of the code or the next free one. A free slot holds
    /// the group of lines without a usable code.
    slots: Box<[(ProcedureCode, u16)]>,
    groups: Box<[Calls]>,
    /// Rules over claims.
    pub(super) claim: Box<[u16]>,
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

/// The rules that lines of one procedure code call for, in the order of the rules. A condition that the code alone
/// decides is decided here, once, and not for each line.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Calls {
    /// Which of all the calls these are.
    pub number: u16,
    /// Facets of lines that agree in which some of the rules say the same, by the bits of [`LineCall::recalled_by`].
    pub groups: Box<[Facets]>,
    /// The bits of all groups.
    pub all_groups: u64,
    /// The facets of all groups.
    pub facets: Facets,
    /// Line rules.
    pub line: Box<[LineCall]>,
    /// Whether some of the line rules are in no group.
    pub some_are_alone: bool,
    /// Day rules.
    pub day: Box<[u16]>,
    /// Bits ([`Rule::day_bit`]) of the day rules whose `when` certainly holds, in [`super::RuleSet::day_words`] words.
    pub certain_days: Box<[u64]>,
    /// The other day rules, by what is left to ask of the line.
    pub open_days: Box<[OpenDays]>,
}

/// A line rule that lines of a code call for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LineCall {
    /// Its index.
    pub rule: u16,
    /// What is left to ask of the line: parts of its `when` ([`Tree::holds_of`]).
    pub left: u64,
    /// The bit of its group in [`Calls::groups`]; 0, if it must be put to every line.
    pub recalled_by: u64,
}

/// Day rules that ask the same of a line, so that it is asked once.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct OpenDays {
    /// As [`LineCall::recalled_by`].
    pub recalled_by: u64,
    /// One of them, whose `when` answers for all.
    pub rule: u16,
    /// The parts of it that are left to ask ([`Tree::holds_of`]).
    pub left: u64,
    /// The bits of them all, in [`super::RuleSet::day_words`] words.
    pub bits: Box<[u64]>,
}

/// The parts of a rule's `when` that must all hold. Equal numbers are equal parts.
type Parts<'r> = Vec<(usize, &'r Tree)>;

/// Numbers the parts of every rule's `when`. Of two parts that are written alike nobody can tell which is which.
fn parts_of(rules: &[Rule]) -> Vec<Parts<'_>> {
    let mut numbers = BTreeMap::new();
    let mut number = |part: &Tree| {
        let next = numbers.len();
        *numbers.entry(format!("{part:?}")).or_insert(next)
    };
    let all = rules.iter().map(|rule| match &rule.when {
        Tree::All(parts) => parts.iter().map(|part| (number(part), part)).collect(),
        whole => vec![(number(whole), whole)],
    });
    all.collect()
}

/// The groups of the calls that are being put together.
#[derive(Default)]
struct Groups(Vec<Facets>);

impl Groups {
    /// The bit of those that look at `facets`; 0 where nothing says what they look at, or there are too many groups.
    fn bit(&mut self, facets: Option<Facets>) -> u64 {
        let Some(facets) = facets.map(facets::widened) else { return 0 };
        let known = self.0.iter().position(|one| *one == facets);
        let at = known.unwrap_or_else(|| {
            if self.0.len() < 64 {
                self.0.push(facets);
            }
            self.0.len() - 1
        });
        if self.0.get(at) == Some(&facets) { 1 << at } else { 0 }
    }
}

impl Calls {
    /// The calls of lines with `code`; without one, of lines whose code no rule names.
    fn new(
        rules: &[Rule],
        parts: &[Parts<'_>],
        wanted: &[Option<BTreeSet<ProcedureCode>>],
        code: Option<ProcedureCode>,
    ) -> Calls {
        let mut groups = Groups::default();
        let mut line = Vec::new();
        let mut day = Vec::new();
        let mut open_days: Vec<(Vec<usize>, OpenDays)> = Vec::new();
        let days = rules.iter().filter(|rule| rule.day_bit.is_some()).count();
        let mut certain_days = vec![0; days.div_ceil(64)];
        for (index, (rule, wanted)) in rules.iter().zip(wanted).enumerate() {
            let index = index as u16;
            let known = decided(&rule.when, code);
            let named = wanted.as_ref().is_none_or(|wanted| code.is_some_and(|code| wanted.contains(&code)));
            if !named || known == Some(false) {
                continue;
            }
            let is_open = |(_, part): &(usize, &Tree)| decided(part, code) != Some(true);
            let own = &parts[usize::from(index)];
            let left = match known {
                Some(_) => 0,
                None => own
                    .iter()
                    .enumerate()
                    .filter(|(_, part)| is_open(part))
                    .fold(0, |left, (at, _)| left | 1_u64.checked_shl(at as u32).unwrap_or(u64::MAX)),
            };
            match (rule.scope(), rule.day_bit) {
                (Scope::Line, _) => {
                    let recalled_by = groups.bit(facets::of_rule(rule, left));
                    line.push(LineCall { rule: index, left, recalled_by });
                }
                (Scope::Day | Scope::PatientYear | Scope::Course | Scope::ProviderDay, Some(bit)) => {
                    day.push(index);
                    match known {
                        Some(_) => certain_days[usize::from(bit / 64)] |= 1 << (bit % 64),
                        None => {
                            let open = own.iter().filter(|part| is_open(part));
                            let asks: Vec<usize> = open.map(|&(number, _)| number).collect();
                            let known = open_days.iter().position(|(asked, _)| *asked == asks);
                            let known = known.unwrap_or_else(|| {
                                let bits = vec![0; certain_days.len()].into();
                                let recalled_by = groups.bit(facets::of_parts(&rule.when, left));
                                open_days.push((asks, OpenDays { recalled_by, rule: index, left, bits }));
                                open_days.len() - 1
                            });
                            open_days[known].1.bits[usize::from(bit / 64)] |= 1 << (bit % 64);
                        }
                    }
                }
                _ => {}
            }
        }
        let all_groups = groups.0.iter().enumerate().fold(0, |all, (at, _)| all | 1 << at);
        Calls {
            number: 0,
            facets: groups.0.iter().fold(Facets::NONE, |all, one| all.and(*one)),
            groups: groups.0.into(),
            all_groups,
            some_are_alone: line.iter().any(|call| call.recalled_by == 0),
            line: line.into(),
            day: day.into(),
            certain_days: certain_days.into(),
            open_days: open_days.into_iter().map(|(_, open)| open).collect(),
        }
    }
}

impl Index {
    /// Numbers the day rules and builds the index. The first group is that of codes no rule names.
    pub(super) fn new(rules: &mut [Rule]) -> Index {
        let of_scope = |rules: &[Rule], scope: Scope| {
            let of = rules.iter().enumerate().filter(|(_, rule)| rule.scope() == scope);
            of.map(|(index, _)| index as u16).collect::<Box<[u16]>>()
        };
        let day = of_scope(rules, Scope::Day);
        let year = of_scope(rules, Scope::PatientYear);
        let course = of_scope(rules, Scope::Course);
        let provider = of_scope(rules, Scope::ProviderDay);
        let beyond = day.iter().chain(&year).chain(&course).chain(&provider);
        for (bit, &rule) in beyond.enumerate() {
            rules[usize::from(rule)].day_bit = Some(bit as u16);
        }
        let rules = &*rules;
        let wanted = rules.iter().map(|rule| required_codes(&rule.when)).collect::<Vec<_>>();
        let named = wanted.iter().flatten().flatten().copied().collect::<BTreeSet<_>>();
        let parts = parts_of(rules);
        let unnamed = Calls::new(rules, &parts, &wanted, None);
        let mut numbers = BTreeMap::from([(unnamed.clone(), 0)]);
        let mut groups = vec![unnamed];
        let mut codes = BTreeMap::new();
        // Codes that stand in the same sets call for the same, and there are few such sets.
        let sets = code_sets(rules);
        let mut by_sets: BTreeMap<(bool, Vec<bool>), u16> = BTreeMap::new();
        for code in named {
            let standing = sets.iter().map(|set| set.contains(code.as_bytes())).collect();
            let number = by_sets.entry((code == ProcedureCode::NONE, standing)).or_insert_with(|| {
                let group = Calls::new(rules, &parts, &wanted, Some(code));
                *numbers.entry(group.clone()).or_insert_with(|| {
                    let number = groups.len() as u16;
                    groups.push(Calls { number, ..group });
                    number
                })
            });
            codes.insert(code, *number);
        }
        let mut faults = Vec::new();
        for (index, rule) in rules.iter().enumerate() {
            if let super::Check::Structure { faults: names } = &rule.check {
                faults.extend(names.iter().map(|name| (name.clone(), index as u16)));
            }
        }
        faults.sort();
        Index {
            slots: slots(&codes),
            groups: groups.into(),
            claim: of_scope(rules, Scope::Claim),
            faults: faults.into(),
            bits: day.len() + year.len() + course.len() + provider.len(),
            day,
            course,
            provider,
        }
    }

    /// What a code calls for; nothing, if there are no rules at all.
    pub(super) fn calls_for(&self, code: ProcedureCode) -> Option<&Calls> {
        let mut slot = slot_of(code, self.slots.len());
        let group = loop {
            match *self.slots.get(slot)? {
                (known, group) if known == code => break group,
                (ProcedureCode::NONE, _) => break 0,
                _ => slot = (slot + 1) & (self.slots.len() - 1),
            }
        };
        self.groups.get(usize::from(group))
    }
}

/// The sets of procedure codes that conditions ask for.
fn code_sets(rules: &[Rule]) -> Vec<&CodeSet> {
    fn collect<'r>(tree: &'r Tree, sets: &mut Vec<&'r CodeSet>) {
        match tree {
            Tree::Always => {}
            Tree::Not(part) => collect(part, sets),
            Tree::All(parts) | Tree::Any(parts) => parts.iter().for_each(|part| collect(part, sets)),
            Tree::Leaf(Fact::ProcedureCode, tests) => {
                sets.extend(tests.iter().filter_map(|test| match test {
                    Test::In(codes) | Test::NotIn(codes) | Test::NoneIn(codes) => Some(codes),
                    _ => None,
                }))
            }
            Tree::Leaf(..) => {}
        }
    }
    let mut sets: Vec<&CodeSet> = Vec::new();
    rules.iter().for_each(|rule| collect(&rule.when, &mut sets));
    let mut once: Vec<&CodeSet> = Vec::new();
    for set in sets {
        if !once.contains(&set) {
            once.push(set);
        }
    }
    once
}

fn slots(codes: &BTreeMap<ProcedureCode, u16>) -> Box<[(ProcedureCode, u16)]> {
    let without = codes.get(&ProcedureCode::NONE).copied().unwrap_or(0);
    let mut slots = vec![(ProcedureCode::NONE, without); (codes.len() * 4).next_power_of_two().max(16)];
    for (&code, &group) in codes.iter().filter(|(code, _)| **code != ProcedureCode::NONE) {
        let mut slot = slot_of(code, slots.len());
        while slots[slot].0 != ProcedureCode::NONE {
            slot = (slot + 1) & (slots.len() - 1);
        }
        slots[slot] = (code, group);
    }
    slots.into()
}

/// Where to look first for a code among `slots` slots, a power of two.
fn slot_of(code: ProcedureCode, slots: usize) -> usize {
    let [a, b, c, d, e] = *code.as_bytes();
    let mixed = u64::from_le_bytes([a, b, c, d, e, 0, 0, 0]).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 40) as usize & slots.saturating_sub(1)
}

/// Whether the condition holds for every line with `code`, or for none; `None` where the code does not decide it.
fn decided(tree: &Tree, code: Option<ProcedureCode>) -> Option<bool> {
    match tree {
        Tree::Always => Some(true),
        Tree::Not(part) => decided(part, code).map(|holds| !holds),
        Tree::All(parts) => parts.iter().map(|part| decided(part, code)).fold(Some(true), both),
        Tree::Any(parts) => {
            let none =
                parts.iter().map(|part| decided(part, code).map(|holds| !holds)).fold(Some(true), both);
            none.map(|none| !none)
        }
        Tree::Leaf(Fact::ProcedureCode, tests) => {
            // A text that has not the shape of a code may be any text.
            let code = code.filter(|&code| code != ProcedureCode::NONE)?;
            let passes = |test: &Test| match test {
                Test::In(codes) => Some(codes.contains(code.as_bytes())),
                Test::NotIn(codes) | Test::NoneIn(codes) => Some(!codes.contains(code.as_bytes())),
                Test::Present(wanted) => Some(*wanted),
                _ => None,
            };
            tests.iter().map(passes).fold(Some(true), both)
        }
        Tree::Leaf(..) => None,
    }
}

fn both(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// The procedure codes outside of which the condition never holds; `None`, if it may hold for any.
///
/// A text that has not the shape of a code counts as [`ProcedureCode::NONE`], as it does on a line.
fn required_codes(tree: &Tree) -> Option<BTreeSet<ProcedureCode>> {
    match tree {
        Tree::Always | Tree::Not(_) => None,
        Tree::All(parts) => parts.iter().filter_map(required_codes).reduce(|one, other| &one & &other),
        Tree::Any(parts) => {
            parts.iter().map(required_codes).try_fold(BTreeSet::new(), |all, part| Some(&all | &part?))
        }
        Tree::Leaf(Fact::ProcedureCode, tests) => {
            let sets = tests.iter().filter_map(|test| match test {
                Test::In(codes) => {
                    Some(codes.iter().map(|code| ProcedureCode::new(&code).unwrap_or_default()).collect())
                }
                _ => None,
            });
            sets.reduce(|one: BTreeSet<_>, other| &one & &other)
        }
        Tree::Leaf(..) => None,
    }
}
