//! `rules test`: runs the examples of the rules, each alone, and holds what is found to what they expect.

mod compare;
mod show;

use std::collections::HashSet;

pub use compare::Field;
pub use show::show;

use crate::engine::{self, Request};
use crate::reference::Reference;
use crate::rules::{Example, RuleErrors, RuleSet};
use crate::side::{self, Authorizations, RuleName, SideError, Suppressions, SuppressionsError};
use crate::source::Named;

/// The file that an example of a structural rule edits: one clean claim.
const BASE: &str = include_str!("../../rules/example-base.837");

/// How the examples fared.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tested {
    /// One for each example, in the order of the rules.
    pub results: Vec<ExampleResult>,
    /// Rules of files that have examples of one sort alone, or none.
    pub one_sided: Vec<OneSided>,
}

impl Tested {
    /// Whether every example came out as its rule says. A rule that is shown on one side alone fails nothing.
    pub fn passed(&self) -> bool {
        self.results.iter().all(ExampleResult::passed)
    }
}

/// A rule whose examples leave out where it fires, or where it does not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OneSided {
    /// Code of the rule.
    pub rule: String,
    /// `invalid` or `valid`.
    pub lacks: &'static str,
}

/// What became of one example.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExampleResult {
    /// Code of the rule.
    pub rule: String,
    /// What the example shows; may be empty.
    pub example: String,
    /// File and line, `acme.yaml:21`; empty for an example that the program carries.
    pub place: String,
    /// `invalid` (the rule must fire) or `valid` (it must not).
    pub kind: &'static str,
    /// What was asked and what was found, field by field.
    pub fields: Vec<Field>,
}

impl ExampleResult {
    /// Whether it came out as the rule says.
    pub fn passed(&self) -> bool {
        self.fields.iter().all(Field::agrees)
    }
}

/// Runs the examples of every rule in force, each alone.
///
/// # Errors
/// If the examples that the program carries cannot be read, which a test rules out.
pub fn run(rules: &RuleSet, reference: &Reference) -> Result<Tested, RuleErrors> {
    run_of(rules, rules, reference)
}

/// Runs the examples of the rules among `asked`, each alone and against every rule of `rules`: an example may name others
/// that fire too.
///
/// # Errors
/// Those of [`run`].
pub fn run_of(asked: &RuleSet, rules: &RuleSet, reference: &Reference) -> Result<Tested, RuleErrors> {
    let carried: HashSet<String> = RuleSet::builtin().rules.into_iter().map(|rule| rule.code).collect();
    let examples = asked.examples()?;
    let results = examples.iter().map(|example| run_one(example, rules, &carried, reference)).collect();
    let mut one_sided = Vec::new();
    for rule in asked.rules.iter().filter(|rule| !carried.contains(&rule.code)) {
        for (lacks, fires) in [("invalid", true), ("valid", false)] {
            if !examples.iter().any(|example| example.rule == rule.code && example.fires == fires) {
                one_sided.push(OneSided { rule: rule.code.clone(), lacks });
            }
        }
    }
    Ok(Tested { results, one_sided })
}

fn run_one(
    example: &Example,
    rules: &RuleSet,
    carried: &HashSet<String>,
    reference: &Reference,
) -> ExampleResult {
    let fields = match (input(example), authorizations(example), suppressions(example, rules)) {
        (Err(missing), ..) => {
            vec![Field::wrong("input", format!("the base file does not hold {missing:?} exactly once"))]
        }
        (_, Err(wrong), _) => vec![Field::wrong("authorizations", wrong.to_string())],
        (.., Err(wrong)) => vec![Field::wrong("suppressions", wrong.to_string())],
        (Ok(input), Ok(authorizations), Ok(suppressions)) => {
            let request = Request {
                authorizations,
                suppressions,
                ..Request::new(rules.clone(), reference.clone(), example.as_of)
            };
            let mut run = engine::check(&request, &[input]);
            // What a user's own rules say of the claims of a carried example is nothing that its author could know.
            if carried.contains(&example.rule) {
                run.findings.retain(|finding| carried.contains(&finding.code));
            }
            compare::fields(example, &run)
        }
    };
    ExampleResult {
        rule: example.rule.clone(),
        example: example.name.clone(),
        place: example
            .place
            .as_ref()
            .map_or_else(String::new, |place| format!("{}:{}", place.file, place.line)),
        kind: if example.fires { "invalid" } else { "valid" },
        fields,
    }
}

/// What the example states beside the claims.
fn authorizations(example: &Example) -> Result<Authorizations, SideError> {
    match example.authorizations.as_str() {
        "" => Ok(Authorizations::default()),
        text => side::authorizations("authorizations", text.as_bytes()),
    }
}

/// The rules of a set, as a suppressions file may name them.
pub fn rule_names(rules: &RuleSet) -> Vec<RuleName> {
    let name = |(code, name, pack): (&String, &String, &String)| RuleName {
        code: code.clone(),
        name: name.clone(),
        pack: pack.clone(),
    };
    rules.rules.iter().map(|rule| name((&rule.code, &rule.name, &rule.pack))).collect()
}

/// What the example says is no fault.
fn suppressions(example: &Example, rules: &RuleSet) -> Result<Suppressions, SuppressionsError> {
    match example.suppressions.as_str() {
        "" => Ok(Suppressions::default()),
        text => side::suppressions("suppressions.yaml", text.as_bytes(), &rule_names(rules)),
    }
}

/// The example as an input; the text to replace that is not there once.
fn input(example: &Example) -> Result<Named, String> {
    if example.replace.is_empty() {
        return Ok(Named::memory("example.jsonl", example.json_lines().as_bytes()));
    }
    // On one line, so that an edit may reach from one segment into the next.
    let mut text = BASE.replace('\n', "");
    for (old, new) in &example.replace {
        if text.matches(old.as_str()).count() != 1 {
            return Err(old.clone());
        }
        text = text.replace(old.as_str(), new);
    }
    Ok(Named::memory("example.837", text.as_bytes()))
}
