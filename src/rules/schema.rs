use schemars::{Schema, json_schema};
use serde_json::{Map, Value, json};

use super::load::RawBook;
use crate::claim::{Fact, FactKind};

/// The JSON Schema of rule files, for editors.
pub fn rule_file_schema() -> Schema {
    schemars::schema_for!(RawBook)
}

/// The JSON Schema of one native claim line: a service line with its claim's facts.
pub fn claim_line_schema() -> Schema {
    let mut schema = facts_schema();
    schema.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
    schema.insert("title".to_owned(), "ClaimLine".into());
    schema.insert(
        "description".to_owned(),
        "a service line with its claim's facts; what is absent is not evaluated".into(),
    );
    schema.insert("required".to_owned(), json!(["procedure_code"]));
    schema
}

/// Facts by name, each with the shape of its values. A code of digits may stand as a number: YAML takes it for one, and many
/// exports write it so. Null says that the fact is not there.
pub(super) fn facts_schema() -> Schema {
    let mut properties = Map::new();
    for fact in Fact::ALL.iter().filter(|fact| fact.is_native()) {
        properties.insert(fact.name().to_owned(), fact_schema(*fact));
    }
    json_schema!({"type": "object", "properties": properties})
}

fn fact_schema(fact: Fact) -> Value {
    match fact.kind() {
        _ if fact == Fact::DiagnosisPointers => json!({
            "type": ["array", "null"], "maxItems": 4, "items": {"type": "integer", "minimum": 1, "maximum": 12},
            "description": "1-based positions in diagnosis_codes",
        }),
        FactKind::Codes => json!({"type": ["array", "null"], "items": {"type": ["string", "number"]}}),
        FactKind::Number => json!({"type": ["number", "string", "null"]}),
        FactKind::Amount => {
            json!({"type": ["number", "string", "null"], "description": "dollars, as a decimal"})
        }
        FactKind::Date => {
            json!({"type": ["string", "number", "null"], "description": "CCYY-MM-DD or CCYYMMDD"})
        }
        FactKind::Time => json!({"type": ["string", "null"], "description": "HH:MM"}),
        FactKind::Code | FactKind::Words => json!({"type": ["string", "number", "null"]}),
    }
}
