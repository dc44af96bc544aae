//! What the prices of a saved run rest on.

use serde::Deserialize;

use crate::finding::{Rates, TableRelease};

#[derive(Deserialize)]
pub(super) struct SavedTable {
    name: String,
    release: String,
    #[serde(default)]
    effective: String,
    #[serde(default)]
    subset: bool,
    #[serde(default)]
    used: bool,
}

impl SavedTable {
    pub(super) fn into_table(self) -> TableRelease {
        let SavedTable { name, release, effective, subset, used } = self;
        TableRelease { name, release, effective, subset, used }
    }
}

#[derive(Deserialize, Default)]
pub(super) struct SavedRates {
    localities: Vec<String>,
    contracts: Vec<String>,
    nonparticipating: bool,
    net_cash: bool,
    stand_in: Vec<String>,
}

impl SavedRates {
    pub(super) fn into_rates(self) -> Rates {
        let SavedRates { localities, contracts, nonparticipating, net_cash, stand_in } = self;
        Rates { localities, contracts, nonparticipating, net_cash, stand_in }
    }
}
