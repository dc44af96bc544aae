use memchr::{memchr, memchr_iter, memrchr};

use super::{
    ids,
    masked::MaskedBefore,
    sensitive,
    window::{keep, window},
};
use crate::claim::Span;
use crate::finding::{Excerpt, Form, Place, Segments};
use crate::input::{Cutter, Label};
use crate::source::{Delimiters, Unit};
use crate::x12::{Id, Lexer, Segment, first_of_piece};

/// Cuts excerpts from a unit: from its own bytes, or from the context it was given.
#[derive(Clone, Copy, Debug)]
pub struct Excerpts<'u> {
    unit: &'u Unit,
    delimiters: Delimiters,
    /// The segment from which on these separators are in force: its offset in the file, and its number.
    zone: (u64, u64),
    /// Another known segment, nearer to what will be asked for.
    anchor: (u64, u64),
    /// What was to be masked of segments before.
    masked: Option<&'u MaskedBefore>,
}

/// A stretch of whole segments, and the number of one of them.
struct Stretch<'u> {
    bytes: &'u [u8],
    offset: u64,
    anchor: (u64, u64),
}

impl<'u> Excerpts<'u> {
    /// `zone` is the segment of the unit from which on `delimiters` are in force, `anchor` one that is known nearer to
    /// what will be asked for: their offsets in the file and their numbers. Places after one are found by counting
    /// from it.
    pub fn new(unit: &'u Unit, delimiters: Delimiters, zone: (u64, u64), anchor: (u64, u64)) -> Excerpts<'u> {
        Excerpts { unit, delimiters, zone, anchor, masked: None }
    }

    /// The same, with what was to be masked of segments before.
    pub(super) fn remembering(self, masked: &'u MaskedBefore) -> Excerpts<'u> {
        Excerpts { masked: Some(masked), ..self }
    }

    fn stretch(&self, offset: u64) -> Option<Stretch<'u>> {
        let unit = self.unit;
        let holds = |start: u64, bytes: &[u8], slack: u64| {
            offset >= start && offset < start + bytes.len() as u64 + slack
        };
        // A place at the very end of a stretch (an absent last element) is in it if no other begins there.
        [0, 1].into_iter().find_map(|slack| {
            if holds(unit.offset, &unit.bytes, slack) {
                let known = [self.anchor, self.zone].into_iter().find(|known| offset >= known.0);
                let anchor = known.unwrap_or((unit.offset, unit.number));
                return Some(Stretch { bytes: &unit.bytes, offset: unit.offset, anchor });
            }
            unit.context.iter().find(|piece| holds(piece.offset, &piece.bytes, slack)).map(|piece| Stretch {
                bytes: &piece.bytes,
                offset: piece.offset,
                anchor: (piece.offset, piece.number),
            })
        })
    }

    /// Where in `stretch` the piece begins that holds `offset`.
    fn start(&self, stretch: &Stretch<'_>, offset: u64) -> Option<usize> {
        let before = stretch.bytes.get(..(offset - stretch.offset) as usize)?;
        let start = memrchr(self.delimiters.terminator, before).map_or(0, |before| before + 1);
        Some(first_of_piece(stretch.bytes, start, Some(self.delimiters)))
    }

    /// Calls `with` on the segment that holds `offset`, with the bytes it stands in and where in them it begins.
    fn at<T>(&self, offset: u64, with: impl FnOnce(&Segment<'_, 'u>, &'u [u8], usize) -> T) -> Option<T> {
        let stretch = self.stretch(offset)?;
        let terminator = self.delimiters.terminator;
        let at = (offset - stretch.offset) as usize;
        let start = self.start(&stretch, offset)?;
        let rest = &stretch.bytes[at..];
        let end = at + memchr(terminator, rest).map_or(rest.len(), |end| end + 1);
        let known = (stretch.anchor.0 - stretch.offset) as usize;
        let number =
            stretch.anchor.1 + memchr_iter(terminator, stretch.bytes.get(known..start)?).count() as u64;
        let bytes = stretch.bytes.get(start..end)?;
        let mut lexer = Lexer::new(bytes, stretch.offset + start as u64, number, Some(self.delimiters));
        let segment = lexer.next_segment()?;
        Some(with(&segment, stretch.bytes, start))
    }
}

impl Cutter for Excerpts<'_> {
    fn place(&self, span: Span) -> Place {
        self.at(span.offset, |segment, _, _| place(segment, span))
            .unwrap_or(Place { span, ..Place::default() })
    }

    fn excerpt(&self, labels: &[Label]) -> Excerpt {
        self.shown(labels).1
    }

    fn shown(&self, labels: &[Label]) -> (Vec<Place>, Excerpt) {
        let start = |offset: u64| {
            let stretch = self.stretch(offset)?;
            Some(stretch.offset + self.start(&stretch, offset)? as u64)
        };
        let nowhere = |label: &Label| Place { span: label.span, ..Place::default() };
        let mut places: Vec<Place> = labels.iter().map(nowhere).collect();
        let with_place = labels.iter().zip(&mut places);
        let mut placed: Vec<(u64, &Label, &mut Place)> =
            with_place.filter_map(|(label, place)| Some((start(label.span.offset)?, label, place))).collect();
        placed.sort_by_key(|(start, label, _)| (*start, label.span.offset));
        let mut windows = Vec::with_capacity(placed.len());
        for placed in placed.chunk_by_mut(|(one, ..), (other, ..)| one == other) {
            let Some(offset) = placed.first().map(|(_, label, _)| label.span.offset) else { continue };
            windows.extend(self.at(offset, |segment, bytes, at| {
                placed.iter_mut().for_each(|(_, label, own)| **own = place(segment, label.span));
                let labels: Vec<&Label> = placed.iter().map(|(_, label, _)| *label).collect();
                window(segment, sensitive::owner(bytes, at, segment), &labels, self.masked)
            }));
        }
        (places, Excerpt { form: Form::X12, windows })
    }

    fn segments(&self, span: Span) -> Segments {
        let Some(stretch) = self.stretch(span.offset) else { return Segments::default() };
        let start = (span.offset - stretch.offset) as usize;
        let end = (start + span.length as usize).min(stretch.bytes.len());
        let known = (stretch.anchor.0 - stretch.offset) as usize;
        let Some(between) = stretch.bytes.get(known..start) else { return Segments::default() };
        let number = stretch.anchor.1 + memchr_iter(self.delimiters.terminator, between).count() as u64;
        let bytes = &stretch.bytes[start..end];
        let mut segments = Segments::with_room(bytes.len());
        let mut lexer = Lexer::new(bytes, span.offset, number, Some(self.delimiters));
        let (mut owners, mut sensitive) = (sensitive::Owners::default(), Vec::new());
        while let Some(segment) = lexer.next_segment() {
            let at = (segment.offset() - stretch.offset) as usize;
            let owner = owners.of(stretch.bytes, at, &segment);
            keep(&segment, owner, self.masked, &mut sensitive, &mut segments);
        }
        segments.shrink();
        segments
    }
}

/// The place of a span in a segment.
fn place(segment: &Segment<'_, '_>, span: Span) -> Place {
    let id = printable(segment.id_bytes());
    let element = element_name(segment, &id, span.offset);
    Place { span, number: segment.number(), segment: id, element }
}

/// `SV104`, or `SV101-03` for a component of a composite; empty for the id itself.
fn element_name(segment: &Segment<'_, '_>, id: &str, offset: u64) -> String {
    let (raw, delimiters) = (segment.raw(), segment.delimiters());
    let at = (offset.saturating_sub(segment.offset()) as usize).min(raw.len());
    let Some(separator) = memrchr(delimiters.element, &raw[..at]) else { return String::new() };
    let index = memchr_iter(delimiters.element, &raw[..at]).count();
    let field = &raw[separator + 1..];
    let field = &field[..memchr(delimiters.element, field).unwrap_or(field.len())];
    if id == "ISA" || !field.contains(&delimiters.component) {
        return format!("{id}{index:02}");
    }
    let before = &raw[separator + 1..at];
    let repeated =
        delimiters.repetition.and_then(|separator| memrchr(separator, before)).map_or(0, |at| at + 1);
    let part = 1 + memchr_iter(delimiters.component, &before[repeated..]).count();
    format!("{id}{index:02}-{part:02}")
}

/// The id of a segment that an 837P knows, in capitals; `???` for any other: behind a stray separator that is a word of
/// a note or a name.
pub(super) fn printable(id: &[u8]) -> String {
    let letters = id.iter().filter(|byte| byte.is_ascii_alphanumeric());
    let capitals: String = letters.map(|byte| char::from(byte.to_ascii_uppercase())).collect();
    match ids::KNOWN.contains(&Id::new(capitals.as_bytes())) {
        true => capitals,
        false => "???".to_owned(),
    }
}
