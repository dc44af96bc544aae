use crate::claim::{Date, Modifier, ProcedureCode};

use super::Reference;
use super::loaded::{Loaded, Origin, in_year};
use super::locality::{Gpci, Locality};
use super::policy::{self, Participation};
use super::table::{Row, Table};

const MPFS_2025: Table = Table::new(include_str!("../../reference/mpfs_2025.tsv"));
const MPFS_2026: Table = Table::new(include_str!("../../reference/mpfs_2026.tsv"));

pub(super) const TABLES: [Table; 2] = [MPFS_2025, MPFS_2026];

/// The same with release and first day. While nothing is imported each stands for its whole year.
pub(super) const BUILTIN: &[(&str, Date, Table<'static>)] =
    &[("RVU25D", Date::constant(2025, 10, 1), MPFS_2025), ("RVU26A", Date::constant(2026, 1, 1), MPFS_2026)];

/// The column of an imported schedule that holds the conversion factor; the built-in ones have a table for it.
const CONVERSION_FACTOR: usize = 10;

/// The schedule in force on a day.
#[derive(Clone, Copy)]
struct Schedule<'r> {
    table: Table<'r>,
    label: &'r str,
    /// Whether its rows begin with code and modifier, and hold their conversion factor.
    imported: bool,
}

impl<'r> Schedule<'r> {
    /// The row of a code, or of one of its components.
    fn row(&self, code: ProcedureCode, component: Option<Modifier>) -> Option<Row<'r>> {
        if self.imported {
            let [a, b, c, d, e] = *code.as_bytes();
            let [f, g] = component.map_or(*b"  ", |modifier| *modifier.as_bytes());
            return self.table.find(&[a, b, c, d, e, f, g]);
        }
        // The built-in tables are of services that have no components.
        if component.is_none() { self.table.find(code.as_bytes()) } else { None }
    }
}

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
    /// The schedule has the code, and no table of the year has the indices of the locality.
    NoIndices,
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

/// All that fees take from the day of service: services of days that agree in it have the same fee.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FeePeriod<'r> {
    year: i16,
    schedule: Option<&'r str>,
    indices: Option<&'r str>,
    reduced_practice_percent: u32,
    participation: Option<Participation>,
}

impl Reference {
    /// What fees take from the day of service.
    pub fn fee_period(&self, date: Date) -> FeePeriod<'_> {
        FeePeriod {
            year: date.year(),
            schedule: self.fee_release(date),
            indices: self.indices_release(date),
            reduced_practice_percent: policy::reduced_practice_percent(date),
            participation: self.participation(date),
        }
    }

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
        let Some(schedule) = self.schedule(date) else { return Fee::NoSchedule };
        let Some(row) = schedule.row(code, component) else { return Fee::NoFee };
        match row.letter(1) {
            b'A' | b'R' | b'T' => match self.rate(schedule, row, locality, date) {
                None => Fee::NoIndices,
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
        self.schedule(date)?.row(code, None)?.digits(7).and_then(|indicator| u8::try_from(indicator).ok())
    }

    /// The release of the fee schedule in force on `date`: in its year the newest that has begun, else the year's first.
    pub fn fee_release(&self, date: Date) -> Option<&str> {
        self.schedule(date).map(|schedule| schedule.label)
    }

    /// Whether the schedule in force on `date` is a built-in one, which has the codes of therapy alone.
    pub fn fee_is_subset(&self, date: Date) -> bool {
        self.schedule(date).is_some_and(|schedule| !schedule.imported)
    }

    /// The last day of the last loaded fee schedule.
    pub fn last_fee_date(&self) -> Option<Date> {
        let years = match self.loaded() {
            Some(loaded) => loaded.schedules.iter().map(|one| one.from.year()).max(),
            None => BUILTIN.iter().map(|(_, from, _)| from.year()).max(),
        };
        years.and_then(|year| Date::new(year, 12, 31).ok())
    }

    fn schedule(&self, date: Date) -> Option<Schedule<'_>> {
        match self.loaded() {
            Some(loaded) => imported_schedule(loaded, date),
            None => builtin_schedule(date),
        }
    }

    fn rate(
        &self,
        schedule: Schedule<'_>,
        row: Row<'_>,
        locality: Option<Locality>,
        date: Date,
    ) -> Option<Rate> {
        let fields = row.apart::<{ CONVERSION_FACTOR + 1 }>();
        let digits = |index: usize| fields[index].digits(0);
        Some(Rate {
            work: digits(2)?,
            practice: digits(3)?,
            facility_practice: digits(4)?,
            malpractice: digits(6)?,
            status: fields[1].letter(0),
            facility_not_applicable: fields[5].field(0) == b"NA",
            therapy_reduction: fields[8].letter(0) == b'5',
            bilateral: digits(9).and_then(|indicator| u8::try_from(indicator).ok()),
            reduced_practice_percent: policy::reduced_practice_percent(date),
            gpci: self.gpci(locality, date)?,
            conversion_factor: match schedule.imported {
                true => digits(CONVERSION_FACTOR)?,
                false => policy::conversion_factor(date)?,
            },
        })
    }
}

fn builtin_schedule(date: Date) -> Option<Schedule<'static>> {
    let (label, _, table) = BUILTIN.iter().find(|(_, from, _)| from.year() == date.year())?;
    Some(Schedule { table: *table, label, imported: false })
}

fn imported_schedule(loaded: &Loaded, date: Date) -> Option<Schedule<'_>> {
    let release = in_year(&loaded.schedules, date)?;
    Some(Schedule {
        table: loaded.table(release.origin),
        label: &release.label,
        imported: matches!(release.origin, Origin::Stored(_)),
    })
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
