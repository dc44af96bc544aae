use regex::bytes::RegexBuilder;

use super::context::Context;
use super::located::Located;
use super::mistake::did_you_mean;
use super::names::plain_diagnosis;
use super::raw_tree::{RawBeginnings, RawNames, RawTest, RawTree};
use crate::claim::{Cents, Fact, FactKind, TimeOfDay, Units, parse_iso_date};
use crate::rules::tree::ordinal;
use crate::rules::{CodeSet, Pattern, Test, Tree};

/// Bytes of memory that a rule's regular expression may take when compiled.
const REGEX_SIZE: usize = 1 << 20;

/// Resolves a condition; what is wrong is noted, and stands for a condition that always holds.
pub(super) fn tree(context: &mut Context, raw: &RawTree) -> Tree {
    match raw {
        RawTree::All(parts) => Tree::All(parts.iter().map(|part| tree(context, part)).collect()),
        RawTree::Any(parts) => Tree::Any(parts.iter().map(|part| tree(context, part)).collect()),
        RawTree::Not(part) => Tree::Not(Box::new(tree(context, part))),
        RawTree::Leaf(name, raw) => {
            let qualified = name.value.contains('.');
            let Some(fact) = context.fact(name) else { return Tree::Always };
            if !qualified {
                let help = Some(format!("write `{}`", fact.qualified()));
                context.wrong(&name.at, "a fact in a condition says where it belongs", "no level", help);
            }
            let mistakes = context.mistakes.len();
            let tests = tests(context, fact, name, raw);
            if tests.is_empty() && context.mistakes.len() == mistakes {
                let help = Some("such as {is: ...}, {in: ...}, {above: ...} or {present: true}".to_owned());
                context.wrong(&name.at, format!("no test of `{}`", name.value), "tested for nothing", help);
            }
            Tree::Leaf(fact, tests.into())
        }
    }
}

fn tests(context: &mut Context, fact: Fact, name: &Located<String>, raw: &RawTest) -> Vec<Test> {
    let sets = [("in", &raw.one_of), ("not-in", &raw.not_in), ("none-in", &raw.none_in)];
    let bounds = [
        ("above", &raw.above),
        ("below", &raw.below),
        ("at-least", &raw.at_least),
        ("at-most", &raw.at_most),
        ("from", &raw.from),
        ("to", &raw.to),
    ];
    let equals = [("is", &raw.is), ("is-not", &raw.is_not)];
    let mut tests = Vec::new();
    if let Some(present) = &raw.present {
        tests.push(Test::Present(present.value));
    }
    for (word, names) in sets {
        let Some(names) = names else { continue };
        if !fits(context, fact, name, word, &names.at) {
            continue;
        }
        let codes = code_set(context, fact, names);
        tests.push(match word {
            "in" => Test::In(codes),
            "not-in" => Test::NotIn(codes),
            _ => Test::NoneIn(codes),
        });
    }
    for (word, value) in equals {
        let Some(value) = value else { continue };
        if !fits(context, fact, name, word, &value.at) {
            continue;
        }
        if matches!(fact.kind(), FactKind::Code | FactKind::Codes) {
            let inline = value.with(RawNames::Inline(vec![value.with(value.value.clone())]));
            let codes = code_set(context, fact, &inline);
            tests.push(if word == "is" { Test::In(codes) } else { Test::NotIn(codes) });
        } else if let Some(number) = number(context, fact, value) {
            tests.push(if word == "is" { Test::Within(number, number) } else { Test::Other(number) });
        }
    }
    for (word, value) in bounds {
        let Some(value) = value else { continue };
        if !fits(context, fact, name, word, &value.at) {
            continue;
        }
        let Some(number) = number(context, fact, value) else { continue };
        tests.push(match word {
            "above" => Test::Within(number + 1, i64::MAX),
            "below" => Test::Within(i64::MIN, number - 1),
            "at-least" | "from" => Test::Within(number, i64::MAX),
            _ => Test::Within(i64::MIN, number),
        });
    }
    if let Some(names) = &raw.starts_with
        && fits(context, fact, name, "starts-with", &names.at)
    {
        let beginnings = match &names.value {
            RawBeginnings::One(text) => vec![text.clone()],
            RawBeginnings::Several(texts) => texts.iter().map(|text| text.value.clone()).collect(),
            RawBeginnings::Typed => Vec::new(),
        };
        let beginnings = beginnings.iter().map(|text| Box::from(as_compared(fact, text).as_bytes()));
        tests.push(Test::StartsWith(beginnings.collect()));
    }
    if let Some(pattern) = &raw.matches
        && fits(context, fact, name, "matches", &pattern.at)
        && let Some(test) = regex(context, pattern)
    {
        tests.push(test);
    }
    tests
}

/// Whether a fact of this kind can be put to a test of this name; if not, it is noted.
fn fits(
    context: &mut Context,
    fact: Fact,
    name: &Located<String>,
    test: &str,
    at: &Option<std::ops::Range<usize>>,
) -> bool {
    let (noun, fitting): (_, &[&str]) = match fact.kind() {
        FactKind::Code => ("a code", &["in", "not-in", "none-in", "is", "is-not", "starts-with", "matches"]),
        FactKind::Codes => ("codes", &["in", "not-in", "none-in", "is", "is-not", "starts-with", "matches"]),
        FactKind::Number => ("a number", &["above", "below", "at-least", "at-most", "is", "is-not"]),
        FactKind::Amount => ("an amount", &["above", "below", "at-least", "at-most", "is", "is-not"]),
        FactKind::Date => ("a date", &["from", "to", "is", "is-not"]),
        FactKind::Time => ("a time", &["from", "to", "is", "is-not"]),
        FactKind::Words => ("free text", &["matches"]),
    };
    let fits = fitting.contains(&test);
    if !fits {
        let message = format!("`{test}` does not fit `{}`, which is {noun}", name.value);
        let help = Some(format!("tests that fit: {}, present", fitting.join(", ")));
        context.wrong(at, message, format!("put to {noun}"), help);
    }
    fits
}

fn code_set(context: &mut Context, fact: Fact, names: &Located<RawNames>) -> CodeSet {
    let codes = context.names(names);
    if fact == Fact::Payer {
        for (index, code) in codes.iter().enumerate() {
            if context.profiles.iter().any(|profile| profile.name == *code) {
                continue;
            }
            let at = match &names.value {
                RawNames::Inline(texts) => texts.get(index).map_or(&names.at, |text| &text.at),
                RawNames::One(_) => &names.at,
            };
            let help = did_you_mean(code, context.profiles.iter().map(|profile| profile.name.as_str()));
            let (at, message) = (at.clone(), format!("no payer profile is called `{code}`"));
            context.wrong(&at, message, "unknown profile", help);
        }
    }
    CodeSet::new(codes.iter().map(|code| as_compared(fact, code)))
}

/// A code as the values of `fact` are compared: diagnoses without point and in upper case.
fn as_compared(fact: Fact, code: &str) -> String {
    match fact {
        Fact::DiagnosisCodes | Fact::LinkedDiagnosisCodes => plain_diagnosis(code),
        _ => code.to_owned(),
    }
}

/// A number as the values of `fact` are compared.
pub(super) fn number(context: &mut Context, fact: Fact, value: &Located<String>) -> Option<i64> {
    let bytes = value.value.as_bytes();
    let (read, wanted) = match fact.kind() {
        FactKind::Amount => (Cents::parse(bytes).map(|cents| cents.0), "dollars such as 60 or 29.76"),
        FactKind::Date => (parse_iso_date(bytes).map(ordinal), "a date such as 2025-03-03"),
        FactKind::Time => (TimeOfDay::parse(bytes).map(|time| i64::from(time.0)), "a time such as 09:00"),
        _ => (Units::parse(bytes).map(|units| i64::from(units.0)), "a number such as 2 or 1.5"),
    };
    if read.is_none() {
        let message = format!("`{}` cannot be read as {wanted}", value.value);
        context.wrong(&value.at, message, format!("not a value of {}", fact.qualified()), None);
    }
    read
}

fn regex(context: &mut Context, pattern: &Located<String>) -> Option<Test> {
    let whole = format!(r"\A(?:{})\z", pattern.value);
    let build = |pattern: &str| RegexBuilder::new(pattern).size_limit(REGEX_SIZE).build();
    // Alone first: `a)|(b` would only be well formed inside the group.
    match build(&pattern.value).and_then(|_| build(&whole)) {
        Ok(regex) => Some(Test::Matches(Pattern(regex))),
        Err(error) => {
            let reason = match error {
                regex::Error::CompiledTooBig(_) => "it grows too large".to_owned(),
                other => other.to_string().lines().last().unwrap_or_default().trim().to_owned(),
            };
            let reason = reason.trim_start_matches("error: ");
            context.wrong(&pattern.at, "a regular expression that cannot be used", reason, None);
            None
        }
    }
}
