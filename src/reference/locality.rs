use crate::claim::Date;

use super::Reference;
use super::table::Table;

const GPCI_2025: Table = Table::new(include_str!("../../reference/gpci_2025.tsv"));
const GPCI_2026: Table = Table::new(include_str!("../../reference/gpci_2026.tsv"));

const ZIPS: Table = Table::new(include_str!("../../reference/zip_locality.tsv"));

pub(super) const TABLES: [Table; 3] = [GPCI_2025, GPCI_2026, ZIPS];

const INDICES: [Table; 2] = [GPCI_2025, GPCI_2026];

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

/// A Medicare payment locality that the tables know: a contractor's number with the locality's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Locality([u8; 8]);

impl Locality {
    /// Reads `10112-00`: five digits of the contractor, two of the locality. `None` for one no table has.
    pub fn parse(text: &str) -> Option<Locality> {
        let (contractor, locality) = text.split_once('-')?;
        if contractor.len() != 5 || locality.len() != 2 {
            return None;
        }
        let mut key = [b'\t'; 8];
        key[..5].copy_from_slice(contractor.as_bytes());
        key[6..].copy_from_slice(locality.as_bytes());
        INDICES.iter().any(|table| table.find(&key).is_some()).then_some(Locality(key))
    }

    /// The name the contractor's table gives it.
    pub fn name(self) -> &'static str {
        INDICES.iter().rev().find_map(|table| table.find(&self.0)).map_or("", |row| row.text(6))
    }

    /// The two letters of its state.
    pub fn state(self) -> &'static str {
        INDICES.iter().rev().find_map(|table| table.find(&self.0)).map_or("", |row| row.text(2))
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

impl Locality {
    /// The locality of a ZIP code, of which the first five digits are read.
    pub fn of_zip(zip: &str) -> ZipLocality {
        let digits = zip.as_bytes().get(..5).filter(|digits| digits.iter().all(u8::is_ascii_digit));
        let row = digits.and_then(|digits| ZIPS.last_up_to(digits).filter(|row| row.field(1) >= digits));
        match row {
            None => ZipLocality::Unknown,
            Some(row) if row.letter(4) == b'S' => ZipLocality::Split,
            Some(row) => Locality::parse(&format!("{}-{}", row.text(2), row.text(3)))
                .map_or(ZipLocality::Unknown, ZipLocality::In),
        }
    }
}

impl std::fmt::Display for Locality {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0).replace('\t', "-"))
    }
}

impl Reference {
    /// The indices in force: the locality's, else national ones. `None` for a year the locality has none for.
    pub(super) fn gpci(&self, date: Date) -> Option<Gpci> {
        let Some(Locality(key)) = self.locality() else { return Some(Gpci::NATIONAL) };
        let table = match date.year() {
            2025 => GPCI_2025,
            2026 => GPCI_2026,
            _ => return None,
        };
        let row = table.find(&key)?;
        Some(Gpci { work: row.digits(3)?, practice: row.digits(4)?, malpractice: row.digits(5)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn localities_by_contractor_and_number() {
        let alabama = Locality::parse("10112-00").expect("Alabama");
        assert_eq!(
            (alabama.name(), alabama.state(), alabama.to_string().as_str()),
            ("ALABAMA", "AL", "10112-00")
        );
        let gpci = Reference::builtin().at(alabama).gpci(Date::constant(2025, 3, 3));
        assert_eq!(gpci, Some(Gpci { work: 1000, practice: 869, malpractice: 575 }));
        assert_eq!(Reference::builtin().at(alabama).gpci(Date::constant(2027, 3, 3)), None);
        assert_eq!(Reference::builtin().gpci(Date::constant(2025, 3, 3)), Some(Gpci::NATIONAL));
        for unknown in ["10112-99", "1011200", "10112-0", "", "-", "é0112-00"] {
            assert_eq!(Locality::parse(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn localities_by_zip() {
        let alabama = Locality::parse("10112-00").map(ZipLocality::In);
        assert_eq!(Some(Locality::of_zip("35004")), alabama);
        assert_eq!(Some(Locality::of_zip("35004-1234")), alabama);
        for unknown in ["00000", "99999", "3500", "ABCDE", ""] {
            assert_eq!(Locality::of_zip(unknown), ZipLocality::Unknown, "{unknown}");
        }
        let split = ZIPS.iter().find(|row| row.letter(4) == b'S').expect("a split ZIP");
        assert_eq!(Locality::of_zip(split.text(0)), ZipLocality::Split);
    }

    #[test]
    fn every_zip_lies_in_a_locality_with_indices() {
        let mut before: &[u8] = b"";
        for row in ZIPS.iter() {
            assert!(before < row.field(0) && row.field(0) <= row.field(1));
            before = row.field(1);
            let locality = format!("{}-{}", row.text(2), row.text(3));
            assert!(Locality::parse(&locality).is_some(), "{locality}");
        }
    }

    #[test]
    fn both_years_know_the_same_localities_to_three_places() {
        let keys = |table: Table| table.iter().map(|row| (row.text(0), row.text(1))).collect::<Vec<_>>();
        assert_eq!(keys(GPCI_2025), keys(GPCI_2026));
        for table in INDICES {
            for row in table.iter() {
                for index in [3, 4, 5] {
                    assert_eq!(row.text(index).find('.'), Some(1));
                    assert_eq!(row.text(index).len(), 5);
                }
            }
        }
    }
}
