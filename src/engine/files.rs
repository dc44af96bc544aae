//! The inputs of a run: what is known of each when it has been read.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use crate::claim::{Fact, is_field_name, key_of};
use crate::finding::{Finding, Form, History, InputFile, Interchange, LineBreaks, Verdict};
use crate::input::edi837p::{self, EnvelopeChecker};
use crate::input::mapped::Mapping;
use crate::input::{Cutter, Fault, Label};
use crate::rules::{Check, Edit as RuleEdit, Policy, Rule, RuleSet};
use crate::source::{Delimiters, Named, Piece, Stamp};
use crate::x12::EnvelopeKind;

use super::acknowledge::Envelopes;
use super::draft::{self, Draft};
use super::line_breaks::Breaks;
use super::read::UnitOutput;
use super::steps::Mark;
use super::store::Store;

/// What is known of one input.
struct State {
    name: String,
    from_directory: bool,
    /// It holds earlier claims.
    is_history: bool,
    form: Option<Form>,
    /// Where its native lines come from, if a map made them.
    mapping: Option<Arc<Mapping>>,
    verdict: Option<Verdict>,
    /// It could not be read to its end.
    is_broken_off: bool,
    first_claim: Option<u32>,
    claims: u32,
    checker: Option<EnvelopeChecker>,
    acknowledged: Envelopes,
    /// Where each kind of envelope begins, in file order.
    envelopes: Vec<(EnvelopeKind, u64)>,
    /// The separators from an offset on.
    delimiters: Vec<(u64, Delimiters)>,
    /// Of a JSON input: where each unit begins, with the number of its first line and what encloses it.
    units: Vec<(u64, u64, Vec<Piece>)>,
    institutional: u64,
    dental: u64,
    /// JSON: records that are no claim lines.
    foreign: u64,
    breaks: Breaks,
    /// JSON: faults of what is not JSON, or not all of it.
    broken: u64,
    lines: u64,
    unknown_fields: BTreeMap<String, u64>,
    claim_ids: HashSet<u64>,
    last_claim_id: Option<u64>,
    returning_ids: u64,
    /// Those of them, to know the claims that are torn apart.
    returned: HashSet<u64>,
}

/// What a report is told of the inputs.
pub(super) struct Finished {
    pub(super) files: Vec<InputFile>,
    /// Of the files that hold claims.
    pub(super) interchanges: Vec<Interchange>,
    pub(super) notes: Vec<String>,
    /// Of each of `files`.
    pub(super) line_breaks: Vec<LineBreaks>,
}

/// All inputs of the run.
pub(super) struct Files {
    states: Vec<State>,
    /// Faults of envelopes, which need the whole file.
    drafts: Vec<Draft>,
}

impl Files {
    /// `inputs` from `earlier` on hold earlier claims.
    pub(super) fn new(inputs: &[Named], earlier: usize) -> Files {
        let state = |(at, named): (usize, &Named)| State {
            is_history: at >= earlier,
            name: named.name(),
            from_directory: named.may_be_other(),
            form: None,
            mapping: None,
            verdict: None,
            is_broken_off: false,
            first_claim: None,
            claims: 0,
            checker: Some(EnvelopeChecker::new()),
            acknowledged: Envelopes::default(),
            envelopes: Vec::new(),
            delimiters: Vec::new(),
            units: Vec::new(),
            institutional: 0,
            dental: 0,
            foreign: 0,
            breaks: Breaks::default(),
            broken: 0,
            lines: 0,
            unknown_fields: BTreeMap::new(),
            claim_ids: HashSet::new(),
            last_claim_id: None,
            returning_ids: 0,
            returned: HashSet::new(),
        };
        Files { states: inputs.iter().enumerate().map(state).collect(), drafts: Vec::new() }
    }

    /// Whether a finding says of a claim whose lines stand apart in their file that they do not come to its charge.
    pub(super) fn is_of_torn_claim(&self, finding: &Finding, rules: &RuleSet) -> bool {
        let torn = |state: &State| {
            state.form == Some(Form::Json) && state.returned.contains(&key_of(finding.claim_id.as_bytes()))
        };
        let of_total = || {
            let rule = rules.rules.get(usize::from(finding.rule));
            let is_of_charges =
                |rule: &Rule| matches!(rule.check, Check::Edit { edit: RuleEdit::Charges, .. });
            finding.outcome == "total" && rule.is_some_and(is_of_charges)
        };
        finding.claim > 0 && self.states.get(finding.file as usize).is_some_and(torn) && of_total()
    }

    /// Claims of `file` in the units merged so far.
    pub(super) fn claims_before(&self, file: u32) -> u32 {
        self.states[file as usize].claims
    }

    /// Takes over what a unit says of its file. `first_claim` is the index in the run of the unit's first claim.
    pub(super) fn take(&mut self, first_claim: u32, unit: &mut UnitOutput, rules: &RuleSet) {
        let file = unit.file;
        let summary = &unit.summary;
        let state = &mut self.states[file as usize];
        state.first_claim.get_or_insert(first_claim);
        state.claims += summary.claims;
        state.foreign += u64::from(summary.foreign);
        state.institutional += u64::from(summary.institutional);
        state.dental += u64::from(summary.dental);
        state.lines += u64::from(summary.lines);
        state.breaks.add(&unit.breaks);
        let broken = |draft: &&Draft| draft.fault.is_some_and(is_broken_json);
        state.broken += unit.drafts.iter().filter(broken).count() as u64;
        if state.form == Some(Form::Json) {
            state.units.push((unit.offset, unit.number, std::mem::take(&mut unit.context)));
        }
        for (name, count) in &summary.unknown_fields {
            *state.unknown_fields.entry(name.clone()).or_default() += count;
        }
        for id in &summary.claim_ids {
            // One right behind another does not come back, and no unit knows what ends the one before.
            if state.last_claim_id.replace(*id) == Some(*id) {
                continue;
            }
            if !state.claim_ids.insert(*id) {
                state.returning_ids += 1;
                state.returned.insert(*id);
            }
        }
        state.acknowledged.take(file, &summary.envelope, &mut unit.drafts);
        for event in &summary.envelope {
            match event.kind {
                EnvelopeKind::Isa => {
                    state.delimiters.push((event.offset, event.delimiters));
                    state.envelopes.push((event.kind, event.offset));
                }
                EnvelopeKind::Gs | EnvelopeKind::St => state.envelopes.push((event.kind, event.offset)),
                EnvelopeKind::UnitEnd if state.delimiters.is_empty() => {
                    state.delimiters.push((0, event.delimiters));
                }
                _ => {}
            }
        }
        let (drafts, reports) = (&mut self.drafts, !state.is_history);
        if let (Some(checker), Some(Form::X12)) = (&mut state.checker, state.form) {
            checker.unit(summary, &mut |fault, cutter| {
                if reports {
                    drafts.extend(of_fault(file, &fault, cutter, rules, rules.policy_of_no_payer()));
                }
            });
        }
    }

    /// Takes a mark in its place among the results.
    pub(super) fn mark(&mut self, mark: Mark, rules: &RuleSet) {
        match mark {
            Mark::Opened(file, form) => self.states[file as usize].form = Some(form),
            Mark::Mapped(file, mapping) => {
                let state = &mut self.states[file as usize];
                // What follows is native JSON, whatever the file is.
                state.form = Some(Form::Json);
                state.mapping = Some(mapping);
            }
            Mark::Failed(file, why) => self.fail(file, why),
            Mark::NotClaims(file, what) => self.pass_over(file, what),
            Mark::Ended(file) => self.end(file, rules),
        }
    }

    /// Names why the job could not be done for a file.
    pub(super) fn fail(&mut self, file: u32, why: String) {
        if let Some(state) = self.states.get_mut(file as usize) {
            state.verdict = Some(Verdict::Failed(why));
            state.is_broken_off = true;
        }
    }

    /// Names the files that are not what they were when the run began: what was read of them may be of two states, and what
    /// is reported of them of neither.
    pub(super) fn fail_changed(&mut self, inputs: &[Named], stamps: &[Option<Stamp>]) {
        for (file, (named, stamp)) in (0_u32..).zip(inputs.iter().zip(stamps)) {
            let is_read = |state: &State| matches!(state.verdict, Some(Verdict::Checked | Verdict::History));
            if self.states.get(file as usize).is_some_and(is_read) && Stamp::of_input(named) != *stamp {
                self.fail(
                    file,
                    "it changed while it was checked: run it again once it is complete".to_owned(),
                );
            }
        }
    }

    fn pass_over(&mut self, file: u32, what: String) {
        let state = &mut self.states[file as usize];
        state.verdict =
            Some(if state.from_directory { Verdict::NotClaims(what) } else { Verdict::Failed(what) });
    }

    fn end(&mut self, file: u32, rules: &RuleSet) {
        let state = &mut self.states[file as usize];
        let checker = state.checker.take();
        if state.form == Some(Form::Json) {
            if state.claims == 0 && state.broken == 0 {
                let is_table = state.mapping.as_ref().is_some_and(|mapping| mapping.form() == Form::Csv);
                let what = match state.foreign {
                    _ if is_table => "no row of this table is a claim line",
                    0 => "there are no claim lines in this JSON",
                    _ => "this JSON holds no claim lines: none of its records has a procedure_code",
                };
                self.drafts.retain(|draft| draft.finding.file != file);
                self.pass_over(file, what.to_owned());
            } else if state.is_history && state.broken > 0 {
                self.fail(
                    file,
                    "it is not JSON to its end, and earlier claims must be read whole".to_owned(),
                );
            } else {
                state.verdict = Some(if state.is_history { Verdict::History } else { Verdict::Checked });
            }
            return;
        }
        let (drafts, reports) = (&mut self.drafts, !state.is_history);
        let verdict = checker.map(|checker| {
            checker.finish(&mut |fault, cutter| {
                if reports {
                    drafts.extend(of_fault(file, &fault, cutter, rules, rules.policy_of_no_payer()));
                }
            })
        });
        match verdict {
            // Claims that stand outside of any transaction set were read all the same.
            Some(edi837p::Verdict::WrongKind(what)) if state.claims == 0 => {
                drafts.retain(|draft| draft.finding.file != file);
                self.pass_over(file, what);
            }
            // Nothing is known of what it held, so it is no other file of a folder that nobody misses.
            Some(edi837p::Verdict::BrokenOff(what)) if state.claims == 0 => {
                drafts.retain(|draft| draft.finding.file != file);
                state.verdict = Some(Verdict::Failed(what));
            }
            _ => state.verdict = Some(if state.is_history { Verdict::History } else { Verdict::Checked }),
        }
    }

    /// The faults of the envelopes, once all files have ended.
    pub(super) fn take_drafts(&mut self) -> Vec<Draft> {
        std::mem::take(&mut self.drafts)
    }

    /// Whether what was found in `file` is somebody's business: it holds claims, or did until it could not be read on.
    pub(super) fn is_checked(&self, file: u32) -> bool {
        let state = &self.states[file as usize];
        match state.verdict {
            Some(Verdict::Checked) => true,
            Some(Verdict::Failed(_)) => state.is_broken_off && !state.is_history,
            _ => false,
        }
    }

    /// Claims and lines of the files that hold claims.
    pub(super) fn counts(&self) -> (u64, u64) {
        let checked = (0_u32..).zip(&self.states).filter(|(file, _)| self.is_checked(*file));
        checked.fold((0, 0), |(claims, lines), (_, state)| {
            (claims + u64::from(state.claims), lines + state.lines)
        })
    }

    /// The earlier claims; `None` where no file was to hold any.
    pub(super) fn history(&self) -> Option<History> {
        let mut history = History::default();
        for state in self.states.iter().filter(|state| state.verdict == Some(Verdict::History)) {
            history.files += 1;
            history.claims += u64::from(state.claims);
            history.lines += state.lines;
        }
        self.states.iter().any(|state| state.is_history).then_some(history)
    }

    /// The file and the ordinal in it of claims given by their index in the run.
    pub(super) fn ordinals(&self, claims: &HashSet<u32>) -> Vec<(u32, u32)> {
        let places = (0_u32..).zip(&self.states).filter(|_| !claims.is_empty()).flat_map(|(file, state)| {
            let first = state.first_claim.unwrap_or(0);
            (first..first + state.claims).map(move |claim| (claim, (file, claim - first + 1)))
        });
        places.filter(|(claim, _)| claims.contains(claim)).map(|(_, place)| place).collect()
    }

    /// Where the native lines of each input come from.
    pub(super) fn mappings(&self) -> Vec<Option<Arc<Mapping>>> {
        self.states.iter().map(|state| state.mapping.clone()).collect()
    }

    /// Where the native lines of an input come from, if a map made them.
    pub(super) fn mapping(&self, file: u32) -> Option<&Arc<Mapping>> {
        self.states.get(file as usize)?.mapping.as_ref()
    }

    pub(super) fn form(&self, file: u32) -> Option<Form> {
        self.states.get(file as usize)?.form
    }

    /// The separators in force at an offset of an X12 file.
    pub(super) fn delimiters_at(&self, file: u32, offset: u64) -> Option<Delimiters> {
        let known = &self.states.get(file as usize)?.delimiters;
        let at = known.partition_point(|(start, _)| *start <= offset).max(1) - 1;
        known.get(at).map(|(_, delimiters)| *delimiters)
    }

    /// The unit of a JSON file that holds an offset: where it begins, the number of its first line, what encloses it.
    pub(super) fn unit_at(&self, file: u32, offset: u64) -> Option<&(u64, u64, Vec<Piece>)> {
        let units = &self.states.get(file as usize)?.units;
        units.get(units.partition_point(|(start, ..)| *start <= offset).checked_sub(1)?)
    }

    /// Where the innermost envelope of `kind` around an offset begins, and where the next one does; `None` for the
    /// file's own ends.
    pub(super) fn envelope_around(
        &self,
        file: u32,
        kind: EnvelopeKind,
        offset: u64,
    ) -> (Option<u64>, Option<u64>) {
        let envelopes = &self.states[file as usize].envelopes;
        let (before, after) = envelopes.split_at(envelopes.partition_point(|(_, at)| *at <= offset));
        let starts = |(one, _): &&(EnvelopeKind, u64)| *one == kind || *one == EnvelopeKind::Isa;
        (before.iter().rfind(starts).map(|(_, at)| *at), after.iter().find(starts).map(|(_, at)| *at))
    }

    /// The number (ST02) of the transaction set that a place of a file is in.
    pub(super) fn transaction_at(&self, file: u32, offset: u64) -> Option<String> {
        let interchanges = &self.states.get(file as usize)?.acknowledged.interchanges;
        let before = |at: u64| at <= offset;
        let interchange = interchanges.iter().rfind(|one| before(one.offset))?;
        let group = interchange.groups.iter().rfind(|one| before(one.offset))?;
        group.sets.iter().rfind(|one| before(one.offset)).map(|set| set.control.clone())
    }

    /// The claims of a file, by index in the run, from one offset to another.
    pub(super) fn claims_between(
        &self,
        file: u32,
        start: Option<u64>,
        end: Option<u64>,
        store: &Store,
    ) -> std::io::Result<Range<u32>> {
        let state = &self.states[file as usize];
        let first = state.first_claim.unwrap_or(0);
        let all = first..first + state.claims;
        let from = start.map_or(Ok(all.start), |start| first_at_or_past(all.clone(), start, store))?;
        let to = end.map_or(Ok(all.end), |end| first_at_or_past(all.clone(), end, store))?;
        Ok(from..to.max(from))
    }

    /// The inputs of a run whose facts were lost: what was read of them, or was still to be read, has failed.
    pub(super) fn abandoned(mut self, why: &str) -> Files {
        for state in &mut self.states {
            if matches!(state.verdict, None | Some(Verdict::Checked | Verdict::History)) {
                state.verdict = Some(Verdict::Failed(why.to_owned()));
            }
            state.claims = 0;
        }
        self
    }

    /// The inputs for the report, and the notes about them.
    pub(super) fn finish(self) -> Finished {
        let mut interchanges = Vec::new();
        let mut notes = Vec::new();
        let mut files = Vec::new();
        let line_breaks = self.states.iter().map(|state| state.breaks.verdict()).collect();
        for state in self.states {
            for (count, what) in [(state.institutional, "institutional"), (state.dental, "dental")] {
                if count > 0 && state.verdict == Some(Verdict::Checked) {
                    notes.push(format!("{}: {count} {what} claims passed over", state.name));
                }
            }
            if state.verdict == Some(Verdict::Checked) && !state.unknown_fields.is_empty() {
                notes.push(format!("{}: {}", state.name, unknown_fields(state.unknown_fields.keys())));
            }
            let is_read = matches!(state.verdict, Some(Verdict::Checked | Verdict::History));
            if let Some(mapping) = state.mapping.as_ref().filter(|_| is_read) {
                notes.extend(mapping.notes(&state.name));
            }
            if state.returning_ids > 0 {
                notes.push(format!(
                    "{}: {} claim ids come back after other claims and were read as claims of their own, whose total charges are not judged; sort the export by claim and frequency",
                    state.name, state.returning_ids
                ));
            }
            if state.verdict == Some(Verdict::Checked) {
                interchanges.extend(state.acknowledged.interchanges);
            }
            files.push(InputFile {
                name: state.name,
                verdict: state
                    .verdict
                    .unwrap_or_else(|| Verdict::Failed("it was not read to its end".to_owned())),
                claims: u64::from(state.claims),
            });
        }
        Finished { files, interchanges, notes, line_breaks }
    }
}

/// Names fields that are not known. Of those that read like values only the number is told.
fn unknown_fields<'f>(fields: impl Iterator<Item = &'f String>) -> String {
    let (mut named, mut unnamed) = (Vec::new(), 0);
    for field in fields {
        match unknown(field) {
            Some(field) => named.push(field),
            None => unnamed += 1,
        }
    }
    let are = if named.len() + unnamed == 1 { "field is" } else { "fields are" };
    let more = match unnamed {
        0 => None,
        1 => Some("one whose name is not shown, for it reads like a value".to_owned()),
        many => Some(format!("{many} whose names are not shown, for they read like values")),
    };
    named.extend(more);
    format!("{are} not known and ignored: {}", named.join(", "))
}

/// An unknown field as a note names it, with the field that is probably meant. `None` where its name may be a value.
fn unknown(field: &str) -> Option<String> {
    let plain = field.trim().to_lowercase().replace([' ', '-'], "_");
    let nearest = Fact::ALL
        .iter()
        .map(|fact| (strsim::jaro_winkler(&plain, fact.name()), fact.name()))
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    match nearest {
        Some((likeness, meant)) if likeness > 0.9 && meant != field => {
            Some(format!("{field:?} (did you mean {meant}?)"))
        }
        // What stands for all names past the first ones.
        _ if field == "…" || is_field_name(field) => Some(format!("{field:?}")),
        _ => None,
    }
}

/// Whether a fault of this name means text that is not JSON to its end, rather than JSON that says something else.
fn is_broken_json(fault: &str) -> bool {
    let broken = ["json-syntax", "json-encoding", "json-too-large", "json-cut-off", "json-trailing"];
    broken.contains(&fault) || ["csv-cells", "csv-quote"].contains(&fault)
}

/// The first of `claims`, whose offsets ascend, that stands at `offset` or past it.
fn first_at_or_past(claims: Range<u32>, offset: u64, store: &Store) -> std::io::Result<u32> {
    let (mut low, mut high) = (claims.start, claims.end);
    while low < high {
        let middle = low + (high - low) / 2;
        if store.claim(middle)?.offset < offset {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

/// The findings of a fault: one for each rule that names it, as the `policy` of its payer has them.
pub(super) fn of_fault<'r>(
    file: u32,
    fault: &'r Fault,
    cutter: &dyn Cutter,
    rules: &'r RuleSet,
    policy: Option<&'r Policy>,
) -> impl Iterator<Item = Draft> + use<'r> {
    let label = Label { span: fault.span, text: fault.label.clone(), primary: true };
    let (places, excerpt) = cutter.shown(&[label]);
    let place = places.into_iter().next().unwrap_or_default();
    let is_on = move |index: &u16| policy.is_none_or(|policy| !policy.is_off(*index));
    rules.rules_for_fault(fault.name).filter(is_on).map(move |index| {
        let rule = &rules.rules[usize::from(index)];
        let mut draft = draft::from_fault(fault, index, rule, place.clone(), excerpt.clone());
        draft.weigh(policy);
        draft.finding.file = file;
        draft
    })
}
