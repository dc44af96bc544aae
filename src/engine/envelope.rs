//! What a broken envelope keeps out: every claim in it, each counted once.
//!
//! A TA1 reject takes the interchange, a 999 reject the functional group or the transaction set.

use std::collections::{HashMap, HashSet};
use std::io;
use std::ops::Range;

use crate::finding::{Dollars, Impact, MoneyClass, Severity};
use crate::rules::Amount;
use crate::x12::EnvelopeKind;

use super::draft::Draft;
use super::files::Files;
use super::settle::Settling;
use super::store::Store;

/// The envelope that a receiver rejects for a fault of this name; `None` for a fault that keeps out nothing read.
fn rejected_by(fault: &str) -> Option<EnvelopeKind> {
    match fault.split('-').next()? {
        "isa" | "isa13" | "iea" | "iea01" => Some(EnvelopeKind::Isa),
        "gs" | "ge" | "ge01" | "gs06" => Some(EnvelopeKind::Gs),
        "st" | "st02" | "se" | "se01" | "no" | "guide" | "segment" => Some(EnvelopeKind::St),
        _ => None,
    }
}

/// The claims that each fault's envelope keeps out, by index of the draft.
pub(super) fn kept_out(
    drafts: &[Draft],
    files: &Files,
    store: &Store,
) -> io::Result<Vec<Option<Range<u32>>>> {
    drafts
        .iter()
        .map(|draft| {
            let wanted = draft.impact.class == MoneyClass::Rejection
                && draft.impact.amount == Amount::ClaimAllowed
                && draft.finding.severity > Severity::Info;
            let Some(kind) = draft.fault.and_then(rejected_by).filter(|_| wanted) else { return Ok(None) };
            files.claims_within(draft.finding.file, kind, draft.finding.place.span.offset, store).map(Some)
        })
        .collect()
}

/// Puts dollars on the faults of envelopes: what all their claims are allowed.
pub(super) fn count(settling: &mut Settling<'_>, faults: &[(usize, Range<u32>)]) {
    let mut totals: HashMap<Range<u32>, (Option<Dollars>, bool)> = HashMap::new();
    for (at, claims) in faults {
        let known = totals.get(claims).copied();
        let (dollars, counted) =
            known.map_or_else(|| settling.delay(claims.clone()), |(dollars, _)| (dollars, false));
        totals.insert(claims.clone(), (dollars, counted));
        settling.drafts[*at].finding.impact = Impact {
            class: MoneyClass::Rejection,
            net: dollars.map(|dollars| dollars.net),
            gross: dollars.map(|dollars| dollars.gross),
            counted,
            unpriced: dollars.is_none(),
        };
    }
}

/// Every claim that some fault keeps out.
pub(super) fn union(kept_out: &[Option<Range<u32>>]) -> HashSet<u32> {
    let mut ranges: Vec<Range<u32>> = kept_out.iter().flatten().cloned().collect();
    ranges.sort_by_key(|range| (range.start, range.end));
    ranges.dedup();
    let mut claims = HashSet::new();
    let mut done = 0;
    for range in ranges {
        claims.extend(range.start.max(done)..range.end);
        done = done.max(range.end);
    }
    claims
}
