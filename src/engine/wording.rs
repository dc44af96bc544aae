//! Words for what a check saw: placeholders filled from the hit's own values, then from the facts of its line.

use crate::checks::Hit;
use crate::claim::{Claim, DiagnosisCode, Fact, Value};

/// What a placeholder stands for: the hit's own value, else the fact of the line it points at. Free text is never
/// given.
pub(super) fn value(name: &str, hit: &Hit, claim: &Claim<'_>) -> Option<String> {
    hit.values
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value.clone())
        .or_else(|| fact_text(name, hit, claim))
}

fn fact_text(name: &str, hit: &Hit, claim: &Claim<'_>) -> Option<String> {
    let fact = Fact::named(name)?;
    if fact.is_unspoken() {
        return None;
    }
    let line = usize::from(hit.primary.at.line).checked_sub(1).and_then(|index| claim.lines.get(index));
    match claim.value(fact, line) {
        Value::Absent => None,
        Value::Text(text) => Some(text.bytes().escape_ascii().to_string()),
        Value::Texts(texts) => {
            let stated: Vec<String> = texts
                .iter()
                .filter(|text| text.is_present())
                .map(|text| text.bytes().escape_ascii().to_string())
                .collect();
            (!stated.is_empty()).then(|| stated.join(", "))
        }
        Value::Diagnoses(diagnoses) => Some(codes(diagnoses.iter().map(|one| one.code.bytes()))),
        Value::Linked(claim, line) => Some(codes(claim.linked_diagnoses(line).map(|one| one.code.bytes()))),
        Value::Number(thousandths) => {
            i32::try_from(thousandths).ok().map(|units| crate::claim::Units(units).to_string())
        }
        Value::Amount(cents) => Some(cents.to_string()),
        Value::Date(date) => Some(date.to_string()),
        Value::Time(time) => Some(time.to_string()),
    }
}

fn codes<'a>(codes: impl Iterator<Item = &'a [u8]>) -> String {
    let mut text = String::new();
    for code in codes {
        if !text.is_empty() {
            text.push_str(", ");
        }
        match DiagnosisCode::new(code) {
            Some(code) => text.push_str(&code.dotted()),
            None => text.push_str(&code.escape_ascii().to_string()),
        }
    }
    text
}
