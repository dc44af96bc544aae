//! Where a finding stands, for programs that open files: the line in an editor where that is known, and the path.

use super::masking::own_name;
use super::plain::clean;
use crate::finding::{Finding, FlaggedClaim, InputFile, LineBreaks, Place, Run};

/// The file's name, fit to be shown.
pub(super) fn file_name(files: &[InputFile], file: u32) -> String {
    files.get(file as usize).map_or_else(|| "?".to_owned(), |file| clean(&file.name).into_owned())
}

/// The file's name as hosts take paths: from the root of the repository, without a leading `./`.
pub(super) fn path(files: &[InputFile], file: u32) -> String {
    file_name(files, file).trim_start_matches("./").to_owned()
}

/// How a file lies on lines of text. Runs that do not say are taken to count segments by lines.
pub(super) fn line_breaks(run: &Run, file: u32) -> LineBreaks {
    run.line_breaks.get(file as usize).copied().unwrap_or_default()
}

/// The 1-based line of a place in an editor; `None` where it is not known.
pub(super) fn line(run: &Run, file: u32, place: &Place) -> Option<u64> {
    match line_breaks(run, file) {
        LineBreaks::Counted => (place.number > 0).then_some(place.number),
        LineBreaks::Absent => Some(1),
        LineBreaks::Elsewhere => None,
    }
}

/// The claim a finding belongs to. Claims are kept in the order of files and ordinals.
pub(super) fn flagged<'r>(run: &'r Run, finding: &Finding) -> Option<&'r FlaggedClaim> {
    let key = (finding.file, finding.claim);
    let found = run.flagged.binary_search_by_key(&key, |claim| (claim.file, claim.ordinal));
    run.flagged.get(found.ok()?)
}

/// `claim 3 (MAPLE-1043)`, of a masked finding: its place in the file, and its own name where it may be shown.
pub(super) fn claim(finding: &Finding) -> String {
    match own_name(&finding.claim_id, &finding.claim_ref).as_str() {
        "" => format!("claim {}", finding.claim),
        name => format!("claim {} ({name})", finding.claim),
    }
}

/// `claim 3 (MAPLE-1043) line 1 SV104`, of a masked finding. Empty for one about the file as a whole.
pub(super) fn whose(finding: &Finding) -> String {
    let mut parts = Vec::with_capacity(3);
    if finding.claim > 0 {
        parts.push(claim(finding));
    }
    if finding.line > 0 {
        parts.push(format!("line {}", finding.line));
    }
    let place = &finding.place;
    let named = if place.element.is_empty() { &place.segment } else { &place.element };
    if !named.is_empty() {
        parts.push(named.clone());
    }
    parts.join(" ")
}
