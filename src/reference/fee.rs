use crate::claim::{Date, Modifier, ProcedureCode};

use super::Reference;
use super::locality::{Gpci, Locality};
use super::policy;
use super::table::{Row, Table};

const MPFS_2025: Table = Table::new(include_str!("../../reference/mpfs_2025.tsv"));
const MPFS_2026: Table = Table::new(include_str!("../../reference/mpfs_2026.tsv"));

pub(super) const TABLES: [Table; 2] = [MPFS_2025, MPFS_2026];

/// What the Medicare fee schedule says of one code on one day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fee {
    /// It is paid for.
    Priced(Rate),
    /// It is never paid separately: $0 at Medicare, unknown elsewhere.
    NotPayable {
        /// The schedule's status letter: `B` bundled, `I` another code is used, `N` not covered.
        status: u8,
    },
    /// The code is not in the table, or the schedule leaves its price to the contractor or to another schedule.
    NoFee,
    /// No schedule is loaded for the year.
    NoSchedule,
}

/// What one unit is made of. RVUs in hundredths.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rate {
    /// Work.
    pub work: u32,
    /// Practice expense outside facilities.
    pub practice: u32,
    /// Practice expense in facilities.
    pub facility_practice: u32,
    /// Malpractice.
    pub malpractice: u32,
    /// The schedule's status letter: `A`, `R` or `T`.
    pub status: u8,
    /// Whether the schedule marks the facility column as not applicable, as it does for therapy.
    pub facility_not_applicable: bool,
    /// Whether it takes part in the multiple-procedure reduction for therapy (indicator 5).
    pub therapy_reduction: bool,
    /// What the schedule pays for the service on both sides: 1 for 150 %, 3 for both in full, 0, 2 and 9 for no
    /// more than once. `None` where the table does not say.
    pub bilateral: Option<u8>,
    /// Per cent of the practice expense paid where the reduction bites.
    pub reduced_practice_percent: u32,
    /// The locality's, or 1.000 each at national rates.
    pub gpci: Gpci,
    /// Dollars per RVU, in ten-thousandths.
    pub conversion_factor: u32,
}

impl Rate {
    /// The practice expense of the column that counts.
    pub const fn practice_in(&self, facility: bool) -> u32 {
        if facility { self.facility_practice } else { self.practice }
    }
}

impl Reference {
    /// What the Medicare fee schedule says of `code` on `date`, at the rates of `locality` or at national ones.
    ///
    /// `component` is the modifier that chooses another row of the schedule: 26 (professional), TC (technical) or 53.
    /// Status A, R and T with RVUs are priced (CMS relative value file, status code).
    pub fn fee(
        &self,
        code: ProcedureCode,
        component: Option<Modifier>,
        locality: Option<Locality>,
        date: Date,
    ) -> Fee {
        let Some(row) = schedule(date) else { return Fee::NoSchedule };
        // The built-in tables are of services that have no components.
        let row = if component.is_none() { row.find(code.as_bytes()) } else { None };
        let Some(row) = row else { return Fee::NoFee };
        match row.letter(1) {
            b'A' | b'R' | b'T' => match self.rate(row, locality, date) {
                None => Fee::NoSchedule,
                Some(rate) if rate.work + rate.practice + rate.facility_practice + rate.malpractice == 0 => {
                    Fee::NoFee
                }
                Some(rate) => Fee::Priced(rate),
            },
            status @ (b'B' | b'I' | b'N') => Fee::NotPayable { status },
            _ => Fee::NoFee,
        }
    }

    /// The schedule's PC/TC indicator of `code`; 7 marks a therapy service.
    pub fn pctc(&self, code: ProcedureCode, date: Date) -> Option<u8> {
        schedule(date)?.find(code.as_bytes())?.digits(7).and_then(|indicator| u8::try_from(indicator).ok())
    }

    /// The release of the fee schedule for the year of `date`.
    pub fn fee_release(&self, date: Date) -> Option<&'static str> {
        schedule(date).map(|table| table.head().release)
    }

    /// The last day of the last loaded fee schedule.
    pub fn last_fee_date(&self) -> Option<Date> {
        SCHEDULED_YEARS.iter().max().map(|&year| Date::constant(year, 12, 31))
    }

    fn rate(&self, row: Row, locality: Option<Locality>, date: Date) -> Option<Rate> {
        Some(Rate {
            work: row.digits(2)?,
            practice: row.digits(3)?,
            facility_practice: row.digits(4)?,
            malpractice: row.digits(6)?,
            status: row.letter(1),
            facility_not_applicable: row.field(5) == b"NA",
            therapy_reduction: row.letter(8) == b'5',
            bilateral: row.digits(9).and_then(|indicator| u8::try_from(indicator).ok()),
            reduced_practice_percent: policy::reduced_practice_percent(date),
            gpci: self.gpci(locality, date)?,
            conversion_factor: policy::conversion_factor(date)?,
        })
    }
}

const SCHEDULED_YEARS: [i16; 2] = [2025, 2026];

fn schedule(date: Date) -> Option<Table> {
    match date.year() {
        2025 => Some(MPFS_2025),
        2026 => Some(MPFS_2026),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fee(code: &str, year: i16) -> Fee {
        let code = ProcedureCode::new(code.as_bytes()).expect(code);
        Reference::builtin().fee(code, None, None, Date::constant(year, 3, 3))
    }

    #[test]
    fn a_therapy_code_has_three_rvus_and_takes_part_in_the_reduction() {
        let Fee::Priced(rate) = fee("97124", 2025) else { panic!("97124 is priced") };
        assert_eq!((rate.work, rate.practice, rate.facility_practice, rate.malpractice), (35, 56, 56, 1));
        assert_eq!((rate.conversion_factor, rate.reduced_practice_percent), (323_465, 50));
        assert!(rate.therapy_reduction && rate.facility_not_applicable && rate.status == b'A');
        let Fee::Priced(rate) = fee("97124", 2026) else { panic!("97124 is priced") };
        assert_eq!(
            (rate.work, rate.practice, rate.malpractice, rate.conversion_factor),
            (35, 53, 1, 334_009)
        );
    }

    #[test]
    fn what_the_status_letter_decides() {
        assert_eq!(fee("97010", 2025), Fee::NotPayable { status: b'B' });
        assert_eq!(fee("97014", 2025), Fee::NotPayable { status: b'I' });
        assert_eq!(fee("98943", 2026), Fee::NotPayable { status: b'N' });
        assert_eq!(fee("97039", 2025), Fee::NoFee, "priced by the contractor");
        assert_eq!(fee("97545", 2025), Fee::NoFee, "restricted, without RVUs");
        assert!(matches!(fee("97026", 2025), Fee::Priced(rate) if rate.status == b'R'));
        assert_eq!(fee("00100", 2025), Fee::NoFee);
        for year in [2019, 2024, 2027] {
            assert_eq!(fee("97124", year), Fee::NoSchedule);
        }
    }

    #[test]
    fn therapy_services_are_marked_by_the_schedule() {
        let date = Date::constant(2025, 3, 3);
        let pctc = |code: &[u8]| Reference::builtin().pctc(ProcedureCode::new(code).unwrap(), date);
        assert_eq!(
            (pctc(b"97124"), pctc(b"97010"), pctc(b"99213"), pctc(b"J1100")),
            (Some(7), Some(9), Some(0), None)
        );
    }

    #[test]
    fn every_figure_of_the_schedules_has_its_places() {
        for table in TABLES {
            for row in table.iter() {
                for index in [2, 3, 4, 6] {
                    let text = row.text(index);
                    assert_eq!(text.find('.'), text.len().checked_sub(3), "{text}");
                }
                for index in [7, 8, 9] {
                    assert_eq!(row.field(index).len(), 1);
                }
            }
        }
    }
}
