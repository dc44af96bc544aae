//! What the dollars of a run are made of: by rule, claim, provider, payer and day.
//!
//! Every amount enters once, with all that it is attributed to, so each breakdown adds up to the run's columns. A line
//! may stand in another claim than the finding that takes it: dollars are the line's, its claim's and its provider's.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::claim::{Date, npi_of};
use crate::finding::{
    self, ByDay, ByPayer, ByProvider, ByRule, Columns, Dollars, ExpectedLoss, MoneyClass, Share,
};
use crate::pricing::{self, PartsPerMillion};
use crate::rules::{ImpactSpec, RuleSet};
use crate::side::{DenialRates, PayerName};

use super::store::Store;

/// A payer of the run: index of its profile, and the key of its facts.
pub(super) type Payer = (u16, u64);

/// What an amount belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owner {
    /// Index of the rule that counts it.
    pub(super) rule: u16,
    /// Index of the claim in the run.
    pub(super) claim: u32,
    pub(super) payer: Payer,
    /// As [`crate::claim::LineFact::rendering`] has it.
    pub(super) provider: u32,
    /// Of service.
    pub(super) date: Date,
    /// Whether reports show the claim.
    pub(super) shown: bool,
}

/// The dollars that have been counted so far.
#[derive(Debug, Default)]
pub(super) struct Breakdown {
    total: Share,
    rules: BTreeMap<u16, Share>,
    payers: BTreeMap<Payer, Share>,
    /// By NPI; 0 for lines without one.
    providers: BTreeMap<u32, Share>,
    days: BTreeMap<Date, Share>,
    /// Of claims that reports show. A broken envelope keeps out more claims than anybody wants to see.
    claims: HashMap<u32, Columns>,
    /// Rules with dollars at risk and no rate for their payer.
    unrated: BTreeSet<u16>,
}

impl Breakdown {
    /// Counts an amount in the column of `class`, with what is expected to be lost of it.
    pub(super) fn enter(&mut self, owner: Owner, class: MoneyClass, dollars: Dollars, expected: Dollars) {
        if dollars == Dollars::default() {
            return;
        }
        let mut share = Share { expected, ..Share::default() };
        match share.columns.of_mut(class) {
            Some(column) => *column = dollars,
            None => return,
        }
        let provider = npi_of(owner.provider).unwrap_or(0);
        for part in [
            &mut self.total,
            self.rules.entry(owner.rule).or_default(),
            self.payers.entry(owner.payer).or_default(),
            self.providers.entry(provider).or_default(),
            self.days.entry(owner.date).or_default(),
        ] {
            part.columns.add(&share.columns);
            part.expected += expected;
        }
        if owner.shown {
            self.claims.entry(owner.claim).or_default().add(&share.columns);
        }
    }

    /// Notes that a rule has dollars at risk for which no rate is known.
    pub(super) fn lacks_rate(&mut self, rule: u16) {
        self.unrated.insert(rule);
    }

    /// The run's columns.
    pub(super) fn columns(&self) -> Columns {
        self.total.columns
    }

    /// One shown claim's part of the columns.
    pub(super) fn claim(&self, claim: u32) -> Columns {
        self.claims.get(&claim).copied().unwrap_or_default()
    }

    /// What is expected to be lost at `rates`.
    pub(super) fn expected_loss(&self, rates: &DenialRates, rules: &RuleSet) -> ExpectedLoss {
        let mut without_rate: Vec<String> = self.unrated.iter().map(|&rule| code_of(rules, rule)).collect();
        without_rate.sort();
        ExpectedLoss { source: rates.source().to_owned(), total: self.total.expected, without_rate }
    }

    /// As reports show it. `findings` says how many findings of each rule count dollars.
    pub(super) fn named(
        &self,
        rules: &RuleSet,
        store: &Store,
        findings: &HashMap<u16, u64>,
    ) -> finding::Breakdown {
        let mut by_rule: Vec<ByRule> = self
            .rules
            .iter()
            .map(|(&rule, &share)| ByRule {
                code: code_of(rules, rule),
                name: rules.rules.get(usize::from(rule)).map_or_else(String::new, |rule| rule.name.clone()),
                findings: findings.get(&rule).copied().unwrap_or(0),
                share,
            })
            .collect();
        by_rule.sort_by(|one, other| one.code.cmp(&other.code));
        let mut by_payer: Vec<ByPayer> = self
            .payers
            .iter()
            .map(|(&(profile, key), &share)| ByPayer {
                payer: rules
                    .profiles
                    .get(usize::from(profile))
                    .map_or_else(String::new, |one| one.name.clone()),
                payer_id: store.payer_id(key).map(|id| id.escape_ascii().to_string()),
                share,
            })
            .collect();
        by_payer.sort_by(|one, other| (&one.payer, &one.payer_id).cmp(&(&other.payer, &other.payer_id)));
        let mut by_provider: Vec<ByProvider> =
            self.providers.iter().map(|(&npi, &share)| ByProvider { npi: npi_of(npi), share }).collect();
        by_provider.sort_by_key(|one| (one.npi.is_none(), one.npi));
        let days = self.days.iter().map(|(date, &share)| ByDay { date: date.to_string(), share }).collect();
        finding::Breakdown { rules: by_rule, providers: by_provider, payers: by_payer, days }
    }
}

/// How likely `payer` is to deny what a finding says, where that is known.
pub(super) fn rate_of(
    rates: &DenialRates,
    code: &str,
    carcs: &[String],
    impact: ImpactSpec,
    payer: PayerName<'_>,
) -> Option<PartsPerMillion> {
    let certain = || impact.certain.then_some(pricing::CERTAIN);
    let by_reason = || carcs.iter().find_map(|carc| rates.of_carc(carc, payer));
    rates.of_rule(code, payer).or_else(certain).or_else(by_reason)
}

fn code_of(rules: &RuleSet, rule: u16) -> String {
    rules.rules.get(usize::from(rule)).map_or_else(String::new, |rule| rule.code.clone())
}
