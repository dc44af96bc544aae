//! Why each rule did or did not look at the lines of a claim, for somebody who asks.
//!
//! The answer is the engine's own: after the run the claim is read once more, and put to the same calls, conditions and
//! checks; its days are those that settling put together; what was found is what the run reports.

mod look;

use std::collections::BTreeSet;
use std::io;

use crate::claim::key_of;
use crate::finding::{Run, Severity};
use crate::rules::Scope;
use crate::source::Named;

use super::files::Files;
use super::stated::StatedFact;
use super::store::Store;

pub(super) use look::look;

/// Which claim somebody asks about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClaimName {
    /// The name of its file, or the end of it after a slash.
    pub file: Option<String>,
    /// Its number (CLM01), or its place in the file.
    pub claim: String,
}

/// Why a question about a claim has no answer.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoMatch {
    /// No file of the run.
    #[error("no file that is checked is called `{0}`")]
    File(String),
    /// No claim of the run.
    #[error("no claim has the number `{0}`, and none stands at that place")]
    Claim(String),
    /// A place in a file, where there are several files.
    #[error("{0} files have a claim at that place: name one of them before it, like {1}")]
    Ambiguous(usize, String),
    /// It could not be read again.
    #[error("the claim cannot be read again: {0}")]
    Unreadable(String),
}

/// What each rule made of one claim.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClaimMatches {
    /// Name of the file.
    pub file: String,
    /// 1-based place in it.
    pub ordinal: u32,
    /// CLM01.
    pub id: String,
    /// The profile that judges it.
    pub payer: String,
    /// Its lines, with their procedure codes where they have the form of one.
    pub lines: Vec<(u16, String)>,
    /// In the order of the rules.
    pub rules: Vec<RuleMatches>,
    /// Index of the file.
    at: u32,
}

/// What one rule made of a claim.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleMatches {
    /// Code of the rule.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it looks at as a whole.
    pub scope: Scope,
    /// By line; 0 stands for the claim as a whole. Several of one line are several findings.
    pub answers: Vec<(u16, Answer)>,
}

/// What a rule made of a line, or of a claim.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// The configuration turns it off for the claim's payer.
    Off,
    /// No line of this procedure code is put to it.
    NotCalled,
    /// A part of its `when` does not hold.
    NotMet {
        /// The part, in words.
        condition: String,
        /// The facts that it looks at, as the claim states them.
        facts: Vec<StatedFact>,
    },
    /// The claim is void, and the rule is about what a claim is paid.
    Void,
    /// The line is on no day: it has no readable date, or its claim is void.
    NoDay,
    /// The claim stands aside: another one replaces, voids or repeats it.
    Aside,
    /// It looked, and this is reported.
    Found {
        /// The kind's name for the way it went; empty for the plain one.
        outcome: String,
        /// How bad.
        severity: Severity,
        /// What keeps it from counting: file and line of a suppression, or a baseline.
        accepted: Option<String>,
    },
    /// It looked and found something that is said of this line, or of the claim as a whole (0).
    SaidOf(u16),
    /// It looked and found something that is said of another claim of the day.
    SaidOfClaim {
        /// Name of that claim's file.
        file: String,
        /// 1-based place in it.
        claim: u32,
        /// The line it is said of; 0 stands for that claim as a whole.
        line: u16,
        /// Whether it is an earlier claim, of which nothing is reported.
        is_earlier: bool,
    },
    /// It found a fault of the file, for which the receiver refuses an envelope with the claim in it.
    KeepsOut {
        /// The kind's name for the way it went; empty for the plain one.
        outcome: String,
        /// How bad.
        severity: Severity,
        /// What keeps it from counting: a baseline.
        accepted: Option<String>,
    },
    /// It looked and found something, and the run reports another finding in its place.
    LeftOut,
    /// It could not be judged: what is missing, and on how many lines.
    Lacks(Vec<(&'static str, u64)>),
    /// The payer's profile leaves nothing to ask: the fields that would have to say otherwise.
    NotAsked(Vec<&'static str>),
    /// It looked and found nothing.
    Nothing,
}

/// The claims of that name, by their index in the run.
pub(super) fn named(
    name: &ClaimName,
    inputs: &[Named],
    files: &Files,
    store: &Store,
) -> io::Result<Result<Vec<u32>, NoMatch>> {
    let is_named = |file: usize, wanted: &str| {
        inputs.get(file).is_some_and(|input| {
            let own = input.name();
            own == wanted || own.ends_with(&format!("/{wanted}"))
        })
    };
    let candidates: BTreeSet<u32> = (0_u32..)
        .zip(inputs)
        .filter(|(file, _)| files.is_checked(*file))
        .filter(|(file, _)| name.file.as_deref().is_none_or(|wanted| is_named(*file as usize, wanted)))
        .map(|(file, _)| file)
        .collect();
    if let (true, Some(file)) = (candidates.is_empty(), &name.file) {
        return Ok(Err(NoMatch::File(file.clone())));
    }
    let number = key_of(name.claim.as_bytes());
    let place = name.claim.parse::<u32>().ok();
    let (mut numbered, mut placed) = (Vec::new(), Vec::new());
    for claim in store.batch() {
        let fact = store.claim(claim)?;
        if !candidates.contains(&fact.file) {
            continue;
        }
        if number != 0 && fact.id == number {
            numbered.push(claim);
        }
        if place == Some(fact.ordinal) {
            placed.push((claim, fact.file));
        }
    }
    if !numbered.is_empty() {
        return Ok(Ok(numbered));
    }
    Ok(match placed.as_slice() {
        [] => Err(NoMatch::Claim(name.claim.clone())),
        [(claim, _)] => Ok(vec![*claim]),
        [(_, file), ..] => {
            let first = inputs.get(*file as usize).map(Named::name).unwrap_or_default();
            Err(NoMatch::Ambiguous(placed.len(), format!("{first}:{}", name.claim)))
        }
    })
}

/// Adds what the run reports of the claims.
pub(super) fn with_findings(mut matches: Vec<ClaimMatches>, run: &Run) -> Vec<ClaimMatches> {
    for of_claim in &mut matches {
        let own = run
            .findings
            .iter()
            .filter(|finding| (finding.file, finding.claim) == (of_claim.at, of_claim.ordinal));
        let own: Vec<_> = own.collect();
        for rule in &mut of_claim.rules {
            for finding in own.iter().filter(|finding| finding.code == rule.code) {
                let found = Answer::Found {
                    outcome: finding.outcome.clone(),
                    severity: finding.severity,
                    accepted: finding.accepted.as_ref().map(|accepted| accepted.source.clone()),
                };
                let is_of_line = |(line, answer): &&mut (u16, Answer)| {
                    *line == finding.line && !matches!(answer, Answer::Found { .. })
                };
                match rule.answers.iter_mut().find(is_of_line) {
                    Some((_, answer)) => *answer = found,
                    None => rule.answers.push((finding.line, found)),
                }
            }
            let is_reported = |line: u16| {
                rule.answers.iter().any(|(of, answer)| *of == line && matches!(answer, Answer::Found { .. }))
            };
            let reported: Vec<u16> =
                rule.answers.iter().map(|(line, _)| *line).filter(|line| is_reported(*line)).collect();
            let is_said = |file: &str, place: (u32, u16)| {
                run.findings.iter().any(|finding| {
                    finding.code == rule.code
                        && (finding.claim, finding.line) == place
                        && run.files.get(finding.file as usize).is_some_and(|known| known.name == file)
                })
            };
            for (_, answer) in &mut rule.answers {
                let is_left_out = match answer {
                    Answer::SaidOf(line) => !reported.contains(line),
                    Answer::SaidOfClaim { file, claim, line, is_earlier: false } => {
                        !is_said(file, (*claim, *line))
                    }
                    _ => false,
                };
                if is_left_out {
                    *answer = Answer::LeftOut;
                }
            }
            rule.answers.sort_by_key(|(line, _)| *line);
        }
    }
    matches
}
