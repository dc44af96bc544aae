//! A fact as a claim states it, for somebody who asks why a condition did not hold.
//!
//! What names a person never leaves this file, nor what has not the form of its place. What the full level of masking
//! hides is marked, for whoever writes it.

use crate::claim::{Cents, Fact, FactKind, Units, Value};
use crate::rules::Subject;

/// A fact and what is stated of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatedFact {
    /// Its name in rules, with its level.
    pub name: String,
    /// What is stated.
    pub value: StatedValue,
    /// Whether the full level of masking hides it: a claim number, a date.
    pub is_sensitive: bool,
}

/// What is stated of a fact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StatedValue {
    /// Nothing, or nothing that can be read.
    Absent,
    /// Something that names a person or is free text: never shown.
    Unspoken,
    /// Something that has not the form of what belongs there.
    Formless,
    /// This.
    Shown(String),
}

/// A fact of the subject.
pub(super) fn fact(fact: Fact, subject: &Subject<'_, '_>) -> StatedFact {
    let is_sensitive = fact == Fact::ClaimId || fact.kind() == FactKind::Date;
    StatedFact { name: fact.qualified(), value: value(fact, subject), is_sensitive }
}

fn value(fact: Fact, subject: &Subject<'_, '_>) -> StatedValue {
    let is_stated = subject.states(fact);
    if !is_stated {
        return StatedValue::Absent;
    }
    if fact.is_unspoken() {
        return StatedValue::Unspoken;
    }
    if fact == Fact::Payer {
        return StatedValue::Shown(subject.profile.name.clone());
    }
    let mut texts: Vec<String> = Vec::new();
    let mut formless = false;
    let mut add = |bytes: &[u8]| {
        if !bytes.is_empty() {
            formless |= !fact.has_form(bytes);
            texts.push(String::from_utf8_lossy(bytes).into_owned());
        }
    };
    match (fact, subject.line) {
        (Fact::ProcedureCode, Some(line)) => add(line.procedure_code.bytes()),
        (Fact::DiagnosisPointers, Some(line)) => line.pointers.iter().for_each(|one| add(one.text.bytes())),
        _ => match subject.claim.value(fact, subject.line) {
            Value::Text(text) => add(text.bytes()),
            Value::Texts(all) => all.iter().for_each(|text| add(text.bytes())),
            Value::Diagnoses(all) => all.iter().for_each(|one| add(one.code.bytes())),
            Value::Linked(claim, line) => claim.linked_diagnoses(line).for_each(|one| add(one.code.bytes())),
            Value::Number(thousandths) => texts.push(
                i32::try_from(thousandths)
                    .map_or_else(|_| thousandths.to_string(), |thousandths| Units(thousandths).to_string()),
            ),
            Value::Amount(cents) => texts.push(Cents(cents.0).to_string()),
            Value::Time(time) => texts.push(time.to_string()),
            Value::Date(date) => texts.push(date.to_string()),
            Value::Absent => {}
        },
    }
    match (formless, texts.is_empty()) {
        (true, _) => StatedValue::Formless,
        (false, true) => StatedValue::Absent,
        (false, false) => StatedValue::Shown(texts.join(", ")),
    }
}
