//! After the last unit: patient-days spread over several claims are rebuilt, then everything is priced, once.
//!
//! No day finding and no dollar is final before this.

use std::collections::{HashMap, HashSet};
use std::io;
use std::ops::Range;

use crate::checks::{self, Cx, Day, Hit, Out, Repeat, Takes};
use crate::claim::{ClaimFact, Date, DayKey, LineFact, LineRef};
use crate::finding::{Columns, Dollars, FlaggedClaim, Impact, MoneyClass, Severity};
use crate::pricing::{self, Basis, Claimed, Service, Taken};
use crate::rules::{Amount, Check, Edit};
use crate::side::YearToDate;

use super::aside;
use super::claim_number;
use super::draft::Draft;
use super::envelope;
use super::rates::Priced;
use super::read::run_day;
use super::store::{Lines, Store};

/// Turns what a check saw on a rebuilt day into a finding: the claim's bytes are wanted again.
pub(super) trait Redraft {
    /// A draft for `hit`, whose claim is `hit.primary.at.claim`, and its claim as reports keep it.
    fn redraft(&mut self, hit: &Hit, store: &Store) -> io::Result<(Draft, FlaggedClaim)>;
}

/// Everything found, on its way to being final.
pub(super) struct Settling<'a> {
    pub(super) cx: Cx<'a>,
    pub(super) store: Store,
    pub(super) drafts: Vec<Draft>,
    /// By index of the claim in the run.
    pub(super) flagged: HashMap<u32, FlaggedClaim>,
    pub(super) out: Out,
    pub(super) columns: Columns,
    /// What the prices rest on.
    pub(super) priced: Priced,
    /// Claims that a fault of their envelope keeps out: none of them is clean.
    pub(super) kept_out: HashSet<u32>,
    /// What patients were allowed before the run, and the patients' numbers in it, by index of the claim.
    pub(super) known_years: &'a YearToDate,
    pub(super) year_to_date: HashMap<u32, u32>,
    /// Replacements that copy earlier ones, and take no part in days or dollars.
    pub(super) copies: HashSet<u32>,
    /// Claims whose rejection dollars the column already holds.
    delayed: HashSet<u32>,
    /// What flagged claims are allowed in all, as billed.
    allowed: HashMap<u32, Allowed>,
}

/// What a claim is allowed over all its days. `None`: something in it has no price.
#[derive(Clone, Copy, Default)]
struct Allowed {
    dollars: Dollars,
    unpriced: bool,
}

impl<'a> Settling<'a> {
    pub(super) fn new(
        cx: Cx<'a>,
        store: Store,
        drafts: Vec<Draft>,
        flagged: HashMap<u32, FlaggedClaim>,
        out: Out,
        known_years: &'a YearToDate,
    ) -> Settling<'a> {
        Settling {
            cx,
            store,
            drafts,
            flagged,
            out,
            columns: Columns::default(),
            priced: Priced::default(),
            kept_out: HashSet::new(),
            known_years,
            year_to_date: HashMap::new(),
            copies: HashSet::new(),
            delayed: HashSet::new(),
            allowed: HashMap::new(),
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
            self.check_years(&patient, redraft, &mut by_claim, &mut dropped)?;
            for group in patient.chunk_by(|one, other| one.date == other.date) {
                let DayKey { claim, date, .. } = group[0];
                if group.len() > 1 {
                    self.settle_shared(group, redraft, rejected, &mut by_claim, &mut dropped)?;
                } else if by_claim.contains_key(&claim) || rejected.contains(&claim) {
                    self.price(&[claim], date, &by_claim, &dropped)?;
                }
            }
        }
        self.count_rejections(&dropped, kept_out);
        let mut faults: Vec<(usize, Range<u32>)> =
            kept_out.iter().enumerate().filter_map(|(at, claims)| Some((at, claims.clone()?))).collect();
        faults.sort_by_key(|(at, _)| self.order(*at));
        envelope::count(self, &faults);
        let mut kept = dropped.into_iter().map(|dropped| !dropped);
        self.drafts.retain(|_| kept.next().unwrap_or(true));
        self.remark_on_claim_numbers(redraft)
    }

    fn remark_on_claim_numbers(&mut self, redraft: &mut dyn Redraft) -> io::Result<()> {
        let is_duplicate = |draft: &&Draft| {
            let rule = &self.cx.rules.rules[usize::from(draft.finding.rule)];
            matches!(rule.check, Check::Edit { edit: Edit::Duplicate, .. })
        };
        let duplicates: HashSet<u32> =
            self.drafts.iter().filter(is_duplicate).filter_map(|draft| draft.claim).collect();
        let is_known = |claim: u32| duplicates.contains(&claim) || self.copies.contains(&claim);
        for hit in claim_number::repeated(&self.store, self.cx.rules, is_known)? {
            let (draft, flagged) = redraft.redraft(&hit, &self.store)?;
            self.flagged.entry(hit.primary.at.claim).or_insert(flagged);
            self.drafts.push(draft);
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
        let standing = aside::standing(group, &self.store)?;
        for &claim in &standing.aside {
            self.withdraw(claim, date, by_claim, dropped)?;
        }
        self.copies.extend(&standing.sent_twice);
        for part in standing.by_payer() {
            let part: Vec<u32> = part.iter().map(|&(_, claim)| claim).collect();
            if part.len() > 1 {
                self.rebuild(&part, &standing.copies, date, redraft, by_claim, dropped)?;
            }
            if part.iter().any(|claim| by_claim.contains_key(claim) || rejected.contains(claim)) {
                self.price(&part, date, by_claim, dropped)?;
            }
        }
        Ok(())
    }

    /// Takes back what the first pass found, and could not evaluate, on one claim's own part of a day.
    fn withdraw(
        &mut self,
        claim: u32,
        date: Date,
        by_claim: &HashMap<u32, Vec<usize>>,
        dropped: &mut [bool],
    ) -> io::Result<()> {
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
    fn run(&self, claims: &[u32], copies: &[(u32, u32)], date: Date, out: &mut Out) -> io::Result<()> {
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
        run_day(&day, self.cx, out);
        Ok(())
    }

    /// Checks one payer's share of a shared day as a whole, in place of what each claim's part gave.
    fn rebuild(
        &mut self,
        claims: &[u32],
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
        self.out.add(&whole.lacks);
        for hit in whole.hits {
            let (mut draft, flagged) = redraft.redraft(&hit, &self.store)?;
            draft.day = Some(date);
            let claim = hit.primary.at.claim;
            by_claim.entry(claim).or_default().push(self.drafts.len());
            self.flagged.entry(claim).or_insert(flagged);
            self.drafts.push(draft);
            dropped.push(false);
        }
        Ok(())
    }

    /// Prices one payer's share of a patient's date, and puts dollars on its findings.
    fn price(
        &mut self,
        claims: &[u32],
        date: Date,
        by_claim: &HashMap<u32, Vec<usize>>,
        dropped: &[bool],
    ) -> io::Result<()> {
        let mut lines = Lines::default();
        for &claim in claims {
            self.store.lines_on(claim, date, &mut lines)?;
        }
        let fact = self.store.claim(claims[0])?;
        let basis =
            Basis::of(&self.cx.rules.profiles[usize::from(fact.profile)], self.cx.terms, fact.contract);
        let mut billing: Vec<u32> = lines.facts.iter().map(|line| line.billing).collect();
        billing.sort_unstable();
        billing.dedup();
        for provider in billing {
            let own: Vec<LineFact> =
                lines.facts.iter().filter(|line| line.billing == provider).copied().collect();
            let has_price = self.price_group(&own, &basis, claims, by_claim, dropped);
            self.priced.note(self.cx, &own, &fact, has_price);
        }
        Ok(())
    }

    /// Prices what one billing provider did that day, and says whether any of it has a price.
    fn price_group(
        &mut self,
        lines: &[LineFact],
        basis: &Basis<'_>,
        claims: &[u32],
        by_claim: &HashMap<u32, Vec<usize>>,
        dropped: &[bool],
    ) -> bool {
        let services: Vec<Service> = lines.iter().map(Service::of).collect();
        let index_of =
            |at: LineRef| lines.iter().position(|line| line.claim == at.claim && line.line == at.line);
        let mut wanted: Vec<usize> = claims
            .iter()
            .filter_map(|claim| by_claim.get(claim))
            .flatten()
            .copied()
            .filter(|&at| !dropped[at])
            .collect();
        // Whole lines first: units of a line that is lost as a whole are counted with it.
        wanted.sort_by_key(|&at| (matches!(self.drafts[at].takes, Takes::Units(_)), self.order(at)));
        let mut claimed = Vec::new();
        let mut whose = Vec::new();
        for at in wanted {
            let draft = &self.drafts[at];
            if draft.finding.severity == Severity::Info || draft.impact.class == MoneyClass::Rejection {
                continue;
            }
            let Some(taken) = taken(draft, index_of) else { continue };
            if draft.impact.class == MoneyClass::LostRevenue && is_denied(&taken, &claimed) {
                continue;
            }
            claimed.push(Claimed { class: draft.impact.class, amount: draft.impact.amount, takes: taken });
            whose.push(at);
        }
        let day = pricing::price_day(self.cx.reference, &services, *basis);
        for (line, price) in lines.iter().zip(&day.lines) {
            let allowed = self.allowed.entry(line.claim).or_default();
            match (price.net, price.gross) {
                (Some(net), Some(gross)) => {
                    allowed.dollars.net += net;
                    allowed.dollars.gross += gross;
                }
                _ => allowed.unpriced = true,
            }
            let shown = self
                .flagged
                .get_mut(&line.claim)
                .and_then(|claim| claim.lines.iter_mut().find(|shown| shown.line == line.line));
            if let Some(shown) = shown {
                (shown.net, shown.gross) = (price.net, price.gross);
                shown.minutes = shown.minutes.or(line.minutes);
            }
        }
        let has_price = day.lines.iter().any(|price| price.net.is_some());
        if claimed.is_empty() {
            return has_price;
        }
        let ledger = pricing::settle_day(self.cx.reference, &services, *basis, &claimed);
        for (&at, amount) in whose.iter().zip(&ledger.claimed) {
            self.drafts[at].finding.impact = Impact {
                class: amount.class,
                net: amount.dollars.map(|dollars| dollars.net),
                gross: amount.dollars.map(|dollars| dollars.gross),
                counted: amount.counted,
                unpriced: amount.unpriced,
            };
        }
        add(&mut self.columns.at_risk, ledger.at_risk);
        add(&mut self.columns.recoupment, ledger.recoupment);
        add(&mut self.columns.unbilled, ledger.unbilled);
        has_price
    }

    /// Rejections of one claim: everything it is allowed, once for each claim, apart from all else. Faults that keep
    /// out an envelope with all its claims are counted by [`envelope::count`].
    fn count_rejections(&mut self, dropped: &[bool], kept_out: &[Option<Range<u32>>]) {
        let mut order: Vec<usize> = (0..self.drafts.len()).filter(|&at| !dropped[at]).collect();
        order.retain(|&at| kept_out.get(at).is_none_or(Option::is_none));
        order.sort_by_key(|&at| self.order(at));
        for at in order {
            let draft = &mut self.drafts[at];
            let (Some(claim), MoneyClass::Rejection) = (draft.claim, draft.impact.class) else { continue };
            if draft.finding.severity == Severity::Info || draft.impact.amount != Amount::ClaimAllowed {
                continue;
            }
            let allowed =
                self.allowed.get(&claim).copied().unwrap_or(Allowed { unpriced: true, ..Allowed::default() });
            let counted = !allowed.unpriced && self.delayed.insert(claim);
            draft.finding.impact = Impact {
                class: MoneyClass::Rejection,
                net: (!allowed.unpriced).then_some(allowed.dollars.net),
                gross: (!allowed.unpriced).then_some(allowed.dollars.gross),
                counted,
                unpriced: allowed.unpriced,
            };
            if counted {
                add(&mut self.columns.delayed, allowed.dollars);
            }
        }
    }

    /// The dollars of a fault that keeps many claims out, each counted once; `None` where one has no price.
    pub(super) fn delay(&mut self, claims: impl Iterator<Item = u32>) -> (Option<Dollars>, bool) {
        let mut total = Dollars::default();
        let mut counted = false;
        let mut unpriced = false;
        for claim in claims {
            let Some(allowed) = self.allowed.get(&claim).copied() else {
                unpriced = true;
                continue;
            };
            unpriced |= allowed.unpriced;
            add(&mut total, allowed.dollars);
            if self.delayed.insert(claim) {
                counted = true;
                add(&mut self.columns.delayed, allowed.dollars);
            }
        }
        ((total != Dollars::default() || !unpriced).then_some(total), counted)
    }

    /// Which of two findings has a dollar. The code goes before the place, which is known only of claims at hand.
    fn order(&self, at: usize) -> (u32, u32, u16, &str, u64) {
        let finding = &self.drafts[at].finding;
        (finding.file, finding.claim, finding.line, &finding.code, finding.place.span.offset)
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

/// The units a draft takes hold of, as indexes into the services of a day; `None` if none of them is there.
fn taken(draft: &Draft, index_of: impl Fn(LineRef) -> Option<usize>) -> Option<Taken> {
    let own = draft.claim.map(|claim| LineRef { claim, line: draft.finding.line });
    match (&draft.takes, draft.impact.amount) {
        (_, Amount::None | Amount::ClaimAllowed) => None,
        (Takes::Units(units), _) => {
            let units: Vec<(usize, i32)> =
                units.iter().filter_map(|&(at, delta)| Some((index_of(at)?, delta))).collect();
            (!units.is_empty()).then_some(Taken::Units(units))
        }
        (Takes::Lines(lines), _) => {
            let lines: Vec<usize> = lines.iter().filter_map(|&at| index_of(at)).collect();
            (!lines.is_empty()).then_some(Taken::Lines(lines))
        }
        (Takes::Nothing, Amount::ExcessUnits | Amount::MissingUnits | Amount::Difference) => None,
        (Takes::Nothing | Takes::Claim, _) => index_of(own?).map(|line| Taken::Lines(vec![line])),
    }
}

/// Whether the units that could be added stand on a line that is denied as a whole: they would be denied with it.
fn is_denied(taken: &Taken, claimed: &[Claimed]) -> bool {
    let Taken::Units(units) = taken else { return false };
    let denied = |line: usize| {
        claimed.iter().any(|one| match &one.takes {
            Taken::Lines(lines) => one.class == MoneyClass::Denial && lines.contains(&line),
            Taken::Units(_) => false,
        })
    };
    units.iter().any(|&(line, delta)| delta > 0 && denied(line))
}

fn add(column: &mut Dollars, amount: Dollars) {
    column.net += amount.net;
    column.gross += amount.gross;
}
