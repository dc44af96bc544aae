use std::io;
use std::path::PathBuf;

/// Why the store cannot be used, in one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file or folder cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file or folder cannot be written.
    #[error("cannot write {}: {source}; the tables are as they were", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The store is a later program's.
    #[error(
        "{} was written by a later version of cleanclaim (format {found}; this one knows {known}): update cleanclaim, \
         or name another folder with --data",
        path.display()
    )]
    Later {
        /// The manifest.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The format this program writes.
        known: u32,
    },
    /// The manifest says nothing sensible.
    #[error(
        "{} is damaged ({what}): remove it and import the files again with `cleanclaim data import`",
        path.display()
    )]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A table is not what was imported.
    #[error("{table} in {} is damaged ({what}): import {origin} again with `cleanclaim data import`", path.display())]
    Damaged {
        /// Name and release.
        table: String,
        /// Its file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
        /// The file it was imported from.
        origin: String,
    },
}

impl StoreError {
    pub(super) fn read(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> StoreError {
        let path = path.into();
        |source| StoreError::Read { path, source }
    }

    pub(super) fn write(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> StoreError {
        let path = path.into();
        |source| StoreError::Write { path, source }
    }
}
