//! Medically unlikely edits of practitioners as CSV: a notice in one quoted cell, a header, a row a code.

use std::collections::BTreeSet;

use super::Wishes;
use super::csv_rows::{self, Column, CsvRow, Rows, plain};
use super::error::ImportError;
use super::made::Made;
use super::names::Names;
use super::release::{self, Release};
use super::source::Text;
use crate::claim::{Date, ProcedureCode};

const COLUMNS: &str = "code, from, units, adjudication indicator";

struct Columns {
    code: Column,
    units: Column,
    adjudication: Column,
}

pub(super) fn read(names: &Names, text: &mut Text<'_>, wishes: &Wishes) -> Result<Made, ImportError> {
    csv_rows::past_mark(text).map_err(|error| ImportError::reading(names, &error))?;
    let (release, was_asked) = release_of(names, wishes)?;
    let mut source = Rows::of(names, text);
    let (columns, width) = loop {
        let Some(row) = source.next()? else {
            return Err(ImportError::of(names, "no line of it is the header of a table of MUE"));
        };
        let cells: Vec<String> = row.cells().map(plain).collect();
        if cells.iter().filter(|cell| !cell.is_empty()).count() > 2
            && cells.iter().any(|cell| cell.contains("MUE VALUES"))
        {
            break (columns(names, row.line, &cells)?, cells.len());
        }
    };
    source.hold_to(width);
    let mut rows = Vec::new();
    let mut seen = BTreeSet::new();
    while let Some(row) = source.next()? {
        if row.cells().all(<[u8]>::is_empty) {
            continue;
        }
        let (code, line) = of_row(&row, &columns, release.from)?;
        if !seen.insert(code) {
            return Err(row.wrong(columns.code, "stands twice"));
        }
        rows.push(line);
    }
    if rows.is_empty() {
        return Err(ImportError::of(names, "it has a header and no rows"));
    }
    Ok(Made::text("mue", (release, was_asked), rows, COLUMNS, names))
}

fn columns(names: &Names, line: u64, cells: &[String]) -> Result<Columns, ImportError> {
    let find = |name: &'static str, word: &str| {
        let place = cells.iter().position(|cell| cell.contains(word));
        place.map(|place| Column { place, name }).ok_or_else(|| {
            ImportError::at_line(names, line, format!("the header of the MUE has no column {name}"))
        })
    };
    Ok(Columns {
        code: find("HCPCS/CPT Code", "HCPCS")?,
        units: find("Practitioner Services MUE Values", "PRACTITIONER SERVICES MUE VALUES")?,
        adjudication: find("MUE Adjudication Indicator", "MUE ADJUDICATION INDICATOR")?,
    })
}

fn of_row(row: &CsvRow<'_>, columns: &Columns, from: Date) -> Result<(ProcedureCode, String), ImportError> {
    let code = ProcedureCode::new(row.field(columns.code))
        .ok_or_else(|| row.wrong(columns.code, "is not a procedure code"))?;
    let units = row.decimal(columns.units, 0, false)?;
    let units =
        u16::try_from(units).map_err(|_| row.wrong(columns.units, "is more units than any MUE has"))?;
    let adjudication = match row.field(columns.adjudication) {
        [digit @ b'1'..=b'3', rest @ ..] if !rest.first().is_some_and(u8::is_ascii_digit) => {
            char::from(*digit)
        }
        _ => return Err(row.wrong(columns.adjudication, "does not begin with 1, 2 or 3")),
    };
    let from = from.strftime("%Y%m%d");
    Ok((code, format!("{code}\t{from}\t{units:>5}\t{adjudication}")))
}

/// The first day of the quarter, as the name ends: `Eff_07-01-2026`.
fn release_of(names: &Names, wishes: &Wishes) -> Result<(Release, bool), ImportError> {
    let dated = |hint: &str| {
        let at = hint.find("EFF")? + 3;
        let numbers: Vec<&str> =
            hint[at..].split(|one: char| !one.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
        let [month, day, year, ..] = numbers[..] else { return None };
        let month: u8 = month.parse().ok().filter(|month| matches!(month, 1 | 4 | 7 | 10))?;
        let year: i16 = year.parse().ok().filter(|&year| release::is_year(year))?;
        (day.parse() == Ok(1)).then_some((year, (month - 1) / 3))
    };
    let stated = names
        .hints()
        .find_map(|hint| dated(&hint))
        .or_else(|| names.hints().find_map(|hint| release::quarter_in(&hint)));
    match stated {
        Some((year, quarter)) => Ok((Release::of_quarter(year, quarter), false)),
        None => {
            let why = "its name does not state its quarter (Eff_07-01-2026)";
            let (year, quarter) = release::asked(names, wishes, release::quarter_in, why, "2026Q3")?;
            Ok((Release::of_quarter(year, quarter), true))
        }
    }
}
