//! Which configuration a folder stands under.

use std::fs;
use std::path::{Path, PathBuf};

/// Names of a configuration. A hidden file serves as well, since people keep other tools' that way; `.yml` too, since a
/// configuration that is silently passed over is worse than a name too many. Two in one folder are an error.
pub const NAMES: [&str; 4] = ["cleanclaim.yaml", ".cleanclaim.yaml", "cleanclaim.yml", ".cleanclaim.yml"];

/// The nearest configuration of `folder` and the folders above it, as a path that begins in `folder`.
///
/// The search ends after the first folder that holds `.git` (a repository's root), after `home`, or at the top of the file
/// system. What is found is not put together with what stands above it: `extends` does that, in writing.
///
/// # Errors
/// Two configurations in one folder, in one sentence.
pub fn find(folder: &Path, home: Option<&Path>) -> Result<Option<PathBuf>, String> {
    let mut way = PathBuf::new();
    for here in folder.ancestors() {
        let mut found = NAMES.iter().filter(|name| here.join(name).is_file());
        match (found.next(), found.next()) {
            (Some(one), Some(other)) => {
                let place = if way.as_os_str().is_empty() { Path::new(".") } else { &way };
                return Err(format!("{} holds both {one} and {other}: keep one of them", place.display()));
            }
            (Some(name), None) => return Ok(Some(way.join(name))),
            (None, _) => {}
        }
        // In a work tree or a submodule `.git` is a file.
        if home == Some(here) || fs::symlink_metadata(here.join(".git")).is_ok() {
            return Ok(None);
        }
        way.push("..");
    }
    Ok(None)
}
