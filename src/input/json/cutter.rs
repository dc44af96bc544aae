use std::io::{self, Read};

use crate::finding::Form;
use crate::source::{Piece, Unit};

use super::MOST_BYTES;
use super::detect::detect;
use super::layout::Layout;
use super::scan::{ElementScan, is_blank, line_ends};
use super::seam::{first_run, owner, seam};

/// Cuts a stream of native JSON into units of whole claims; never holds much more than the longest claim.
///
/// Units carry the layout they were cut from, the index of their first item and its line, so that places are the
/// file's whatever the target size. What is too large is passed over, and a unit without bytes says so.
pub struct JsonCutter<R> {
    input: R,
    file: u32,
    target: usize,
    ordinal: u64,
    buffer: Vec<u8>,
    /// Where the buffer's first byte stands in the file, and in which line.
    offset: u64,
    line: u64,
    /// Whether the input has no more bytes.
    ended: bool,
    /// `None` until enough has been read to tell.
    layout: Option<Layout>,
    walk: Walk,
    /// The claim whose lines are passed over, or an item (`None`).
    passing: Option<Option<Vec<u8>>>,
    finished: bool,
}

/// How far the buffer has been walked, and the items met.
#[derive(Default)]
struct Walk {
    at: usize,
    inside: bool,
    scan: ElementScan,
    /// Starts of items in the buffer; the last may go on behind its end.
    starts: Vec<usize>,
    /// Items of the file before those in the buffer.
    index: u64,
    /// Where the bracket that ends the items is closed.
    closed: Option<usize>,
}

impl Walk {
    fn advance(&mut self, bytes: &[u8], layout: Layout) {
        if layout == Layout::Lines {
            self.lines(bytes);
            return;
        }
        while self.at < bytes.len() && self.closed.is_none() {
            if self.inside {
                match self.scan.advance(&bytes[self.at..]) {
                    Some(length) => {
                        self.at += length;
                        self.inside = false;
                    }
                    None => self.at = bytes.len(),
                }
                continue;
            }
            match bytes[self.at] {
                byte if is_blank(byte) => self.at += 1,
                b',' if layout.is_enclosed() => self.at += 1,
                b']' if layout.is_enclosed() => self.closed = Some(self.at + 1),
                _ => {
                    self.starts.push(self.at);
                    self.inside = true;
                }
            }
        }
    }

    fn lines(&mut self, bytes: &[u8]) {
        while self.at < bytes.len() {
            if self.inside {
                match memchr::memchr(b'\n', &bytes[self.at..]) {
                    Some(length) => {
                        self.at += length + 1;
                        self.inside = false;
                    }
                    None => self.at = bytes.len(),
                }
            } else if is_blank(bytes[self.at]) {
                self.at += 1;
            } else {
                self.starts.push(self.at);
                self.inside = true;
            }
        }
    }

    /// Moves everything `count` bytes towards the front.
    fn shift(&mut self, count: usize) {
        let gone = self.starts.partition_point(|&start| start < count);
        self.starts.drain(..gone);
        for start in &mut self.starts {
            *start -= count;
        }
        self.index += gone as u64;
        self.at = self.at.saturating_sub(count);
        self.closed = self.closed.map(|closed| closed.saturating_sub(count));
    }
}

impl<R: Read> JsonCutter<R> {
    /// Cuts `input`, which is file `file` of the run, into units of about `target` bytes.
    pub fn new(input: R, file: u32, target: usize) -> JsonCutter<R> {
        JsonCutter {
            input,
            file,
            target: target.clamp(1, MOST_BYTES),
            ordinal: 0,
            buffer: Vec::new(),
            offset: 0,
            line: 1,
            ended: false,
            layout: None,
            walk: Walk::default(),
            passing: None,
            finished: false,
        }
    }

    /// Reads until the buffer holds `wanted` bytes or the input ends.
    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        let missing = wanted.saturating_sub(self.buffer.len());
        if missing == 0 || self.ended {
            return Ok(());
        }
        self.buffer.reserve_exact(missing);
        let read = (&mut self.input).take(missing as u64).read_to_end(&mut self.buffer)?;
        self.ended = read < missing;
        Ok(())
    }

    /// Takes the first `count` bytes from the buffer.
    fn take(&mut self, count: usize) -> Vec<u8> {
        let rest = self.buffer.split_off(count.min(self.buffer.len()));
        let taken = std::mem::replace(&mut self.buffer, rest);
        self.offset += taken.len() as u64;
        self.line += line_ends(&taken);
        self.walk.shift(count);
        taken
    }

    fn unit(&mut self, offset: u64, line: u64, index: u64, bytes: Vec<u8>, noticed: Option<Piece>) -> Unit {
        let layout = self.layout.unwrap_or(Layout::Lines);
        let ordinal = self.ordinal;
        self.ordinal += 1;
        Unit {
            file: self.file,
            ordinal,
            form: Form::Json,
            offset,
            number: line,
            delimiters: None,
            context: layout.context(index, noticed),
            bytes,
        }
    }

    /// The unit of the first `count` bytes.
    fn cut(&mut self, count: usize, noticed: Option<Piece>) -> Unit {
        let (offset, line, index) = (self.offset, self.line, self.walk.index);
        let bytes = self.take(count);
        self.unit(offset, line, index, bytes, noticed)
    }

    /// A notice that something begins at the start of the buffer that is not read.
    fn notice(&self, name: &str) -> Piece {
        Piece { offset: self.offset, number: self.line, bytes: name.as_bytes().to_vec() }
    }

    /// Tells the layout, and drops what stands before the first item.
    fn detect(&mut self) -> io::Result<Layout> {
        let mut wanted = self.target.max(4096);
        loop {
            self.fill(wanted)?;
            let mark = usize::from(self.buffer.starts_with(b"\xEF\xBB\xBF")) * 3;
            let last = self.ended || self.buffer.len() >= MOST_BYTES;
            if let Some((layout, start)) = detect(&self.buffer[mark..], last) {
                self.layout = Some(layout);
                self.take(mark + start);
                return Ok(layout);
            }
            wanted = self.buffer.len() * 2;
        }
    }

    /// Drops what is passed over; `false` once nothing is left of it in the buffer.
    fn pass_over(&mut self, layout: Layout) -> io::Result<bool> {
        let Some(claim) = self.passing.take() else {
            return Ok(false);
        };
        self.fill(self.buffer.len() + self.target.max(1 << 16))?;
        self.walk.advance(&self.buffer, layout);
        let end = self.walk.closed.or(self.ended.then_some(self.buffer.len()));
        let next = match &claim {
            None => self.walk.starts.iter().copied().find(|&start| start > 0).or(end),
            Some(id) => {
                let starts = &self.walk.starts;
                let whole = if end.is_some() { starts.len() } else { starts.len().saturating_sub(1) };
                let behind = |item: usize| starts.get(item + 1).copied().or(end).unwrap_or(self.buffer.len());
                (0..whole)
                    .find(|&item| !owner(&self.buffer[starts[item]..behind(item)]).goes_on(id))
                    .map(|item| starts[item])
                    .or(end)
            }
        };
        match (next, &claim) {
            (Some(next), _) => {
                self.take(next);
                Ok(false)
            }
            (None, None) => {
                self.drop_inside();
                self.passing = Some(claim);
                Ok(true)
            }
            (None, Some(_)) => {
                let last = self.walk.starts.last().copied().unwrap_or(self.buffer.len());
                self.take(last);
                if self.buffer.len() > MOST_BYTES {
                    // The item behind the run is itself too large: it is noticed on its own.
                    return Ok(false);
                }
                self.passing = Some(claim);
                Ok(true)
            }
        }
    }

    /// Drops all of the buffer, which lies inside one item; the item keeps its index.
    fn drop_inside(&mut self) {
        let index = self.walk.index;
        self.take(self.buffer.len());
        self.walk.index = index;
        self.walk.starts = vec![0];
    }

    /// The next unit, or `None` at the end of the input.
    ///
    /// # Errors
    ///
    /// Where the input cannot be read.
    pub fn next_unit(&mut self) -> io::Result<Option<Unit>> {
        if self.finished {
            return Ok(None);
        }
        let unit = self.advance();
        self.finished |= unit.is_err();
        unit
    }

    fn advance(&mut self) -> io::Result<Option<Unit>> {
        let layout = match self.layout {
            Some(layout) => layout,
            None => self.detect()?,
        };
        while self.pass_over(layout)? {}
        let mut wanted = self.target;
        loop {
            self.fill(wanted)?;
            self.walk.advance(&self.buffer, layout);
            let end = self.walk.closed.or(self.ended.then_some(self.buffer.len()));
            if let Some(end) = end.filter(|&end| end <= MOST_BYTES) {
                return self.last_unit(layout, end);
            }
            let starts = &self.walk.starts;
            let whole = if end.is_some() { starts.len() } else { starts.len().saturating_sub(1) };
            let complete = end.or(starts.last().copied()).unwrap_or(0);
            if self.buffer.len() > MOST_BYTES
                && let Some(unit) = self.too_large(whole, complete)
            {
                return Ok(Some(unit));
            }
            let starts = &self.walk.starts;
            if whole > 0
                && let Some(cut) = seam(&self.buffer, &starts[..whole], complete)
            {
                return Ok(Some(self.cut(cut, None)));
            }
            if starts.is_empty() {
                let blank = self.buffer.len();
                self.take(blank);
            }
            wanted = (self.buffer.len() * 2).max(self.target);
        }
    }

    /// Begins to pass over what is too large at the front, or cuts before an item that is.
    fn too_large(&mut self, whole: usize, complete: usize) -> Option<Unit> {
        let starts = &self.walk.starts;
        let first_end = starts.get(1).copied().unwrap_or(self.buffer.len());
        let passing = if first_end > MOST_BYTES {
            None
        } else {
            let (run, id) = first_run(&self.buffer, &starts[..whole], complete);
            let run_end = if run == whole { complete } else { starts.get(run).copied().unwrap_or(0) };
            if run == 0 || run_end <= MOST_BYTES {
                let last = starts.last().copied().unwrap_or(0);
                return (last > 0 && self.buffer.len() - last > MOST_BYTES).then(|| self.cut(last, None));
            }
            Some(id)
        };
        let notice = self.notice("json-too-large");
        let unit = self.unit(self.offset, self.line, self.walk.index, Vec::new(), Some(notice));
        self.passing = Some(passing);
        Some(unit)
    }

    /// The rest of the items, with word of a list that is not closed or of something behind it.
    fn last_unit(&mut self, layout: Layout, end: usize) -> io::Result<Option<Unit>> {
        self.finished = true;
        let (offset, line, index) = (self.offset, self.line, self.walk.index);
        let items = self.walk.starts.len();
        let closed = self.walk.closed.is_some();
        let bytes = self.take(end);
        let fault = match layout {
            Layout::Lines | Layout::Sequence => None,
            _ if !closed => Some("json-cut-off"),
            Layout::Claims if !self.close_object()? => Some("json-cut-off"),
            _ => self.something_follows()?.then_some("json-trailing"),
        };
        let noticed = fault.map(|name| self.notice(name));
        if items == 0 && noticed.is_none() {
            return Ok(None);
        }
        Ok(Some(self.unit(offset, line, index, bytes, noticed)))
    }

    /// Drops the rest of the object around `claims`; `false` if the file ends before it does.
    fn close_object(&mut self) -> io::Result<bool> {
        let mut object = ElementScan::default();
        object.advance(b"{");
        loop {
            if let Some(length) = object.advance(&self.buffer) {
                self.take(length);
                return Ok(true);
            }
            self.take(self.buffer.len());
            if self.ended {
                return Ok(false);
            }
            self.fill(1 << 16)?;
        }
    }

    /// Whether anything but blanks follows; the buffer then begins with it.
    fn something_follows(&mut self) -> io::Result<bool> {
        loop {
            if let Some(at) = self.buffer.iter().position(|&byte| !is_blank(byte)) {
                self.take(at);
                return Ok(true);
            }
            self.take(self.buffer.len());
            if self.ended {
                return Ok(false);
            }
            self.fill(1 << 16)?;
        }
    }
}

impl<R: Read> Iterator for JsonCutter<R> {
    type Item = io::Result<Unit>;

    fn next(&mut self) -> Option<io::Result<Unit>> {
        self.next_unit().transpose()
    }
}
