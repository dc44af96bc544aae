//! Which profile a claim is judged by.

use super::{Profile, RuleSet};
use crate::claim::{Claim, Fact, Text};

impl RuleSet {
    /// Index of the profile for a claim's payer.
    ///
    /// A payer id that a profile lists wins over SBR09, that over a `payer` that names a profile (by its name, its
    /// label or a claim filing indicator); otherwise the profile for unknown payers. At each of the three a profile for
    /// the claim's state (service facility, else billing provider) goes before one for all states. Upper and lower case
    /// are one: `Medicare` must not be counted as a payer nobody knows.
    pub fn profile_for(&self, claim: &Claim<'_>) -> usize {
        let choice = Choice { profiles: &self.profiles, state: self.state_of(claim) };
        let payer = &claim.payer;
        choice
            .by_id(payer.id)
            .or_else(|| choice.by_indicator(payer.filing_indicator))
            .or_else(|| choice.by_name(payer.profile))
            .unwrap_or(self.profiles.len().saturating_sub(1))
    }

    /// The claim's state, where any profile asks for it.
    fn state_of<'a>(&self, claim: &Claim<'a>) -> Text<'a> {
        let is_asked = self.profiles.iter().any(|profile| !profile.states.is_empty());
        if is_asked { claim.text(Fact::State, 0, 0) } else { Text::ABSENT }
    }
}

struct Choice<'c, 'a> {
    profiles: &'c [Profile],
    state: Text<'a>,
}

impl Choice<'_, '_> {
    fn by_id(&self, id: Text<'_>) -> Option<usize> {
        self.in_state_first(id, |profile| profile.payer_ids.iter().any(|one| id == one.as_str()))
    }

    fn by_indicator(&self, indicator: Text<'_>) -> Option<usize> {
        self.in_state_first(indicator, |profile| means(profile, indicator))
    }

    /// The profile named, or in its states the one that stands for it. Elsewhere the name of one that is bound to states
    /// means the profile that it stands for.
    fn by_name(&self, name: Text<'_>) -> Option<usize> {
        if name.is_absent() {
            return None;
        }
        let is_named =
            |profile: &Profile| is(name, &profile.name) || is(name, &profile.label) || means(profile, name);
        let named = &self.profiles[self.profiles.iter().position(is_named)?];
        let base = match &named.stands_for {
            Some(base) => base,
            None if named.states.is_empty() || self.is_here(named) => &named.name,
            None => return None,
        };
        let here = |profile: &Profile| {
            self.is_here(profile) && (profile.stands_for.as_ref() == Some(base) || profile.name == *base)
        };
        let variant = self.profiles.iter().position(here);
        let anywhere = |profile: &Profile| profile.states.is_empty() && profile.name == *base;
        variant.or_else(|| self.profiles.iter().position(anywhere))
    }

    fn in_state_first(&self, stated: Text<'_>, is_meant: impl Fn(&Profile) -> bool) -> Option<usize> {
        if stated.is_absent() {
            return None;
        }
        let find = |is: &dyn Fn(&Profile) -> bool| self.profiles.iter().position(is);
        let here = || find(&|profile| self.is_here(profile) && is_meant(profile));
        let anywhere = || find(&|profile| profile.states.is_empty() && is_meant(profile));
        if self.state.is_present() { here().or_else(anywhere) } else { anywhere() }
    }

    /// Whether the profile is bound to states, and the claim's is one of them.
    fn is_here(&self, profile: &Profile) -> bool {
        profile.states.iter().any(|state| is(self.state, state))
    }
}

fn is(stated: Text<'_>, word: &str) -> bool {
    stated.bytes().eq_ignore_ascii_case(word.as_bytes())
}

fn means(profile: &Profile, stated: Text<'_>) -> bool {
    profile.filing_indicators.iter().any(|one| is(stated, one))
}
