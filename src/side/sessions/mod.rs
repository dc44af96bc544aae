//! The session log: minutes, times, regions and notes of services, which an 837P cannot carry.
//!
//! [`SessionLog`] is the table as read, [`Matches`] gathers which claims of a run its rows fit, and [`Sessions`] joins
//! the rows that fit without doubt to their claims, before any rule sees them.

mod entry;
mod fit;
mod join;

use std::collections::HashMap;

use super::{Column, Sheet, SideError};
use crate::claim::{Claim, key_of};

use entry::Entry;
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
    /// Entries by the hash of the claim id.
    claims: HashMap<u64, Vec<u32>>,
}

impl SessionLog {
    /// Whether nothing is logged.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries that name the claim's id.
    fn entries_of(&self, claim: &Claim<'_>) -> &[u32] {
        if self.is_empty() || claim.id.is_absent() {
            return &[];
        }
        self.claims.get(&key_of(claim.id.bytes())).map_or(&[], Vec::as_slice)
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
            log.entries.push(entry);
            log.claims.entry(claim).or_default().push(next as u32);
        } else {
            log.entries[at].add_part(entry, &row)?;
        }
    }
    Ok(log)
}

#[cfg(test)]
mod tests;
