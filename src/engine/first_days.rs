//! From which day on a claim's days are counted: where dates are masked, a day is told by how long after the patient's
//! first date of service in the run it is (45 CFR 164.514(b)).

use crate::claim::{Date, DayKey, parse_iso_date};
use crate::finding::About;

/// The first date of service of each claim's patient, by index of the claim in the run. Four bytes a claim.
#[derive(Debug, Default)]
pub(super) struct FirstDays {
    /// Days since 1970-01-01; [`UNKNOWN`] where a claim has no patient or no date.
    days: Vec<i32>,
}

const UNKNOWN: i32 = i32::MIN;

impl FirstDays {
    /// Takes all day keys of one patient, in order. Earlier claims are no part of the run's own days: its first day is
    /// the first that it reports.
    pub(super) fn note(&mut self, patient: &[DayKey], is_history: impl Fn(u32) -> bool) {
        let of_batch = || patient.iter().filter(|key| !is_history(key.claim));
        let Some(first) = of_batch().next().filter(|key| key.is_of_known_patient()) else { return };
        let first = number(first.date);
        for claim in of_batch().map(|key| key.claim as usize) {
            if self.days.len() <= claim {
                self.days.resize(claim + 1, UNKNOWN);
            }
            self.days[claim] = first;
        }
    }

    /// Says of a line of the claim how many days after the first it was.
    pub(super) fn count(&self, claim: u32, about: &mut About) {
        let first = self.days.get(claim as usize).copied().filter(|day| *day != UNKNOWN);
        let date = parse_iso_date(about.date.as_bytes());
        about.day = first.zip(date).and_then(|(first, date)| u32::try_from(number(date) - first).ok());
    }
}

/// Days since 1970-01-01: within 4 million either way for any date of a calendar with four digits a year.
fn number(date: Date) -> i32 {
    (date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(patient: u64, day: i8, claim: u32) -> DayKey {
        DayKey { patient, date: Date::constant(2025, 3, day), claim }
    }

    fn day(days: &FirstDays, claim: u32, date: &str) -> Option<u32> {
        let mut about = About { date: date.to_owned(), ..About::default() };
        days.count(claim, &mut about);
        about.day
    }

    #[test]
    fn days_are_counted_from_the_patients_first_in_the_run() {
        let mut days = FirstDays::default();
        days.note(&[key(7, 1, 0), key(7, 3, 2), key(7, 5, 1), key(7, 9, 2)], |claim| claim == 0);
        assert_eq!(day(&days, 2, "2025-03-03"), Some(0));
        assert_eq!(day(&days, 1, "2025-03-05"), Some(2));
        assert_eq!(day(&days, 2, "2026-03-03"), Some(365));
        assert_eq!(day(&days, 2, ""), None, "no date");
        assert_eq!(day(&days, 2, "2025-03-02"), None, "never before the first");
        assert_eq!(day(&days, 0, "2025-03-01"), None, "an earlier claim");
        assert_eq!(day(&days, 3, "2025-03-03"), None, "a claim without days");
    }

    #[test]
    fn nothing_is_counted_of_nobody() {
        let mut days = FirstDays::default();
        days.note(&[key(DayKey::patient_of_claim(4), 1, 4), key(DayKey::patient_of_claim(4), 2, 4)], |_| {
            false
        });
        assert_eq!(day(&days, 4, "2025-03-02"), None);
    }

    #[test]
    fn every_date_has_a_number() {
        assert_eq!(number(Date::MAX) - number(Date::MIN), 7_304_483);
        assert_eq!(number(Date::constant(1970, 1, 2)), 1);
        assert_eq!(number(Date::constant(1969, 12, 31)), -1);
    }
}
