use jiff::ToSpan;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::context::Context;
use super::located::Located;
use super::mistake::{RuleFile, did_you_mean};
use super::raw_example::{RawExample, RawExamples, RawExpect, RawFacts, RawValue};
use super::raw_rule::RawCheck;
use crate::claim::{Cents, Date, Fact, FactKind, Units, parse_iso_date};
use crate::rules::kinds::Kind;
use crate::rules::{Example, ExamplePlace, Expect};

/// What an example leaves out, as `example-defaults.yaml` states it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawDefaults {
    run_days: i32,
    charge_per_unit: String,
    claim: RawFacts,
    line: RawFacts,
}

/// What an example leaves out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Defaults {
    run_days: i32,
    charge_per_unit: Cents,
    facts: Map<String, Value>,
}

impl Defaults {
    /// Reads the defaults; facts that nobody knows are left out.
    pub(crate) fn new(raw: &RawDefaults) -> Defaults {
        let mut facts = Map::new();
        put(&mut facts, &raw.claim);
        put(&mut facts, &raw.line);
        Defaults {
            run_days: raw.run_days,
            charge_per_unit: Cents::parse(raw.charge_per_unit.as_bytes()).unwrap_or_default(),
            facts,
        }
    }
}

/// Notes what is wrong in the examples of a rule: names that nobody knows, values that cannot be read.
pub(super) fn check(context: &mut Context, raw: &RawExamples, check: &RawCheck, codes: &[&str]) {
    for Located { value: example, .. } in raw.invalid.iter().chain(&raw.valid) {
        let claims = example.claims.iter().flat_map(|claim| claim.lines.iter().chain([&claim.facts]));
        for facts in example.lines.iter().chain([&example.claim]).chain(claims) {
            for (name, _) in &facts.0 {
                context.fact(name);
            }
        }
        for code in &example.also {
            if !codes.contains(&code.value.as_str()) {
                let help = did_you_mean(&code.value, codes.iter().copied());
                context.wrong(
                    &code.at,
                    format!("no rule has the code `{}`", code.value),
                    "unknown code",
                    help,
                );
            }
        }
        if let Some(date) = &example.as_of
            && parse_iso_date(date.value.as_bytes()).is_none()
        {
            let message = format!("`{}` cannot be read as a date such as 2025-03-03", date.value);
            context.wrong(&date.at, message, "not a date", None);
        }
        let expect = example.expect.clone().unwrap_or_default();
        for dollars in expect.net.iter().chain(&expect.gross) {
            if Cents::parse(dollars.value.as_bytes()).is_none() {
                let message = format!("`{}` cannot be read as dollars such as 29.76", dollars.value);
                context.wrong(&dollars.at, message, "not dollars", None);
            }
        }
        if let Some(outcome) = &expect.outcome
            && let Some(kind) = Kind::named(check.kind())
            && !matches!(check, RawCheck::Structure { .. })
            && !outcome.value.is_empty()
            && !kind.outcomes.contains(&outcome.value.as_str())
        {
            let help = did_you_mean(&outcome.value, kind.outcomes.iter().copied());
            let message = format!("`{}` has no outcome `{}`", kind.name, outcome.value);
            context.wrong(&outcome.at, message, "unknown outcome", help);
        }
    }
}

/// The examples of one rule, with everything filled in that they leave out. `file` is what they were read from, if that
/// is at hand.
pub(crate) fn resolve(
    rule: &str,
    raw: &RawExamples,
    defaults: &Defaults,
    file: Option<&RuleFile>,
) -> Vec<Example> {
    let place = |raw: &Located<RawExample>| {
        let file = file?;
        let before = file.text.get(..raw.at.as_ref()?.start)?;
        Some(ExamplePlace { file: file.name.clone(), line: before.matches('\n').count() + 1 })
    };
    let of = |examples: &[Located<RawExample>], fires: bool| {
        let example = |raw: &Located<RawExample>| Example {
            place: place(raw),
            ..example(rule, fires, &raw.value, defaults)
        };
        examples.iter().map(example).collect::<Vec<_>>()
    };
    let mut examples = of(&raw.invalid, true);
    examples.extend(of(&raw.valid, false));
    examples
}

fn example(rule: &str, fires: bool, raw: &RawExample, defaults: &Defaults) -> Example {
    let mut lines = Vec::new();
    let mut written = Vec::new();
    let own = (!raw.lines.is_empty()).then(|| (RawFacts::default(), &raw.lines));
    let others = raw.claims.iter().map(|claim| (claim.facts.clone(), &claim.lines));
    for (ordinal, (claim, claim_lines)) in own.into_iter().chain(others).enumerate() {
        for (index, facts) in claim_lines.iter().enumerate() {
            let mut stated = Map::new();
            for facts in [&raw.claim, &claim, facts] {
                put(&mut stated, facts);
            }
            written.push(stated.clone());
            lines.push(filled(stated, ordinal + 1, index + 1, defaults));
        }
    }
    let as_of = raw.as_of.as_ref().and_then(|date| parse_iso_date(date.value.as_bytes()));
    Example {
        rule: rule.to_owned(),
        fires,
        name: raw.name.clone(),
        place: None,
        as_of: as_of.unwrap_or_else(|| run_date(&lines, defaults)),
        lines,
        written,
        expect: raw.expect.as_ref().map(expect).unwrap_or_default(),
        also: raw.also.iter().map(|code| code.value.clone()).collect(),
        authorizations: raw.authorizations.clone(),
        suppressions: raw.suppressions.clone(),
        replace: raw.x12.iter().flat_map(|edits| edits.replace.clone()).collect(),
    }
}

/// A line with defaults for what it does not state; what it states as absent is left out.
fn filled(stated: Map<String, Value>, claim: usize, line: usize, defaults: &Defaults) -> Map<String, Value> {
    let mut filled = defaults.facts.clone();
    // The filing indicator would win over a profile named outright.
    if stated.contains_key("payer") {
        filled.remove("claim_filing_indicator");
    }
    filled.insert("claim_id".to_owned(), format!("EXAMPLE-{claim}").into());
    filled.insert("line_number".to_owned(), line.into());
    filled.extend(stated);
    if !filled.contains_key("charge_amount") {
        let units = filled.get("units").map(Value::to_string).unwrap_or_default();
        let units = Units::parse(units.trim_matches('"').as_bytes()).map_or(1000, |units| i64::from(units.0));
        let cents = defaults.charge_per_unit.0 * units / 1000;
        let dollars = format!("{}.{:02}", cents / 100, (cents % 100).abs());
        filled.insert("charge_amount".to_owned(), json(FactKind::Amount, &dollars));
    }
    filled.retain(|_, value| !value.is_null());
    filled
}

fn run_date(lines: &[Map<String, Value>], defaults: &Defaults) -> Date {
    let dates = lines.iter().filter_map(|line| {
        let date = line.get("service_date_end").or_else(|| line.get("service_date"))?;
        parse_iso_date(date.as_str()?.as_bytes())
    });
    let stated = dates.max().or_else(|| {
        let date = defaults.facts.get("service_date")?;
        parse_iso_date(date.as_str()?.as_bytes())
    });
    let last = stated.unwrap_or(Date::constant(2025, 3, 3));
    last.checked_add(defaults.run_days.days()).unwrap_or(last)
}

fn put(into: &mut Map<String, Value>, facts: &RawFacts) {
    for (name, value) in &facts.0 {
        let Some(fact) = Fact::named(&name.value) else { continue };
        let value = match value {
            RawValue::Absent | RawValue::Unknown => Value::Null,
            RawValue::One(text) => json(fact.kind(), text),
            RawValue::Many(texts) if fact == Fact::DiagnosisPointers => {
                texts.iter().map(|text| json(FactKind::Number, text)).collect()
            }
            RawValue::Many(texts) => texts.iter().map(|text| Value::from(text.as_str())).collect(),
        };
        into.insert(fact.name().to_owned(), value);
    }
}

/// A value as native JSON writes it; a number that cannot be read stays the text it was.
fn json(kind: FactKind, text: &str) -> Value {
    match kind {
        FactKind::Number | FactKind::Amount => {
            serde_json::from_str::<serde_json::Number>(text).map_or_else(|_| text.into(), Value::Number)
        }
        _ => text.into(),
    }
}

fn expect(raw: &RawExpect) -> Expect {
    let cents = |dollars: &Option<Located<String>>| {
        dollars.as_ref().and_then(|dollars| Cents::parse(dollars.value.as_bytes()))
    };
    Expect {
        claim: raw.claim,
        line: raw.line,
        net: cents(&raw.net),
        gross: cents(&raw.gross),
        outcome: raw.outcome.as_ref().map(|outcome| outcome.value.clone()),
        severity: raw.severity,
        count: raw.count,
    }
}
