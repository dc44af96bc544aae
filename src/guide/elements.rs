//! Judges the elements of one segment that has found its place in the guide.

use super::codes::pack;
use super::compiled::{Guide, Kind, Node, Place};
use super::conditions::broken;
use super::faults::{GuideFault, in_characters, times};
use super::forms::{Number, Period, decimal, is_date, is_time, oddities, period, whole};
use super::glance::is_clean;
use crate::claim::Span;
use crate::x12::{Field, Segment};

/// Where in its segment something stands; 0 where it does not apply.
#[derive(Clone, Copy, Default)]
pub(super) struct Spot {
    pub(super) element: u8,
    pub(super) component: u8,
    pub(super) repetition: u8,
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

/// Checks `segment` as the segment with the node `number` of the loop `inside`, and adds what is wrong to `faults`.
/// Returns whether it was beyond doubt; `is_known` says that the same segment was.
#[inline]
pub(super) fn check(
    guide: &Guide,
    number: u16,
    inside: u16,
    segment: &Segment<'_, '_>,
    is_known: bool,
    faults: &mut Vec<GuideFault>,
) -> bool {
    let Some(node) = guide.node(number) else { return false };
    let clean = is_known || is_clean(guide, node, segment);
    // Where speed does not matter, both roads are taken and must agree.
    if !clean || cfg!(debug_assertions) {
        let before = faults.len();
        check_closely(guide, node, guide.loop_id(inside), segment, faults);
        debug_assert!(!clean || faults.len() == before, "faults in what was clean at a glance");
    }
    clean
}

/// Likewise, with a close look at everything.
fn check_closely(
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

/// Whether nothing is wrong, for what needs no second look; [`flaw`] decides about the rest.
#[inline(always)]
fn is_fine(guide: &Guide, place: &Place, bytes: &[u8], before: &[u8]) -> bool {
    let fits = |length: usize| length >= usize::from(place.least) && length <= usize::from(place.most);
    match place.kind {
        Kind::Text | Kind::Id => fits(bytes.len()),
        Kind::Coded => {
            let packed = pack(bytes);
            packed != 0 && !place.long && place.codes.of(&guide.codes).contains(&packed)
        }
        Kind::Decimal => matches!(decimal(bytes), Number::Digits(digits) if fits(digits)),
        Kind::Whole => matches!(whole(bytes), Number::Digits(digits) if fits(digits)),
        Kind::Date => is_date(bytes) && fits(bytes.len()),
        Kind::Time => is_time(bytes) && fits(bytes.len()),
        Kind::Period => period(before, bytes) == Period::Fine && fits(bytes.len()),
        Kind::Binary => true,
        Kind::NotUsed | Kind::Composite => false,
    }
}

#[cold]
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

pub(super) struct Judge<'a, 'l, 'b> {
    pub(super) guide: &'a Guide,
    pub(super) node: &'a Node,
    loop_id: &'static str,
    pub(super) segment: &'a Segment<'l, 'b>,
    faults: &'a mut Vec<GuideFault>,
    /// Elements that something is wrong with.
    reported: u64,
}

impl Judge<'_, '_, '_> {
    #[inline]
    fn field(&mut self, place: &Place, spot: Spot, field: Field<'_>, before: &[u8]) {
        if place.kind == Kind::Composite {
            self.composite(place, spot, field);
        } else if !is_fine(self.guide, place, field.bytes, before)
            && let Some(flaw) = flaw(self.guide, place, field.bytes, before)
        {
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
                        if !is_fine(self.guide, part, bytes, before)
                            && let Some(flaw) = flaw(self.guide, part, bytes, before)
                        {
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
                let values = vec![("most", times(usize::from(place.repeats.max(1))))];
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
        let long = |length: usize| vec![("length", in_characters(length)), ("most", place.most.to_string())];
        let short =
            |length: usize| vec![("length", in_characters(length)), ("least", place.least.to_string())];
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
    pub(super) fn nothing_at(&self, index: usize) -> Field<'static> {
        Field { bytes: &[], offset: self.segment.element(index + 1).offset }
    }

    pub(super) fn name(&self, spot: Spot) -> String {
        let id = String::from_utf8_lossy(self.segment.id_bytes());
        match spot.component {
            0 => format!("{id}{:02}", spot.element),
            component => format!("{id}{:02}-{component:02}", spot.element),
        }
    }

    #[cold]
    pub(super) fn fault(
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

pub(super) fn spot(index: usize) -> Spot {
    Spot { element: index as u8 + 1, ..Spot::default() }
}
