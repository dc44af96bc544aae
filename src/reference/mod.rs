//! The tables: fee schedule, NCCI pairs, MUE, place of service, diagnosis codes and regions. Built in, each with its
//! release.
//!
//! A table is one text file in `reference/`: a head of `#` lines (table, release, effective dates, source), then
//! sorted rows of one width with tabs between their fields. The file is compiled in as it stands and searched as it
//! stands, by halving: nothing is parsed at start, no generated code can grow stale, and a diff of a new release
//! reads like the release. `Table` does the searching; each table has one file here that knows its columns. One table,
//! the diagnosis codes, is too long for text: it has the same head and then numbers (`diagnosis_code.rs`).
//!
//! The tables hold facts and figures only, no descriptors. Those of procedures are a therapy subset: a code that is not
//! in them is not evaluated or not priced, never taken for invalid. Knows no claim, rule or file of a user.

mod diagnosis;
mod diagnosis_code;
mod fee;
mod locality;
mod mue;
mod ncci;
mod payment_modifier;
mod place;
mod policy;
mod table;
mod workday;

use crate::finding::TableRelease;

pub use diagnosis_code::{BillableQuarters, DiagnosisStanding, Successors};
pub use fee::{Fee, Rate};
pub use locality::{Gpci, Locality, ZipLocality};
pub use mue::Mue;
pub use ncci::NcciPair;
pub use payment_modifier::PaymentEffect;
pub use policy::{Participation, TherapyThreshold};
pub use table::TableHead;
pub use workday::workday_from;

/// The tables in force for a run. Cheap to make and to clone: it borrows what the program was built with.
#[derive(Clone, Debug, Default)]
pub struct Reference {}

impl Reference {
    /// The tables the program was built with.
    pub fn builtin() -> Reference {
        Reference::default()
    }

    /// Every table with its release, as reports state them. Which of them a run used, the run says.
    pub fn releases(&self) -> Vec<TableRelease> {
        self.tables()
            .into_iter()
            .map(|head| TableRelease {
                name: head.name.to_owned(),
                release: head.release.to_owned(),
                effective: head.effective.to_owned(),
                used: false,
            })
            .collect()
    }

    /// Every table with its release, effective dates and source, by name.
    pub fn tables(&self) -> Vec<TableHead> {
        let mut heads: Vec<TableHead> = [
            fee::TABLES.as_slice(),
            locality::TABLES.as_slice(),
            ncci::TABLES.as_slice(),
            mue::TABLES.as_slice(),
            diagnosis::TABLES.as_slice(),
            place::TABLES.as_slice(),
            policy::TABLES.as_slice(),
            payment_modifier::TABLES.as_slice(),
        ]
        .concat()
        .into_iter()
        .map(|table| table.head())
        .chain([diagnosis_code::head()])
        .collect();
        heads.sort_by_key(|head| (head.name, head.release));
        heads
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
            for stated in [head.name, head.release, head.effective, head.source] {
                assert!(!stated.is_empty(), "{head:?}");
            }
            assert!(head.rows > 0, "{head:?}");
        }
        assert!(heads.is_sorted_by_key(|head| (head.name, head.release)));
        let releases = Reference::builtin().releases();
        for release in ["RVU25D", "RVU26A"] {
            assert!(releases.iter().any(|table| table.name == "mpfs" && table.release == release));
        }
    }
}
