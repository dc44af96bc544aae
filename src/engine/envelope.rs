//! What a broken envelope keeps out: every claim in it, each counted once.
//!
//! A TA1 reject takes the interchange, a 999 reject the functional group or the transaction set.

use std::collections::{HashMap, HashSet};
use std::io;
use std::ops::Range;

use crate::finding::{Acknowledgement, CodeElement, MoneyClass, Severity};
use crate::rules::Amount;
use crate::x12::EnvelopeKind;

use super::dollars::Delayed;
use super::draft::Draft;
use super::files::Files;
use super::settle::Settling;
use super::store::Store;

/// The envelope that a receiver rejects for a fault that it names so.
fn rejected_by(named: &Acknowledgement) -> EnvelopeKind {
    match named.element {
        CodeElement::Ta105 => EnvelopeKind::Isa,
        CodeElement::Ak905 => EnvelopeKind::Gs,
        CodeElement::Ik502 | CodeElement::Ik304 | CodeElement::Ik403 => EnvelopeKind::St,
    }
}

/// The claims that each fault's envelope keeps out, by index of the draft.
pub(super) fn kept_out(
    drafts: &[Draft],
    files: &Files,
    store: &Store,
) -> io::Result<Vec<Option<Range<u32>>>> {
    let mut known: HashMap<(u32, Option<u64>, Option<u64>), Range<u32>> = HashMap::new();
    drafts
        .iter()
        .map(|draft| {
            // What is noted and accepted (a warning) keeps nothing out.
            let wanted = draft.impact.class == MoneyClass::Rejection
                && draft.impact.amount == Amount::ClaimAllowed
                && draft.finding.severity == Severity::Error
                && !draft.is_suppressed();
            let named = draft.finding.acknowledgement.as_ref().filter(|_| wanted);
            let Some(kind) = named.map(rejected_by) else { return Ok(None) };
            let (file, offset) = (draft.finding.file, draft.finding.place.span.offset);
            let (start, end) = files.envelope_around(file, kind, offset);
            if let Some(claims) = known.get(&(file, start, end)) {
                return Ok(Some(claims.clone()));
            }
            let claims = files.claims_between(file, start, end, store)?;
            known.insert((file, start, end), claims.clone());
            Ok(Some(claims))
        })
        .collect()
}

/// Puts dollars on the faults of envelopes: what all their claims are allowed.
pub(super) fn count(settling: &mut Settling<'_>, faults: &[(usize, Range<u32>)]) {
    let mut known: HashMap<Range<u32>, Delayed> = HashMap::new();
    for (at, claims) in faults {
        let delayed = match known.get(claims) {
            Some(delayed) => *delayed,
            None => *known.entry(claims.clone()).insert_entry(settling.delay(claims.clone(), *at)).get(),
        };
        settling.put_on_rejection(*at, delayed);
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
