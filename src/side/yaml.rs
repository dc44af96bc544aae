//! What YAML side files share: values with their places, one or several.

use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_saphyr::{Location, Spanned};

/// One value, which is read from the text as typed ([`typed`]), or several.
pub(super) enum OneOrMany {
    One,
    Several(Vec<Spanned<String>>),
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrManyVisitor)
    }
}

struct OneOrManyVisitor;

impl<'de> Visitor<'de> for OneOrManyVisitor {
    type Value = OneOrMany;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one value, or a list of them")
    }

    fn visit_str<E>(self, _: &str) -> Result<OneOrMany, E> {
        Ok(OneOrMany::One)
    }

    fn visit_bool<E>(self, _: bool) -> Result<OneOrMany, E> {
        Ok(OneOrMany::One)
    }

    fn visit_u64<E>(self, _: u64) -> Result<OneOrMany, E> {
        Ok(OneOrMany::One)
    }

    fn visit_i64<E>(self, _: i64) -> Result<OneOrMany, E> {
        Ok(OneOrMany::One)
    }

    fn visit_f64<E>(self, _: f64) -> Result<OneOrMany, E> {
        Ok(OneOrMany::One)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<OneOrMany, A::Error> {
        let mut several = Vec::new();
        while let Some(one) = items.next_element()? {
            several.push(one);
        }
        Ok(OneOrMany::Several(several))
    }
}

/// A scalar as it stands in the text, without quotes: a number would have lost its zeros.
pub(super) fn typed(location: Location, text: &str) -> String {
    let span = location.span();
    let range = || {
        let start = usize::try_from(span.byte_offset()?).ok()?;
        Some(start..start + usize::try_from(span.byte_len()?).ok()?)
    };
    let stated = range().and_then(|range| text.get(range)).unwrap_or_default();
    stated.trim().trim_matches(['"', '\'']).to_owned()
}

/// A place as errors name it.
pub(super) fn place(location: Location) -> String {
    format!("line {}, column {}", location.line(), location.column())
}
