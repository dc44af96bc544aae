//! Every ICD-10-CM code and the quarters in which it is billable.
//!
//! `reference/icd10cm.bin` is a head of `#` lines as the other tables have it, an empty line, and then numbers, the
//! most significant byte first, used where they stand:
//!
//! | section | an entry |
//! |---|---|
//! | counts | six of 4 bytes: first quarter (year × 4 + 0 to 3), quarters, categories, codes, exceptions, spans |
//! | categories | 3 characters, then 3 bytes: the place of the category's first code |
//! | codes | 3 bytes: the up to four characters behind the category, see [`Suffix`], × 2 + 1 if it has an exception |
//! | exceptions | 3 bytes: the place of a code not billable in every quarter; 1 byte: its span |
//! | spans | 8 bytes: a bit for each quarter, the first quarter's the lowest |
//!
//! Codes come and go at the start of a quarter and at no other time, so a set of quarters says all that dates say, and
//! a code that comes back is no special case. A heading has no entry: it is what longer codes begin with.

mod imported;

use std::collections::BTreeMap;

use super::Reference;
use super::table::{BuiltinHead, head_of};
use crate::claim::{Date, DiagnosisCode};

pub(super) use imported::DiagnosisList;

const CODES: Codes<'static> = Codes::new(include_bytes!("../../reference/icd10cm.bin"));

/// What the table says about itself.
pub(super) fn head() -> BuiltinHead {
    head_of(CODES.head, CODES.suffixes.len() / SUFFIX)
}

/// What a code is on a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DiagnosisStanding {
    /// A code to bill.
    Billable,
    /// A heading: longer codes that begin with it are billable that day, it is not.
    Header {
        /// Its last day as a code to bill, where the table has seen one.
        ended: Option<Date>,
    },
    /// It was billable until this day, and nothing that begins with it is billable now.
    Ended {
        /// Its last day.
        last_day: Date,
    },
    /// It becomes billable.
    NotYet {
        /// On this day.
        first_day: Date,
    },
    /// Billable on no day of the table, and no heading that day.
    Unknown,
    /// The table does not hold that day.
    OutsideTable,
}

/// The codes to bill that begin with a heading.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Successors {
    /// The first of them, in order.
    pub codes: Vec<DiagnosisCode>,
    /// How many there are besides.
    pub more: usize,
}

/// The quarters in which a code is billable, of those that the tables hold. None for a heading and for what is no code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct BillableQuarters {
    billable: u64,
    known: u64,
}

impl BillableQuarters {
    /// Whether the code is billable on `date`; `None` if no table holds that day.
    pub fn holds(self, date: Date) -> Option<bool> {
        let quarter = quarter_of(date).filter(|quarter| self.known >> quarter & 1 == 1)?;
        Some(Quarters(self.billable).has(quarter))
    }
}

/// Quarters, a bit each; the first is the first of the built-in table.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Quarters(u64);

/// The quarters of the built-in table.
const BUILTIN_QUARTERS: u64 = (1 << CODES.quarters) - 1;

impl Quarters {
    const fn has(self, quarter: u32) -> bool {
        self.0 >> quarter & 1 == 1
    }

    /// The last quarter before `quarter`.
    fn before(self, quarter: u32) -> Option<u32> {
        let earlier = self.0 & ((1 << quarter) - 1);
        earlier.checked_ilog2()
    }

    /// The first quarter behind `quarter`.
    fn behind(self, quarter: u32) -> Option<u32> {
        let later = self.0 >> quarter >> 1;
        (later != 0).then(|| quarter + 1 + later.trailing_zeros())
    }
}

impl Successors {
    /// Those of the `candidates`, codes of the category of `code`, that `fit`.
    fn of(
        code: DiagnosisCode,
        candidates: impl Iterator<Item = (Suffix, Quarters)>,
        at_most: usize,
        fit: impl Fn(Suffix, Quarters) -> bool,
    ) -> Successors {
        let mut successors = Successors::default();
        for (suffix, _) in candidates.filter(|(suffix, quarters)| fit(*suffix, *quarters)) {
            if successors.codes.len() < at_most {
                successors.codes.extend(suffix.behind(code));
            } else {
                successors.more += 1;
            }
        }
        successors
    }
}

impl Reference {
    /// The days for which diagnosis codes can be judged: the first, and the last before the first gap. Imported years may
    /// lie behind one.
    pub fn diagnosis_days(&self) -> (Date, Date) {
        (first_day(0), last_day(self.known_quarters().trailing_ones() - 1))
    }

    /// Whether diagnosis codes can be judged on `date`.
    pub fn judges_diagnoses_on(&self, date: Date) -> bool {
        self.known_quarter(date).is_some()
    }

    /// What `code` is on `date`.
    pub fn diagnosis(&self, code: DiagnosisCode, date: Date) -> DiagnosisStanding {
        let Some(quarter) = self.known_quarter(date) else { return DiagnosisStanding::OutsideTable };
        let own = self.own_quarters(code);
        if own.has(quarter) {
            return DiagnosisStanding::Billable;
        }
        let last_day = own.before(quarter).map(last_day);
        if self.places(code).any(|place| place.beneath().any(|(_, quarters)| quarters.has(quarter))) {
            return DiagnosisStanding::Header { ended: last_day };
        }
        match (last_day, own.behind(quarter)) {
            (Some(last_day), _) => DiagnosisStanding::Ended { last_day },
            (None, Some(quarter)) => DiagnosisStanding::NotYet { first_day: first_day(quarter) },
            (None, None) => DiagnosisStanding::Unknown,
        }
    }

    /// When `code` is billable, for those who ask about many days.
    pub fn diagnosis_quarters(&self, code: DiagnosisCode) -> BillableQuarters {
        BillableQuarters { billable: self.own_quarters(code).0, known: self.known_quarters() }
    }

    fn own_quarters(&self, code: DiagnosisCode) -> Quarters {
        Quarters(self.places(code).fold(0, |all, place| all | place.own().0))
    }

    /// Where the code stands in each table.
    fn places(&self, code: DiagnosisCode) -> impl Iterator<Item = Placed<'_>> {
        let imported = self
            .loaded()
            .into_iter()
            .flat_map(|loaded| loaded.diagnoses.iter().map(|list| list.holding(list.codes(&loaded.store))));
        let builtin = Holding { codes: CODES, holds: BUILTIN_QUARTERS, first: 0 };
        std::iter::once(builtin)
            .chain(imported)
            .filter_map(move |holding| Some(Placed { place: holding.codes.place(code)?, holding }))
    }

    /// The quarters that any table holds.
    fn known_quarters(&self) -> u64 {
        let imported =
            self.loaded().map_or(0, |loaded| loaded.diagnoses.iter().fold(0, |all, list| all | list.holds));
        BUILTIN_QUARTERS | imported
    }

    fn known_quarter(&self, date: Date) -> Option<u32> {
        quarter_of(date).filter(|quarter| self.known_quarters() >> quarter & 1 == 1)
    }

    /// The codes billable on `date` that `code` heads, the first `at_most` of them by name. Of a code that ended and
    /// heads nothing, those that have begun since under the nearest heading that has any, of the same seventh character
    /// if it has one: what it gave way to, as far as the order of codes tells.
    pub fn successors(&self, code: DiagnosisCode, date: Date, at_most: usize) -> Successors {
        let Some(quarter) = self.known_quarter(date) else { return Successors::default() };
        let under = |heading: DiagnosisCode, own: bool| {
            let mut merged: BTreeMap<u32, u64> = BTreeMap::new();
            for place in self.places(heading) {
                let itself = own.then(|| (Suffix::of(heading), place.own()));
                for (suffix, quarters) in itself.into_iter().chain(place.beneath()) {
                    *merged.entry(suffix.0).or_default() |= quarters.0;
                }
            }
            merged.into_iter().map(|(suffix, quarters)| (Suffix(suffix), Quarters(quarters)))
        };
        let beneath = Successors::of(code, under(code, false), at_most, |_, quarters| quarters.has(quarter));
        let ended = self.own_quarters(code).before(quarter);
        let Some(ended) = ended.filter(|_| beneath.codes.is_empty()) else {
            return beneath;
        };
        let seventh = Suffix::of(code).seventh();
        let is_new = |suffix: Suffix, quarters: Quarters| {
            quarters.has(quarter) && !quarters.has(ended) && (seventh == 0 || suffix.seventh() == seventh)
        };
        let mut headings = (3..code.as_str().len()).rev().filter_map(|length| {
            let heading = DiagnosisCode::new(&code.as_bytes()[..length])?;
            let found = Successors::of(heading, under(heading, true), at_most, is_new);
            (!found.codes.is_empty()).then_some(found)
        });
        headings.next().unwrap_or_default()
    }
}

/// Bytes of an entry of each section.
const COUNT: usize = 4;
const CATEGORY: usize = 6;
const SUFFIX: usize = 3;
const EXCEPTION: usize = 4;
const SPAN: usize = 8;

/// The sections of the file.
#[derive(Clone, Copy)]
struct Codes<'t> {
    head: &'t str,
    /// Year × 4 + 0 to 3 of the first quarter.
    first: u32,
    quarters: u32,
    categories: &'t [u8],
    suffixes: &'t [u8],
    exceptions: &'t [u8],
    spans: &'t [u8],
}

/// A split that keeps to what is there: `?` is not yet for constants.
macro_rules! split {
    ($bytes:expr, $at:expr) => {
        match $bytes.split_at_checked($at) {
            Some(split) => split,
            None => return None,
        }
    };
}

impl<'t> Codes<'t> {
    /// A file without codes.
    const NONE: Codes<'static> = Codes {
        head: "",
        first: 0,
        quarters: 0,
        categories: &[],
        suffixes: &[],
        exceptions: &[],
        spans: &[],
    };

    /// The built-in file. One that cannot be split fails the build.
    #[expect(clippy::panic, reason = "the compiler runs it")]
    const fn new(bytes: &'t [u8]) -> Codes<'t> {
        match Codes::read(bytes) {
            Some(codes) => codes,
            None => panic!("the file is cut off, or goes on"),
        }
    }

    /// Splits a file into its sections. `None` if it has another length than its counts say.
    const fn read(bytes: &'t [u8]) -> Option<Codes<'t>> {
        let mut end = 1;
        while end < bytes.len() && !(bytes[end - 1] == b'\n' && bytes[end] == b'\n') {
            end += 1;
        }
        let (head, rest) = split!(bytes, end + 1);
        let Ok(head) = std::str::from_utf8(head) else { return None };
        let (counts, rest) = split!(rest, 6 * COUNT);
        let (categories, rest) = split!(rest, CATEGORY * number(counts, 2, COUNT) as usize);
        let (suffixes, rest) = split!(rest, SUFFIX * number(counts, 3, COUNT) as usize);
        let (exceptions, spans) = split!(rest, EXCEPTION * number(counts, 4, COUNT) as usize);
        let quarters = number(counts, 1, COUNT);
        // A span has a bit for each quarter.
        if spans.len() != SPAN * number(counts, 5, COUNT) as usize || quarters == 0 || quarters >= u64::BITS {
            return None;
        }
        let first = number(counts, 0, COUNT);
        Some(Codes { head, first, quarters, categories, suffixes, exceptions, spans })
    }

    /// Where `code` stands or would stand; `None` if no code has its category.
    fn place(&self, code: DiagnosisCode) -> Option<Place> {
        let [a, b, c, suffix @ ..] = *code.as_bytes();
        let entry = |index: usize| self.categories.get(CATEGORY * index..CATEGORY * index + CATEGORY);
        let count = self.categories.len() / CATEGORY;
        let found = partition(0..count, |index| entry(index).is_some_and(|entry| entry[..3] < [a, b, c][..]));
        if entry(found)?[..3] != [a, b, c] {
            return None;
        }
        // The place of the first code, in the last three bytes of the entry: its second number of three bytes.
        let starts = |index: usize| match index < count {
            true => number(self.categories, 2 * index + 1, SUFFIX) as usize,
            false => self.suffixes.len() / SUFFIX,
        };
        let (from, to) = Suffix::beginning_with(&suffix)?;
        let at = |index: usize| self.suffix(index).0;
        let within = starts(found)..starts(found + 1);
        let start = partition(within.clone(), |index| at(index) < from.0);
        Some(Place {
            start,
            until: to,
            is_code: within.contains(&start) && at(start) == from.0,
            end: within.end,
        })
    }

    /// The suffix of the code at `index`.
    fn suffix(&self, index: usize) -> Suffix {
        Suffix(number(self.suffixes, index, SUFFIX) >> 1)
    }

    /// The quarters of the code at `index`.
    fn quarters_of(&self, index: usize) -> Quarters {
        let always = Quarters((1 << self.quarters) - 1);
        if number(self.suffixes, index, SUFFIX) & 1 == 0 {
            return always;
        }
        let at = |exception: usize| number(self.exceptions, exception, EXCEPTION);
        let count = self.exceptions.len() / EXCEPTION;
        let found = partition(0..count, |exception| ((at(exception) >> 8) as usize) < index);
        if found == count || (at(found) >> 8) as usize != index {
            return always;
        }
        let span = 2 * (at(found) & 0xFF) as usize;
        let half = |half: usize| u64::from(number(self.spans, span + half, SPAN / 2));
        Quarters(half(0) << 32 | half(1))
    }
}

/// A stretch of the codes of one category: those that begin with the code that was asked for.
struct Place {
    /// The first of them.
    start: usize,
    /// Whether the first is the code itself.
    is_code: bool,
    /// The suffixes from here on begin otherwise.
    until: Suffix,
    /// Where the category ends.
    end: usize,
}

/// A table of codes beside others.
#[derive(Clone, Copy)]
struct Holding<'t> {
    codes: Codes<'t>,
    /// The quarters that it decides, a bit each.
    holds: u64,
    /// Its first quarter, counted from the first of the built-in table.
    first: u32,
}

impl Holding<'_> {
    fn quarters_of(&self, index: usize) -> Quarters {
        Quarters(self.codes.quarters_of(index).0 << self.first & self.holds)
    }
}

/// Where a code stands in one of the tables.
struct Placed<'t> {
    place: Place,
    holding: Holding<'t>,
}

impl<'t> Placed<'t> {
    /// The quarters of the code itself.
    fn own(&self) -> Quarters {
        if self.place.is_code { self.holding.quarters_of(self.place.start) } else { Quarters::default() }
    }

    /// The longer codes that begin with it.
    fn beneath(&self) -> impl Iterator<Item = (Suffix, Quarters)> + use<'t> {
        let (until, holding) = (self.place.until, self.holding);
        (self.place.start + usize::from(self.place.is_code)..self.place.end)
            .map(move |index| (holding.codes.suffix(index), index))
            .take_while(move |(suffix, _)| suffix.0 < until.0)
            .map(move |(suffix, index)| (suffix, holding.quarters_of(index)))
    }
}

/// The characters behind a category as one number of base 37, so that numbers sort as codes do: nothing is 0, a digit
/// 1 to 10, a letter 11 to 36.
#[derive(Clone, Copy)]
struct Suffix(u32);

impl Suffix {
    const BASE: u32 = 37;

    /// The suffix of these characters, zeros behind them, and the first that no longer begins with them.
    fn beginning_with(characters: &[u8; 4]) -> Option<(Suffix, Suffix)> {
        let mut from = 0;
        let mut width = 1;
        for &character in characters {
            let digit = match character {
                0 => 0,
                b'0'..=b'9' => character - b'0' + 1,
                b'A'..=b'Z' => character - b'A' + 11,
                _ => return None,
            };
            from = from * Suffix::BASE + u32::from(digit);
            if digit == 0 {
                width *= Suffix::BASE;
            }
        }
        Some((Suffix(from), Suffix(from + width)))
    }

    /// The suffix of `code`; none of a code that has only letters and digits is refused.
    fn of(code: DiagnosisCode) -> Suffix {
        let [_, _, _, suffix @ ..] = *code.as_bytes();
        Suffix::beginning_with(&suffix).map_or(Suffix(0), |(from, _)| from)
    }

    /// Its fourth character, a code's seventh, as a digit; 0 if there is none.
    fn seventh(self) -> u32 {
        self.0 % Suffix::BASE
    }

    /// The code of this suffix in the category of `code`.
    fn behind(self, code: DiagnosisCode) -> Option<DiagnosisCode> {
        let mut bytes = *code.as_bytes();
        let mut rest = self.0;
        let mut length = 3;
        for place in (3..7).rev() {
            let digit = (rest % Suffix::BASE) as u8;
            rest /= Suffix::BASE;
            bytes[place] = match digit {
                0 => 0,
                1..=10 => b'0' + digit - 1,
                _ => b'A' + digit - 11,
            };
            if digit > 0 {
                length = length.max(place + 1);
            }
        }
        DiagnosisCode::new(&bytes[..length])
    }
}

/// The quarter that `date` falls into, counted from the first of the built-in table, of those that a bit can say.
fn quarter_of(date: Date) -> Option<u32> {
    let (year, month) = (u32::try_from(date.year()).ok()?, u32::from(date.month().unsigned_abs()));
    let quarter = year * 4 + (month - 1) / 3;
    quarter.checked_sub(CODES.first).filter(|&quarter| quarter < u64::BITS)
}

fn first_day(quarter: u32) -> Date {
    let quarter = CODES.first + quarter;
    Date::new((quarter / 4) as i16, (quarter % 4 * 3 + 1) as i8, 1).unwrap_or(Date::MAX)
}

fn last_day(quarter: u32) -> Date {
    first_day(quarter + 1).yesterday().unwrap_or(Date::MAX)
}

/// Number `index` of a section whose numbers have `width` bytes, four at most.
const fn number(section: &[u8], index: usize, width: usize) -> u32 {
    let mut number = 0;
    let mut at = index * width;
    while at < (index + 1) * width {
        number = number << 8 | section[at] as u32;
        at += 1;
    }
    number
}

/// The first index of `range` that does not stand `before`, or its end.
fn partition(range: std::ops::Range<usize>, before: impl Fn(usize) -> bool) -> usize {
    // Every step is taken without a branch that a processor could guess wrong, which takes a third off the time.
    let (mut start, mut length) = (range.start, range.len());
    while length > 0 {
        let half = length.div_ceil(2);
        let middle = start + half;
        start = if before(middle - 1) { middle } else { start };
        length -= half;
    }
    start
}

#[cfg(test)]
mod tests;
