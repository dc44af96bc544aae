//! The relative value file as CSV: some lines of notices, a header spread over several lines, the last of which begins
//! with HCPCS and MOD. In 2026 a column was put in the middle, so columns are found by their names alone.

use super::Wishes;
use super::csv_rows::{self, Column, CsvRow, Rows, plain};
use super::error::ImportError;
use super::made::Made;
use super::mpfs::{MpfsRow, Schedule};
use super::names::Names;
use super::source::Text;
use crate::claim::{Modifier, ProcedureCode};

/// Lines in which the header must end.
const HEADER: u64 = 40;

struct Columns {
    code: Column,
    modifier: Column,
    status: Column,
    work: Column,
    practice: Column,
    not_applicable: Column,
    facility_practice: Column,
    facility_not_applicable: Column,
    malpractice: Column,
    pctc: Column,
    multiple: Column,
    bilateral: Column,
    factor: Column,
}

pub(super) fn read(names: &Names, text: &mut Text<'_>, wishes: &Wishes) -> Result<Made, ImportError> {
    csv_rows::past_mark(text).map_err(|error| ImportError::reading(names, &error))?;
    let mut rows = Rows::of(names, text);
    let (title, columns) = header(names, &mut rows)?;
    let mut schedule = Schedule::default();
    while let Some(row) = rows.next()? {
        // A note below the table has its text in another column.
        if row.field(columns.code).is_empty() {
            if row.says_more_than(1) {
                return Err(row.wrong(columns.code, "is empty, and its row says more"));
            }
            continue;
        }
        let read = of_row(&row, &columns)?;
        if !schedule.take(&read) {
            return Err(row.wrong(columns.code, "stands twice with the same modifier"));
        }
    }
    let mut made = schedule.made(names, &title, wishes)?;
    made.rank = 1;
    Ok(made)
}

/// The lines above the table in capitals, and the columns by the words that stand above each other.
fn header(names: &Names, rows: &mut Rows<'_, '_>) -> Result<(String, Columns), ImportError> {
    let mut title = String::new();
    let mut stacked: Vec<String> = Vec::new();
    loop {
        let row = rows.next()?.filter(|row| row.line <= HEADER).ok_or_else(|| {
            ImportError::of(
                names,
                "no line of its first 40 begins with HCPCS,MOD, as the header of a relative value file does",
            )
        })?;
        let cells: Vec<String> = row.cells().map(plain).collect();
        let is_last = cells.first().is_some_and(|cell| cell == "HCPCS");
        let stated: Vec<&str> = cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
        if let [only] = stated[..]
            && !is_last
        {
            // A notice stands alone on its line; it is no part of a column's name.
            title.push_str(only);
            title.push('\n');
            continue;
        }
        stacked.resize(stacked.len().max(cells.len()), String::new());
        for (name, cell) in stacked.iter_mut().zip(&cells) {
            if !name.is_empty() && !cell.is_empty() {
                name.push(' ');
            }
            name.push_str(cell);
        }
        if is_last {
            return Ok((title, columns(names, row.line, &stacked)?));
        }
    }
}

fn columns(names: &Names, line: u64, stacked: &[String]) -> Result<Columns, ImportError> {
    let find = |name: &'static str| -> Result<Column, ImportError> {
        // Words of a notice that spread over several columns may stand above those of the column.
        let is_it = |stated: &str| {
            stated.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with(' '))
        };
        let exact = stacked.iter().any(|stated| stated == name);
        let is_column = |stated: &str| if exact { stated == name } else { is_it(stated) };
        let mut found = stacked.iter().enumerate().filter(|(_, stated)| is_column(stated));
        match (found.next(), found.next()) {
            (Some((place, _)), None) => Ok(Column { place, name }),
            (None, _) => Err(ImportError::at_line(
                names,
                line,
                format!("the header of the relative value file has no column {name}"),
            )),
            (Some(_), Some(_)) => {
                Err(ImportError::at_line(names, line, format!("the header has two columns {name}")))
            }
        }
    };
    Ok(Columns {
        code: find("HCPCS")?,
        modifier: find("MOD")?,
        status: find("STATUS CODE")?,
        work: find("WORK RVU")?,
        practice: find("NON-FAC PE RVU")?,
        not_applicable: find("NON-FAC NA INDICATOR")?,
        facility_practice: find("FACILITY PE RVU")?,
        facility_not_applicable: find("FACILITY NA INDICATOR")?,
        malpractice: find("MP RVU")?,
        pctc: find("PCTC IND")?,
        multiple: find("MULT PROC")?,
        bilateral: find("BILAT SURG")?,
        factor: find("CONV FACTOR")?,
    })
}

fn of_row(row: &CsvRow<'_>, columns: &Columns) -> Result<MpfsRow, ImportError> {
    let code = ProcedureCode::new(row.field(columns.code))
        .ok_or_else(|| row.wrong(columns.code, "is not a procedure code"))?;
    let modifier = match row.field(columns.modifier) {
        b"" => None,
        stated => {
            Some(Modifier::new(stated).ok_or_else(|| row.wrong(columns.modifier, "is not a modifier"))?)
        }
    };
    let status = match row.field(columns.status) {
        &[status] if status.is_ascii_uppercase() => status,
        _ => return Err(row.wrong(columns.status, "is not a status letter")),
    };
    // Only what is priced by its RVUs must have them.
    let may_be_empty = !matches!(status, b'A' | b'R' | b'T');
    // The largest of 2025 is a few hundred.
    let rvu = |column| match row.decimal(column, 2, may_be_empty)? {
        number @ 0..=9_999_999 => Ok(number),
        _ => Err(row.wrong(column, "is no likely number of RVUs")),
    };
    let indicator = |column| match row.field(column) {
        [] => Ok(b'-'),
        &[indicator] if indicator.is_ascii_alphanumeric() => Ok(indicator),
        _ => Err(row.wrong(column, "is not an indicator of one character")),
    };
    let na = |column| match row.field(column) {
        b"" => Ok(false),
        b"NA" => Ok(true),
        _ => Err(row.wrong(column, "is neither NA nor empty")),
    };
    Ok(MpfsRow {
        code,
        modifier,
        status,
        work: rvu(columns.work)?,
        practice: rvu(columns.practice)?,
        facility_practice: rvu(columns.facility_practice)?,
        malpractice: rvu(columns.malpractice)?,
        not_applicable: na(columns.not_applicable)?,
        facility_not_applicable: na(columns.facility_not_applicable)?,
        pctc: indicator(columns.pctc)?,
        multiple: indicator(columns.multiple)?,
        bilateral: indicator(columns.bilateral)?,
        conversion_factor: match row.decimal(columns.factor, 4, false)? {
            factor @ 1..=9_999_999 => factor,
            _ => return Err(row.wrong(columns.factor, "is no likely conversion factor")),
        },
    })
}
