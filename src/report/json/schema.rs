use schemars::generate::SchemaSettings;
use schemars::{Schema, json_schema};

use super::claim::JsonClaim;
use super::summary::{JsonInput, JsonSummary};
use super::{CONTRACT, JsonFinding, JsonRates, JsonRule, JsonTable};

/// The JSON Schema of a report, for whoever reads one: what is always there, and what may be `null`.
///
/// Fields that it does not name may come: a reader passes over them.
pub fn report_schema() -> Schema {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let table = generator.subschema_for::<JsonTable<'_>>();
    let rates = generator.subschema_for::<JsonRates>();
    let summary = generator.subschema_for::<JsonSummary<'_>>();
    let input = generator.subschema_for::<JsonInput>();
    let rule = generator.subschema_for::<JsonRule<'_>>();
    let finding = generator.subschema_for::<JsonFinding<'_>>();
    let claim = generator.subschema_for::<JsonClaim<'_>>();
    let mut schema = json_schema!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Report",
        "description": "what `cleanclaim check --output json` writes; money in integer cents, ordinals from 1",
        "type": "object",
        "required": ["schema", "as_of", "tables", "notice", "redaction", "rates", "summary", "inputs", "notes", "rules",
            "findings", "claims"],
        "properties": {
            "schema": {"const": CONTRACT},
            "as_of": {"type": "string", "format": "date", "description": "the day that was judged by"},
            "tables": {"type": "array", "items": table},
            "notice": {"type": "string"},
            "redaction": {"enum": ["default", "full", "show-phi"], "description": "what was masked"},
            "rates": rates,
            "summary": summary,
            "inputs": {"type": "array", "items": input},
            "notes": {"type": "array", "items": {"type": "string"}},
            "rules": {"type": "array", "items": rule, "description": "those with findings, by code"},
            "findings": {"type": "array", "items": finding, "description": "by file, claim, line, place and code"},
            "claims": {"type": "array", "items": claim, "description": "those with findings, masked as all else is"},
        },
    });
    schema.insert("$defs".to_owned(), generator.take_definitions(true).into());
    schema
}
