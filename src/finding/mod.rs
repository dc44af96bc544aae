//! What the linter says: plain data, made by the engine, read by reports.
//!
//! Does no input or output and knows no file format. Money is in cents; places are in the file's own bytes.

mod acknowledgement;
mod breakdown;
mod change;
mod envelope;
mod layout;
mod rule_note;
mod segments;

pub use acknowledgement::{Acknowledgement, CodeElement, Spot};
pub use breakdown::{
    AcceptedTotals, Breakdown, ByDay, ByPayer, ByProvider, ByRule, CountedIn, ExpectedLoss, Share,
};
pub use change::Change;
pub use envelope::{Group, Interchange, TransactionSet};
pub use layout::LineBreaks;
pub use rule_note::{RuleNote, Worth};
pub use segments::{Segment, Segments};

use crate::claim::{Cents, Span};

/// How bad it is.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Debug,
    Default,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; a clean claim stays clean, and no dollars are attached.
    #[default]
    Info,
    /// May be denied or recouped; the claim is not clean.
    Warning,
    /// Expect a rejection or a denial.
    Error,
}

impl Severity {
    /// The word that reports print.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// What happens to the money. The columns are never added together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[derive(schemars::JsonSchema, Default)]
pub enum MoneyClass {
    /// The claim does not enter adjudication until it is mended ("delayed").
    Rejection,
    /// The payer may not pay ("at risk").
    Denial,
    /// Paid, then taken back ("recoupment").
    Recoupment,
    /// Documented but not billed ("unbilled").
    LostRevenue,
    /// No dollars.
    #[default]
    None,
}

impl MoneyClass {
    /// The classes that have a column of dollars, in the order in which reports show them.
    pub const WITH_COLUMN: [MoneyClass; 4] =
        [MoneyClass::Denial, MoneyClass::Recoupment, MoneyClass::Rejection, MoneyClass::LostRevenue];

    /// The word that rules and programs use.
    pub const fn as_str(self) -> &'static str {
        match self {
            MoneyClass::Rejection => "rejection",
            MoneyClass::Denial => "denial",
            MoneyClass::Recoupment => "recoupment",
            MoneyClass::LostRevenue => "lost-revenue",
            MoneyClass::None => "none",
        }
    }
}

/// Where something stands, for people and for programs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Place {
    /// In the bytes of the file as read.
    pub span: Span,
    /// X12: 1-based number of the segment in the file. JSON: 1-based line of the file. Tables: 1-based line of the file
    /// on which the row begins.
    pub number: u64,
    /// X12: the segment id (`SV1`). Empty for JSON.
    pub segment: String,
    /// X12: the element (`SV104`, `SV101-03`). JSON: the JSON pointer (`/units`). Tables: the column; empty for the row.
    pub element: String,
}

/// Which of the two written forms an excerpt is cut from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Form {
    /// Segments.
    #[default]
    X12,
    /// JSON objects.
    Json,
    /// Rows of a table, shown as the facts that a map found in them.
    Csv,
}

/// One segment (or one line of JSON fields) shown with a finding: text of its own, already escaped.
///
/// Bad UTF-8 and control characters are written out as `\xNN`, so a terminal never obeys a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Window {
    /// 1-based segment number, or line of a JSON file; what the margin shows.
    pub number: u64,
    /// Where the window's first byte stands in the file.
    pub offset: u64,
    /// One line, clipped around its marks where it is long.
    pub text: String,
    /// Byte ranges of `text` that name a person or may do so, with what they are.
    pub sensitive: Vec<Sensitive>,
    /// Byte ranges of `text` to point at. At most one an element.
    pub marks: Vec<Mark>,
}

/// A stretch of a window that must be masked, and from which level on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sensitive {
    /// First byte in the window's text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Whether the default level masks it; what is left is masked by full redaction only (CLM01, dates of service).
    pub always: bool,
}

/// A label under a stretch of a window.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    /// First byte in the window's text.
    pub start: usize,
    /// One past the last byte; equal to `start` where something is missing.
    pub end: usize,
    /// What to say there; one of a finding's marks is primary.
    pub text: String,
    /// Whether this is the fault itself.
    pub primary: bool,
}

/// The few segments or fields that show a fault.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Excerpt {
    /// What it was cut from.
    pub form: Form,
    /// In file order.
    pub windows: Vec<Window>,
}

/// A second place that a finding speaks of.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Related {
    /// Index of the file in the run.
    pub file: u32,
    /// 1-based claim in that file, 0 for none.
    pub claim: u32,
    /// 1-based line in that claim, 0 for none.
    pub line: u16,
    /// What it has to do with the finding.
    pub text: String,
    /// Where.
    pub place: Place,
}

/// What a finding is worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Impact {
    /// Which column it belongs to.
    pub class: MoneyClass,
    /// By the payer profile, with the multiple-procedure reduction. `None`: unpriced, or no dollars.
    pub net: Option<Cents>,
    /// By the flat schedule.
    pub gross: Option<Cents>,
    /// Whether the totals count it here; otherwise its dollars are counted with another finding.
    pub counted: bool,
    /// Whether a price was wanted and no fee is known for code and date. Beside an amount: for a part of it.
    pub unpriced: bool,
    /// Of how many lines the dollars are; 0 where it is not a matter of lines.
    pub lines: u16,
}

impl Impact {
    /// No dollars.
    pub const NONE: Impact =
        Impact { class: MoneyClass::None, net: None, gross: None, counted: false, unpriced: false, lines: 0 };
}

impl Default for Impact {
    fn default() -> Impact {
        Impact::NONE
    }
}

/// One thing the linter says about one place.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Finding {
    /// Index of the rule in the rule set of the run.
    pub rule: u16,
    /// Code of the rule, such as `T01`.
    pub code: String,
    /// Name of the rule, such as `units-exceed-minutes`.
    pub name: String,
    /// The kind's name for the way it went; empty for the rule's plain wording.
    pub outcome: String,
    /// How bad.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do about it, honestly.
    pub help: String,
    /// Index of the file in the run.
    pub file: u32,
    /// ST02 of the transaction; empty for JSON.
    pub transaction: String,
    /// 1-based claim in its file; 0 for a finding about the file itself.
    pub claim: u32,
    /// CLM01, masked by reports at the full level. Empty if absent.
    pub claim_id: String,
    /// A keyed hash of CLM01, which every level of masking shows. Empty without a key, or without CLM01.
    pub claim_ref: String,
    /// 1-based line in its claim; 0 for the claim as a whole.
    pub line: u16,
    /// The claim's own words around the fault: procedure with modifiers, units, charge, date. Empty at claim level.
    pub about: About,
    /// The fault itself.
    pub place: Place,
    /// Other places it speaks of.
    pub related: Vec<Related>,
    /// The segments or fields that show it.
    pub excerpt: Excerpt,
    /// Dollars.
    pub impact: Impact,
    /// Whose dollars the totals hold in place of this one's, where they do not count it.
    pub counted_in: Option<Box<CountedIn>>,
    /// Claim adjustment reason codes a payer is likely to answer with.
    pub carc: Vec<String>,
    /// Remittance advice remark codes likewise.
    pub rarc: Vec<String>,
    /// How a TA1 or 999 names it.
    pub acknowledgement: Option<Acknowledgement>,
    /// Where a 999 places it, for what it is to name by segment or element.
    pub spot: Option<Box<Spot>>,
    /// Claim status codes of a 277CA likewise.
    pub claim_status: Vec<String>,
    /// The same on every machine, blind to order and to identifiers. 16 hexadecimal digits.
    pub fingerprint: String,
    /// Dates in its words that come from a public table and not from a claim, as they are written there: no level of
    /// masking hides them.
    pub public_dates: Vec<String>,
    /// Set where the user has said that this is no fault, or is known: it stays in what programs read, and neither
    /// fails a run nor counts dollars.
    pub accepted: Option<Box<Accepted>>,
    /// How its place is mended, where that is a matter of format alone.
    pub fix: Option<Box<Fix>>,
}

impl Finding {
    /// Whether it is the user's to mend: nobody has said that it is known or no fault.
    pub fn is_standing(&self) -> bool {
        self.accepted.is_none()
    }
}

/// Who said that a finding need not be reported, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Accepted {
    /// By what.
    pub by: AcceptedBy,
    /// The reason, in the user's words; empty for a baseline.
    pub reason: String,
    /// File and line of the entry, or the baseline's file.
    pub source: String,
    /// The last day on which it holds, ISO; empty where it has no end.
    pub until: String,
}

/// What accepts a finding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AcceptedBy {
    /// An entry among the suppressions.
    Suppression,
    /// It stood in the baseline.
    Baseline,
}

/// Replacements of bytes that mend a fault of format. They never touch a unit, a modifier, a date, a charge or the
/// meaning of a diagnosis.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Fix {
    /// What is done, in a few words.
    pub summary: String,
    /// In file order, apart from each other.
    pub edits: Vec<Edit>,
}

/// One replacement in a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Edit {
    /// What is replaced; of no length for an insertion.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// The line a finding is about, decoded for somebody who does not read X12.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct About {
    /// Procedure code.
    pub procedure_code: String,
    /// Modifiers.
    pub modifiers: Vec<String>,
    /// Units as stated.
    pub units: String,
    /// Line charge.
    pub charge: Option<Cents>,
    /// Date of service, ISO. Masked at the full level.
    pub date: String,
    /// Days since the patient's first date of service in the run, which stand for the date where that is masked. `None`
    /// where date or patient is unknown.
    pub day: Option<u32>,
}

/// A claim with findings, kept for the decoded view and the saved run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FlaggedClaim {
    /// Index of the file in the run.
    pub file: u32,
    /// 1-based claim in its file.
    pub ordinal: u32,
    /// CLM01.
    pub id: String,
    /// A keyed hash of CLM01, which every level of masking shows. Empty without a key, or without CLM01.
    pub claim_ref: String,
    /// Name of the payer profile that applied.
    pub payer: String,
    /// Payer id as stated; empty where none is.
    pub payer_id: String,
    /// NPI of the billing provider as stated; empty where none is.
    pub billing_npi: String,
    /// Whether Medicare's rates stand in for a schedule of the payer's own, which is not loaded.
    pub medicare_rates_stand_in: bool,
    /// Whether `net` is what reaches the practice, after sequestration, and not what is allowed.
    pub net_cash: bool,
    /// Every segment of the claim (or line of JSON), unmarked.
    pub segments: Segments,
    /// Its lines, decoded and priced.
    pub lines: Vec<FlaggedLine>,
    /// Its part of the run's columns.
    pub columns: Columns,
}

/// Why a line has no price.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Unpriced {
    /// Nothing of it is paid as it stands: a void, a claim that another one stands for, one of which nothing but its number
    /// is said.
    #[default]
    NotLookedUp,
    /// Its units are not whole, or not there.
    Units,
    /// No fee schedule of its year is loaded.
    NoSchedule,
    /// The schedule has no fee for the code.
    NoFee,
    /// The payer's own schedule (`--fees`) does not have the code on that day.
    NotInContract,
    /// Its modifiers change the fee, and no table says to what.
    Modifier,
}

/// One line of a [`FlaggedClaim`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FlaggedLine {
    /// 1-based line.
    pub line: u16,
    /// What was billed.
    pub about: About,
    /// Minutes, where known.
    pub minutes: Option<u16>,
    /// NPI of who rendered it as stated, else of the billing provider; empty where none is.
    pub provider_npi: String,
    /// Allowed on the day as billed, by the profile. `None`: unpriced.
    pub net: Option<Cents>,
    /// Flat.
    pub gross: Option<Cents>,
    /// Why, where there is no amount.
    pub unpriced: Unpriced,
    /// Its part of the run's columns; nothing is delayed line by line.
    pub columns: Columns,
}

/// One column of dollars.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Dollars {
    /// By the payer profile.
    pub net: Cents,
    /// By the flat schedule.
    pub gross: Cents,
}

/// The four columns of a run. Never added together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Columns {
    /// Denial risk.
    pub at_risk: Dollars,
    /// Recoupment risk.
    pub recoupment: Dollars,
    /// Rejections: delayed cash.
    pub delayed: Dollars,
    /// Documented but not billed.
    pub unbilled: Dollars,
}

/// A rule that could not be judged for want of a fact.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct NotEvaluated {
    /// Code of the rule.
    pub code: String,
    /// What was missing ("no minutes").
    pub reason: String,
    /// How many lines (claims, for a rule about claims).
    pub lines: u64,
}

/// A table the figures come from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct TableRelease {
    /// `mpfs`, `ncci-ptp` …
    pub name: String,
    /// `RVU25D` …
    pub release: String,
    /// From when to when it holds: `2025-01-01 to 2025-12-31`, `2024-07-01 on`.
    pub effective: String,
    /// Whether it has the codes of therapy alone, as built-in tables do.
    pub subset: bool,
    /// Whether a price of this run was looked up in it, or a rule in force asks it.
    pub used: bool,
}

/// Whose rates the prices of a run are.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rates {
    /// Names of the Medicare localities; empty for national rates.
    pub localities: Vec<String>,
    /// Payers priced by their own fee schedule, as it names them.
    pub contracts: Vec<String>,
    /// Whether Medicare's amounts are those for a provider who does not take part.
    pub nonparticipating: bool,
    /// Whether Medicare's amounts are what reaches the practice, after sequestration.
    pub net_cash: bool,
    /// Payer profiles with priced claims and no schedule of their own: Medicare's rates stand in for theirs.
    pub stand_in: Vec<String>,
}

/// What became of one named input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Read as claims.
    Checked,
    /// Read as earlier claims, of which nothing is reported.
    History,
    /// A file of suppressions: it holds no claims, and its entries may be findings.
    Suppressions,
    /// Named as what it is and passed over: a directory's other files.
    NotClaims(String),
    /// The job could not be done for this input: why, without any of its contents.
    Failed(String),
}

/// One input of the run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InputFile {
    /// As named.
    pub name: String,
    /// What became of it.
    pub verdict: Verdict,
    /// Claims read.
    pub claims: u64,
}

/// Earlier claims that a run was held against. They are in no other count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize, schemars::JsonSchema)]
pub struct History {
    /// Files that hold claims.
    pub files: u64,
    /// Claims in them.
    pub claims: u64,
    /// Their service lines.
    pub lines: u64,
}

/// Everything a report needs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Run {
    /// The run date (`--as-of`), ISO.
    pub as_of: String,
    /// The inputs, in the order named; after them the files of earlier claims, then those of suppressions.
    pub files: Vec<InputFile>,
    /// Claims read.
    pub claims: u64,
    /// Service lines read.
    pub lines: u64,
    /// The earlier claims, where some were given.
    pub history: Option<History>,
    /// Claims without error or warning that stands.
    pub clean_claims: u64,
    /// How each of `files` lies on lines of text, as far as it was read.
    pub line_breaks: Vec<LineBreaks>,
    /// The rules that have findings, by code.
    pub rules: Vec<RuleNote>,
    /// Findings in one order: file, claim, line, place, code.
    pub findings: Vec<Finding>,
    /// The claims they belong to, in order.
    pub flagged: Vec<FlaggedClaim>,
    /// Dollars, each counted once.
    pub columns: Columns,
    /// The same dollars by rule, provider, payer and day.
    pub breakdown: Breakdown,
    /// What the user accepts, and is in no other figure.
    pub accepted: AcceptedTotals,
    /// What is expected to be lost of what is at risk, where denial rates were given.
    pub expected_loss: Option<ExpectedLoss>,
    /// What could not be judged.
    pub not_evaluated: Vec<NotEvaluated>,
    /// Tables in force.
    pub tables: Vec<TableRelease>,
    /// What its prices rest on.
    pub rates: Rates,
    /// The interchanges of the inputs, in file order, for acknowledging them.
    pub interchanges: Vec<Interchange>,
    /// Things worth a line at the end: unknown JSON fields, unsorted exports, institutional claims passed over.
    pub notes: Vec<String>,
}

impl Run {
    /// The findings that are neither suppressed nor known.
    pub fn standing(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.is_standing())
    }

    /// How many findings `--fix` would mend.
    pub fn fixable(&self) -> usize {
        let is_open = |finding: &&Finding| finding.fix.is_some() && finding.is_standing();
        self.findings.iter().filter(is_open).count()
    }

    /// How many standing findings want a price and have none.
    pub fn unpriced(&self) -> usize {
        self.standing().filter(|finding| finding.impact.unpriced && finding.impact.net.is_none()).count()
    }

    /// How many standing findings have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.standing().filter(|finding| finding.severity == severity).count()
    }
}
