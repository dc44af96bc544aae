use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::claim::Fact;
use crate::rules::{Located, Scalar};

/// A map as its YAML states it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "Map", description = "where the facts of claim lines stand in CSV or JSON records")]
pub(super) struct RawMap {
    /// What writes such records, in one sentence.
    #[serde(default)]
    pub(super) summary: String,
    /// Which files it is for.
    pub(super) reads: RawReads,
    /// Columns or paths that must all be there for a file to be read by this map without `--map`.
    #[serde(default)]
    pub(super) detect: Vec<Located<String>>,
    /// JSON: paths to the claims in a record. Without it the record is one.
    #[serde(default)]
    pub(super) claims: Vec<Located<String>>,
    /// JSON: the path to the list of a claim's lines. Without it each record is a line.
    #[serde(default)]
    pub(super) lines: Option<Located<String>>,
    /// Records, claims and lines that do not meet all of these are passed over, and counted.
    #[serde(default)]
    pub(super) only: Vec<RawCondition>,
    /// Records, claims and lines that meet any of these are passed over, and counted.
    #[serde(default)]
    pub(super) except: Vec<RawCondition>,
    /// Facts of the native claim line by name, each with where it stands.
    #[schemars(with = "RawFacts")]
    pub(super) facts: BTreeMap<Located<String>, RawSources>,
}

/// The facts of a map, for the schema alone.
struct RawFacts;

impl JsonSchema for RawFacts {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Facts".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let source = generator.subschema_for::<RawSources>();
        let names = Fact::ALL.iter().filter(|fact| super::load::is_mapped(**fact));
        let properties: serde_json::Map<String, serde_json::Value> =
            names.map(|fact| (fact.name().to_owned(), source.clone().to_value())).collect();
        json_schema!({"type": "object", "properties": properties, "additionalProperties": false})
    }
}

/// Which files a map reads.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawReads {
    /// Tables with a header.
    Csv,
    /// JSON records.
    Json,
}

/// A column or path, and what it may say.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawCondition {
    /// The column or path.
    pub(super) at: Located<String>,
    /// One of these, in any case; "" stands for nothing at all.
    #[schemars(with = "Vec<Scalar>")]
    pub(super) is: Vec<String>,
}

/// Where a fact stands: a column or path, a mapping, or several of them.
pub(super) struct RawSources(pub(super) Vec<Located<RawSource>>);

/// A column or path, or a mapping that says more.
#[derive(Default)]
pub(super) struct RawSource {
    pub(super) keyed: KeyedSource,
}

/// Where a fact stands, and how it is written there.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[schemars(rename = "Source")]
pub(super) struct KeyedSource {
    /// Columns or paths: of several the first that says anything, for lists all of them. `name_1..4` is four of them.
    pub(super) from: RawTexts,
    /// A value that is the same for every line.
    #[schemars(with = "Option<Scalar>")]
    pub(super) value: Option<Located<String>>,
    /// It counts only where this holds.
    pub(super) when: Option<RawCondition>,
    /// Characters that divide the value.
    pub(super) split: Option<String>,
    /// Which of the divided parts count, from 1.
    pub(super) parts: Vec<Located<usize>>,
    /// What stands behind the last of this character counts.
    pub(super) after: Option<Located<String>>,
    /// Words, in any case, and what they stand for.
    #[schemars(with = "BTreeMap<String, Scalar>")]
    pub(super) words: BTreeMap<String, String>,
    /// A regular expression: a value counts only if all of it is like this.
    pub(super) like: Option<Located<String>>,
    /// How it is written.
    pub(super) form: Option<Located<RawForm>>,
    /// It is a charge for one unit: multiplied by the units of the line.
    pub(super) per_unit: Option<Located<bool>>,
    /// Diagnosis pointers: what the first diagnosis is called, 0 or 1.
    pub(super) base: Option<Located<u8>>,
    /// It is the principal diagnosis: the first of the list, unless another source has it in the list already.
    pub(super) principal: Option<Located<bool>>,
    /// The value names an element of a list elsewhere in the record.
    pub(super) look_up: Option<RawLookup>,
}

/// How a value is written.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawForm {
    /// Amounts: dollars, perhaps with `$` and commas. The default of amounts.
    Dollars,
    /// Amounts: whole cents.
    Cents,
    /// Dates: CCYYMMDD, CCYY-MM-DD, or the latter with a time. The default of dates.
    Iso,
    /// Dates: M/D/CCYY.
    Us,
    /// Dates: the first day of CCYYMMDD-CCYYMMDD.
    RangeStart,
    /// Dates: the last day of CCYYMMDD-CCYYMMDD.
    RangeEnd,
}

/// A number that names an element of a list.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawLookup {
    /// The path to the list.
    #[serde(rename = "in")]
    pub(super) within: Located<String>,
    /// From an element to its number.
    pub(super) by: Located<String>,
    /// From an element to what counts.
    pub(super) take: Located<String>,
}

/// A text or several.
#[derive(Default)]
pub(super) struct RawTexts(pub(super) Vec<Located<String>>);

impl<'de> Deserialize<'de> for RawTexts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let several = Located::<Several>::deserialize(deserializer)?;
        Ok(RawTexts(match several.value {
            Several::One(text) => vec![Located { value: text, at: several.at }],
            Several::All(texts) => texts,
        }))
    }
}

enum Several {
    One(String),
    All(Vec<Located<String>>),
}

impl<'de> Deserialize<'de> for Several {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextsVisitor;
        impl<'de> Visitor<'de> for TextsVisitor {
            type Value = Several;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a column or path, or a list of them")
            }

            fn visit_str<E>(self, text: &str) -> Result<Several, E> {
                Ok(Several::One(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Several, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = items.next_element()? {
                    texts.push(text);
                }
                Ok(Several::All(texts))
            }
        }
        deserializer.deserialize_any(TextsVisitor)
    }
}

impl JsonSchema for RawTexts {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Texts".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
    }
}

impl<'de> Deserialize<'de> for RawSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SourceVisitor;
        impl<'de> Visitor<'de> for SourceVisitor {
            type Value = RawSource;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a column or path, or a mapping with `from` or `value`")
            }

            fn visit_str<E>(self, text: &str) -> Result<RawSource, E> {
                let from = RawTexts(vec![Located { value: text.to_owned(), at: None }]);
                Ok(RawSource { keyed: KeyedSource { from, ..KeyedSource::default() } })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawSource, A::Error> {
                Ok(RawSource { keyed: KeyedSource::deserialize(MapAccessDeserializer::new(map))? })
            }
        }
        deserializer.deserialize_any(SourceVisitor)
    }
}

impl<'de> Deserialize<'de> for RawSources {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let either = Located::<Either>::deserialize(deserializer)?;
        Ok(RawSources(match either.value {
            Either::One(source) => vec![Located { value: *source, at: either.at }],
            Either::All(sources) => sources,
        }))
    }
}

enum Either {
    One(Box<RawSource>),
    All(Vec<Located<RawSource>>),
}

impl<'de> Deserialize<'de> for Either {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EitherVisitor;
        impl<'de> Visitor<'de> for EitherVisitor {
            type Value = Either;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a column or path, a mapping with `from` or `value`, or a list of these")
            }

            fn visit_str<E>(self, text: &str) -> Result<Either, E> {
                let from = RawTexts(vec![Located { value: text.to_owned(), at: None }]);
                let keyed = KeyedSource { from, ..KeyedSource::default() };
                Ok(Either::One(Box::new(RawSource { keyed })))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Either, A::Error> {
                let keyed = KeyedSource::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Either::One(Box::new(RawSource { keyed })))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Either, A::Error> {
                let mut sources = Vec::new();
                while let Some(source) = items.next_element()? {
                    sources.push(source);
                }
                Ok(Either::All(sources))
            }
        }
        deserializer.deserialize_any(EitherVisitor)
    }
}

impl JsonSchema for RawSources {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Sources".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let keyed = generator.subschema_for::<KeyedSource>();
        let one = serde_json::json!([{"type": "string"}, keyed]);
        json_schema!({"anyOf": [{"type": "string"}, keyed, {"type": "array", "items": {"anyOf": one}}]})
    }
}

/// The JSON Schema of a map, for editors.
pub fn map_schema() -> Schema {
    schemars::schema_for!(RawMap)
}
