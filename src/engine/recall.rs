//! What rules had nothing to say of is not asked again: lines that agree in all that rules look at get one answer.
//!
//! A rule over lines looks at known facets of a line ([`Facets`]), and a practice has few combinations of them: the same
//! therapists bill the same services to the same payers. What is remembered of a combination is that none of a group's
//! rules found anything, what they could not judge, and which rules over days are about the line. Whatever was found, or
//! took a look at more than the facets, is asked anew each time. Combinations are told apart by a hash of 64 bits.

mod hashes;

use crate::checks::{Lack, LineGlance, Out};
use crate::claim::{Claim, Modifiers, ProcedureCode, Resolved, ServiceLine};
use crate::reference::Reference;
use crate::rules::{Calls, Facets, Profile};

use super::facts::{Diagnoses, Parties};
use hashes::hash;

/// What is remembered, by the hash of the combination.
pub(super) struct Recall {
    /// Words of `about` for each slot.
    words: usize,
    /// Empty until the first line.
    slots: Vec<Slot>,
    /// Bits of the rules over days that turned out to be about such a line.
    about: Vec<u64>,
    /// Slots that answered since the last count.
    answered: Vec<u32>,
    claim: OfClaim,
    /// The facets of the line at hand, by their places, each times the factor of its place.
    facets: [u64; Facets::COUNT],
    /// For each group of its calls, the hash of the combination.
    keys: Vec<u64>,
    /// Slots that answered for it.
    told: Vec<usize>,
    /// How lines are coded, with the hash of what tells; nothing where nothing is known.
    codings: Vec<Option<(u64, Coding)>>,
    /// Where on the body lines were done, with the hash of what tells; 0 where nothing is known.
    regions: Vec<(u64, Resolved)>,
    /// Between whom claims are, likewise.
    between: Vec<(u64, Between)>,
}

#[derive(Clone, Default)]
struct Slot {
    /// 0: nothing is known.
    key: u64,
    /// How many lines it answered for since the last count.
    times: u32,
    /// What could not be judged of each of them.
    lacks: Box<[(u16, Lack)]>,
}

/// Between whom a claim is: what follows from its payer and its providers alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Between {
    /// Index of the profile that judges it.
    pub(super) profile: usize,
    /// Number of the payer's own fee schedule.
    pub(super) contract: u16,
    /// What stands for the payer in a [`crate::claim::ClaimFact`].
    pub(super) payer: u64,
    pub(super) parties: Parties,
}

/// How a line is coded, and what one look at that shows: what follows from what it bills and the payer's profile alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Coding {
    pub(super) code: ProcedureCode,
    pub(super) modifiers: Modifiers,
    pub(super) glance: LineGlance,
}

impl Coding {
    pub(super) fn of(line: &ServiceLine<'_>, profile: &Profile, reference: &Reference) -> Coding {
        let glance = LineGlance::of(line, profile, reference);
        Coding { code: line.code(), modifiers: line.modifier_set(), glance }
    }
}

/// Facets that the lines of a claim share.
#[derive(Clone, Copy, Default)]
struct OfClaim {
    payer: u64,
    diagnoses: u64,
    providers: u64,
    kinds_of_providers: u64,
    /// Whether lines have providers of their own.
    by_line: bool,
}

impl Recall {
    const SLOTS: usize = 4096;
    const CODINGS: usize = 512;
    const REGIONS: usize = 1024;
    const BETWEEN: usize = 256;

    /// The golden ratio's bits.
    const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

    /// By what a line's coding is remembered: the payer decides which profile judges it.
    const OF_CODING: Facets = Facets::SERVICE.and(Facets::PAYER);

    /// For rules over days with so many words of bits.
    pub(super) fn new(words: usize) -> Recall {
        Recall {
            words,
            slots: Vec::new(),
            about: Vec::new(),
            answered: Vec::new(),
            claim: OfClaim::default(),
            facets: [0; Facets::COUNT],
            keys: Vec::new(),
            told: Vec::new(),
            codings: Vec::new(),
            regions: Vec::new(),
            between: Vec::new(),
        }
    }

    /// Looks at a claim before its lines. Between whom it is `settle` says, if it is not known.
    pub(super) fn begin(&mut self, claim: &Claim<'_>, settle: impl Fn() -> Between) -> Between {
        if self.slots.is_empty() {
            self.slots.resize(Self::SLOTS, Slot::default());
            self.about.resize(Self::SLOTS * self.words, 0);
            self.codings.resize(Self::CODINGS, None);
            self.between.resize(Self::BETWEEN, (0, Between::default()));
        }
        self.claim = OfClaim {
            payer: hashes::payer(claim),
            diagnoses: hashes::diagnoses(claim),
            providers: hashes::providers(claim, 0),
            kinds_of_providers: hashes::kinds_of_providers(claim, 0),
            by_line: claim.providers.iter().any(|one| one.line > 0),
        };
        let key = hash(|parts| {
            parts.number(self.claim.payer);
            parts.number(self.claim.providers);
            // Whoever else a line names does not tell that it names who rendered it.
            parts.number(u64::from(Parties::are_by_line(claim)));
        });
        let slot = &mut self.between[(key >> 32) as usize % Self::BETWEEN];
        if slot.0 != key {
            *slot = (key, settle());
        }
        debug_assert_eq!(slot.1, settle(), "between others");
        slot.1
    }

    /// How a line of the claim is coded; ask before [`Recall::look`]. `code` says, if it is not known.
    pub(super) fn coding(
        &mut self,
        claim: &Claim<'_>,
        line: &ServiceLine<'_>,
        code: impl Fn() -> Coding,
    ) -> Coding {
        self.take(claim, line, Self::OF_CODING);
        let key = self.key(0, 0, Self::OF_CODING);
        let slot = &mut self.codings[(key >> 32) as usize % Self::CODINGS];
        let known = slot.filter(|(known, _)| *known == key).map(|(_, coding)| coding);
        let coding = known.unwrap_or_else(|| {
            let coding = code();
            *slot = Some((key, coding));
            coding
        });
        debug_assert_eq!(coding, code(), "not coded so");
        coding
    }

    /// Which groups of `calls` are known to find nothing in the line, as bits ([`Calls::all_groups`]). What they would
    /// count as not judged will be counted; rules over days that are about the line are added to `about`.
    pub(super) fn look(
        &mut self,
        claim: &Claim<'_>,
        line: &ServiceLine<'_>,
        calls: &Calls,
        about: &mut [u64],
    ) -> u64 {
        self.take(claim, line, calls.facets.without(Self::OF_CODING));
        self.told.clear();
        self.keys.clear();
        let mut known = 0;
        for (group, facets) in calls.groups.iter().enumerate() {
            let key = self.key(calls.number, group, *facets);
            self.keys.push(key);
            if self.recall(key, about) {
                known |= 1 << group;
                self.told.push(place_of(key));
            }
        }
        known
    }

    /// Whether there is something to be told again under `key`: then it is.
    #[inline]
    fn recall(&mut self, key: u64, about: &mut [u64]) -> bool {
        let at = place_of(key);
        let slot = &mut self.slots[at];
        if slot.key != key {
            return false;
        }
        if !slot.lacks.is_empty() {
            if slot.times == 0 {
                self.answered.push(at as u32);
            }
            slot.times += 1;
        }
        let first = at * self.words;
        for (word, own) in about.iter_mut().enumerate() {
            *own |= self.about[first + word];
        }
        true
    }

    /// Remembers, of the line looked at last, that a group found nothing: what it could not judge, and the bits of the rules
    /// over days that are about the line.
    pub(super) fn keep(&mut self, group: usize, lacks: Box<[(u16, Lack)]>, about: &[u64], out: &mut Out) {
        let Some(&key) = self.keys.get(group) else { return };
        let at = place_of(key);
        self.slots[at].count(out);
        self.slots[at] = Slot { key, times: 0, lacks };
        self.about[at * self.words..][..self.words].copy_from_slice(about);
    }

    /// What was told again that could not be judged of the line looked at last.
    pub(super) fn lacks(&self) -> Vec<(u16, Lack)> {
        self.told.iter().flat_map(|at| self.slots[*at].lacks.iter().copied()).collect()
    }

    /// Adds to `out` what could not be judged of the lines that were answered for.
    pub(super) fn count(&mut self, out: &mut Out) {
        for at in self.answered.drain(..) {
            self.slots[at as usize].count(out);
        }
    }

    /// Where on the body the line was done that was looked at last. `calls` are those it was looked at for.
    pub(super) fn region(
        &mut self,
        claim: &Claim<'_>,
        line: &ServiceLine<'_>,
        calls: &Calls,
        diagnoses: &mut Diagnoses<'_>,
    ) -> Resolved {
        const TELLING: Facets = Facets::SERVICE.and(Facets::DIAGNOSES).and(Facets::NOTES);
        self.take(claim, line, TELLING.without(calls.facets).without(Self::OF_CODING));
        let key = self.key(0, 0, TELLING);
        if self.regions.is_empty() {
            self.regions.resize(Self::REGIONS, (0, Resolved::default()));
        }
        let slot = &mut self.regions[(key >> 32) as usize % Self::REGIONS];
        if slot.0 != key {
            *slot = (key, diagnoses.resolve(claim, line));
        }
        debug_assert_eq!(slot.1, diagnoses.resolve(claim, line), "not the region it was");
        slot.1
    }

    /// Takes in facets of a line.
    fn take(&mut self, claim: &Claim<'_>, line: &ServiceLine<'_>, wanted: Facets) {
        let OfClaim { payer, diagnoses, providers, kinds_of_providers, by_line } = self.claim;
        self.put(wanted, Facets::SERVICE, || hashes::service(claim, line));
        self.put(wanted, Facets::CHARGE, || hashes::charge(line));
        self.put(wanted, Facets::TIME, || hashes::time(line));
        self.put(wanted, Facets::DIAGNOSES, || hashes::pointed(diagnoses, line));
        self.put(wanted, Facets::PROVIDERS, || match by_line {
            true => hashes::providers(claim, line.number),
            false => providers,
        });
        self.put(wanted, Facets::KINDS_OF_PROVIDERS, || match by_line {
            true => hashes::kinds_of_providers(claim, line.number),
            false => kinds_of_providers,
        });
        self.put(wanted, Facets::MORE_OF_PROVIDERS, || hashes::more_of_providers(claim, line.number));
        self.put(wanted, Facets::PAYER, || payer);
        self.put(wanted, Facets::NOTES, || hashes::notes(claim, line));
        self.put(wanted, Facets::DATES, || hashes::dates(line));
    }

    #[inline]
    fn put(&mut self, wanted: Facets, facet: Facets, hash: impl FnOnce() -> u64) {
        if wanted.has(facet) {
            let place = facet.place();
            // An odd factor for each place, so that a sum tells what stands in which.
            self.facets[place] = hash().wrapping_mul(Self::SPREAD.rotate_left(7 * place as u32) | 1);
        }
    }

    /// Facets are hashes already: a sum tells their combinations apart as well as another hash of them would.
    #[inline]
    fn key(&self, calls: u16, group: usize, facets: Facets) -> u64 {
        let which = (u64::from(calls) << 8 | group as u64).wrapping_mul(Self::SPREAD);
        facets.places().fold(which, |sum, place| sum.wrapping_add(self.facets[place])).max(1)
    }
}

impl Slot {
    fn count(&mut self, out: &mut Out) {
        let times = std::mem::take(&mut self.times) as usize;
        if times > 0 {
            self.lacks.iter().for_each(|&(rule, lack)| out.lack(rule, lack, times));
        }
    }
}

fn place_of(key: u64) -> usize {
    (key >> 32) as usize % Recall::SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{Provider, Role, Text};

    /// Claims that agree but in what one line names: nobody, who ordered it, or who rendered it.
    #[test]
    fn who_rendered_a_line_is_never_taken_from_a_claim_that_does_not_say() {
        let provider =
            |role, line, npi: &'static [u8]| Provider { npi: Text::new(npi, 1), ..Provider::new(role, line) };
        let claim = |own: Option<Role>| Claim {
            providers: std::iter::once(provider(Role::Billing, 0, b"1000000004"))
                .chain(own.map(|role| provider(role, 1, b"1000000012")))
                .collect(),
            ..Claim::default()
        };
        let claims = [None, Some(Role::Ordering), Some(Role::Rendering)].map(claim);
        for (first, second) in
            [(0, 1), (0, 2), (1, 2), (2, 1)].map(|(one, other)| (&claims[one], &claims[other]))
        {
            let between = |claim: &Claim<'_>| Between { parties: Parties::of(claim), ..Between::default() };
            let mut recall = Recall::new(1);
            recall.begin(first, || between(first));
            assert_eq!(recall.begin(second, || between(second)), between(second));
        }
    }
}
