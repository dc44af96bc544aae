use crate::claim::Span;
use crate::source::Unit;

use super::layout::{Items, Layout};

/// Leaves of `unit` nothing but the items of `span`, to read one claim again with the places it had.
///
/// `unit` must begin where a unit of the cutter began, with its number and its context; its bytes need reach no
/// further than the span.
pub fn narrow(mut unit: Unit, span: Span) -> Unit {
    let inside = |at: usize| (span.offset..span.end()).contains(&(unit.offset + at as u64));
    let mut items = Items::new(&unit).filter(|item| inside(item.start));
    let Some(first) = items.next() else {
        unit.bytes.clear();
        return unit;
    };
    let end = items.last().unwrap_or(first).end;
    let (layout, _) = Layout::of(&unit);
    unit.context = layout.context(first.index, None);
    unit.number = first.line;
    unit.bytes.truncate(end);
    unit.bytes.drain(..first.start);
    unit.offset += first.start as u64;
    if layout.is_enclosed() {
        // The list ends here for this reading, so that no comma is missed.
        unit.bytes.push(b']');
    }
    unit
}
