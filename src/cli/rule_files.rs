//! `--rules PATH`: reads rule files. What they mean is for the rule book to say.

use std::fs;
use std::path::{Path, PathBuf};

use super::trouble::Trouble;
use crate::source::{WRITTEN_BY_HAND, read_text};

/// A rule file as the user named it, with its text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct RuleText {
    pub(super) name: String,
    pub(super) text: String,
}

/// Reads files, and the `.yaml` and `.yml` files of folders, by name.
///
/// # Errors
/// A path that cannot be read or is not UTF-8; a folder without a rule file.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<RuleText>, Trouble> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(in_folder(path)?);
        } else {
            files.push(path.clone());
        }
    }
    files.iter().map(|path| read_one(path)).collect()
}

fn in_folder(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| Trouble::reading(folder.display(), &error))? {
        let path = entry.map_err(|error| Trouble::reading(folder.display(), &error))?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if matches!(extension, Some("yaml" | "yml")) && path.is_file() {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(Trouble::message(format!("{} holds no .yaml or .yml file", folder.display())));
    }
    files.sort();
    Ok(files)
}

fn read_one(path: &Path) -> Result<RuleText, Trouble> {
    let text = read_text(path, WRITTEN_BY_HAND).map_err(|error| Trouble::reading(path.display(), &error))?;
    Ok(RuleText { name: path.display().to_string(), text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_stand_for_their_rule_files() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["b.yml", "a.yaml", "notes.txt"] {
            fs::write(folder.path().join(name), name).expect("a file");
        }
        let texts: Vec<String> = read(&[folder.path().to_owned(), folder.path().join("notes.txt")])
            .expect("readable")
            .into_iter()
            .map(|file| file.text)
            .collect();
        assert_eq!(texts, ["a.yaml", "b.yml", "notes.txt"]);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let said = |path: PathBuf| read(&[path]).map(|_| ()).map_err(|trouble| trouble.to_string());
        assert!(
            said(folder.path().to_owned()).is_err_and(|said| said.ends_with("holds no .yaml or .yml file"))
        );
        assert!(
            said(folder.path().join("no.yaml")).is_err_and(|said| said.starts_with("error: cannot read "))
        );
    }
}
