//! Claims of a saved run.

use serde::Deserialize;

use super::Named;
use super::finding::SavedWindow;
use super::summary::SavedColumns;
use crate::claim::Cents;
use crate::finding::{About, FlaggedClaim, FlaggedLine, Unpriced};

#[derive(Deserialize)]
pub(super) struct SavedClaim {
    file: String,
    #[serde(default)]
    input: Option<u32>,
    ordinal: u32,
    id: Option<String>,
    #[serde(default, rename = "ref")]
    claim_ref: Option<String>,
    #[serde(default)]
    payer: String,
    #[serde(default)]
    payer_id: Option<String>,
    #[serde(default)]
    billing_npi: Option<String>,
    #[serde(default)]
    medicare_rates_stand_in: bool,
    #[serde(default)]
    net_cash: bool,
    #[serde(flatten)]
    columns: SavedColumns,
    #[serde(default)]
    segments: Vec<SavedWindow>,
    #[serde(default)]
    lines: Vec<SavedLine>,
}

#[derive(Deserialize)]
struct SavedLine {
    line: u16,
    date: Option<String>,
    #[serde(default)]
    day: Option<u32>,
    procedure_code: String,
    #[serde(default)]
    modifiers: Vec<String>,
    units: Option<serde_json::Number>,
    minutes: Option<u16>,
    #[serde(default)]
    provider_npi: Option<String>,
    charge_cents: Option<Cents>,
    net_cents: Option<Cents>,
    gross_cents: Option<Cents>,
    #[serde(default)]
    unpriced: Option<Unpriced>,
    #[serde(flatten)]
    columns: SavedColumns,
}

impl SavedClaim {
    pub(super) fn into_claim(self, named: Named<'_>) -> FlaggedClaim {
        FlaggedClaim {
            file: named.index(self.input, &self.file),
            ordinal: self.ordinal,
            id: self.id.unwrap_or_default(),
            claim_ref: self.claim_ref.unwrap_or_default(),
            payer: self.payer,
            payer_id: self.payer_id.unwrap_or_default(),
            billing_npi: self.billing_npi.unwrap_or_default(),
            medicare_rates_stand_in: self.medicare_rates_stand_in,
            net_cash: self.net_cash,
            segments: self.segments.into_iter().map(SavedWindow::into_window).collect(),
            lines: self.lines.into_iter().map(SavedLine::into_line).collect(),
            columns: self.columns.into(),
        }
    }
}

impl SavedLine {
    fn into_line(self) -> FlaggedLine {
        FlaggedLine {
            line: self.line,
            about: About {
                procedure_code: self.procedure_code,
                modifiers: self.modifiers,
                units: self.units.map(|units| units.to_string()).unwrap_or_default(),
                charge: self.charge_cents,
                date: self.date.unwrap_or_default(),
                day: self.day,
            },
            minutes: self.minutes,
            provider_npi: self.provider_npi.unwrap_or_default(),
            net: self.net_cents,
            gross: self.gross_cents,
            unpriced: self.unpriced.unwrap_or_default(),
            columns: self.columns.into(),
        }
    }
}
