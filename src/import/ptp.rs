//! NCCI procedure-to-procedure edits of practitioners: four texts, some header lines, then a pair a line with tabs
//! between its fields: column 1, column 2, a star for old pairs, first day, last day or a star, modifier indicator, why.

use std::collections::BTreeMap;

use super::Wishes;
use super::error::{ImportError, shown};
use super::made::{Body, Made};
use super::names::Names;
use super::release::{self, Release};
use super::source::{self, Text};
use crate::claim::{Date, ProcedureCode, parse_ccyymmdd};
use crate::store::{PairRow, code_number, day_number, pairs_file};

/// The table's name in the store.
const TABLE: &str = "ncci-ptp";
/// How many files make up the table.
const PARTS: u8 = 4;
/// The part that holds every column 1 code of therapy (95xxx to G0283).
const THERAPY: u8 = 4;
/// Lines in which the header must end.
const HEADER: u64 = 40;

pub(super) fn read(names: &Names, text: &mut Text<'_>, wishes: &Wishes) -> Result<Made, ImportError> {
    let (release, was_asked) = release_of(names, wishes)?;
    let part = part_of(names).ok_or_else(|| {
        ImportError::of(
            names,
            "its name does not say which of the four practitioner files it is: leave it as CMS gave it \
             (ccipra-v322r0-f4.TXT)",
        )
    })?;
    let mut rows: Vec<(u32, PairRow)> = Vec::new();
    let mut dates = Dates::default();
    source::each_line(names, text, &mut |number, line| {
        match pair(line, &mut dates) {
            Ok(pair) => rows.push(pair),
            // Before the first pair there are notices and a header, which begin with no code.
            Err((0, _)) if rows.is_empty() && number <= HEADER => {}
            Err(_) if line.trim_ascii().is_empty() => {}
            Err((column, what)) => {
                let field = line.split(|&byte| byte == b'\t').nth(column).unwrap_or_default().trim_ascii();
                let what = format!("{} {what}", shown(field));
                return Err(ImportError::at(names, number, (column + 1).to_string(), what));
            }
        }
        Ok(())
    })?;
    if rows.is_empty() {
        return Err(ImportError::of(
            names,
            "none of its first 40 lines is a pair of codes with dates and an indicator",
        ));
    }
    let mut head = release.head(TABLE, &names.shown(), wishes.today);
    head.push("columns: see src/store/pairs.rs".to_owned());
    let (bytes, index_bytes) = pairs_file(&head, &mut rows);
    let count = rows.len() as u64;
    let mut made = Made::whole(TABLE, (release, was_asked), Vec::new(), count, names);
    made.part = Some(part);
    made.body = Body::Whole { bytes, index_bytes, rows: count };
    Ok(made)
}

/// Days that were read last: a table has some hundred, a million times.
#[derive(Default)]
struct Dates {
    known: BTreeMap<[u8; 8], Option<u16>>,
    last: Option<([u8; 8], u16)>,
}

impl Dates {
    fn day(&mut self, field: &[u8]) -> Option<u16> {
        let digits = <[u8; 8]>::try_from(field).ok()?;
        if let Some((last, day)) = self.last
            && last == digits
        {
            return Some(day);
        }
        let day = *self.known.entry(digits).or_insert_with(|| parse_ccyymmdd(&digits).map(day_number));
        self.last = day.map(|day| (digits, day));
        day
    }
}

/// A line as a pair; else which of its fields is wrong, from 0, and how.
fn pair(line: &[u8], dates: &mut Dates) -> Result<(u32, PairRow), (usize, &'static str)> {
    let mut fields = line.split(|&byte| byte == b'\t').map(<[u8]>::trim_ascii);
    let mut next = || fields.next().unwrap_or_default();
    let code = |field: &[u8]| ProcedureCode::new(field).and_then(code_number);
    let column1 = code(next()).ok_or((0, "is not a procedure code"))?;
    let column2 = code(next()).ok_or((1, "is not a procedure code"))?;
    next();
    let from = dates.day(next()).ok_or((3, "is not a date like 20260701"))?;
    let to = match next() {
        b"*" => None,
        field => Some(dates.day(field).ok_or((4, "is neither a date like 20260701 nor a star"))?),
    };
    let indicator = match next() {
        b"0" => 0,
        b"1" => 1,
        b"9" => 9,
        _ => return Err((5, "is not a modifier indicator (0, 1 or 9)")),
    };
    Ok((column1, PairRow::new(column2, from, to, indicator)))
}

/// `F4` behind a hyphen at the end of a name.
fn part_of(names: &Names) -> Option<u8> {
    names.hints().find_map(|hint| {
        let at = hint.rfind("-F")?;
        match hint.as_bytes().get(at + 2) {
            Some(&part @ b'1'..=b'4')
                if !hint.as_bytes().get(at + 3).is_some_and(u8::is_ascii_alphanumeric) =>
            {
                Some(part - b'0')
            }
            _ => None,
        }
    })
}

/// The quarter, from a name: `2026q3` in that of the zip, or the version. Version 32.2 is the third of 2026: they have
/// been counted by years since 1994, and by quarters from 0.
fn release_of(names: &Names, wishes: &Wishes) -> Result<(Release, bool), ImportError> {
    let version = |hint: &str| {
        let at = hint.find("CCIPRA-V")? + "CCIPRA-V".len();
        match *hint.as_bytes().get(at..at + 4)? {
            [a @ b'0'..=b'9', b @ b'0'..=b'9', quarter @ b'0'..=b'3', b'R'] => {
                Some((1994 + i16::from(a - b'0') * 10 + i16::from(b - b'0'), quarter - b'0'))
            }
            _ => None,
        }
    };
    let stated = names
        .hints()
        .find_map(|hint| release::quarter_in(&hint))
        .or_else(|| names.hints().find_map(|hint| version(&hint)));
    match stated {
        Some((year, quarter)) => Ok((Release::of_quarter(year, quarter), false)),
        None => {
            let why = "its name does not state its quarter";
            let (year, quarter) = release::asked(names, wishes, release::quarter_in, why, "2026Q3")?;
            Ok((Release::of_quarter(year, quarter), true))
        }
    }
}

/// The parts of a release that were not among the files.
pub(super) fn say_what_is_missing(made: &[Made], remarks: &mut Vec<String>) {
    let mut releases: BTreeMap<Date, (&str, Vec<u8>)> = BTreeMap::new();
    for one in made.iter().filter(|one| one.name == TABLE) {
        releases.entry(one.release.from).or_insert((&one.release.label, Vec::new())).1.extend(one.part);
    }
    for (label, parts) in releases.into_values() {
        let missing: Vec<String> =
            (1..=PARTS).filter(|part| !parts.contains(part)).map(|part| format!("f{part}")).collect();
        if missing.is_empty() {
            continue;
        }
        let therapy = match parts.contains(&THERAPY) {
            true => "f4, which holds every pair of therapy's column 1 codes, is there",
            false => "f4, which holds every pair of therapy's column 1 codes, is not",
        };
        remarks.push(format!(
            "{TABLE} {label}: of its four files {} {} not among these; {therapy}",
            missing.join(", "),
            if missing.len() == 1 { "is" } else { "are" }
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn quarter_and_part_by_name() {
        let wishes =
            Wishes { release: None, today: Date::constant(2026, 11, 30), limits: source::Limits::default() };
        for (name, release, part) in [
            ("ccipra-v322r0-f4.TXT", Some("2026Q3"), Some(4)),
            ("ccipra-v313r0-f1.txt", Some("2025Q4"), Some(1)),
            ("medicare-ncci-2026q2-practitioner-ptp-edits-ccipra-v321r0-f2.zip", Some("2026Q2"), Some(2)),
            ("ccipra-f3.txt", None, Some(3)),
            ("ccipra-v324r0.txt", None, None),
        ] {
            let names = Names::of_file(Path::new(name));
            let found = release_of(&names, &wishes).ok().map(|(release, _)| release.label);
            assert_eq!((found.as_deref(), part_of(&names)), (release, part), "{name}");
        }
    }
}
