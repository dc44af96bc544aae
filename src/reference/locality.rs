use std::num::NonZeroU32;

use crate::claim::Date;

use super::Reference;
use super::loaded::in_year;
use super::table::{Row, Table};

const GPCI_2025: Table = Table::new(include_str!("../../reference/gpci_2025.tsv"));
const GPCI_2026: Table = Table::new(include_str!("../../reference/gpci_2026.tsv"));

const ZIPS: Table = Table::new(include_str!("../../reference/zip_locality.tsv"));

pub(super) const TABLES: [Table; 3] = [GPCI_2025, GPCI_2026, ZIPS];

/// The tables of indices with release and first day. While nothing is imported each stands for its whole year.
pub(super) const BUILTIN: &[(&str, Date, Table<'static>)] =
    &[("RVU25D", Date::constant(2025, 10, 1), GPCI_2025), ("RVU26A", Date::constant(2026, 1, 1), GPCI_2026)];

/// The first day of the built-in list of ZIP codes.
pub(super) const ZIPS_FROM: Date = Date::constant(2025, 10, 1);

/// Geographic practice cost indices, in thousandths.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Gpci {
    /// Work, with the floor of 1.000.
    pub work: u32,
    /// Practice expense.
    pub practice: u32,
    /// Malpractice.
    pub malpractice: u32,
}

impl Gpci {
    /// National rates.
    pub const NATIONAL: Gpci = Gpci { work: 1000, practice: 1000, malpractice: 1000 };
}

/// A Medicare payment locality: a contractor's number of five digits with the locality's of two.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Locality(NonZeroU32);

impl Locality {
    /// Reads `10112-00`: five digits of the contractor, two of the locality. Whether a table has it is another matter:
    /// [`Reference::locality`].
    pub fn parse(text: &str) -> Option<Locality> {
        let (contractor, locality) = text.split_once('-')?;
        Locality::of(contractor, locality)
    }

    /// From the two numbers as the tables write them.
    pub(super) fn of(contractor: &str, locality: &str) -> Option<Locality> {
        let is_number =
            |text: &str, digits| text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(contractor, 5) || !is_number(locality, 2) {
            return None;
        }
        let number = contractor.parse::<u32>().ok()? * 100 + locality.parse::<u32>().ok()?;
        NonZeroU32::new(number).map(Locality)
    }

    /// Both numbers as one, for a record of fixed size. Never 0.
    pub const fn number(self) -> u32 {
        self.0.get()
    }

    /// The locality of such a number; `None` for 0.
    pub const fn from_number(number: u32) -> Option<Locality> {
        match NonZeroU32::new(number) {
            Some(number) => Some(Locality(number)),
            None => None,
        }
    }

    /// As the rows of a table begin.
    fn key(self) -> [u8; 8] {
        let mut key = [b'\t'; 8];
        let mut rest = self.number();
        for at in [7, 6, 4, 3, 2, 1, 0] {
            key[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        key
    }
}

/// Where a ZIP code lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ZipLocality {
    /// In one locality.
    In(Locality),
    /// In several: five digits do not tell which.
    Split,
    /// In none that is loaded.
    Unknown,
}

impl std::fmt::Display for Locality {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:05}-{:02}", self.number() / 100, self.number() % 100)
    }
}

impl Reference {
    /// The locality that `10112-00` names, if a table of indices has it.
    pub fn locality(&self, text: &str) -> Option<Locality> {
        Locality::parse(text).filter(|&locality| self.locality_row(locality).is_some())
    }

    /// The locality of a ZIP code, of which the first five digits are read.
    pub fn locality_of_zip(&self, zip: &str) -> ZipLocality {
        let digits = zip.as_bytes().get(..5).filter(|digits| digits.iter().all(u8::is_ascii_digit));
        let row =
            digits.and_then(|digits| self.zips().last_up_to(digits).filter(|row| row.field(1) >= digits));
        match row {
            None => ZipLocality::Unknown,
            Some(row) if row.letter(4) == b'S' => ZipLocality::Split,
            Some(row) => Locality::of(row.text(2), row.text(3)).map_or(ZipLocality::Unknown, ZipLocality::In),
        }
    }

    /// The name the contractor's table gives a locality; empty for one that no table has.
    pub fn locality_name(&self, locality: Locality) -> &str {
        self.locality_row(locality).map_or("", |row| row.text(6))
    }

    /// The two letters of a locality's state; empty for one that no table has.
    pub fn locality_state(&self, locality: Locality) -> &str {
        self.locality_row(locality).map_or("", |row| row.text(2))
    }

    /// The locality's row in the newest table that has it.
    fn locality_row(&self, locality: Locality) -> Option<Row<'_>> {
        let key = locality.key();
        match self.loaded() {
            Some(loaded) => loaded.indices.iter().rev().find_map(|one| loaded.table(one.origin).find(&key)),
            None => BUILTIN.iter().rev().find_map(|(_, _, table)| table.find(&key)),
        }
    }

    fn zips(&self) -> Table<'_> {
        let loaded = self.loaded().and_then(|loaded| Some(loaded.store.text(loaded.zips?)));
        loaded.map_or(ZIPS, Table::from)
    }

    fn indices(&self, date: Date) -> Option<Table<'_>> {
        match self.loaded() {
            Some(loaded) => in_year(&loaded.indices, date).map(|one| loaded.table(one.origin)),
            None => {
                BUILTIN.iter().find(|(_, from, _)| from.year() == date.year()).map(|(_, _, table)| *table)
            }
        }
    }

    /// Which imported indices are in force on `date`, in its year; the built-in ones are one for each year.
    pub(super) fn indices_release(&self, date: Date) -> Option<&str> {
        in_year(&self.loaded()?.indices, date).map(|one| one.label.as_str())
    }

    /// Every locality of the table of indices in force on `date`, else of the newest.
    pub fn localities(&self, date: Date) -> Vec<Locality> {
        let newest = || self.indices(self.last_fee_date()?);
        let table = self.indices(date).or_else(newest);
        let of_row = |row: Row<'_>| Locality::of(row.text(0), row.text(1));
        table.map_or_else(Vec::new, |table| table.iter().filter_map(of_row).collect())
    }

    /// The indices in force: the locality's, else national ones. `None` for a year the locality has none for.
    pub(super) fn gpci(&self, locality: Option<Locality>, date: Date) -> Option<Gpci> {
        let Some(locality) = locality else { return Some(Gpci::NATIONAL) };
        gpci_of(self.indices(date)?.find(&locality.key())?)
    }
}

fn gpci_of(row: Row<'_>) -> Option<Gpci> {
    Some(Gpci { work: row.digits(3)?, practice: row.digits(4)?, malpractice: row.digits(5)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn localities_by_contractor_and_number() {
        let reference = Reference::builtin();
        let alabama = reference.locality("10112-00").expect("Alabama");
        assert_eq!(
            (
                reference.locality_name(alabama),
                reference.locality_state(alabama),
                alabama.to_string().as_str()
            ),
            ("ALABAMA", "AL", "10112-00")
        );
        assert_eq!(Locality::from_number(alabama.number()), Some(alabama));
        let at = |locality, year| reference.gpci(locality, Date::constant(year, 3, 3));
        assert_eq!(at(Some(alabama), 2025), Some(Gpci { work: 1000, practice: 869, malpractice: 575 }));
        assert_eq!(at(Some(alabama), 2027), None);
        assert_eq!(at(None, 2025), Some(Gpci::NATIONAL));
        for unknown in ["10112-99", "1011200", "10112-0", "", "-", "é0112-00", "+0112-00"] {
            assert_eq!(reference.locality(unknown), None, "{unknown}");
        }
        let alaska = reference.locality("02102-01").expect("Alaska");
        assert_eq!((alaska.to_string().as_str(), reference.locality_state(alaska)), ("02102-01", "AK"));
    }

    #[test]
    fn localities_by_zip() {
        let reference = Reference::builtin();
        let alabama = reference.locality("10112-00").map(ZipLocality::In);
        assert_eq!(Some(reference.locality_of_zip("35004")), alabama);
        assert_eq!(Some(reference.locality_of_zip("35004-1234")), alabama);
        for unknown in ["00000", "99999", "3500", "ABCDE", ""] {
            assert_eq!(reference.locality_of_zip(unknown), ZipLocality::Unknown, "{unknown}");
        }
        let split = ZIPS.iter().find(|row| row.letter(4) == b'S').expect("a split ZIP");
        assert_eq!(reference.locality_of_zip(split.text(0)), ZipLocality::Split);
    }

    #[test]
    fn every_zip_lies_in_a_locality_with_indices() {
        let mut before: &[u8] = b"";
        for row in ZIPS.iter() {
            assert!(before < row.field(0) && row.field(0) <= row.field(1));
            before = row.field(1);
            let locality = format!("{}-{}", row.text(2), row.text(3));
            assert!(Reference::builtin().locality(&locality).is_some(), "{locality}");
        }
    }

    #[test]
    fn both_years_know_the_same_localities_to_three_places() {
        let keys =
            |table: Table<'static>| table.iter().map(|row| (row.text(0), row.text(1))).collect::<Vec<_>>();
        assert_eq!(keys(GPCI_2025), keys(GPCI_2026));
        for table in [GPCI_2025, GPCI_2026] {
            for row in table.iter() {
                for index in [3, 4, 5] {
                    assert_eq!(row.text(index).find('.'), Some(1));
                    assert_eq!(row.text(index).len(), 5);
                }
            }
        }
    }
}
