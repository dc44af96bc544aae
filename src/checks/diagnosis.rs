//! The diagnoses behind a line (D01, D02, D08) and diagnoses that exclude each other on one claim (D03).
//!
//! What counts as nonspecific, and what as wellness, is the payer profile's. Specific is a code outside both that is
//! billable on the day of service; where no table holds that day, one formed like an ICD-10-CM code. The faults of the
//! codes themselves and of pointers have a file each.

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
        DiagnosisFault::WellnessOnly => wellness(rule, subject, out),
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
        | DiagnosisFault::Pointer
        | DiagnosisFault::WellnessOnly => {}
    }
}

/// Whether every diagnosis that the line points to is such a one. Counts the line where it points to none.
fn rests_on(
    rule: u16,
    subject: &Subject<'_, '_>,
    is_such: impl Fn(DiagnosisCode) -> bool,
    out: &mut Out,
) -> bool {
    let Some(line) = subject.line else { return false };
    let mut linked = subject.claim.linked_diagnoses(line).peekable();
    if linked.peek().is_none() {
        let lack = if subject.claim.diagnoses.is_empty() { Lack::Diagnosis } else { Lack::Pointers };
        out.lack(rule, lack, 1);
        return false;
    }
    linked.all(|stated| stated.value.is_some_and(&is_such))
}

/// A line that points to nonspecific diagnoses alone; `mislinked` asks for those whose claim has better to offer.
fn nonspecific(rule: u16, subject: &Subject<'_, '_>, mislinked: bool, cx: Cx<'_>, out: &mut Out) {
    let claim = subject.claim;
    let Some(line) = subject.line else { return };
    if !rests_on(rule, subject, |code| is_nonspecific(code, subject.profile), out) {
        return;
    }
    // At the day of service.
    out.looked_farther = true;
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

/// A line that points to wellness diagnoses alone. One whose every code is nonspecific besides is D01's or D02's.
fn wellness(rule: u16, subject: &Subject<'_, '_>, out: &mut Out) {
    let (claim, profile) = (subject.claim, subject.profile);
    let Some(line) = subject.line else { return };
    if !rests_on(rule, subject, |code| is_wellness(code, profile), out) {
        return;
    }
    let codes = || claim.linked_diagnoses(line).filter_map(|stated| stated.value);
    if codes().all(|code| is_nonspecific(code, profile)) {
        return;
    }
    let names: Vec<String> = codes().map(|code| code.dotted()).collect();
    let at = subject.at;
    out.hits.push(Hit {
        rule,
        outcome: "",
        primary: Pointer {
            at,
            fact: Fact::LinkedDiagnosisCodes,
            item: 0,
            text: "names no condition that is treated".to_owned(),
        },
        related: Vec::new(),
        values: vec![("wellness", listed(&names))],
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
    if others.is_empty() {
        return;
    }
    // At the other lines.
    out.looked_farther = true;
    if !subject.is_first(|_| true) {
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
    !is_wellness(code, profile)
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

/// Examinations, screening and counselling: what the profile says, else Z00 to Z13 and Z71. Aftercare is not among them.
fn is_wellness(code: DiagnosisCode, profile: &Profile) -> bool {
    match (&profile.wellness_diagnoses, code.as_str().get(..3)) {
        (Some(own), _) => own.iter().any(|prefix| code.as_str().starts_with(prefix.as_str())),
        (None, Some(category)) => ("Z00"..="Z13").contains(&category) || category == "Z71",
        (None, None) => false,
    }
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
            let parsed = DiagnosisCode::new(code.as_bytes()).expect("a code");
            let dates = [Date::constant(2025, 3, 3), Date::constant(2026, 3, 3), Date::constant(2027, 3, 3)];
            let found = dates.map(|date| is_specific(parsed, &profile, Some(date), &reference));
            assert_eq!(found, specific, "{code}");
        }
    }

    #[test]
    fn what_is_wellness() {
        let own = |codes: &[&str]| Profile {
            wellness_diagnoses: Some(codes.iter().map(|code| (*code).to_owned()).collect()),
            ..Profile::default()
        };
        for (code, by_default, by_list, by_none) in [
            ("Z0000", true, false, false),
            ("Z139", true, false, false),
            ("Z713", true, true, false),
            ("Z14", false, false, false),
            ("Z723", false, false, false),
            ("Z4789", false, true, false),
            ("Z5189", false, false, false),
            ("M5450", false, false, false),
            ("Z0", false, false, false),
        ] {
            let code = DiagnosisCode::new(code.as_bytes()).expect("a code");
            let found = [Profile::default(), own(&["Z71", "Z47"]), own(&[])]
                .map(|profile| is_wellness(code, &profile));
            assert_eq!(found, [by_default, by_list, by_none], "{}", code.as_str());
        }
    }
}
