//! A patient's course of treatment: what one provider bills one payer for one patient, over all days of the run.
//!
//! A course check sees a [`Course`] and nothing else, as a day check sees a day. What the claims at hand do not reach back
//! to, it cannot count: a number of visits can be too low, never too high.

mod authorization;
mod certification;
mod cloned_note;
mod isolated;
mod progress;
mod visits;

use std::ops::Range;

use super::hit::{Hit, Lack, Out, Pointer, Takes};
use super::lines;
use crate::claim::{CourseFact, Date, Fact, LineFact};
use crate::rules::{Check, CourseCheck, Profile, Rule};
use crate::side::Authorization;

/// A line of a course, with what it says about the course.
#[derive(Clone, Copy, Debug)]
pub struct CourseLine {
    /// The line.
    pub fact: LineFact,
    /// What it says about the course; [`CourseFact::default`] where it says nothing.
    pub course: CourseFact,
    /// Whether it stands in an earlier claim, of which nothing is reported.
    pub is_history: bool,
}

/// One patient's lines with one payer and one billing provider, by date, then in the order of the run. Repeats, voided and
/// replaced claims are not among them.
#[derive(Clone, Copy, Debug)]
pub struct Course<'c> {
    /// The payer's profile.
    pub profile: &'c Profile,
    /// Its lines.
    pub lines: &'c [CourseLine],
    /// For each line, `words` words of bits: which rules are about it ([`Rule::day_bit`]).
    pub about: &'c [u64],
    /// Words of `about` per line.
    pub words: usize,
    /// Authorizations and certifications of the patient for this payer; `None` where nobody gives any.
    pub authorized: Option<&'c [Authorization]>,
}

impl<'c> Course<'c> {
    fn is_about(&self, index: usize, bit: u16) -> bool {
        let word = index * self.words + usize::from(bit / 64);
        self.about.get(word).is_some_and(|bits| bits >> (bit % 64) & 1 == 1)
    }

    /// Billed lines that the rule is about, by date: the date, and where its lines stand.
    fn visits(&self, bit: u16) -> Vec<Visit<'_>> {
        let mut visits = Vec::new();
        let mut first = 0;
        for day in self.lines.chunk_by(|one, next| one.fact.date == next.fact.date) {
            let range = first..first + day.len();
            first = range.end;
            let visit = Visit { course: self, bit, date: day[0].fact.date, range };
            if visit.lines().next().is_some() {
                visits.push(visit);
            }
        }
        visits
    }
}

/// One day of a course with lines that a rule is about.
#[derive(Clone, Debug)]
struct Visit<'c> {
    course: &'c Course<'c>,
    bit: u16,
    date: Date,
    range: Range<usize>,
}

impl<'c> Visit<'c> {
    /// The day's billed lines that the rule is about.
    fn lines(&self) -> impl Iterator<Item = &'c CourseLine> + use<'c> {
        let (course, bit) = (self.course, self.bit);
        self.range
            .clone()
            .filter(move |&index| course.is_about(index, bit))
            .map(move |index| &course.lines[index])
            .filter(|line| lines::is_billed(&line.fact))
    }

    /// How many of the lines may be reported on.
    fn own(&self) -> usize {
        self.lines().filter(|line| !line.is_history).count()
    }

    /// Every billed line of the day, whether or not the rule is about it.
    fn whole_day(&self) -> impl Iterator<Item = &'c CourseLine> + use<'c> {
        self.course.lines[self.range.clone()].iter().filter(|line| lines::is_billed(&line.fact))
    }
}

/// The first day of the course that `line` belongs to, as it states it.
fn since(line: &CourseLine) -> Option<Date> {
    // A first treatment after the service is some other rule's concern.
    line.course.since.filter(|since| *since <= line.fact.date)
}

/// Where a course begins, going through its days in order.
#[derive(Default)]
struct Start {
    stated: Option<Date>,
    before: Option<Date>,
}

impl Start {
    /// Whether the day belongs to another course than the day before: it states a first treatment that is later than what
    /// was stated before, or than the day before, where nothing was.
    fn begins_anew(&mut self, visit: &Visit<'_>) -> bool {
        let stated = visit.lines().filter_map(since).max();
        let known = self.stated.or(self.before);
        let is_anew = known.is_some_and(|known| stated > Some(known));
        self.stated = stated.max(self.stated);
        self.before = Some(visit.date);
        is_anew
    }
}

/// What is said of some lines of one day. It is said of each claim by itself, at its first line, and names the others.
struct Said<'t> {
    rule: u16,
    outcome: &'static str,
    text: &'t str,
    values: &'t [(&'static str, String)],
    /// Whether the lines' dollars are at stake.
    takes: bool,
}

impl Said<'_> {
    fn of(&self, lines: &[&CourseLine], out: &mut Out) {
        for claim in lines.chunk_by(|one, next| one.fact.claim == next.fact.claim) {
            let (first, others) = match claim {
                [first, others @ ..] if !first.is_history => (first, others),
                _ => continue,
            };
            let pointer = |line: &CourseLine, text: String| Pointer {
                at: lines::at(&line.fact),
                fact: Fact::ProcedureCode,
                item: 0,
                text,
            };
            let all = claim.iter().map(|line| lines::at(&line.fact)).collect();
            out.hits.push(Hit {
                rule: self.rule,
                outcome: self.outcome,
                primary: pointer(first, self.text.to_owned()),
                related: others.iter().map(|line| pointer(line, "and this one".to_owned())).collect(),
                values: [self.values, &[("codes", codes(claim))]].concat(),
                takes: if self.takes { Takes::Lines(all) } else { Takes::Nothing },
            });
        }
    }
}

/// The codes of some lines, each once.
fn codes(lines: &[&CourseLine]) -> String {
    let mut codes: Vec<String> = Vec::new();
    for line in lines {
        let code = line.fact.code.to_string();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    lines::listed(&codes)
}

/// Puts a rule to a course.
pub fn check_course(number: u16, rule: &Rule, course: &Course<'_>, out: &mut Out) {
    let (Some(bit), Check::Course(check)) = (rule.day_bit, &rule.check) else { return };
    match check {
        CourseCheck::Visits { prompts } => visits::check(number, bit, prompts, course, out),
        CourseCheck::Certification { after_days } => {
            certification::check(number, bit, *after_days, course, out);
        }
        CourseCheck::Authorization => authorization::check(number, bit, course, out),
        CourseCheck::Isolated { visits, active } => {
            isolated::check(number, bit, *visits, active, course, out);
        }
        CourseCheck::Progress { prompt_after, warn_after, notes } => {
            let ask = progress::Ask {
                rule: number,
                bit,
                prompt_after: *prompt_after,
                warn_after: *warn_after,
                notes: *notes,
            };
            progress::check(&ask, course, out);
        }
        CourseCheck::ClonedNote { dates } => cloned_note::check(number, bit, *dates, course, out),
    }
}

/// The fewest days of a patient on which a rule can have anything to say where there are neither authorizations nor notes;
/// `None` for rules that ask for them.
pub fn course_days(check: &CourseCheck, profile: &Profile) -> Option<usize> {
    match check {
        CourseCheck::Visits { prompts } if profile.visit_limits.is_empty() => {
            prompts.iter().min().map(|visits| usize::from(*visits))
        }
        // A stated ordinal may stand for visits that are not at hand.
        CourseCheck::Visits { .. } => Some(1),
        CourseCheck::Authorization => asks_for_authorization(profile).then_some(1),
        CourseCheck::Isolated { visits, .. } => Some(usize::from(*visits)),
        CourseCheck::Certification { .. } | CourseCheck::Progress { .. } | CourseCheck::ClonedNote { .. } => {
            None
        }
    }
}

/// Whether some code needs an authorization or a referral at the payer.
fn asks_for_authorization(profile: &Profile) -> bool {
    !profile.authorization_required.is_empty() || !profile.referral_required.is_empty()
}

/// What a line lacks for a rule to judge it, known before the course is put together. `has_patient` says whether the
/// claim names its patient, `is_authorized` whether authorizations of the patient are given.
pub fn course_lack(
    check: &CourseCheck,
    course: &CourseFact,
    profile: &Profile,
    has_patient: bool,
    is_authorized: bool,
) -> Option<Lack> {
    match check {
        CourseCheck::Visits { .. } | CourseCheck::Isolated { .. } => {
            (!has_patient && course.visit == 0).then_some(Lack::Patient)
        }
        CourseCheck::Certification { .. } => (!is_authorized).then_some(Lack::Authorization),
        CourseCheck::Authorization => {
            (!is_authorized && !asks_for_authorization(profile)).then_some(Lack::Authorization)
        }
        CourseCheck::Progress { .. } | CourseCheck::ClonedNote { .. } => {
            (!course.is_noted).then_some(Lack::Note)
        }
    }
}
