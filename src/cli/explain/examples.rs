//! Examples in words: `97124-59 × 2, 22 min + 97140 × 1; region lumbar`.

use serde_json::{Map, Value};

use crate::rules::Example;

/// Examples of either sort that a page shows; `rules test` runs all of them.
const MOST_EXAMPLES: usize = 4;

/// The first examples of one sort, an item each, and how many more there are.
pub(super) fn items<'e>(examples: impl Iterator<Item = &'e Example>) -> (Vec<String>, usize) {
    let examples = examples.collect::<Vec<_>>();
    let shown = examples.iter().take(MOST_EXAMPLES).map(|example| item(example)).collect::<Vec<_>>();
    let more = examples.len() - shown.len();
    (shown, more)
}

fn item(example: &Example) -> String {
    let figures = match (example.expect.net, example.expect.gross) {
        (Some(net), Some(gross)) if net == gross => format!(" → {net}"),
        (Some(net), Some(gross)) => format!(" → {net} net, {gross} gross"),
        (Some(net), None) => format!(" → {net} net"),
        (None, Some(gross)) => format!(" → {gross} gross"),
        (None, None) => String::new(),
    };
    let lines = claim_words(&example.written);
    let edits = example.replace.iter().map(|(from, to)| format!("`{to}` in place of `{from}`"));
    let edits = edits.collect::<Vec<_>>().join("; ");
    let shown = [example.name.as_str(), &lines, &edits];
    let shown = shown.iter().filter(|text| !text.is_empty()).copied().collect::<Vec<_>>().join(": ");
    format!("{shown}{figures}")
}

/// Facts that the words of a line begin with.
const LEADING: [&str; 4] = ["procedure_code", "modifiers", "units", "minutes"];

/// Lines in the words of their example: `97124-59 × 2, 22 min + 97140 × 1; region lumbar`.
///
/// What all of several lines share stands once, at the end.
fn claim_words(lines: &[Map<String, Value>]) -> String {
    let shared = match lines {
        [first, others @ ..] if !others.is_empty() => {
            let everywhere =
                |name: &str, value: &Value| others.iter().all(|line| line.get(name) == Some(value));
            let shared = first
                .iter()
                .filter(|(name, value)| !LEADING.contains(&name.as_str()) && everywhere(name, value));
            shared.map(|(name, value)| (name.clone(), value.clone())).collect()
        }
        _ => Map::new(),
    };
    let own = lines.iter().map(|line| line_words(line, &shared)).collect::<Vec<_>>();
    let mut words = own.join(" + ");
    if !shared.is_empty() {
        words.push_str(&format!("; all with {}", rest(&shared, &Map::new())));
    }
    words
}

fn line_words(line: &Map<String, Value>, shared: &Map<String, Value>) -> String {
    let mut words = line.get("procedure_code").map(plain).unwrap_or_default();
    if let Some(Value::Array(modifiers)) = line.get("modifiers") {
        words.extend(modifiers.iter().map(|modifier| format!("-{}", plain(modifier))));
        if modifiers.is_empty() {
            words.push_str(" without modifiers");
        }
    }
    if let Some(units) = line.get("units") {
        words.push_str(&format!(" × {}", plain(units)));
    }
    if let Some(minutes) = line.get("minutes") {
        words.push_str(&format!(", {} min", plain(minutes)));
    }
    let rest = rest(line, shared);
    if rest.is_empty() { words } else { format!("{words}, {rest}").trim_start_matches(", ").to_owned() }
}

/// The facts that have no place of their own in a line's words, and that no other line shares.
fn rest(line: &Map<String, Value>, shared: &Map<String, Value>) -> String {
    let rest =
        line.iter().filter(|(name, _)| !LEADING.contains(&name.as_str()) && !shared.contains_key(*name));
    rest.map(|(name, value)| format!("{} {}", name.replace('_', " "), plain(value)))
        .collect::<Vec<_>>()
        .join(", ")
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" "),
        Value::Null => "absent".to_owned(),
        other => other.to_string(),
    }
}
