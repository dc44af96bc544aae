use crate::claim::Fact;

use super::arena::{Arena, Shelf};
use super::fields::{Fields, Vocabulary};
use super::words::{Words, repaired};

/// To which claim an item belongs, as far as cutting goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Owner {
    /// To one of its own: it has lines of its own, or no claim id.
    Itself,
    /// To the claim of this id, with the items around it that say the same.
    Claim(Vec<u8>),
    /// To none: a broken item is a fault, and neither begins nor ends a claim.
    Nobody,
}

impl Owner {
    /// Whether an item of this owner may stand inside a run of lines of the claim `id`.
    pub(super) fn goes_on(&self, id: &[u8]) -> bool {
        match self {
            Owner::Itself => false,
            Owner::Claim(own) => own == id,
            Owner::Nobody => true,
        }
    }
}

/// Reads to whom the item belongs that `bytes` begin with; the same reading that builds claims.
pub(super) fn owner(bytes: &[u8]) -> Owner {
    let text = String::from_utf8(repaired(super::scan::trimmed(bytes).1)).unwrap_or_default();
    let mut fields = Fields::NONE;
    if !text.starts_with('{') || Vocabulary::default().read(&text, &mut fields).is_err() {
        return Owner::Nobody;
    }
    if fields.lines().is_some() {
        return Owner::Itself;
    }
    let arena = Arena::default();
    let id = Words::new(Shelf::new(&arena)).text(&fields, Fact::ClaimId);
    if id.is_absent() { Owner::Itself } else { Owner::Claim(id.bytes().to_vec()) }
}

/// Where `bytes` can be cut so that no claim is torn: the end of whole items, or the start of the last run of
/// lines, which may go on. `None` if all of it may be one claim.
///
/// `starts` are the starts of the items, and `end` is where the last of them ends. No claim is open before the
/// first.
pub(super) fn seam(bytes: &[u8], starts: &[usize], end: usize) -> Option<usize> {
    let mut run: Option<(Vec<u8>, usize)> = None;
    let mut behind = end;
    for &start in starts.iter().rev() {
        match (owner(&bytes[start..behind]), &mut run) {
            (Owner::Nobody, _) => {}
            (Owner::Claim(id), None) => run = Some((id, start)),
            (Owner::Claim(id), Some((known, first))) if id == *known => *first = start,
            (Owner::Itself | Owner::Claim(_), _) => break,
        }
        behind = start;
    }
    match run {
        None => Some(end),
        Some((_, first)) => (first > 0).then_some(first),
    }
}

/// How many items at the front are a run of lines of one claim, with the broken ones among them; 0 if the first
/// claim is no run. Also the run's id.
pub(super) fn first_run(bytes: &[u8], starts: &[usize], end: usize) -> (usize, Vec<u8>) {
    let mut id = None;
    for (count, &start) in starts.iter().enumerate() {
        let behind = starts.get(count + 1).copied().unwrap_or(end);
        match (owner(&bytes[start..behind]), &id) {
            (Owner::Claim(own), None) => id = Some(own),
            (other, Some(known)) if !other.goes_on(known) => return (count, id.unwrap_or_default()),
            (Owner::Itself, None) => return (0, Vec::new()),
            _ => {}
        }
    }
    (id.as_ref().map_or(0, |_| starts.len()), id.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(items: &[&str]) -> Option<usize> {
        let text = items.concat();
        let mut starts = vec![];
        let mut at = 0;
        for item in items {
            starts.push(at);
            at += item.len();
        }
        seam(text.as_bytes(), &starts, text.len())
            .map(|cut| starts.iter().filter(|start| **start < cut).count())
    }

    #[test]
    fn no_claim_is_torn() {
        let (one, two, own, broken) =
            ("{\"claim_id\":\"1\"}\n", "{\"claim_id\":2}\n", "{\"units\":1}\n", "{\"claim_id\":\n");
        assert_eq!(cut(&[one, two]), Some(1));
        assert_eq!(cut(&[one, two, two]), Some(1));
        assert_eq!(cut(&[one, one]), None);
        assert_eq!(cut(&[one, broken, one]), None);
        assert_eq!(cut(&[one, broken]), None);
        assert_eq!(cut(&[broken, one]), Some(1));
        assert_eq!(cut(&[own, one, broken]), Some(1));
        assert_eq!(cut(&[one, own]), Some(2));
        assert_eq!(cut(&[one, own, broken]), Some(3));
        assert_eq!(cut(&[broken]), Some(1));
        assert_eq!(cut(&["{\"claim_id\":\"1\",\"lines\":[]}\n"]), Some(1));
        assert_eq!(cut(&["{\"claim_id\":\"\\u0031\"}\n", one]), None);
    }
}
