use std::path::PathBuf;

use super::{Origin, Set};
use crate::cli::output::OutputSpec;
use crate::config::{Config, Mistakes, Stated, Words};
use crate::maps::ready_made;
use crate::rules::Complaint;

/// Takes values from a configuration, and notes those that mean nothing.
pub(in crate::cli) struct Resolver<'c> {
    pub(in crate::cli) config: &'c Config,
    complaints: Vec<Stated<Complaint>>,
}

impl<'c> Resolver<'c> {
    pub(in crate::cli) fn new(config: &'c Config) -> Resolver<'c> {
        Resolver { config, complaints: Vec::new() }
    }

    /// Notes something wrong at its place.
    pub(in crate::cli) fn wrong<T>(&mut self, stated: &Stated<T>, message: String, help: Option<String>) {
        let complaint = Complaint { message, help };
        self.complaints.push(Stated { value: complaint, file: stated.file, at: stated.at.clone() });
    }

    /// What was made of the configuration, if all of it means something.
    ///
    /// # Errors
    /// What was noted.
    pub(in crate::cli) fn finish<T>(self, made: T) -> Result<T, Mistakes> {
        if self.complaints.is_empty() { Ok(made) } else { Err(self.config.mistakes(self.complaints)) }
    }

    fn kept<S, T>(&self, stated: &Stated<S>, value: T) -> Set<T> {
        let (name, line) = self.config.place(stated);
        let origin = Origin::File { name: name.to_owned(), line, file: stated.file, at: stated.at.clone() };
        Set { value, origin }
    }

    /// The value typed, else the one stated as `read` understands it. A value that means nothing is noted in any case.
    pub(in crate::cli) fn one<S, T>(
        &mut self,
        typed: Option<T>,
        stated: &Option<Stated<S>>,
        read: impl FnOnce(&Stated<S>) -> Result<T, String>,
    ) -> Option<Set<T>> {
        let kept = stated.as_ref().and_then(|stated| match read(stated) {
            Ok(value) => Some(self.kept(stated, value)),
            Err(why) => {
                self.wrong(stated, why, None);
                None
            }
        });
        typed.map(|value| Set { value, origin: Origin::Typed }).or(kept)
    }

    /// The same with a default.
    pub(in crate::cli) fn or<S, T>(
        &mut self,
        typed: Option<T>,
        stated: &Option<Stated<S>>,
        read: impl FnOnce(&Stated<S>) -> Result<T, String>,
        default: T,
    ) -> Set<T> {
        self.one(typed, stated, read).unwrap_or(Set { value: default, origin: Origin::Default })
    }

    pub(in crate::cli) fn switch(&mut self, typed: Option<bool>, stated: &Option<Stated<bool>>) -> Set<bool> {
        self.or(typed, stated, |stated| Ok(stated.value), false)
    }

    pub(in crate::cli) fn path(
        &mut self,
        typed: &Option<PathBuf>,
        stated: &Option<Stated<String>>,
    ) -> Option<Set<PathBuf>> {
        let config = self.config;
        self.one(typed.clone(), stated, |stated| Ok(config.path(stated)))
    }

    /// Words of a list, each with its own place.
    pub(in crate::cli) fn words(&self, stated: &Option<Stated<Words>>) -> Vec<Set<String>> {
        self.each(stated).iter().map(|word| self.kept(word, word.value.clone())).collect()
    }

    /// What was typed in place of what a configuration says.
    pub(in crate::cli) fn list(&self, typed: &[String], stated: &Option<Stated<Words>>) -> Vec<Set<String>> {
        match typed {
            [] => self.words(stated),
            typed => typed.iter().cloned().map(Set::typed).collect(),
        }
    }

    /// Likewise of paths.
    pub(in crate::cli) fn path_list(
        &self,
        typed: &[PathBuf],
        stated: &Option<Stated<Words>>,
    ) -> Vec<Set<PathBuf>> {
        match typed {
            [] => self.paths(stated),
            typed => typed.iter().cloned().map(Set::typed).collect(),
        }
    }

    pub(in crate::cli) fn paths(&self, stated: &Option<Stated<Words>>) -> Vec<Set<PathBuf>> {
        self.each(stated).iter().map(|word| self.kept(word, self.config.path(word))).collect()
    }

    pub(in crate::cli) fn outputs(
        &mut self,
        typed: &[OutputSpec],
        stated: &Option<Stated<Words>>,
    ) -> Vec<Set<OutputSpec>> {
        let mut outputs = Vec::new();
        for word in self.each(stated) {
            match word.value.parse::<OutputSpec>() {
                Ok(spec) => {
                    let path = spec.path.map(|path| self.config.folder(&word).join(path));
                    outputs.push(self.kept(&word, OutputSpec { path, ..spec }));
                }
                Err(why) => self.wrong(&word, why, None),
            }
        }
        match typed {
            [] => outputs,
            typed => typed.iter().map(|spec| Set { value: spec.clone(), origin: Origin::Typed }).collect(),
        }
    }

    /// The words of a list. One that stands alone, without a list around it, has the place of the value.
    pub(in crate::cli) fn each(&self, stated: &Option<Stated<Words>>) -> Vec<Stated<String>> {
        let of_list = |stated: &Stated<Words>| {
            let at = |word: &Stated<String>| word.at.clone().or_else(|| stated.at.clone());
            stated.value.0.iter().map(|word| Stated { at: at(word), ..word.clone() }).collect()
        };
        stated.as_ref().map(of_list).unwrap_or_default()
    }

    /// A ready-made map by its name, or a file that is named from the configuration that names it.
    pub(in crate::cli) fn map(
        &mut self,
        typed: &Option<String>,
        stated: &Option<Stated<String>>,
    ) -> Option<Set<String>> {
        let config = self.config;
        self.one(typed.clone(), stated, |stated| {
            let is_ready_made = ready_made().iter().any(|map| map.name == stated.value);
            let path = || config.path(stated).display().to_string();
            Ok(if is_ready_made { stated.value.clone() } else { path() })
        })
    }
}
