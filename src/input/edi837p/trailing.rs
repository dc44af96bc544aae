//! Separators with nothing behind them, at the end of a segment or of a composite (X12.6: they are left out).
//!
//! They are gathered from one CLM, HL or envelope segment to the next, so that one finding tells of a whole claim, and
//! what is told does not depend on where a file was cut.

use super::ids;
use crate::claim::Span;
use crate::finding::{Edit, Fix};
use crate::input::Fault;
use crate::source::Delimiters;
use crate::x12::{Id, Segment};

/// The composites in which trailing separators are looked for: segments with the places of their composites.
const COMPOSITES: &[(Id, &[usize])] = &[
    (ids::SV1, &[1, 7]),
    (ids::CLM, &[5, 11]),
    (ids::HI, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    (ids::SVD, &[3]),
];

/// The place of a trailer's number: the separator before it belongs to what the guide asks for, be it there or not.
const NUMBER: usize = 2;

/// What was met since the last CLM, HL or envelope segment.
#[derive(Debug, Default)]
pub(super) struct Trailing {
    edits: Vec<Edit>,
    segments: u64,
    /// The separators of the first, and where it stands: offset and number.
    first: Option<(Delimiters, (u64, u64))>,
}

impl Trailing {
    /// Takes a segment that [`trails_off`].
    #[cold]
    pub(super) fn keep(&mut self, id: Id, segment: &Segment<'_, '_>) {
        // Those of an ISA are part of its fixed layout.
        if id == ids::ISA {
            return;
        }
        let composites = places(id);
        let component = segment.delimiters().component;
        let mut ends: Vec<(u64, u64)> = Vec::new();
        let is_trailer = matches!(id, ids::SE | ids::GE | ids::IEA);
        let mut last = None;
        for (index, field) in segment.elements().enumerate() {
            let bare = match composites.contains(&index) {
                true => field.bytes.iter().rposition(|byte| *byte != component).map_or(0, |at| at + 1),
                false => field.bytes.len(),
            };
            ends.push((field.offset + bare as u64, field.offset + field.bytes.len() as u64));
            if index > 0 && bare > 0 {
                last = Some(index);
            }
        }
        // Of a segment without any element there is nothing to keep.
        let Some(last) = last else { return };
        ends.truncate(if is_trailer { last.max(NUMBER) + 1 } else { last + 1 });
        if let Some((_, end)) = ends.last_mut() {
            *end = segment.end();
        }
        let before = self.edits.len();
        let stretches = ends.into_iter().filter(|(start, end)| start < end);
        self.edits.extend(stretches.map(|(start, end)| Edit {
            span: Span::new(start, u32::try_from(end - start).unwrap_or(u32::MAX)),
            text: String::new(),
        }));
        if self.edits.len() > before {
            self.segments += 1;
            self.first.get_or_insert((segment.delimiters(), (segment.offset(), segment.number())));
        }
    }

    /// One fault for all that was met, with the separators in force and a segment near it; none if nothing was.
    pub(super) fn take(&mut self) -> Option<(Fault, Delimiters, (u64, u64))> {
        let (delimiters, at) = self.first.take()?;
        let edits = std::mem::take(&mut self.edits);
        let segments = std::mem::take(&mut self.segments);
        let span = edits.first()?.span;
        let all: u64 = edits.iter().map(|edit| u64::from(edit.span.length)).sum();
        let separators = if all == 1 { "1 separator".to_owned() } else { format!("{all} separators") };
        let count = match segments {
            1 => separators,
            many => format!("{separators} of {many} segments"),
        };
        let summary = "removes separators with nothing behind".to_owned();
        let fix = Some(Box::new(Fix { summary, edits }));
        let fault = Fault::new("trailing-separators", span, "nothing behind");
        Some((Fault { values: vec![("count", count)], fix, ..fault }, delimiters, at))
    }
}

/// Whether a segment or one of its composites ends in a separator.
#[inline]
pub(super) fn trails_off(id: Id, segment: &Segment<'_, '_>) -> bool {
    segment.last() == Some(segment.delimiters().element) || has_open_composite(id, segment)
}

fn places(id: Id) -> &'static [usize] {
    COMPOSITES.iter().find(|(known, _)| *known == id).map_or(&[], |(_, places)| *places)
}

/// Whether an element ends in a component separator, in a segment that has composites.
#[inline]
fn has_open_composite(id: Id, segment: &Segment<'_, '_>) -> bool {
    if !matches!(id, ids::SV1 | ids::HI | ids::CLM | ids::SVD) {
        return false;
    }
    let component = segment.delimiters().component;
    match segment.cut() {
        Some(cut) => cut.ends.iter().any(|end| cut.bytes.get(end.wrapping_sub(1)) == Some(&component)),
        None => segment.elements().any(|field| field.bytes.last() == Some(&component)),
    }
}
