//! Which days federal employees work: a limit that ends on another day ends on the next workday.
//!
//! Holidays are those of 5 U.S.C. 6103 with the days they are observed on, and days on which an executive order
//! closed the offices. Inauguration Day is one in and around the capital only, and is left out.

use jiff::civil::Weekday;

use crate::claim::Date;

/// The year from which June 19 is a holiday (Pub. L. 117-17).
const JUNETEENTH_SINCE: i16 = 2021;

/// Days on which executive orders closed federal offices.
const CLOSED: [Date; 8] = [
    Date::constant(2018, 12, 5),
    Date::constant(2018, 12, 24),
    Date::constant(2019, 12, 24),
    Date::constant(2020, 12, 24),
    Date::constant(2024, 12, 24),
    Date::constant(2025, 1, 9),
    Date::constant(2025, 12, 24),
    Date::constant(2025, 12, 26),
];

/// `date` itself if federal employees work on it, else the next day they do.
pub fn workday_from(date: Date) -> Date {
    let mut day = date;
    while !is_workday(day) {
        let Ok(next) = day.tomorrow() else { return day };
        day = next;
    }
    day
}

fn is_workday(date: Date) -> bool {
    let weekday = date.weekday();
    if matches!(weekday, Weekday::Saturday | Weekday::Sunday) || is_fixed(date) || CLOSED.contains(&date) {
        return false;
    }
    let next_to = match weekday {
        Weekday::Friday => date.tomorrow(),
        Weekday::Monday => date.yesterday(),
        _ => return !floats(date, weekday),
    };
    !next_to.is_ok_and(is_fixed) && !floats(date, weekday)
}

/// A holiday of one date; on a Saturday it is observed the day before, on a Sunday the day after.
fn is_fixed(date: Date) -> bool {
    match (date.month(), date.day()) {
        (1, 1) | (7, 4) | (11, 11) | (12, 25) => true,
        (6, 19) => date.year() >= JUNETEENTH_SINCE,
        _ => false,
    }
}

/// A holiday of one weekday: Martin Luther King, Washington, Memorial, Labor, Columbus, Thanksgiving.
fn floats(date: Date, weekday: Weekday) -> bool {
    let week = (date.day() - 1) / 7 + 1;
    match (date.month(), weekday) {
        (1 | 2, Weekday::Monday) => week == 3,
        (5, Weekday::Monday) => date.day() > 24,
        (9, Weekday::Monday) => week == 1,
        (10, Weekday::Monday) => week == 2,
        (11, Weekday::Thursday) => week == 4,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_holidays_of_2026() {
        let mut off = Vec::new();
        let mut date = day("2026-01-01");
        while date.year() == 2026 {
            if date.weekday().to_monday_zero_offset() < 5 && !is_workday(date) {
                off.push(date.to_string());
            }
            date = date.tomorrow().unwrap();
        }
        // July 4 is a Saturday: observed on the third.
        let known = [
            "2026-01-01",
            "2026-01-19",
            "2026-02-16",
            "2026-05-25",
            "2026-06-19",
            "2026-07-03",
            "2026-09-07",
            "2026-10-12",
            "2026-11-11",
            "2026-11-26",
            "2026-12-25",
        ];
        assert_eq!(off, known);
    }

    #[test]
    fn observed_days_and_closures() {
        for (date, next) in [
            ("2026-11-20", "2026-11-20"),
            ("2026-11-21", "2026-11-23"),
            ("2026-11-22", "2026-11-23"),
            ("2021-12-31", "2022-01-03"),
            ("2022-01-01", "2022-01-03"),
            ("2022-12-26", "2022-12-27"),
            ("2021-06-18", "2021-06-21"),
            ("2020-06-19", "2020-06-19"),
            ("2027-06-18", "2027-06-21"),
            ("2025-01-09", "2025-01-10"),
            ("2025-01-20", "2025-01-21"),
            ("2021-01-20", "2021-01-20"),
            ("2025-12-24", "2025-12-29"),
        ] {
            assert_eq!(workday_from(day(date)), day(next), "{date}");
        }
    }
}
