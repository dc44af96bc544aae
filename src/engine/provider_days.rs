//! A rendering provider's day, put together from all claims of the run.

use std::collections::HashMap;
use std::io;

use crate::checks::{self, Out, ProviderLine};
use crate::claim::{ClaimFact, LineFact, ProviderKey};
use crate::rules::Check;

use super::aside;
use super::settle::{Redraft, Settling};
use super::store::Lines;

impl Settling<'_> {
    /// Runs the rules over providers' days. Days are settled afterwards, so that what they find is priced with the others.
    pub(super) fn check_provider_days(
        &mut self,
        redraft: &mut dyn Redraft,
        by_claim: &mut HashMap<u32, Vec<usize>>,
        dropped: &mut Vec<bool>,
    ) -> io::Result<()> {
        let mut keys = self.store.take_provider_days()?;
        let mut day: Vec<ProviderKey> = Vec::new();
        let mut next = keys.next()?;
        while let Some(first) = next {
            day.clear();
            day.push(first);
            next = keys.next()?;
            while let Some(key) =
                next.filter(|key| (key.rendering, key.date) == (first.rendering, first.date))
            {
                day.push(key);
                next = keys.next()?;
            }
            for hit in self.check_provider_day(&day)?.hits {
                self.adopt(&hit, None, redraft, by_claim, dropped)?;
            }
        }
        Ok(())
    }

    fn check_provider_day(&self, keys: &[ProviderKey]) -> io::Result<Out> {
        let rules = self.cx.rules;
        let mut out = Out::new(rules.rules.len());
        let mut lines: Option<Vec<ProviderLine>> = None;
        for (bit, &number) in (0..).zip(rules.provider_rules()) {
            let rule = &rules.rules[usize::from(number)];
            let Check::ProviderDay(check) = &rule.check else { continue };
            // Nearly every day is told by its keys alone.
            if !checks::may_offend(check, bit, keys) {
                continue;
            }
            if lines.is_none() {
                lines = Some(self.provider_lines(keys)?);
            }
            let lines = lines.as_deref().unwrap_or_default();
            checks::check_provider_day(number, rule, bit, lines, &mut out);
        }
        Ok(out)
    }

    /// The lines behind the keys, without what was replaced, voided or billed twice.
    fn provider_lines(&self, keys: &[ProviderKey]) -> io::Result<Vec<ProviderLine>> {
        let mut claims: Vec<(u64, u32)> = keys.iter().map(|key| (key.patient, key.claim)).collect();
        claims.sort_unstable();
        claims.dedup();
        // What each claim says of the day, with the whole of its patient's day to tell visits from services.
        let mut days: Vec<(u64, Vec<LineFact>)> = Vec::new();
        for of_patient in claims.chunk_by(|one, other| one.0 == other.0) {
            let mut lines = Lines::default();
            for &(_, claim) in of_patient {
                if !self.is_put_aside(claim)? {
                    self.store.lines_on(claim, keys[0].date, &mut lines)?;
                }
            }
            days.push((of_patient[0].0, lines.facts));
        }
        let mut found: Vec<ProviderLine> = Vec::new();
        let mut by_patient: HashMap<u64, Vec<usize>> = HashMap::new();
        // By their start, those without one last; then in the order of the run, so that the later of two is the repeat.
        let mut keys = keys.to_vec();
        keys.sort_by_key(|key| (key.start, key.claim, key.line));
        for key in &keys {
            let Ok(day) = days.binary_search_by_key(&key.patient, |(patient, _)| *patient) else { continue };
            let lines = &days[day].1;
            let is_it = |line: &LineFact| line.claim == key.claim && line.line == key.line;
            let Some(at) = lines.iter().position(is_it) else { continue };
            let fact = lines[at];
            // Two payers of one patient are told of one treatment, perhaps with other modifiers.
            let said = |line: &LineFact| (line.code, line.units, line.minutes, line.start, line.end);
            let known = by_patient.entry(key.patient).or_default();
            let is_again = |&known: &usize| {
                let known = &found[known].fact;
                known.claim != fact.claim && said(known) == said(&fact)
            };
            if !known.iter().any(is_again) {
                known.push(found.len());
                let is_history = self.store.is_history(fact.claim);
                let is_window = checks::is_visit_window(lines, at);
                found.push(ProviderLine {
                    fact,
                    patient: key.patient,
                    rules: key.rules,
                    is_window,
                    is_history,
                });
            }
        }
        Ok(found)
    }

    /// Whether another claim of the run stands for this one, whatever its date.
    fn is_put_aside(&self, claim: u32) -> io::Result<bool> {
        let fact = self.store.claim(claim)?;
        let mut others: Vec<(ClaimFact, u32)> = Vec::new();
        for &other in self.store.superseding(fact.id) {
            others.push((self.store.claim(other)?, other));
        }
        Ok(aside::is_superseded(&fact, claim, &others))
    }
}
