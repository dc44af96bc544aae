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

use super::Reference;
use super::table::{TableHead, head_of};
use crate::claim::{Date, DiagnosisCode};

const CODES: Codes = Codes::new(include_bytes!("../../reference/icd10cm.bin"));

/// What the table says about itself.
pub(super) fn head() -> TableHead {
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

/// The quarters of the table in which a code is billable. None for a heading and for what is no code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct BillableQuarters(u64);

impl BillableQuarters {
    /// Whether the code is billable on `date`; `None` if the table does not hold that day.
    pub fn holds(self, date: Date) -> Option<bool> {
        quarter_of(date).map(|quarter| self.has(quarter))
    }

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
        candidates: impl Iterator<Item = (Suffix, BillableQuarters)>,
        at_most: usize,
        fit: impl Fn(Suffix, BillableQuarters) -> bool,
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
    /// The days for which diagnosis codes can be judged: the first and the last.
    pub fn diagnosis_days(&self) -> (Date, Date) {
        (first_day(0), last_day(CODES.quarters - 1))
    }

    /// Whether diagnosis codes can be judged on `date`: whether it is one of [`Self::diagnosis_days`].
    pub fn judges_diagnoses_on(&self, date: Date) -> bool {
        quarter_of(date).is_some()
    }

    /// What `code` is on `date`.
    pub fn diagnosis(&self, code: DiagnosisCode, date: Date) -> DiagnosisStanding {
        let Some(quarter) = quarter_of(date) else { return DiagnosisStanding::OutsideTable };
        let Some(place) = CODES.place(code) else { return DiagnosisStanding::Unknown };
        let own = place.own();
        if own.has(quarter) {
            return DiagnosisStanding::Billable;
        }
        let last_day = own.before(quarter).map(last_day);
        if place.beneath().any(|(_, quarters)| quarters.has(quarter)) {
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
        CODES.place(code).map_or_else(BillableQuarters::default, |place| place.own())
    }

    /// The codes billable on `date` that `code` heads, the first `at_most` of them by name. Of a code that ended and
    /// heads nothing, those that have begun since under the nearest heading that has any, of the same seventh character
    /// if it has one: what it gave way to, as far as the order of codes tells.
    pub fn successors(&self, code: DiagnosisCode, date: Date, at_most: usize) -> Successors {
        let (Some(quarter), Some(place)) = (quarter_of(date), CODES.place(code)) else {
            return Successors::default();
        };
        let beneath = Successors::of(code, place.beneath(), at_most, |_, quarters| quarters.has(quarter));
        let Some(ended) = place.own().before(quarter).filter(|_| beneath.codes.is_empty()) else {
            return beneath;
        };
        let seventh = Suffix::of(code).seventh();
        let is_new = |suffix: Suffix, quarters: BillableQuarters| {
            quarters.has(quarter) && !quarters.has(ended) && (seventh == 0 || suffix.seventh() == seventh)
        };
        let mut headings = (3..code.as_str().len()).rev().filter_map(|length| {
            let heading = DiagnosisCode::new(&code.as_bytes()[..length])?;
            let place = CODES.place(heading)?;
            let own = place.is_code.then(|| (Suffix::of(heading), place.own()));
            let found = Successors::of(heading, own.into_iter().chain(place.beneath()), at_most, is_new);
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
struct Codes {
    head: &'static str,
    /// Year × 4 + 0 to 3 of the first quarter.
    first: u32,
    quarters: u32,
    categories: &'static [u8],
    suffixes: &'static [u8],
    exceptions: &'static [u8],
    spans: &'static [u8],
}

impl Codes {
    /// Splits the file into its sections. A file of another length than its counts say fails the build.
    const fn new(bytes: &'static [u8]) -> Codes {
        let mut end = 1;
        while !(bytes[end - 1] == b'\n' && bytes[end] == b'\n') {
            end += 1;
        }
        let (head, rest) = bytes.split_at(end + 1);
        let head = match std::str::from_utf8(head) {
            Ok(head) => head,
            Err(_) => "",
        };
        assert!(!head.is_empty(), "the head is no text");
        let (counts, rest) = rest.split_at(6 * COUNT);
        let (categories, rest) = rest.split_at(CATEGORY * number(counts, 2, COUNT) as usize);
        let (suffixes, rest) = rest.split_at(SUFFIX * number(counts, 3, COUNT) as usize);
        let (exceptions, spans) = rest.split_at(EXCEPTION * number(counts, 4, COUNT) as usize);
        assert!(spans.len() == SPAN * number(counts, 5, COUNT) as usize, "the file is cut off, or goes on");
        let quarters = number(counts, 1, COUNT);
        assert!(quarters > 0 && quarters < u64::BITS, "a span has a bit for each quarter");
        Codes { head, first: number(counts, 0, COUNT), quarters, categories, suffixes, exceptions, spans }
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
    fn quarters_of(&self, index: usize) -> BillableQuarters {
        let always = BillableQuarters((1 << self.quarters) - 1);
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
        BillableQuarters(half(0) << 32 | half(1))
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

impl Place {
    /// The quarters of the code itself.
    fn own(&self) -> BillableQuarters {
        if self.is_code { CODES.quarters_of(self.start) } else { BillableQuarters::default() }
    }

    /// The longer codes that begin with it.
    fn beneath(&self) -> impl Iterator<Item = (Suffix, BillableQuarters)> + use<> {
        let until = self.until;
        (self.start + usize::from(self.is_code)..self.end)
            .map(|index| (CODES.suffix(index), index))
            .take_while(move |(suffix, _)| suffix.0 < until.0)
            .map(|(suffix, index)| (suffix, CODES.quarters_of(index)))
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

/// The quarter of the table that `date` falls into.
fn quarter_of(date: Date) -> Option<u32> {
    let (year, month) = (u32::try_from(date.year()).ok()?, u32::from(date.month().unsigned_abs()));
    let quarter = year * 4 + (month - 1) / 3;
    quarter.checked_sub(CODES.first).filter(|&quarter| quarter < CODES.quarters)
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
