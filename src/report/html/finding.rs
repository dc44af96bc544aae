//! One finding in plain words: what, what it is worth and how that was worked out, what to check, what if it is denied.

use super::{Sheet, element};
use crate::finding::{
    Finding, FlaggedClaim, Form, InputFile, MoneyClass, Place, Related, RuleNote, Severity,
};
use crate::report::json::form;
use crate::report::plain::clean;
use crate::report::text::finding::acknowledged;
use crate::report::text::money::{self, Grounds};

/// Related places that a card lists; a batch rule may name thousands.
const MOST_RELATED: usize = 5;

/// A finding as a page shows it.
pub(super) struct Card {
    pub(super) severity: &'static str,
    pub(super) code: String,
    pub(super) message: String,
    /// Service line and element.
    pub(super) place: String,
    /// Its part of the sentence of worth before the amount, the amount, and what follows.
    pub(super) worth: Option<(String, String, String)>,
    /// How the worth was worked out.
    pub(super) worked: String,
    pub(super) help: String,
    /// What `--fix` does about it.
    pub(super) fix: String,
    pub(super) why: String,
    pub(super) appeal: String,
    pub(super) related: Vec<String>,
    pub(super) codes: String,
    /// Whether the page explains its rule.
    pub(super) explained: bool,
}

impl Card {
    /// The card of a finding that may be shown, with its claim likewise.
    pub(super) fn new(finding: &Finding, claim: Option<&FlaggedClaim>, sheet: &Sheet<'_>) -> Card {
        let (run, note) = (sheet.run, sheet.note(&finding.code));
        let said = |text: fn(&RuleNote) -> &str| {
            note.map_or_else(String::new, |note| clean(text(note)).trim().to_owned())
        };
        let words = money::words(finding, Grounds { tables: &run.tables, claim });
        let worth = words.map(|words| match words.sentence.split_once(&words.amount) {
            Some((before, after)) => (before.to_owned(), words.amount, after.to_owned()),
            None => (words.sentence, String::new(), String::new()),
        });
        Card {
            severity: finding.severity.as_str(),
            code: finding.code.clone(),
            message: finding.message.clone(),
            place: place(finding.line, &finding.place, form(finding)),
            worth,
            worked: worked(finding, claim, note),
            help: finding.help.trim().to_owned(),
            fix: finding.fix.as_ref().map_or_else(String::new, |fix| clean(&fix.summary).into_owned()),
            why: said(|note| &note.summary),
            appeal: if finding.severity == Severity::Info {
                String::new()
            } else {
                said(|note| &note.appeal)
            },
            related: related(finding, &run.files),
            codes: codes(finding),
            explained: note.is_some(),
        }
    }
}

fn place(line: u16, place: &Place, form: Form) -> String {
    let mut parts = Vec::with_capacity(3);
    if line > 0 {
        parts.push(format!("service line {line}"));
    }
    match form {
        Form::Json => parts.push(format!("line {} of the file", place.number)),
        Form::X12 if place.number > 0 => parts.push(format!("segment {}", place.number)),
        Form::Csv if place.number > 0 => parts.push(format!("row {}", place.number)),
        Form::X12 | Form::Csv => {}
    }
    let element = if place.element.is_empty() { &place.segment } else { &place.element };
    // A column has the name that its owner gave it.
    if form == Form::Csv {
        parts.extend((!element.is_empty()).then(|| format!("column {element}")));
        return parts.join(" · ");
    }
    let words = element::words(element);
    if !element.is_empty() {
        parts.push(if words.is_empty() { element.clone() } else { format!("{element} ({words})") });
    }
    parts.join(" · ")
}

/// How the dollars came about, with the figures that the reader can follow.
fn worked(finding: &Finding, claim: Option<&FlaggedClaim>, note: Option<&RuleNote>) -> String {
    let impact = &finding.impact;
    if impact.net.is_none() && impact.gross.is_none() {
        return String::new();
    }
    let how = note.and_then(|note| note.worth.iter().find(|worth| worth.class == impact.class));
    let mut sentences = Vec::new();
    if let Some(how) = how {
        let how = clean(&how.how);
        let mut letters = how.chars();
        let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
        sentences.push(format!("{first}{}.", letters.as_str()));
    }
    let line = claim.and_then(|claim| claim.lines.iter().find(|line| line.line == finding.line));
    if let (Some(net), Some(gross)) = (line.and_then(|line| line.net), line.and_then(|line| line.gross)) {
        let flat = if net == gross { String::new() } else { format!(" ({gross} at the flat schedule)") };
        sentences.push(format!("As billed, service line {} comes to {net}{flat}.", finding.line));
    }
    if impact.class != MoneyClass::None && impact.net != impact.gross {
        sentences.push(
            "The first figure follows the payer's rules, with the multiple-procedure reduction where it applies."
                .to_owned(),
        );
    }
    sentences.join(" ")
}

/// Places that the listing of the claim does not show.
fn related(finding: &Finding, files: &[InputFile]) -> Vec<String> {
    let shown = |related: &&Related| {
        let windows = &finding.excerpt.windows;
        let marked =
            |number: u64| windows.iter().any(|window| window.number == number && !window.marks.is_empty());
        related.file == finding.file && marked(related.place.number)
    };
    let unseen: Vec<&Related> = finding.related.iter().filter(|related| !shown(related)).collect();
    let mut said: Vec<String> =
        unseen.iter().take(MOST_RELATED).map(|related| elsewhere(finding, related, files)).collect();
    if unseen.len() > MOST_RELATED {
        said.push(format!("and {} more places", unseen.len() - MOST_RELATED));
    }
    said
}

fn elsewhere(finding: &Finding, related: &Related, files: &[InputFile]) -> String {
    let mut parts = Vec::with_capacity(4);
    if related.file != finding.file {
        let name = files.get(related.file as usize).map_or("another file", |file| file.name.as_str());
        parts.push(clean(name).into_owned());
    }
    if related.claim > 0 && (related.file, related.claim) != (finding.file, finding.claim) {
        parts.push(format!("claim {}", related.claim));
    }
    let form = if related.place.segment.is_empty() { form(finding) } else { Form::X12 };
    parts.push(place(related.line, &related.place, form));
    parts.retain(|part| !part.is_empty());
    let parts = parts.join(" · ");
    if related.text.is_empty() { parts } else { format!("{}: {parts}", related.text) }
}

fn codes(finding: &Finding) -> String {
    if finding.severity == Severity::Info {
        return String::new();
    }
    let acknowledgement: Vec<String> = finding.acknowledgement.iter().map(acknowledged).collect();
    let named = [
        ("", &acknowledgement),
        ("277CA status", &finding.claim_status),
        ("CARC", &finding.carc),
        ("RARC", &finding.rarc),
    ];
    let some = named.iter().filter(|(_, codes)| !codes.is_empty());
    let words: Vec<String> =
        some.map(|(name, codes)| format!("{name} {}", codes.join(", ")).trim_start().to_owned()).collect();
    words.join(" · ")
}
