//! Dates, times of day and numbers of visits in a note: figures that say when, not how the patient is.

use super::words::{Word, Words};
use crate::claim::parse_ccyymmdd;

/// Words that a date, a time of day or the number of a visit takes, counted from `word`; 0, if it begins none. `rest`
/// is what follows the word.
///
/// Two numbers and a slash (`4/10`) are a score as often as a day, and are none here.
pub(super) fn words_of_when(word: Word<'_>, rest: Words<'_>) -> usize {
    let mut rest = rest;
    let next = [rest.next(), rest.next(), rest.next()];
    match word.number_with_unit() {
        Some((number, unit)) => of_number(word, number, unit, next),
        None => of_name(word, next),
    }
}

fn of_number(word: Word<'_>, number: u16, unit: &[u8], next: [Option<Word<'_>>; 3]) -> usize {
    let [second, third, fourth] = next;
    if is_half_of_day(unit) && (1..=12).contains(&number) {
        return 1;
    }
    if !unit.is_empty() {
        return 0;
    }
    let Some(second) = second else { return 0 };
    if (1..=12).contains(&number) && second.gap.is_ascii() && is_half_of_day(second.text) {
        return 2;
    }
    if second.gap == b":" && number < 24 && second.text.len() >= 2 {
        let Some((minute, unit)) = second.number_with_unit() else { return 0 };
        if minute > 59 || !(unit.is_empty() || is_half_of_day(unit)) {
            return 0;
        }
        let with_half = third.is_some_and(|third| third.follows(b"") && is_half_of_day(third.text));
        return 2 + usize::from(with_half);
    }
    if (1..=31).contains(&number) && second.follows(b"") && is_month(second) {
        let with_year = third.is_some_and(|third| third.number().is_some_and(is_year));
        return 2 + usize::from(with_year);
    }
    let Some(third) = third else { return 0 };
    let is_separator = second.gap == third.gap && matches!(second.gap, b"/" | b"-" | b".");
    let (Some(middle), Some(last)) = (second.number(), third.number()) else { return 0 };
    // A fourth number makes it something else.
    let goes_on = fourth.is_some_and(|fourth| fourth.gap == third.gap && fourth.number().is_some());
    if !is_separator || goes_on {
        return 0;
    }
    let is_day = |month: u16, day: u16| (1..=12).contains(&month) && (1..=31).contains(&day);
    let begins_with_day = is_day(number, middle) || is_day(middle, number);
    let short_year = third.text.len() == 2 && (second.gap == b"/" || (20..=39).contains(&last));
    let is_date = if word.text.len() == 4 {
        is_year(number) && is_day(middle, last)
    } else {
        begins_with_day && (is_year(last) || short_year)
    };
    if is_date { 3 } else { 0 }
}

fn of_name(word: Word<'_>, next: [Option<Word<'_>>; 3]) -> usize {
    if parse_ccyymmdd(word.text).is_some() || is_weekday(word) {
        return 1;
    }
    let folded = word.folded();
    let [Some(second), third, fourth] = next else { return 0 };
    let Some((number, unit)) = second.number_with_unit() else { return 0 };
    let is_ordinal = [b"st".as_slice(), b"nd", b"rd", b"th"].iter().any(|end| unit.eq_ignore_ascii_case(end));
    if is_month(word) && (1..=31).contains(&number) && (unit.is_empty() || is_ordinal) {
        let with_year = third.is_some_and(|third| third.number().is_some_and(is_year));
        return 2 + usize::from(with_year);
    }
    if unit.is_empty() && is_visit(folded.as_bytes()) {
        // "visit 4", "visit 4 of 12", "visit 4/12"
        return match (third, fourth) {
            (Some(third), _) if third.follows(b"/") && third.number().is_some() => 3,
            (Some(third), Some(fourth))
                if third.folded().as_bytes() == b"of" && fourth.number().is_some() =>
            {
                4
            }
            _ => 2,
        };
    }
    0
}

/// Words that the number of a visit follows.
pub(super) fn is_visit(word: &[u8]) -> bool {
    matches!(
        word,
        b"visit" | b"visits" | b"session" | b"sessions" | b"treatment" | b"tx" | b"appt" | b"appointment"
    )
}

fn is_year(number: u16) -> bool {
    (1990..=2099).contains(&number)
}

fn is_half_of_day(unit: &[u8]) -> bool {
    unit.eq_ignore_ascii_case(b"am") || unit.eq_ignore_ascii_case(b"pm")
}

fn is_month(word: Word<'_>) -> bool {
    matches!(
        word.folded().as_bytes(),
        b"jan"
            | b"january"
            | b"feb"
            | b"february"
            | b"mar"
            | b"march"
            | b"apr"
            | b"april"
            | b"may"
            | b"jun"
            | b"june"
            | b"jul"
            | b"july"
            | b"aug"
            | b"august"
            | b"sep"
            | b"sept"
            | b"september"
            | b"oct"
            | b"october"
            | b"nov"
            | b"november"
            | b"dec"
            | b"december"
    )
}

fn is_weekday(word: Word<'_>) -> bool {
    matches!(
        word.folded().as_bytes(),
        b"monday" | b"tuesday" | b"wednesday" | b"thursday" | b"friday" | b"saturday" | b"sunday"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(text: &str) -> usize {
        let mut words = Words::of(text.as_bytes());
        words.next().map_or(0, |word| words_of_when(word, words))
    }

    #[test]
    fn dates_times_and_visits() {
        for (text, words) in [
            ("4/10/2025", 3),
            ("04/10/25 neck", 3),
            ("4-10-2025", 3),
            ("10.4.2025", 3),
            ("2025-04-10", 3),
            ("20250410", 1),
            ("April 10, 2025", 3),
            ("Apr 10th", 2),
            ("10 April 2025", 3),
            ("Monday", 1),
            ("9:15", 2),
            ("09:15 AM to", 3),
            ("9:15am", 2),
            ("10 am", 2),
            ("10am", 1),
            ("visit 4", 2),
            ("Visit #4 of 12", 4),
            ("Tx 4/12", 3),
        ] {
            assert_eq!(taken(text), words, "{text}");
        }
    }

    #[test]
    fn figures_of_the_patient() {
        for text in [
            "4/10",
            "4/5",
            "110",
            "0-110",
            "10-0-130",
            "5-10-90",
            "4.5",
            "may improve",
            "march in place",
            "1/2/3/4",
            "25:1",
            "9:99",
            "13/40/2025",
            "neck",
            "",
        ] {
            assert_eq!(taken(text), 0, "{text}");
        }
    }
}
