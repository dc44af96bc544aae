//! Fees looked up last: a file repeats the same few dozen services, and a look-up halves the table several times.

use crate::claim::{Date, LineFact, Modifier, Modifiers};
use crate::pricing::{self, Basis, Service, UnitStanding};
use crate::reference::Reference;

/// What is remembered from claim to claim of one run.
///
/// Asked at Medicare's rates alone: there everything else of a [`Basis`] that touches a fee is the user's word for the whole
/// run. A contract, which is a payer's own, is not remembered.
#[derive(Debug, Default)]
pub(super) struct FeeMemo {
    /// A service as one unit without a charge, and what is known of it; empty until the first look-up.
    known: Vec<(Option<Service>, UnitStanding)>,
    /// Days by slot, each with the day that stands for it.
    days: Vec<Option<(Date, Date)>>,
    /// Days that stand for others.
    firsts: Vec<Date>,
    /// Modifiers met, and whether they do anything to the payment.
    modifiers: Vec<(Modifier, bool)>,
}

impl FeeMemo {
    const SLOTS: usize = 512;
    const DAYS: usize = 512;
    const MODIFIERS: usize = 16;

    /// What the schedule says of one unit of the line's code, as if it had these modifiers.
    pub(super) fn of(
        &mut self,
        line: &LineFact,
        modifiers: Modifiers,
        basis: Basis<'_>,
        reference: &Reference,
    ) -> UnitStanding {
        if self.known.is_empty() {
            self.known.resize(Self::SLOTS, (None, UnitStanding::Unknown));
            self.days.resize(Self::DAYS, None);
        }
        let mut wanted = Service { units: 1, charge: None, code: line.code, modifiers, ..Service::of(line) };
        if basis.contract.is_some() {
            return pricing::unit_standing(reference, &wanted, basis);
        }
        wanted.date = self.standing_for(wanted.date, reference);
        // Modifiers that do nothing to the payment, as most do, are not told apart.
        if !modifiers.iter().any(|modifier| self.changes_payment(modifier, reference)) {
            wanted.modifiers = Modifiers::default();
        }
        let [a, b, c, d, e] = *wanted.code.as_bytes();
        let [place, of_service] = wanted.place_of_service;
        let code = u64::from_le_bytes([a, b, c, d, e, place, of_service, wanted.date.month() as u8]);
        let code = mixed(code) ^ (wanted.date.year() as u64) << 32 ^ u64::from(line.locality);
        let key = wanted.modifiers.iter().fold(mixed(code), |key, modifier| {
            mixed(key) ^ u64::from(u16::from_le_bytes(*modifier.as_bytes()))
        });
        let slot = &mut self.known[(mixed(key) >> 20) as usize % Self::SLOTS];
        if slot.0 != Some(wanted) {
            *slot = (Some(wanted), pricing::unit_standing(reference, &wanted, basis));
        }
        slot.1
    }

    fn changes_payment(&mut self, modifier: Modifier, reference: &Reference) -> bool {
        if let Some((_, effect)) = self.modifiers.iter().find(|(known, _)| *known == modifier) {
            return *effect;
        }
        let effect = reference.payment_effect(modifier).is_some();
        if self.modifiers.len() < Self::MODIFIERS {
            self.modifiers.push((modifier, effect));
        }
        effect
    }

    /// A day on which every fee is that of `date`: the first such day that was met.
    fn standing_for(&mut self, date: Date, reference: &Reference) -> Date {
        let slot = (date.day_of_year() as usize) % Self::DAYS;
        match self.days[slot] {
            Some((known, first)) if known == date => first,
            _ => {
                let period = reference.fee_period(date);
                let alike = self.firsts.iter().find(|first| reference.fee_period(**first) == period);
                let first = alike.copied().unwrap_or(date);
                if first == date && !self.firsts.contains(&date) {
                    self.firsts.push(date);
                }
                self.days[slot] = Some((date, first));
                first
            }
        }
    }
}

fn mixed(key: u64) -> u64 {
    key.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every day from 2010 to 2030, so every day on which a built-in table changes and the days before them.
    #[test]
    fn what_is_remembered_is_what_the_schedule_says_on_the_day() {
        let reference = Reference::builtin();
        let medicare = Basis { mppr: true, medicare_rates: true, carry_forward: true, ..Basis::default() };
        let bases = [medicare, Basis { nonparticipating: true, carry_forward: false, ..medicare }];
        let mut memos = [FeeMemo::default(), FeeMemo::default()];
        let mut date = Date::constant(2010, 1, 1);
        while date < Date::constant(2030, 1, 1) {
            for (code, modifier) in
                [("97124", ""), ("97110", "GP"), ("97140", "50"), ("97010", ""), ("97039", "")]
            {
                let line = LineFact {
                    modifiers: Modifiers::new(Modifier::new(modifier.as_bytes())),
                    date,
                    ..crate::checks::tests::untimed(code, 1)
                };
                for (memo, basis) in memos.iter_mut().zip(bases) {
                    let plain = Service { units: 1, charge: None, ..Service::of(&line) };
                    let said = pricing::unit_standing(&reference, &plain, basis);
                    assert_eq!(memo.of(&line, line.modifiers, basis, &reference), said, "{code} on {date}");
                }
            }
            date = date.tomorrow().expect("a day");
        }
        assert!(memos[0].firsts.len() > 5 && memos[0].firsts.len() < 60, "{:?}", memos[0].firsts);
    }
}
