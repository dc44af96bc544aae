//! What closes a run: counts, dollars and their breakdowns, what was not judged, the inputs and the tables.

use schemars::JsonSchema;
use serde::Serialize;

use crate::claim::Cents;
use crate::finding::{
    AcceptedTotals, ByDay, ByPayer, ByProvider, ByRule, Columns, Dollars, ExpectedLoss, History, InputFile,
    NotEvaluated, Run, Severity, Share, Verdict,
};
use crate::report::masking::Masking;
use crate::report::plain::clean;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Dollars")]
pub(super) struct JsonDollars {
    net_cents: Cents,
    gross_cents: Cents,
}

impl From<Dollars> for JsonDollars {
    fn from(dollars: Dollars) -> Self {
        Self { net_cents: dollars.net, gross_cents: dollars.gross }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Summary")]
pub(in crate::report) struct JsonSummary<'a> {
    files: usize,
    claims: u64,
    lines: u64,
    clean_claims: u64,
    /// Earlier claims, in no other count. Only where some were given.
    history: Option<History>,
    errors: usize,
    warnings: usize,
    infos: usize,
    /// Findings that want a price and have none.
    unpriced: usize,
    at_risk: JsonDollars,
    recoupment: JsonDollars,
    delayed: JsonDollars,
    unbilled: JsonDollars,
    /// What the user accepts: in no other figure.
    accepted: JsonAccepted,
    /// Only where denial rates were given.
    expected_loss: Option<JsonExpected<'a>>,
    /// Four ways to add up the same cents. A dollar that several rules touch stands with the first of them.
    by_rule: Vec<JsonByRule<'a>>,
    by_provider: Vec<JsonByProvider>,
    by_payer: Vec<JsonByPayer>,
    /// By date of service; `null` where dates are masked.
    by_day: Option<Vec<JsonByDay<'a>>>,
    not_evaluated: Vec<JsonNotEvaluated<'a>>,
}

impl<'a> JsonSummary<'a> {
    pub(in crate::report) fn new(run: &'a Run, masking: &Masking) -> Self {
        let Columns { at_risk, recoupment, delayed, unbilled } = run.columns;
        Self {
            files: run.files.iter().filter(|file| file.verdict == Verdict::Checked).count(),
            claims: run.claims,
            lines: run.lines,
            clean_claims: run.clean_claims,
            history: run.history,
            errors: run.count(Severity::Error),
            warnings: run.count(Severity::Warning),
            infos: run.count(Severity::Info),
            unpriced: run.unpriced(),
            at_risk: at_risk.into(),
            recoupment: recoupment.into(),
            delayed: delayed.into(),
            unbilled: unbilled.into(),
            accepted: JsonAccepted::new(&run.accepted),
            expected_loss: run.expected_loss.as_ref().map(JsonExpected::new),
            by_rule: run.breakdown.rules.iter().map(|one| JsonByRule::new(one, run)).collect(),
            by_provider: run.breakdown.providers.iter().map(|one| JsonByProvider::new(one, run)).collect(),
            by_payer: run.breakdown.payers.iter().map(|one| JsonByPayer::new(one, run, masking)).collect(),
            by_day: masking
                .shows_dates()
                .then(|| run.breakdown.days.iter().map(|one| JsonByDay::new(one, run)).collect()),
            not_evaluated: run
                .not_evaluated
                .iter()
                .map(|lacking| JsonNotEvaluated::new(lacking, masking))
                .collect(),
        }
    }
}

/// How many findings the user accepts, and the dollars that the known ones hold. Suppressed ones hold none.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Accepted")]
struct JsonAccepted {
    suppression: u64,
    baseline: u64,
    at_risk: JsonDollars,
    recoupment: JsonDollars,
    delayed: JsonDollars,
    unbilled: JsonDollars,
}

impl JsonAccepted {
    fn new(accepted: &AcceptedTotals) -> Self {
        let Columns { at_risk, recoupment, delayed, unbilled } = accepted.dollars;
        Self {
            suppression: accepted.suppressed,
            baseline: accepted.known,
            at_risk: at_risk.into(),
            recoupment: recoupment.into(),
            delayed: delayed.into(),
            unbilled: unbilled.into(),
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Expected")]
struct JsonExpected<'a> {
    net_cents: Cents,
    gross_cents: Cents,
    /// The file with the rates.
    source: String,
    /// Rules with dollars at risk that add nothing, for want of a rate.
    without_rate: &'a [String],
}

impl<'a> JsonExpected<'a> {
    fn new(expected: &'a ExpectedLoss) -> Self {
        Self {
            net_cents: expected.total.net,
            gross_cents: expected.total.gross,
            source: clean(&expected.source).into_owned(),
            without_rate: &expected.without_rate,
        }
    }
}

/// A part of the run's columns.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Share")]
struct JsonShare {
    at_risk: JsonDollars,
    recoupment: JsonDollars,
    delayed: JsonDollars,
    unbilled: JsonDollars,
    expected_loss: Option<JsonDollars>,
}

impl JsonShare {
    fn new(share: &Share, run: &Run) -> Self {
        let Columns { at_risk, recoupment, delayed, unbilled } = share.columns;
        Self {
            at_risk: at_risk.into(),
            recoupment: recoupment.into(),
            delayed: delayed.into(),
            unbilled: unbilled.into(),
            expected_loss: run.expected_loss.as_ref().map(|_| share.expected.into()),
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ByRule")]
struct JsonByRule<'a> {
    code: &'a str,
    name: &'a str,
    /// Findings whose dollars are counted.
    findings: u64,
    #[serde(flatten)]
    share: JsonShare,
}

impl<'a> JsonByRule<'a> {
    fn new(one: &'a ByRule, run: &Run) -> Self {
        Self {
            code: &one.code,
            name: &one.name,
            findings: one.findings,
            share: JsonShare::new(&one.share, run),
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ByProvider")]
struct JsonByProvider {
    npi: Option<String>,
    #[serde(flatten)]
    share: JsonShare,
}

impl JsonByProvider {
    fn new(one: &ByProvider, run: &Run) -> Self {
        Self { npi: one.npi.map(|npi| npi.to_string()), share: JsonShare::new(&one.share, run) }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ByPayer")]
struct JsonByPayer {
    payer: String,
    payer_id: Option<String>,
    #[serde(flatten)]
    share: JsonShare,
}

impl JsonByPayer {
    fn new(one: &ByPayer, run: &Run, masking: &Masking) -> Self {
        Self {
            payer: clean(&one.payer).into_owned(),
            payer_id: one.payer_id.as_deref().map(|id| masking.payer_id(id)),
            share: JsonShare::new(&one.share, run),
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ByDay")]
struct JsonByDay<'a> {
    date: &'a str,
    #[serde(flatten)]
    share: JsonShare,
}

impl<'a> JsonByDay<'a> {
    fn new(one: &'a ByDay, run: &Run) -> Self {
        Self { date: &one.date, share: JsonShare::new(&one.share, run) }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NotEvaluated")]
struct JsonNotEvaluated<'a> {
    code: &'a str,
    reason: String,
    lines: u64,
}

impl<'a> JsonNotEvaluated<'a> {
    fn new(lacking: &'a NotEvaluated, masking: &Masking) -> Self {
        Self { code: &lacking.code, reason: masking.note(&lacking.reason), lines: lacking.lines }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Input")]
pub(in crate::report) struct JsonInput {
    name: String,
    verdict: &'static str,
    reason: Option<String>,
    claims: u64,
}

impl JsonInput {
    pub(in crate::report) fn new(file: &InputFile) -> Self {
        let (verdict, reason) = match &file.verdict {
            Verdict::Checked => ("checked", None),
            Verdict::History => ("history", None),
            Verdict::Suppressions => ("suppressions", None),
            Verdict::NotClaims(what) => ("not-claims", Some(clean(what).into_owned())),
            Verdict::Failed(why) => ("failed", Some(clean(why).into_owned())),
        };
        Self { name: clean(&file.name).into_owned(), verdict, reason, claims: file.claims }
    }
}
