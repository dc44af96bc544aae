use std::fmt;

use super::money::parse_scaled;

/// A service unit count in thousandths, since an 837P quantity may carry decimals. `1.0` equals `1`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Hash)]
pub struct Units(pub i32);

impl Units {
    /// A whole number of units.
    pub const fn whole(count: i32) -> Units {
        Units(count * 1000)
    }

    /// Reads `2`, `1.5`, `-1`. `None` for anything that is not a plain decimal number below two million.
    pub fn parse(bytes: &[u8]) -> Option<Units> {
        let (negative, digits) = match bytes {
            [b'-', rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        let value = i32::try_from(parse_scaled(digits, 3)?).ok()?;
        Some(Units(if negative { -value } else { value }))
    }

    /// The count, if it is whole and not negative.
    pub fn as_whole(self) -> Option<u32> {
        (self.0 >= 0 && self.0 % 1000 == 0).then_some((self.0 / 1000) as u32)
    }
}

impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0.unsigned_abs() / 1000, self.0.unsigned_abs() % 1000);
        let sign = if self.0 < 0 { "-" } else { "" };
        if part == 0 {
            write!(f, "{sign}{whole}")
        } else {
            write!(f, "{sign}{whole}.{}", format!("{part:03}").trim_end_matches('0'))
        }
    }
}

/// Whole minutes of treatment, 0 to 1,440.
pub type Minutes = u16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_read_and_print() {
        for (text, thousandths, shown) in
            [("1", 1000, "1"), ("1.0", 1000, "1"), ("2.5", 2500, "2.5"), ("-1", -1000, "-1"), ("0", 0, "0")]
        {
            let units = Units::parse(text.as_bytes()).expect(text);
            assert_eq!((units.0, units.to_string().as_str()), (thousandths, shown));
        }
        assert_eq!(Units::parse(b"1.0005"), None);
        assert_eq!(Units::parse(b"99999999"), None);
        assert_eq!(Units::parse(b"2.5").and_then(Units::as_whole), None);
        assert_eq!(Units::parse(b"3").and_then(Units::as_whole), Some(3));
    }
}
