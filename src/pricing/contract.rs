use crate::claim::{Cents, Date, Modifier, Modifiers, ProcedureCode};

/// The fee schedules that the user agreed with payers, each for the payer that it names.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ContractFees {
    payers: Vec<PayerFees>,
}

/// One payer's own fee schedule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PayerFees {
    /// Name of a payer profile, or a payer id (2010BB NM109).
    payer: String,
    /// By code, modifier and first day.
    rows: Vec<ContractFee>,
}

/// What one unit of a code is allowed by contract.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ContractFee {
    /// The procedure.
    pub code: ProcedureCode,
    /// The row holds for lines with this modifier only, and goes before the code's plain row.
    pub modifier: Option<Modifier>,
    /// The first day it holds; `None`: from ever.
    pub from: Option<Date>,
    /// The last day it holds; `None`: until further notice.
    pub to: Option<Date>,
    /// Allowed for one unit.
    pub amount: Cents,
    /// Allowed for every unit of the day but the first, if the contract reduces it.
    pub reduced: Option<Cents>,
}

impl ContractFee {
    fn holds_on(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }

    /// Whether both speak of one code and modifier on one day.
    fn contradicts(&self, other: &ContractFee) -> bool {
        let ends_before = |one: &ContractFee, next: &ContractFee| match (one.to, next.from) {
            (Some(to), Some(from)) => to < from,
            _ => false,
        };
        (self.code, self.modifier) == (other.code, other.modifier)
            && !ends_before(self, other)
            && !ends_before(other, self)
    }
}

impl ContractFees {
    /// Adds a row to the schedule of `payer`.
    ///
    /// # Errors
    /// The row's place among those of the same payer that it contradicts: the same code and modifier on the same day.
    pub fn add(&mut self, payer: &str, fee: ContractFee) -> Result<(), ContractFee> {
        let at = match self.payers.iter().position(|one| one.payer.eq_ignore_ascii_case(payer)) {
            Some(at) => at,
            None => {
                self.payers.push(PayerFees { payer: payer.to_owned(), rows: Vec::new() });
                self.payers.len() - 1
            }
        };
        let rows = &mut self.payers[at].rows;
        let key = |row: &ContractFee| (row.code, row.modifier, row.from);
        let place = rows.partition_point(|row| key(row) < key(&fee));
        // Rows of one code and modifier are in the order of their days, so only the neighbours can overlap.
        let neighbours = [place.checked_sub(1), Some(place)].into_iter().flatten();
        if let Some(other) = neighbours.filter_map(|at| rows.get(at)).find(|row| row.contradicts(&fee)) {
            return Err(*other);
        }
        rows.insert(place, fee);
        Ok(())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.payers.is_empty()
    }

    /// The number of the schedule for a claim's payer; 0 for none. One that names the payer id goes before one that
    /// names the profile. Case does not matter.
    pub fn number(&self, profile: &str, payer_id: &[u8]) -> u16 {
        let named =
            |name: &[u8]| self.payers.iter().position(|one| one.payer.as_bytes().eq_ignore_ascii_case(name));
        let found = named(payer_id).or_else(|| named(profile.as_bytes()));
        found.and_then(|at| u16::try_from(at + 1).ok()).unwrap_or(0)
    }

    /// The schedule of that number; `None` for 0.
    pub fn get(&self, number: u16) -> Option<&PayerFees> {
        self.payers.get(usize::from(number).checked_sub(1)?)
    }

    /// The payers with a schedule, as named, in the order they were first named.
    pub fn payers(&self) -> impl Iterator<Item = &str> {
        self.payers.iter().map(|one| one.payer.as_str())
    }
}

impl PayerFees {
    /// The payer, as the schedule names it.
    pub fn payer(&self) -> &str {
        &self.payer
    }

    /// The row for a line on `date`: one of its modifiers' before the plain one. `None` also where two of its modifiers have
    /// rows that do not agree: nobody knows which counts.
    pub fn fee(&self, code: ProcedureCode, modifiers: Modifiers, date: Date) -> Option<&ContractFee> {
        let start = self.rows.partition_point(|row| row.code < code);
        let rows = self.rows[start..].iter().take_while(|row| row.code == code);
        let mut held = rows.filter(|row| row.holds_on(date));
        let named = |row: &&ContractFee| {
            row.modifier.is_some_and(|modifier| modifiers.iter().any(|one| one == modifier))
        };
        let mut of_modifiers = held.clone().filter(named);
        match of_modifiers.next() {
            Some(row) => {
                let terms = (row.amount, row.reduced);
                of_modifiers.all(|other| (other.amount, other.reduced) == terms).then_some(row)
            }
            None => held.find(|row| row.modifier.is_none()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(code: &str, modifier: &str, days: (Option<Date>, Option<Date>), cents: i64) -> ContractFee {
        ContractFee {
            code: ProcedureCode::new(code.as_bytes()).expect("a code"),
            modifier: Modifier::new(modifier.as_bytes()),
            from: days.0,
            to: days.1,
            amount: Cents(cents),
            reduced: None,
        }
    }

    const YEAR_2025: (Option<Date>, Option<Date>) =
        (Some(Date::constant(2025, 1, 1)), Some(Date::constant(2025, 12, 31)));
    const FROM_2026: (Option<Date>, Option<Date>) = (Some(Date::constant(2026, 1, 1)), None);
    const EVER: (Option<Date>, Option<Date>) = (None, None);

    #[test]
    fn the_row_of_the_day_and_of_the_modifier() {
        let mut fees = ContractFees::default();
        for fee in [
            row("97124", "", FROM_2026, 4100),
            row("97124", "", YEAR_2025, 4000),
            row("97124", "CQ", YEAR_2025, 3400),
            row("97140", "", EVER, 3900),
        ] {
            fees.add("commercial", fee).expect("no contradiction");
        }
        let number = fees.number("commercial", b"60054");
        let payer = fees.get(number).expect("a schedule");
        let amount = |code: &str, modifiers: &[&[u8]], date| {
            let modifiers = Modifiers::new(modifiers.iter().filter_map(|code| Modifier::new(code)));
            let code = ProcedureCode::new(code.as_bytes()).expect("a code");
            payer.fee(code, modifiers, date).map(|row| row.amount.0)
        };
        assert_eq!(amount("97124", &[b"GP"], Date::constant(2025, 12, 31)), Some(4000));
        assert_eq!(amount("97124", &[b"GP"], Date::constant(2026, 1, 1)), Some(4100));
        assert_eq!(amount("97124", &[b"GP", b"CQ"], Date::constant(2025, 1, 1)), Some(3400));
        assert_eq!(amount("97124", &[b"CQ"], Date::constant(2026, 1, 1)), Some(4100));
        assert_eq!(amount("97124", &[], Date::constant(2024, 12, 31)), None);
        // Two modifiers with rows: they must agree.
        fees_of_two(&[("GP", 4000), ("CQ", 3400)], None);
        fees_of_two(&[("GP", 3400), ("CQ", 3400)], Some(3400));
        assert_eq!(amount("97140", &[], Date::constant(1999, 1, 1)), Some(3900));
        assert_eq!(amount("97110", &[], Date::constant(2025, 3, 3)), None);
    }

    fn fees_of_two(rows: &[(&str, i64)], expected: Option<i64>) {
        let mut fees = ContractFees::default();
        for (modifier, cents) in rows {
            fees.add("commercial", row("97124", modifier, EVER, *cents)).expect("no contradiction");
        }
        fees.add("commercial", row("97124", "", EVER, 4100)).expect("no contradiction");
        let modifiers = Modifiers::new([b"GP", b"CQ"].into_iter().filter_map(|code| Modifier::new(code)));
        let code = ProcedureCode::new(b"97124").expect("a code");
        let found = fees.get(1).and_then(|payer| payer.fee(code, modifiers, Date::constant(2025, 3, 3)));
        assert_eq!(found.map(|row| row.amount.0), expected);
    }

    #[test]
    fn a_payer_id_goes_before_a_profile() {
        let mut fees = ContractFees::default();
        fees.add("commercial", row("97124", "", EVER, 4000)).expect("added");
        fees.add("60054", row("97124", "", EVER, 5000)).expect("added");
        assert_eq!(fees.number("Commercial", b"x"), fees.number("commercial", b""));
        let payer = |id: &[u8]| fees.get(fees.number("commercial", id)).map(PayerFees::payer);
        assert_eq!(
            (payer(b"60054"), payer(b"00001"), payer(b"")),
            (Some("60054"), Some("commercial"), Some("commercial"))
        );
        assert_eq!((fees.number("auto", b""), fees.get(0)), (0, None));
    }

    #[test]
    fn two_rows_for_one_day_contradict_each_other() {
        let mut fees = ContractFees::default();
        fees.add("auto", row("97124", "", YEAR_2025, 4000)).expect("added");
        for days in [EVER, YEAR_2025, (Some(Date::constant(2025, 12, 31)), None), (None, YEAR_2025.0)] {
            assert!(fees.add("auto", row("97124", "", days, 4100)).is_err(), "{days:?}");
        }
        assert!(fees.add("auto", row("97124", "CQ", EVER, 4100)).is_ok());
        assert!(fees.add("auto", row("97124", "", FROM_2026, 4100)).is_ok());
        assert!(fees.add("auto", row("97124", "", (None, Some(Date::constant(2024, 12, 31))), 1)).is_ok());
        assert!(fees.add("medicaid", row("97124", "", EVER, 4100)).is_ok());
    }
}
