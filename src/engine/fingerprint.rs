//! Names for findings: by the rule, how it went, and the faulty line's codes, modifiers, units and charge. No
//! identifier, no place, so a name is the same on every machine and in whatever order the claims come.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_64;

use crate::claim::Units;
use crate::finding::Finding;

/// Tells findings that are otherwise equal apart, by count.
#[derive(Debug, Default)]
pub(super) struct Names {
    seen: HashMap<u64, u64>,
}

impl Names {
    /// Names the next finding. Says what equal ones have in common ([`common_fingerprint`]), and how many of them came
    /// before.
    pub(super) fn name(&mut self, finding: &mut Finding) -> (u64, u64) {
        let mut said = said(finding);
        let count = self.seen.entry(xxh3_64(&said)).or_default();
        let earlier = *count;
        *count += 1;
        let first = hashed_with(&mut said, 0);
        let own = if earlier == 0 { first } else { hashed_with(&mut said, earlier) };
        finding.fingerprint = format!("{own:016x}");
        (first, earlier)
    }
}

/// What findings have in common that only their number tells apart: the fingerprint of the first of them.
pub fn common_fingerprint(finding: &Finding) -> u64 {
    hashed_with(&mut said(finding), 0)
}

/// Of what is said and a count. Leaves what is said as it is.
fn hashed_with(said: &mut Vec<u8>, count: u64) -> u64 {
    let length = said.len();
    said.extend_from_slice(&count.to_le_bytes());
    let hash = xxh3_64(said);
    said.truncate(length);
    hash
}

/// All that a finding's name is made of but the count.
fn said(finding: &Finding) -> Vec<u8> {
    let about = &finding.about;
    // However they are written: a line whose bytes are gone states its units as the facts have them.
    let units = Units::parse(about.units.as_bytes());
    let units = units.map_or_else(|| about.units.clone(), |units| units.to_string());
    let mut said = Vec::with_capacity(64);
    for part in [&finding.code, &about.procedure_code, &units] {
        said.extend_from_slice(part.as_bytes());
        said.push(0);
    }
    for (place, modifier) in about.modifiers.iter().enumerate() {
        if place > 0 {
            said.push(b':');
        }
        said.extend_from_slice(modifier.as_bytes());
    }
    said.push(0);
    // One kind of fault is not known because another of its rule is.
    if !finding.outcome.is_empty() {
        said.extend_from_slice(finding.outcome.as_bytes());
        said.push(0);
    }
    said.extend_from_slice(&about.charge.unwrap_or_default().0.to_le_bytes());
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Cents;
    use crate::finding::About;

    fn finding(outcome: &str, units: &str) -> Finding {
        let about = About {
            procedure_code: "97124".to_owned(),
            modifiers: vec!["GP".to_owned()],
            units: units.to_owned(),
            charge: Some(Cents(12_000)),
            ..About::default()
        };
        Finding { code: "T01".to_owned(), outcome: outcome.to_owned(), about, ..Finding::default() }
    }

    #[test]
    fn equal_findings_are_told_apart_by_count_alone() {
        let mut names = Names::default();
        let mut named = |mut one: Finding| {
            let (common, earlier) = names.name(&mut one);
            assert_eq!(common, common_fingerprint(&one));
            (common, earlier, one.fingerprint)
        };
        let first = named(finding("", "2"));
        let second = named(Finding { claim: 7, claim_id: "MAPLE".to_owned(), ..finding("", "2.0") });
        assert_eq!((first.0, second.0, second.1), (second.0, first.0, 1));
        assert_eq!(first.2, format!("{:016x}", first.0));
        assert_ne!(first.2, second.2);
        for other in [finding("at-mue", "2"), finding("", "3"), Finding { line: 1, ..finding("x", "2") }] {
            let other = named(other);
            assert_eq!(other.1, 0);
            assert_ne!(other.0, first.0);
        }
    }

    /// What was written into a baseline holds for later releases too.
    #[test]
    fn a_name_does_not_change_from_release_to_release() {
        let mut one = finding("", "2");
        Names::default().name(&mut one);
        insta::assert_snapshot!(one.fingerprint, @"355721e2cafb9368");
    }
}
