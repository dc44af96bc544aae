//! The kinds that carry a payer's own edits without any Rust: `forbid`, `require`, `limit`.
//!
//! They point at the fact that the rule names (or that its tests are about) and know nothing of therapy.

use super::Subject;
use super::hit::{Day, Hit, Lack, Out, Pointer, Takes};
use super::lines;
use crate::claim::{Cents, Claim, Fact, LineFact, LineRef, ServiceLine};
use crate::rules::{LimitOf, Rule, Tree};

/// What `when` matches is the fault.
pub(super) fn forbid(index: u16, rule: &Rule, subject: &Subject<'_, '_>, out: &mut Out) {
    out.hits.push(hit(index, rule, subject.at, "not allowed here", takes(subject)));
}

/// What `when` matches must match `tree` too.
///
/// A fact that no claim has to carry (minutes, region, note) is asked for, not demanded: where the fact that the
/// rule points at is one of those and absent, the rule is not evaluated.
pub(super) fn require(index: u16, rule: &Rule, tree: &Tree, subject: &Subject<'_, '_>, out: &mut Out) {
    if subject.matches(tree) {
        return;
    }
    if stands_beside_the_claim(rule.at) && subject.is_absent(rule.at) {
        return out.lack(index, Lack::Fact, 1);
    }
    out.hits.push(hit(index, rule, subject.at, "not as required", takes(subject)));
}

/// The line; every line, where the rule asks about the claim alone.
fn takes(subject: &Subject<'_, '_>) -> Takes {
    match subject.line {
        Some(_) => Takes::Lines(vec![subject.at]),
        None => {
            let lines = subject.claim.lines.iter().map(|line| LineRef { line: line.number, ..subject.at });
            Takes::Lines(lines.collect())
        }
    }
}

const fn stands_beside_the_claim(fact: Fact) -> bool {
    matches!(
        fact,
        Fact::Minutes
            | Fact::Start
            | Fact::End
            | Fact::Region
            | Fact::Laterality
            | Fact::Note
            | Fact::Visit
            | Fact::AssistantMinutes
    )
}

fn hit(index: u16, rule: &Rule, at: LineRef, text: &str, takes: Takes) -> Hit {
    Hit {
        rule: index,
        outcome: "",
        primary: Pointer { at, fact: rule.at, item: 0, text: text.to_owned() },
        related: Vec::new(),
        values: Vec::new(),
        takes,
    }
}

/// A ceiling: what is added up, by which facts, and the most that passes (thousandths; cents for charges).
pub(super) struct Ceiling<'r> {
    pub(super) of: LimitOf,
    pub(super) by: &'r [Fact],
    pub(super) at_most: i64,
}

/// A limit over one line. Of units, a line over several days may have as many on each.
pub(super) fn limit_line(
    index: u16,
    rule: &Rule,
    ceiling: &Ceiling<'_>,
    subject: &Subject<'_, '_>,
    out: &mut Out,
) {
    let Some(line) = subject.line else { return };
    let days = if ceiling.of == LimitOf::Units { line.days().unwrap_or(1) } else { 1 };
    let ceiling = &Ceiling { at_most: ceiling.at_most.saturating_mul(days.into()), ..*ceiling };
    match measure_of(line, ceiling.of) {
        Ok(measure) => over(index, rule, ceiling, &[(subject.at, measure)], out),
        Err(lack) => out.lack(index, lack, 1),
    }
}

/// A limit over a claim: lines that `when` matches, added up where their `by` facts are equal.
pub(super) fn limit_claim(
    index: u16,
    rule: &Rule,
    ceiling: &Ceiling<'_>,
    subject: &Subject<'_, '_>,
    out: &mut Out,
) {
    let claim = subject.claim;
    let about: Vec<&ServiceLine<'_>> =
        claim.lines.iter().filter(|line| subject.with_line(line).matches(&rule.when)).collect();
    let alike = |one: &ServiceLine<'_>, other: &ServiceLine<'_>| {
        ceiling.by.iter().all(|&fact| is_equal_in_claim(claim, fact, one, other))
    };
    limit_groups(index, rule, ceiling, &about, alike, out, |line| {
        (subject.with_line(line).at, measure_of(line, ceiling.of))
    });
}

/// A limit over a patient's day.
pub(super) fn limit_day(index: u16, rule: &Rule, ceiling: &Ceiling<'_>, day: &Day<'_>, out: &mut Out) {
    let Some(bit) = rule.day_bit else { return };
    let about: Vec<&LineFact> = (0..day.lines.len())
        .filter(|&line| day.is_about(line, bit))
        .filter_map(|line| day.lines.get(line))
        .collect();
    let alike =
        |one: &LineFact, other: &LineFact| ceiling.by.iter().all(|&fact| is_equal_on_day(fact, one, other));
    limit_groups(index, rule, ceiling, &about, alike, out, |line| {
        (lines::at(line), measure_of_fact(line, ceiling.of))
    });
}

/// What a line adds to the sum, in the limit's unit.
type Measure = Result<i64, Lack>;

fn limit_groups<T>(
    index: u16,
    rule: &Rule,
    ceiling: &Ceiling<'_>,
    about: &[&T],
    alike: impl Fn(&T, &T) -> bool,
    out: &mut Out,
    measure: impl Fn(&T) -> (LineRef, Measure),
) {
    for (place, first) in about.iter().enumerate() {
        if about[..place].iter().any(|before| alike(before, first)) {
            continue;
        }
        let measured = about[place..].iter().filter(|other| alike(first, other)).map(|line| measure(line));
        let group: Result<Vec<(LineRef, i64)>, Lack> =
            measured.map(|(at, measure)| Ok((at, measure?))).collect();
        match group {
            Ok(group) => over(index, rule, ceiling, &group, out),
            Err(lack) => {
                out.lack(index, lack, about[place..].iter().filter(|other| alike(first, other)).count());
            }
        }
    }
}

/// Reports a group above its ceiling at the line that crosses it. What lies above is taken from the last line back.
fn over(index: u16, rule: &Rule, ceiling: &Ceiling<'_>, group: &[(LineRef, i64)], out: &mut Out) {
    let total: i64 = group.iter().map(|(_, measure)| measure).sum();
    if total <= ceiling.at_most {
        return;
    }
    let mut sum = 0;
    let crossing = group.iter().find(|(_, measure)| {
        sum += measure;
        sum > ceiling.at_most
    });
    let Some(&(at, _)) = crossing else { return };
    let mut left = total - ceiling.at_most;
    let mut units = Vec::new();
    let mut whole = Vec::new();
    for &(at, measure) in group.iter().rev().filter(|(_, measure)| *measure > 0) {
        if left <= 0 {
            break;
        }
        let taken = left.min(measure);
        units.push((at, -i32::try_from((taken + 999) / 1000).unwrap_or(i32::MAX)));
        whole.push(at);
        left -= taken;
    }
    whole.reverse();
    let takes = if ceiling.of == LimitOf::Units { Takes::Units(units) } else { Takes::Lines(whole) };
    let amount = |value: i64| match ceiling.of {
        LimitOf::Charge => Cents(value).to_string(),
        _ => crate::claim::Units(i32::try_from(value).unwrap_or(i32::MAX)).to_string(),
    };
    let label = format!("{}, and {} at most", amount(total), amount(ceiling.at_most));
    let mut hit = hit(index, rule, at, &label, takes);
    hit.related = group
        .iter()
        .filter(|(other, _)| *other != at)
        .map(|(other, measure)| Pointer { at: *other, fact: rule.at, item: 0, text: amount(*measure) })
        .collect();
    hit.values = vec![
        ("total", amount(total)),
        ("at_most", amount(ceiling.at_most)),
        ("excess", amount(total - ceiling.at_most)),
    ];
    out.hits.push(hit);
}

fn measure_of(line: &ServiceLine<'_>, of: LimitOf) -> Measure {
    match of {
        LimitOf::Count => Ok(1000),
        LimitOf::Units => line.units_billed().map(|units| i64::from(units.0)).ok_or(Lack::Units),
        LimitOf::Minutes => line.minutes.value.map(|minutes| i64::from(minutes) * 1000).ok_or(Lack::Minutes),
        LimitOf::Charge => line.charge.value.map(|charge| charge.0).ok_or(Lack::Fact),
    }
}

fn measure_of_fact(line: &LineFact, of: LimitOf) -> Measure {
    match of {
        LimitOf::Count => Ok(1000),
        LimitOf::Units => line.units_a_day().map(|units| i64::from(units.0)).ok_or(Lack::Units),
        LimitOf::Minutes => line.minutes.map(|minutes| i64::from(minutes) * 1000).ok_or(Lack::Minutes),
        LimitOf::Charge => line.charge.map(|charge| charge.0).ok_or(Lack::Fact),
    }
}

fn is_equal_in_claim(claim: &Claim<'_>, fact: Fact, one: &ServiceLine<'_>, other: &ServiceLine<'_>) -> bool {
    (0..4).all(|item| {
        claim.text(fact, one.number, item).bytes() == claim.text(fact, other.number, item).bytes()
    })
}

/// A fact that a settled day no longer holds never joins two lines.
fn is_equal_on_day(fact: Fact, one: &LineFact, other: &LineFact) -> bool {
    match fact {
        Fact::ProcedureCode => one.code == other.code,
        Fact::Modifiers => one.modifiers == other.modifiers,
        Fact::Units => one.units == other.units,
        Fact::ChargeAmount => one.charge == other.charge,
        Fact::ServiceDate => one.date == other.date,
        Fact::RenderingNpi => lines::same_rendering(one, other),
        Fact::BillingNpi => lines::same_billing(one, other),
        Fact::PlaceOfService => one.place_of_service == other.place_of_service,
        Fact::Start => one.start == other.start,
        Fact::End => one.end == other.end,
        Fact::Minutes => one.minutes == other.minutes,
        Fact::Region => one.region == other.region,
        Fact::ClaimId => one.claim == other.claim,
        _ => one.claim == other.claim && one.line == other.line,
    }
}
