//! One service of a patient billed twice: in two claims of the batch, or twice in one.
//!
//! Which lines repeat earlier ones is a fact of the day, found whether or not anybody asks for it: such a line stands
//! aside for every other rule over the day ([`Day::repeats`]), so that a file checked twice accuses nobody of too many
//! units. What it is billed stays in the day's dollars, and that is what the finding is worth.
//!
//! The same patient, payer, date, code, modifiers and rendering provider make the same service; the order of modifiers,
//! units, charge and minutes do not matter. Lines that say a service was repeated or distinct (59, X{EPSU}, 76, 77, 91) are no
//! duplicates of each other, unless their whole claim is a copy. A timed code on several lines of one claim is a
//! question of how units are reported, not of a duplicate. Source: CARC 18; CMS Pub. 100-04 ch. 1 s. 120.

use crate::checks::hit::{Day, Hit, Out, Pointer, Repeat, Takes};
use crate::checks::lines;
use crate::claim::{Fact, LineFact, ProcedureCode};

/// Modifiers that say of a service that it was repeated, or is another than the one it looks like.
const ON_PURPOSE: [&str; 8] = ["59", "XE", "XP", "XS", "XU", "76", "77", "91"];

pub(super) fn check(rule: u16, bit: u16, faults: &[&'static str], day: &Day<'_>, out: &mut Out) {
    for repeat in day.repeats {
        let (line, first) = (&day.lines[repeat.line], &day.lines[repeat.of]);
        let fault = if line.claim == first.claim { "one-claim" } else { "two-claims" };
        if !faults.contains(&fault) || !day.is_about(repeat.line, bit) || !lines::is_billed(line) {
            continue;
        }
        // Facts of the line are stated too: the claim may not be at hand any more to look them up.
        let mut values =
            vec![("service_date", line.date.to_string()), ("first_line", first.line.to_string())];
        values.extend(lines::code_value(line));
        out.hits.push(Hit {
            rule,
            outcome: fault,
            primary: Pointer {
                at: lines::at(line),
                fact: Fact::ProcedureCode,
                item: 0,
                text: "the same service again".to_owned(),
            },
            related: vec![Pointer {
                at: lines::at(first),
                fact: Fact::ProcedureCode,
                item: 0,
                text: lines::billed_already(first),
            }],
            values,
            takes: Takes::Lines(vec![lines::at(line)]),
        });
    }
}

/// The lines of a day, in run order, that repeat an earlier one. Each stands in the answer once, in order.
///
/// `is_original` says of a claim that it neither replaces nor voids another; only such claims duplicate each other.
/// `copies` are claims that say line for line what an earlier one of the same number says, with that one.
pub fn repeats(lines: &[LineFact], is_original: &dyn Fn(u32) -> bool, copies: &[(u32, u32)]) -> Vec<Repeat> {
    let mut repeats = Vec::new();
    for &(copy, first) in copies {
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.claim == copy) {
            let same = |one: &LineFact| (one.claim, one.line) == (first, line.line);
            repeats.extend(lines.iter().position(same).map(|of| Repeat { line: at, of }));
        }
    }
    let is_candidate = |line: &LineFact| {
        lines::is_billed(line)
            && line.code != Default::default()
            && !ON_PURPOSE.iter().any(|modifier| line.modifiers.has(modifier))
            && !copies.iter().any(|(copy, _)| *copy == line.claim)
    };
    let is_one_service = |one: &LineFact, other: &LineFact| {
        one.code == other.code && one.rendering == other.rendering && lines::same_modifiers(one, other)
    };
    // Almost no day has equal lines: short days are looked through without a list of them.
    let is_second = |at: usize| lines[..at].iter().any(|before| is_one_service(before, &lines[at]));
    if lines.len() <= 8 && !(1..lines.len()).any(is_second) {
        return repeats;
    }
    let key = |index: &usize| {
        let line = &lines[*index];
        (line.code, lines::modifiers_in_order(line), line.rendering)
    };
    let mut order: Vec<usize> = (0..lines.len()).filter(|&index| is_candidate(&lines[index])).collect();
    order.sort_by_key(key);
    for equal in order.chunk_by(|one, other| key(one) == key(other)).filter(|equal| equal.len() > 1) {
        let elsewhere = equal.iter().copied().find(|&index| is_original(lines[index].claim));
        for in_claim in equal.chunk_by(|&one, &other| lines[one].claim == lines[other].claim) {
            let claim = lines[in_claim[0]].claim;
            let other = elsewhere.filter(|&first| lines[first].claim != claim && is_original(claim));
            let within = is_untimed(lines[in_claim[0]].code).then_some(in_claim[0]);
            repeats.extend(in_claim.iter().filter_map(|&line| {
                let of = other.or(within.filter(|&first| first != line))?;
                Some(Repeat { line, of })
            }));
        }
    }
    repeats.sort_by_key(|repeat| repeat.line);
    repeats
}

/// Whether the code is certain to be billed once, however long the service takes. A code that is not of therapy may
/// have its own reasons to stand on two lines, such as two drugs of one code, and is left alone within a claim.
/// Source: CMS Pub. 100-04 ch. 5 s. 20.2 (untimed codes).
pub(super) fn is_untimed(code: ProcedureCode) -> bool {
    let code = code.as_bytes();
    code == b"G0283"
        || code == b"97150"
        || (b"92507"..=b"92508").contains(&code)
        || (b"97010"..=b"97028").contains(&code)
        || (b"97161"..=b"97168").contains(&code)
        || (b"98940"..=b"98943").contains(&code)
}
