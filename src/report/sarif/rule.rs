//! The tool and its rules: those that have results, so that a log of a small file is small.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::finding::{Finding, MoneyClass, RuleNote, Run, Severity};
use crate::report::Masking;
use crate::report::plain::{clean, clip};
use crate::report::worth::column;

/// Characters of a description that GitHub shows.
const LONGEST_DESCRIPTION: usize = 1_000;

/// The rules of a run, in the order of the log.
pub(super) struct Rules<'r> {
    /// Known rules by code, and for findings of rules that the run does not describe, what they say themselves.
    rules: Vec<(&'r str, std::result::Result<&'r RuleNote, &'r Finding>)>,
    index: BTreeMap<&'r str, usize>,
}

impl<'r> Rules<'r> {
    pub(super) fn of(run: &'r Run) -> Rules<'r> {
        let mut known: BTreeMap<&str, _> =
            run.rules.iter().map(|note| (note.code.as_str(), Ok(note))).collect();
        for finding in &run.findings {
            known.entry(&finding.code).or_insert(Err(finding));
        }
        let rules: Vec<_> = known.into_iter().collect();
        let index = rules.iter().enumerate().map(|(at, (code, _))| (*code, at)).collect();
        Rules { rules, index }
    }

    /// Where the rule of this code stands among the rules of the log.
    pub(super) fn index(&self, code: &str) -> Option<usize> {
        self.index.get(code).copied()
    }

    pub(super) fn tool(&self, masking: &Masking) -> Value {
        let rules: Vec<Value> = self
            .rules
            .iter()
            .map(|(_, rule)| match rule {
                Ok(note) => described(note),
                Err(finding) => undescribed(&masking.finding(finding)),
            })
            .collect();
        json!({"driver": {
            "name": "cleanclaim",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "informationUri": env!("CARGO_PKG_REPOSITORY"),
            "shortDescription": {"text": env!("CARGO_PKG_DESCRIPTION")},
            "rules": rules,
            "notifications": super::run::DESCRIPTORS
                .iter()
                .map(|(id, text)| {
                    json!({
                        "id": id,
                        "shortDescription": {"text": text},
                        "fullDescription": {"text": text},
                        "help": {"text": text},
                    })
                })
                .collect::<Vec<_>>(),
        }})
    }
}

/// How SARIF names a severity.
pub(super) const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// How GitHub names it, which sorts its alerts by it.
const fn problem(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "recommendation",
    }
}

fn described(note: &RuleNote) -> Value {
    let summary = clean(&note.summary).into_owned();
    let details = paragraphs(&note.details);
    let full = if details.is_empty() { summary.clone() } else { details.join(" ") };
    let mut rule = json!({
        "id": clean(&note.code),
        "name": pascal(&clean(&note.name)),
        "shortDescription": {"text": clip(&sentence(&summary), LONGEST_DESCRIPTION, "…")},
        "fullDescription": {"text": clip(&sentence(&full), LONGEST_DESCRIPTION, "…")},
        "help": {"text": help(note, &details, false), "markdown": help(note, &details, true)},
        "defaultConfiguration": {"level": level(note.severity)},
        "properties": {"tags": tags(note), "problem.severity": problem(note.severity), "precision": "high"},
    });
    if note.is_carried
        && let Some(fields) = rule.as_object_mut()
    {
        let page = format!("{}/blob/main/docs/rules/{}.md", env!("CARGO_PKG_REPOSITORY"), note.code);
        fields.insert("helpUri".to_owned(), page.into());
    }
    rule
}

/// A rule of which a masked finding is all that is known.
fn undescribed(finding: &Finding) -> Value {
    let text = sentence(if finding.help.is_empty() { &finding.name } else { &finding.help });
    json!({
        "id": finding.code,
        "name": pascal(&finding.name),
        "shortDescription": {"text": sentence(&finding.name)},
        "fullDescription": {"text": clip(&text, LONGEST_DESCRIPTION, "…")},
        "help": {"text": text},
        "defaultConfiguration": {"level": level(finding.severity)},
    })
}

/// At most ten: GitHub shows no more, and refuses rules with more than twenty.
fn tags(note: &RuleNote) -> Vec<String> {
    let mut tags = vec!["claims".to_owned(), clean(&note.pack).into_owned()];
    if note.class != MoneyClass::None {
        tags.push(column(note.class).replace(' ', "-"));
    }
    tags.extend(note.snip.map(|snip| format!("snip-{snip}")));
    tags.retain(|tag| !tag.is_empty());
    tags
}

/// What it checks and why, what to do, what to do if denied, where it comes from.
fn help(note: &RuleNote, details: &[String], markdown: bool) -> String {
    let quoted = |text: &str| if markdown { crate::report::markdown::text(text) } else { text.to_owned() };
    let mut parts: Vec<String> = details.iter().map(|paragraph| quoted(paragraph)).collect();
    if parts.is_empty() {
        parts.push(quoted(&clean(&note.summary)));
    }
    for (heading, text) in [("What to do", &note.help), ("If it is denied anyway", &note.appeal)] {
        let paragraphs = paragraphs(text);
        if !paragraphs.is_empty() {
            parts.push(if markdown { format!("#### {heading}") } else { format!("{heading}:") });
            parts.extend(paragraphs.iter().map(|paragraph| quoted(paragraph)));
        }
    }
    if !note.sources.is_empty() {
        parts.push(if markdown { "#### Sources".to_owned() } else { "Sources:".to_owned() });
        let sources: Vec<String> =
            note.sources.iter().map(|source| format!("- {}", quoted(&clean(source)))).collect();
        parts.push(sources.join("\n"));
    }
    parts.join("\n\n")
}

/// The paragraphs of a rule's prose, each on one line.
fn paragraphs(prose: &str) -> Vec<String> {
    let one_line = |paragraph: &str| {
        let words = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        clean(&words).into_owned()
    };
    prose.split("\n\n").map(one_line).filter(|paragraph| !paragraph.is_empty()).collect()
}

/// The text with a full stop.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) || text.is_empty() { text.to_owned() } else { format!("{text}.") }
}

/// `units-exceed-minutes` as SARIF likes names: `UnitsExceedMinutes`.
fn pascal(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    };
    name.split(['-', ' ', '_']).map(capital).collect()
}
