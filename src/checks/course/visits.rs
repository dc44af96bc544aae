//! Visits of a course against the payer's limits (F01); without a limit, a prompt at certain numbers of visits.
//!
//! A limit counts days with its codes since the first treatment that the claims state, or since January 1. Where the
//! claims state none, it counts the days at hand.

use super::super::hit::Out;
use super::{Course, CourseLine, Said, Visit, since};
use crate::claim::{Date, ProcedureCode};
use crate::rules::{VisitLimit, VisitPeriod};

pub(super) fn check(rule: u16, bit: u16, prompts: &[u16], course: &Course<'_>, out: &mut Out) {
    let visits = course.visits(bit);
    if course.profile.visit_limits.is_empty() {
        prompt(rule, prompts, &visits, out);
    }
    // A day may pass several limits; it is said once, of the first.
    let mut said = Vec::new();
    for limit in &course.profile.visit_limits {
        over(rule, limit, &visits, &mut said, out);
    }
}

/// Remarks on the day on which some code is billed for so many visits.
fn prompt(rule: u16, prompts: &[u16], visits: &[Visit<'_>], out: &mut Out) {
    let mut counts: Vec<(ProcedureCode, u16)> = Vec::new();
    let mut start = None;
    for visit in visits {
        if begins_anew(visit, &mut start) {
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
            counts[at].1 += 1;
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

/// Whether a later first treatment than the one before says that another course begins.
fn begins_anew(visit: &Visit<'_>, start: &mut Option<Date>) -> bool {
    let stated = visit.lines().filter_map(since).max();
    let is_later = stated > *start && start.is_some();
    *start = stated.max(*start);
    is_later
}

fn over(rule: u16, limit: &VisitLimit, visits: &[Visit<'_>], said: &mut Vec<Date>, out: &mut Out) {
    let counts_line = |line: &&CourseLine| limit.codes.is_empty() || limit.codes.contains(&line.fact.code);
    let mut start = None;
    let mut year = None;
    let mut count: u16 = 0;
    for visit in visits {
        let anew = begins_anew(visit, &mut start);
        let next_year = year.replace(visit.date.year()) != Some(visit.date.year());
        let starts = match limit.per {
            VisitPeriod::Episode => anew,
            VisitPeriod::CalendarYear => next_year,
        };
        if starts {
            count = 0;
        }
        let lines: Vec<&CourseLine> = visit.lines().filter(counts_line).collect();
        if lines.is_empty() {
            continue;
        }
        count = count.saturating_add(1);
        // The visit's ordinal in the course counts visits of all codes.
        if limit.codes.is_empty() && limit.per == VisitPeriod::Episode {
            count = count.max(lines.iter().map(|line| line.course.visit).max().unwrap_or(0));
        }
        if count <= limit.visits || said.contains(&visit.date) {
            continue;
        }
        said.push(visit.date);
        let values = [
            ("visits", count.to_string()),
            ("at_most", limit.visits.to_string()),
            ("period", limit.per.as_str().to_owned()),
        ];
        let text = format!("visit {count} of {}", limit.visits);
        Said { rule, outcome: "", text: &text, values: &values, takes: true }.of(&lines, out);
    }
}
