//! Rules that are bound to single payers, found by the payer: a thousand of them cost a claim what its own payer's do.

use serde::{Deserialize, Serialize};

use super::demand::demanded;
use super::facets;
use super::{Check, Profile, Rule, Scope};
use crate::claim::{Claim, Fact};

/// The rules whose `when` certainly demands one of some payer ids, or one of some profiles where nothing else finds them, by
/// what they demand.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Bound {
    /// Sorted.
    by_payer: Box<[(Payer, BoundRules)]>,
    /// Whether the rule of an index is one of them.
    is_bound: Box<[bool]>,
}

/// What tells a payer, and what it says.
type Payer = (Fact, Box<[u8]>);

/// Rules that are bound to one payer, in the order of the rules. All of their `when` is left to ask.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct BoundRules {
    /// Line rules.
    pub line: Vec<u16>,
    /// Rules over claims.
    pub claim: Vec<u16>,
    /// Rules over days and more, which have a bit in a line's mask.
    pub day: Vec<u16>,
}

/// Whether what a rule has to say of a line is remembered of lines like it: then it need not be found to cost little.
fn is_remembered(rule: &Rule, scope: Scope) -> bool {
    match scope {
        Scope::Line => facets::of_rule(rule, u64::MAX).is_some(),
        Scope::Claim | Scope::File => false,
        _ => facets::of_parts(&rule.when, u64::MAX).is_some(),
    }
}

impl Bound {
    pub(super) fn new(rules: &[Rule], scopes: &[Scope]) -> Bound {
        let mut by_payer: Vec<(Payer, BoundRules)> = Vec::new();
        let mut is_bound = vec![false; rules.len()];
        for (index, (rule, scope)) in rules.iter().zip(scopes).enumerate() {
            // Kinds of their own may have something to say of a claim although `when` holds nowhere in it.
            let is_general = matches!(rule.check, Check::Forbid | Check::Require(_) | Check::Limit { .. });
            if *scope == Scope::File || *scope == Scope::Claim && !is_general {
                continue;
            }
            let by_id = demanded(&rule.when, Fact::PayerId).map(|ids| (Fact::PayerId, ids));
            let by_profile = || demanded(&rule.when, Fact::Payer).map(|names| (Fact::Payer, names));
            let is_found_otherwise =
                || is_remembered(rule, *scope) || demanded(&rule.when, Fact::ProcedureCode).is_some();
            let Some((fact, texts)) = by_id.or_else(|| by_profile().filter(|_| !is_found_otherwise())) else {
                continue;
            };
            is_bound[index] = true;
            texts.each(|text| {
                let key = (fact, Box::from(text));
                let at = by_payer.binary_search_by(|(known, _)| known.cmp(&key)).unwrap_or_else(|at| {
                    by_payer.insert(at, (key, BoundRules::default()));
                    at
                });
                let own = &mut by_payer[at].1;
                let list = match scope {
                    Scope::Line => &mut own.line,
                    Scope::Claim => &mut own.claim,
                    _ => &mut own.day,
                };
                list.push(index as u16);
            });
        }
        Bound { by_payer: by_payer.into(), is_bound: is_bound.into() }
    }

    /// Whether the rule with this index is found by its payer alone.
    pub(super) fn holds(&self, rule: u16) -> bool {
        self.is_bound.get(usize::from(rule)).is_some_and(|is_bound| *is_bound)
    }

    /// Those for a claim: by its payer id, and by the profile that judges it.
    pub(super) fn of(&self, claim: &Claim<'_>, profile: &Profile) -> [Option<&BoundRules>; 2] {
        if self.by_payer.is_empty() {
            return [None, None];
        }
        let find = |fact: Fact, text: &[u8]| {
            let place = |((known, own), _): &(Payer, BoundRules)| (*known, &**own).cmp(&(fact, text));
            self.by_payer.binary_search_by(place).ok().map(|at| &self.by_payer[at].1)
        };
        let id = claim.payer.id;
        let by_id = id.is_present().then(|| find(Fact::PayerId, id.bytes())).flatten();
        [by_id, find(Fact::Payer, profile.name.as_bytes())]
    }
}
