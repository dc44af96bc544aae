//! Which configuration a job stands under, and the words of it that name rules.

use std::fs::File;
use std::path::PathBuf;

use super::args::{ConfigSource, DataFolder, RuleSelection, SnipSelection, snip_types};
use super::settings::{Origin, Resolver, Set};
use super::surroundings::Surroundings;
use super::trouble::Trouble;
use crate::config::{self, Config, Mistakes, Stated, Words};

/// The configuration that was named, or the nearest one; an empty one where there is none.
///
/// # Errors
/// A configuration that cannot be read, or whose mistakes are shown at their place; two in one folder.
pub(super) fn in_force(source: &ConfigSource, surroundings: &Surroundings) -> Result<Config, Trouble> {
    if source.isolated {
        return Ok(Config::default());
    }
    let found = match (&source.config, &surroundings.folder) {
        (Some(named), _) => Some(named.clone()),
        (None, Some(here)) => config::find(here, surroundings.home.as_deref()).map_err(Trouble::message)?,
        (None, None) => None,
    };
    match found {
        Some(path) => {
            File::open(&path).map_err(|error| Trouble::reading(path.display(), &error))?;
            Config::read(&path).map_err(|mistakes| drawn(&mistakes, surroundings))
        }
        None => Ok(Config::default()),
    }
}

/// Mistakes in a configuration, drawn for the terminal.
pub(super) fn drawn(mistakes: &Mistakes, surroundings: &Surroundings) -> Trouble {
    Trouble::drawn(mistakes.render(surroundings.width, surroundings.colour_on_stderr(), surroundings.unicode))
}

/// The folder of imported tables: the one typed, else the configuration's.
pub(super) fn data_folder(typed: &DataFolder, config: &Config) -> DataFolder {
    let kept = || config.keys.data.as_ref().map(|stated| config.path(stated));
    DataFolder { data: typed.data.clone().or_else(kept) }
}

/// Which rules are asked for, typed and configured.
#[derive(Clone, Debug, Default)]
pub(super) struct RuleChoice {
    /// Files and folders of rules, those of the configuration first.
    pub(super) paths: Vec<Set<PathBuf>>,
    pub(super) select: Vec<Set<String>>,
    pub(super) also: Vec<Set<String>>,
    pub(super) ignore: Vec<Set<String>>,
    pub(super) snip: Option<Set<SnipSelection>>,
}

impl RuleChoice {
    pub(super) fn of(typed: &RuleSelection, resolver: &mut Resolver<'_>) -> RuleChoice {
        let keys = &resolver.config.keys;
        // A file may be named by more than one way, as where two that are extended extend the same.
        let mut known: Vec<PathBuf> = Vec::new();
        let mut paths = resolver.paths(&keys.rules);
        paths.extend(typed.rules.iter().map(|path| Set::typed(path.clone())));
        paths.retain(|Set { value: path, .. }| {
            let place = std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
            let is_new = !known.contains(&place);
            known.extend(is_new.then_some(place));
            is_new
        });
        let mut also = resolver.words(&keys.extend_select);
        also.extend(typed_words(&typed.extend_select));
        let select = stands_for(&typed.select, &keys.select, resolver);
        let mut ignore = stands_for(&typed.ignore, &keys.ignore, resolver);
        ignore.extend(resolver.words(&keys.extend_ignore));
        ignore.extend(typed_words(&typed.extend_ignore));
        let snip = resolver.one(typed.snip.clone(), &keys.snip, |stated| snip_types(&stated.value));
        RuleChoice { paths, select, also, ignore, snip }
    }
}

fn typed_words(words: &[String]) -> impl Iterator<Item = Set<String>> {
    words.iter().map(|word| Set::typed(word.clone()))
}

/// What was typed; else what the configuration says.
fn stands_for(typed: &[String], kept: &Option<Stated<Words>>, resolver: &Resolver<'_>) -> Vec<Set<String>> {
    if typed.is_empty() { resolver.words(kept) } else { typed_words(typed).collect() }
}

impl<T> Set<T> {
    pub(super) fn typed(value: T) -> Set<T> {
        Set { value, origin: Origin::Typed }
    }
}
