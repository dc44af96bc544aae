//! What the prices and the rules of a run rest on: which releases, whose schedules.

use std::collections::BTreeSet;

use crate::claim::Date;
use crate::finding::{Rates, TableRelease};
use crate::reference::Reference;
use crate::rules::{Check, DiagnosisFault, RuleSet};

use super::Request;

/// Which schedules and payer profiles had a share in the prices.
#[derive(Clone, Debug, Default)]
pub(super) struct Priced {
    /// Releases of the fee schedule.
    releases: BTreeSet<&'static str>,
    /// Indices of the profiles.
    profiles: BTreeSet<u16>,
}

impl Priced {
    /// Takes note of a price found for a day.
    pub(super) fn note(&mut self, reference: &Reference, date: Date, profile: u16) {
        self.releases.extend(reference.fee_release(date));
        self.profiles.insert(profile);
    }

    /// Whose rates the prices are.
    pub(super) fn rates(&self, request: &Request) -> Rates {
        let profiles =
            self.profiles.iter().filter_map(|&index| request.rules.profiles.get(usize::from(index)));
        Rates {
            locality: String::new(),
            stand_in: profiles
                .filter(|profile| !profile.medicare_rates)
                .map(|profile| profile.name.clone())
                .collect(),
        }
    }

    /// The tables, those marked that the run used.
    pub(super) fn tables(&self, request: &Request) -> Vec<TableRelease> {
        let reduced = self
            .profiles
            .iter()
            .any(|&index| request.rules.profiles.get(usize::from(index)).is_some_and(|profile| profile.mppr));
        let mut tables = request.reference.releases();
        for table in &mut tables {
            table.used = match table.name.as_str() {
                "mpfs" => self.releases.contains(table.release.as_str()),
                "conversion-factor" | "place-of-service" => !self.releases.is_empty(),
                "therapy-reduction" => reduced,
                "ncci-ptp" | "ncci-modifiers" | "diagnosis-region" | "diagnosis-side" => {
                    asks_for_pairs(&request.rules)
                }
                "icd10cm" => asks_for_diagnoses(&request.rules),
                _ => false,
            };
        }
        tables
    }
}

fn asks_for_diagnoses(rules: &RuleSet) -> bool {
    rules.rules.iter().any(|rule| {
        matches!(
            rule.check,
            Check::Diagnosis(
                DiagnosisFault::NotBillable
                    | DiagnosisFault::NotValid
                    | DiagnosisFault::NonspecificOnly
                    | DiagnosisFault::Mislinked
            )
        )
    })
}

fn asks_for_pairs(rules: &RuleSet) -> bool {
    rules.rules.iter().any(|rule| matches!(rule.check, Check::CodePair { .. }))
}
