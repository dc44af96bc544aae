use crate::claim::Cents;
use crate::finding::Dollars;
use crate::reference::Reference;

use super::basis::Basis;
use super::service::{Service, changed_units};
use super::sharing::gain;
use super::worth::{UnitWorth, Worth};

/// What one line is paid on the day. Both amounts are there, or neither.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LinePrice {
    /// By the payer's profile. `None`: no fee is known.
    pub net: Option<Cents>,
    /// At the flat schedule. `None`: no fee is known.
    pub gross: Option<Cents>,
}

impl LinePrice {
    const fn of(net: Cents, gross: Cents) -> LinePrice {
        LinePrice { net: Some(net), gross: Some(gross) }
    }

    /// Both amounts, where a fee is known.
    pub fn dollars(&self) -> Option<Dollars> {
        Some(Dollars { net: self.net?, gross: self.gross? })
    }
}

/// What the lines of a day are paid, in the order of the services.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DayPrice {
    /// One for each service.
    pub lines: Vec<LinePrice>,
}

impl DayPrice {
    /// By the payer's profile; unpriced lines are passed over.
    pub fn net_total(&self) -> Cents {
        self.lines.iter().filter_map(|line| line.net).sum()
    }

    /// At the flat schedule; unpriced lines are passed over.
    pub fn gross_total(&self) -> Cents {
        self.lines.iter().filter_map(|line| line.gross).sum()
    }

    pub(super) fn total(&self) -> Dollars {
        Dollars { net: self.net_total(), gross: self.gross_total() }
    }
}

/// Prices one patient's day with one billing provider.
///
/// The one unit with the highest practice expense is paid in full and every other unit of a therapy code with the
/// reduced one (CMS Therapy Services, MPPR; Pub. 100-04 ch. 5 s. 10.7); a tie goes to the higher full amount, as far
/// as the line's charge lets it be paid, then to the earlier line. Then each line is paid the lesser of that and its charge.
pub fn price_day(reference: &Reference, services: &[Service], basis: Basis<'_>) -> DayPrice {
    PricedServices::new(reference, services, basis).as_billed()
}

/// What the day loses by `deltas` (units taken from services or added to them): as billed less the alternative.
///
/// Positive where the day as billed pays more. `None` where a changed service has no fee.
pub fn day_difference(
    reference: &Reference,
    services: &[Service],
    deltas: &[(usize, i32)],
    basis: Basis<'_>,
) -> Option<Dollars> {
    PricedServices::new(reference, services, basis).difference(deltas)
}

/// Everything a claim is paid: the sum over its lines of the day (or of several days). Unpriced lines add nothing.
pub fn claim_allowed(price: &DayPrice, lines: &[usize]) -> Dollars {
    lines.iter().filter_map(|&line| price.lines.get(line)?.dollars()).fold(Dollars::default(), |sum, line| {
        Dollars { net: sum.net + line.net, gross: sum.gross + line.gross }
    })
}

/// A day's services with their fees looked up once, to be priced with one count of units or another.
pub(super) struct PricedServices<'s> {
    services: &'s [Service],
    units: Vec<Worth>,
    reduction: bool,
}

impl<'s> PricedServices<'s> {
    pub(super) fn new(
        reference: &Reference,
        services: &'s [Service],
        basis: Basis<'_>,
    ) -> PricedServices<'s> {
        let worth = |service: &Service| Worth::of(reference, service, &basis);
        // A contract says itself which of its amounts are reduced.
        let reduction = basis.mppr || basis.contract.is_some();
        PricedServices { services, units: services.iter().map(worth).collect(), reduction }
    }

    pub(super) fn as_billed(&self) -> DayPrice {
        self.with(&self.billed_units())
    }

    pub(super) fn billed_units(&self) -> Vec<u32> {
        self.services.iter().map(|service| service.units).collect()
    }

    /// The day with so many units of each service, charges in proportion.
    pub(super) fn with(&self, units: &[u32]) -> DayPrice {
        let top = if self.reduction { self.top(units) } else { None };
        let price = |(index, worth): (usize, &Worth)| {
            let count = units.get(index).copied().unwrap_or(0);
            match self.allowed(index, count, top) {
                Some(allowed) => LinePrice::of(worth.paid(allowed.net), allowed.gross),
                None => LinePrice::default(),
            }
        };
        DayPrice { lines: self.units.iter().enumerate().map(price).collect() }
    }

    /// What so many units of one line are allowed, where line `top` has the unit that is paid in full. `None`: no fee.
    fn allowed(&self, index: usize, count: u32, top: Option<usize>) -> Option<Dollars> {
        let (worth, service) = (self.units.get(index)?, self.services.get(index)?);
        // Units past those billed are the add-on's, where the code bills a first unit alone.
        let own = if worth.further.is_some() { count.min(service.units.max(1)) } else { count };
        let mut allowed = worth.unit.times(own, top.map(|top| top == index))?;
        if let Some(further) = worth.further.filter(|_| count > own) {
            allowed += further.times(count - own, top.map(|_| false))?;
        }
        let charge = service.charge_for(count).map_or(Cents(i64::MAX), Cents::at_least_zero);
        Some(Dollars { net: allowed.net.min(charge), gross: allowed.gross.min(charge) })
    }

    /// What line `line` is paid less if the last `count` of its units are an assistant's, on the day with `units`. The
    /// last are the lowest-paid; the day keeps them, so no other line changes. `None` where the line has no fee.
    pub(super) fn assistant_reduction(&self, line: usize, count: u32, units: &[u32]) -> Option<Dollars> {
        let top = if self.reduction { self.top(units) } else { None };
        let all = units.get(line).copied().unwrap_or(0);
        let whole = self.allowed(line, all, top)?;
        let others = self.allowed(line, all.saturating_sub(count), top)?;
        let of_assistant = gain(whole, others);
        Some(self.units.get(line)?.reduction(whole.net, of_assistant.net, of_assistant.gross))
    }

    pub(super) fn difference(&self, deltas: &[(usize, i32)]) -> Option<Dollars> {
        let adds_unknown = |line: usize| self.units[line].further == Some(UnitWorth::Unknown);
        let known = deltas
            .iter()
            .all(|&(line, delta)| delta == 0 || (self.is_priced(line) && !(delta > 0 && adds_unknown(line))));
        known.then(|| {
            let units: Vec<u32> = changed_units(self.services, deltas).collect();
            let (billed, other) = (self.as_billed().total(), self.with(&units).total());
            Dollars { net: billed.net - other.net, gross: billed.gross - other.gross }
        })
    }

    pub(super) fn is_priced(&self, line: usize) -> bool {
        self.units.get(line).is_some_and(|worth| worth.unit != UnitWorth::Unknown)
    }

    /// Lines from the lowest rank in the reduction to the highest; lines outside it come first.
    pub(super) fn lines_by_rank(&self) -> Vec<usize> {
        let mut lines: Vec<usize> = (0..self.units.len()).collect();
        let units = self.billed_units();
        lines
            .sort_by_key(|&line| (self.rank(line), self.gain_in_full(line, &units), std::cmp::Reverse(line)));
        lines
    }

    /// The day as billed, but for the charges of these lines: nothing holds them down.
    pub(super) fn lifted(&self, lines: &[usize]) -> DayPrice {
        let lift = |(index, service): (usize, &Service)| match lines.contains(&index) {
            true => Service { charge: None, ..*service },
            false => *service,
        };
        let services: Vec<Service> = self.services.iter().enumerate().map(lift).collect();
        let units = self.units.clone();
        PricedServices { services: &services, units, reduction: self.reduction }.as_billed()
    }

    /// What the day would be paid more if line `line` were charged what is allowed. `None` where it has no price.
    pub(super) fn shortfall(&self, line: usize) -> Option<Dollars> {
        self.is_priced(line).then(|| gain(self.lifted(&[line]).total(), self.as_billed().total()))
    }

    fn top(&self, units: &[u32]) -> Option<usize> {
        (0..self.units.len())
            .filter(|&line| units.get(line).is_some_and(|&count| count > 0) && self.rank(line).is_some())
            .max_by_key(|&line| (self.rank(line), self.gain_in_full(line, units), std::cmp::Reverse(line)))
    }

    /// What a line's charge lets it gain by having its first unit paid in full: of equal ranks the highest full amount
    /// that can be paid goes first, so that the day is worth the same in whatever order its lines stand.
    fn gain_in_full(&self, line: usize, units: &[u32]) -> Cents {
        let (Some(worth), Some(&count)) = (self.units.get(line), units.get(line)) else { return Cents::ZERO };
        let UnitWorth::Priced(unit) = worth.unit else { return Cents::ZERO };
        let reduced = Cents(unit.reduced.0.saturating_mul(i64::from(count)));
        let charge = self.services[line].charge_for(count).map_or(Cents(i64::MAX), Cents::at_least_zero);
        (reduced + unit.full - unit.reduced).min(charge) - reduced.min(charge)
    }

    fn rank(&self, line: usize) -> Option<(u32, Cents)> {
        match self.units.get(line)?.unit {
            UnitWorth::Priced(unit) => unit.rank,
            UnitWorth::Nothing | UnitWorth::Unknown => None,
        }
    }
}
