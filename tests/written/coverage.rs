//! Every statement of the founding text is answered by a rule or by a feature, and `docs/coverage.md` says which.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{compare_or_bless, repository};
use cleanclaim::rules::RuleSet;
use serde::Deserialize;

/// The statements of the founding text, all of them.
const STATEMENTS: [&str; 20] = [
    "I0", "R0", "B1", "B2", "B3", "B4", "B5", "B6", "D1", "D2", "D3", "D4", "Q1", "Q2", "Q3", "Q4", "Q5",
    "Q6", "Q7", "Z",
];

/// Rules that statements name and the book does not hold yet. The list may only shrink.
const COMING: [&str; 0] = [];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Coverage {
    statements: Vec<Statement>,
    beyond: Vec<Beyond>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    id: String,
    says: String,
    #[serde(default)]
    rules: Vec<String>,
    #[serde(default)]
    features: Vec<Feature>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Feature {
    what: String,
    test: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Beyond {
    rules: Vec<String>,
    from: String,
}

/// A rule of the book: its name, and how many examples must fire and stay silent.
struct Known {
    name: String,
    fire: usize,
    silent: usize,
}

fn coverage() -> Coverage {
    let text = std::fs::read_to_string(repository("docs/coverage.yaml")).expect("docs/coverage.yaml");
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("docs/coverage.yaml: {error}"))
}

fn book() -> BTreeMap<String, Known> {
    let set = RuleSet::builtin();
    let new = |name: &str| Known { name: name.to_owned(), fire: 0, silent: 0 };
    let mut book: BTreeMap<String, Known> =
        set.rules.iter().map(|rule| (rule.code.clone(), new(&rule.name))).collect();
    for example in set.examples().expect("the carried examples") {
        let known = book.get_mut(&example.rule).expect("an example has a rule");
        *(if example.fires { &mut known.fire } else { &mut known.silent }) += 1;
    }
    book
}

#[test]
fn every_statement_is_there_once_and_answered() {
    let ids: Vec<String> = coverage().statements.iter().map(|one| one.id.clone()).collect();
    assert_eq!(ids, STATEMENTS, "docs/coverage.yaml: the statements, in their order");
    for statement in coverage().statements {
        let known = statement.rules.len() + statement.features.len();
        assert!(known > 0, "nothing answers {}", statement.id);
    }
}

#[test]
fn every_rule_named_exists_and_none_is_left_out() {
    let (coverage, book) = (coverage(), book());
    let by_statement = coverage.statements.iter().flat_map(|statement| &statement.rules);
    let named: BTreeSet<&str> = by_statement.map(String::as_str).collect();
    let beyond: Vec<&str> =
        coverage.beyond.iter().flat_map(|group| &group.rules).map(String::as_str).collect();
    let unknown = named.iter().chain(&beyond).filter(|code| !book.contains_key(**code)).copied();
    let unknown: BTreeSet<&str> = unknown.collect();
    assert_eq!(
        unknown,
        BTreeSet::from(COMING),
        "left: rules that docs/coverage.yaml names and the book does not hold; right: COMING. \
         A rule that has come is taken off COMING; one that never comes is taken out of the table"
    );
    let mut once = BTreeSet::new();
    for code in &beyond {
        assert!(once.insert(*code) && !named.contains(code), "{code} stands in docs/coverage.yaml twice");
    }
    for code in book.keys().map(String::as_str) {
        assert!(
            named.contains(code) || once.contains(code),
            "{code}: docs/coverage.yaml says neither which statement it answers nor where it comes from"
        );
    }
}

#[test]
fn every_rule_has_examples_on_both_sides() {
    for (code, known) in book() {
        assert!(known.fire > 0, "{code} has no example that must fire");
        assert!(known.silent > 0, "{code} has no example that must stay silent");
    }
}

#[test]
fn every_feature_is_held_by_a_test() {
    for statement in coverage().statements {
        for feature in statement.features {
            let (file, function) = feature.test.split_once("::").expect("file::function");
            let text = std::fs::read_to_string(repository(file))
                .unwrap_or_else(|error| panic!("{}: {file}: {error}", statement.id));
            let start = text.find(&format!("fn {function}(")).unwrap_or_else(|| {
                panic!("{}: {file} has no function {function}", statement.id);
            });
            let before = text[..start].lines().rev().take(3).collect::<String>();
            assert!(before.contains("#[test]"), "{}: {function} of {file} is no test", statement.id);
        }
    }
}

#[test]
fn the_page_is_up_to_date() {
    compare_or_bless("docs/coverage.md", &page(&coverage(), &book()));
}

fn page(coverage: &Coverage, book: &BTreeMap<String, Known>) -> String {
    let mut page = String::from(HEAD);
    for statement in &coverage.statements {
        page += &format!("\n## {}: {}\n\n", statement.id, statement.says);
        let rules = statement.rules.iter().filter_map(|code| Some((code, book.get(code)?)));
        for (code, known) in rules {
            page += &format!("- {}\n", in_words(code, known));
        }
        for feature in &statement.features {
            page += &format!("- {} (`{}`)\n", feature.what, feature.test);
        }
        for (title, anchor) in corrections(&statement.id) {
            page += &format!("- corrected: [{title}](corrections.md#{anchor})\n");
        }
    }
    page += "\n## Beyond the founding text\n";
    for group in &coverage.beyond {
        page += &format!("\nFrom {}:\n\n", group.from);
        for (code, known) in group.rules.iter().filter_map(|code| Some((code, book.get(code)?))) {
            page += &format!("- {}\n", in_words(code, known));
        }
    }
    page
}

/// The corrections that concern a statement, by title and anchor. Their titles end with the statements concerned.
fn corrections(id: &str) -> Vec<(&'static str, String)> {
    let page = include_str!("../../docs/corrections.md");
    let titles = page.lines().filter_map(|line| line.strip_prefix("## "));
    let of_statement = titles.filter_map(|whole| {
        let (title, ids) = whole.rsplit_once(" (")?;
        let ids: Vec<&str> = ids.trim_end_matches(')').split(", ").collect();
        let kept = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, ' ' | '-');
        let anchor = whole.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-");
        ids.contains(&id).then_some((title, anchor))
    });
    of_statement.collect()
}

#[test]
fn every_correction_concerns_a_statement() {
    let page = include_str!("../../docs/corrections.md");
    for title in page.lines().filter_map(|line| line.strip_prefix("## ")) {
        let ids = title.rsplit_once(" (").map(|(_, ids)| ids.trim_end_matches(')')).unwrap_or_default();
        assert!(!ids.is_empty() && ids.split(", ").all(|id| STATEMENTS.contains(&id)), "{title}");
    }
}

fn in_words(code: &str, known: &Known) -> String {
    let Known { name, fire, silent } = known;
    let examples = if *fire == 1 { "example" } else { "examples" };
    format!("**{code}** `{name}`: fires on {fire} {examples}, stays silent on {silent}")
}

const HEAD: &str = "\
# What the founding text asks for, and what answers it

This product began with a page of reference on one procedure code, 97124. Its statements are listed here in our own
words, each with the rules that answer it and the number of their examples, which are tests; or with the feature and
the test that holds it. Where the page is wrong or out of date, [corrections](corrections.md) says what is right.

Written from `docs/coverage.yaml` and the rule book by `CLEANCLAIM_BLESS=1 cargo test --test written coverage::`.
";
