//! What the prices and the rules of a run rest on: which releases, whose schedules.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::Cx;
use crate::claim::{ClaimFact, Date, LineFact};
use crate::finding::{Rates, TableRelease};
use crate::pricing::Localities;
use crate::reference::Locality;
use crate::rules::{Check, DiagnosisFault, RuleSet};

use super::Request;

/// Which schedules and payer profiles had a share in the prices, and what was missing.
#[derive(Clone, Debug, Default)]
pub(super) struct Priced {
    /// Releases of the fee schedule.
    releases: BTreeSet<String>,
    /// Whether a built-in one is among them, for which the conversion factor stands in a table of its own.
    builtin: bool,
    /// Indices of the profiles priced by the Medicare fee schedule.
    profiles: BTreeSet<u16>,
    /// Numbers of the payers' own schedules.
    contracts: BTreeSet<u16>,
    /// Numbers of the Medicare localities.
    localities: BTreeSet<u32>,
    /// Numbers of the payers' own schedules that a claim of the run goes to, priced or not.
    pub(super) contracts_met: BTreeSet<u16>,
    /// Lines that the Medicare fee schedule would price, in years without one.
    pub(super) unscheduled: BTreeMap<i16, u64>,
    /// Lines whose ZIP code told no locality.
    misplaced: u64,
}

impl Priced {
    /// Takes note of the lines that one provider has on a day; `claim` is one of theirs.
    pub(super) fn note(&mut self, cx: Cx<'_>, lines: &[LineFact], claim: &ClaimFact, has_price: bool) {
        let Some(date) = lines.first().map(|line| line.date) else { return };
        if claim.contract > 0 {
            if has_price {
                self.contracts.insert(claim.contract);
            }
            return;
        }
        let release = cx.reference.fee_release(date);
        if !has_price {
            return;
        }
        let priced_on = if release.is_some() { Some(date) } else { cx.reference.last_fee_date() };
        if let Some(date) = priced_on
            && let Some(release) = cx.reference.fee_release(date)
            && !self.releases.contains(release)
        {
            self.releases.insert(release.to_owned());
            self.builtin |= cx.reference.fee_is_subset(date);
        }
        self.profiles.insert(claim.profile);
        for line in lines {
            match line.locality {
                0 if cx.terms.localities == Localities::ByZip => self.misplaced += 1,
                0 => {}
                number => _ = self.localities.insert(number),
            }
        }
    }

    /// Whose rates the prices are.
    pub(super) fn rates(&self, request: &Request) -> Rates {
        let reference = &request.reference;
        let profiles =
            || self.profiles.iter().filter_map(|&index| request.rules.profiles.get(usize::from(index)));
        let medicare = profiles().any(|profile| profile.medicare_rates);
        Rates {
            localities: self
                .localities
                .iter()
                .filter_map(|&number| Locality::from_number(number))
                .map(|locality| reference.locality_name(locality).to_owned())
                .collect(),
            contracts: self
                .contracts
                .iter()
                .filter_map(|&number| request.terms.contracts.get(number))
                .map(|fees| fees.payer().to_owned())
                .collect(),
            nonparticipating: medicare && request.terms.nonparticipating,
            net_cash: medicare && request.terms.net_cash,
            stand_in: profiles()
                .filter(|profile| !profile.medicare_rates)
                .map(|profile| profile.name.clone())
                .collect(),
        }
    }

    /// What a reader of the figures must know: years without a schedule, places without a locality.
    pub(super) fn notes(&self, request: &Request) -> Vec<String> {
        let mut notes = Vec::new();
        let last = request.reference.last_fee_date().map_or(0, Date::year);
        for (&year, &lines) in &self.unscheduled {
            let plural = if lines == 1 { "" } else { "s" };
            notes.push(if request.terms.carry_forward && year > last {
                format!("no {year} fee schedule is loaded; {lines} line{plural} priced at {last}")
            } else {
                let remain = if lines == 1 { "is" } else { "are" };
                format!("no {year} fee schedule is loaded: {lines} line{plural} {remain} unpriced")
            });
        }
        for (number, payer) in (1..).zip(request.terms.contracts.payers()) {
            if !self.contracts_met.contains(&number) {
                notes.push(format!(
                    "no claim goes to the payer `{}` that has a fee schedule of its own",
                    payer.escape_debug()
                ));
            }
        }
        if self.misplaced > 0 {
            let plural = if self.misplaced == 1 { "" } else { "s" };
            notes.push(format!(
                "{} line{plural} priced at national rates: the ZIP code is missing, unknown, or lies in several localities",
                self.misplaced
            ));
        }
        notes
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
                "mpfs" => self.releases.contains(&table.release),
                "gpci" => !self.localities.is_empty() && self.releases.contains(&table.release),
                "zip-locality" => {
                    request.terms.localities == Localities::ByZip && !self.localities.is_empty()
                }
                "sequestration" => self.rates(request).net_cash,
                "participation" => self.rates(request).nonparticipating,
                "assistant-payment" | "payment-modifiers" => !self.releases.is_empty(),
                "conversion-factor" => self.builtin,
                "place-of-service" => !self.releases.is_empty(),
                "therapy-reduction" => reduced,
                "ncci-ptp" | "ncci-modifiers" | "diagnosis-region" | "diagnosis-side" => {
                    asks_for_pairs(&request.rules)
                }
                "mue" => request.rules.rules.iter().any(|rule| matches!(rule.check, Check::UnitEdit)),
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
