use crate::source::{Piece, Unit};

use super::scan::{ElementScan, is_blank, line_ends};

/// What encloses the items (lines or elements) of a JSON file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Layout {
    /// One item a line.
    Lines,
    /// One value behind the other, each over as many lines as it likes.
    Sequence,
    /// The elements of one array.
    Array,
    /// The elements of `claims` in one object.
    Claims,
}

impl Layout {
    /// The form in which a unit's context states it.
    const fn enclosure(self) -> &'static [u8] {
        match self {
            Layout::Lines => b"lines",
            Layout::Sequence => b"",
            Layout::Array => b"[",
            Layout::Claims => b"{\"claims\":[",
        }
    }

    /// Whether a `]` ends the items.
    pub(super) const fn is_enclosed(self) -> bool {
        matches!(self, Layout::Array | Layout::Claims)
    }

    /// The JSON pointer of item `index` from what pointers of this layout count from.
    pub(super) fn pointer(self, index: u64) -> String {
        match self {
            Layout::Lines | Layout::Sequence => String::new(),
            Layout::Array => format!("/{index}"),
            Layout::Claims => format!("/claims/{index}"),
        }
    }

    /// The context of a unit whose first item has this index: the enclosure, then what the cutter noticed.
    pub(super) fn context(self, index: u64, noticed: Option<Piece>) -> Vec<Piece> {
        let mut context = vec![Piece { offset: 0, number: index, bytes: self.enclosure().to_vec() }];
        context.extend(noticed);
        context
    }

    /// The layout of `unit`, and the index of its first item. A unit that says nothing holds lines.
    pub(super) fn of(unit: &Unit) -> (Layout, u64) {
        let Some(piece) = unit.context.first() else {
            return (Layout::Lines, 0);
        };
        let layout = [Layout::Sequence, Layout::Array, Layout::Claims]
            .into_iter()
            .find(|layout| layout.enclosure() == piece.bytes)
            .unwrap_or(Layout::Lines);
        (layout, piece.number)
    }
}

/// One line or element of a unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Item {
    /// First byte in the unit; never blank.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
    /// Line of the file in which it starts.
    pub(super) line: u64,
    /// Place among the items of the file, from 0.
    pub(super) index: u64,
    /// What stands behind it.
    pub(super) gap: Gap,
}

/// What stands between an item and the next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Gap {
    /// What belongs there.
    Right,
    /// A comma too many, or none.
    Wrong,
    /// Nothing, and the unit ends: right only if the file ends too, and that is then said anyway.
    Open,
}

/// Walks the items of a unit.
pub(super) struct Items<'a> {
    bytes: &'a [u8],
    layout: Layout,
    at: usize,
    line: u64,
    index: u64,
    counted: usize,
    scan: ElementScan,
}

impl<'a> Items<'a> {
    pub(super) fn new(unit: &'a Unit) -> Items<'a> {
        let (layout, index) = Layout::of(unit);
        Items {
            bytes: &unit.bytes,
            layout,
            at: 0,
            line: unit.number,
            index,
            counted: 0,
            scan: ElementScan::default(),
        }
    }

    fn next_line(&mut self) -> Option<Item> {
        loop {
            let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let (front, text) = super::scan::trimmed(&rest[..length]);
            let (start, line) = (self.at + front, self.line);
            self.at += length + 1;
            self.line += 1;
            if !text.is_empty() {
                let item = Item { start, end: start + text.len(), line, index: self.index, gap: Gap::Right };
                self.index += 1;
                return Some(item);
            }
        }
    }

    fn next_element(&mut self) -> Option<Item> {
        let enclosed = self.layout.is_enclosed();
        let separator = |byte: u8| is_blank(byte) || (enclosed && byte == b',');
        while separator(*self.bytes.get(self.at)?) {
            self.at += 1;
        }
        let start = self.at;
        if enclosed && self.bytes[start] == b']' {
            return None;
        }
        let ended = self.scan.advance(&self.bytes[start..]);
        let end = ended.map_or(self.bytes.len(), |length| start + length);
        let mut commas = 0;
        self.at = end;
        while let Some(&byte) = self.bytes.get(self.at).filter(|&&byte| separator(byte)) {
            commas += u32::from(byte == b',');
            self.at += 1;
        }
        let gap = match (self.bytes.get(self.at), commas) {
            _ if !enclosed || ended.is_none() => Gap::Right,
            (Some(b']'), 0) => Gap::Right,
            (Some(b']'), _) => Gap::Wrong,
            (_, 1) => Gap::Right,
            (None, 0) => Gap::Open,
            _ => Gap::Wrong,
        };
        self.line += line_ends(&self.bytes[self.counted..start]);
        self.counted = start;
        let item = Item { start, end, line: self.line, index: self.index, gap };
        self.index += 1;
        Some(item)
    }
}

impl Iterator for Items<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if self.layout == Layout::Lines { self.next_line() } else { self.next_element() }
    }
}
