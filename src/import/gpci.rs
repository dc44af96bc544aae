//! Geographic practice cost indices (Addendum E) as CSV: a title with the year, a header, a row a locality, notes.
//!
//! Some releases state the work index twice, without and with the floor of 1.0 that the law sets for a time; the one with
//! the floor is what is paid.

use std::collections::BTreeSet;

use super::Wishes;
use super::csv_rows::{self, Column, CsvRow, Rows, plain, written};
use super::error::ImportError;
use super::made::Made;
use super::names::Names;
use super::release::{self, Release};
use super::source::Text;

/// The table's name in the store.
const TABLE: &str = "gpci";
const COLUMNS: &str = "contractor, locality, state, work, practice expense, malpractice, name";
const NAME: usize = 84;

struct Columns {
    contractor: Column,
    state: Column,
    locality: Column,
    name: Column,
    work: Column,
    practice: Column,
    malpractice: Column,
}

pub(super) fn read(names: &Names, text: &mut Text<'_>, wishes: &Wishes) -> Result<Made, ImportError> {
    csv_rows::past_mark(text).map_err(|error| ImportError::reading(names, &error))?;
    let mut source = Rows::of(names, text);
    let mut title = String::new();
    let (columns, floor) = loop {
        let Some(row) = source.next()? else {
            return Err(ImportError::of(names, "no line of it is the header of a table of GPCI"));
        };
        let cells: Vec<String> = row.cells().map(plain).collect();
        title.push_str(&cells.join(" "));
        title.push('\n');
        if cells.iter().any(|cell| cell.contains("PE GPCI")) {
            break columns(names, row.line, &cells)?;
        }
    };
    let mut rows = Vec::new();
    let mut seen = BTreeSet::new();
    while let Some(row) = source.next()? {
        // Below the table are notes, which have their text in the first column.
        if row.field(columns.state).is_empty() {
            if row.says_more_than(1) {
                return Err(row.wrong(columns.state, "is empty, and its row says more"));
            }
            continue;
        }
        let line = of_row(&row, &columns)?;
        if !seen.insert(line[..8].to_owned()) {
            return Err(row.wrong(columns.locality, "stands twice for its contractor"));
        }
        rows.push(line);
    }
    if rows.is_empty() {
        return Err(ImportError::of(names, "it has a header and no localities"));
    }
    let release = release_of(names, &title, wishes)?;
    let mut made = Made::text(TABLE, release, rows, COLUMNS, names);
    if !floor {
        made.remarks.push(format!(
            "{}: its work index is stated without the 1.0 floor, and is taken as it stands",
            names.shown()
        ));
    }
    Ok(made)
}

/// The columns, and whether the work index is the one with the floor.
fn columns(names: &Names, line: u64, cells: &[String]) -> Result<(Columns, bool), ImportError> {
    let find = |name: &'static str, is_it: &dyn Fn(&str) -> bool| {
        let place = cells.iter().position(|cell| is_it(cell));
        place.map(|place| Column { place, name }).ok_or_else(|| {
            ImportError::at_line(names, line, format!("the header of the GPCI has no column {name}"))
        })
    };
    let is_work = |cell: &str| cell.contains("PW GPCI") || cell.contains("WORK GPCI");
    let has_floor = |cell: &str| is_work(cell) && cell.contains("WITH 1.0 FLOOR");
    let floor = cells.iter().any(|cell| has_floor(cell));
    let work = match floor {
        true => find("PW GPCI", &has_floor)?,
        false => find("PW GPCI", &is_work)?,
    };
    let columns = Columns {
        contractor: find("Medicare Administrative Contractor (MAC)", &|cell| {
            cell.contains("(MAC)") || cell == "MAC"
        })?,
        state: find("State", &|cell| cell == "STATE")?,
        locality: find("Locality Number", &|cell| cell == "LOCALITY NUMBER")?,
        name: find("Locality Name", &|cell| cell == "LOCALITY NAME")?,
        work,
        practice: find("PE GPCI", &|cell| cell.contains("PE GPCI"))?,
        malpractice: find("MP GPCI", &|cell| cell.contains("MP GPCI"))?,
    };
    Ok((columns, floor))
}

fn of_row(row: &CsvRow<'_>, columns: &Columns) -> Result<String, ImportError> {
    let number = |column: Column, digits: usize, what: &str| {
        let field = row.field(column);
        let is_number = !field.is_empty() && field.len() <= digits && field.iter().all(u8::is_ascii_digit);
        // A spreadsheet that was saved again has lost the zeros in front.
        is_number
            .then(|| format!("{:0>digits$}", String::from_utf8_lossy(field)))
            .ok_or_else(|| row.wrong(column, what))
    };
    let contractor = number(columns.contractor, 5, "is not a contractor's number")?;
    let locality = number(columns.locality, 2, "is not a locality's number")?;
    let state = match *row.field(columns.state) {
        [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => [char::from(a), char::from(b)],
        _ => return Err(row.wrong(columns.state, "is not a state")),
    };
    let index = |column| match row.decimal(column, 3, false)? {
        number @ 1..=9_999 => Ok(written(number, 3, 5)),
        _ => Err(row.wrong(column, "is no likely index")),
    };
    let name = plain(row.field(columns.name));
    let name: String = name
        .trim_matches('*')
        .chars()
        .map(|one| if one.is_ascii_graphic() { one } else { ' ' })
        .take(NAME)
        .collect();
    Ok(format!(
        "{contractor}\t{locality}\t{}{}\t{}\t{}\t{}\t{name:NAME$}",
        state[0],
        state[1],
        index(columns.work)?,
        index(columns.practice)?,
        index(columns.malpractice)?,
    ))
}

/// The year is in the title; the quarter in the name of the zip, in `--release`, or that of a schedule imported beside.
fn release_of(names: &Names, title: &str, wishes: &Wishes) -> Result<(Release, bool), ImportError> {
    let year = release::number_in(title, 4, release::is_year)
        .or_else(|| release::number_in(&names.own().to_ascii_uppercase(), 4, release::is_year));
    let hint = names.hints().find_map(|hint| release::schedule_in(&hint));
    let wish = wishes.release.as_deref().and_then(|wish| release::schedule_in(&wish.to_ascii_uppercase()));
    let (stated, was_asked) = match (hint, wish) {
        (Some(hint), _) => (Some(hint), false),
        (None, wish) => (wish, wish.is_some()),
    };
    match (year, stated) {
        (Some(year), Some((of, quarter))) if of == year => {
            Ok((Release::of_schedule(year, quarter), was_asked))
        }
        (Some(year), Some((of, _))) => Err(ImportError::of(
            names,
            format!("it states the year {year}, and its release is said to be of {of}"),
        )),
        (Some(year), None) => Ok((Release::of_year(year), false)),
        (None, Some((year, quarter))) => Ok((Release::of_schedule(year, quarter), was_asked)),
        (None, None) => {
            let why = "it does not state its year";
            let (year, quarter) = release::asked(names, wishes, release::schedule_in, why, "RVU25D")?;
            Ok((Release::of_schedule(year, quarter), true))
        }
    }
}

/// Indices that state their year alone are of the release of the schedule that is imported with them.
pub(super) fn take_release_of_schedules(made: &mut [Made]) {
    let of_schedules: Vec<Release> =
        made.iter().filter(|one| one.name.starts_with("mpfs")).map(|one| one.release.clone()).collect();
    for one in made.iter_mut().filter(|one| one.name == TABLE && one.release.label.starts_with("CY")) {
        let same_year = of_schedules.iter().filter(|release| release.from.year() == one.release.from.year());
        match same_year.max_by_key(|release| release.from) {
            Some(release) => one.release = release.clone(),
            None => one.remarks.push(format!(
                "{}: it states its year and not its quarter, so it is kept as {}, from the first of January; if it is \
                 of a later release, say so with --release",
                one.source.shown(),
                one.release.label
            )),
        }
    }
}
