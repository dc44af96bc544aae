//! From a row, or a claim in a JSON record, to a native line.

use super::origins::{At, Origin};
use super::value::{Read, pieces, read};
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
struct Value {
    text: String,
    at: At,
    is_spoilt: bool,
    not: Option<&'static str>,
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
        // A vector takes everything.
        let _ = serde_json::to_writer(&mut self.bytes, text);
    }

    fn key(&mut self, name: &str) -> u32 {
        self.comma();
        let start = self.here();
        self.quoted(name);
        self.bytes.push(b':');
        start
    }

    /// Writes what a value says, or null where it says nothing that can be passed on.
    fn value(&mut self, fact: Fact, value: &Value) {
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

    fn scalar(&mut self, fact: Fact, value: &Value) {
        let start = self.key(fact.name());
        self.value(fact, value);
        self.came_from(start, value.at.clone());
    }

    fn list(&mut self, fact: Fact, values: &[Value], at: At) {
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
        let linked = asking.list(Fact::LinkedDiagnosisCodes);
        let mut codes = asking.list(Fact::DiagnosisCodes);
        let mut pointers = asking.list(Fact::DiagnosisPointers);
        if of != Of::Claim && pointers.is_empty() && !linked.is_empty() {
            if codes.is_empty() {
                codes = Asking { of: Of::Record, ..asking }.list(Fact::DiagnosisCodes);
            }
            pointers = pointed(&linked, &mut codes);
        }
        for (fact, _) in &map.facts {
            match (*fact, fact.kind()) {
                (Fact::DiagnosisCodes | Fact::DiagnosisPointers | Fact::LinkedDiagnosisCodes, _) => {}
                (_, FactKind::Codes) => {
                    let values = asking.list(*fact);
                    if !values.is_empty() || *fact == Fact::Modifiers && asking.says_none(*fact) {
                        self.list(*fact, &values, asking.place_of(*fact));
                    }
                }
                _ => {
                    if let Some(value) = asking.scalar(*fact) {
                        if *fact == Fact::ClaimId && value.not.is_none() {
                            id = Some(value.text.clone());
                        }
                        self.scalar(*fact, &value);
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
fn pointed(linked: &[Value], codes: &mut Vec<Value>) -> Vec<Value> {
    let bare = |code: &str| code.replace('.', "").to_uppercase();
    let mut pointers = Vec::new();
    for code in linked.iter().filter(|code| code.not.is_some() || !code.text.is_empty()).take(MOST_POINTERS) {
        if code.not.is_some() {
            pointers.push(code.clone());
            continue;
        }
        let known = codes.iter().position(|known| bare(&known.text) == bare(&code.text));
        let place = known.unwrap_or_else(|| {
            codes.push(code.clone());
            codes.len() - 1
        });
        pointers.push(Value { text: (place + 1).to_string(), ..code.clone() });
    }
    // A line may name more codes than it can point to; they are the claim's all the same.
    for code in linked.iter().skip(MOST_POINTERS).filter(|code| code.not.is_none() && !code.text.is_empty()) {
        if !codes.iter().any(|known| bare(&known.text) == bare(&code.text)) {
            codes.push(code.clone());
        }
    }
    pointers
}

/// A map put to a view.
#[derive(Clone, Copy)]
struct Asking<'m> {
    map: &'m Map,
    view: &'m dyn View,
    of: Of,
}

impl<'m> Asking<'m> {
    /// The sources of `fact` that are asked here.
    fn sources(&self, fact: Fact) -> impl Iterator<Item = &'m Source> + use<'m> {
        let (lines, of) = (self.map.lines.as_ref(), self.of);
        let is_of_line = move |source: &Source| {
            let way = source.from.iter().chain(source.look_up.iter().map(|one| &one.within));
            way.chain(source.when.iter().map(|when| &when.at)).any(|path| path.is_of_line(lines))
        };
        self.map.sources(fact).iter().filter(move |source| match of {
            Of::Record => true,
            Of::Claim => !is_of_line(source) && !fact.is_of_one_line(),
            Of::Line => is_of_line(source) || fact.is_of_one_line(),
        })
    }

    /// Whether the shape has a place for `fact` that says nothing: then there is none of it.
    fn says_none(&self, fact: Fact) -> bool {
        self.sources(fact).flat_map(|source| &source.from).any(|path| self.view.has_place(path))
    }

    /// Where an empty list of `fact` would stand.
    fn place_of(&self, fact: Fact) -> At {
        let found = self.sources(fact).flat_map(|source| &source.from);
        found
            .flat_map(|path| self.view.find(path, false))
            .map(|one| one.at)
            .next()
            .unwrap_or_else(|| self.view.at())
    }

    /// Whether pointers have codes to lead to: a table may have no column for them.
    fn knows_codes(&self) -> bool {
        let all = [Fact::DiagnosisCodes, Fact::LinkedDiagnosisCodes];
        let mut sources = all.into_iter().flat_map(|fact| self.map.sources(fact));
        sources
            .any(|source| source.value.is_some() || source.from.iter().any(|path| self.view.has_place(path)))
    }

    /// The first that any source says of `fact`.
    fn scalar(&self, fact: Fact) -> Option<Value> {
        self.sources(fact).find_map(|source| {
            self.values(fact, source, false)
                .into_iter()
                .find(|value| value.not.is_some() || !value.text.is_empty())
        })
    }

    /// All that the sources say of `fact`; blanks between two keep their place.
    fn list(&self, fact: Fact) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        for source in self.sources(fact) {
            let mut values = self.values(fact, source, fact == Fact::DiagnosisCodes);
            let says = |value: &Value| value.not.is_some() || !value.text.is_empty();
            let length = values.iter().rposition(says).map_or(0, |last| last + 1);
            values.truncate(length);
            all.extend(values);
        }
        all
    }

    fn values(&self, fact: Fact, source: &Source, blanks: bool) -> Vec<Value> {
        if source.when.as_ref().is_some_and(|when| !self.view.holds(when)) {
            return Vec::new();
        }
        if let Some(text) = &source.value {
            let value = Value { text: text.clone(), at: self.view.at(), is_spoilt: false, not: None };
            return vec![value];
        }
        let blanks = blanks && source.split.is_none() && source.look_up.is_none();
        let mut values = Vec::new();
        // Of several ways in JSON each may lead past elements that another finds.
        let blanks_of_elements = blanks && source.from.len() == 1;
        let units = source.per_unit.then(|| self.scalar(Fact::Units)).flatten();
        let units = units.as_ref().map(|units| units.text.as_str());
        for found in source.from.iter().flat_map(|path| self.view.find(path, blanks_of_elements)) {
            let mut found = found;
            let mut not = None;
            if let Some(look_up) = source.look_up.as_ref().filter(|_| !found.text.is_empty()) {
                match self.view.look_up(look_up, &found.text) {
                    Some(named) => found = Found { at: found.at, ..named },
                    None if fact == Fact::LinkedDiagnosisCodes => {
                        not = Some("the number of a diagnosis of the claim");
                    }
                    None => continue,
                }
            }
            for piece in pieces(source, &found.text) {
                let read = match not {
                    Some(expected) => Read::Not(expected),
                    None => read(fact, source, &piece, units),
                };
                let (text, not) = match read {
                    Read::As(text) => (text, None),
                    Read::Not(expected) => (String::new(), Some(expected)),
                    Read::Nothing if blanks => (String::new(), None),
                    Read::Nothing => continue,
                };
                values.push(Value { text, at: found.at.clone(), is_spoilt: found.is_spoilt, not });
            }
        }
        values
    }
}
