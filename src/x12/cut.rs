use std::io::{self, Read};

use memchr::{memchr_iter, memmem};

use super::lexer::first_of_piece;
use super::standing::{Landmarks, Standing, starts_segment};
use super::{CLAIM_LIMIT, Id, guess_delimiters, interchange};
use crate::source::{Delimiters, Unit};

/// Bytes looked at past a place where the input may be cut: an ISA with what tells its separators, and blanks.
const LOOKAHEAD: usize = 1 << 10;

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
    /// Bytes read and not yet handed out stand in `start..filled`.
    buffer: Vec<u8>,
    start: usize,
    filled: usize,
    ended: bool,
    /// Where `start` stands in the file.
    offset: u64,
    /// Number of the segment at `start`.
    number: u64,
    ordinal: u64,
    landmarks: Option<Landmarks>,
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
            filled: 0,
            ended: false,
            offset: 0,
            number: 1,
            ordinal: 0,
            landmarks: None,
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
        if self.start == self.filled {
            return Ok(None);
        }
        self.adopt_delimiters()?;
        let end = self.find_end()?;
        let Some(landmarks) = &self.landmarks else { return Ok(None) };
        let delimiters = landmarks.delimiters();
        let bytes = self.buffer[self.start..self.start + end].to_vec();
        let context = self.standing.pieces();
        let context = if begins_interchange(&bytes, delimiters) { Vec::new() } else { context };
        self.standing.pass(&bytes, self.offset, self.number, landmarks);
        let unit =
            Unit::x12(self.file, self.ordinal, self.offset, self.number, Some(delimiters), context, bytes);
        self.ordinal += 1;
        self.number += memchr_iter(delimiters.terminator, &unit.bytes).count() as u64;
        self.offset += end as u64;
        self.start += end;
        Ok(Some(unit))
    }

    fn rest(&self) -> &[u8] {
        &self.buffer[self.start..self.filled]
    }

    /// Reads until `wanted` bytes are at hand, or the input has ended.
    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        if self.ended || self.filled - self.start >= wanted {
            return Ok(());
        }
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.filled, 0);
            self.filled -= self.start;
            self.start = 0;
        }
        let room = (wanted + wanted / 4).max((self.target * 4).min(4 << 20)).max(64 << 10);
        if self.buffer.len() < room {
            // Fresh zeros cost nothing until they are written over; a resized vector would write them first.
            let mut larger = vec![0; room];
            larger[..self.filled].copy_from_slice(&self.buffer[..self.filled]);
            self.buffer = larger;
        }
        while !self.ended && self.filled < wanted {
            match self.reader.read(&mut self.buffer[self.filled..]) {
                Ok(0) => self.ended = true,
                Ok(count) => self.filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    (self.start, self.filled) = (0, 0);
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Sets the separators if an interchange starts here, or if this is the start of a file without one.
    fn adopt_delimiters(&mut self) -> io::Result<()> {
        let known = self.landmarks.as_ref().map(Landmarks::delimiters);
        let first = first_of_piece(self.rest(), 0, known);
        let delimiters = match (interchange(self.rest().get(first..).unwrap_or_default()), known) {
            (Some(isa), _) => isa.delimiters,
            (None, Some(_)) => return Ok(()),
            (None, None) => {
                self.fill(64 << 10)?;
                guess_delimiters(self.rest().get(first..).unwrap_or_default())
            }
        };
        if known != Some(delimiters) {
            self.landmarks = Some(Landmarks::new(delimiters));
        }
        Ok(())
    }

    /// How many bytes of the rest make the next unit.
    fn find_end(&mut self) -> io::Result<usize> {
        let delimiters = match &self.landmarks {
            Some(landmarks) => landmarks.delimiters(),
            None => return Ok(self.rest().len()),
        };
        let mut from = self.target;
        // An interchange may follow a first segment of one letter, or of none.
        let mut searched = first_of_piece(self.rest(), 0, Some(delimiters)) + 1;
        loop {
            self.fill(from + LOOKAHEAD)?;
            let rest = &self.buffer[self.start..self.filled];
            let until = if self.ended { rest.len() } else { rest.len().saturating_sub(LOOKAHEAD) };
            let cut = boundary(rest, from, until, delimiters);
            let end = match cut {
                Cut::At(at) => at,
                Cut::NotBefore(_) => until,
            };
            if let Some(isa) = interchange_within(rest, searched, end, delimiters) {
                return Ok(isa);
            }
            searched = searched.max(end.saturating_sub(3));
            match cut {
                Cut::At(at) => return Ok(at),
                Cut::NotBefore(_) if self.ended => return Ok(rest.len()),
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
        let rest = &self.buffer[self.start..self.filled];
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
            let Some(landmarks) = &self.landmarks else { break };
            let rest = &self.buffer[self.start..self.filled];
            let end = memchr::memchr(landmarks.delimiters().terminator, rest);
            self.dropping = end.is_none() && !rest.is_empty();
            let dropped = end.unwrap_or(rest.len());
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

fn begins_interchange(bytes: &[u8], delimiters: Delimiters) -> bool {
    let first = first_of_piece(bytes, 0, Some(delimiters));
    bytes.get(first..).and_then(interchange).is_some()
}

/// The first ISA that starts in `from..until`.
fn interchange_within(bytes: &[u8], from: usize, until: usize, delimiters: Delimiters) -> Option<usize> {
    let reach = bytes.get(from..bytes.len().min(until + 3))?;
    memmem::find_iter(reach, b"ISA")
        .map(|at| from + at)
        .filter(|&at| at < until && starts_segment(bytes, at, delimiters))
        .find(|&at| interchange(&bytes[at..]).is_some())
}

#[cfg(test)]
#[path = "cut_tests.rs"]
mod tests;
