//! A patient's course of treatment, put together from all days of the run.

use std::collections::HashMap;
use std::io;

use crate::checks::{self, Course, CourseLine, Out};
use crate::claim::{CourseFact, DayKey, LineFact};
use crate::rules::{Check, RuleSet};

use super::settle::{Redraft, Settling, repeats};
use super::store::Lines;

/// One payer's and billing provider's share of a patient's lines, in order.
struct Share {
    payer: u64,
    profile: u16,
    billing: u32,
    lines: Vec<CourseLine>,
    about: Vec<u64>,
}

impl Settling<'_> {
    /// Runs the rules over courses of treatment on one patient's days, given in order. What they find joins the drafts of
    /// its day, so that it is priced with the others.
    pub(super) fn check_courses(
        &mut self,
        days: &[DayKey],
        redraft: &mut dyn Redraft,
        by_claim: &mut HashMap<u32, Vec<usize>>,
        dropped: &mut Vec<bool>,
    ) -> io::Result<()> {
        let authorized = |key: &DayKey| self.authorized.get(&key.claim).copied();
        let patient = if self.authorized.is_empty() { None } else { days.iter().find_map(authorized) };
        // Most patients have too few days, which their keys alone show.
        let dates = || days.chunk_by(|one, next| one.date == next.date).count();
        let is_short = patient.is_none() && !self.store.has_notes() && dates() < self.course_days;
        if is_short || days.iter().all(|key| self.store.is_history(key.claim)) {
            return Ok(());
        }
        let rules = self.cx.rules;
        for share in self.shares(days)? {
            let profile = &rules.profiles[usize::from(share.profile)];
            let rows = patient.map(|patient| {
                self.authorizations.of(patient, &profile.name, self.store.payer_name(share.payer))
            });
            self.rows_met.extend(rows.iter().flatten().map(|row| row.row));
            let course = Course {
                profile,
                lines: &share.lines,
                about: &share.about,
                words: rules.day_words(),
                authorized: rows.as_deref(),
            };
            let mut out = Out::new(rules.rules.len());
            self.lap(None);
            for &number in rules.course_rules() {
                checks::check_course(number, &rules.rules[usize::from(number)], &course, &mut out);
                self.lap(Some(number));
            }
            self.out.add(&out.lacks);
            self.watch.beyond(days.iter().map(|key| key.claim), &out);
            for hit in out.hits {
                // Not of a day: what is rebuilt of a day must not take it back.
                self.adopt(&hit, None, redraft, by_claim, dropped)?;
            }
        }
        Ok(())
    }

    /// The patient's lines by payer and billing provider; what was voided, replaced or billed twice is left out.
    fn shares(&self, days: &[DayKey]) -> io::Result<Vec<Share>> {
        let words = self.cx.rules.day_words();
        let mut shares: Vec<Share> = Vec::new();
        for keys in days.chunk_by(|one, next| one.date == next.date) {
            let date = keys[0].date;
            let standing = self.standing(keys)?;
            for part in standing.by_payer() {
                let mut read = Lines::default();
                let mut courses: Vec<CourseFact> = Vec::new();
                for (_, claim) in part {
                    self.store.courses_on(*claim, date, &mut read, &mut courses)?;
                }
                let repeats = repeats(part, &standing.copies, &read);
                for (at, (line, course)) in read.facts.iter().zip(courses).enumerate() {
                    if repeats.iter().any(|repeat| repeat.line == at) {
                        continue;
                    }
                    let share = share_of(&mut shares, part[0].0.payer, part[0].0.profile, line);
                    let is_history = self.store.is_history(line.claim);
                    share.lines.push(CourseLine { fact: *line, course, is_history });
                    share.about.extend_from_slice(&read.about[at * words..(at + 1) * words]);
                }
            }
        }
        Ok(shares)
    }
}

/// The fewest days of a patient on which a rule can have a word at any payer, where there are neither authorizations nor
/// notes.
pub(super) fn fewest_days(rules: &RuleSet) -> usize {
    let mut fewest = usize::MAX;
    for &number in rules.course_rules() {
        let Check::Course(check) = &rules.rules[usize::from(number)].check else { continue };
        let days = rules.profiles.iter().filter_map(|profile| checks::course_days(check, profile));
        fewest = days.fold(fewest, usize::min);
    }
    fewest
}

fn share_of<'s>(shares: &'s mut Vec<Share>, payer: u64, profile: u16, line: &LineFact) -> &'s mut Share {
    let known = shares.iter().position(|share| share.payer == payer && share.billing == line.billing);
    let at = known.unwrap_or_else(|| {
        shares.push(Share { payer, profile, billing: line.billing, lines: Vec::new(), about: Vec::new() });
        shares.len() - 1
    });
    &mut shares[at]
}
