/// A calendar date without a time zone, as claims state it.
pub type Date = jiff::civil::Date;

/// Reads `CCYYMMDD`. `None` unless it is eight digits that name a day that exists.
pub fn parse_ccyymmdd(bytes: &[u8]) -> Option<Date> {
    let [y1, y2, y3, y4, m1, m2, d1, d2] = <[u8; 8]>::try_from(bytes).ok()?;
    let year = i16::from(digit(y1)?) * 1000
        + i16::from(digit(y2)?) * 100
        + i16::from(digit(y3)?) * 10
        + i16::from(digit(y4)?);
    let month = digit(m1)? * 10 + digit(m2)?;
    let day = digit(d1)? * 10 + digit(d2)?;
    Date::new(year, month, day).ok()
}

/// Reads `CCYY-MM-DD` or `CCYYMMDD`, the two spellings that JSON claim lines use.
pub fn parse_iso_date(bytes: &[u8]) -> Option<Date> {
    match *bytes {
        [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] => parse_ccyymmdd(&[y1, y2, y3, y4, m1, m2, d1, d2]),
        _ => parse_ccyymmdd(bytes),
    }
}

fn digit(byte: u8) -> Option<i8> {
    byte.is_ascii_digit().then(|| (byte - b'0') as i8)
}

/// Minutes since midnight, 0 to 1,439.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct TimeOfDay(pub u16);

impl TimeOfDay {
    /// Reads `HH:MM` or `HHMM`, with optional seconds that must be zero-padded and are dropped.
    pub fn parse(bytes: &[u8]) -> Option<TimeOfDay> {
        let (hour, minute) = match *bytes {
            [h, b':', m1, m2] => (digit(h)?, digit(m1)? * 10 + digit(m2)?),
            [h1, h2, b':', m1, m2] | [h1, h2, b':', m1, m2, b':', _, _] | [h1, h2, m1, m2] => {
                (digit(h1)? * 10 + digit(h2)?, digit(m1)? * 10 + digit(m2)?)
            }
            _ => return None,
        };
        (hour < 24 && minute < 60).then(|| TimeOfDay(hour as u16 * 60 + minute as u16))
    }
}

impl std::fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_exist_and_dates_that_do_not() {
        assert_eq!(parse_ccyymmdd(b"20250303"), Some(Date::constant(2025, 3, 3)));
        assert_eq!(parse_ccyymmdd(b"20240229"), Some(Date::constant(2024, 2, 29)));
        for bad in ["20250229", "20251301", "20250100", "2025030", "2025-3-3", "", "ABCDEFGH", "2025\u{1}303"]
        {
            assert_eq!(parse_ccyymmdd(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(parse_iso_date(b"2025-03-03"), parse_iso_date(b"20250303"));
    }

    #[test]
    fn times() {
        assert_eq!(TimeOfDay::parse(b"09:15"), Some(TimeOfDay(555)));
        assert_eq!(TimeOfDay::parse(b"9:15"), Some(TimeOfDay(555)));
        assert_eq!(TimeOfDay::parse(b"2359"), Some(TimeOfDay(1439)));
        assert_eq!(TimeOfDay::parse(b"24:00"), None);
        assert_eq!(TimeOfDay::parse(b"09:60"), None);
    }
}
