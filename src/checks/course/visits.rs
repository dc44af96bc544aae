//! Visits of a course against the payer's limits (F01); without a limit, a prompt at certain numbers of visits.
//!
//! A limit counts days with its codes since the first treatment that the claims state, or since January 1. Where the
//! claims state none, it counts the days at hand.

use super::super::hit::Out;
use super::{Course, CourseLine, Said, Start, Visit};
use crate::claim::ProcedureCode;
use crate::rules::{VisitLimit, VisitPeriod};

pub(super) fn check(rule: u16, bit: u16, prompts: &[u16], course: &Course<'_>, out: &mut Out) {
    let visits = course.visits(bit);
    if course.profile.visit_limits.is_empty() {
        prompt(rule, prompts, &visits, out);
    }
    let mut counters: Vec<Counter<'_>> = course.profile.visit_limits.iter().map(Counter::new).collect();
    let mut start = Start::default();
    for visit in &visits {
        let anew = start.begins_anew(visit);
        // A day may pass several limits: all their lines are past one, and the first is named.
        let mut passed: Option<(&VisitLimit, u16)> = None;
        let mut is_past: Vec<bool> = visit.lines().map(|_| false).collect();
        for counter in &mut counters {
            if let Some(count) = counter.past(visit, anew) {
                passed = passed.or(Some((counter.limit, count)));
                for (is_past, line) in is_past.iter_mut().zip(visit.lines()) {
                    *is_past |= counter.counts(line);
                }
            }
        }
        let Some((limit, count)) = passed else { continue };
        let lines: Vec<&CourseLine> =
            visit.lines().zip(is_past).filter(|(_, is_past)| *is_past).map(|(line, _)| line).collect();
        let values = [
            ("visits", count.to_string()),
            ("at_most", limit.visits.to_string()),
            ("period", limit.per.as_str().to_owned()),
        ];
        let text = format!("visit {count} of {}", limit.visits);
        Said { rule, outcome: "", text: &text, values: &values, takes: true }.of(&lines, out);
    }
}

/// The days that count towards one limit.
struct Counter<'p> {
    limit: &'p VisitLimit,
    year: Option<i16>,
    count: u16,
}

impl<'p> Counter<'p> {
    fn new(limit: &'p VisitLimit) -> Counter<'p> {
        Counter { limit, year: None, count: 0 }
    }

    fn counts(&self, line: &CourseLine) -> bool {
        self.limit.codes.is_empty() || self.limit.codes.contains(&line.fact.code)
    }

    /// Counts a day; gives its number where it is past the limit.
    fn past(&mut self, visit: &Visit<'_>, anew: bool) -> Option<u16> {
        let next_year = self.year.replace(visit.date.year()) != Some(visit.date.year());
        let starts = match self.limit.per {
            VisitPeriod::Episode => anew,
            VisitPeriod::CalendarYear => next_year,
        };
        if starts {
            self.count = 0;
        }
        if !visit.lines().any(|line| self.counts(line)) {
            return None;
        }
        self.count = self.count.saturating_add(1);
        // The visit's ordinal in the course counts visits of all codes.
        if self.limit.codes.is_empty() && self.limit.per == VisitPeriod::Episode {
            self.count = self.count.max(visit.lines().map(|line| line.course.visit).max().unwrap_or(0));
        }
        (self.count > self.limit.visits).then_some(self.count)
    }
}

/// Remarks on the day on which some code is billed for so many visits.
fn prompt(rule: u16, prompts: &[u16], visits: &[Visit<'_>], out: &mut Out) {
    let mut counts: Vec<(ProcedureCode, u16)> = Vec::new();
    let mut start = Start::default();
    for visit in visits {
        if start.begins_anew(visit) {
            counts.clear();
        }
        let mut seen: Vec<ProcedureCode> = Vec::new();
        let mut reached: Vec<(u16, &CourseLine)> = Vec::new();
        for line in visit.lines() {
            let code = line.fact.code;
            if seen.contains(&code) {
                continue;
            }
            seen.push(code);
            let at = counts.iter().position(|(known, _)| *known == code).unwrap_or_else(|| {
                counts.push((code, 0));
                counts.len() - 1
            });
            counts[at].1 = counts[at].1.saturating_add(1);
            if prompts.contains(&counts[at].1) {
                reached.push((counts[at].1, line));
            }
        }
        reached.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        let Some(&(count, _)) = reached.first() else { continue };
        let lines: Vec<&CourseLine> =
            reached.iter().filter(|(own, _)| *own == count).map(|(_, line)| *line).collect();
        let values = [("visits", count.to_string())];
        let text = format!("visit {count}");
        Said { rule, outcome: "prompt", text: &text, values: &values, takes: false }.of(&lines, out);
    }
}
