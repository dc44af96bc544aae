//! Judges the elements of one segment that has found its place in the guide.

use super::compiled::{Condition, Guide, Kind, Node, Place, pack};
use super::faults::GuideFault;
use super::forms::{Number, Period, decimal, is_date, is_time, oddities, period, whole};
use crate::claim::Span;
use crate::x12::{Field, Segment};

/// Where in its segment something stands; 0 where it does not apply.
#[derive(Clone, Copy, Default)]
struct Spot {
    element: u8,
    component: u8,
    repetition: u8,
}

/// What is wrong with what stands in a place.
enum Flaw {
    NotUsed,
    Short(usize),
    Long(usize),
    Character(&'static str),
    Code,
    Date,
    Time,
}

/// Stands for a repetition separator where there is none: no byte of ASCII or of UTF-8.
const NO_SEPARATOR: u8 = 0xff;

/// Checks `segment` as the segment `node` of the loop `loop_id`, and adds what is wrong to `faults`.
pub(super) fn check(
    guide: &Guide,
    node: &Node,
    loop_id: &'static str,
    segment: &Segment<'_, '_>,
    faults: &mut Vec<GuideFault>,
) {
    let places = node.places.of(&guide.places);
    let delimiters = segment.delimiters();
    let odd = oddities(segment.raw(), delimiters.component, delimiters.repetition.unwrap_or(NO_SEPARATOR));
    let mut judge = Judge { guide, node, loop_id, segment, faults, reported: 0 };
    let mut present = 0;
    let mut before: &[u8] = &[];
    for (index, place) in places.iter().enumerate().take(segment.len()) {
        let field = segment.element(index + 1);
        if field.bytes.is_empty() {
            before = field.bytes;
            continue;
        }
        if field.bytes[0] == b' ' && judge.is_blank(index, place, field) {
            continue;
        }
        if place.kind != Kind::NotUsed {
            present |= 1 << index;
        }
        let spot = Spot { element: index as u8 + 1, ..Spot::default() };
        if odd.repetition && delimiters.repetition.is_some_and(|byte| field.bytes.contains(&byte)) {
            judge.repetitions(place, spot, field, before);
        } else {
            judge.field(place, spot, field, before);
        }
        before = field.bytes;
    }
    let missing = node.required & !present;
    let conditions = guide
        .segments
        .get(usize::from(node.segment))
        .map_or(&[][..], |kind| kind.conditions.of(&guide.conditions));
    if missing != 0 || conditions.iter().any(|one| broken(one, present)) {
        judge.absences(missing, conditions, present);
    }
    if segment.len() > places.len() {
        judge.excess(places.len());
    }
    if odd.control || odd.component && !node.has_composite {
        judge.odd_characters(odd.control);
    }
}

/// Whether what is present breaks the condition (X12.6, section 3.7.2.2: relational conditions).
#[inline]
fn broken(condition: &Condition, present: u64) -> bool {
    let here = condition.mask & present;
    let first = present >> condition.first & 1 != 0;
    match condition.letter {
        b'P' => here != 0 && here != condition.mask,
        b'R' => here == 0,
        b'E' => here.count_ones() > 1,
        b'C' => first && here != condition.mask,
        b'L' => first && here.count_ones() == 1,
        _ => false,
    }
}

#[inline]
fn flaw(guide: &Guide, place: &Place, bytes: &[u8], before: &[u8]) -> Option<Flaw> {
    let length = |length: usize| {
        if length > usize::from(place.most) {
            Some(Flaw::Long(length))
        } else if length < usize::from(place.least) {
            Some(Flaw::Short(length))
        } else {
            None
        }
    };
    match place.kind {
        Kind::Text | Kind::Id => match length(bytes.len()) {
            Some(Flaw::Long(_)) => length(characters(bytes)),
            other => other,
        },
        Kind::Coded => {
            let known = if place.long {
                place.codes.of(&guide.long_codes).iter().any(|code| code.as_bytes() == bytes)
            } else {
                let packed = pack(bytes);
                packed != 0 && place.codes.of(&guide.codes).contains(&packed)
            };
            if known { None } else { length(characters(bytes)).or(Some(Flaw::Code)) }
        }
        Kind::Decimal => match decimal(bytes) {
            Number::Digits(digits) => length(digits),
            Number::Malformed => Some(Flaw::Character("a number")),
        },
        Kind::Whole => match whole(bytes) {
            Number::Digits(digits) => length(digits),
            Number::Malformed => Some(Flaw::Character("a whole number")),
        },
        Kind::Date => (!is_date(bytes) || length(bytes.len()).is_some()).then_some(Flaw::Date),
        Kind::Time => (!is_time(bytes) || length(bytes.len()).is_some()).then_some(Flaw::Time),
        Kind::Period => match period(before, bytes) {
            Period::Fine => length(bytes.len()),
            Period::NoDate => Some(Flaw::Date),
            Period::NoTime => Some(Flaw::Time),
        },
        Kind::NotUsed => Some(Flaw::NotUsed),
        Kind::Binary | Kind::Composite => None,
    }
}

/// Characters of UTF-8; of anything else, bytes.
#[cold]
fn characters(bytes: &[u8]) -> usize {
    std::str::from_utf8(bytes).map_or(bytes.len(), |text| text.chars().count())
}

struct Judge<'a, 'l, 'b> {
    guide: &'a Guide,
    node: &'a Node,
    loop_id: &'static str,
    segment: &'a Segment<'l, 'b>,
    faults: &'a mut Vec<GuideFault>,
    /// Elements that something is wrong with.
    reported: u64,
}

impl Judge<'_, '_, '_> {
    #[inline]
    fn field(&mut self, place: &Place, spot: Spot, field: Field<'_>, before: &[u8]) {
        if place.kind == Kind::Composite {
            self.composite(place, spot, field);
        } else if let Some(flaw) = flaw(self.guide, place, field.bytes, before) {
            self.flawed(flaw, place, spot, field);
        }
    }

    fn composite(&mut self, place: &Place, spot: Spot, field: Field<'_>) {
        let Some(composite) = self.guide.composites.get(usize::from(place.codes.start)) else { return };
        let parts = composite.parts.of(&self.guide.places);
        let mut present = 0_u64;
        let mut before: &[u8] = &[];
        let mut excess = false;
        let mut components = field.components(self.segment.delimiters().component);
        for (index, component) in components.by_ref().enumerate() {
            let bytes = component.bytes;
            if !bytes.is_empty() {
                match parts.get(index) {
                    Some(part) => {
                        let spot = Spot { component: index as u8 + 1, ..spot };
                        let blank = bytes[0] == b' ' && bytes.trim_ascii().is_empty();
                        let wanted = composite.required >> index & 1 != 0 || part.kind == Kind::NotUsed;
                        if blank && wanted {
                            continue;
                        }
                        if part.kind != Kind::NotUsed {
                            present |= 1 << index;
                        }
                        if let Some(flaw) = flaw(self.guide, part, bytes, before) {
                            self.flawed(flaw, part, spot, component);
                        }
                    }
                    None if !std::mem::replace(&mut excess, true) => {
                        let component_number = u8::try_from(index + 1).unwrap_or(u8::MAX);
                        let spot = Spot { component: component_number, ..spot };
                        self.fault("element-excess", spot, 0, component, Vec::new(), "one too many");
                    }
                    None => {}
                }
            }
            before = bytes;
        }
        let missing = composite.required & !present;
        let conditions = composite.conditions.of(&self.guide.conditions);
        if missing != 0 || conditions.iter().any(|one| broken(one, present)) {
            self.missing_parts(parts, missing, conditions, present, spot, field);
        }
    }

    #[cold]
    fn is_blank(&self, index: usize, place: &Place, field: Field<'_>) -> bool {
        let wanted = self.node.required >> index & 1 != 0 || place.kind == Kind::NotUsed;
        wanted && field.bytes.trim_ascii().is_empty()
    }

    #[cold]
    fn repetitions(&mut self, place: &Place, spot: Spot, field: Field<'_>, before: &[u8]) {
        let Some(separator) = self.segment.delimiters().repetition else { return };
        if place.kind == Kind::NotUsed {
            return self.flawed(Flaw::NotUsed, place, spot, field);
        }
        for (index, one) in field.components(separator).enumerate() {
            if index >= usize::from(place.repeats.max(1)) {
                let values = vec![("most", place.repeats.max(1).to_string())];
                self.fault("element-repeat", spot, place.element, field, values, "repeated too often");
                return;
            }
            if !one.bytes.is_empty() && place.repeats > 1 {
                self.field(place, Spot { repetition: index as u8 + 1, ..spot }, one, before);
            }
        }
    }

    #[cold]
    fn flawed(&mut self, flaw: Flaw, place: &Place, spot: Spot, field: Field<'_>) {
        let long = |length: usize| vec![("length", length.to_string()), ("most", place.most.to_string())];
        let short = |length: usize| vec![("length", length.to_string()), ("least", place.least.to_string())];
        let (name, values, label) = match flaw {
            Flaw::NotUsed => ("element-not-used", Vec::new(), "not used here".to_owned()),
            Flaw::Long(length) => {
                ("element-long", long(length), format!("{length} long, {} at most", place.most))
            }
            Flaw::Short(length) => {
                ("element-short", short(length), format!("{length} long, {} at least", place.least))
            }
            Flaw::Character(expected) => {
                ("element-character", vec![("expected", expected.to_owned())], format!("not {expected}"))
            }
            Flaw::Code => ("element-code", Vec::new(), "not a code of the guide".to_owned()),
            Flaw::Date => ("element-date", Vec::new(), "not a date".to_owned()),
            Flaw::Time => ("element-time", Vec::new(), "not a time".to_owned()),
        };
        self.fault(name, spot, place.element, field, values, &label);
    }

    /// What a segment lacks: required elements, then what its conditions ask for.
    #[cold]
    fn absences(&mut self, mut missing: u64, conditions: &[Condition], present: u64) {
        let places = self.node.places.of(&self.guide.places);
        for index in bits(missing) {
            let element = places.get(index).map_or(0, |place| place.element);
            let what = vec![("what", self.node.name.to_owned())];
            self.fault("element-missing", spot(index), element, self.nothing_at(index), what, "missing");
        }
        for condition in conditions {
            let Some((name, index, other)) = blame(condition, present, places) else { continue };
            if missing >> index & 1 != 0 {
                continue;
            }
            missing |= 1 << index;
            let other = self.name(spot(other));
            let element = places.get(index).map_or(0, |place| place.element);
            let (field, label) = match name {
                "element-exclusion" => {
                    (self.segment.element(index + 1), format!("not together with {other}"))
                }
                _ => (self.nothing_at(index), format!("needed with {other}")),
            };
            self.fault(name, spot(index), element, field, vec![("other", other)], &label);
        }
    }

    #[cold]
    fn missing_parts(
        &mut self,
        parts: &[Place],
        mut missing: u64,
        conditions: &[Condition],
        present: u64,
        spot: Spot,
        field: Field<'_>,
    ) {
        let mut all = Vec::new();
        for index in bits(missing) {
            all.push(("element-missing", index, ("what", self.node.name.to_owned()), "missing".to_owned()));
        }
        for condition in conditions {
            let Some((name, index, other)) = blame(condition, present, parts) else { continue };
            if missing >> index & 1 != 0 {
                continue;
            }
            missing |= 1 << index;
            let other = self.name(Spot { component: other as u8 + 1, ..spot });
            let label = match name {
                "element-exclusion" => format!("not together with {other}"),
                _ => format!("needed with {other}"),
            };
            all.push((name, index, ("other", other), label));
        }
        for (name, index, value, label) in all {
            let mut components = field.components(self.segment.delimiters().component);
            let mut place = components.take_next();
            for _ in 0..index {
                place = components.take_next();
            }
            if name != "element-exclusion" {
                place.bytes = &[];
            }
            let element = parts.get(index).map_or(0, |part| part.element);
            self.fault(
                name,
                Spot { component: index as u8 + 1, ..spot },
                element,
                place,
                vec![value],
                &label,
            );
        }
    }

    #[cold]
    fn excess(&mut self, known: usize) {
        let beyond = (known + 1..=self.segment.len()).map(|index| (index, self.segment.element(index)));
        // Separators with nothing behind them are put up with everywhere.
        let Some((index, field)) = beyond.into_iter().find(|(_, field)| !field.bytes.trim_ascii().is_empty())
        else {
            return;
        };
        let element = u8::try_from(index).unwrap_or(u8::MAX);
        let spot = Spot { element, ..Spot::default() };
        self.fault("element-excess", spot, 0, field, Vec::new(), "one too many");
    }

    #[cold]
    fn odd_characters(&mut self, control: bool) {
        let delimiters = self.segment.delimiters();
        let places = self.node.places.of(&self.guide.places);
        for (index, place) in places.iter().enumerate().take(self.segment.len()) {
            let field = self.segment.element(index + 1);
            if self.reported >> index & 1 != 0 {
                continue;
            }
            let separates = |byte: u8| byte == delimiters.component || Some(byte) == delimiters.repetition;
            let is_control = |byte: &u8| byte.is_ascii_control() && !separates(*byte);
            let expected = if control && field.bytes.iter().any(is_control) {
                "without control characters"
            } else if !self.node.has_composite && field.bytes.contains(&delimiters.component) {
                "without the component separator"
            } else {
                continue;
            };
            let values = vec![("expected", expected.to_owned())];
            let label = if control { "control characters" } else { "holds the component separator" };
            self.fault("element-character", spot(index), place.element, field, values, label);
        }
    }

    /// The place of an element that is not there.
    fn nothing_at(&self, index: usize) -> Field<'static> {
        Field { bytes: &[], offset: self.segment.element(index + 1).offset }
    }

    fn name(&self, spot: Spot) -> String {
        let id = String::from_utf8_lossy(self.segment.id_bytes());
        match spot.component {
            0 => format!("{id}{:02}", spot.element),
            component => format!("{id}{:02}-{component:02}", spot.element),
        }
    }

    #[cold]
    fn fault(
        &mut self,
        name: &'static str,
        spot: Spot,
        data_element: u16,
        field: Field<'_>,
        mut values: Vec<(&'static str, String)>,
        label: &str,
    ) {
        if (1..=64).contains(&spot.element) {
            self.reported |= 1 << (spot.element - 1);
        }
        values.insert(0, ("element", self.name(spot)));
        self.faults.push(GuideFault {
            name,
            span: Span::new(field.offset, u32::try_from(field.bytes.len()).unwrap_or(u32::MAX)),
            at: (self.segment.offset(), self.segment.number()),
            loop_id: self.loop_id,
            element: spot.element,
            component: spot.component,
            repetition: spot.repetition,
            data_element,
            segment: String::from_utf8_lossy(self.segment.id_bytes()).into_owned(),
            name_of_segment: self.node.name,
            values,
            label: label.to_owned(),
        });
    }
}

/// Reports that the key element names nothing that may stand here, or is not there.
#[cold]
pub(super) fn key_fault(
    guide: &Guide,
    node: &Node,
    loop_id: &'static str,
    segment: &Segment<'_, '_>,
    key: (u8, u8),
    faults: &mut Vec<GuideFault>,
) {
    let (element, component) = key;
    let place = node.places.of(&guide.places).get(usize::from(element).wrapping_sub(1));
    let field = match component {
        0 => segment.element(usize::from(element)),
        part => segment.component(usize::from(element), usize::from(part)),
    };
    let data_element = match (place, component) {
        (Some(place), 0) => place.element,
        (Some(place), part) => guide
            .composites
            .get(usize::from(place.codes.start))
            .and_then(|composite| composite.parts.of(&guide.places).get(usize::from(part) - 1))
            .map_or(0, |part| part.element),
        _ => 0,
    };
    let mut judge = Judge { guide, node, loop_id, segment, faults, reported: 0 };
    let spot = Spot { element, component, repetition: 0 };
    if field.bytes.trim_ascii().is_empty() {
        let what = vec![("what", node.name.to_owned())];
        judge.fault("element-missing", spot, data_element, Field { bytes: &[], ..field }, what, "missing");
    } else {
        judge.fault("element-code", spot, data_element, field, Vec::new(), "not a code of the guide");
    }
}

/// What to report of a broken condition: the fault, the place it is about, and the place it depends on. `None` where
/// the condition holds, or asks for what the guide does not use.
fn blame(condition: &Condition, present: u64, places: &[Place]) -> Option<(&'static str, usize, usize)> {
    if !broken(condition, present) {
        return None;
    }
    let used = |index: &usize| places.get(*index).is_some_and(|place| place.kind != Kind::NotUsed);
    let here = condition.mask & present;
    if condition.letter == b'E' {
        let mut both = bits(here);
        let first = both.next()?;
        return Some(("element-exclusion", both.next()?, first));
    }
    let absent = bits(condition.mask & !present).find(used)?;
    let other = match condition.letter {
        b'P' => bits(here).next()?,
        b'R' => bits(condition.mask).find(|index| *index != absent).unwrap_or(absent),
        _ => usize::from(condition.first),
    };
    Some(("element-conditional", absent, other))
}

fn spot(index: usize) -> Spot {
    Spot { element: index as u8 + 1, ..Spot::default() }
}

fn bits(mask: u64) -> impl Iterator<Item = usize> {
    (0..64).filter(move |index| mask >> index & 1 != 0)
}
