//! Several claims at a time: every rule over claims and days is put to all of them before the next one is.
//!
//! A rule's code is fetched once for all instead of once for each. What is found of a claim is the same, and in the same
//! order, as if it were checked alone.

use std::ops::Range;

use super::Reading;
use crate::checks::{self, Cx, Day, DayGlance, Hit, LineGlance, Observer, OneClaim, Out, Repeat};
use crate::claim::{Claim, Date, DayKey, LineFact, LineRef};
use crate::engine::draft::{self, ShownPayer};
use crate::engine::facts;
use crate::engine::recall::Between;
use crate::engine::records::ClaimName;
use crate::engine::wording::Formless;
use crate::input::{Cutter, Fault, Read};
use crate::pricing::Basis;
use crate::rules::{Check, Edit, Policy};
use crate::side::UnbilledTime;

/// A claim, and what is known of it by itself.
struct One<'c, 'a, 'r> {
    claim: &'c Claim<'a>,
    faults: &'c [Fault],
    cutter: &'c dyn Cutter,
    /// In the unit.
    index: u32,
    between: Between,
    policy: Option<&'r Policy>,
    patient: Option<u64>,
    /// Its facts among those of the unit's lines.
    lines: Range<usize>,
    /// What one look at each of its lines shows.
    glance: LineGlance,
}

/// A day of one of the claims.
struct OneDay {
    /// Which of the claims.
    of: usize,
    date: Date,
    /// Its lines: in the unit, where it is the claim's only day, else among the sorted ones.
    lines: Range<usize>,
    is_only: bool,
    repeats: Vec<Repeat>,
}

impl<'r, O: Observer> Reading<'r, O> {
    /// Runs the rules over claims, and keeps what settling needs.
    pub(super) fn take(&mut self, claims: &mut [Read<'_, '_>]) {
        let joined: Vec<_> = match self.beside.sessions {
            Some(sessions) => claims.iter().map(|read| sessions.join(read.claim)).collect(),
            None => Vec::new(),
        };
        let mut all = Vec::with_capacity(claims.len());
        for (at, read) in claims.iter().enumerate() {
            let (claim, unbilled) = match joined.get(at) {
                Some(Some(joined)) => (&joined.claim, &joined.unbilled[..]),
                _ => (read.claim, &[][..]),
            };
            let index = (self.unit.claims.len() + at) as u32;
            let one = self.begin(claim, unbilled, &*read.faults, read.cutter, index);
            all.push(one);
        }
        if !self.is_history {
            self.check_claims(&all);
        }
        let mut of_claims = std::mem::take(&mut self.out.hits);
        let days = self.days_of(&all);
        let of_days = self.check_days(&all, &days);
        // Each claim's own together, in the order in which they were found.
        of_claims.sort_by_key(|hit| hit.primary.at.claim);
        let mut of_claims = of_claims.into_iter().peekable();
        let mut of_days = of_days.into_iter().peekable();
        for (at, one) in all.iter().enumerate() {
            let mut hits = Vec::new();
            while let Some(hit) = of_claims.next_if(|hit| hit.primary.at.claim <= one.index) {
                hits.push((hit, None));
            }
            while let Some((day, hit)) = of_days.next_if(|(day, _)| days[*day].of == at) {
                hits.push((hit, Some(days[day].date)));
            }
            self.end(one, hits);
        }
    }

    /// Looks at a claim, runs the rules over its lines, and keeps their facts.
    fn begin<'c, 'a>(
        &mut self,
        claim: &'c Claim<'a>,
        unbilled: &'c [UnbilledTime],
        faults: &'c [Fault],
        cutter: &'c dyn Cutter,
        index: u32,
    ) -> One<'c, 'a, 'r> {
        let cx = self.cx;
        let between = self.recall.begin(claim, || {
            let profile = cx.rules.profile_for(claim);
            let name = &cx.rules.profiles[profile].name;
            Between {
                profile,
                contract: cx.terms.contracts.number(name, claim.payer.id.bytes()),
                payer: facts::payer_key(claim, name),
                parties: facts::Parties::of(claim),
            }
        });
        let first = self.unit.lines.len();
        let patient = claim.patient_key();
        self.policy = cx.rules.policy(between.profile, claim.payer.id.bytes());
        let glance = self.check_lines(claim, index, &between, patient);
        if !unbilled.is_empty() && claim.frequency != "8" {
            self.note_time(claim, index, &between, unbilled);
        }
        let (policy, lines) = (self.policy, first..self.unit.lines.len());
        One { claim, faults, cutter, index, between, policy, patient, lines, glance }
    }

    /// Puts the rules over whole claims to all of them.
    fn check_claims(&mut self, all: &[One<'_, '_, 'r>]) {
        let claims: Vec<OneClaim<'_, '_>> = all
            .iter()
            .map(|one| OneClaim {
                claim: one.claim,
                at: LineRef { claim: one.index, line: 0 },
                profile: &self.cx.rules.profiles[one.between.profile],
                policy: one.policy,
                lines: one.glance,
            })
            .collect();
        checks::check_claims(&claims, self.cx, &mut self.out, &mut self.observer);
    }

    /// The claims' days, in order, each with a key for settling. Those of a void claim are not checked, and leave keys so
    /// that what it voids is found; nor are those of earlier claims.
    fn days_of(&mut self, all: &[One<'_, '_, 'r>]) -> Vec<OneDay> {
        let mut days = Vec::with_capacity(all.len());
        self.sorted.0.clear();
        self.sorted.1.clear();
        for (of, one) in all.iter().enumerate() {
            let (patient, claim) = (one.patient.unwrap_or(0), one.index);
            if one.claim.frequency == "8" || self.is_history {
                let dates = one.claim.lines.iter().filter_map(|line| line.service_date.value);
                let key = |date| DayKey { patient, date, claim };
                self.unit.days.extend(in_order(dates.collect()).into_iter().map(key));
                continue;
            }
            let lines = &self.unit.lines[one.lines.clone()];
            let Some(date) = lines.first().map(|line| line.date) else { continue };
            if lines.iter().all(|line| line.date == date) {
                self.unit.days.push(DayKey { patient, date, claim });
                let repeats = repeats(lines);
                days.push(OneDay { of, date, lines: one.lines.clone(), is_only: true, repeats });
                continue;
            }
            for date in in_order(lines.iter().map(|line| line.date).collect()) {
                self.unit.days.push(DayKey { patient, date, claim });
                let first = self.sorted.0.len();
                for at in one.lines.clone().filter(|at| self.unit.lines[*at].date == date) {
                    self.sorted.0.push(self.unit.lines[at]);
                    self.sorted.1.extend(&self.unit.about[at * self.words..(at + 1) * self.words]);
                }
                let lines = first..self.sorted.0.len();
                let repeats = repeats(&self.sorted.0[lines.clone()]);
                days.push(OneDay { of, date, lines, is_only: false, repeats });
            }
        }
        days
    }

    /// Puts the day rules to all days. Says what was found, in the order of the days, each with the place of its day.
    fn check_days(&mut self, all: &[One<'_, '_, 'r>], days: &[OneDay]) -> Vec<(usize, Hit)> {
        let words = self.words;
        let days: Vec<Day<'_>> = days
            .iter()
            .map(|day| {
                let (lines, about) = match day.is_only {
                    true => (&self.unit.lines, &self.unit.about),
                    false => (&self.sorted.0, &self.sorted.1),
                };
                let between = &all[day.of].between;
                let profile = &self.cx.rules.profiles[between.profile];
                Day {
                    date: day.date,
                    profile,
                    basis: Basis::of(profile, self.cx.terms, between.contract),
                    lines: &lines[day.lines.clone()],
                    about: &about[day.lines.start * words..day.lines.end * words],
                    words,
                    repeats: &day.repeats,
                }
            })
            .collect();
        let mut of_hits = Vec::new();
        run_days(&days, self.cx, &mut self.out, &mut self.observer, |day, hits| of_hits.resize(hits, day));
        let mut hits: Vec<(usize, Hit)> = of_hits.into_iter().zip(self.out.hits.drain(..)).collect();
        hits.sort_by_key(|(day, _)| *day);
        hits
    }

    /// Makes drafts of what was found of a claim, and keeps its facts.
    fn end(&mut self, one: &One<'_, '_, 'r>, hits: Vec<(Hit, Option<Date>)>) {
        let One { claim, cutter, index, between, .. } = *one;
        let payer = &self.cx.rules.profiles[between.profile];
        let drafts = self.unit.drafts.len();
        self.policy = one.policy;
        let formless = if hits.is_empty() { Formless::default() } else { Formless::of(claim) };
        for (hit, day) in hits {
            let rule = &self.cx.rules.rules[usize::from(hit.rule)];
            if claim.frequency == "8" && rule.passes_over_voids() {
                continue;
            }
            let mut draft = draft::from_hit(&hit, rule, claim, index, &formless, cutter);
            draft.day = day;
            draft.weigh(self.policy);
            self.unit.drafts.push(draft);
        }
        if !self.is_history {
            self.check_readable(claim, index, one.faults, cutter);
            if let Some(suppressing) = &mut self.suppressing {
                suppressing.take(claim, &payer.name, self.policy, &mut self.unit.drafts[drafts..]);
            }
        }
        let mut fact = facts::claim_fact(claim, &between);
        fact.first_line = one.lines.start as u64;
        fact.lines = one.lines.len() as u16;
        self.note_payer(claim, fact.payer);
        self.unit.claims.push(fact);
        if self.beside.keeps_names {
            self.unit.names.push(ClaimName::of(claim.id.bytes()));
        }
        if matches!(claim.frequency.bytes(), b"7" | b"8") && !self.cx.rules.provider_rules().is_empty() {
            let person = claim.person_key().unwrap_or(0);
            let dates = claim.lines.iter().filter_map(|line| line.service_date.value);
            self.unit.superseding.extend(dates.map(|date| (index, person, date)));
        }
        if let Some(patient) = self.beside.year_to_date.patient(claim) {
            self.unit.year_to_date.push((index, patient));
        }
        if self.unit.drafts.len() > drafts {
            let shown = ShownPayer::of(self.cx, between.profile, between.contract);
            self.unit.flagged.push((index, draft::flagged(claim, shown, cutter)));
        }
    }
}

fn in_order(mut dates: Vec<Date>) -> Vec<Date> {
    dates.sort_unstable();
    dates.dedup();
    dates
}

/// The lines of one claim's day that repeat earlier ones of it.
fn repeats(lines: &[LineFact]) -> Vec<Repeat> {
    checks::repeats(lines, &|_| true, &[])
}

/// Runs every day rule over a day. The same function serves claims' own days and one rebuilt from several.
pub(in crate::engine) fn run_day(day: &Day<'_>, cx: Cx<'_>, out: &mut Out, observer: &mut impl Observer) {
    run_days(std::slice::from_ref(day), cx, out, observer, |_, _| {});
}

/// Runs every day rule over days, one rule after the other. `after` is told of each day that a rule was put to, and how many
/// hits there are now.
///
/// Lines that repeat earlier ones are there for the rules about duplicates alone, whether or not there are any.
fn run_days(
    days: &[Day<'_>],
    cx: Cx<'_>,
    out: &mut Out,
    observer: &mut impl Observer,
    mut after: impl FnMut(usize, usize),
) {
    observer.begin();
    let parts: Vec<_> = days.iter().map(without_repeats).collect();
    let once: Vec<Day<'_>> = days
        .iter()
        .zip(&parts)
        .map(|(day, (lines, about))| match day.repeats {
            [] => *day,
            _ => Day { lines, about, repeats: &[], ..*day },
        })
        .collect();
    let mut glances: Vec<DayGlance> = once.iter().map(|_| DayGlance::default()).collect();
    for &number in cx.rules.day_rules() {
        let rule = &cx.rules.rules[usize::from(number)];
        let Some(bit) = rule.day_bit else { continue };
        let is_about_repeats = matches!(rule.check, Check::Edit { edit: Edit::Duplicate, .. });
        let days = if is_about_repeats { days } else { &once };
        for (place, (day, glance)) in days.iter().zip(&mut glances).enumerate() {
            if day.is_asked(bit) {
                // What is seen of a day is seen without the lines that repeat others.
                let glance = if is_about_repeats { &mut DayGlance::default() } else { glance };
                checks::check_day(number, rule, day, glance, cx, out);
                after(place, out.hits.len());
                observer.rule(number);
            }
        }
    }
}

/// The day's lines, with their bits, but those that repeat earlier ones; nothing, where none does.
fn without_repeats(day: &Day<'_>) -> (Vec<LineFact>, Vec<u64>) {
    let (mut lines, mut about) = (Vec::new(), Vec::new());
    if day.repeats.is_empty() {
        return (lines, about);
    }
    let mut repeats = day.repeats.iter().map(|repeat| repeat.line).peekable();
    for (at, line) in day.lines.iter().enumerate() {
        if repeats.next_if_eq(&at).is_none() {
            lines.push(*line);
            about.extend_from_slice(&day.about[at * day.words..(at + 1) * day.words]);
        }
    }
    (lines, about)
}
