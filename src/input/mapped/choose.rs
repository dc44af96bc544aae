//! By which map an input is read: the one that was asked for, or the one ready-made map whose shape it plainly has.

use std::io::{self, Chain, Cursor, Read};
use std::sync::Arc;

use serde_json::value::RawValue;

use super::cutter::{MappedCutter, Table};
use super::origins::Mapping;
use super::rows::{Outcome, Rows};
use super::tree::Node;
use super::view::{Header, Text, Tree, View};
use super::walk::Trail;
use crate::claim::Fact;
use crate::finding::Form;
use crate::input::json::{JsonCutter, MOST_BYTES};
use crate::maps::{Choice, Map, Path, Reads, ready_made};

/// An input of which the first bytes have been looked at.
pub type Again<R> = Chain<Cursor<Vec<u8>>, R>;

/// How an input is read.
pub enum Opened<R> {
    /// As native JSON.
    Native(Box<JsonCutter<Again<R>>>),
    /// By a map.
    Mapped(Box<MappedCutter<Again<R>>>),
    /// Not at all, and why: nothing of its contents.
    NotClaims(String),
}

/// How much is looked at first.
const START: usize = 64 << 10;

/// Opens JSON, which is file `file` of the run, for units of about `target` bytes.
///
/// # Errors
/// An input that cannot be read, or temporary files that cannot be made.
pub fn open_json<R: Read>(mut input: R, file: u32, target: usize, choice: &Choice) -> io::Result<Opened<R>> {
    let mut start = Vec::new();
    let asked = choice.asked.as_ref().filter(|map| map.reads == Reads::Json);
    let map = match asked {
        Some(map) => Some(Arc::clone(map)),
        None => {
            let record = first_record(&mut input, &mut start)?;
            record.and_then(|record| of_record(&record))
        }
    };
    let input = Cursor::new(start).chain(input);
    Ok(match map {
        None => Opened::Native(Box::new(JsonCutter::new(input, file, target))),
        Some(map) => {
            let mapping = Arc::new(Mapping::new(map, asked.is_some(), Form::Json, Vec::new())?);
            Opened::Mapped(Box::new(MappedCutter::json(input, file, target, mapping)))
        }
    })
}

/// Reads `input` into `start` until it holds the first record; `None` where there is none, or none that is JSON.
fn first_record(input: &mut impl Read, start: &mut Vec<u8>) -> io::Result<Option<String>> {
    let mut wanted = START;
    loop {
        let missing = wanted.saturating_sub(start.len());
        let read = input.take(missing as u64).read_to_end(start)?;
        let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
        let text = inside(text);
        let mut records = serde_json::Deserializer::from_slice(text).into_iter::<Box<RawValue>>();
        match records.next() {
            Some(Ok(record)) => return Ok(Some(record.get().to_owned())),
            Some(Err(error)) if error.is_eof() && read == missing && start.len() < MOST_BYTES => {}
            _ => return Ok(None),
        }
        wanted = start.len() * 2;
    }
}

/// What stands behind the bracket that encloses the records: of a list, or of `{"claims": [`.
fn inside(text: &[u8]) -> &[u8] {
    let behind =
        |text: &'_ [u8], mark: &[u8]| text.strip_prefix(mark).map(|rest| rest.trim_ascii_start().len());
    let mut rest = text;
    for mark in [&b"{"[..], b"\"claims\"", b":", b"["] {
        match behind(rest, mark) {
            Some(length) => rest = &rest[rest.len() - length..],
            None => return text.strip_prefix(b"[").unwrap_or(text),
        }
    }
    rest
}

/// The ready-made map whose shape a record has; of several the one that asks for most.
fn of_record(record: &str) -> Option<Arc<Map>> {
    let root = Node::parse(record).ok()?;
    if is_native(&root) {
        return None;
    }
    let text = Text { offset: 0, line: 1, pointer: String::new(), feeds: Vec::new(), root: &root };
    let trail = Trail::record(&root);
    let view = Tree { text: &text, claim: &trail, line: None };
    let says = |path: &Path| view.finds(path);
    let fitting = ready_made().iter().filter(|map| map.reads == Reads::Json && map.detect.iter().all(says));
    let has_claims = |map: &&Arc<Map>| {
        map.claims.is_empty() || map.claims.iter().any(|path| !trail.follow(&path.steps).is_empty())
    };
    fitting.filter(has_claims).max_by_key(|map| map.detect.len()).cloned()
}

/// Whether all that a record says are facts of a native line, or claims with lines.
fn is_native(root: &Node<'_>) -> bool {
    let super::tree::Value::Object(fields) = &root.value else { return true };
    let is_known = |name: &str| {
        name == "lines" || name == "claims" || Fact::named(name).is_some_and(|fact| fact.is_native())
    };
    fields.iter().all(|(name, _)| is_known(name))
}

/// Opens a table, which is file `file` of the run, for units of about `target` bytes.
///
/// # Errors
/// An input that cannot be read, or temporary files that cannot be made.
pub fn open_csv<R: Read>(mut input: R, file: u32, target: usize, choice: &Choice) -> io::Result<Opened<R>> {
    let mut start = Vec::new();
    (&mut input).take(START as u64).read_to_end(&mut start)?;
    let asked = choice.asked.as_ref().filter(|map| map.reads == Reads::Csv);
    let headers: Vec<(u8, Header)> =
        [b',', b'\t', b';', b'|'].into_iter().filter_map(|by| Some((by, header(&start, by)?))).collect();
    let chosen = match asked {
        Some(map) => {
            let best = headers.iter().rev().max_by_key(|(_, header)| known_columns(map, header));
            best.map(|(by, header)| (Arc::clone(map), *by, header))
        }
        None => of_headers(&headers),
    };
    let Some((map, delimiter, header)) = chosen else {
        return Ok(Opened::NotClaims(NO_MAP.to_owned()));
    };
    if let Err(why) = fits(&map, header) {
        return Ok(Opened::NotClaims(why));
    }
    let mapping = Arc::new(Mapping::new(Arc::clone(&map), asked.is_some(), Form::Csv, header.names.clone())?);
    let is_looked_at =
        |name: &String| map.paths().any(|path| path.steps.first().is_some_and(|step| step.key == *name));
    for (name, folded) in header.names.iter().zip(&header.folded) {
        if !is_looked_at(folded) {
            mapping.unused(name);
        }
    }
    if asked.is_some() {
        let is_missing = |sources: &[crate::maps::Source]| {
            let mut ways = sources.iter().flat_map(|source| &source.from).peekable();
            ways.peek().is_some() && ways.all(|path| header.column(path).is_none())
        };
        for (fact, _) in map.facts.iter().filter(|(_, sources)| is_missing(sources)) {
            mapping.missing(fact.name());
        }
    }
    let table = Table { columns: header.names.len(), map: map.in_table(|path| header.column(path)) };
    let mut rows = Rows::new(Cursor::new(start).chain(input), delimiter);
    // The header itself.
    rows.next()?;
    Ok(Opened::Mapped(Box::new(MappedCutter::csv(rows, table, file, target, mapping))))
}

/// What is said of a table that no map fits.
const NO_MAP: &str = "this is a CSV table that no ready-made map fits; name one with --map (cleanclaim maps list), or \
                      write one (cleanclaim maps show native)";

/// The first row, divided by `delimiter`; `None` where it cannot be read as one.
fn header(start: &[u8], delimiter: u8) -> Option<Header> {
    let mut rows = Rows::new(start, delimiter);
    let (_, outcome) = rows.next().ok()??;
    (outcome == Outcome::Cells && rows.cells().len() > 1).then(|| Header::of(rows.cells()))
}

/// How many of the map's columns a header has.
fn known_columns(map: &Map, header: &Header) -> usize {
    let columns: std::collections::BTreeSet<_> = map.paths().filter_map(|path| header.column(path)).collect();
    columns.len()
}

/// The ready-made map whose columns a header has; of several the one that asks for most. `native` comes last.
fn of_headers(headers: &[(u8, Header)]) -> Option<(Arc<Map>, u8, &Header)> {
    let maps = ready_made().iter().filter(|map| map.reads == Reads::Csv);
    let fitting = maps.flat_map(|map| {
        let has_all = |header: &Header| map.detect.iter().all(|path| header.column(path).is_some());
        headers.iter().filter(move |(_, header)| has_all(header)).map(move |(by, header)| (map, *by, header))
    });
    fitting
        .max_by_key(|(map, _, header)| (map.name != "native", map.detect.len(), known_columns(map, header)))
        .map(|(map, by, header)| (Arc::clone(map), by, header))
}

/// Why a table with this header cannot be read by `map`. Names only columns that the map names itself.
fn fits(map: &Map, header: &Header) -> Result<(), String> {
    let sources = map.sources(Fact::ProcedureCode);
    let ways: Vec<&Path> = sources.iter().flat_map(|source| &source.from).collect();
    if sources.iter().all(|source| source.value.is_none())
        && !ways.iter().any(|path| header.column(path).is_some())
    {
        let names: Vec<&str> = ways.iter().map(|path| path.text.as_str()).collect();
        return Err(format!(
            "this is a CSV table without the column {} that the map {} needs for the procedure_code",
            names.join(" or "),
            map.name
        ));
    }
    let twice = map.paths().find(|path| {
        let name = path.steps.first().map(|step| &step.key);
        header.folded.iter().filter(|known| Some(*known) == name).count() > 1
    });
    match twice {
        Some(path) => Err(format!("this is a CSV table in which two columns are named {}", path.text)),
        None => Ok(()),
    }
}

impl Tree<'_, '_> {
    /// Whether anything stands at `path`, a list or an object too.
    fn finds(&self, path: &Path) -> bool {
        if !self.claim.follow(&path.steps).is_empty() {
            return true;
        }
        let mut found = false;
        self.find(path, false, &mut |_| found = true);
        found
    }
}
