//! Whether a segment that has found its place is beyond doubt: what most are, told as fast as can be.
//!
//! It says no where it would have to look twice; [`elements`](super::elements) then finds out what is wrong, if
//! anything is. It must never say yes to what that would fault.

use wide::u8x16;

use super::codes::{pack, pack_at};
use super::compiled::{Condition, Guide, Kind, Node, Place, Stretch};
use super::conditions::broken;
use super::forms::{Number, Period, decimal, is_date, is_time, period, whole};
use crate::source::Delimiters;
use crate::x12::Segment;

/// Stands for a separator that there is none of: a byte that is odd anyway.
const NO_SEPARATOR: u8 = 0;

const D8: u32 = pack(b"D8");

const ONES: u64 = 0x0101_0101_0101_0101;
const TOPS: u64 = 0x8080_8080_8080_8080;

/// Whether `segment` is beyond doubt as the segment `node`.
pub(super) fn is_clean(guide: &Guide, node: &Node, segment: &Segment<'_, '_>) -> bool {
    let Some(cut) = segment.cut() else { return false };
    let places = node.places.of(&guide.places);
    let delimiters = segment.delimiters();
    if is_odd(cut.bytes, cut.range, node.has_composite, delimiters) {
        return false;
    }
    let glance = Glance { guide, bytes: cut.bytes, component: delimiters.component };
    let mut present = 0_u64;
    let mut before = Piece::default();
    for (index, ends) in cut.ends.windows(2).enumerate() {
        let Some(place) = places.get(index) else { return false };
        let [separator, end] = *ends else { return false };
        let piece = Piece { start: separator + 1, end };
        if piece.length() > 0 {
            if !glance.is_fine(place, piece, before) {
                return false;
            }
            present |= 1 << index;
        }
        before = piece;
    }
    glance.is_complete(present, node.required, node.conditions)
}

/// Where an element or component stands.
#[derive(Clone, Copy, Default)]
struct Piece {
    start: usize,
    end: usize,
}

impl Piece {
    #[inline]
    fn length(self) -> usize {
        self.end.wrapping_sub(self.start)
    }
}

struct Glance<'g, 'b> {
    guide: &'g Guide,
    bytes: &'b [u8],
    component: u8,
}

impl<'b> Glance<'_, 'b> {
    /// Whether what stands in a place is beyond doubt. `before` is what stands in the place before it.
    #[inline(always)]
    fn is_fine(&self, place: &Place, piece: Piece, before: Piece) -> bool {
        match place.kind {
            Kind::Text | Kind::Id | Kind::Coded => self.is_word_fine(place, piece),
            Kind::Composite => self.is_composite_fine(place, piece),
            _ => self.is_measure_fine(place, piece, before),
        }
    }

    /// Likewise, for what is a text or a code, as most is.
    #[inline(always)]
    fn is_word_fine(&self, place: &Place, piece: Piece) -> bool {
        match place.kind {
            Kind::Coded => self.guide.code(place.table, self.packed(piece)).is_some(),
            _ => self.fits(place, piece.length()) && self.bytes.get(piece.start) != Some(&b' '),
        }
    }

    /// Likewise, for numbers and times. They, and composites, are looked at out of line: what they keep at hand is not
    /// set up where there are none.
    #[inline(never)]
    fn is_measure_fine(&self, place: &Place, piece: Piece, before: Piece) -> bool {
        match place.kind {
            Kind::Decimal => self.decimal_digits(piece).is_some_and(|digits| self.fits(place, digits)),
            Kind::Whole => self.whole_digits(piece).is_some_and(|digits| self.fits(place, digits)),
            Kind::Date => self.fits(place, piece.length()) && self.is_date(piece),
            Kind::Time => self.fits(place, piece.length()) && is_time(self.text(piece)),
            Kind::Period => {
                let fine = if self.packed(before) == D8 {
                    piece.length() == 8 && self.is_date(piece)
                } else {
                    period(self.text(before), self.text(piece)) == Period::Fine
                };
                fine && self.fits(place, piece.length())
            }
            Kind::Binary => true,
            Kind::Text | Kind::Id | Kind::Coded | Kind::NotUsed | Kind::Composite => false,
        }
    }

    #[inline(always)]
    fn fits(&self, place: &Place, length: usize) -> bool {
        length >= usize::from(place.least) && length <= usize::from(place.most)
    }

    #[inline(never)]
    fn is_composite_fine(&self, place: &Place, piece: Piece) -> bool {
        let Some(composite) = self.guide.composites.get(usize::from(place.codes.start)) else { return false };
        let Some(mut separators) = self.components(piece) else { return false };
        let parts = composite.parts.of(&self.guide.places);
        let mut present = 0_u64;
        let mut before = Piece::default();
        let mut start = piece.start;
        for (index, part) in parts.iter().enumerate() {
            let end = match separators {
                0 => piece.end,
                _ => piece.start + separators.trailing_zeros() as usize,
            };
            let component = Piece { start, end };
            if component.length() > 0 {
                let is_fine = match part.kind {
                    Kind::Text | Kind::Id | Kind::Coded => self.is_word_fine(part, component),
                    _ => self.is_measure_fine(part, component, before),
                };
                if !is_fine {
                    return false;
                }
                present |= 1 << index;
            }
            if separators == 0 {
                return self.is_complete(present, composite.required, composite.open_conditions);
            }
            separators &= separators - 1;
            before = component;
            start = end + 1;
        }
        // More components than the guide has.
        false
    }

    /// Whether nothing is missing.
    #[inline]
    fn is_complete(&self, present: u64, required: u64, conditions: Stretch) -> bool {
        let holds = |condition: &Condition| !broken(condition, present);
        required & !present == 0
            && (conditions.len == 0 || conditions.of(&self.guide.conditions).iter().all(holds))
    }

    fn text(&self, piece: Piece) -> &'b [u8] {
        self.bytes.get(piece.start..piece.end).unwrap_or_default()
    }

    /// The first eight bytes of a piece, the first of them lowest, and whatever stands behind it.
    #[inline]
    fn word(&self, piece: Piece) -> Option<u64> {
        self.bytes.get(piece.start..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
    }

    /// As [`pack`].
    #[inline]
    fn packed(&self, piece: Piece) -> u32 {
        pack_at(self.bytes, piece.start, piece.end)
    }

    /// How many digits the number has; `None` if it is none.
    #[inline]
    fn decimal_digits(&self, piece: Piece) -> Option<usize> {
        let length = piece.length();
        match self.short_number(piece) {
            Some((_, 0)) => Some(length),
            Some((word, others))
                if length > 1
                    && others & (others - 1) == 0
                    && (word >> (others.trailing_zeros() - 7)) as u8 == b'.' =>
            {
                Some(length - 1)
            }
            _ => match decimal(self.text(piece)) {
                Number::Digits(digits) => Some(digits),
                Number::Malformed => None,
            },
        }
    }

    #[inline]
    fn whole_digits(&self, piece: Piece) -> Option<usize> {
        match self.short_number(piece) {
            Some((_, 0)) => Some(piece.length()),
            _ => match whole(self.text(piece)) {
                Number::Digits(digits) => Some(digits),
                Number::Malformed => None,
            },
        }
    }

    /// The bytes of a piece of eight at most, with zeroes behind it; and the top bits of those that are no digits.
    #[inline]
    fn short_number(&self, piece: Piece) -> Option<(u64, u64)> {
        let length @ 1..=8 = piece.length() else { return None };
        let word = self.word(piece)?;
        let own = u64::MAX >> (64 - 8 * length);
        Some((word, not_digits(word) & own))
    }

    /// Whether a date is in the calendar.
    #[inline]
    fn is_date(&self, piece: Piece) -> bool {
        piece.length() == 8 && self.word(piece).is_some_and(is_early_in_month) || is_date(self.text(piece))
    }

    /// Where in a piece its component separators stand; `None` if it is too long for that.
    #[inline]
    fn components(&self, piece: Piece) -> Option<u64> {
        let length = piece.length();
        let mut found = 0;
        for at in (0..length).step_by(16) {
            let sixteen = self.bytes.get(piece.start + at..)?.first_chunk()?;
            let separators = u8x16::new(*sixteen).simd_eq(u8x16::splat(self.component)).to_bitmask();
            found |= u64::from(separators).checked_shl(at as u32)?;
        }
        Some(found & (u64::MAX >> 64_usize.checked_sub(length)?))
    }
}

/// The top bits of the bytes that are no digits.
#[inline]
fn not_digits(word: u64) -> u64 {
    let offset = word ^ (ONES * u64::from(b'0'));
    // Adding 0x76 to what is 10 or more sets the top bit, and carries nothing over from seven bits.
    (((offset & !TOPS) + ONES * 0x76) | offset) & TOPS
}

/// Whether eight bytes are a date from the year 1000 on whose month has that day whatever month it is.
#[inline]
fn is_early_in_month(word: u64) -> bool {
    if not_digits(word) != 0 {
        return false;
    }
    // Tens and ones of each pair, in the lower byte of the two.
    let digits = word & (ONES * 0x0f);
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let pair = |index: u32| (pairs >> (16 * index)) as u8;
    pair(0) >= 10 && (1..=12).contains(&pair(2)) && (1..=28).contains(&pair(3))
}

/// Whether the segment holds control characters, a repetition separator, or a component separator without having
/// composites; or stands too near the end of the bytes to tell.
#[inline]
fn is_odd(bytes: &[u8], range: (usize, usize), has_composite: bool, delimiters: Delimiters) -> bool {
    let (start, end) = range;
    let component = if has_composite { NO_SEPARATOR } else { delimiters.component };
    let (highest_control, delete) = (u8x16::splat(0x1f), u8x16::splat(0x7f));
    let components = u8x16::splat(component);
    let repetitions = u8x16::splat(delimiters.repetition.unwrap_or(NO_SEPARATOR));
    let mut at = start;
    while at < end {
        let Some(sixteen) = bytes.get(at..).and_then(<[u8]>::first_chunk) else { return true };
        let lane = u8x16::new(*sixteen);
        let odd = lane.min(highest_control).simd_eq(lane)
            | lane.simd_eq(delete)
            | lane.simd_eq(components)
            | lane.simd_eq(repetitions);
        let own = if end - at < 16 { (1 << (end - at)) - 1 } else { 0xffff };
        if odd.to_bitmask() & own != 0 {
            return true;
        }
        at += 16;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glance(bytes: &[u8]) -> Glance<'_, '_> {
        Glance { guide: Guide::professional(), bytes, component: b':' }
    }

    #[test]
    fn numbers_and_dates_are_those_of_the_close_look() {
        let texts = ["20250303", "20250229", "20241301", "20240031", "09991231", "12.50", "-1", "1.2.3", "."];
        let more =
            ["", "1", "12345678", "123456789", "1234567.", ".5", "5/", ":5", "1\u{e9}", "2025030\u{ff}"];
        for text in texts.iter().chain(&more).map(|text| text.as_bytes()) {
            for at in 0..text.len().max(1) {
                for byte in 0..=u8::MAX {
                    let mut edited = text.to_vec();
                    edited.iter_mut().skip(at).take(1).for_each(|one| *one = byte);
                    let piece = Piece { start: 0, end: edited.len() };
                    // Followed by digits, by nothing digits are made of, and by the end.
                    for behind in ["12345678", "~~~~~~~~", ""] {
                        let bytes = [&edited, behind.as_bytes()].concat();
                        let (glance, own) = (glance(&bytes), &edited[..]);
                        let digits = |number| match number {
                            Number::Digits(digits) => Some(digits),
                            Number::Malformed => None,
                        };
                        assert_eq!(glance.decimal_digits(piece), digits(decimal(own)), "{own:?}");
                        assert_eq!(glance.whole_digits(piece), digits(whole(own)), "{own:?}");
                        assert_eq!(glance.is_date(piece), is_date(own), "{own:?}");
                        assert_eq!(glance.packed(piece), pack(own), "{own:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn component_separators_are_found_up_to_64_bytes() {
        let bytes = b"HC:97124:GP".repeat(12);
        for length in 1..100 {
            let found = glance(&bytes).components(Piece { start: 3, end: 3 + length });
            let expected =
                (0..length).filter(|at| bytes[3 + at] == b':').fold(0, |mask, at| mask | 1_u128 << at);
            assert_eq!(found.map(u128::from), (length <= 64).then_some(expected), "{length}");
        }
    }
}
