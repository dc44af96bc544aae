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
    delimiters: Delimiters,
    marks: u32,
    /// The delimiters were given, so an ISA at the very start is not asked again.
    given: bool,
    ahead: Ahead,
}

/// Pieces that were found ahead.
#[derive(Clone, Debug)]
struct Ahead {
    /// Where to search on.
    next: usize,
    /// Number of the piece that begins there.
    number: u64,
    blanks: Blanks,
    /// Where separators stand, of either kind, and where pieces end without the blanks behind them.
    places: Vec<usize>,
    pieces: Vec<Piece>,
    /// Pieces that were served.
    served: usize,
    /// Separators of the only piece that are not among the places.
    left_out: usize,
    /// Blocks to search next time: few at first, since some want one segment and no more.
    blocks: usize,
}

/// A piece that holds a segment.
#[derive(Clone, Copy, Debug)]
struct Piece {
    start: usize,
    /// Its first and its last place: the end of its first element, and its own.
    first: usize,
    last: usize,
    number: u64,
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
        let ahead = Ahead::new(number, Blanks::of(delimiters));
        Lexer { bytes, base: offset, delimiters, marks: delimiters.packed(), given, ahead }
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
        let piece = loop {
            let Some(piece) = self.ahead.pieces.get(self.ahead.served).copied() else {
                if !self.ahead.search(self.bytes, self.delimiters) {
                    return None;
                }
                continue;
            };
            if self.bytes.get(piece.start) != Some(&b'I') || !self.adopts(piece) {
                break piece;
            }
        };
        self.ahead.served += 1;
        let all = self.ahead.places.get(piece.first..=piece.last)?;
        let (end, separators) = all.split_last()?;
        Some(Segment {
            bytes: self.bytes,
            start: piece.start,
            end: *end,
            base: self.base,
            number: piece.number,
            ends: if self.ahead.left_out == 0 { all } else { separators },
            separators: separators.len() + self.ahead.left_out,
            marks: self.marks,
        })
    }

    /// Takes the separators of an ISA at the start of a piece, if one stands there that has others.
    #[cold]
    fn adopts(&mut self, piece: Piece) -> bool {
        // None of its bytes but blanks stand before the first piece.
        let is_first = first_of_piece(self.bytes, 0, Some(self.delimiters)) == piece.start;
        if is_first && self.given {
            return false;
        }
        match interchange(self.bytes.get(piece.start..).unwrap_or_default()) {
            Some(isa) if isa.delimiters != self.delimiters => {
                self.delimiters = isa.delimiters;
                self.marks = isa.delimiters.packed();
                self.ahead.begin_anew(piece, Blanks::of(isa.delimiters));
                true
            }
            _ => false,
        }
    }
}

impl Ahead {
    fn new(number: u64, blanks: Blanks) -> Ahead {
        let (places, pieces) = Default::default();
        Ahead { next: 0, number, blanks, places, pieces, served: 0, left_out: 0, blocks: 1 }
    }

    /// Forgets what was found from the start of a piece on.
    fn begin_anew(&mut self, piece: Piece, blanks: Blanks) {
        (self.next, self.number, self.blanks) = (piece.start, piece.number, blanks);
        self.pieces.clear();
        (self.served, self.left_out) = (0, 0);
    }

    /// Finds some pieces, unless nothing is left. Whether anything was.
    #[inline(never)]
    fn search(&mut self, bytes: &[u8], delimiters: Delimiters) -> bool {
        self.pieces.clear();
        (self.served, self.left_out) = (0, 0);
        let mut at = self.next;
        if at >= bytes.len() {
            return false;
        }
        let until = at + self.blocks * BLOCK;
        self.blocks = (self.blocks * 2).min(MOST_BLOCKS);
        let (mut count, mut first) = (0, 0);
        while at < bytes.len() && (at < until || first == 0) {
            if first == 0 && count >= MOST_NOTED {
                let (terminator, separators) = end_of_giant(bytes, at, delimiters);
                self.left_out = count + separators - ENDS;
                self.end_piece(bytes, terminator, 0, ENDS);
                return true;
            }
            if self.places.len() < count + BLOCK {
                self.places.resize(count + 2 * BLOCK, 0);
            }
            let (mut separators, mut terminators) =
                scan(bytes, at, delimiters.element, delimiters.terminator);
            loop {
                // The next terminator; 0 if there is none in the block.
                let here = terminators & terminators.wrapping_neg();
                let mut before = separators & here.wrapping_sub(1);
                separators ^= before | here;
                while before != 0 {
                    if let Some(place) = self.places.get_mut(count) {
                        *place = at + before.trailing_zeros() as usize;
                    }
                    count += 1;
                    before &= before - 1;
                }
                if here == 0 {
                    break;
                }
                self.end_piece(bytes, at + here.trailing_zeros() as usize, first, count);
                count += 1;
                first = count;
                terminators ^= here;
            }
            at += BLOCK;
        }
        // The end of the bytes ends a piece as well.
        if at >= bytes.len() && self.next < bytes.len() {
            self.places.resize(self.places.len().max(count + 1), 0);
            self.end_piece(bytes, bytes.len(), first, count);
        }
        true
    }

    /// Notes the piece before a terminator, which is its `last` place, if there is anything in it but blanks.
    #[inline(always)]
    fn end_piece(&mut self, bytes: &[u8], terminator: usize, first: usize, last: usize) {
        let mut start = std::mem::replace(&mut self.next, terminator + 1);
        let number = self.number;
        self.number += 1;
        let blanks = self.blanks;
        while let Some(byte) = bytes.get(start) {
            if blanks.has(*byte) {
                start += 1;
            } else if *byte == BOM[0] && blanks.has_mark_at(bytes, start) {
                start += BOM.len();
            } else {
                break;
            }
        }
        if start >= terminator {
            return;
        }
        let mut end = terminator;
        while end > start && bytes.get(end - 1).is_some_and(|byte| blanks.has(*byte)) {
            end -= 1;
        }
        if let Some(place) = self.places.get_mut(last) {
            *place = end;
        }
        self.pieces.push(Piece { start, first, last, number });
    }
}

/// Of a piece with more separators than are noted: where it ends, looked for from `at` on, and how many separators
/// there are up to there.
#[cold]
fn end_of_giant(bytes: &[u8], mut at: usize, delimiters: Delimiters) -> (usize, usize) {
    let mut count = 0;
    while at < bytes.len() {
        let (separators, terminators) = scan(bytes, at, delimiters.element, delimiters.terminator);
        let here = terminators & terminators.wrapping_neg();
        count += (separators & here.wrapping_sub(1)).count_ones() as usize;
        if here != 0 {
            return (at + here.trailing_zeros() as usize, count);
        }
        at += BLOCK;
    }
    (bytes.len(), count)
}

/// What may stand around segments without meaning.
#[derive(Clone, Copy, Debug)]
struct Blanks {
    /// Bytes, as bits from the lowest; none is above the space, and none the terminator.
    bytes: u64,
    /// Byte order marks, in front of segments.
    marks: bool,
}

impl Blanks {
    fn of(delimiters: Delimiters) -> Blanks {
        let is_one = |byte: &u8| is_blank(*byte, delimiters) && *byte != delimiters.terminator;
        let bytes = (0..=b' ').filter(is_one).fold(0, |blanks, byte| blanks | 1 << byte);
        Blanks { bytes, marks: passes_over_marks(delimiters) }
    }

    #[inline]
    fn has(self, byte: u8) -> bool {
        byte <= b' ' && self.bytes >> byte & 1 != 0
    }

    fn has_mark_at(self, bytes: &[u8], at: usize) -> bool {
        self.marks && bytes.get(at..).is_some_and(|rest| rest.starts_with(BOM))
    }
}

/// Whether a byte order mark has no meaning: where one of its bytes separates, it is none.
fn passes_over_marks(delimiters: Delimiters) -> bool {
    !BOM.contains(&delimiters.terminator) && !BOM.contains(&delimiters.element)
}

/// Where a piece's first byte that is no blank stands, or its terminator, or the end.
#[inline]
pub fn first_of_piece(bytes: &[u8], from: usize, delimiters: Option<Delimiters>) -> usize {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        if byte > b' ' && byte != BOM[0] {
            break;
        }
        if bytes[at..].starts_with(BOM) && delimiters.is_none_or(passes_over_marks) {
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
