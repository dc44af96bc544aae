use std::fmt;
use std::ops::Range;

use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::finding::{Mark, Sensitive, Window};
use crate::input::Label;

use super::places::{FieldPlace, fields_of, masked};
use super::scan::is_blank;
use super::words::repaired;

/// How much of an object a window shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    /// About one terminal line: what is marked, and what the line is about.
    Narrow,
    /// Every field, long ones clipped.
    Wide,
}

/// The most characters of a narrow window, short of its marks.
const NARROW: usize = 160;

/// Fields that say what a line is about, the most telling first.
const TELLING: &[&str] = &[
    "procedure_code",
    "modifiers",
    "units",
    "minutes",
    "charge_amount",
    "claim_id",
    "line_number",
    "service_date",
    "diagnosis_codes",
    "diagnosis_pointers",
];

/// Shows the claim or line object `bytes`, which stands at `offset` of the file, on one line.
///
/// A broken object is masked as a whole: who knows what its pieces are.
pub(super) fn window(bytes: &[u8], offset: u64, number: u64, labels: &[&Label], width: Width) -> Window {
    let text = String::from_utf8(repaired(bytes)).unwrap_or_default();
    let mut sketch = Sketch { bytes, offset, labels, window: Window { number, offset, ..Window::default() } };
    match fields_of(&text).filter(|_| text.starts_with('{')) {
        Some(fields) => sketch.object(&fields, width),
        None => {
            let piece = Piece::of(bytes, 0..bytes.len(), &sketch.ranges(0..bytes.len()), NARROW);
            sketch.put(&piece, &[(0..bytes.len(), true)]);
        }
    }
    sketch.loose_marks();
    sketch.window
}

/// A stretch of the object as it is shown, with the place of each of its bytes in what is shown.
struct Piece {
    range: Range<usize>,
    text: String,
    places: Vec<usize>,
}

impl Piece {
    /// Writes `range` on one line, at most about `most` characters around the first of `marks`.
    fn of(bytes: &[u8], range: Range<usize>, marks: &[Range<usize>], most: usize) -> Piece {
        let mut shown = range.clone();
        if range.len() > most {
            let (first, last) = match (marks.first(), marks.last()) {
                (Some(first), Some(last)) if last.end - first.start < most => (first.start, last.end),
                (Some(first), _) => (first.start, first.end.min(first.start + most)),
                _ => (range.start, range.start),
            };
            let spare = (most - (last - first).min(most)) / 2;
            shown.start = character_start(bytes, first.saturating_sub(spare).max(range.start), range.start);
            shown.end = character_start(bytes, (shown.start + most).min(range.end), range.start);
        }
        let mut piece =
            Piece { range: range.clone(), text: String::new(), places: Vec::with_capacity(range.len()) };
        if shown.start > range.start {
            piece.places.resize(shown.start - range.start, 0);
            piece.text.push('…');
        }
        piece.escape(&bytes[shown.clone()]);
        let end = piece.text.len();
        piece.places.resize(range.len(), end);
        if shown.end < range.end {
            piece.text.push('…');
        }
        piece
    }

    fn escape(&mut self, bytes: &[u8]) {
        let mut quoted = false;
        let mut backslash = false;
        for chunk in bytes.utf8_chunks() {
            for character in chunk.valid().chars() {
                let start = self.text.len();
                self.places.resize(self.places.len() + character.len_utf8(), start);
                if !quoted && is_blank(character as u32 as u8) && character.is_ascii() {
                    if !self.text.ends_with(' ') {
                        self.text.push(' ');
                    }
                } else if obeyed(character) {
                    let mut utf8 = [0; 4];
                    for byte in character.encode_utf8(&mut utf8).bytes() {
                        self.text.push_str(&format!("\\x{byte:02X}"));
                    }
                } else {
                    self.text.push(character);
                }
                quoted ^= character == '"' && !backslash;
                backslash = character == '\\' && !backslash;
            }
            for byte in chunk.invalid() {
                self.places.push(self.text.len());
                self.text.push_str(&format!("\\x{byte:02X}"));
            }
        }
    }

    /// Where a byte of the object stands in the text.
    fn place(&self, at: usize) -> usize {
        match at.checked_sub(self.range.start) {
            None => 0,
            Some(within) => self.places.get(within).copied().unwrap_or(self.text.len()),
        }
    }
}

/// Characters that a terminal obeys instead of showing them.
fn obeyed(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// The start of the character that byte `at` belongs to, not before `least`.
fn character_start(bytes: &[u8], mut at: usize, least: usize) -> usize {
    while at > least && bytes.get(at).is_some_and(|byte| byte & 0xC0 == 0x80) {
        at -= 1;
    }
    at
}

/// A window in the making.
struct Sketch<'a> {
    bytes: &'a [u8],
    offset: u64,
    labels: &'a [&'a Label],
    window: Window,
}

impl Sketch<'_> {
    fn range(&self, label: &Label) -> Range<usize> {
        let start = label.span.offset.saturating_sub(self.offset) as usize;
        start..start + label.span.length as usize
    }

    /// The labels that begin in `range`, in order.
    fn ranges(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let mut ranges: Vec<_> = self
            .labels
            .iter()
            .map(|label| self.range(label))
            .filter(|one| range.contains(&one.start))
            .collect();
        ranges.sort_by_key(|one| one.start);
        ranges
    }

    fn object(&mut self, fields: &[FieldPlace], width: Width) {
        let pieces: Vec<Piece> = fields
            .iter()
            .map(|field| {
                let whole = field.start..field.value.end;
                let marks = self.ranges(whole.clone());
                if field.name == "lines" {
                    let mut piece = Piece::of(self.bytes, field.start..field.value.start, &[], NARROW);
                    piece.text.push_str("[…]");
                    return piece;
                }
                Piece::of(self.bytes, whole, &marks, if width == Width::Wide { NARROW } else { NARROW / 2 })
            })
            .collect();
        let shown = self.chosen(fields, &pieces, width);
        self.window.text.push('{');
        let mut gap = false;
        for ((field, piece), shown) in fields.iter().zip(&pieces).zip(shown) {
            if !shown {
                gap = true;
                continue;
            }
            if self.window.text.len() > 1 {
                self.window.text.push_str(", ");
            }
            if std::mem::take(&mut gap) {
                self.window.text.push_str("… ");
            }
            self.put(piece, &masked(self.bytes, field));
        }
        if gap {
            self.window.text.push_str(", …");
        }
        self.window.text.push('}');
    }

    /// Which fields are shown: all, or the marked and then the most telling while there is room.
    fn chosen(&self, fields: &[FieldPlace], pieces: &[Piece], width: Width) -> Vec<bool> {
        let length = |piece: &Piece| piece.text.chars().count() + 2;
        if width == Width::Wide || pieces.iter().map(length).sum::<usize>() <= NARROW {
            return vec![true; fields.len()];
        }
        let mut shown: Vec<bool> =
            fields.iter().map(|field| !self.ranges(field.start..field.value.end).is_empty()).collect();
        let marked = pieces.iter().zip(&shown).filter(|(_, shown)| **shown);
        let mut room = NARROW.saturating_sub(marked.map(|(piece, _)| length(piece)).sum());
        for telling in TELLING {
            let Some(index) = fields.iter().position(|field| field.name == *telling) else { continue };
            let needed = length(&pieces[index]);
            if !shown[index] && needed <= room {
                shown[index] = true;
                room -= needed;
            }
        }
        shown
    }

    fn put(&mut self, piece: &Piece, sensitive: &[(Range<usize>, bool)]) {
        let base = self.window.text.len();
        self.window.text.push_str(&piece.text);
        for (range, always) in sensitive {
            let (start, end) = (base + piece.place(range.start), base + piece.place(range.end));
            if start < end {
                self.window.sensitive.push(Sensitive { start, end, always: *always });
            }
        }
        for label in self.labels {
            let range = self.range(label);
            if !piece.range.contains(&range.start) {
                continue;
            }
            let (start, end) = (base + piece.place(range.start), base + piece.place(range.end));
            let (text, primary) = (label.text.clone(), label.primary);
            self.window.marks.push(Mark { start, end: end.max(start), text, primary });
        }
    }

    /// Marks whose place is not among the fields point at the object's beginning.
    fn loose_marks(&mut self) {
        for label in self.labels {
            let known = |mark: &Mark| mark.text == label.text && mark.primary == label.primary;
            if !self.window.marks.iter().any(known) {
                let end = usize::from(!self.window.text.is_empty());
                let end = if self.window.text.is_char_boundary(end) { end } else { 0 };
                let (text, primary) = (label.text.clone(), label.primary);
                self.window.marks.push(Mark { start: 0, end, text, primary });
            }
        }
        self.window.marks.sort_by_key(|mark| (mark.start, mark.end));
    }
}

/// Notes where the fields of an object stand, `base` being the address of its text.
pub(super) struct FieldPlaces<'f> {
    pub(super) base: usize,
    pub(super) fields: &'f mut Vec<FieldPlace>,
}

impl<'de> Visitor<'de> for FieldPlaces<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some((key, value)) = map.next_entry::<&'de RawValue, &'de RawValue>()? {
            let place = |raw: &RawValue| raw.get().as_ptr() as usize - self.base;
            let start = place(value);
            self.fields.push(FieldPlace {
                name: serde_json::from_str(key.get()).unwrap_or_default(),
                start: place(key),
                named: place(key) + key.get().len(),
                value: start..start + value.get().len(),
            });
        }
        Ok(())
    }
}
