use std::hash::{Hash, Hasher};

use regex::bytes::Regex;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{CodeSet, Profile};
use crate::claim::{Claim, Diagnosis, Fact, Level, ServiceLine, Text, Value};

/// What a tree is put to: a claim, perhaps one of its lines, and the profile of its payer.
#[derive(Clone, Copy)]
pub struct Subject<'s, 'a> {
    /// The claim.
    pub claim: &'s Claim<'a>,
    /// The line; without one every fact of a line is absent.
    pub line: Option<&'s ServiceLine<'a>>,
    /// The profile that applies; its name is the value of `claim.payer`.
    pub profile: &'s Profile,
}

/// A condition over typed facts (a rule's `when`), resolved at load. The default holds for everything.
///
/// An absent fact fails every test but `present: false`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Deserialize, Serialize)]
pub enum Tree {
    /// Holds for everything.
    #[default]
    Always,
    /// Every part holds.
    All(Box<[Tree]>),
    /// One part holds.
    Any(Box<[Tree]>),
    /// The part does not hold.
    Not(Box<Tree>),
    /// Every test of a fact passes.
    Leaf(Fact, Box<[Test]>),
}

/// One test of a fact. Of a fact with several values, one value must pass, but for [`Test::NoneIn`].
#[derive(Clone, PartialEq, Eq, Hash, Debug, Deserialize, Serialize)]
pub enum Test {
    /// One of these codes.
    In(CodeSet),
    /// Stated, and not one of these codes.
    NotIn(CodeSet),
    /// Stated, and no value is one of these codes.
    NoneIn(CodeSet),
    /// Begins with one of these texts.
    StartsWith(Box<[Box<[u8]>]>),
    /// Matches from beginning to end.
    Matches(Pattern),
    /// From the first to the last, both included: thousandths, cents, minutes since midnight, or days
    /// written as the number CCYYMMDD.
    Within(i64, i64),
    /// Stated, and not this number.
    Other(i64),
    /// Whether it is stated.
    Present(bool),
}

/// A regular expression. Those that are written alike are equal.
#[derive(Clone, Debug)]
pub struct Pattern(pub Regex);

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for Pattern {}

impl Hash for Pattern {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_str().hash(state);
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_str())
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Regex::new(<&str>::deserialize(deserializer)?).map(Pattern).map_err(serde::de::Error::custom)
    }
}

impl Subject<'_, '_> {
    /// Whether a fact is stated, as `present` asks it.
    pub fn states(&self, fact: Fact) -> bool {
        is_present(fact, self)
    }
}

impl Tree {
    /// Whether the condition holds. Allocates nothing.
    pub fn matches(&self, subject: &Subject<'_, '_>) -> bool {
        match self {
            Tree::Always => true,
            Tree::All(parts) => parts.iter().all(|part| part.matches(subject)),
            Tree::Any(parts) => parts.iter().any(|part| part.matches(subject)),
            Tree::Not(part) => !part.matches(subject),
            Tree::Leaf(fact, tests) => tests.iter().all(|test| test.passes(*fact, subject)),
        }
    }

    /// Whether those parts of the condition hold that `parts` names as bits from the lowest, where all must hold. Any other
    /// condition is a single part. Allocates nothing.
    pub fn holds_of(&self, parts: u64, subject: &Subject<'_, '_>) -> bool {
        match self {
            Tree::All(all) if parts != u64::MAX => {
                // Where there are more parts than bits, those that are asked for are among the first.
                let is_asked = |at: usize| parts.checked_shr(at as u32).is_some_and(|rest| rest & 1 == 1);
                all.iter().enumerate().all(|(at, part)| !is_asked(at) || part.matches(subject))
            }
            whole => parts == 0 || whole.matches(subject),
        }
    }

    /// The smallest part of the condition for want of which it does not hold; `None` where it holds.
    pub fn refusal(&self, subject: &Subject<'_, '_>) -> Option<&Tree> {
        match self {
            Tree::All(parts) => parts.iter().find_map(|part| part.refusal(subject)),
            whole => (!whole.matches(subject)).then_some(whole),
        }
    }

    /// Every fact that the condition looks at, in the order it is written.
    pub fn facts(&self) -> Vec<Fact> {
        match self {
            Tree::Always => Vec::new(),
            Tree::All(parts) | Tree::Any(parts) => parts.iter().flat_map(Tree::facts).collect(),
            Tree::Not(part) => part.facts(),
            Tree::Leaf(fact, _) => vec![*fact],
        }
    }

    /// The first fact of a line that is not the procedure code: what a rule is likely to find fault with.
    pub(crate) fn telling_fact(&self) -> Option<Fact> {
        let telling = |fact: &Fact| fact.level() == Level::Line && *fact != Fact::ProcedureCode;
        self.facts().into_iter().find(telling)
    }
}

impl Test {
    fn passes(&self, fact: Fact, subject: &Subject<'_, '_>) -> bool {
        match self {
            Test::In(codes) => any(fact, subject, |value| codes.contains(value)),
            Test::NotIn(codes) => any(fact, subject, |value| !codes.contains(value)),
            Test::NoneIn(codes) => {
                any(fact, subject, |_| true) && !any(fact, subject, |value| codes.contains(value))
            }
            Test::StartsWith(beginnings) => {
                any(fact, subject, |value| beginnings.iter().any(|beginning| value.starts_with(beginning)))
            }
            Test::Matches(pattern) => any(fact, subject, |value| pattern.0.is_match(value)),
            Test::Within(first, last) => {
                number(fact, subject).is_some_and(|value| (*first..=*last).contains(&value))
            }
            Test::Other(number_not) => number(fact, subject).is_some_and(|value| value != *number_not),
            Test::Present(wanted) => is_present(fact, subject) == *wanted,
        }
    }
}

/// Whether one of the stated values passes.
fn any(fact: Fact, subject: &Subject<'_, '_>, mut passes: impl FnMut(&[u8]) -> bool) -> bool {
    let Subject { claim, line, profile } = *subject;
    let mut text = |text: Text<'_>| text.is_present() && passes(text.bytes());
    match (fact, line) {
        (Fact::ProcedureCode, Some(line)) => return text(line.procedure_code),
        (Fact::Modifiers, Some(line)) => return line.modifiers.iter().any(|one| text(*one)),
        (Fact::RenderingTaxonomy, Some(line)) => {
            return claim.rendering(line.number).is_some_and(|one| text(one.taxonomy));
        }
        (Fact::Payer, _) => return passes(profile.name.as_bytes()),
        (Fact::DiagnosisPointers, Some(line)) => return line.pointers.iter().any(|one| text(one.text)),
        (Fact::Note, Some(line)) => {
            return claim.notes.iter().any(|note| note.line == line.number && text(note.text));
        }
        _ if fact.level() == Level::Line && line.is_none() => return false,
        _ => {}
    }
    let mut diagnosis = |stated: &Diagnosis<'_>| {
        stated.code.is_present()
            && match stated.value {
                Some(code) => passes(code.as_str().as_bytes()),
                None => passes(stated.code.bytes()),
            }
    };
    match claim.value(fact, line) {
        Value::Text(text) => passes(text.bytes()),
        Value::Texts(texts) => texts.iter().any(|text| text.is_present() && passes(text.bytes())),
        Value::Diagnoses(diagnoses) => diagnoses.iter().any(&mut diagnosis),
        Value::Linked(claim, line) => claim.linked_diagnoses(line).any(&mut diagnosis),
        _ => false,
    }
}

fn number(fact: Fact, subject: &Subject<'_, '_>) -> Option<i64> {
    if fact.level() == Level::Line && subject.line.is_none() {
        return None;
    }
    match subject.claim.value(fact, subject.line) {
        Value::Number(thousandths) => Some(thousandths),
        Value::Amount(cents) => Some(cents.0),
        Value::Time(time) => Some(i64::from(time.0)),
        Value::Date(date) => Some(ordinal(date)),
        _ => None,
    }
}

fn is_present(fact: Fact, subject: &Subject<'_, '_>) -> bool {
    number(fact, subject).is_some() || any(fact, subject, |_| true)
}

/// A date as the number CCYYMMDD, which sorts as dates do.
pub(crate) fn ordinal(date: crate::claim::Date) -> i64 {
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}
