//! One provider's day over all patients: one pair of hands cannot treat two patients at once (F04), nor longer than a day
//! of work (F05).
//!
//! Only lines that the rule is about take part: its `when` leaves out what others treat under the provider's number. A
//! provider is known by NPI alone, a patient by the claim; lines that lack either are nobody's day.

use super::hit::{Hit, Out, Pointer, Takes};
use super::{lines, times};
use crate::claim::{Fact, LineFact, MinutesSource, ProviderKey, UNKNOWN};
use crate::rules::{Check, ProviderCheck, Rule};

/// A line of a provider's day.
#[derive(Clone, Copy, Debug)]
pub struct ProviderLine {
    /// The line.
    pub fact: LineFact,
    /// Whom it treated.
    pub patient: u64,
    /// Which of the rules over a provider's day are about it, a bit each.
    pub rules: u32,
    /// Whether its start and end describe the visit, not the service.
    pub is_window: bool,
    /// Whether it stands in an earlier claim, of which nothing is reported.
    pub is_history: bool,
}

impl ProviderLine {
    fn interval(&self) -> Option<(u16, u16)> {
        times::Clock::of(&self.fact).and_then(times::Clock::interval)
    }

    /// Minutes of treatment within its interval; all of it, where nothing else is stated.
    fn treated(&self) -> u16 {
        let length = self.interval().map_or(0, |(start, end)| end - start);
        stated_minutes(&self.fact).map_or(length, |minutes| minutes.min(length))
    }

    /// Minutes of treatment, where the line or its own interval says.
    fn minutes(&self) -> u32 {
        let stated = stated_minutes(&self.fact);
        let derived = || self.interval().filter(|_| !self.is_window).map(|(start, end)| end - start);
        u32::from(stated.or_else(derived).unwrap_or(0))
    }
}

/// Minutes as stated. Those that were read from a note's words are too weak to accuse anybody of a day too long.
fn stated_minutes(line: &LineFact) -> Option<u16> {
    let is_stated = !matches!(line.minutes_source, MinutesSource::Interval | MinutesSource::Note);
    line.minutes.filter(|_| is_stated)
}

/// What a line says of its provider's day: first minute, the one past the last, minutes stated; [`UNKNOWN`] for what is
/// not.
pub fn provider_times(line: &LineFact) -> (u16, u16, u16) {
    let clock = times::Clock::of(line);
    let minutes = stated_minutes(line).unwrap_or(UNKNOWN);
    let (start, end) = clock.and_then(times::Clock::interval).unwrap_or((UNKNOWN, UNKNOWN));
    (start, end, minutes)
}

/// Whether the start and end of line `index` of a patient's day describe the visit rather than the service.
pub fn is_visit_window(lines: &[LineFact], index: usize) -> bool {
    times::is_visit_window(lines, index)
}

/// Whether a closer look at a provider's day is worth it. `keys` are those of one provider and date, in order; `bit` is
/// the rule's among those over a provider's day.
pub fn may_offend(check: &ProviderCheck, bit: u32, keys: &[ProviderKey]) -> bool {
    let own = || keys.iter().filter(|key| key.rules >> bit & 1 == 1);
    match check {
        ProviderCheck::Overlap => {
            let mut latest = [Latest::default(); 2];
            own().filter(|key| key.start != UNKNOWN).any(|key| {
                let latest = &mut latest[kind(key.patient)];
                let found = latest.past(key.start, key.patient).is_some();
                latest.push(0, key.end, key.patient);
                found
            })
        }
        ProviderCheck::Day { at_most } => {
            let minutes = |key: &ProviderKey| match (key.minutes, key.start, key.end) {
                (UNKNOWN, UNKNOWN, _) => 0,
                (UNKNOWN, start, end) => u32::from(end.saturating_sub(start)),
                (minutes, ..) => u32::from(minutes),
            };
            let mut total = [0_u32; 2];
            for key in own() {
                total[kind(key.patient)] += minutes(key);
            }
            total.iter().any(|total| *total > u32::from(*at_most))
        }
    }
}

/// By what a person is known ([`crate::claim::Claim::person_key`]): whoever is known by a number and whoever is known by a
/// name may be one.
fn kind(person: u64) -> usize {
    (person & 1) as usize
}

/// The services that end last so far: one, and the last of another patient's.
#[derive(Clone, Copy, Default)]
struct Latest {
    last: Option<(u16, u64, usize)>,
    other: Option<(u16, u64, usize)>,
}

impl Latest {
    /// A service of another patient that ends after `start`.
    fn past(&self, start: u16, patient: u64) -> Option<usize> {
        let found = [self.last, self.other].into_iter().flatten().find(|(_, own, _)| *own != patient);
        found.filter(|(end, ..)| *end > start).map(|(.., index)| index)
    }

    fn push(&mut self, index: usize, end: u16, patient: u64) {
        let new = Some((end, patient, index));
        match self.last {
            Some((_, last, _)) if last == patient => self.last = self.last.max(new),
            Some((until, ..)) if until >= end => {
                if self.other.is_none_or(|(until, ..)| until < end) {
                    self.other = new;
                }
            }
            _ => {
                self.other = self.last;
                self.last = new;
            }
        }
    }
}

/// Puts a rule to one provider's day: `lines` by their start, those without one last. `bit` is the rule's among those over
/// a provider's day.
pub fn check_provider_day(number: u16, rule: &Rule, bit: u32, lines: &[ProviderLine], out: &mut Out) {
    let Check::ProviderDay(check) = &rule.check else { return };
    for of in [0, 1] {
        let is_asked = |line: &&ProviderLine| {
            line.rules >> bit & 1 == 1 && kind(line.patient) == of && lines::is_billed(&line.fact)
        };
        let own: Vec<&ProviderLine> = lines.iter().filter(is_asked).collect();
        match check {
            ProviderCheck::Overlap => overlaps(number, &own, out),
            ProviderCheck::Day { at_most } => too_long(number, *at_most, &own, out),
        }
    }
}

fn overlaps(rule: u16, lines: &[&ProviderLine], out: &mut Out) {
    // Services that fill their times, and all.
    let mut filled = Latest::default();
    let mut all = Latest::default();
    for (index, line) in lines.iter().enumerate() {
        let Some((start, end)) = line.interval() else { continue };
        let with = [filled.past(start, line.patient), all.past(start, line.patient)];
        let others = || with.into_iter().flatten().map(|other| lines[other]);
        let found = others().find(|other| is_impossible(line, other)).or_else(|| others().next_back());
        if let Some(other) = found {
            out.hits.push(overlap(rule, line, other));
        }
        all.push(index, end, line.patient);
        if !line.is_window && line.treated() >= end - start {
            filled.push(index, end, line.patient);
        }
    }
}

/// Minutes that two lines share.
fn shared(line: &ProviderLine, other: &ProviderLine) -> u16 {
    match (line.interval(), other.interval()) {
        (Some(own), Some(theirs)) => times::overlap(own, theirs),
        _ => 0,
    }
}

/// Whether the minutes of both services do not find room one beside the other. Times of a visit may hold waiting.
fn is_impossible(line: &ProviderLine, other: &ProviderLine) -> bool {
    let shared = shared(line, other);
    let within = |line: &ProviderLine| {
        let length = line.interval().map_or(0, |(start, end)| end - start);
        line.treated().saturating_sub(length - shared.min(length))
    };
    !line.is_window && !other.is_window && within(line) + within(other) > shared
}

fn overlap(rule: u16, line: &ProviderLine, other: &ProviderLine) -> Hit {
    // Nothing is to be done any more about a claim that was sent before.
    let (line, other) = if line.is_history { (other, line) } else { (line, other) };
    let outcome = if is_impossible(line, other) { "" } else { "visit-window" };
    let shared = shared(line, other);
    // At least a unit is in question; beyond it, those that the minutes outside do not bear.
    let units = line.fact.units.and_then(|units| units.as_whole()).unwrap_or(0);
    let borne = u32::from(line.treated().saturating_sub(shared) + 7) / 15;
    let taken = i32::try_from(units.saturating_sub(borne).max(1).min(units)).unwrap_or(i32::MAX);
    let shared = lines::counted(u32::from(shared), "minute");
    let text = format!("{shared} with another patient too");
    Hit {
        rule,
        outcome,
        primary: Pointer { at: lines::at(&line.fact), fact: Fact::Start, item: 0, text },
        related: vec![Pointer {
            at: lines::at(&other.fact),
            fact: Fact::Start,
            item: 0,
            text: format!("{} for another patient", other.fact.code),
        }],
        values: vec![("shared_minutes", shared), ("other_code", other.fact.code.to_string())],
        takes: if taken > 0 { Takes::Units(vec![(lines::at(&line.fact), -taken)]) } else { Takes::Nothing },
    }
}

/// What lies beyond `at_most` minutes is taken from the end of the day, in units that eight minutes begin.
fn too_long(rule: u16, at_most: u16, lines: &[&ProviderLine], out: &mut Out) {
    let total: u32 = lines.iter().map(|line| line.minutes()).sum();
    let Some(mut excess) = total.checked_sub(u32::from(at_most)).filter(|excess| *excess > 0) else { return };
    let mut beyond: Vec<(&ProviderLine, i32)> = Vec::new();
    for line in lines.iter().rev().filter(|line| line.minutes() > 0) {
        let minutes = line.minutes();
        let units = line.fact.units.and_then(|units| units.as_whole()).unwrap_or(0);
        let taken = if minutes <= excess { units } else { units.min((excess + 7) / 15) };
        if taken > 0 || beyond.is_empty() {
            beyond.push((line, -i32::try_from(taken).unwrap_or(i32::MAX)));
        }
        if minutes >= excess {
            break;
        }
        excess -= minutes;
    }
    beyond.sort_by_key(|(line, _)| (line.fact.claim, line.fact.line));
    for own in beyond.chunk_by(|one, next| one.0.fact.claim == next.0.fact.claim) {
        let [(first, _), ..] = own else { continue };
        let units: Vec<_> = own
            .iter()
            .filter(|(_, taken)| *taken < 0)
            .map(|(line, taken)| (lines::at(&line.fact), *taken))
            .collect();
        out.hits.push(Hit {
            rule,
            outcome: "",
            primary: Pointer {
                at: lines::at(&first.fact),
                fact: Fact::Minutes,
                item: 0,
                text: format!("the provider's day has {total} minutes"),
            },
            related: Vec::new(),
            values: vec![("total", total.to_string()), ("at_most", at_most.to_string())],
            takes: if units.is_empty() { Takes::Nothing } else { Takes::Units(units) },
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_of_two_patients_are_known() {
        let mut latest = Latest::default();
        assert_eq!(latest.past(0, 1), None);
        latest.push(0, 600, 1);
        assert_eq!(latest.past(599, 1), None, "one's own");
        assert_eq!(latest.past(599, 2), Some(0));
        assert_eq!(latest.past(600, 2), None, "touching");
        latest.push(1, 580, 2);
        assert_eq!(latest.past(570, 1), Some(1));
        assert_eq!(latest.past(570, 3), Some(0));
        latest.push(2, 590, 1);
        assert_eq!(latest.past(595, 3), Some(0), "the later of one patient's stands");
        latest.push(3, 700, 2);
        assert_eq!(latest.past(650, 2), None);
        assert_eq!(latest.past(599, 2), Some(0));
        assert_eq!(latest.past(650, 1), Some(3));
        latest.push(4, 650, 3);
        assert_eq!(latest.past(640, 2), Some(4));
    }
}
