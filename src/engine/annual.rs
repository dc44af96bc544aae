//! A patient's calendar year: what Medicare allowed for therapy, put together from all days of the run.

use std::collections::HashMap;
use std::io;

use crate::checks::{self, Out, YearLine, YearSum};
use crate::claim::{Cents, ClaimFact, Date, DayKey, LineFact, LineRef, TherapyGroup};
use crate::pricing::{self, Basis, Service};
use crate::reference::TherapyThreshold;
use crate::rules::{Check, Profile};

use super::settle::{Redraft, Settling, repeats};
use super::store::Lines;

/// The two sums of one patient in one year.
type Sums = [Vec<YearLine>; 2];

impl Settling<'_> {
    /// Runs the rules over patients' years on one patient's days, given in order. What they find joins the drafts of
    /// its day, so that it is priced with the others.
    pub(super) fn check_years(
        &mut self,
        days: &[DayKey],
        redraft: &mut dyn Redraft,
        by_claim: &mut HashMap<u32, Vec<usize>>,
        dropped: &mut Vec<bool>,
    ) -> io::Result<()> {
        let rules = self.cx.rules;
        for (number, rule) in rules.rules.iter().enumerate() {
            let (Check::TherapyThreshold, Some(bit)) = (&rule.check, rule.day_bit) else { continue };
            for year in days.chunk_by(|one, next| one.date.year() == next.date.year()) {
                let is_earlier = year.iter().all(|key| self.store.is_history(key.claim));
                if !is_earlier && self.may_pass_a_threshold(year)? {
                    self.lap(None);
                    let out = self.check_year(number as u16, bit, year)?;
                    self.lap(Some(number as u16));
                    self.out.add(&out.lacks);
                    self.watch.beyond(year.iter().map(|key| key.claim), &out);
                    for hit in out.hits {
                        // Not of a day: what is rebuilt of a day must not take it back.
                        self.adopt(&hit, None, redraft, by_claim, dropped)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether the year's sums can matter: a line is never allowed more than its charge, so most patients are told apart
    /// by their claims' charges alone.
    fn may_pass_a_threshold(&self, year: &[DayKey]) -> io::Result<bool> {
        let Some(first) = year.first() else { return Ok(false) };
        let mut charges = Cents::ZERO;
        let mut is_concerned = false;
        let mut before = false;
        let mut last = None;
        for key in year {
            before |= self.year_to_date.contains_key(&key.claim);
            // A claim over several days has a key for each.
            if last.replace(key.claim) == Some(key.claim) {
                continue;
            }
            let fact = self.store.claim(key.claim)?;
            if self.profile(&fact).therapy_threshold {
                is_concerned = true;
                charges += Cents(i64::from(fact.charges));
                if fact.charges == u32::MAX {
                    return Ok(true);
                }
            }
        }
        let Some(threshold) = self.threshold(first.date) else {
            return Ok(is_concerned);
        };
        let lowest = threshold.occupational.map_or(threshold.physical_and_speech, |occupational| {
            occupational.min(threshold.physical_and_speech)
        });
        Ok(is_concerned && (before || charges > lowest))
    }

    /// The thresholds of the year of `date`: every patient of the run asks for those of the same one or two.
    fn threshold(&self, date: Date) -> Option<TherapyThreshold> {
        match self.threshold.get() {
            Some((year, threshold)) if year == date.year() => threshold,
            _ => {
                let threshold = self.cx.reference.therapy_threshold(date);
                self.threshold.set(Some((date.year(), threshold)));
                threshold
            }
        }
    }

    fn profile(&self, fact: &ClaimFact) -> &Profile {
        &self.cx.rules.profiles[usize::from(fact.profile)]
    }

    fn check_year(&self, rule: u16, bit: u16, year: &[DayKey]) -> io::Result<Out> {
        let mut sums = Sums::default();
        let mut patient = None;
        for keys in year.chunk_by(|one, next| one.date == next.date) {
            patient =
                patient.or_else(|| keys.iter().find_map(|key| self.year_to_date.get(&key.claim).copied()));
            self.add_day(bit, keys, &mut sums)?;
        }
        let mut out = Out::new(self.cx.rules.rules.len());
        let Some(first) = year.first() else { return Ok(out) };
        let threshold = self.threshold(first.date);
        for (group, mut lines) in TherapyGroup::ALL.into_iter().zip(sums) {
            let before =
                patient.and_then(|patient| self.known_years.allowed(patient, first.date.year(), group));
            if before.is_some() {
                // What was allowed before the run is in that sum already.
                lines.retain(|line| !self.store.is_history(line.at.claim));
            }
            let sum = YearSum {
                year: first.date.year(),
                group,
                before,
                threshold: threshold.as_ref().and_then(|threshold| match group {
                    TherapyGroup::PhysicalAndSpeech => Some(threshold.physical_and_speech),
                    TherapyGroup::Occupational => threshold.occupational,
                }),
            };
            checks::check_year(rule, &sum, &lines, &mut out);
        }
        Ok(out)
    }

    /// Adds what the lines of one day are allowed that the rule is about, duplicates and replaced claims left out.
    fn add_day(&self, bit: u16, keys: &[DayKey], sums: &mut Sums) -> io::Result<()> {
        let Some(date) = keys.first().map(|key| key.date) else { return Ok(()) };
        let standing = self.standing(keys)?;
        let mut lines = Vec::new();
        for part in standing.by_payer() {
            let Some((fact, _)) = part.first() else { continue };
            // A sum may be too low, never too high.
            if standing.may_repeat(part) {
                continue;
            }
            let profile = self.profile(fact);
            if !profile.therapy_threshold {
                continue;
            }
            let mut read = Lines::default();
            for (_, claim) in part {
                self.store.lines_on(*claim, date, &mut read)?;
            }
            let repeats = repeats(part, &standing.copies, &read);
            // What is allowed counts, whatever is kept back of it when it is paid.
            let basis = Basis {
                net_cash: false,
                assistant_reduction: false,
                ..Basis::of(profile, self.cx.terms, fact.contract)
            };
            let words = self.cx.rules.day_words();
            let is_about = |at: usize| read.about[at * words + usize::from(bit / 64)] >> (bit % 64) & 1 == 1;
            let counted: Vec<(bool, LineFact)> = (0..read.facts.len())
                .filter(|at| repeats.iter().all(|repeat| repeat.line != *at))
                .map(|at| (is_about(at), read.facts[at]))
                .collect();
            lines.extend(self.allowed_lines(&counted, basis));
        }
        lines.sort_by_key(|(_, line)| line.at);
        for (group, line) in lines {
            sums[group as usize].push(line);
        }
        Ok(())
    }

    /// The therapy lines among `counted` that the rule is about, each with what it is allowed.
    fn allowed_lines(&self, counted: &[(bool, LineFact)], basis: Basis<'_>) -> Vec<(TherapyGroup, YearLine)> {
        let mut found = Vec::new();
        let mut billing: Vec<u32> = counted.iter().map(|(_, line)| line.billing).collect();
        billing.sort_unstable();
        billing.dedup();
        for provider in billing {
            let mut own: Vec<&(bool, LineFact)> =
                counted.iter().filter(|(_, line)| line.billing == provider).collect();
            own.sort_by_key(|(_, line)| line.day_order());
            let services: Vec<Service> = own.iter().map(|(_, line)| Service::of(line)).collect();
            let day = pricing::price_day(self.cx.reference, &services, basis);
            for ((is_about, line), price) in own.into_iter().zip(&day.lines) {
                let Some(group) = TherapyGroup::of(line.modifiers).filter(|_| *is_about) else { continue };
                let year_line = YearLine {
                    at: LineRef { claim: line.claim, line: line.line },
                    date: line.date,
                    code: line.code,
                    has_kx: line.modifiers.has("KX"),
                    allowed: price.net,
                };
                found.push((group, year_line));
            }
        }
        found
    }
}
