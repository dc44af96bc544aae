//! A passive service that is the whole treatment, visit after visit (F06).

use super::super::hit::Out;
use super::{Course, Said};
use crate::claim::ProcedureCode;

/// Days between two visits of one row.
const MOST_BETWEEN: i32 = 90;

/// Remarks once on each row of `visits` visits that bill what the rule is about and nothing of `active`. A visit with
/// active care begins the row anew.
pub(super) fn check(
    rule: u16,
    bit: u16,
    visits: u16,
    active: &[ProcedureCode],
    course: &Course<'_>,
    out: &mut Out,
) {
    let mut row = 0;
    let mut last = None;
    let mut day = 0;
    while day < course.lines.len() {
        let date = course.lines[day].fact.date;
        let end = day + course.lines[day..].iter().take_while(|line| line.fact.date == date).count();
        let whole = day..end;
        day = end;
        let billed = || whole.clone().filter(|&index| super::lines::is_billed(&course.lines[index].fact));
        if billed().any(|index| active.contains(&course.lines[index].fact.code)) {
            row = 0;
            continue;
        }
        let own: Vec<_> =
            billed().filter(|&index| course.is_about(index, bit)).map(|index| &course.lines[index]).collect();
        if own.is_empty() {
            continue;
        }
        // After a quarter of a year it is another course.
        if last.replace(date).is_some_and(|last| (date - last).get_days() > MOST_BETWEEN) {
            row = 0;
        }
        row = u16::saturating_add(row, 1);
        if row == visits {
            let values = [("visits", row.to_string())];
            let text = format!("visit {row} without active care");
            Said { rule, outcome: "", text: &text, values: &values, takes: false }.of(&own, out);
        }
    }
}
