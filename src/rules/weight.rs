//! What rules weigh for those who use them, and for single payers.
//!
//! Everything is resolved when rules are loaded: a payer of whom nothing is said has no policy, and costs nothing.

use std::cmp::Reverse;
use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::selection::{Aim, aim};
use super::{Check, Complaint, Profile, Rule, RuleSet, Selection, UnknownSelector};
use crate::finding::Severity;

/// What a rule is to weigh.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// Expect a rejection or a denial.
    Error,
    /// May be denied or recouped; the claim is not clean.
    Warning,
    /// Worth knowing; the claim stays clean, and no dollars are attached.
    Info,
    /// The rule is not run.
    Off,
}

impl Weight {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self.severity() {
            Some(severity) => severity.as_str(),
            None => "off",
        }
    }

    const fn severity(self) -> Option<Severity> {
        match self {
            Weight::Error => Some(Severity::Error),
            Weight::Warning => Some(Severity::Warning),
            Weight::Info => Some(Severity::Info),
            Weight::Off => None,
        }
    }
}

/// Whose claims are meant. Payer ids are told apart without regard to case, as payers read them.
#[derive(Clone, Debug)]
pub enum Whose {
    /// Everybody's, where nothing else is said.
    Everybody,
    /// Those judged by the profile of this name, or by one that stands for it in its states.
    Profile(String),
    /// Those that state this payer id.
    PayerId(String),
}

impl PartialEq for Whose {
    fn eq(&self, other: &Whose) -> bool {
        match (self, other) {
            (Whose::Everybody, Whose::Everybody) => true,
            (Whose::Profile(one), Whose::Profile(other)) => one == other,
            (Whose::PayerId(one), Whose::PayerId(other)) => one.eq_ignore_ascii_case(other),
            _ => false,
        }
    }
}

impl Eq for Whose {}

impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Whose::Everybody => f.write_str("everybody"),
            Whose::Profile(name) => f.write_str(name),
            Whose::PayerId(id) => write!(f, "payer id {id}"),
        }
    }
}

/// What is wished for the claims of some payers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wish {
    /// Whose claims.
    pub whose: Whose,
    /// Rules that run there, of those that run at all; empty: all.
    pub select: Vec<String>,
    /// Rules that do not.
    pub ignore: Vec<String>,
    /// What rules weigh there. The word that names a rule most closely decides; of equally close ones that of the higher
    /// layer.
    pub severity: Vec<Said>,
}

/// A word that names rules, and what they are to weigh.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// A code, a family, a name or a pack.
    pub word: String,
    /// What its rules weigh.
    pub weight: Weight,
    /// Rank of the file that says it: one that extends others lies above them.
    pub layer: usize,
}

/// How a rule and its outcomes weigh.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Weighed {
    /// What an outcome does not change.
    pub severity: Severity,
    /// Of outcomes that weigh something of their own.
    pub outcomes: Vec<(String, Severity)>,
}

/// What is different about a rule for some payers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Special {
    /// It is not run.
    Off,
    /// It weighs this.
    Weighed(Weighed),
}

impl Special {
    /// What the rule weighs there.
    pub const fn weight(&self) -> &'static str {
        match self {
            Special::Off => "off",
            Special::Weighed(weighed) => weighed.severity.as_str(),
        }
    }
}

impl Rule {
    /// What the rule weighs for everybody of whom nothing else is said: its severity, or `off`.
    pub fn weight(&self) -> &'static str {
        let is_off =
            |(whose, special): &(Whose, Special)| (whose, special) == (&Whose::Everybody, &Special::Off);
        if self.payers.iter().any(is_off) { "off" } else { self.severity.as_str() }
    }
}

impl Weighed {
    /// The rule as it is when it is to weigh `wanted`.
    ///
    /// An outcome that its rule weighs less than itself, because it rests on a weaker fact, never weighs more for that: it
    /// is lowered with its rule, and not raised. Every other outcome weighs what is wanted.
    fn of(rule: &Rule, wanted: Severity) -> Weighed {
        let outcomes = rule.outcomes.iter().filter_map(|outcome| {
            let own = outcome.severity?;
            let weighed = if own < rule.severity { own.min(wanted) } else { wanted };
            Some((outcome.name.clone(), weighed))
        });
        Weighed { severity: wanted, outcomes: outcomes.collect() }
    }

    fn of_outcome(&self, outcome: &str) -> Severity {
        let own = self.outcomes.iter().find(|(name, _)| name == outcome);
        own.map_or(self.severity, |(_, severity)| *severity)
    }
}

impl RuleSet {
    /// Lets rules weigh what is wished, for everybody and for single payers.
    ///
    /// What is said of a payer id goes before what is said of its profile, that before what is said of everybody. A rule
    /// that is off for everybody is taken out, unless some payer's `severity` brings it back.
    ///
    /// # Errors
    /// A word that names no rule. Words can be put to [`RuleSet::complaint`] before.
    pub fn weigh(&mut self, wishes: &[Wish]) -> Result<(), UnknownSelector> {
        for wish in wishes {
            let severity = wish.severity.iter().map(|said| &said.word);
            if let Some(word) =
                wish.select.iter().chain(&wish.ignore).chain(severity).find(|word| !self.names_some(word))
            {
                return Err(self.unknown(word));
            }
        }
        self.weigh_known(wishes, &Selection::default());
        Ok(())
    }

    /// The same; a word that names none of the rules means nothing. What `selection` was typed to keep is not off for
    /// everybody.
    pub(crate) fn weigh_known(&mut self, wishes: &[Wish], selection: &Selection) {
        if wishes.is_empty() {
            return;
        }
        for rule in &mut self.rules {
            let typed = selection.typed_aim(rule);
            let specials: Vec<(Whose, Special)> = wishes
                .iter()
                .filter_map(|wish| Some((wish.whose.clone(), wish.special(rule, typed)?)))
                .collect();
            for (whose, special) in specials {
                match (&whose, &special) {
                    (Whose::Everybody, Special::Weighed(weighed)) => weighed.put_on(rule),
                    _ => rule.payers.push((whose, special)),
                }
            }
        }
        let on = |(_, special): &(Whose, Special)| matches!(special, Special::Weighed(_));
        self.rules.retain(|rule| rule.weight() != "off" || rule.payers.iter().any(on));
        self.reindex();
    }

    /// Why `word` cannot be said of rules, or its rules cannot weigh `weight`.
    pub fn complaint(&self, word: &str, weight: Option<Weight>) -> Option<Complaint> {
        if !self.names_some(word) {
            let help = self.suggestion(word).map(|meant| format!("did you mean `{meant}`?"));
            let message = format!("no rule, family or pack is called `{word}`");
            return Some(Complaint { message, help });
        }
        let is_of_words = |rule: &&Rule| matches!(rule.check, Check::Note(_)) && aim(rule, word).is_some();
        let of_words = self.rules.iter().find(is_of_words).filter(|_| weight == Some(Weight::Error))?;
        Some(Complaint {
            message: format!("{} warns at most: words of a note are no proof", of_words.code),
            help: Some("severity: warning, info or off".to_owned()),
        })
    }
}

impl RuleSet {
    /// A rule that both words name, the one as closely as the other.
    pub fn named_by_both(&self, one: &str, other: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| aim(rule, one).is_some_and(|own| aim(rule, other) == Some(own)))
    }
}

impl Weighed {
    fn put_on(&self, rule: &mut Rule) {
        rule.severity = self.severity;
        for outcome in &mut rule.outcomes {
            if outcome.severity.is_some() {
                outcome.severity = Some(self.of_outcome(&outcome.name));
            }
        }
    }
}

impl Wish {
    /// What this wish makes of the rule, which a typed word selects as closely as `typed`.
    fn special(&self, rule: &Rule, typed: Option<Aim>) -> Option<Special> {
        let is_named = |words: &[String]| words.iter().any(|word| aim(rule, word).is_some());
        if is_named(&self.ignore) || !self.select.is_empty() && !is_named(&self.select) {
            return Some(Special::Off);
        }
        let mut words: Vec<(Aim, &Said)> =
            self.severity.iter().filter_map(|said| Some((aim(rule, &said.word)?, said))).collect();
        words.sort_by_key(|(aim, said)| Reverse((*aim, said.layer)));
        let brought_back = typed.filter(|_| self.whose == Whose::Everybody);
        // What was typed goes before an `off` that names the rule no more closely. What a wider word says is left.
        let mut displaced = None;
        for (aim, said) in words {
            match said.weight.severity() {
                _ if displaced == Some(aim) => {}
                Some(severity) => return Some(Special::Weighed(Weighed::of(rule, severity))),
                None if brought_back >= Some(aim) => displaced = Some(aim),
                None => return Some(Special::Off),
            }
        }
        None
    }
}

/// What is different about the rules in force for one payer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    /// By index of the rule.
    specials: Box<[Option<Special>]>,
    /// Bits ([`Rule::day_bit`]) of the rules that are off.
    off: Box<[u64]>,
}

impl Policy {
    /// Whether the rule with this index is not run.
    pub fn is_off(&self, rule: u16) -> bool {
        matches!(self.specials.get(usize::from(rule)), Some(Some(Special::Off)))
    }

    /// How bad an outcome of the rule with this index is; `None`: as the rule says.
    pub fn severity(&self, rule: u16, outcome: &str) -> Option<Severity> {
        match self.specials.get(usize::from(rule))? {
            Some(Special::Weighed(weighed)) => Some(weighed.of_outcome(outcome)),
            _ => None,
        }
    }

    /// Takes the rules that are off out of a line's mask.
    pub fn silence(&self, about: &mut [u64]) {
        for (about, off) in about.iter_mut().zip(&self.off) {
            *about &= !off;
        }
    }

    /// Of rules and the payers meant, the last of whom weighs most; `None` where nothing is different.
    fn new(rules: &[Rule], payers: &[Whose]) -> Option<Arc<Policy>> {
        let special = |rule: &Rule| {
            let of = |whose: &Whose| {
                rule.payers.iter().find(|(known, _)| known == whose).map(|(_, special)| special.clone())
            };
            payers.iter().rev().find_map(of)
        };
        let specials: Box<[Option<Special>]> = rules.iter().map(special).collect();
        if specials.iter().all(Option::is_none) {
            return None;
        }
        let mut off = vec![0; rules.iter().filter(|rule| rule.day_bit.is_some()).count().div_ceil(64)];
        for (rule, special) in rules.iter().zip(&specials) {
            if let (Some(bit), Some(Special::Off)) = (rule.day_bit, special) {
                off[usize::from(bit / 64)] |= 1 << (bit % 64);
            }
        }
        Some(Arc::new(Policy { specials, off: off.into() }))
    }
}

/// The policies of every payer of whom something is said.
#[derive(Clone, Debug, Default)]
pub(super) struct Policies {
    /// By profile; empty where nothing is said of anybody.
    by_profile: Box<[Option<Arc<Policy>>]>,
    /// Where no payer is known.
    of_nobody: Option<Arc<Policy>>,
    /// By payer id, then by profile.
    by_id: Box<[ById]>,
}

type ById = (String, Box<[Option<Arc<Policy>>]>);

impl Policies {
    pub(super) fn new(rules: &[Rule], profiles: &[Profile]) -> Policies {
        if rules.iter().all(|rule| rule.payers.is_empty()) {
            return Policies::default();
        }
        let policies = |id: Option<&str>| {
            let of = |profile: &Profile| {
                let base = profile.stands_for.iter().map(|base| Whose::Profile(base.clone()));
                let own = Whose::Profile(profile.name.clone());
                let id = id.map(|id| Whose::PayerId(id.to_owned()));
                let payers: Vec<Whose> =
                    [Whose::Everybody].into_iter().chain(base).chain([own]).chain(id).collect();
                Policy::new(rules, &payers)
            };
            profiles.iter().map(of).collect::<Box<[_]>>()
        };
        let mut ids: Vec<&str> = rules
            .iter()
            .flat_map(|rule| &rule.payers)
            .filter_map(|(whose, _)| if let Whose::PayerId(id) = whose { Some(id.as_str()) } else { None })
            .collect();
        ids.sort_unstable_by_key(|id| id.to_ascii_lowercase());
        ids.dedup_by(|one, other| one.eq_ignore_ascii_case(other));
        let by_id = ids.into_iter().map(|id| (id.to_owned(), policies(Some(id)))).collect();
        let of_nobody = Policy::new(rules, &[Whose::Everybody]);
        Policies { by_profile: policies(None), of_nobody, by_id }
    }

    pub(super) fn of_nobody(&self) -> Option<&Policy> {
        self.of_nobody.as_deref()
    }

    pub(super) fn of(&self, profile: usize, payer_id: &[u8]) -> Option<&Policy> {
        if self.by_profile.is_empty() {
            return None;
        }
        let own = self.by_id.iter().find(|(id, _)| id.as_bytes().eq_ignore_ascii_case(payer_id));
        own.map_or(&self.by_profile, |(_, policies)| policies).get(profile)?.as_deref()
    }
}
