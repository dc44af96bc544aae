use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{SourceError, Spool};

/// An input of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Named {
    /// Standard input.
    Stdin,
    /// A file.
    File {
        /// Where it is.
        path: PathBuf,
        /// Whether it was found in a directory: then it may be something else than claims.
        from_directory: bool,
    },
    /// Standard input that has been read to its end, to be read again.
    Spooled {
        /// What reports call it.
        name: String,
        /// What it holds.
        spool: Arc<Spool>,
    },
    /// Bytes at hand, for callers that have no file.
    Memory {
        /// What reports call it.
        name: String,
        /// What it holds.
        bytes: Arc<[u8]>,
    },
}

impl Named {
    /// Bytes at hand, called `name`.
    pub fn memory(name: &str, bytes: &[u8]) -> Named {
        Named::Memory { name: name.to_owned(), bytes: bytes.into() }
    }

    /// The input in a form that can be opened twice: standard input is read to its end into an unnamed temporary file, anything else is as it was.
    ///
    /// # Errors
    /// Standard input that cannot be read, or a temporary file that cannot be written.
    pub fn held(&self) -> io::Result<Named> {
        if *self != Named::Stdin {
            return Ok(self.clone());
        }
        Ok(Named::Spooled { name: self.name(), spool: Spool::of(io::stdin().lock())? })
    }

    /// What reports call it.
    pub fn name(&self) -> String {
        match self {
            Named::Stdin => "-".to_owned(),
            Named::Spooled { name, .. } => name.clone(),
            Named::File { path, .. } => path.display().to_string(),
            Named::Memory { name, .. } => name.clone(),
        }
    }
}

/// Turns what was typed into inputs: `-` is standard input, a directory stands for the files in it and below it,
/// sorted by name; hidden ones are left out, and links to directories are not followed.
///
/// # Errors
///
/// If a directory cannot be read. A file that is not there is found out when it is opened.
pub fn expand(arguments: &[PathBuf]) -> Result<Vec<Named>, SourceError> {
    let mut inputs = Vec::new();
    for argument in arguments {
        if argument.as_os_str() == "-" {
            inputs.push(Named::Stdin);
        } else if argument.is_dir() {
            walk(argument, &mut inputs)?;
        } else {
            inputs.push(Named::File { path: argument.clone(), from_directory: false });
        }
    }
    Ok(inputs)
}

fn walk(directory: &Path, inputs: &mut Vec<Named>) -> Result<(), SourceError> {
    let fail = |source| SourceError::Read { name: directory.display().to_string(), source };
    let mut entries = Vec::new();
    for entry in fs::read_dir(directory).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            entries.push((entry.path(), entry.file_type().map_err(fail)?));
        }
    }
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (path, kind) in entries {
        if kind.is_dir() {
            walk(&path, inputs)?;
        } else if kind.is_file() || kind.is_symlink() && path.is_file() {
            inputs.push(Named::File { path, from_directory: true });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_are_sorted_and_hidden_files_left_out() {
        let root = tempfile::tempdir().expect("a directory");
        for name in ["b.837", "a/z.837", "a/.hidden", ".git/config", "c.837"] {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
            fs::write(path, "ISA*").expect("a file");
        }
        let inputs = expand(&["-".into(), root.path().into(), "x.837".into()]).expect("readable");
        let names: Vec<String> = inputs
            .iter()
            .map(|input| match input {
                Named::File { path, from_directory } => {
                    let path = path.strip_prefix(root.path()).unwrap_or(path);
                    format!("{} {from_directory}", path.display())
                }
                other => other.name(),
            })
            .collect();
        assert_eq!(names, ["-", "a/z.837 true", "b.837 true", "c.837 true", "x.837 false"]);
    }
}
