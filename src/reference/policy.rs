use crate::claim::{Cents, Date};

use super::Reference;
use super::table::{Table, day_key, year_key};

const CONVERSION_FACTORS: Table = Table::new(include_str!("../../reference/conversion_factor.tsv"));
const THRESHOLDS: Table = Table::new(include_str!("../../reference/therapy_threshold.tsv"));
const SEQUESTRATION: Table = Table::new(include_str!("../../reference/sequestration.tsv"));
const REDUCTION: Table = Table::new(include_str!("../../reference/therapy_reduction.tsv"));

const ASSISTANTS: Table = Table::new(include_str!("../../reference/assistant_payment.tsv"));
const PARTICIPATION: Table = Table::new(include_str!("../../reference/participation.tsv"));

pub(super) const TABLES: [Table; 6] =
    [CONVERSION_FACTORS, THRESHOLDS, SEQUESTRATION, REDUCTION, ASSISTANTS, PARTICIPATION];

/// What Medicare allows a patient in one calendar year before it asks for the KX modifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TherapyThreshold {
    /// Physical therapy and speech-language pathology together.
    pub physical_and_speech: Cents,
    /// Occupational therapy, where a source states it.
    pub occupational: Option<Cents>,
    /// From here on claims may be picked for targeted medical review.
    pub targeted_review: Cents,
}

/// What is allowed to a provider who does not take part in Medicare. Both in per cent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Participation {
    /// Of the fee schedule: the amount allowed.
    pub allowed_percent: u32,
    /// Of that amount: the most that may be charged where assignment is not accepted.
    pub limiting_percent: u32,
}

impl Reference {
    /// Per cent of Medicare's share that is paid for a service furnished by an assistant; 100 before the reduction.
    pub fn assistant_percent(&self, date: Date) -> u32 {
        in_force(ASSISTANTS, date).unwrap_or(100)
    }

    /// What applies on `date` to a provider who does not take part in Medicare.
    pub fn participation(&self, date: Date) -> Option<Participation> {
        let row = PARTICIPATION.last_up_to(&day_key(date))?;
        Some(Participation { allowed_percent: row.digits(1)?, limiting_percent: row.digits(2)? })
    }

    /// The therapy thresholds of the calendar year of `date`. `None` for a year that is not loaded.
    pub fn therapy_threshold(&self, date: Date) -> Option<TherapyThreshold> {
        let row = THRESHOLDS.find(&year_key(date))?;
        let cents = |index| row.digits(index).map(|cents| Cents(i64::from(cents)));
        Some(TherapyThreshold {
            physical_and_speech: cents(1)?,
            occupational: cents(2),
            targeted_review: cents(3)?,
        })
    }

    /// Per cent of Medicare's payment (after deductible and coinsurance) that sequestration takes on `date`.
    pub fn sequestration_percent(&self, date: Date) -> Option<u32> {
        in_force(SEQUESTRATION, date)
    }
}

/// Dollars per RVU in the year of `date`, in ten-thousandths.
pub(super) fn conversion_factor(date: Date) -> Option<u32> {
    CONVERSION_FACTORS.find(&year_key(date))?.digits(1)
}

/// Per cent of practice expense that is paid where the multiple-procedure reduction bites; 100 before there was one.
pub(super) fn reduced_practice_percent(date: Date) -> u32 {
    in_force(REDUCTION, date).unwrap_or(100)
}

fn in_force(table: Table, date: Date) -> Option<u32> {
    table.last_up_to(&day_key(date))?.digits(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_by_year() {
        let threshold = |year| Reference::builtin().therapy_threshold(Date::constant(year, 12, 31));
        for (year, cents) in [(2023, 223_000), (2024, 233_000), (2025, 241_000), (2026, 248_000)] {
            assert_eq!(threshold(year).map(|one| one.physical_and_speech), Some(Cents(cents)), "{year}");
        }
        assert_eq!(threshold(2025).and_then(|one| one.occupational), Some(Cents(241_000)));
        assert_eq!(threshold(2023).and_then(|one| one.occupational), None);
        assert_eq!(threshold(2025).map(|one| one.targeted_review), Some(Cents(300_000)));
        assert_eq!((threshold(2020), threshold(2027)), (None, None));
    }

    #[test]
    fn percentages_by_date() {
        let taken =
            |year, month, day| Reference::builtin().sequestration_percent(Date::constant(year, month, day));
        assert_eq!(taken(2020, 4, 30), None);
        assert_eq!((taken(2022, 3, 31), taken(2022, 6, 30), taken(2022, 7, 1)), (Some(0), Some(1), Some(2)));
        assert_eq!(reduced_practice_percent(Date::constant(2013, 3, 31)), 100);
        let assistant = |year| Reference::builtin().assistant_percent(Date::constant(year, 12, 31));
        assert_eq!((assistant(2021), assistant(2022)), (100, 85));
        let apart = Participation { allowed_percent: 95, limiting_percent: 115 };
        assert_eq!(Reference::builtin().participation(Date::constant(2025, 3, 3)), Some(apart));
        assert_eq!(reduced_practice_percent(Date::constant(2025, 3, 3)), 50);
    }
}
