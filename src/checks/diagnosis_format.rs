//! How diagnoses are written (D06): what no table is needed for.
//!
//! A JSON claim line is not what a payer reads: its codes may carry their point and be in lower case, and whoever
//! writes the 837P takes both away. So those are faults of an HI segment alone; a qualifier tells that there was one.

use super::Subject;
use super::hit::{Hit, Out, Pointer, Takes};
use crate::claim::{Diagnosis, DiagnosisCode, Fact};

/// Whether the table of ICD-10-CM has a word on it: it is not marked as ICD-9, and what is wrong with its shape, if
/// anything, is only point or case.
pub(super) fn is_code_to_judge(stated: &Diagnosis<'_>) -> bool {
    let bytes = stated.code.bytes().trim_ascii();
    let is_other = is_from_hi(stated) && has_icd_9_shape(bytes);
    !is_marked_icd_9(stated) && !is_short(bytes) && !is_other
}

/// Whether the claim begins with its principal diagnosis, and every code is stated once and as an HI segment has it,
/// with no mark of ICD-9.
fn is_in_order(diagnoses: &[Diagnosis<'_>]) -> bool {
    let is_plain = |stated: &Diagnosis<'_>| {
        let bytes = stated.code.bytes();
        bytes.len() >= 3
            && bytes[0].is_ascii_uppercase()
            && stated.value.is_some_and(|code| code.as_bytes().get(..bytes.len()) == Some(bytes))
            && matches!(stated.qualifier.bytes(), b"ABK" | b"ABF" | b"")
    };
    diagnoses.first().is_none_or(|first| first.qualifier != "ABF")
        && diagnoses.iter().enumerate().all(|(place, stated)| {
            is_plain(stated) && !diagnoses[..place].iter().any(|earlier| earlier.value == stated.value)
        })
}

pub(super) fn check(rule: u16, subject: &Subject<'_, '_>, out: &mut Out) {
    let claim = subject.claim;
    if is_in_order(&claim.diagnoses) {
        return;
    }
    if claim.diagnoses.first().is_some_and(|first| matches!(first.qualifier.bytes(), b"ABF" | b"BF")) {
        let values = vec![("qualifier", claim.diagnoses[0].qualifier.str().to_owned())];
        out.hits.push(hit(rule, "not-principal", 0, "marked as a further diagnosis", values, subject));
    }
    let codes = out.diagnoses.codes_of(claim);
    for (place, stated) in claim.diagnoses.iter().enumerate() {
        if stated.code.is_absent() {
            continue;
        }
        let twin = codes[place]
            .and_then(|code| codes[..place].iter().position(|earlier| *earlier == Some(code)))
            .filter(|&twin| is_marked_icd_9(&claim.diagnoses[twin]) == is_marked_icd_9(stated));
        let (outcome, label) = match (twin, fault(stated)) {
            (Some(_), _) => ("repeated", "stands here again"),
            (None, Some(fault)) => fault,
            (None, None) => continue,
        };
        let mut values = vec![("place", (place + 1).to_string())];
        if let Some(code) = codes[place] {
            values.push(("code", code.dotted()));
            values.push(("plain", code.as_str().to_owned()));
        }
        let mut hit = hit(rule, outcome, place, label, values, subject);
        hit.related.extend(twin.map(|twin| Pointer {
            item: twin,
            text: "the same code".to_owned(),
            ..hit.primary.clone()
        }));
        out.hits.push(hit);
    }
}

/// What is wrong with one diagnosis, as an outcome and a label.
fn fault(stated: &Diagnosis<'_>) -> Option<(&'static str, &'static str)> {
    let bytes = stated.code.bytes().trim_ascii();
    let from_hi = is_from_hi(stated);
    if from_hi && bytes.contains(&b'.') && DiagnosisCode::new(bytes).is_some() {
        return Some(("decimal", "with a decimal point"));
    }
    if is_marked_icd_9(stated) {
        return None;
    }
    if DiagnosisCode::new(bytes).is_none() || is_short(bytes) {
        return Some(("length", "not three to seven letters and digits"));
    }
    if from_hi && has_icd_9_shape(bytes) {
        return Some(("icd-9", "the shape of an ICD-9-CM code"));
    }
    (from_hi && bytes.iter().any(u8::is_ascii_lowercase)).then_some(("lower-case", "in lower case"))
}

fn is_from_hi(stated: &Diagnosis<'_>) -> bool {
    stated.qualifier.is_present()
}

fn is_marked_icd_9(stated: &Diagnosis<'_>) -> bool {
    matches!(stated.qualifier.bytes(), b"BK" | b"BF")
}

/// Digits alone. ICD-9-CM also had codes with V and E, which ICD-10-CM has too.
fn has_icd_9_shape(code: &[u8]) -> bool {
    code.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

fn is_short(code: &[u8]) -> bool {
    code.iter().filter(|byte| **byte != b'.').count() < 3
}

fn hit(
    rule: u16,
    outcome: &'static str,
    place: usize,
    label: &str,
    values: Vec<(&'static str, String)>,
    subject: &Subject<'_, '_>,
) -> Hit {
    Hit {
        rule,
        outcome,
        primary: Pointer { at: subject.at, fact: Fact::DiagnosisCodes, item: place, text: label.to_owned() },
        related: Vec::new(),
        values,
        takes: Takes::Claim,
    }
}
