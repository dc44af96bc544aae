//! The store of imported tables: read-only, and with imports that are killed at whatever they are doing.

#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cleanclaim::store::Store;

use super::program::{Run, fixture};
use crate::support::tables::official;

const FIRST: [&str; 2] = ["PPRRVU25_JAN.csv", "ccipra-v322r0-f4.TXT"];
const MORE: [&str; 4] = ["GPCI2025.csv", "modifiers.csv", "ZIP5_JAN2026.txt", "PPRRVU25_JUL.txt"];

fn import(store: &Path, names: &[&str]) -> Run {
    let mut arguments: Vec<PathBuf> = ["data", "import", "--data"].iter().map(PathBuf::from).collect();
    arguments.push(store.to_owned());
    arguments.extend(names.iter().map(|name| official(name)));
    Run::of(arguments)
}

/// The tables of a store, each held against its hash.
fn whole(store: &Path) -> BTreeSet<String> {
    let store = Store::open(store).expect("a sound manifest").expect("a store");
    (0..store.entries().len()).for_each(|index| drop(store.whole(index).expect("a whole table")));
    store.entries().iter().map(|entry| entry.title()).collect()
}

/// What lies in the folders of a store, by name and length.
fn state(store: &Path) -> Vec<(String, u64)> {
    let mut state = Vec::new();
    for folder in [store.to_owned(), store.join("tables")] {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let length = entry.metadata().map_or(0, |found| found.len());
            state.push((entry.file_name().to_string_lossy().into_owned(), length));
        }
    }
    state.sort();
    state
}

#[test]
fn a_read_only_store_is_read_and_not_written() {
    let folder = tempfile::tempdir().expect("a folder");
    // Whoever runs the tests may be somebody to whom no permission applies.
    let open =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("our own");
    open(folder.path(), 0o755);
    let store = folder.path().join("store");
    import(&store, &FIRST).ended().ends_in(0, "");
    let before = state(&store);
    for path in [store.clone(), store.join("tables")] {
        open(&path, 0o555);
    }
    for entry in fs::read_dir(store.join("tables")).expect("a folder") {
        open(&entry.expect("an entry").path(), 0o444);
    }
    open(&store.join("lock"), 0o444);
    let day = folder.path().join("day.837");
    fs::copy(fixture("clinic-day.837"), &day).expect("copied");
    let file = folder.path().join("modifiers.csv");
    fs::copy(official("modifiers.csv"), &file).expect("copied");
    let data: &[&std::ffi::OsStr] = &["--data".as_ref(), store.as_os_str()];
    let program = Run::check([&[day.as_os_str()], data].concat()).unprivileged().ended();
    program.ends_in(1, "");
    assert!(program.out.contains("RVU25A"), "its tables are used");
    let list = Run::of([&["data".as_ref(), "list".as_ref()], data].concat()).unprivileged().ended();
    list.ends_in(0, "");
    let import = [&["data".as_ref(), "import".as_ref()], data, &[file.as_os_str()]].concat();
    let run = Run::of(import).unprivileged().ended();
    run.ends_in(2, "cannot write");
    assert!(run.err.contains("the tables are as they were"), "{}", run.err);
    assert_eq!(state(&store), before);
    for path in [store.join("tables"), store.clone()] {
        open(&path, 0o755);
    }
}

/// The import is watched, and killed the moment the store has changed for the n-th time.
#[test]
fn an_import_that_is_killed_at_each_change_of_the_store() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = folder.path().join("store");
    import(&store, &FIRST).ended().ends_in(0, "");
    let (before, mut killed, mut done) = (whole(&store), 0, 0);
    for changes in 0..14 {
        let mut child = import(&store, &MORE).started();
        let (mut seen, mut last, start) = (0, state(&store), Instant::now());
        let ended = loop {
            if let Some(status) = child.try_wait().expect("it can be asked") {
                break Some(status);
            }
            let now = state(&store);
            if now != last {
                (seen, last) = (seen + 1, now);
            }
            if seen > changes || start.elapsed() > Duration::from_secs(60) {
                child.kill().expect("killed");
                child.wait().expect("it ends");
                break None;
            }
        };
        let after = whole(&store);
        let all = after.len() == before.len() + MORE.len();
        assert!(all || after == before, "after {changes} changes: {after:?}");
        killed += u32::from(ended.is_none() && !all);
        if all {
            done += 1;
            // Taken out again, so that the next one has all to do.
            for title in after.difference(&before) {
                let (table, release) = title.split_once(' ').expect("name and release");
                let store = store.display().to_string();
                Run::of(["data", "remove", table, release, "--data", &store]).ended().ends_in(0, "");
            }
            assert_eq!(whole(&store), before);
        }
    }
    assert!(killed > 2, "{killed} imports were stopped midway, {done} were not");
    import(&store, &MORE).ended().ends_in(0, "");
    assert_eq!(whole(&store).len(), before.len() + MORE.len());
    import(&store, &MORE).ended().ends_in(0, "");
    let left = fs::read_dir(store.join("tables")).expect("a folder").count();
    assert_eq!(left, before.len() + MORE.len(), "what killed imports left behind is swept");
}

/// Two imports at once, and one of them dies: the other has its tables, and all of them.
#[test]
fn an_import_beside_one_that_is_killed() {
    for wait in [0, 5, 20, 60] {
        let folder = tempfile::tempdir().expect("a folder");
        let store = folder.path().join("store");
        import(&store, &FIRST).ended().ends_in(0, "");
        let before = whole(&store);
        let mut killed = import(&store, &MORE[..2]).started();
        let mut other = import(&store, &MORE[2..]).started();
        std::thread::sleep(Duration::from_millis(wait));
        killed.kill().expect("killed");
        killed.wait().expect("it ends");
        assert!(other.wait().expect("it ends").success());
        let after = whole(&store);
        assert!(after.is_superset(&before) && [2, 4].contains(&(after.len() - before.len())), "{after:?}");
    }
}
