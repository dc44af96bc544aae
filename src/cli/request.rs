//! What the engine is asked: everything that claims are judged by, read and held against each other before any claim is.

use std::path::{Path, PathBuf};

use super::accept;
use super::args::{RedactLevel, RunArgs};
use super::configuration;
use super::inputs;
use super::maps;
use super::rule_book::{self, RuleBook};
use super::settings::{Set, Settings};
use super::surroundings::{Surroundings, today};
use super::tables;
use super::terms;
use super::trouble::Trouble;
use crate::config::Config;
use crate::engine::{self, Asked, Watched};
use crate::finding::{Run, Verdict};
use crate::report::Redaction;
use crate::side::{DenialRates, RuleName};
use crate::source::{HELD, Named, read_bounded};

/// A check that can be run.
#[derive(Clone)]
pub(super) struct Prepared {
    pub(super) request: engine::Request,
    /// What readers of a report must know of the rules.
    pub(super) notes: Vec<String>,
    /// Where earlier claims are, as named.
    history: Vec<PathBuf>,
    /// How many rules there were to choose from.
    pub(super) known_rules: usize,
}

/// Reads what a run is judged by.
///
/// # Errors
/// A file of rules, tables or facts that cannot be read or means nothing; inputs that are earlier claims too.
pub(super) fn prepared(
    args: &RunArgs,
    settings: &Settings,
    config: &Config,
    surroundings: &Surroundings,
    inputs: &[Named],
) -> Result<Prepared, Trouble> {
    let RuleBook { rules, all, notes } = rule_book::in_force_of(&settings.rules, config, surroundings)?;
    let reference = tables::in_force(&configuration::data_folder(&args.folder, config), surroundings)?;
    let path = |set: &Option<Set<PathBuf>>| set.as_ref().map(|set| set.value.clone());
    let maps = maps::choice(settings.map.as_ref(), surroundings)?;
    maps::knows_payers(&maps, &rules)?;
    let request = engine::Request {
        terms: terms::of(settings, &rules, &reference)?,
        year_to_date: terms::year_to_date(path(&settings.ytd).as_deref())?,
        authorizations: terms::authorizations(path(&settings.authorizations).as_deref())?,
        sessions: terms::sessions(path(&settings.sessions).as_deref())?,
        history: earlier(settings, inputs)?,
        maps,
        credentials: terms::credentials(path(&settings.credentials).as_deref())?,
        rules,
        reference,
        as_of: args.as_of.unwrap_or_else(today),
        denial_rates: path(&settings.denial_rates).map(|path| denial_rates(&path, &all)).transpose()?,
        suppressions: accept::suppressions(settings, &all)?,
        baseline: accept::baseline(settings)?,
        threads: settings.threads.as_ref().map_or(surroundings.processors, |set| usize::from(set.value)),
        memory: settings.memory.value,
        unit_size: args.unit_size,
        progress: None,
    };
    Ok(Prepared { request, notes, history: history_paths(settings), known_rules: all.len() })
}

impl Prepared {
    /// Runs it.
    ///
    /// # Errors
    /// A table that could not be read on the way; a folder of earlier claims that holds none.
    pub(super) fn checked(&self, inputs: &[Named], asked: &Asked) -> Result<Watched, Trouble> {
        let mut watched = engine::check_watching(&self.request, inputs, asked);
        // What was looked up in a table that could not be read is worth no report.
        tables::sound(&self.request.reference)?;
        of_earlier_claims(&self.history, &watched.run)?;
        watched.run.notes.extend(self.notes.iter().cloned());
        Ok(watched)
    }
}

fn history_paths(settings: &Settings) -> Vec<PathBuf> {
    settings.history.iter().map(|path| path.value.clone()).collect()
}

/// The files of earlier claims.
///
/// # Errors
/// A folder that cannot be read.
pub(super) fn history(settings: &Settings) -> Result<Vec<Named>, Trouble> {
    inputs::expanded(&history_paths(settings), settings)
}

/// Likewise, held apart from what is to be checked.
///
/// # Errors
/// A folder that cannot be read; a file that is to be checked too.
fn earlier(settings: &Settings, inputs: &[Named]) -> Result<Vec<Named>, Trouble> {
    let history = history(settings)?;
    let checked: Vec<PathBuf> = inputs.iter().map(Named::place).collect();
    match history.iter().find(|named| checked.contains(&named.place())) {
        Some(twice) => {
            let name = twice.name();
            let name = name.escape_debug();
            Err(Trouble::message(format!(
                "{name} is to be checked, and stands in --history too: no claim is earlier than itself"
            )))
        }
        None => Ok(history),
    }
}

/// Holds every folder or archive of earlier claims to its name, as a single file is: other things may lie there, but not
/// alone.
fn of_earlier_claims(paths: &[PathBuf], run: &Run) -> Result<(), Trouble> {
    let plain = |path: &Path| path.strip_prefix(".").map_or_else(|_| path.to_owned(), Path::to_owned);
    for container in paths {
        let inside = |name: &str| plain(Path::new(name)).starts_with(plain(container));
        let is_archive =
            || run.files.iter().any(|file| inside(&file.name) && Path::new(&file.name) != container);
        if !(container.is_dir() || container.is_file() && is_archive()) {
            continue;
        }
        let is_read = |verdict: &Verdict| matches!(verdict, Verdict::History | Verdict::Failed(_));
        if !run.files.iter().any(|file| inside(&file.name) && is_read(&file.verdict)) {
            let name = container.display().to_string();
            let what = if container.is_dir() { "folder" } else { "archive" };
            return Err(Trouble::message(format!(
                "{}: no earlier claims in this {what}",
                name.escape_debug()
            )));
        }
    }
    Ok(())
}

/// Reads the practice's denial rates.
fn denial_rates(path: &Path, rules: &[RuleName]) -> Result<DenialRates, Trouble> {
    let rules: Vec<&str> = rules.iter().map(|rule| rule.code.as_str()).collect();
    let file = path.display().to_string();
    let bytes = read_bounded(path, HELD).map_err(|error| Trouble::reading(&file, &error))?;
    DenialRates::read(&file, &bytes, &rules).map_err(|error| Trouble::message(error.to_string()))
}

/// The level of masking: full where logs are kept, everything only for those who ask for it twice there.
pub(super) fn redaction(args: &RunArgs, level: RedactLevel, ci: bool) -> Result<Redaction, Trouble> {
    match (args.show_phi, ci) {
        (true, true) if !args.show_phi_in_ci => Err(Trouble::message(
            "--show-phi is refused where CI is set: logs are kept, and read by many. If nobody but the biller reads \
             this one, add --show-phi-in-ci",
        )),
        (true, _) => Ok(Redaction::ShowPhi),
        (false, true) => Ok(Redaction::Full),
        (false, false) => Ok(match level {
            RedactLevel::Default => Redaction::Default,
            RedactLevel::Full => Redaction::Full,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::{CheckArgs, typed as args};

    fn level(args: &CheckArgs, ci: bool) -> Result<Redaction, Trouble> {
        redaction(&args.run, args.run.redact.unwrap_or(RedactLevel::Default), ci)
    }

    #[test]
    fn logs_of_a_build_machine_name_nobody() {
        assert_eq!(level(&args(&[]), false).ok(), Some(Redaction::Default));
        assert_eq!(level(&args(&["--redact", "full"]), false).ok(), Some(Redaction::Full));
        assert_eq!(level(&args(&["--redact", "default"]), true).ok(), Some(Redaction::Full));
        assert_eq!(level(&args(&["--show-phi"]), false).ok(), Some(Redaction::ShowPhi));
        assert!(level(&args(&["--show-phi"]), true).is_err());
        assert_eq!(level(&args(&["--show-phi", "--show-phi-in-ci"]), true).ok(), Some(Redaction::ShowPhi));
    }
}
