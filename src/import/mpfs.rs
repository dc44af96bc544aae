//! What both forms of the relative value file have in common: the rows of the store's table, and the release.

use std::collections::BTreeSet;

use super::Wishes;
use super::csv_rows::written;
use super::error::ImportError;
use super::made::Made;
use super::names::Names;
use super::release::{self, Release};
use crate::claim::{Modifier, ProcedureCode};

/// The schedule of clinicians outside a qualifying alternative payment model; before 2026 there was no other.
const SCHEDULE: &str = "mpfs";
/// The schedule of those inside one.
const QUALIFYING: &str = "mpfs-qpp";

/// The first year with two schedules.
const TWO_SCHEDULES: i16 = 2026;
/// Dollars per RVU of 2026, in ten-thousandths: inside a qualifying model, and outside (CMS-1832-F).
const FACTORS_2026: (u64, u64) = (335_675, 334_009);

const COLUMNS: &str = "code and modifier, status, work, practice expense non-facility, practice expense facility, \
facility NA, malpractice, PC/TC, multiple procedure, bilateral, conversion factor, non-facility NA";

/// A row as either form states it. RVUs in hundredths, the conversion factor in ten-thousandths.
#[derive(Clone, Debug)]
pub(super) struct MpfsRow {
    pub(super) code: ProcedureCode,
    pub(super) modifier: Option<Modifier>,
    pub(super) status: u8,
    pub(super) work: u64,
    pub(super) practice: u64,
    pub(super) facility_practice: u64,
    pub(super) malpractice: u64,
    pub(super) not_applicable: bool,
    pub(super) facility_not_applicable: bool,
    pub(super) pctc: u8,
    pub(super) multiple: u8,
    pub(super) bilateral: u8,
    pub(super) conversion_factor: u64,
}

/// Collects rows and holds them against each other.
#[derive(Default)]
pub(super) struct Schedule {
    rows: Vec<String>,
    seen: BTreeSet<(ProcedureCode, Option<Modifier>)>,
    factors: BTreeSet<u64>,
}

impl Schedule {
    /// Takes a row; false if its code and modifier were there before.
    pub(super) fn take(&mut self, row: &MpfsRow) -> bool {
        let na = |not_applicable| if not_applicable { "NA" } else { "--" };
        let rvu = |number| written(number, 2, 9);
        let modifier = row.modifier.unwrap_or_default();
        self.factors.insert(row.conversion_factor);
        self.rows.push(format!(
            "{}{:2}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            row.code,
            modifier.as_str(),
            char::from(row.status),
            rvu(row.work),
            rvu(row.practice),
            rvu(row.facility_practice),
            na(row.facility_not_applicable),
            rvu(row.malpractice),
            char::from(row.pctc),
            char::from(row.multiple),
            char::from(row.bilateral),
            written(row.conversion_factor, 4, 9),
            na(row.not_applicable),
        ));
        self.seen.insert((row.code, row.modifier))
    }

    /// The table, with the release that the `title` (the lines above the header, in capitals) or the names state.
    pub(super) fn made(self, names: &Names, title: &str, wishes: &Wishes) -> Result<Made, ImportError> {
        if self.rows.is_empty() {
            return Err(ImportError::of(names, "it has a header and no rows"));
        }
        let (release, qualifying, was_asked) = release_of(names, title, wishes, &self.factors)?;
        let table = if qualifying { QUALIFYING } else { SCHEDULE };
        Ok(Made::text(table, (release, was_asked), self.rows, COLUMNS, names))
    }
}

fn release_of(
    names: &Names,
    title: &str,
    wishes: &Wishes,
    factors: &BTreeSet<u64>,
) -> Result<(Release, bool, bool), ImportError> {
    let own = names.own().to_ascii_uppercase();
    // The title of the CSV names the year before its file; the fixed-width text has a notice for a head.
    let year = release::number_in(title.lines().next().unwrap_or_default(), 4, release::is_year)
        .filter(|_| title.contains("RELATIVE VALUE FILE"))
        .or_else(|| release::number_in(&own, 4, release::is_year))
        .or_else(|| release::number_in(&own, 2, |number| number >= 20).map(|year| 2000 + year));
    let titled = title.lines().find_map(|line| release::month_in(line).filter(|_| line.contains("RELEASE")));
    let month = titled.or_else(|| release::month_in(&own));
    let stated = year.zip(month).or_else(|| names.hints().find_map(|hint| release::schedule_in(&hint)));
    let (stated, was_asked) = match stated {
        Some(stated) => (stated, false),
        None => {
            let why = "it does not state its release";
            (release::asked(names, wishes, release::schedule_in, why, "RVU25D")?, true)
        }
    };
    let (year, quarter) = stated;
    let qualifying = year >= TWO_SCHEDULES && is_qualifying(names, title, wishes, factors)?;
    Ok((Release::of_schedule(year, quarter), qualifying, was_asked))
}

/// Which of the two schedules of a year it is: by its name, else by the conversion factor where that is known.
fn is_qualifying(
    names: &Names,
    title: &str,
    wishes: &Wishes,
    factors: &BTreeSet<u64>,
) -> Result<bool, ImportError> {
    let says = |text: &str| {
        let flat = text.replace(['-', '_', ' '], "");
        match (flat.contains("NONQPP"), flat.contains("QPP")) {
            (true, _) => Some(false),
            (false, true) => Some(true),
            (false, false) => None,
        }
    };
    let own = names.own().to_ascii_uppercase();
    let by_factor = match () {
        () if factors.contains(&FACTORS_2026.0) => Some(true),
        () if factors.contains(&FACTORS_2026.1) => Some(false),
        () => None,
    };
    let wish = || wishes.release.as_deref().and_then(|release| says(&release.to_ascii_uppercase()));
    says(&own).or_else(|| says(title)).or(by_factor).or_else(wish).ok_or_else(|| {
        ImportError::of(
            names,
            "since 2026 there are two schedules, and it does not state which it is: leave its name as CMS gave it \
             (PPRRVU2026_Jan_nonQPP.csv), or say --release RVU27A-nonQPP",
        )
    })
}
