//! The first pass, in parallel: every rule over a unit's own claims, day rules over each claim's own days.

mod together;

pub(super) use together::run_day;

use std::collections::BTreeMap;

use crate::checks::{self, Cx, Lack, LineGlance, Observer, Out};
use crate::claim::{
    Claim, ClaimFact, CourseFact, Date, DayKey, LineFact, LineRef, MinutesSource, ProviderKey, Resolved,
};
use crate::finding::{FlaggedClaim, Form};
use crate::input::{self, ClaimSink, Cutter, Fault, GuideCheck, Read, UnitSummary};
use crate::rules::{BoundRules, Calls, Check, PairFault, Policy, RuleSet, Subject};
use crate::side::{Authorizations, CredentialUse, Sessions, Suppressions, UnbilledTime, YearToDate};
use crate::source::{Piece, Unit};

use super::accept::Suppressing;
use super::beyond::Beyond;
use super::draft::Draft;
use super::facts::{self, Diagnoses};
use super::files::of_fault;
use super::line_breaks::Breaks;
use super::locality::LineLocalities;
use super::recall::{Between, Coding, Recall};
use super::records::ClaimName;
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
    /// Of each of `claims`, where they are to be kept.
    pub(super) names: Vec<ClaimName>,
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

/// Reads units and runs the rules over their claims. One for each thread: what it remembers, and what it has allocated,
/// serves one unit after the other.
pub(super) struct Reading<'a, O> {
    pub(super) cx: Cx<'a>,
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
    /// Lines of claims over several days, put in order of their days, with their bits.
    sorted: (Vec<LineFact>, Vec<u64>),
    /// What is different about the rules for the payer of the claim at hand.
    policy: Option<&'a Policy>,
    /// The payer of the claim before, whose id is kept already.
    last_payer: u64,
    /// What lines before had no faults in, and need not be asked again.
    recall: Recall,
    /// Is told which rules have been put to what.
    pub(super) observer: O,
    unit: UnitOutput,
}

/// What is known beside the claims.
#[derive(Clone, Copy)]
pub(super) struct Facts<'a> {
    pub(super) year_to_date: &'a YearToDate,
    pub(super) authorizations: &'a Authorizations,
    pub(super) suppressions: &'a Suppressions,
    pub(super) sessions: Option<&'a Sessions<'a>>,
    /// Whether the claims' numbers are kept: some input cannot be read again for them.
    pub(super) keeps_names: bool,
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
    let mut reading = Reading::new(cx, facts, ());
    reading.claim(claim, cutter);
    reading.recall.count(&mut reading.out);
    reading.out.lacks
}

impl<'a, O: Observer> Reading<'a, O> {
    pub(super) fn new(cx: Cx<'a>, beside: Facts<'a>, observer: O) -> Reading<'a, O> {
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
            is_history: false,
            beyond: Beyond::new(cx.rules),
            suppressing: Suppressing::new(beside.suppressions, cx.rules, cx.as_of),
            last_year: (0, true),
            out: Out::new(cx.rules.rules.len()),
            sorted: Default::default(),
            policy: None,
            last_payer: 0,
            recall: Recall::new(words),
            observer,
            unit: UnitOutput::default(),
        }
    }

    /// Reads a unit and runs the rules over it. Of earlier claims (`is_history`) only the facts are kept.
    pub(super) fn unit(&mut self, unit: Unit, is_history: bool) -> UnitOutput {
        self.is_history = is_history;
        self.last_payer = 0;
        let summary = input::read(&unit, guide(self.cx, is_history), self);
        let breaks = match unit.form {
            Form::X12 => Breaks::of(&unit, &summary.envelope),
            Form::Json | Form::Csv => Breaks::default(),
        };
        self.recall.count(&mut self.out);
        let (lacks, credentials) = self.out.end_of_unit();
        // The next unit is likely to be as large.
        let next = UnitOutput {
            claims: Vec::with_capacity(self.unit.claims.len()),
            lines: Vec::with_capacity(self.unit.lines.len()),
            about: Vec::with_capacity(self.unit.about.len()),
            days: Vec::with_capacity(self.unit.days.len()),
            courses: Vec::with_capacity(self.unit.courses.len()),
            ..UnitOutput::default()
        };
        UnitOutput {
            file: unit.file,
            is_history,
            bytes: unit.bytes.len() as u64,
            offset: unit.offset,
            number: unit.number,
            context: unit.context,
            breaks,
            summary,
            credentials,
            suppressions_seen: self.suppressing.as_mut().map(Suppressing::end_of_unit).unwrap_or_default(),
            lacks,
            ..std::mem::replace(&mut self.unit, next)
        }
    }

    /// Runs the line rules, and keeps the facts of the claim's lines; void claims keep none. Says what one look at each
    /// line shows.
    fn check_lines(
        &mut self,
        claim: &Claim<'_>,
        index: u32,
        between: &Between,
        patient: Option<u64>,
    ) -> LineGlance {
        let &Between { profile: profile_index, contract, parties, .. } = between;
        let rules: &RuleSet = self.cx.rules;
        let profile = &rules.profiles[profile_index];
        let policy = self.policy;
        let void = claim.frequency == "8";
        let uncalled = Calls::default();
        let bound = rules.bound_to(claim, profile);
        let bound = bound.as_slice().iter().flatten();
        let authorized = self.beside.authorizations.patient(claim);
        self.unit.authorized.extend(authorized.map(|patient| (index, patient)));
        self.beyond.begin(claim, profile, patient.is_some(), authorized.is_some(), self.is_history);
        let recalls = !O::IS_TOLD && !self.is_history;
        let mut glance = LineGlance::ALL;
        for line in &claim.lines {
            self.observer.begin();
            let code = || Coding::of(line, profile, self.cx.reference);
            let coding = if recalls { self.recall.coding(claim, line, code) } else { code() };
            glance = glance.and(coding.glance);
            let calls = rules.calls_for(coding.code).unwrap_or(&uncalled);
            let first = self.unit.about.len();
            self.unit.about.extend_from_slice(&calls.certain_days);
            let known = match recalls {
                true => self.recall.look(claim, line, calls, &mut self.unit.about[first..]),
                false => 0,
            };
            let subject = Subject { claim, line: Some(line), profile };
            if cfg!(debug_assertions) && known != 0 {
                self.hold_to_account(subject, index, calls, known, first);
            }
            if known != calls.all_groups || calls.some_are_alone || !recalls {
                self.check_line(subject, index, calls, known, first);
            }
            if !self.is_history {
                bound.clone().for_each(|bound| self.check_bound(subject, index, bound));
            }
            if void {
                self.unit.about.truncate(first);
                continue;
            }
            for &number in bound.clone().flat_map(|bound| &bound.day) {
                let rule = &rules.rules[usize::from(number)];
                if let Some(bit) = rule.day_bit
                    && rule.when.matches(&subject)
                {
                    self.unit.about[first + usize::from(bit / 64)] |= 1 << (bit % 64);
                }
            }
            if let Some(policy) = policy {
                policy.silence(&mut self.unit.about[first..]);
            }
            let about = &self.unit.about[first..];
            let wants_region = about.iter().zip(&self.region_bits).any(|(about, region)| about & region != 0);
            let region = match (wants_region, recalls) {
                (false, _) => Resolved::default(),
                (true, true) => self.recall.region(claim, line, calls, &mut self.diagnoses),
                (true, false) => self.diagnoses.resolve(claim, line),
            };
            let locality = self.localities.number(claim, line.number, profile_index);
            match facts::line_fact(claim, line, &coding, index, &parties, locality, region) {
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
                    let own = bound.clone().flat_map(|bound| &bound.day);
                    for &number in calls.day.iter().chain(own).filter(|_| !self.is_history) {
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
        glance
    }

    /// Puts the rules that a line calls for to it, but those whose groups are `known` to find nothing, and remembers of the
    /// others what can be remembered. The line's bits of rules over days stand in the unit's from `first` on.
    fn check_line(&mut self, subject: Subject<'_, '_>, index: u32, calls: &Calls, known: u64, first: usize) {
        let Subject { claim, line: Some(line), profile } = subject else { return };
        let at = LineRef { claim: index, line: line.number };
        let rules: &RuleSet = self.cx.rules;
        self.out.is_heard = true;
        self.out.heard.clear();
        // Groups of which something is to be said that may not be so of another line.
        let mut singular = 0;
        for call in calls.line.iter().filter(|_| !self.is_history) {
            if call.recalled_by & known != 0 || self.policy.is_some_and(|policy| policy.is_off(call.rule)) {
                continue;
            }
            let rule = &rules.rules[usize::from(call.rule)];
            if rule.when.holds_of(call.left, &subject) {
                let hits = self.out.hits.len();
                self.out.looked_farther = false;
                checks::check_line(call.rule, rule, claim, line, at, profile, self.cx, &mut self.out);
                if self.out.looked_farther || self.out.hits.len() > hits {
                    singular |= call.recalled_by;
                }
            }
            self.observer.rule(call.rule);
        }
        self.out.is_heard = false;
        for open in calls.open_days.iter().filter(|open| open.recalled_by & known == 0) {
            if rules.rules[usize::from(open.rule)].when.holds_of(open.left, &subject) {
                for (about, bits) in self.unit.about[first..].iter_mut().zip(&open.bits) {
                    *about |= bits;
                }
            }
        }
        if O::IS_TOLD || self.is_history {
            return;
        }
        for group in (0..calls.groups.len()).filter(|group| (known | singular) >> group & 1 == 0) {
            self.keep(calls, group, first);
        }
    }

    /// Puts the line rules to a line that are bound to its payer.
    fn check_bound(&mut self, subject: Subject<'_, '_>, index: u32, bound: &BoundRules) {
        let Subject { claim, line: Some(line), profile } = subject else { return };
        let at = LineRef { claim: index, line: line.number };
        for &number in &bound.line {
            let rule = &self.cx.rules.rules[usize::from(number)];
            if !self.policy.is_some_and(|policy| policy.is_off(number)) && rule.when.matches(&subject) {
                checks::check_line(number, rule, claim, line, at, profile, self.cx, &mut self.out);
            }
            self.observer.rule(number);
        }
    }

    /// Remembers what one group of rules had to say of the line at hand.
    fn keep(&mut self, calls: &Calls, group: usize, first: usize) {
        let is_own =
            |rule: u16| calls.line.iter().any(|call| call.rule == rule && call.recalled_by >> group & 1 == 1);
        let lacks = self.out.heard.iter().copied().filter(|(rule, _)| is_own(*rule)).collect();
        let mut about = vec![0; self.words];
        for open in calls.open_days.iter().filter(|open| open.recalled_by >> group & 1 == 1) {
            for (about, (bits, of_line)) in
                about.iter_mut().zip(open.bits.iter().zip(&self.unit.about[first..]))
            {
                *about |= bits & of_line;
            }
        }
        self.recall.keep(group, lacks, &about, &mut self.out);
    }

    /// Where speed does not matter, what was remembered of the line at hand is held against what the rules say.
    fn hold_to_account(
        &mut self,
        subject: Subject<'_, '_>,
        index: u32,
        calls: &Calls,
        known: u64,
        first: usize,
    ) {
        let Subject { claim, line: Some(line), profile } = subject else { return };
        let at = LineRef { claim: index, line: line.number };
        let before = (self.out.hits.len(), self.out.lacks.clone());
        self.out.is_heard = true;
        self.out.heard.clear();
        for call in calls.line.iter().filter(|call| call.recalled_by & known != 0) {
            let rule = &self.cx.rules.rules[usize::from(call.rule)];
            let is_off = self.policy.is_some_and(|policy| policy.is_off(call.rule));
            if !is_off && rule.when.holds_of(call.left, &subject) {
                checks::check_line(call.rule, rule, claim, line, at, profile, self.cx, &mut self.out);
            }
        }
        let mut told = self.recall.lacks();
        told.sort_unstable();
        self.out.heard.sort_unstable();
        assert_eq!(self.out.heard, told, "not as remembered: {:?}", line.code());
        for open in calls.open_days.iter().filter(|open| open.recalled_by & known != 0) {
            let holds = self.cx.rules.rules[usize::from(open.rule)].when.holds_of(open.left, &subject);
            let about = self.unit.about[first..].iter().zip(&open.bits);
            assert!(about.into_iter().all(|(about, bits)| about & bits == if holds { *bits } else { 0 }));
        }
        self.out.is_heard = false;
        assert_eq!(self.out.hits.len(), before.0, "found where nothing is remembered: {:?}", line.code());
        self.out.lacks = before.1;
    }

    /// Keeps time for codes that the claim does not bill as facts of its days, for the rules about time alone.
    fn note_time(&mut self, claim: &Claim<'_>, index: u32, between: &Between, unbilled: &[UnbilledTime]) {
        let &Between { profile: profile_index, parties, .. } = between;
        let profile = &self.cx.rules.profiles[profile_index];
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
            let bound = self.cx.rules.bound_to(claim, profile);
            let own = bound.iter().flatten().flat_map(|bound| &bound.day);
            for &rule in calls.into_iter().flat_map(|calls| &calls.day).chain(own) {
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
            let coding = Coding::of(&line, profile, self.cx.reference);
            match facts::line_fact(claim, &line, &coding, index, &parties, locality, Resolved::default()) {
                Some(fact) => {
                    let minutes_source = MinutesSource::UnbilledLog;
                    self.unit.lines.push(LineFact { discipline, minutes_source, ..fact });
                }
                None => self.unit.about.truncate(first),
            }
        }
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
}

impl<O: Observer> ClaimSink for Reading<'_, O> {
    fn claim(&mut self, claim: &Claim<'_>, cutter: &dyn Cutter) {
        self.take(&mut [Read { claim, faults: &mut Vec::new(), cutter }]);
    }

    fn claims(&mut self, claims: &mut [Read<'_, '_>]) {
        self.take(claims);
    }

    fn fault(&mut self, claim: u32, fault: Fault, cutter: &dyn Cutter) {
        let policy = self.cx.rules.policy_of_no_payer();
        for mut draft in of_fault(0, &fault, cutter, self.cx.rules, policy) {
            draft.finding.claim = claim;
            self.unit.drafts.push(draft);
        }
    }
}
