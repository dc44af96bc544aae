//! One finding, as the whole report and JSON Lines have it.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use super::excerpt::JsonWindow;
use super::fix::JsonFix;
use super::place::{JsonPlace, form, name_of};
use super::present;
use crate::claim::Cents;
use crate::finding::{Accepted, AcceptedBy, Finding, Form, InputFile, MoneyClass, Related, Severity};
use crate::report::plain::clean;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
pub(in crate::report) struct JsonFinding<'a> {
    code: &'a str,
    name: &'a str,
    severity: Severity,
    message: &'a str,
    help: &'a str,
    file: Cow<'a, str>,
    /// Which of the inputs the file is.
    input: u32,
    transaction: Option<&'a str>,
    claim: Option<JsonClaimName<'a>>,
    line: Option<u16>,
    place: JsonPlace<'a>,
    /// What shows the fault.
    excerpt: Vec<JsonWindow<'a>>,
    related: Vec<JsonRelated<'a>>,
    impact: JsonImpact<'a>,
    denial: JsonDenial<'a>,
    fingerprint: &'a str,
    fix: Option<JsonFix<'a>>,
    /// Set where the user accepts it: then no total knows of it.
    suppressed: Option<JsonSuppressed<'a>>,
}

impl<'a> JsonFinding<'a> {
    pub(in crate::report) fn new(finding: &'a Finding, files: &'a [InputFile]) -> Self {
        let form = form(finding);
        Self {
            code: &finding.code,
            name: &finding.name,
            severity: finding.severity,
            message: &finding.message,
            help: &finding.help,
            file: name_of(files, finding.file),
            input: finding.file + 1,
            transaction: present(&finding.transaction),
            claim: (finding.claim > 0).then(|| JsonClaimName {
                ordinal: finding.claim,
                id: present(&finding.claim_id),
                reference: present(&finding.claim_ref),
            }),
            line: (finding.line > 0).then_some(finding.line),
            place: JsonPlace::new(&finding.place, form),
            excerpt: finding.excerpt.windows.iter().map(|window| JsonWindow::new(window, form)).collect(),
            related: finding.related.iter().map(|related| JsonRelated::new(related, form, files)).collect(),
            impact: JsonImpact {
                class: finding.impact.class,
                net_cents: finding.impact.net,
                gross_cents: finding.impact.gross,
                counted: finding.impact.counted,
                counted_in: finding.counted_in.as_ref().map(|holder| JsonCountedIn {
                    code: &holder.code,
                    file: name_of(files, holder.file),
                    input: holder.file + 1,
                    claim: (holder.claim > 0).then_some(holder.claim),
                    line: (holder.line > 0).then_some(holder.line),
                    known: holder.is_known,
                }),
                unpriced: finding.impact.unpriced,
                lines: finding.impact.lines,
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

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Suppressed")]
struct JsonSuppressed<'a> {
    by: &'static str,
    /// In the user's words; not with `--redact full`, nor for a baseline.
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

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ClaimName")]
struct JsonClaimName<'a> {
    ordinal: u32,
    id: Option<&'a str>,
    /// A keyed hash of the id, where there is a key.
    #[serde(rename = "ref")]
    reference: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Related")]
struct JsonRelated<'a> {
    file: Cow<'a, str>,
    input: u32,
    claim: Option<u32>,
    line: Option<u16>,
    text: &'a str,
    place: JsonPlace<'a>,
}

impl<'a> JsonRelated<'a> {
    fn new(related: &'a Related, form: Form, files: &'a [InputFile]) -> Self {
        // A place in another file may be of the other form; a segment id tells.
        let form = if related.place.segment.is_empty() { form } else { Form::X12 };
        Self {
            file: name_of(files, related.file),
            input: related.file + 1,
            claim: (related.claim > 0).then_some(related.claim),
            line: (related.line > 0).then_some(related.line),
            text: &related.text,
            place: JsonPlace::new(&related.place, form),
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Impact")]
struct JsonImpact<'a> {
    class: MoneyClass,
    net_cents: Option<Cents>,
    gross_cents: Option<Cents>,
    counted: bool,
    /// The finding that holds the dollars where this one does not count them.
    counted_in: Option<JsonCountedIn<'a>>,
    unpriced: bool,
    /// Of how many lines the dollars are; 0 where it is not a matter of lines.
    lines: u16,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CountedIn")]
struct JsonCountedIn<'a> {
    code: &'a str,
    file: Cow<'a, str>,
    input: u32,
    claim: Option<u32>,
    line: Option<u16>,
    /// Whether the baseline knows it: then it holds the dollars, and no total counts them.
    known: bool,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Denial")]
struct JsonDenial<'a> {
    carc: &'a [String],
    rarc: &'a [String],
    /// Of a 277CA.
    claim_status: &'a [String],
    /// Of a TA1 or 999: `IK304 3`.
    acknowledgement: Option<String>,
}
