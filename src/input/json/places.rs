use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;

use crate::claim::{Fact, Span, is_field_name};
use crate::finding::{Excerpt, Form, Place, Segments, Window};
use crate::input::{Cutter, Label};
use crate::source::Unit;

use super::excerpt::{Width, window};
use super::fields::{each_element, fact_named};
use super::layout::{Item, Layout};
use super::scan::line_ends;
use super::words::repaired;

/// The items of a unit read so far, and how to find a place among them.
pub(super) struct Places<'a> {
    unit: &'a Unit,
    layout: Layout,
    first_index: u64,
    items: Vec<Item>,
    /// The lines of the claim object last asked about, which may be many: the start of its item, and they in it.
    nested: RefCell<(usize, Vec<Range<usize>>)>,
}

/// One field of an object, in bytes of the object.
#[derive(Clone, Debug)]
pub(super) struct FieldPlace {
    pub(super) name: String,
    pub(super) start: usize,
    /// One past the quotation mark behind the name.
    pub(super) named: usize,
    pub(super) value: Range<usize>,
}

/// Where a byte of an item stands in the item's structure.
struct Located {
    /// JSON pointer from the item.
    pointer: String,
    /// The claim or line object around it, in bytes of the item.
    object: Range<usize>,
}

impl<'a> Places<'a> {
    pub(super) fn new(unit: &'a Unit) -> Places<'a> {
        let (layout, first_index) = Layout::of(unit);
        let nested = RefCell::new((usize::MAX, Vec::new()));
        Places { unit, layout, first_index, items: Vec::new(), nested }
    }

    /// Takes note of an item; items come in order.
    pub(super) fn push(&mut self, item: Item) {
        self.items.push(item);
    }

    /// The item that holds a byte of the file, or the last before it.
    fn item_at(&self, offset: u64) -> Option<Item> {
        let at = usize::try_from(offset.checked_sub(self.unit.offset)?).ok()?;
        let behind = self.items.partition_point(|item| item.start <= at);
        self.items.get(behind.checked_sub(1)?).copied()
    }

    /// Where byte `at` of an item stands in it.
    fn locate(&self, item: Item, at: usize) -> Located {
        let bytes = &self.unit.bytes[item.start..item.end];
        let mut nested = self.nested.borrow_mut();
        if nested.0 != item.start {
            let text = text_of(bytes);
            *nested = (item.start, lines_of(&text));
        }
        let lines = &nested.1;
        let Some(index) = lines.partition_point(|line| line.start <= at).checked_sub(1) else {
            return locate(&text_of(bytes), at);
        };
        let line = lines[index].clone();
        if at >= line.end {
            return locate(&text_of(bytes), at);
        }
        let inside = locate(&text_of(&bytes[line.clone()]), at - line.start);
        Located { pointer: format!("/lines/{index}{}", inside.pointer), object: line }
    }

    fn line_of(&self, item: Item, offset: u64) -> u64 {
        let at = usize::try_from(offset.saturating_sub(self.unit.offset)).unwrap_or(item.end);
        item.line + line_ends(&self.unit.bytes[item.start..at.clamp(item.start, item.end)])
    }

    fn cut(&self, item: Item, object: Range<usize>, labels: &[&Label], width: Width) -> Window {
        let start = item.start + object.start;
        let offset = self.unit.offset + start as u64;
        let number = self.line_of(item, offset);
        window(&self.unit.bytes[start..item.start + object.end], offset, number, labels, width)
    }
}

impl Cutter for Places<'_> {
    fn place(&self, span: Span) -> Place {
        let Some(item) = self.item_at(span.offset) else {
            let element = self.layout.pointer(self.first_index);
            return Place { span, number: self.unit.number, segment: String::new(), element };
        };
        let at = span.offset.saturating_sub(self.unit.offset + item.start as u64) as usize;
        let pointer = self.locate(item, at).pointer;
        Place {
            span,
            number: self.line_of(item, span.offset),
            segment: String::new(),
            element: self.layout.pointer(item.index) + &pointer,
        }
    }

    fn excerpt(&self, labels: &[Label]) -> Excerpt {
        let mut groups: Vec<(Item, Range<usize>, Vec<&Label>)> = Vec::new();
        for label in labels {
            let Some(item) = self.item_at(label.span.offset) else { continue };
            let at = label.span.offset.saturating_sub(self.unit.offset + item.start as u64) as usize;
            let object = self.locate(item, at).object;
            match groups.iter_mut().find(|(known, range, _)| known.start == item.start && *range == object) {
                Some((_, _, marked)) => marked.push(label),
                None => groups.push((item, object, vec![label])),
            }
        }
        groups.sort_by_key(|(item, object, _)| (item.start, object.start));
        let windows = groups
            .into_iter()
            .map(|(item, object, marked)| self.cut(item, object, &marked, Width::Narrow))
            .collect();
        Excerpt { form: Form::Json, windows }
    }

    fn segments(&self, span: Span) -> Segments {
        let mut windows = Vec::new();
        let begin = span.offset.saturating_sub(self.unit.offset) as usize;
        let end = span.end().saturating_sub(self.unit.offset) as usize;
        let first = self.items.partition_point(|item| item.end <= begin);
        for &item in self.items[first..].iter().take_while(|item| item.start < end) {
            windows.push(self.cut(item, 0..item.end - item.start, &[], Width::Wide));
            for line in lines_of(&text_of(&self.unit.bytes[item.start..item.end])) {
                windows.push(self.cut(item, line, &[], Width::Wide));
            }
        }
        windows.into_iter().collect()
    }
}

/// The fields of the object `text`; `None` where it is broken.
pub(super) fn fields_of(text: &str) -> Option<Vec<FieldPlace>> {
    use serde::Deserializer;
    let mut json = serde_json::Deserializer::from_str(text);
    let mut fields = Vec::new();
    let base = text.as_ptr() as usize;
    json.deserialize_map(super::excerpt::FieldPlaces { base, fields: &mut fields }).ok()?;
    Some(fields)
}

/// `bytes` as text. Those that are no UTF-8 are replaced one for one, so that places stay.
fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(String::from_utf8(repaired(bytes)).unwrap_or_default()),
    }
}

/// The elements of `lines` of a claim object, in bytes of `text`; none if it is a line itself.
fn lines_of(text: &str) -> Vec<Range<usize>> {
    if memchr::memmem::find(text.as_bytes(), b"lines").is_none() {
        return Vec::new();
    }
    let lines = fields_of(text).into_iter().flatten().find(|field| field.name == "lines");
    lines.map_or(Vec::new(), |field| elements_of(text, field.value))
}

/// The elements of the array that stands at `range` of `text`, in bytes of `text`.
fn elements_of(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let base = text.as_ptr() as usize;
    let mut elements = Vec::new();
    let array = text.get(range).unwrap_or("");
    // What could be read of a broken array is still shown.
    let _ = each_element(array, |raw| {
        let start = raw.as_ptr() as usize - base;
        elements.push(start..start + raw.len());
    });
    elements
}

/// Walks down to byte `at` of an item: from field to field, and into lists.
fn locate(text: &str, at: usize) -> Located {
    let mut pointer = String::new();
    let mut value = 0..text.len();
    let mut depth = 0;
    // A place in the vocabulary lies four steps down at most (/lines/0/modifiers/1).
    while depth < 8 {
        depth += 1;
        let part = &text[value.clone()];
        if part.starts_with('{') {
            let fields = fields_of(part).unwrap_or_default();
            let base = value.start;
            let Some(field) =
                fields.into_iter().find(|field| (base + field.start..base + field.value.end).contains(&at))
            else {
                break;
            };
            pointer.push('/');
            if field.name == "lines" || is_field_name(&field.name) {
                pointer.push_str(&field.name.replace('~', "~0").replace('/', "~1"));
            } else {
                pointer.push('…');
            }
            value = base + field.value.start..base + field.value.end;
            if at < value.start {
                break;
            }
        } else if part.starts_with('[') {
            let elements = elements_of(text, value.clone());
            let Some((index, element)) = elements.into_iter().enumerate().find(|(_, one)| one.contains(&at))
            else {
                break;
            };
            pointer.push_str(&format!("/{index}"));
            value = element;
        } else {
            break;
        }
    }
    Located { pointer, object: 0..text.len() }
}

/// The stretches of a field that are masked, and whether by default (`true`) or by full redaction only: of its value all
/// where it may name a person, and what has not the form of what belongs there; its name where that reads like a value.
/// `bytes` are the object's.
pub(super) fn masked(bytes: &[u8], field: &FieldPlace) -> Vec<(Range<usize>, bool)> {
    let mut masked = masked_value(bytes, field);
    if field.name != "lines" && !is_field_name(&field.name) {
        masked.insert(0, (inside(bytes, field.start..field.named), true));
    }
    masked
}

fn masked_value(bytes: &[u8], field: &FieldPlace) -> Vec<(Range<usize>, bool)> {
    let value = field.value.clone();
    let whole = inside(bytes, value.clone());
    let always = match (sensitivity(&field.name), fact_named(&field.name)) {
        (Some(true), _) => return vec![(whole, true)],
        (_, None) => return Vec::new(),
        (always, Some(fact)) => always.map(|_| !has_form(fact, bytes, value.clone())).or_else(|| {
            (bytes.get(value.start) != Some(&b'[') && !has_form(fact, bytes, value.clone())).then_some(true)
        }),
    };
    if let Some(always) = always {
        return vec![(whole, always)];
    }
    let Some(fact) = fact_named(&field.name).filter(|_| bytes.get(value.start) == Some(&b'[')) else {
        return Vec::new();
    };
    let text = text_of(bytes);
    let elements = elements_of(&text, value.clone());
    let broken = text.get(value.clone()).is_none_or(|list| each_element(list, |_| {}).is_err());
    if broken {
        return vec![(whole, true)];
    }
    let odd = elements.into_iter().filter(|one| !has_form(fact, bytes, one.clone()));
    odd.map(|one| (inside(bytes, one), true)).collect()
}

/// Whether the JSON value at `value` is one of the form of `fact`. A text with escapes is none.
fn has_form(fact: Fact, bytes: &[u8], value: Range<usize>) -> bool {
    let raw = bytes.get(value.clone()).unwrap_or_default();
    match raw {
        b"null" | b"true" | b"false" => true,
        [b'"' | b'-' | b'0'..=b'9', ..] => fact.has_form(bytes.get(inside(bytes, value)).unwrap_or_default()),
        _ => false,
    }
}

/// A value without its quotation marks.
fn inside(bytes: &[u8], value: Range<usize>) -> Range<usize> {
    if bytes.get(value.start) == Some(&b'"') && value.len() > 1 {
        value.start + 1..value.end - 1
    } else {
        value
    }
}

/// Whether a field's value names a person or may do so: `Some(true)` masked by default, `Some(false)` masked by
/// full redaction only. A name outside the vocabulary may hold anything.
pub(super) fn sensitivity(name: &str) -> Option<bool> {
    match fact_named(name) {
        None => (name != "lines").then_some(true),
        Some(
            Fact::PatientId
            | Fact::BirthDate
            | Fact::DeathDate
            | Fact::Note
            | Fact::Zip
            | Fact::MemberId
            | Fact::PayerControlNumber
            | Fact::PriorAuthorization
            | Fact::ReferralNumber
            | Fact::LineControlNumber,
        ) => Some(true),
        Some(
            Fact::ClaimId
            | Fact::ServiceDate
            | Fact::ServiceDateEnd
            | Fact::InitialTreatmentDate
            | Fact::LastSeenDate
            | Fact::OnsetDate
            | Fact::AcuteManifestationDate
            | Fact::AccidentDate
            | Fact::AdmissionDate
            | Fact::DischargeDate,
        ) => Some(false),
        Some(_) => None,
    }
}
