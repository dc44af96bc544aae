//! Another allocation of a group's units than the billed one: which lines it changes, and what that is worth.

use super::allocation::{Allocation, Standing, TimedCode, standing_by_total, units_for};
use super::tally::{members, timed_code};
use super::verdict::Case;
use crate::checks::{dollars, lines, times};
use crate::claim::ProcedureCode;

/// Another allocation than the billed one: the change of every code, and what it is worth.
pub(super) struct Change {
    /// Units of each code in the allocation.
    pub(super) vector: Vec<u32>,
    /// Alternative less billed, line by line.
    pub(super) moves: Vec<(usize, i32)>,
    /// What the day as billed pays above the alternative, in cents; 0 if there is no price.
    pub(super) cost: i64,
    /// Units that change, whatever their sign.
    pub(super) moved: u32,
}

impl Change {
    /// Whether it leaves the units as they are billed.
    pub(super) fn is_none(&self, codes: &[TimedCode]) -> bool {
        self.vector.iter().copied().eq(codes.iter().map(|one| one.units))
    }

    /// Whether it has no more units than are billed.
    pub(super) fn adds_nothing(&self, codes: &[TimedCode]) -> bool {
        self.vector.iter().sum::<u32>() <= codes.iter().map(|one| one.units).sum()
    }
}

impl Case<'_> {
    pub(super) fn change_to(&self, vector: Vec<u32>) -> Change {
        let mut moves = Vec::new();
        let mut moved = 0;
        for (one, units) in self.tally.codes().iter().zip(&vector) {
            let delta = i64::from(*units) - i64::from(one.units);
            moved += delta.unsigned_abs() as u32;
            self.spread(one.code, delta as i32, &mut moves);
        }
        let cost = dollars::difference(self.day, self.first, &moves, self.cx).unwrap_or(0);
        Change { vector, moves, cost, moved }
    }

    /// The group's lines of a code, an add-on's with its base's.
    fn lines_of(&self, code: ProcedureCode) -> impl Iterator<Item = usize> + '_ {
        members(self.day, self.ask.bit, self.first)
            .filter(move |&index| timed_code(self.day.lines[index].code) == code)
    }

    fn units_on(&self, index: usize) -> u32 {
        self.day.lines[index].units.and_then(|units| units.as_whole()).unwrap_or(0)
    }

    /// Puts a code's change on its lines. Units go first from the lines that have more than their own minutes bear out, then
    /// from the last line on, by what it says before where it stands; an add-on's before its base's in any case, since a
    /// first unit is the base's. Units come to the line that has fewest by its own minutes, else to the last, as far as the
    /// payer's edit lets its provider bill more; to an add-on's before its base's. Past the first unit of a base without
    /// one, pricing knows them for its add-on's.
    fn spread(&self, code: ProcedureCode, delta: i32, moves: &mut Vec<(usize, i32)>) {
        let mut places: Vec<usize> = self.lines_of(code).collect();
        let units_on = |index: usize| self.units_on(index) as i32;
        // Units above those of a line's own minutes; 0 where it states none, as for time that is not billed.
        let above = |index: usize| {
            let is_billed = !self.day.lines[index].is_unbilled_time();
            let own = times::minutes(self.day.lines, index).filter(|_| is_billed);
            own.map_or(0, |(minutes, _)| units_on(index).saturating_sub(units_for(u32::from(minutes)) as i32))
        };
        places.sort_by_key(|&index| {
            let line = &self.day.lines[index];
            let is_wrong = if delta > 0 { above(index).min(0) } else { -above(index).max(0) };
            (line.code == code, is_wrong, std::cmp::Reverse((line.content(), index)))
        });
        let mut left = delta.abs();
        let mut take = |most: i32| {
            let taken = left.min(most);
            left -= taken;
            taken
        };
        if delta > 0 {
            // A first unit is the base's.
            let is_base = |index: &&usize| self.day.lines[**index].code == code;
            if code.add_on().is_some()
                && places.iter().filter(is_base).all(|&index| units_on(index) == 0)
                && let Some(&base) = places.iter().find(is_base)
            {
                let first = take(1);
                moves.push((base, first));
            }
            let mut given: Vec<usize> = Vec::new();
            for &index in &places {
                let is_same =
                    |other: &usize| lines::same_rendering(&self.day.lines[index], &self.day.lines[*other]);
                if given.iter().any(is_same) {
                    continue;
                }
                given.push(index);
                let added = take(self.room(code, index).map_or(i32::MAX, |room| room as i32));
                match moves.iter_mut().find(|(known, _)| *known == index) {
                    Some((_, units)) => *units += added,
                    None if added > 0 => moves.push((index, added)),
                    None => {}
                }
            }
            return;
        }
        let same_code = |one: &usize, other: &usize| self.day.lines[*one].code == self.day.lines[*other].code;
        for lines in places.chunk_by(same_code) {
            let own: Vec<i32> = lines.iter().map(|&index| take(above(index).max(0))).collect();
            for (&index, own) in lines.iter().zip(own) {
                let taken = own + take(units_on(index) - own);
                if taken > 0 {
                    moves.push((index, -taken));
                }
            }
        }
    }

    /// The most units of a code that one provider can bill on the day, where the payer applies unit edits.
    pub(super) fn ceiling(&self, code: ProcedureCode) -> Option<u32> {
        if !self.day.profile.ncci {
            return None;
        }
        let edit = |code| self.cx.reference.mue(code, self.day.date).map(|mue| u32::from(mue.units));
        let base = edit(code).filter(|units| *units > 0)?;
        Some(base + code.add_on().map_or(Some(0), edit)?)
    }

    /// How many units more of a code the edit lets through of who rendered line `index`.
    fn room(&self, code: ProcedureCode, index: usize) -> Option<u32> {
        let ceiling = self.ceiling(code)?;
        let own = &self.day.lines[index];
        let billed = (0..self.day.lines.len())
            .filter(|&other| timed_code(self.day.lines[other].code) == code)
            .filter(|&other| lines::same_rendering(own, &self.day.lines[other]))
            .map(|other| self.units_on(other));
        Some(ceiling.saturating_sub(billed.fold(0, u32::saturating_add)))
    }

    /// `units` of a code, no more of them than the payer's edit allows unless more are billed already. The edit counts those
    /// of each provider.
    pub(super) fn capped(&self, one: &TimedCode, units: u32) -> u32 {
        if units <= one.units {
            return units;
        }
        let mut most = one.units;
        let mut counted: Vec<usize> = Vec::new();
        for index in self.lines_of(one.code) {
            let is_same =
                |other: &usize| lines::same_rendering(&self.day.lines[index], &self.day.lines[*other]);
            if counted.iter().any(is_same) {
                continue;
            }
            counted.push(index);
            let Some(room) = self.room(one.code, index) else { return units };
            most = most.saturating_add(room);
        }
        units.min(most)
    }

    /// What the minutes bear out, every valid way of it, as far as the payer's edits let more units through.
    pub(super) fn allocations(&self) -> Vec<Vec<u32>> {
        let codes = self.tally.codes();
        let mut ways: Vec<Vec<u32>> = Vec::new();
        for vector in Allocation::of(codes).vectors() {
            let way: Vec<u32> =
                codes.iter().zip(&vector).map(|(one, units)| self.capped(one, *units)).collect();
            // No two are alike, but for what an edit takes off them.
            if way == vector || !ways.contains(&way) {
                ways.push(way);
            }
        }
        ways
    }

    /// The valid allocation that changes least money, then fewest units; of equals the one with most units
    /// of the lowest code. Where units are missing, one that adds none, since no more may be billed, comes last.
    pub(super) fn best_by_total(&self) -> Option<Change> {
        let codes = self.tally.codes();
        let is_under = standing_by_total(codes) == Standing::Under;
        self.allocations().into_iter().map(|vector| self.change_to(vector)).min_by_key(|change| {
            let mut by_code: Vec<(ProcedureCode, u32)> =
                codes.iter().map(|one| one.code).zip(change.vector.iter().copied()).collect();
            by_code.sort_unstable();
            (
                is_under && change.adds_nothing(codes),
                change.cost.abs(),
                change.moved,
                std::cmp::Reverse(by_code),
            )
        })
    }
}
