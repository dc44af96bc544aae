//! Segments that stood before in the same bytes, letter for letter, and were beyond doubt: most of a file repeats.

use super::class::Class;
use crate::source::Delimiters;
use crate::x12::{Cut, Segment};

/// Shorter segments are looked at sooner than they are found here.
const SHORTEST: usize = 4;

const SLOT_BITS: u32 = 11;

/// A segment that was beyond doubt.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// Where it stood.
    start: usize,
    end: usize,
    class: Class,
    node: u16,
    /// It was found here again, so the next that would take its slot does not get it.
    came_back: bool,
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
    /// The class of the same segment and the node that it was clean as, and where to note what this one is; `None`
    /// where nothing is known, and where it is not worth it.
    #[inline]
    pub(super) fn look(&mut self, segment: &Segment<'_, '_>) -> (Option<(Class, u16)>, Option<Place>) {
        let Some(Cut { bytes, range: (start, end), .. }) = segment.cut() else { return (None, None) };
        let Some(own) = bytes.get(start..end).filter(|own| own.len() >= SHORTEST) else {
            return (None, None);
        };
        let at_hand = (bytes.as_ptr().addr(), bytes.len());
        if self.bytes != at_hand || self.delimiters != Some(segment.delimiters()) {
            self.begin(at_hand, segment.delimiters());
        }
        let slot = slot_of(own);
        let Some(known) = self.known.get_mut(slot) else { return (None, None) };
        if known.end - known.start == own.len() && bytes.get(known.start..known.end) == Some(own) {
            known.came_back = true;
            return (Some((known.class, known.node)), Some(Place(slot)));
        }
        let is_free = !std::mem::take(&mut known.came_back);
        (None, is_free.then_some(Place(slot)))
    }

    /// Notes that a segment of this class was clean as this node.
    #[inline]
    pub(super) fn note(&mut self, Place(slot): Place, segment: &Segment<'_, '_>, class: Class, node: u16) {
        if let (Some(known), Some(cut)) = (self.known.get_mut(slot), segment.cut()) {
            *known = Known { start: cut.range.0, end: cut.range.1, class, node, came_back: false };
        }
    }

    #[cold]
    fn begin(&mut self, bytes: (usize, usize), delimiters: Delimiters) {
        self.known.clear();
        self.known.resize(1 << SLOT_BITS, Known::default());
        (self.bytes, self.delimiters) = (bytes, Some(delimiters));
    }
}

/// The slot of a segment of [`SHORTEST`] bytes or more, by its ends and its middle: ids, qualifiers, codes and dates
/// stand there.
#[inline]
fn slot_of(own: &[u8]) -> usize {
    let eight = |at: Option<&[u8; 8]>| at.map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let four = |at: Option<&[u8; 4]>| at.map_or(0, |bytes| u64::from(u32::from_le_bytes(*bytes)));
    let words = match own.first_chunk() {
        Some(first) => {
            let middle = own.get(own.len() / 2 - 4..).and_then(<[u8]>::first_chunk);
            [eight(Some(first)), eight(middle), eight(own.last_chunk())]
        }
        None => [four(own.first_chunk()), 0, four(own.last_chunk())],
    };
    let mixed = (words[0] ^ own.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ words[1].wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
        ^ words[2].rotate_left(23);
    (mixed.wrapping_mul(0xD6E8_FEB8_6659_FD93) >> (64 - SLOT_BITS)) as usize
}
