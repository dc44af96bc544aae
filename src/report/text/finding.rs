//! One finding: what, where, how much, what to do.

use super::excerpt::{Margin, draw};
use super::flow::{columns, wrap};
use super::look::{Look, Role};
use super::money::{self, Grounds};
use super::place;
use crate::finding::{Acknowledgement, CodeElement, Finding, Form, InputFile, Related, Severity};
use crate::report::plain::{clean, clip};

/// Characters of a message or a help text that a terminal is given at most; a rule's prose is far shorter.
const LONGEST_PROSE: usize = 1_200;
const LONGEST_NAME: usize = 60;
/// Columns that a message needs to begin beside the name of its rule.
const SHORTEST_MESSAGE: usize = 16;
pub(super) const LONGEST_LABEL: usize = 240;
/// Related places listed; a batch rule may name thousands.
const MOST_RELATED: usize = 5;

/// Draws a finding that has already been masked.
pub(super) fn draw_finding(
    out: &mut String,
    finding: &Finding,
    files: &[InputFile],
    grounds: Grounds<'_>,
    look: &Look,
) {
    headline(out, finding, look);
    let margin = Margin::of(&finding.excerpt.windows);
    // The place keeps to the terminal's width where it can: `╭─[` and `]` stand around it.
    let room = look.width.saturating_sub(margin.columns() + 2);
    let place = place::of_finding(finding, files, room, look);
    let top = margin.blank(look, look.glyphs.top);
    out.push_str(&format!("{top}[{}]\n", look.paint(Role::Aside, &place)));
    if finding.excerpt.windows.is_empty() {
        decoded(out, finding, &margin, look);
    } else {
        draw(out, &finding.excerpt.windows, &margin, finding.severity, look);
    }
    entries(out, finding, files, grounds, &margin, look);
}

fn headline(out: &mut String, finding: &Finding, look: &Look) {
    headed(out, finding, &finding.message, look);
}

/// A finding's code and name, and a text that begins on the same line.
pub(super) fn headed(out: &mut String, finding: &Finding, text: &str, look: &Look) {
    let severity = finding.severity.as_str();
    let head = format!("{severity}[{}]", finding.code);
    let name = format!(" {}: ", clip(&finding.name, LONGEST_NAME, look.glyphs.ellipsis));
    let width = look.prose_width();
    let beside = width.saturating_sub(columns(&head) + columns(&name));
    let message = clip(text, LONGEST_PROSE, look.glyphs.ellipsis);
    out.push_str(&look.paint(finding.severity.into(), &head));
    // Where the name leaves too little room, the message begins below it.
    let lines = if beside < SHORTEST_MESSAGE {
        out.push_str(&look.paint(Role::Dim, name.trim_end()));
        out.push_str("\n    ");
        wrap(&message, width - 4, width - 4)
    } else {
        out.push_str(&look.paint(Role::Dim, &name));
        wrap(&message, beside, width - 4)
    };
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            out.push_str("    ");
        }
        out.push_str(&look.paint(Role::Strong, line));
        out.push('\n');
    }
}

/// What a finding made from a pipe shows in place of its segments: the line in its own words.
fn decoded(out: &mut String, finding: &Finding, margin: &Margin, look: &Look) {
    let words = super::claim::about(&finding.about, look);
    if finding.line > 0 && !words.is_empty() {
        let at = margin.blank(look, look.glyphs.bar);
        out.push_str(&format!("{at} line {}: {words}\n", finding.line));
    }
}

/// An entry below the excerpt: its heading, its text, and what of it is to be seen at a glance.
struct Entry {
    heading: &'static str,
    text: String,
    strong: String,
}

impl Entry {
    fn new(heading: &'static str, text: String) -> Entry {
        Entry { heading, text, strong: String::new() }
    }
}

fn entries(
    out: &mut String,
    finding: &Finding,
    files: &[InputFile],
    grounds: Grounds<'_>,
    margin: &Margin,
    look: &Look,
) {
    let mut entries = Vec::new();
    for related in unseen(finding).take(MOST_RELATED) {
        let place = place::of_related(finding, related, files, look);
        let said = clip(&related.text, LONGEST_LABEL, look.glyphs.ellipsis);
        let text = if said.is_empty() { place } else { format!("{said}: {place}") };
        entries.push(Entry::new("also:", text));
    }
    let more = unseen(finding).count().saturating_sub(MOST_RELATED);
    if more > 0 {
        entries.push(Entry::new("also:", format!("and {more} more places")));
    }
    if let Some(words) = money::words(finding, grounds) {
        entries.push(Entry { heading: "money:", text: words.sentence, strong: words.amount });
    }
    if !finding.help.trim().is_empty() {
        let help = clip(&finding.help, LONGEST_PROSE, look.glyphs.ellipsis).into_owned();
        entries.push(Entry::new("help:", help));
    }
    if let Some(fix) = &finding.fix {
        let summary = clip(&fix.summary, LONGEST_LABEL, look.glyphs.ellipsis);
        entries.push(Entry::new("fix:", format!("--fix {}", clean(&summary))));
    }
    if let Some(codes) = codes(finding, look) {
        entries.push(Entry::new("codes:", codes));
    }
    let last = entries.len().saturating_sub(1);
    for (index, entry) in entries.iter().enumerate() {
        let (first, next) =
            if index < last { (look.glyphs.tee, look.glyphs.bar) } else { (look.glyphs.foot, "") };
        entry.draw(out, &margin.blank(look, first), &margin.blank(look, next), margin, look);
    }
}

/// Columns from the margin's line to an entry's text: `├─ money: `.
const INDENT: usize = 10;

impl Entry {
    fn draw(&self, out: &mut String, first: &str, next: &str, margin: &Margin, look: &Look) {
        let room = look.prose_width().saturating_sub(margin.columns() - 2 + INDENT).max(24);
        for (index, line) in wrap(&self.text, room, room).iter().enumerate() {
            let line = self.painted(line, look);
            if index == 0 {
                let heading = look.paint(Role::Aside, &format!("{:<6}", self.heading));
                out.push_str(&format!("{first} {heading} {line}\n"));
            } else {
                // A painted bar and a blank have different lengths in bytes, but both are one column short of two.
                let gap = if next.trim().is_empty() { INDENT } else { INDENT - 1 };
                out.push_str(&format!("{next}{:gap$}{line}\n", ""));
            }
        }
    }

    fn painted(&self, line: &str, look: &Look) -> String {
        match line.split_once(self.strong.as_str()) {
            Some((before, after)) => format!("{before}{}{after}", look.paint(Role::Money, &self.strong)),
            None => line.to_owned(),
        }
    }
}

/// Related places that no window shows yet.
fn unseen(finding: &Finding) -> impl Iterator<Item = &Related> {
    finding.related.iter().filter(|related| {
        related.file != finding.file
            || !finding
                .excerpt
                .windows
                .iter()
                .any(|window| window.number == related.place.number && !window.marks.is_empty())
    })
}

pub(in crate::report) fn acknowledged(one: &Acknowledgement) -> String {
    match one.element {
        CodeElement::Ta105 => one.to_string(),
        _ => format!("999 {one}"),
    }
}

fn codes(finding: &Finding, look: &Look) -> Option<String> {
    if finding.severity == Severity::Info {
        return None;
    }
    let acknowledged: Vec<String> = finding.acknowledgement.iter().map(acknowledged).collect();
    let named = [
        ("", &acknowledged),
        ("277CA status", &finding.claim_status),
        ("CARC", &finding.carc),
        ("RARC", &finding.rarc),
    ];
    if named.iter().all(|(_, codes)| codes.is_empty()) {
        return None;
    }
    let named = named
        .iter()
        .filter(|(_, codes)| !codes.is_empty())
        .map(|(name, codes)| format!("{name} {}", codes.join(", ")).trim_start().to_owned())
        .collect::<Vec<_>>()
        .join(&format!(" {} ", look.glyphs.separator));
    Some(format!("{} likely", clip(&named, LONGEST_LABEL, look.glyphs.ellipsis)))
}

/// Whether the place of a finding is one in JSON.
pub(super) fn is_json(finding: &Finding) -> bool {
    match finding.excerpt.form {
        Form::Json => true,
        Form::X12 => finding.place.element.starts_with('/'),
        Form::Csv => false,
    }
}
