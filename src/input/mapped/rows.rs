//! Rows of a table, one at a time, however long the table; a row that is broken costs no other.

use std::io::{self, Read};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// The longest row that is read, in bytes.
pub(super) const MOST_ROW: usize = 1 << 20;

/// How much is read at a time.
const STRETCH: usize = 64 << 10;

/// After as many quotation marks that are never closed, marks divide nothing any more: looking for their ends takes time.
const MOST_UNCLOSED: u32 = 64;

/// Where a row stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct RowAt {
    /// First byte in the file.
    pub(super) offset: u64,
    /// In bytes, without the end of its last line.
    pub(super) length: u32,
    /// The line of the file on which it begins, from 1.
    pub(super) line: u64,
}

/// How a row was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Outcome {
    /// Its cells are at hand.
    Cells,
    /// It is longer than [`MOST_ROW`].
    TooLarge,
    /// A quotation mark in it is never closed.
    Unclosed,
}

/// Reads rows.
pub(super) struct Rows<R> {
    input: R,
    buffer: Vec<u8>,
    /// Where the next row is looked for in the buffer, and the line of the file there.
    at: usize,
    line: u64,
    /// Where the buffer's first byte stands in the file.
    offset: u64,
    ended: bool,
    delimiter: u8,
    reader: Reader,
    unclosed: u32,
    cells: Vec<u8>,
    ends: Vec<usize>,
    /// How many cells the row at hand has.
    count: usize,
    /// The row at hand: its start in the buffer and its line.
    start: (usize, u64),
}

fn reader(delimiter: u8, quoting: bool) -> Reader {
    ReaderBuilder::new().delimiter(delimiter).quoting(quoting).build()
}

impl<R: Read> Rows<R> {
    pub(super) fn new(input: R, delimiter: u8) -> Rows<R> {
        Rows {
            input,
            buffer: Vec::new(),
            at: 0,
            line: 1,
            offset: 0,
            ended: false,
            delimiter,
            reader: reader(delimiter, true),
            unclosed: 0,
            cells: vec![0; 1024],
            ends: vec![0; 64],
            count: 0,
            start: (0, 1),
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        let read = (&mut self.input).take(STRETCH as u64).read_to_end(&mut self.buffer)?;
        self.ended = read < STRETCH;
        Ok(())
    }

    /// The next row that is not blank, or `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<(RowAt, Outcome)>> {
        if self.at >= STRETCH {
            self.buffer.drain(..self.at);
            self.offset += self.at as u64;
            self.at = 0;
        }
        if self.offset == 0 && self.at == 0 {
            while self.buffer.len() < 3 && !self.ended {
                self.fill()?;
            }
            if self.buffer.starts_with(b"\xEF\xBB\xBF") {
                self.at = 3;
            }
        }
        loop {
            match self.buffer.get(self.at) {
                Some(b'\r' | b'\n') => {
                    if self.at + 1 == self.buffer.len() && !self.ended {
                        self.fill()?;
                    }
                    self.line += line_ends(&self.buffer[self.at..], 1);
                    self.at += 1;
                }
                Some(_) => break,
                None if self.ended => return Ok(None),
                None => self.fill()?,
            }
        }
        self.start = (self.at, self.line);
        self.row().map(Some)
    }

    fn row(&mut self) -> io::Result<(RowAt, Outcome)> {
        self.reader.reset();
        let (start, line) = self.start;
        let (mut read, mut written) = (0, 0);
        self.count = 0;
        let mut at_end = false;
        loop {
            let input = self.buffer.get(start + read..).unwrap_or_default();
            let (result, taken, wrote, ended) =
                self.reader.read_record(input, &mut self.cells[written..], &mut self.ends[self.count..]);
            read += taken;
            written += wrote;
            self.count += ended;
            if read > MOST_ROW || self.ends.len() > MOST_ROW {
                return self.broken(Outcome::TooLarge);
            }
            match result {
                ReadRecordResult::InputEmpty if self.ended => at_end = true,
                ReadRecordResult::InputEmpty => self.fill()?,
                ReadRecordResult::OutputFull => self.cells.resize(self.cells.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record | ReadRecordResult::End => break,
            }
        }
        if at_end && self.is_open(start..start + read) {
            return self.broken(Outcome::Unclosed);
        }
        self.at = start + read;
        self.line = line + line_ends(&self.buffer[start..], read);
        Ok((self.row_at(self.at), Outcome::Cells))
    }

    /// Where the row at hand stands, if it ends at `end` of the buffer.
    fn row_at(&self, end: usize) -> RowAt {
        let (start, line) = self.start;
        let text = self.buffer.get(start..end).unwrap_or_default();
        let blank = text.iter().rev().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        RowAt { offset: self.offset + start as u64, length: (text.len() - blank) as u32, line }
    }

    /// Gives the row at hand up; the next one is looked for on the next line of the file.
    fn broken(&mut self, outcome: Outcome) -> io::Result<(RowAt, Outcome)> {
        self.unclosed += 1;
        if self.unclosed == MOST_UNCLOSED {
            self.reader = reader(self.delimiter, false);
        }
        let end = self.start.0 + self.first_line();
        let at = self.row_at(end);
        let mut goes_on = end_of_line(&self.buffer[self.start.0..]).is_none();
        self.count = 0;
        self.resume();
        // A line that is itself too long is dropped stretch by stretch.
        while goes_on && !self.ended {
            self.offset += self.buffer.len() as u64;
            self.buffer.clear();
            self.fill()?;
            let end = end_of_line(&self.buffer);
            self.at = end.unwrap_or(self.buffer.len());
            self.line += u64::from(end.is_some());
            goes_on = end.is_none();
        }
        Ok((at, outcome))
    }

    /// Length of the first line of the row at hand, with its end.
    fn first_line(&self) -> usize {
        let rest = &self.buffer[self.start.0..];
        end_of_line(rest).unwrap_or(rest.len())
    }

    /// Looks for the next row behind the first line of the row at hand: what looks like one row over several lines is
    /// none.
    pub(super) fn resume(&mut self) {
        let length = self.first_line();
        let (start, line) = self.start;
        self.at = start + length;
        self.line = line + line_ends(&self.buffer[start..], length);
    }

    /// Whether the row at hand goes over several lines.
    pub(super) fn is_long(&self) -> bool {
        self.start.0 + self.first_line() < self.at
    }

    /// The cells of the row at hand.
    pub(super) fn cells(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        (0..self.count).map(|at| self.cell(at))
    }

    /// One cell of the row at hand.
    pub(super) fn cell(&self, at: usize) -> &[u8] {
        if at >= self.count {
            return &[];
        }
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        self.cells.get(start..self.ends[at]).unwrap_or_default()
    }

    /// Whether a quoted cell in these bytes of the buffer is never closed.
    fn is_open(&self, range: std::ops::Range<usize>) -> bool {
        let bytes = &self.buffer[range];
        let (mut open, mut is_start, mut at) = (false, true, 0);
        while let Some(&byte) = bytes.get(at) {
            match (byte, open) {
                (b'"', true) if bytes.get(at + 1) == Some(&b'"') => at += 1,
                (b'"', true) => (open, is_start) = (false, false),
                (b'"', false) if is_start => open = true,
                (_, false) => is_start = byte == self.delimiter || matches!(byte, b'\n' | b'\r'),
                _ => {}
            }
            at += 1;
        }
        open && self.unclosed < MOST_UNCLOSED
    }
}

/// One past the end of the first line of `bytes`; `None` if it goes on.
fn end_of_line(bytes: &[u8]) -> Option<usize> {
    let at = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'))?;
    Some(at + 1 + usize::from(bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n')))
}

/// How many lines end in the first `length` of `bytes`: a CR in front of a LF ends none.
fn line_ends(bytes: &[u8], length: usize) -> u64 {
    let ends = |at: usize| match bytes[at] {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    };
    (0..length.min(bytes.len())).filter(|at| ends(*at)).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(u64, u64, Outcome, Vec<String>)> {
        let mut rows = Rows::new(text.as_bytes(), b',');
        let mut all = Vec::new();
        while let Some((at, outcome)) = rows.next().expect("memory can be read") {
            let cells = rows.cells().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
            all.push((at.line, at.offset, outcome, cells));
        }
        all
    }

    fn lines(text: &str) -> Vec<u64> {
        all(text).into_iter().map(|(line, ..)| line).collect()
    }

    #[test]
    fn rows_are_numbered_as_an_editor_numbers_lines() {
        assert_eq!(lines("a,b\n1,2\n3,4\n"), [1, 2, 3]);
        assert_eq!(lines("\u{feff}\r\n\r\na,b\r\n\r\n1,2\r\n"), [3, 5]);
        assert_eq!(lines("a,b\r1,2\r\r3,4"), [1, 2, 4]);
        assert_eq!(lines("a,\"x\ny\"\n1,2\n"), [1, 3]);
        let read = all("\u{feff}a,b\n1,\"x \"\"y\"\"\"\n");
        assert_eq!((read[0].1, read[0].3.as_slice()), (3, &["a".to_owned(), "b".to_owned()][..]));
        assert_eq!((read[1].1, read[1].3[1].as_str()), (7, "x \"y\""));
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_costs_one_row() {
        let read = all("a,b\n1,\"x\n2,y\n3,z\n");
        let told: Vec<_> =
            read.iter().map(|(line, _, outcome, cells)| (*line, *outcome, cells.len())).collect();
        assert_eq!(
            told,
            [
                (1, Outcome::Cells, 2),
                (2, Outcome::Unclosed, 0),
                (3, Outcome::Cells, 2),
                (4, Outcome::Cells, 2)
            ]
        );
        assert_eq!(all("a,b\n5\" pipe,y").len(), 2, "no mark of a quoted cell");
    }

    #[test]
    fn a_row_that_is_too_long_costs_no_other() {
        let long = "x".repeat(MOST_ROW + 3 * STRETCH);
        for text in
            [format!("a,b\n1,{long}\n2,y\n"), format!("a,b\n1,\"x\n{}2,y\n", "3,z\n".repeat(MOST_ROW / 2))]
        {
            let read = all(&text);
            assert_eq!((read[1].0, read[1].2), (2, Outcome::TooLarge));
            let last = read.last().expect("a row");
            assert_eq!((last.2, last.3.as_slice()), (Outcome::Cells, &["2".to_owned(), "y".to_owned()][..]));
            assert_eq!(last.0 as usize, text.lines().count());
        }
    }

    #[test]
    fn many_marks_that_are_never_closed_take_no_longer() {
        let text = format!("1,\"x\n{}", "1,\"\"x\n".repeat(200_000));
        assert_eq!(all(&text).len(), 200_001);
    }
}
