//! The provider taxonomy of NUCC as CSV. Codes are kept, and no word about them.

use super::Wishes;
use super::csv_rows::{self, Column, Rows, plain};
use super::error::ImportError;
use super::made::Made;
use super::names::Names;
use super::release::{self, Release};
use super::source::Text;

const COLUMNS: &str = "code";
/// Codes of a whole release, at least.
const WHOLE: usize = 800;

pub(super) fn read(names: &Names, text: &mut Text<'_>, wishes: &Wishes) -> Result<Made, ImportError> {
    csv_rows::past_mark(text).map_err(|error| ImportError::reading(names, &error))?;
    let (release, was_asked) = release_of(names, wishes)?;
    let mut source = Rows::of(names, text);
    let header = source.next()?.map(|row| row.cells().map(plain).collect::<Vec<_>>()).unwrap_or_default();
    let place = header.iter().position(|cell| cell == "CODE").ok_or_else(|| {
        ImportError::at_line(names, 1, "the header of the NUCC taxonomy has no column Code")
    })?;
    source.hold_to(header.len());
    let column = Column { place, name: "Code" };
    let mut rows = Vec::new();
    while let Some(row) = source.next()? {
        let code = row.field(column);
        if code.is_empty() && row.cells().all(<[u8]>::is_empty) {
            continue;
        }
        if code.len() != 10 || !code.iter().all(|one| one.is_ascii_uppercase() || one.is_ascii_digit()) {
            return Err(row.wrong(column, "is not a taxonomy code of ten characters"));
        }
        rows.push(String::from_utf8_lossy(code).into_owned());
    }
    if rows.is_empty() {
        return Err(ImportError::of(names, "it has a header and no codes"));
    }
    let count = rows.len();
    let mut made = Made::text("nucc-taxonomy", (release, was_asked), rows, COLUMNS, names);
    if count < WHOLE {
        made.remarks.push(format!(
            "{}: it has {count} codes where a whole list has about 900; every other code will be faulted",
            names.shown()
        ));
    }
    Ok(made)
}

/// The version is in the name: `nucc_taxonomy_261.csv` is 26.1, of July 2026.
fn release_of(names: &Names, wishes: &Wishes) -> Result<(Release, bool), ImportError> {
    let version = |text: &str| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        match *digits.as_bytes() {
            [a, b, half @ (b'0' | b'1')] => {
                Some((2000 + i16::from(a - b'0') * 10 + i16::from(b - b'0'), half - b'0'))
            }
            _ => None,
        }
    };
    match version(names.own()) {
        Some((year, half)) => Ok((Release::of_taxonomy(year, half), false)),
        None => {
            let why = "its name does not state its version (nucc_taxonomy_261.csv)";
            let (year, half) = release::asked(names, wishes, version, why, "26.1")?;
            Ok((Release::of_taxonomy(year, half), true))
        }
    }
}
