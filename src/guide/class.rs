//! What placing asks of a segment: which it is, and the codes where segments of its id are told apart by them.

use super::codes::{pack, pack_at};
use super::compiled::{Guide, Node};
use crate::x12::{Cut, Segment};

/// Places in segments of one id that may tell which of them it is.
pub(super) const KEYS: usize = 2;

/// Of segments that nothing tells apart.
pub(super) const NO_KEYS: [(u8, u8); KEYS] = [(0, 0); KEYS];

/// Stands for segments that the guide does not use.
const UNKNOWN: u32 = u32::MAX;

/// Segments of one class are placed alike, wherever they stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Class {
    /// Packed codes in the order of `SegmentKind::keys`; 0 where there is no key or none that a table could hold.
    codes: [u32; KEYS],
    /// As wide as a code, so that a class is three words without a gap.
    segment: u32,
}

impl Class {
    /// Which segment of the guide it is.
    #[inline]
    pub(super) fn index(self) -> Option<u8> {
        u8::try_from(self.segment).ok()
    }

    /// A number that tells most classes apart.
    #[inline]
    pub(super) fn mixed(self) -> u64 {
        let [first, second] = self.codes;
        (u64::from(first) << 32 | u64::from(self.segment)) ^ u64::from(second) << 16
    }
}

impl Guide {
    /// The class of a segment; `None` for what has no well-formed id.
    #[inline(always)]
    pub(super) fn class_of(&self, segment: &Segment<'_, '_>) -> Option<Class> {
        let id = match segment.cut() {
            Some(Cut { bytes, range: (start, _), ends: [end, ..] }) => pack_at(bytes, start, *end),
            _ => pack(segment.id_bytes()),
        };
        match self.segment_index(id) {
            Some(index) => {
                let [first, second] = self.segments.get(usize::from(index)).map_or(NO_KEYS, |kind| kind.keys);
                let codes = [key_code(segment, first), key_code(segment, second)];
                Some(Class { codes, segment: index.into() })
            }
            None => segment.has_well_formed_id().then_some(Class { segment: UNKNOWN, ..Class::default() }),
        }
    }
}

/// The packed code in a place of a segment, an element and its component; element 0 is no place.
#[inline]
pub(super) fn key_code(segment: &Segment<'_, '_>, place: (u8, u8)) -> u32 {
    let (element, part) = (usize::from(place.0), usize::from(place.1));
    if element == 0 {
        return 0;
    }
    match segment.cut().and_then(|cut| Some((cut, cut.ends.get(element - 1..)?))) {
        Some((cut, [separator, end, ..])) if part == 0 => pack_at(cut.bytes, separator + 1, *end),
        Some((_, [_])) => 0,
        _ => rare_key_code(segment, element, part),
    }
}

/// Likewise, of a component or of an element that was not noted.
fn rare_key_code(segment: &Segment<'_, '_>, element: usize, part: usize) -> u32 {
    match part {
        0 => pack(segment.element(element).bytes),
        _ => pack(segment.component(element, part).bytes),
    }
}

/// Whether the segment has every key of the node.
pub(super) fn has_keys(node: Option<&Node>, segment: &Segment<'_, '_>) -> bool {
    node.is_some_and(|node| {
        node.keys.iter().all(|key| key.codes.contains(&key_code(segment, (key.element, key.component))))
    })
}
