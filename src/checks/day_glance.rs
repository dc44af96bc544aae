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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::tests::{DATE, medicare, timed};
    use crate::pricing::{Basis, Terms};

    /// Two rules, one about all lines but the last, the other about all but the first; as many lines as are remembered, and
    /// one more.
    #[test]
    fn rules_about_other_lines_see_other_times() {
        for count in [2_u16, 3, 64, 65] {
            let lines: Vec<_> = (1..=count).map(|minutes| timed("97110", minutes, 1)).collect();
            let about: Vec<u64> =
                (1..=count).map(|line| u64::from(line < count) | u64::from(line > 1) << 1).collect();
            let (profile, terms) = (medicare(), Terms::default());
            let basis = Basis::of(&profile, &terms, 0);
            let day = Day {
                date: DATE,
                profile: &profile,
                basis,
                lines: &lines,
                about: &about,
                words: 1,
                repeats: &[],
            };
            let mut glance = DayGlance::default();
            assert_ne!(times(&day, 0), times(&day, 1), "{count}");
            for bit in [0, 0, 1, 0, 1, 1] {
                assert_eq!(glance.times(&day, bit), times(&day, bit), "{count} lines");
            }
        }
    }
}
