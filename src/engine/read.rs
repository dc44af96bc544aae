//! The first pass, in parallel: every rule over a unit's own claims, day rules over each claim's own days.

use std::collections::BTreeMap;

use crate::checks::{self, Cx, Day, Lack, Observer, Out, Repeat};
use crate::claim::{Claim, ClaimFact, CourseFact, Date, DayKey, LineFact, LineRef, ProviderKey};
use crate::finding::{FlaggedClaim, Form};
use crate::input::{self, ClaimSink, Cutter, Fault, GuideCheck, UnitSummary};
use crate::pricing::Basis;
use crate::rules::{Calls, Check, Edit, PairFault, Policy, RuleSet, Subject};
use crate::side::{Authorizations, CredentialUse, Sessions, Suppressions, UnbilledTime, YearToDate};
use crate::source::{Piece, Unit};

use super::accept::Suppressing;
use super::beyond::Beyond;
use super::draft::{self, Draft, ShownPayer};
use super::facts::{self, Diagnoses};
use super::files::of_fault;
use super::line_breaks::Breaks;
use super::locality::LineLocalities;
use super::unreadable;

/// What a unit yields: plain data, nothing final.
#[derive(Debug, Default)]
pub(super) struct UnitOutput {
    pub(super) file: u32,
    /// Its claims are earlier ones.
    pub(super) is_history: bool,
    /// Bytes of the unit, without its context.
    pub(super) bytes: u64,
    /// Where the unit begins, the number of its first segment or line, and the context it came with.
    pub(super) offset: u64,
    pub(super) number: u64,
    pub(super) context: Vec<Piece>,
    pub(super) summary: UnitSummary,
    pub(super) drafts: Vec<Draft>,
    /// Claims with findings, with the index of the claim in the unit.
    pub(super) flagged: Vec<(u32, FlaggedClaim)>,
    pub(super) claims: Vec<ClaimFact>,
    pub(super) lines: Vec<LineFact>,
    /// `RuleSet::day_words` words for each of `lines`.
    pub(super) about: Vec<u64>,
    /// Patient 0 stands for "this claim is its own patient".
    pub(super) days: Vec<DayKey>,
    /// Claims of patients of whom earlier claims are known, each with the patient's number.
    pub(super) year_to_date: Vec<(u32, u32)>,
    /// Claims of patients of whom authorizations are known, each with the patient's number.
    pub(super) authorized: Vec<(u32, u32)>,
    /// What lines say about courses of treatment; `line` counts in `lines`.
    pub(super) courses: Vec<CourseFact>,
    /// Claims that replace or void others, with a key of the person (0 if unknown) and each day.
    pub(super) superseding: Vec<(u32, u64, Date)>,
    /// Lines of providers' days.
    pub(super) provider_days: Vec<ProviderKey>,
    /// Payer ids by [`ClaimFact::payer`], each once in the unit.
    pub(super) payers: Vec<(u64, Vec<u8>)>,
    /// Lines that the Medicare fee schedule would price, in years without one.
    pub(super) unscheduled: BTreeMap<i16, u64>,
    /// Which rows of the credentials file were met.
    pub(super) credentials: CredentialUse,
    /// By entry of the suppressions, whether a claim or line that it is about has come by.
    pub(super) suppressions_seen: Vec<bool>,
    /// Lines not evaluated, by rule and lack.
    pub(super) lacks: Vec<[u64; Lack::ALL.len()]>,
    /// How its segments lie on lines of text.
    pub(super) breaks: Breaks,
}

/// Runs the rules over claims as a reader gives them. One for each unit; what it allocates is for the whole unit.
struct Reading<'a, O> {
    cx: Cx<'a>,
    words: usize,
    /// Bits of the day rules that ask for regions.
    region_bits: Vec<u64>,
    diagnoses: Diagnoses<'a>,
    /// Bits of the day rules that hold units against time.
    time_bits: Vec<u64>,
    localities: LineLocalities<'a>,
    beside: Facts<'a>,
    /// Whether the claims are earlier ones.
    is_history: bool,
    /// What lines leave for courses and providers' days.
    beyond: Beyond<'a>,
    /// What the user says is no fault.
    suppressing: Option<Suppressing<'a>>,
    /// The year of service met last, and whether a fee schedule is loaded for it.
    last_year: (i16, bool),
    out: Out,
    scratch_lines: Vec<LineFact>,
    scratch_about: Vec<u64>,
    /// What is different about the rules for the payer of the claim at hand.
    policy: Option<&'a Policy>,
    /// The payer of the claim before, whose id is kept already.
    last_payer: u64,
    /// Is told which rules have been put to what.
    observer: O,
    unit: UnitOutput,
}

/// What is known beside the claims.
#[derive(Clone, Copy)]
pub(super) struct Facts<'a> {
    pub(super) year_to_date: &'a YearToDate,
    pub(super) authorizations: &'a Authorizations,
    pub(super) suppressions: &'a Suppressions,
    pub(super) sessions: Option<&'a Sessions<'a>>,
}

/// Reads a unit and runs the rules over it. Of earlier claims (`is_history`) only the facts are kept. `observer` is told of
/// every rule, and given back.
pub(super) fn unit<O: Observer>(
    unit: Unit,
    cx: Cx<'_>,
    facts: Facts<'_>,
    is_history: bool,
    observer: O,
) -> (UnitOutput, O) {
    let mut reading = Reading::new(cx, facts, is_history, observer);
    let summary = input::read(&unit, guide(cx, is_history), &mut reading);
    let breaks = match unit.form {
        Form::X12 => Breaks::of(&unit, &summary.envelope),
        Form::Json | Form::Csv => Breaks::default(),
    };
    let output = UnitOutput {
        file: unit.file,
        is_history,
        bytes: unit.bytes.len() as u64,
        offset: unit.offset,
        number: unit.number,
        context: unit.context,
        breaks,
        summary,
        credentials: reading.out.credentials,
        suppressions_seen: reading.suppressing.map(|one| one.seen).unwrap_or_default(),
        lacks: reading.out.lacks,
        ..reading.unit
    };
    (output, reading.observer)
}

/// Whether claims are held against the guide: if a rule asks for what it finds, and never for earlier claims.
pub(super) fn guide(cx: Cx<'_>, is_history: bool) -> GuideCheck {
    GuideCheck::if_any(|fault: &str| !is_history && cx.rules.rules_for_fault(fault).next().is_some())
}

/// What one claim lacks by itself: lines not evaluated, by rule and lack.
pub(super) fn lacks_of(
    claim: &Claim<'_>,
    cutter: &dyn Cutter,
    cx: Cx<'_>,
    facts: Facts<'_>,
) -> Vec<[u64; Lack::ALL.len()]> {
    let mut reading = Reading::new(cx, facts, false, ());
    reading.take(claim, &[], cutter);
    reading.out.lacks
}

impl<'a, O: Observer> Reading<'a, O> {
    fn new(cx: Cx<'a>, beside: Facts<'a>, is_history: bool, observer: O) -> Reading<'a, O> {
        let words = cx.rules.day_words();
        let (mut region_bits, mut time_bits) = (vec![0; words], vec![0; words]);
        for rule in &cx.rules.rules {
            let Some(bit) = rule.day_bit else { continue };
            let bits = match &rule.check {
                Check::CodePair {
                    fault: PairFault::MissingModifier | PairFault::Unsupported | PairFault::SameRegion,
                    ..
                } => &mut region_bits,
                Check::UnitTime { .. } => &mut time_bits,
                _ => continue,
            };
            bits[usize::from(bit / 64)] |= 1 << (bit % 64);
        }
        Reading {
            cx,
            words,
            region_bits,
            diagnoses: Diagnoses::new(cx.reference),
            time_bits,
            localities: LineLocalities::new(cx),
            beside,
            is_history,
            beyond: Beyond::new(cx.rules),
            suppressing: Suppressing::new(beside.suppressions, cx.rules, cx.as_of).filter(|_| !is_history),
            last_year: (0, true),
            out: Out::new(cx.rules.rules.len()),
            scratch_lines: Vec::new(),
            scratch_about: Vec::new(),
            policy: None,
            last_payer: 0,
            observer,
            unit: UnitOutput::default(),
        }
    }

    /// Runs the line and claim rules, and keeps the facts of the claim's lines. Void claims keep none.
    fn check_lines(&mut self, claim: &Claim<'_>, index: u32, profile_index: usize, contract: u16) {
        let rules: &RuleSet = self.cx.rules;
        let profile = &rules.profiles[profile_index];
        let policy = self.policy;
        let void = claim.frequency == "8";
        let uncalled = Calls::default();
        let parties = facts::Parties::of(claim);
        let authorized = self.beside.authorizations.patient(claim);
        self.unit.authorized.extend(authorized.map(|patient| (index, patient)));
        self.beyond.begin(claim, profile, authorized.is_some(), self.is_history);
        for line in &claim.lines {
            let at = LineRef { claim: index, line: line.number };
            let subject = Subject { claim, line: Some(line), profile };
            self.observer.begin();
            let calls = rules.calls_for(line.code()).unwrap_or(&uncalled);
            for &(number, left) in calls.line.iter().filter(|_| !self.is_history) {
                if policy.is_some_and(|policy| policy.is_off(number)) {
                    continue;
                }
                let rule = &rules.rules[usize::from(number)];
                if rule.when.holds_of(left, &subject) {
                    checks::check_line(number, rule, claim, line, at, profile, self.cx, &mut self.out);
                }
                self.observer.rule(number);
            }
            if void {
                continue;
            }
            let first = self.unit.about.len();
            self.unit.about.extend_from_slice(&calls.certain_days);
            for open in &calls.open_days {
                if rules.rules[usize::from(open.rule)].when.holds_of(open.left, &subject) {
                    for (about, bits) in self.unit.about[first..].iter_mut().zip(&open.bits) {
                        *about |= bits;
                    }
                }
            }
            if let Some(policy) = policy {
                policy.silence(&mut self.unit.about[first..]);
            }
            let about = &self.unit.about[first..];
            let wants_region = about.iter().zip(&self.region_bits).any(|(about, region)| about & region != 0);
            let regions = wants_region.then_some(&mut self.diagnoses);
            let locality = self.localities.number(claim, line.number, profile_index);
            match facts::line_fact(claim, line, index, &parties, locality, regions) {
                Some(fact) => {
                    if contract == 0 && !self.is_history {
                        self.note_year(fact.date);
                    }
                    self.unit.lines.push(fact);
                    let about = &self.unit.about[first..];
                    let place = self.unit.lines.len() as u64 - 1;
                    if let Some(course) = self.beyond.course(claim, line, about, place, &mut self.out) {
                        self.unit.courses.push(course);
                    }
                    self.unit.provider_days.extend(self.beyond.provider_day(
                        claim,
                        &fact,
                        index,
                        about,
                        &mut self.out,
                    ));
                }
                None => {
                    for &number in calls.day.iter().filter(|_| !self.is_history) {
                        let asked = rules.rules[usize::from(number)].day_bit.is_some_and(|bit| {
                            self.unit.about[first + usize::from(bit / 64)] >> (bit % 64) & 1 == 1
                        });
                        if asked {
                            self.out.lack(number, Lack::Date, 1);
                        }
                    }
                    self.unit.about.truncate(first);
                }
            }
            self.observer.shared();
        }
        if !self.is_history {
            let at = LineRef { claim: index, line: 0 };
            checks::check_claim(claim, at, profile, policy, self.cx, &mut self.out, &mut self.observer);
        }
    }

    /// Keeps time for codes that the claim does not bill as facts of its days, for the rules about time alone.
    fn note_time(&mut self, claim: &Claim<'_>, index: u32, profile_index: usize, unbilled: &[UnbilledTime]) {
        let profile = &self.cx.rules.profiles[profile_index];
        let parties = facts::Parties::of(claim);
        for (beyond, time) in (1..=u16::MAX).zip(unbilled) {
            let Some(number) =
                u16::try_from(claim.lines.len()).ok().and_then(|lines| lines.checked_add(beyond))
            else {
                return;
            };
            let Some((line, discipline)) = facts::line_of_time(claim, number, time) else { continue };
            let subject = Subject { claim, line: Some(&line), profile };
            let first = self.unit.about.len();
            self.unit.about.resize(first + self.words, 0);
            let calls = self.cx.rules.calls_for(time.code);
            for &rule in calls.into_iter().flat_map(|calls| &calls.day) {
                let rule = &self.cx.rules.rules[usize::from(rule)];
                let Some(bit) = rule.day_bit else { continue };
                let (word, bit) = (usize::from(bit / 64), 1 << (bit % 64));
                if self.time_bits[word] & bit != 0 && rule.when.matches(&subject) {
                    self.unit.about[first + word] |= bit;
                }
            }
            if let Some(policy) = self.policy {
                policy.silence(&mut self.unit.about[first..]);
            }
            if self.unit.about[first..].iter().all(|bits| *bits == 0) {
                self.unit.about.truncate(first);
                continue;
            }
            let locality = self.localities.number(claim, number, profile_index);
            match facts::line_fact(claim, &line, index, &parties, locality, None) {
                Some(fact) => self.unit.lines.push(LineFact { discipline, ..fact }),
                None => self.unit.about.truncate(first),
            }
        }
    }

    /// Runs the day rules over the claim's own days and leaves a key for each.
    fn check_days(
        &mut self,
        claim: &Claim<'_>,
        index: u32,
        profile: usize,
        contract: u16,
        first: usize,
        cutter: &dyn Cutter,
    ) {
        let profile = &self.cx.rules.profiles[profile];
        let basis = Basis::of(profile, self.cx.terms, contract);
        if claim.frequency == "8" || self.is_history {
            self.leave_days(claim, index);
            return;
        }
        let lines = first..self.unit.lines.len();
        let Some(date) = self.unit.lines.get(first).map(|line| line.date) else { return };
        let patient = claim.patient_key().unwrap_or(0);
        if self.unit.lines[lines.clone()].iter().all(|line| line.date == date) {
            self.unit.days.push(DayKey { patient, date, claim: index });
            let day = Day {
                date,
                profile,
                basis,
                lines: &self.unit.lines[lines.clone()],
                about: &self.unit.about[first * self.words..],
                words: self.words,
                repeats: &repeats(&self.unit.lines[lines]),
            };
            run_day(&day, self.cx, &mut self.out, &mut self.observer);
            self.draft_hits(claim, index, |_| Some(date), cutter);
            return;
        }
        let mut dates: Vec<_> = self.unit.lines[lines.clone()].iter().map(|line| line.date).collect();
        dates.sort_unstable();
        dates.dedup();
        // What is said once for a claim must see what was said of its other days: hits are kept till the last.
        let mut said_until = Vec::with_capacity(dates.len());
        for &date in &dates {
            self.unit.days.push(DayKey { patient, date, claim: index });
            self.scratch_lines.clear();
            self.scratch_about.clear();
            for at in lines.clone() {
                if self.unit.lines[at].date == date {
                    self.scratch_lines.push(self.unit.lines[at]);
                    self.scratch_about.extend(&self.unit.about[at * self.words..(at + 1) * self.words]);
                }
            }
            let day = Day {
                date,
                profile,
                basis,
                lines: &self.scratch_lines,
                about: &self.scratch_about,
                words: self.words,
                repeats: &repeats(&self.scratch_lines),
            };
            run_day(&day, self.cx, &mut self.out, &mut self.observer);
            said_until.push(self.out.hits.len());
        }
        let date_of = |hit: usize| dates.get(said_until.partition_point(|&until| until <= hit)).copied();
        self.draft_hits(claim, index, date_of, cutter);
    }

    /// Counts a line that the Medicare fee schedule would price, if its year has none.
    fn note_year(&mut self, date: Date) {
        if self.last_year.0 != date.year() {
            self.last_year = (date.year(), self.cx.reference.fee_release(date).is_some());
        }
        if !self.last_year.1 {
            *self.unit.unscheduled.entry(date.year()).or_default() += 1;
        }
    }

    /// Leaves a key for each day of a claim that is not checked: of a void claim, so that what it voids is found, and of
    /// an earlier one.
    fn leave_days(&mut self, claim: &Claim<'_>, index: u32) {
        let patient = claim.patient_key().unwrap_or(0);
        let mut dates: Vec<Date> = claim.lines.iter().filter_map(|line| line.service_date.value).collect();
        dates.sort_unstable();
        dates.dedup();
        self.unit.days.extend(dates.into_iter().map(|date| DayKey { patient, date, claim: index }));
    }

    /// Makes drafts of the hits; `day` gives the date of a day check's hit by its place among them.
    fn draft_hits(
        &mut self,
        claim: &Claim<'_>,
        index: u32,
        day: impl Fn(usize) -> Option<Date>,
        cutter: &dyn Cutter,
    ) {
        for (at, hit) in self.out.hits.drain(..).enumerate() {
            let rule = &self.cx.rules.rules[usize::from(hit.rule)];
            let mut draft = draft::from_hit(&hit, rule, claim, index, cutter);
            draft.day = day(at);
            draft.weigh(self.policy);
            self.unit.drafts.push(draft);
        }
    }

    /// Names what is malformed in the claim: what its reader found, and what is stated but cannot be read.
    fn check_readable(&mut self, claim: &Claim<'_>, index: u32, faults: &[Fault], cutter: &dyn Cutter) {
        let (rules, policy, drafts) = (self.cx.rules, self.policy, &mut self.unit.drafts);
        for fault in faults {
            let line = claim.line_at(fault.span.offset);
            let found = of_fault(0, fault, cutter, rules, policy);
            drafts.extend(found.map(|draft| draft.in_claim(claim, index, line)));
        }
        unreadable::name(claim, &mut |line, fault| {
            // The guide's word on an element says more.
            if faults.iter().all(|known| known.span.offset != fault.span.offset) {
                let found = of_fault(0, &fault, cutter, rules, policy);
                drafts.extend(found.map(|draft| draft.in_claim(claim, index, line)));
            }
        });
    }

    /// Keeps the payer id behind a claim's payer key, once.
    fn note_payer(&mut self, claim: &Claim<'_>, payer: u64) {
        if payer == self.last_payer {
            return;
        }
        self.last_payer = payer;
        let id = claim.payer.id.bytes();
        if !id.is_empty() && self.unit.payers.iter().all(|(known, _)| *known != payer) {
            self.unit.payers.push((payer, id.to_vec()));
        }
    }

    fn take(&mut self, claim: &Claim<'_>, faults: &[Fault], cutter: &dyn Cutter) {
        match self.beside.sessions.and_then(|sessions| sessions.join(claim)) {
            Some(joined) => self.take_with(&joined.claim, &joined.unbilled, faults, cutter),
            None => self.take_with(claim, &[], faults, cutter),
        }
    }

    /// Takes a claim, with what is logged of it and of time beside its lines.
    fn take_with(
        &mut self,
        claim: &Claim<'_>,
        unbilled: &[UnbilledTime],
        faults: &[Fault],
        cutter: &dyn Cutter,
    ) {
        let index = self.unit.claims.len() as u32;
        let profile = self.cx.rules.profile_for(claim);
        let first = self.unit.lines.len();
        let drafts = self.unit.drafts.len();
        self.policy = self.cx.rules.policy(profile, claim.payer.id.bytes());
        let payer = &self.cx.rules.profiles[profile];
        let contract = self.cx.terms.contracts.number(&payer.name, claim.payer.id.bytes());
        self.check_lines(claim, index, profile, contract);
        if !unbilled.is_empty() && claim.frequency != "8" {
            self.note_time(claim, index, profile, unbilled);
        }
        self.draft_hits(claim, index, |_| None, cutter);
        self.check_days(claim, index, profile, contract, first, cutter);
        if !self.is_history {
            self.check_readable(claim, index, faults, cutter);
        }
        if let Some(suppressing) = &mut self.suppressing {
            suppressing.take(claim, &payer.name, self.policy, &mut self.unit.drafts[drafts..]);
        }
        let mut fact = facts::claim_fact(claim, profile, &payer.name, contract);
        fact.first_line = first as u64;
        fact.lines = (self.unit.lines.len() - first) as u16;
        self.note_payer(claim, fact.payer);
        self.unit.claims.push(fact);
        if matches!(claim.frequency.bytes(), b"7" | b"8") && !self.cx.rules.provider_rules().is_empty() {
            let person = claim.person_key().unwrap_or(0);
            let dates = claim.lines.iter().filter_map(|line| line.service_date.value);
            self.unit.superseding.extend(dates.map(|date| (index, person, date)));
        }
        if let Some(patient) = self.beside.year_to_date.patient(claim) {
            self.unit.year_to_date.push((index, patient));
        }
        if self.unit.drafts.len() > drafts {
            self.unit
                .flagged
                .push((index, draft::flagged(claim, ShownPayer::of(self.cx, profile, contract), cutter)));
        }
    }
}

/// The lines of one claim's day that repeat earlier ones of it.
fn repeats(lines: &[LineFact]) -> Vec<Repeat> {
    checks::repeats(lines, &|_| true, &[])
}

/// Runs every day rule over a day. The same function serves a claim's own day and one rebuilt from several.
///
/// Lines that repeat earlier ones are there for the rules about duplicates alone, whether or not there are any.
pub(super) fn run_day(day: &Day<'_>, cx: Cx<'_>, out: &mut Out, observer: &mut impl Observer) {
    observer.begin();
    let (mut lines, mut about) = (Vec::new(), Vec::new());
    let once = if day.repeats.is_empty() {
        *day
    } else {
        let mut repeats = day.repeats.iter().map(|repeat| repeat.line).peekable();
        for (at, line) in day.lines.iter().enumerate() {
            if repeats.next_if_eq(&at).is_none() {
                lines.push(*line);
                about.extend_from_slice(&day.about[at * day.words..(at + 1) * day.words]);
            }
        }
        Day { lines: &lines, about: &about, repeats: &[], ..*day }
    };
    for &number in cx.rules.day_rules() {
        let rule = &cx.rules.rules[usize::from(number)];
        let is_about_repeats = matches!(rule.check, Check::Edit { edit: Edit::Duplicate, .. });
        checks::check_day(number, rule, if is_about_repeats { day } else { &once }, cx, out);
        observer.rule(number);
    }
}

impl<O: Observer> ClaimSink for Reading<'_, O> {
    fn claim(&mut self, claim: &Claim<'_>, cutter: &dyn Cutter) {
        self.take(claim, &[], cutter);
    }

    fn claim_with(&mut self, claim: &Claim<'_>, faults: &mut Vec<Fault>, cutter: &dyn Cutter) {
        self.take(claim, faults, cutter);
    }

    fn fault(&mut self, claim: u32, fault: Fault, cutter: &dyn Cutter) {
        let policy = self.cx.rules.policy_of_no_payer();
        for mut draft in of_fault(0, &fault, cutter, self.cx.rules, policy) {
            draft.finding.claim = claim;
            self.unit.drafts.push(draft);
        }
    }
}
