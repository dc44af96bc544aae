//! Units of a code against the most that a payer passes: the medically unlikely edits (P07).
//!
//! By its adjudication indicator an edit counts each line by itself (1) or every line of the code, the day and the
//! rendering provider together (2 and 3), and past its value nothing is paid, not the excess alone. A value of 0 says
//! that a code is not paid separately, which is another rule's business. A line over several days is held against it with its
//! units divided by the days. Source: NCCI Policy Manual ch. I (MUE).

use super::hit::{Cx, Day, Hit, Lack, Out, Pointer, Takes};
use super::lines;
use crate::claim::{Date, Fact, LineFact, ProcedureCode, Units};
use crate::reference::{Mue, Reference};

pub(super) fn check(rule: u16, bit: u16, day: &Day<'_>, cx: &Cx<'_>, out: &mut Out) {
    if !day.profile.ncci {
        return out.not_asked(rule, "ncci");
    }
    for (first, line) in day.lines.iter().enumerate() {
        let is_one = |index: usize| alike(line, &day.lines[index]) && day.is_about(index, bit);
        let is_single = || !(first + 1..day.lines.len()).any(is_one);
        // No edit that applies is below one unit, and most lines bill no more.
        let plain = line.units.is_some_and(|units| units.0 <= Units::whole(1).0);
        if !day.is_about(first, bit) || (0..first).any(is_one) || (plain && is_single()) {
            continue;
        }
        let group = || (first..day.lines.len()).filter(|&index| is_one(index));
        // Units that cannot be read may be any number: what is known may still be too much.
        let total: i64 = group().map(|index| units_of(&day.lines[index])).sum();
        let unknown = group().any(|index| day.lines[index].units_a_day().is_none());
        if total <= i64::from(Units::whole(1).0) {
            if unknown {
                out.lack(rule, Lack::Units, group().count());
            }
            continue;
        }
        let Some(edit) = out.unit_edits.of(day.lines[first].code, day.date, cx.reference) else {
            out.lack(rule, Lack::Figure, group().count());
            continue;
        };
        let before = out.hits.len();
        if edit.units > 0 {
            judge(rule, day, &group().collect::<Vec<_>>(), edit, out);
        }
        if unknown && out.hits.len() == before {
            out.lack(rule, Lack::Units, group().count());
        }
    }
}

/// Holds the lines of one code and one provider against an edit whose value is above 0.
fn judge(rule: u16, day: &Day<'_>, group: &[usize], edit: Mue, out: &mut Out) {
    let (by_line, outcome) = match edit.adjudication {
        1 => (true, "by-line"),
        2 => (false, "by-policy"),
        _ => (false, ""),
    };
    let parts = if by_line { group.chunks(1) } else { group.chunks(group.len().max(1)) };
    for part in parts {
        let total = part.iter().map(|&index| units_of(&day.lines[index])).sum();
        if total > ceiling(edit) {
            out.hits.push(hit(rule, outcome, day, part, total, edit));
        }
    }
}

/// On the day, in thousandths; a line of less than nothing takes nothing off others.
fn units_of(line: &LineFact) -> i64 {
    line.units_a_day().map_or(0, |units| i64::from(units.0.max(0)))
}

/// In thousandths.
fn ceiling(edit: Mue) -> i64 {
    i64::from(Units::whole(i32::from(edit.units)).0)
}

/// Whether a day's edit adds up the two lines.
fn alike(one: &LineFact, other: &LineFact) -> bool {
    one.code == other.code && lines::same_rendering(one, other)
}

fn hit(rule: u16, outcome: &'static str, day: &Day<'_>, group: &[usize], total: i64, edit: Mue) -> Hit {
    let in_words = |thousandths: i64| match thousandths {
        1000 => "1 unit".to_owned(),
        _ => format!("{} units", Units(i32::try_from(thousandths).unwrap_or(i32::MAX))),
    };
    let pointer = |index: &usize| {
        let line = &day.lines[*index];
        Pointer { at: lines::at(line), fact: Fact::Units, item: 0, text: in_words(units_of(line)) }
    };
    let mut pointers: Vec<Pointer> = group.iter().map(pointer).collect();
    // The line that crosses the value is the fault.
    let mut sum = 0;
    let crossing = group.iter().position(|&index| {
        sum += units_of(&day.lines[index]);
        sum > ceiling(edit)
    });
    let mut primary = pointers.remove(crossing.unwrap_or(0));
    primary.text = format!("{} billed, {} at most", in_words(total), edit.units);
    let code = day.lines[group[0]].code;
    Hit {
        rule,
        outcome,
        primary,
        related: pointers,
        values: vec![
            ("procedure_code", code.to_string()),
            ("total", in_words(total)),
            ("at_most", in_words(ceiling(edit))),
        ],
        takes: Takes::Lines(group.iter().map(|&index| lines::at(&day.lines[index])).collect()),
    }
}

/// Edits looked up last: the same few codes fill a file, and a look-up halves the table.
///
/// CMS publishes edits by the quarter, so that one look-up serves all days of it.
#[derive(Debug, Default)]
pub(super) struct UnitEditMemo {
    known: Vec<(ProcedureCode, i16, i8, Option<Mue>)>,
}

impl UnitEditMemo {
    const SLOTS: usize = 128;

    fn of(&mut self, code: ProcedureCode, date: Date, reference: &Reference) -> Option<Mue> {
        if self.known.is_empty() {
            self.known.resize(Self::SLOTS, (ProcedureCode::NONE, 0, 0, None));
        }
        let (year, quarter) = (date.year(), (date.month() - 1) / 3);
        let [a, b, c, d, e] = *code.as_bytes();
        let mixed =
            u64::from_le_bytes([a, b, c, d, e, quarter as u8, 0, 0]).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let slot = &mut self.known[(mixed >> 40) as usize % Self::SLOTS];
        if (slot.0, slot.1, slot.2) != (code, year, quarter) {
            *slot = (code, year, quarter, reference.mue(code, date));
        }
        slot.3
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::tests::{medicare, untimed};

    /// The built-in table has no edit that is judged line by line; a table that a user loads may.
    #[test]
    fn units_of_several_days_are_divided_by_them_and_rounded() {
        let fact = |units, days| LineFact { units: Some(Units(units)), days, ..untimed("97110", 1) };
        for (units, days, expected) in [
            (2500, 1, Some(2500)),
            (9000, 3, Some(3000)),
            (10_000, 3, Some(3000)),
            (11_000, 3, Some(4000)),
            (1000, 3, Some(0)),
            (1000, 2, Some(1000)),
            (62_000, 62, Some(1000)),
            (63_000, LineFact::MOST_DAYS, None),
            (i32::MAX, 3, Some(715_828_000)),
            (-3000, 3, Some(-1000)),
        ] {
            assert_eq!(fact(units, days).units_a_day(), expected.map(Units), "{units} in {days}");
        }
    }

    #[test]
    fn the_indicator_says_what_is_added_up() {
        let mut lines = [untimed("97124", 2), untimed("97124", 2), untimed("97124", 3)];
        for (line, number) in lines.iter_mut().zip(1..) {
            line.line = number;
        }
        let profile = medicare();
        let about = [1; 3];
        let day = Day {
            date: lines[0].date,
            profile: &profile,
            basis: crate::pricing::Basis::default(),
            lines: &lines,
            about: &about,
            words: 1,
            repeats: &[],
        };
        let judged = |units, adjudication| {
            let mut out = Out::new(1);
            judge(0, &day, &[0, 1, 2], Mue { units, adjudication }, &mut out);
            let told = |hit: &Hit| {
                let Takes::Lines(lines) = &hit.takes else { panic!("whole lines") };
                (hit.outcome, hit.primary.at.line, lines.len())
            };
            out.hits.iter().map(told).collect::<Vec<_>>()
        };
        assert_eq!(judged(2, 1), [("by-line", 3, 1)]);
        assert_eq!(judged(3, 1), []);
        assert_eq!(judged(1, 1).len(), 3);
        assert_eq!(judged(6, 2), [("by-policy", 3, 3)]);
        assert_eq!(judged(6, 3), [("", 3, 3)]);
        assert_eq!(judged(3, 3), [("", 2, 3)]);
        assert_eq!((judged(7, 2), judged(7, 3)), (vec![], vec![]));
    }

    #[test]
    fn a_look_up_serves_its_quarter_and_no_other() {
        let mut memo = UnitEditMemo::default();
        let reference = Reference::builtin();
        let code = |text: &[u8]| ProcedureCode::new(text).unwrap();
        let mut units = |text: &[u8], date| memo.of(code(text), date, &reference).map(|edit| edit.units);
        assert_eq!(units(b"97124", Date::constant(2024, 6, 30)), None);
        assert_eq!(units(b"97124", Date::constant(2024, 7, 1)), Some(4));
        assert_eq!(units(b"97124", Date::constant(2024, 9, 30)), Some(4));
        assert_eq!(units(b"97140", Date::constant(2024, 9, 30)), Some(6));
        assert_eq!(units(b"J1100", Date::constant(2024, 9, 30)), None);
    }
}
