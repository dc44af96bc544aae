//! Segments that stood before in the same bytes, letter for letter, and were beyond doubt: most of a file repeats.

use wide::u8x16;

use super::automaton::Step;
use super::class::Class;
use crate::x12::Segment;

/// Shorter segments are looked at sooner than they are found here.
const SHORTEST: usize = 4;

/// Longer ones hold words of somebody's own, and hardly come back.
const LONGEST: usize = 256;

/// Up to so many bytes two segments are compared in one go.
const AT_ONCE: usize = 32;

const SLOT_BITS: u32 = 11;

/// The number of a segment's letters: segments of one unit that have the same number stand in the same bytes, with the
/// same separators in force.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wording(u32);

impl Wording {
    /// No segment has it.
    pub const NONE: Wording = Wording(0);

    /// The number, counted from 1 in the order in which segments were found clean.
    #[inline]
    pub fn number(self) -> u32 {
        self.0
    }
}

/// A segment that was beyond doubt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// Where it stood.
    start: usize,
    length: u32,
    pub(super) wording: Wording,
    /// The step that was taken at it last, with its class.
    pub(super) step: Step,
    /// The node that it was clean as.
    pub(super) node: u16,
    /// It was found here again, so the next that would take its slot does not get it.
    came_back: bool,
}

/// What was clean, in the bytes at hand with the separators at hand.
#[derive(Debug, Default)]
pub(super) struct Alike {
    known: Vec<Known>,
    /// How many were noted, of the separators before as well.
    wordings: u32,
    /// Address of the bytes: those of a unit and of its context are all alive as long as its walker is.
    bytes: usize,
    marks: u32,
}

/// Where to note that a segment is clean.
#[derive(Clone, Copy)]
pub(super) struct Place(usize);

impl Alike {
    /// The same segment, and where to note what this one is; `None` where nothing is known, and where it is not worth it.
    #[inline]
    pub(super) fn look(&mut self, segment: &Segment<'_, '_>) -> (Option<&mut Known>, Option<Place>) {
        let (bytes, start, length) = (segment.around(), segment.start(), segment.length());
        // Too near the end of the bytes it is not looked for.
        let own = match reach(bytes, start) {
            Some(own) if (SHORTEST..=LONGEST).contains(&length) => own,
            _ => return (None, None),
        };
        if self.bytes != bytes.as_ptr().addr() || self.marks != segment.marks() {
            self.begin(bytes.as_ptr().addr(), segment.marks());
        }
        let slot = slot_of(bytes, own, start, length);
        let Some(known) = self.known.get_mut(slot) else { return (None, None) };
        if known.length as usize == length && are_alike(bytes, known.start, own, start, length) {
            known.came_back = true;
            return (Some(known), Some(Place(slot)));
        }
        let is_free = !std::mem::take(&mut known.came_back);
        (None, is_free.then_some(Place(slot)))
    }

    /// Notes that a segment of this class was clean as this node.
    #[inline]
    pub(super) fn note(&mut self, Place(slot): Place, segment: &Segment<'_, '_>, class: Class, node: u16) {
        let Some(known) = self.known.get_mut(slot) else { return };
        self.wordings = self.wordings.saturating_add(1);
        // So many that they are no longer told apart, they have no number.
        let wording = if self.wordings == u32::MAX { Wording::NONE } else { Wording(self.wordings) };
        let (start, length) = (segment.start(), segment.length() as u32);
        *known = Known { start, length, wording, step: Step::none(class), node, came_back: false };
    }

    /// Forgets which steps were taken: the numbers of footings mean others from now on.
    pub(super) fn forget_steps(&mut self) {
        for known in &mut self.known {
            known.step = Step::none(known.step.class);
        }
    }

    #[cold]
    fn begin(&mut self, bytes: usize, marks: u32) {
        let (wording, step) = (Wording::NONE, Step::none(Class::default()));
        let none = Known { start: 0, length: 0, wording, step, node: 0, came_back: false };
        self.known.clear();
        self.known.resize(1 << SLOT_BITS, none);
        (self.bytes, self.marks) = (bytes, marks);
    }
}

/// What stands in `bytes` from a place on.
#[inline]
fn reach(bytes: &[u8], at: usize) -> Option<&[u8; AT_ONCE]> {
    bytes.get(at..)?.first_chunk()
}

/// Whether the `length` bytes at `one` are those at `other`, where `own` begins.
#[inline]
fn are_alike(bytes: &[u8], one: usize, own: &[u8; AT_ONCE], other: usize, length: usize) -> bool {
    match reach(bytes, one) {
        Some(one) if length <= AT_ONCE => {
            let (&[one, behind_one], _) = one.as_chunks::<16>() else { return false };
            let (&[own, behind_own], _) = own.as_chunks::<16>() else { return false };
            let same = |one, other| u8x16::new(one).simd_eq(u8x16::new(other)).to_bitmask();
            let same = same(one, own) | same(behind_one, behind_own) << 16;
            !same << (AT_ONCE - length) == 0
        }
        _ => bytes.get(one..one + length) == bytes.get(other..other + length),
    }
}

/// The slot of a segment of [`SHORTEST`] bytes or more, by its ends and its middle: ids, qualifiers, codes and dates
/// stand there.
#[inline]
fn slot_of(bytes: &[u8], own: &[u8; AT_ONCE], start: usize, length: usize) -> usize {
    let eight = |bytes: &[u8], at: usize| {
        bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |eight| u64::from_le_bytes(*eight))
    };
    let first = own.first_chunk().map_or(0, |first| u64::from_le_bytes(*first));
    let words = match length {
        ..8 => [first << (64 - 8 * length), 0, 0],
        8..=AT_ONCE => [first, eight(own, length / 2 - 4), eight(own, length - 8)],
        _ => [first, eight(bytes, start + length / 2 - 4), eight(bytes, start + length - 8)],
    };
    let mixed = (words[0] ^ length as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ words[1].wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
        ^ words[2].rotate_left(23);
    (mixed.wrapping_mul(0xD6E8_FEB8_6659_FD93) >> (64 - SLOT_BITS)) as usize
}
