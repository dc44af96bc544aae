use super::layout::{Gap, Items, Layout};
use crate::source::Unit;

/// A record of a JSON file of another shape, for a map to read.
pub(in crate::input) struct ForeignItem {
    /// First byte in the unit.
    pub(in crate::input) start: usize,
    /// One past the last.
    pub(in crate::input) end: usize,
    /// Line of the file on which it begins, from 1.
    pub(in crate::input) line: u64,
    /// JSON pointer of the record in what encloses it.
    pub(in crate::input) pointer: String,
    /// A comma is missing behind it, or there is one too many.
    pub(in crate::input) is_ill_divided: bool,
}

/// The records of a unit, in order.
pub(in crate::input) fn foreign_items(unit: &Unit) -> Vec<ForeignItem> {
    let (layout, _) = Layout::of(unit);
    let items = Items::new(unit).map(|item| ForeignItem {
        start: item.start,
        end: item.end,
        line: item.line,
        pointer: Layout::pointer(layout, item.index),
        is_ill_divided: matches!(item.gap, Gap::Wrong | Gap::Open),
    });
    items.collect()
}
