//! Where each fact of a native line that a map made stands in the file it was made from.

use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use xxhash_rust::xxh3::xxh3_64;

use super::names::is_told;
use crate::claim::Span;
use crate::finding::{Excerpt, FlaggedClaim, Form, Place, Run, Window};
use crate::maps::Map;
use crate::source::Scratch;

/// A place in the user's file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct At {
    /// First byte.
    pub(super) offset: u64,
    /// In bytes.
    pub(super) length: u32,
    /// The line of the file, from 1.
    pub(super) line: u64,
    /// What stands there.
    pub(super) name: Name,
}

/// What stands at a place.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) enum Name {
    /// A row, or a record as a whole.
    #[default]
    Whole,
    /// The column of this number, from 0.
    Column(u32),
    /// The JSON pointer from what encloses the record.
    Pointer(String),
}

/// The number of a row as a whole among those of its columns.
const WHOLE: u32 = u32::MAX;

impl At {
    /// The number of a column, or of a row as a whole; `None` for a place in JSON.
    fn column(&self) -> Option<u32> {
        match self.name {
            Name::Whole => Some(WHOLE),
            Name::Column(column) => Some(column),
            Name::Pointer(_) => None,
        }
    }
}

/// A stretch of a native line, in bytes of the line, with where it comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Origin {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) at: At,
}

/// A file read by a map: the native lines made from it, and where all they say comes from.
///
/// Both are in unnamed temporary files; in memory are 16 bytes for each line.
#[derive(Debug)]
pub struct Mapping {
    map: Arc<Map>,
    /// Whether the user asked for the map.
    is_asked: bool,
    form: Form,
    /// Names of the columns of a table.
    columns: Vec<String>,
    native: Scratch,
    origins: Scratch,
    known: Mutex<Known>,
}

/// What is known of a file so far.
#[derive(Debug, Default)]
struct Known {
    /// For each native line where it begins, and where its origins do.
    lines: Vec<(u64, u64)>,
    /// Bytes of native lines and of origins.
    ends: (u64, u64),
    /// Records, claims and lines that the map passes over.
    passed_over: u64,
    /// Columns or keys that the map does not look at, by names that may be repeated.
    unused: BTreeSet<String>,
    /// Those whose names may be values; their hashes alone.
    untold: BTreeSet<u64>,
    /// Facts of the map for which the file has no column.
    missing: Vec<&'static str>,
}

/// How many unused names are kept, and how many others are counted.
const MOST_NAMES: usize = 40;

/// The longest column or pointer that is kept, in bytes; a place with a longer one has none.
const LONGEST_KEPT: usize = u16::MAX as usize;

/// The longest name that is repeated, in characters.
const LONGEST_NAME: usize = 100;

impl Mapping {
    /// Of a file of this form.
    ///
    /// # Errors
    /// Temporary files that cannot be made.
    pub(super) fn new(
        map: Arc<Map>,
        is_asked: bool,
        form: Form,
        columns: Vec<String>,
    ) -> io::Result<Mapping> {
        let (native, origins) = (Scratch::new()?, Scratch::new()?);
        Ok(Mapping { map, is_asked, form, columns, native, origins, known: Mutex::default() })
    }

    pub(super) fn map(&self) -> &Map {
        &self.map
    }

    /// Whether the user asked for the map.
    pub fn is_asked(&self) -> bool {
        self.is_asked
    }

    /// What the file is: JSON or a table.
    pub fn form(&self) -> Form {
        self.form
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a native line, which ends in a line feed, with its origins. Gives where it begins and its number.
    pub(super) fn keep(&self, line: &[u8], origins: &[Origin]) -> io::Result<(u64, u64)> {
        let offset = self.native.append(line)?;
        let bytes = encoded(origins);
        let from = self.origins.append(&bytes)?;
        let mut known = self.known();
        known.lines.push((offset, from));
        known.ends = (offset + line.len() as u64, from + bytes.len() as u64);
        Ok((offset, known.lines.len() as u64))
    }

    pub(super) fn pass_over(&self, count: u64) {
        self.known().passed_over += count;
    }

    /// Notes a column or key that the map does not look at.
    pub(super) fn unused(&self, name: &str) {
        let mut known = self.known();
        if name.trim().is_empty() {
            return;
        }
        if !is_told(name) {
            if known.untold.len() <= MOST_NAMES {
                known.untold.insert(xxh3_64(name.trim().as_bytes()));
            }
            return;
        }
        if known.unused.len() < MOST_NAMES {
            let mut letters = name.trim().chars();
            let mut kept: String = letters.by_ref().take(LONGEST_NAME).collect();
            kept.extend(letters.next().map(|_| '…'));
            known.unused.insert(kept);
        }
    }

    pub(super) fn missing(&self, fact: &'static str) {
        self.known().missing.push(fact);
    }

    /// Native bytes, to read a claim again; `None` where there are not as many.
    ///
    /// # Errors
    /// Temporary files that cannot be read.
    pub fn read_again(&self, offset: u64, length: usize) -> io::Result<Option<Vec<u8>>> {
        self.native.read(offset, length)
    }

    /// Where a place in the native lines stands in the user's file.
    fn origin(&self, offset: u64) -> Option<At> {
        let (start, from, length) = {
            let known = self.known();
            let at = known.lines.partition_point(|(start, _)| *start <= offset).checked_sub(1)?;
            let (start, from) = *known.lines.get(at)?;
            let to = known.lines.get(at + 1).map_or(known.ends.1, |(_, from)| *from);
            (start, from, usize::try_from(to - from).ok()?)
        };
        let bytes = self.origins.read(from, length).ok()??;
        let inside = u32::try_from(offset - start).ok()?;
        let origins = decoded(&bytes);
        // Of two that meet here the shorter says more; the whole line is always one.
        let holds = |one: &&Origin| (one.start..one.end).contains(&inside);
        let nearest = origins.iter().filter(holds).min_by_key(|one| one.end - one.start);
        nearest.or(origins.first()).map(|one| one.at.clone())
    }

    fn place(&self, place: &Place) -> Place {
        let Some(at) = self.origin(place.span.offset) else { return place.clone() };
        Place {
            span: Span::new(at.offset, at.length),
            number: at.line,
            segment: String::new(),
            element: self.element(at.name),
        }
    }

    /// The column or the JSON pointer, as findings name it.
    fn element(&self, name: Name) -> String {
        match name {
            Name::Whole => String::new(),
            Name::Column(column) => {
                let name = usize::try_from(column).ok().and_then(|column| self.columns.get(column));
                name.filter(|name| name.len() <= LONGEST_KEPT).cloned().unwrap_or_default()
            }
            Name::Pointer(pointer) => pointer,
        }
    }

    fn window(&self, window: &mut Window) {
        if let Some(at) = self.origin(window.offset) {
            (window.number, window.offset) = (at.line, at.offset);
        }
    }

    fn claim(&self, claim: &mut FlaggedClaim) {
        claim.segments.move_each(|offset| self.origin(offset).map(|at| (at.line, at.offset)));
    }

    /// What the summary says of the file, called `name`.
    pub fn notes(&self, name: &str) -> Vec<String> {
        let known = self.known();
        let map = &self.map.name;
        let mut notes = Vec::new();
        if !self.is_asked {
            notes.push(format!("{name}: read as {map} (--map {map})"));
        }
        match known.passed_over {
            0 => {}
            1 => notes
                .push(format!("{name}: 1 record is no service line by the map {map}, and was passed over")),
            count => {
                notes.push(format!(
                    "{name}: {count} records are no service lines by the map {map}, and were passed over"
                ));
            }
        }
        if !known.missing.is_empty() {
            let facts = known.missing.join(", ");
            notes.push(format!("{name}: it has no column that the map {map} knows for {facts}"));
        }
        let what = if self.form == Form::Csv { "columns" } else { "keys" };
        let mut names: Vec<String> = known.unused.iter().map(|name| format!("{name:?}")).collect();
        names.extend((names.len() == MOST_NAMES).then(|| "…".to_owned()));
        names.extend(match known.untold.len() {
            0 => None,
            1 => Some("one whose name is not shown, for it may be a value".to_owned()),
            many if many > MOST_NAMES => {
                Some(format!("more than {MOST_NAMES} whose names are not shown, for they may be values"))
            }
            many => Some(format!("{many} whose names are not shown, for they may be values")),
        });
        if !names.is_empty() {
            notes.push(format!("{name}: {what} not used: {}", names.join(", ")));
        }
        notes
    }
}

/// What a native line's origins are to be decoded as.
const OF_A_ROW: u8 = 0;
const OF_A_RECORD: u8 = 1;

/// Origins as bytes. Those of a row stand in one place, which is written once.
fn encoded(origins: &[Origin]) -> Vec<u8> {
    fn place(at: &At, bytes: &mut Vec<u8>) {
        bytes.extend(at.offset.to_le_bytes());
        bytes.extend(at.length.to_le_bytes());
        bytes.extend(at.line.to_le_bytes());
    }
    let of_row = |at: &At| at.column().is_some();
    if let Some(Origin { at: row, .. }) = origins.first().filter(|first| of_row(&first.at))
        && origins.iter().all(|Origin { at, .. }| {
            of_row(at) && (at.offset, at.length, at.line) == (row.offset, row.length, row.line)
        })
    {
        let mut bytes = Vec::with_capacity(24 + origins.len() * 12);
        bytes.push(OF_A_ROW);
        place(row, &mut bytes);
        for Origin { start, end, at } in origins {
            let [a, b, c, d] = start.to_le_bytes();
            let [e, f, g, h] = end.to_le_bytes();
            let [i, j, k, l] = at.column().unwrap_or(WHOLE).to_le_bytes();
            bytes.extend([a, b, c, d, e, f, g, h, i, j, k, l]);
        }
        return bytes;
    }
    let mut bytes = Vec::with_capacity(1 + origins.len() * 48);
    bytes.push(OF_A_RECORD);
    for Origin { start, end, at } in origins {
        bytes.extend(start.to_le_bytes());
        bytes.extend(end.to_le_bytes());
        place(at, &mut bytes);
        let name = match &at.name {
            Name::Pointer(pointer) => pointer.as_bytes(),
            Name::Whole | Name::Column(_) => &[],
        };
        let length = if name.len() <= LONGEST_KEPT { name.len() as u16 } else { 0 };
        bytes.extend(length.to_le_bytes());
        bytes.extend(&name[..usize::from(length)]);
    }
    bytes
}

fn decoded(bytes: &[u8]) -> Vec<Origin> {
    let mut reader = Bytes(bytes);
    let mut origins = Vec::new();
    match reader.take() {
        Some([OF_A_ROW]) => {
            let Some(row) = reader.place() else { return origins };
            while let (Some(start), Some(end), Some(column)) =
                (reader.number(), reader.number(), reader.number())
            {
                let name = if column == WHOLE { Name::Whole } else { Name::Column(column) };
                origins.push(Origin { start, end, at: At { name, ..row.clone() } });
            }
        }
        _ => {
            while let (Some(start), Some(end), Some(at)) = (reader.number(), reader.number(), reader.place())
            {
                let Some(length) = reader.take().map(u16::from_le_bytes) else { break };
                let Some((name, rest)) = reader.0.split_at_checked(usize::from(length)) else { break };
                reader.0 = rest;
                let name = match name {
                    [] => Name::Whole,
                    name => Name::Pointer(String::from_utf8_lossy(name).into_owned()),
                };
                origins.push(Origin { start, end, at: At { name, ..at } });
            }
        }
    }
    origins
}

/// Bytes to take numbers from.
struct Bytes<'b>(&'b [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn place(&mut self) -> Option<At> {
        let offset = self.take().map(u64::from_le_bytes)?;
        let length = self.number()?;
        let line = self.take().map(u64::from_le_bytes)?;
        Some(At { offset, length, line, name: Name::Whole })
    }
}

/// Says all places of a run as the user's files have them. `mappings` holds those of the files read by a map.
pub fn in_their_own_words(run: &mut Run, mappings: &[Option<Arc<Mapping>>]) {
    let of = |file: u32| mappings.get(file as usize).and_then(Option::as_ref);
    if mappings.iter().all(Option::is_none) {
        return;
    }
    for finding in &mut run.findings {
        for related in &mut finding.related {
            if let Some(mapping) = of(related.file) {
                related.place = mapping.place(&related.place);
            }
        }
        if let Some(mapping) = of(finding.file) {
            finding.place = mapping.place(&finding.place);
            let windows = &mut finding.excerpt.windows;
            windows.iter_mut().for_each(|window| mapping.window(window));
            let windows = std::mem::take(windows);
            finding.excerpt = Excerpt { form: mapping.form, windows };
            // Bytes of native lines are none of the user's.
            finding.fix = None;
        }
    }
    for claim in &mut run.flagged {
        if let Some(mapping) = of(claim.file) {
            mapping.claim(claim);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unused_names_that_may_be_values_are_counted() {
        let map = crate::maps::ready_made()[0].clone();
        let notes = |names: &[&str]| {
            let mapping = Mapping::new(map.clone(), true, Form::Csv, Vec::new()).expect("temporary files");
            names.iter().for_each(|name| mapping.unused(name));
            mapping.notes("a.csv")
        };
        assert_eq!(
            notes(&["Rend NPI", " Patient ", " "]),
            ["a.csv: columns not used: \"Patient\", \"Rend NPI\""]
        );
        assert_eq!(
            notes(&["JANE Q DOE 123-45-6789", "Rend NPI", "JANE Q DOE 123-45-6789"]),
            ["a.csv: columns not used: \"Rend NPI\", one whose name is not shown, for it may be a value"]
        );
        assert_eq!(
            notes(&["ROWAN", "HAZEL"]),
            ["a.csv: columns not used: 2 whose names are not shown, for they may be values"]
        );
    }

    #[test]
    fn the_shortest_stretch_says_where_a_place_comes_from() {
        let map = crate::maps::ready_made()[0].clone();
        let columns = vec!["Code".to_owned(), "Units".to_owned()];
        let mapping = Mapping::new(map, true, Form::Csv, columns).expect("temporary files");
        let at = |line: u64, name: Name| At { offset: line * 10, length: 9, line, name };
        let origins = [
            Origin { start: 0, end: 20, at: at(2, Name::Whole) },
            Origin { start: 1, end: 12, at: at(2, Name::Column(1)) },
        ];
        assert_eq!(mapping.keep(b"{\"units\":\"2\",     }\n", &origins).expect("room"), (0, 1));
        let next = [Origin { start: 0, end: 20, at: at(3, Name::Whole) }];
        assert_eq!(mapping.keep(b"{\"units\":\"3\",     }\n", &next).expect("room"), (20, 2));
        let name = |offset| mapping.origin(offset).map(|at| (at.line, mapping.element(at.name)));
        assert_eq!(name(3), Some((2, "Units".to_owned())));
        assert_eq!(name(15), Some((2, String::new())));
        assert_eq!(name(21), Some((3, String::new())));
        let pointers = [
            Origin { start: 0, end: 20, at: at(4, Name::Pointer("/0".to_owned())) },
            Origin { start: 1, end: 12, at: at(5, Name::Pointer("/0/units".to_owned())) },
        ];
        assert_eq!(mapping.keep(b"{\"units\":\"4\",     }\n", &pointers).expect("room"), (40, 3));
        assert_eq!((name(43), name(55)), (Some((5, "/0/units".to_owned())), Some((4, "/0".to_owned()))));
        assert_eq!(mapping.read_again(20, 2).expect("readable").as_deref(), Some(&b"{\""[..]));
    }
}
