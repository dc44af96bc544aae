//! The diagnoses behind a line (D01, D02) and diagnoses that exclude each other on one claim (D03).
//!
//! What counts as nonspecific is the payer profile's. Specific is a code outside the nonspecific and the wellness codes
//! that is billable on the day of service; where no table holds that day, one formed like an ICD-10-CM code. The faults
//! of the codes themselves and of pointers have a file each.

use super::hit::{Cx, Hit, Lack, Out, Pointer, Takes};
use super::lines::listed;
use super::{Subject, diagnosis_code, diagnosis_format, diagnosis_pointer};
use crate::claim::{Date, DiagnosisCode, Fact, LineRef};
use crate::reference::{DiagnosisStanding, Reference};
use crate::rules::{DiagnosisFault, Profile};

/// The faults that a line has.
pub(super) fn check_line(
    rule: u16,
    fault: &DiagnosisFault,
    subject: &Subject<'_, '_>,
    cx: Cx<'_>,
    out: &mut Out,
) {
    match fault {
        DiagnosisFault::NonspecificOnly => nonspecific(rule, subject, false, cx, out),
        DiagnosisFault::Mislinked => nonspecific(rule, subject, true, cx, out),
        DiagnosisFault::Conflict { code, with } => conflict(rule, code, with, subject, out),
        DiagnosisFault::Pointer => diagnosis_pointer::check(rule, subject, out),
        DiagnosisFault::NotBillable | DiagnosisFault::NotValid | DiagnosisFault::Format => {}
    }
}

/// The faults that a claim has.
pub(super) fn check_claim(
    rule: u16,
    fault: &DiagnosisFault,
    subject: &Subject<'_, '_>,
    cx: Cx<'_>,
    out: &mut Out,
) {
    match fault {
        DiagnosisFault::NotBillable | DiagnosisFault::NotValid => {
            diagnosis_code::check(rule, fault, subject, cx, out);
        }
        DiagnosisFault::Format => diagnosis_format::check(rule, subject, out),
        DiagnosisFault::NonspecificOnly
        | DiagnosisFault::Mislinked
        | DiagnosisFault::Conflict { .. }
        | DiagnosisFault::Pointer => {}
    }
}

/// A line that points to nonspecific diagnoses alone; `mislinked` asks for those whose claim has better to offer.
fn nonspecific(rule: u16, subject: &Subject<'_, '_>, mislinked: bool, cx: Cx<'_>, out: &mut Out) {
    let claim = subject.claim;
    let Some(line) = subject.line else { return };
    if claim.diagnoses.is_empty() {
        return out.lack(rule, Lack::Diagnosis, 1);
    }
    let mut linked = claim.linked_diagnoses(line).peekable();
    if linked.peek().is_none() {
        return out.lack(rule, Lack::Pointers, 1);
    }
    if !linked.all(|stated| stated.value.is_some_and(|code| is_nonspecific(code, subject.profile))) {
        return;
    }
    let specific: Vec<(usize, DiagnosisCode)> = claim
        .diagnoses
        .iter()
        .enumerate()
        .filter_map(|(place, stated)| Some((place, stated.value?)))
        .filter(|(_, code)| is_specific(*code, subject.profile, line.service_date.value, cx.reference))
        .collect();
    if specific.is_empty() == mislinked {
        return;
    }
    let codes: Vec<String> =
        claim.linked_diagnoses(line).filter_map(|stated| stated.value).map(|code| code.dotted()).collect();
    let at = subject.at;
    let (primary, label) = if mislinked {
        (Fact::DiagnosisPointers, format!("points to {} only", listed(&codes)))
    } else {
        (Fact::LinkedDiagnosisCodes, "nonspecific, and alone".to_owned())
    };
    let related = specific.iter().map(|(place, code)| Pointer {
        at: LineRef { line: 0, ..at },
        fact: Fact::DiagnosisCodes,
        item: *place,
        text: format!("{} is specific", code.dotted()),
    });
    let names: Vec<String> = specific.iter().map(|(_, code)| code.dotted()).collect();
    out.hits.push(Hit {
        rule,
        outcome: "",
        primary: Pointer { at, fact: primary, item: 0, text: label },
        related: related.collect(),
        values: vec![("nonspecific", listed(&codes)), ("specific", listed(&names))],
        takes: Takes::Lines(vec![at]),
    });
}

/// A code beside codes that exclude it (an ICD-10-CM "Excludes1" note), said once for the claim.
fn conflict(rule: u16, code: &str, with: &[String], subject: &Subject<'_, '_>, out: &mut Out) {
    let claim = subject.claim;
    let codes = || {
        let stated = claim.diagnoses.iter().enumerate();
        stated.filter_map(|(place, one)| Some((place, one.value?)))
    };
    let Some((place, excluded)) = codes().find(|(_, one)| one.is(code)) else { return };
    let others: Vec<(usize, DiagnosisCode)> = codes()
        .filter(|(_, one)| with.iter().any(|prefix| one.as_str().starts_with(prefix.as_str())))
        .collect();
    if others.is_empty() || !subject.is_first(|_| true) {
        return;
    }
    let claim_at = LineRef { line: 0, ..subject.at };
    let points_to_it = |line: &&crate::claim::ServiceLine<'_>| {
        claim.linked_diagnoses(line).any(|one| one.value == Some(excluded))
    };
    let takes: Vec<LineRef> = claim
        .lines
        .iter()
        .filter(points_to_it)
        .map(|line| LineRef { line: line.number, ..subject.at })
        .collect();
    let names: Vec<String> = others.iter().map(|(_, one)| one.dotted()).collect();
    let pointer = |item, text| Pointer { at: claim_at, fact: Fact::DiagnosisCodes, item, text };
    out.hits.push(Hit {
        rule,
        outcome: "",
        primary: pointer(place, "excluded by another diagnosis here".to_owned()),
        related: others
            .iter()
            .map(|(place, one)| pointer(*place, format!("{} excludes it", one.dotted())))
            .collect(),
        values: vec![("code", excluded.dotted()), ("conflicting", listed(&names))],
        takes: if takes.is_empty() { Takes::Nothing } else { Takes::Lines(takes) },
    });
}

fn is_nonspecific(code: DiagnosisCode, profile: &Profile) -> bool {
    profile.nonspecific_diagnoses.iter().any(|one| code.is(one))
}

fn is_specific(code: DiagnosisCode, profile: &Profile, date: Option<Date>, reference: &Reference) -> bool {
    !is_wellness(code)
        && !is_nonspecific(code, profile)
        && match date.map(|date| reference.diagnosis(code, date)) {
            None | Some(DiagnosisStanding::OutsideTable) => has_shape(code),
            Some(standing) => standing == DiagnosisStanding::Billable,
        }
}

/// A letter, a digit or letter after it, then at least one more.
fn has_shape(code: DiagnosisCode) -> bool {
    let bytes = code.as_str().as_bytes();
    bytes.len() >= 3
        && bytes[0].is_ascii_uppercase()
        && (bytes[1].is_ascii_digit() || bytes[2].is_ascii_digit())
}

/// Examinations, immunizations and counselling (Z00 to Z13, Z71). Aftercare is not among them.
fn is_wellness(code: DiagnosisCode) -> bool {
    matches!(code.as_str().get(..3), Some(category) if ("Z00"..="Z13").contains(&category) || category == "Z71")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_specific() {
        let profile = Profile { nonspecific_diagnoses: vec!["R52".to_owned()], ..Profile::default() };
        let reference = Reference::builtin();
        // In the year before, on the day of, and after the table.
        for (code, specific) in [
            ("M5450", [true, true, true]),
            ("S134XXA", [true, true, true]),
            ("QA00101", [false, true, true]),
            ("M545", [false, false, true]),
            ("Z4789", [true, true, true]),
            ("Z5189", [true, true, true]),
            ("R52", [false, false, false]),
            ("Z0000", [false, false, false]),
            ("Z713", [false, false, false]),
            ("7242", [false, false, false]),
            ("M5", [false, false, false]),
        ] {
            let parsed = DiagnosisCode::new(code.as_bytes()).unwrap();
            let dates = [Date::constant(2025, 3, 3), Date::constant(2026, 3, 3), Date::constant(2027, 3, 3)];
            let found = dates.map(|date| is_specific(parsed, &profile, Some(date), &reference));
            assert_eq!(found, specific, "{code}");
        }
    }
}
