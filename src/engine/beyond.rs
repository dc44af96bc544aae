//! What a line leaves for what is put together from many claims: its patient's course of treatment, its provider's day.
//!
//! Asked of nearly every line, so what is the same for all lines of a claim is looked up once.

use crate::checks::{self, Lack, Out, note};
use crate::claim::{
    Claim, CourseFact, LineFact, Provider, ProviderKey, Role, ServiceLine, UNKNOWN, Units, key_of, npi_of,
    provider_key,
};
use crate::rules::{Check, CourseCheck, Profile, ProviderCheck, RuleSet};

/// The rules that ask, and what is known of the claim at hand.
pub(super) struct Beyond<'r> {
    /// Bits of the rules over courses, and of those over providers' days, in a line's mask.
    course_bits: Vec<u64>,
    provider_bits: Vec<u64>,
    courses: Vec<(u16, u16, &'r CourseCheck)>,
    providers: Vec<(u16, u16, &'r ProviderCheck)>,
    /// Of the claim: what lines say that say nothing of their own, and whether some do.
    of_claim: CourseFact,
    by_line: bool,
    person: Option<u64>,
    is_history: bool,
    /// Rules over courses that lack something on every line of the claim.
    lacking: Vec<(u16, u16, Lack)>,
}

impl<'r> Beyond<'r> {
    pub(super) fn new(rules: &'r RuleSet) -> Beyond<'r> {
        let bits_of = |numbers: &[u16]| {
            let mut bits = vec![0; rules.day_words()];
            for bit in numbers.iter().filter_map(|&number| rules.rules[usize::from(number)].day_bit) {
                bits[usize::from(bit / 64)] |= 1 << (bit % 64);
            }
            bits
        };
        let courses = rules.course_rules().iter().filter_map(|&number| {
            let rule = &rules.rules[usize::from(number)];
            match &rule.check {
                Check::Course(check) => Some((number, rule.day_bit?, check)),
                _ => None,
            }
        });
        let providers = rules.provider_rules().iter().filter_map(|&number| {
            let rule = &rules.rules[usize::from(number)];
            match &rule.check {
                Check::ProviderDay(check) => Some((number, rule.day_bit?, check)),
                _ => None,
            }
        });
        Beyond {
            course_bits: bits_of(rules.course_rules()),
            provider_bits: bits_of(rules.provider_rules()),
            courses: courses.collect(),
            providers: providers.collect(),
            of_claim: CourseFact::default(),
            by_line: false,
            person: None,
            is_history: false,
            lacking: Vec::new(),
        }
    }

    /// Looks at a claim before its lines. `is_authorized` says whether authorizations of its patient are given, `has_patient`
    /// whether it is known who he is.
    pub(super) fn begin(
        &mut self,
        claim: &Claim<'_>,
        profile: &Profile,
        has_patient: bool,
        is_authorized: bool,
        is_history: bool,
    ) {
        self.person = if self.providers.is_empty() { None } else { claim.person_key() };
        self.is_history = is_history;
        self.of_claim = course_fact(claim, 0);
        let is_asked = |qualifier: &[u8]| matches!(qualifier, b"454" | b"453" | b"G1" | b"9F");
        self.by_line = claim.notes.iter().any(|note| note.line > 0 && note.kind.is_absent())
            || claim.dates.iter().any(|one| one.line > 0 && is_asked(one.qualifier.bytes()))
            || claim.references.iter().any(|one| one.line > 0 && is_asked(one.qualifier.bytes()));
        self.lacking.clear();
        if !is_history {
            for &(number, bit, check) in &self.courses {
                let lack = checks::course_lack(check, &self.of_claim, profile, has_patient, is_authorized);
                self.lacking.extend(lack.map(|lack| (number, bit, lack)));
            }
        }
    }

    /// What a line says about its course; `place` is the index of its [`LineFact`]. `None` where no rule asks, or the line
    /// says nothing.
    pub(super) fn course(
        &self,
        claim: &Claim<'_>,
        line: &ServiceLine<'_>,
        about: &[u64],
        place: u64,
        out: &mut Out,
    ) -> Option<CourseFact> {
        if about.iter().zip(&self.course_bits).all(|(about, bits)| about & bits == 0) {
            return None;
        }
        let mut fact = if self.by_line { course_fact(claim, line.number) } else { self.of_claim };
        fact.line = place;
        let visit = Units::parse(line.visit.bytes()).and_then(Units::as_whole);
        fact.visit = visit.map_or(0, |visit| visit.min(9999) as u16);
        for &(number, bit, lack) in &self.lacking {
            let is_there = match lack {
                Lack::Note => fact.is_noted,
                Lack::Patient => fact.visit > 0,
                _ => false,
            };
            if !is_there && about[usize::from(bit / 64)] >> (bit % 64) & 1 == 1 {
                out.lack(number, lack, 1);
            }
        }
        (!fact.is_empty()).then_some(fact)
    }

    /// The line's part of its provider's day; `index` is the claim's. `None` where no rule asks, where the line has neither
    /// times nor minutes, or where it is not certain who rendered it, or whom.
    pub(super) fn provider_day(
        &self,
        claim: &Claim<'_>,
        line: &LineFact,
        index: u32,
        about: &[u64],
        out: &mut Out,
    ) -> Option<ProviderKey> {
        if about.iter().zip(&self.provider_bits).all(|(about, bits)| about & bits == 0) {
            return None;
        }
        let times = checks::provider_times(line);
        let mut asked = 0_u32;
        for (place, &(number, bit, check)) in self.providers.iter().enumerate() {
            if about[usize::from(bit / 64)] >> (bit % 64) & 1 == 0 {
                continue;
            }
            let lack = match (check, times) {
                // A line of several days says nothing of any.
                _ if line.spans_days() => Lack::Times,
                (ProviderCheck::Overlap, (UNKNOWN, ..)) => Lack::Times,
                (ProviderCheck::Day { .. }, (UNKNOWN, _, UNKNOWN)) => Lack::Minutes,
                _ => {
                    asked |= 1 << place;
                    continue;
                }
            };
            self.lack(number, lack, out);
        }
        if asked == 0 {
            return None;
        }
        let (rendering, patient) = match (rendering(claim, line.line), self.person) {
            (Some(rendering), Some(patient)) => (rendering, patient),
            (None, _) => return self.unasked(asked, Lack::Rendering, out),
            (_, None) => return self.unasked(asked, Lack::Patient, out),
        };
        let (start, end, minutes) = times;
        Some(ProviderKey {
            rendering,
            date: line.date,
            start,
            end,
            minutes,
            line: line.line,
            claim: index,
            rules: asked,
            patient,
        })
    }

    fn lack(&self, number: u16, lack: Lack, out: &mut Out) {
        if !self.is_history {
            out.lack(number, lack, 1);
        }
    }

    fn unasked(&self, asked: u32, lack: Lack, out: &mut Out) -> Option<ProviderKey> {
        for (place, &(number, ..)) in self.providers.iter().enumerate() {
            if asked >> place & 1 == 1 {
                self.lack(number, lack, out);
            }
        }
        None
    }
}

/// What `line` (0 for the claim) says about its patient's course of treatment.
fn course_fact(claim: &Claim<'_>, line: u16) -> CourseFact {
    let since = claim.date("454", line).or_else(|| claim.date("453", line));
    let mut fact = CourseFact {
        since: since.and_then(|stated| stated.date.value),
        authorization: claim.reference("G1", line).map_or(0, |stated| key_of(stated.value.bytes())),
        is_referred: claim.reference("9F", line).is_some_and(|stated| stated.value.is_present()),
        ..CourseFact::default()
    };
    if line == 0 || claim.notes.is_empty() {
        return fact;
    }
    let own = || claim.notes.iter().filter(|note| note.line == line && note.kind.is_absent());
    fact.is_noted = note::are_clinical(own().map(|note| note.text.bytes()));
    for note in own() {
        let words = note.text.bytes();
        fact.is_measured |= note::has_objective_measure(words);
        // In whatever order the parts of a session stand.
        fact.likeness = fact.likeness.wrapping_add(note::likeness(words));
    }
    fact
}

/// Whose hands rendered a line, by NPI. A group's own number stands for several pairs of hands.
fn rendering(claim: &Claim<'_>, line: u16) -> Option<u32> {
    let is_person = |provider: &&Provider<'_>| match provider.role {
        Role::Billing => provider.entity_type == "1",
        _ => provider.entity_type != "2",
    };
    let provider = claim.rendering(line).filter(is_person)?;
    let is_group =
        |billing: &&Provider<'_>| billing.entity_type != "1" && billing.npi.bytes() == provider.npi.bytes();
    if claim.billing().filter(is_group).is_some() {
        return None;
    }
    Some(provider_key(provider.npi.bytes())).filter(|key| npi_of(*key).is_some())
}
