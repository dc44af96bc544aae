//! Minutes into 15-minute units, as arithmetic: the CMS total-minutes method and the AMA's code by code.
//!
//! CMS Pub. 100-04 ch. 5 s. 20.2; CPT's "substantial portion" of a timed unit. Knows nothing of claims, payers
//! or money. A service may have minutes and no unit (treated, not billed) or units and no minute.

use crate::claim::ProcedureCode;

/// Ways of sharing out tied units that are looked at, at most. Twelve codes tied for six units make 924.
const MOST_WAYS: usize = 2_000;

/// One timed code of a day, its lines added up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TimedCode {
    /// The code; 97130 counts as 97129, whose add-on it is.
    pub code: ProcedureCode,
    /// Minutes of treatment.
    pub minutes: u32,
    /// Units billed.
    pub units: u32,
}

/// Units that `minutes` support: none below 8, then one for each 15 and one more for a rest of 8 or more.
///
/// The same table serves both methods: CMS puts the day's total to it, the AMA each code alone.
pub const fn units_for(minutes: u32) -> u32 {
    (minutes + 7) / 15
}

/// How a day's units stand to its minutes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// One of the valid allocations.
    Valid,
    /// More units than the minutes support.
    Over,
    /// Fewer.
    Under,
    /// The right number on the wrong codes.
    Misallocated,
}

/// The billed units of a day by the CMS method.
pub fn standing_by_total(day: &[TimedCode]) -> Standing {
    let (mut minutes, mut billed) = (0, 0);
    for one in day {
        minutes += one.minutes;
        billed += one.units;
    }
    let supported = units_for(minutes);
    if billed > supported {
        return Standing::Over;
    }
    if billed < supported {
        return Standing::Under;
    }
    let (mut least_given, mut most_refused) = (u32::MAX, 0);
    for one in day {
        let (full, rest) = (one.minutes / 15, one.minutes % 15);
        if one.units == full {
            most_refused = most_refused.max(rest);
        } else if one.units == full + 1 && rest > 0 {
            least_given = least_given.min(rest);
        } else {
            return Standing::Misallocated;
        }
    }
    if least_given >= most_refused { Standing::Valid } else { Standing::Misallocated }
}

/// Whether the billed units of every code are what its own minutes support: the AMA method.
pub fn is_valid_by_code(day: &[TimedCode]) -> bool {
    day.iter().all(|one| one.units == units_for(one.minutes))
}

/// Every valid CMS allocation of a day: what is certain, and the codes tied for the units that are left.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Allocation {
    /// Units of each code, before tied units are given out.
    certain: Vec<u32>,
    /// Codes whose remainders are equal and compete for `free` units.
    tied: Vec<usize>,
    /// Units to give to tied codes, one each at most.
    free: usize,
}

impl Allocation {
    /// Works out the day: full 15 minutes first, then a unit each to the largest remainders.
    pub fn of(day: &[TimedCode]) -> Allocation {
        let supported = units_for(day.iter().map(|one| one.minutes).sum());
        let mut certain: Vec<u32> = day.iter().map(|one| one.minutes / 15).collect();
        let mut left = supported.saturating_sub(certain.iter().sum()) as usize;
        let mut remainders: Vec<u32> =
            day.iter().map(|one| one.minutes % 15).filter(|rest| *rest > 0).collect();
        remainders.sort_unstable_by(|a, b| b.cmp(a));
        let Some(&threshold) = left.checked_sub(1).and_then(|last| remainders.get(last)) else {
            return Allocation { certain, tied: Vec::new(), free: 0 };
        };
        let mut tied = Vec::new();
        for (index, one) in day.iter().enumerate() {
            let rest = one.minutes % 15;
            if rest > threshold {
                certain[index] += 1;
                left -= 1;
            } else if rest == threshold {
                tied.push(index);
            }
        }
        if left == tied.len() {
            for index in tied.drain(..) {
                certain[index] += 1;
            }
            left = 0;
        }
        Allocation { certain, tied, free: left }
    }

    /// Whether more than one allocation is valid.
    pub fn has_ties(&self) -> bool {
        !self.tied.is_empty()
    }

    /// The valid vectors of units, in the order of the codes; the first favours the codes that stand first.
    ///
    /// Stops after 2,000: a day with more ties than that is not a day of treatment.
    pub fn vectors(&self) -> impl Iterator<Item = Vec<u32>> + '_ {
        let mut chosen: Option<Vec<usize>> = Some((0..self.free).collect());
        std::iter::from_fn(move || {
            let current = chosen.take()?;
            let mut vector = self.certain.clone();
            for &choice in &current {
                vector[self.tied[choice]] += 1;
            }
            chosen = next_choice(current, self.tied.len());
            Some(vector)
        })
        .take(MOST_WAYS)
    }
}

/// The choice of as many out of `of` that follows in lexicographic order.
fn next_choice(mut choice: Vec<usize>, of: usize) -> Option<Vec<usize>> {
    let count = choice.len();
    let movable = (0..count).rev().find(|&place| choice[place] + (count - place) < of)?;
    let start = choice[movable] + 1;
    for (step, slot) in choice[movable..].iter_mut().enumerate() {
        *slot = start + step;
    }
    Some(choice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(services: &[(&str, u32, u32)]) -> Vec<TimedCode> {
        services
            .iter()
            .map(|&(code, minutes, units)| TimedCode {
                code: ProcedureCode::new(code.as_bytes()).unwrap(),
                minutes,
                units,
            })
            .collect()
    }

    fn vectors(services: &[(&str, u32, u32)]) -> Vec<Vec<u32>> {
        Allocation::of(&day(services)).vectors().collect()
    }

    #[test]
    fn the_table_of_the_manual() {
        for (units, from, to) in [
            (0, 0, 7),
            (1, 8, 22),
            (2, 23, 37),
            (3, 38, 52),
            (4, 53, 67),
            (5, 68, 82),
            (6, 83, 97),
            (7, 98, 112),
            (8, 113, 127),
        ] {
            for minutes in from..=to {
                assert_eq!(units_for(minutes), units, "{minutes} minutes");
            }
        }
    }

    #[test]
    fn the_worked_examples_of_the_manual() {
        assert_eq!(vectors(&[("97112", 24, 0), ("97110", 23, 0)]), [[2, 1]]);
        assert_eq!(vectors(&[("97112", 20, 0), ("97110", 20, 0)]), [[2, 1], [1, 2]]);
        assert_eq!(vectors(&[("97110", 33, 0), ("97140", 7, 0)]), [[2, 1]]);
        assert_eq!(
            vectors(&[("97110", 18, 0), ("97140", 13, 0), ("97116", 10, 0), ("97035", 8, 0)]),
            [[1, 1, 1, 0]]
        );
        assert_eq!(
            vectors(&[("97112", 7, 0), ("97110", 7, 0), ("97140", 7, 0)]),
            [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        );
        assert_eq!(vectors(&[("97124", 22, 0), ("97140", 16, 0)]), [[2, 1]]);
        assert_eq!(vectors(&[("97124", 7, 0)]), [[0]]);
        assert_eq!(vectors(&[]), [Vec::<u32>::new()]);
    }

    #[test]
    fn standings() {
        for (services, expected) in [
            (&[("97124", 22, 1)][..], Standing::Valid),
            (&[("97124", 22, 2)], Standing::Over),
            (&[("97124", 23, 1)], Standing::Under),
            (&[("97110", 33, 3), ("97140", 7, 0)], Standing::Misallocated),
            (&[("97110", 33, 2), ("97140", 7, 1)], Standing::Valid),
            (&[("97112", 20, 2), ("97110", 20, 1)], Standing::Valid),
            (&[("97112", 20, 1), ("97110", 20, 2)], Standing::Valid),
            (&[("97112", 24, 1), ("97110", 23, 2)], Standing::Misallocated),
            (&[("97124", 15, 0), ("97140", 0, 1)], Standing::Misallocated),
        ] {
            assert_eq!(standing_by_total(&day(services)), expected, "{services:?}");
        }
    }

    #[test]
    fn code_by_code_never_combines_remainders() {
        for (services, units) in [
            (&[("97110", 33, 0), ("97140", 7, 0)][..], [2, 0]),
            (&[("97112", 24, 0), ("97110", 23, 0)], [2, 2]),
            (&[("97112", 20, 0), ("97110", 20, 0)], [1, 1]),
            (&[("97112", 7, 0), ("97110", 7, 0)], [0, 0]),
        ] {
            let mut day = day(services);
            for (one, units) in day.iter_mut().zip(units) {
                one.units = units;
            }
            assert!(is_valid_by_code(&day), "{services:?}");
        }
    }

    proptest! {
        #[test]
        fn valid_vectors_are_those_that_stand_valid(minutes in prop::collection::vec(0u32..70, 1..5), tries in prop::collection::vec(0u32..6, 5)) {
            let mut day: Vec<TimedCode> =
                minutes.iter().map(|&minutes| TimedCode { minutes, ..TimedCode::default() }).collect();
            let allocation = Allocation::of(&day);
            let valid: Vec<Vec<u32>> = allocation.vectors().collect();
            for vector in &valid {
                prop_assert_eq!(vector.iter().sum::<u32>(), units_for(minutes.iter().sum()));
                for (one, units) in day.iter_mut().zip(vector) {
                    one.units = *units;
                }
                prop_assert_eq!(standing_by_total(&day), Standing::Valid);
            }
            for (one, units) in day.iter_mut().zip(&tries) {
                one.units = *units;
            }
            let billed: Vec<u32> = day.iter().map(|one| one.units).collect();
            prop_assert_eq!(standing_by_total(&day) == Standing::Valid, valid.contains(&billed));
        }
    }
}
