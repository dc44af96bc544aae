//! The forms of a segment are put together from all loops; here each loop is asked for itself.

use crate::guide::codes::pack;
use crate::guide::compiled::{Kind, Place};
use crate::guide::{ElementForm, Guide, is_code};

/// What some loop or other has for bytes like these: [`SegmentForms::form`](crate::guide::SegmentForms::form), by looking.
fn looked_for(guide: &Guide, id: &str, element: usize, part: usize, bytes: &[u8]) -> Option<ElementForm> {
    let nodes = guide.nodes.iter().filter(|node| guide.segments[usize::from(node.segment)].id == id);
    let forms = nodes.filter_map(|node| {
        let place = node.places.of(&guide.places).get(element.checked_sub(1)?)?;
        match (place.kind, part) {
            (Kind::Composite, 0) => Some(ElementForm::Composite),
            (Kind::Composite, part) => {
                let composite = guide.composites.get(usize::from(place.codes.start))?;
                has_form(guide, composite.parts.of(&guide.places).get(part - 1)?, bytes)
            }
            (_, 0) => has_form(guide, place, bytes),
            _ => None,
        }
    });
    forms.min_by_key(|form| *form == ElementForm::Text)
}

fn has_form(guide: &Guide, place: &Place, bytes: &[u8]) -> Option<ElementForm> {
    let fits = bytes.len() <= usize::from(place.most);
    let digits = |also: u8| {
        let number = bytes.strip_prefix(b"-").unwrap_or(bytes);
        bytes.len() <= 35 && number.iter().all(|byte| byte.is_ascii_digit() || *byte == also)
    };
    let is_stated = match place.long {
        true => place.codes.of(&guide.long_codes).iter().any(|code| code.as_bytes() == bytes),
        false => pack(bytes) != 0 && place.codes.of(&guide.codes).contains(&pack(bytes)),
    };
    let has_it = match place.kind {
        Kind::NotUsed | Kind::Binary => false,
        Kind::Text => return fits.then_some(ElementForm::Text),
        Kind::Composite => return Some(ElementForm::Composite),
        Kind::Coded if is_stated => true,
        Kind::Coded | Kind::Id => fits && is_code(bytes),
        Kind::Whole | Kind::Decimal => bytes.len() <= 18 && digits(b'.'),
        Kind::Date | Kind::Time | Kind::Period => digits(b'-'),
    };
    has_it.then_some(ElementForm::Strict)
}

#[test]
fn a_form_is_that_of_the_loop_that_has_one() {
    let guide = Guide::professional();
    let mut texts: Vec<Vec<u8>> = guide.codes.iter().map(|code| code.to_le_bytes().to_vec()).collect();
    texts.iter_mut().for_each(|text| text.retain(|byte| *byte != 0));
    texts.extend(guide.long_codes.iter().map(|code| code.as_bytes().to_vec()));
    texts.extend(
        ["", "-", "-1.5", "1-2", "20250303-20250304", "D.1", "DOE", "Jane Doe", "97110", "\u{e9}"]
            .map(Into::into),
    );
    // Both sides of each length that a place may have.
    texts.extend((1..=90).flat_map(|length| [b'1', b'x', b' '].map(|byte| vec![byte; length])));
    texts.sort();
    texts.dedup();
    let ids = guide.segments.iter().map(|segment| segment.id).chain(["", "X", "ZZZ", "CLMX", "CLM05"]);
    for id in ids {
        let forms = guide.forms(id.as_bytes());
        for element in 0..=25 {
            assert_eq!(
                forms.is_composite(element),
                looked_for(guide, id, element, 0, b"") == Some(ElementForm::Composite),
                "{id}{element}"
            );
            let parts = if forms.is_composite(element) { 0..=14 } else { 0..=1 };
            for part in parts {
                for text in &texts {
                    assert_eq!(
                        forms.form(element, part, text),
                        looked_for(guide, id, element, part, text),
                        "{id}{element}-{part} {}",
                        text.escape_ascii()
                    );
                }
            }
        }
    }
}
