/// A day of the years that the claims speak of, counted from 2023-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Day(pub u64);

const FIRST_YEAR: u64 = 2023;

impl Day {
    /// Monday 2025-01-06: the first day of service.
    pub const FIRST: Day = Day(736);

    /// 2025-06-30, the day the files are written. The run date of the tests is the day after.
    pub const WRITTEN: Day = Day(911);

    pub fn plus(self, days: u64) -> Day {
        Day(self.0 + days)
    }

    pub fn minus(self, days: u64) -> Day {
        Day(self.0 - days)
    }

    /// No later than the day the file is written.
    pub fn capped(self) -> Day {
        self.min(Day::WRITTEN)
    }

    /// CCYYMMDD.
    pub fn text(self) -> String {
        let (mut year, mut day) = (FIRST_YEAR, self.0);
        let days_of = |year: u64| if year.is_multiple_of(4) { 366 } else { 365 };
        while day >= days_of(year) {
            day -= days_of(year);
            year += 1;
        }
        let february = days_of(year) - 337;
        let mut month = 1;
        for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
            if day < length {
                break;
            }
            day -= length;
            month += 1;
        }
        format!("{year}{month:02}{:02}", day + 1)
    }
}
