//! What a saved run says of itself as a whole.

use serde::Deserialize;

use crate::claim::Cents;
use crate::finding::{
    AcceptedTotals, Breakdown, ByDay, ByPayer, ByProvider, ByRule, Columns, Dollars, ExpectedLoss, History,
    InputFile, NotEvaluated, Run, Share, Verdict,
};

#[derive(Deserialize, Clone, Copy, Default)]
pub(super) struct SavedDollars {
    net_cents: Cents,
    gross_cents: Cents,
}

impl From<SavedDollars> for Dollars {
    fn from(saved: SavedDollars) -> Dollars {
        Dollars { net: saved.net_cents, gross: saved.gross_cents }
    }
}

/// The columns of a run, of a part of it, of a claim or of a line.
#[derive(Deserialize, Clone, Copy)]
pub(super) struct SavedColumns {
    at_risk: SavedDollars,
    recoupment: SavedDollars,
    /// A line has none: nothing is delayed line by line.
    #[serde(default)]
    delayed: SavedDollars,
    unbilled: SavedDollars,
}

impl From<SavedColumns> for Columns {
    fn from(saved: SavedColumns) -> Columns {
        Columns {
            at_risk: saved.at_risk.into(),
            recoupment: saved.recoupment.into(),
            delayed: saved.delayed.into(),
            unbilled: saved.unbilled.into(),
        }
    }
}

#[derive(Deserialize)]
struct SavedShare {
    #[serde(flatten)]
    columns: SavedColumns,
    #[serde(default)]
    expected_loss: Option<SavedDollars>,
}

impl SavedShare {
    fn into_share(self) -> Share {
        Share { columns: self.columns.into(), expected: self.expected_loss.unwrap_or_default().into() }
    }
}

#[derive(Deserialize)]
struct SavedByRule {
    code: String,
    name: String,
    findings: u64,
    #[serde(flatten)]
    share: SavedShare,
}

#[derive(Deserialize)]
struct SavedByProvider {
    npi: Option<String>,
    #[serde(flatten)]
    share: SavedShare,
}

#[derive(Deserialize)]
struct SavedByPayer {
    payer: String,
    payer_id: Option<String>,
    #[serde(flatten)]
    share: SavedShare,
}

#[derive(Deserialize)]
struct SavedByDay {
    date: String,
    #[serde(flatten)]
    share: SavedShare,
}

#[derive(Deserialize)]
struct SavedExpected {
    net_cents: Cents,
    gross_cents: Cents,
    source: String,
    #[serde(default)]
    without_rate: Vec<String>,
}

#[derive(Deserialize)]
struct SavedAccepted {
    suppression: u64,
    baseline: u64,
    #[serde(flatten)]
    columns: SavedColumns,
}

impl SavedAccepted {
    fn into_totals(self) -> AcceptedTotals {
        AcceptedTotals {
            suppressed: self.suppression,
            known: self.baseline,
            dollars: self.columns.into(),
            baseline: None,
        }
    }
}

#[derive(Deserialize)]
struct SavedHistory {
    files: u64,
    claims: u64,
    lines: u64,
}

#[derive(Deserialize)]
struct SavedLack {
    code: String,
    reason: String,
    lines: u64,
}

#[derive(Deserialize)]
pub(super) struct SavedSummary {
    claims: u64,
    lines: u64,
    clean_claims: u64,
    #[serde(default)]
    history: Option<SavedHistory>,
    #[serde(flatten)]
    columns: SavedColumns,
    #[serde(default)]
    accepted: Option<SavedAccepted>,
    #[serde(default)]
    expected_loss: Option<SavedExpected>,
    #[serde(default)]
    by_rule: Vec<SavedByRule>,
    #[serde(default)]
    by_provider: Vec<SavedByProvider>,
    #[serde(default)]
    by_payer: Vec<SavedByPayer>,
    #[serde(default)]
    by_day: Option<Vec<SavedByDay>>,
    #[serde(default)]
    not_evaluated: Vec<SavedLack>,
}

impl SavedSummary {
    pub(super) fn put_into(self, run: &mut Run) {
        run.claims = self.claims;
        run.lines = self.lines;
        run.clean_claims = self.clean_claims;
        run.history =
            self.history.map(|SavedHistory { files, claims, lines }| History { files, claims, lines });
        run.columns = self.columns.into();
        run.accepted = self.accepted.map(SavedAccepted::into_totals).unwrap_or_default();
        run.expected_loss = self.expected_loss.map(|expected| ExpectedLoss {
            source: expected.source,
            total: Dollars { net: expected.net_cents, gross: expected.gross_cents },
            without_rate: expected.without_rate,
        });
        run.breakdown = Breakdown {
            rules: self.by_rule.into_iter().map(rule).collect(),
            providers: self.by_provider.into_iter().map(provider).collect(),
            payers: self.by_payer.into_iter().map(payer).collect(),
            days: self.by_day.unwrap_or_default().into_iter().map(day).collect(),
        };
        run.not_evaluated = self
            .not_evaluated
            .into_iter()
            .map(|SavedLack { code, reason, lines }| NotEvaluated { code, reason, lines })
            .collect();
    }
}

fn rule(saved: SavedByRule) -> ByRule {
    let SavedByRule { code, name, findings, share } = saved;
    ByRule { code, name, findings, share: share.into_share() }
}

fn provider(saved: SavedByProvider) -> ByProvider {
    ByProvider { npi: saved.npi.and_then(|npi| npi.parse().ok()), share: saved.share.into_share() }
}

fn payer(saved: SavedByPayer) -> ByPayer {
    ByPayer { payer: saved.payer, payer_id: saved.payer_id, share: saved.share.into_share() }
}

fn day(saved: SavedByDay) -> ByDay {
    ByDay { date: saved.date, share: saved.share.into_share() }
}

#[derive(Deserialize)]
pub(super) struct SavedInput {
    name: String,
    verdict: SavedVerdict,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    claims: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SavedVerdict {
    Checked,
    History,
    Suppressions,
    NotClaims,
    Failed,
}

impl SavedInput {
    pub(super) fn into_file(self) -> InputFile {
        let reason = self.reason.unwrap_or_default();
        let verdict = match self.verdict {
            SavedVerdict::Checked => Verdict::Checked,
            SavedVerdict::History => Verdict::History,
            SavedVerdict::Suppressions => Verdict::Suppressions,
            SavedVerdict::NotClaims => Verdict::NotClaims(reason),
            SavedVerdict::Failed => Verdict::Failed(reason),
        };
        InputFile { name: self.name, verdict, claims: self.claims }
    }
}
