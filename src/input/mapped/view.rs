//! What a map can ask of a row, or of a claim and a line in a JSON record.

use std::borrow::Cow;

use super::origins::{At, Name};
use super::tree::Node;
use super::walk::{Trail, scalars};
use crate::maps::{Condition, Lookup, Path, Root};

/// A value, and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Found<'v> {
    /// Without spaces around it; empty where it keeps a place in a list.
    pub(super) text: Cow<'v, str>,
    pub(super) at: At,
    /// Bytes of it are not UTF-8, and were replaced.
    pub(super) is_spoilt: bool,
}

/// What a map can ask.
pub(super) trait View {
    /// Shows what stands at `path`. With `blanks`, what says nothing keeps its place among what does.
    fn find<'v>(&'v self, path: &Path, blanks: bool, see: &mut dyn FnMut(Found<'v>));

    /// What the element that `number` names says.
    fn look_up(&self, look_up: &Lookup, number: &str) -> Option<Found<'_>>;

    /// Whether there is a place for what `path` names, empty or not.
    fn has_place(&self, path: &Path) -> bool;

    /// Where the row, claim or line stands.
    fn at(&self) -> At;

    /// Whether what the condition looks at says what it names.
    fn holds(&self, condition: &Condition) -> bool {
        let (mut says_something, mut says_it) = (false, false);
        self.find(&condition.at, false, &mut |found| {
            if !found.text.is_empty() {
                says_something = true;
                says_it = says_it || condition.is.contains(&found.text.to_lowercase());
            }
        });
        says_it || !says_something && condition.is.iter().any(String::is_empty)
    }
}

/// The text of a record, with its place in the file.
pub(super) struct Text<'t> {
    /// First byte in the file.
    pub(super) offset: u64,
    /// Line of the file on which it begins.
    pub(super) line: u64,
    /// JSON pointer of the record in what encloses it.
    pub(super) pointer: String,
    /// Line feeds in it, in order.
    pub(super) feeds: Vec<usize>,
    /// The whole record.
    pub(super) root: &'t Node<'t>,
}

impl Text<'_> {
    pub(super) fn at(&self, node: &Node<'_>, pointer: &str) -> At {
        At {
            offset: self.offset + node.start as u64,
            length: u32::try_from(node.end - node.start).unwrap_or(u32::MAX),
            line: self.line + self.feeds.partition_point(|feed| *feed < node.start) as u64,
            name: Name::Pointer(format!("{}{pointer}", self.pointer)),
        }
    }
}

/// A claim in a JSON record, and perhaps a line of it.
pub(super) struct Tree<'v, 't> {
    pub(super) text: &'v Text<'t>,
    pub(super) claim: &'v Trail<'t, 't>,
    pub(super) line: Option<&'v Trail<'t, 't>>,
}

impl<'t> Tree<'_, 't> {
    fn here(&self) -> &Trail<'t, 't> {
        self.line.unwrap_or(self.claim)
    }

    /// Where `path` goes on after the way that led to the claim or line at hand, and how many of its steps that took.
    fn start(&self, path: &Path) -> Option<(&'t Node<'t>, &str, usize)> {
        let here = self.here();
        let first = match path.root {
            Root::Record => 0,
            Root::Claim => self.claim.steps.len(),
            Root::Line => self.line?.steps.len(),
        };
        let (mut node, mut pointer) = match path.root {
            Root::Record => (self.text.root, ""),
            Root::Claim => (self.claim.node, self.claim.pointer.as_str()),
            Root::Line => (self.line?.node, self.line?.pointer.as_str()),
        };
        let mut taken = 0;
        for ((key, led, way), step) in here.steps.get(first..).unwrap_or_default().iter().zip(&path.steps) {
            if *key != step.key {
                break;
            }
            (node, pointer) = (*led, way.as_str());
            taken += 1;
        }
        Some((node, pointer, taken))
    }

    /// Where `path` goes on, as a trail from the record.
    pub(super) fn way(&self, path: &Path) -> Option<(Trail<'t, 't>, usize)> {
        let (node, pointer, taken) = self.start(path)?;
        let known = match path.root {
            Root::Record => taken,
            Root::Claim | Root::Line => self.claim.steps.len() + taken,
        };
        let steps = self.here().steps.get(..known).unwrap_or_default().to_vec();
        Some((Trail { node, pointer: pointer.to_owned(), steps }, taken))
    }

    fn found<'n>(&self, node: Option<&'n Node<'_>>, pointer: &str) -> Option<Found<'n>> {
        match node {
            Some(node) => {
                let text = Cow::Borrowed(node.text()?.trim());
                Some(Found { text, at: self.text.at(node, pointer), is_spoilt: false })
            }
            None => Some(Found { text: Cow::Borrowed(""), at: self.at(), is_spoilt: false }),
        }
    }
}

impl View for Tree<'_, '_> {
    fn find<'v>(&'v self, path: &Path, blanks: bool, see: &mut dyn FnMut(Found<'v>)) {
        let Some((node, pointer, taken)) = self.start(path) else { return };
        let steps = path.steps.get(taken..).unwrap_or_default();
        let reached = scalars(node, pointer, steps, blanks);
        reached.iter().filter_map(|(node, pointer)| self.found(*node, pointer)).for_each(see);
    }

    fn look_up(&self, look_up: &Lookup, number: &str) -> Option<Found<'_>> {
        let (node, pointer, taken) = self.start(&look_up.within)?;
        let list = Trail { node, pointer: pointer.to_owned(), steps: Vec::new() };
        let elements = list.follow(look_up.within.steps.get(taken..).unwrap_or_default());
        let named = elements.iter().find(|element| {
            let numbers = scalars(element.node, "", &look_up.by.steps, false);
            numbers
                .iter()
                .any(|(node, _)| node.and_then(Node::text).is_some_and(|text| text.trim() == number))
        })?;
        let all = scalars(named.node, &named.pointer, &look_up.take.steps, false);
        all.iter().filter_map(|(node, pointer)| self.found(*node, pointer)).find(|one| !one.text.is_empty())
    }

    fn has_place(&self, _: &Path) -> bool {
        // A shape of JSON leaves out what is empty.
        true
    }

    fn at(&self) -> At {
        let here = self.here();
        self.text.at(here.node, &here.pointer)
    }
}

/// Columns of a table, as the header names them.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// As written, in order.
    pub(super) names: Vec<String>,
    /// As they are matched.
    pub(super) folded: Vec<String>,
}

impl Header {
    pub(super) fn of<'c>(cells: impl Iterator<Item = &'c [u8]>) -> Header {
        let names: Vec<String> = cells.map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect();
        let folded = names.iter().map(|name| crate::maps::folded(name)).collect();
        Header { names, folded }
    }

    pub(super) fn column(&self, path: &Path) -> Option<usize> {
        let name = &path.steps.first()?.key;
        self.folded.iter().position(|known| known == name)
    }
}

/// A row of a table, for paths that know the places of their columns.
pub(super) struct Row<'v> {
    pub(super) cells: Vec<&'v [u8]>,
    pub(super) at: At,
}

impl View for Row<'_> {
    fn find<'v>(&'v self, path: &Path, _: bool, see: &mut dyn FnMut(Found<'v>)) {
        let Some(column) = path.column else { return };
        let cell = self.cells.get(column).copied().unwrap_or_default();
        let (text, is_spoilt) = match std::str::from_utf8(cell) {
            Ok(text) => (Cow::Borrowed(text.trim()), false),
            Err(_) => {
                let text = String::from_utf8_lossy(cell).replace('\u{fffd}', "?");
                (Cow::Owned(text.trim().to_owned()), true)
            }
        };
        let name = Name::Column(u32::try_from(column).unwrap_or(u32::MAX));
        see(Found { text, at: At { name, ..self.at }, is_spoilt });
    }

    fn look_up(&self, _: &Lookup, _: &str) -> Option<Found<'_>> {
        None
    }

    fn has_place(&self, path: &Path) -> bool {
        path.column.is_some()
    }

    fn at(&self) -> At {
        self.at.clone()
    }
}
