//! The project's own lists, for what CMS publishes in no form that fits: procedure codes and modifiers, each with the
//! days from and to which it may be billed. A day left empty is no bound.

use super::Wishes;
use super::csv_rows::{self, Column, CsvRow, Rows, plain};
use super::error::ImportError;
use super::made::Made;
use super::names::Names;
use super::release::Release;
use super::source::Text;
use crate::claim::{Date, Modifier, ProcedureCode, parse_iso_date};

const FROM: Column = Column { place: 1, name: "effective_from" };
const TO: Column = Column { place: 2, name: "effective_to" };
const COLUMNS: &str = "code, from, to (00000000 and 99999999: no bound)";

/// `procedure_code,effective_from,effective_to`.
pub(super) fn procedure_codes(
    names: &Names,
    text: &mut Text<'_>,
    wishes: &Wishes,
) -> Result<Made, ImportError> {
    list("procedure-codes", "procedure_code", "is not a procedure code", names, text, wishes, |field| {
        ProcedureCode::new(field).map(|code| code.to_string()).filter(|code| is_capital(code))
    })
}

/// `modifier,effective_from,effective_to`.
pub(super) fn modifiers(names: &Names, text: &mut Text<'_>, wishes: &Wishes) -> Result<Made, ImportError> {
    list("modifiers", "modifier", "is not a modifier", names, text, wishes, |field| {
        Modifier::new(field).map(|code| code.as_str().to_owned()).filter(|code| is_capital(code))
    })
}

fn is_capital(code: &str) -> bool {
    !code.bytes().any(|byte| byte.is_ascii_lowercase())
}

fn list(
    table: &'static str,
    key: &'static str,
    wrong: &str,
    names: &Names,
    text: &mut Text<'_>,
    wishes: &Wishes,
    code: impl Fn(&[u8]) -> Option<String>,
) -> Result<Made, ImportError> {
    csv_rows::past_mark(text).map_err(|error| ImportError::reading(names, &error))?;
    let mut source = Rows::of(names, text);
    let header: Vec<String> = source.next()?.map(|row| row.cells().map(plain).collect()).unwrap_or_default();
    let wanted = [key, FROM.name, TO.name];
    if header.len() != 3
        || !header.iter().zip(wanted).all(|(stated, wanted)| stated.eq_ignore_ascii_case(wanted))
    {
        return Err(ImportError::at_line(
            names,
            1,
            format!("the header of such a list is {}", wanted.join(",")),
        ));
    }
    source.hold_to(header.len());
    let column = Column { place: 0, name: key };
    let mut rows = Vec::new();
    while let Some(row) = source.next()? {
        let code = code(row.field(column)).ok_or_else(|| row.wrong(column, wrong))?;
        let (from, to) = (day(&row, FROM)?, day(&row, TO)?);
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            return Err(row.wrong(TO, "is before effective_from"));
        }
        let written = |day: Option<Date>, open: &str| {
            day.map_or_else(|| open.to_owned(), |day| day.strftime("%Y%m%d").to_string())
        };
        rows.push(format!("{code}\t{}\t{}", written(from, "00000000"), written(to, "99999999")));
    }
    if rows.is_empty() {
        return Err(ImportError::of(names, "it has a header and no rows"));
    }
    rows.sort_unstable();
    rows.dedup();
    let is_label = |one: &char| one.is_ascii_alphanumeric() || matches!(one, '.' | '-' | '_');
    let (label, was_asked) = match &wishes.release {
        Some(release) if !release.is_empty() && release.chars().all(|one| is_label(&one)) => {
            (release.clone(), true)
        }
        Some(_) => {
            return Err(ImportError::of(names, "--release is letters, digits, points and hyphens"));
        }
        None => (wishes.today.to_string(), false),
    };
    // The days of a list stand in its rows.
    let release = Release { label, from: wishes.today, to: None };
    let mut made = Made::text(table, (release, was_asked), rows, COLUMNS, names);
    made.alone = true;
    Ok(made)
}

fn day(row: &CsvRow<'_>, column: Column) -> Result<Option<Date>, ImportError> {
    match row.field(column) {
        b"" => Ok(None),
        field => parse_iso_date(field)
            .map(Some)
            .ok_or_else(|| row.wrong(column, "is not a date like 2026-01-01, nor empty")),
    }
}
