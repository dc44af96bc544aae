//! Reads a claim once more and puts it to every rule, with the same calls, conditions and checks as the run.

use std::collections::BTreeSet;
use std::io;
use std::ops::Range;

use super::{Answer, ClaimMatches, NoMatch, RuleMatches};
use crate::checks::{self, Cx, Hit, Lack, Out, Takes};
use crate::claim::{Claim, Fact, LineRef, ServiceLine};
use crate::engine::Request;
use crate::engine::envelope;
use crate::engine::files::Files;
use crate::engine::pool::Step;
use crate::engine::read::{self, Facts};
use crate::engine::settle::Settling;
use crate::engine::stated;
use crate::engine::steps;
use crate::input::{self, ClaimSink, Cutter, Fault, GuideCheck};
use crate::rules::{Check, Profile, Rule, Scope, Subject, Tree};
use crate::source::Named;

/// Reads the claims again and puts them to every rule. What was found is added by [`super::with_findings`].
pub(in crate::engine) fn look(
    claims: &[u32],
    inputs: &[Named],
    request: &Request,
    facts: Facts<'_>,
    files: &Files,
    settling: &Settling<'_>,
) -> io::Result<Result<Vec<ClaimMatches>, NoMatch>> {
    let mut found = Vec::new();
    let kept_out = envelope::kept_out(&settling.drafts, files, &settling.store)?;
    for &claim in claims {
        let fact = settling.store.claim(claim)?;
        let Some(input) = inputs.get(fact.file as usize) else { continue };
        let mut looking = Looking {
            wanted: fact.ordinal,
            before: 0,
            index: claim,
            cx: settling.cx,
            facts,
            settling,
            inputs,
            kept_out: &kept_out,
            made: None,
        };
        for step in steps::of_files(std::slice::from_ref(input), 1, request.unit_size, &request.maps) {
            let Step::Work(unit) = step else { continue };
            let summary = input::read(&unit, GuideCheck::Off, &mut looking);
            looking.before += summary.claims;
            if looking.made.is_some() {
                break;
            }
        }
        match looking.made {
            Some(made) => found.push(ClaimMatches { file: input.name(), at: fact.file, ..made? }),
            None => {
                return Ok(Err(NoMatch::Unreadable(format!(
                    "{} has changed, or came through a pipe",
                    input.name()
                ))));
            }
        }
    }
    Ok(Ok(found))
}

/// Takes the one claim that somebody asks about.
struct Looking<'a> {
    wanted: u32,
    /// Claims of the file in earlier units.
    before: u32,
    /// The claim's index in the run.
    index: u32,
    cx: Cx<'a>,
    facts: Facts<'a>,
    settling: &'a Settling<'a>,
    inputs: &'a [Named],
    /// By draft, the claims that it keeps out.
    kept_out: &'a [Option<Range<u32>>],
    made: Option<io::Result<ClaimMatches>>,
}

impl ClaimSink for Looking<'_> {
    fn claim(&mut self, claim: &Claim<'_>, cutter: &dyn Cutter) {
        if self.made.is_none() && self.before + claim.ordinal == self.wanted {
            let lacks = read::lacks_of(claim, cutter, self.cx, self.facts);
            let joined = self.facts.sessions.and_then(|sessions| sessions.join(claim));
            let claim = joined.as_ref().map_or(claim, |joined| &joined.claim);
            self.made = Some(self.matches(claim, &lacks));
        }
    }

    fn fault(&mut self, _: u32, _: Fault, _: &dyn Cutter) {}
}

impl Looking<'_> {
    fn matches(&self, claim: &Claim<'_>, alone: &[[u64; Lack::ALL.len()]]) -> io::Result<ClaimMatches> {
        let rules = self.cx.rules;
        let profile = &rules.profiles[rules.profile_for(claim)];
        let mut of_claim = Out::watched(rules.rules.len());
        let at = LineRef { claim: self.index, line: 0 };
        checks::check_claim_closely(claim, at, profile, self.cx, &mut of_claim);
        let mut of_days = Out::watched(rules.rules.len());
        let mut days = 0_usize;
        for day in self.settling.watch.days_of(self.index) {
            days += 1;
            self.settling.run(&day.claims, &day.copies, day.date, &mut of_days)?;
        }
        of_days.hits.retain(|hit| concerns(hit, |at| at.claim == self.index));
        let whole = Whole { claim, profile, of_claim: &of_claim, of_days: &of_days, days, alone };
        let mut matches = Vec::with_capacity(rules.rules.len());
        for (number, rule) in (0_u16..).zip(&rules.rules) {
            matches.push(RuleMatches {
                code: rule.code.clone(),
                name: rule.name.clone(),
                scope: rule.scope(),
                answers: self.answers(number, rule, &whole)?,
            });
        }
        Ok(ClaimMatches {
            file: String::new(),
            at: 0,
            ordinal: self.wanted,
            id: String::from_utf8_lossy(claim.id.bytes()).into_owned(),
            payer: profile.name.clone(),
            lines: claim.lines.iter().map(|line| (line.number, shown_code(line))).collect(),
            rules: matches,
        })
    }

    fn answers(&self, number: u16, rule: &Rule, whole: &Whole<'_, '_>) -> io::Result<Vec<(u16, Answer)>> {
        let (claim, profile) = (whole.claim, whole.profile);
        let scope = rule.scope();
        let of_all = |answer: Answer| match scope {
            Scope::File | Scope::Claim => vec![(0, answer)],
            _ => claim.lines.iter().map(|line| (line.number, answer.clone())).collect(),
        };
        if self.is_off(number, scope, claim) {
            return Ok(of_all(Answer::Off));
        }
        if scope != Scope::File && claim.frequency == "8" && rule.passes_over_voids() {
            return Ok(of_all(Answer::Void));
        }
        match scope {
            Scope::File => return Ok(self.of_file(number)),
            Scope::Claim if is_of_claim_alone(rule) => {
                let subject = Subject { claim, line: None, profile };
                let answer = refused(&rule.when, &subject).unwrap_or_else(|| whole.of_claim(number, 0));
                return Ok(vec![(0, answer)]);
            }
            _ => {}
        }
        let line_answer = |line: &ServiceLine<'_>| -> io::Result<Answer> {
            let subject = Subject { claim, line: Some(line), profile };
            let is_called = || self.cx.rules.calls(rule, line.code());
            if !matches!(scope, Scope::Claim | Scope::File) && !is_called() {
                return Ok(Answer::NotCalled);
            }
            if let Some(answer) = refused(&rule.when, &subject) {
                return Ok(answer);
            }
            Ok(match scope {
                Scope::Line => self.of_line(number, rule, line, whole),
                Scope::Claim | Scope::File => whole.of_claim(number, line.number),
                _ if line.service_date.value.is_none() || claim.frequency == "8" => Answer::NoDay,
                Scope::Day => self.of_day(number, line.number, whole)?,
                _ => self.beyond(number, whole),
            })
        };
        claim.lines.iter().map(|line| Ok((line.number, line_answer(line)?))).collect()
    }

    /// Whether the claim's payer is spared a rule; what the reader finds in a file is nobody's.
    fn is_off(&self, number: u16, scope: Scope, claim: &Claim<'_>) -> bool {
        let rules = self.cx.rules;
        let policy = match scope {
            Scope::File => rules.policy_of_no_payer(),
            _ => rules.policy(rules.profile_for(claim), claim.payer.id.bytes()),
        };
        policy.is_some_and(|policy| policy.is_off(number))
    }

    /// What the reader found of a file that keeps the claim out. What it found in the claim itself is added with the
    /// findings.
    fn of_file(&self, number: u16) -> Vec<(u16, Answer)> {
        let drafts = self.settling.drafts.iter().zip(self.kept_out);
        let keeping = drafts.filter_map(|(draft, claims)| {
            let finding = &draft.finding;
            let is_it = finding.rule == number && finding.claim != self.wanted;
            (is_it && claims.as_ref()?.contains(&self.index)).then(|| Answer::KeepsOut {
                outcome: finding.outcome.clone(),
                severity: finding.severity,
                accepted: finding.accepted.as_ref().map(|accepted| accepted.source.clone()),
            })
        });
        let mut answers: Vec<(u16, Answer)> = keeping.map(|answer| (0, answer)).collect();
        if answers.is_empty() {
            answers.push((0, Answer::Nothing));
        }
        answers
    }

    /// What a rule over lines says of one.
    fn of_line(&self, number: u16, rule: &Rule, line: &ServiceLine<'_>, whole: &Whole<'_, '_>) -> Answer {
        let mut out = Out::watched(self.cx.rules.rules.len());
        let at = LineRef { claim: self.index, line: line.number };
        checks::check_line(number, rule, whole.claim, line, at, whole.profile, self.cx, &mut out);
        match out.hits.first() {
            None => rest(number, &out),
            Some(hit) if hit.primary.at.line == line.number => Answer::LeftOut,
            Some(hit) => Answer::SaidOf(hit.primary.at.line),
        }
    }

    /// What a rule over days says of one line: what is said of it goes before what concerns it and is said elsewhere.
    fn of_day(&self, number: u16, line: u16, whole: &Whole<'_, '_>) -> io::Result<Answer> {
        if whole.days == 0 {
            return Ok(Answer::Aside);
        }
        let own = LineRef { claim: self.index, line };
        let of_rule = || whole.of_days.hits.iter().filter(|hit| hit.rule == number);
        if of_rule().any(|hit| hit.primary.at == own) {
            return Ok(Answer::LeftOut);
        }
        let Some(hit) = of_rule().find(|hit| concerns(hit, |at| at == own)) else {
            return Ok(rest(number, whole.of_days));
        };
        let LineRef { claim, line } = hit.primary.at;
        if claim == self.index {
            return Ok(Answer::SaidOf(line));
        }
        let store = &self.settling.store;
        let fact = store.claim(claim)?;
        Ok(Answer::SaidOfClaim {
            file: self.inputs.get(fact.file as usize).map(Named::name).unwrap_or_default(),
            claim: fact.ordinal,
            line,
            is_earlier: store.is_history(claim),
        })
    }

    /// What a rule over years, courses or providers' days says of the claim's lines.
    fn beyond(&self, number: u16, whole: &Whole<'_, '_>) -> Answer {
        if whole.days == 0 {
            return Answer::Aside;
        }
        let mut lacks: Vec<(&'static str, u64)> =
            lacks(whole.alone.get(usize::from(number)).into_iter()).collect();
        for (lack, lines) in self.settling.watch.lacks_of(self.index, number) {
            match lacks.iter_mut().find(|(known, _)| *known == lack.as_str()) {
                Some((_, known)) => *known = lines.max(*known),
                None => lacks.push((lack.as_str(), lines)),
            }
        }
        if lacks.is_empty() { Answer::Nothing } else { Answer::Lacks(lacks) }
    }
}

/// A claim, and what rules over it and over its days saw.
struct Whole<'w, 'a> {
    claim: &'w Claim<'a>,
    profile: &'w Profile,
    of_claim: &'w Out,
    of_days: &'w Out,
    /// How many days of the run hold it.
    days: usize,
    /// What its lines lack before anything is put together.
    alone: &'w [[u64; Lack::ALL.len()]],
}

impl Whole<'_, '_> {
    fn of_claim(&self, number: u16, line: u16) -> Answer {
        let is_hit = |hit: &Hit| hit.rule == number && hit.primary.at.line == line;
        if self.of_claim.hits.iter().any(is_hit) { Answer::LeftOut } else { rest(number, self.of_claim) }
    }
}

/// Whether a hit is said of, points to or takes from such a line.
fn concerns(hit: &Hit, is_such: impl Fn(LineRef) -> bool) -> bool {
    let takes = match &hit.takes {
        Takes::Lines(lines) => lines.iter().any(|at| is_such(*at)),
        Takes::Units(units) => units.iter().any(|(at, _)| is_such(*at)),
        Takes::Nothing | Takes::Claim => false,
    };
    takes || is_such(hit.primary.at) || hit.related.iter().any(|pointer| is_such(pointer.at))
}

/// What a rule that found nothing says.
fn rest(number: u16, out: &Out) -> Answer {
    let lacks: Vec<_> = lacks(out.lacks.get(usize::from(number)).into_iter()).collect();
    if !lacks.is_empty() {
        return Answer::Lacks(lacks);
    }
    let unasked = out.unasked.iter().flatten().filter(|(rule, _)| *rule == number);
    let fields: Vec<&'static str> = unasked.map(|(_, field)| *field).collect();
    if fields.is_empty() { Answer::Nothing } else { Answer::NotAsked(fields) }
}

fn lacks<'l>(
    counts: impl Iterator<Item = &'l [u64; Lack::ALL.len()]>,
) -> impl Iterator<Item = (&'static str, u64)> {
    counts.flat_map(|counts| {
        let lacking = Lack::ALL.iter().zip(counts).filter(|(_, lines)| **lines > 0);
        lacking.map(|(lack, lines)| (lack.as_str(), *lines))
    })
}

/// The part of a condition that does not hold.
fn refused(when: &Tree, subject: &Subject<'_, '_>) -> Option<Answer> {
    let part = when.refusal(subject)?;
    let mut facts = part.facts();
    let mut seen = BTreeSet::new();
    facts.retain(|fact| seen.insert(*fact));
    let facts = facts.into_iter().map(|fact| stated::fact(fact, subject)).collect();
    Some(Answer::NotMet { condition: part.words(), facts })
}

/// Whether the general kinds put their condition to the claim and not to its lines.
fn is_of_claim_alone(rule: &Rule) -> bool {
    matches!(rule.check, Check::Forbid | Check::Require(_))
}

/// A line's procedure code, if it has the form of one.
fn shown_code(line: &ServiceLine<'_>) -> String {
    let bytes = line.procedure_code.bytes();
    if bytes.is_empty() || !Fact::ProcedureCode.has_form(bytes) {
        return "?".to_owned();
    }
    String::from_utf8_lossy(bytes).into_owned()
}
