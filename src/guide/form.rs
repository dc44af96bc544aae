//! Whether bytes have the form of what the guide has for a place, wherever in the file the segment stands.

use super::codes::pack;
use super::compiled::{Guide, Kind, Place};

/// What a place holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ElementForm {
    /// Components; ask for each of them.
    Composite,
    /// Whatever the sender likes.
    Text,
    /// A code, a number, a date or a time.
    Strict,
}

impl Guide {
    /// What the guide has for the elements of the segment `id`, over all its loops.
    pub fn forms(&self, id: &[u8]) -> SegmentForms<'_> {
        let all = self.forms.get_or_init(|| forms(self));
        let segment = self.segment_index(pack(id)).and_then(|segment| all.get(usize::from(segment)));
        SegmentForms(segment.map_or(&[][..], Vec::as_slice))
    }
}

/// What the elements of one segment may look like, in whatever loop it stands.
#[derive(Clone, Copy, Debug)]
pub struct SegmentForms<'g>(&'g [Uses]);

impl<'g> SegmentForms<'g> {
    /// Whether the element (from 1) has components.
    pub fn is_composite(self, element: usize) -> bool {
        self.uses(element, 0).is_some_and(|uses| uses.composite)
    }

    /// The form that `bytes` have of those that some loop of the guide has for the element (from 1), and for a component
    /// of it (from 1; 0: the element itself). `None` if the guide has no use for the element there, or none for bytes
    /// like these: too long, or a word where a code belongs.
    pub fn form(self, element: usize, component: usize, bytes: &[u8]) -> Option<ElementForm> {
        self.uses(element, component)?.form(bytes)
    }

    fn uses(self, element: usize, component: usize) -> Option<&'g Uses> {
        let element = self.0.get(element.checked_sub(1)?)?;
        match component.checked_sub(1) {
            None => Some(element),
            Some(part) => element.parts.get(part),
        }
    }
}

/// What some loop or other has for one element or component.
#[derive(Clone, Default, Debug)]
pub(super) struct Uses {
    composite: bool,
    parts: Vec<Uses>,
    number: bool,
    date: bool,
    /// How long a code may be, stated or kept by others; `None` where no code belongs.
    code: Option<u16>,
    /// How long a text may be, likewise.
    text: Option<u16>,
    /// The codes that are stated; packed ones in order.
    codes: Vec<u32>,
    long_codes: Vec<&'static str>,
}

/// What each segment of the guide has in all loops together, by the segment's index.
fn forms(guide: &Guide) -> Vec<Vec<Uses>> {
    let mut all = vec![Vec::new(); guide.segments.len()];
    for node in &guide.nodes {
        if let Some(elements) = all.get_mut(usize::from(node.segment)) {
            add(elements, node.places.of(&guide.places), guide);
        }
    }
    all
}

fn add(all: &mut Vec<Uses>, places: &[Place], guide: &Guide) {
    if all.len() < places.len() {
        all.resize_with(places.len(), Uses::default);
    }
    for (uses, place) in all.iter_mut().zip(places) {
        match place.kind {
            Kind::NotUsed | Kind::Binary => {}
            Kind::Text => uses.text = uses.text.max(Some(place.most)),
            Kind::Coded | Kind::Id => uses.code = uses.code.max(Some(place.most)),
            Kind::Whole | Kind::Decimal => uses.number = true,
            Kind::Date | Kind::Time | Kind::Period => uses.date = true,
            Kind::Composite => {
                uses.composite = true;
                if let Some(composite) = guide.composites.get(usize::from(place.codes.start)) {
                    add(&mut uses.parts, composite.parts.of(&guide.places), guide);
                }
            }
        }
        match place.kind {
            Kind::Coded if place.long => uses.long_codes.extend(place.codes.of(&guide.long_codes)),
            Kind::Coded => {
                uses.codes.extend(place.codes.of(&guide.codes));
                uses.codes.sort_unstable();
                uses.codes.dedup();
            }
            _ => {}
        }
    }
}

impl Uses {
    fn form(&self, bytes: &[u8]) -> Option<ElementForm> {
        if self.composite {
            return Some(ElementForm::Composite);
        }
        let fits = |most: Option<u16>| most.is_some_and(|most| bytes.len() <= usize::from(most));
        let digits = |also: u8| {
            let number = bytes.strip_prefix(b"-").unwrap_or(bytes);
            number.iter().all(|byte| byte.is_ascii_digit() || *byte == also)
        };
        let is_strict = fits(self.code) && is_code(bytes)
            || self.is_stated(bytes)
            || self.number && bytes.len() <= 18 && digits(b'.')
            || self.date && bytes.len() <= 35 && digits(b'-');
        match is_strict {
            true => Some(ElementForm::Strict),
            false => fits(self.text).then_some(ElementForm::Text),
        }
    }

    fn is_stated(&self, bytes: &[u8]) -> bool {
        let packed = pack(bytes);
        packed != 0 && self.codes.binary_search(&packed).is_ok()
            || self.long_codes.iter().any(|code| code.as_bytes() == bytes)
    }
}

/// Whether this reads as a code and not as a word: letters and digits, one of them a digit if there are more than two.
pub fn is_code(bytes: &[u8]) -> bool {
    let is_short = bytes.len() <= 2;
    bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'.')
        && (is_short || bytes.len() <= 15 && bytes.iter().any(u8::is_ascii_digit))
}
