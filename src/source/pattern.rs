//! Globs: `*` and `?` stay within a name, `**` goes through folders, `[ab]` and `{a,b}` choose.

use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use super::SourceError;

/// Patterns of what is to be read, or of what is not.
///
/// One without a slash is held against the name of a file or folder, wherever it lies; one with a slash against the end of
/// its path.
#[derive(Clone, Debug, Default)]
pub(super) struct Patterns {
    names: Vec<GlobMatcher>,
    paths: Vec<GlobMatcher>,
}

impl Patterns {
    pub(super) fn new(globs: &[String]) -> Result<Patterns, SourceError> {
        let mut patterns = Patterns::default();
        for glob in globs {
            let plain = glob.strip_prefix("./").unwrap_or(glob).trim_end_matches('/');
            if plain.contains('/') {
                patterns.paths.push(matcher(plain, glob)?);
                patterns.paths.push(matcher(&format!("**/{}", plain.trim_start_matches('/')), glob)?);
            } else {
                patterns.names.push(matcher(plain, glob)?);
            }
        }
        Ok(patterns)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty() && self.paths.is_empty()
    }

    /// Whether one of them is about this path.
    pub(super) fn are_about(&self, path: &Path) -> bool {
        let plain = path.strip_prefix(".").unwrap_or(path);
        self.names.iter().any(|glob| path.file_name().is_some_and(|name| glob.is_match(name)))
            || self.paths.iter().any(|glob| glob.is_match(plain))
    }

    /// Whether one of them is about `below` in `folder`, or about a folder on the way there.
    pub(super) fn are_about_any(&self, folder: &Path, below: &Path) -> bool {
        let mut path = folder.to_owned();
        !self.is_empty()
            && below.components().any(|part| {
                path.push(part);
                self.are_about(&path)
            })
    }
}

/// The matcher of a pattern that was `typed` so.
fn matcher(glob: &str, typed: &str) -> Result<GlobMatcher, SourceError> {
    let built = GlobBuilder::new(glob).literal_separator(true).backslash_escape(cfg!(not(windows))).build();
    built
        .map(|glob| glob.compile_matcher())
        .map_err(|error| SourceError::Pattern { pattern: typed.to_owned(), why: error.kind().to_string() })
}

/// A glob among the arguments: where to look, and for what.
pub(super) struct Glob {
    /// The folders before the first part that is a pattern; empty for the current one.
    pub(super) base: PathBuf,
    matcher: GlobMatcher,
    /// Folders below `base` that can hold a match.
    pub(super) depth: usize,
    /// Whether hidden names are looked at.
    pub(super) hidden: bool,
}

impl Glob {
    /// Reads an argument as a glob; `None` if it has nothing of one, or is the name of something that is there.
    pub(super) fn of(argument: &Path) -> Result<Option<Glob>, SourceError> {
        let Some(text) = argument.to_str().filter(|text| text.contains(['*', '?', '[', '{'])) else {
            return Ok(None);
        };
        if argument.symlink_metadata().is_ok() {
            return Ok(None);
        }
        let is_pattern =
            |part: &Component<'_>| part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']);
        let parts: Vec<Component<'_>> = Path::new(text).components().collect();
        let fixed = parts.iter().take_while(|part| !is_pattern(part)).count();
        let base: PathBuf = parts[..fixed].iter().collect();
        let rest: Vec<_> = parts[fixed..].iter().map(|part| part.as_os_str().to_string_lossy()).collect();
        let depth = if text.contains("**") { usize::MAX } else { rest.len() - 1 };
        let hidden = rest.iter().any(|part| part.starts_with('.'));
        // What stands in the fixed part is meant as it is.
        Ok(Some(Glob { base, matcher: matcher(&rest.join("/"), text)?, depth, hidden }))
    }

    /// Whether a path is meant, which stands below `base`.
    pub(super) fn is_about(&self, path: &Path) -> bool {
        path.strip_prefix(&self.base).is_ok_and(|below| self.matcher.is_match(below))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_ends_of_paths() {
        let about = |glob: &str, path: &str| {
            Patterns::new(&[glob.to_owned()]).map(|patterns| patterns.are_about(Path::new(path))).ok()
        };
        assert_eq!(about("*.837", "exports/day.837"), Some(true));
        assert_eq!(about("*.837", "exports/day.txt"), Some(false));
        assert_eq!(about("old/", "exports/old"), Some(true));
        assert_eq!(about("old/*.837", "exports/old/day.837"), Some(true));
        assert_eq!(about("old/*.837", "exports/old/2024/day.837"), Some(false));
        assert_eq!(about("exports/**/*.837", "exports/old/2024/day.837"), Some(true));
        assert_eq!(about("./exports/*.837", "./exports/day.837"), Some(true));
        assert_eq!(about("*.{837,edi}", "day.edi"), Some(true));
        assert_eq!(about("*.[", "day"), None);
    }

    #[test]
    fn a_glob_says_where_to_look() {
        let glob = |text: &str| {
            let glob = Glob::of(Path::new(text)).expect("a pattern");
            glob.map(|glob| (glob.base.display().to_string(), glob.depth, glob.hidden))
        };
        assert_eq!(glob("exports/day.837"), None);
        assert_eq!(glob("exports/2025/*.837"), Some(("exports/2025".to_owned(), 0, false)));
        assert_eq!(glob("exports/*/.x*.837"), Some(("exports".to_owned(), 1, true)));
        assert_eq!(glob("**/*.837"), Some((String::new(), usize::MAX, false)));
    }
}
