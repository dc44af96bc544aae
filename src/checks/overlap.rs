//! Two timed services in the same minutes (P08): one pair of hands cannot do both.
//!
//! Intervals are half-open, so services that touch do not overlap. A window that describes the visit says nothing
//! about its services and is not evaluated. Source: NCCI Policy Manual ch. XI (separate 15-minute periods).

use super::hit::{Cx, Day, Hit, Lack, Out, Pointer, Takes};
use super::{dollars, lines, times};
use crate::claim::{Fact, LineFact};

pub(super) fn check(rule: u16, bit: u16, day: &Day<'_>, cx: &Cx<'_>, out: &mut Out) {
    let takes_part = |index: usize| day.is_about(index, bit) && lines::is_billed(&day.lines[index]);
    let timed = (0..day.lines.len()).filter(|&index| takes_part(index)).count();
    if timed < 2 {
        return;
    }
    for index in (0..day.lines.len()).filter(|&index| takes_part(index)) {
        if times::Clock::of(&day.lines[index]).and_then(times::Clock::interval).is_none() {
            out.lack(rule, Lack::Times, 1);
            continue;
        }
        let Some(own) = times::own_interval(day.lines, index) else {
            out.lack(rule, Lack::VisitWindow, 1);
            continue;
        };
        for other in (index + 1..day.lines.len()).filter(|&other| takes_part(other)) {
            let Some(theirs) = times::own_interval(day.lines, other) else { continue };
            let shared = times::overlap(own, theirs);
            if shared > 0 {
                out.hits.push(hit(rule, day, index, other, shared, cx));
            }
        }
    }
}

fn hit(rule: u16, day: &Day<'_>, one: usize, other: usize, shared: u16, cx: &Cx<'_>) -> Hit {
    // Of a pair that is edited, column 2 is the one a payer keeps back anyway: never both. Else it is the cheaper
    // service; of equals, the one that comes last by what it says, wherever it stands.
    let loss = |index: usize| dollars::loss_of_line(day, index, cx).unwrap_or(0);
    let worth = |index: usize| (loss(index), std::cmp::Reverse((day.lines[index].content(), index)));
    let (kept, lost) = if is_column_2(day, one, other, cx) {
        (other, one)
    } else if is_column_2(day, other, one, cx) || worth(one) >= worth(other) {
        (one, other)
    } else {
        (other, one)
    };
    let (kept, lost) = (&day.lines[kept], &day.lines[lost]);
    Hit {
        rule,
        outcome: if lines::same_rendering(kept, lost) { "" } else { "two-providers" },
        primary: Pointer {
            at: lines::at(lost),
            fact: Fact::Start,
            item: 0,
            text: format!("{} in the minutes of {}", lines::counted(u32::from(shared), "minute"), kept.code),
        },
        related: vec![Pointer { at: lines::at(kept), fact: Fact::Start, item: 0, text: clock(kept) }],
        values: vec![
            ("other_code", kept.code.to_string()),
            ("shared_minutes", lines::counted(u32::from(shared), "minute")),
        ],
        takes: Takes::Lines(vec![lines::at(lost)]),
    }
}

/// Whether an edit pays `other` and not `line`. The edits of NCCI stand in for those of payers that do not apply it:
/// whatever they name, a line is lost once.
fn is_column_2(day: &Day<'_>, line: usize, other: usize, cx: &Cx<'_>) -> bool {
    let (line, other) = (&day.lines[line], &day.lines[other]);
    cx.reference.ncci_pair(other.code, line.code, line.date).is_some_and(|pair| pair.indicator <= 1)
}

fn clock(line: &LineFact) -> String {
    match (line.start, line.end) {
        (Some(start), Some(end)) => format!("{} from {start} to {end}", line.code),
        _ => line.code.to_string(),
    }
}
