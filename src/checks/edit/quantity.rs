//! How many units a line bills, and of what: therapy is billed in whole units.

use super::{Edits, Seen};
use crate::claim::{Fact, MINUTES_BASIS, ServiceLine};

pub(super) fn check(edits: &mut Edits<'_, '_, '_>) {
    let claim = edits.subject.claim;
    for line in &claim.lines {
        let Some((fault, label)) = fault_of(line) else { continue };
        if !edits.wants(fault) || !edits.is_about(line) {
            continue;
        }
        let stated = line.units.value.map_or_else(|| "?".to_owned(), |units| units.to_string());
        let values = vec![("stated", stated)];
        edits.report(Seen { values, ..Seen::line(fault, line.number, Fact::Units, label) });
    }
}

/// Whether the line bills a whole number of units above zero, as far as it states any.
pub(in crate::checks) fn is_line_in_order(line: &ServiceLine<'_>) -> bool {
    fault_of(line).is_none()
}

/// The first thing wrong with the quantity.
fn fault_of(line: &ServiceLine<'_>) -> Option<(&'static str, &'static str)> {
    if line.unit_basis == MINUTES_BASIS {
        return Some(("minutes", "minutes, not units"));
    }
    let units = line.units.value?;
    if units.0 < 0 {
        Some(("negative", "less than nothing"))
    } else if units.0 == 0 {
        Some(("none", "no unit"))
    } else if units.as_whole().is_none() {
        Some(("fraction", "not a whole number"))
    } else {
        None
    }
}
