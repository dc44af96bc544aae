//! After the last unit: patient-days spread over several claims are rebuilt, then everything is priced, once.
//!
//! No day finding and no dollar is final before this.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::ops::Range;

use crate::checks::{self, Cx, Day, Hit, Observer, Out, Repeat};
use crate::claim::{ClaimFact, Date, DayKey, LineRef};
use crate::finding::{Columns, FlaggedClaim, Severity};
use crate::pricing::Basis;
use crate::reference::TherapyThreshold;
use crate::rules::{Check, Edit, Policy};
use crate::side::{Authorizations, Baseline, DenialRates, Judged, YearToDate};

use super::Request;
use super::aside::{self, Standing};
use super::breakdown::Breakdown;
use super::claim_number::{self, Remark};
use super::corrections::Corrections;
use super::courses;
use super::dollars::{Allowed, Counted};
use super::draft::{self, Draft};
use super::envelope;
use super::first_days::FirstDays;
use super::rates::Priced;
use super::read::run_day;
use super::store::{Lines, Store};
use super::timings::Laps;
use super::watch::Watch;

/// Turns what a check saw on a rebuilt day into a finding: the claim's bytes are wanted again.
pub(super) trait Redraft {
    /// A draft for `hit`, whose claim is `hit.primary.at.claim`, and its claim as reports keep it.
    fn redraft(&mut self, hit: &Hit, store: &Store) -> io::Result<(Draft, FlaggedClaim)>;

    /// A claim as reports keep it, by its index in the run.
    fn flag(&mut self, claim: u32, store: &Store) -> io::Result<FlaggedClaim>;

    /// What the suppressions say of a finding of a rule about a claim as a whole.
    fn judge(&self, rule: u16, claim: u32, store: &Store) -> io::Result<Judged>;
}

/// Everything found, on its way to being final.
pub(super) struct Settling<'a> {
    pub(super) cx: Cx<'a>,
    pub(super) store: Store,
    pub(super) drafts: Vec<Draft>,
    /// By index of the claim in the run.
    pub(super) flagged: BTreeMap<u32, FlaggedClaim>,
    pub(super) out: Out,
    /// How often payers deny what rules find, where the user says so.
    pub(super) rates: Option<&'a DenialRates>,
    /// The dollars, counted once.
    pub(super) breakdown: Breakdown,
    /// What the prices rest on.
    pub(super) priced: Priced,
    /// Claims that a fault of their envelope keeps out: none of them is clean.
    pub(super) kept_out: HashSet<u32>,
    /// What patients were allowed before the run, and the patients' numbers in it, by index of the claim.
    pub(super) known_years: &'a YearToDate,
    /// The therapy thresholds looked up last, with their year.
    pub(super) threshold: Cell<Option<(i16, Option<TherapyThreshold>)>>,
    pub(super) year_to_date: HashMap<u32, u32>,
    /// What was authorized for patients, and the patients' numbers in it, by index of the claim.
    pub(super) authorizations: &'a Authorizations,
    pub(super) authorized: HashMap<u32, u32>,
    /// Rows on authorizations that are by the payer of some claim of their patient.
    pub(super) rows_met: HashSet<u64>,
    /// The fewest days on which a rule over courses can have a word where nothing is given beside the claims.
    pub(super) course_days: usize,
    /// What replacements and voids do to the claims of the patient at hand.
    pub(super) corrections: Corrections,
    /// Replacements that copy earlier ones, and take no part in days or dollars.
    pub(super) copies: HashSet<u32>,
    /// Claims whose rejection dollars the column already holds, with the finding that has them.
    pub(super) delayed: HashMap<u32, usize>,
    /// What claims with findings, or kept out, are allowed in all, as billed.
    pub(super) allowed: HashMap<u32, Allowed>,
    /// Warnings and errors that stand in earlier claims, on days that the batch shares.
    pub(super) beside_the_batch: u64,
    /// Lines of earlier claims that some rule says are not paid.
    pub(super) denied_before: HashSet<LineRef>,
    /// Findings that another one has made pointless.
    pub(super) pointless: Vec<usize>,
    /// From which day on each claim's days are counted where its dates are masked.
    pub(super) first_days: FirstDays,
    /// Findings that are known, where the user names some. Then what is counted waits until all findings have names.
    pub(super) baseline: Option<&'a Baseline>,
    pub(super) waiting: Vec<Counted>,
    /// How many findings of the run the baseline knows, and the dollars that they hold.
    pub(super) known: (u64, Columns),
    /// How many suppressed findings the baseline names.
    pub(super) known_and_suppressed: u64,
    /// By entry of the suppressions, whether a claim or line that it is about is in the run.
    pub(super) suppressions_seen: Vec<bool>,
    /// What is noted of claims that somebody asks about.
    pub(super) watch: Watch,
    /// How long rules take, where somebody asks.
    pub(super) laps: Option<RefCell<Laps>>,
}

impl<'a> Settling<'a> {
    pub(super) fn new(
        cx: Cx<'a>,
        store: Store,
        drafts: Vec<Draft>,
        flagged: BTreeMap<u32, FlaggedClaim>,
        out: Out,
        request: &'a Request,
    ) -> Settling<'a> {
        Settling {
            cx,
            store,
            drafts,
            flagged,
            out,
            rates: request.denial_rates.as_ref(),
            breakdown: Breakdown::default(),
            priced: Priced::default(),
            kept_out: HashSet::new(),
            known_years: &request.year_to_date,
            threshold: Cell::default(),
            year_to_date: HashMap::new(),
            authorizations: &request.authorizations,
            authorized: HashMap::new(),
            rows_met: HashSet::new(),
            course_days: courses::fewest_days(cx.rules),
            corrections: Corrections::default(),
            copies: HashSet::new(),
            delayed: HashMap::new(),
            allowed: HashMap::new(),
            beside_the_batch: 0,
            denied_before: HashSet::new(),
            pointless: Vec::new(),
            first_days: FirstDays::default(),
            baseline: request.baseline.as_ref(),
            waiting: Vec::new(),
            known: Default::default(),
            known_and_suppressed: 0,
            suppressions_seen: Vec::new(),
            watch: Watch::default(),
            laps: None,
        }
    }

    /// Rebuilds, prices and counts. `kept_out` gives for each draft the claims that its envelope keeps out.
    ///
    /// # Errors
    /// Temporary files that cannot be read.
    pub(super) fn settle(
        &mut self,
        redraft: &mut dyn Redraft,
        kept_out: &[Option<Range<u32>>],
    ) -> io::Result<()> {
        self.kept_out = envelope::union(kept_out);
        let rejected = &self.kept_out.clone();
        let mut days = self.store.take_days()?;
        let mut by_claim: HashMap<u32, Vec<usize>> = HashMap::new();
        for (at, draft) in self.drafts.iter().enumerate() {
            if let Some(claim) = draft.claim {
                by_claim.entry(claim).or_default().push(at);
            }
        }
        let mut dropped = vec![false; self.drafts.len()];
        self.check_provider_days(redraft, &mut by_claim, &mut dropped)?;
        let mut patient: Vec<DayKey> = Vec::new();
        let mut next = days.next()?;
        while let Some(first) = next {
            patient.clear();
            patient.push(first);
            next = days.next()?;
            while let Some(key) = next.filter(|key| key.patient == first.patient) {
                patient.push(key);
                next = days.next()?;
            }
            self.corrections = Corrections::of(&patient, &self.store)?;
            self.first_days.note(&patient, |claim| self.store.is_history(claim));
            self.check_years(&patient, redraft, &mut by_claim, &mut dropped)?;
            self.check_courses(&patient, redraft, &mut by_claim, &mut dropped)?;
            for group in patient.chunk_by(|one, other| one.date == other.date) {
                if group.iter().all(|key| self.store.is_history(key.claim)) {
                    continue;
                }
                let DayKey { claim, date, .. } = group[0];
                if group.len() > 1 || self.corrections.is_gone(claim) {
                    self.settle_shared(group, redraft, rejected, &mut by_claim, &mut dropped)?;
                    continue;
                }
                self.watch.day(&[claim], &[], date);
                if by_claim.contains_key(&claim) || rejected.contains(&claim) {
                    self.price(&[claim], date, redraft, &by_claim, &dropped)?;
                }
            }
        }
        self.count_rejections(&dropped, kept_out);
        let mut faults: Vec<(usize, Range<u32>)> =
            kept_out.iter().enumerate().filter_map(|(at, claims)| Some((at, claims.clone()?))).collect();
        faults.sort_by_key(|(at, _)| self.order(*at));
        envelope::count(self, &faults);
        for at in std::mem::take(&mut self.pointless) {
            dropped[at] = true;
        }
        self.remark_on_claim_numbers(redraft, &mut dropped)?;
        self.name_and_accept(kept_out, &dropped);
        let mut kept = dropped.into_iter().map(|dropped| !dropped);
        self.drafts.retain(|_| kept.next().unwrap_or(true));
        Ok(())
    }

    fn remark_on_claim_numbers(
        &mut self,
        redraft: &mut dyn Redraft,
        dropped: &mut Vec<bool>,
    ) -> io::Result<()> {
        let is_duplicate = |draft: &Draft| {
            let rule = &self.cx.rules.rules[usize::from(draft.finding.rule)];
            matches!(rule.check, Check::Edit { edit: Edit::Duplicate, .. }) && !draft.is_suppressed()
        };
        let standing = self.drafts.iter().zip(&*dropped).filter(|(_, dropped)| !**dropped);
        let duplicates: HashSet<u32> =
            standing.filter(|(draft, _)| is_duplicate(draft)).filter_map(|(draft, _)| draft.claim).collect();
        let is_known = |claim: u32| duplicates.contains(&claim) || self.copies.contains(&claim);
        let known = claim_number::Known {
            is_billed_twice: &is_known,
            is_off: &|rule, claim| self.policy(claim).is_some_and(|policy| policy.is_off(rule)),
            judge: &|rule, claim| redraft.judge(rule, claim, &self.store),
        };
        for Remark { hit, met } in claim_number::repeated(&self.store, self.cx.rules, &known)? {
            let (mut draft, flagged) = redraft.redraft(&hit, &self.store)?;
            draft.met = met;
            draft.weigh(self.policy(&self.store.claim(hit.primary.at.claim)?));
            self.flagged.entry(hit.primary.at.claim).or_insert(flagged);
            self.drafts.push(draft);
            dropped.push(false);
        }
        Ok(())
    }

    /// A patient's date with several claims on it.
    fn settle_shared(
        &mut self,
        group: &[DayKey],
        redraft: &mut dyn Redraft,
        rejected: &HashSet<u32>,
        by_claim: &mut HashMap<u32, Vec<usize>>,
        dropped: &mut Vec<bool>,
    ) -> io::Result<()> {
        let date = group[0].date;
        let standing = self.standing(group)?;
        for &claim in &standing.aside {
            self.withdraw(claim, date, by_claim, dropped)?;
        }
        self.copies.extend(&standing.sent_twice);
        for part in standing.by_payer() {
            let part: Vec<u32> = part.iter().map(|&(_, claim)| claim).collect();
            self.watch.day(&part, &standing.copies, date);
            if part.iter().all(|claim| self.store.is_history(*claim)) {
                continue;
            }
            let perhaps = standing.perhaps_with(&part);
            if part.len() > 1 || perhaps.len() > part.len() {
                self.rebuild(&part, &perhaps, &standing.copies, date, redraft, by_claim, dropped)?;
            }
            if part.iter().any(|claim| by_claim.contains_key(claim) || rejected.contains(claim)) {
                self.price(&part, date, redraft, by_claim, dropped)?;
            }
        }
        Ok(())
    }

    /// Sorts the claims that the patient at hand has on one date.
    pub(super) fn standing(&self, keys: &[DayKey]) -> io::Result<Standing> {
        aside::standing(keys, &self.store, &self.corrections)
    }

    /// What is different about the rules for a claim's payer.
    pub(super) fn policy(&self, claim: &ClaimFact) -> Option<&'a Policy> {
        let id = self.store.payer_id(claim.payer).unwrap_or_default();
        self.cx.rules.policy(usize::from(claim.profile), id)
    }

    /// Takes back what the first pass found, and could not evaluate, on one claim's own part of a day.
    fn withdraw(
        &mut self,
        claim: u32,
        date: Date,
        by_claim: &HashMap<u32, Vec<usize>>,
        dropped: &mut [bool],
    ) -> io::Result<()> {
        if self.store.is_history(claim) {
            return Ok(());
        }
        for &at in by_claim.get(&claim).into_iter().flatten() {
            if self.drafts[at].day == Some(date) {
                dropped[at] = true;
            }
        }
        let mut alone = Out::new(self.cx.rules.rules.len());
        self.run(&[claim], &[], date, &mut alone)?;
        self.out.subtract(&alone.lacks);
        Ok(())
    }

    /// Runs the day rules over the lines that `claims` have on `date`. Of `copies` the second is the claim copied.
    pub(super) fn run(
        &self,
        claims: &[u32],
        copies: &[(u32, u32)],
        date: Date,
        out: &mut Out,
    ) -> io::Result<()> {
        let mut lines = Lines::default();
        let mut facts = Vec::with_capacity(claims.len());
        for &claim in claims {
            self.store.lines_on(claim, date, &mut lines)?;
            facts.push((self.store.claim(claim)?, claim));
        }
        let repeats = repeats(&facts, copies, &lines);
        let fact = &facts[0].0;
        let profile = &self.cx.rules.profiles[usize::from(fact.profile)];
        let day = Day {
            date,
            profile,
            basis: Basis::of(profile, self.cx.terms, fact.contract),
            lines: &lines.facts,
            about: &lines.about,
            words: self.cx.rules.day_words(),
            repeats: &repeats,
        };
        match &self.laps {
            Some(laps) => run_day(&day, self.cx, out, &mut *laps.borrow_mut()),
            None => run_day(&day, self.cx, out, &mut ()),
        }
        Ok(())
    }

    /// Tells whoever measures that a rule has been put to something, or that rules follow.
    pub(super) fn lap(&self, rule: Option<u16>) {
        if let Some(laps) = &self.laps {
            let mut laps = laps.borrow_mut();
            match rule {
                Some(rule) => laps.rule(rule),
                None => laps.begin(),
            }
        }
    }

    /// Checks one payer's share of a shared day as a whole, in place of what each claim's part gave. `perhaps` are claims that
    /// may be more of it: only what is found with them as well is said.
    #[expect(clippy::too_many_arguments, reason = "what a day needs is held apart by those who call")]
    fn rebuild(
        &mut self,
        claims: &[u32],
        perhaps: &[u32],
        copies: &[(u32, u32)],
        date: Date,
        redraft: &mut dyn Redraft,
        by_claim: &mut HashMap<u32, Vec<usize>>,
        dropped: &mut Vec<bool>,
    ) -> io::Result<()> {
        for &claim in claims {
            self.withdraw(claim, date, by_claim, dropped)?;
        }
        let mut whole = Out::new(self.cx.rules.rules.len());
        self.run(claims, copies, date, &mut whole)?;
        self.leave_out_earlier_lacks(claims, copies, date, &mut whole)?;
        self.out.add(&whole.lacks);
        if perhaps.len() > claims.len() {
            let mut more = Out::new(self.cx.rules.rules.len());
            self.run(perhaps, copies, date, &mut more)?;
            let is_same = |hit: &Hit, other: &Hit| {
                (hit.rule, hit.outcome, hit.primary.at) == (other.rule, other.outcome, other.primary.at)
            };
            whole.hits.retain(|hit| more.hits.iter().any(|other| is_same(hit, other)));
        }
        for hit in whole.hits {
            self.adopt(&hit, Some(date), redraft, by_claim, dropped)?;
        }
        Ok(())
    }

    /// Takes from `whole`, what could not be evaluated on a day, what earlier claims lack by themselves. Lines are
    /// counted without names, so what is left is at most the lines of the batch.
    fn leave_out_earlier_lacks(
        &self,
        claims: &[u32],
        copies: &[(u32, u32)],
        date: Date,
        whole: &mut Out,
    ) -> io::Result<()> {
        let (earlier, own): (Vec<u32>, Vec<u32>) =
            claims.iter().partition(|claim| self.store.is_history(**claim));
        if earlier.is_empty() {
            return Ok(());
        }
        let mut alone = Out::new(self.cx.rules.rules.len());
        self.run(&earlier, copies, date, &mut alone)?;
        whole.subtract(&alone.lacks);
        let mut lines = Lines::default();
        for claim in own {
            self.store.lines_on(claim, date, &mut lines)?;
        }
        whole.cap_lacks(lines.facts.len());
        Ok(())
    }

    /// Puts what a check saw after the first pass among the drafts, unless it concerns an earlier claim. `day` is that of
    /// a rebuilt day, which may take it back.
    pub(super) fn adopt(
        &mut self,
        hit: &Hit,
        day: Option<Date>,
        redraft: &mut dyn Redraft,
        by_claim: &mut HashMap<u32, Vec<usize>>,
        dropped: &mut Vec<bool>,
    ) -> io::Result<()> {
        let claim = hit.primary.at.claim;
        if self.store.is_history(claim) {
            let policy = self.policy(&self.store.claim(claim)?);
            let rule = &self.cx.rules.rules[usize::from(hit.rule)];
            let severity = draft::severity(hit, rule, policy);
            self.denied_before.extend(draft::denied_lines(hit, rule, severity));
            self.beside_the_batch += u64::from(day.is_some() && severity > Severity::Info);
            return Ok(());
        }
        let (mut draft, flagged) = redraft.redraft(hit, &self.store)?;
        if draft.finding.claim_id.is_empty() {
            self.name_as_before(&mut draft, by_claim.get(&claim));
        }
        draft.weigh(self.policy(&self.store.claim(claim)?));
        by_claim.entry(claim).or_default().push(self.drafts.len());
        self.flagged.entry(claim).or_insert(flagged);
        self.drafts.push(Draft { day, ..draft });
        dropped.push(false);
        Ok(())
    }
}

impl Settling<'_> {
    /// Names the claim of a finding whose bytes are gone as the first pass did, if that found something in it. `own` are
    /// the drafts of the claim.
    fn name_as_before(&self, draft: &mut Draft, own: Option<&Vec<usize>>) {
        let Some(known) = draft.claim.and_then(|claim| self.flagged.get(&claim)) else { return };
        draft.finding.claim_id.clone_from(&known.id);
        if let Some(first) = own.and_then(|own| self.drafts.get(*own.first()?)) {
            draft.finding.transaction.clone_from(&first.finding.transaction);
        }
    }
}

/// The lines that repeat earlier ones; `lines` are those of `claims` on one date. Of `copies` the second is the claim
/// copied.
pub(super) fn repeats(claims: &[(ClaimFact, u32)], copies: &[(u32, u32)], lines: &Lines) -> Vec<Repeat> {
    let is_original =
        |claim: u32| claims.iter().any(|(fact, known)| *known == claim && aside::is_original(fact));
    let is_here = |claim: u32| claims.iter().any(|(_, known)| *known == claim);
    let copies: Vec<_> = copies.iter().copied().filter(|(copy, _)| is_here(*copy)).collect();
    checks::repeats(&lines.facts, &is_original, &copies)
}
