use super::scan::{BLOCK, scan};
use super::segment::ENDS;
use super::{Segment, guess_delimiters, interchange};
use crate::source::Delimiters;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Walks the segments of a stretch of X12, whatever it holds: bytes in, segments out, never an error.
///
/// Every ISA on the way sets the separators for what follows it. Pieces of nothing but blanks give no segment, but
/// count: a segment's number is one more than the terminators before it, so that it is the line where the
/// terminator is a line end.
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    bytes: &'a [u8],
    base: u64,
    number: u64,
    delimiters: Delimiters,
    /// The delimiters were given, so an ISA at the very start is not asked again.
    given: bool,
    /// Where the next piece starts.
    next: usize,
    /// Where the block starts whose unread separators are in the masks.
    block: usize,
    elements: u64,
    terminators: u64,
    ends: [usize; ENDS],
}

/// Where in the bytes a segment stands, and how many separators are in it.
struct Found {
    start: usize,
    end: usize,
    separators: usize,
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
        let mut lexer = Lexer {
            bytes,
            base: offset,
            number,
            delimiters,
            given,
            next: 0,
            block: 0,
            elements: 0,
            terminators: 0,
            ends: [0; ENDS],
        };
        lexer.load(0);
        lexer
    }

    /// The separators in force for the segment given last.
    pub fn delimiters(&self) -> Delimiters {
        self.delimiters
    }

    #[inline]
    fn load(&mut self, block: usize) {
        self.block = block;
        (self.elements, self.terminators) =
            scan(self.bytes, block, self.delimiters.element, self.delimiters.terminator);
    }

    /// The next segment; `None` at the end.
    // A segment is a dozen words, put together here from the few that are new: handing it over by value out of line
    // costs more than finding it.
    #[inline(always)]
    pub fn next_segment(&mut self) -> Option<Segment<'_, 'a>> {
        let Found { start, end, separators } = self.find_next()?;
        Some(Segment {
            bytes: self.bytes,
            start,
            end,
            base: self.base,
            number: self.number - 1,
            ends: &self.ends[..separators.min(ENDS)],
            separators,
            delimiters: self.delimiters,
        })
    }

    fn find_next(&mut self) -> Option<Found> {
        loop {
            if self.next >= self.bytes.len() {
                return None;
            }
            let start = first_of_piece(self.bytes, self.next, Some(self.delimiters));
            if self.bytes.get(start) == Some(&b'I') {
                self.adopt(start);
            }
            let (terminator, separators) = self.separators();
            self.number += 1;
            self.next = terminator + 1;
            if start < terminator {
                return Some(Found { start, end: self.last_of_piece(start, terminator), separators });
            }
        }
    }

    /// Takes the separators of an ISA at `start`, if one stands there.
    fn adopt(&mut self, start: usize) {
        let first = self.next == 0;
        if first && self.given {
            return;
        }
        if let Some(isa) = interchange(&self.bytes[start..])
            && isa.delimiters != self.delimiters
        {
            self.delimiters = isa.delimiters;
            self.load(start);
        }
    }

    /// Collects the separators up to the next terminator (or the end), and says where that is.
    #[inline]
    fn separators(&mut self) -> (usize, usize) {
        let (mut block, mut elements, mut terminators) = (self.block, self.elements, self.terminators);
        let mut count = 0;
        let end = loop {
            let here = terminators & terminators.wrapping_neg();
            let mut before = elements & here.wrapping_sub(1);
            elements ^= before;
            while before != 0 {
                if let Some(end) = self.ends.get_mut(count) {
                    *end = block + before.trailing_zeros() as usize;
                }
                count += 1;
                before &= before - 1;
            }
            if here != 0 {
                terminators ^= here;
                break block + here.trailing_zeros() as usize;
            }
            if block + BLOCK >= self.bytes.len() {
                break self.bytes.len();
            }
            block += BLOCK;
            (elements, terminators) =
                scan(self.bytes, block, self.delimiters.element, self.delimiters.terminator);
        };
        (self.block, self.elements, self.terminators) = (block, elements, terminators);
        (end, count)
    }

    /// Where a piece ends, without the blanks before its terminator.
    #[inline]
    fn last_of_piece(&self, start: usize, terminator: usize) -> usize {
        let mut end = terminator;
        while end > start && self.bytes.get(end - 1).is_some_and(|byte| is_blank(*byte, self.delimiters)) {
            end -= 1;
        }
        end
    }
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
