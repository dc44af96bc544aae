//! Whether the segments of a file stand on lines of their own: then a segment's number is its line in an editor, which
//! reports for programs must know. Counts of stretches that follow each other add up, wherever the units were cut.

use memchr::memchr_iter;

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
        let mut breaks = Breaks {
            terminators: memchr_iter(terminator, bytes).count() as u64,
            has_other_than_ascii: !bytes.is_ascii(),
            ends_with_terminator: bytes.last() == Some(&terminator),
            ends_with_break: bytes.last() == Some(&b'\n'),
            ..Breaks::default()
        };
        if terminator == b'\n' {
            breaks.after_one = breaks.terminators;
            breaks.ends_with_terminator = false;
            return breaks;
        }
        for at in memchr_iter(b'\n', bytes) {
            match bytes[..at].strip_suffix(b"\r").unwrap_or(&bytes[..at]).last() {
                None => breaks.opens = true,
                Some(&before) if before == terminator => breaks.after_one += 1,
                Some(_) => breaks.elsewhere += 1,
            }
        }
        breaks
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

#[cfg(test)]
mod tests {
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
