//! The five-digit file of ZIP codes and carrier localities: 80 characters a line, a line a ZIP code.

use super::error::{ImportError, shown};
use super::made::Made;
use super::names::Names;
use super::release::Release;
use super::source::{self, Text};

const COLUMNS: &str = "first ZIP, last ZIP, contractor, locality, split between localities by ZIP+4 (S)";

/// ZIP codes in a row that lie in one locality.
struct Run {
    first: u32,
    last: u32,
    contractor: String,
    locality: String,
    split: bool,
}

pub(super) fn read(names: &Names, text: &mut Text<'_>) -> Result<Made, ImportError> {
    let mut zips: Vec<Run> = Vec::new();
    let mut stated: Option<Vec<u8>> = None;
    source::each_line(names, text, &mut |number, line| {
        if line.trim_ascii().is_empty() {
            return Ok(());
        }
        let at = |from: usize, to: usize| line.get(from - 1..to).unwrap_or_default();
        let digits = |from: usize, to: usize, what: &str| {
            let field = at(from, to);
            let is_number = !field.is_empty() && field.iter().all(u8::is_ascii_digit);
            is_number.then(|| String::from_utf8_lossy(field).into_owned()).ok_or_else(|| {
                let column = format!("{from}-{to}");
                ImportError::at(names, number, column, format!("{} {what}", shown(field)))
            })
        };
        let zip: u32 = digits(3, 7, "is not a ZIP code")?.parse().unwrap_or_default();
        let split = match at(21, 21) {
            b"1" => true,
            b"0" | b" " => false,
            field => {
                let what = format!("{} is not a plus-four flag", shown(field));
                return Err(ImportError::at(names, number, "21", what));
            }
        };
        let quarter = at(76, 80);
        digits(76, 80, "is not a year and quarter")?;
        if stated.get_or_insert_with(|| quarter.to_vec()).as_slice() != quarter {
            return Err(ImportError::at(
                names,
                number,
                "76-80",
                format!("{} is another quarter than that of the first line", shown(quarter)),
            ));
        }
        zips.push(Run {
            first: zip,
            last: zip,
            contractor: digits(8, 12, "is not a contractor's number")?,
            locality: digits(13, 14, "is not a locality's number")?,
            split,
        });
        Ok(())
    })?;
    let release = release_of(names, stated.as_deref().unwrap_or_default())?;
    zips.sort_by_key(|zip| zip.first);
    let mut runs: Vec<Run> = Vec::new();
    for zip in zips {
        match runs.last_mut() {
            Some(run) if run.last == zip.first => {
                let same = (&run.contractor, &run.locality, run.split)
                    == (&zip.contractor, &zip.locality, zip.split);
                if !same {
                    // Two lines that disagree: five digits do not tell the locality.
                    split_off(&mut runs, zip.first);
                }
            }
            Some(run)
                if run.last + 1 == zip.first
                    && (&run.contractor, &run.locality, run.split)
                        == (&zip.contractor, &zip.locality, zip.split) =>
            {
                run.last = zip.last;
            }
            _ => runs.push(zip),
        }
    }
    let rows = runs
        .iter()
        .map(|run| {
            let split = if run.split { 'S' } else { '-' };
            format!("{:05}\t{:05}\t{}\t{}\t{split}", run.first, run.last, run.contractor, run.locality)
        })
        .collect();
    Ok(Made::text("zip-locality", (release, false), rows, COLUMNS, names))
}

/// Takes the last ZIP code out of the last run, as one that is split.
fn split_off(runs: &mut Vec<Run>, zip: u32) {
    let Some(run) = runs.pop() else { return };
    if run.first < zip {
        let (contractor, locality) = (run.contractor.clone(), run.locality.clone());
        runs.push(Run { first: run.first, last: zip - 1, contractor, locality, split: run.split });
    }
    runs.push(Run { first: zip, last: zip, split: true, ..run });
}

/// Year and quarter as the lines end: `20254`.
fn release_of(names: &Names, stated: &[u8]) -> Result<Release, ImportError> {
    let number: u32 = std::str::from_utf8(stated).ok().and_then(|text| text.parse().ok()).unwrap_or_default();
    let (year, quarter) = (number / 10, number % 10);
    if !(2000..2100).contains(&year) || !(1..=4).contains(&quarter) {
        return Err(ImportError::at(
            names,
            1,
            "76-80",
            format!("{} is not a year and quarter", shown(stated)),
        ));
    }
    Ok(Release::of_quarter(year as i16, quarter as u8 - 1))
}
