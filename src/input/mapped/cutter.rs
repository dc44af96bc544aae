use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::Arc;

use super::convert::{Native, Of};
use super::origins::{At, Mapping, Name, Origin};
use super::rows::{Outcome, RowAt, Rows};
use super::tree::{Node, Value};
use super::unused::Unused;
use super::view::{Row, Text, Tree, View};
use super::walk::Trail;
use crate::finding::Form;
use crate::input::json::{ForeignItem, JsonCutter, MOST_BYTES, foreign_items, repaired};
use crate::maps::{Map, Path};
use crate::source::{Piece, Unit};

/// Makes native lines of records of another shape and cuts them into units of whole claims.
///
/// Rows and flat records of one claim stay together as long as their claim id is the same. What is broken is an empty
/// native line, and a notice that leads to it.
pub struct MappedCutter<R> {
    records: Records<R>,
    mapping: Arc<Mapping>,
    file: u32,
    target: usize,
    ordinal: u64,
    /// The unit in the making.
    unit: Draft,
    /// Claim id of its last line, while more may follow.
    last: Option<String>,
    unused: Unused,
    /// Units that are done.
    made: VecDeque<Unit>,
    ended: bool,
}

/// Where records come from.
enum Records<R> {
    Json(Box<JsonCutter<R>>),
    Csv(Box<Rows<R>>, Box<Table>),
}

/// How the rows of a table are read.
pub(super) struct Table {
    /// How many columns its header names.
    pub(super) columns: usize,
    /// The map, with the places of its columns.
    pub(super) map: Map,
}

/// A unit in the making.
#[derive(Default)]
struct Draft {
    offset: u64,
    number: u64,
    notices: Vec<Piece>,
    bytes: Vec<u8>,
}

impl<R: Read> MappedCutter<R> {
    /// Reads JSON records by the map of `mapping`.
    pub(super) fn json(input: R, file: u32, target: usize, mapping: Arc<Mapping>) -> MappedCutter<R> {
        let records = Records::Json(Box::new(JsonCutter::new(input, file, target)));
        MappedCutter::new(records, file, target, mapping)
    }

    /// Reads the rows of `table`, whose map is that of `mapping`.
    pub(super) fn csv(
        rows: Rows<R>,
        table: Table,
        file: u32,
        target: usize,
        mapping: Arc<Mapping>,
    ) -> MappedCutter<R> {
        MappedCutter::new(Records::Csv(Box::new(rows), Box::new(table)), file, target, mapping)
    }

    fn new(records: Records<R>, file: u32, target: usize, mapping: Arc<Mapping>) -> MappedCutter<R> {
        let target = target.clamp(1, MOST_BYTES);
        let unused = Unused::of(mapping.map());
        MappedCutter {
            records,
            mapping,
            file,
            target,
            ordinal: 0,
            unit: Draft::default(),
            last: None,
            unused,
            made: VecDeque::new(),
            ended: false,
        }
    }

    /// What is known of where the native lines come from; complete once the last unit has been cut.
    pub fn mapping(&self) -> &Arc<Mapping> {
        &self.mapping
    }

    /// The next unit, or `None` at the end of the input.
    ///
    /// # Errors
    /// Where the input cannot be read, or a temporary file cannot be written.
    pub fn next_unit(&mut self) -> io::Result<Option<Unit>> {
        while self.made.is_empty() && !self.ended {
            match &mut self.records {
                Records::Json(cutter) => match cutter.next_unit()? {
                    None => self.ended = true,
                    Some(unit) => self.json_unit(&unit)?,
                },
                Records::Csv(..) => self.row()?,
            }
        }
        if let Some(unit) = self.made.pop_front() {
            return Ok(Some(unit));
        }
        Ok((!self.unit.bytes.is_empty()).then(|| self.cut()))
    }

    fn cut(&mut self) -> Unit {
        let Draft { offset, number, notices, bytes } = std::mem::take(&mut self.unit);
        let ordinal = self.ordinal;
        self.ordinal += 1;
        let mut context = vec![Piece { offset: 0, number: 0, bytes: b"lines".to_vec() }];
        context.extend(notices);
        Unit { file: self.file, ordinal, form: Form::Json, offset, number, delimiters: None, context, bytes }
    }

    /// Takes a native line of a claim of this id into the unit, after cutting it where it is full. Gives where the line
    /// begins, and its number.
    fn put(&mut self, line: &[u8], origins: &[Origin], id: Option<String>) -> io::Result<(u64, u64)> {
        let goes_on = id.is_some() && id == self.last;
        if !self.unit.bytes.is_empty()
            && (self.unit.bytes.len() >= self.target && !goes_on
                || self.unit.bytes.len() + line.len() > MOST_BYTES)
        {
            let unit = self.cut();
            self.made.push_back(unit);
        }
        let (offset, number) = self.mapping.keep(line, origins)?;
        if self.unit.bytes.is_empty() {
            (self.unit.offset, self.unit.number) = (offset, number);
        }
        self.unit.bytes.extend_from_slice(line);
        self.last = id;
        Ok((offset, number))
    }

    /// Puts a finished native line by.
    fn native(&mut self, mut native: Native, id: Option<String>) -> io::Result<()> {
        native.bytes.push(b'\n');
        let id = id.filter(|id| !id.is_empty());
        let (offset, number) = self.put(&native.bytes, &native.origins, id)?;
        for misread in &native.misread {
            let bytes = match misread.what {
                Some((fact, expected)) => format!("json-type\0{}\0{expected}", fact.name()),
                None => "json-encoding\0".to_owned(),
            };
            let offset = offset + u64::from(misread.start);
            self.unit.notices.push(Piece { offset, number, bytes: bytes.into_bytes() });
        }
        Ok(())
    }

    /// Says that something at `at` cannot be read, and leaves an empty line for it.
    fn notice(&mut self, name: &str, at: At) -> io::Result<()> {
        let number = at.line;
        // A broken record neither begins nor ends a claim.
        let id = self.last.clone();
        let (offset, _) = self.put(b"\n", &[Origin { start: 0, end: 1, at }], id)?;
        self.unit.notices.push(Piece { offset, number, bytes: name.as_bytes().to_vec() });
        Ok(())
    }

    fn json_unit(&mut self, unit: &Unit) -> io::Result<()> {
        let notices: Vec<&Piece> = unit.context.iter().skip(1).collect();
        let is_cut_off = notices.iter().any(|piece| piece.bytes == b"json-cut-off");
        let items = foreign_items(unit);
        let last = items.len();
        for (place, item) in items.into_iter().enumerate() {
            self.item(unit, &item, is_cut_off && place + 1 == last)?;
        }
        for piece in notices {
            let name = String::from_utf8_lossy(&piece.bytes).into_owned();
            let at = At { offset: piece.offset, length: 0, line: piece.number, name: Name::Whole };
            self.notice(&name, at)?;
        }
        Ok(())
    }

    fn item(&mut self, unit: &Unit, item: &ForeignItem, is_cut_off: bool) -> io::Result<()> {
        let bytes = &unit.bytes[item.start..item.end];
        let offset = unit.offset + item.start as u64;
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let whole = At { offset, length, line: item.line, name: Name::Pointer(item.pointer.clone()) };
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => {
                self.notice("json-encoding", whole.clone())?;
                Cow::Owned(String::from_utf8(repaired(bytes)).unwrap_or_default())
            }
        };
        match Node::parse(&text) {
            Ok(root) => self.record(&root, &text, item, &whole)?,
            // That the file breaks off is said of it as a whole.
            Err(error) if error.is_eof() && is_cut_off => {}
            Err(_) => self.notice("json-syntax", whole.clone())?,
        }
        if item.is_ill_divided && !is_cut_off {
            let at = At { offset: offset + u64::from(length), length: 0, ..whole };
            self.notice("json-syntax", at)?;
        }
        Ok(())
    }

    fn record(&mut self, root: &Node<'_>, text: &str, item: &ForeignItem, whole: &At) -> io::Result<()> {
        let mapping = Arc::clone(&self.mapping);
        let map = mapping.map();
        for key in self.unused.of_record(root) {
            mapping.unused(&key);
        }
        let feeds = memchr::memchr_iter(b'\n', text.as_bytes()).collect();
        let text = Text { offset: whole.offset, line: item.line, pointer: item.pointer.clone(), feeds, root };
        let record = Trail::record(root);
        let claims: Vec<Trail<'_, '_>> = match map.claims.as_slice() {
            [] => record.follow(&[]),
            paths => paths.iter().flat_map(|path| record.follow(&path.steps)).collect(),
        };
        let mut is_claim = false;
        for claim in &claims {
            let view = Tree { text: &text, claim, line: map.lines.is_none().then_some(claim) };
            if map.lines.is_none() {
                is_claim = true;
                self.flat(&view)?;
                continue;
            }
            let Some(lines) = lines_of(map, &view) else { continue };
            is_claim = true;
            self.nested(&view, claim, &lines)?;
        }
        if is_claim {
            return Ok(());
        }
        if !map.claims.is_empty() {
            // The map says which records hold claims; this one is of another sort.
            mapping.pass_over(1);
            return Ok(());
        }
        // What holds no claim is said to be none, as in native JSON.
        let line = [Origin { start: 0, end: 2, at: whole.clone() }];
        self.put(b"{}\n", &line, None)?;
        Ok(())
    }

    /// Whether the map passes over what `view` shows: by the conditions about lines, or by the others.
    fn is_passed_over(&self, view: &dyn View, of: Of) -> bool {
        let map = self.mapping.map();
        let lines = map.lines.as_ref();
        let asked = |at: &crate::maps::Path| match of {
            Of::Record => true,
            Of::Claim => !at.is_of_line(lines),
            Of::Line => at.is_of_line(lines),
        };
        let only = map.only.iter().filter(|one| asked(&one.at)).any(|one| !view.holds(one));
        only || map.except.iter().filter(|one| asked(&one.at)).any(|one| view.holds(one))
    }

    fn flat(&mut self, view: &dyn View) -> io::Result<()> {
        if self.is_passed_over(view, Of::Record) {
            self.mapping.pass_over(1);
            return Ok(());
        }
        let mapping = Arc::clone(&self.mapping);
        let mut native = Native::default();
        let start = native.open();
        let id = native.facts(mapping.map(), view, Of::Record);
        native.close(start, view.at());
        self.native(native, id)
    }

    fn nested(
        &mut self,
        view: &Tree<'_, '_>,
        claim: &Trail<'_, '_>,
        lines: &[Trail<'_, '_>],
    ) -> io::Result<()> {
        if self.is_passed_over(view, Of::Claim) {
            self.mapping.pass_over(1);
            return Ok(());
        }
        let mapping = Arc::clone(&self.mapping);
        let map = mapping.map();
        let mut native = Native::default();
        let start = native.open();
        native.facts(map, view, Of::Claim);
        native.open_lines();
        let mut passed_over = 0;
        for line in lines {
            let view = Tree { text: view.text, claim, line: Some(line) };
            if self.is_passed_over(&view, Of::Line) {
                passed_over += 1;
                continue;
            }
            let start = native.open();
            native.facts(map, &view, Of::Line);
            native.close(start, view.at());
        }
        native.close_lines();
        native.close(start, view.at());
        mapping.pass_over(passed_over);
        if passed_over > 0 && passed_over == lines.len() as u64 {
            return Ok(());
        }
        self.native(native, None)
    }

    fn row(&mut self) -> io::Result<()> {
        let mapping = Arc::clone(&self.mapping);
        let Records::Csv(rows, table) = &mut self.records else { return Ok(()) };
        let Table { columns, map } = table.as_ref();
        let Some((at, outcome)) = rows.next()? else {
            self.ended = true;
            return Ok(());
        };
        let RowAt { offset, length, line } = at;
        let at = At { offset, length, line, name: Name::Whole };
        let fault = match outcome {
            Outcome::TooLarge => Some("json-too-large"),
            Outcome::Unclosed => Some("csv-quote"),
            Outcome::Cells => None,
        };
        if let Some(fault) = fault {
            return self.notice(fault, at);
        }
        let columns = *columns;
        let count = rows.cells().len();
        if rows.cells().all(|cell| cell.trim_ascii().is_empty()) {
            return Ok(());
        }
        let has_more = rows.cells().skip(columns).any(|cell| !cell.trim_ascii().is_empty());
        if count < columns || has_more {
            if rows.is_long() {
                rows.resume();
            }
            return self.notice("csv-cells", at);
        }
        let mut native = Native::of_a_row();
        let view = Row { cells: rows.cells().collect(), at: at.clone() };
        let passed =
            map.only.iter().any(|one| !view.holds(one)) || map.except.iter().any(|one| view.holds(one));
        if passed {
            mapping.pass_over(1);
            return Ok(());
        }
        let start = native.open();
        let id = native.facts(map, &view, Of::Record);
        native.close(start, at);
        self.native(native, id)
    }
}

/// The lines of a claim; `None` where it has no list of them, and so is none.
fn lines_of<'t>(map: &Map, view: &Tree<'_, 't>) -> Option<Vec<Trail<'t, 't>>> {
    let path: &Path = map.lines.as_ref()?;
    let (from, taken) = view.way(path)?;
    let steps = path.steps.get(taken..).unwrap_or_default();
    let lines: Vec<_> =
        from.follow(steps).into_iter().filter(|line| !matches!(line.node.value, Value::Null)).collect();
    // An empty list is one.
    (!lines.is_empty() || from.has_list(steps)).then_some(lines)
}
