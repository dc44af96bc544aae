//! The relative value file as text of fixed width: notices that begin with HDR, then a row a line.
//!
//! Up to the bilateral indicator the columns stand where they stood for years. Behind it 2026 put one in, so the
//! conversion factor is found by its form: nothing else there has four places behind the point.

use super::Wishes;
use super::csv_rows::decimal;
use super::error::{ImportError, shown};
use super::made::Made;
use super::mpfs::{MpfsRow, Schedule};
use super::names::Names;
use super::source::Text;
use crate::claim::{Modifier, ProcedureCode};

pub(super) fn read(names: &Names, text: &mut Text<'_>, wishes: &Wishes) -> Result<Made, ImportError> {
    let mut schedule = Schedule::default();
    let mut title = String::new();
    super::source::each_line(names, text, &mut |number, line| {
        if let Some(notice) = line.strip_prefix(b"HDR") {
            title.push_str(&String::from_utf8_lossy(notice).to_ascii_uppercase());
            title.push('\n');
            return Ok(());
        }
        if line.trim_ascii().is_empty() {
            return Ok(());
        }
        let row = of_line(&Line { names, number, line })?;
        match schedule.take(&row) {
            true => Ok(()),
            false => Err(ImportError::at(
                names,
                number,
                "1",
                format!("{} stands twice with the same modifier", row.code),
            )),
        }
    })?;
    schedule.made(names, &title, wishes)
}

struct Line<'l> {
    names: &'l Names,
    number: u64,
    line: &'l [u8],
}

impl Line<'_> {
    /// The characters from one place to another, both counted from 1 and included, without blanks around them.
    fn at(&self, from: usize, to: usize) -> &[u8] {
        self.line.get(from - 1..to.min(self.line.len())).unwrap_or_default().trim_ascii()
    }

    fn wrong(&self, from: usize, to: usize, what: &str) -> ImportError {
        let field = shown(self.at(from, to));
        ImportError::at(self.names, self.number, format!("{from}-{to}"), format!("{field} {what}"))
    }

    fn rvu(&self, from: usize, to: usize, may_be_empty: bool) -> Result<u64, ImportError> {
        match self.at(from, to) {
            b"" if may_be_empty => Ok(0),
            field => decimal(field, 2)
                .ok_or_else(|| self.wrong(from, to, "is not a number with 2 places behind the point")),
        }
    }

    fn indicator(&self, at: usize) -> Result<u8, ImportError> {
        match self.at(at, at) {
            [] => Ok(b'-'),
            &[indicator] if indicator.is_ascii_alphanumeric() => Ok(indicator),
            _ => Err(self.wrong(at, at, "is not an indicator")),
        }
    }

    fn na(&self, from: usize, to: usize) -> Result<bool, ImportError> {
        match self.at(from, to) {
            b"" => Ok(false),
            b"NA" => Ok(true),
            _ => Err(self.wrong(from, to, "is neither NA nor empty")),
        }
    }
}

fn of_line(line: &Line<'_>) -> Result<MpfsRow, ImportError> {
    let code =
        ProcedureCode::new(line.at(1, 5)).ok_or_else(|| line.wrong(1, 5, "is not a procedure code"))?;
    let modifier = match line.at(6, 7) {
        b"" => None,
        stated => Some(Modifier::new(stated).ok_or_else(|| line.wrong(6, 7, "is not a modifier"))?),
    };
    let status = match line.at(58, 58) {
        &[status] if status.is_ascii_uppercase() => status,
        _ => return Err(line.wrong(58, 58, "is not a status letter")),
    };
    let may_be_empty = !matches!(status, b'A' | b'R' | b'T');
    let conversion_factor = factor(line.line.get(117..).unwrap_or_default())
        .ok_or_else(|| line.wrong(118, 150, "holds no conversion factor, two digits with four places"))?;
    Ok(MpfsRow {
        code,
        modifier,
        status,
        work: line.rvu(60, 65, may_be_empty)?,
        practice: line.rvu(67, 72, may_be_empty)?,
        facility_practice: line.rvu(76, 81, may_be_empty)?,
        malpractice: line.rvu(85, 89, may_be_empty)?,
        not_applicable: line.na(73, 74)?,
        facility_not_applicable: line.na(82, 83)?,
        pctc: line.indicator(103)?,
        multiple: line.indicator(116)?,
        bilateral: line.indicator(117)?,
        conversion_factor,
    })
}

/// The first number with two digits before the point and exactly four behind.
fn factor(rest: &[u8]) -> Option<u64> {
    memchr::memchr_iter(b'.', rest).find_map(|point| {
        let number = rest.get(point.checked_sub(2)?..point + 5)?;
        let ends = rest.get(point + 5).is_none_or(|byte| !byte.is_ascii_digit());
        decimal(number, 4).filter(|_| ends && number.iter().filter(|byte| byte.is_ascii_digit()).count() == 6)
    })
}
