//! In which Medicare locality the lines of a claim are priced.

use crate::checks::Cx;
use crate::claim::{Claim, Fact};
use crate::pricing::Localities;
use crate::reference::{Locality, Reference, ZipLocality};

/// Finds the locality of a line as the user's terms have it.
pub(super) struct LineLocalities<'a> {
    reference: &'a Reference,
    by_zip: bool,
    /// For each payer profile; 0 for national rates.
    fixed: Vec<u32>,
    /// The ZIP code looked up last, of which a file has few.
    known: ([u8; 5], u32),
}

impl<'a> LineLocalities<'a> {
    pub(super) fn new(cx: Cx<'a>) -> LineLocalities<'a> {
        let of_profile = |locality: Option<&str>| match (cx.terms.localities, locality) {
            (Localities::One(locality), _) => locality.number(),
            (_, Some(stated)) => Locality::parse(stated).map_or(0, Locality::number),
            (_, None) => 0,
        };
        LineLocalities {
            reference: cx.reference,
            by_zip: cx.terms.localities == Localities::ByZip,
            fixed: cx.rules.profiles.iter().map(|one| of_profile(one.locality.as_deref())).collect(),
            known: ([0; 5], 0),
        }
    }

    /// The locality's number; 0 for national rates, also where a ZIP code does not tell.
    pub(super) fn number(&mut self, claim: &Claim<'_>, line: u16, profile: usize) -> u32 {
        if !self.by_zip {
            return self.fixed.get(profile).copied().unwrap_or(0);
        }
        let zip = claim.text(Fact::Zip, line, 0);
        let Some(digits) = zip.bytes().first_chunk::<5>() else { return 0 };
        if self.known.0 != *digits {
            let found = std::str::from_utf8(digits)
                .map_or(ZipLocality::Unknown, |zip| self.reference.locality_of_zip(zip));
            let number = match found {
                ZipLocality::In(locality) => locality.number(),
                ZipLocality::Split | ZipLocality::Unknown => 0,
            };
            self.known = (*digits, number);
        }
        self.known.1
    }
}
