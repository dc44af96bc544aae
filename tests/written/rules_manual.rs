//! What `docs/writing-rules.md` and `docs/notes.md` show can be loaded as it stands there.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

use cleanclaim::rules::{RuleFile, RuleSet};

/// The YAML blocks of the pages that are whole files.
fn files() -> Vec<RuleFile> {
    let page = concat!(include_str!("../../docs/writing-rules.md"), include_str!("../../docs/notes.md"));
    let blocks = page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    let whole =
        blocks.filter(|block| ["# acme", "lists:", "profiles:"].iter().any(|start| block.starts_with(start)));
    whole
        .enumerate()
        .map(|(index, block)| RuleFile { name: format!("block-{index}.yaml"), text: block.into() })
        .collect()
}

#[test]
fn the_manual_is_right() {
    let files = files();
    assert_eq!(files.len(), 6);
    let set = RuleSet::with(&files).unwrap_or_else(|errors| panic!("\n{errors}"));
    let examples = set.examples().expect("examples");
    assert_eq!(examples.iter().filter(|example| example.rule == "ACME01").count(), 2);
    assert_eq!(examples.iter().filter(|example| example.rule == "ACME11").count(), 3);
    let acme = set.profiles.iter().find(|profile| profile.name == "acme").expect("the profile");
    assert!(acme.ncci && acme.counting_confirmed);
    let texas = set.profiles.iter().find(|profile| profile.name == "texas-workers-compensation");
    let texas = texas.expect("the profile");
    assert_eq!(
        (texas.states.as_slice(), texas.filing_indicators.as_slice()),
        (&["TX".to_owned()][..], &["WC".to_owned()][..])
    );
    let medicare = set.profiles.iter().find(|profile| profile.name == "medicare").expect("the profile");
    assert_eq!(medicare.nonspecific_diagnoses, ["R52", "M7910"]);
    assert!(medicare.mppr, "what is not stated stays");
}
