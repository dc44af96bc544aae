//! Stores made of the small official files in `fixtures/official`.
#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use std::path::PathBuf;
use std::sync::Arc;

use cleanclaim::claim::Date;
use cleanclaim::import::{self, Limits, Wishes};
use cleanclaim::reference::Reference;
use cleanclaim::store::{Change, Store};
use tempfile::TempDir;

use super::repository;

/// The day of imports in tests.
pub(crate) const TODAY: Date = Date::constant(2026, 11, 30);

/// A file of `fixtures/official`.
pub(crate) fn official(name: &str) -> PathBuf {
    repository("fixtures/official").join(name)
}

/// What is asked for when nothing is.
pub(crate) fn wishes() -> Wishes {
    Wishes { release: None, today: TODAY, limits: Limits::default() }
}

/// The tables with these files imported. The folder must live as long as they are asked.
pub(crate) fn with_imported(names: &[&str]) -> (TempDir, Reference) {
    let folder = tempfile::tempdir().expect("a folder");
    let files: Vec<PathBuf> = names.iter().map(|name| official(name)).collect();
    let reading = import::read(&files, &wishes()).expect("files that can be imported");
    Change::begin(folder.path()).and_then(|change| change.add(&reading.tables, TODAY)).expect("a store");
    let store = Store::open(folder.path()).expect("a sound store").expect("a store");
    let reference = Reference::with_store(Arc::new(store));
    (folder, reference)
}
