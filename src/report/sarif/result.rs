//! One result: a finding, its places, what it is worth, who accepted it, how its form is mended.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::{Value, json};

use super::place::{ArtifactLocation, Location, Region};
use super::rule::{Rules, level, sentence};
use crate::claim::Cents;
use crate::finding::{Accepted, AcceptedBy, Finding, Fix, MoneyClass, Run};
use crate::report::Masking;
use crate::report::locate::{file_name, whose};
use crate::report::plain::clean;
use crate::report::worth::worth;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Result<'a> {
    rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    partial_fingerprints: Fingerprints<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<[Value; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixes: Option<[Value; 1]>,
    properties: Properties<'a>,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

/// The first is what the tool says; the second is the one that GitHub looks at, of the form hash:count.
#[derive(Serialize)]
struct Fingerprints<'a> {
    #[serde(rename = "cleanclaim/v1")]
    own: &'a str,
    #[serde(rename = "primaryLocationLineHash")]
    line_hash: String,
}

/// What SARIF has no field for. Money is in cents, as in the JSON report.
#[derive(Serialize)]
struct Properties<'a> {
    claim: Option<u32>,
    claim_id: Option<&'a str>,
    claim_ref: Option<&'a str>,
    line: Option<u16>,
    class: MoneyClass,
    net_cents: Option<Cents>,
    gross_cents: Option<Cents>,
    counted: bool,
    counted_in: Option<Value>,
    unpriced: bool,
    carc: &'a [String],
    rarc: &'a [String],
    claim_status: &'a [String],
    acknowledgement: Option<String>,
}

impl<'a> Result<'a> {
    /// Of a masked finding. A fix that could name somebody has no edits, and is left out.
    pub(super) fn new(run: &Run, finding: &'a Finding, rules: &Rules<'_>, masking: &Masking) -> Self {
        let fix = finding.fix.as_deref().filter(|fix| !fix.edits.is_empty());
        let impact = &finding.impact;
        Self {
            rule_id: &finding.code,
            rule_index: rules.index(&finding.code),
            level: level(finding.severity),
            message: Message { text: message(finding) },
            locations: [Location::of_finding(run, finding)],
            partial_fingerprints: Fingerprints {
                own: &finding.fingerprint,
                line_hash: format!("{}:1", finding.fingerprint),
            },
            related_locations: finding
                .related
                .iter()
                .take(MOST_RELATED)
                .enumerate()
                .map(|(at, related)| Location::of_related(run, related, at + 1))
                .collect(),
            suppressions: finding.accepted.as_deref().map(|accepted| [suppression(accepted, masking)]),
            fixes: fix.map(|fix| [mended(run, finding.file, fix, masking)]),
            properties: Properties {
                claim: (finding.claim > 0).then_some(finding.claim),
                claim_id: (!finding.claim_id.is_empty()).then_some(finding.claim_id.as_str()),
                claim_ref: (!finding.claim_ref.is_empty()).then_some(finding.claim_ref.as_str()),
                line: (finding.line > 0).then_some(finding.line),
                class: impact.class,
                net_cents: impact.net,
                gross_cents: impact.gross,
                counted: impact.counted,
                counted_in: finding.counted_in.as_ref().map(|holder| {
                    json!({
                        "code": holder.code,
                        "file": file_name(&run.files, holder.file),
                        "claim": (holder.claim > 0).then_some(holder.claim),
                        "line": (holder.line > 0).then_some(holder.line),
                        "known": holder.is_known,
                    })
                }),
                unpriced: impact.unpriced,
                carc: &finding.carc,
                rarc: &finding.rarc,
                claim_status: &finding.claim_status,
                acknowledgement: finding.acknowledgement.as_ref().map(ToString::to_string),
            },
        }
    }
}

/// Locations of a result that GitHub shows.
const MOST_RELATED: usize = 99;

/// What is wrong, whose it is and what it is worth, then what to do.
fn message(finding: &Finding) -> String {
    let aside: Vec<String> = [Some(whose(finding)).filter(|whose| !whose.is_empty()), worth(finding)]
        .into_iter()
        .flatten()
        .collect();
    let aside = if aside.is_empty() { String::new() } else { format!(" ({})", aside.join("; ")) };
    let what = finding.message.trim_end_matches('.');
    let text = format!("{} {}", sentence(&format!("{what}{aside}")), sentence(&finding.help));
    // A bracket and a parenthesis would be read as a link.
    text.trim_end().replace("](", "] (")
}

fn suppression(accepted: &Accepted, masking: &Masking) -> Value {
    let by = match accepted.by {
        AcceptedBy::Suppression => "suppression",
        AcceptedBy::Baseline => "baseline",
    };
    let reason = masking.note(&accepted.reason);
    let justification = match accepted.by {
        AcceptedBy::Baseline => "It stands in the baseline.".to_owned(),
        AcceptedBy::Suppression if reason.is_empty() => {
            format!("The reason stands in {}.", clean(&accepted.source))
        }
        AcceptedBy::Suppression => reason,
    };
    json!({
        "kind": "external",
        "status": "accepted",
        "justification": justification,
        "properties": {
            "by": by,
            "source": clean(&accepted.source),
            "until": Some(clean(&accepted.until)).filter(|until| !until.is_empty()),
        },
    })
}

fn mended(run: &Run, file: u32, fix: &Fix, masking: &Masking) -> Value {
    let replacements: Vec<Value> = fix
        .edits
        .iter()
        .map(|edit| {
            let inserted = json!({"text": edit.text, "binary": STANDARD.encode(&edit.text)});
            json!({"deletedRegion": Region::exactly(run, file, edit.span), "insertedContent": inserted})
        })
        .collect();
    json!({
        "description": {"text": sentence(&masking.note(&fix.summary))},
        "artifactChanges": [{
            "artifactLocation": ArtifactLocation::of(run, file),
            "replacements": replacements,
        }],
    })
}
