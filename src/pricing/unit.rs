use crate::claim::Cents;
use crate::reference::Rate;

/// The allowed amount of one unit: `(work·GPCI + practice·GPCI + malpractice·GPCI) × conversion factor`, rounded
/// half up to the cent (CMS relative value file RVU25D). `reduced` pays the reduced share of the practice expense.
pub fn unit_price(rate: &Rate, facility: bool, reduced: bool) -> Cents {
    let percent = if reduced { rate.reduced_practice_percent } else { 100 };
    let term = |rvu: u32, gpci: u32, percent: u32| i128::from(rvu) * i128::from(gpci) * i128::from(percent);
    let relative = term(rate.work, rate.gpci.work, 100)
        + term(rate.practice_in(facility), rate.gpci.practice, percent)
        + term(rate.malpractice, rate.gpci.malpractice, 100);
    // RVUs in hundredths, GPCIs in thousandths, the factor in ten-thousandths and the share in hundredths make
    // 10^11 to the dollar, 10^9 to the cent.
    let exact = relative * i128::from(rate.conversion_factor);
    Cents(i64::try_from((exact + 500_000_000) / 1_000_000_000).unwrap_or(i64::MAX))
}

/// `amount ÷ by`, rounded half up; `by` is even and above zero, the amount not negative.
pub(super) const fn half_up(amount: i64, by: i64) -> i64 {
    (amount + by / 2) / by
}

/// So many per cent of an amount that is not negative, rounded half up to the cent.
pub fn percent_of(Cents(amount): Cents, percent: u32) -> Cents {
    Cents(half_up(amount.saturating_mul(i64::from(percent)), 100))
}

/// One unit of a priced service among the others of the day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DayUnit {
    /// Unreduced.
    pub full: Cents,
    /// With the reduced practice expense; the same as `full` for a service outside the reduction.
    pub reduced: Cents,
    /// At the flat schedule.
    pub flat: Cents,
    /// Where it stands in the reduction's ranking: practice RVU of the column in use, then the full amount.
    pub rank: Option<(u32, Cents)>,
}

impl DayUnit {
    /// Of a rate in the column in use.
    pub fn new(rate: &Rate, facility: bool) -> DayUnit {
        let full = unit_price(rate, facility, false);
        let ranked = rate.therapy_reduction;
        DayUnit {
            full,
            flat: full,
            reduced: if ranked { unit_price(rate, facility, true) } else { full },
            rank: ranked.then(|| (rate.practice_in(facility), full)),
        }
    }

    /// Every amount at so many per cent, rounded half up; the rank stays.
    pub(super) fn times_percent(self, percent: u32) -> DayUnit {
        let times = |amount| percent_of(amount, percent);
        DayUnit { full: times(self.full), reduced: times(self.reduced), flat: times(self.flat), ..self }
    }
}

/// What each unit of one code alone on a day is paid: the first in full, the others reduced where the code is.
pub fn day_units(unit: DayUnit, units: u32) -> impl Iterator<Item = Cents> {
    (0..units).map(move |index| if index == 0 { unit.full } else { unit.reduced })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{Date, ProcedureCode};
    use crate::reference::{Fee, Locality, Reference};

    fn prices(locality: Option<Locality>, code: &str, year: i16, place: &[u8; 2]) -> (i64, i64) {
        let reference = Reference::builtin();
        let procedure = ProcedureCode::new(code.as_bytes()).expect(code);
        let Fee::Priced(rate) = reference.fee(procedure, None, locality, Date::constant(year, 3, 3)) else {
            panic!("{code} is priced")
        };
        let unit = DayUnit::new(&rate, reference.is_facility(*place));
        (unit.full.0, unit.reduced.0)
    }

    /// The published figures of RVU25D and RVU26A at national rates.
    #[test]
    fn units_at_national_rates() {
        for (code, year, full, reduced) in [
            ("97124", 2025, 2976, 2070),
            ("97140", 2025, 2717, 2070),
            ("97110", 2025, 2879, 2183),
            ("97112", 2025, 3202, 2426),
            ("97530", 2025, 3461, 2458),
            ("97116", 2025, 2879, 2183),
            ("97035", 2025, 1391, 1051),
            ("97012", 2025, 1423, 1132),
            ("97533", 2025, 6049, 3817),
            ("92523", 2025, 22351, 17548),
            ("97124", 2026, 2973, 2088),
            ("97140", 2026, 2772, 2121),
            ("97110", 2026, 2906, 2221),
        ] {
            assert_eq!(prices(None, code, year, b"11"), (full, reduced), "{code} in {year}");
        }
    }

    #[test]
    fn units_in_localities_and_facilities() {
        let at = |name| Reference::builtin().locality(name);
        assert_eq!(prices(at("10112-00"), "97124", 2025, b"11").0, 2725, "Alabama");
        assert_eq!(prices(at("13202-01"), "97124", 2025, b"11").0, 3371, "Manhattan");
        assert_eq!(prices(None, "97124", 2025, b"22"), (2976, 2070), "both columns of therapy are equal");
        assert_eq!(prices(None, "98940", 2025, b"11"), (2652, 2652), "outside the reduction");
        assert_eq!(prices(None, "98940", 2025, b"22"), (2135, 2135));
    }

    /// Every amount of the source tables, which are not part of the project.
    #[test]
    #[expect(clippy::print_stderr, reason = "a test that is passed over says so")]
    fn every_published_amount() {
        let Some(folder) = std::env::var_os("CLEANCLAIM_REFDATA") else {
            eprintln!("skipped: CLEANCLAIM_REFDATA is not set");
            return;
        };
        let mut compared = 0;
        for (file, year) in [("mpfs_rvu_therapy_2025D.tsv", 2025), ("mpfs_rvu_therapy_2026A.tsv", 2026)] {
            let path = std::path::Path::new(&folder).join(file);
            for line in std::fs::read_to_string(path).expect(file).lines().skip(1) {
                let fields: Vec<&str> = line.split('\t').collect();
                if !["A", "R", "T"].contains(&fields[2]) || fields[16] == "0.00" {
                    continue;
                }
                let (full, reduced) = prices(None, fields[0], year, b"11");
                assert_eq!(Cents::parse(fields[16].as_bytes()), Some(Cents(full)), "{}", fields[0]);
                let expected = if fields[14] == "5" { fields[17] } else { fields[16] };
                assert_eq!(Cents::parse(expected.as_bytes()), Some(Cents(reduced)), "{}", fields[0]);
                compared += 1;
            }
        }
        assert!(compared > 190);
    }
}
