use std::cmp::Ordering;

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
    /// Whether dollars were wanted and no fee is known for code and date.
    pub unpriced: bool,
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
}

/// Counts the dollars of one patient's day with one billing provider, each once.
///
/// Denial goes before recoupment. A line that a denial takes whole (amount: line allowed) is at risk with what it is
/// paid in the day as billed. Of the other lines the units that denials take are taken off together, and the loss is
/// shared among the lines; recoupment then does the same with units that are left. A finding that takes *n* units of
/// a line takes its last *n*, so that two findings of one unit on one line take the same unit. Lost revenue is the
/// day as billed against the day with all missing units. Rejections and whole-claim amounts are not of the day: they
/// get no dollars here.
pub fn settle_day(
    reference: &Reference,
    services: &[Service],
    basis: Basis<'_>,
    claims: &[Claimed],
) -> DayLedger {
    let day = PricedServices::new(reference, services, basis);
    let mut settling = Settling::new(&day, claims);
    settling.whole_lines(MoneyClass::Denial);
    settling.excess_units(MoneyClass::Denial);
    settling.whole_lines(MoneyClass::Recoupment);
    settling.excess_units(MoneyClass::Recoupment);
    settling.differences();
    settling.lost_revenue();
    let Settling { claimed, lines, price, .. } = settling;
    let sum = |column: fn(&LineLedger) -> Dollars| lines.iter().map(column).fold(Dollars::default(), plus);
    let (at_risk, recoupment, unbilled) =
        (sum(|line| line.at_risk), sum(|line| line.recoupment), sum(|line| line.unbilled));
    DayLedger { claimed, lines, price, at_risk, recoupment, unbilled }
}

struct Settling<'d, 's> {
    day: &'d PricedServices<'s>,
    claims: &'d [Claimed],
    price: DayPrice,
    claimed: Vec<ClaimedAmount>,
    lines: Vec<LineLedger>,
    /// Lines of which every unit is taken.
    gone: Vec<bool>,
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
            claimed: claims.iter().map(|claimed| alone(day, &price, claimed)).collect(),
            price,
            lines: vec![LineLedger::default(); count],
            gone: vec![false; count],
            units: day.billed_units(),
        }
    }

    /// Findings of `class` that take what their lines are paid in the day as billed.
    fn whole_lines(&mut self, class: MoneyClass) {
        for (claimed, own) in self.claims.iter().zip(&mut self.claimed) {
            if claimed.class != class || claimed.amount != Amount::LineAllowed || own.dollars.is_none() {
                continue;
            }
            for line in lines_of(&claimed.takes) {
                let Some(paid) = self.price.lines.get(line).and_then(|line| line.dollars()) else { continue };
                if std::mem::replace(&mut self.gone[line], true) || self.units[line] == 0 {
                    continue;
                }
                own.counted = true;
                let ledger = &mut self.lines[line];
                match class {
                    MoneyClass::Denial => ledger.at_risk = paid,
                    _ => ledger.recoupment = gain(paid, ledger.at_risk),
                }
            }
        }
    }

    /// Findings of `class` that take units: all of them off the day at once, the loss shared.
    fn excess_units(&mut self, class: MoneyClass) {
        let billed = self.day.billed_units();
        let mut removed = vec![0; self.units.len()];
        for (claimed, own) in self.claims.iter().zip(&mut self.claimed) {
            let wanted = claimed.class == class && claimed.amount == Amount::ExcessUnits;
            if !wanted || own.dollars.is_none() || moves_units(claimed, &billed) {
                continue;
            }
            for (line, count) in units_off(&claimed.takes, &billed) {
                // Units already taken by a stronger class are the same last units of the line.
                let already = billed[line] - self.units[line];
                let fresh = count.saturating_sub(already);
                if !self.gone[line] && fresh > removed[line] {
                    removed[line] = fresh;
                    own.counted = true;
                }
            }
        }
        let shares = shares_of_loss(self.day, &mut self.units, &removed);
        for (line, share) in shares.into_iter().enumerate() {
            self.put(line, share, class);
        }
    }

    /// Allocations that pay more as billed: what moving the units would cost, where the units are still there.
    fn differences(&mut self) {
        let billed = self.day.billed_units();
        for (claimed, own) in self.claims.iter().zip(&mut self.claimed) {
            let wanted = claimed.amount == Amount::Difference || moves_units(claimed, &billed);
            if !wanted || own.class != MoneyClass::Recoupment || own.dollars.is_none() {
                continue;
            }
            let off: Vec<(usize, u32)> = units_off(&claimed.takes, &billed).collect();
            if !off.iter().all(|&(line, count)| !self.gone[line] && self.units[line] >= count) {
                continue;
            }
            let mut moved = self.units.clone();
            for &(line, count) in &off {
                moved[line] -= count;
            }
            for (line, count) in units_on(&claimed.takes, &billed) {
                moved[line] = moved[line].saturating_add(count);
            }
            let mut left = gain(self.day.with(&self.units).total(), self.day.with(&moved).total());
            self.units = moved;
            own.counted = true;
            for &(line, _) in &off {
                let ledger = &mut self.lines[line];
                let paid = self.price.lines[line].dollars().unwrap_or_default();
                let part = at_most(left, gain(paid, plus(ledger.at_risk, ledger.recoupment)));
                ledger.recoupment = plus(ledger.recoupment, part);
                left = gain(left, part);
            }
        }
    }

    /// Missing units, the union of all findings' at once, against the day as billed.
    fn lost_revenue(&mut self) {
        let billed = self.day.billed_units();
        let (mut added, mut moved) = (vec![0; billed.len()], vec![0; billed.len()]);
        for (claimed, own) in self.claims.iter().zip(&mut self.claimed) {
            let wanted = matches!(claimed.amount, Amount::MissingUnits | Amount::Difference);
            if !wanted || own.class != MoneyClass::LostRevenue || own.dollars.is_none() {
                continue;
            }
            for (line, count) in units_on(&claimed.takes, &billed) {
                if count > added[line] {
                    added[line] = count;
                    own.counted = true;
                }
            }
            for (line, count) in units_off(&claimed.takes, &billed) {
                moved[line] = count.max(moved[line]);
            }
        }
        for (ledger, share) in self.lines.iter_mut().zip(shares_of_gain(self.day, &added, &moved)) {
            ledger.unbilled = share;
        }
    }

    /// Puts a share into its column, as far as the line is paid for it in the day as billed.
    fn put(&mut self, line: usize, share: Dollars, class: MoneyClass) {
        let paid = self.price.lines[line].dollars().unwrap_or_default();
        let ledger = &mut self.lines[line];
        let left = gain(paid, plus(ledger.at_risk, ledger.recoupment));
        let column = if class == MoneyClass::Denial { &mut ledger.at_risk } else { &mut ledger.recoupment };
        *column = plus(*column, at_most(share, left));
    }
}

/// What a finding is worth by itself.
fn alone(day: &PricedServices<'_>, price: &DayPrice, claimed: &Claimed) -> ClaimedAmount {
    let worth = |class, dollars: Option<Dollars>| ClaimedAmount {
        class,
        dollars,
        counted: false,
        unpriced: dollars.is_none(),
    };
    let takes_nothing = match &claimed.takes {
        Taken::Lines(lines) => lines.is_empty(),
        Taken::Units(units) => units.is_empty(),
    };
    if takes_nothing || matches!(claimed.class, MoneyClass::Rejection | MoneyClass::None) {
        return ClaimedAmount { class: claimed.class, dollars: None, counted: false, unpriced: false };
    }
    let deltas = || deltas_of(&claimed.takes, &day.billed_units());
    match claimed.amount {
        Amount::None | Amount::ClaimAllowed => {
            ClaimedAmount { class: claimed.class, dollars: None, counted: false, unpriced: false }
        }
        Amount::LineAllowed => {
            let paid =
                lines_of(&claimed.takes).into_iter().filter_map(|line| price.lines.get(line)?.dollars());
            worth(claimed.class, paid.reduce(plus))
        }
        Amount::ExcessUnits => {
            let loss = day.difference(&deltas());
            worth(claimed.class, loss.map(|loss| gain(loss, Dollars::default())))
        }
        Amount::MissingUnits => {
            let loss = day.difference(&deltas());
            worth(claimed.class, loss.map(|loss| gain(Dollars::default(), loss)))
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
