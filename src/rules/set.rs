use super::builtin::{self, Resolved};
use super::calls::Calls;
use super::index::Index;
use super::load::{self, Loaded, RawExamples, RuleErrors, RuleFile, nearest};
use super::weight::Policies;
use super::{BoundRules, Example, Policy, Profile, Rule, Selection, SnipTypes, Word};
use crate::claim::{Claim, ProcedureCode};

/// The rules in force for a run, with what they refer to.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    /// In the order of their codes.
    pub rules: Vec<Rule>,
    /// In the order loaded; the last is the one for payers nobody knows.
    pub profiles: Vec<Profile>,
    /// What the SNIP types are called, and how much they weigh.
    pub snip_types: SnipTypes,
    examples: Vec<(String, RawExamples, Option<RuleFile>)>,
    index: Index,
    policies: Policies,
}

/// A word of `--select` or `--ignore` that names no rule.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("no rule, family or pack is called `{word}`{hint}")]
pub struct UnknownSelector {
    word: String,
    hint: String,
}

impl RuleSet {
    /// The rules that the program carries.
    // The text is compiled in and no input; tests/written/embedded.rs holds that it resolves.
    #[allow(clippy::expect_used, reason = "a program without its rules must not say that claims are clean")]
    pub fn builtin() -> RuleSet {
        RuleSet::with(&[]).expect("the carried rules resolve")
    }

    /// The rules that the program carries, and those of more files.
    ///
    /// A file's profile of a known name changes what it states; a file's list stands for a carried one of its
    /// name; a rule has a code and a name of its own.
    ///
    /// # Errors
    /// Every name that does not resolve; or, of each file whose shape is wrong, the first fault.
    pub fn with(files: &[RuleFile]) -> Result<RuleSet, RuleErrors> {
        if files.is_empty() {
            let Resolved { rules, profiles, snip_types, index } = builtin::resolved()?;
            return Ok(RuleSet { rules, profiles, snip_types, index, ..RuleSet::default() });
        }
        let mut layers = builtin::layers()?;
        layers.extend(load::read(files, false)?);
        Ok(RuleSet::indexed(load::resolve(&layers, files)?))
    }

    /// The rules of these files alone.
    ///
    /// # Errors
    /// As [`RuleSet::with`].
    pub fn of(files: &[RuleFile]) -> Result<RuleSet, RuleErrors> {
        Ok(RuleSet::indexed(load::resolve(&load::read(files, false)?, files)?))
    }

    fn indexed(loaded: Loaded) -> RuleSet {
        let Loaded { rules, profiles, snip_types, examples } = loaded;
        let mut set = RuleSet { rules, profiles, snip_types, examples, ..RuleSet::default() };
        set.reindex();
        set
    }

    /// Keeps the rules that `select` names (all, if it is empty), without those that `ignore` names.
    ///
    /// A word is a code (`T01`), a family (`T`), a name (`units-exceed-minutes`) or a pack (`therapy`).
    ///
    /// # Errors
    /// A word that names no rule.
    pub fn select(&mut self, select: &[String], ignore: &[String]) -> Result<(), UnknownSelector> {
        let words = |texts: &[String]| texts.iter().map(|text| Word::typed(text)).collect();
        self.choose(&Selection { select: words(select), ignore: words(ignore), ..Selection::default() })
    }

    /// Keeps the rules of these SNIP types alone.
    pub fn select_snip(&mut self, types: &[u8]) {
        self.rules.retain(|rule| rule.snip.is_some_and(|own| types.contains(&own)));
        self.reindex();
    }

    /// Finds anew what depends on which rules there are.
    pub(super) fn reindex(&mut self) {
        self.index = Index::new(&mut self.rules);
        self.policies = Policies::new(&self.rules, &self.profiles);
    }

    /// What is different about the rules for one payer: its profile's index, and its id as claims state it. `None` where
    /// nothing is.
    pub fn policy(&self, profile: usize, payer_id: &[u8]) -> Option<&Policy> {
        self.policies.of(profile, payer_id)
    }

    /// What is different about the rules where no payer is known: what is wrong with an envelope is nobody's.
    pub fn policy_of_no_payer(&self) -> Option<&Policy> {
        self.policies.of_nobody()
    }

    pub(super) fn unknown(&self, word: &str) -> UnknownSelector {
        let hint =
            self.suggestion(word).map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
        UnknownSelector { word: word.to_owned(), hint }
    }

    /// The code, name or pack that `word` most likely stands for.
    pub fn suggestion(&self, word: &str) -> Option<&str> {
        let names = self.rules.iter().flat_map(|rule| [&rule.code, &rule.name, &rule.pack]);
        nearest(word, names.map(String::as_str))
    }

    /// The rule of this code or name; upper and lower case are one.
    pub fn find(&self, code_or_name: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| {
            rule.code.eq_ignore_ascii_case(code_or_name) || rule.name.eq_ignore_ascii_case(code_or_name)
        })
    }

    /// The line rules and the day rules that may be about a line with this code, but those of [`RuleSet::bound_to`].
    ///
    /// What is left out is certain not to match; what is in must still be put to its `when`, unless it is said to be
    /// certain. `None` only where there are no rules.
    pub fn calls_for(&self, code: ProcedureCode) -> Option<&Calls> {
        self.index.calls_for(code)
    }

    /// Whether a rule may be about a line with this code, as far as the code tells.
    pub fn calls(&self, rule: &Rule, code: ProcedureCode) -> bool {
        self.index.calls(&rule.when, code)
    }

    /// The rules that are bound to the payer of a claim, by its id and by the profile that judges it. They are about no
    /// claim of another payer.
    pub fn bound_to(&self, claim: &Claim<'_>, profile: &Profile) -> [Option<&BoundRules>; 2] {
        self.index.bound.of(claim, profile)
    }

    /// Indices of the rules over a patient's day.
    pub fn day_rules(&self) -> &[u16] {
        &self.index.day
    }

    /// Indices of the rules over a patient's course of treatment.
    pub fn course_rules(&self) -> &[u16] {
        &self.index.course
    }

    /// Indices of the rules over a provider's day. Their places here are their bits in [`crate::claim::ProviderKey`].
    pub fn provider_rules(&self) -> &[u16] {
        &self.index.provider
    }

    /// Indices of the rules over whole claims, but those of [`RuleSet::bound_to`]. Their `when` says which lines of the claim they are about.
    pub fn claim_rules(&self) -> &[u16] {
        &self.index.claim
    }

    /// Indices of the rules that report a reader's fault of this name.
    pub fn rules_for_fault(&self, name: &str) -> impl Iterator<Item = u16> {
        let from = self.index.faults.partition_point(|(fault, _)| fault.as_str() < name);
        let faults = self.index.faults[from..].iter();
        faults.take_while(move |(fault, _)| fault == name).map(|&(_, rule)| rule)
    }

    /// Words of 64 bits that hold one bit for each rule over more than a claim.
    pub fn day_words(&self) -> usize {
        self.index.bits.div_ceil(64)
    }

    /// The examples of every rule in force, in the order of the rules. Reads the carried ones anew.
    ///
    /// # Errors
    /// If the carried examples cannot be read, which a test rules out.
    pub fn examples(&self) -> Result<Vec<Example>, RuleErrors> {
        let (carried, defaults) = builtin::examples()?;
        let mut examples = Vec::new();
        for rule in &self.rules {
            let own = self.examples.iter().find(|(code, ..)| *code == rule.code);
            let own = own.map(|(_, raw, file)| (raw, file.as_ref()));
            if let Some((raw, file)) = own.or_else(|| carried.get(&rule.code).map(|raw| (raw, None))) {
                examples.extend(load::resolve_examples(&rule.code, raw, &defaults, file));
            }
        }
        Ok(examples)
    }
}
