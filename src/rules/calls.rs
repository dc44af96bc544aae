use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::demand::demanded;
use super::facets::{self, Facets};
use super::{CodeSet, Rule, Scope, Test, Tree};
use crate::claim::{Fact, ProcedureCode};

/// The rules that lines of one procedure code call for, in the order of the rules. A condition that the code alone
/// decides is decided here, once, and not for each line.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Deserialize, Serialize)]
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
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize, Serialize)]
pub struct LineCall {
    /// Its index.
    pub rule: u16,
    /// What is left to ask of the line: parts of its `when` ([`Tree::holds_of`]).
    pub left: u64,
    /// The bit of its group in [`Calls::groups`]; 0, if it must be put to every line.
    pub recalled_by: u64,
}

/// Day rules that ask the same of a line, so that it is asked once.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize, Serialize)]
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

/// A rule as the index sees it.
pub(super) struct Seen<'r> {
    pub(super) rule: &'r Rule,
    pub(super) scope: Scope,
    /// The procedure codes outside of which its `when` never holds; `None`, if it may hold for any.
    codes: Option<Vec<ProcedureCode>>,
    /// The parts of its `when` that must all hold.
    parts: &'r [Tree],
    /// Numbers of the parts of a rule over more than a claim. Equal numbers are equal parts: of two that are written
    /// alike nobody can tell which is which.
    numbers: Vec<usize>,
}

impl<'r> Seen<'r> {
    #[expect(clippy::mutable_key_type, reason = "a regular expression is compared as it is written")]
    fn new(rule: &'r Rule, numbers: &mut HashMap<&'r Tree, usize>) -> Seen<'r> {
        let parts = match &rule.when {
            Tree::All(parts) => parts,
            whole => std::slice::from_ref(whole),
        };
        let mut number = |part| {
            let next = numbers.len();
            *numbers.entry(part).or_insert(next)
        };
        let own = parts.iter().filter(|_| rule.day_bit.is_some());
        let numbers = own.map(&mut number).collect();
        Seen { rule, scope: rule.scope(), codes: demanded_codes(&rule.when), parts, numbers }
    }

    /// Every rule, in order.
    #[expect(clippy::mutable_key_type, reason = "a regular expression is compared as it is written")]
    pub(super) fn all(rules: &'r [Rule]) -> Vec<Seen<'r>> {
        let mut numbers = HashMap::new();
        rules.iter().map(|rule| Seen::new(rule, &mut numbers)).collect()
    }

    /// The codes that its `when` demands.
    pub(super) fn codes(&self) -> Option<&[ProcedureCode]> {
        self.codes.as_deref()
    }
}

/// Whether lines with `code`, one that rules name, call for a rule; without a code, lines whose code no rule names.
pub(super) fn is_called(when: &Tree, code: Option<ProcedureCode>) -> bool {
    is_named(demanded_codes(when).as_deref(), code) && decided(when, code) != Some(false)
}

fn is_named(demanded: Option<&[ProcedureCode]>, code: Option<ProcedureCode>) -> bool {
    demanded.is_none_or(|codes| code.is_some_and(|code| codes.binary_search(&code).is_ok()))
}

/// Sorted. A text that has not the shape of a code counts as [`ProcedureCode::NONE`], as it does on a line.
fn demanded_codes(when: &Tree) -> Option<Vec<ProcedureCode>> {
    let codes = demanded(when, Fact::ProcedureCode)?;
    let mut all = Vec::with_capacity(codes.len());
    codes.each(|code| all.push(ProcedureCode::new(code).unwrap_or_default()));
    all.sort_unstable();
    all.dedup();
    Some(all)
}

impl Calls {
    /// The calls of lines with `code`, of those of `candidates`; without a code, of lines whose code no rule names.
    pub(super) fn new(
        seen: &[Seen<'_>],
        candidates: &[u16],
        words: usize,
        code: Option<ProcedureCode>,
    ) -> Calls {
        let mut groups = Groups::default();
        let mut line = Vec::new();
        let mut day = Vec::new();
        let mut open_days: Vec<(Vec<usize>, OpenDays)> = Vec::new();
        let mut certain_days = vec![0; words];
        for &index in candidates {
            let Seen { rule, scope, codes, parts, numbers } = &seen[usize::from(index)];
            let known = decided(&rule.when, code);
            if !is_named(codes.as_deref(), code) || known == Some(false) {
                continue;
            }
            let is_open = |part: &Tree| decided(part, code) != Some(true);
            let left = match known {
                Some(_) => 0,
                None => parts
                    .iter()
                    .enumerate()
                    .filter(|(_, part)| is_open(part))
                    .fold(0, |left, (at, _)| left | 1_u64.checked_shl(at as u32).unwrap_or(u64::MAX)),
            };
            match (scope, rule.day_bit) {
                (Scope::Line, _) => {
                    let recalled_by = groups.bit(facets::of_rule(rule, left));
                    line.push(LineCall { rule: index, left, recalled_by });
                }
                (Scope::Day | Scope::PatientYear | Scope::Course | Scope::ProviderDay, Some(bit)) => {
                    day.push(index);
                    match known {
                        Some(_) => certain_days[usize::from(bit / 64)] |= 1 << (bit % 64),
                        None => {
                            let open = parts.iter().zip(numbers).filter(|(part, _)| is_open(part));
                            let asks: Vec<usize> = open.map(|(_, &number)| number).collect();
                            let known = open_days.iter().position(|(asked, _)| *asked == asks);
                            let known = known.unwrap_or_else(|| {
                                let bits = vec![0; words].into();
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
        Calls {
            number: 0,
            facets: groups.0.iter().fold(Facets::NONE, |all, one| all.and(*one)),
            all_groups: groups.0.iter().enumerate().fold(0, |all, (at, _)| all | 1 << at),
            groups: groups.0.into(),
            some_are_alone: line.iter().any(|call| call.recalled_by == 0),
            line: line.into(),
            day: day.into(),
            certain_days: certain_days.into(),
            open_days: open_days.into_iter().map(|(_, open)| open).collect(),
        }
    }
}

/// The sets of procedure codes that conditions ask for.
pub(super) fn code_sets<'r>(seen: &[Seen<'r>]) -> Vec<&'r CodeSet> {
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
    let mut sets = Vec::new();
    seen.iter().for_each(|seen| collect(&seen.rule.when, &mut sets));
    sets
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
