//! What the user has said is no fault, and what is known: which findings, which dollars, and what is to be said of entries
//! that do nothing.
//!
//! Whether an entry of the suppressions meets a finding is decided when the finding is made, before anything is priced: a
//! suppressed finding takes no dollars. What a baseline knows is decided last, when all findings have their names: a known
//! finding takes its dollars from others as before, and they go to no total.

use std::collections::{HashMap, HashSet};
use std::io;
use std::ops::Range;

use crate::checks::Lack;
use crate::claim::{Claim, ClaimFact, Date, Span, key_of, provider_key};
use crate::finding::{
    Accepted, AcceptedBy, AcceptedTotals, Columns, Excerpt, Finding, Form, InputFile, Mark, Place, Verdict,
    Window,
};
use crate::input::Fault;
use crate::rules::{Check, Policy, RuleSet, SuppressionFault};
use crate::side::{Judged, Placed, PlacedLine, Stated, Suppression, Suppressions};

use super::Request;
use super::draft::{self, Draft};
use super::envelope;
use super::fingerprint::Names;
use super::finish;
use super::settle::Settling;
use super::store::{Lines, Store};

/// The suppressions of a run, as a unit is read: puts them to the findings of each claim.
pub(super) struct Suppressing<'a> {
    known: &'a Suppressions,
    as_of: Date,
    lines: Vec<PlacedLine>,
    /// By entry, the rules it names.
    rules: Vec<Vec<u16>>,
    /// By entry, whether a claim or line that it is about has come by, of a payer that is spared none of its rules.
    seen: Vec<bool>,
}

impl<'a> Suppressing<'a> {
    /// What has come by since the last time it was asked.
    pub(super) fn end_of_unit(&mut self) -> Vec<bool> {
        let entries = self.seen.len();
        std::mem::replace(&mut self.seen, vec![false; entries])
    }

    /// `None` where there are none.
    pub(super) fn new(known: &'a Suppressions, rules: &RuleSet, as_of: Date) -> Option<Suppressing<'a>> {
        let entries = known.entries();
        if entries.is_empty() {
            return None;
        }
        let index: HashMap<&str, u16> =
            rules.rules.iter().map(|rule| rule.code.as_str()).zip(0_u16..).collect();
        let numbers = |entry: &Suppression| {
            entry.rules().iter().filter_map(|code| index.get(code.as_str()).copied()).collect()
        };
        Some(Suppressing {
            known,
            as_of,
            lines: Vec::new(),
            rules: entries.iter().map(numbers).collect(),
            seen: vec![false; entries.len()],
        })
    }

    /// Puts them to all that was found in a claim. `policy` is what its payer has different about the rules.
    pub(super) fn take(
        &mut self,
        claim: &Claim<'_>,
        profile: &str,
        policy: Option<&Policy>,
        drafts: &mut [Draft],
    ) {
        let npi = |number: u16| claim.rendering(number).map_or(0, |one| provider_key(one.npi.bytes()));
        let billing = claim.billing().map_or(0, |one| provider_key(one.npi.bytes()));
        self.lines.clear();
        self.lines.extend(claim.lines.iter().map(|line| PlacedLine {
            number: line.number,
            code: line.code(),
            date: line.service_date.value,
            rendering: match npi(line.number) {
                0 => billing,
                own => own,
            },
        }));
        let at = Placed {
            claim: key_of(claim.id.bytes()),
            payer_id: claim.payer.id.bytes(),
            profile,
            billing,
            lines: &self.lines,
        };
        let is_run = |entry: usize| {
            policy.is_none_or(|policy| {
                self.rules.get(entry).is_some_and(|rules| !rules.iter().any(|rule| policy.is_off(*rule)))
            })
        };
        self.known.see(&at, is_run, &mut self.seen);
        for draft in drafts {
            judge(draft, self.known, &at, self.as_of);
        }
    }
}

/// Notes in `all` the entries that another unit has seen.
pub(super) fn add_seen(all: &mut Vec<bool>, unit: &[bool]) {
    all.resize(unit.len().max(all.len()), false);
    all.iter_mut().zip(unit).for_each(|(all, one)| *all |= one);
}

/// Puts the suppressions to what was found after the first pass, in a claim that the facts tell of.
pub(super) fn judge_by_facts(
    draft: &mut Draft,
    request: &Request,
    claim: u32,
    fact: &ClaimFact,
    store: &Store,
) -> io::Result<()> {
    let judged = judged_by_facts(&draft.finding.code, draft.finding.line, request, fact, claim, store)?;
    accept(draft, &request.suppressions, judged);
    Ok(())
}

/// What the suppressions say of a finding of the rule with this code, on a line (0: the whole) of a claim that the facts
/// tell of.
pub(super) fn judged_by_facts(
    code: &str,
    line: u16,
    request: &Request,
    fact: &ClaimFact,
    claim: u32,
    store: &Store,
) -> io::Result<Judged> {
    if request.suppressions.entries().is_empty() {
        return Ok(Judged::default());
    }
    let mut lines = Lines::default();
    store.lines_of(claim, &mut lines)?;
    let placed: Vec<PlacedLine> = lines
        .facts
        .iter()
        .filter(|line| !line.is_unbilled_time())
        .map(|line| PlacedLine {
            number: line.line,
            code: line.code,
            date: Some(line.date),
            rendering: line.rendering,
        })
        .collect();
    let at = Placed {
        claim: fact.id,
        payer_id: store.payer_id(fact.payer).unwrap_or_default(),
        profile: &request.rules.profiles[usize::from(fact.profile)].name,
        billing: lines.facts.first().map_or(0, |line| line.billing),
        lines: &placed,
    };
    Ok(request.suppressions.judge(code, &at, line, request.as_of))
}

fn judge(draft: &mut Draft, known: &Suppressions, at: &Placed<'_>, as_of: Date) {
    let judged = known.judge(&draft.finding.code, at, draft.finding.line, as_of);
    accept(draft, known, judged);
}

fn accept(draft: &mut Draft, known: &Suppressions, judged: Judged) {
    draft.met = judged.met;
    let entry = judged.accepted.and_then(|entry| known.entries().get(entry as usize));
    draft.finding.accepted = entry.map(|entry| {
        Box::new(Accepted {
            by: AcceptedBy::Suppression,
            reason: entry.reason().to_owned(),
            source: known.place(entry),
            until: entry.expires().to_string(),
        })
    });
}

impl Settling<'_> {
    /// Names all findings, and marks those that the baseline knows. What was counted waits for this: it is entered now,
    /// where its finding stands. Where nothing is accepted, names are given when the findings are in order.
    pub(super) fn name_and_accept(&mut self, kept_out: &[Option<Range<u32>>], dropped: &[bool]) {
        if self.baseline.is_none() && !self.drafts.iter().any(Draft::is_suppressed) {
            return;
        }
        let mut order: Vec<usize> = (0..self.drafts.len()).filter(|at| !dropped[*at]).collect();
        // Suppressed ones last: they come back when their entry expires, and must take no other's name.
        order.sort_by(|&one, &other| {
            let of = |at: usize| {
                let draft = &self.drafts[at];
                (draft.is_suppressed(), finish::order(&draft.finding))
            };
            of(one).cmp(&of(other))
        });
        let mut names = Names::default();
        let mut met = 0;
        for at in order {
            let draft = &mut self.drafts[at];
            let (common, earlier) = names.name(&mut draft.finding);
            let Some(baseline) = self.baseline else { continue };
            if earlier < baseline.count(&draft.finding.code, common) {
                // It still occurs, though it is not the baseline that accepts it.
                if draft.is_suppressed() {
                    self.known_and_suppressed += 1;
                    continue;
                }
                met += 1;
                draft.finding.accepted = Some(Box::new(Accepted {
                    by: AcceptedBy::Baseline,
                    reason: String::new(),
                    source: baseline.source().to_owned(),
                    until: String::new(),
                }));
            }
        }
        if self.baseline.is_some() {
            self.leave_out_the_known(kept_out, met);
        }
    }

    /// Enters what waits, and takes what is known out of all that the run says of itself.
    fn leave_out_the_known(&mut self, kept_out: &[Option<Range<u32>>], met: u64) {
        let known: Vec<bool> = self.drafts.iter().map(|draft| draft.finding.accepted.is_some()).collect();
        let standing: Vec<Option<Range<u32>>> =
            kept_out.iter().zip(&known).map(|(claims, known)| claims.clone().filter(|_| !known)).collect();
        self.kept_out = envelope::union(&standing);
        let mut dollars = Columns::default();
        for counted in std::mem::take(&mut self.waiting) {
            if known[counted.at] {
                counted.add_to(&mut dollars);
            } else {
                self.enter_now(&counted);
            }
        }
        for draft in self.drafts.iter_mut().filter(|draft| !draft.is_suppressed()) {
            let is_held = draft.holder.is_some_and(|holder| known[holder]);
            let finding = &mut draft.finding;
            if finding.accepted.is_some() {
                finding.impact.counted = false;
                finding.counted_in = None;
            }
            finding.counted_in.iter_mut().for_each(|holder| holder.is_known = is_held);
        }
        self.known = (met, dollars);
    }

    /// What the user has accepted, in figures.
    pub(super) fn accepted(&self) -> AcceptedTotals {
        let (known, dollars) = self.known;
        AcceptedTotals {
            suppressed: self.drafts.iter().filter(|draft| draft.is_suppressed()).count() as u64,
            known,
            dollars,
            baseline: self.baseline.map(|baseline| baseline.source().to_owned()),
        }
    }

    /// Entries that a finding meets.
    pub(super) fn entries_met(&self) -> HashSet<u32> {
        self.drafts.iter().flat_map(|draft| draft.met.iter().copied()).collect()
    }
}

/// Names the suppressions files among the inputs, and says which entries have run out or do nothing. `met` are those
/// that a finding of the run meets.
pub(super) fn of_entries(
    request: &Request,
    met: &HashSet<u32>,
    seen: &[bool],
    lacks: &[[u64; Lack::ALL.len()]],
    files: &mut Vec<InputFile>,
    notes: &mut Vec<String>,
) -> Vec<Finding> {
    let known = &request.suppressions;
    let first = files.len();
    files.extend(known.files().iter().map(|name| InputFile {
        name: name.clone(),
        verdict: Verdict::Suppressions,
        claims: 0,
    }));
    let mut findings = Vec::new();
    let mut idle = 0;
    for (number, entry) in (0_u32..).zip(known.entries()) {
        let is_met = met.contains(&number);
        let fault = match (entry.is_in_force(request.as_of), is_met) {
            (true, true) => continue,
            (false, true) => Some(SuppressionFault::Expired),
            (true, false) if is_seen(number, seen) && ran(entry, &request.rules, lacks) => {
                Some(SuppressionFault::Unused)
            }
            (_, false) => None,
        };
        match fault {
            Some(fault) => findings.extend(remark(fault, entry, first, &request.rules)),
            None => idle += 1,
        }
    }
    match (idle, known.entries().len()) {
        (0, _) => {}
        (1, all) => notes.push(format!("1 of {all} suppressions meets nothing of this run")),
        (many, all) => notes.push(format!("{many} of {all} suppressions meet nothing of this run")),
    }
    let mut names = Names::default();
    findings.iter_mut().for_each(|finding| {
        names.name(finding);
    });
    findings
}

fn is_seen(entry: u32, seen: &[bool]) -> bool {
    seen.get(entry as usize).copied().unwrap_or(false)
}

/// Whether every rule of the entry was put to all that it is about: else nobody can say that it finds nothing.
fn ran(entry: &Suppression, rules: &RuleSet, lacks: &[[u64; Lack::ALL.len()]]) -> bool {
    entry.rules().iter().all(|code| {
        let index = rules.rules.iter().position(|rule| rule.code == *code);
        index.is_some_and(|index| lacks.get(index).is_none_or(|lacks| lacks.iter().all(|lines| *lines == 0)))
    })
}

fn remark(
    fault: SuppressionFault,
    entry: &Suppression,
    first_file: usize,
    rules: &RuleSet,
) -> Option<Finding> {
    let is_it = |check: &Check| matches!(check, Check::Suppression(own) if *own == fault);
    let index = rules.rules.iter().position(|rule| is_it(&rule.check))?;
    let (stated, key, label) = match fault {
        SuppressionFault::Expired => (entry.expiry(), "expires", "the last day on which it held"),
        SuppressionFault::Unused => (entry.named(), "rule", "finds nothing that the entry is about"),
    };
    let expires = entry.expires().to_string();
    let fault = Fault {
        values: vec![("rules", entry.names().join(", ")), ("expires", expires.clone())],
        ..Fault::new("", Span::new(stated.offset, stated.text.len() as u32), label)
    };
    let place = Place { span: fault.span, number: stated.line, ..Place::default() };
    let rule = &rules.rules[index];
    let excerpt = excerpt(stated, key, label);
    let Draft { mut finding, .. } = draft::from_fault(&fault, index as u16, rule, place, excerpt);
    finding.file = (first_file + entry.file()) as u32;
    finding.public_dates = vec![expires];
    Some(finding)
}

/// The one value of an entry that shows the fault. The rest of its line may name a claim.
fn excerpt(stated: &Stated, key: &str, label: &str) -> Excerpt {
    let text = format!("{key}: {}", stated.text.escape_debug());
    let mark = Mark { start: key.len() + 2, end: text.len(), text: label.to_owned(), primary: true };
    let window =
        Window { number: stated.line, offset: stated.offset, text, sensitive: Vec::new(), marks: vec![mark] };
    Excerpt { form: Form::Json, windows: vec![window] }
}

/// Says how much of the baseline is no longer found, of the rules that ran. `met` findings that it names were found,
/// those that are suppressed too.
pub(super) fn of_baseline(request: &Request, met: u64) -> Option<String> {
    let baseline = request.baseline.as_ref()?;
    let is_in_force = |code: &str| request.rules.rules.iter().any(|rule| rule.code == code);
    let all = baseline.total(is_in_force);
    let gone = all.saturating_sub(met);
    let (occurs, them) = if gone == 1 { ("occurs", "it") } else { ("occur", "them") };
    (gone > 0).then(|| {
        format!(
            "{gone} of the {all} findings of {} no longer {occurs}: write it anew to be rid of {them}",
            baseline.source()
        )
    })
}
