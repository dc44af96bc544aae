//! The session log: minutes, times, regions and notes of services, which an 837P cannot carry.
//!
//! [`SessionLog`] is the table as read, [`Matches`] gathers which claims of a run its rows fit, and [`Sessions`] joins
//! the rows that fit without doubt to their claims, before any rule sees them.

mod entry;
mod fit;
mod join;
mod said;

use std::collections::{BTreeSet, HashMap};

use super::{Column, Sheet, SideError};
use crate::claim::{Claim, Date, key_of};

use entry::{Entry, Target};
pub use fit::{Matches, Sighting};
pub use join::{Joined, Sessions, UnbilledTime};

const COLUMNS: &[Column] = &[
    Column::required("claim_id"),
    Column::optional("line"),
    Column::optional("line_control_number"),
    Column::optional("procedure_code"),
    Column::optional("service_date"),
    Column::optional("minutes"),
    Column::optional("start"),
    Column::optional("end"),
    Column::optional("region"),
    Column::optional("laterality"),
    Column::optional("visit"),
    Column::optional("note"),
    Column::optional("assistant_minutes"),
];

/// What was done in each session, by claim and line, as a practice keeps it beside its claims.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SessionLog {
    file: String,
    /// Rows of the file; parts of one session are one entry.
    rows: usize,
    entries: Vec<Entry>,
    /// Entries by where a claim looks for them.
    shelves: BTreeSet<(Shelf, u32)>,
}

/// Where a claim looks for entries: its id (a hash), how they name the line, and the date that they say.
type Shelf = (u64, Handle, Option<Date>);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Handle {
    Line(u16),
    /// A hash.
    ControlNumber(u64),
    /// Any code: one that the claim does not bill means something too.
    Code,
}

impl Handle {
    const FIRST: Handle = Handle::Line(0);

    fn of(target: &Target) -> Handle {
        match target {
            Target::Line(number) => Handle::Line(*number),
            Target::ControlNumber(number) => Handle::ControlNumber(key_of(number.as_bytes())),
            Target::Code => Handle::Code,
        }
    }
}

impl SessionLog {
    /// Whether nothing is logged.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries that may be about the claim, in the order of the file: they name its id and, as far as they say, one of
    /// its lines and days. None is about a void claim: it bills no session.
    fn entries_of(&self, claim: &Claim<'_>) -> Vec<u32> {
        if self.is_empty()
            || claim.id.is_absent()
            || claim.frequency == "8"
            || !self.names(key_of(claim.id.bytes()))
        {
            return Vec::new();
        }
        let mut found = Vec::new();
        let id = key_of(claim.id.bytes());
        let mut look = |handle: Handle, (from, to): (Option<Date>, Option<Date>)| {
            let places = ((id, handle, from), 0)..=((id, handle, to), u32::MAX);
            found.extend(self.shelves.range(places).map(|(_, entry)| *entry));
        };
        let mut spans = vec![(None, None)];
        for line in &claim.lines {
            let first = line.service_date.value;
            let span = (first, first.max(line.service_date_end.value.filter(|_| first.is_some())));
            for span in [(None, None), span] {
                look(Handle::Line(line.number), span);
                if line.control_number.is_present() {
                    look(Handle::ControlNumber(key_of(line.control_number.bytes())), span);
                }
            }
            spans.push(span);
        }
        spans.sort_unstable();
        spans.dedup();
        for span in spans {
            look(Handle::Code, span);
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether an entry names the claim of this id.
    fn names(&self, id: u64) -> bool {
        let mut from = self.shelves.range(((id, Handle::FIRST, None), 0)..);
        from.next().is_some_and(|((of, ..), _)| *of == id)
    }
}

/// Reads a session log. `file` is the name that errors and notes give it.
///
/// A row is about one service line: `claim_id` is CLM01 or the JSON `claim_id`; the line is named by `line` (its place
/// in the claim, from 1), by `line_control_number` (REF 6R) or by its `procedure_code`. A code that the claim does not
/// bill makes the row's `minutes` time of the day beside the claim. `service_date` says which day, where the number of
/// a claim or a code comes back. Times are `09:15`; minutes are whole.
///
/// Several rows for one line are the parts of one session if each has a start and an end and no two overlap: their
/// minutes add up, and start and end, which would describe no part, are left out.
///
/// # Errors
/// What [`Sheet::read`] refuses; a row without claim or line, or with two names of its line; a cell that cannot be
/// read; a second row for a line that is no further part of its session.
pub fn session_log(file: &str, bytes: &[u8]) -> Result<SessionLog, SideError> {
    let sheet = Sheet::read(file, bytes, COLUMNS)?;
    let mut log = SessionLog { file: file.to_owned(), ..SessionLog::default() };
    let mut known = HashMap::new();
    for row in sheet.rows() {
        let claim = key_of(row.get("claim_id").stated()?.as_bytes());
        let entry = Entry::read(&row)?;
        log.rows += 1;
        let next = log.entries.len();
        let at = *known.entry((claim, entry.named())).or_insert(next);
        if at == next {
            log.shelves.insert(((claim, Handle::of(&entry.target), entry.date), next as u32));
            log.entries.push(entry);
        } else {
            log.entries[at].add_part(entry, &row)?;
        }
    }
    Ok(log)
}

#[cfg(test)]
mod tests;
