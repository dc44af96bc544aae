//! A rendering provider's day, put together from all claims of the run.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::io;

use crate::checks::{self, Out, ProviderLine};
use crate::claim::{LineFact, Minutes, ProcedureCode, ProviderKey, TimeOfDay, Units};
use crate::rules::Check;

use super::corrections::{Corrections, VOID};
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
        self.store.find_numbered()?;
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
            let Some(out) = self.check_provider_day(&day)? else { continue };
            self.watch.beyond(day.iter().map(|key| key.claim), &out);
            for hit in out.hits {
                self.adopt(&hit, None, redraft, by_claim, dropped)?;
            }
        }
        Ok(())
    }

    /// What the rules say of a day; `None` if its keys tell that they say nothing.
    fn check_provider_day(&self, keys: &[ProviderKey]) -> io::Result<Option<Out>> {
        let rules = self.cx.rules;
        let mut seen: Option<(Vec<ProviderLine>, Out)> = None;
        self.lap(None);
        for (bit, &number) in (0..).zip(rules.provider_rules()) {
            let rule = &rules.rules[usize::from(number)];
            let Check::ProviderDay(check) = &rule.check else { continue };
            // Nearly every day is told by its keys alone.
            if !checks::may_offend(check, bit, keys) {
                self.lap(Some(number));
                continue;
            }
            let (lines, out) = match &mut seen {
                Some(seen) => seen,
                None => seen.insert((self.provider_lines(keys)?, Out::new(rules.rules.len()))),
            };
            checks::check_provider_day(number, rule, bit, lines, out);
            self.lap(Some(number));
        }
        Ok(seen.map(|(_, out)| out))
    }

    /// The lines behind the keys, without what was replaced, voided or billed twice.
    fn provider_lines(&self, keys: &[ProviderKey]) -> io::Result<Vec<ProviderLine>> {
        // By their start, those without one last; then in the order of the run, so that the later of two is the repeat.
        let mut keys = keys.to_vec();
        keys.sort_by_key(|key| (key.start, key.claim, key.line));
        let mut days: HashMap<u32, Vec<LineFact>> = HashMap::new();
        let mut treatments: HashSet<Treatment> = HashSet::new();
        let mut found: Vec<ProviderLine> = Vec::new();
        for key in &keys {
            let lines = match days.entry(key.claim) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let mut lines = Lines::default();
                    if !self.is_put_aside(key)? {
                        self.store.lines_on(key.claim, key.date, &mut lines)?;
                    }
                    new.insert(lines.facts)
                }
            };
            let Ok(at) = lines.binary_search_by_key(&key.line, |line| line.line) else { continue };
            let fact = lines[at];
            // Two payers of one patient are told of one treatment, perhaps with other modifiers.
            let times = (fact.minutes, fact.start, fact.end);
            let of_claim =
                lines[..at].iter().filter(|line| (line.code, line.units) == (fact.code, fact.units));
            let again = of_claim.filter(|line| (line.minutes, line.start, line.end) == times).count();
            if treatments.insert((key.patient, fact.code, fact.units, times, again)) {
                found.push(ProviderLine {
                    fact,
                    patient: key.patient,
                    rules: key.rules,
                    // Times are a visit's or a service's as the claim itself uses them.
                    is_window: checks::is_visit_window(lines, at),
                    is_history: self.store.is_history(fact.claim),
                });
            }
        }
        // Of two that begin at one time the order of their claims decides nothing.
        found.sort_by_key(|line| (checks::provider_times(&line.fact).0, line.fact.content()));
        Ok(found)
    }

    /// Whether the key's claim is a void, or another claim of the run stands for it.
    fn is_put_aside(&self, key: &ProviderKey) -> io::Result<bool> {
        let is_void = self.store.claim(key.claim)?.frequency == VOID;
        Ok(is_void || Corrections::of_number(key.claim, key.patient, &self.store)?.is_gone(key.claim))
    }
}

/// One treatment: whom, what, how much, when, and which of several alike in its claim.
type Treatment = (u64, ProcedureCode, Option<Units>, Times, usize);
type Times = (Option<Minutes>, Option<TimeOfDay>, Option<TimeOfDay>);
