use crate::claim::{Date, ProcedureCode};

use super::Reference;
use super::loaded::Loaded;
use super::table::{Table, ccyymmdd};

const MUE: Table = Table::new(include_str!("../../reference/mue.tsv"));

pub(super) const TABLES: [Table; 1] = [MUE];

/// The first day of the last release that the built-in table was compared with.
pub(super) const BUILTIN_STATED: Date = Date::constant(2026, 10, 1);
/// The first day of the built-in table.
pub(super) const BUILTIN_FROM: Date = Date::constant(2024, 7, 1);

/// A medically unlikely edit: the most units of a code that pass.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mue {
    /// Units that pass; 0 for a code that is not paid separately.
    pub units: u16,
    /// 1: for each line. 2: for the day, by policy. 3: for the day, on clinical grounds.
    pub adjudication: u8,
}

impl Reference {
    /// The practitioner MUE of `code` on `date`. `None` before the first release that is loaded.
    pub fn mue(&self, code: ProcedureCode, date: Date) -> Option<Mue> {
        let day = ccyymmdd(date);
        let row = self
            .unlikely(date)
            .starting_with(code.as_bytes())
            .filter(|row| row.digits(1).is_some_and(|from| from <= day))
            .last()?;
        Some(Mue {
            units: u16::try_from(row.digits(2)?).ok()?,
            adjudication: row.letter(3).wrapping_sub(b'0'),
        })
    }

    /// The newest table that has begun by `date`: an imported one, else the built-in one.
    fn unlikely(&self, date: Date) -> Table<'_> {
        let newest = |loaded: &'_ Loaded| loaded.unlikely.iter().rposition(|one| one.from <= date);
        match self.loaded().and_then(|loaded| Some((loaded, newest(loaded)?))) {
            Some((loaded, at)) if loaded.unlikely[at].from >= BUILTIN_FROM || date < BUILTIN_FROM => {
                loaded.table(loaded.unlikely[at].origin)
            }
            _ => MUE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_that_pass() {
        let mue = |code: &[u8], date| Reference::builtin().mue(ProcedureCode::new(code).unwrap(), date);
        let date = Date::constant(2025, 3, 3);
        for (code, units, adjudication) in [
            (b"97124", 4, 3),
            (b"97140", 6, 3),
            (b"97110", 6, 3),
            (b"97112", 4, 3),
            (b"97530", 6, 3),
            (b"97161", 1, 2),
            (b"97153", 32, 3),
            (b"97010", 0, 3),
        ] {
            assert_eq!(mue(code, date), Some(Mue { units, adjudication }));
        }
        assert_eq!(mue(b"J1100", date), None);
        assert_eq!(mue(b"97124", Date::constant(2024, 6, 30)), None);
    }
}
