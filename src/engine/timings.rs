//! How long a run took, rule by rule and part by part, for somebody who asks: nothing here runs otherwise.
//!
//! A clock is read after each rule, so a run that is timed is slower than one that is not. Of each unit of work the bytes
//! are read twice more, with and without the guide, so that what reading and the guide take is measured and not guessed.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::checks::{Cx, Observer};
use crate::claim::Claim;
use crate::input::{self, ClaimSink, Cutter, Fault, GuideCheck, Read};
use crate::rules::{RuleSet, Scope};
use crate::source::Unit;

use super::read::{self, Facts, Reading, UnitOutput};

/// How long a run took.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Timings {
    /// Every rule that was put to anything, in the order of the rules.
    pub rules: Vec<RuleTime>,
    /// What several rules share: conditions of rules over days, and the facts that settling needs.
    pub shared: Duration,
    /// Parts of the work, those of the threads added up.
    pub parts: Vec<(&'static str, Duration)>,
    /// From the first byte to the last finding.
    pub elapsed: Duration,
    /// How many threads there were.
    pub threads: usize,
    /// How many lines were read.
    pub lines: u64,
}

/// The time of one rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleTime {
    /// Code of the rule.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is put to.
    pub scope: Scope,
    /// How often it was put to one of those.
    pub looks: u64,
    /// In all.
    pub time: Duration,
}

/// A stopwatch that is read after every rule.
#[derive(Clone, Debug)]
pub(super) struct Laps {
    last: Instant,
    rules: Vec<(Duration, u64)>,
    shared: Duration,
}

impl Laps {
    /// For so many rules.
    pub(super) fn new(rules: usize) -> Laps {
        Laps { last: Instant::now(), rules: vec![(Duration::ZERO, 0); rules], shared: Duration::ZERO }
    }

    fn lap(&mut self) -> Duration {
        let now = Instant::now();
        now.duration_since(std::mem::replace(&mut self.last, now))
    }

    fn add(&mut self, other: &Laps) {
        self.shared += other.shared;
        for ((time, looks), (more, again)) in self.rules.iter_mut().zip(&other.rules) {
            *time += *more;
            *looks += again;
        }
    }

    fn total(&self) -> Duration {
        self.shared + self.rules.iter().map(|(time, _)| *time).sum::<Duration>()
    }
}

impl Observer for Laps {
    fn begin(&mut self) {
        self.last = Instant::now();
    }

    fn rule(&mut self, rule: u16) {
        let lap = self.lap();
        if let Some((time, looks)) = self.rules.get_mut(usize::from(rule)) {
            *time += lap;
            *looks += 1;
        }
    }

    fn shared(&mut self) {
        let lap = self.lap();
        self.shared += lap;
    }
}

/// Reads the units of one thread, with a watch or without.
pub(super) enum Worker<'a> {
    Plain(Reading<'a, ()>),
    Timed(Reading<'a, Laps>, &'a Clock),
}

impl<'a> Worker<'a> {
    pub(super) fn new(cx: Cx<'a>, facts: Facts<'a>, clock: Option<&'a Clock>) -> Worker<'a> {
        match clock {
            Some(clock) => Worker::Timed(Reading::new(cx, facts, Laps::new(cx.rules.rules.len())), clock),
            None => Worker::Plain(Reading::new(cx, facts, ())),
        }
    }

    /// As [`Reading::unit`].
    pub(super) fn unit(&mut self, unit: Unit, is_history: bool) -> UnitOutput {
        match self {
            Worker::Plain(reading) => reading.unit(unit, is_history),
            Worker::Timed(reading, clock) => clock.unit(reading, unit, is_history),
        }
    }
}

/// What the threads of a run have measured so far.
#[derive(Debug)]
pub(super) struct Clock {
    begun: Instant,
    measured: Mutex<Measured>,
}

#[derive(Debug)]
struct Measured {
    laps: Laps,
    reading: Duration,
    guide: Duration,
    rest: Duration,
}

impl Clock {
    pub(super) fn new(rules: &RuleSet) -> Clock {
        let laps = Laps::new(rules.rules.len());
        let measured =
            Measured { laps, reading: Duration::ZERO, guide: Duration::ZERO, rest: Duration::ZERO };
        Clock { begun: Instant::now(), measured: Mutex::new(measured) }
    }

    /// Reads a unit as `reading` does, and notes how long each part takes.
    fn unit(&self, reading: &mut Reading<'_, Laps>, unit: Unit, is_history: bool) -> UnitOutput {
        let cx = reading.cx;
        let timed = |guide: GuideCheck| {
            let begun = Instant::now();
            input::read(&unit, guide, &mut Nobody);
            begun.elapsed()
        };
        let unguided = timed(GuideCheck::Off);
        let guided = timed(read::guide(cx, is_history));
        let begun = Instant::now();
        let output = reading.unit(unit, is_history);
        let laps = std::mem::replace(&mut reading.observer, Laps::new(cx.rules.rules.len()));
        let whole = begun.elapsed();
        let mut measured = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
        measured.laps.add(&laps);
        measured.reading += unguided;
        measured.guide += guided.saturating_sub(unguided);
        measured.rest += whole.saturating_sub(guided.max(unguided)).saturating_sub(laps.total());
        output
    }

    /// Since the run began.
    pub(super) fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// What was measured, with how long settling took and the laps of rules in it.
    pub(super) fn finish(self, rules: &RuleSet, in_settling: Option<&Laps>, settling: Duration) -> Timings {
        let elapsed = self.elapsed();
        let none = Laps::new(0);
        let in_settling = in_settling.unwrap_or(&none);
        let Measured { laps, reading, guide, rest } =
            self.measured.into_inner().unwrap_or_else(PoisonError::into_inner);
        let of_units = laps.total();
        let mut all = laps;
        all.add(in_settling);
        let timed = rules.rules.iter().zip(&all.rules).filter(|(_, (_, looks))| *looks > 0);
        Timings {
            shared: all.shared,
            rules: timed
                .map(|(rule, &(time, looks))| RuleTime {
                    code: rule.code.clone(),
                    name: rule.name.clone(),
                    scope: rule.scope(),
                    looks,
                    time,
                })
                .collect(),
            parts: vec![
                ("reading", reading),
                ("the guide", guide),
                ("rules", of_units),
                ("findings and what settling needs", rest),
                ("settling", settling.saturating_sub(in_settling.total())),
                ("rules while settling", in_settling.total()),
            ],
            elapsed,
            ..Timings::default()
        }
    }
}

/// Takes claims and does nothing with them.
struct Nobody;

impl ClaimSink for Nobody {
    fn claim(&mut self, _: &Claim<'_>, _: &dyn Cutter) {}

    fn claims(&mut self, _: &mut [Read<'_, '_>]) {}

    fn fault(&mut self, _: u32, _: Fault, _: &dyn Cutter) {}
}
