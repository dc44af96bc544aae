use std::cmp::Ordering;
use std::ops::Range;

use crate::finding::{Dollars, MoneyClass};
use crate::reference::Reference;
use crate::rules::Amount;

use super::basis::Basis;
use super::day::{DayPrice, PricedServices};
use super::service::Service;
use super::sharing::{at_most, gain, plus, shares_of_gain, shares_of_loss, sign, size};

/// The units a finding lays its hand on. Indexes are of the day's services.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Taken {
    /// All units of these lines.
    Lines(Vec<usize>),
    /// Units taken off lines (negative) or missing on them (positive).
    Units(Vec<(usize, i32)>),
}

/// What one finding claims of the day's money.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claimed {
    /// The column its rule names.
    pub class: MoneyClass,
    /// How it is worth what it takes.
    pub amount: Amount,
    /// What it takes.
    pub takes: Taken,
}

/// What one finding is worth by itself, whatever the others are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ClaimedAmount {
    /// The column. A difference turns into recoupment or lost revenue; no difference into none.
    pub class: MoneyClass,
    /// Both bases. `None`: no dollars, or unpriced.
    pub dollars: Option<Dollars>,
    /// Whether the totals hold its dollars; otherwise every unit it takes is counted with another finding.
    pub counted: bool,
    /// Where it is not counted, the one that counts the units it takes, by index. `None` where it takes none.
    pub counted_in: Option<usize>,
    /// Whether dollars were wanted and for some of them no fee is known for code and date.
    pub unpriced: bool,
}

/// Units of one line whose dollars stand in one column, once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slice {
    /// The service, by index.
    pub line: usize,
    /// The column: denial, recoupment or lost revenue.
    pub class: MoneyClass,
    /// Its dollars.
    pub dollars: Dollars,
    /// The findings of that class that take it, by index. The first one counts it.
    pub takers: Vec<usize>,
    /// Its units, counted from the line's last one; of lost revenue, from the first one that is missing.
    pub(super) units: Range<u32>,
}

/// One line's part of the day's columns.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LineLedger {
    /// Denial risk.
    pub at_risk: Dollars,
    /// Recoupment risk, on units that no denial takes.
    pub recoupment: Dollars,
    /// Documented but not billed.
    pub unbilled: Dollars,
}

/// One day's money, every dollar counted once.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DayLedger {
    /// One for each [`Claimed`], in the same order.
    pub claimed: Vec<ClaimedAmount>,
    /// One for each service, in the same order.
    pub lines: Vec<LineLedger>,
    /// The day as billed.
    pub price: DayPrice,
    /// Denial risk of the day; with `recoupment` never more than the day is allowed.
    pub at_risk: Dollars,
    /// Recoupment risk of the day.
    pub recoupment: Dollars,
    /// Documented but not billed; never set off against the other columns.
    pub unbilled: Dollars,
    /// What the columns are made of. Those of one line and class add up to the line's part of the column.
    pub slices: Vec<Slice>,
}

/// Counts the dollars of one patient's day with one billing provider, each once.
///
/// Denial goes before recoupment. A line that a denial takes whole (amount: line allowed) is at risk with what it is
/// paid in the day as billed. Of the other lines the units that denials take are taken off together, and the loss is
/// shared among the lines; recoupment then does the same with units that are left. A finding that takes *n* units of
/// a line takes its last *n*, so that two findings of one unit on one line take the same unit. What is paid less for an
/// assistant's units comes after both, on units that are left. Lost revenue is the
/// day as billed against the day with all missing units, and what is charged below the allowed amount. Rejections and
/// whole-claim amounts are not of the day: they get no dollars here.
///
/// Of several findings that take a unit the first in `claims` counts it, those that take the whole line before others.
pub fn settle_day(
    reference: &Reference,
    services: &[Service],
    basis: Basis<'_>,
    claims: &[Claimed],
) -> DayLedger {
    let day = PricedServices::new(reference, services, basis);
    let mut settling = Settling::new(&day, claims);
    settling.take(MoneyClass::Denial);
    settling.take(MoneyClass::Recoupment);
    settling.differences();
    settling.assistants();
    settling.lost_revenue();
    settling.shortfalls();
    settling.count();
    let Settling { claimed, lines, price, slices, .. } = settling;
    let sum = |column: fn(&LineLedger) -> Dollars| lines.iter().map(column).fold(Dollars::default(), plus);
    let (at_risk, recoupment, unbilled) =
        (sum(|line| line.at_risk), sum(|line| line.recoupment), sum(|line| line.unbilled));
    DayLedger { claimed, lines, price, at_risk, recoupment, unbilled, slices }
}

/// A finding's hand on the last `count` units of a line (of lost revenue: on that many missing ones).
#[derive(Clone, Copy)]
struct Hold {
    finding: usize,
    line: usize,
    count: u32,
    /// Whether the line is worth to it what it is paid in the day as billed.
    whole: bool,
}

struct Settling<'d, 's> {
    day: &'d PricedServices<'s>,
    claims: &'d [Claimed],
    billed: Vec<u32>,
    price: DayPrice,
    claimed: Vec<ClaimedAmount>,
    lines: Vec<LineLedger>,
    slices: Vec<Slice>,
    /// How many of each line's last units are taken.
    taken: Vec<u32>,
    /// The day's units less those that shared losses have taken off.
    units: Vec<u32>,
}

impl<'d, 's> Settling<'d, 's> {
    fn new(day: &'d PricedServices<'s>, claims: &'d [Claimed]) -> Self {
        let price = day.as_billed();
        let count = price.lines.len();
        Settling {
            day,
            claims,
            billed: day.billed_units(),
            claimed: claims.iter().map(|claimed| alone(day, &price, claimed)).collect(),
            price,
            lines: vec![LineLedger::default(); count],
            slices: Vec::new(),
            taken: vec![0; count],
            units: day.billed_units(),
        }
    }

    /// Findings of `class`: what lines taken whole are paid in the day as billed; of the others, all units that are
    /// taken off the day at once, the loss shared.
    fn take(&mut self, class: MoneyClass) {
        let holds = self.holds(class);
        if holds.is_empty() {
            return;
        }
        let mut removed = vec![0; self.units.len()];
        let mut whole = vec![false; self.units.len()];
        for hold in &holds {
            whole[hold.line] |= hold.whole;
            // Units already taken by a stronger class are the same last units of the line.
            let fresh = hold.count.saturating_sub(self.taken[hold.line]);
            removed[hold.line] = fresh.max(removed[hold.line]);
        }
        let shared: Vec<u32> =
            removed.iter().zip(&whole).map(|(count, whole)| if *whole { 0 } else { *count }).collect();
        let shares = shares_of_loss(self.day, &mut self.units, &shared);
        for (line, share) in shares.into_iter().enumerate() {
            if removed[line] == 0 {
                continue;
            }
            let left = self.left(line);
            let amount = if whole[line] { left } else { at_most(share, left) };
            self.put(line, class, amount, &holds);
            self.taken[line] += removed[line];
        }
    }

    /// The hands that findings of `class` lay on units of the day: on whole lines first, then as the findings stand.
    fn holds(&self, class: MoneyClass) -> Vec<Hold> {
        let mut holds = Vec::new();
        for (finding, (claimed, own)) in self.claims.iter().zip(&self.claimed).enumerate() {
            if claimed.class != class || own.dollars.is_none() {
                continue;
            }
            match claimed.amount {
                Amount::LineAllowed => {
                    holds.extend(lines_of(&claimed.takes).into_iter().filter_map(|line| {
                        self.price.lines.get(line)?.dollars()?;
                        Some(Hold { finding, line, count: self.billed[line], whole: true })
                    }))
                }
                Amount::ExcessUnits if !moves_units(claimed, &self.billed) => {
                    let off = units_off(&claimed.takes, &self.billed);
                    holds.extend(off.map(|(line, count)| Hold { finding, line, count, whole: false }));
                }
                _ => {}
            }
        }
        // Units of a line that is lost as a whole are counted with it.
        holds.sort_by_key(|hold| !hold.whole);
        holds
    }

    /// What a line is paid in the day as billed and no column holds yet.
    fn left(&self, line: usize) -> Dollars {
        let paid = self.price.lines[line].dollars().unwrap_or_default();
        gain(paid, plus(self.lines[line].at_risk, self.lines[line].recoupment))
    }

    /// Enters `amount` for the units of `line` that `holds` take and nobody has taken before, cut where the findings
    /// that take them change.
    fn put(&mut self, line: usize, class: MoneyClass, amount: Dollars, holds: &[Hold]) {
        let column = match class {
            MoneyClass::Denial => &mut self.lines[line].at_risk,
            MoneyClass::LostRevenue => &mut self.lines[line].unbilled,
            _ => &mut self.lines[line].recoupment,
        };
        *column = plus(*column, amount);
        let first = if class == MoneyClass::LostRevenue { 0 } else { self.taken[line] };
        let on_line = || holds.iter().filter(move |hold| hold.line == line && hold.count > first);
        let mut ends: Vec<u32> = on_line().map(|hold| hold.count).collect();
        ends.sort_unstable();
        ends.dedup();
        let mut left = amount;
        let mut start = first;
        for (place, &end) in ends.iter().enumerate() {
            let last = place + 1 == ends.len();
            let dollars = if last { left } else { at_most(self.worth(line, class, start..end), left) };
            left = gain(left, dollars);
            let takers = on_line().filter(|hold| hold.count >= end).map(|hold| hold.finding).collect();
            self.slices.push(Slice { line, class, dollars, takers, units: start..end });
            start = end;
        }
    }

    /// What these units of a line, and no others, are worth beside the day as billed.
    fn worth(&self, line: usize, class: MoneyClass, units: Range<u32>) -> Dollars {
        let day_with = |count: u32| {
            let mut changed = self.billed.clone();
            changed[line] = match class {
                MoneyClass::LostRevenue => changed[line].saturating_add(count),
                _ => changed[line].saturating_sub(count),
            };
            self.day.with(&changed).total()
        };
        let (before, after) = (day_with(units.start), day_with(units.end));
        if class == MoneyClass::LostRevenue { gain(after, before) } else { gain(before, after) }
    }

    /// Allocations that pay more as billed: what moving the units would cost, where the units are still there.
    fn differences(&mut self) {
        for (finding, claimed) in self.claims.iter().enumerate() {
            let own = self.claimed[finding];
            let wanted = claimed.amount == Amount::Difference || moves_units(claimed, &self.billed);
            if !wanted || own.class != MoneyClass::Recoupment || own.dollars.is_none() {
                continue;
            }
            // From the lowest rank in the reduction to the highest, as losses are shared: the order of lines decides nothing.
            let mut off: Vec<(usize, u32)> = units_off(&claimed.takes, &self.billed).collect();
            let by_rank = self.day.lines_by_rank();
            off.sort_by_key(|(line, _)| by_rank.iter().position(|known| known == line));
            if !off.iter().all(|&(line, count)| self.billed[line] - self.taken[line] >= count) {
                continue;
            }
            let mut moved = self.units.clone();
            for &(line, count) in &off {
                moved[line] = moved[line].saturating_sub(count);
            }
            for (line, count) in units_on(&claimed.takes, &self.billed) {
                moved[line] = moved[line].saturating_add(count);
            }
            let mut left = gain(self.day.with(&self.units).total(), self.day.with(&moved).total());
            self.units = moved;
            for &(line, count) in &off {
                let part = at_most(left, self.left(line));
                left = gain(left, part);
                let hold = Hold { finding, line, count: self.taken[line] + count, whole: false };
                self.put(line, MoneyClass::Recoupment, part, &[hold]);
                self.taken[line] += count;
            }
        }
    }

    /// Units of an assistant that are billed as the therapist's: what is paid less for those that nobody has taken.
    fn assistants(&mut self) {
        for (finding, claimed) in self.claims.iter().enumerate() {
            let own = self.claimed[finding];
            let is_wanted = claimed.amount == Amount::AssistantReduction
                && matches!(own.class, MoneyClass::Denial | MoneyClass::Recoupment)
                && own.dollars.is_some();
            if !is_wanted {
                continue;
            }
            let named: Vec<(usize, u32)> = units_off(&claimed.takes, &self.billed).collect();
            for (line, count) in named {
                let fresh = count.saturating_sub(self.taken[line]);
                if fresh == 0 {
                    continue;
                }
                let reduction = self.day.assistant_reduction(line, fresh, &self.units).unwrap_or_default();
                let amount = at_most(reduction, self.left(line));
                let hold = Hold { finding, line, count, whole: false };
                self.put(line, own.class, amount, &[hold]);
                self.taken[line] += fresh;
            }
        }
    }

    /// Missing units, the union of all findings' at once, against the day as billed.
    fn lost_revenue(&mut self) {
        let (mut added, mut moved) = (vec![0; self.billed.len()], vec![0; self.billed.len()]);
        let mut holds = Vec::new();
        for (finding, (claimed, own)) in self.claims.iter().zip(&self.claimed).enumerate() {
            let wanted = matches!(claimed.amount, Amount::MissingUnits | Amount::Difference);
            if !wanted || own.class != MoneyClass::LostRevenue || own.dollars.is_none() {
                continue;
            }
            for (line, count) in units_on(&claimed.takes, &self.billed) {
                added[line] = count.max(added[line]);
                holds.push(Hold { finding, line, count, whole: false });
            }
            for (line, count) in units_off(&claimed.takes, &self.billed) {
                moved[line] = count.max(moved[line]);
            }
        }
        for (line, share) in shares_of_gain(self.day, &added, &moved).into_iter().enumerate() {
            if added[line] > 0 {
                self.put(line, MoneyClass::LostRevenue, share, &holds);
            }
        }
    }

    /// What is charged below the allowed amount: lost beside the missing units, which are worth their own charge.
    fn shortfalls(&mut self) {
        let is_wanted = |(claimed, own): &(&Claimed, &ClaimedAmount)| {
            claimed.amount == Amount::ChargeShortfall
                && own.class == MoneyClass::LostRevenue
                && own.dollars.is_some()
        };
        let mut takers: Vec<Vec<usize>> = vec![Vec::new(); self.billed.len()];
        for (finding, pair) in self.claims.iter().zip(&self.claimed).enumerate() {
            if is_wanted(&pair) {
                for line in lines_of(&pair.0.takes) {
                    if let Some(takers) = takers.get_mut(line) {
                        takers.push(finding);
                    }
                }
            }
        }
        if takers.iter().all(Vec::is_empty) {
            return;
        }
        // Charges are lifted one after the other, the highest rank first, so that the shares are the day's gain.
        let mut lifted = Vec::new();
        let mut before = self.price.total();
        for line in self.day.lines_by_rank().into_iter().rev() {
            let takers = std::mem::take(&mut takers[line]);
            if takers.is_empty() {
                continue;
            }
            lifted.push(line);
            let after = self.day.lifted(&lifted).total();
            let dollars = gain(after, before);
            before = after;
            self.lines[line].unbilled = plus(self.lines[line].unbilled, dollars);
            // It takes no unit: the charge is short, whatever their number.
            self.slices.push(Slice { line, class: MoneyClass::LostRevenue, units: 0..0, dollars, takers });
        }
    }

    /// Says of each finding whether the totals hold its dollars, or whose they hold instead.
    fn count(&mut self) {
        for (finding, (claimed, own)) in self.claims.iter().zip(&mut self.claimed).enumerate() {
            if own.dollars.is_none() {
                continue;
            }
            own.counted = self.slices.iter().any(|slice| slice.takers.first() == Some(&finding));
            if own.counted {
                continue;
            }
            if claimed.amount == Amount::ChargeShortfall {
                let holder = self.slices.iter().find(|slice| slice.takers.contains(&finding));
                own.counted_in = holder.and_then(|slice| slice.takers.first().copied());
                continue;
            }
            let missing = own.class == MoneyClass::LostRevenue;
            let takes: Vec<(usize, u32)> = if missing {
                units_on(&claimed.takes, &self.billed).collect()
            } else {
                match claimed.amount {
                    Amount::LineAllowed => {
                        lines_of(&claimed.takes).iter().map(|&line| (line, u32::MAX)).collect()
                    }
                    _ => units_off(&claimed.takes, &self.billed).collect(),
                }
            };
            let holder = |(line, count): &(usize, u32)| {
                let is_it = |slice: &&Slice| {
                    slice.line == *line
                        && (slice.class == MoneyClass::LostRevenue) == missing
                        && !slice.units.is_empty()
                        && slice.units.start < *count
                };
                self.slices.iter().find(is_it).and_then(|slice| slice.takers.first().copied())
            };
            own.counted_in = takes.iter().find_map(holder);
        }
    }
}

/// What a finding is worth by itself.
fn alone(day: &PricedServices<'_>, price: &DayPrice, claimed: &Claimed) -> ClaimedAmount {
    let worth = |class, dollars: Option<Dollars>| ClaimedAmount {
        class,
        dollars,
        counted: false,
        counted_in: None,
        unpriced: dollars.is_none(),
    };
    let nothing = ClaimedAmount { unpriced: false, ..worth(claimed.class, None) };
    let takes_nothing = match &claimed.takes {
        Taken::Lines(lines) => lines.is_empty(),
        Taken::Units(units) => units.is_empty(),
    };
    if takes_nothing || matches!(claimed.class, MoneyClass::Rejection | MoneyClass::None) {
        return nothing;
    }
    let deltas = || deltas_of(&claimed.takes, &day.billed_units());
    match claimed.amount {
        Amount::None | Amount::ClaimAllowed => nothing,
        Amount::LineAllowed => {
            let lines = lines_of(&claimed.takes);
            let paid = |line: &usize| price.lines.get(*line)?.dollars();
            let known = lines.iter().filter_map(paid).reduce(plus);
            ClaimedAmount {
                unpriced: lines.iter().any(|line| paid(line).is_none()),
                ..worth(claimed.class, known)
            }
        }
        Amount::ExcessUnits => {
            let loss = day.difference(&deltas());
            worth(claimed.class, loss.map(|loss| gain(loss, Dollars::default())))
        }
        Amount::MissingUnits => {
            let loss = day.difference(&deltas());
            worth(claimed.class, loss.map(|loss| gain(Dollars::default(), loss)))
        }
        Amount::AssistantReduction => {
            let billed = day.billed_units();
            let parts = units_off(&claimed.takes, &billed)
                .map(|(line, count)| day.assistant_reduction(line, count, &billed));
            let sum = parts.collect::<Option<Vec<Dollars>>>();
            worth(claimed.class, sum.map(|parts| parts.into_iter().fold(Dollars::default(), plus)))
        }
        Amount::ChargeShortfall => {
            let own = lines_of(&claimed.takes).into_iter().filter_map(|line| day.shortfall(line));
            worth(claimed.class, own.reduce(plus))
        }
        Amount::Difference => match day.difference(&deltas()) {
            None => worth(claimed.class, None),
            Some(loss) => {
                let class = match sign(loss) {
                    Ordering::Greater => MoneyClass::Recoupment,
                    Ordering::Less => MoneyClass::LostRevenue,
                    Ordering::Equal => MoneyClass::None,
                };
                worth(class, Some(size(loss)))
            }
        },
    }
}

/// Whether excess units of one line stand against units that another line lacks: what is lost is the difference.
fn moves_units(claimed: &Claimed, billed: &[u32]) -> bool {
    claimed.amount == Amount::ExcessUnits
        && claimed.class == MoneyClass::Recoupment
        && units_on(&claimed.takes, billed).next().is_some()
}

/// The lines named, each once.
fn lines_of(takes: &Taken) -> Vec<usize> {
    let mut lines = match takes {
        Taken::Lines(lines) => lines.clone(),
        Taken::Units(units) => units.iter().map(|&(line, _)| line).collect(),
    };
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// Units added to and taken off each service, each named once; taking a line takes all its units.
fn deltas_of(takes: &Taken, billed: &[u32]) -> Vec<(usize, i32)> {
    let stated: Vec<(usize, i32)> = match takes {
        Taken::Lines(_) => lines_of(takes)
            .into_iter()
            .map(|line| {
                let all = billed.get(line).copied().unwrap_or(0);
                (line, i32::try_from(all).map_or(i32::MIN, |all| -all))
            })
            .collect(),
        Taken::Units(units) => units.clone(),
    };
    let mut deltas: Vec<(usize, i32)> = Vec::with_capacity(stated.len());
    for (line, delta) in stated {
        match deltas.iter_mut().find(|(known, _)| *known == line) {
            Some((_, sum)) => *sum = sum.saturating_add(delta),
            None => deltas.push((line, delta)),
        }
    }
    deltas
}

fn units_off<'t>(takes: &'t Taken, billed: &'t [u32]) -> impl Iterator<Item = (usize, u32)> + 't {
    deltas_of(takes, billed).into_iter().filter_map(move |(line, delta)| {
        let &units = billed.get(line)?;
        (delta < 0).then(|| (line, delta.unsigned_abs().min(units)))
    })
}

fn units_on(takes: &Taken, billed: &[u32]) -> impl Iterator<Item = (usize, u32)> {
    let lines = billed.len();
    let added = match takes {
        Taken::Lines(_) => Vec::new(),
        Taken::Units(_) => deltas_of(takes, billed),
    };
    added
        .into_iter()
        .filter(move |&(line, delta)| line < lines && delta > 0)
        .map(|(line, delta)| (line, delta.unsigned_abs()))
}
