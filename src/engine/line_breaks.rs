//! Whether the segments of a file stand on lines of their own: then a segment's number is its line in an editor, which
//! reports for programs must know. Counts of stretches that follow each other add up, wherever the units were cut.

use memchr::{memchr, memchr_iter};
use wide::u8x16;

use crate::finding::LineBreaks;
use crate::source::Unit;
use crate::x12::{EnvelopeEvent, EnvelopeKind};

/// Line breaks of a stretch of segments, counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Breaks {
    terminators: u64,
    /// Right after a terminator.
    after_one: u64,
    elsewhere: u64,
    has_other_than_ascii: bool,
    /// A break is the first thing: what it comes after stands in the stretch before.
    opens: bool,
    ends_with_terminator: bool,
    ends_with_break: bool,
}

impl Breaks {
    /// Those of a unit of X12. `events` are the unit's own: an ISA in it changes the terminator.
    pub(super) fn of(unit: &Unit, events: &[EnvelopeEvent]) -> Breaks {
        let mut breaks = Breaks::default();
        let mut terminator = unit.delimiters.map(|delimiters| delimiters.terminator);
        let mut from = 0;
        for event in events.iter().filter(|event| event.kind == EnvelopeKind::Isa) {
            let Some(at) = event.offset.checked_sub(unit.offset) else { continue };
            let at = (at as usize).clamp(from, unit.bytes.len());
            if at > from {
                breaks.add(&Breaks::of_stretch(&unit.bytes[from..at], terminator.unwrap_or(b'~')));
            }
            (from, terminator) = (at, Some(event.delimiters.terminator));
        }
        if from < unit.bytes.len() {
            breaks.add(&Breaks::of_stretch(&unit.bytes[from..], terminator.unwrap_or(b'~')));
        }
        breaks
    }

    fn of_stretch(bytes: &[u8], terminator: u8) -> Breaks {
        if terminator != b'\n' && memchr(b'\r', bytes).is_none() {
            return Breaks::without_returns(bytes, terminator);
        }
        let mut marks = Marks::default();
        let mut breaks = Breaks {
            ends_with_terminator: bytes.last() == Some(&terminator),
            ends_with_break: bytes.last() == Some(&b'\n'),
            ..Breaks::default()
        };
        let (blocks, rest) = bytes.as_chunks::<BLOCK>();
        for block in blocks {
            marks.take(block, BLOCK, terminator);
        }
        let mut last = [0; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        marks.take(&last, rest.len(), terminator);
        (breaks.terminators, breaks.has_other_than_ascii) = (marks.terminators, marks.has_other_than_ascii);
        if terminator == b'\n' {
            breaks.after_one = breaks.terminators;
            breaks.ends_with_terminator = false;
            return breaks;
        }
        breaks.opens = matches!(bytes, [b'\n', ..] | [b'\r', b'\n', ..]);
        breaks.after_one = marks.after_one;
        breaks.elsewhere = marks.breaks - marks.after_one - u64::from(breaks.opens);
        breaks
    }

    /// Those of a stretch without a carriage return, as most are; `terminator` is no line feed.
    fn without_returns(bytes: &[u8], terminator: u8) -> Breaks {
        let opens = bytes.first() == Some(&b'\n');
        let after_one = count_pairs(bytes, terminator, b'\n');
        let feeds = memchr_iter(b'\n', bytes).count() as u64;
        Breaks {
            terminators: memchr_iter(terminator, bytes).count() as u64,
            after_one,
            elsewhere: feeds - after_one - u64::from(opens),
            has_other_than_ascii: !bytes.is_ascii(),
            opens,
            ends_with_terminator: bytes.last() == Some(&terminator),
            ends_with_break: bytes.last() == Some(&b'\n'),
        }
    }

    /// Adds those of the stretch that follows.
    pub(super) fn add(&mut self, next: &Breaks) {
        let is_first = *self == Breaks::default();
        if next.opens && is_first {
            self.opens = true;
        } else if next.opens {
            let counter = if self.ends_with_terminator { &mut self.after_one } else { &mut self.elsewhere };
            *counter += 1;
        }
        self.terminators += next.terminators;
        self.after_one += next.after_one;
        self.elsewhere += next.elsewhere;
        self.has_other_than_ascii |= next.has_other_than_ascii;
        self.ends_with_terminator = next.ends_with_terminator;
        self.ends_with_break = next.ends_with_break;
    }

    /// What they come to, for a whole file.
    pub(super) fn verdict(&self) -> LineBreaks {
        let elsewhere = self.elsewhere + u64::from(self.opens);
        let all = self.after_one + elsewhere;
        // The last segment of a file often has no break after it.
        if elsewhere == 0 && self.after_one + u64::from(self.ends_with_terminator) == self.terminators {
            LineBreaks::Counted
        } else if all == u64::from(self.ends_with_break) && !self.has_other_than_ascii {
            LineBreaks::Absent
        } else {
            LineBreaks::Elsewhere
        }
    }
}

/// How often `second` stands right after `first`.
fn count_pairs(bytes: &[u8], first: u8, second: u8) -> u64 {
    /// As many as a byte can count, in whole registers.
    const ROW: usize = 240;
    let of = |(one, next): (&u8, &u8)| u8::from((*one == first) & (*next == second));
    let (ones, last_ones) = bytes.split_last().map_or(&[][..], |(_, ones)| ones).as_chunks::<ROW>();
    let (nexts, last_nexts) = bytes.split_first().map_or(&[][..], |(_, nexts)| nexts).as_chunks::<ROW>();
    let whole = ones.iter().zip(nexts).map(|(ones, nexts)| ones.iter().zip(nexts).map(of).sum::<u8>());
    let rest = last_ones.iter().zip(last_nexts).map(of).sum::<u8>();
    whole.map(u64::from).sum::<u64>() + u64::from(rest)
}

/// Bytes looked at in one go.
const BLOCK: usize = 64;

/// What is counted from block to block of a stretch.
#[derive(Default)]
struct Marks {
    terminators: u64,
    breaks: u64,
    /// Breaks right after a terminator; a carriage return between the two is part of the break.
    after_one: u64,
    has_other_than_ascii: bool,
    /// Of the byte before the block, as the lowest bit: a terminator, a carriage return, one right after a terminator.
    before: [u64; 3],
}

impl Marks {
    /// Takes the first `length` bytes of a block.
    fn take(&mut self, block: &[u8; BLOCK], length: usize, terminator: u8) {
        let known = u64::MAX.checked_shr((BLOCK - length) as u32).unwrap_or(0);
        let (mut ends, mut feeds, mut returns, mut others) = (0, 0, 0, 0);
        for (index, quarter) in block.as_chunks::<16>().0.iter().enumerate() {
            let lane = u8x16::new(*quarter);
            let of = |byte: u8| u64::from(lane.simd_eq(u8x16::splat(byte)).to_bitmask()) << (index * 16);
            ends |= of(terminator);
            feeds |= of(b'\n');
            returns |= of(b'\r');
            others |= lane.to_bitmask();
        }
        let (ends, feeds, returns) = (ends & known, feeds & known, returns & known);
        let [end_before, return_before, joined_before] = self.before;
        let after_end = ends << 1 | end_before;
        let after_return = returns << 1 | return_before;
        let joined = returns & after_end;
        let right_after = feeds & (after_end & !after_return | joined << 1 | joined_before);
        self.terminators += u64::from(ends.count_ones());
        self.breaks += u64::from(feeds.count_ones());
        self.after_one += u64::from(right_after.count_ones());
        self.has_other_than_ascii |= others != 0;
        self.before = [ends >> 63, returns >> 63, joined >> 63];
    }
}

#[cfg(test)]
mod tests {
    use proptest::strategy::Strategy;

    use super::*;

    fn verdict(pieces: &[&str]) -> LineBreaks {
        let mut breaks = Breaks::default();
        for piece in pieces {
            breaks.add(&Breaks::of_stretch(piece.as_bytes(), b'~'));
        }
        breaks.verdict()
    }

    /// The same wherever the text is cut between two segments.
    #[track_caller]
    fn holds(text: &str, wanted: LineBreaks) {
        assert_eq!(verdict(&[text]), wanted, "{text:?}");
        for (at, _) in text.match_indices('~') {
            for cut in [at + 1, (at + 2).min(text.len())] {
                if cut < text.len() && text.is_char_boundary(cut) {
                    let (one, other) = text.split_at(cut);
                    assert_eq!(verdict(&[one, other]), wanted, "{one:?} {other:?}");
                }
            }
        }
    }

    /// As plainly as it can be said.
    fn slowly(bytes: &[u8], terminator: u8) -> (u64, u64, u64, bool) {
        let mut said = (0, 0, 0, !bytes.is_ascii());
        for (at, byte) in bytes.iter().enumerate() {
            said.0 += u64::from(*byte == terminator);
            let before = bytes[..at].strip_suffix(b"\r").unwrap_or(&bytes[..at]).last();
            match (byte, before) {
                (b'\n', Some(before)) if *before == terminator => said.1 += 1,
                (b'\n', Some(_)) => said.2 += 1,
                _ => {}
            }
        }
        said
    }

    proptest::proptest! {
        #[test]
        fn blocks_are_counted_as_bytes_are(
            text in proptest::sample::select(vec![&b"~\r\nA\xe9"[..], b"~\nA\xe9", b"~\nA", b"~\n"]).prop_flat_map(
                |letters| proptest::collection::vec(proptest::sample::select(letters.to_vec()), 0..1000),
            ),
            terminator in proptest::sample::select(b"~\r|".to_vec()),
        ) {
            let found = Breaks::of_stretch(&text, terminator);
            let found = (found.terminators, found.after_one, found.elsewhere, found.has_other_than_ascii);
            proptest::prop_assert_eq!(found, slowly(&text, terminator));
        }
    }

    #[test]
    fn a_break_after_each_segment_counts_them() {
        holds("ST*837~\nBHT*0019~\nSE*3~\n", LineBreaks::Counted);
        holds("ST*837~\nSE*3~", LineBreaks::Counted);
        assert_eq!(verdict(&["ST*837~\r\nBHT*0019~\r\nSE*3~\r\n"]), LineBreaks::Counted);
        assert_eq!(verdict(&["ST*837~", "\r\nSE*3~\r\n"]), LineBreaks::Counted);
        assert_eq!(Breaks::of_stretch(b"ST*837\nSE*3\n", b'\n').verdict(), LineBreaks::Counted);
        assert_eq!(Breaks::default().verdict(), LineBreaks::Counted);
    }

    #[test]
    fn one_line_of_ascii_has_columns() {
        holds("ST*837~BHT*0019~SE*3~", LineBreaks::Absent);
        holds("ST*837~BHT*0019~SE*3~\n", LineBreaks::Absent);
        holds("ST*837~BHT*M\u{fc}ller~SE*3~", LineBreaks::Elsewhere);
    }

    #[test]
    fn what_is_wrapped_or_mixed_has_no_known_line() {
        holds("ST*837~BHT*00\n19~SE*3~\n", LineBreaks::Elsewhere);
        holds("ST*837~\nBHT*0019~SE*3~\n", LineBreaks::Elsewhere);
        holds("ST*837~\n\nBHT*0019~\nSE*3~\n", LineBreaks::Elsewhere);
        holds("\nST*837~\nSE*3~\n", LineBreaks::Elsewhere);
    }
}
