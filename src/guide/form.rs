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
    /// The form that `bytes` have of those that some loop of the guide has for the element (from 1) of the segment
    /// `id`, and for a component of it (from 1; 0: the element itself). `None` if the guide has no use for the
    /// element there, or none for bytes like these: too long, or a word where a code belongs.
    pub fn form(&self, id: &[u8], element: usize, component: usize, bytes: &[u8]) -> Option<ElementForm> {
        let segment = self.segments.iter().position(|kind| kind.id.as_bytes() == id)?;
        let forms =
            self.nodes.iter().filter(|node| usize::from(node.segment) == segment).filter_map(|node| {
                let place = node.places.of(&self.places).get(element.checked_sub(1)?)?;
                match (place.kind, component) {
                    (Kind::Composite, 0) => Some(ElementForm::Composite),
                    (Kind::Composite, part) => {
                        let composite = self.composites.get(usize::from(place.codes.start))?;
                        self.has_form(composite.parts.of(&self.places).get(part - 1)?, bytes)
                    }
                    (_, 0) => self.has_form(place, bytes),
                    _ => None,
                }
            });
        forms.min_by_key(|form| *form == ElementForm::Text)
    }

    fn has_form(&self, place: &Place, bytes: &[u8]) -> Option<ElementForm> {
        let fits = bytes.len() <= usize::from(place.most);
        let digits = |also: &[u8]| {
            let number = bytes.strip_prefix(b"-").unwrap_or(bytes);
            bytes.len() <= 35 && number.iter().all(|byte| byte.is_ascii_digit() || also.contains(byte))
        };
        let has_it = match place.kind {
            Kind::NotUsed => false,
            Kind::Text => return fits.then_some(ElementForm::Text),
            Kind::Composite => return Some(ElementForm::Composite),
            Kind::Coded if self.is_stated(place, bytes) => true,
            Kind::Coded | Kind::Id => fits && is_code(bytes),
            Kind::Whole | Kind::Decimal => bytes.len() <= 18 && digits(b"."),
            Kind::Date | Kind::Time | Kind::Period => digits(b"-"),
            Kind::Binary => false,
        };
        has_it.then_some(ElementForm::Strict)
    }

    fn is_stated(&self, place: &Place, bytes: &[u8]) -> bool {
        if place.long {
            return place.codes.of(&self.long_codes).iter().any(|code| code.as_bytes() == bytes);
        }
        let packed = pack(bytes);
        packed != 0 && place.codes.of(&self.codes).contains(&packed)
    }
}

/// Whether this reads as a code and not as a word: letters and digits, one of them a digit if there are more than two.
pub fn is_code(bytes: &[u8]) -> bool {
    let is_short = bytes.len() <= 2;
    bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'.')
        && (is_short || bytes.len() <= 15 && bytes.iter().any(u8::is_ascii_digit))
}
