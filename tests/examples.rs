//! The examples of the built-in rules are tests: what must fire fires, with its dollars, and what must not stays silent.

use cleanclaim::cli::rules_test;
use cleanclaim::reference::Reference;
use cleanclaim::rules::RuleSet;

#[test]
#[allow(clippy::expect_used, reason = "rules that do not load have failed")]
fn every_example_of_every_rule() {
    let results = rules_test::run(&RuleSet::builtin(), &Reference::builtin()).expect("the rules load");
    assert!(results.len() > 500, "{} examples", results.len());
    let mut told = Vec::new();
    let passed = rules_test::show(&results, false, &mut told).expect("written");
    assert!(passed, "{}", String::from_utf8_lossy(&told));
}
