//! The rules in force: those the program carries, those of `--rules` and the configuration, less what is not selected, each
//! weighing what the configuration has it weigh.

use super::args::RuleSelection;
use super::configuration::{self, RuleChoice};
use super::rule_files;
use super::rules_test;
use super::settings::{Origin, Resolver, Set};
use super::surroundings::Surroundings;
use super::trouble::Trouble;
use super::wishes;
use crate::config::{Config, Stated};
use crate::finding::Severity;
use crate::rules::{Rule, RuleFile, RuleSet, Selection, Special, Whose, Wish, Word};
use crate::side::RuleName;

/// Loads and selects the rules.
///
/// # Errors
/// A rule file that cannot be read, or whose mistakes are shown at their place; a word that names no rule.
pub(super) fn in_force(
    selection: &RuleSelection,
    config: &Config,
    surroundings: &Surroundings,
) -> Result<RuleSet, Trouble> {
    let choice = choice(selection, config, surroundings)?;
    in_force_of(&choice, config, surroundings).map(|book| book.rules)
}

/// The same with those that `codes` name besides, each rule weighing what its file says: its examples know of nothing else.
///
/// # Errors
/// Those of [`in_force`]; one of `codes` whose rules are all left out.
pub(super) fn as_written(
    codes: &[String],
    selection: &RuleSelection,
    config: &Config,
    surroundings: &Surroundings,
) -> Result<RuleSet, Trouble> {
    let mut choice = choice(selection, config, surroundings)?;
    choice.also.extend(codes.iter().map(|code| Set::typed(code.clone())));
    let mut rules = loaded(&choice, surroundings)?;
    let mut resolver = Resolver::new(config);
    complain(&choice, &rules, &mut resolver);
    resolver.finish(()).map_err(|mistakes| configuration::drawn(&mistakes, surroundings))?;
    select(&mut rules, &choice)?;
    some_left(&rules, config)?;
    match codes.iter().find(|code| !rules.names_some(code)) {
        Some(code) => {
            Err(Trouble::message(format!("`{code}` names no rule that is left by --ignore and --snip")))
        }
        None => Ok(rules),
    }
}

/// Every rule there is, each weighing what it weighs in a run; one that is left out there is off for everybody.
///
/// # Errors
/// Those of [`in_force`], but that no rule is left.
pub(super) fn known(
    selection: &RuleSelection,
    config: &Config,
    surroundings: &Surroundings,
) -> Result<RuleSet, Trouble> {
    let choice = choice(selection, config, surroundings)?;
    let mut rules = loaded(&choice, surroundings)?;
    let wishes = wishes_of(&choice, &rules, config, surroundings)?;
    let mut in_force = rules.clone();
    let selection = select(&mut in_force, &choice)?;
    in_force.weigh_known(&wishes, &selection);
    for rule in &mut rules.rules {
        match in_force.find(&rule.code) {
            Some(weighed) => *rule = weighed.clone(),
            None => rule.payers = vec![(Whose::Everybody, Special::Off)],
        }
    }
    Ok(rules)
}

/// The rules of a run.
pub(super) struct RuleBook {
    pub(super) rules: RuleSet,
    /// All rules there were to choose from.
    pub(super) all: Vec<RuleName>,
    /// What readers of a report must know: under which rules clean means clean.
    pub(super) notes: Vec<String>,
}

/// The rules of a choice.
///
/// # Errors
/// Those of [`in_force`].
pub(super) fn in_force_of(
    choice: &RuleChoice,
    config: &Config,
    surroundings: &Surroundings,
) -> Result<RuleBook, Trouble> {
    let mut rules = loaded(choice, surroundings)?;
    let all = rules_test::rule_names(&rules);
    let wishes = wishes_of(choice, &rules, config, surroundings)?;
    let selection = select(&mut rules, choice)?;
    some_left(&rules, config)?;
    let written: Vec<(String, Severity)> =
        rules.rules.iter().map(|rule| (rule.code.clone(), rule.severity)).collect();
    rules.weigh_known(&wishes, &selection);
    if rules.rules.is_empty() {
        return Err(Trouble::message("no rule is left: the configuration turns off what is selected"));
    }
    let (ran, of) = (rules.rules.len(), all.len());
    let left_out =
        (ran < of).then(|| format!("{ran} of {of} rules were asked for: clean means clean under these"));
    let notes = left_out.into_iter().chain(told_of_weights(&rules, &written)).collect();
    Ok(RuleBook { rules, all, notes })
}

/// Says how many rules weigh something else than what is `written` in their files.
fn told_of_weights(rules: &RuleSet, written: &[(String, Severity)]) -> Option<String> {
    let as_written =
        |rule: &&Rule| written.iter().any(|(code, own)| *code == rule.code && *own == rule.severity);
    let changed = rules.rules.iter().filter(|rule| !as_written(rule) || !rule.payers.is_empty()).count();
    let by_payer = rules.rules.iter().filter(|rule| !rule.payers.is_empty()).count();
    let rules = if changed == 1 { "1 rule weighs".to_owned() } else { format!("{changed} rules weigh") };
    let payers = match by_payer {
        0 => String::new(),
        some => format!(", {some} of them for single payers"),
    };
    (changed > 0).then(|| format!("by the configuration {rules} otherwise than written{payers}"))
}

fn choice(
    selection: &RuleSelection,
    config: &Config,
    surroundings: &Surroundings,
) -> Result<RuleChoice, Trouble> {
    let mut resolver = Resolver::new(config);
    let choice = RuleChoice::of(selection, &mut resolver);
    resolver.finish(choice).map_err(|mistakes| configuration::drawn(&mistakes, surroundings))
}

/// Every rule there is.
///
/// # Errors
/// A rule file that cannot be read, or whose mistakes are shown at their place.
pub(super) fn loaded(choice: &RuleChoice, surroundings: &Surroundings) -> Result<RuleSet, Trouble> {
    let paths: Vec<_> = choice.paths.iter().map(|path| path.value.clone()).collect();
    let files: Vec<RuleFile> = rule_files::read(&paths)?
        .into_iter()
        .map(|file| RuleFile { name: file.name, text: file.text.into() })
        .collect();
    RuleSet::with(&files).map_err(|mistakes| configuration::drawn(&mistakes, surroundings))
}

/// Notes the words of the configuration that name no rule.
fn complain(choice: &RuleChoice, rules: &RuleSet, resolver: &mut Resolver<'_>) {
    for word in choice.select.iter().chain(&choice.also).chain(&choice.ignore) {
        if let (Origin::File { file, at, .. }, Some(complaint)) =
            (&word.origin, rules.complaint(&word.value, None))
        {
            let stated = Stated { value: (), file: *file, at: at.clone() };
            resolver.wrong(&stated, complaint.message, complaint.help);
        }
    }
}

/// What the configuration has rules weigh; nothing is wrong with its words, nor with those of the choice.
fn wishes_of(
    choice: &RuleChoice,
    rules: &RuleSet,
    config: &Config,
    surroundings: &Surroundings,
) -> Result<Vec<Wish>, Trouble> {
    let mut resolver = Resolver::new(config);
    complain(choice, rules, &mut resolver);
    let wishes = wishes::of(rules, &mut resolver);
    resolver.finish(wishes).map_err(|mistakes| configuration::drawn(&mistakes, surroundings))
}

/// Takes out what is not chosen, and says by which words.
fn select(rules: &mut RuleSet, choice: &RuleChoice) -> Result<Selection, Trouble> {
    let words = |words: &[Set<String>]| words.iter().map(word).collect();
    let selection =
        Selection { select: words(&choice.select), also: words(&choice.also), ignore: words(&choice.ignore) };
    rules.choose(&selection).map_err(|error| Trouble::message(error.to_string()))?;
    if let Some(types) = &choice.snip {
        rules.select_snip(&types.value.0);
    }
    Ok(selection)
}

fn some_left(rules: &RuleSet, config: &Config) -> Result<(), Trouble> {
    if rules.rules.is_empty() {
        let and_kept = if config.files.is_empty() { "" } else { ", here and in the configuration" };
        return Err(Trouble::message(format!("no rule is left by --select, --ignore and --snip{and_kept}")));
    }
    Ok(())
}

fn word(set: &Set<String>) -> Word {
    match set.origin {
        Origin::File { .. } => Word::kept(&set.value),
        _ => Word::typed(&set.value),
    }
}
