//! Where the diagnosis pointers of a line lead (D07). One finding a line: its first fault, and the others beside it.
//!
//! A JSON line without pointers is not wrong, its fact is absent; an 837P line must have one. Where the claim holds no
//! diagnosis at all, that is the fault, and that its pointers lead nowhere is not said again for each line.

use super::Subject;
use super::hit::{Hit, Lack, Out, Pointer, Takes};
use crate::claim::{Diagnosis, Fact, LineRef, ServiceLine, Text};

pub(super) fn check(rule: u16, subject: &Subject<'_, '_>, out: &mut Out) {
    let claim = subject.claim;
    let Some(line) = subject.line else { return };
    let count = claim.diagnoses.len();
    let is_837 = claim.submission.guide.is_present()
        || claim.diagnoses.first().is_some_and(|first| first.qualifier.is_present());
    let first = &line.pointers[0];
    if first.text.is_absent() && first.value.is_none() {
        if is_837 {
            out.hits.push(hit(rule, "absent", 0, "no diagnosis is pointed to", subject));
        } else {
            out.lack(rule, Lack::Pointers, 1);
        }
        return;
    }
    let has_gaps = claim.diagnoses.iter().any(Diagnosis::is_gap);
    if is_in_order(line, count) && !has_gaps {
        return;
    }
    let mut found: Option<Hit> = None;
    let mut lacks_diagnoses = false;
    for item in 0..line.pointers.len() {
        let Some((outcome, label)) = fault(line, item, &claim.diagnoses, is_837) else { continue };
        if outcome == "beyond" && count == 0 {
            lacks_diagnoses = true;
            continue;
        }
        match &mut found {
            Some(hit) => hit.related.push(Pointer { item, text: label.to_owned(), ..hit.primary.clone() }),
            None => {
                let mut hit = hit(rule, outcome, item, label, subject);
                if let Some(stated) = number(line.pointers[item].text) {
                    hit.values.push(("pointer", stated.to_owned()));
                }
                if outcome == "beyond" && is_837 {
                    hit.related.push(Pointer {
                        at: LineRef { line: 0, ..subject.at },
                        fact: Fact::DiagnosisCodes,
                        item: count - 1,
                        text: format!("diagnosis {count}, the last"),
                    });
                }
                found = Some(hit);
            }
        }
    }
    if found.is_none() && lacks_diagnoses {
        out.lack(rule, Lack::Diagnosis, 1);
    }
    out.hits.extend(found);
}

/// Whether every pointer leads to a diagnosis, and no two to the same.
fn is_in_order(line: &ServiceLine<'_>, count: usize) -> bool {
    let mut seen = 0_u32;
    line.pointers.iter().all(|pointer| {
        let Some(value) = pointer.value else { return pointer.text.is_absent() };
        let bit = 1_u32.checked_shl(u32::from(value)).unwrap_or(0);
        let is_new = bit > 1 && usize::from(value) <= count && seen & bit == 0;
        seen |= bit;
        is_new
    })
}

/// What is wrong with pointer `item` of a line, as an outcome and a label.
fn fault(
    line: &ServiceLine<'_>,
    item: usize,
    diagnoses: &[Diagnosis<'_>],
    is_837: bool,
) -> Option<(&'static str, &'static str)> {
    let pointer = &line.pointers[item];
    if pointer.is_unreadable() {
        return Some(("unreadable", "not a number"));
    }
    let value = pointer.value?;
    // In JSON two places of a line's own list may be one code of the claim: only equal texts are one pointer.
    let again = |earlier: &&crate::claim::Stated<'_, u8>| {
        earlier.value == Some(value) && (is_837 || earlier.text.bytes() == pointer.text.bytes())
    };
    match value {
        0 => Some(("zero", "counts from 1")),
        _ if diagnoses.get(usize::from(value) - 1).is_none_or(Diagnosis::is_gap) => {
            Some(("beyond", "no diagnosis stands there"))
        }
        _ if line.pointers[..item].iter().any(|earlier| again(&earlier)) => {
            Some(("repeated", "points there again"))
        }
        _ => None,
    }
}

/// The pointer as stated, if it is a short number.
fn number(text: Text<'_>) -> Option<&str> {
    let stated = text.str();
    ((1..=3).contains(&stated.len()) && stated.bytes().all(|byte| byte.is_ascii_digit())).then_some(stated)
}

fn hit(rule: u16, outcome: &'static str, item: usize, label: &str, subject: &Subject<'_, '_>) -> Hit {
    Hit {
        rule,
        outcome,
        primary: Pointer { at: subject.at, fact: Fact::DiagnosisPointers, item, text: label.to_owned() },
        related: Vec::new(),
        values: Vec::new(),
        takes: Takes::Claim,
    }
}
