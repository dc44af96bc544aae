//! AT, active treatment: what makes chiropractic manipulation a covered service, and belongs on nothing else.
//!
//! Manipulation without it is taken for maintenance. A line that says that a denial is expected (GA, GY, GZ, with or
//! without GX) rightly bears none. Source: CMS Pub. 100-02 ch. 15 s. 240.1.3; Pub. 100-04 ch. 12 s. 220.

use super::super::{Edits, Seen};
use super::{are_unstated, has};
use crate::checks::hit::{Lack, Takes};
use crate::claim::{Fact, LineRef, ServiceLine};

const ACTIVE: &str = "AT";
const EXPECTS_DENIAL: [&str; 4] = ["GA", "GX", "GY", "GZ"];

/// Manipulation of the spine, 98940 to 98942.
fn is_manipulation(line: &ServiceLine<'_>) -> bool {
    matches!(line.procedure_code.bytes(), b"98940" | b"98941" | b"98942")
}

/// Whether there is anything to look at.
pub(super) fn may_speak_of(line: &ServiceLine<'_>) -> bool {
    is_manipulation(line) != has(line, ACTIVE)
}

pub(super) fn check(edits: &mut Edits<'_, '_, '_>) {
    let claim = edits.subject.claim;
    for line in claim.lines.iter().filter(|line| may_speak_of(line)) {
        let absent = is_manipulation(line);
        let fault = if absent { "treatment-absent" } else { "treatment-elsewhere" };
        if !edits.wants(fault) || !edits.is_about(line) {
            continue;
        }
        if absent && EXPECTS_DENIAL.iter().any(|modifier| has(line, modifier)) {
            continue;
        }
        if absent && are_unstated(claim, line) {
            edits.out.lack(edits.rule, Lack::Fact, 1);
            continue;
        }
        let at = LineRef { line: line.number, ..edits.subject.at };
        let place = line.modifiers.iter().position(|modifier| *modifier == ACTIVE);
        let (fact, item, label) = match place {
            Some(item) => (Fact::Modifiers, item, "of manipulation alone"),
            None => (Fact::ProcedureCode, 0, "no AT is stated"),
        };
        let seen = Seen::line(fault, line.number, fact, label);
        edits.report(Seen { item, takes: Takes::Lines(vec![at]), ..seen });
    }
}
