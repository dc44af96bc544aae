//! Names a place the way a biller looks for it: file, claim, line, segment or JSON pointer, byte.

use super::finding::is_json;
use super::flow::columns;
use super::look::Look;
use crate::finding::{Finding, Form, InputFile, Place, Related, Verdict};
use crate::report::masking::own_name;
use crate::report::plain::{clean, clip};

const LONGEST_NAME: usize = 160;
const LONGEST_ID: usize = 48;
const LONGEST_ELEMENT: usize = 60;

/// Whether a claim must be named with its file: neither earlier claims nor suppressions have claims to be named.
pub(in crate::report) fn are_several(files: &[InputFile]) -> bool {
    let holds_claims = |file: &&InputFile| !matches!(file.verdict, Verdict::History | Verdict::Suppressions);
    files.iter().filter(holds_claims).count() > 1
}

/// A file's name, fit to be shown.
pub(super) fn file_name(files: &[InputFile], file: u32, look: &Look) -> String {
    let name = files.get(file as usize).map_or("?", |file| file.name.as_str());
    clip(&clean(name), LONGEST_NAME, look.glyphs.ellipsis).into_owned()
}

/// A claim by its place in the file and, where it may be shown, its own number.
pub(super) fn claim(ordinal: u32, id: &str, look: &Look) -> String {
    format!("claim {}", number_and_id(ordinal, id, look))
}

/// The same without the word: `5 (MAPLE-1051)`.
pub(super) fn number_and_id(ordinal: u32, id: &str, look: &Look) -> String {
    if id.is_empty() {
        return ordinal.to_string();
    }
    format!("{ordinal} ({})", clip(id, LONGEST_ID, look.glyphs.ellipsis))
}

/// Where a finding stands, in at most `room` columns if that can be had: the head above already names the claim's
/// own number, and an offset in bytes is what a person needs least.
pub(super) fn of_finding(finding: &Finding, files: &[InputFile], room: usize, look: &Look) -> String {
    let json = is_json(finding);
    let name = file_name(files, finding.file, look);
    let name = if json { format!("{name}:{}", finding.place.number) } else { name };
    let line = (finding.line > 0).then(|| format!("line {}", finding.line));
    let spot = spot(&finding.place, spoken(finding, json), look);
    let joint = format!(" {} ", look.glyphs.separator);
    let said = |id: &str, spot: &[String]| {
        let claim = (finding.claim > 0).then(|| claim(finding.claim, id, look));
        let parts = [name.clone()].into_iter().chain(claim).chain(line.clone());
        parts.chain(spot.iter().cloned()).collect::<Vec<_>>().join(&joint)
    };
    let without_byte = &spot[..spot.len() - usize::from(spot.len() > 1)];
    let name_of_claim = own_name(&finding.claim_id, &finding.claim_ref);
    let whole = said(&name_of_claim, &spot);
    [said(&name_of_claim, without_byte), said("", without_byte)]
        .into_iter()
        .fold(whole, |said, shorter| if columns(&said) > room { shorter } else { said })
}

/// A second place, naming only what differs from the finding's own.
pub(super) fn of_related(finding: &Finding, related: &Related, files: &[InputFile], look: &Look) -> String {
    let mut parts = Vec::with_capacity(5);
    let json = related.place.segment.is_empty() && is_json(finding);
    let elsewhere = related.file != finding.file;
    if elsewhere || json {
        let name = file_name(files, related.file, look);
        parts.push(if json { format!("{name}:{}", related.place.number) } else { name });
    }
    if related.claim > 0 && (elsewhere || related.claim != finding.claim) {
        parts.push(format!("claim {}", related.claim));
    }
    if related.line > 0 {
        parts.push(format!("line {}", related.line));
    }
    parts.extend(spot(&related.place, spoken(finding, json), look));
    parts.join(&format!(" {} ", look.glyphs.separator))
}

/// In which form's words a place of the finding is told.
fn spoken(finding: &Finding, json: bool) -> Form {
    match finding.excerpt.form {
        Form::Csv => Form::Csv,
        _ if json => Form::Json,
        _ => Form::X12,
    }
}

fn spot(place: &Place, form: Form, look: &Look) -> Vec<String> {
    let named = if place.element.is_empty() { &place.segment } else { &place.element };
    let named = clip(named, LONGEST_ELEMENT, look.glyphs.ellipsis);
    let mut parts = Vec::with_capacity(2);
    if form == Form::Csv {
        parts.extend((place.number > 0).then(|| format!("row {}", place.number)));
        parts.extend((!named.is_empty()).then(|| format!("column {named}")));
    } else if form == Form::Json {
        parts.extend((!named.is_empty()).then(|| named.into_owned()));
    } else if place.number > 0 {
        let gap = if named.is_empty() { "" } else { " " };
        parts.push(format!("segment {}{gap}{named}", place.number));
    }
    parts.push(format!("byte {}", place.span.offset));
    parts
}
