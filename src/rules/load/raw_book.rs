use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::located::{Located, Scalar};
use super::raw_rule::{RawCheck, RawRule};
use super::raw_tree::RawNames;
use crate::finding::Severity;
use crate::rules::{Counting, FilingLimit, MemberIdShape, VisitPeriod};

/// What one YAML file holds. A file that is a bare list holds rules.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct RawBook {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) rules: Vec<RawRule>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) profiles: Vec<RawProfile>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) lists: BTreeMap<Located<String>, RawList>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) snip_types: BTreeMap<Located<String>, RawSnipType>,
}

impl RawBook {
    /// Takes texts of conditions as they stand in the `text` of the file.
    pub(super) fn take_as_typed(&mut self, text: &str) {
        for rule in &mut self.rules {
            let demanded = match &mut rule.check.value {
                RawCheck::Require(tree) => Some(tree),
                _ => None,
            };
            rule.when.iter_mut().chain(demanded).for_each(|tree| tree.take_as_typed(text));
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[derive(Default)]
struct KeyedBook {
    /// Rules.
    rules: Vec<RawRule>,
    /// Payer profiles; one of a known name changes only what it states.
    profiles: Vec<RawProfile>,
    /// Named lists of codes.
    lists: BTreeMap<Located<String>, RawList>,
    /// SNIP types 1 to 7: what they are called, and the highest severity that their rules report.
    snip_types: BTreeMap<Located<String>, RawSnipType>,
}

impl<'de> Deserialize<'de> for RawBook {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BookVisitor)
    }
}

struct BookVisitor;

impl<'de> Visitor<'de> for BookVisitor {
    type Value = RawBook;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rules, or a mapping with `rules`, `profiles`, `lists` or `snip-types`")
    }

    fn visit_unit<E: Error>(self) -> Result<RawBook, E> {
        Ok(RawBook::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<RawBook, A::Error> {
        let mut book = RawBook::default();
        while let Some(rule) = items.next_element()? {
            book.rules.push(rule);
        }
        Ok(book)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawBook, A::Error> {
        let KeyedBook { rules, profiles, lists, snip_types } =
            KeyedBook::deserialize(MapAccessDeserializer::new(map))?;
        Ok(RawBook { rules, profiles, lists, snip_types })
    }
}

impl JsonSchema for RawBook {
    fn schema_name() -> Cow<'static, str> {
        "RuleFile".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let rules = generator.subschema_for::<Vec<RawRule>>();
        let keyed = generator.subschema_for::<KeyedBook>();
        json_schema!({
            "description": "a list of rules, or a mapping with any of rules, profiles, lists and snip-types",
            "anyOf": [rules, keyed],
        })
    }
}

/// A SNIP type as its YAML states it. What is not stated is left as it was.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct RawSnipType {
    /// One word or two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// What its rules check, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) summary: Option<String>,
    /// The highest severity that its rules report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) severity: Option<Severity>,
}

/// A payer profile as its YAML states it. What is not stated is left as it was.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawProfile {
    /// What `payer` in a claim line and rules call it.
    pub(crate) name: Located<String>,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) label: Option<String>,
    /// Start from a copy of this profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) like: Option<Located<String>>,
    /// SBR09 values that mean this profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Vec<Scalar>>")]
    pub(crate) filing_indicators: Option<Vec<Located<String>>>,
    /// Payer ids that mean this profile, whatever SBR09 says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Vec<Scalar>>")]
    pub(crate) payer_ids: Option<Vec<Located<String>>>,
    /// States outside which the profile never applies: of the service facility, else of the billing provider. With
    /// `like` it answers there to all that leads to the original.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) states: Option<Vec<Located<String>>>,
    /// How timed units are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) counting: Option<Counting>,
    /// Whether that is certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) counting_confirmed: Option<bool>,
    /// Whether NCCI edits apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ncci: Option<bool>,
    /// Whether the multiple-procedure reduction for therapy applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mppr: Option<bool>,
    /// Whether the Medicare fee schedule is the payer's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) medicare_rates: Option<bool>,
    /// Whether less is paid for services of assistants (CQ, CO).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) assistant_reduction: Option<bool>,
    /// Whether therapy above a yearly threshold needs the KX modifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) therapy_threshold: Option<bool>,
    /// Whether a service that is always therapy must bear exactly one of GP, GO and GN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) therapy_modifier_required: Option<bool>,
    /// Whether a timed code stands on one line for each day, and any other line is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) one_line_a_day: Option<bool>,
    /// Whether the payer hears the modifiers of an advance beneficiary notice (GA, GX, GY, GZ).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) beneficiary_notices: Option<bool>,
    /// Whether chiropractic manipulation without AT is taken for maintenance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) active_treatment_modifier: Option<bool>,
    /// Beginnings of taxonomy codes of assistants, whose services the payer takes under the therapist's name alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) supervised_taxonomies: Option<Located<RawNames>>,
    /// Whether therapy incident to a physician's service must be furnished by somebody trained as a therapist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) incident_to_therapists_only: Option<bool>,
    /// The Medicare locality whose rates apply: contractor and locality, such as 10112-00.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) locality: Option<Located<String>>,
    /// What the payer's member ids look like, where it refuses any other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) member_id: Option<MemberIdShape>,
    /// Beginnings of taxonomy codes that the payer does not recognise for therapy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) refused_taxonomies: Option<Located<RawNames>>,
    /// Whether a rendering provider without a taxonomy is worth a remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) taxonomy_expected: Option<bool>,
    /// The only codes a chiropractor may bill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) chiropractor_codes: Option<Located<RawNames>>,
    /// Whether a therapist billing evaluation-and-management codes is an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) therapist_evaluation_is_error: Option<bool>,
    /// Diagnoses too nonspecific to carry a line alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) nonspecific_diagnoses: Option<Located<RawNames>>,
    /// Beginnings of diagnoses that are of examination or counselling and no condition to treat; Z00 to Z13 and Z71, if
    /// not stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) wellness_diagnoses: Option<Located<RawNames>>,
    /// How long the payer takes claims: {calendar-years: 1} or {days: 90}.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) filing_limit: Option<FilingLimit>,
    /// Whether a group's therapy claim must name who rendered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rendering_npi_required: Option<bool>,
    /// Whether a therapy claim must name the certifying physician as its referring provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) referring_npi_required: Option<bool>,
    /// Whether the payer may have procedure codes of its own making.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) local_procedure_codes: Option<bool>,
    /// How many visits the payer pays for. Without any, rules about visits are prompts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) visit_limits: Option<Vec<RawVisitLimit>>,
    /// Codes that need a prior authorization (REF*G1): codes in brackets, or a list's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) authorization_required: Option<Located<RawNames>>,
    /// Codes that need a referral (REF*9F).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) referral_required: Option<Located<RawNames>>,
}

/// A limit on visits as a profile states it.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawVisitLimit {
    /// Codes that make a day a visit; every code that the rule is about, if not stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) codes: Option<Located<RawNames>>,
    /// Days on which one of them is billed.
    pub(crate) visits: u16,
    /// Within what; a course of treatment, if not stated.
    #[serde(default)]
    pub(crate) per: VisitPeriod,
}

/// A named list as its YAML states it: codes in brackets, or a mapping.
#[derive(Clone, Debug)]
pub(crate) struct RawList(pub(crate) KeyedList);

/// A named list with what it takes over from others.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct KeyedList {
    /// For people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) label: String,
    /// Lists whose codes are codes of this one too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) include: Vec<Located<String>>,
    /// Codes, and ranges such as 97032-97036.
    #[schemars(with = "Vec<Scalar>")]
    pub(crate) codes: Vec<Located<String>>,
}

impl<'de> Deserialize<'de> for RawList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor)
    }
}

struct ListVisitor;

impl<'de> Visitor<'de> for ListVisitor {
    type Value = RawList;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of codes, or a mapping with `codes` and `include`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<RawList, A::Error> {
        let mut list = KeyedList::default();
        while let Some(code) = items.next_element()? {
            list.codes.push(code);
        }
        Ok(RawList(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawList, A::Error> {
        KeyedList::deserialize(MapAccessDeserializer::new(map)).map(RawList)
    }
}

impl Serialize for RawList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl JsonSchema for RawList {
    fn schema_name() -> Cow<'static, str> {
        "NamedList".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let codes = generator.subschema_for::<Vec<Scalar>>();
        let keyed = generator.subschema_for::<KeyedList>();
        json_schema!({"anyOf": [codes, keyed]})
    }
}
