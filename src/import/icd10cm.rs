//! The ICD-10-CM order file: an order number, a code, whether it is billable, titles; a code a line, all of one fiscal
//! year. Since the year 2026 a code's second character may be a letter.

use super::Wishes;
use super::error::{ImportError, shown};
use super::made::Made;
use super::names::Names;
use super::release::{self, Release};
use super::source::{self, Text};
use crate::claim::{Date, DiagnosisCode};

/// Billable codes of a whole year, at least.
const WHOLE: usize = 60_000;

pub(super) fn read(names: &Names, text: &mut Text<'_>, wishes: &Wishes) -> Result<Made, ImportError> {
    let (release, was_asked) = release_of(names, wishes)?;
    let mut billable: Vec<[u8; 7]> = Vec::new();
    let mut order = 0;
    source::each_line(names, text, &mut |number, line| {
        if line.trim_ascii().is_empty() {
            return Ok(());
        }
        let at = |from: usize, to: usize| line.get(from - 1..to.min(line.len())).unwrap_or_default();
        let wrong = |column: &str, field: &[u8], what: &str| {
            Err(ImportError::at(names, number, column, format!("{} {what}", shown(field))))
        };
        let stated = std::str::from_utf8(at(1, 5)).ok().and_then(|text| text.parse::<u32>().ok());
        if stated != Some(order + 1) {
            // Lines that are missing would make codes of them invalid.
            return wrong("1-5", at(1, 5), &format!("is not the next order number, {:05}", order + 1));
        }
        order += 1;
        let field = at(7, 13).trim_ascii();
        let is_code = (3..=7).contains(&field.len())
            && field[0].is_ascii_uppercase()
            && field.iter().all(|one| one.is_ascii_uppercase() || one.is_ascii_digit());
        let Some(code) = DiagnosisCode::new(field).filter(|_| is_code) else {
            return wrong("7-13", field, "is not an ICD-10-CM code");
        };
        match at(15, 15) {
            b"1" => billable.push(*code.as_bytes()),
            b"0" => {}
            other => return wrong("15", other, "is neither 0 (a heading) nor 1 (billable)"),
        }
        Ok(())
    })?;
    if billable.is_empty() {
        return Err(ImportError::of(names, "it has no billable code"));
    }
    billable.sort_unstable();
    billable.dedup();
    let head = release.head("icd10cm", &names.shown(), wishes.today);
    let count = billable.len();
    let bytes = written(&head, &release, &billable);
    let mut made = Made::whole("icd10cm", (release, was_asked), bytes, count as u64, names);
    if count < WHOLE {
        made.remarks.push(format!(
            "{}: it has {count} billable codes where a whole year has about 74,000; every other code will be faulted",
            names.shown()
        ));
    }
    Ok(made)
}

/// The form of `reference/icd10cm.bin`: see `reference::diagnosis_code`. Every code is billable to the end of the year.
fn written(head: &[String], release: &Release, codes: &[[u8; 7]]) -> Vec<u8> {
    let quarter = |date: Date| {
        u32::from(date.year().unsigned_abs()) * 4 + u32::from(date.month().unsigned_abs() - 1) / 3
    };
    let first = quarter(release.from);
    let quarters = release.to.map_or(1, |to| quarter(to) + 1 - first);
    let (mut categories, mut suffixes) = (Vec::new(), Vec::new());
    let mut category: &[u8] = b"";
    let three = |number: u32| number.to_be_bytes()[1..].to_vec();
    for (place, code) in (0..).zip(codes) {
        let (start, rest) = code.split_at(3);
        if start != category {
            category = start;
            categories.extend_from_slice(start);
            categories.extend(three(place));
        }
        let suffix = rest.iter().fold(0, |suffix, &character| {
            suffix * 37
                + match character {
                    b'0'..=b'9' => u32::from(character - b'0') + 1,
                    b'A'..=b'Z' => u32::from(character - b'A') + 11,
                    _ => 0,
                }
        });
        suffixes.extend(three(suffix * 2));
    }
    let mut bytes: Vec<u8> = head.iter().flat_map(|line| format!("# {line}\n").into_bytes()).collect();
    bytes.push(b'\n');
    for count in [first, quarters, (categories.len() / 6) as u32, codes.len() as u32, 0, 0] {
        bytes.extend(count.to_be_bytes());
    }
    bytes.extend(categories);
    bytes.extend(suffixes);
    bytes
}

/// The fiscal year, from the name: `icd10cm_order_2027.txt`; the update of April from a name that says so.
fn release_of(names: &Names, wishes: &Wishes) -> Result<(Release, bool), ImportError> {
    let year = |text: &str| release::number_in(text, 4, release::is_year);
    let april = names.have("APRIL") || names.have("APR-");
    if let Some(year) = names.hints().filter(|hint| hint.contains("ORDER")).find_map(|hint| year(&hint)) {
        let asked_for_april = wishes.release.as_deref().is_some_and(|wish| {
            wish.to_ascii_uppercase().contains("APRIL") && self::year_of(wish) == Some(year)
        });
        return Ok((Release::of_fiscal_year(year, april || asked_for_april), asked_for_april));
    }
    let why = "its name does not state its fiscal year (icd10cm_order_2027.txt)";
    let parse = |text: &str| year_of(text).map(|year| (year, text.contains("APRIL")));
    let (year, april_asked) = release::asked(names, wishes, parse, why, "FY2027 or FY2027-April")?;
    Ok((Release::of_fiscal_year(year, april || april_asked), true))
}

fn year_of(text: &str) -> Option<i16> {
    release::number_in(text, 4, release::is_year)
}
