//! AK2 to IK5: one transaction set.

use super::Said;
use super::writer::Writer;
use crate::finding::{CodeElement, Finding, Severity, Spot, TransactionSet};
use crate::report::Redaction;

/// What becomes of an interchange, a group or a set.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Verdict {
    Accepted,
    /// Accepted, errors noted.
    Noted,
    Rejected,
}

impl Verdict {
    pub(super) const fn letter(self) -> &'static str {
        match self {
            Verdict::Accepted => "A",
            Verdict::Noted => "E",
            Verdict::Rejected => "R",
        }
    }
}

/// Errors reject, warnings are noted.
pub(super) fn verdict<'r>(findings: impl Iterator<Item = &'r Finding>) -> Verdict {
    let fate = |finding: &Finding| match finding.severity {
        Severity::Error => Verdict::Rejected,
        Severity::Warning => Verdict::Noted,
        Severity::Info => Verdict::Accepted,
    };
    findings.map(fate).max().unwrap_or(Verdict::Accepted)
}

/// The first `most` codes, each once.
pub(super) fn codes<'r>(said: impl Iterator<Item = (&'r Finding, &'r str)>, most: usize) -> Vec<&'r str> {
    let mut codes = Vec::new();
    for (_, code) in said {
        if codes.len() < most && !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}

/// One segment that a 999 names: an IK3, with an IK4 for each of its elements.
struct Named<'r> {
    spot: &'r Spot,
    /// IK304.
    code: &'r str,
    claim_id: &'r str,
    elements: Vec<(&'r Spot, &'r str)>,
}

/// Writes the set's answer and says what becomes of it.
pub(super) fn answer(
    writer: &mut Writer,
    set: &TransactionSet,
    said: &Said<'_>,
    redaction: Redaction,
) -> Verdict {
    writer.segment("AK2", &[&set.id, &set.control, &set.guide]);
    let named = segments(said);
    for one in &named {
        let position = one.spot.position.to_string();
        writer.segment("IK3", &[&one.spot.segment, &position, short(&one.spot.loop_id), one.code]);
        if redaction != Redaction::Full && (1..=35).contains(&one.claim_id.len()) {
            writer.composite("CTX", &["CLM01", one.claim_id], &[]);
        }
        for (spot, code) in &one.elements {
            let numbers = [spot.element, spot.component, spot.repetition].map(number);
            let reference = if spot.data_element > 0 { spot.data_element.to_string() } else { String::new() };
            writer.composite("IK4", &[&numbers[0], &numbers[1], &numbers[2]], &[&reference, code]);
        }
    }
    let of_set = || said.with(CodeElement::Ik502);
    let in_segments = said.with(CodeElement::Ik304).chain(said.with(CodeElement::Ik403));
    let fate = verdict(of_set().chain(in_segments).map(|(finding, _)| finding));
    let mut parts = vec![fate.letter()];
    parts.extend(codes(of_set(), if named.is_empty() { 5 } else { 4 }));
    if !named.is_empty() {
        parts.push("5");
    }
    writer.segment("IK5", &parts);
    fate
}

/// The segments to name, in the order of the set; faults of elements of one segment stand together.
fn segments<'r>(said: &Said<'r>) -> Vec<Named<'r>> {
    let mut named: Vec<Named<'r>> = Vec::new();
    for (finding, code) in said.with(CodeElement::Ik304) {
        if let Some(spot) = finding.spot.as_deref() {
            named.push(Named { spot, code, claim_id: &finding.claim_id, elements: Vec::new() });
        }
    }
    for (finding, code) in said.with(CodeElement::Ik403) {
        let Some(spot) = finding.spot.as_deref() else { continue };
        let same = |one: &&mut Named<'_>| one.code == "8" && one.spot.position == spot.position;
        match named.iter_mut().rev().find(same) {
            Some(one) => one.elements.push((spot, code)),
            None => named.push(Named {
                spot,
                code: "8",
                claim_id: &finding.claim_id,
                elements: vec![(spot, code)],
            }),
        }
    }
    named.sort_by_key(|one| one.spot.position);
    for one in &mut named {
        one.elements.sort_by_key(|(spot, _)| (spot.element, spot.repetition, spot.component));
    }
    named
}

/// IK303 holds four characters: `2010AA` is written `2010`.
fn short(loop_id: &str) -> &str {
    loop_id.get(..4).unwrap_or(loop_id)
}

fn number(value: u8) -> String {
    if value == 0 { String::new() } else { value.to_string() }
}
