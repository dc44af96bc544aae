//! What the prices of a run rest on: its tables, and whose rates they are.

use schemars::JsonSchema;
use serde::Serialize;

use crate::finding::{Rates, TableRelease};
use crate::report::plain::clean;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Table")]
pub(in crate::report) struct JsonTable<'a> {
    name: &'a str,
    release: &'a str,
    effective: &'a str,
    /// Whether it has the codes of therapy alone.
    subset: bool,
    /// Whether a price was looked up in it, or a rule in force asks it.
    used: bool,
}

impl<'a> JsonTable<'a> {
    pub(in crate::report) fn new(table: &'a TableRelease) -> Self {
        let TableRelease { name, release, effective, subset, used } = table;
        Self { name, release, effective, subset: *subset, used: *used }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Rates")]
pub(in crate::report) struct JsonRates {
    /// None for national rates.
    localities: Vec<String>,
    /// Payers priced by their own fee schedule.
    contracts: Vec<String>,
    nonparticipating: bool,
    /// Whether net figures are what reaches the practice, after sequestration.
    net_cash: bool,
    /// Payers for whose own rates Medicare's stand in.
    stand_in: Vec<String>,
}

impl JsonRates {
    pub(in crate::report) fn new(rates: &Rates) -> Self {
        let plain = |texts: &[String]| texts.iter().map(|text| clean(text).into_owned()).collect();
        Self {
            localities: plain(&rates.localities),
            contracts: plain(&rates.contracts),
            nonparticipating: rates.nonparticipating,
            net_cash: rates.net_cash,
            stand_in: plain(&rates.stand_in),
        }
    }
}
