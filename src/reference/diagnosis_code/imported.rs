//! Imported years beside the built-in quarters.

use super::{BUILTIN_QUARTERS, CODES, Codes, Holding};
use crate::claim::Date;
use crate::store::{Entry, Store};

/// An imported list of one fiscal year, and the quarters that it decides.
#[derive(Debug)]
pub(in crate::reference) struct DiagnosisList {
    /// Its place in the store.
    at: usize,
    /// Its first quarter, counted from the first of the built-in table.
    first: u32,
    /// The quarters it decides, a bit each.
    pub(super) holds: u64,
}

impl DiagnosisList {
    /// Shares the quarters out: the built-in table, which knows each quarter's changes, keeps its own; of imported lists
    /// the newest that has begun decides, to the end of its fiscal year. Lists that are left without any are named.
    pub(in crate::reference) fn shared_out(
        entries: &[Entry],
        places: &[usize],
        idle: &mut [Option<String>],
    ) -> Vec<DiagnosisList> {
        let mut taken = BUILTIN_QUARTERS;
        let mut lists = Vec::new();
        for &at in places.iter().rev() {
            let entry = &entries[at];
            let quarters = entry.to.map_or(0, |to| mask(entry.from, to));
            let holds = quarters & !taken;
            if holds == 0 {
                let by = if quarters & BUILTIN_QUARTERS == quarters {
                    "the built-in table"
                } else {
                    "a later list"
                };
                idle[at] = Some(format!("{by} holds its quarters"));
                continue;
            }
            taken |= holds;
            lists.push(DiagnosisList { at, first: quarters.trailing_zeros(), holds });
        }
        lists
    }

    /// What it holds but its codes.
    pub(super) fn holding<'t>(&self, codes: Codes<'t>) -> Holding<'t> {
        Holding { codes, holds: self.holds, first: self.first }
    }

    /// Its codes, read when they are first asked for. None where that fails: the store then has trouble.
    pub(super) fn codes<'s>(&self, store: &'s Store) -> Codes<'s> {
        let bytes = store.bytes(self.at);
        match Codes::read(bytes) {
            Some(codes) => codes,
            None => {
                store.note_damage(self.at, "its sections are not where its counts say");
                Codes::NONE
            }
        }
    }
}

/// The quarters from one day to another, of those that a bit can say.
fn mask(from: Date, to: Date) -> u64 {
    let quarter = |date: Date| {
        let (year, month) = (u32::from(date.year().unsigned_abs()), u32::from(date.month().unsigned_abs()));
        year * 4 + (month - 1) / 3
    };
    // A list whose first quarter is before the built-in table's would have to be cut; that table is the only one there.
    let Some(first) = quarter(from).checked_sub(CODES.first) else { return 0 };
    (first..=quarter(to).saturating_sub(CODES.first).min(u64::BITS - 1))
        .fold(0, |mask, quarter| mask | 1 << quarter)
}
