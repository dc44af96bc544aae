//! Words for what a check saw: placeholders filled from the hit's own values, then from the facts of its line.

use crate::checks::Hit;
use crate::claim::{Claim, DiagnosisCode, Fact, FactKind, ServiceLine, Value};

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
        Value::Text(text) => Some(shown(fact, text.bytes())),
        Value::Texts(texts) => {
            let stated: Vec<String> =
                texts.iter().filter(|text| text.is_present()).map(|text| shown(fact, text.bytes())).collect();
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
            None => text.push_str(&shown(Fact::DiagnosisCodes, code)),
        }
    }
    text
}

/// What stands in a message for a value that has not the form of its place.
pub(super) const MASK: &str = "•••";

fn shown(fact: Fact, bytes: &[u8]) -> String {
    if fact.has_form(bytes) { bytes.escape_ascii().to_string() } else { MASK.to_owned() }
}

/// A value shorter than this is not hunted in prose: so short a text is part of any other.
const SHORTEST: usize = 3;

/// What stands in the claim and in the lines that the hit points at (`own` is the claim's index) without having the form of its place, as messages would write it:
/// in a file that has slipped a column it may be a name. The longest first.
pub(super) fn formless(hit: &Hit, claim: &Claim<'_>, own: u32) -> Vec<String> {
    let line_at = |number: u16| usize::from(number).checked_sub(1).and_then(|index| claim.lines.get(index));
    let line: Option<&ServiceLine<'_>> = line_at(hit.primary.at.line);
    let related = hit.related.iter().filter(|pointer| pointer.at.claim == own);
    let related = related.filter_map(|pointer| line_at(pointer.at.line));
    let mut odd = Vec::new();
    let mut look = |fact: Fact, bytes: &[u8]| {
        let bytes = bytes.trim_ascii();
        if bytes.len() >= SHORTEST && !fact.has_form(bytes) {
            odd.push(bytes.escape_ascii().to_string());
        }
    };
    for &fact in Fact::ALL.iter().filter(|fact| fact.kind() != FactKind::Words) {
        match claim.value(fact, line) {
            Value::Text(text) => look(fact, text.bytes()),
            Value::Texts(texts) => texts.iter().for_each(|text| look(fact, text.bytes())),
            Value::Diagnoses(all) => all.iter().for_each(|one| look(fact, one.code.bytes())),
            _ => {}
        }
    }
    for line in line.into_iter().chain(related) {
        look(Fact::ProcedureCode, line.procedure_code.bytes());
        line.modifiers.iter().for_each(|text| look(Fact::Modifiers, text.bytes()));
        look(Fact::Units, line.units.text.bytes());
        look(Fact::ChargeAmount, line.charge.text.bytes());
        look(Fact::Minutes, line.minutes.text.bytes());
        look(Fact::ServiceDate, line.service_date.text.bytes());
        look(Fact::Start, line.start.text.bytes());
        look(Fact::End, line.end.text.bytes());
    }
    odd.sort_by_key(|text| std::cmp::Reverse(text.len()));
    odd.dedup();
    odd
}

/// Takes `odd` out of a text, in whatever case it stands there.
pub(super) fn without(text: &mut String, odd: &[String]) {
    for secret in odd {
        let mut from = 0;
        while let Some(at) = text.get(from..).and_then(|rest| found(rest.as_bytes(), secret.as_bytes())) {
            let start = from + at;
            text.replace_range(start..start + secret.len(), MASK);
            from = start + MASK.len();
        }
    }
}

/// Where `wanted` stands first, in whatever case.
fn found(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = wanted.first()?;
    let starts = memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), text);
    let stands_at = |at: &usize| {
        text.get(*at..at + wanted.len()).is_some_and(|stretch| stretch.eq_ignore_ascii_case(wanted))
    };
    starts.into_iter().find(stands_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_not_the_form_of_its_place_goes_in_whatever_case() {
        let mut text = "Jane DOE, doe and d\u{f3}e, do Doe".to_owned();
        without(&mut text, &["dOe".to_owned()]);
        assert_eq!(text, "Jane •••, ••• and d\u{f3}e, do •••");
    }
}
