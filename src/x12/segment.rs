use std::fmt;

use memchr::memchr;

use crate::source::Delimiters;

/// Element ends that are kept of a segment with more elements than are noted; further ones are found by looking.
pub(super) const ENDS: usize = 40;

/// A segment id of up to three characters, ready to be compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Id(u32);

impl Id {
    /// The id with these characters. Longer ones, and those that end in NUL, all become one id that equals nothing known.
    pub const fn new(id: &[u8]) -> Id {
        match *id {
            [.., 0] => Id(0),
            [a, b] => Id((a as u32) << 16 | (b as u32) << 8),
            [a, b, c] => Id((a as u32) << 16 | (b as u32) << 8 | c as u32),
            _ => Id(0),
        }
    }
}

/// An element or a component: its bytes, and where in the file they stand. What is absent has no bytes and the
/// place where it would stand.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Field<'a> {
    /// As in the file.
    pub bytes: &'a [u8],
    /// Offset in the file.
    pub offset: u64,
}

impl<'a> Field<'a> {
    /// The parts of the element between `separator`s.
    pub fn components(self, separator: u8) -> Components<'a> {
        Components {
            rest: Some(self.bytes),
            offset: self.offset,
            end: self.offset + self.bytes.len() as u64,
            separator,
        }
    }
}

impl fmt::Debug for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.bytes.escape_ascii(), self.offset)
    }
}

/// The components of an element, or the elements of a segment, in order. [`Components::take_next`] goes on past the last one with absent fields.
#[derive(Clone, Copy, Debug)]
pub struct Components<'a> {
    rest: Option<&'a [u8]>,
    offset: u64,
    end: u64,
    separator: u8,
}

impl<'a> Components<'a> {
    /// The next component, or an absent one at the element's end.
    #[inline]
    pub fn take_next(&mut self) -> Field<'a> {
        self.next().unwrap_or(Field { bytes: &[], offset: self.end })
    }
}

impl<'a> Iterator for Components<'a> {
    type Item = Field<'a>;

    #[inline]
    fn next(&mut self) -> Option<Field<'a>> {
        let rest = self.rest?;
        let offset = self.offset;
        // Components are a few bytes long: a plain loop beats a vector search.
        match rest.iter().position(|&byte| byte == self.separator) {
            Some(at) => {
                self.rest = Some(&rest[at + 1..]);
                self.offset += at as u64 + 1;
                Some(Field { bytes: &rest[..at], offset })
            }
            None => {
                self.rest = None;
                Some(Field { bytes: rest, offset })
            }
        }
    }
}

/// One segment, without its terminator and the blanks around it.
#[derive(Clone, Copy)]
pub struct Segment<'l, 'a> {
    pub(super) bytes: &'a [u8],
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) base: u64,
    pub(super) number: u64,
    /// Where in `bytes` the id and each element end: the separators, and the segment's end. Of a segment with too many
    /// elements they are the first separators.
    pub(super) ends: &'l [usize],
    /// How many separators there are in all.
    pub(super) separators: usize,
    /// The separators, [packed](Delimiters::packed).
    pub(super) marks: u32,
}

/// A segment as it was cut, for whom asking for one element after the other is too slow.
#[derive(Clone, Copy, Debug)]
pub struct Cut<'l, 'a> {
    /// The stretch of the file that it stands in, with what stands around it.
    pub bytes: &'a [u8],
    /// Where in `bytes` it begins and ends.
    pub range: (usize, usize),
    /// Where in `bytes` its id and its elements end, all of them.
    pub ends: &'l [usize],
}

impl<'l, 'a> Segment<'l, 'a> {
    /// How it was cut; `None` if it has more elements than were noted.
    #[inline]
    pub fn cut(&self) -> Option<Cut<'l, 'a>> {
        (self.separators < self.ends.len()).then_some(Cut {
            bytes: self.bytes,
            range: (self.start, self.end),
            ends: self.ends,
        })
    }

    /// The stretch of the file that it stands in.
    #[inline]
    pub fn around(&self) -> &'a [u8] {
        self.bytes
    }

    /// Where in that stretch it begins.
    #[inline]
    pub fn start(&self) -> usize {
        self.start
    }

    /// Its bytes, from the id to the last element.
    #[inline]
    pub fn raw(&self) -> &'a [u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// Its first byte.
    #[inline]
    pub fn first(&self) -> Option<u8> {
        self.bytes.get(self.start).copied()
    }

    /// Its last byte.
    #[inline]
    pub fn last(&self) -> Option<u8> {
        self.bytes.get(self.end.wrapping_sub(1)).copied()
    }

    /// How many bytes it has, without its terminator.
    #[inline]
    pub fn length(&self) -> usize {
        self.end - self.start
    }

    /// Where its first byte stands in the file.
    #[inline]
    pub fn offset(&self) -> u64 {
        self.base + self.start as u64
    }

    /// Where it ends in the file: one past its last byte.
    #[inline]
    pub fn end(&self) -> u64 {
        self.base + self.end as u64
    }

    /// One more than the terminators before it in the file.
    #[inline]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The separators it is written with.
    #[inline]
    pub fn delimiters(&self) -> Delimiters {
        Delimiters::unpacked(self.marks)
    }

    /// The same as one number: see [`Delimiters::packed`].
    #[inline]
    pub fn marks(&self) -> u32 {
        self.marks
    }

    /// The segment id as it stands.
    #[inline]
    pub fn id_bytes(&self) -> &'a [u8] {
        let end = self.ends.first().copied().unwrap_or(self.end);
        self.bytes.get(self.start..end).unwrap_or_default()
    }

    /// The segment id.
    #[inline]
    pub fn id(&self) -> Id {
        let end = self.ends.first().copied().unwrap_or(self.end);
        let Some(four) = self.bytes.get(self.start..).and_then(<[u8]>::first_chunk) else {
            return Id::new(self.id_bytes());
        };
        let three = u32::from_be_bytes(*four) >> 8;
        match end - self.start {
            2 => Id(three & 0xffff00),
            3 if three & 0xff != 0 => Id(three),
            _ => Id(0),
        }
    }

    /// Whether the id is two or three upper-case letters and digits that begin with a letter.
    pub fn has_well_formed_id(&self) -> bool {
        let id = self.id_bytes();
        matches!(id.len(), 2 | 3)
            && id[0].is_ascii_uppercase()
            && id.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    }

    /// How many elements follow the id.
    pub fn len(&self) -> usize {
        self.separators
    }

    /// Whether nothing follows the id.
    pub fn is_empty(&self) -> bool {
        self.separators == 0
    }

    /// Element `index`, counted from 1 as the standard does; 0 is the id.
    #[inline]
    pub fn element(&self, index: usize) -> Field<'a> {
        let Some(&end) = self.ends.get(index) else { return self.element_past_ends(index) };
        let start = match index.checked_sub(1).and_then(|before| self.ends.get(before)) {
            Some(separator) => separator + 1,
            None => self.start,
        };
        let offset = self.base + start as u64;
        match self.bytes.get(start..end) {
            Some(bytes) => Field { bytes, offset },
            None => nothing_at(offset),
        }
    }

    #[inline]
    fn element_past_ends(&self, index: usize) -> Field<'a> {
        match index <= self.separators {
            true => self.element_by_looking(index),
            false => Field { bytes: &[], offset: self.end() },
        }
    }

    #[cold]
    fn element_by_looking(&self, index: usize) -> Field<'a> {
        let mut start = self.ends.last().map_or(self.start, |at| at + 1);
        let mut left = index - self.ends.len();
        loop {
            let rest = self.bytes.get(start..self.end).unwrap_or_default();
            match memchr(self.delimiters().element, rest) {
                Some(at) if left > 0 => {
                    start += at + 1;
                    left -= 1;
                }
                end => {
                    let bytes = &rest[..end.unwrap_or(rest.len())];
                    return Field { bytes, offset: self.base + start as u64 };
                }
            }
        }
    }

    /// The id and every element, in order.
    pub fn elements(&self) -> Components<'a> {
        Field { bytes: self.raw(), offset: self.offset() }.components(self.delimiters().element)
    }

    /// The components of element `index`.
    pub fn components(&self, index: usize) -> Components<'a> {
        self.element(index).components(self.delimiters().component)
    }

    /// Component `part` (from 1) of element `index` (from 1).
    pub fn component(&self, index: usize, part: usize) -> Field<'a> {
        let mut components = self.components(index);
        for _ in 1..part {
            components.take_next();
        }
        components.take_next()
    }
}

/// What cannot be: an element outside of the bytes. Apart, so that the others need not be chosen between.
#[cold]
fn nothing_at(offset: u64) -> Field<'static> {
    Field { bytes: &[], offset }
}

impl fmt::Debug for Segment<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}@{}", self.number, self.raw().escape_ascii(), self.offset())
    }
}
