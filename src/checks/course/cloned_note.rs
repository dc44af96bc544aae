//! The same note on one date after another (N08).

use super::super::hit::{Out, Pointer};
use super::super::lines;
use super::{Course, CourseLine, Said};
use crate::claim::{Date, Fact};

/// Reports the lines of a date whose note stands, but for what changes by itself, on `dates` dates or more up to it. The
/// earlier ones are named, up to that number.
pub(super) fn check(rule: u16, bit: u16, dates: u16, course: &Course<'_>, out: &mut Out) {
    let mut known: Vec<(u64, Vec<(Date, &CourseLine)>)> = Vec::new();
    for visit in course.visits(bit) {
        let mut of_day: Vec<(u64, Vec<&CourseLine>)> = Vec::new();
        for line in visit.lines().filter(|line| line.course.likeness != 0) {
            match of_day.iter_mut().find(|(likeness, _)| *likeness == line.course.likeness) {
                Some((_, lines)) => lines.push(line),
                None => of_day.push((line.course.likeness, vec![line])),
            }
        }
        for (likeness, same) in of_day {
            let at = known.iter().position(|(own, _)| *own == likeness).unwrap_or_else(|| {
                known.push((likeness, Vec::new()));
                known.len() - 1
            });
            let earlier = &mut known[at].1;
            let count = earlier.len() + 1;
            if count >= usize::from(dates) {
                let values = [("count", count.to_string())];
                let text = format!("the same note, {count} dates");
                let said = out.hits.len();
                Said { rule, outcome: "", text: &text, values: &values, takes: true }.of(&same, out);
                let named = earlier.iter().rev().take(usize::from(dates).saturating_sub(1)).rev();
                let named: Vec<Pointer> = named
                    .map(|(_, line)| Pointer {
                        at: lines::at(&line.fact),
                        fact: Fact::ProcedureCode,
                        item: 0,
                        text: "the same note".to_owned(),
                    })
                    .collect();
                for hit in &mut out.hits[said..] {
                    hit.related.extend(named.iter().cloned());
                }
            }
            earlier.push((visit.date, same[0]));
        }
    }
}
