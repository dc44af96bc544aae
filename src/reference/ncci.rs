use std::sync::LazyLock;

use crate::claim::{Date, Modifier, ProcedureCode};
use crate::store::{PairIndex, Store, day_number};

use super::Reference;
use super::table::{Table, ccyymmdd};

const PAIRS: Table = Table::new(include_str!("../../reference/ncci_pairs.tsv"));
const MODIFIERS: Table = Table::new(include_str!("../../reference/ncci_modifiers.tsv"));

pub(super) const TABLES: [Table; 2] = [PAIRS, MODIFIERS];

/// The first day of the last release that went into the built-in table.
pub(super) const BUILTIN_STATED: Date = Date::constant(2026, 4, 1);

/// The last day the 2024Q3 practitioner table speaks for on its own.
const PRACTITIONER_TABLE_ENDS: u32 = 20_240_930;

/// The modifier indicator of a pair that was deleted on the day it began.
const NOT_APPLICABLE: u8 = 9;

/// Slots of the pair index: a power of two, sparse enough that a pair without an edit mostly meets an empty one.
const SLOTS: usize = 4096;

/// Where the row of a pair stands: number of the row, counted from 1, at the slot of its codes or the next free one.
///
/// Every two codes of every day are looked up, and nearly none has an edit: halving the table costs ten times more.
static PAIR_INDEX: [u16; SLOTS] = {
    let mut slots = [0; SLOTS];
    let mut row = 0;
    while row < PAIRS.len() {
        let [column1, column2] = PAIRS.codes(row);
        let mut slot = slot_of(column1, column2);
        while slots[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        row += 1;
        slots[slot] = row as u16;
    }
    slots
};

const _: () = assert!(PAIRS.len() * 4 <= SLOTS, "the pair index has grown too dense");

const fn slot_of(column1: [u8; 5], column2: [u8; 5]) -> usize {
    const fn number([a, b, c, d, e]: [u8; 5]) -> u64 {
        u64::from_le_bytes([a, b, c, d, e, 0, 0, 0])
    }
    let mixed = (number(column1) ^ number(column2).rotate_left(23)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 52) as usize % SLOTS
}

/// One bit for each two-character modifier that NCCI accepts, by [`modifier_bit`].
static ACCEPTED: LazyLock<[u64; MODIFIER_WORDS]> = LazyLock::new(|| {
    let mut accepted = [0; MODIFIER_WORDS];
    let stated = MODIFIERS.iter().filter_map(|row| Modifier::new(row.field(0)));
    for bit in stated.filter_map(modifier_bit) {
        accepted[bit / 64] |= 1 << (bit % 64);
    }
    accepted
});

const MODIFIER_WORDS: usize = (36 * 36_usize).div_ceil(64);

fn modifier_bit(modifier: Modifier) -> Option<usize> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(usize::from(byte - b'0')),
        b'A'..=b'Z' => Some(usize::from(byte - b'A') + 10),
        _ => None,
    };
    let [first, second] = *modifier.as_bytes();
    Some(digit(first)? * 36 + digit(second)?)
}

static PAIRED_CODES: LazyLock<Vec<&'static [u8]>> = LazyLock::new(|| {
    let mut codes: Vec<&[u8]> = PAIRS.iter().flat_map(|row| [row.field(0), row.field(1)]).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
});

/// A procedure-to-procedure edit in force.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NcciPair {
    /// 0: no modifier separates the two. 1: an NCCI-associated modifier does.
    pub indicator: u8,
    /// Whether the only table that has it ended before the date, so that it may be gone.
    pub uncertain: bool,
}

impl Reference {
    /// The NCCI edit between two codes on `date`, if there is one. A deleted edit applies up to its last day, and one of
    /// indicator 9 never. An imported practitioner table takes the place of the built-in one altogether.
    pub fn ncci_pair(&self, column1: ProcedureCode, column2: ProcedureCode, date: Date) -> Option<NcciPair> {
        if let Some((index, store)) = self.pair_index() {
            let rows = index.rows(column1, column2, store);
            let row = match rows.is_empty() {
                true => return None,
                false => {
                    let day = day_number(date);
                    rows.iter().rev().find(|row| row.holds(day) && row.indicator() != NOT_APPLICABLE)?
                }
            };
            return Some(NcciPair { indicator: row.indicator(), uncertain: false });
        }
        let mut slot = slot_of(*column1.as_bytes(), *column2.as_bytes());
        let row = loop {
            let row = PAIRS.row(usize::from(PAIR_INDEX[slot]).checked_sub(1)?);
            if row.starts_with_codes(column1.as_bytes(), column2.as_bytes()) {
                break row;
            }
            slot = (slot + 1) % SLOTS;
        };
        let day = ccyymmdd(date);
        if day < row.digits(3)? {
            return None;
        }
        Some(NcciPair {
            indicator: row.letter(2).wrapping_sub(b'0'),
            uncertain: row.letter(4) == b'P' && day > PRACTITIONER_TABLE_ENDS,
        })
    }

    /// Whether `code` stands in any NCCI edit, in either column.
    pub fn has_ncci_pairs(&self, code: ProcedureCode) -> bool {
        if let Some((index, _)) = self.pair_index() {
            return index.has(code);
        }
        PAIRED_CODES.binary_search(&code.as_bytes().as_slice()).is_ok()
    }

    /// The imported table in force, and the store that holds its rows.
    fn pair_index(&self) -> Option<(&PairIndex, &Store)> {
        let loaded = self.loaded()?;
        let pairs = loaded.pairs.as_ref()?;
        Some((pairs.index(&loaded.store), &loaded.store))
    }

    /// Whether `modifier` is one of those that NCCI accepts on an edit with indicator 1.
    pub fn bypasses_ncci(&self, modifier: Modifier) -> bool {
        modifier_bit(modifier).is_some_and(|bit| ACCEPTED[bit / 64] >> (bit % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(column1: &str, column2: &str, date: Date) -> Option<NcciPair> {
        let code = |text: &str| ProcedureCode::new(text.as_bytes()).expect(text);
        Reference::builtin().ncci_pair(code(column1), code(column2), date)
    }

    const IN_2025: Date = Date::constant(2025, 3, 3);

    #[test]
    fn massage_beside_manual_therapy_takes_no_modifier() {
        let edit = Some(NcciPair { indicator: 0, uncertain: false });
        assert_eq!(pair("97140", "97124", IN_2025), edit);
        assert_eq!(pair("97140", "97124", Date::constant(2018, 1, 1)), edit);
        assert_eq!(pair("97124", "97140", IN_2025), None, "the order counts");
    }

    #[test]
    fn the_other_edits_of_massage() {
        let edit = Some(NcciPair { indicator: 1, uncertain: false });
        for column1 in ["97150", "97760", "97761", "97763", "98940", "98941", "98942"] {
            assert_eq!(pair(column1, "97124", IN_2025), edit, "{column1}");
        }
        for column2 in ["97164", "97168"] {
            assert_eq!(pair("97124", column2, IN_2025), edit, "{column2}");
        }
        let apart = ["97110", "97112", "97116", "97530", "97035"];
        for one in apart {
            for other in apart.into_iter().chain(["97124", "97140"]) {
                assert_eq!(
                    (pair(one, other, IN_2025), pair(other, one, IN_2025)),
                    (None, None),
                    "{one} {other}"
                );
            }
        }
    }

    #[test]
    fn the_index_finds_what_halving_the_table_finds() {
        let codes: Vec<ProcedureCode> =
            PAIRED_CODES.iter().filter_map(|code| ProcedureCode::new(code)).collect();
        for &column1 in &codes {
            for &column2 in &codes {
                let key = format!("{column1}\t{column2}");
                let halved = PAIRS.find(key.as_bytes()).map(|row| row.letter(2));
                let late = Date::constant(2030, 1, 1);
                let indexed = Reference::builtin().ncci_pair(column1, column2, late);
                assert_eq!(indexed.map(|edit| edit.indicator + b'0'), halved, "{key}");
            }
        }
    }

    #[test]
    fn an_edit_begins_on_its_day() {
        assert_eq!(pair("20560", "29530", Date::constant(2019, 12, 31)), None);
        assert_eq!(
            pair("20560", "29530", Date::constant(2020, 1, 1)),
            Some(NcciPair { indicator: 1, uncertain: false })
        );
    }

    #[test]
    fn an_edit_of_the_practitioner_table_alone_grows_uncertain() {
        assert_eq!(pair("20560", "97602", Date::constant(2024, 6, 30)), None);
        let at = |date| pair("20560", "97602", date).map(|edit| edit.uncertain);
        assert_eq!(at(Date::constant(2024, 9, 30)), Some(false));
        assert_eq!(at(Date::constant(2024, 10, 1)), Some(true));
    }

    #[test]
    fn codes_and_modifiers_that_edits_speak_of() {
        let reference = Reference::builtin();
        let code = |text: &[u8]| ProcedureCode::new(text).unwrap();
        assert!(reference.has_ncci_pairs(code(b"97124")) && reference.has_ncci_pairs(code(b"97164")));
        assert!(!reference.has_ncci_pairs(code(b"J1100")) && !reference.has_ncci_pairs(ProcedureCode::NONE));
        for (modifier, bypasses) in
            [(b"59", true), (b"XS", true), (b"LT", true), (b"25", true), (b"76", false), (b"GP", false)]
        {
            assert_eq!(reference.bypasses_ncci(Modifier::new(modifier).unwrap()), bypasses);
        }
        assert!(!reference.bypasses_ncci(Modifier::default()));
    }
}
