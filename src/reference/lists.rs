//! Complete lists of codes, where the user has loaded them: what is not in them does not exist.

use super::Reference;
use super::table::{Table, ccyymmdd};
use crate::claim::{Date, Modifier, ProcedureCode};

/// What a complete list says of a code on a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Listing {
    /// No list is loaded, or none for that day: nothing can be said.
    NoList,
    /// It may be billed that day.
    InForce,
    /// It is in the list, for other days.
    NotInForce,
    /// It is not in the list.
    Unknown,
}

impl Reference {
    /// Whether any complete list of codes is loaded.
    pub fn has_code_lists(&self) -> bool {
        self.loaded().is_some_and(|loaded| {
            loaded.procedures.is_some() || loaded.modifiers.is_some() || !loaded.taxonomies.is_empty()
        })
    }

    /// What the loaded list of procedure codes says of `code` on `date`.
    pub fn listed_procedure(&self, code: ProcedureCode, date: Date) -> Listing {
        let list = self.loaded().and_then(|loaded| Some(loaded.store.text(loaded.procedures?)));
        list.map_or(Listing::NoList, |list| listed(list.into(), code.as_bytes(), date))
    }

    /// What the loaded list of modifiers says of `modifier` on `date`.
    pub fn listed_modifier(&self, modifier: Modifier, date: Date) -> Listing {
        let list = self.loaded().and_then(|loaded| Some(loaded.store.text(loaded.modifiers?)));
        list.map_or(Listing::NoList, |list| listed(list.into(), modifier.as_bytes(), date))
    }

    /// Whether the loaded NUCC taxonomy has a code. A release is asked about the half year for which it was published: a
    /// code of an earlier or later day may be in another.
    pub fn listed_taxonomy(&self, code: &[u8], date: Date) -> Listing {
        let Some(loaded) = self.loaded() else { return Listing::NoList };
        let entries = loaded.store.entries();
        let holds = |at: &&usize| entries[**at].from <= date && entries[**at].to.is_none_or(|to| date <= to);
        let Some(&list) = loaded.taxonomies.iter().rev().find(holds) else { return Listing::NoList };
        match Table::from(loaded.store.text(list)).find(code) {
            Some(row) if row.field(0) == code => Listing::InForce,
            _ => Listing::Unknown,
        }
    }
}

/// Rows of a code with its first and last days; one code may have several.
fn listed(table: Table<'_>, code: &[u8], date: Date) -> Listing {
    let day = ccyymmdd(date);
    let mut listing = Listing::Unknown;
    for row in table.starting_with(code) {
        let holds =
            row.digits(1).is_some_and(|from| from <= day) && row.digits(2).is_some_and(|to| day <= to);
        if holds {
            return Listing::InForce;
        }
        listing = Listing::NotInForce;
    }
    listing
}
