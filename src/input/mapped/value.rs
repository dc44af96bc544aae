//! What a cell or a JSON scalar says, in the words of a native line.

use std::borrow::Cow;

use crate::claim::{Cents, Fact, Units, parse_iso_date};
use crate::maps::{Form, Source};

/// What became of one value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Read<'t> {
    /// This, for the native line. What nobody can read is passed on as it stands: the rules say so of a native line too.
    As(Cow<'t, str>),
    /// Nothing: the source does not count it.
    Nothing,
    /// It is not what the map says stands here; passed on as it stands it would mean something else.
    Not(&'static str),
}

/// Shows the pieces of a value that count, by the map: divided, and what stands behind a mark.
pub(super) fn pieces<'t>(source: &Source, text: &'t str, mut see: impl FnMut(&'t str)) {
    let behind = |piece: &'t str| {
        let piece = match source.after {
            Some(mark) => piece.rsplit_once(mark).map_or(piece, |(_, behind)| behind),
            None => piece,
        };
        piece.trim()
    };
    let Some(split) = &source.split else { return see(behind(text)) };
    let mut see_stated = |piece: &'t str| {
        let piece = behind(piece);
        if !piece.is_empty() {
            see(piece);
        }
    };
    let all = text.split(|c: char| split.contains(c));
    if source.parts.is_empty() {
        return all.for_each(see_stated);
    }
    for part in &source.parts {
        let piece = part.checked_sub(1).and_then(|at| all.clone().nth(at));
        piece.into_iter().for_each(&mut see_stated);
    }
}

/// Whether a value without spaces around it is passed on as it is, and is one piece.
pub(super) fn stands_for_itself(source: &Source) -> bool {
    let is_whole = source.split.is_none() && source.after.is_none();
    is_whole && source.form == Form::Native && source.words.is_empty() && source.like.is_none()
}

/// Reads one piece. `units` are those of the line, for a charge of one unit.
pub(super) fn read<'t>(fact: Fact, source: &'t Source, text: &'t str, units: Option<&str>) -> Read<'t> {
    if text.is_empty() {
        return Read::Nothing;
    }
    if !source.words.is_empty() {
        let lower = text.to_lowercase();
        if let Some((_, code)) = source.words.iter().find(|(word, _)| *word == lower) {
            return Read::As(Cow::Borrowed(code));
        }
        if !fact.has_form(text.as_bytes()) {
            return Read::Not("a word that the map knows");
        }
    }
    if source.like.as_ref().is_some_and(|like| !like.is_match(text)) {
        return Read::Nothing;
    }
    let as_it_stands = |text: &'t str| Read::As(Cow::Borrowed(text));
    match source.form {
        Form::Native => as_it_stands(text),
        Form::Dollars => charge(dollars(text), text, source, units),
        Form::Cents => match cents(text) {
            Some(amount) => charge(Some(amount), text, source, units),
            None => Read::Not("an amount in whole cents"),
        },
        Form::Iso => as_it_stands(day(text)),
        Form::Us => of_us(text).map_or(as_it_stands(text), |day| Read::As(Cow::Owned(day))),
        Form::RangeStart => as_it_stands(range(text).map_or(day(text), |(first, _)| first)),
        Form::RangeEnd => as_it_stands(range(text).map_or(day(text), |(_, last)| last)),
        Form::Pointers { base } => Read::As(pointer(text, base)),
    }
}

/// A charge for all units of the line.
fn charge<'t>(amount: Option<Cents>, text: &'t str, source: &Source, units: Option<&str>) -> Read<'t> {
    let Some(amount) = amount else {
        return match source.per_unit {
            // The fee of one unit must not be taken for the charge of the line.
            true => Read::Not("an amount of dollars"),
            false => Read::As(Cow::Borrowed(text)),
        };
    };
    if !source.per_unit {
        return Read::As(match source.form {
            Form::Dollars => as_written(amount, text),
            _ => Cow::Owned(plain(amount)),
        });
    }
    let Some(units) = units.and_then(|units| Units::parse(units.as_bytes())) else { return Read::Nothing };
    let thousandths = i128::from(amount.0) * i128::from(units.0);
    let half = if thousandths < 0 { -500 } else { 500 };
    match i64::try_from((thousandths + half) / 1000) {
        Ok(cents) => Read::As(Cow::Owned(plain(Cents(cents)))),
        Err(_) => Read::Not("an amount of dollars"),
    }
}

/// The amount that `text` says in dollars; it may be written so already.
fn as_written(amount: Cents, text: &str) -> Cow<'_, str> {
    let is_plain = |(whole, cents): (&str, &str)| {
        let is_whole = whole == "0" || !whole.starts_with('0') && !whole.is_empty();
        is_whole && cents.len() == 2 && whole.bytes().chain(cents.bytes()).all(|byte| byte.is_ascii_digit())
    };
    match text.split_once('.').filter(|parts| is_plain(*parts)) {
        Some(_) => Cow::Borrowed(text),
        None => Cow::Owned(plain(amount)),
    }
}

/// `12.50`, without `$` and without commas.
fn plain(amount: Cents) -> String {
    let (sign, cents) = (if amount.0 < 0 { "-" } else { "" }, amount.0.unsigned_abs());
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}

/// `29.76`, `$29.76`, `1,234.50`.
fn dollars(text: &str) -> Option<Cents> {
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest.trim_start()));
    let text = text.strip_prefix('$').unwrap_or(text).trim_start();
    let (whole, cents) = text.split_once('.').map_or((text, None), |(whole, cents)| (whole, Some(cents)));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    if whole.contains(',') && !((1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3)) {
        return None;
    }
    let digits = whole.replace(',', "");
    let digits = cents.map_or_else(|| digits.clone(), |cents| format!("{digits}.{cents}"));
    Cents::parse(format!("{sign}{digits}").as_bytes())
}

/// A whole number of cents: `9000`, `9000.0`.
fn cents(text: &str) -> Option<Cents> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    let is_whole = !digits.is_empty() && digits.len() <= 15 && part.bytes().all(|byte| byte == b'0');
    (is_whole && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| whole.parse().ok().map(Cents))?
}

/// The day of `2025-03-03T09:15:00Z`.
fn day(text: &str) -> &str {
    match (text.get(..10), text.as_bytes().get(10)) {
        (Some(day), Some(b'T' | b't' | b' ')) if parse_iso_date(day.as_bytes()).is_some() => day,
        _ => text,
    }
}

/// `3/4/2025`, perhaps with a time behind it, as `2025-03-04`.
fn of_us(text: &str) -> Option<String> {
    let date = text.split([' ', 'T']).next()?;
    let mut parts = date.split('/');
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    let is_number = |text: &str, most: usize| {
        !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let fits = is_number(month, 2) && is_number(day, 2) && is_number(year, 4) && year.len() == 4;
    let iso = format!("{year}-{month:0>2}-{day:0>2}");
    (fits && parts.next().is_none() && parse_iso_date(iso.as_bytes()).is_some()).then_some(iso)
}

/// The ends of `20250303-20250305`.
fn range(text: &str) -> Option<(&str, &str)> {
    let (first, last) = text.split_once('-')?;
    (first.len() == 8 && last.len() == 8).then_some((first, last))
}

/// The position of a diagnosis, from 1: a number that counts from `base`, or the letter of the paper form.
fn pointer(text: &str, base: u8) -> Cow<'_, str> {
    match text.as_bytes() {
        [letter @ (b'A'..=b'L' | b'a'..=b'l')] => (letter.to_ascii_uppercase() - b'A' + 1).to_string().into(),
        _ if base == 0 => match Units::parse(text.as_bytes()).and_then(Units::as_whole) {
            Some(number) => (number + 1).to_string().into(),
            None => text.into(),
        },
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(form: Form) -> Source {
        Source {
            from: Vec::new(),
            value: None,
            when: None,
            split: None,
            parts: Vec::new(),
            after: None,
            words: Vec::new(),
            like: None,
            form,
            per_unit: false,
            principal: false,
            look_up: None,
        }
    }

    fn said(fact: Fact, form: Form, text: &str) -> Option<String> {
        match read(fact, &source(form), text, None) {
            Read::As(text) => Some(text.into_owned()),
            Read::Nothing | Read::Not(_) => None,
        }
    }

    #[test]
    fn amounts() {
        for (text, wanted) in [
            ("90", "90.00"),
            ("90.00", "90.00"),
            ("0.07", "0.07"),
            ("00.07", "0.07"),
            ("090.00", "90.00"),
            (".50", "0.50"),
            ("90.5", "90.50"),
            ("90.500", "90.50"),
            ("$1,234.5", "1234.50"),
            ("1,234.50", "1234.50"),
            ("-3.10", "-3.10"),
            ("1,23", "1,23"),
        ] {
            assert_eq!(said(Fact::ChargeAmount, Form::Dollars, text).as_deref(), Some(wanted), "{text}");
        }
        for (text, wanted) in [
            ("9000", Some("90.00")),
            ("9000.0", Some("90.00")),
            ("9000.00", Some("90.00")),
            ("5", Some("0.05")),
        ] {
            assert_eq!(said(Fact::ChargeAmount, Form::Cents, text).as_deref(), wanted, "{text}");
        }
        // Passed on, these would be dollars.
        for text in ["90.50", "$9000", "9,000", "x"] {
            assert_eq!(said(Fact::ChargeAmount, Form::Cents, text), None, "{text}");
        }
    }

    #[test]
    fn a_fee_of_one_unit_is_multiplied() {
        let per_unit = Source { per_unit: true, ..source(Form::Dollars) };
        let charge = |fee: &'static str, units: Option<&str>| read(Fact::ChargeAmount, &per_unit, fee, units);
        assert_eq!(charge("45.00", Some("2")), Read::As("90.00".into()));
        assert_eq!(charge("45.01", Some("1.5")), Read::As("67.52".into()));
        assert_eq!(charge("45.00", None), Read::Nothing);
        assert_eq!(charge("45.00", Some("two")), Read::Nothing);
        assert_eq!(charge("forty", Some("2")), Read::Not("an amount of dollars"));
    }

    #[test]
    fn days() {
        for (form, text, wanted) in [
            (Form::Iso, "2025-03-03", "2025-03-03"),
            (Form::Iso, "20250303", "20250303"),
            (Form::Iso, "2025-03-03T23:59:59Z", "2025-03-03"),
            (Form::Iso, "13/45/2025", "13/45/2025"),
            (Form::Us, "3/4/2025", "2025-03-04"),
            (Form::Us, "03/04/2025 12:00:00 AM", "2025-03-04"),
            (Form::Us, "13/45/2025", "13/45/2025"),
            (Form::Us, "3/4/25", "3/4/25"),
            (Form::Us, "2025-03-04", "2025-03-04"),
            (Form::RangeStart, "20250303-20250305", "20250303"),
            (Form::RangeEnd, "20250303-20250305", "20250305"),
            (Form::RangeStart, "20250303", "20250303"),
            (Form::RangeStart, "2025-03-03", "2025-03-03"),
        ] {
            assert_eq!(said(Fact::ServiceDate, form, text).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn pointers_count_from_where_the_map_says() {
        let pointer = |base, text| said(Fact::DiagnosisPointers, Form::Pointers { base }, text);
        assert_eq!(pointer(1, "1").as_deref(), Some("1"));
        assert_eq!(pointer(0, "0").as_deref(), Some("1"));
        assert_eq!(pointer(0, "11").as_deref(), Some("12"));
        assert_eq!((pointer(0, "A").as_deref(), pointer(1, "b").as_deref()), (Some("1"), Some("2")));
        assert_eq!(pointer(0, "-1").as_deref(), Some("-1"));
        assert_eq!(pointer(1, "0").as_deref(), Some("0"));
    }

    #[test]
    fn composites_are_divided() {
        let divided = |split: &str, parts: &[usize], after: Option<char>, text: &'static str| {
            let source = Source {
                split: Some(split.to_owned()),
                parts: parts.to_vec(),
                after,
                ..source(Form::Native)
            };
            let mut all = Vec::new();
            pieces(&source, text, |piece| all.push(piece));
            all
        };
        assert_eq!(divided(":", &[2], None, "HC:97110:GP"), ["97110"]);
        assert_eq!(divided(":", &[3, 4, 5, 6], None, "HC:97110:GP:59"), ["GP", "59"]);
        assert_eq!(divided(":", &[3, 4, 5, 6], None, "HC:97110"), [] as [&str; 0]);
        assert_eq!(divided(",:; ", &[], None, "GP, 59"), ["GP", "59"]);
        assert_eq!(divided(":", &[], Some('|'), "ICD10|M54.50:ICD10|M25.561:"), ["M54.50", "M25.561"]);
        let mut all = Vec::new();
        pieces(&source(Form::Native), " GP ", |piece| all.push(piece));
        assert_eq!(all, ["GP"]);
    }

    #[test]
    fn words_stand_for_codes() {
        let words = Source { words: vec![("office".into(), "11".into())], ..source(Form::Native) };
        let read = |text| read(Fact::PlaceOfService, &words, text, None);
        assert_eq!(read("Office"), Read::As("11".into()));
        assert_eq!(read("11"), Read::As("11".into()));
        assert_eq!(read("the park"), Read::Not("a word that the map knows"));
    }

    #[test]
    fn what_is_not_like_it_does_not_count() {
        let like = regex::Regex::new("^(?:[0-9A-Z]{9}X)$").ok();
        let taxonomy = Source { like, ..source(Form::Native) };
        let read = |text| read(Fact::RenderingTaxonomy, &taxonomy, text, None);
        assert_eq!(read("225100000X"), Read::As("225100000X".into()));
        assert_eq!(read("50"), Read::Nothing);
    }
}
