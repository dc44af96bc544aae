use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::located::{Located, Scalar};
use crate::claim::Fact;

/// A `when` as its YAML states it. A mapping of several keys is the conjunction of them.
#[derive(Clone, Debug)]
pub(crate) enum RawTree {
    All(Vec<RawTree>),
    Any(Vec<RawTree>),
    Not(Box<RawTree>),
    Leaf(Located<String>, Box<RawTest>),
}

/// The tests of one fact, all of which must pass. Values are texts as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct RawTest {
    /// One of these codes.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    pub(crate) one_of: Option<Located<RawNames>>,
    /// There, and not one of these codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) not_in: Option<Located<RawNames>>,
    /// There, and none of the values is one of these codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) none_in: Option<Located<RawNames>>,
    /// Exactly this.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Scalar>")]
    pub(crate) is: Option<Located<String>>,
    /// There, and not this.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Scalar>")]
    pub(crate) is_not: Option<Located<String>>,
    /// More than this number; dollars for amounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Scalar>")]
    pub(crate) above: Option<Located<String>>,
    /// Less than this number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Scalar>")]
    pub(crate) below: Option<Located<String>>,
    /// This number or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Scalar>")]
    pub(crate) at_least: Option<Located<String>>,
    /// This number or less.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Scalar>")]
    pub(crate) at_most: Option<Located<String>>,
    /// This date or time, or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<Located<String>>,
    /// This date or time, or earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<Located<String>>,
    /// Whether the fact is stated at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) present: Option<Located<bool>>,
    /// Begins with one of these texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) starts_with: Option<Located<RawBeginnings>>,
    /// A regular expression for the whole value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) matches: Option<Located<String>>,
}

/// One text (mostly the name of a list), or texts in place.
#[derive(Clone, Debug)]
pub(crate) enum RawNames {
    One(String),
    Inline(Vec<Located<String>>),
}

/// How values may begin.
#[derive(Clone, Debug)]
pub(crate) enum RawBeginnings {
    /// One text.
    One(String),
    /// One that YAML takes for a number or a switch: it would have lost its zeros. [`RawTree::take_as_typed`] makes it a text.
    Typed,
    /// Several texts.
    Several(Vec<Located<String>>),
}

impl RawTree {
    /// Takes what YAML took for a number or a switch, and is meant as a text, as it stands in the `text` of the file.
    pub(super) fn take_as_typed(&mut self, text: &str) {
        match self {
            RawTree::All(parts) | RawTree::Any(parts) => {
                parts.iter_mut().for_each(|part| part.take_as_typed(text));
            }
            RawTree::Not(part) => part.take_as_typed(text),
            RawTree::Leaf(_, test) => {
                if let Some(Located { value: value @ RawBeginnings::Typed, at }) = &mut test.starts_with {
                    let stated = at.clone().and_then(|at| text.get(at)).unwrap_or_default();
                    *value = RawBeginnings::One(stated.trim().to_owned());
                }
            }
        }
    }
}

impl<'de> Deserialize<'de> for RawTree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = RawTree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a condition: `all`, `any`, `not`, or a fact with its tests")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawTree, A::Error> {
        let mut parts = Vec::new();
        while let Some(key) = map.next_key::<Located<String>>()? {
            parts.push(match key.value.as_str() {
                "all" => RawTree::All(map.next_value()?),
                "any" => RawTree::Any(map.next_value()?),
                "not" => RawTree::Not(map.next_value()?),
                _ => RawTree::Leaf(key, map.next_value()?),
            });
        }
        match parts.len() {
            0 => Err(A::Error::custom("an empty condition; leave `when` out to mean every line")),
            1 => Ok(parts.swap_remove(0)),
            _ => Ok(RawTree::All(parts)),
        }
    }
}

impl Serialize for RawTree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        match self {
            RawTree::All(parts) => map.serialize_entry("all", parts)?,
            RawTree::Any(parts) => map.serialize_entry("any", parts)?,
            RawTree::Not(part) => map.serialize_entry("not", part)?,
            RawTree::Leaf(fact, test) => map.serialize_entry(fact, test)?,
        }
        map.end()
    }
}

impl JsonSchema for RawTree {
    fn schema_name() -> Cow<'static, str> {
        "Condition".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let tree = generator.subschema_for::<RawTree>();
        let trees = generator.subschema_for::<Vec<RawTree>>();
        let test = generator.subschema_for::<RawTest>();
        let mut properties = serde_json::Map::new();
        properties.insert("all".to_owned(), trees.clone().into());
        properties.insert("any".to_owned(), trees.into());
        properties.insert("not".to_owned(), tree.into());
        for fact in Fact::ALL {
            properties.insert(fact.qualified(), test.clone().into());
        }
        json_schema!({
            "description": "all / any / not over facts; several keys in one mapping all hold",
            "type": "object",
            "minProperties": 1,
            "additionalProperties": false,
            "properties": properties,
        })
    }
}

impl<'de> Deserialize<'de> for RawNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NamesVisitor)
    }
}

struct NamesVisitor;

impl<'de> Visitor<'de> for NamesVisitor {
    type Value = RawNames;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name, or a list of codes in brackets")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<RawNames, E> {
        Ok(RawNames::One(name.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<RawNames, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = items.next_element()? {
            texts.push(text);
        }
        Ok(RawNames::Inline(texts))
    }
}

impl Serialize for RawNames {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            RawNames::One(name) => name.serialize(serializer),
            RawNames::Inline(texts) => texts.serialize(serializer),
        }
    }
}

impl JsonSchema for RawNames {
    fn schema_name() -> Cow<'static, str> {
        "Names".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "the name of a list, or codes in place; ranges such as 97032-97036 are allowed",
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": ["string", "integer"]}}],
        })
    }
}

impl<'de> Deserialize<'de> for RawBeginnings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BeginningsVisitor)
    }
}

struct BeginningsVisitor;

impl<'de> Visitor<'de> for BeginningsVisitor {
    type Value = RawBeginnings;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, or a list of texts in brackets")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<RawBeginnings, E> {
        Ok(RawBeginnings::One(text.to_owned()))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<RawBeginnings, E> {
        Ok(RawBeginnings::Typed)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<RawBeginnings, E> {
        Ok(RawBeginnings::Typed)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<RawBeginnings, E> {
        Ok(RawBeginnings::Typed)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<RawBeginnings, E> {
        Ok(RawBeginnings::Typed)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<RawBeginnings, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = items.next_element()? {
            texts.push(text);
        }
        Ok(RawBeginnings::Several(texts))
    }
}

impl Serialize for RawBeginnings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            RawBeginnings::One(text) => text.serialize(serializer),
            RawBeginnings::Typed => "".serialize(serializer),
            RawBeginnings::Several(texts) => texts.serialize(serializer),
        }
    }
}

impl JsonSchema for RawBeginnings {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Beginnings".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let text = generator.subschema_for::<Scalar>();
        json_schema!({"anyOf": [text, {"type": "array", "items": text}]})
    }
}
