//! Cells that a spreadsheet shows and never runs.

use crate::claim::Cents;

/// A text cell. What begins like a formula (`=`, `+`, `-`, `@`, a tab, a carriage return, also after blanks) gets an apostrophe
/// in front, as OWASP advises; a number is a number.
pub(super) fn text(stated: &str) -> String {
    let hostile = |letter: char| {
        matches!(letter, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
    };
    let first = stated.trim_start_matches(' ').chars().next();
    if first.is_some_and(hostile) && !is_number(stated) {
        return format!("'{stated}");
    }
    stated.to_owned()
}

fn is_number(stated: &str) -> bool {
    let digits = stated.strip_prefix('-').unwrap_or(stated);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all(whole) && all(fraction)
}

/// A count or an ordinal; 0 stands for none.
pub(super) fn count(number: u64) -> String {
    if number == 0 { String::new() } else { number.to_string() }
}

/// `1234.50`, `-12.25`; empty for a figure that does not exist.
pub(super) fn dollars(amount: Option<Cents>) -> String {
    let Some(Cents(cents)) = amount else { return String::new() };
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.unsigned_abs();
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for hostile in ["=1+1", "+1", "-a", "@SUM(A1)", "\t=1", "\r=1", "  =1", "-1+2", "-", "--1", "＝1"] {
            assert_eq!(text(hostile), format!("'{hostile}"));
        }
        for plain in ["", "97124", "-1", "-12.50", "1.5", "MAPLE-1043", "a=b", "line 2, \"quoted\""] {
            assert_eq!(text(plain), plain);
        }
    }

    #[test]
    fn dollars_are_numbers() {
        let said = |cents: i64| dollars(Some(Cents(cents)));
        assert_eq!(
            (said(123_450), said(5), said(-1_225), said(0)),
            ("1234.50".into(), "0.05".into(), "-12.25".into(), "0.00".into())
        );
        assert_eq!(dollars(None), "");
        assert_eq!((count(0), count(7)), (String::new(), "7".to_owned()));
    }
}
