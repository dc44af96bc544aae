//! Which tables a job looks things up in: the program's own, and those of the store it is pointed to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::DataFolder;
use super::surroundings::Surroundings;
use super::trouble::Trouble;
use crate::reference::Reference;
use crate::store::Store;

/// The tables in force. A store that is named must be there; the usual one need not.
///
/// # Errors
/// A store that cannot be opened, or that was named and is not there.
pub(super) fn in_force(folder: &DataFolder, surroundings: &Surroundings) -> Result<Reference, Trouble> {
    let named = folder.data.as_deref();
    let Some(path) = named.or(surroundings.data_folder.as_deref()) else { return Ok(Reference::builtin()) };
    match Store::open(path).map_err(|error| Trouble::message(error.to_string()))? {
        Some(store) => Ok(Reference::with_store(Arc::new(store))),
        None if named.is_some() => Err(nothing_imported(path)),
        None => Ok(Reference::builtin()),
    }
}

/// The folder of the store to change.
///
/// # Errors
/// No folder is named, and the environment tells of none.
pub(super) fn folder(folder: &DataFolder, surroundings: &Surroundings) -> Result<PathBuf, Trouble> {
    folder.data.clone().or_else(|| surroundings.data_folder.clone()).ok_or_else(|| {
        Trouble::message(
            "neither XDG_DATA_HOME nor HOME is set: say where to keep the tables with --data DIR",
        )
    })
}

/// What a job says whose look-ups failed, so that nothing it found can be believed.
///
/// # Errors
/// The trouble, if there was any.
pub(super) fn sound(reference: &Reference) -> Result<(), Trouble> {
    match reference.trouble() {
        Some(trouble) => Err(Trouble::message(trouble.to_string())),
        None => Ok(()),
    }
}

fn nothing_imported(path: &Path) -> Trouble {
    Trouble::message(format!(
        "no tables were imported into {}; `cleanclaim data import --data {} FILE...` does so",
        path.display(),
        path.display()
    ))
}
