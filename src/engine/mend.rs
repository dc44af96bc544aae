//! What of a finding is a matter of format and has one right answer: how it is mended.
//!
//! Never a unit, a modifier, a date, a charge, or what a diagnosis means.

use std::collections::HashMap;

use crate::checks::Hit;
use crate::claim::{Claim, Diagnosis, DiagnosisCode, Span};
use crate::finding::{Edit, Fix};
use crate::rules::{Check, DiagnosisFault, Rule};
use crate::x12::EnvelopeKind;

use super::draft::Draft;
use super::files::Files;

/// How what a check saw is mended: a diagnosis of HI with its point, or in lower case.
pub(super) fn of_hit(hit: &Hit, rule: &Rule, claim: &Claim<'_>) -> Option<Box<Fix>> {
    let is_about_form = matches!(rule.check, Check::Diagnosis(DiagnosisFault::Format));
    if !is_about_form || !matches!(hit.outcome, "decimal" | "lower-case") {
        return None;
    }
    plain(claim.diagnoses.get(hit.primary.item)?).map(Box::new)
}

/// A code of ICD-10-CM as HI takes it. The point goes only from where that classification has it, behind the third
/// character: anywhere else it may stand for a slip in the code itself.
fn plain(stated: &Diagnosis<'_>) -> Option<Fix> {
    let whole = stated.code.bytes();
    let bytes = whole.trim_ascii();
    let code = DiagnosisCode::new(bytes)?;
    let letter = bytes.first()?.is_ascii_alphabetic();
    if !letter || code.as_str().len() < 3 || !matches!(stated.qualifier.bytes(), b"ABK" | b"ABF") {
        return None;
    }
    let blanks = whole.len() - whole.trim_ascii_start().len();
    let start = stated.code.span().offset + blanks as u64;
    let point = bytes.iter().position(|byte| *byte == b'.');
    if point.is_some_and(|at| at != 3) {
        return None;
    }
    let in_lower_case = bytes.iter().any(u8::is_ascii_lowercase);
    let plain = code.as_str();
    let (edit, summary) = match (point, in_lower_case) {
        (Some(at), false) => {
            let edit = Edit { span: Span::new(start + at as u64, 1), text: String::new() };
            (edit, format!("removes the point: {plain}"))
        }
        (None, false) => return None,
        (_, true) => {
            let span = Span::new(start, u32::try_from(bytes.len()).ok()?);
            (Edit { span, text: plain.to_owned() }, format!("writes {plain}"))
        }
    };
    Some(Fix { summary, edits: vec![edit] })
}

/// Faults that hint at segments which were lost: a count beside one of them may be right.
const LOSSES: &[&str] = &[
    "claim-too-long",
    "ge-missing",
    "gs-missing",
    "hl01-sequence",
    "hl02-parent",
    "hl04-child",
    "iea-missing",
    "isa-missing",
    "loop-missing",
    "no-claim",
    "outside-set",
    "se-missing",
    "segment-id",
    "segment-missing",
    "segment-too-long",
    "st-missing",
];

/// Leaves counts alone in an envelope in which something shows that segments may be missing.
pub(super) fn withhold_counts(drafts: &mut [Draft], files: &Files) {
    let mut losses: HashMap<u32, Vec<u64>> = HashMap::new();
    for draft in drafts.iter().filter(|draft| draft.fault.is_some_and(|name| LOSSES.contains(&name))) {
        losses.entry(draft.finding.file).or_default().push(draft.finding.place.span.offset);
    }
    losses.values_mut().for_each(|offsets| offsets.sort_unstable());
    for draft in drafts.iter_mut().filter(|draft| draft.finding.fix.is_some()) {
        let kind = match draft.fault {
            Some("se01-count") => EnvelopeKind::St,
            Some("ge01-count") => EnvelopeKind::Gs,
            Some("iea01-count") => EnvelopeKind::Isa,
            _ => continue,
        };
        let Some(losses) = losses.get(&draft.finding.file) else { continue };
        let trailer = draft.finding.place.span.offset;
        let start = files.envelope_around(draft.finding.file, kind, trailer).0.unwrap_or(0);
        let first = losses.partition_point(|offset| *offset < start);
        if losses.get(first).is_some_and(|offset| *offset <= trailer) {
            draft.finding.fix = None;
        }
    }
}
