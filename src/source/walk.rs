use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::pattern::{Glob, Patterns};
use super::{Member, SourceError, Spool, archive};

/// An input of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Named {
    /// Standard input.
    Stdin {
        /// What reports call it.
        name: String,
    },
    /// A file.
    File {
        /// Where it is.
        path: PathBuf,
        /// Whether it was found in a directory: then it may be something else than claims.
        from_directory: bool,
    },
    /// A member of a zip archive; it may be something else than claims.
    Member(Arc<Member>),
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

    /// The input in a form that can be opened twice: standard input and named pipes are read to their end into an unnamed
    /// temporary file, anything else is as it was.
    ///
    /// # Errors
    /// Standard input or a pipe that cannot be read, or a temporary file that cannot be written.
    pub fn held(&self) -> io::Result<Named> {
        match self {
            Named::Stdin { name } => {
                Ok(Named::Spooled { name: name.clone(), spool: Spool::of(io::stdin().lock())? })
            }
            Named::File { path, .. } if path.exists() && !path.is_file() && !path.is_dir() => {
                Ok(Named::Spooled { name: self.name(), spool: Spool::of(fs::File::open(path)?)? })
            }
            other => Ok(other.clone()),
        }
    }

    /// What reports call it.
    pub fn name(&self) -> String {
        match self {
            Named::File { path, .. } => path.display().to_string(),
            Named::Member(member) => member.name().to_owned(),
            Named::Stdin { name } | Named::Spooled { name, .. } | Named::Memory { name, .. } => name.clone(),
        }
    }

    /// Where it is, the same however it was named: of a member of an archive, below the archive.
    pub fn place(&self) -> PathBuf {
        let canonical = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        match self {
            Named::File { path, .. } => canonical(path),
            Named::Member(member) => {
                let name = Path::new(member.name());
                let below = name.strip_prefix(member.archive()).unwrap_or(name);
                if member.is_of_spool() {
                    return name.to_owned();
                }
                canonical(member.archive()).join(below)
            }
            other => PathBuf::from(other.name()),
        }
    }

    /// Whether it was found in a folder or an archive, and may be something else than claims.
    pub fn may_be_other(&self) -> bool {
        matches!(self, Named::File { from_directory: true, .. } | Named::Member(_))
    }
}

/// What is read of the folders and archives that are named.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    include: Patterns,
    exclude: Patterns,
}

impl Selection {
    /// Reads only what one of `include` is about, if there are any, and nothing that one of `exclude` is about. Globs: one
    /// without a slash is held against names, one with a slash against the ends of paths.
    ///
    /// # Errors
    /// A pattern that is none.
    pub fn new(include: &[String], exclude: &[String]) -> Result<Selection, SourceError> {
        Ok(Selection { include: Patterns::new(include)?, exclude: Patterns::new(exclude)? })
    }

    /// Turns what was typed into inputs, each once, in the order in which it was first named.
    ///
    /// `-` is standard input. A directory stands for the files in it and below it, sorted by name; hidden ones are left
    /// out, and links to directories are not followed. A glob that names no file stands for those it matches. A zip
    /// archive stands for its members.
    ///
    /// # Errors
    ///
    /// If a directory cannot be read, or a glob matches nothing. A file that is not there is found out when it is opened.
    pub fn expand(&self, arguments: &[PathBuf]) -> Result<Vec<Named>, SourceError> {
        let mut found = Found::default();
        for argument in arguments {
            if argument.as_os_str() == "-" {
                found.add(Named::Stdin { name: "-".to_owned() }, true);
            } else if let Some(glob) = Glob::of(argument)? {
                let before = found.met;
                self.matches(&glob, &glob.base, 0, &mut found)?;
                if found.met == before {
                    return Err(SourceError::Nothing { pattern: argument.display().to_string() });
                }
            } else if argument.is_dir() {
                self.walk(argument, self.include.are_about(argument), &mut found)?;
            } else {
                let named = Named::File { path: argument.clone(), from_directory: false };
                found.add(named, self.include.are_about(argument));
            }
        }
        let mut inputs = Vec::with_capacity(found.inputs.len());
        for (input, is_meant) in found.inputs {
            self.unpack(input, is_meant, &mut inputs);
        }
        Ok(inputs)
    }

    /// Puts the members of an archive in its place. `is_meant`: what is to be included is about the input or a folder on the way
    /// to it, and so about all that an archive holds.
    fn unpack(&self, input: Named, is_meant: bool, inputs: &mut Vec<Named>) {
        let Named::File { path, from_directory } = &input else {
            inputs.push(input);
            return;
        };
        match archive::members(path) {
            Some(members) => self.choose(members, is_meant, inputs),
            None if *from_directory && !is_meant && !self.include.is_empty() => {}
            None => inputs.push(input),
        }
    }

    /// What was read to its end, as inputs: itself, or the members of the archive it is. Its name leads nowhere.
    pub fn unpacked(&self, name: &str, spool: &Arc<Spool>) -> Vec<Named> {
        let mut inputs = Vec::new();
        match archive::members_of_spool(name, spool) {
            Some(members) => self.choose(members, self.include.are_about(Path::new(name)), &mut inputs),
            None => inputs.push(Named::Spooled { name: name.to_owned(), spool: Arc::clone(spool) }),
        }
        inputs
    }

    /// Adds the members of one archive that are wanted. `is_meant`: all of them are, but for what is to be left out.
    fn choose(&self, members: Vec<Member>, is_meant: bool, inputs: &mut Vec<Named>) {
        let is_meant = is_meant || self.include.is_empty();
        let is_wanted = |member: &Member| {
            let (name, archive) = (Path::new(member.name()), member.archive());
            let below = name.strip_prefix(archive).unwrap_or(name);
            // The archive as a whole has no name below it.
            below.as_os_str().is_empty()
                || (is_meant || self.include.are_about_any(archive, below))
                    && !self.exclude.are_about_any(archive, below)
        };
        let wanted = members.into_iter().filter(is_wanted);
        inputs.extend(wanted.map(|member| Named::Member(Arc::new(member))));
    }

    /// The files below a folder. `is_meant`: what is to be included is about the folder, or about one on the way to it.
    fn walk(&self, directory: &Path, is_meant: bool, found: &mut Found) -> Result<(), SourceError> {
        for (path, is_folder) in entries(directory, false)? {
            if self.exclude.are_about(&path) {
                continue;
            }
            let is_meant = is_meant || self.include.are_about(&path);
            if is_folder {
                self.walk(&path, is_meant, found)?;
            } else {
                found.add(Named::File { path, from_directory: true }, is_meant);
            }
        }
        Ok(())
    }

    /// What a glob matches below a folder; a folder that it matches stands for the files in it.
    fn matches(
        &self,
        glob: &Glob,
        directory: &Path,
        depth: usize,
        found: &mut Found,
    ) -> Result<(), SourceError> {
        if !directory.as_os_str().is_empty() && !directory.is_dir() {
            return Ok(());
        }
        for (path, is_folder) in entries(directory, glob.hidden)? {
            let is_match = glob.is_about(&path);
            if is_match {
                found.met += 1;
            }
            if self.exclude.are_about(&path) {
                continue;
            }
            let is_meant = is_match && self.include.are_about(&path);
            if is_match && is_folder {
                self.walk(&path, is_meant, found)?;
            } else if is_match {
                found.add(Named::File { path: path.clone(), from_directory: false }, is_meant);
            }
            if is_folder && depth < glob.depth {
                self.matches(glob, &path, depth + 1, found)?;
            }
        }
        Ok(())
    }
}

/// Likewise, with all that folders and archives hold.
///
/// # Errors
/// Those of [`Selection::expand`].
pub fn expand(arguments: &[PathBuf]) -> Result<Vec<Named>, SourceError> {
    Selection::default().expand(arguments)
}

/// Inputs, each once.
#[derive(Default)]
struct Found {
    /// With whether what is to be included is about it.
    inputs: Vec<(Named, bool)>,
    places: HashMap<PathBuf, usize>,
    /// What globs have matched, whether or not it is read.
    met: usize,
}

impl Found {
    /// Takes an input that has not been named yet. Who names a file that was found in a folder means it.
    fn add(&mut self, named: Named, is_meant: bool) {
        let next = self.inputs.len();
        let at = *self.places.entry(named.place()).or_insert(next);
        match self.inputs.get_mut(at) {
            None => self.inputs.push((named, is_meant)),
            Some((known, was_meant)) => {
                *was_meant |= is_meant;
                if let Named::File { from_directory, .. } = known {
                    *from_directory &= named.may_be_other();
                }
            }
        }
    }
}

/// What lies in a folder (the current one, if it has no name), sorted, with whether it is a folder itself.
fn entries(directory: &Path, hidden: bool) -> Result<Vec<(PathBuf, bool)>, SourceError> {
    let fail = |source| SourceError::Read { name: directory.display().to_string(), source };
    let place = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    let mut entries = Vec::new();
    for entry in fs::read_dir(place).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let name = entry.file_name();
        let kind = entry.file_type().map_err(fail)?;
        let path = directory.join(&name);
        let is_file = kind.is_file() || kind.is_symlink() && path.is_file();
        if (hidden || !name.as_encoded_bytes().starts_with(b".")) && (kind.is_dir() || is_file) {
            entries.push((path, kind.is_dir()));
        }
    }
    entries.sort();
    Ok(entries)
}

#[cfg(test)]
#[path = "walk_tests.rs"]
mod tests;
