use crate::claim::{Cents, Date, Fact, Minutes, Span, Stated, Text, TimeOfDay, Units, parse_iso_date};
use crate::input::Fault;

use super::arena::Shelf;
use super::fields::{Fields, each_element};

/// Turns raw JSON values into texts that know their place, and collects what is wrong with them.
pub(super) struct Words<'a> {
    shelf: Shelf<'a>,
    /// Address and place in the file of the item being read.
    address: usize,
    offset: u64,
    /// Whether the item has a backslash anywhere: if not, no text of it need be looked through for escapes.
    has_escapes: bool,
    /// What was wrong since the faults were last taken.
    pub(super) faults: Vec<Fault>,
}

impl<'a> Words<'a> {
    pub(super) fn new(shelf: Shelf<'a>) -> Words<'a> {
        Words { shelf, address: 0, offset: 0, has_escapes: true, faults: Vec::new() }
    }

    /// Begins an item that stands at `offset` in the file; bytes that are no UTF-8 are replaced by `?`, and said.
    pub(super) fn begin(&mut self, bytes: &'a [u8], offset: u64, line: u64) -> &'a str {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let span = Span::new(offset + error.valid_up_to() as u64, 1);
                let values = vec![("line", line.to_string())];
                self.faults.push(Fault { values, ..Fault::new("json-encoding", span, "not UTF-8") });
                std::str::from_utf8(self.shelf.keep(repaired(bytes))).unwrap_or("")
            }
        };
        self.address = text.as_ptr() as usize;
        self.offset = offset;
        self.has_escapes = memchr::memchr(b'\\', text.as_bytes()).is_some();
        text
    }

    /// Where `raw`, a part of the item, stands in the file.
    pub(super) fn span(&self, raw: &str) -> Span {
        let distance = (raw.as_ptr() as usize).saturating_sub(self.address);
        Span::new(self.offset + distance as u64, raw.len() as u32)
    }

    /// Notes something wrong with `field` at `raw`.
    pub(super) fn fault(&mut self, name: &'static str, field: &'static str, raw: &str, label: &str) {
        let values = vec![("field", field.to_owned())];
        self.faults.push(Fault { values, ..Fault::new(name, self.span(raw), label) });
    }

    /// A value that a map could not read: `expected` says what would be right.
    pub(super) fn wrong(&mut self, field: &'static str, raw: &str, expected: &str) {
        self.fault("json-type", field, raw, &format!("expected {expected}"));
        if let Some(fault) = self.faults.last_mut() {
            fault.values.push(("expected", expected.to_owned()));
        }
    }

    /// A value of which a map had to replace bytes that are not UTF-8.
    pub(super) fn spoilt(&mut self, raw: &str, line: u64) {
        let values = vec![("line", line.to_string())];
        self.faults.push(Fault { values, ..Fault::new("json-encoding", self.span(raw), "not UTF-8") });
    }

    fn wrong_type(&mut self, field: &'static str, raw: &str, expected: &'static str) {
        self.fault("json-type", field, raw, &format!("expected {expected}"));
        if let Some(fault) = self.faults.last_mut() {
            fault.values.push(("expected", expected.to_owned()));
        }
    }

    /// More of `field` than are read.
    pub(super) fn too_many(&mut self, field: &'static str, raw: &str, most: usize) {
        self.fault("json-too-many", field, raw, &format!("more than {most}"));
        if let Some(fault) = self.faults.last_mut() {
            fault.values.push(("most", most.to_string()));
        }
    }

    /// A value that must be an array, or must not be there.
    pub(super) fn not_a_list(&mut self, field: &'static str, raw: &str) {
        self.wrong_type(field, raw, "a list");
    }

    /// A value that must be an object.
    pub(super) fn not_an_object(&mut self, field: &'static str, raw: &str) {
        self.wrong_type(field, raw, "an object");
    }

    /// One string or number of `field`.
    pub(super) fn scalar(&mut self, field: &'static str, raw: &'a str) -> Text<'a> {
        let span = self.span(raw);
        match raw.as_bytes() {
            [b'"', inner @ .., b'"'] if !self.has_escapes || !inner.contains(&b'\\') => {
                Text::new(inner, span.offset + 1)
            }
            [b'"', ..] => match serde_json::from_str::<String>(raw) {
                Ok(text) => Text::new(self.shelf.keep(text.into_bytes()), span.offset + 1),
                Err(_) => {
                    self.wrong_type(field, raw, "text without half characters");
                    Text::new(b"", span.offset)
                }
            },
            [b'-' | b'0'..=b'9', ..] => Text::new(raw.as_bytes(), span.offset),
            b"null" => Text::new(b"", span.offset),
            _ => {
                self.wrong_type(field, raw, "a text or a number");
                Text::new(b"", span.offset)
            }
        }
    }

    /// The text of `fact`; absent if it is not stated.
    pub(super) fn text(&mut self, fields: &Fields<'a>, fact: Fact) -> Text<'a> {
        fields.of(fact).map_or(Text::ABSENT, |raw| self.scalar(fact.name(), raw))
    }

    /// The scalars of the list `fact`, up to `most`; one that is absent keeps its place. A lone scalar is a fault
    /// and is taken as a list of one.
    pub(super) fn list(
        &mut self,
        fact: Fact,
        raw: &'a str,
        most: usize,
        mut each: impl FnMut(usize, Text<'a>),
    ) {
        if !raw.starts_with('[') {
            self.not_a_list(fact.name(), raw);
            if !raw.starts_with('{') {
                each(0, self.scalar(fact.name(), raw));
            }
            return;
        }
        let mut place = 0;
        let mut past = None;
        let read = each_element(raw, |item| {
            if place < most {
                each(place, self.scalar(fact.name(), item));
            } else if past.is_none() && !matches!(item, "null" | "\"\"") {
                past = Some(item);
            }
            place += 1;
        });
        if read.is_err() {
            self.not_a_list(fact.name(), raw);
        }
        if let Some(item) = past {
            self.too_many(fact.name(), item, most);
        }
    }

    pub(super) fn money(&mut self, fields: &Fields<'a>, fact: Fact) -> Stated<'a, Cents> {
        Stated::read(self.text(fields, fact), Cents::parse)
    }

    pub(super) fn units(&mut self, fields: &Fields<'a>, fact: Fact) -> Stated<'a, Units> {
        Stated::read(self.text(fields, fact), Units::parse)
    }

    pub(super) fn date(&mut self, fields: &Fields<'a>, fact: Fact) -> Stated<'a, Date> {
        Stated::read(self.text(fields, fact), parse_iso_date)
    }

    pub(super) fn time(&mut self, fields: &Fields<'a>, fact: Fact) -> Stated<'a, TimeOfDay> {
        Stated::read(self.text(fields, fact), TimeOfDay::parse)
    }

    pub(super) fn minutes(&mut self, fields: &Fields<'a>, fact: Fact) -> Stated<'a, Minutes> {
        Stated::read(self.text(fields, fact), |bytes| {
            let minutes = whole(bytes)?;
            (minutes <= 24 * 60).then(|| Minutes::try_from(minutes).ok())?
        })
    }
}

/// A whole number that is not negative: `3`, `3.0`.
pub(super) fn whole(bytes: &[u8]) -> Option<u32> {
    Units::parse(bytes)?.as_whole()
}

/// `bytes` with `?` for each byte that is no UTF-8, so that every place stays where it is.
pub(in crate::input) fn repaired(bytes: &[u8]) -> Vec<u8> {
    let mut repaired = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        repaired.extend_from_slice(chunk.valid().as_bytes());
        repaired.resize(repaired.len() + chunk.invalid().len(), b'?');
    }
    repaired
}
