//! The forms of numbers, dates and times (X12.6, section 3.5.1), as bytes.

use wide::u8x16;

/// What is wrong with a number; otherwise how many digits it has.
pub(super) enum Number {
    Digits(usize),
    Malformed,
}

/// Digits with at most one point and a leading minus.
#[inline]
pub(super) fn decimal(bytes: &[u8]) -> Number {
    let rest = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let (mut digits, mut points) = (0, 0);
    for &byte in rest {
        digits += usize::from(byte.is_ascii_digit());
        points += usize::from(byte == b'.');
    }
    if digits == 0 || points > 1 || digits + points != rest.len() {
        Number::Malformed
    } else {
        Number::Digits(digits)
    }
}

/// Digits with a leading minus.
#[inline]
pub(super) fn whole(bytes: &[u8]) -> Number {
    let rest = bytes.strip_prefix(b"-").unwrap_or(bytes);
    if rest.is_empty() || !rest.iter().all(u8::is_ascii_digit) {
        Number::Malformed
    } else {
        Number::Digits(rest.len())
    }
}

/// CCYYMMDD or YYMMDD that is in the calendar.
#[inline]
pub(super) fn is_date(bytes: &[u8]) -> bool {
    match *bytes {
        [a, b, c, d, ref rest @ ..] if rest.len() == 4 => {
            let year = two(a, b).zip(two(c, d)).map(|(century, year)| century * 100 + year);
            year.is_some_and(|year| year >= 1000 && is_day(year, rest))
        }
        // The century is not stated: 1996 and 2096 are both leap years, so 2000 stands for any.
        [a, b, ref rest @ ..] if rest.len() == 4 => two(a, b).is_some_and(|year| is_day(2000 + year, rest)),
        _ => false,
    }
}

/// HHMM, HHMMSS, and decimals of seconds after that.
#[inline]
pub(super) fn is_time(bytes: &[u8]) -> bool {
    if !matches!(bytes.len(), 4 | 6..=8) || !bytes.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let below = |at: usize, limit: u32| two(bytes[at], bytes[at + 1]).is_some_and(|value| value < limit);
    below(0, 24) && below(2, 60) && (bytes.len() == 4 || below(4, 60))
}

fn is_day(year: u32, month_day: &[u8]) -> bool {
    let [a, b, c, d] = *month_day else { return false };
    let (Some(month), Some(day)) = (two(a, b), two(c, d)) else { return false };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => return false,
    };
    (1..=days).contains(&day)
}

#[inline]
fn two(tens: u8, ones: u8) -> Option<u32> {
    (tens.is_ascii_digit() && ones.is_ascii_digit())
        .then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
}

/// What data element 1251 must be under a qualifier of data element 1250.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Period {
    Fine,
    NoDate,
    NoTime,
}

/// Judges a date, time or period. A qualifier that is not known here judges nothing.
#[inline]
pub(super) fn period(qualifier: &[u8], bytes: &[u8]) -> Period {
    let date = |fine: bool| if fine { Period::Fine } else { Period::NoDate };
    match qualifier {
        b"D8" => date(bytes.len() == 8 && is_date(bytes)),
        b"D6" => date(bytes.len() == 6 && is_date(bytes)),
        b"RD8" => date(match *bytes {
            [ref from @ .., b'-', _, _, _, _, _, _, _, _] => {
                from.len() == 8 && is_date(from) && is_date(&bytes[9..])
            }
            _ => false,
        }),
        b"DT" if bytes.len() != 12 || !is_date(&bytes[..8]) => Period::NoDate,
        b"DT" if !is_time(&bytes[8..]) => Period::NoTime,
        b"TM" if bytes.len() != 4 || !is_time(bytes) => Period::NoTime,
        _ => Period::Fine,
    }
}

/// What a segment holds that most do not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Oddities {
    pub(super) control: bool,
    pub(super) repetition: bool,
    pub(super) component: bool,
}

/// Looks for control characters and the two inner separators, sixteen bytes at a time.
#[inline]
pub(super) fn oddities(bytes: &[u8], component: u8, repetition: u8) -> Oddities {
    let (highest_control, delete) = (u8x16::splat(0x1f), u8x16::splat(0x7f));
    let (components, repetitions) = (u8x16::splat(component), u8x16::splat(repetition));
    let (mut control, mut component, mut repetition) = (u8x16::ZERO, u8x16::ZERO, u8x16::ZERO);
    let mut look = |sixteen: &[u8; 16]| {
        let lane = u8x16::new(*sixteen);
        control |= lane.min(highest_control).simd_eq(lane) | lane.simd_eq(delete);
        component |= lane.simd_eq(components);
        repetition |= lane.simd_eq(repetitions);
    };
    let (whole, rest) = bytes.as_chunks::<16>();
    whole.iter().for_each(&mut look);
    match bytes.last_chunk::<16>() {
        Some(last) if !rest.is_empty() => look(last),
        Some(_) => {}
        None => {
            let mut padded = [b'A'; 16];
            for (to, from) in padded.iter_mut().zip(rest) {
                *to = *from;
            }
            look(&padded);
        }
    }
    Oddities { control: control.any(), repetition: repetition.any(), component: component.any() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_in_the_calendar() {
        for good in ["20250303", "20240229", "20000229", "240229", "991231"] {
            assert!(is_date(good.as_bytes()), "{good}");
        }
        for bad in [
            "20250229",
            "19000229",
            "20251301",
            "20250431",
            "2025033",
            "202503031",
            "2025O303",
            "00000000",
            "",
        ] {
            assert!(!is_date(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn times_are_on_the_clock() {
        for good in ["0000", "2359", "235959", "2359599", "23595999"] {
            assert!(is_time(good.as_bytes()), "{good}");
        }
        for bad in ["2400", "1260", "125960", "123", "12345", "12:30", "123456789", ""] {
            assert!(!is_time(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn periods_follow_their_qualifier() {
        let fine =
            |qualifier: &str, text: &str| period(qualifier.as_bytes(), text.as_bytes()) == Period::Fine;
        assert!(fine("D8", "20250303") && !fine("D8", "250303") && !fine("D8", "20250303-20250304"));
        assert!(
            fine("RD8", "20250303-20250304") && !fine("RD8", "20250303") && !fine("RD8", "2025030320250304")
        );
        assert!(fine("DT", "202503031200") && !fine("DT", "20250303") && !fine("DT", "202502301200"));
        assert_eq!(period(b"DT", b"202503032500"), Period::NoTime);
        assert!(fine("TM", "1200") && !fine("TM", "2500") && fine("XX", "whatever"));
    }

    #[test]
    fn numbers() {
        let digits = |number| match number {
            Number::Digits(digits) => Some(digits),
            Number::Malformed => None,
        };
        let all = [("1", 1), ("-1.50", 3), (".5", 1), ("100.", 3), ("0", 1)];
        for (text, count) in all {
            assert_eq!(digits(decimal(text.as_bytes())), Some(count), "{text}");
        }
        for bad in ["", "-", ".", "1.2.3", "1-", "1e5", "$5", "1,000", " 1"] {
            assert_eq!(digits(decimal(bad.as_bytes())), None, "{bad}");
        }
        assert_eq!(digits(whole(b"-12")), Some(2));
        assert_eq!(digits(whole(b"1.0")), None);
    }

    #[test]
    fn oddities_are_found_anywhere() {
        let plain = b"NM1*85*2*CLINIC*****XX*1234567893";
        for length in 0..plain.len() {
            assert_eq!(oddities(&plain[..length], b':', b'^'), Oddities::default(), "{length}");
            for at in 0..length {
                let mut text = plain[..length].to_vec();
                for (byte, control, repetition, component) in [
                    (0x07, true, false, false),
                    (0x00, true, false, false),
                    (0x1f, true, false, false),
                    (0x7f, true, false, false),
                    (b' ', false, false, false),
                    (0xc3, false, false, false),
                    (0x80, false, false, false),
                    (b'^', false, true, false),
                    (b':', false, false, true),
                ] {
                    text[at] = byte;
                    let found = oddities(&text, b':', b'^');
                    assert_eq!(found, Oddities { control, repetition, component }, "{length} {at} {byte}");
                }
            }
        }
    }
}
