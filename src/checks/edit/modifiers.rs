//! Modifiers that the code and the payer ask for, and modifiers that speak against each other.

mod notice;
mod treatment;

use super::{Edits, Seen};
use crate::checks::hit::{Lack, Takes};
use crate::checks::lines::listed;
use crate::claim::{Claim, Fact, LineRef, ProcedureCode, ServiceLine, Text};
use crate::rules::Profile;

/// Physical therapy, occupational therapy, speech-language pathology (CMS Pub. 100-04 ch. 5 s. 20.1).
const DISCIPLINES: [&str; 3] = ["GP", "GO", "GN"];

/// The schedule's PC/TC indicator of a service that is always therapy.
const ALWAYS_THERAPY: u8 = 7;

pub(super) fn check(edits: &mut Edits<'_, '_, '_>) {
    let profile = edits.subject.profile;
    let of = |family: &str| edits.faults.iter().any(|fault| fault.starts_with(family));
    let (disciplines_wanted, notices, treatments) = (of("discipline-"), of("notice-"), of("treatment-"));
    match profile.therapy_modifier_required {
        true if disciplines_wanted => disciplines(edits),
        false if disciplines_wanted => edits.not_asked("therapy-modifier-required"),
        _ => {}
    }
    match profile.beneficiary_notices {
        true => notice::check(edits),
        false if notices => edits.not_asked("beneficiary-notices"),
        false => {}
    }
    match profile.active_treatment_modifier {
        true => treatment::check(edits),
        false if treatments => edits.not_asked("active-treatment-modifier"),
        false => {}
    }
}

/// Whether the line cannot have anything wrong here. False means only that the tables must be asked.
pub(in crate::checks) fn is_line_in_order(line: &ServiceLine<'_>, profile: &Profile) -> bool {
    let is_doubtful = profile.therapy_modifier_required && !names_one_discipline(line)
        || profile.beneficiary_notices && notice::may_speak_of(line)
        || profile.active_treatment_modifier && treatment::may_speak_of(line);
    !is_doubtful
}

/// Whether the line bears this modifier.
fn has(line: &ServiceLine<'_>, wanted: &str) -> bool {
    line.modifiers.iter().any(|modifier| *modifier == wanted)
}

/// Whether nothing says which modifiers the line has: a JSON line need not state them, an empty list says that there
/// are none.
fn are_unstated(claim: &Claim<'_>, line: &ServiceLine<'_>) -> bool {
    claim.is_native() && line.modifiers.iter().all(|modifier| modifier.has_no_place())
}

fn is_discipline(modifier: Text<'_>) -> bool {
    DISCIPLINES.iter().any(|discipline| modifier == *discipline)
}

/// Whether the line names exactly one; one that stands twice is another rule's business.
fn names_one_discipline(line: &ServiceLine<'_>) -> bool {
    let mut named = 0_u32;
    for modifier in &line.modifiers {
        named |= match modifier.bytes() {
            b"GP" => 1,
            b"GO" => 2,
            b"GN" => 4,
            _ => 0,
        };
    }
    named.is_power_of_two()
}

/// Lines of always-therapy codes under no discipline, or under several.
fn disciplines(edits: &mut Edits<'_, '_, '_>) {
    let claim = edits.subject.claim;
    for line in claim.lines.iter().filter(|line| !names_one_discipline(line)) {
        if !edits.is_about(line) {
            continue;
        }
        let (Some(code), Some(date)) =
            (ProcedureCode::new(line.procedure_code.bytes()), line.service_date.value)
        else {
            edits.out.lack(edits.rule, Lack::Date, 1);
            continue;
        };
        match edits.cx.reference.pctc(code, date) {
            Some(ALWAYS_THERAPY) => {}
            Some(_) => continue,
            None => {
                edits.out.lack(edits.rule, Lack::Figure, 1);
                continue;
            }
        }
        if are_unstated(claim, line) {
            edits.out.lack(edits.rule, Lack::Fact, 1);
            continue;
        }
        report(edits, line);
    }
}

fn report(edits: &mut Edits<'_, '_, '_>, line: &ServiceLine<'_>) {
    let stated = || line.modifiers.iter().enumerate().filter(|(_, modifier)| is_discipline(**modifier));
    let names: Vec<String> = stated().map(|(_, modifier)| modifier.str().to_owned()).collect();
    let (fault, label) = if names.is_empty() {
        ("discipline-absent", "no discipline is stated".to_owned())
    } else {
        ("discipline-several", format!("{} on one line", listed(&names)))
    };
    let at = LineRef { line: line.number, ..edits.subject.at };
    // The code, where no modifier stands that could be pointed at.
    let (fact, item) = match stated().nth(1) {
        Some((item, _)) => (Fact::Modifiers, item),
        None => (Fact::ProcedureCode, 0),
    };
    let values = vec![("stated", listed(&names))];
    let seen = Seen::line(fault, line.number, fact, label);
    edits.report(Seen { item, values, takes: Takes::Lines(vec![at]), ..seen });
}
