//! One segment as a line of text that a terminal can be trusted with.

use std::borrow::Cow;
use std::fmt::Write;

use super::masked::MaskedBefore;
use super::sensitive::{Masks, Owner};
use crate::claim::Span;
use crate::finding::{Mark, Segment as Kept, Segments, Sensitive, Window};
use crate::input::Label;
use crate::x12::Segment;

/// About how many bytes of a segment are shown; one with no more than that is shown whole.
pub(super) const WIDTH: usize = 160;

/// How many of them stand before the first mark and after the last.
const MARGIN: usize = 40;

/// The segment's text with marks for `labels`; sensitive elements by the rules for `owner`. `before` remembers them.
pub(super) fn window(
    segment: &Segment<'_, '_>,
    owner: Owner,
    labels: &[&Label],
    before: Option<&MaskedBefore>,
) -> Window {
    let raw = segment.raw();
    let place = |span: Span| {
        let start = (span.offset.saturating_sub(segment.offset()) as usize).min(raw.len());
        (start, (start + span.length as usize).min(raw.len()))
    };
    let clip = clip(raw, labels.iter().map(|label| (place(label.span), label.primary)));
    let shown = Shown::new(raw, clip);
    let mut sensitive = Vec::new();
    let is_known = before.is_some_and(|before| {
        before.tell(segment, owner, |text, known| {
            hold_to_account(segment, owner, text, known);
            sensitive.extend_from_slice(known);
        })
    });
    if !is_known {
        mask(segment, owner, clip, &shown, &mut sensitive);
        sensitive.shrink_to_fit();
    }
    let mut marks: Vec<Mark> = Vec::with_capacity(labels.len());
    for label in labels {
        let (start, end) = place(label.span);
        let (start, end) = (shown.place(start), shown.place(end));
        let mark = Mark { start, end, text: label.text.clone(), primary: label.primary };
        match marks.iter_mut().find(|other| other.start <= mark.end && mark.start <= other.end) {
            Some(other) if mark.primary && !other.primary => *other = mark,
            Some(other) if other.start < mark.end && mark.start < other.end => {}
            Some(other) if (other.start, other.end) == (mark.start, mark.end) => {}
            _ => marks.push(mark),
        }
    }
    marks.sort_by_key(|mark| (mark.start, mark.end));
    Window {
        number: segment.number(),
        offset: segment.offset(),
        text: shown.text.into_owned(),
        sensitive,
        marks,
    }
}

/// Puts the segment's text, without marks, behind those of a claim. `sensitive` is room to work in.
pub(super) fn keep(
    segment: &Segment<'_, '_>,
    owner: Owner,
    before: Option<&MaskedBefore>,
    sensitive: &mut Vec<Sensitive>,
    into: &mut Segments,
) {
    let (number, offset) = (segment.number(), segment.offset());
    let is_known = before.is_some_and(|before| {
        before.tell(segment, owner, |text, sensitive| {
            hold_to_account(segment, owner, text, sensitive);
            into.push(Kept { number, offset, text, sensitive });
        })
    });
    if is_known {
        return;
    }
    let raw = segment.raw();
    let clip = clip(raw, std::iter::empty());
    let shown = Shown::new(raw, clip);
    sensitive.clear();
    mask(segment, owner, clip, &shown, sensitive);
    into.push(Kept { number, offset, text: &shown.text, sensitive });
    if let (Some(before), Cow::Borrowed(text)) = (before, &shown.text) {
        before.note(segment, owner, text, sensitive);
    }
}

/// Finds what of the `shown` bytes from `clip.0` to `clip.1` names a person or may do so.
fn mask(
    segment: &Segment<'_, '_>,
    owner: Owner,
    clip: (usize, usize),
    shown: &Shown<'_>,
    sensitive: &mut Vec<Sensitive>,
) {
    let masks = Masks::new(segment, owner);
    for (index, field) in segment.elements().enumerate() {
        masks.of(index, field, |part, always| {
            let start = (part.offset - segment.offset()) as usize;
            let end = start + part.bytes.len();
            if end < clip.0 || start > clip.1 {
                return;
            }
            let (start, end) = (shown.place(start), shown.place(end));
            if start < end {
                sensitive.push(Sensitive { start, end, always });
            }
        });
    }
}

/// Where speed does not matter, what is remembered of a segment is held against what is found.
fn hold_to_account(segment: &Segment<'_, '_>, owner: Owner, text: &str, known: &[Sensitive]) {
    if cfg!(debug_assertions) {
        let clip = (0, segment.length());
        let (shown, mut found) = (Shown::new(segment.raw(), clip), Vec::new());
        mask(segment, owner, clip, &shown, &mut found);
        assert_eq!((&*shown.text, &found[..]), (text, known));
    }
}

/// Which bytes of a segment to show: all, or those around the marks.
fn clip(raw: &[u8], marks: impl Iterator<Item = ((usize, usize), bool)> + Clone) -> (usize, usize) {
    if raw.len() <= WIDTH {
        return (0, raw.len());
    }
    let first = marks.clone().map(|((start, _), _)| start).min();
    let last = marks.clone().map(|((_, end), _)| end).max();
    let (Some(mut first), Some(mut last)) = (first, last) else { return (0, inner(raw, WIDTH)) };
    if last - first > WIDTH * 2
        && let Some((start, end)) = marks.clone().find(|(_, primary)| *primary).map(|(place, _)| place)
    {
        (first, last) = (start, end.min(start + WIDTH));
    }
    let start = first.saturating_sub(MARGIN);
    let end = (last + MARGIN).max(start + WIDTH).min(raw.len());
    let start = if end == raw.len() { start.min(end.saturating_sub(WIDTH)) } else { start };
    (inner(raw, start), inner(raw, end.min(start + WIDTH * 3)))
}

/// The start of the character that byte `at` belongs to.
fn inner(raw: &[u8], at: usize) -> usize {
    let is_middle = |at: usize| raw.get(at).is_some_and(|byte| (0x80..0xc0).contains(byte));
    (0..3).map(|back| at.saturating_sub(back)).find(|&at| !is_middle(at)).unwrap_or(at)
}

struct Shown<'b> {
    text: Cow<'b, str>,
    /// For each byte from `from` on, and for the end: where it stands in the text. Empty where every byte stands for
    /// itself.
    places: Vec<usize>,
    from: usize,
}

impl<'b> Shown<'b> {
    fn new(raw: &'b [u8], (from, to): (usize, usize)) -> Shown<'b> {
        if let Some(text) = as_it_stands(raw).filter(|text| (from, to) == (0, text.len())) {
            return Shown { text: Cow::Borrowed(text), places: Vec::new(), from };
        }
        let mut text = String::new();
        let mut places = Vec::with_capacity(to - from + 1);
        if from > 0 {
            text.push('…');
        }
        for chunk in raw[from..to].utf8_chunks() {
            for character in chunk.valid().chars() {
                if is_harmless(character) {
                    places.extend(std::iter::repeat_n(text.len(), character.len_utf8()));
                    text.push(character);
                } else {
                    escape(character.encode_utf8(&mut [0; 4]).as_bytes(), &mut text, &mut places);
                }
            }
            escape(chunk.invalid(), &mut text, &mut places);
        }
        places.push(text.len());
        if to < raw.len() {
            text.push('…');
        }
        Shown { text: Cow::Owned(text), places, from }
    }

    /// Where byte `at` of the segment stands in the text; what is not shown stands at the nearer edge.
    fn place(&self, at: usize) -> usize {
        let Some(last) = self.places.len().checked_sub(1) else { return at.min(self.text.len()) };
        self.places[at.saturating_sub(self.from).min(last)]
    }
}

/// The text of bytes that are printable ASCII throughout.
fn as_it_stands(raw: &[u8]) -> Option<&str> {
    let is_printable = raw.iter().fold(true, |all, byte| all & (0x20..0x7f).contains(byte));
    std::str::from_utf8(raw).ok().filter(|_| is_printable)
}

fn escape(bytes: &[u8], text: &mut String, places: &mut Vec<usize>) {
    for byte in bytes {
        places.push(text.len());
        // Writing to a string cannot fail.
        let _ = write!(text, "\\x{byte:02x}");
    }
}

/// Control characters command a terminal; marks of direction and zero width make text look like other text.
fn is_harmless(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
