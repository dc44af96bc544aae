use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value with the bytes of the YAML text it was read from; nowhere, for one read from the embedded JSON.
#[derive(Clone)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    pub(crate) at: Option<Range<usize>>,
}

impl<T> Located<T> {
    /// The same place with another value.
    pub(crate) fn with<U>(&self, value: U) -> Located<U> {
        Located { value, at: self.at.clone() }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Located<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = serde_saphyr::Spanned::<T>::deserialize(deserializer)?;
        Ok(Located { at: bytes(spanned.referenced), value: spanned.value })
    }
}

impl<T: Serialize> Serialize for Located<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl<T: JsonSchema> JsonSchema for Located<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

impl<T: fmt::Debug> fmt::Debug for Located<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: PartialEq> PartialEq for Located<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Located<T> {}

impl<T: PartialOrd> PartialOrd for Located<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl<T: Ord> Ord for Located<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.cmp(&other.value)
    }
}

/// In the schema alone: a text that YAML may take for a number, since values arrive as typed.
pub(crate) struct Scalar;

impl JsonSchema for Scalar {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Scalar".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": ["string", "number"]})
    }
}

fn bytes(location: serde_saphyr::Location) -> Option<Range<usize>> {
    let span = location.span();
    let start = usize::try_from(span.byte_offset()?).ok()?;
    let length = usize::try_from(span.byte_len()?).ok()?;
    Some(start..start + length)
}

/// Why a text is not what it should be. The first fault of the text; where it is known to the byte.
#[derive(Clone, Debug)]
pub(crate) enum ShapeFault {
    /// A key, or a name in a closed set, that nobody knows.
    Unknown { what: &'static str, name: String, expected: Vec<&'static str>, at: Option<Range<usize>> },
    /// A key that must be there.
    Missing { key: String, at: Option<Range<usize>> },
    /// Anything else.
    Other { message: String, at: Option<Range<usize>> },
}

/// Reads a YAML text into typed values that know where they stood.
pub(crate) fn read_yaml<T: DeserializeOwned>(text: &str) -> Result<T, ShapeFault> {
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| fault(error.without_snippet(), text))
}

fn fault(error: &serde_saphyr::Error, text: &str) -> ShapeFault {
    use serde_saphyr::Error;
    let at = error.location().and_then(|location| {
        bytes(location).or_else(|| {
            let line = text.split_inclusive('\n').take(location.line().saturating_sub(1) as usize);
            let start = line.map(str::len).sum::<usize>();
            Some(start..start)
        })
    });
    match error {
        Error::SerdeUnknownField { field, expected, .. } => {
            ShapeFault::Unknown { what: "key", name: field.clone(), expected: expected.clone(), at }
        }
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            ShapeFault::Unknown { what: "value", name: variant.clone(), expected: expected.clone(), at }
        }
        Error::SerdeMissingField { field, .. } => ShapeFault::Missing { key: (*field).to_owned(), at },
        Error::DuplicateMappingKey { key, .. } => ShapeFault::Other {
            message: match key {
                Some(key) => format!("the key `{key}` stands twice in one mapping"),
                None => "a key stands twice in one mapping".to_owned(),
            },
            at,
        },
        Error::SerdeInvalidType { unexpected, expected, .. }
        | Error::SerdeInvalidValue { unexpected, expected, .. } => {
            ShapeFault::Other { message: format!("expected {expected}, found {unexpected}"), at }
        }
        Error::Unexpected { expected, .. } => ShapeFault::Other {
            message: match *expected {
                "mapping start" => "expected a mapping, `key: value`".to_owned(),
                "sequence start" => "expected a list".to_owned(),
                "string scalar" => "expected a text".to_owned(),
                other => format!("expected {other}"),
            },
            at,
        },
        Error::Message { msg, .. } => ShapeFault::Other { message: plainly(msg.clone()), at },
        other => ShapeFault::Other { message: plainly(first_line(&other.to_string())), at },
    }
}

/// What the YAML library says of a number it cannot read, in words of people: it names its own types.
fn plainly(message: String) -> String {
    let kinds = [
        ("u8", u64::from(u8::MAX)),
        ("u16", u64::from(u16::MAX)),
        ("u32", u64::from(u32::MAX)),
        ("i64", 0),
        ("u64", 0),
    ];
    let named = kinds.into_iter().find(|(kind, _)| message.split_whitespace().any(|word| word == *kind));
    match named.filter(|_| message.starts_with("invalid")) {
        Some((_, 0)) => "expected a whole number".to_owned(),
        Some((_, most)) => format!("expected a whole number from 0 to {most}"),
        None => message,
    }
}

/// The first line of a message, without the place that the excerpt shows anyway.
fn first_line(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    line.split(" at line ").next().unwrap_or(line).to_owned()
}
