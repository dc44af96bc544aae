//! Notes of a course that goes on without an objective measure (N05).
//!
//! A visit is judged by its own note and those of the visits just before it, and only where all of them are at hand: a
//! note that nobody gave may hold the measure.

use super::super::hit::{Lack, Out};
use super::{Course, CourseLine, Said, Start, Visit};

/// What a rule asks.
pub(super) struct Ask {
    pub(super) rule: u16,
    pub(super) bit: u16,
    /// Visits after which a missing measure is worth a remark.
    pub(super) prompt_after: u16,
    /// Visits after which it is a finding.
    pub(super) warn_after: u16,
    /// How many notes in a row must lack one.
    pub(super) notes: u16,
}

/// What the notes of one visit say.
struct Noted {
    number: u16,
    is_noted: bool,
    is_measured: bool,
}

impl Noted {
    fn of(visit: &Visit<'_>, before: u16) -> Noted {
        let stated = visit.whole_day().map(|line| line.course.visit).max().unwrap_or(0);
        Noted {
            number: if stated > 0 { stated } else { before.saturating_add(1) },
            // The notes of all lines of the day are the visit's note.
            is_noted: visit.whole_day().any(|line| line.course.is_noted),
            is_measured: visit.whole_day().any(|line| line.course.is_measured),
        }
    }
}

pub(super) fn check(ask: &Ask, course: &Course<'_>, out: &mut Out) {
    let window = usize::from(ask.notes.max(1));
    let mut known: Vec<Noted> = Vec::new();
    let mut start = Start::default();
    for visit in course.visits(ask.bit) {
        if start.begins_anew(&visit) {
            known.clear();
        }
        let own = Noted::of(&visit, known.last().map_or(0, |last| last.number));
        known.push(own);
        let Some(last) = known.last() else { continue };
        if last.number <= ask.prompt_after || !last.is_noted {
            continue;
        }
        let lines: Vec<&CourseLine> = visit.lines().collect();
        let Some(recent) = known.len().checked_sub(window).and_then(|from| known.get(from..)) else {
            out.lack(ask.rule, Lack::EarlierNotes, visit.own());
            continue;
        };
        if recent.iter().any(|visit| visit.is_measured) {
            continue;
        }
        let in_a_row = recent.windows(2).all(|two| two[0].number.saturating_add(1) == two[1].number);
        if !in_a_row || recent.iter().any(|visit| !visit.is_noted) {
            out.lack(ask.rule, Lack::EarlierNotes, visit.own());
            continue;
        }
        let number = last.number;
        let is_prompt = number <= ask.warn_after;
        let outcome = if is_prompt { "prompt" } else { "" };
        let values = [("visits", number.to_string()), ("count", window.to_string())];
        let text = format!("visit {number}");
        Said { rule: ask.rule, outcome, text: &text, values: &values, takes: !is_prompt }.of(&lines, out);
    }
}
