//! The acknowledgement that a receiver would send: a TA1 for an interchange it cannot take, else a 999
//! (005010X231A1) for each functional group, so that pipelines which read 999s can use the check as their first door.
//!
//! Only what a TA1 or a 999 can say is said: the findings whose rules name a TA1, AK9, IK5, IK3 or IK4 code. Errors
//! reject, warnings are noted, remarks are not. The bad value itself (IK404) is never copied. No clock is asked: the
//! run date stands for the date, midnight for the time.

mod envelope;
mod own;
mod set;
mod writer;

use std::collections::HashSet;
use std::io::{self, Write};

use crate::finding::{CodeElement, Finding, Group, Interchange, Run, Severity};
use crate::report::Redaction;
pub use own::is_own;
use set::{Verdict, codes, verdict};
use writer::Writer;

/// Writes one interchange for each that the run read and a receiver of professional claims would answer.
///
/// # Errors
/// Those of `out`, a broken pipe among them.
pub fn render(run: &Run, redaction: Redaction, out: &mut dyn Write) -> io::Result<()> {
    let all = Said::of(run);
    let mut used = HashSet::new();
    for (at, interchange) in run.interchanges.iter().enumerate() {
        let next = run.interchanges.get(at + 1).filter(|next| next.file == interchange.file);
        let said = all.within(interchange, interchange.offset, next.map_or(u64::MAX, |next| next.offset));
        let groups = professional(interchange, &said);
        let (fate, code) = of_interchange(&groups, &said);
        if groups.is_empty() && fate == Verdict::Accepted {
            continue;
        }
        let control = envelope::number(&mut used, &interchange.control);
        let mut writer = Writer::answering(interchange, control, &run.as_of);
        if fate != Verdict::Accepted || interchange.wants_ta1 {
            writer.interchange_acknowledgement(interchange, fate.letter(), code);
        }
        if fate != Verdict::Rejected {
            for (group, said) in &groups {
                answer(&mut writer, interchange, group, said, redaction);
            }
        }
        out.write_all(&writer.finish())?;
    }
    Ok(())
}

/// What becomes of the interchange, and TA105. A group that no AK1 can name takes the interchange along.
fn of_interchange<'r>(groups: &[(&Group, Said<'r>)], said: &Said<'r>) -> (Verdict, &'r str) {
    let fate = verdict(said.with(CodeElement::Ta105).map(|(finding, _)| finding));
    if fate != Verdict::Rejected && groups.iter().any(|(group, _)| !envelope::can_be_named(group)) {
        return (Verdict::Rejected, "024");
    }
    let mut deciding = said.with(CodeElement::Ta105).filter(|(finding, _)| Verdict::of(finding) == fate);
    (fate, deciding.next().map_or("000", |(_, code)| code))
}

/// The groups that are the check's to answer, with what was found in each.
fn professional<'i, 'r>(interchange: &'i Interchange, said: &Said<'r>) -> Vec<(&'i Group, Said<'r>)> {
    let ends = interchange.groups.iter().skip(1).map(|next| next.offset).chain([u64::MAX]);
    let groups = interchange.groups.iter().zip(ends);
    groups
        .map(|(group, until)| (group, said.within(interchange, group.offset, until)))
        .filter(|(group, said)| is_professional(group, said))
        .collect()
}

/// Whether the group is one of those that the check reads: it says so, or was held to be one and found to say
/// otherwise. Others are somebody else's to acknowledge.
fn is_professional(group: &Group, said: &Said<'_>) -> bool {
    let states = |guide: &str| guide.contains("X222");
    states(&group.guide)
        || group.sets.iter().any(|set| states(&set.guide))
        || said.with(CodeElement::Ak905).any(|(_, code)| code == "2")
}

/// The 999 for one functional group.
fn answer(
    writer: &mut Writer,
    interchange: &Interchange,
    group: &Group,
    said: &Said<'_>,
    redaction: Redaction,
) {
    writer.begin_group(interchange, group);
    writer.segment("AK1", &[&group.functional_id, &group.control, &group.guide]);
    let mut fates = Vec::with_capacity(group.sets.len());
    for (place, set) in group.sets.iter().enumerate() {
        let until = group.sets.get(place + 1).map_or(u64::MAX, |next| next.offset);
        let said = said.within(interchange, set.offset, until);
        fates.push(set::answer(writer, set, place + 1, &said, redaction));
    }
    let own = verdict(said.with(CodeElement::Ak905).map(|(finding, _)| finding));
    let accepted = match own {
        Verdict::Rejected => 0,
        _ => fates.iter().filter(|fate| **fate != Verdict::Rejected).count(),
    };
    let letter = match accepted {
        0 => "R",
        accepted if accepted < fates.len() => "P",
        _ if own == Verdict::Noted || fates.contains(&Verdict::Noted) => "E",
        _ => "A",
    };
    let received = fates.len().to_string();
    let stated =
        Some(&group.stated_sets).filter(|text| envelope::is_number(text, 1..=6)).unwrap_or(&received);
    let accepted = accepted.to_string();
    let mut parts: Vec<&str> = vec![letter, stated, &received, &accepted];
    parts.extend(codes(said.with(CodeElement::Ak905), 5));
    writer.segment("AK9", &parts);
    writer.end_group();
}

/// What was found within a stretch of a file and belongs into an acknowledgement, in file order.
struct Said<'r> {
    findings: Vec<&'r Finding>,
}

impl<'r> Said<'r> {
    fn of(run: &'r Run) -> Said<'r> {
        let wanted =
            |finding: &&Finding| finding.acknowledgement.is_some() && finding.severity > Severity::Info;
        let mut findings: Vec<&Finding> = run.findings.iter().filter(wanted).collect();
        findings.sort_by_key(|finding| (finding.file, finding.place.span.offset));
        Said { findings }
    }

    /// Those from one place in the interchange's file to another.
    fn within(&self, interchange: &Interchange, from: u64, until: u64) -> Said<'r> {
        let place = |finding: &&Finding| (finding.file, finding.place.span.offset);
        let start = self.findings.partition_point(|finding| place(finding) < (interchange.file, from));
        let end = self.findings.partition_point(|finding| place(finding) < (interchange.file, until));
        Said { findings: self.findings.get(start..end).unwrap_or_default().to_vec() }
    }

    /// Those that `element` names, with their codes.
    fn with(&self, element: CodeElement) -> impl Iterator<Item = (&'r Finding, &'r str)> {
        self.findings.iter().filter_map(move |finding| {
            let named = finding.acknowledgement.as_ref().filter(|named| named.element == element)?;
            Some((*finding, named.code.as_str()))
        })
    }
}

#[cfg(test)]
mod tests;
