//! `--output csv`: a row a finding, for spreadsheets.
//!
//! UTF-8 without a byte order mark, `###` where something is masked, an empty cell for what does not exist. Dollars have two
//! decimals and no sign of currency. A text cell that a spreadsheet could take for a formula begins with an apostrophe.
//! What is accepted is left out.

mod cell;

use std::io::{self, Write};

use super::locate::{file_name, flagged};
use super::worth::is_reported;
use super::{Masking, Redaction};
use crate::finding::{CountedIn, Finding, FlaggedClaim, Form, MoneyClass, Run};
use cell::{count, dollars, text};

/// The heads of the columns. New ones are added at the end.
pub(super) const COLUMNS: [&str; 33] = [
    "file",
    "transaction",
    "claim",
    "claim_id",
    "ref",
    "payer",
    "payer_id",
    "provider_npi",
    "line",
    "date",
    "procedure_code",
    "modifiers",
    "units",
    "minutes",
    "charge",
    "code",
    "name",
    "severity",
    "class",
    "net",
    "gross",
    "counted",
    "counted_in",
    "unpriced",
    "message",
    "help",
    "carc",
    "rarc",
    "segment_or_line",
    "element_or_pointer",
    "byte_offset",
    "byte_length",
    "fingerprint",
];

/// Writes a head row, then a row for each reported finding.
///
/// # Errors
/// Those of `out`, a broken pipe among them.
pub fn render(run: &Run, redaction: Redaction, out: &mut dyn Write) -> io::Result<()> {
    let masking = Masking::ascii(redaction);
    let mut writer = csv::Writer::from_writer(out);
    let failed = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    };
    writer.write_record(COLUMNS).map_err(failed)?;
    for group in run.findings.chunk_by(|one, other| (one.file, one.claim) == (other.file, other.claim)) {
        let claim = flagged(run, &group[0]).map(|claim| masking.claim(claim));
        for finding in group.iter().filter(|finding| is_reported(finding)) {
            let masked = masking.finding(finding);
            writer.write_record(row(run, &masked, claim.as_ref(), &masking)).map_err(failed)?;
        }
    }
    writer.flush()
}

/// The cells of a masked finding, in the order of [`COLUMNS`].
fn row(
    run: &Run,
    finding: &Finding,
    claim: Option<&FlaggedClaim>,
    masking: &Masking,
) -> [String; COLUMNS.len()] {
    let line = claim.and_then(|claim| claim.lines.iter().find(|line| line.line == finding.line));
    let payer_id = claim.map(|claim| claim.payer_id.as_str()).filter(|id| !id.is_empty());
    let provider = line.map(|line| line.provider_npi.as_str()).filter(|npi| !npi.is_empty());
    let provider = provider.or(claim.map(|claim| claim.billing_npi.as_str()));
    let (about, impact, place) = (&finding.about, &finding.impact, &finding.place);
    [
        text(&file_name(&run.files, finding.file)),
        text(&finding.transaction),
        count(finding.claim.into()),
        text(&finding.claim_id),
        text(&finding.claim_ref),
        text(claim.map_or("", |claim| &claim.payer)),
        text(&payer_id.map(|id| masking.payer_id(id)).unwrap_or_default()),
        provider.filter(|npi| is_npi(npi)).unwrap_or_default().to_owned(),
        count(finding.line.into()),
        text(&about.date),
        text(&about.procedure_code),
        text(&about.modifiers.join(" ")),
        text(&about.units),
        line.and_then(|line| line.minutes).map(|minutes| minutes.to_string()).unwrap_or_default(),
        dollars(about.charge),
        text(&finding.code),
        text(&finding.name),
        finding.severity.as_str().to_owned(),
        class(impact.class),
        dollars(impact.net),
        dollars(impact.gross),
        if impact.class == MoneyClass::None { String::new() } else { yes_or_no(impact.counted) },
        finding.counted_in.as_ref().map(|holder| counted_in(run, finding, holder)).unwrap_or_default(),
        if impact.class == MoneyClass::None { String::new() } else { yes_or_no(impact.unpriced) },
        text(&finding.message),
        text(&finding.help),
        text(&finding.carc.join(" ")),
        text(&finding.rarc.join(" ")),
        count(place.number),
        text(if place.element.is_empty() && finding.excerpt.form == Form::X12 {
            &place.segment
        } else {
            &place.element
        }),
        place.span.offset.to_string(),
        place.span.length.to_string(),
        text(&finding.fingerprint),
    ]
}

/// `P01`, and where it stands if that is another line, claim or file.
fn counted_in(run: &Run, finding: &Finding, holder: &CountedIn) -> String {
    let mut words = holder.code.clone();
    if holder.file != finding.file {
        words.push_str(&format!(" in {}", file_name(&run.files, holder.file)));
    }
    if holder.claim > 0 && (holder.file, holder.claim) != (finding.file, finding.claim) {
        words.push_str(&format!(" claim {}", holder.claim));
    }
    if holder.line > 0 {
        words.push_str(&format!(" line {}", holder.line));
    }
    if holder.is_known {
        words.push_str(" (known to the baseline: in no total)");
    }
    text(&words)
}

/// Whether it is a provider's number: in a file that has slipped a column a name may stand there.
fn is_npi(stated: &str) -> bool {
    stated.len() == 10 && stated.bytes().all(|byte| byte.is_ascii_digit())
}

fn yes_or_no(it_is: bool) -> String {
    if it_is { "yes" } else { "no" }.to_owned()
}

fn class(class: MoneyClass) -> String {
    if class == MoneyClass::None { String::new() } else { class.as_str().to_owned() }
}

#[cfg(test)]
mod tests;
