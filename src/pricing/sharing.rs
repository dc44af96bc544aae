use crate::claim::Cents;
use crate::finding::Dollars;

use super::day::PricedServices;

/// Takes `removed` units off `units`, line by line from the lowest rank in the reduction to the highest, and says
/// what each line loses thereby. Leaves `units` as they are afterwards.
///
/// In this order no line loses more than it is paid in the day as billed: lower lines are already gone when a
/// higher one goes, so what its going promotes is taken off its own loss. Together the lines lose what the day
/// does, and none less than nothing: where a charge below the allowed amount caps the top line, the unit promoted in
/// its stead can be worth more, and lines that went before it then bear that much less.
pub(super) fn shares_of_loss(day: &PricedServices<'_>, units: &mut [u32], removed: &[u32]) -> Vec<Dollars> {
    let mut shares = vec![Dollars::default(); units.len()];
    if removed.iter().all(|count| *count == 0) {
        return shares;
    }
    let mut before = day.with(units).total();
    let fewer: Vec<u32> = units.iter().zip(removed).map(|(all, off)| all.saturating_sub(*off)).collect();
    let mut left = gain(before, day.with(&fewer).total());
    for line in day.lines_by_rank() {
        let (Some(&count), Some(unit)) = (removed.get(line), units.get_mut(line)) else { continue };
        if count == 0 {
            continue;
        }
        *unit = unit.saturating_sub(count);
        let after = day.with(units).total();
        shares[line] = at_most(gain(before, after), left);
        left = gain(left, shares[line]);
        before = after;
    }
    shares
}

/// What each line gains by `added` units, line by line from the highest rank in the reduction to the lowest, after
/// `moved` (units taken off other lines) is allowed for. Together the lines gain what the day does.
pub(super) fn shares_of_gain(day: &PricedServices<'_>, added: &[u32], moved: &[u32]) -> Vec<Dollars> {
    let billed: Vec<u32> = day.billed_units();
    let mut shares = vec![Dollars::default(); billed.len()];
    if added.iter().all(|count| *count == 0) {
        return shares;
    }
    let fewer = |(unit, off): (&u32, &u32)| unit.saturating_sub(*off);
    let mut units: Vec<u32> = billed.iter().zip(moved).map(fewer).collect();
    let all: Vec<u32> = units.iter().zip(added).map(|(unit, on)| unit.saturating_add(*on)).collect();
    let start = day.with(&billed).total();
    let mut left = gain(day.with(&all).total(), start);
    let mut credited = Dollars::default();
    for line in day.lines_by_rank().into_iter().rev() {
        let Some(&count) = added.get(line).filter(|count| **count > 0) else { continue };
        units[line] = units[line].saturating_add(count);
        let so_far = gain(day.with(&units).total(), start);
        shares[line] = at_most(gain(so_far, credited), left);
        left = gain(left, shares[line]);
        credited = plus(credited, shares[line]);
    }
    shares
}

/// `more` less `less`, each basis at least zero.
pub(super) fn gain(more: Dollars, less: Dollars) -> Dollars {
    Dollars { net: (more.net - less.net).at_least_zero(), gross: (more.gross - less.gross).at_least_zero() }
}

pub(super) fn plus(one: Dollars, other: Dollars) -> Dollars {
    Dollars { net: one.net + other.net, gross: one.gross + other.gross }
}

/// The lesser on each basis.
pub(super) fn at_most(amount: Dollars, ceiling: Dollars) -> Dollars {
    Dollars { net: amount.net.min(ceiling.net), gross: amount.gross.min(ceiling.gross) }
}

/// The size of each basis without its sign.
pub(super) fn size(amount: Dollars) -> Dollars {
    Dollars { net: amount.net.abs(), gross: amount.gross.abs() }
}

/// Below, at or above zero, by `net` and then by `gross`.
pub(super) fn sign(amount: Dollars) -> std::cmp::Ordering {
    amount.net.cmp(&Cents::ZERO).then(amount.gross.cmp(&Cents::ZERO))
}
