//! What settling notes of the claims that somebody asks about. Nothing, where nobody does.

use std::collections::{BTreeMap, HashSet};

use crate::checks::{Lack, Out};
use crate::claim::Date;

/// A patient's day that holds a claim somebody asks about, as it was judged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct WatchedDay {
    pub(super) date: Date,
    /// The claims whose lines make the day.
    pub(super) claims: Vec<u32>,
    /// Of each pair the second is the claim copied.
    pub(super) copies: Vec<(u32, u32)>,
}

/// Notes on claims, by their index in the run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Watch {
    claims: HashSet<u32>,
    days: Vec<WatchedDay>,
    /// Lines that a rule over years, courses or providers' days could not judge.
    lacks: BTreeMap<(u32, u16, Lack), u64>,
}

impl Watch {
    /// For these claims.
    pub(super) fn of(claims: &[u32]) -> Watch {
        Watch { claims: claims.iter().copied().collect(), ..Watch::default() }
    }

    /// Notes of which claims a day was put together.
    pub(super) fn day(&mut self, claims: &[u32], copies: &[(u32, u32)], date: Date) {
        if !self.claims.is_empty() && claims.iter().any(|claim| self.claims.contains(claim)) {
            self.days.push(WatchedDay { date, claims: claims.to_vec(), copies: copies.to_vec() });
        }
    }

    /// Notes what rules over more than a day lacked, for each of the claims that they saw.
    pub(super) fn beyond(&mut self, claims: impl Iterator<Item = u32>, out: &Out) {
        if self.claims.is_empty() {
            return;
        }
        let seen: HashSet<u32> = claims.filter(|claim| self.claims.contains(claim)).collect();
        for claim in seen {
            for (rule, counts) in (0_u16..).zip(&out.lacks) {
                for (lack, lines) in Lack::ALL.into_iter().zip(counts).filter(|(_, lines)| **lines > 0) {
                    *self.lacks.entry((claim, rule, lack)).or_default() += lines;
                }
            }
        }
    }

    /// The days of a claim.
    pub(super) fn days_of(&self, claim: u32) -> impl Iterator<Item = &WatchedDay> {
        self.days.iter().filter(move |day| day.claims.contains(&claim))
    }

    /// What rules over more than a day lacked of a claim.
    pub(super) fn lacks_of(&self, claim: u32, rule: u16) -> impl Iterator<Item = (Lack, u64)> {
        let of = self.lacks.iter().filter(move |((of, by, _), _)| (*of, *by) == (claim, rule));
        of.map(|((.., lack), lines)| (*lack, *lines))
    }
}
