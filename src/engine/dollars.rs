//! Dollars: each day with findings is priced and entered in the ledger, and each rejection in its own column.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;
use std::ops::Range;

use crate::checks::Takes;
use crate::claim::{Date, LineFact, LineRef, Units};
use crate::finding::{Columns, CountedIn, Dollars, Impact, MoneyClass, Severity, Unpriced};
use crate::pricing::{self, Basis, Claimed, DayLedger, DayPrice, LineLedger, Service, Slice, Taken};
use crate::reference::Reference;
use crate::rules::Amount;
use crate::side::PayerName;

use super::breakdown::{Owner, Payer, rate_of};
use super::draft::Draft;
use super::settle::{Redraft, Settling};
use super::store::Lines;

/// What a claim is allowed over all its days.
#[derive(Clone, Default)]
pub(super) struct Allowed {
    dollars: Dollars,
    payer: Payer,
    /// Who rendered its lines and when, with what they are allowed; most claims have one provider and one day.
    first: (Rendered, Dollars),
    others: Vec<(Rendered, Dollars)>,
    /// Whether some line has a price, and whether some line has none.
    priced: bool,
    unpriced: bool,
}

/// A provider's key and a date of service.
type Rendered = (u32, Date);

/// An amount on its way into the columns.
#[derive(Debug)]
pub(super) struct Counted {
    /// The draft that counts it.
    pub(super) at: usize,
    owner: Owner,
    class: MoneyClass,
    dollars: Dollars,
    expected: Dollars,
    /// Rules that take it and have no rate.
    unrated: Vec<u16>,
    /// The line of the owner's claim that shows it; 0 for none.
    line: u16,
}

impl Counted {
    /// Adds it to the column of its class.
    pub(super) fn add_to(&self, columns: &mut Columns) {
        if let Some(column) = columns.of_mut(self.class) {
            *column += self.dollars;
        }
    }
}

/// What a rejection delays.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delayed {
    /// The sum of the lines that have a price; `None` where no line has.
    dollars: Option<Dollars>,
    /// The draft that counts it: the rejection's own, if only for some of its claims.
    holder: Option<usize>,
    /// Whether some line has no price.
    unpriced: bool,
}

impl Allowed {
    fn add(&mut self, line: &LineFact, date: Date, paid: Option<Dollars>) {
        let Some(paid) = paid else {
            self.unpriced = true;
            return;
        };
        let rendered = (line.rendering, date);
        self.dollars += paid;
        if !self.priced {
            self.first.0 = rendered;
        }
        self.priced = true;
        if self.first.0 == rendered {
            self.first.1 += paid;
        } else if let Some((_, sum)) = self.others.iter_mut().find(|(other, _)| *other == rendered) {
            *sum += paid;
        } else {
            self.others.push((rendered, paid));
        }
    }

    fn parts(&self) -> impl Iterator<Item = (Rendered, Dollars)> + '_ {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }
}

impl Settling<'_> {
    /// Prices one payer's share of a patient's date, and puts dollars on its findings.
    pub(super) fn price(
        &mut self,
        claims: &[u32],
        date: Date,
        redraft: &mut dyn Redraft,
        by_claim: &HashMap<u32, Vec<usize>>,
        dropped: &[bool],
    ) -> io::Result<()> {
        let mut lines = Lines::default();
        for &claim in claims {
            self.store.lines_on(claim, date, &mut lines)?;
        }
        let fact = self.store.claim(claims[0])?;
        let payer = (fact.profile, fact.payer);
        let profile = &self.cx.rules.profiles[usize::from(fact.profile)];
        let basis = Basis::of(profile, self.cx.terms, fact.contract);
        let mut billing: Vec<u32> = lines.facts.iter().map(|line| line.billing).collect();
        billing.sort_unstable();
        billing.dedup();
        for provider in billing {
            let mut own: Vec<LineFact> =
                lines.facts.iter().filter(|line| line.billing == provider).copied().collect();
            own.sort_by_key(LineFact::day_order);
            let has_price =
                self.price_group(&own, date, &basis, payer, claims, redraft, by_claim, dropped)?;
            own.retain(|line| !self.store.is_history(line.claim));
            self.priced.note(self.cx, &own, &fact, has_price);
        }
        Ok(())
    }

    /// Prices what one billing provider did that day, and says whether any of it has a price.
    #[expect(clippy::too_many_arguments, reason = "what a day needs is held apart by those who call")]
    fn price_group(
        &mut self,
        lines: &[LineFact],
        date: Date,
        basis: &Basis<'_>,
        payer: Payer,
        claims: &[u32],
        redraft: &mut dyn Redraft,
        by_claim: &HashMap<u32, Vec<usize>>,
        dropped: &[bool],
    ) -> io::Result<bool> {
        let services: Vec<Service> = lines.iter().map(Service::of).collect();
        let index_of =
            |at: LineRef| lines.iter().position(|line| line.claim == at.claim && line.line == at.line);
        let mut wanted: Vec<usize> =
            claims.iter().filter_map(|claim| by_claim.get(claim)).flatten().copied().collect();
        wanted.retain(|&at| !dropped[at] && !self.drafts[at].is_suppressed());
        // Whole lines first: units of a line that is lost as a whole are counted with it. Last what a higher charge would
        // add, which is worth saying only of lines that are paid as billed.
        let turn = |draft: &Draft| match (&draft.takes, draft.impact.amount) {
            (_, Amount::ChargeShortfall) => 2,
            (Takes::Units(_), _) => 1,
            _ => 0,
        };
        wanted.sort_by_key(|&at| (turn(&self.drafts[at]), self.order(at)));
        let ncci = self.cx.rules.profiles[usize::from(payer.0)].ncci;
        let mut claimed = Vec::new();
        let mut whose = Vec::new();
        for at in wanted {
            let draft = &self.drafts[at];
            if draft.finding.severity == Severity::Info || draft.impact.class == MoneyClass::Rejection {
                continue;
            }
            let Some(mut taken) = taken(draft, index_of) else { continue };
            // Nor is a further unit of a line paid that is lost as a whole, or would be if it were billed.
            if let (Taken::Units(units), Amount::MissingUnits) = (&mut taken, draft.impact.amount) {
                let is_in_vain = |line: usize| {
                    let at = LineRef { claim: lines[line].claim, line: lines[line].line };
                    self.is_lost(line, &claimed, &whose)
                        || self.denied_before.contains(&at)
                        || (ncci && is_barred(self.cx.reference, lines, line))
                };
                units.retain(|&(line, delta)| delta < 0 || !is_in_vain(line));
                if units.is_empty() {
                    continue;
                }
            }
            // What a higher charge would add is lost with the units: no advice worth giving.
            if draft.impact.amount == Amount::ChargeShortfall && self.is_taken(&taken, &claimed, &whose) {
                self.pointless.push(at);
                continue;
            }
            claimed.push(Claimed { class: draft.impact.class, amount: draft.impact.amount, takes: taken });
            whose.push(at);
        }
        // What is claimed of a day is settled over the day as billed, so that is priced once.
        let ledger = pricing::settle_day(self.cx.reference, &services, *basis, &claimed);
        self.allow(lines, date, &ledger.price, payer);
        let has_price = ledger.price.lines.iter().any(|price| price.net.is_some());
        if !claimed.is_empty() {
            self.put_on_findings(&whose, &ledger);
            self.show_owners(lines, &ledger, redraft)?;
            for slice in &ledger.slices {
                self.enter(slice, &whose, payer, date, lines);
            }
        }
        self.show_prices(lines, &services, *basis, &ledger.price);
        Ok(has_price)
    }

    /// Whether a finding says for certain that one of these lines will not be paid, or that some of its units are not to be
    /// billed.
    fn is_taken(&self, taken: &Taken, claimed: &[Claimed], whose: &[usize]) -> bool {
        let Taken::Lines(lines) = taken else { return false };
        claimed.iter().zip(whose).any(|(one, &at)| match (one.class, &one.takes) {
            // Units of an assistant are billed rightly, under a modifier that pays less.
            _ if one.amount == Amount::AssistantReduction => false,
            (MoneyClass::Denial | MoneyClass::Recoupment, Taken::Units(units)) => {
                units.iter().any(|(line, delta)| *delta < 0 && lines.contains(line))
            }
            _ => lines.iter().any(|line| self.is_lost(*line, std::slice::from_ref(one), &[at])),
        })
    }

    /// Whether a finding says for certain that a line will not be paid.
    fn is_lost(&self, line: usize, claimed: &[Claimed], whose: &[usize]) -> bool {
        claimed.iter().zip(whose).any(|(one, &at)| {
            one.class == MoneyClass::Denial
                && self.drafts[at].finding.severity == Severity::Error
                && matches!(&one.takes, Taken::Lines(lost) if lost.contains(&line))
        })
    }

    /// Adds a day to what its claims are allowed in all.
    fn allow(&mut self, lines: &[LineFact], date: Date, day: &DayPrice, payer: Payer) {
        for (line, price) in lines.iter().zip(&day.lines) {
            let allowed = self.allowed.entry(line.claim).or_default();
            allowed.payer = payer;
            allowed.add(line, date, price.dollars());
        }
    }

    /// Writes a day's prices into the claims that reports show.
    fn show_prices(&mut self, lines: &[LineFact], services: &[Service], basis: Basis<'_>, day: &DayPrice) {
        for ((line, service), price) in lines.iter().zip(services).zip(&day.lines) {
            let claim = self.flagged.get_mut(&line.claim);
            let shown = claim.and_then(|claim| claim.lines.iter_mut().find(|shown| shown.line == line.line));
            if let Some(shown) = shown {
                (shown.net, shown.gross) = (price.net, price.gross);
                shown.minutes = shown.minutes.or(line.minutes);
                shown.unpriced = match line.units.and_then(Units::as_whole) {
                    _ if price.net.is_some() => Unpriced::default(),
                    None => Unpriced::Units,
                    Some(_) => pricing::why_unpriced(self.cx.reference, service, &basis),
                };
            }
        }
    }

    fn put_on_findings(&mut self, whose: &[usize], ledger: &DayLedger) {
        for (&at, amount) in whose.iter().zip(&ledger.claimed) {
            let counted_in = amount.counted_in.map(|holder| Box::new(self.named(whose[holder])));
            let lines = self.drafts[at].takes.lines();
            self.drafts[at].holder = amount.counted_in.map(|holder| whose[holder]);
            let finding = &mut self.drafts[at].finding;
            finding.impact = Impact {
                lines,
                class: amount.class,
                net: amount.dollars.map(|dollars| dollars.net),
                gross: amount.dollars.map(|dollars| dollars.gross),
                counted: amount.counted,
                unpriced: amount.unpriced,
            };
            finding.counted_in = counted_in;
        }
    }

    fn named(&self, at: usize) -> CountedIn {
        let finding = &self.drafts[at].finding;
        CountedIn {
            code: finding.code.clone(),
            file: finding.file,
            claim: finding.claim,
            line: finding.line,
            is_known: false,
        }
    }

    /// Counts a slice for its line, with what is expected to be lost of it.
    fn enter(&mut self, slice: &Slice, whose: &[usize], payer: Payer, date: Date, lines: &[LineFact]) {
        let (Some(&first), Some(line)) = (slice.takers.first(), lines.get(slice.line)) else { return };
        let at = whose[first];
        let rule = self.drafts[at].finding.rule;
        let owner = Owner { rule, claim: line.claim, payer, provider: line.rendering, date, shown: true };
        let (expected, unrated) = if slice.class == MoneyClass::Denial {
            self.expected_loss(slice, whose, payer)
        } else {
            Default::default()
        };
        // Time that is not billed has no line of its own: its dollars stand with the claim's first line of the day.
        let number = if line.is_unbilled_time() {
            lines.iter().filter(|one| one.claim == line.claim).map(|one| one.line).min()
        } else {
            Some(line.line)
        };
        let (class, dollars) = (slice.class, slice.dollars);
        self.count(Counted { at, owner, class, dollars, expected, unrated, line: number.unwrap_or(0) });
    }

    /// Enters an amount into the columns. With a baseline it waits until it is known which findings are new.
    fn count(&mut self, counted: Counted) {
        if self.baseline.is_some() {
            self.waiting.push(counted);
        } else {
            self.enter_now(&counted);
        }
    }

    /// Enters an amount into the run's columns and into those of its claim's line.
    pub(super) fn enter_now(&mut self, counted: &Counted) {
        let &Counted { owner, class, dollars, expected, line, .. } = counted;
        self.breakdown.enter(owner, class, dollars, expected);
        for &rule in &counted.unrated {
            self.breakdown.lacks_rate(rule);
        }
        if line > 0 && dollars != Dollars::default() {
            let claim = self.flagged.get_mut(&owner.claim);
            let shown = claim.and_then(|claim| claim.lines.iter_mut().find(|shown| shown.line == line));
            if let Some(shown) = shown {
                counted.add_to(&mut shown.columns);
            }
        }
    }

    /// What the findings that take a slice are expected to lose of it, at the user's rates, and the rules without a rate.
    fn expected_loss(&self, slice: &Slice, whose: &[usize], (profile, key): Payer) -> (Dollars, Vec<u16>) {
        let Some(rates) = self.rates.filter(|_| slice.dollars != Dollars::default()) else {
            return Default::default();
        };
        let profile = &self.cx.rules.profiles[usize::from(profile)].name;
        let payer = PayerName { profile, id: self.store.payer_name(key) };
        let mut known = Vec::with_capacity(slice.takers.len());
        let mut unrated = Vec::new();
        for &taker in &slice.takers {
            let draft = &self.drafts[whose[taker]];
            let finding = &draft.finding;
            match rate_of(rates, &finding.code, &finding.carc, draft.impact, payer) {
                Some(rate) => known.push(rate),
                None => unrated.push(finding.rule),
            }
        }
        (pricing::expected_loss(slice.dollars, &known), unrated)
    }

    /// Brings the claims of all lines that hold dollars into the report: a finding of another claim may take them.
    fn show_owners(
        &mut self,
        lines: &[LineFact],
        ledger: &DayLedger,
        redraft: &mut dyn Redraft,
    ) -> io::Result<()> {
        for (line, own) in lines.iter().zip(&ledger.lines) {
            if *own != LineLedger::default() && !self.flagged.contains_key(&line.claim) {
                let claim = redraft.flag(line.claim, &self.store)?;
                self.flagged.insert(line.claim, claim);
            }
        }
        Ok(())
    }

    /// Rejections of one claim: everything it is allowed, once for each claim, apart from all else. Faults that keep
    /// out an envelope with all its claims are counted by [`super::envelope::count`].
    pub(super) fn count_rejections(&mut self, dropped: &[bool], kept_out: &[Option<Range<u32>>]) {
        let mut order: Vec<usize> = (0..self.drafts.len()).filter(|&at| !dropped[at]).collect();
        order.retain(|&at| kept_out.get(at).is_none_or(Option::is_none));
        order.sort_by_key(|&at| self.order(at));
        for at in order {
            let draft = &self.drafts[at];
            if draft.finding.severity == Severity::Info || draft.is_suppressed() {
                continue;
            }
            let (Some(claim), MoneyClass::Rejection) = (draft.claim, draft.impact.class) else { continue };
            if draft.impact.amount != Amount::ClaimAllowed {
                continue;
            }
            // What may yet be accepted delays nothing for certain.
            if draft.finding.severity < Severity::Error {
                self.drafts[at].finding.impact = Impact { class: MoneyClass::Rejection, ..Impact::NONE };
                continue;
            }
            let delayed = self.delay(std::iter::once(claim), at);
            self.put_on_rejection(at, delayed);
        }
    }

    /// Puts what [`Settling::delay`] said on the finding of the draft `at`.
    pub(super) fn put_on_rejection(&mut self, at: usize, delayed: Delayed) {
        let Delayed { dollars, holder, unpriced } = delayed;
        let counted = dollars.is_some() && holder == Some(at);
        let counted_in = holder.filter(|_| !counted).map(|holder| Box::new(self.named(holder)));
        self.drafts[at].holder = holder.filter(|_| !counted);
        let finding = &mut self.drafts[at].finding;
        finding.impact = Impact {
            lines: 0,
            class: MoneyClass::Rejection,
            net: dollars.map(|dollars| dollars.net),
            gross: dollars.map(|dollars| dollars.gross),
            counted,
            unpriced,
        };
        finding.counted_in = counted_in;
    }

    /// What `claims` are allowed in all, counted as delayed by the draft `at` where no other has them yet.
    pub(super) fn delay(&mut self, claims: impl Iterator<Item = u32>, at: usize) -> Delayed {
        let rule = self.drafts[at].finding.rule;
        let mut delayed = Delayed { dollars: None, holder: None, unpriced: false };
        for claim in claims {
            let Some(allowed) = self.allowed.get(&claim) else {
                delayed.unpriced = true;
                continue;
            };
            delayed.unpriced |= allowed.unpriced;
            if !allowed.priced {
                continue;
            }
            *delayed.dollars.get_or_insert_default() += allowed.dollars;
            match self.delayed.entry(claim) {
                Entry::Occupied(earlier) => {
                    delayed.holder.get_or_insert(*earlier.get());
                }
                Entry::Vacant(place) => {
                    place.insert(at);
                    delayed.holder = Some(at);
                    let shown = self.flagged.contains_key(&claim);
                    let allowed = allowed.clone();
                    for ((provider, date), dollars) in allowed.parts() {
                        let owner = Owner { rule, claim, payer: allowed.payer, provider, date, shown };
                        self.count(Counted {
                            at,
                            owner,
                            class: MoneyClass::Rejection,
                            dollars,
                            expected: Dollars::default(),
                            unrated: Vec::new(),
                            line: 0,
                        });
                    }
                }
            }
        }
        delayed
    }

    /// Which of two findings has a dollar: by rule, and only then by place, which is no reason.
    pub(super) fn order(&self, at: usize) -> (&str, u32, u32, u16, u64) {
        let finding = &self.drafts[at].finding;
        (&finding.code, finding.file, finding.claim, finding.line, finding.place.span.offset)
    }
}

/// Whether a service that is not billed would be column 2 of a pair, beside one that is, which no modifier separates.
fn is_barred(reference: &Reference, lines: &[LineFact], line: usize) -> bool {
    let own = &lines[line];
    let is_billed = |line: &LineFact| line.units.is_some_and(|units| units.0 > 0);
    !is_billed(own)
        && lines.iter().any(|other| {
            let pair = || reference.ncci_pair(other.code, own.code, own.date);
            is_billed(other)
                && other.rendering == own.rendering
                && pair().is_some_and(|pair| pair.indicator == 0 && !pair.uncertain)
        })
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
        (
            Takes::Nothing,
            Amount::ExcessUnits | Amount::MissingUnits | Amount::Difference | Amount::AssistantReduction,
        ) => None,
        (Takes::Nothing | Takes::Claim, _) => index_of(own?).map(|line| Taken::Lines(vec![line])),
    }
}
