//! `docs/rules/` is what `explain` says of the built-in rules: one page a rule, and one that names them all.
//!
//! Run with `CLEANCLAIM_BLESS=1` to write them anew.

#![allow(clippy::expect_used, reason = "a test fails by panicking, its helpers too")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use cleanclaim::cli::explain;
use cleanclaim::rules::RuleSet;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/rules")
}

/// The pages by file name.
fn pages() -> BTreeMap<String, String> {
    let rules = RuleSet::builtin();
    let examples = rules.examples().expect("the examples");
    let page = |rule| explain::markdown(rule, &examples);
    let mut pages: BTreeMap<String, String> =
        rules.rules.iter().map(|rule| (format!("{}.md", rule.code), page(rule))).collect();
    pages.insert("README.md".to_owned(), explain::index(&rules));
    pages
}

#[test]
fn the_pages_are_those_of_the_rules() {
    let pages = pages();
    let found: BTreeSet<String> = std::fs::read_dir(folder())
        .map(|entries| {
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        })
        .map(Iterator::collect)
        .unwrap_or_default();
    if std::env::var_os("CLEANCLAIM_BLESS").is_some() {
        std::fs::create_dir_all(folder()).expect("a folder of the repository");
        for name in found.iter().filter(|name| !pages.contains_key(*name)) {
            std::fs::remove_file(folder().join(name)).expect("a page of a rule that is gone");
        }
        for (name, page) in &pages {
            std::fs::write(folder().join(name), page).expect("a page of the repository");
        }
        return;
    }
    let refresh = "run CLEANCLAIM_BLESS=1 cargo test --test written rule_pages::";
    assert_eq!(found, pages.keys().cloned().collect(), "{refresh}");
    for (name, wanted) in &pages {
        let found = std::fs::read_to_string(folder().join(name)).expect("a page");
        assert!(found == *wanted, "docs/rules/{name} is stale; {refresh}");
    }
}

#[test]
fn every_page_has_every_head() {
    let heads = [
        "What it checks",
        "Why",
        "It fires on",
        "It is silent on",
        "How it is priced",
        "What to do",
        "If it is denied anyway",
        "Likely codes",
        "Sources",
        "Configuration",
        "Since",
    ];
    for (name, page) in pages().iter().filter(|(name, _)| *name != "README.md") {
        let found: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(found, heads, "{name}");
        let longest = page.lines().map(|line| line.chars().count()).max().unwrap_or_default();
        assert!(longest <= 122, "{name} has a line of {longest} columns");
        let empty = page
            .split("\n## ")
            .skip(1)
            .any(|section| section.split_once('\n').is_none_or(|(_, under)| under.trim().is_empty()));
        assert!(!empty, "{name} has a head with nothing under it");
    }
}

#[test]
fn every_rule_is_shown_on_both_sides() {
    for (name, page) in pages().iter().filter(|(name, _)| *name != "README.md") {
        assert!(!page.contains("No example is given."), "{name}");
    }
}
