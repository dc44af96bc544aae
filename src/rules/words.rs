use super::{CodeSet, Test, Tree};
use crate::claim::{Cents, Fact, FactKind, TimeOfDay, Units};

/// Codes that a condition names in full; of more it gives the first ones and their number.
const MOST_CODES: usize = 8;

impl Tree {
    /// The condition in words, for documentation: "procedure_code is 97110 or 97124, and units are above 1".
    pub fn words(&self) -> String {
        match self {
            Tree::Always => "always".to_owned(),
            Tree::All(parts) => joined(parts, ", and "),
            Tree::Any(parts) => joined(parts, ", or "),
            Tree::Not(part) => format!("not ({})", part.words()),
            Tree::Leaf(fact, tests) => {
                let tests = tests.iter().map(|test| test.words(*fact)).collect::<Vec<_>>();
                format!("{} {}", fact.name(), tests.join(" and "))
            }
        }
    }
}

fn joined(parts: &[Tree], word: &str) -> String {
    let nested = |part: &Tree| match part {
        Tree::All(_) | Tree::Any(_) => format!("({})", part.words()),
        _ => part.words(),
    };
    parts.iter().map(nested).collect::<Vec<_>>().join(word)
}

impl Test {
    fn words(&self, fact: Fact) -> String {
        match self {
            Test::In(codes) => format!("is {}", codes_words(codes)),
            Test::NotIn(codes) => format!("is stated and not {}", codes_words(codes)),
            Test::NoneIn(codes) => format!("holds none of {}", codes_words(codes)),
            Test::StartsWith(beginnings) => {
                let texts = beginnings.iter().map(|text| String::from_utf8_lossy(text).into_owned());
                format!("begins with {}", listed(texts.collect()))
            }
            Test::Matches(pattern) => {
                let pattern = pattern.0.as_str();
                let own = pattern.strip_prefix(r"\A(?:").and_then(|rest| rest.strip_suffix(r")\z"));
                format!("matches /{}/", own.unwrap_or(pattern))
            }
            Test::Within(i64::MIN, last) => format!("is at most {}", value(fact, *last)),
            // `above: 4` is kept as the next thousandth.
            Test::Within(first, i64::MAX)
                if fact.kind() == FactKind::Number && first.rem_euclid(1000) == 1 =>
            {
                format!("is above {}", value(fact, first - 1))
            }
            Test::Within(first, i64::MAX) => format!("is at least {}", value(fact, *first)),
            Test::Within(first, last) if first == last => format!("is {}", value(fact, *first)),
            Test::Within(first, last) => {
                format!("is from {} to {}", value(fact, *first), value(fact, *last))
            }
            Test::Other(number) => format!("is stated and not {}", value(fact, *number)),
            Test::Present(true) => "is stated".to_owned(),
            Test::Present(false) => "is not stated".to_owned(),
        }
    }
}

fn codes_words(codes: &CodeSet) -> String {
    let texts = codes.iter().map(|code| String::from_utf8_lossy(&code).into_owned()).collect::<Vec<_>>();
    if texts.len() <= MOST_CODES {
        return listed(texts);
    }
    format!("one of {} codes ({} …)", texts.len(), texts[..MOST_CODES].join(", "))
}

fn listed(mut texts: Vec<String>) -> String {
    match texts.pop() {
        None => "nothing".to_owned(),
        Some(last) if texts.is_empty() => last,
        Some(last) => format!("{} or {last}", texts.join(", ")),
    }
}

fn value(fact: Fact, number: i64) -> String {
    match fact.kind() {
        FactKind::Amount => Cents(number).to_string(),
        FactKind::Date => format!("{:04}-{:02}-{:02}", number / 10_000, number / 100 % 100, number % 100),
        FactKind::Time => {
            u16::try_from(number).map_or_else(|_| number.to_string(), |time| TimeOfDay(time).to_string())
        }
        _ => i32::try_from(number).map_or_else(|_| number.to_string(), |number| Units(number).to_string()),
    }
}
