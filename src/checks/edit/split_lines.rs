//! A timed code of one day on several lines of one claim, or on a line that stands for several days.
//!
//! Time is counted for a day: the units of a timed code belong on one line of one date. Lines that differ in who
//! rendered them or in any modifier are told apart for a reason (an assistant's share, KX from the unit that crosses the
//! threshold, 59, 76) and are left alone. The same service in two claims is a duplicate, as is an untimed code in one;
//! lines that repeat earlier ones are not in the day that this looks at. Source: CMS Pub. 100-04 ch. 5 s. 20.2.

use crate::checks::hit::{Day, Hit, Out, Pointer, Takes};
use crate::checks::lines;
use crate::claim::{Fact, LineFact};

pub(super) fn check(rule: u16, bit: u16, faults: &[&'static str], day: &Day<'_>, out: &mut Out) {
    let fault = |plain: &'static str, refused: &'static str| {
        let fault = if day.profile.one_line_a_day { refused } else { plain };
        faults.contains(&fault).then_some(fault)
    };
    for (index, line) in day.lines.iter().enumerate() {
        if !day.is_about(index, bit) || !lines::is_billed(line) {
            continue;
        }
        let first = || {
            let is_first = |&(at, one): &(usize, &LineFact)| {
                day.is_about(at, bit) && lines::is_billed(one) && is_one_service(one, line)
            };
            day.lines[..index].iter().enumerate().find(is_first).map(|(_, one)| one)
        };
        if let Some(first) = first()
            && let Some(outcome) = fault("several-lines", "several-lines-refused")
        {
            out.hits.push(hit(rule, outcome, line, Fact::ProcedureCode, "the same code again", Some(first)));
        }
        if line.spans_days()
            && let Some(outcome) = fault("date-range", "date-range-refused")
        {
            out.hits.push(hit(rule, outcome, line, Fact::ServiceDateEnd, "another day", None));
        }
    }
}

/// Whether two lines of one claim bill one code, with the same modifiers in whatever order, by one provider.
fn is_one_service(one: &LineFact, other: &LineFact) -> bool {
    one.claim == other.claim
        && one.code == other.code
        && one.rendering == other.rendering
        && lines::same_modifiers(one, other)
}

fn hit(
    rule: u16,
    outcome: &'static str,
    line: &LineFact,
    fact: Fact,
    text: &str,
    first: Option<&LineFact>,
) -> Hit {
    let at = lines::at(line);
    // Facts of the line are stated too: the claim may not be at hand any more to look them up.
    let mut values = vec![("service_date", line.date.to_string())];
    values.extend(lines::code_value(line));
    values.extend(first.map(|first| ("first_line", first.line.to_string())));
    let related = first.map(|first| Pointer {
        at: lines::at(first),
        fact: Fact::ProcedureCode,
        item: 0,
        text: lines::billed_already(first),
    });
    Hit {
        rule,
        outcome,
        primary: Pointer { at, fact, item: 0, text: text.to_owned() },
        related: related.into_iter().collect(),
        values,
        takes: Takes::Lines(vec![at]),
    }
}
