//! The minutes of one line against its start and end (T05).
//!
//! A window that the claim's other lines of the day share describes the visit and is not evaluated.

use super::hit::{Hit, Lack, Out, Pointer, Takes};
use super::lines::counted;
use super::times::Clock;
use crate::claim::{Claim, Fact, LineRef, MinutesSource, ServiceLine};

pub(super) fn check(rule: u16, claim: &Claim<'_>, line: &ServiceLine<'_>, at: LineRef, out: &mut Out) {
    let Some(clock) = clock_of(line) else {
        return out.lack(rule, Lack::Times, 1);
    };
    let same_day = claim.lines.iter().filter(|other| other.service_date.value == line.service_date.value);
    if clock.is_visit_window(same_day.filter_map(clock_of)) {
        return out.lack(rule, Lack::VisitWindow, 1);
    }
    let (outcome, length) = match (clock.length(), clock.minutes) {
        (None, _) => ("inverted", 0),
        (Some(_), None) => return out.lack(rule, Lack::Minutes, 1),
        (Some(length), Some(minutes)) if minutes > length => ("", length),
        (Some(length), Some(minutes)) if minutes < length => ("shorter", length),
        _ => return,
    };
    let (primary, text) = if outcome == "inverted" {
        (Fact::End, "ends before it starts".to_owned())
    } else {
        (Fact::Minutes, format!("{} between start and end", counted(u32::from(length), "minute")))
    };
    let pointer = |fact, text: String| Pointer { at, fact, item: 0, text };
    let mut related = vec![pointer(Fact::Start, format!("starts {}", clock.start))];
    if primary != Fact::End {
        related.push(pointer(Fact::End, format!("ends {}", clock.end)));
    }
    out.hits.push(Hit {
        rule,
        outcome,
        primary: pointer(primary, text),
        related,
        values: vec![("length", counted(u32::from(length), "minute"))],
        takes: if outcome == "shorter" { Takes::Nothing } else { Takes::Lines(vec![at]) },
    });
}

fn clock_of(line: &ServiceLine<'_>) -> Option<Clock> {
    let minutes = line.minutes.value.filter(|_| line.minutes_source != MinutesSource::Interval);
    Some(Clock { start: line.start.value?, end: line.end.value?, minutes })
}
