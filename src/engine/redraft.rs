//! Findings on days rebuilt from facts: the claim is read again by its place, to cut excerpts and find places.
//!
//! What came through a pipe, or has changed since, cannot be read again: then the decoded line is shown.

use std::io;

use crate::checks::{Cx, Hit};
use crate::claim::{Claim, ClaimFact, LineFact, Span, npi_of};
use crate::finding::{About, Excerpt, FlaggedClaim, FlaggedLine, Form, Mark, Place, Related, Window};
use crate::input::{ClaimSink, Cutter, Fault, GuideCheck, json};
use crate::side::{Judged, Sessions};
use crate::source::{Named, Stamp, Unit, read_again};

use super::Request;
use super::accept;
use super::draft::{self, Draft, ShownPayer};
use super::files::Files;
use super::settle::Redraft;
use super::store::{Lines, Store};
use super::wording::{self, Formless};

/// Reads claims again from the inputs of the run.
pub(super) struct Redrafter<'a> {
    cx: Cx<'a>,
    request: &'a Request,
    inputs: &'a [Named],
    /// What the inputs were when the run began.
    stamps: &'a [Option<Stamp>],
    files: &'a Files,
    sessions: Option<&'a Sessions<'a>>,
}

impl<'a> Redrafter<'a> {
    pub(super) fn new(
        cx: Cx<'a>,
        request: &'a Request,
        inputs: &'a [Named],
        stamps: &'a [Option<Stamp>],
        files: &'a Files,
        sessions: Option<&'a Sessions<'a>>,
    ) -> Redrafter<'a> {
        Redrafter { cx, request, inputs, stamps, files, sessions }
    }

    /// The claim's own bytes as a unit without context, if its input can be read twice.
    fn unit(&self, fact: &ClaimFact) -> Option<Unit> {
        let input = self.inputs.get(fact.file as usize)?;
        // Another file in its place, or more of it, may hold another claim there.
        if self.stamps.get(fact.file as usize)? != &Stamp::of_input(input) {
            return None;
        }
        let span = Span::new(fact.offset, fact.length);
        let form = self.files.form(fact.file)?;
        // A place in JSON counts the items before it, so the claim's unit is read from its start.
        let (offset, number, context) = match form {
            Form::X12 => (fact.offset, fact.number, Vec::new()),
            Form::Json | Form::Csv => self.files.unit_at(fact.file, fact.offset)?.clone(),
        };
        let length = (span.end() - offset) as usize;
        let bytes = match self.files.mapping(fact.file) {
            Some(mapping) => mapping.read_again(offset, length),
            None => read_again(input, offset, length),
        };
        let bytes = bytes.ok()??;
        let delimiters = match form {
            Form::X12 => self.files.delimiters_at(fact.file, fact.offset),
            Form::Json | Form::Csv => None,
        };
        let unit = Unit { file: fact.file, ordinal: 0, form, offset, number, delimiters, context, bytes };
        Some(match form {
            Form::X12 => unit,
            Form::Json | Form::Csv => json::narrow(unit, span),
        })
    }

    /// The places of pointers into other claims of the day.
    fn place_related(&self, draft: &mut Draft, store: &Store) -> io::Result<()> {
        for related in &mut draft.finding.related {
            if related.place != Place::default() {
                related.file = draft.finding.file;
                continue;
            }
            let fact = store.claim(related.claim)?;
            related.file = fact.file;
            related.claim = fact.ordinal;
            related.place =
                Place { span: Span::new(fact.offset, 0), number: fact.number, ..Place::default() };
        }
        Ok(())
    }
}

impl Redraft for Redrafter<'_> {
    fn redraft(&mut self, hit: &Hit, store: &Store) -> io::Result<(Draft, FlaggedClaim)> {
        let index = hit.primary.at.claim;
        let fact = store.claim(index)?;
        let payer = ShownPayer::of(self.cx, usize::from(fact.profile), fact.contract);
        let mut again = Again { cx: self.cx, hit, payer, index, sessions: self.sessions, made: None };
        if let Some(unit) = self.unit(&fact) {
            crate::input::read(&unit, GuideCheck::Off, &mut again);
        }
        let (mut draft, mut flagged) = match again.made {
            Some(made) => made,
            None => decoded(self.cx, hit, &fact, payer, store)?,
        };
        for related in &mut draft.finding.related {
            if related.place != Place::default() {
                related.claim = fact.ordinal;
            }
        }
        draft.finding.file = fact.file;
        draft.finding.claim = fact.ordinal;
        draft.finding.transaction = self.files.transaction_at(fact.file, fact.offset).unwrap_or_default();
        complete(&mut flagged, index, &fact, store)?;
        flagged.file = fact.file;
        flagged.ordinal = fact.ordinal;
        self.place_related(&mut draft, store)?;
        accept::judge_by_facts(&mut draft, self.request, index, &fact, store)?;
        Ok((draft, flagged))
    }

    fn judge(&self, rule: u16, claim: u32, store: &Store) -> io::Result<Judged> {
        let code = &self.cx.rules.rules[usize::from(rule)].code;
        accept::judged_by_facts(code, 0, self.request, &store.claim(claim)?, claim, store)
    }

    fn flag(&mut self, claim: u32, store: &Store) -> io::Result<FlaggedClaim> {
        let fact = store.claim(claim)?;
        let payer = ShownPayer::of(self.cx, usize::from(fact.profile), fact.contract);
        let mut again = Seen { payer, sessions: self.sessions, seen: None };
        if let Some(unit) = self.unit(&fact) {
            crate::input::read(&unit, GuideCheck::Off, &mut again);
        }
        let mut flagged = match again.seen {
            Some(flagged) => flagged,
            None => told_by_facts(claim, &fact, payer, store)?,
        };
        complete(&mut flagged, claim, &fact, store)?;
        Ok(FlaggedClaim { file: fact.file, ordinal: fact.ordinal, ..flagged })
    }
}

/// Takes a claim that is read again for its own sake.
struct Seen<'a> {
    payer: ShownPayer<'a>,
    sessions: Option<&'a Sessions<'a>>,
    seen: Option<FlaggedClaim>,
}

impl ClaimSink for Seen<'_> {
    fn claim(&mut self, claim: &Claim<'_>, cutter: &dyn Cutter) {
        if self.seen.is_none() {
            let joined = self.sessions.and_then(|sessions| sessions.join(claim));
            let claim = joined.as_ref().map_or(claim, |joined| &joined.claim);
            self.seen = Some(draft::flagged(claim, self.payer, cutter));
        }
    }

    fn fault(&mut self, _: u32, _: Fault, _: &dyn Cutter) {}
}

/// Takes the one claim that is read again for a finding.
struct Again<'a> {
    cx: Cx<'a>,
    hit: &'a Hit,
    payer: ShownPayer<'a>,
    index: u32,
    sessions: Option<&'a Sessions<'a>>,
    made: Option<(Draft, FlaggedClaim)>,
}

impl ClaimSink for Again<'_> {
    fn claim(&mut self, claim: &Claim<'_>, cutter: &dyn Cutter) {
        if self.made.is_some() || claim.lines.len() < usize::from(self.hit.primary.at.line) {
            return;
        }
        let joined = self.sessions.and_then(|sessions| sessions.join(claim));
        let claim = joined.as_ref().map_or(claim, |joined| &joined.claim);
        let rule = &self.cx.rules.rules[usize::from(self.hit.rule)];
        let formless = Formless::of(claim);
        let draft = draft::from_hit(self.hit, rule, claim, self.index, &formless, cutter);
        self.made = Some((draft, draft::flagged(claim, self.payer, cutter)));
    }

    fn fault(&mut self, _: u32, _: Fault, _: &dyn Cutter) {}
}

/// A finding without its bytes: the line as the facts tell it.
fn decoded(
    cx: Cx<'_>,
    hit: &Hit,
    fact: &ClaimFact,
    payer: ShownPayer<'_>,
    store: &Store,
) -> io::Result<(Draft, FlaggedClaim)> {
    let flagged = told_by_facts(hit.primary.at.claim, fact, payer, store)?;
    let rule = &cx.rules.rules[usize::from(hit.rule)];
    let line = flagged.lines.iter().find(|line| line.line == hit.primary.at.line);
    let mut draft = draft::from_facts(hit, rule, line.map(|line| &line.about));
    draft.claim = Some(hit.primary.at.claim);
    draft.finding.claim_id.clone_from(&flagged.id);
    draft.finding.place = Place { span: Span::new(fact.offset, 0), number: fact.number, ..Place::default() };
    if let Some(line) = line {
        draft.finding.about = line.about.clone();
        let text = sentence(line);
        let mark = Mark { start: 0, end: text.len(), text: hit.primary.text.clone(), primary: true };
        draft.finding.excerpt = Excerpt {
            form: Form::Json,
            windows: vec![Window {
                number: fact.number,
                offset: fact.offset,
                text,
                sensitive: Vec::new(),
                marks: vec![mark],
            }],
        };
    }
    draft.finding.related = hit
        .related
        .iter()
        .map(|pointer| Related {
            file: fact.file,
            claim: pointer.at.claim,
            line: pointer.at.line,
            text: pointer.text.clone(),
            place: Place::default(),
        })
        .collect();
    Ok((draft, flagged))
}

/// Says of a claim that was read again what stands before it in its file, in the levels of an 837P.
fn complete(flagged: &mut FlaggedClaim, claim: u32, fact: &ClaimFact, store: &Store) -> io::Result<()> {
    let mut lines = Lines::default();
    store.lines_of(claim, &mut lines)?;
    let npi = |provider| npi_of(provider).map_or_else(String::new, |npi| npi.to_string());
    if flagged.payer_id.is_empty() {
        flagged.payer_id = payer_id(fact, store);
    }
    if let Some(first) = lines.facts.first().filter(|_| flagged.billing_npi.is_empty()) {
        flagged.billing_npi = npi(first.billing);
    }
    for shown in flagged.lines.iter_mut().filter(|shown| shown.provider_npi.is_empty()) {
        if let Some(line) = lines.facts.iter().find(|line| line.line == shown.line) {
            shown.provider_npi = npi(line.rendering);
        }
    }
    Ok(())
}

fn payer_id(fact: &ClaimFact, store: &Store) -> String {
    store.payer_id(fact.payer).map_or_else(String::new, |id| id.escape_ascii().to_string())
}

/// A claim whose bytes are gone, as the facts tell it.
fn told_by_facts(
    claim: u32,
    fact: &ClaimFact,
    payer: ShownPayer<'_>,
    store: &Store,
) -> io::Result<FlaggedClaim> {
    let mut lines = Lines::default();
    store.lines_of(claim, &mut lines)?;
    let shown = |line: &LineFact| FlaggedLine {
        line: line.line,
        about: about(line),
        minutes: line.minutes,
        ..FlaggedLine::default()
    };
    Ok(FlaggedClaim {
        file: fact.file,
        ordinal: fact.ordinal,
        id: wording::text_of(&store.name(claim)?),
        lines: lines.facts.iter().filter(|line| !line.is_unbilled_time()).map(shown).collect(),
        ..payer.claim()
    })
}

fn about(line: &LineFact) -> About {
    About {
        procedure_code: line.code.to_string(),
        modifiers: line.modifiers.iter().map(|modifier| modifier.as_str().to_owned()).collect(),
        units: line.units.map_or_else(String::new, |units| units.to_string()),
        charge: line.charge,
        date: line.date.to_string(),
        day: None,
    }
}

/// One line in plain words, for a claim whose own words are gone.
fn sentence(line: &FlaggedLine) -> String {
    let about = &line.about;
    let mut text = format!("line {}: {}", line.line, about.procedure_code);
    for modifier in &about.modifiers {
        text.push(' ');
        text.push_str(modifier);
    }
    if !about.units.is_empty() {
        text.push_str(&format!(" x {}", about.units));
    }
    if let Some(minutes) = line.minutes {
        text.push_str(&format!(", {minutes} min"));
    }
    if let Some(charge) = about.charge {
        text.push_str(&format!(", {charge}"));
    }
    text
}
