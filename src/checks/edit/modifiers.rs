//! Modifiers that the code and the payer ask for, and modifiers that speak against each other.

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
    if edits.subject.profile.therapy_modifier_required
        && (edits.wants("discipline-absent") || edits.wants("discipline-several"))
    {
        disciplines(edits);
    }
}

/// Whether no line can have anything wrong here. False means only that the tables must be asked.
pub(in crate::checks) fn is_in_order(claim: &Claim<'_>, profile: &Profile) -> bool {
    !profile.therapy_modifier_required || claim.lines.iter().all(names_one_discipline)
}

fn is_discipline(modifier: Text<'_>) -> bool {
    DISCIPLINES.iter().any(|discipline| modifier == *discipline)
}

/// Whether the line names exactly one; one that stands twice is another rule's business.
fn names_one_discipline(line: &ServiceLine<'_>) -> bool {
    let is_named = |discipline: &&&str| line.modifiers.iter().any(|modifier| *modifier == **discipline);
    DISCIPLINES.iter().filter(is_named).count() == 1
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
        // A JSON line need not state its modifiers at all; an empty list says that there are none.
        if claim.is_native() && line.modifiers.iter().all(|modifier| modifier.has_no_place()) {
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
