//! The timed codes of one group of lines, added up: one provider group's day in one discipline.

use super::allocation::TimedCode;
use crate::checks::hit::{Day, Lack};
use crate::checks::{lines, times};
use crate::claim::{LineFact, MinutesSource, ProcedureCode};

/// Codes of a group that fit without allocating; a therapist's day seldom has more than four.
const FEW: usize = 8;

/// What is known of one code besides its sums.
#[derive(Clone, Copy, Default)]
pub(super) struct Evidence {
    /// Why the code cannot be judged, if so.
    pub(super) lack: Option<Lack>,
    /// Whether some of its minutes were read from the words of a note.
    pub(super) weak: bool,
    /// Its billed lines.
    pub(super) lines: usize,
}

/// The codes of a group in the order of their first lines.
pub(super) struct Tally {
    few: [TimedCode; FEW],
    evidence_of_few: [Evidence; FEW],
    length: usize,
    many: Vec<TimedCode>,
    evidence_of_many: Vec<Evidence>,
}

impl Tally {
    /// Adds up the group that line `first` belongs to, of the lines that the rule with `bit` is about.
    pub(super) fn of_group(day: &Day<'_>, bit: u16, first: usize) -> Tally {
        let mut tally = Tally {
            few: [TimedCode::default(); FEW],
            evidence_of_few: [Evidence::default(); FEW],
            length: 0,
            many: Vec::new(),
            evidence_of_many: Vec::new(),
        };
        for index in members(day, bit, first) {
            tally.add(day.lines, index);
        }
        tally
    }

    fn add(&mut self, lines: &[LineFact], index: usize) {
        let line = &lines[index];
        let minutes = times::minutes(lines, index);
        let billed = lines::is_billed(line);
        // Treated perhaps, and for how long nobody knows: the day's minutes are not all there.
        let may_have_minutes = line.is_unbilled_time();
        if !billed && minutes.is_none() && !may_have_minutes {
            return;
        }
        let (one, evidence) = self.entry(timed_code(line.code));
        one.minutes += minutes.map_or(0, |(minutes, _)| u32::from(minutes));
        evidence.weak |= minutes.is_some_and(|(_, source)| source == MinutesSource::Note);
        evidence.lines += usize::from(billed);
        match line.units.and_then(|units| units.as_whole()) {
            Some(units) => one.units = one.units.saturating_add(units),
            None => evidence.lack = evidence.lack.or(Some(Lack::Units)),
        }
        if minutes.is_none() {
            evidence.lack = Some(Lack::Minutes);
        }
    }

    fn entry(&mut self, code: ProcedureCode) -> (&mut TimedCode, &mut Evidence) {
        let place = self.codes().iter().position(|one| one.code == code);
        if place.is_none() && self.length == FEW {
            self.many = self.few.to_vec();
            self.evidence_of_many = self.evidence_of_few.to_vec();
        }
        let place = place.unwrap_or(self.length);
        let new = TimedCode { code, ..TimedCode::default() };
        if place == self.length {
            self.length += 1;
            if self.length > FEW {
                self.many.push(new);
                self.evidence_of_many.push(Evidence::default());
            } else {
                self.few[place] = new;
            }
        }
        if self.length > FEW {
            (&mut self.many[place], &mut self.evidence_of_many[place])
        } else {
            (&mut self.few[place], &mut self.evidence_of_few[place])
        }
    }

    pub(super) fn codes(&self) -> &[TimedCode] {
        if self.length > FEW { &self.many } else { &self.few[..self.length] }
    }

    pub(super) fn evidence(&self) -> &[Evidence] {
        if self.length > FEW { &self.evidence_of_many } else { &self.evidence_of_few[..self.length] }
    }

    /// Why the group as a whole cannot be judged; want of minutes before want of units.
    pub(super) fn lack(&self) -> Option<Lack> {
        self.evidence().iter().filter_map(|one| one.lack).min()
    }

    pub(super) fn billed_lines(&self) -> usize {
        self.evidence().iter().map(|one| one.lines).sum()
    }
}

/// The code under which a line's units and minutes are counted: the add-on 97130 with its base 97129.
pub fn timed_code(code: ProcedureCode) -> ProcedureCode {
    code.base().unwrap_or(code)
}

/// What the units of a [`timed_code`] are billed under: past the first of 97129, each is its add-on's.
pub fn billed_under(code: ProcedureCode, units: u32) -> impl Iterator<Item = (ProcedureCode, u32)> {
    let add_on = code.add_on().filter(|_| units > 1);
    let first = if add_on.is_some() { 1 } else { units };
    std::iter::once((code, first)).chain(add_on.map(|add_on| (add_on, units - first)))
}

/// The lines of the group of line `first`: same billing provider, same discipline.
pub(super) fn members<'d>(
    day: &'d Day<'_>,
    bit: u16,
    first: usize,
) -> impl DoubleEndedIterator<Item = usize> + 'd {
    (0..day.lines.len()).filter(move |&index| day.is_about(index, bit) && same_group(day, first, index))
}

/// The first line of every group of the day.
pub(super) fn groups<'d>(day: &'d Day<'_>, bit: u16) -> impl Iterator<Item = usize> + 'd {
    (0..day.lines.len()).filter(move |&index| {
        day.is_about(index, bit)
            && !(0..index).any(|before| day.is_about(before, bit) && same_group(day, before, index))
    })
}

fn same_group(day: &Day<'_>, one: usize, other: usize) -> bool {
    let (one, other) = (&day.lines[one], &day.lines[other]);
    lines::same_billing(one, other) && one.discipline == other.discipline
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_codes_than_usual() {
        let mut tally = Tally {
            few: [TimedCode::default(); FEW],
            evidence_of_few: [Evidence::default(); FEW],
            length: 0,
            many: Vec::new(),
            evidence_of_many: Vec::new(),
        };
        let codes: Vec<ProcedureCode> = (0..20)
            .filter_map(|number| ProcedureCode::new(format!("{}", 97110 + number).as_bytes()))
            .collect();
        for round in 1..=2 {
            for code in &codes {
                tally.entry(*code).0.units += 1;
                tally.entry(*code).1.lines += 1;
            }
            assert_eq!(tally.codes().len(), 20);
            assert!(tally.codes().iter().all(|one| one.units == round));
        }
        assert_eq!(tally.billed_lines(), 40);
    }
}
