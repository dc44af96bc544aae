//! A course that goes on past the days for which its plan of care is certified (F02).

use super::super::hit::{Lack, Out};
use super::{Course, CourseLine, Said, Visit, since};
use crate::claim::Date;
use crate::side::AuthorizationKind;

pub(super) fn check(rule: u16, bit: u16, after_days: u16, course: &Course<'_>, out: &mut Out) {
    let visits = course.visits(bit);
    let certified: Vec<_> = course
        .authorized
        .unwrap_or_default()
        .iter()
        .filter(|row| row.kind == AuthorizationKind::Certification)
        .collect();
    if certified.is_empty() {
        // Of a patient without any row the line has been counted already.
        if course.authorized.is_some() {
            out.lack(rule, Lack::Authorization, visits.iter().map(Visit::own).sum());
        }
        return;
    }
    let mut first: Option<Date> = None;
    for visit in &visits {
        let stated = visit.lines().filter_map(since).max();
        // Another first treatment begins another course.
        first = match (first, stated) {
            (Some(first), Some(stated)) if stated > first => Some(stated),
            (None, stated) => Some(stated.unwrap_or(visit.date)),
            (first, _) => first,
        };
        let Some(start) = first else { continue };
        let days = (visit.date - start).get_days();
        if days <= i32::from(after_days) {
            continue;
        }
        let lines: Vec<&CourseLine> = visit
            .lines()
            .filter(|line| certified.iter().any(|row| row.is_for(line.fact.code)))
            .filter(|line| !certified.iter().any(|row| row.is_for(line.fact.code) && row.covers(visit.date)))
            .collect();
        let values = [("days", days.to_string())];
        let text = format!("day {days} of the course");
        Said { rule, outcome: "", text: &text, values: &values, takes: true }.of(&lines, out);
    }
}
