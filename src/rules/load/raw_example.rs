use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::located::{Located, Scalar};
use crate::claim::{Fact, FactKind};
use crate::finding::Severity;

/// The examples of a rule.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct RawExamples {
    /// Claims that must fire the rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) invalid: Vec<Located<RawExample>>,
    /// Claims that must not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) valid: Vec<Located<RawExample>>,
}

/// One example.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct RawExample {
    /// What it shows.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) name: String,
    /// Facts of every line of every claim.
    #[serde(skip_serializing_if = "RawFacts::is_empty")]
    pub(crate) claim: RawFacts,
    /// The lines of the one claim.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) lines: Vec<RawFacts>,
    /// Several claims, each with its lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) claims: Vec<RawExampleClaim>,
    /// The run date; the last service date and thirty days, if not stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) as_of: Option<Located<String>>,
    /// What the finding must say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expect: Option<RawExpect>,
    /// Other rules that fire too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) also: Vec<Located<String>>,
    /// What is authorized and certified for patients: the text of an `--authorizations` file.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) authorizations: String,
    /// What the user says is no fault: the text of a `--suppressions` file.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) suppressions: String,
    /// Edits of the clean base file, for structural rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) x12: Option<RawEdits>,
}

/// Edits of an X12 file.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct RawEdits {
    /// What is replaced by what, once each.
    pub(crate) replace: BTreeMap<String, String>,
}

/// What an example expects. Dollars are decimal.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct RawExpect {
    /// 1-based claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) claim: Option<u32>,
    /// 1-based line of that claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<u16>,
    /// Dollars by the payer profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Scalar>")]
    pub(crate) net: Option<Located<String>>,
    /// Dollars by the flat schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Scalar>")]
    pub(crate) gross: Option<Located<String>>,
    /// Name of the outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) outcome: Option<Located<String>>,
    /// Severity of the finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) severity: Option<Severity>,
    /// How many findings of the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) count: Option<u32>,
}

/// Facts with their values as typed; `None` takes a default away.
#[derive(Clone, Debug, Default)]
pub(crate) struct RawFacts(pub(crate) Vec<(Located<String>, RawValue)>);

/// The value of a fact, in the shape its kind asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum RawValue {
    /// Explicitly not there.
    Absent,
    /// One text as typed.
    One(String),
    /// Several.
    Many(Vec<String>),
    /// Of a fact that nobody knows.
    Unknown,
}

/// A claim of an example: facts of all its lines, and `lines`.
#[derive(Clone, Debug, Default)]
pub(crate) struct RawExampleClaim {
    pub(crate) facts: RawFacts,
    pub(crate) lines: Vec<RawFacts>,
}

impl RawFacts {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn push<'de, A: MapAccess<'de>>(&mut self, key: Located<String>, map: &mut A) -> Result<(), A::Error> {
        let value = match Fact::named(&key.value).map(Fact::kind) {
            Some(FactKind::Codes) => map.next_value::<Option<Vec<String>>>()?.map(RawValue::Many),
            Some(_) => map.next_value::<Option<String>>()?.map(RawValue::One),
            None => {
                map.next_value::<IgnoredAny>()?;
                Some(RawValue::Unknown)
            }
        };
        self.0.push((key, value.unwrap_or(RawValue::Absent)));
        Ok(())
    }

    fn serialize_into<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        for (key, value) in &self.0 {
            match value {
                RawValue::One(text) => map.serialize_entry(key, text)?,
                RawValue::Many(texts) => map.serialize_entry(key, texts)?,
                RawValue::Absent | RawValue::Unknown => map.serialize_entry(key, &None::<String>)?,
            }
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for RawFacts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FactsVisitor)
    }
}

struct FactsVisitor;

impl<'de> Visitor<'de> for FactsVisitor {
    type Value = RawFacts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping of facts to values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawFacts, A::Error> {
        let mut facts = RawFacts::default();
        while let Some(key) = map.next_key()? {
            facts.push(key, &mut map)?;
        }
        Ok(facts)
    }
}

impl Serialize for RawFacts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.serialize_into(&mut map)?;
        map.end()
    }
}

impl JsonSchema for RawFacts {
    fn schema_name() -> Cow<'static, str> {
        "Facts".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        crate::rules::schema::facts_schema()
    }
}

impl<'de> Deserialize<'de> for RawExampleClaim {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ClaimVisitor)
    }
}

struct ClaimVisitor;

impl<'de> Visitor<'de> for ClaimVisitor {
    type Value = RawExampleClaim;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a claim: `lines`, and facts of all its lines")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawExampleClaim, A::Error> {
        let mut claim = RawExampleClaim::default();
        while let Some(key) = map.next_key::<Located<String>>()? {
            if key.value == "lines" {
                claim.lines = map.next_value()?;
            } else {
                claim.facts.push(key, &mut map)?;
            }
        }
        Ok(claim)
    }
}

impl Serialize for RawExampleClaim {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.facts.serialize_into(&mut map)?;
        map.serialize_entry("lines", &self.lines)?;
        map.end()
    }
}

impl JsonSchema for RawExampleClaim {
    fn schema_name() -> Cow<'static, str> {
        "ExampleClaim".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let facts = generator.subschema_for::<RawFacts>();
        json_schema!({
            "type": "object",
            "description": "facts of all its lines, and the lines",
            "properties": {"lines": {"type": "array", "items": facts}},
        })
    }
}
