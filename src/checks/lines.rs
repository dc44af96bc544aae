//! Small questions about the lines of a day that several checks ask.

use crate::claim::{LineFact, LineRef, Modifier, ProcedureCode, Units};

/// Where a line stands in the run.
pub(super) fn at(line: &LineFact) -> LineRef {
    LineRef { claim: line.claim, line: line.line }
}

/// The line's code as messages have it, for checks whose claim may not be at hand any more to look it up; without a usable
/// one, what the claim states is looked for all the same.
pub(super) fn code_value(line: &LineFact) -> Option<(&'static str, String)> {
    (line.code != ProcedureCode::NONE).then(|| ("procedure_code", line.code.to_string()))
}

/// `97110 is billed here already`.
pub(super) fn billed_already(line: &LineFact) -> String {
    match line.code {
        ProcedureCode::NONE => "the same service is billed here already".to_owned(),
        code => format!("{code} is billed here already"),
    }
}

/// Whether the line bills anything: time recorded for a code that is not billed stands on a line of no units.
pub(super) fn is_billed(line: &LineFact) -> bool {
    line.units != Some(Units(0))
}

/// Whether one provider rendered both; where no provider is stated, lines are compared inside one claim only.
pub(super) fn same_rendering(one: &LineFact, other: &LineFact) -> bool {
    one.rendering == other.rendering && (one.rendering != 0 || one.claim == other.claim)
}

/// Whether one provider bills both; where none is stated, lines are compared inside one claim only.
pub(super) fn same_billing(one: &LineFact, other: &LineFact) -> bool {
    one.billing == other.billing && (one.billing != 0 || one.claim == other.claim)
}

/// The modifiers of a line, each once, in an order that is not the one they stand in.
pub(super) fn modifiers_in_order(line: &LineFact) -> [Modifier; 4] {
    let mut modifiers = [Modifier::default(); 4];
    let mut count = 0;
    for modifier in line.modifiers.iter() {
        if !modifiers[..count].contains(&modifier) {
            modifiers[count] = modifier;
            count += 1;
        }
    }
    modifiers.sort_unstable();
    modifiers
}

/// Whether both lines bear the same modifiers, in whatever order.
pub(super) fn same_modifiers(one: &LineFact, other: &LineFact) -> bool {
    one.modifiers == other.modifiers || modifiers_in_order(one) == modifiers_in_order(other)
}

/// `1 unit`, `2 units`, `no unit`.
pub(super) fn counted(count: u32, noun: &str) -> String {
    match count {
        0 => format!("no {noun}"),
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed<T: std::fmt::Display>(items: &[T]) -> String {
    let mut text = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(if index + 1 == items.len() { " and " } else { ", " });
        }
        text.push_str(&item.to_string());
    }
    text
}
