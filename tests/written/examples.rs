//! The examples of the built-in rules are tests: what must fire fires, with its dollars, and what must not stays silent.

use cleanclaim::cli::rules_test;
use cleanclaim::reference::Reference;
use cleanclaim::rules::RuleSet;

#[test]
#[allow(clippy::expect_used, reason = "rules that do not load have failed")]
fn every_example_of_every_rule() {
    let tested = rules_test::run(&RuleSet::builtin(), &Reference::builtin()).expect("the rules load");
    assert!(tested.results.len() > 500, "{} examples", tested.results.len());
    let mut told = Vec::new();
    rules_test::show(&tested, false, &mut told).expect("written");
    assert!(tested.passed(), "{}", String::from_utf8_lossy(&told));
}
