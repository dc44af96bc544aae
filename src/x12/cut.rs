use std::io::{self, Read};

use super::lexer::first_of_piece;
use super::standing::Standing;
use super::survey::{Survey, begins_interchange};
use super::{CLAIM_LIMIT, Id, guess_delimiters, interchange};
use crate::source::{Delimiters, Unit};

/// Bytes looked at past a place where the input may be cut: an ISA with what tells its separators, and blanks.
const LOOKAHEAD: usize = 1 << 10;

/// Bytes read beyond those that are asked for: the next place to cut is most often among them.
const AHEAD: usize = 64 << 10;

/// Cuts a stream of X12 into units of about a target size, each with the context it needs.
///
/// A unit ends before the first CLM, HL, ST, GS or ISA past the target, and before every ISA. Only these are looked
/// for; segments are not split. A claim is never divided, unless it is longer than [`CLAIM_LIMIT`]: then its unit
/// begins with it, and later units begin in the middle of it, which their reader can tell by their first segment.
/// What the cutter holds is bounded by the target and that limit.
#[derive(Debug)]
pub struct X12Cutter<R> {
    reader: R,
    file: u32,
    target: usize,
    /// Bytes read; those not yet handed out begin at `start`.
    buffer: Vec<u8>,
    start: usize,
    ended: bool,
    /// Where `start` stands in the file.
    offset: u64,
    /// Number of the segment at `start`.
    number: u64,
    ordinal: u64,
    delimiters: Option<Delimiters>,
    standing: Standing,
    /// In the middle of a segment that has no end in sight: drop what is left of it.
    dropping: bool,
}

enum Cut {
    At(usize),
    /// No boundary; look again from here when there is more.
    NotBefore(usize),
}

impl<R: Read> X12Cutter<R> {
    /// Cuts what `reader` gives, as input number `file` of the run, into units of about `target` bytes.
    pub fn new(reader: R, file: u32, target: usize) -> X12Cutter<R> {
        X12Cutter {
            reader,
            file,
            target: target.clamp(1, CLAIM_LIMIT),
            buffer: Vec::new(),
            start: 0,
            ended: false,
            offset: 0,
            number: 1,
            ordinal: 0,
            delimiters: None,
            standing: Standing::default(),
            dropping: false,
        }
    }

    /// The next unit; `None` at the end of the input.
    ///
    /// # Errors
    ///
    /// Those of the reader. After one, there are no more units.
    pub fn next_unit(&mut self) -> io::Result<Option<Unit>> {
        self.drop_endless_segment()?;
        self.fill(LOOKAHEAD)?;
        if self.rest().is_empty() {
            return Ok(None);
        }
        self.adopt_delimiters()?;
        let Some(delimiters) = self.delimiters else { return Ok(None) };
        let end = self.find_end(delimiters)?;
        let survey = Survey::of(self.rest(), end, delimiters);
        let bytes = self.take(survey.end);
        let first = first_of_piece(&bytes, 0, Some(delimiters));
        let context = match begins_interchange(&bytes, first) {
            true => Vec::new(),
            false => self.standing.pieces(),
        };
        self.standing.pass(&bytes, &survey, self.offset, self.number, delimiters);
        let unit =
            Unit::x12(self.file, self.ordinal, self.offset, self.number, Some(delimiters), context, bytes);
        self.ordinal += 1;
        self.number += survey.terminators;
        self.offset += survey.end as u64;
        Ok(Some(unit))
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// Hands out the first `count` bytes of the rest: in the memory they were read into, if they are most of it.
    fn take(&mut self, count: usize) -> Vec<u8> {
        if self.start == 0 && count >= self.buffer.len() / 2 {
            let rest = self.buffer.split_off(count);
            return std::mem::replace(&mut self.buffer, rest);
        }
        let taken = self.rest()[..count].to_vec();
        self.start += count;
        taken
    }

    /// Reads until `wanted` bytes are at hand, or the input has ended.
    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        let at_hand = self.rest().len();
        if self.ended || at_hand >= wanted {
            return Ok(());
        }
        let moved = if self.start > 0 { at_hand } else { 0 };
        self.buffer.drain(..std::mem::take(&mut self.start));
        // At least as much as was moved just now, so that small units do not move the rest each time.
        let missing = (wanted - at_hand + AHEAD).max(moved);
        self.buffer.reserve_exact(missing);
        match self.reader.by_ref().take(missing as u64).read_to_end(&mut self.buffer) {
            Ok(read) => self.ended = read < missing,
            Err(error) => {
                self.ended = true;
                self.buffer.clear();
                return Err(error);
            }
        }
        Ok(())
    }

    /// Sets the separators if an interchange starts here, or if this is the start of a file without one.
    fn adopt_delimiters(&mut self) -> io::Result<()> {
        let first = first_of_piece(self.rest(), 0, self.delimiters);
        if let Some(isa) = self.rest().get(first..).and_then(interchange) {
            self.delimiters = Some(isa.delimiters);
        } else if self.delimiters.is_none() {
            self.fill(64 << 10)?;
            self.delimiters = Some(guess_delimiters(self.rest().get(first..).unwrap_or_default()));
        }
        Ok(())
    }

    /// How many bytes of the rest make the next unit, unless an interchange begins among them.
    fn find_end(&mut self, delimiters: Delimiters) -> io::Result<usize> {
        let mut from = self.target;
        loop {
            self.fill(from + LOOKAHEAD)?;
            let rest = self.rest();
            let until = if self.ended { rest.len() } else { rest.len().saturating_sub(LOOKAHEAD) };
            match boundary(rest, from, until, delimiters) {
                Cut::At(at) => return Ok(at),
                Cut::NotBefore(_) if self.ended => return Ok(rest.len()),
                // Nothing more need be read for a unit that an interchange ends.
                Cut::NotBefore(_) if Survey::of(rest, until, delimiters).end < until => return Ok(until),
                Cut::NotBefore(_) if until > self.target + CLAIM_LIMIT + LOOKAHEAD => {
                    return Ok(self.divide(until, delimiters));
                }
                Cut::NotBefore(at) => {
                    from = at;
                    let wanted = (rest.len() + rest.len() / 2).max(from + LOOKAHEAD * 2);
                    self.fill(wanted)?;
                }
            }
        }
    }

    /// Where to cut although no boundary follows within reach: before the giant, or in its middle if it starts here.
    fn divide(&mut self, until: usize, delimiters: Delimiters) -> usize {
        let rest = self.rest();
        let first = first_of_piece(rest, 0, Some(delimiters));
        let mut last = None;
        let mut from = first + 1;
        while let Cut::At(at) = boundary(rest, from, self.target.min(until), delimiters) {
            last = Some(at);
            from = at + 1;
        }
        if let Some(at) = last {
            return at;
        }
        if let Some(at) = memchr::memchr(delimiters.terminator, &rest[CLAIM_LIMIT..until]) {
            return CLAIM_LIMIT + at + 1;
        }
        self.dropping = true;
        until
    }

    /// Passes over what is left of a segment that is far too long, up to its terminator.
    fn drop_endless_segment(&mut self) -> io::Result<()> {
        while self.dropping {
            self.fill(1)?;
            let Some(delimiters) = self.delimiters else { break };
            let rest = self.rest();
            let end = memchr::memchr(delimiters.terminator, rest);
            let (dropped, is_left) = (end.unwrap_or(rest.len()), end.is_none() && !rest.is_empty());
            self.dropping = is_left;
            self.offset += dropped as u64;
            self.start += dropped;
        }
        Ok(())
    }
}

impl<R: Read> Iterator for X12Cutter<R> {
    type Item = io::Result<Unit>;

    fn next(&mut self) -> Option<io::Result<Unit>> {
        self.next_unit().transpose()
    }
}

/// The first CLM, HL, ST, GS or ISA that starts in `from..until`.
fn boundary(bytes: &[u8], from: usize, until: usize, delimiters: Delimiters) -> Cut {
    let mut from = from.max(1);
    while from < until {
        let Some(at) = memchr::memchr(delimiters.terminator, &bytes[from - 1..until]) else {
            return Cut::NotBefore(until);
        };
        let terminator = from - 1 + at;
        let start = first_of_piece(bytes, terminator + 1, Some(delimiters));
        if start >= until {
            return Cut::NotBefore(terminator + 1);
        }
        if starts_afresh(&bytes[start..], delimiters) {
            return Cut::At(start);
        }
        from = start + 1;
    }
    Cut::NotBefore(from)
}

/// Whether a reader can start afresh at the segment that `bytes` begin with.
pub fn starts_afresh(bytes: &[u8], delimiters: Delimiters) -> bool {
    const CLM: Id = Id::new(b"CLM");
    const HL: Id = Id::new(b"HL");
    const ST: Id = Id::new(b"ST");
    const GS: Id = Id::new(b"GS");
    let reach = &bytes[..bytes.len().min(4)];
    let end = reach.iter().position(|byte| *byte == delimiters.element || *byte == delimiters.terminator);
    let id = Id::new(&reach[..end.unwrap_or(reach.len())]);
    [CLM, HL, ST, GS].contains(&id) || interchange(bytes).is_some()
}

#[cfg(test)]
#[path = "cut_tests.rs"]
mod tests;
