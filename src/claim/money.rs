use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

/// An amount in whole US cents. No amount in this program is ever a floating-point number.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
#[derive(schemars::JsonSchema)]
pub struct Cents(pub i64);

impl Cents {
    /// Nothing.
    pub const ZERO: Cents = Cents(0);

    /// Reads a decimal amount of dollars as X12 and JSON write it: `90`, `90.5`, `.50`, `-12.25`, `90.000`.
    ///
    /// `None` for anything else: a fraction of a cent, an exponent, a separator, more than 15 whole digits.
    pub fn parse(bytes: &[u8]) -> Option<Cents> {
        let (negative, digits) = match bytes {
            [b'-', rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        let thousandths = parse_scaled(digits, 2)?;
        Some(Cents(if negative { -thousandths } else { thousandths }))
    }

    /// The larger of zero and the amount.
    pub fn at_least_zero(self) -> Cents {
        Cents(self.0.max(0))
    }

    /// The amount's size without its sign.
    pub fn abs(self) -> Cents {
        Cents(self.0.abs())
    }
}

/// Reads unsigned decimal digits as an integer scaled by 10^`places`; further digits must be zeros.
pub(super) fn parse_scaled(digits: &[u8], places: u32) -> Option<i64> {
    let mut value: i64 = 0;
    let mut after: Option<u32> = None;
    let mut seen = 0;
    for &byte in digits {
        match (byte, after) {
            (b'.', None) => after = Some(0),
            (b'0'..=b'9', _) => {
                seen += 1;
                if let Some(count) = &mut after {
                    if *count >= places {
                        if byte != b'0' {
                            return None;
                        }
                        continue;
                    }
                    *count += 1;
                }
                value = value.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
            }
            _ => return None,
        }
    }
    if seen == 0 || value > 99_999_999_999_999_999 {
        return None;
    }
    value.checked_mul(10_i64.pow(places - after.unwrap_or(0).min(places)))
}

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cents = self.0.unsigned_abs();
        let (dollars, cents) = (cents / 100, cents % 100);
        let sign = if self.0 < 0 { "-" } else { "" };
        let digits = dollars.to_string();
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        f.pad(&format!("{sign}${grouped}.{cents:02}"))
    }
}

impl Add for Cents {
    type Output = Cents;
    fn add(self, other: Cents) -> Cents {
        Cents(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Cents {
    fn add_assign(&mut self, other: Cents) {
        *self = *self + other;
    }
}

impl Sub for Cents {
    type Output = Cents;
    fn sub(self, other: Cents) -> Cents {
        Cents(self.0.saturating_sub(other.0))
    }
}

impl SubAssign for Cents {
    fn sub_assign(&mut self, other: Cents) {
        *self = *self - other;
    }
}

impl Neg for Cents {
    type Output = Cents;
    fn neg(self) -> Cents {
        Cents(-self.0)
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Cents>>(amounts: I) -> Cents {
        amounts.fold(Cents::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_as_claims_write_them() {
        for (text, cents) in [
            ("90", 9000),
            ("90.5", 9050),
            (".50", 50),
            ("-12.25", -1225),
            ("90.000", 9000),
            ("0", 0),
            ("5.", 500),
        ] {
            assert_eq!(Cents::parse(text.as_bytes()), Some(Cents(cents)), "{text}");
        }
        for text in ["", ".", "-", "1.005", "1e2", "1,000", "--1", "99999999999999999999", "1.2.3", " 1"] {
            assert_eq!(Cents::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn amounts_as_people_read_them() {
        assert_eq!(Cents(2976).to_string(), "$29.76");
        assert_eq!(Cents(-123_456_789).to_string(), "-$1,234,567.89");
        assert_eq!(Cents(5).to_string(), "$0.05");
        assert_eq!(Cents(100_000).to_string(), "$1,000.00");
    }
}
