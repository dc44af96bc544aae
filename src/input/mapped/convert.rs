//! From a row, or a claim in a JSON record, to a native line.

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::origins::{At, Origin};
use super::value::{Read, pieces, read, stands_for_itself};
use super::view::{Found, View};
use crate::claim::{Fact, FactKind};
use crate::maps::{Map, Source};

/// The most lines that a diagnosis list, and codes that a line points to, may name; an 837P has 12 and 4.
const MOST_POINTERS: usize = 4;

/// A native line in the making.
#[derive(Default)]
pub(super) struct Native {
    /// The line, which ends in a line feed once it is done.
    pub(super) bytes: Vec<u8>,
    pub(super) origins: Vec<Origin>,
    /// What stands in the file and is not passed on, or not as it stands.
    pub(super) misread: Vec<Misread>,
}

/// Something wrong at a place of the native line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Misread {
    /// First byte in the line.
    pub(super) start: u32,
    /// The fact, and what would be right there; no fact for bytes that are not UTF-8.
    pub(super) what: Option<(Fact, &'static str)>,
}

/// A value on its way.
#[derive(Clone)]
struct Value<'v> {
    text: Cow<'v, str>,
    at: At,
    is_spoilt: bool,
    not: Option<&'static str>,
}

impl Value<'_> {
    fn says_something(&self) -> bool {
        self.not.is_some() || !self.text.is_empty()
    }

    fn into_owned<'o>(self) -> Value<'o> {
        Value { text: Cow::Owned(self.text.into_owned()), ..self }
    }
}

/// Which sources of a nested claim are asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// All: the record is a line.
    Record,
    /// Those that stand with the claim.
    Claim,
    /// Those that stand with the line.
    Line,
}

impl Native {
    /// An empty one with room for a usual row.
    pub(super) fn of_a_row() -> Native {
        Native { bytes: Vec::with_capacity(1024), origins: Vec::with_capacity(64), misread: Vec::new() }
    }

    fn here(&self) -> u32 {
        u32::try_from(self.bytes.len()).unwrap_or(u32::MAX)
    }

    fn comma(&mut self) {
        if !matches!(self.bytes.last(), None | Some(b'{' | b'[')) {
            self.bytes.push(b',');
        }
    }

    fn came_from(&mut self, start: u32, at: At) {
        self.origins.push(Origin { start, end: self.here(), at });
    }

    fn quoted(&mut self, text: &str) {
        if text.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
            // A vector takes everything.
            let _ = serde_json::to_writer(&mut self.bytes, text);
            return;
        }
        self.bytes.push(b'"');
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes.push(b'"');
    }

    /// Writes a key, which is a word.
    fn key(&mut self, name: &str) -> u32 {
        self.comma();
        let start = self.here();
        self.bytes.push(b'"');
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.extend_from_slice(b"\":");
        start
    }

    /// Writes what a value says, or null where it says nothing that can be passed on.
    fn value(&mut self, fact: Fact, value: &Value<'_>) {
        let start = self.here();
        match value.not {
            Some(expected) => {
                self.misread.push(Misread { start, what: Some((fact, expected)) });
                self.bytes.extend(b"null");
            }
            None => self.quoted(&value.text),
        }
        if value.is_spoilt {
            self.misread.push(Misread { start, what: None });
        }
    }

    fn scalar(&mut self, fact: Fact, value: Value<'_>) {
        let start = self.key(fact.name());
        self.value(fact, &value);
        self.came_from(start, value.at);
    }

    fn list(&mut self, fact: Fact, values: &[Value<'_>], at: At) {
        let start = self.key(fact.name());
        self.bytes.push(b'[');
        for value in values {
            self.comma();
            let start = self.here();
            self.value(fact, value);
            self.came_from(start, value.at.clone());
        }
        self.bytes.push(b']');
        let at = values.first().map_or(at, |first| first.at.clone());
        self.came_from(start, at);
    }

    /// Begins a native line or an object in one.
    pub(super) fn open(&mut self) -> u32 {
        self.comma();
        let start = self.here();
        self.bytes.push(b'{');
        start
    }

    /// Ends what `open` began.
    pub(super) fn close(&mut self, start: u32, at: At) {
        self.bytes.push(b'}');
        self.came_from(start, at);
    }

    /// Begins the lines of a claim.
    pub(super) fn open_lines(&mut self) {
        self.key("lines");
        self.bytes.push(b'[');
    }

    /// Ends the lines of a claim.
    pub(super) fn close_lines(&mut self) {
        self.bytes.push(b']');
    }

    /// Writes the facts that `map` finds in `view`. Gives the claim's own number, if it says one.
    pub(super) fn facts(&mut self, map: &Map, view: &dyn View, of: Of) -> Option<String> {
        let asking = Asking { map, view, of };
        let mut id = None;
        let linked = asking.list(Fact::LinkedDiagnosisCodes, map.sources(Fact::LinkedDiagnosisCodes));
        let of_codes = map.sources(Fact::DiagnosisCodes);
        let mut codes = asking.list(Fact::DiagnosisCodes, of_codes);
        let mut pointers = asking.list(Fact::DiagnosisPointers, map.sources(Fact::DiagnosisPointers));
        if of != Of::Claim && pointers.is_empty() && !linked.is_empty() {
            if codes.is_empty() {
                codes = Asking { of: Of::Record, ..asking }.list(Fact::DiagnosisCodes, of_codes);
            }
            pointers = pointed(&linked, &mut codes);
        }
        for (fact, sources) in &map.facts {
            match (*fact, fact.kind()) {
                (Fact::DiagnosisCodes | Fact::DiagnosisPointers | Fact::LinkedDiagnosisCodes, _) => {}
                (_, FactKind::Codes) => {
                    let values = asking.list(*fact, sources);
                    if !values.is_empty() || *fact == Fact::Modifiers && asking.says_none(*fact) {
                        self.list(*fact, &values, asking.place_of(*fact));
                    }
                }
                _ => {
                    if let Some(value) = asking.scalar(*fact, sources) {
                        if *fact == Fact::ClaimId && value.not.is_none() {
                            id = Some(value.text.clone().into_owned());
                        }
                        self.scalar(*fact, value);
                    }
                }
            }
        }
        if !codes.is_empty() {
            self.list(Fact::DiagnosisCodes, &codes, asking.place_of(Fact::DiagnosisCodes));
        }
        if !pointers.is_empty() && asking.knows_codes() {
            self.list(Fact::DiagnosisPointers, &pointers, asking.place_of(Fact::DiagnosisPointers));
        }
        id
    }
}

/// Where the codes of a line stand among those of its claim; codes that only the line names are added.
fn pointed<'v>(linked: &[Value<'v>], codes: &mut Vec<Value<'v>>) -> Vec<Value<'v>> {
    let mut pointers = Vec::new();
    for code in linked.iter().filter(|code| code.says_something()).take(MOST_POINTERS) {
        if code.not.is_some() {
            pointers.push(code.clone());
            continue;
        }
        let known = codes.iter().position(|known| is_same_code(known, code));
        let place = known.unwrap_or_else(|| {
            codes.push(code.clone());
            codes.len() - 1
        });
        pointers.push(Value { text: (place + 1).to_string().into(), ..code.clone() });
    }
    // A line may name more codes than it can point to; they are the claim's all the same.
    for code in linked.iter().skip(MOST_POINTERS).filter(|code| code.not.is_none() && !code.text.is_empty()) {
        if !codes.iter().any(|known| is_same_code(known, code)) {
            codes.push(code.clone());
        }
    }
    pointers
}

/// Whether two say one code, with or without its point.
fn is_same_code(one: &Value<'_>, other: &Value<'_>) -> bool {
    let bare = |value: &Value<'_>| value.text.replace('.', "").to_uppercase();
    bare(one) == bare(other)
}

fn is_same_list(known: &[Value<'_>], own: &[Value<'_>]) -> bool {
    let is_same = |(one, other): (&Value<'_>, &Value<'_>)| one.not == other.not && is_same_code(one, other);
    known.len() == own.len() && known.iter().zip(own).all(is_same)
}

/// A map put to a view.
#[derive(Clone, Copy)]
struct Asking<'m> {
    map: &'m Map,
    view: &'m dyn View,
    of: Of,
}

impl<'m> Asking<'m> {
    /// Those of the sources of `fact` that are asked here.
    fn asked(&self, fact: Fact, sources: &'m [Source]) -> impl Iterator<Item = &'m Source> + use<'m> {
        let (lines, of) = (self.map.lines.as_ref(), self.of);
        let is_of_line = move |source: &Source| {
            let way = source.from.iter().chain(source.look_up.iter().map(|one| &one.within));
            way.chain(source.when.iter().map(|when| &when.at)).any(|path| path.is_of_line(lines))
        };
        sources.iter().filter(move |source| match of {
            Of::Record => true,
            Of::Claim => !is_of_line(source) && !fact.is_of_one_line(),
            Of::Line => is_of_line(source) || fact.is_of_one_line(),
        })
    }

    /// Whether the shape has a place for `fact` that says nothing: then there is none of it.
    fn says_none(&self, fact: Fact) -> bool {
        let asked = self.asked(fact, self.map.sources(fact));
        asked.flat_map(|source| &source.from).any(|path| self.view.has_place(path))
    }

    /// Where an empty list of `fact` would stand.
    fn place_of(&self, fact: Fact) -> At {
        let mut first = None;
        for path in self.asked(fact, self.map.sources(fact)).flat_map(|source| &source.from) {
            self.view.find(path, false, &mut |found| {
                first.get_or_insert(found.at);
            });
            if first.is_some() {
                break;
            }
        }
        first.unwrap_or_else(|| self.view.at())
    }

    /// Whether pointers have codes to lead to: a table may have no column for them.
    fn knows_codes(&self) -> bool {
        let all = [Fact::DiagnosisCodes, Fact::LinkedDiagnosisCodes];
        let mut sources = all.into_iter().flat_map(|fact| self.map.sources(fact));
        sources
            .any(|source| source.value.is_some() || source.from.iter().any(|path| self.view.has_place(path)))
    }

    /// The first that any source says of `fact`.
    fn scalar(&self, fact: Fact, sources: &'m [Source]) -> Option<Value<'m>> {
        let mut first = None;
        for source in self.asked(fact, sources) {
            let _ = self.values(fact, source, false, &mut |value| {
                if !value.says_something() {
                    return ControlFlow::Continue(());
                }
                first = Some(value);
                ControlFlow::Break(())
            });
            if first.is_some() {
                break;
            }
        }
        first
    }

    /// All that the sources say of `fact`; blanks between two keep their place. A list that a source has said whole is not
    /// said again by the next. A principal diagnosis that no other source has said goes before the others.
    fn list(&self, fact: Fact, sources: &'m [Source]) -> Vec<Value<'m>> {
        let mut all: Vec<Value<'m>> = Vec::new();
        let mut has_list = false;
        for source in self.asked(fact, sources).filter(|source| !source.principal) {
            let before = all.len();
            let _ = self.values(fact, source, fact == Fact::DiagnosisCodes, &mut |value| {
                all.push(value);
                ControlFlow::Continue(())
            });
            let own = all.get(before..).unwrap_or_default();
            let length = own.iter().rposition(Value::says_something).map_or(0, |last| last + 1);
            all.truncate(before + length);
            // An export may have a list in one column and, once more, in columns of its elements.
            has_list |= source.is_list();
            let (known, own) = all.split_at(before);
            if has_list && !known.is_empty() && is_same_list(known, own) {
                all.truncate(before);
            }
        }
        for source in self.asked(fact, sources).filter(|source| source.principal) {
            let mut first = None;
            let _ = self.values(fact, source, false, &mut |value| {
                first = Some(value).filter(Value::says_something);
                if first.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            let is_new =
                |one: &Value<'_>| one.not.is_some() || !all.iter().any(|known| is_same_code(known, one));
            if let Some(principal) = first.filter(is_new) {
                all.insert(0, principal);
            }
        }
        all
    }

    /// Shows what a source says of `fact`, until it is enough.
    fn values(
        &self,
        fact: Fact,
        source: &'m Source,
        blanks: bool,
        see: &mut dyn FnMut(Value<'m>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if source.when.as_ref().is_some_and(|when| !self.view.holds(when)) {
            return ControlFlow::Continue(());
        }
        if let Some(text) = &source.value {
            let text = Cow::Borrowed(text.as_str());
            return see(Value { text, at: self.view.at(), is_spoilt: false, not: None });
        }
        let blanks = blanks && source.split.is_none() && source.look_up.is_none();
        // Of several ways in JSON each may lead past elements that another finds.
        let blanks_of_elements = blanks && source.from.len() == 1;
        let units =
            source.per_unit.then(|| self.scalar(Fact::Units, self.map.sources(Fact::Units))).flatten();
        let of_source = OfSource { fact, source, blanks, units: units.as_ref().map(|units| &*units.text) };
        let mut flow = ControlFlow::Continue(());
        for path in &source.from {
            self.view.find(path, blanks_of_elements, &mut |found| {
                if flow.is_continue() {
                    flow = self.found(&of_source, found, see);
                }
            });
            if flow.is_break() {
                break;
            }
        }
        flow
    }

    /// Shows what the map makes of something found.
    fn found(
        &self,
        of: &OfSource<'m, '_>,
        found: Found<'m>,
        see: &mut dyn FnMut(Value<'m>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let (mut found, mut not) = (found, None);
        if let Some(look_up) = of.source.look_up.as_ref().filter(|_| !found.text.is_empty()) {
            match self.view.look_up(look_up, &found.text) {
                Some(named) => found = Found { at: found.at, ..named },
                None if of.fact == Fact::LinkedDiagnosisCodes => {
                    not = Some("the number of a diagnosis of the claim");
                }
                None => return ControlFlow::Continue(()),
            }
        }
        let Found { text, at, is_spoilt } = found;
        match text {
            Cow::Borrowed(text) => of.read(text, &at, is_spoilt, not, see),
            Cow::Owned(text) => of.read(&text, &at, is_spoilt, not, &mut |value| see(value.into_owned())),
        }
    }
}

/// A source of a fact, with what the record says beside it.
struct OfSource<'m, 'u> {
    fact: Fact,
    source: &'m Source,
    /// Whether what says nothing keeps its place.
    blanks: bool,
    /// The line's units, for a charge of one unit.
    units: Option<&'u str>,
}

impl<'m> OfSource<'m, '_> {
    /// Shows what the pieces of `text` say; nothing but `not`, where it is known to be wrong.
    fn read<'t>(
        &self,
        text: &'t str,
        at: &At,
        is_spoilt: bool,
        not: Option<&'static str>,
        see: &mut dyn FnMut(Value<'t>) -> ControlFlow<()>,
    ) -> ControlFlow<()>
    where
        'm: 't,
    {
        if not.is_none() && stands_for_itself(self.source) {
            return match text.is_empty() && !self.blanks {
                true => ControlFlow::Continue(()),
                false => see(Value { text: Cow::Borrowed(text), at: at.clone(), is_spoilt, not }),
            };
        }
        let mut flow = ControlFlow::Continue(());
        pieces(self.source, text, |piece| {
            if flow.is_break() {
                return;
            }
            let read = not.map_or_else(|| read(self.fact, self.source, piece, self.units), Read::Not);
            let (text, not) = match read {
                Read::As(text) => (text, None),
                Read::Not(expected) => (Cow::Borrowed(""), Some(expected)),
                Read::Nothing if self.blanks => (Cow::Borrowed(""), None),
                Read::Nothing => return,
            };
            flow = see(Value { text, at: at.clone(), is_spoilt, not });
        });
        flow
    }
}
