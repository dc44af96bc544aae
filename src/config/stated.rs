use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::rules::{Located, Scalar, Weight};

/// A value with the file and the bytes it was written at.
#[derive(Clone, Debug)]
pub struct Stated<T> {
    /// The value.
    pub value: T,
    /// Index of its file among [`super::Config::files`].
    pub file: usize,
    /// Bytes of that file.
    pub at: Option<Range<usize>>,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Stated<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Located { value, at } = Located::<T>::deserialize(deserializer)?;
        Ok(Stated { value, file: 0, at })
    }
}

impl<T: JsonSchema> JsonSchema for Stated<T> {
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

// Keys of a mapping are told apart, and ordered, by what they say.
impl<T: PartialEq> PartialEq for Stated<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Stated<T> {}

impl<T: PartialOrd> PartialOrd for Stated<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl<T: Ord> Ord for Stated<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.cmp(&other.value)
    }
}

/// Says of everything in a value which file it stands in.
pub(super) trait InFile {
    fn set_file(&mut self, file: usize);
}

impl<T: InFile> InFile for Stated<T> {
    fn set_file(&mut self, file: usize) {
        self.file = file;
        self.value.set_file(file);
    }
}

impl<T: InFile> InFile for Option<T> {
    fn set_file(&mut self, file: usize) {
        self.iter_mut().for_each(|value| value.set_file(file));
    }
}

impl<T: InFile> InFile for BTreeMap<Stated<String>, T> {
    fn set_file(&mut self, file: usize) {
        *self = std::mem::take(self)
            .into_iter()
            .map(|(mut key, mut value)| {
                key.set_file(file);
                value.set_file(file);
                (key, value)
            })
            .collect();
    }
}

impl InFile for Words {
    fn set_file(&mut self, file: usize) {
        self.0.iter_mut().for_each(|word| word.set_file(file));
    }
}

/// Values that hold nothing with a place of its own.
macro_rules! without_places {
    ($($kind:ty),*) => {
        $(impl InFile for $kind {
            fn set_file(&mut self, _: usize) {}
        })*
    };
}

without_places!(String, bool, u64, Weight, super::FailOn, super::Redact, Refused);

/// A text, or a list of texts.
#[derive(Clone, Debug, Default)]
pub struct Words(pub Vec<Stated<String>>);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordsVisitor)
    }
}

struct WordsVisitor;

impl<'de> Visitor<'de> for WordsVisitor {
    type Value = Words;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, or a list of texts")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Words, E> {
        Ok(Words(vec![Stated { value: text.to_owned(), file: 0, at: None }]))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Words, E> {
        Err(E::custom("YAML takes a bare N, Y, NO or ON for no and yes: write it in brackets, as [N]"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Words, A::Error> {
        let mut words = Vec::new();
        while let Some(word) = items.next_element()? {
            words.push(word);
        }
        Ok(Words(words))
    }
}

impl JsonSchema for Words {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Words".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let item = generator.subschema_for::<Scalar>();
        json_schema!({"anyOf": [item, {"type": "array", "items": item}]})
    }
}

/// Anything, under a key that a configuration must not have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refused;

impl<'de> Deserialize<'de> for Refused {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Refused)
    }
}
