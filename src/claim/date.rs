/// A calendar date without a time zone, as claims state it.
pub type Date = jiff::civil::Date;

/// Reads `CCYYMMDD`. `None` unless it is eight digits that name a day that exists.
pub fn parse_ccyymmdd(bytes: &[u8]) -> Option<Date> {
    // All eight at once, a byte each, the first lowest.
    let digits = u64::from_le_bytes(<[u8; 8]>::try_from(bytes).ok()?) ^ 0x3030_3030_3030_3030;
    // What is 10 or more sets its top bit when 0x76 is added; bytes with that bit set have it anyway.
    let tops = 0x8080_8080_8080_8080;
    if (((digits & !tops) + 0x7676_7676_7676_7676) | digits) & tops != 0 {
        return None;
    }
    let [century, _, year, _, month, _, day, _] = (digits * 10 + (digits >> 8)).to_le_bytes();
    Date::new(i16::from(century) * 100 + i16::from(year), month as i8, day as i8).ok()
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
            [h1, h2, b':', m1, m2, b':', s1, s2] if digit(s1)? < 6 => {
                digit(s2)?;
                (digit(h1)? * 10 + digit(h2)?, digit(m1)? * 10 + digit(m2)?)
            }
            [h1, h2, b':', m1, m2] | [h1, h2, m1, m2] => {
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
        assert_eq!(parse_ccyymmdd(b"00000101"), Some(Date::constant(0, 1, 1)));
        assert_eq!(parse_ccyymmdd(b"99991231"), Some(Date::constant(9999, 12, 31)));
        assert_eq!(parse_iso_date(b"2025-03-03"), parse_iso_date(b"20250303"));
    }

    #[test]
    fn every_byte_in_every_place_of_a_date() {
        for (at, byte) in (0..8).flat_map(|at| (0..=u8::MAX).map(move |byte| (at, byte))) {
            let mut text = *b"20111119";
            text[at] = byte;
            let number = |digits: &[u8]| {
                digits.iter().try_fold(0_i16, |sum, byte| Some(sum * 10 + i16::from(digit(*byte)?)))
            };
            let date = || {
                let [year, month, day] = [&text[..4], &text[4..6], &text[6..]].map(number);
                Date::new(year?, month? as i8, day? as i8).ok()
            };
            assert_eq!(parse_ccyymmdd(&text), date(), "{text:?}");
        }
    }

    #[test]
    fn times() {
        assert_eq!(TimeOfDay::parse(b"09:15"), Some(TimeOfDay(555)));
        assert_eq!(TimeOfDay::parse(b"9:15"), Some(TimeOfDay(555)));
        assert_eq!(TimeOfDay::parse(b"2359"), Some(TimeOfDay(1439)));
        assert_eq!(TimeOfDay::parse(b"09:15:59"), Some(TimeOfDay(555)));
        for bad in ["24:00", "01:00:PM", "09:15:60", "09:15:5x"] {
            assert_eq!(TimeOfDay::parse(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(TimeOfDay::parse(b"09:60"), None);
    }
}
