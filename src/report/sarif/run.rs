//! What a log says of the run as a whole: whether it was done, what was not, and what the figures rest on.

use serde_json::{Value, json};

use super::choice::Choice;
use super::place::ArtifactLocation;
use super::rule::Rules;
use crate::finding::{Columns, Dollars, Run};
use crate::report::Masking;
use crate::report::json::NOTICE;
use crate::report::plain::{clean, grouped, plural};
use crate::report::tally::{Tally, not_checked};

/// The notifications that a log may hold.
pub(super) const DESCRIPTORS: [(&str, &str); 4] = [
    ("not-checked", "An input could not be checked."),
    ("not-evaluated", "A rule could not be judged for want of a fact."),
    ("left-out", "There are more results than a host takes."),
    ("note", "Something about the run that is worth knowing."),
];

fn notification(kind: usize, level: &str, text: &str) -> Value {
    json!({
        "descriptor": {"id": DESCRIPTORS[kind].0, "index": kind},
        "level": level,
        "message": {"text": super::rule::sentence(text)},
    })
}

fn with(mut notification: Value, field: &str, value: Value) -> Value {
    if let Some(fields) = notification.as_object_mut() {
        fields.insert(field.to_owned(), value);
    }
    notification
}

/// How the run went.
pub(super) fn invocation(run: &Run, choice: &Choice, rules: &Rules<'_>, masking: &Masking) -> Value {
    let mut notifications = Vec::new();
    for (name, why) in not_checked(run) {
        let (name, why) = (clean(name), clean(why));
        let place = json!([{"physicalLocation": {"artifactLocation": ArtifactLocation::named(&name)}}]);
        notifications.push(with(notification(0, "error", &format!("{name}: {why}")), "locations", place));
    }
    let left_out = &choice.left_out;
    if left_out.results > 0 {
        let (results, s) = (grouped(left_out.results), plural(left_out.results));
        let dollars = left_out.dollars();
        let worth = if dollars.is_empty() { String::new() } else { format!(", worth at most {dollars}") };
        let text = format!(
            "{results} result{s} left out{worth}: those worth most are kept. Every finding is in the JSON report"
        );
        notifications.push(notification(2, "warning", &text));
    }
    for lacking in &run.not_evaluated {
        let code = clean(&lacking.code);
        let (lines, s) = (grouped(lacking.lines), plural(lacking.lines));
        let text = format!("{code}: {} on {lines} line{s}", masking.note(&lacking.reason));
        let said = notification(1, "note", &text);
        // Only the rules of results are described in the log.
        notifications.push(match rules.index(&lacking.code) {
            Some(index) => with(said, "associatedRule", json!({"id": code, "index": index})),
            None => said,
        });
    }
    notifications.extend(run.notes.iter().map(|note| notification(3, "note", &masking.note(note))));
    json!({
        "executionSuccessful": not_checked(run).next().is_none(),
        "toolExecutionNotifications": notifications,
    })
}

/// Counts and dollars of the whole run, whatever is left out.
pub(super) fn properties(run: &Run, choice: &Choice) -> Value {
    let dollars = |dollars: Dollars| json!({"net_cents": dollars.net, "gross_cents": dollars.gross});
    let Columns { at_risk, recoupment, delayed, unbilled } = run.columns;
    let tally = Tally::of(run);
    json!({
        "as_of": clean(&run.as_of),
        "notice": NOTICE,
        "claims": run.claims,
        "lines": run.lines,
        "clean_claims": run.clean_claims,
        "errors": tally.errors,
        "warnings": tally.warnings,
        "infos": tally.infos,
        "unpriced": tally.unpriced,
        "at_risk": dollars(at_risk),
        "recoupment": dollars(recoupment),
        "delayed": dollars(delayed),
        "unbilled": dollars(unbilled),
        "left_out": choice.left_out,
        "tables": run
            .tables
            .iter()
            .filter(|table| table.used)
            .map(|table| json!({"name": clean(&table.name), "release": clean(&table.release)}))
            .collect::<Vec<_>>(),
    })
}
