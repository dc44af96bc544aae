//! Why rules did or did not look at the lines of a claim, rule by rule.

use std::io::{self, Write};

use super::Look;
use crate::cli::prose::{Page, wrap};
use crate::engine::{Answer, ClaimMatches, RuleMatches, StatedFact, StatedValue};
use crate::finding::Severity;
use crate::report::Redaction;
use crate::rules::Scope;

/// Up to so many rules each has a place of its own, also where it has little to say.
const FEW: usize = 3;

/// Columns beyond which prose is hard to read.
const WIDEST: usize = 110;

/// What stands for something masked.
const MASK: &str = "•••";

/// Writes the answers for each claim.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(claims: &[ClaimMatches], look: &Look, out: &mut dyn Write) -> io::Result<()> {
    for (index, claim) in claims.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        write_claim(claim, look, out)?;
    }
    Ok(())
}

fn write_claim(claim: &ClaimMatches, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { out, width: look.width.clamp(40, WIDEST), colour: look.colour };
    let id = match look.redaction {
        Redaction::Full => String::new(),
        _ if claim.id.is_empty() => String::new(),
        _ => format!(" ({})", claim.id.escape_debug()),
    };
    let title = page.bold(&format!("claim {}{id}", claim.ordinal));
    writeln!(page.out, "{title} · {} · {}", claim.payer.escape_debug(), claim.file.escape_debug())?;
    let lines = claim.lines.iter().map(|(line, code)| format!("line {line} {code}")).collect::<Vec<_>>();
    page.paragraphs(&lines.join(", "), 2, 2)?;
    let is_few = claim.rules.len() <= FEW;
    let (mut off, mut uncalled, mut silent) = (Vec::new(), Vec::new(), Vec::new());
    for rule in &claim.rules {
        let all = |answer: &Answer| rule.answers.iter().all(|(_, own)| own == answer);
        if !is_few && all(&Answer::Off) {
            off.push(rule.code.as_str());
        } else if !is_few && all(&Answer::NotCalled) {
            uncalled.push(rule.code.as_str());
        } else if !is_few && all(&Answer::Nothing) {
            silent.push(rule.code.as_str());
        } else {
            write_rule(rule, look, &mut page)?;
        }
    }
    gathered(&mut page, "Looked and found nothing", &silent)?;
    gathered(&mut page, "Off for this payer by the configuration", &off)?;
    gathered(&mut page, "Not called for any procedure code of the claim", &uncalled)
}

fn gathered(page: &mut Page<'_>, what: &str, codes: &[&str]) -> io::Result<()> {
    if codes.is_empty() {
        return Ok(());
    }
    writeln!(page.out)?;
    page.paragraphs(&format!("{what}: {}", codes.join(", ")), 0, 2)
}

/// Columns of the lines that an answer is about.
const LINES: usize = 11;

fn write_rule(rule: &RuleMatches, look: &Look, page: &mut Page<'_>) -> io::Result<()> {
    let title = page.bold(&format!("{} {}", rule.code.escape_debug(), rule.name.escape_debug()));
    writeln!(page.out, "\n{title} · {}", put_to(rule.scope))?;
    let mut answers = rule.answers.iter().peekable();
    while let Some((first, answer)) = answers.next() {
        let mut last = *first;
        while let Some((line, _)) = answers.next_if(|(_, next)| next == answer) {
            last = *line;
        }
        let lines = match (*first, last) {
            (0, 0) => "the claim".to_owned(),
            (first, last) if first == last => format!("line {first}"),
            (first, last) => format!("lines {first}-{last}"),
        };
        let room = page.width.saturating_sub(LINES + 3);
        for (index, text) in wrap(&said(answer, look), room).iter().enumerate() {
            let lines = if index == 0 { lines.as_str() } else { "" };
            writeln!(page.out, "  {lines:<LINES$} {text}")?;
        }
    }
    Ok(())
}

const fn put_to(scope: Scope) -> &'static str {
    match scope {
        Scope::Line => "put to each line",
        Scope::Claim => "put to the claim",
        Scope::Day => "put to the patient's day",
        Scope::PatientYear => "put to the patient's year",
        Scope::Course => "put to the patient's course",
        Scope::ProviderDay => "put to the provider's day",
        Scope::File => "put to what the reader finds in the file",
    }
}

fn said(answer: &Answer, look: &Look) -> String {
    match answer {
        Answer::Off => "off for this payer by the configuration".to_owned(),
        Answer::NotCalled => "not called for this procedure code".to_owned(),
        Answer::NotMet { condition, facts } => {
            let facts: Vec<String> = facts.iter().map(|fact| stated(fact, look.redaction)).collect();
            format!("`when` is not met: {condition}; {}", facts.join(", "))
        }
        Answer::Void => "not looked at: the claim is void, and asks for nothing".to_owned(),
        Answer::NoDay => {
            "not looked at: the line is on no day, for want of a readable date or because the claim is void"
                .to_owned()
        }
        Answer::Aside => "not looked at: another claim stands for this one".to_owned(),
        Answer::Found { outcome, severity, accepted } => found(outcome, *severity, accepted.as_deref()),
        Answer::KeepsOut { outcome, severity, accepted } => {
            let found = found(outcome, *severity, accepted.as_deref());
            format!("{found}; it stands in the file, and keeps the claim out")
        }
        Answer::SaidOf(0) => "found, and said of the claim as a whole".to_owned(),
        Answer::SaidOf(line) => format!("found, and said of line {line}"),
        Answer::SaidOfClaim { file, claim, line, is_earlier } => {
            let file = file.escape_debug();
            let earlier = if *is_earlier { ", an earlier claim of which nothing is reported" } else { "" };
            match line {
                0 => format!("found, and said of claim {claim} of {file}{earlier}"),
                line => format!("found, and said of line {line} of claim {claim} of {file}{earlier}"),
            }
        }
        Answer::LeftOut => "found, and said elsewhere: another finding stands for it".to_owned(),
        Answer::Lacks(lacks) => {
            let lacks = lacks.iter().map(|(why, lines)| match lines {
                1 => (*why).to_owned(),
                lines => format!("{why} ({lines} lines)"),
            });
            format!("not evaluated: {}", lacks.collect::<Vec<_>>().join(", "))
        }
        Answer::NotAsked(fields) => {
            format!("the payer's profile leaves nothing to ask: {}", fields.join(", "))
        }
        Answer::Nothing => "looked, found nothing".to_owned(),
    }
}

fn found(outcome: &str, severity: Severity, accepted: Option<&str>) -> String {
    let outcome = if outcome.is_empty() { String::new() } else { format!(", outcome {outcome}") };
    let accepted = accepted.map(|by| format!(", accepted by {}", by.escape_debug()));
    format!("found: {}{outcome}{}", severity.as_str(), accepted.unwrap_or_default())
}

fn stated(fact: &StatedFact, redaction: Redaction) -> String {
    let value = match &fact.value {
        StatedValue::Absent => return format!("{} is not stated", fact.name),
        StatedValue::Unspoken => return format!("{} is stated, and never shown", fact.name),
        StatedValue::Formless => MASK.to_owned(),
        StatedValue::Shown(_) if fact.is_sensitive && redaction == Redaction::Full => MASK.to_owned(),
        StatedValue::Shown(value) => value.escape_debug().to_string(),
    };
    format!("{} is {value}", fact.name)
}
