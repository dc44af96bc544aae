//! `--output json`: the contract `cleanclaim/1`. Adding a field is no new version; changing or dropping one is.
//!
//! Money is integer cents, a figure that does not exist is `null`, ordinals count from 1 in their file. Written
//! element by element, one finding and one claim a line, so that a large run is never held twice.

mod fix;

use std::io::{self, Write};

use serde::Serialize;

use fix::JsonFix;

use super::masking::{Masking, Redaction};
use super::plain::clean;
use crate::claim::Cents;
use crate::finding::{
    Accepted, AcceptedBy, AcceptedTotals, ByPayer, ByProvider, ByRule, Columns, Dollars, ExpectedLoss,
    Finding, FlaggedClaim, FlaggedLine, Form, History, InputFile, MoneyClass, NotEvaluated, Place, Related,
    Run, Severity, Share, TableRelease, Verdict, Window,
};

const NOTICE: &str = "Dollars are estimates of allowed amounts; at_risk, recoupment, delayed and unbilled are never \
                      added together.";

/// Writes the whole run.
///
/// # Errors
/// Those of `out`, a broken pipe among them.
pub fn render(run: &Run, redaction: Redaction, out: &mut dyn Write) -> io::Result<()> {
    let masking = Masking::new(redaction);
    write!(out, "{{\"schema\":\"cleanclaim/1\",\n \"as_of\":")?;
    to(out, &run.as_of)?;
    write!(out, ",\n \"tables\":")?;
    to(out, &run.tables.iter().map(JsonTable::new).collect::<Vec<_>>())?;
    write!(out, ",\n \"notice\":")?;
    to(out, NOTICE)?;
    write!(out, ",\n \"summary\":")?;
    to(out, &JsonSummary::new(run, &masking))?;
    write!(out, ",\n \"inputs\":")?;
    list(out, run.files.iter(), |out, file| to(out, &JsonInput::new(file)))?;
    write!(out, ",\n \"notes\":")?;
    to(out, &run.notes.iter().map(|note| masking.note(note)).collect::<Vec<_>>())?;
    write!(out, ",\n \"findings\":")?;
    list(out, run.findings.iter(), |out, finding| {
        to(out, &JsonFinding::new(&masking.finding(finding), &run.files))
    })?;
    write!(out, ",\n \"claims\":")?;
    list(out, run.flagged.iter(), |out, claim| {
        let form = form_of(run, claim);
        to(out, &JsonClaim::new(&masking.claim(claim), form, &run.files))
    })?;
    writeln!(out, "}}")
}

fn to(out: &mut dyn Write, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
    serde_json::to_writer(out, value).map_err(io::Error::from)
}

/// A JSON array, an element a line.
fn list<T>(
    out: &mut dyn Write,
    elements: impl Iterator<Item = T>,
    mut write_one: impl FnMut(&mut dyn Write, T) -> io::Result<()>,
) -> io::Result<()> {
    write!(out, "[")?;
    for (index, element) in elements.enumerate() {
        write!(out, "{}", if index == 0 { "\n  " } else { ",\n  " })?;
        write_one(out, element)?;
    }
    write!(out, "]")
}

fn name_of(files: &[InputFile], file: u32) -> String {
    files.get(file as usize).map(|file| clean(&file.name).into_owned()).unwrap_or_default()
}

/// A claim's form is that of its findings' excerpts; those made from a pipe have none and speak through their place.
/// A claim that only findings of other claims concern speaks through its own text.
fn form_of(run: &Run, claim: &FlaggedClaim) -> Form {
    let key = (claim.file, claim.ordinal);
    let first = run.findings.partition_point(|finding| (finding.file, finding.claim) < key);
    let is_json = claim.segments.first().is_some_and(|window| window.text.starts_with('{'));
    let of_text = if is_json { Form::Json } else { Form::X12 };
    run.findings.get(first).filter(|finding| (finding.file, finding.claim) == key).map_or(of_text, form)
}

fn form(finding: &Finding) -> Form {
    if finding.place.element.starts_with('/') { Form::Json } else { finding.excerpt.form }
}

fn present(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// A count as stated. Claims may state anything; what is no number is null here and stands in the segments.
fn number(stated: &str) -> Option<serde_json::Number> {
    if let Ok(whole) = stated.parse::<i64>() {
        return Some(whole.into());
    }
    stated.parse::<f64>().ok().and_then(serde_json::Number::from_f64)
}

#[derive(Serialize)]
struct JsonTable<'a> {
    name: &'a str,
    release: &'a str,
}

impl<'a> JsonTable<'a> {
    fn new(table: &'a TableRelease) -> Self {
        Self { name: &table.name, release: &table.release }
    }
}

#[derive(Serialize)]
struct JsonDollars {
    net_cents: Cents,
    gross_cents: Cents,
}

impl From<Dollars> for JsonDollars {
    fn from(dollars: Dollars) -> Self {
        Self { net_cents: dollars.net, gross_cents: dollars.gross }
    }
}

#[derive(Serialize)]
struct JsonSummary<'a> {
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
    /// Three ways to add up the same cents. A dollar that several rules touch stands with the first of them.
    by_rule: Vec<JsonByRule<'a>>,
    by_provider: Vec<JsonByProvider>,
    by_payer: Vec<JsonByPayer>,
    not_evaluated: Vec<JsonNotEvaluated<'a>>,
}

impl<'a> JsonSummary<'a> {
    fn new(run: &'a Run, masking: &Masking) -> Self {
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
            not_evaluated: run
                .not_evaluated
                .iter()
                .map(|lacking| JsonNotEvaluated::new(lacking, masking))
                .collect(),
        }
    }
}

/// How many findings the user accepts, and the dollars that the known ones hold. Suppressed ones hold none.
#[derive(Serialize)]
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

#[derive(Serialize)]
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
#[derive(Serialize)]
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

#[derive(Serialize)]
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

#[derive(Serialize)]
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

#[derive(Serialize)]
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

#[derive(Serialize)]
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

#[derive(Serialize)]
struct JsonInput {
    name: String,
    verdict: &'static str,
    reason: Option<String>,
    claims: u64,
}

impl JsonInput {
    fn new(file: &InputFile) -> Self {
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

#[derive(Serialize)]
struct JsonFinding<'a> {
    code: &'a str,
    name: &'a str,
    severity: Severity,
    message: &'a str,
    help: &'a str,
    file: String,
    transaction: Option<&'a str>,
    claim: Option<JsonClaimName<'a>>,
    line: Option<u16>,
    place: JsonPlace<'a>,
    related: Vec<JsonRelated<'a>>,
    impact: JsonImpact<'a>,
    denial: JsonDenial<'a>,
    fingerprint: &'a str,
    fix: Option<JsonFix<'a>>,
    /// Set where the user accepts it: then no total knows of it.
    suppressed: Option<JsonSuppressed<'a>>,
}

impl<'a> JsonFinding<'a> {
    fn new(finding: &'a Finding, files: &[InputFile]) -> Self {
        let form = form(finding);
        Self {
            code: &finding.code,
            name: &finding.name,
            severity: finding.severity,
            message: &finding.message,
            help: &finding.help,
            file: name_of(files, finding.file),
            transaction: present(&finding.transaction),
            claim: (finding.claim > 0).then(|| JsonClaimName {
                ordinal: finding.claim,
                id: present(&finding.claim_id),
                reference: present(&finding.claim_ref),
            }),
            line: (finding.line > 0).then_some(finding.line),
            place: JsonPlace::new(&finding.place, form),
            related: finding.related.iter().map(|related| JsonRelated::new(related, form, files)).collect(),
            impact: JsonImpact {
                class: finding.impact.class,
                net_cents: finding.impact.net,
                gross_cents: finding.impact.gross,
                counted: finding.impact.counted,
                counted_in: finding.counted_in.as_ref().map(|holder| JsonCountedIn {
                    code: &holder.code,
                    file: name_of(files, holder.file),
                    claim: (holder.claim > 0).then_some(holder.claim),
                    line: (holder.line > 0).then_some(holder.line),
                }),
                unpriced: finding.impact.unpriced,
            },
            denial: JsonDenial {
                carc: &finding.carc,
                rarc: &finding.rarc,
                claim_status: &finding.claim_status,
                acknowledgement: finding.acknowledgement.as_ref().map(ToString::to_string),
            },
            fingerprint: &finding.fingerprint,
            fix: finding.fix.as_deref().map(JsonFix::new),
            suppressed: finding.accepted.as_deref().map(JsonSuppressed::new),
        }
    }
}

#[derive(Serialize)]
struct JsonSuppressed<'a> {
    by: &'static str,
    reason: Option<&'a str>,
    /// File and line of the entry, or the baseline's file.
    source: String,
    /// The last day on which it holds.
    until: Option<&'a str>,
}

impl<'a> JsonSuppressed<'a> {
    fn new(accepted: &'a Accepted) -> Self {
        Self {
            by: match accepted.by {
                AcceptedBy::Suppression => "suppression",
                AcceptedBy::Baseline => "baseline",
            },
            reason: present(&accepted.reason),
            source: clean(&accepted.source).into_owned(),
            until: present(&accepted.until),
        }
    }
}

#[derive(Serialize)]
struct JsonClaimName<'a> {
    ordinal: u32,
    id: Option<&'a str>,
    /// A keyed hash of the id, where there is a key.
    #[serde(rename = "ref")]
    reference: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum JsonPlace<'a> {
    X12 { segment: u64, id: &'a str, element: Option<&'a str>, offset: u64, length: u32 },
    Json { line: u64, pointer: &'a str, offset: u64, length: u32 },
}

impl<'a> JsonPlace<'a> {
    fn new(place: &'a Place, form: Form) -> Self {
        let (offset, length) = (place.span.offset, place.span.length);
        match form {
            Form::X12 => Self::X12 {
                segment: place.number,
                id: &place.segment,
                element: present(&place.element),
                offset,
                length,
            },
            Form::Json => Self::Json { line: place.number, pointer: &place.element, offset, length },
        }
    }
}

#[derive(Serialize)]
struct JsonRelated<'a> {
    file: String,
    claim: Option<u32>,
    line: Option<u16>,
    text: &'a str,
    place: JsonPlace<'a>,
}

impl<'a> JsonRelated<'a> {
    fn new(related: &'a Related, form: Form, files: &[InputFile]) -> Self {
        // A place in another file may be of the other form; a segment id tells.
        let form = if related.place.segment.is_empty() { form } else { Form::X12 };
        Self {
            file: name_of(files, related.file),
            claim: (related.claim > 0).then_some(related.claim),
            line: (related.line > 0).then_some(related.line),
            text: &related.text,
            place: JsonPlace::new(&related.place, form),
        }
    }
}

#[derive(Serialize)]
struct JsonImpact<'a> {
    class: MoneyClass,
    net_cents: Option<Cents>,
    gross_cents: Option<Cents>,
    counted: bool,
    /// The finding that has the dollars where this one does not count them.
    counted_in: Option<JsonCountedIn<'a>>,
    unpriced: bool,
}

#[derive(Serialize)]
struct JsonCountedIn<'a> {
    code: &'a str,
    file: String,
    claim: Option<u32>,
    line: Option<u16>,
}

#[derive(Serialize)]
struct JsonDenial<'a> {
    carc: &'a [String],
    rarc: &'a [String],
    /// Of a 277CA.
    claim_status: &'a [String],
    /// Of a TA1 or 999: `IK304 3`.
    acknowledgement: Option<String>,
}

#[derive(Serialize)]
struct JsonClaim<'a> {
    file: String,
    ordinal: u32,
    id: Option<&'a str>,
    #[serde(rename = "ref")]
    reference: Option<&'a str>,
    payer: &'a str,
    medicare_rates_stand_in: bool,
    at_risk: JsonDollars,
    recoupment: JsonDollars,
    delayed: JsonDollars,
    unbilled: JsonDollars,
    segments: Vec<JsonSegment<'a>>,
    lines: Vec<JsonLine<'a>>,
}

impl<'a> JsonClaim<'a> {
    fn new(claim: &'a FlaggedClaim, form: Form, files: &[InputFile]) -> Self {
        Self {
            file: name_of(files, claim.file),
            ordinal: claim.ordinal,
            id: present(&claim.id),
            reference: present(&claim.claim_ref),
            payer: &claim.payer,
            medicare_rates_stand_in: claim.medicare_rates_stand_in,
            at_risk: claim.columns.at_risk.into(),
            recoupment: claim.columns.recoupment.into(),
            delayed: claim.columns.delayed.into(),
            unbilled: claim.columns.unbilled.into(),
            segments: claim.segments.iter().map(|window| JsonSegment::new(window, form)).collect(),
            lines: claim.lines.iter().map(JsonLine::new).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum JsonSegment<'a> {
    X12 { segment: u64, offset: u64, text: &'a str },
    Json { line: u64, offset: u64, text: &'a str },
}

impl<'a> JsonSegment<'a> {
    fn new(window: &'a Window, form: Form) -> Self {
        let (number, offset, text) = (window.number, window.offset, window.text.as_str());
        match form {
            Form::X12 => Self::X12 { segment: number, offset, text },
            Form::Json => Self::Json { line: number, offset, text },
        }
    }
}

#[derive(Serialize)]
struct JsonLine<'a> {
    line: u16,
    date: Option<&'a str>,
    /// Days since the patient's first date of service in the run; `null` where date or patient is unknown.
    day: Option<u32>,
    procedure_code: &'a str,
    modifiers: &'a [String],
    units: Option<serde_json::Number>,
    minutes: Option<u16>,
    charge_cents: Option<Cents>,
    net_cents: Option<Cents>,
    gross_cents: Option<Cents>,
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
            charge_cents: line.about.charge,
            net_cents: line.net,
            gross_cents: line.gross,
            at_risk: line.columns.at_risk.into(),
            recoupment: line.columns.recoupment.into(),
            unbilled: line.columns.unbilled.into(),
        }
    }
}

#[cfg(test)]
mod tests;
