//! The JSON that the program carries is what the YAML under `rules/` says.
//!
//! Run with `CLEANCLAIM_BLESS=1` to write it anew.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

use std::path::{Path, PathBuf};

use cleanclaim::rules::{Carried, RuleFile, RuleSet, carried};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> RuleFile {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let name = path.strip_prefix(root()).unwrap_or(path).display().to_string();
    RuleFile { name, text: text.into() }
}

fn from_yaml() -> Carried {
    let defaults = root().join("rules/example-defaults.yaml");
    let mut paths = std::fs::read_dir(root().join("rules"))
        .expect("the folder of rules")
        .map(|entry| entry.expect("an entry of it").path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml") && *path != defaults)
        .collect::<Vec<_>>();
    paths.sort();
    let files = paths.iter().map(|path| read(path)).collect::<Vec<_>>();
    carried(&files, &read(&defaults)).unwrap_or_else(|errors| panic!("\n{errors}"))
}

#[test]
fn the_carried_json_is_written_from_the_yaml() {
    let Carried { rules, examples } = from_yaml();
    for (name, wanted) in [("reference/rules.json", rules), ("reference/rule-examples.json", examples)] {
        let path = root().join(name);
        if std::env::var_os("CLEANCLAIM_BLESS").is_some() {
            std::fs::write(&path, wanted).expect("a file of the repository");
        } else {
            let found = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(found == wanted, "{name} is stale; run CLEANCLAIM_BLESS=1 cargo test --test embedded");
        }
    }
}

#[test]
fn the_carried_rules_resolve() {
    let set = RuleSet::with(&[]).unwrap_or_else(|errors| panic!("\n{errors}"));
    set.examples().unwrap_or_else(|errors| panic!("\n{errors}"));
    assert_eq!(set.profiles.last().map(|profile| profile.name.as_str()), Some("unknown"));
}
