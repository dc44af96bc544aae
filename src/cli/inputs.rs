//! The inputs of `check`: paths, globs and archives, as the flags choose among them.

use std::path::PathBuf;

use super::args::CheckArgs;
use super::settings::{Set, Settings};
use super::trouble::Trouble;
use crate::source::{Named, Selection};

/// The inputs that the arguments stand for.
///
/// # Errors
/// A folder that cannot be read; a glob that matches nothing; a name for standard input, where that is not read.
pub(super) fn of(args: &CheckArgs, settings: &Settings) -> Result<Vec<Named>, Trouble> {
    let mut inputs = expanded(&args.paths, settings)?;
    if let Some(given) = &args.stdin_filename {
        let stdin = inputs.iter_mut().find_map(|input| match input {
            Named::Stdin { name } => Some(name),
            _ => None,
        });
        let Some(name) = stdin else {
            return Err(Trouble::message(
                "--stdin-filename names what comes by standard input: give - as an input",
            ));
        };
        name.clone_from(given);
    }
    Ok(inputs)
}

/// The files that paths stand for, by `--include` and `--exclude`.
///
/// # Errors
/// A folder that cannot be read; a glob that is none, or matches nothing.
pub(super) fn expanded(paths: &[PathBuf], settings: &Settings) -> Result<Vec<Named>, Trouble> {
    selection(settings)?.expand(paths).map_err(|error| Trouble::message(error.to_string()))
}

/// What `--include` and `--exclude` choose.
///
/// # Errors
/// A glob that is none.
pub(super) fn selection(settings: &Settings) -> Result<Selection, Trouble> {
    let globs = |sets: &[Set<String>]| sets.iter().map(|set| set.value.clone()).collect::<Vec<_>>();
    Selection::new(&globs(&settings.include), &globs(&settings.exclude))
        .map_err(|error| Trouble::message(error.to_string()))
}
