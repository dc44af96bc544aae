//! What the fuzzers have found and kept, put to the same functions without a nightly compiler.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::repository;

#[path = "../../fuzz/src/lib.rs"]
pub(crate) mod bodies;

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

/// Every input of a kept corpus, and every one that once ended in a panic. A thread that fails says for which.
#[test]
fn the_kept_inputs_of_every_fuzz_target() {
    let mut replayed = 0;
    for (target, run) in bodies::TARGETS {
        let corpus = files(&repository("fuzz/corpus").join(target));
        assert!(!corpus.is_empty(), "{target} has no corpus");
        let regressions = repository("fuzz/regressions").join(target);
        let regressions = if regressions.is_dir() { files(&regressions) } else { Vec::new() };
        for path in corpus.iter().chain(&regressions) {
            let bytes = fs::read(path).expect("a readable file");
            let ended = std::panic::catch_unwind(|| run(&bytes));
            assert!(ended.is_ok(), "{} fails", path.display());
            replayed += 1;
        }
    }
    assert!(replayed > bodies::TARGETS.len());
}

/// A target of cargo-fuzz for every function, and the other way round.
#[test]
fn every_fuzz_target_has_its_program() {
    let programs = files(&repository("fuzz/fuzz_targets"));
    let named: Vec<String> = programs
        .iter()
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    let targets: Vec<&str> = bodies::TARGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(named, targets);
    let manifest = fs::read_to_string(repository("fuzz/Cargo.toml")).expect("a manifest");
    for (path, target) in programs.iter().zip(targets) {
        let text = fs::read_to_string(path).expect("a program");
        assert!(text.contains(&format!("run(\"{target}\", bytes)")), "{}", path.display());
        assert!(manifest.contains(&format!("name = \"{target}\"")), "{target} is built");
    }
}
