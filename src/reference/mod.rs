//! The tables: fee schedule, NCCI pairs, MUE, place of service, diagnosis codes and regions. Built in, each with its
//! release.
//!
//! A table is one text file in `reference/`: a head of `#` lines (table, release, effective dates, source), then
//! sorted rows of one width with tabs between their fields. The file is compiled in as it stands and searched as it
//! stands, by halving: nothing is parsed at start, no generated code can grow stale, and a diff of a new release
//! reads like the release. `Table` does the searching; each table has one file here that knows its columns. One table,
//! the diagnosis codes, is too long for text: it has the same head and then numbers (`diagnosis_code.rs`).
//!
//! A user's own tables come from a [`crate::store`] and stand beside these or in their place: `loaded` says which is in
//! force on which day, and the same look-ups search both.
//!
//! The tables hold facts and figures only, no descriptors. Those of procedures are a therapy subset: a code that is not
//! in them is not evaluated or not priced, never taken for invalid. Knows no claim and no rule, and opens no file.

mod diagnosis;
mod diagnosis_code;
mod fee;
mod lists;
mod loaded;
mod locality;
mod mue;
mod ncci;
mod overview;
mod payment_modifier;
mod place;
mod policy;
mod table;
mod workday;

use std::sync::Arc;

use crate::store::{Store, StoreError};
use loaded::Loaded;

pub use diagnosis_code::{BillableQuarters, DiagnosisStanding, Successors};
pub use fee::{Fee, FeePeriod, Rate};
pub use lists::Listing;
pub use locality::{Gpci, Locality, ZipLocality};
pub use mue::Mue;
pub use ncci::NcciPair;
pub use overview::TableHead;
pub use payment_modifier::PaymentEffect;
pub use policy::{Participation, TherapyThreshold};
pub use workday::workday_from;

/// The tables in force for a run: those the program was built with, and those of a store. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    loaded: Option<Arc<Loaded>>,
}

impl Reference {
    /// The tables the program was built with.
    pub fn builtin() -> Reference {
        Reference::default()
    }

    /// The same with the imported ones of a store, each for the days that it holds. Reads none of them yet.
    ///
    /// A table that turns out to be unreadable answers as if it were empty: ask for [`Reference::trouble`] before believing
    /// what a run found.
    pub fn with_store(store: Arc<Store>) -> Reference {
        Reference { loaded: Some(Arc::new(Loaded::new(store))) }
    }

    /// What went wrong first in reading an imported table.
    pub fn trouble(&self) -> Option<&StoreError> {
        self.loaded()?.store.trouble()
    }

    fn loaded(&self) -> Option<&Loaded> {
        self.loaded.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_states_where_it_comes_from() {
        let heads = Reference::builtin().tables();
        assert!(heads.len() >= 15);
        for head in &heads {
            for stated in [&head.name, &head.release, &head.effective, &head.source] {
                assert!(!stated.is_empty(), "{head:?}");
            }
            assert!(head.rows > 0, "{head:?}");
        }
        assert!(heads.is_sorted_by_key(|head| (&head.name, &head.release)));
        let releases = Reference::builtin().releases();
        for release in ["RVU25D", "RVU26A"] {
            assert!(releases.iter().any(|table| table.name == "mpfs" && table.release == release));
        }
    }
}
