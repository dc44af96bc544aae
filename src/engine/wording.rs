//! Words for what a check saw: placeholders filled from the hit's own values, then from the facts of its line.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::checks::Hit;
use crate::claim::{Claim, DiagnosisCode, Fact, Level, ServiceLine, Value};

/// What a placeholder stands for: the hit's own value, else the fact of the line it points at. Free text is never
/// given.
pub(super) fn value<'h>(name: &str, hit: &'h Hit, claim: &Claim<'_>) -> Option<Cow<'h, str>> {
    known(name, &hit.values).or_else(|| fact_text(name, hit, claim).map(Cow::Owned))
}

/// The value of this name.
pub(super) fn known<'v>(name: &str, values: &'v [(&'static str, String)]) -> Option<Cow<'v, str>> {
    values.iter().find(|(known, _)| *known == name).map(|(_, value)| Cow::Borrowed(&**value))
}

fn fact_text(name: &str, hit: &Hit, claim: &Claim<'_>) -> Option<String> {
    let fact = Fact::named(name)?;
    if fact.is_unspoken() {
        return None;
    }
    let line = usize::from(hit.primary.at.line).checked_sub(1).and_then(|index| claim.lines.get(index));
    match claim.value(fact, line) {
        Value::Absent => None,
        // Where claim numbers are masked they are looked for in the words, and so short a one is not.
        Value::Text(text) if fact == Fact::ClaimId && text.bytes().len() < SHORTEST => Some(MASK.to_owned()),
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
    if fact.has_form(bytes) { text_of(bytes) } else { MASK.to_owned() }
}

/// Text for a report: bad UTF-8 and control characters written out.
pub(super) fn text_of(bytes: &[u8]) -> String {
    let is_plain = |byte: &u8| (b' '..=b'~').contains(byte) & !matches!(byte, b'\\' | b'\'' | b'"');
    match std::str::from_utf8(bytes) {
        Ok(text) if bytes.iter().fold(true, |all, byte| all & is_plain(byte)) => text.to_owned(),
        _ => bytes.escape_ascii().to_string(),
    }
}

/// A value shorter than this is not hunted in prose: so short a text is part of any other.
const SHORTEST: usize = 3;

/// What stands in a claim as a whole without having the form of its place, as messages would write it: in a file that has
/// slipped a column it may be a name.
#[derive(Default)]
pub(super) struct Formless {
    by_fact: Vec<(Fact, String)>,
    /// The texts alone, the longest first.
    texts: Vec<String>,
}

impl Formless {
    pub(super) fn of(claim: &Claim<'_>) -> Formless {
        let mut by_fact = Vec::new();
        look_at(&TOLD.of_claims, claim, None, &mut |fact, bytes| by_fact.extend(odd_one(fact, bytes)));
        let texts = in_order(by_fact.iter().map(|(_, text)| text.clone()).collect());
        Formless { by_fact, texts }
    }

    /// The same with what stands in the lines that the hit points at, the longest first. `own` is the claim's index.
    pub(super) fn with_lines_of(&self, hit: &Hit, claim: &Claim<'_>, own: u32) -> Cow<'_, [String]> {
        let line_at =
            |number: u16| usize::from(number).checked_sub(1).and_then(|index| claim.lines.get(index));
        let line: Option<&ServiceLine<'_>> = line_at(hit.primary.at.line);
        let related = hit.related.iter().filter(|pointer| pointer.at.claim == own);
        let related = related.filter_map(|pointer| line_at(pointer.at.line));
        let mut of_line = Vec::new();
        look_at(&TOLD.of_lines, claim, line, &mut |fact, bytes| of_line.extend(odd_one(fact, bytes)));
        let mut stated = Vec::new();
        let mut look = |fact: Fact, bytes: &[u8]| stated.extend(odd_one(fact, bytes).map(|(_, text)| text));
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
        let by_fact = || {
            let mut by_fact = self.by_fact.clone();
            by_fact.extend_from_slice(&of_line);
            by_fact.sort_by_key(|(fact, _)| *fact);
            by_fact
        };
        // Where speed does not matter, every fact is looked at, and no other may be odd.
        debug_assert_eq!(by_fact(), {
            let mut all = Vec::new();
            look_at(Fact::ALL, claim, line, &mut |fact, bytes| all.extend(odd_one(fact, bytes)));
            all
        });
        if of_line.is_empty() && stated.is_empty() {
            return Cow::Borrowed(&self.texts);
        }
        let of_facts = by_fact().into_iter().map(|(_, text)| text);
        Cow::Owned(in_order(of_facts.chain(stated).collect()))
    }
}

/// The longest first, none twice.
fn in_order(mut odd: Vec<String>) -> Vec<String> {
    odd.sort_by_key(|text| std::cmp::Reverse(text.len()));
    odd.dedup();
    odd
}

/// Facts whose values can be told to be odd.
struct Told {
    of_claims: Vec<Fact>,
    of_lines: Vec<Fact>,
}

static TOLD: LazyLock<Told> = LazyLock::new(|| {
    let is_told = |fact: &Fact| !fact.has_any_form();
    let (of_claims, of_lines) =
        Fact::ALL.iter().copied().filter(is_told).partition(|fact| fact.level() == Level::Claim);
    Told { of_claims, of_lines }
});

/// Calls `look` on the texts that `facts` of the claim and of one line of it state.
fn look_at(
    facts: &[Fact],
    claim: &Claim<'_>,
    line: Option<&ServiceLine<'_>>,
    look: &mut impl FnMut(Fact, &[u8]),
) {
    for &fact in facts {
        match claim.value(fact, line) {
            Value::Text(text) => look(fact, text.bytes()),
            Value::Texts(texts) => texts.iter().for_each(|text| look(fact, text.bytes())),
            Value::Diagnoses(all) => all.iter().for_each(|one| look(fact, one.code.bytes())),
            _ => {}
        }
    }
}

/// A value that has not the form of its place, as messages would write it.
fn odd_one(fact: Fact, bytes: &[u8]) -> Option<(Fact, String)> {
    let bytes = bytes.trim_ascii();
    let is_odd = bytes.len() >= SHORTEST && !fact.has_form(bytes);
    is_odd.then(|| (fact, bytes.escape_ascii().to_string()))
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
    use crate::checks::{Pointer, Takes};
    use crate::claim::{DateFact, LineRef, Stated, Text};

    #[test]
    fn what_is_odd_is_told_of_the_claim_and_of_the_lines_that_a_hit_points_at() {
        let text = |text: &'static str| Text::new(text.as_bytes(), 1);
        let line =
            |number, code| ServiceLine { number, procedure_code: text(code), ..ServiceLine::default() };
        let treatment = Stated { text: text("ROWAN"), value: None };
        let claim = Claim {
            accident_state: text("MILLER"),
            dates: vec![DateFact { line: 0, qualifier: text("454"), date: treatment }],
            lines: vec![line(1, "97110"), line(2, "HAZELTON")],
            ..Claim::default()
        };
        let formless = Formless::of(&claim);
        let told = |claim_of_related: u32, lines: &[u16]| {
            let pointer = |claim, line| {
                let at = LineRef { claim, line };
                Pointer { at, fact: Fact::ProcedureCode, item: 0, text: String::new() }
            };
            let hit = Hit {
                rule: 0,
                outcome: "",
                primary: pointer(7, lines[0]),
                related: lines[1..].iter().map(|line| pointer(claim_of_related, *line)).collect(),
                values: Vec::new(),
                takes: Takes::Nothing,
            };
            formless.with_lines_of(&hit, &claim, 7).into_owned()
        };
        assert_eq!(told(7, &[1]), ["MILLER"]);
        assert_eq!(told(7, &[2]), ["HAZELTON", "MILLER"]);
        assert_eq!(told(7, &[1, 2]), ["HAZELTON", "MILLER"]);
        assert_eq!(told(8, &[1, 2]), ["MILLER"], "a line of another claim");
        assert_eq!(told(7, &[0]), ["MILLER", "ROWAN"], "a date of the claim, where no line has its own");
    }

    #[test]
    fn what_has_not_the_form_of_its_place_goes_in_whatever_case() {
        let mut text = "Jane DOE, doe and d\u{f3}e, do Doe".to_owned();
        without(&mut text, &["dOe".to_owned()]);
        assert_eq!(text, "Jane •••, ••• and d\u{f3}e, do •••");
    }
}
