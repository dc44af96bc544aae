//! What is said once for many places: remarks without dollars past the first two of a rule, one fault of the envelope
//! in transaction after transaction, one departure from the guide in claim after claim. Five hundred of one kind would bury the five that cost money.

use std::collections::HashMap;

use super::claim::{grouped, plural};
use super::finding::{headed, is_json};
use super::look::Look;
use super::place;
use crate::claim::Cents;
use crate::finding::{Finding, InputFile, MoneyClass, Run, Severity};
use crate::report::Masking;
use crate::report::masking::own_name;
use crate::report::worth::column;

/// Of one kind so many are shown where they stand.
const SHOWN: usize = 2;
/// Places named in a block for the rest.
const MOST_PLACES: usize = 8;

/// Which findings are shown where they stand, and which are gathered.
#[derive(Default)]
pub(super) struct Repeated<'a> {
    /// For each finding of the run, whether it is gathered.
    gathered: Vec<bool>,
    /// Remarks, a block for each rule, in the order of their first.
    remarks: Vec<Vec<&'a Finding>>,
    /// Faults of a file, a block for each file, rule and outcome.
    faults: Vec<Vec<&'a Finding>>,
}

/// What makes two findings one of a kind: file, rule, outcome or message, and where it must be the same, the place.
/// Remarks are gathered over the whole run, all else for each file.
type Kind<'a> = (Option<u32>, &'a str, &'a str, Option<u64>);

impl<'a> Repeated<'a> {
    /// Gathers what comes more than once too often. One that would stand alone in its block is left where it is.
    pub(super) fn of(run: &'a Run) -> Repeated<'a> {
        let mut kinds: HashMap<Kind<'_>, Vec<usize>> = HashMap::new();
        for (at, finding) in run.findings.iter().enumerate() {
            if !finding.is_standing() {
                continue;
            }
            kinds.entry(kind(finding)).or_default().push(at);
        }
        let mut blocks: Vec<Vec<usize>> =
            kinds.into_iter().filter_map(|(kind, all)| past_shown(run, kind, &all)).collect();
        blocks.sort_unstable();
        let mut gathered = vec![false; run.findings.len()];
        let mut repeated = Repeated::default();
        for block in blocks {
            let findings: Vec<&Finding> = block.iter().map(|&at| &run.findings[at]).collect();
            block.iter().for_each(|&at| gathered[at] = true);
            if findings[0].claim == 0 { &mut repeated.faults } else { &mut repeated.remarks }.push(findings);
        }
        repeated.gathered = gathered;
        repeated
    }

    /// Nothing gathered: every finding is shown where it stands.
    pub(super) fn none(run: &Run) -> Repeated<'_> {
        Repeated { gathered: vec![false; run.findings.len()], ..Repeated::default() }
    }

    /// Whether the finding with this index in the run is in a block.
    pub(super) fn has(&self, index: usize) -> bool {
        self.gathered.get(index).copied().unwrap_or(false)
    }

    /// Draws the blocks for one file's faults.
    pub(super) fn draw_faults(&self, out: &mut String, file: u32, masking: &Masking, look: &Look) {
        for block in self.faults.iter().filter(|block| block[0].file == file) {
            let places: Vec<String> =
                block.iter().take(MOST_PLACES).map(|finding| finding.place.number.to_string()).collect();
            let like = masking.finding(block[0]);
            let same = format!(
                "the same in {} more place{}{}",
                grouped(count(block)),
                plural(count(block)),
                dollars(block)
            );
            // Those of the envelope name its control numbers, which differ from place to place.
            let what = if like.spot.is_some() { format!("{}; {same}", like.message) } else { same };
            out.push('\n');
            let of = if is_json(&like) { "line" } else { "segment" };
            draw(out, &like, &what, of, &places, block.len(), look);
        }
    }

    /// Draws the blocks for remarks, which close the run.
    pub(super) fn draw_remarks(&self, out: &mut String, files: &[InputFile], masking: &Masking, look: &Look) {
        for block in &self.remarks {
            let mut claims: Vec<&Finding> = block.clone();
            claims.dedup_by_key(|finding| (finding.file, finding.claim));
            let mut file = None;
            let mut places = Vec::with_capacity(MOST_PLACES);
            for finding in claims.iter().take(MOST_PLACES) {
                let claim = masking.finding(finding);
                let mut place =
                    place::number_and_id(claim.claim, &own_name(&claim.claim_id, &claim.claim_ref), look);
                if place::are_several(files) && file.replace(finding.file) != Some(finding.file) {
                    place = format!("{}: {place}", place::file_name(files, finding.file, look));
                }
                places.push(place);
            }
            let like = masking.finding(block[0]);
            let is_remark = like.severity == Severity::Info;
            // Remarks are told without a message, which may then differ.
            let same = match is_remark || block.iter().all(|finding| finding.message == block[0].message) {
                true => "the same",
                false => "the like",
            };
            let same = match claims.len() == block.len() {
                true => format!("{same} in {} more claim{}", grouped(count(&claims)), plural(count(&claims))),
                false => format!("{same} {} more time{}", grouped(count(block)), plural(count(block))),
            };
            let what = if is_remark { same } else { format!("{}; {same}{}", like.message, dollars(block)) };
            draw(out, &like, &what, "claim", &places, claims.len(), look);
            out.push('\n');
        }
    }
}

/// What a finding may be gathered by.
fn kind(finding: &Finding) -> Kind<'_> {
    // One fault of the program that wrote the file stands in every claim alike.
    if finding.spot.is_some() {
        return (Some(finding.file), &finding.code, &finding.message, None);
    }
    match (finding.severity, finding.claim) {
        (_, 0) => (Some(finding.file), &finding.code, &finding.outcome, None),
        (Severity::Info, _) => (None, &finding.code, &finding.outcome, None),
        // What stands above the claims, such as the billing provider's number, is wrong once.
        _ => (Some(finding.file), &finding.code, &finding.outcome, Some(finding.place.span.offset)),
    }
}

/// Which findings of a kind are gathered, if any. `all` are the kind's, in the order of the run.
fn past_shown(run: &Run, kind: Kind<'_>, all: &[usize]) -> Option<Vec<usize>> {
    let claim = |at: usize| run.findings.get(at).map(|finding| finding.claim);
    let (.., place) = kind;
    if place.is_none() {
        return (all.len() > SHOWN + 1).then(|| all[SHOWN..].to_vec());
    }
    // What several lines of one claim rest on is told of each of them: it is claims that are too many here.
    let claims: Vec<&[usize]> = all.chunk_by(|&one, &other| claim(one) == claim(other)).collect();
    (claims.len() > SHOWN + 1).then(|| claims[SHOWN..].concat())
}

fn count(findings: &[&Finding]) -> u64 {
    findings.len() as u64
}

/// What the totals count with the gathered findings, column by column.
fn dollars(block: &[&Finding]) -> String {
    let mut said = String::new();
    for class in [MoneyClass::Denial, MoneyClass::Recoupment, MoneyClass::Rejection, MoneyClass::LostRevenue]
    {
        let mut total = Cents::ZERO;
        let counted = block.iter().map(|finding| &finding.impact).filter(|impact| impact.counted);
        counted
            .filter(|impact| impact.class == class)
            .filter_map(|impact| impact.net)
            .for_each(|net| total += net);
        if total != Cents::ZERO {
            said += &format!("; {total} {} there", column(class));
        }
    }
    said
}

fn draw(out: &mut String, like: &Finding, what: &str, of: &str, places: &[String], all: usize, look: &Look) {
    let more = all - places.len();
    let more = if more > 0 {
        format!(" {} and {} more", look.glyphs.ellipsis, grouped(more as u64))
    } else {
        String::new()
    };
    let text =
        format!("{what}: {of}{} {}{more} (--limit 0 shows each)", plural(all as u64), places.join(", "));
    headed(out, like, &text, look);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Redaction, sample};

    fn many(like: &Finding, count: u32, place: impl Fn(&mut Finding, u32)) -> Vec<Finding> {
        (1..=count)
            .map(|number| {
                let mut finding = like.clone();
                place(&mut finding, number);
                finding
            })
            .collect()
    }

    fn remarks(count: u32) -> Run {
        sample::run(many(&sample::info(), count, |finding, number| {
            finding.claim = number;
            finding.claim_id = format!("A-{number}");
        }))
    }

    #[test]
    fn one_too_many_is_no_block_yet() {
        let three = remarks(3);
        assert!((0..3).all(|at| !Repeated::of(&three).has(at)));
        let four = remarks(4);
        let repeated = Repeated::of(&four);
        assert_eq!([0, 1, 2, 3].map(|at| repeated.has(at)), [false, false, true, true]);
    }

    #[test]
    fn a_block_says_how_many_and_which() {
        let run = remarks(500);
        let mut out = String::new();
        let (masking, look) = (Masking::new(Redaction::Default), Look::new(false, true, 100));
        Repeated::of(&run).draw_remarks(&mut out, &run.files, &masking, &look);
        insta::assert_snapshot!(out);
    }

    #[test]
    fn errors_in_claims_are_not_gathered() {
        let run = sample::run(many(&sample::finding(), 50, |finding, number| {
            finding.claim = number;
            finding.place.span.offset = u64::from(number) * 400;
        }));
        assert!((0..50).all(|at| !Repeated::of(&run).has(at)));
    }

    #[test]
    fn one_place_that_many_claims_rest_on_is_said_once() {
        let run = sample::run(many(&sample::finding(), 50, |finding, number| finding.claim = number));
        let repeated = Repeated::of(&run);
        assert_eq!((0..50).filter(|&at| !repeated.has(at)).collect::<Vec<_>>(), [0, 1]);
        let mut out = String::new();
        let (masking, look) = (Masking::new(Redaction::Default), Look::new(false, true, 100));
        repeated.draw_remarks(&mut out, &run.files, &masking, &look);
        insta::assert_snapshot!(out);
    }

    #[test]
    fn lines_that_rest_on_one_place_of_their_claim_are_all_shown() {
        let run = sample::run(many(&sample::finding(), 50, |finding, number| finding.line = number as u16));
        assert!((0..50).all(|at| !Repeated::of(&run).has(at)));
        // Three claims are not too many, a fourth is: of each all lines.
        for (claims, gathered) in [(3, 0), (4, 2)] {
            let run = sample::run(many(&sample::finding(), claims * 10, |finding, number| {
                finding.claim = (number - 1) / 10 + 1;
                finding.message = format!("line {number}");
            }));
            let repeated = Repeated::of(&run);
            let count = (0..run.findings.len()).filter(|&at| repeated.has(at)).count();
            assert_eq!(count, gathered * 10);
            let mut out = String::new();
            repeated.draw_remarks(
                &mut out,
                &run.files,
                &Masking::new(Redaction::Default),
                &Look::new(false, true, 200),
            );
            assert_eq!(
                out.contains("line 21; the like 20 more times; $414.00 recoupment there: claims 3\n"),
                gathered > 0,
                "{out}"
            );
        }
    }

    #[test]
    fn a_fault_of_every_transaction_is_said_once() {
        let fault = Finding { claim: 0, line: 0, outcome: "se01-count".to_owned(), ..sample::finding() };
        let mut run = sample::run(many(&fault, 312, |finding, number| finding.place.number = number.into()));
        run.findings.push(Finding { outcome: "se02".to_owned(), ..fault });
        let repeated = Repeated::of(&run);
        assert_eq!((0..=312).filter(|&at| !repeated.has(at)).collect::<Vec<_>>(), [0, 1, 312]);
        let mut out = String::new();
        repeated.draw_faults(&mut out, 0, &Masking::new(Redaction::Default), &Look::new(false, true, 100));
        insta::assert_snapshot!(out);
    }
}
