use std::fmt;

use csv::{ByteRecord, ReaderBuilder};

use super::nearest;
use crate::claim::{Cents, Date, parse_iso_date};

/// A column that a side file may have. Its name is matched whatever the case and the spaces around it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Column {
    /// As the header names it.
    pub name: &'static str,
    /// Whether the file is refused without it. Where it may be missing, it reads as empty in every row.
    pub required: bool,
}

impl Column {
    /// A column that must be there.
    pub const fn required(name: &'static str) -> Column {
        Column { name, required: true }
    }

    /// A column that may be missing.
    pub const fn optional(name: &'static str) -> Column {
        Column { name, required: false }
    }
}

/// Why a side file is refused: in one sentence, with file, row and column, without what stands there.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub struct SideError {
    file: String,
    /// As an editor counts lines; 0 for the file as a whole.
    row: u64,
    column: &'static str,
    message: String,
}

impl fmt::Display for SideError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.escape_debug())?;
        if self.row > 0 {
            write!(f, ": row {}", self.row)?;
        }
        if !self.column.is_empty() {
            write!(f, ", column {}", self.column)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// A side file that has been read: a header that is known, and at least one row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sheet {
    file: String,
    /// The columns asked for, each with its place in a row.
    columns: Vec<(&'static str, Option<usize>)>,
    rows: Vec<(u64, Vec<String>)>,
}

impl Sheet {
    /// Reads the CSV in `bytes`. `file` is the name that errors give it. Empty lines are passed over, spaces around a
    /// cell are dropped, a byte order mark is allowed.
    ///
    /// # Errors
    /// An empty file, a header with an unknown column, with one twice or without a required one, a row with more cells
    /// than the header, bytes that are not UTF-8, no row at all, a quotation mark that is never closed, another form of
    /// file.
    pub fn read(file: &str, bytes: &[u8], columns: &[Column]) -> Result<Sheet, SideError> {
        let refuse = |row, column, message: String| SideError { file: file.to_owned(), row, column, message };
        if let Some(message) = other_form(bytes) {
            return Err(refuse(0, "", message.to_owned()));
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        if let Some(row) = never_closed(bytes) {
            return Err(refuse(row, "", "a quotation mark is never closed".to_owned()));
        }
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        let mut record = ByteRecord::new();
        let broken = |error: &csv::Error| {
            refuse(error.position().map_or(0, csv::Position::line), "", "not CSV".to_owned())
        };
        if !reader.read_byte_record(&mut record).map_err(|error| broken(&error))? {
            return Err(refuse(
                0,
                "",
                format!("the file is empty; its first row names the columns: {}", list(columns)),
            ));
        }
        let places =
            header(&record, columns).map_err(|message| refuse(line_of(&record, bytes), "", message))?;
        let names: Vec<&'static str> = (0..record.len())
            .filter_map(|at| places.iter().find(|(_, place)| *place == Some(at)).map(|(name, _)| *name))
            .collect();
        let mut rows = Vec::new();
        while reader.read_byte_record(&mut record).map_err(|error| broken(&error))? {
            let row = line_of(&record, bytes);
            let mut cells = Vec::with_capacity(names.len());
            for (at, cell) in record.iter().enumerate() {
                let column = names.get(at).copied().unwrap_or_default();
                let Ok(cell) = std::str::from_utf8(cell) else {
                    return Err(refuse(row, column, "not UTF-8; save the file as CSV UTF-8".to_owned()));
                };
                if at < names.len() {
                    cells.push(cell.trim().to_owned());
                } else if !cell.trim().is_empty() {
                    let message = format!("{} cells where the header names {}", record.len(), names.len());
                    return Err(refuse(row, "", message));
                }
            }
            if cells.iter().any(|cell| !cell.is_empty()) {
                rows.push((row, cells));
            }
        }
        if rows.is_empty() {
            return Err(refuse(0, "", "no rows below the header".to_owned()));
        }
        Ok(Sheet { file: file.to_owned(), columns: places, rows })
    }

    /// The rows, in the order of the file; those with nothing in them are left out.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(number, cells)| Row { sheet: self, number: *number, cells })
    }
}

/// One row of a [`Sheet`].
#[derive(Clone, Copy, Debug)]
pub struct Row<'s> {
    sheet: &'s Sheet,
    number: u64,
    cells: &'s [String],
}

impl<'s> Row<'s> {
    /// The cell under a column, empty where the file or the row has none.
    pub fn get(&self, column: &'static str) -> Field<'s> {
        let place = self.sheet.columns.iter().find(|(name, _)| *name == column).and_then(|(_, place)| *place);
        let text = place.and_then(|place| self.cells.get(place)).map_or("", String::as_str);
        Field { file: &self.sheet.file, row: self.number, column, text }
    }

    /// Its number as an editor counts lines.
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// An error about the row as a whole.
    pub fn wrong(&self, message: impl Into<String>) -> SideError {
        SideError { file: self.sheet.file.clone(), row: self.number, column: "", message: message.into() }
    }
}

/// One cell, with where it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Field<'s> {
    file: &'s str,
    row: u64,
    column: &'static str,
    text: &'s str,
}

impl<'s> Field<'s> {
    /// What it says, without spaces around it; may be empty.
    pub const fn text(&self) -> &'s str {
        self.text
    }

    /// What it says.
    ///
    /// # Errors
    /// An empty cell.
    pub fn stated(&self) -> Result<&'s str, SideError> {
        if self.text.is_empty() { Err(self.wrong("empty")) } else { Ok(self.text) }
    }

    /// An amount that is not below zero: `29.76`, `$29.76`, `1,234.50`. `None` for an empty cell.
    ///
    /// # Errors
    /// What is no such amount; a fraction of a cent.
    pub fn dollars(&self) -> Result<Option<Cents>, SideError> {
        if self.text.is_empty() {
            return Ok(None);
        }
        let plain = self.text.strip_prefix('$').unwrap_or(self.text).trim_start();
        let digits = ungrouped(plain).and_then(|digits| Cents::parse(digits.as_bytes()));
        match digits.filter(|amount| *amount >= Cents::ZERO) {
            Some(amount) => Ok(Some(amount)),
            None => Err(self.wrong("an amount of dollars is expected, like 29.76")),
        }
    }

    /// A date written `2025-03-03` or `20250303`. `None` for an empty cell.
    ///
    /// # Errors
    /// What is no such date.
    pub fn date(&self) -> Result<Option<Date>, SideError> {
        if self.text.is_empty() {
            return Ok(None);
        }
        match parse_iso_date(self.text.as_bytes()) {
            Some(date) => Ok(Some(date)),
            None => Err(self.wrong("a date is expected, like 2025-03-03")),
        }
    }

    /// An error about this cell. `message` must not hold what the cell says, unless it cannot name a person.
    pub fn wrong(&self, message: impl Into<String>) -> SideError {
        SideError { file: self.file.to_owned(), row: self.row, column: self.column, message: message.into() }
    }
}

/// Where each column stands in the header, or why the header is refused.
fn header(record: &ByteRecord, columns: &[Column]) -> Result<Vec<(&'static str, Option<usize>)>, String> {
    let names: Vec<String> =
        record.iter().map(|name| String::from_utf8_lossy(name).trim().to_lowercase()).collect();
    let mut places: Vec<(&'static str, Option<usize>)> =
        columns.iter().map(|column| (column.name, None)).collect();
    let mut unknown = None;
    for (at, name) in names.iter().enumerate() {
        match places.iter_mut().find(|(known, _)| known == name) {
            Some((known, Some(_))) => return Err(format!("two columns are named {known}")),
            Some((_, place)) => *place = Some(at),
            None if unknown.is_none() => unknown = Some(name),
            None => {}
        }
    }
    // A file without a header begins with a row of its own, which is not to be repeated on a screen.
    if places.iter().all(|(_, place)| place.is_none()) {
        if let Some(divider) = other_divider(&names, columns) {
            return Err(format!("columns are divided by {divider}; save it as CSV with commas"));
        }
        return Err(format!("the first row names the columns, between commas: {}", list(columns)));
    }
    if let Some(name) = unknown {
        let known = columns.iter().map(|column| column.name);
        let help = nearest(name, known).map_or_else(
            || format!("; the columns are {}", list(columns)),
            |near| format!("; did you mean {near}?"),
        );
        return Err(match name.as_str() {
            "" => format!("a column has no name{help}"),
            name => format!("unknown column {name:?}{help}"),
        });
    }
    for (column, (name, place)) in columns.iter().zip(&places) {
        if column.required && place.is_none() {
            return Err(format!("the column {name} is missing"));
        }
    }
    Ok(places)
}

/// What divides the columns of a header whose only name is several names; a single known column among them tells.
fn other_divider(names: &[String], columns: &[Column]) -> Option<&'static str> {
    let [row] = names else { return None };
    let dividers = [(';', "semicolons"), ('\t', "tabs"), ('|', "vertical bars")];
    let is_known = |name: &str| columns.iter().any(|column| column.name == name.trim().trim_matches('"'));
    dividers
        .into_iter()
        .find(|(by, _)| row.contains(*by) && row.split(*by).any(is_known))
        .map(|(_, name)| name)
}

/// Says so of a file in another form, by its first bytes.
fn other_form(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("the file is UTF-16; save it as CSV UTF-8"),
        [b'P', b'K', 3, 4, ..] | [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            Some("this looks like an Excel workbook; save it as CSV UTF-8")
        }
        [_, 0, _, 0, ..] | [0, _, 0, _, ..] => Some("the file is UTF-16; save it as CSV UTF-8"),
        _ => None,
    }
}

/// The line on which a quoted cell begins that reaches to the end of the file without a closing mark.
fn never_closed(bytes: &[u8]) -> Option<u64> {
    let (mut line, mut opened) = (1, None);
    let mut is_start = true;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, opened) {
            (b'"', Some(_)) if bytes.get(at + 1) == Some(&b'"') => at += 1,
            (b'"', Some(_)) => (opened, is_start) = (None, false),
            (b'"', None) if is_start => opened = Some(line),
            (_, None) => is_start = matches!(byte, b',' | b'\n' | b'\r'),
            _ => {}
        }
        line += u64::from(byte == b'\n');
        at += 1;
    }
    opened
}

fn list(columns: &[Column]) -> String {
    columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
}

/// The line a record begins on, from 1. The reader's own count of a record after empty lines is that of the first of
/// them.
fn line_of(record: &ByteRecord, bytes: &[u8]) -> u64 {
    let Some(position) = record.position() else { return 0 };
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX).min(bytes.len());
    let skipped =
        bytes[start..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).filter(|byte| **byte == b'\n');
    position.line() + skipped.count() as u64
}

/// The digits of an amount without commas between thousands; `None` where a comma stands elsewhere.
fn ungrouped(text: &str) -> Option<String> {
    if !text.contains(',') {
        return Some(text.to_owned());
    }
    let (whole, cents) = text.split_once('.').map_or((text, None), |(whole, cents)| (whole, Some(cents)));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let fits = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    let digits = whole.replace(',', "");
    fits.then(|| cents.map_or_else(|| digits.clone(), |cents| format!("{digits}.{cents}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] =
        &[Column::required("rule"), Column::optional("payer"), Column::required("rate")];

    fn refused(text: &str) -> String {
        Sheet::read("rates.csv", text.as_bytes(), COLUMNS).expect_err(text).to_string()
    }

    fn cells(text: &str) -> Vec<(u64, String)> {
        let sheet = Sheet::read("rates.csv", text.as_bytes(), COLUMNS).expect(text);
        let all = |row: Row<'_>| {
            COLUMNS.iter().map(|column| row.get(column.name).text()).collect::<Vec<_>>().join("|")
        };
        sheet.rows().map(|row| (row.number(), all(row))).collect()
    }

    #[test]
    fn columns_are_found_by_name() {
        assert_eq!(cells("rule,payer,rate\nT01,medicare,0.35\n"), [(2, "T01|medicare|0.35".to_owned())]);
        assert_eq!(cells("\u{feff}Rate, RULE \r\n 35% ,T01\r\n"), [(2, "T01||35%".to_owned())]);
        assert_eq!(cells("rule,rate,payer\nT01,0.35\nP01,1,\"a, b\"\n")[1], (3, "P01|a, b|1".to_owned()));
        assert_eq!(cells("rule,rate\nT01,1,,\n"), [(2, "T01||1".to_owned())], "empty cells past the header");
    }

    #[test]
    fn rows_are_numbered_like_lines() {
        assert_eq!(
            cells("\n\nrule,rate\n\nT01,1\n,\n\r\nP01,1\n").iter().map(|(row, _)| *row).collect::<Vec<_>>(),
            [5, 8]
        );
    }

    #[test]
    fn a_header_says_what_it_lacks() {
        assert_eq!(
            refused(""),
            "rates.csv: the file is empty; its first row names the columns: rule, payer, rate"
        );
        assert_eq!(refused("\n\n"), refused(""));
        assert_eq!(refused("rule,rate\n\n"), "rates.csv: no rows below the header");
        assert_eq!(refused("rule,rate\n,\n"), "rates.csv: no rows below the header");
        assert_eq!(refused("rule,payer\nT01,x\n"), "rates.csv: row 1: the column rate is missing");
        assert_eq!(refused("rule,rats\n"), "rates.csv: row 1: unknown column \"rats\"; did you mean rate?");
        assert_eq!(
            refused("rule,rate,comment\n"),
            "rates.csv: row 1: unknown column \"comment\"; the columns are rule, payer, rate"
        );
        assert_eq!(
            refused("rule,rate,\n"),
            "rates.csv: row 1: a column has no name; the columns are rule, payer, rate"
        );
        assert_eq!(refused("\nrule,Rate,rate\n"), "rates.csv: row 2: two columns are named rate");
    }

    /// What stands where a header should may be a patient.
    #[test]
    fn a_file_without_a_header_is_not_repeated() {
        let said = refused("HAZEL,ROWAN,0.35\n");
        assert_eq!(
            said,
            "rates.csv: row 1: the first row names the columns, between commas: rule, payer, rate"
        );
        for (text, divider) in [
            ("rule;payer;rate\nALDER;x;1\n", "semicolons"),
            ("rule\tpayer\trate\n", "tabs"),
            ("rule|payer|rate\n", "vertical bars"),
        ] {
            assert_eq!(
                refused(text),
                format!("rates.csv: row 1: columns are divided by {divider}; save it as CSV with commas")
            );
        }
        assert_eq!(refused("HAZEL;ROWAN\n"), said);
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_eats_no_rows() {
        let said = "a quotation mark is never closed";
        assert_eq!(refused("rule,rate\n\"T01,1\nT02,2\nT03,3\n"), format!("rates.csv: row 2: {said}"));
        assert_eq!(refused("rule,rate\nT01,1\n\nT02,\"ALDER \"\"2\n"), format!("rates.csv: row 4: {said}"));
        assert_eq!(refused("\"rule,rate\nT01,1\n"), format!("rates.csv: row 1: {said}"));
        assert_eq!(
            cells("rule,rate\n\"T\n01\",1\nT02,2\"\n").len(),
            2,
            "closed, or no mark of a quoted cell"
        );
        assert_eq!(cells("rule,rate\n\"T\"\"01\",\"\"\n").len(), 1);
    }

    #[test]
    fn other_forms_are_named() {
        for (bytes, words) in [
            (&b"\xFF\xFEr\0u\0l\0e\0"[..], "the file is UTF-16; save it as CSV UTF-8"),
            (b"r\0u\0l\0e\0", "the file is UTF-16; save it as CSV UTF-8"),
            (b"PK\x03\x04ALDER", "this looks like an Excel workbook; save it as CSV UTF-8"),
        ] {
            let error = Sheet::read("rates.csv", bytes, COLUMNS).expect_err(words).to_string();
            assert_eq!(error, format!("rates.csv: {words}"));
        }
    }

    #[test]
    fn a_row_says_where_it_is_wrong() {
        assert_eq!(
            refused("rule,rate\nT01,1\nT02,0,35\n"),
            "rates.csv: row 3: 3 cells where the header names 2"
        );
        let bytes = b"rule,rate\nT01,\xff\n";
        let error = Sheet::read("rates.csv", bytes, COLUMNS).expect_err("bad UTF-8").to_string();
        assert_eq!(error, "rates.csv: row 2, column rate: not UTF-8; save the file as CSV UTF-8");
        let sheet = Sheet::read("a\u{1b}.csv", b"rule,rate\n,x\n", COLUMNS).expect("a sheet");
        let row = sheet.rows().next().expect("a row");
        assert_eq!(
            row.get("rule").stated().expect_err("empty").to_string(),
            "a\\u{1b}.csv: row 2, column rule: empty"
        );
        assert_eq!(row.wrong("twice").to_string(), "a\\u{1b}.csv: row 2: twice");
    }

    #[test]
    fn amounts_and_dates() {
        let columns = &[Column::required("amount"), Column::required("from")];
        let read = |amount: &str, from: &str| {
            let text = format!("amount,from\n\"{amount}\",{from}\n");
            let sheet = Sheet::read("fees.csv", text.as_bytes(), columns).expect("a sheet");
            let row = sheet.rows().next().expect("a row");
            (row.get("amount").dollars(), row.get("from").date())
        };
        assert_eq!(
            read("29.76", "2025-03-03"),
            (Ok(Some(Cents(2976))), Ok(Some(Date::constant(2025, 3, 3))))
        );
        assert_eq!(
            read("$1,234.5", "20250303"),
            (Ok(Some(Cents(123_450))), Ok(Some(Date::constant(2025, 3, 3))))
        );
        assert_eq!(read("", "2025-03-03").0, Ok(None));
        for wrong in ["-1", "1,23", "1.005", "x", ",100", "1,2345"] {
            let said = read(wrong, "20250303").0.expect_err(wrong).to_string();
            assert_eq!(said, "fees.csv: row 2, column amount: an amount of dollars is expected, like 29.76");
        }
        let said = read("1", "3/3/2025").1.expect_err("a date").to_string();
        assert_eq!(said, "fees.csv: row 2, column from: a date is expected, like 2025-03-03");
    }
}
