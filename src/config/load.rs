use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::find::NAMES as FILE_NAMES;
use super::keys::{self, Keys};
use super::stated::{InFile, Stated};
use crate::rules::{Complaint, Mistake, Nearly, RuleErrors, RuleFile, Written, read_one, why_foreign};
use crate::source::{WRITTEN_BY_HAND, read_text};

/// What is wrong in configurations, shown at its place.
pub type Mistakes = RuleErrors;

/// A configuration, put together from a file and those that it extends.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// What is stated.
    pub keys: Keys,
    /// The files, the one that was asked for first.
    pub files: Vec<RuleFile>,
    /// The files' folders.
    folders: Vec<PathBuf>,
    /// The files' ranks.
    layers: Vec<usize>,
}

/// How a configuration is written.
const CONFIGURATION: Written = Written {
    name: "configuration",
    shape: || {
        "a configuration is a mapping with keys such as `extends`, `rules`, `select` and `payers`".to_owned()
    },
    keys: keys::NAMES,
    of_items: &[],
    in_brackets: false,
    nearly: Nearly::Every,
};

/// The same for a file that is called one: one key that is misspelt tells it.
const CALLED_ONE: Written = Written { nearly: Nearly::One, ..CONFIGURATION };

impl Config {
    /// Reads a configuration and those that it extends. `path` is as the user named it.
    ///
    /// # Errors
    /// A file that cannot be read or is no configuration; a wrong shape; a key that a configuration must not have; files that
    /// extend each other in a circle.
    pub fn read(path: &Path) -> Result<Config, Mistakes> {
        let mut loading = Loading::default();
        let keys = loading.read(path, &mut Vec::new());
        let Loading { files, folders, layers, mistakes, .. } = loading;
        match keys.filter(|_| mistakes.is_empty()) {
            Some(keys) => Ok(Config { keys, files, folders, layers }),
            None => Err(RuleErrors { sources: files, mistakes }),
        }
    }

    /// A path as its file states it: relative to the folder that the file stands in.
    pub fn path(&self, stated: &Stated<String>) -> PathBuf {
        self.folder(stated).join(&stated.value)
    }

    /// The folder of the file that states something.
    pub fn folder<T>(&self, stated: &Stated<T>) -> &Path {
        self.folders.get(stated.file).map_or(Path::new(""), PathBuf::as_path)
    }

    /// Rank of the file that states something: a file lies above those that it extends, of these the later above the earlier.
    pub fn layer<T>(&self, stated: &Stated<T>) -> usize {
        self.layers.get(stated.file).copied().unwrap_or_default()
    }

    /// File and line that something stands at.
    pub fn place<T>(&self, stated: &Stated<T>) -> (&str, usize) {
        let Some(file) = self.files.get(stated.file) else { return ("", 0) };
        let before = stated.at.as_ref().and_then(|at| file.text.get(..at.start)).unwrap_or_default();
        (&file.name, before.matches('\n').count() + 1)
    }

    /// Draws complaints about what is stated, in the order of files and lines.
    pub fn mistakes(&self, complaints: Vec<Stated<Complaint>>) -> Mistakes {
        let mistake = |Stated { value: Complaint { message, help }, file, at }| Mistake {
            source: file,
            at,
            message,
            label: "here".to_owned(),
            help,
        };
        let mut mistakes: Vec<Mistake> = complaints.into_iter().map(mistake).collect();
        mistakes.sort_by_key(|mistake| (mistake.source, mistake.at.as_ref().map(|at| at.start)));
        RuleErrors { sources: self.files.clone(), mistakes }
    }
}

/// Files on their way to being put together.
#[derive(Default)]
struct Loading {
    files: Vec<RuleFile>,
    folders: Vec<PathBuf>,
    layers: Vec<usize>,
    /// Files that have been read to their end, with all that they extend.
    done: usize,
    mistakes: Vec<Mistake>,
}

impl Loading {
    fn wrong(
        &mut self,
        source: usize,
        at: Option<Range<usize>>,
        message: String,
        label: &str,
        help: Option<&str>,
    ) {
        let (label, help) = (label.to_owned(), help.map(str::to_owned));
        self.mistakes.push(Mistake { source, at, message, label, help });
    }

    /// Reads a file and what it extends. `chain` holds the files on the way to it, by their full paths, with their names.
    fn read(&mut self, path: &Path, chain: &mut Vec<(PathBuf, String)>) -> Option<Keys> {
        let name = path.display().to_string();
        let source = self.files.len();
        let text = read_text(path, WRITTEN_BY_HAND);
        let why = text.as_ref().err().map(|error| format!("cannot be read: {error}"));
        let text = text.unwrap_or_default();
        self.files.push(RuleFile { name: name.clone(), text: text.as_str().into() });
        self.folders.push(path.parent().map(Path::to_owned).unwrap_or_default());
        self.layers.push(0);
        let empty = is_empty(&text);
        if let Some(why) = why.or_else(|| foreign(path, &text).filter(|_| !empty)) {
            self.wrong(source, None, format!("{name}: {why}"), "", None);
            return None;
        }
        let read = if empty { Ok(Keys::default()) } else { read_one::<Keys>(source, &self.files[source]) };
        let mut keys = match read {
            Ok(keys) => keys,
            Err(mistake) => {
                self.mistakes.push(mistake);
                return None;
            }
        };
        keys.set_file(source);
        self.refuse(&keys);
        chain.push((whole(path), name));
        let extended = self.extended(&keys, chain);
        chain.pop();
        self.layers[source] = self.done;
        self.done += 1;
        Some(keys.over(extended?))
    }

    /// What the files extended say together, the later over the earlier.
    fn extended(&mut self, keys: &Keys, chain: &mut Vec<(PathBuf, String)>) -> Option<Keys> {
        let mut base = Keys::default();
        let Some(extends) = &keys.extends else { return Some(base) };
        for word in &extends.value.0 {
            let path = self.folders[word.file].join(&word.value);
            let at = word.at.clone().or_else(|| extends.at.clone());
            let target = whole(&path);
            if let Some(first) = chain.iter().position(|(known, _)| *known == target) {
                let names = chain[first..].iter().chain([&chain[first]]).map(|(_, name)| name.as_str());
                let circle = names.collect::<Vec<_>>().join(" extends ");
                self.wrong(
                    word.file,
                    at,
                    format!("configurations extend each other in a circle: {circle}"),
                    "back again",
                    None,
                );
                return None;
            }
            if !path.is_file() {
                let message = format!("there is no file {}", path.display());
                self.wrong(
                    word.file,
                    at,
                    message,
                    "not found",
                    Some("a path is relative to the file that names it"),
                );
                return None;
            }
            base = self.read(&path, chain)?.over(base);
        }
        Some(base)
    }

    fn refuse(&mut self, keys: &Keys) {
        for (key, stated) in [("show-phi", &keys.show_phi), ("show-phi-in-ci", &keys.show_phi_in_ci)] {
            if let Some(stated) = stated {
                self.wrong(
                    stated.file,
                    stated.at.clone(),
                    format!("`{key}` is never set in a configuration"),
                    "not here",
                    Some("whether names are shown is asked for on the command line alone, each time: --show-phi"),
                );
            }
        }
        if let Some(stated) = &keys.as_of {
            self.wrong(
                stated.file,
                stated.at.clone(),
                "`as-of` is never set in a configuration".to_owned(),
                "not here",
                Some("a day that stays would judge tomorrow's claims by today: --as-of, on the command line"),
            );
        }
    }
}

/// Whether a text holds comments at most, and so states nothing.
fn is_empty(text: &str) -> bool {
    let says_nothing = |line: &str| line.is_empty() || line.starts_with('#') || line == "---";
    text.trim_start_matches('\u{feff}').lines().all(|line| says_nothing(line.trim()))
}

/// Why a text is no configuration.
fn foreign(path: &Path, text: &str) -> Option<String> {
    let is_called_one = path.file_name().is_some_and(|name| FILE_NAMES.iter().any(|known| name == *known));
    why_foreign(text, if is_called_one { &CALLED_ONE } else { &CONFIGURATION })
}

fn whole(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
