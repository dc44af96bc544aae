//! The rules in force: those the program carries, those of `--rules`, less what `--select` and `--ignore` leave out.

use super::args::RuleSelection;
use super::rule_files;
use super::surroundings::Surroundings;
use super::trouble::Trouble;
use crate::rules::{RuleFile, RuleSet};

/// Loads and selects the rules.
///
/// # Errors
/// A rule file that cannot be read, or whose mistakes are shown at their place; a word that names no rule.
pub(super) fn in_force(selection: &RuleSelection, surroundings: &Surroundings) -> Result<RuleSet, Trouble> {
    in_force_of(selection, surroundings).map(|(rules, _)| rules)
}

/// The same, with the codes of all rules there were to choose from.
///
/// # Errors
/// Those of [`in_force`].
pub(super) fn in_force_of(
    selection: &RuleSelection,
    surroundings: &Surroundings,
) -> Result<(RuleSet, Vec<String>), Trouble> {
    let files: Vec<RuleFile> = rule_files::read(&selection.rules)?
        .into_iter()
        .map(|file| RuleFile { name: file.name, text: file.text.into() })
        .collect();
    let mut rules = RuleSet::with(&files).map_err(|mistakes| {
        Trouble::drawn(mistakes.render(
            surroundings.width,
            surroundings.colour_on_stderr(),
            surroundings.unicode,
        ))
    })?;
    let all = rules.rules.iter().map(|rule| rule.code.clone()).collect();
    rules
        .select(&selection.select, &selection.ignore)
        .map_err(|error| Trouble::message(error.to_string()))?;
    if let Some(types) = &selection.snip {
        rules.select_snip(&types.0);
    }
    if rules.rules.is_empty() {
        return Err(Trouble::message("no rule is left by --select, --ignore and --snip"));
    }
    Ok((rules, all))
}
