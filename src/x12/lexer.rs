use super::scan::{BLOCK, scan};
use super::segment::ENDS;
use super::{Segment, guess_delimiters, interchange};
use crate::source::Delimiters;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Blocks that are searched for separators in one go, at most: their separators stay in the processor's nearest cache.
const MOST_BLOCKS: usize = 64;

/// Separators that are noted of a segment with no end in sight.
const MOST_NOTED: usize = MOST_BLOCKS * BLOCK;

/// Walks the segments of a stretch of X12, whatever it holds: bytes in, segments out, never an error.
///
/// Every ISA on the way sets the separators for what follows it. Pieces of nothing but blanks give no segment, but
/// count: a segment's number is one more than the terminators before it, so that it is the line where the
/// terminator is a line end.
///
/// Separators are looked for some blocks ahead, and segments served from what was found.
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    bytes: &'a [u8],
    base: u64,
    number: u64,
    delimiters: Delimiters,
    /// The delimiters were given, so an ISA at the very start is not asked again.
    given: bool,
    /// Which bytes up to the space are blanks, as bits from the lowest.
    blanks: u64,
    /// Where the next piece starts.
    next: usize,
    ahead: Ahead,
}

/// Separators that were found ahead.
#[derive(Clone, Debug)]
struct Ahead {
    /// Where they stand, of either kind, the first `count` of them. The end of the bytes ends a segment as well.
    places: Vec<usize>,
    count: usize,
    /// Which of the places end a piece.
    ends: Vec<usize>,
    /// Pieces that were served.
    served: usize,
    /// The first separator of the next piece.
    first: usize,
    /// Separators of the only piece that are not among the places.
    left_out: usize,
    /// Blocks to search next time: few at first, since some want one segment and no more.
    blocks: usize,
}

impl<'a> Lexer<'a> {
    /// A lexer over `bytes`, which stand at `offset` in their file and begin with segment `number`.
    ///
    /// Without `delimiters` they come from the ISA at the start, or are guessed where none stands there.
    pub fn new(bytes: &'a [u8], offset: u64, number: u64, delimiters: Option<Delimiters>) -> Lexer<'a> {
        let given = delimiters.is_some();
        let delimiters = delimiters.unwrap_or_else(|| {
            let start = first_of_piece(bytes, 0, None);
            let bytes = bytes.get(start..).unwrap_or_default();
            interchange(bytes).map_or_else(|| guess_delimiters(bytes), |isa| isa.delimiters)
        });
        Lexer {
            bytes,
            base: offset,
            number,
            delimiters,
            given,
            blanks: blanks(delimiters),
            next: 0,
            ahead: Ahead::new(),
        }
    }

    /// The separators in force for the segment given last.
    pub fn delimiters(&self) -> Delimiters {
        self.delimiters
    }

    /// The next segment; `None` at the end.
    // A segment is a dozen words, put together here from the few that are new: handing it over by value out of line
    // costs more than finding it.
    #[inline(always)]
    pub fn next_segment(&mut self) -> Option<Segment<'_, 'a>> {
        let (start, first, last) = loop {
            let Some(&last) = self.ahead.ends.get(self.ahead.served) else {
                if !self.ahead.search(self.bytes, self.next, self.delimiters) {
                    return None;
                }
                continue;
            };
            let start = self.first_of_piece();
            if self.bytes.get(start) == Some(&b'I') && self.adopts(start) {
                continue;
            }
            let first = std::mem::replace(&mut self.ahead.first, last + 1);
            let terminator = self.ahead.places.get(last).copied()?;
            self.ahead.served += 1;
            self.number += 1;
            self.next = terminator + 1;
            if start < terminator {
                break (start, first, last);
            }
        };
        let end = self.ahead.places.get_mut(last)?;
        while *end > start && self.bytes.get(*end - 1).is_some_and(|byte| is_among(self.blanks, *byte)) {
            *end -= 1;
        }
        let end = *end;
        let noted = if self.ahead.left_out == 0 { last + 1 } else { last };
        Some(Segment {
            bytes: self.bytes,
            start,
            end,
            base: self.base,
            number: self.number - 1,
            ends: self.ahead.places.get(first..noted).unwrap_or_default(),
            separators: last - first + self.ahead.left_out,
            delimiters: self.delimiters,
        })
    }

    /// Where the next piece's first byte that is no blank stands, or its terminator, or the end.
    #[inline]
    fn first_of_piece(&self) -> usize {
        let mut start = self.next;
        while let Some(byte) = self.bytes.get(start) {
            if *byte == BOM[0] {
                return first_of_piece(self.bytes, start, Some(self.delimiters));
            }
            if !is_among(self.blanks, *byte) {
                break;
            }
            start += 1;
        }
        start
    }

    /// Takes the separators of an ISA at `start`, if one stands there that has others.
    #[cold]
    fn adopts(&mut self, start: usize) -> bool {
        let first = self.next == 0;
        if first && self.given {
            return false;
        }
        match interchange(&self.bytes[start..]) {
            Some(isa) if isa.delimiters != self.delimiters => {
                self.delimiters = isa.delimiters;
                self.blanks = blanks(isa.delimiters);
                self.next = start;
                self.ahead.forget();
                true
            }
            _ => false,
        }
    }
}

impl Ahead {
    fn new() -> Ahead {
        let (places, ends) = Default::default();
        Ahead { places, count: 0, ends, served: 0, first: 0, left_out: 0, blocks: 1 }
    }

    fn forget(&mut self) {
        self.ends.clear();
        (self.count, self.served, self.first, self.left_out) = (0, 0, 0, 0);
    }

    /// Finds the ends of some pieces from `at` on, and the separators in them. Whether there is any.
    #[inline(never)]
    fn search(&mut self, bytes: &[u8], mut at: usize, delimiters: Delimiters) -> bool {
        self.forget();
        if at >= bytes.len() {
            return false;
        }
        let until = at + self.blocks * BLOCK;
        self.blocks = (self.blocks * 2).min(MOST_BLOCKS);
        while at < bytes.len() && (at < until || self.ends.is_empty()) {
            if self.ends.is_empty() && self.count >= MOST_NOTED {
                self.end_of_giant(bytes, at, delimiters);
                return true;
            }
            let (separators, terminators) = scan(bytes, at, delimiters.element, delimiters.terminator);
            self.note(at, separators, terminators);
            at += BLOCK;
        }
        let last = self.ends.last().and_then(|last| self.places.get(*last));
        if at >= bytes.len() && last.is_none_or(|last| last + 1 < bytes.len()) {
            self.note(bytes.len(), 1, 1);
        }
        true
    }

    /// Notes the separators of a block that begins `at`.
    #[inline]
    fn note(&mut self, at: usize, separators: u64, terminators: u64) {
        if self.places.len() < self.count + BLOCK {
            self.places.resize(self.count + 2 * BLOCK, 0);
        }
        let mut rest = terminators;
        while rest != 0 {
            let before = separators & (rest ^ rest.wrapping_sub(1)) >> 1;
            self.ends.push(self.count + before.count_ones() as usize);
            rest &= rest - 1;
        }
        let before = self.count;
        self.count += separators.count_ones() as usize;
        let Some(places) = self.places.get_mut(before..before + BLOCK) else { return };
        let mut rest = separators;
        // In fours: what is written past the last is written over by the next block.
        for four in places.as_chunks_mut::<4>().0 {
            if rest == 0 {
                break;
            }
            for place in four {
                *place = at + rest.trailing_zeros() as usize;
                rest &= rest.wrapping_sub(1);
            }
        }
    }

    /// The first piece has more separators than are noted: looks for its end, from `at` on, and counts them.
    #[cold]
    fn end_of_giant(&mut self, bytes: &[u8], mut at: usize, delimiters: Delimiters) {
        let mut separators = self.count;
        let mut end = bytes.len();
        while at < bytes.len() {
            let (here, terminators) = scan(bytes, at, delimiters.element, delimiters.terminator);
            let before =
                if terminators == 0 { here } else { here & ((terminators & terminators.wrapping_neg()) - 1) };
            separators += before.count_ones() as usize;
            if terminators != 0 {
                end = at + terminators.trailing_zeros() as usize;
                break;
            }
            at += BLOCK;
        }
        if let Some(place) = self.places.get_mut(ENDS) {
            *place = end;
        }
        self.ends.push(ENDS);
        self.left_out = separators - ENDS;
    }
}

/// The bytes that may stand around segments without meaning, as bits from the lowest; none is above the space, and none
/// the terminator.
fn blanks(delimiters: Delimiters) -> u64 {
    let is_one = |byte: &u8| is_blank(*byte, delimiters) && *byte != delimiters.terminator;
    (0..=b' ').filter(is_one).fold(0, |blanks, byte| blanks | 1 << byte)
}

/// Whether a byte is among those that are bits.
#[inline]
fn is_among(bits: u64, byte: u8) -> bool {
    byte <= b' ' && bits >> byte & 1 != 0
}

/// Where a piece's first byte that is no blank stands, or its terminator, or the end.
#[inline]
pub fn first_of_piece(bytes: &[u8], from: usize, delimiters: Option<Delimiters>) -> usize {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        if byte > b' ' && byte != BOM[0] {
            break;
        }
        if bytes[at..].starts_with(BOM) {
            at += BOM.len();
            continue;
        }
        let blank = match delimiters {
            Some(delimiters) => is_blank(byte, delimiters) && byte != delimiters.terminator,
            None => matches!(byte, b' ' | b'\t' | b'\r' | b'\n'),
        };
        if !blank {
            break;
        }
        at += 1;
    }
    at
}

/// Whether `byte` may stand around segments without meaning: spaces, tabs and line ends that separate nothing.
#[inline]
pub fn is_blank(byte: u8, delimiters: Delimiters) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
        && byte != delimiters.element
        && byte != delimiters.component
        && Some(byte) != delimiters.repetition
}

#[cfg(test)]
#[path = "lexer_tests.rs"]
mod tests;
