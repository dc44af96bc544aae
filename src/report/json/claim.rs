//! A claim with findings: its segments, its lines decoded and priced.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use super::place::name_of;
use super::present;
use super::summary::JsonDollars;
use crate::claim::Cents;
use crate::finding::{FlaggedClaim, FlaggedLine, Form, InputFile, Unpriced};

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Claim")]
pub(super) struct JsonClaim<'a> {
    file: Cow<'a, str>,
    /// Which of the inputs the file is.
    input: u32,
    ordinal: u32,
    id: Option<&'a str>,
    #[serde(rename = "ref")]
    reference: Option<&'a str>,
    payer: &'a str,
    payer_id: Option<&'a str>,
    billing_npi: Option<&'a str>,
    medicare_rates_stand_in: bool,
    /// Whether `net_cents` is what reaches the practice, after sequestration.
    net_cash: bool,
    at_risk: JsonDollars,
    recoupment: JsonDollars,
    delayed: JsonDollars,
    unbilled: JsonDollars,
    segments: Vec<JsonSegment<'a>>,
    lines: Vec<JsonLine<'a>>,
}

impl<'a> JsonClaim<'a> {
    pub(super) fn new(claim: &'a FlaggedClaim, form: Form, files: &'a [InputFile]) -> Self {
        Self {
            file: name_of(files, claim.file),
            input: claim.file + 1,
            ordinal: claim.ordinal,
            id: present(&claim.id),
            reference: present(&claim.claim_ref),
            payer: &claim.payer,
            payer_id: present(&claim.payer_id),
            billing_npi: present(&claim.billing_npi),
            medicare_rates_stand_in: claim.medicare_rates_stand_in,
            net_cash: claim.net_cash,
            at_risk: claim.columns.at_risk.into(),
            recoupment: claim.columns.recoupment.into(),
            delayed: claim.columns.delayed.into(),
            unbilled: claim.columns.unbilled.into(),
            segments: claim
                .segments
                .iter()
                .map(|one| JsonSegment::new(one.number, one.offset, one.text, form))
                .collect(),
            lines: claim.lines.iter().map(JsonLine::new).collect(),
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Segment")]
pub(super) enum JsonSegment<'a> {
    X12 { segment: u64, offset: u64, text: &'a str },
    Json { line: u64, offset: u64, text: &'a str },
    Csv { row: u64, offset: u64, text: &'a str },
}

impl<'a> JsonSegment<'a> {
    pub(super) fn new(number: u64, offset: u64, text: &'a str, form: Form) -> Self {
        match form {
            Form::X12 => Self::X12 { segment: number, offset, text },
            Form::Json => Self::Json { line: number, offset, text },
            Form::Csv => Self::Csv { row: number, offset, text },
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Line")]
struct JsonLine<'a> {
    line: u16,
    date: Option<&'a str>,
    /// Days since the patient's first date of service in the run; `null` where date or patient is unknown.
    day: Option<u32>,
    procedure_code: &'a str,
    modifiers: &'a [String],
    units: Option<serde_json::Number>,
    minutes: Option<u16>,
    /// Of who rendered it, else of the billing provider.
    provider_npi: Option<&'a str>,
    charge_cents: Option<Cents>,
    net_cents: Option<Cents>,
    gross_cents: Option<Cents>,
    /// Why there is no amount; `null` where there is one.
    unpriced: Option<Unpriced>,
    at_risk: JsonDollars,
    recoupment: JsonDollars,
    unbilled: JsonDollars,
}

impl<'a> JsonLine<'a> {
    fn new(line: &'a FlaggedLine) -> Self {
        Self {
            line: line.line,
            date: present(&line.about.date),
            day: line.about.day,
            procedure_code: &line.about.procedure_code,
            modifiers: &line.about.modifiers,
            units: number(&line.about.units),
            minutes: line.minutes,
            provider_npi: present(&line.provider_npi),
            charge_cents: line.about.charge,
            net_cents: line.net,
            gross_cents: line.gross,
            unpriced: line.net.is_none().then_some(line.unpriced),
            at_risk: line.columns.at_risk.into(),
            recoupment: line.columns.recoupment.into(),
            unbilled: line.columns.unbilled.into(),
        }
    }
}

/// A count as stated. Claims may state anything; what is no number is null here and stands in the segments.
pub(super) fn number(stated: &str) -> Option<serde_json::Number> {
    if let Ok(whole) = stated.parse::<i64>() {
        return Some(whole.into());
    }
    stated.parse::<f64>().ok().and_then(serde_json::Number::from_f64)
}
