//! The compiled guide: flat arrays, so that placing and checking a segment neither allocates nor hashes.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::class::KEYS;
use super::codes::{CodeTable, Slot};
use super::compile::compile;
use super::form::Uses;

const TEXT: &str = include_str!("../../guide/005010X222A1.txt");

/// The same, compiled and written by [`Guide::written`].
const COMPILED: &[u8] = include_bytes!("../../guide/005010X222A1.bin");

/// Marks the absence of a loop in an [`Item`].
pub(super) const NONE: u16 = u16::MAX;

/// Counters that one loop may have.
pub(super) const SLOTS: usize = 24;

/// What an element holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, Serialize)]
pub(super) enum Kind {
    /// The guide has no use for it.
    #[default]
    NotUsed,
    /// AN.
    Text,
    /// ID whose codes somebody else keeps.
    Id,
    /// ID (or AN) with its codes.
    Coded,
    /// N0 and N2: digits, perhaps a minus.
    Whole,
    /// R.
    Decimal,
    /// DT.
    Date,
    /// TM.
    Time,
    /// Data element 1251: as the qualifier before it says.
    Period,
    /// B.
    Binary,
    /// A composite that the guide uses.
    Composite,
}

/// What segment it is to the walker.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize)]
pub(super) enum Role {
    Plain,
    Line,
    Claim,
    Level,
    Interchange,
    Group,
    Transaction,
    TransactionEnd,
    GroupEnd,
    InterchangeEnd,
}

impl Role {
    /// Whether it stands in a loop and is no claim's or level's first segment.
    #[inline]
    pub(super) fn is_content(self) -> bool {
        matches!(self, Role::Plain | Role::Line)
    }
}

/// A stretch of one of the flat arrays.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
pub(super) struct Stretch {
    pub(super) start: u16,
    pub(super) len: u16,
}

impl Stretch {
    #[inline]
    pub(super) fn of<T>(self, array: &[T]) -> &[T] {
        let start = usize::from(self.start);
        array.get(start..start + usize::from(self.len)).unwrap_or_default()
    }
}

#[derive(Deserialize, Serialize)]
pub(super) struct Loop {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) items: Stretch,
    /// Items that must be there, as bits; without those that [`Loop::levels`] holds.
    pub(super) required: u64,
    /// Required loops that begin with an HL: they may stand in a later unit of work.
    pub(super) levels: u64,
    /// Opened by ST or HL: what holds for claims.
    pub(super) header: bool,
    /// Opened by ST, HL or CLM: what stands in one never belongs to what was before it.
    pub(super) anchor: bool,
    /// The first loop that may hold it.
    pub(super) parent: u16,
}

/// A segment or a loop in its loop.
#[derive(Clone, Copy, Deserialize, Serialize)]
pub(super) struct Item {
    pub(super) at: u16,
    /// The segment, or the one that opens the loop.
    pub(super) node: u16,
    /// The loop, or [`NONE`].
    pub(super) inner: u16,
    /// How many there may be; 0: any number.
    pub(super) most: u16,
    /// Its counter, if it may stand more than once.
    pub(super) slot: u8,
    /// Items that stand before it, as bits.
    pub(super) before: u64,
}

/// A segment as the guide uses it in one loop.
#[derive(Deserialize, Serialize)]
pub(super) struct Node {
    pub(super) segment: u8,
    pub(super) name: &'static str,
    pub(super) places: Stretch,
    pub(super) required: u64,
    /// Conditions that can fail although nothing required is missing and nothing else is used than may be.
    pub(super) conditions: Stretch,
    pub(super) has_composite: bool,
    pub(super) keys: Vec<Key>,
}

/// Codes by which a node is known.
#[derive(Deserialize, Serialize)]
pub(super) struct Key {
    pub(super) element: u8,
    pub(super) component: u8,
    pub(super) codes: Vec<u32>,
}

/// An element or component as the guide uses it.
#[derive(Clone, Copy, Default, Deserialize, Serialize)]
pub(super) struct Place {
    pub(super) kind: Kind,
    pub(super) repeats: u8,
    /// Whether `codes` are in `Guide::long_codes`.
    pub(super) long: bool,
    pub(super) least: u16,
    pub(super) most: u16,
    pub(super) element: u16,
    /// Codes, or the index of the composite as `start`.
    pub(super) codes: Stretch,
    /// The codes once more, if all have four characters at most.
    pub(super) table: CodeTable,
}

/// A composite as the guide uses it in one place.
#[derive(Deserialize, Serialize)]
pub(super) struct Composite {
    pub(super) parts: Stretch,
    pub(super) required: u64,
    pub(super) conditions: Stretch,
    /// As [`Node::conditions`].
    pub(super) open_conditions: Stretch,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
pub(super) struct Condition {
    pub(super) letter: u8,
    /// The place the others depend on, for C and L.
    pub(super) first: u8,
    /// All its places, as bits.
    pub(super) mask: u64,
}

#[derive(Deserialize, Serialize)]
pub(super) struct SegmentKind {
    pub(super) id: &'static str,
    pub(super) role: Role,
    pub(super) conditions: Stretch,
    /// Whether some loop begins with it.
    pub(super) opens: bool,
    /// Element and component of every key that some segment of this id has; 0 and 0 stand for none.
    pub(super) keys: [(u8, u8); KEYS],
}

/// Which items of a loop a segment may be, and where it says so.
#[derive(Clone, Copy, Default, Deserialize, Serialize)]
pub(super) struct Cell {
    /// Those with a code, together with others of the same code and in the order of the guide; then those with none.
    pub(super) rows: Stretch,
    /// The first row without a code.
    pub(super) any: u16,
    pub(super) codes: CodeTable,
    /// Where the key stands; 0: there is none.
    pub(super) element: u8,
    pub(super) component: u8,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
pub(super) struct Row {
    /// Packed; 0: any.
    pub(super) code: u32,
    pub(super) item: u8,
    /// There are keys elsewhere in the segment.
    pub(super) more: bool,
}

/// The implementation guide, compiled.
#[derive(Default, Deserialize, Serialize)]
pub struct Guide {
    #[serde(borrow)]
    pub(super) versions: Vec<&'static str>,
    pub(super) loops: Vec<Loop>,
    pub(super) items: Vec<Item>,
    pub(super) nodes: Vec<Node>,
    pub(super) places: Vec<Place>,
    pub(super) codes: Vec<u32>,
    pub(super) slots: Vec<Slot>,
    #[serde(borrow)]
    pub(super) long_codes: Vec<&'static str>,
    pub(super) composites: Vec<Composite>,
    pub(super) conditions: Vec<Condition>,
    pub(super) segments: Vec<SegmentKind>,
    /// For each loop, for each segment.
    pub(super) cells: Vec<Cell>,
    pub(super) rows: Vec<Row>,
    pub(super) ids: CodeTable,
    /// The loop that ST opens, and the segments of the envelope around it.
    pub(super) transaction: Option<u16>,
    pub(super) envelope: Vec<u16>,
    /// What each segment has in all loops together, put together when somebody first asks.
    #[serde(skip)]
    pub(super) forms: OnceLock<Vec<Vec<Uses>>>,
}

impl std::fmt::Debug for Guide {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guide").field("versions", &self.versions).finish_non_exhaustive()
    }
}

impl Guide {
    /// The guide for professional claims, 005010X222A1 with A2's differences, read on first use.
    pub fn professional() -> &'static Guide {
        static GUIDE: OnceLock<Guide> = OnceLock::new();
        // Tests hold the table to be without mistakes, and what was compiled to be the table's. Should it not be readable,
        // the table is.
        GUIDE.get_or_init(|| postcard::from_bytes(COMPILED).unwrap_or_else(|_| compile(TEXT).0))
    }

    /// A guide from a table of the same form. Returns what is wrong with the table too, a line each.
    pub fn of(text: &'static str) -> (Guide, Vec<String>) {
        compile(text)
    }

    /// The guide as bytes: `guide/005010X222A1.bin`.
    ///
    /// # Errors
    /// None is known.
    pub fn written(&self) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_allocvec(self)
    }

    /// What GS08 and ST03 may say.
    pub fn versions(&self) -> &[&'static str] {
        &self.versions
    }

    /// The segment with this packed id, by its place in `segments`.
    #[inline]
    pub(super) fn segment_index(&self, id: u32) -> Option<u8> {
        self.code(self.ids, id).map(|slot| slot.row as u8)
    }

    /// The slot of a packed code, if the table has it.
    #[inline]
    pub(super) fn code(&self, table: CodeTable, code: u32) -> Option<&Slot> {
        self.slots.get(table.slot(code)).filter(|slot| slot.code == code && code != 0 && table.shift != 0)
    }

    #[inline]
    pub(super) fn cell(&self, inside: u16, segment: u8) -> Cell {
        let at = usize::from(inside) * self.segments.len() + usize::from(segment);
        self.cells.get(at).copied().unwrap_or_default()
    }

    #[inline]
    pub(super) fn node(&self, index: u16) -> Option<&Node> {
        self.nodes.get(usize::from(index))
    }

    pub(super) fn loop_id(&self, index: u16) -> &'static str {
        self.loops.get(usize::from(index)).map_or("", |one| one.id)
    }

    /// Whether the segment may stand in the loop or in one below it.
    pub(super) fn holds(&self, inside: u16, segment: u8) -> bool {
        let Some(one) = self.loops.get(usize::from(inside)) else { return false };
        one.items.of(&self.items).iter().enumerate().any(|(index, item)| {
            let own = self.node(item.node).is_some_and(|node| node.segment == segment);
            own || (index > 0 && item.inner != NONE && self.holds(item.inner, segment))
        })
    }
}
