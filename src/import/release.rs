//! Releases: what a publisher calls them, and the days they hold.

use super::Wishes;
use super::error::{ImportError, shown};
use super::names::Names;
use crate::claim::Date;

/// A release of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Release {
    pub(super) label: String,
    pub(super) from: Date,
    pub(super) to: Option<Date>,
}

const MONTHS: [(&str, &str); 4] = [("JANUARY", "JAN"), ("APRIL", "APR"), ("JULY", "JUL"), ("OCTOBER", "OCT")];

impl Release {
    /// A release of the fee schedule: `RVU25D` is the fourth of 2025, of October. It holds to the end of its year.
    pub(super) fn of_schedule(year: i16, quarter: u8) -> Release {
        let letter = char::from(b'A' + quarter.min(3));
        Release {
            label: format!("RVU{:02}{letter}", year % 100),
            from: first_day(year, quarter),
            to: Date::new(year, 12, 31).ok(),
        }
    }

    /// A whole calendar year, of a file that states no quarter.
    pub(super) fn of_year(year: i16) -> Release {
        Release { label: format!("CY{year}"), ..Release::of_schedule(year, 0) }
    }

    /// `2026Q3`; it holds until a later one does.
    pub(super) fn of_quarter(year: i16, quarter: u8) -> Release {
        Release { label: format!("{year}Q{}", quarter + 1), from: first_day(year, quarter), to: None }
    }

    /// A fiscal year of ICD-10-CM, from October 1 of the year before, or its update of April 1.
    pub(super) fn of_fiscal_year(year: i16, april: bool) -> Release {
        Release {
            label: format!("FY{year}{}", if april { "-April" } else { "" }),
            from: if april { first_day(year, 1) } else { first_day(year - 1, 3) },
            to: Date::new(year, 9, 30).ok(),
        }
    }

    /// A version of the taxonomy: 26.0 of January, 26.1 of July 2026. It holds until the next is due.
    pub(super) fn of_taxonomy(year: i16, half: u8) -> Release {
        let to = if half == 0 { Date::new(year, 6, 30) } else { Date::new(year, 12, 31) };
        Release {
            label: format!("{}.{half}", year % 100),
            from: first_day(year, if half == 0 { 0 } else { 2 }),
            to: to.ok(),
        }
    }

    /// The head lines of a table of this release.
    pub(super) fn head(&self, name: &str, source: &str, today: Date) -> Vec<String> {
        let effective = match self.to {
            Some(to) => format!("{} to {to}", self.from),
            None => format!("{} on", self.from),
        };
        vec![
            format!("table: {name}"),
            format!("release: {}", self.label),
            format!("effective: {effective}"),
            format!("source: {source}, imported {today}"),
        ]
    }
}

/// The first day of a quarter, 0 to 3.
fn first_day(year: i16, quarter: u8) -> Date {
    Date::new(year, (quarter.min(3) * 3 + 1) as i8, 1).unwrap_or(Date::MAX)
}

/// The month of a release in a text in capitals: `OCTOBER RELEASE`, `PPRRVU25_JAN`; as a quarter, 0 to 3.
pub(super) fn month_in(text: &str) -> Option<u8> {
    let has = |(long, short): &(&str, &str)| text.contains(long) || has_word(text, short);
    let mut found = (0..4_u8).filter(|&quarter| has(&MONTHS[usize::from(quarter)]));
    found.next().filter(|_| found.next().is_none())
}

/// Whether `word` stands in `text` with no letter on either side.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].bytes().next_back();
        let behind = text[at + word.len()..].bytes().next();
        let is_letter = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphabetic());
        !is_letter(before) && !is_letter(behind)
    })
}

/// The first number of exactly so many digits in a text, that `is_likely`.
pub(super) fn number_in(text: &str, digits: usize, is_likely: impl Fn(i16) -> bool) -> Option<i16> {
    let numbers = text.split(|one: char| !one.is_ascii_digit()).filter(|number| number.len() == digits);
    numbers.filter_map(|number| number.parse().ok()).find(|&number| is_likely(number))
}

/// Whether a number is a year that a table may be of.
pub(super) fn is_year(number: i16) -> bool {
    (2000..2100).contains(&number)
}

/// `RVU25D` anywhere in a text in capitals: year, and quarter from 0.
pub(super) fn schedule_in(text: &str) -> Option<(i16, u8)> {
    text.match_indices("RVU").find_map(|(at, _)| match text.as_bytes()[at + 3..] {
        [a @ b'0'..=b'9', b @ b'0'..=b'9', letter @ b'A'..=b'D', ..] => {
            Some((2000 + i16::from(a - b'0') * 10 + i16::from(b - b'0'), letter - b'A'))
        }
        _ => None,
    })
}

/// `2026Q3` or `2026-Q3` anywhere in a text in capitals: year, and quarter from 0.
pub(super) fn quarter_in(text: &str) -> Option<(i16, u8)> {
    text.match_indices('Q').find_map(|(at, _)| {
        let quarter = match text.as_bytes().get(at + 1) {
            Some(&digit @ b'1'..=b'4') => digit - b'1',
            _ => return None,
        };
        if text.as_bytes().get(at + 2).is_some_and(u8::is_ascii_digit) {
            return None;
        }
        let before = text[..at].trim_end_matches(['-', '_', ' ']);
        let year = before.get(before.len().checked_sub(4)?..)?.parse().ok()?;
        is_year(year).then_some((year, quarter))
    })
}

/// The release that `--release` names, of the kind that `parse` reads.
pub(super) fn asked<T>(
    names: &Names,
    wishes: &Wishes,
    parse: impl Fn(&str) -> Option<T>,
    why: &str,
    like: &str,
) -> Result<T, ImportError> {
    let Some(release) = &wishes.release else {
        return Err(ImportError::of(names, format!("{why}; say it with --release, like {like}")));
    };
    parse(&release.to_ascii_uppercase()).ok_or_else(|| {
        let release = shown(release.as_bytes());
        ImportError::of(
            names,
            format!("{why}, and --release {release} is not one; it is written like {like}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_in_names_and_titles() {
        assert_eq!(schedule_in("RVU25D.ZIP"), Some((2025, 3)));
        assert_eq!(schedule_in("RVU26AR"), Some((2026, 0)));
        assert_eq!(schedule_in("PPRRVU25_JAN.CSV"), None);
        assert_eq!(quarter_in("MEDICARE-NCCI-2026Q3-PRACTITIONER-PTP"), Some((2026, 2)));
        assert_eq!(quarter_in("2026-Q4"), Some((2026, 3)));
        for none in ["2026Q5", "Q3", "12026Q", "2026Q31", "QQ"] {
            assert_eq!(quarter_in(none), None, "{none}");
        }
        assert_eq!(month_in("PPRRVU2025_OCT.CSV"), Some(3));
        assert_eq!(month_in("RELATIVE VALUE FILE JULY RELEASE"), Some(2));
        assert_eq!(month_in("JANUARY OR APRIL"), None);
        assert_eq!(month_in("OCTOPUS"), None);
        assert_eq!(number_in("PPRRVU2026_JAN", 4, is_year), Some(2026));
        assert_eq!(number_in("PPRRVU25_JAN", 2, |_| true), Some(25));
    }

    #[test]
    fn the_days_a_release_holds() {
        let d = Release::of_schedule(2025, 3);
        assert_eq!(
            (d.label.as_str(), d.from, d.to),
            ("RVU25D", Date::constant(2025, 10, 1), Some(Date::constant(2025, 12, 31)))
        );
        assert_eq!(Release::of_quarter(2026, 2).label, "2026Q3");
        assert_eq!(Release::of_fiscal_year(2027, false).from, Date::constant(2026, 10, 1));
        assert_eq!(Release::of_fiscal_year(2027, true).from, Date::constant(2027, 4, 1));
        assert_eq!(Release::of_taxonomy(2026, 1).from, Date::constant(2026, 7, 1));
    }
}
