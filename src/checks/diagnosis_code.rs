//! Whether each diagnosis of a claim is a code to bill on the day of service (D04, D05).
//!
//! A code is judged by the first day of every line that points to it, or of the claim's first line if none does, so
//! that a claim across October 1 is judged line by line. The first line that it fails decides, and is said once. What
//! has not the shape of a code is D06's, and is not judged here.

use super::Subject;
use super::diagnosis_format::is_code_to_judge;
use super::hit::{Cx, Hit, Lack, Out, Pointer, Takes};
use super::lines::listed;
use crate::claim::{Claim, Date, DiagnosisCode, Fact, LineRef, ServiceLine};
use crate::reference::DiagnosisStanding;
use crate::rules::{DiagnosisFault, Tree};

/// The most codes beneath a heading that are named.
const NAMED: usize = 8;

pub(super) fn check(rule: u16, fault: &DiagnosisFault, subject: &Subject<'_, '_>, cx: Cx<'_>, out: &mut Out) {
    let claim = subject.claim;
    let always = matches!(subject.rule.when, Tree::Always);
    if claim.diagnoses.is_empty() {
        return out.lack(rule, Lack::Diagnosis, claim.lines.len());
    }
    let is_about = |line: &&ServiceLine<'_>| always || subject.with_line(line).matches(&subject.rule.when);
    let lines: Vec<&ServiceLine<'_>> = claim.lines.iter().filter(is_about).collect();
    let mut lacks = vec![None; lines.len()];
    let codes = out.diagnoses.codes_of(claim);
    for (place, (&code, stated)) in codes.iter().zip(&claim.diagnoses).enumerate() {
        let Some(code) = code.filter(|_| is_code_to_judge(stated)) else { continue };
        if codes[..place].contains(&Some(code)) {
            continue;
        }
        let points = |line: &ServiceLine<'_>| {
            let places =
                line.pointers.iter().filter_map(|pointer| usize::from(pointer.value?).checked_sub(1));
            places.into_iter().any(|place| codes.get(place) == Some(&Some(code)))
        };
        let pointed = lines.iter().any(|line| points(line));
        let judging =
            lines.iter().enumerate().filter(|(at, line)| if pointed { points(line) } else { *at == 0 });
        for (at, line) in judging {
            match verdict(code, line.service_date.value, cx) {
                Ok(None) => {}
                Ok(Some(verdict)) => {
                    if verdict.fault == *fault {
                        out.hits.push(hit(rule, place, code, &verdict, line, subject.at));
                    }
                    break;
                }
                Err(lack) => lacks[at] = Some(lack),
            }
        }
    }
    lacks.into_iter().flatten().for_each(|lack| out.lack(rule, lack, 1));
}

/// What one look at a claim tells, without one at its pointers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// Every line is of one day, and every code is billable on it.
    InOrder,
    /// Every line is of one day outside the table, and no code is a heading: there is nothing to judge by.
    OutsideTable,
    /// More must be looked at.
    Open,
}

pub(super) fn coding(claim: &Claim<'_>, cx: Cx<'_>, out: &mut Out) -> Coding {
    let Some(date) = claim.lines.first().and_then(|line| line.service_date.value) else {
        return Coding::Open;
    };
    if claim.diagnoses.is_empty() || claim.lines.iter().any(|line| line.service_date.value != Some(date)) {
        return Coding::Open;
    }
    let all = |is_fine: &mut dyn FnMut(DiagnosisCode) -> bool| {
        claim.diagnoses.iter().all(|stated| stated.value.is_some_and(&mut *is_fine))
    };
    if cx.reference.judges_diagnoses_on(date) {
        let fine = all(&mut |code| out.diagnoses.is_billable(code, date, cx.reference) == Some(true));
        return if fine { Coding::InOrder } else { Coding::Open };
    }
    let is_before = date < cx.reference.diagnosis_days().0;
    let fine = all(&mut |code| is_before || !out.diagnoses.heads(code, cx.reference));
    if fine { Coding::OutsideTable } else { Coding::Open }
}

/// Whether that tells all that a rule about every line has to say; what it lacks is then counted.
pub(super) fn settles(coding: Coding, rule: u16, claim: &Claim<'_>, out: &mut Out) -> bool {
    if coding == Coding::OutsideTable {
        out.lack(rule, Lack::Table, claim.lines.len());
    }
    coding != Coding::Open
}

/// What is wrong with a code on a day.
struct Verdict {
    fault: DiagnosisFault,
    outcome: &'static str,
    label: &'static str,
    values: Vec<(&'static str, String)>,
}

fn verdict(code: DiagnosisCode, date: Option<Date>, cx: Cx<'_>) -> Result<Option<Verdict>, Lack> {
    let date = date.ok_or(Lack::Date)?;
    let (_, last_day) = cx.reference.diagnosis_days();
    let beneath = |date| ("successors", named(code, date, cx));
    let not_billable =
        |outcome, label, values| Verdict { fault: DiagnosisFault::NotBillable, outcome, label, values };
    let not_valid =
        |outcome, label, values| Verdict { fault: DiagnosisFault::NotValid, outcome, label, values };
    Ok(Some(match cx.reference.diagnosis(code, date) {
        DiagnosisStanding::Billable => return Ok(None),
        DiagnosisStanding::Header { ended: None } => {
            not_billable("", "a heading, not a code to bill", vec![beneath(date)])
        }
        DiagnosisStanding::Header { ended: Some(ended) } => {
            let values = vec![beneath(date), ("last_day", ended.to_string())];
            not_billable("split", "a heading since it was split", values)
        }
        DiagnosisStanding::Unknown => not_billable("unknown", "no code to bill", Vec::new()),
        DiagnosisStanding::Ended { last_day } => {
            let (name, codes) = beneath(date);
            let outcome = if codes.is_empty() { "" } else { "replaced" };
            let values = vec![("last_day", last_day.to_string()), (name, codes)];
            not_valid(outcome, "ended before the service", values)
        }
        DiagnosisStanding::NotYet { first_day } => {
            not_valid("not-yet", "begins after the service", vec![("first_day", first_day.to_string())])
        }
        DiagnosisStanding::OutsideTable if date > last_day => match cx.reference.diagnosis(code, last_day) {
            DiagnosisStanding::Header { .. } => {
                let values = vec![beneath(last_day), ("last_day", last_day.to_string())];
                not_billable("after-table", "a heading in the last table", values)
            }
            _ => return Err(Lack::Table),
        },
        DiagnosisStanding::OutsideTable => return Err(Lack::Table),
    }))
}

/// The codes to bill beneath a heading, the first by name.
fn named(code: DiagnosisCode, date: Date, cx: Cx<'_>) -> String {
    let successors = cx.reference.successors(code, date, NAMED);
    let mut names: Vec<String> = successors.codes.iter().map(DiagnosisCode::dotted).collect();
    if successors.more > 0 {
        names.push(format!("{} more", successors.more));
    }
    listed(&names)
}

fn hit(
    rule: u16,
    place: usize,
    code: DiagnosisCode,
    verdict: &Verdict,
    line: &ServiceLine<'_>,
    at: LineRef,
) -> Hit {
    let mut values = vec![("code", code.dotted())];
    values.extend(verdict.values.iter().cloned());
    Hit {
        rule,
        outcome: verdict.outcome,
        primary: Pointer { at, fact: Fact::DiagnosisCodes, item: place, text: verdict.label.to_owned() },
        related: vec![Pointer {
            at: LineRef { line: line.number, ..at },
            fact: Fact::ServiceDate,
            item: 0,
            text: "judged by this day".to_owned(),
        }],
        values,
        takes: Takes::Claim,
    }
}
