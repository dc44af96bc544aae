//! AK2 to IK5: one transaction set.

use super::Said;
use super::envelope::{is_known_set, is_text};
use super::writer::Writer;
use crate::finding::{CodeElement, Finding, Severity, Spot, TransactionSet};
use crate::report::{Masking, Redaction};

/// What becomes of an interchange, a group or a set.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Verdict {
    Accepted,
    /// Accepted, errors noted.
    Noted,
    Rejected,
}

impl Verdict {
    /// Errors reject, warnings are noted.
    pub(super) const fn of(finding: &Finding) -> Verdict {
        match finding.severity {
            Severity::Error => Verdict::Rejected,
            Severity::Warning => Verdict::Noted,
            Severity::Info => Verdict::Accepted,
        }
    }

    pub(super) const fn letter(self) -> &'static str {
        match self {
            Verdict::Accepted => "A",
            Verdict::Noted => "E",
            Verdict::Rejected => "R",
        }
    }
}

/// What the worst of the findings makes of it.
pub(super) fn verdict<'r>(findings: impl Iterator<Item = &'r Finding>) -> Verdict {
    findings.map(Verdict::of).max().unwrap_or(Verdict::Accepted)
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

/// IK502 of a set that is no professional claims, in a group of such: nothing was found in it because it was not read.
fn not_supported(set: &TransactionSet) -> Option<&'static str> {
    let other = set.guide.contains("X223") || set.guide.contains("X224");
    match &*set.id {
        "837" if other => Some("I6"),
        "837" => None,
        id if is_known_set(id) => Some("1"),
        _ => Some("6"),
    }
}

/// Writes the answer to the `ordinal`th set of its group and says what becomes of it.
///
/// AK2 holds no set that the standard has not and no number that is none: a group of claims is of 837s, and a set
/// without a number is named by its place. IK502 6 and 7 say that this was so.
pub(super) fn answer(
    writer: &mut Writer,
    set: &TransactionSet,
    ordinal: usize,
    said: &Said<'_>,
    redaction: Redaction,
) -> Verdict {
    let id = if is_known_set(&set.id) { &*set.id } else { "837" };
    let by_place = format!("{ordinal:04}");
    let control = if is_text(&set.control, 4..=9) { &*set.control } else { &*by_place };
    let guide = if is_text(&set.guide, 1..=35) { &*set.guide } else { "" };
    writer.segment("AK2", &[id, control, guide]);
    let named = segments(said);
    for one in &named {
        let position = one.spot.position.to_string();
        let id = segment_id(&one.spot.segment);
        writer.segment("IK3", &[&id, &position, short(&one.spot.loop_id), one.code]);
        let claim_id = Masking::new(redaction).claim_id(one.claim_id);
        if is_text(&claim_id, 1..=35) {
            writer.composite("CTX", &["CLM01", &claim_id], &[]);
        }
        for (spot, code) in &one.elements {
            let numbers = [spot.element.min(99), spot.component.min(99), spot.repetition].map(number);
            let reference = if spot.data_element > 0 { spot.data_element.to_string() } else { String::new() };
            writer.composite("IK4", &[&numbers[0], &numbers[1], &numbers[2]], &[&reference, code]);
        }
    }
    let of_set = || said.with(CodeElement::Ik502);
    let in_segments = || said.with(CodeElement::Ik304).chain(said.with(CodeElement::Ik403));
    let found = verdict(of_set().chain(in_segments()).map(|(finding, _)| finding));
    let not_supported = not_supported(set);
    let fate = if not_supported.is_some() { Verdict::Rejected } else { found };
    let segments_in_error = in_segments().next().map(|(finding, _)| (finding, "5"));
    let most = 5 - usize::from(segments_in_error.is_some()) - usize::from(not_supported.is_some());
    let mut parts = vec![fate.letter()];
    parts.extend(not_supported);
    parts.extend(codes(of_set().filter(|(_, code)| Some(*code) != not_supported), most));
    parts.extend(segments_in_error.map(|(_, code)| code).filter(|code| !parts.contains(code)));
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

/// IK301 holds two or three capitals and digits. What is none and cannot be made one is `UNK`.
fn segment_id(stated: &str) -> String {
    let id: String = stated.chars().filter(char::is_ascii_alphanumeric).take(3).collect();
    if id.len() < 2 { "UNK".to_owned() } else { id.to_ascii_uppercase() }
}

/// IK303 holds four characters: `2010AA` is written `2010`.
fn short(loop_id: &str) -> &str {
    loop_id.get(..4).unwrap_or(loop_id)
}

fn number(value: u8) -> String {
    if value == 0 { String::new() } else { value.to_string() }
}
