//! One session of one service line: a row of the log, or several that are its parts.

use crate::claim::{Date, Minutes, ProcedureCode, Stated, Text, TimeOfDay, Units};
use crate::side::{Field, Row, SideError};

/// The longest time a day has.
const DAY: Minutes = 24 * 60;

const SIDES: [&str; 9] = ["left", "right", "bilateral", "both", "l", "r", "b", "lt", "rt"];

/// How a row names its line.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Target {
    /// Its place in the claim, from 1.
    Line(u16),
    /// Its REF 6R.
    ControlNumber(String),
    /// Its code alone.
    Code,
}

/// What a row calls its line: equal names are one line.
pub(super) type Name = (Target, Option<ProcedureCode>, Option<Date>);

/// A value with the text that states it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Told<T> {
    text: String,
    pub(super) value: T,
}

impl<T: Copy> Told<T> {
    /// As a claim holds it. It stands nowhere in the claim's file.
    pub(super) fn stated(&self) -> Stated<'_, T> {
        Stated { text: beside(&self.text), value: Some(self.value) }
    }
}

/// A text that stands in no claim file.
pub(super) fn beside(text: &str) -> Text<'_> {
    Text::new(text.as_bytes(), 0)
}

/// What is logged of one service line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Entry {
    /// Its rows, as an editor counts lines.
    pub(super) rows: Vec<u64>,
    pub(super) target: Target,
    pub(super) code: Option<ProcedureCode>,
    pub(super) date: Option<Date>,
    pub(super) minutes: Option<Told<Minutes>>,
    pub(super) start: Option<Told<TimeOfDay>>,
    pub(super) end: Option<Told<TimeOfDay>>,
    pub(super) region: String,
    pub(super) laterality: String,
    pub(super) visit: String,
    pub(super) notes: Vec<String>,
    pub(super) assistant_minutes: Option<Told<Minutes>>,
    /// Start and end of each part, where all have them.
    parts: Vec<(TimeOfDay, TimeOfDay)>,
}

impl Entry {
    /// Reads a row, its claim aside.
    pub(super) fn read(row: &Row<'_>) -> Result<Entry, SideError> {
        let code = row.get("procedure_code");
        let code = match code.text() {
            "" => None,
            text => Some(
                ProcedureCode::new(text.to_ascii_uppercase().as_bytes())
                    .ok_or_else(|| code.wrong("a procedure code has five letters or digits, like 97124"))?,
            ),
        };
        let (line, control_number) = (row.get("line"), row.get("line_control_number").text());
        let target = match (line.text(), control_number, code) {
            ("", "", None) => {
                return Err(row.wrong("names no line: line, line_control_number or procedure_code does"));
            }
            ("", "", Some(_)) => Target::Code,
            ("", named, _) => Target::ControlNumber(named.to_owned()),
            (number, "", _) => Target::Line(
                number
                    .parse()
                    .ok()
                    .filter(|number| *number > 0)
                    .ok_or_else(|| line.wrong("a line of the claim is expected, counted from 1"))?,
            ),
            _ => return Err(row.wrong("names its line twice: by line and by line_control_number")),
        };
        let visit = row.get("visit");
        if !visit.text().is_empty()
            && Units::parse(visit.text().as_bytes()).and_then(Units::as_whole).is_none()
        {
            return Err(visit.wrong("the number of the visit is expected, like 7"));
        }
        let laterality = row.get("laterality");
        let side = laterality.text().to_ascii_lowercase();
        if !side.is_empty() && !SIDES.contains(&side.as_str()) {
            return Err(laterality.wrong("left, right or bilateral is expected"));
        }
        let note = row.get("note").text();
        let (start, end) = (time(row.get("start"))?, time(row.get("end"))?);
        let parts = match (&start, &end) {
            (Some(start), Some(end)) => vec![(start.value, end.value)],
            _ => Vec::new(),
        };
        Ok(Entry {
            rows: vec![row.number()],
            target,
            code,
            date: row.get("service_date").date()?,
            minutes: minutes(row.get("minutes"))?,
            start,
            end,
            region: row.get("region").text().to_owned(),
            laterality: side,
            visit: visit.text().to_owned(),
            notes: if note.is_empty() { Vec::new() } else { vec![note.to_owned()] },
            assistant_minutes: minutes(row.get("assistant_minutes"))?,
            parts,
        })
    }

    /// What its line is called.
    pub(super) fn named(&self) -> Name {
        (self.target.clone(), self.code, self.date)
    }

    /// Adds another row for the same line, which must be a further part of the session.
    ///
    /// What holds for a part only is left out: it would mislead whoever holds it against the whole.
    pub(super) fn add_part(&mut self, part: Entry, row: &Row<'_>) -> Result<(), SideError> {
        let is_apart = |(start, end): (TimeOfDay, TimeOfDay)| {
            start < end && self.parts.iter().all(|(from, to)| from < to && (end <= *from || *to <= start))
        };
        let (Some(&interval), false) = (part.parts.first(), self.parts.is_empty()) else {
            return Err(self.said_twice(row));
        };
        if !is_apart(interval) {
            return Err(self.said_twice(row));
        }
        // Until now the only part, or the sum of several.
        let so_far =
            if self.parts.len() == 1 { self.part_minutes() } else { self.minutes.as_ref().map(value) };
        self.minutes = sum(so_far, part.part_minutes(), row)?;
        self.assistant_minutes =
            sum(self.assistant_minutes.as_ref().map(value), part.assistant_minutes.as_ref().map(value), row)?;
        (self.start, self.end) = (None, None);
        if (&self.region, &self.laterality) != (&part.region, &part.laterality) {
            self.region.clear();
            self.laterality.clear();
        }
        if self.visit != part.visit {
            self.visit.clear();
        }
        self.notes.extend(part.notes);
        self.rows.extend(part.rows);
        self.parts.push(interval);
        Ok(())
    }

    /// Minutes of a single part: as stated, else from start to end.
    fn part_minutes(&self) -> Option<Minutes> {
        let interval = || self.parts.first().map(|(start, end)| end.0 - start.0);
        self.minutes.as_ref().map(value).or_else(interval)
    }

    fn said_twice(&self, row: &Row<'_>) -> SideError {
        let first = self.rows.first().copied().unwrap_or_default();
        row.wrong(format!(
            "a second row for the line of row {first}; the parts of one session have each a start and an end, and do not \
             overlap"
        ))
    }
}

fn value(told: &Told<Minutes>) -> Minutes {
    told.value
}

fn sum(
    one: Option<Minutes>,
    other: Option<Minutes>,
    row: &Row<'_>,
) -> Result<Option<Told<Minutes>>, SideError> {
    let (Some(one), Some(other)) = (one, other) else { return Ok(None) };
    let value = one + other;
    if value > DAY {
        return Err(row.wrong("the parts of the session are longer than a day"));
    }
    Ok(Some(Told { text: value.to_string(), value }))
}

fn minutes(field: Field<'_>) -> Result<Option<Told<Minutes>>, SideError> {
    told(field, "whole minutes are expected, from 0 to 1440", |whole| {
        // A spreadsheet writes whole minutes as 15.0.
        let text = whole
            .split_once('.')
            .filter(|(_, part)| part.bytes().all(|byte| byte == b'0') && !part.is_empty());
        let text = text.map_or(whole, |(whole, _)| whole);
        let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|minutes| is_plain && *minutes <= DAY)
    })
}

fn time(field: Field<'_>) -> Result<Option<Told<TimeOfDay>>, SideError> {
    told(field, "a time of day is expected, like 09:15", |text| TimeOfDay::parse(text.as_bytes()))
}

fn told<T>(
    field: Field<'_>,
    expected: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<Told<T>>, SideError> {
    match field.text() {
        "" => Ok(None),
        text => {
            let value = read(text).ok_or_else(|| field.wrong(expected))?;
            Ok(Some(Told { text: text.to_owned(), value }))
        }
    }
}
