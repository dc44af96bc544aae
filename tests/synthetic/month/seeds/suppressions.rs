//! Entries of the suppressions that do nothing.

use serde_json::json;

use super::super::Month;
use super::super::seed::{Seed, Told, course};
use super::super::visit::Visit;
use super::discipline;

pub const SEEDS: &[Seed] = &[
    // What it was about is still there, and is found again.
    course("S01", 2, Visit::is_plain, |month, index| {
        let visit = &mut month.visits[index];
        let own = discipline(visit);
        visit.set(1, "modifiers", json!([own, own]));
        let found = Told { code: "M06".to_owned(), claim: visit.id(), line: 1 };
        vec![told("S01", month, index, "2025-04-30"), found]
    }),
    // What it was about is mended.
    course("S02", 2, Visit::is_plain, |month, index| vec![told("S02", month, index, "2026-04-30")]),
];

/// Writes an entry for a visit, and tells of it.
fn told(code: &str, month: &mut Month, index: usize, expires: &str) -> Told {
    let claim = month.visits[index].id();
    let entry = format!("rule: M06, claim: {claim}, reason: the export doubled it, expires: {expires}");
    month.suppressions.push(entry);
    Told { code: code.to_owned(), claim: "suppressions.yaml".to_owned(), line: 0 }
}
