//! NCCI pairs by column 1 code: an index, then the rows of each code, sorted, 8 bytes each.
//!
//! The whole practitioner table has 2.6 million rows; of it a run of a rehabilitation practice meets some dozen column 1
//! codes. So the index alone is read on first use, and the rows of a code when the code is first met.
//!
//! | section | an entry, the most significant byte first |
//! |---|---|
//! | head | `#` lines and an empty line |
//! | counts | 4 bytes each: codes in the index, rows |
//! | index | by code: the code, its first row, its number of rows (0: it stands in column 2 alone), a check sum; 4 bytes each |
//! | rows | the column 2 code in 30 bits, first day in 16, last day in 16, indicator in 2 |
//!
//! A day is counted as if every month had 31 days, which keeps the order, takes no calendar and holds 176 years.

use std::sync::OnceLock;

use xxhash_rust::xxh3::xxh3_64;

use super::Store;
use crate::claim::{Date, ProcedureCode};

const COUNTS: usize = 8;
const INDEX: usize = 16;
const ROW: usize = 8;

/// The year days are counted from.
const EPOCH: i16 = 1960;

/// The last day of a row that has none.
const OPEN: u16 = u16::MAX;

/// A row of a pair table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PairRow(u64);

impl PairRow {
    /// A row. The indicator is 0, 1 or 9; days are [`day_number`]s, `None` for a pair that was never deleted.
    pub fn new(column2: u32, from: u16, to: Option<u16>, indicator: u8) -> PairRow {
        let packed = u64::from(column2) << 34
            | u64::from(from) << 18
            | u64::from(to.unwrap_or(OPEN)) << 2
            | u64::from(indicator.min(2));
        PairRow(packed)
    }

    /// The number of the column 2 code.
    pub fn column2(self) -> u32 {
        (self.0 >> 34) as u32
    }

    /// Whether it applies on a day: from its first day to its last, both included.
    pub fn holds(self, day: u16) -> bool {
        (self.0 >> 18) as u16 <= day && day <= (self.0 >> 2) as u16
    }

    /// 0, 1 or 9.
    pub fn indicator(self) -> u8 {
        match self.0 & 3 {
            2 => 9,
            indicator => indicator as u8,
        }
    }
}

/// A procedure code as a number of 30 bits that sorts as the code does; `None` for [`ProcedureCode::NONE`].
pub fn code_number(code: ProcedureCode) -> Option<u32> {
    code.as_bytes().iter().try_fold(0, |number, &byte| {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0' + 1,
            b'A'..=b'Z' => byte - b'A' + 11,
            _ => return None,
        };
        Some(number << 6 | u32::from(digit))
    })
}

/// The code of such a number.
pub fn code_of_number(number: u32) -> Option<ProcedureCode> {
    let bytes = [24, 18, 12, 6, 0].map(|shift| match (number >> shift & 63) as u8 {
        digit @ 1..=10 => b'0' + digit - 1,
        letter @ 11..=36 => b'A' + letter - 11,
        _ => b'?',
    });
    ProcedureCode::new(&bytes)
}

/// The number of a day; the first and the last that there are for days beyond.
pub fn day_number(date: Date) -> u16 {
    let months = (i32::from(date.year()) - i32::from(EPOCH)) * 12 + i32::from(date.month()) - 1;
    let days = months * 31 + i32::from(date.day()) - 1;
    days.clamp(0, i32::from(OPEN) - 1) as u16
}

/// The bytes of a pair table with these head lines, and how many of them are its index. Sorts the rows, given with the
/// number of their column 1 code, and leaves repeated ones out.
pub fn pairs_file(head: &[String], rows: &mut Vec<(u32, PairRow)>) -> (Vec<u8>, u64) {
    rows.sort_unstable();
    rows.dedup();
    let mut second: Vec<u32> = rows.iter().map(|(_, row)| row.column2()).collect();
    second.sort_unstable();
    second.dedup();
    let mut bodies = Vec::with_capacity(rows.len() * ROW);
    let mut index: Vec<[u32; 4]> = Vec::new();
    for block in rows.chunk_by(|one, next| one.0 == next.0) {
        let start = bodies.len();
        for (_, row) in block {
            bodies.extend_from_slice(&row.0.to_be_bytes());
        }
        index.push([block[0].0, (start / ROW) as u32, block.len() as u32, check_sum(&bodies[start..])]);
    }
    let first: Vec<u32> = index.iter().map(|entry| entry[0]).collect();
    let only_second = second.into_iter().filter(|code| first.binary_search(code).is_err());
    index.extend(only_second.map(|code| [code, 0, 0, 0]));
    index.sort_unstable();
    let mut file = Vec::new();
    for line in head {
        file.extend_from_slice(format!("# {line}\n").as_bytes());
    }
    file.push(b'\n');
    for count in [index.len() as u32, rows.len() as u32] {
        file.extend_from_slice(&count.to_be_bytes());
    }
    for number in index.into_iter().flatten() {
        file.extend_from_slice(&number.to_be_bytes());
    }
    let index_bytes = file.len() as u64;
    file.extend_from_slice(&bodies);
    (file, index_bytes)
}

fn check_sum(bytes: &[u8]) -> u32 {
    xxh3_64(bytes) as u32
}

/// The index of a pair table of one or more parts, and the rows that have been asked for so far.
#[derive(Debug)]
pub struct PairIndex {
    /// Slots of a hash table: 1 + the place of a code's first entry, 0 for none.
    slots: Box<[u32]>,
    entries: Box<[Indexed]>,
    /// By the place of a code's first entry.
    blocks: Box<[OnceLock<Block>]>,
}

#[derive(Clone, Copy, Debug)]
struct Indexed {
    code: u32,
    /// Index of the part's entry in the store.
    part: u32,
    /// Where the rows begin in the file.
    offset: u64,
    count: u32,
    check: u32,
}

/// The rows of a column 1 code.
#[derive(Debug, Default)]
struct Block {
    rows: Box<[PairRow]>,
    /// A bit for each hash of a column 2 code: nearly every two codes have no edit, and one look here says so.
    sieve: Box<[u64]>,
}

impl PairIndex {
    /// Reads the index of the parts, given by their places in the store. What cannot be read is left out and noted.
    pub fn read(store: &Store, parts: &[usize]) -> PairIndex {
        let mut entries: Vec<Indexed> = Vec::new();
        for &part in parts {
            let Some(bytes) = store.index_of(part) else { continue };
            match indexed(&bytes, part as u32) {
                Some(of_part) => entries.extend(of_part),
                None => store.note_damage(part, "its index says nothing sensible"),
            }
        }
        entries.sort_by_key(|entry| (entry.code, entry.part));
        let size = (entries.len() * 2).next_power_of_two().max(2);
        let mut slots = vec![0; size];
        for (place, entry) in entries.iter().enumerate() {
            if place > 0 && entries[place - 1].code == entry.code {
                continue;
            }
            let mut slot = slot_of(entry.code, size);
            while slots[slot] != 0 {
                slot = (slot + 1) % size;
            }
            slots[slot] = place as u32 + 1;
        }
        PairIndex {
            slots: slots.into(),
            blocks: entries.iter().map(|_| OnceLock::new()).collect(),
            entries: entries.into(),
        }
    }

    /// Whether a code stands in any pair, in either column.
    pub fn has(&self, code: ProcedureCode) -> bool {
        code_number(code).is_some_and(|code| self.place(code).is_some())
    }

    /// The rows of a pair, in the order of their first days. Reads the rows of `column1` when it is first met.
    pub fn rows(&self, column1: ProcedureCode, column2: ProcedureCode, store: &Store) -> &[PairRow] {
        let (Some(one), Some(two)) = (code_number(column1), code_number(column2)) else { return &[] };
        let Some(place) = self.place(one) else { return &[] };
        let block = self.blocks[place].get_or_init(|| self.block(place, store));
        if !block.may_have(two) {
            return &[];
        }
        let start = block.rows.partition_point(|row| row.column2() < two);
        let length = block.rows[start..].iter().take_while(|row| row.column2() == two).count();
        &block.rows[start..start + length]
    }

    fn place(&self, code: u32) -> Option<usize> {
        let size = self.slots.len();
        let mut slot = slot_of(code, size);
        loop {
            let place = self.slots[slot].checked_sub(1)? as usize;
            if self.entries[place].code == code {
                return Some(place);
            }
            slot = (slot + 1) % size;
        }
    }

    fn block(&self, place: usize, store: &Store) -> Block {
        let code = self.entries[place].code;
        let mut rows: Vec<PairRow> = Vec::new();
        for entry in self.entries[place..].iter().take_while(|entry| entry.code == code) {
            if entry.count == 0 {
                continue;
            }
            let part = entry.part as usize;
            let Some(bytes) = store.read_at(part, entry.offset, entry.count as usize * ROW) else { continue };
            if check_sum(&bytes) != entry.check {
                store.note_damage(part, "the check sum of a block is not the one of the import");
                continue;
            }
            rows.extend(
                bytes
                    .chunks_exact(ROW)
                    .filter_map(|row| Some(PairRow(u64::from_be_bytes(row.try_into().ok()?)))),
            );
        }
        rows.sort_unstable();
        Block::of(rows)
    }
}

impl Block {
    fn of(rows: Vec<PairRow>) -> Block {
        let words = (rows.len() / 4).next_power_of_two();
        let mut sieve = vec![0_u64; words];
        for row in &rows {
            let bit = sieve_bit(row.column2(), words);
            sieve[bit / 64] |= 1 << (bit % 64);
        }
        Block { rows: rows.into(), sieve: sieve.into() }
    }

    fn may_have(&self, column2: u32) -> bool {
        let bit = sieve_bit(column2, self.sieve.len());
        self.sieve.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }
}

/// The entries of the index of one part.
fn indexed(bytes: &[u8], part: u32) -> Option<Vec<Indexed>> {
    let head = memchr::memmem::find(bytes, b"\n\n")? + 2;
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let codes = number(head)? as usize;
    let rows = number(head + 4)?;
    if bytes.len() != head + COUNTS + codes * INDEX {
        return None;
    }
    (0..codes)
        .map(|code| {
            let at = head + COUNTS + code * INDEX;
            let (first, count) = (number(at + 4)?, number(at + 8)?);
            (first.checked_add(count)? <= rows).then_some(())?;
            Some(Indexed {
                code: number(at)?,
                part,
                offset: bytes.len() as u64 + u64::from(first) * ROW as u64,
                count,
                check: number(at + 12)?,
            })
        })
        .collect()
}

fn mixed(code: u32) -> usize {
    (u64::from(code).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize
}

fn slot_of(code: u32, size: usize) -> usize {
    mixed(code) & (size - 1)
}

fn sieve_bit(code: u32, words: usize) -> usize {
    mixed(code) & (words * 64 - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_days_keep_their_order() {
        let code = |text: &str| ProcedureCode::new(text.as_bytes()).expect(text);
        let texts = ["00100", "0001A", "0591T", "97124", "97140", "G0283", "U0003"];
        let numbers: Vec<u32> = texts.iter().filter_map(|text| code_number(code(text))).collect();
        assert_eq!(numbers.len(), texts.len());
        for (text, &number) in texts.iter().zip(&numbers) {
            assert_eq!(code_of_number(number), Some(code(text)));
            assert!(number < 1 << 30);
        }
        assert_eq!(code_number(ProcedureCode::NONE), None);
        let days = [(1996, 1, 1), (1996, 1, 31), (1996, 2, 1), (2026, 12, 31), (2027, 1, 1)];
        let days = days.map(|(year, month, day)| day_number(Date::constant(year, month, day)));
        assert!(days.is_sorted_by(|one, next| one < next));
        assert_eq!(day_number(Date::constant(1, 1, 1)), 0);
        assert!(day_number(Date::MAX) < OPEN);
    }

    #[test]
    fn a_row_holds_from_its_first_day_to_its_last() {
        let row = PairRow::new(77, 100, Some(200), 9);
        assert_eq!([99, 100, 200, 201].map(|day| row.holds(day)), [false, true, true, false]);
        assert_eq!((row.column2(), row.indicator()), (77, 9));
        let open = PairRow::new(77, 100, None, 1);
        assert!(open.holds(OPEN - 1) && open.indicator() == 1 && row < open);
    }
}
