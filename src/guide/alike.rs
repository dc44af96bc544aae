//! Segments that stood before in the same bytes, letter for letter, and were beyond doubt: most of a file repeats.

use crate::source::Delimiters;
use crate::x12::{Cut, Segment};

/// Shorter segments are looked at sooner than they are found here.
const SHORTEST: usize = 8;

const SLOTS: usize = 1024;

/// Where a segment stood that was clean as this node.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    start: usize,
    end: usize,
    node: u16,
}

/// What was clean, in the bytes at hand with the separators at hand.
#[derive(Debug, Default)]
pub(super) struct Alike {
    known: Vec<Known>,
    /// Address and length of the bytes: those of a unit and of its context are all alive as long as its walker is.
    bytes: (usize, usize),
    delimiters: Option<Delimiters>,
}

/// Where to note that a segment is clean.
#[derive(Clone, Copy)]
pub(super) struct Place(usize);

impl Alike {
    /// Whether the same segment was clean as this node; else where to note that it is. `None` where it is not worth it.
    #[inline]
    pub(super) fn look(&mut self, node: u16, segment: &Segment<'_, '_>) -> (bool, Option<Place>) {
        let Some(Cut { bytes, range: (start, end), .. }) = segment.cut() else { return (false, None) };
        let Some(own) = bytes.get(start..end).filter(|own| own.len() >= SHORTEST) else {
            return (false, None);
        };
        let at_hand = (bytes.as_ptr().addr(), bytes.len());
        if self.bytes != at_hand || self.delimiters != Some(segment.delimiters()) {
            self.begin(at_hand, segment.delimiters());
        }
        let place = place_of(own, node);
        let Some(known) = self.known.get(place) else { return (false, None) };
        let is_same = known.node == node
            && known.end - known.start == own.len()
            && bytes.get(known.start..known.end) == Some(own);
        (is_same, Some(Place(place)))
    }

    /// Notes that a segment was clean.
    #[inline]
    pub(super) fn note(&mut self, Place(place): Place, node: u16, segment: &Segment<'_, '_>) {
        if let (Some(known), Some(cut)) = (self.known.get_mut(place), segment.cut()) {
            *known = Known { start: cut.range.0, end: cut.range.1, node };
        }
    }

    #[cold]
    fn begin(&mut self, bytes: (usize, usize), delimiters: Delimiters) {
        self.known.clear();
        self.known.resize(SLOTS, Known::default());
        (self.bytes, self.delimiters) = (bytes, Some(delimiters));
    }
}

/// The slot of a segment of [`SHORTEST`] bytes or more, by its ends: ids, qualifiers and dates stand there.
#[inline]
fn place_of(own: &[u8], node: u16) -> usize {
    let word = |eight: Option<&[u8; 8]>| eight.map_or(0, |eight| u64::from_le_bytes(*eight));
    let (first, last) = (word(own.first_chunk()), word(own.last_chunk()));
    let mixed = (first ^ u64::from(node)).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ last.rotate_left(23);
    (mixed.wrapping_mul(0xD6E8_FEB8_6659_FD93) >> 48) as usize % SLOTS
}
