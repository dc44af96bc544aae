//! Places of service: known to CMS, in use on the day, and likely for the service.

use super::{Edits, Seen};
use crate::checks::hit::Takes;
use crate::checks::lines::counted;
use crate::claim::{Date, Fact, LineRef, ServiceLine, Text};
use crate::reference::Reference;

/// Places whose first day is certain.
const SINCE: [(&str, Date); 2] = [("10", Date::constant(2022, 1, 1)), ("27", Date::constant(2023, 10, 1))];

/// Places that say the patient was not in the room: 02 and, since 2022 in the patient's home, 10.
const TELEHEALTH: [&str; 2] = ["02", "10"];

pub(super) fn check(edits: &mut Edits<'_, '_, '_>) {
    let claim = edits.subject.claim;
    let mut last = Text::ABSENT;
    let listed = edits.cx.reference;
    if claim.place_of_service.is_present() && !is_usual(claim.place_of_service) {
        last = claim.place_of_service;
        let is_elsewhere =
            |line: &ServiceLine<'_>| claim.place_of_service(line).bytes() != claim.place_of_service.bytes();
        if !is_listed(last, listed) && claim.lines.iter().all(is_elsewhere) {
            let values = vec![("place", shown(last)), ("count", counted(0, "line"))];
            let seen = Seen::claim("unknown", Fact::PlaceOfService, "not a place of service");
            edits.report(Seen { values, takes: Takes::Nothing, ..seen });
        }
        of_lines(edits, last);
    }
    for (index, line) in claim.lines.iter().enumerate() {
        let stated = line.place_of_service;
        let is_judged = |one: &ServiceLine<'_>| one.place_of_service.bytes() == stated.bytes();
        if stated.is_absent()
            || is_usual(stated)
            || stated.bytes() == last.bytes()
            || claim.lines[..index].iter().any(is_judged)
        {
            continue;
        }
        of_lines(edits, stated);
    }
}

/// Whether the place, if one is stated, has always been one and is where the patient is in the room.
pub(in crate::checks) fn is_plain(place: Text<'_>, reference: &Reference) -> bool {
    place.is_absent()
        || is_usual(place)
        || is_listed(place, reference)
            && !TELEHEALTH.iter().any(|code| place == *code)
            && !SINCE.iter().any(|(code, _)| place == *code)
}

/// The office, whose code has been one from the beginning; most lines need no look at the list.
fn is_usual(place: Text<'_>) -> bool {
    place == "11"
}

fn is_listed(place: Text<'_>, reference: &Reference) -> bool {
    <[u8; 2]>::try_from(place.bytes()).is_ok_and(|code| reference.is_place_of_service(code))
}

fn shown(place: Text<'_>) -> String {
    place.bytes().escape_ascii().to_string()
}

/// Judges the lines at one place, and tells what is wrong with it once.
fn of_lines(edits: &mut Edits<'_, '_, '_>, place: Text<'_>) {
    let claim = edits.subject.claim;
    if !is_listed(place, edits.cx.reference) {
        let label = "not a place of service";
        return report(edits, "unknown", place, label, &|_| true);
    }
    if let Some(&(_, since)) = SINCE.iter().find(|(code, _)| place == *code) {
        let too_early = |line: &ServiceLine<'_>| line.service_date.value.is_some_and(|from| from < since);
        if claim.lines.iter().any(too_early) {
            report(edits, "not-yet-in-use", place, "not yet in use", &too_early);
        }
    }
    if TELEHEALTH.iter().any(|code| place == *code) {
        report(edits, "telehealth", place, "by telehealth", &|_| true);
    }
}

/// Reports the lines at `place` that the rule is about and that `has` picks as one.
fn report(
    edits: &mut Edits<'_, '_, '_>,
    fault: &'static str,
    place: Text<'_>,
    label: &str,
    has: &dyn Fn(&ServiceLine<'_>) -> bool,
) {
    if !edits.wants(fault) {
        return;
    }
    let subject = edits.subject;
    let at_place = |line: &ServiceLine<'_>| subject.claim.place_of_service(line).bytes() == place.bytes();
    let lines: Vec<LineRef> = edits
        .lines_that(|line| has(line) && at_place(line))
        .map(|line| LineRef { line: line.number, ..subject.at })
        .collect();
    let Some(first) = lines.first() else { return };
    let count = counted(u32::try_from(lines.len()).unwrap_or(u32::MAX), "line");
    edits.report(Seen {
        values: vec![("place", shown(place)), ("count", count)],
        takes: Takes::Lines(lines.clone()),
        ..Seen::line(fault, first.line, Fact::PlaceOfService, label)
    });
}
