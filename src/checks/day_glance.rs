//! What several rules ask of a day, seen once.

use super::hit::Day;
use super::unit_time::{Times, times};

/// What rules have seen so far of the lines of one day.
#[derive(Default)]
pub struct DayGlance {
    bears_bypass: Option<bool>,
    /// Of the lines with these bits.
    times: Option<(u64, Option<Times>)>,
}

impl DayGlance {
    /// Whether some line bears a modifier that bypasses NCCI edits; `look` says, the first time.
    pub(super) fn bears_bypass(&mut self, look: impl FnOnce() -> bool) -> bool {
        *self.bears_bypass.get_or_insert_with(look)
    }

    /// What the lines come to that the rule with `bit` is about ([`times`]).
    pub(super) fn times(&mut self, day: &Day<'_>, bit: u16) -> Option<Times> {
        if day.lines.len() > u64::BITS as usize {
            return times(day, bit);
        }
        let lines =
            (0..day.lines.len()).fold(0, |all, line| all | u64::from(day.is_about(line, bit)) << line);
        match self.times {
            Some((known, times)) if known == lines => times,
            _ => {
                let times = times(day, bit);
                self.times = Some((lines, times));
                times
            }
        }
    }
}
