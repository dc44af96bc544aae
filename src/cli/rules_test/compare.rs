//! What an example expects and what was found, field by field.

use std::collections::BTreeSet;

use crate::claim::Cents;
use crate::finding::{Finding, Run, Severity};
use crate::rules::Example;

/// One thing that an example may ask of its finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// `line`, `net` ...
    pub name: &'static str,
    /// What the example says; `None` where it does not ask.
    pub expected: Option<String>,
    /// What came out; `None` where there is nothing to say.
    pub found: Option<String>,
}

impl Field {
    /// Whether it is as asked, or not asked for.
    pub fn agrees(&self) -> bool {
        self.expected.is_none() || self.expected == self.found
    }

    /// What keeps an example from being run.
    pub(super) fn wrong(name: &'static str, why: String) -> Field {
        Field { name, expected: Some("an example that can be run".to_owned()), found: Some(why) }
    }
}

/// What `example` asks, beside what the run of its claims found: of several findings, the one that fits best.
pub(super) fn fields(example: &Example, run: &Run) -> Vec<Field> {
    let own: Vec<&Finding> = run.standing().filter(|finding| finding.code == example.rule).collect();
    let none = || "none".to_owned();
    let code = |found: bool| if found { example.rule.clone() } else { none() };
    let mut fields = vec![Field {
        name: "finding",
        expected: Some(code(example.fires)),
        found: Some(code(!own.is_empty())),
    }];
    if own.is_empty() {
        fields.extend(asked(example).into_iter().filter_map(|(name, expected)| {
            expected.map(|expected| Field { name, expected: Some(expected), found: None })
        }));
        fields.retain(|field| field.name == "finding" || example.fires);
    } else {
        let of = |finding: &Finding| {
            let fields = asked(example).into_iter().zip(said(finding));
            fields.map(|((name, expected), found)| Field { name, expected, found }).collect::<Vec<_>>()
        };
        let agreeing = |fields: &[Field]| fields.iter().filter(|field| field.agrees()).count();
        let best = own.iter().map(|finding| of(finding)).rev().max_by_key(|fields| agreeing(fields));
        fields.extend(best.unwrap_or_default());
        fields.push(Field {
            name: "count",
            expected: example.expect.count.map(|count| count.to_string()),
            found: Some(own.len().to_string()),
        });
    }
    fields.extend(also(example, run));
    fields
}

/// What the example says of its finding.
fn asked(example: &Example) -> [(&'static str, Option<String>); 6] {
    let expect = &example.expect;
    [
        ("claim", expect.claim.map(|claim| claim.to_string())),
        ("line", expect.line.map(|line| line.to_string())),
        ("outcome", expect.outcome.as_deref().map(outcome)),
        ("severity", expect.severity.map(|severity| severity.as_str().to_owned())),
        ("net", expect.net.map(|net| net.to_string())),
        ("gross", expect.gross.map(|gross| gross.to_string())),
    ]
}

/// The same of a finding.
fn said(finding: &Finding) -> [Option<String>; 6] {
    let amount = |amount: Option<Cents>| match amount {
        Some(amount) => amount.to_string(),
        None if finding.impact.unpriced => "unpriced".to_owned(),
        None => "none".to_owned(),
    };
    [
        Some(finding.claim.to_string()),
        Some(finding.line.to_string()),
        Some(outcome(&finding.outcome)),
        Some(finding.severity.as_str().to_owned()),
        Some(amount(finding.impact.net)),
        Some(amount(finding.impact.gross)),
    ]
}

fn outcome(name: &str) -> String {
    if name.is_empty() { "the plain one".to_owned() } else { name.to_owned() }
}

/// The other rules that fire. An example speaks for its own rule; with `also` it speaks for every rule that says more than
/// a remark.
fn also(example: &Example, run: &Run) -> Option<Field> {
    let strangers = run.standing().filter(|finding| finding.code != example.rule);
    let expected: BTreeSet<&str> = example.also.iter().map(String::as_str).collect();
    let found: BTreeSet<&str> = strangers
        .filter(|finding| finding.severity > Severity::Info || expected.contains(finding.code.as_str()))
        .map(|finding| finding.code.as_str())
        .collect();
    let joined = |codes: &BTreeSet<&str>| {
        if codes.is_empty() {
            "none".to_owned()
        } else {
            codes.iter().copied().collect::<Vec<_>>().join(", ")
        }
    };
    let (is_asked, any) = (!expected.is_empty(), !found.is_empty());
    (is_asked || any).then(|| Field {
        name: "also",
        expected: is_asked.then(|| joined(&expected)),
        found: Some(joined(&found)),
    })
}
