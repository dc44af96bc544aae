//! The rules in force: those the program carries, those of `--rules` and the configuration, less what is not selected, each
//! weighing what the configuration has it weigh.

use super::args::RuleSelection;
use super::configuration::{self, RuleChoice};
use super::rule_files;
use super::settings::{Origin, Resolver, Set};
use super::surroundings::Surroundings;
use super::trouble::Trouble;
use super::wishes;
use crate::config::{Config, Stated};
use crate::rules::{RuleFile, RuleSet, Selection, Word};

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
    in_force_of(&choice, config, surroundings).map(|(rules, _)| rules)
}

/// The same, each rule weighing what its file says: its examples know of nothing else.
///
/// # Errors
/// Those of [`in_force`].
pub(super) fn as_written(
    selection: &RuleSelection,
    config: &Config,
    surroundings: &Surroundings,
) -> Result<RuleSet, Trouble> {
    let choice = choice(selection, config, surroundings)?;
    let mut rules = loaded(&choice, surroundings)?;
    let mut resolver = Resolver::new(config);
    complain(&choice, &rules, &mut resolver);
    resolver.finish(()).map_err(|mistakes| configuration::drawn(&mistakes, surroundings))?;
    select(&mut rules, &choice, config)?;
    Ok(rules)
}

/// The rules of a choice, with the codes of all rules there were to choose from.
///
/// # Errors
/// Those of [`in_force`].
pub(super) fn in_force_of(
    choice: &RuleChoice,
    config: &Config,
    surroundings: &Surroundings,
) -> Result<(RuleSet, Vec<String>), Trouble> {
    let mut rules = loaded(choice, surroundings)?;
    let all = rules.rules.iter().map(|rule| rule.code.clone()).collect();
    let mut resolver = Resolver::new(config);
    complain(choice, &rules, &mut resolver);
    let wishes = wishes::of(&rules, &mut resolver);
    let wishes = resolver.finish(wishes).map_err(|mistakes| configuration::drawn(&mistakes, surroundings))?;
    select(&mut rules, choice, config)?;
    rules.weigh_known(&wishes);
    if rules.rules.is_empty() {
        return Err(Trouble::message("no rule is left: the configuration turns off what is selected"));
    }
    Ok((rules, all))
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

fn select(rules: &mut RuleSet, choice: &RuleChoice, config: &Config) -> Result<(), Trouble> {
    let words = |words: &[Set<String>]| words.iter().map(word).collect();
    let selection =
        Selection { select: words(&choice.select), also: words(&choice.also), ignore: words(&choice.ignore) };
    rules.choose(&selection).map_err(|error| Trouble::message(error.to_string()))?;
    if let Some(types) = &choice.snip {
        rules.select_snip(&types.value.0);
    }
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
