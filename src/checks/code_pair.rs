//! Two procedure codes that one provider bills for one patient on one day.
//!
//! At a payer that applies NCCI the pairs are the CMS table's, and its modifier indicator decides; elsewhere they are
//! the rule's own. A modifier is never advised here: the check says what stands on the claim and what the record
//! shows, no more. Sources: NCCI Policy Manual ch. I; CR 11168 (either column from 2019-07-01).

use super::DayGlance;
use super::hit::{Cx, Day, Hit, Out, Pointer, Takes};
use super::lines;
use super::times;
use crate::claim::{Date, Fact, LineFact, Modifier, ProcedureCode};
use crate::rules::PairFault;

/// From this day NCCI takes 59 and X{EPSU} on either line of a pair.
const EITHER_COLUMN: Date = Date::constant(2019, 7, 1);

/// What a `code-pair` rule asks.
pub(super) struct Ask<'r> {
    pub(super) rule: u16,
    pub(super) bit: u16,
    pub(super) fault: PairFault,
    /// The rule's own pairs, for payers that do not apply NCCI.
    pub(super) pairs: &'r [(ProcedureCode, ProcedureCode)],
    /// The modifiers that tell services apart at such payers.
    pub(super) modifiers: &'r [String],
    /// Codes that neither region nor time tells apart from others.
    pub(super) assessments: &'r [String],
}

/// A pair on the day: places of its lines, and how it may be bypassed.
struct Pair {
    column1: usize,
    column2: usize,
    indicator: u8,
    uncertain: bool,
}

pub(super) fn check(ask: &Ask<'_>, day: &Day<'_>, glance: &mut DayGlance, cx: &Cx<'_>, out: &mut Out) {
    if day.lines.len() < 2 {
        return;
    }
    let ncci = day.profile.ncci;
    let mut bears_bypass = || {
        let look = || day.lines.iter().any(|line| has_bypass(ask, ncci, line, cx));
        // Elsewhere it is the rule's own modifiers that do.
        if ncci { glance.bears_bypass(look) } else { look() }
    };
    let concerns = match ask.fault {
        PairFault::Unbundled => ncci,
        PairFault::MissingModifier => !ncci,
        PairFault::ColumnOneOnly | PairFault::Unsupported => {
            (ncci || !ask.pairs.is_empty()) && bears_bypass()
        }
        PairFault::SameRegion => has_column_1(ask, day) && (!ncci || bears_bypass()),
    };
    if !concerns {
        if matches!(ask.fault, PairFault::Unbundled | PairFault::MissingModifier) {
            out.not_asked(ask.rule, "ncci");
        }
        return;
    }
    for column2 in 0..day.lines.len() {
        if !takes_part(ask, day, column2) {
            continue;
        }
        // One finding for each column 1 code that a line meets, however many lines that code stands on: of its gravest pair.
        let mut found: Vec<(ProcedureCode, Hit)> = Vec::new();
        for column1 in 0..day.lines.len() {
            if column1 == column2 || !takes_part(ask, day, column1) {
                continue;
            }
            let (one, two) = (&day.lines[column1], &day.lines[column2]);
            if one.code == two.code || !lines::same_rendering(one, two) {
                continue;
            }
            let Some((indicator, uncertain)) = edit(ask, ncci, one, two, cx) else { continue };
            let pair = Pair { column1, column2, indicator, uncertain };
            let Some(hit) = judge(ask, &pair, day, cx) else { continue };
            match found.iter_mut().find(|(code, _)| *code == one.code) {
                Some((_, known)) if gravity(hit.outcome) > gravity(known.outcome) => *known = hit,
                Some(_) => {}
                None => found.push((one.code, hit)),
            }
        }
        out.hits.extend(found.into_iter().map(|(_, hit)| hit));
    }
}

/// How grave a pair's outcome is beside those of the same codes on other lines: what the record contradicts, then what it
/// leaves open, then what it bears out in part.
fn gravity(outcome: &str) -> u8 {
    match outcome {
        "separate-regions" | "separate-intervals" => 0,
        "region-unknown" => 1,
        _ => 2,
    }
}

fn takes_part(ask: &Ask<'_>, day: &Day<'_>, index: usize) -> bool {
    day.is_about(index, ask.bit) && lines::is_billed(&day.lines[index])
}

/// Whether the column 1 code of one of the rule's own pairs is on the day: few days have one.
fn has_column_1(ask: &Ask<'_>, day: &Day<'_>) -> bool {
    let mut before = ProcedureCode::NONE;
    ask.pairs.iter().any(|&(column1, _)| {
        let is_new = std::mem::replace(&mut before, column1) != column1;
        is_new && day.lines.iter().any(|line| line.code == column1)
    })
}

/// The edit between two codes in this order: its indicator, and whether it is certain to be in force.
///
/// Indicator 9 says that an edit was deleted as of the day it began: it never applied.
fn edit(ask: &Ask<'_>, ncci: bool, one: &LineFact, two: &LineFact, cx: &Cx<'_>) -> Option<(u8, bool)> {
    let is_own = || ask.pairs.contains(&(one.code, two.code));
    if ncci && (ask.fault != PairFault::SameRegion || is_own()) {
        let pair = cx.reference.ncci_pair(one.code, two.code, two.date)?;
        return (pair.indicator <= 1).then_some((pair.indicator, pair.uncertain));
    }
    (!ncci && is_own()).then_some((1, false))
}

fn is_assessment(ask: &Ask<'_>, line: &LineFact) -> bool {
    ask.assessments.iter().any(|code| is_code(line.code, code))
}

fn is_code(code: ProcedureCode, stated: &str) -> bool {
    code.as_bytes().as_slice() == stated.as_bytes()
}

fn has_bypass(ask: &Ask<'_>, ncci: bool, line: &LineFact, cx: &Cx<'_>) -> bool {
    line.modifiers.iter().any(|modifier| is_bypass(ask, ncci, modifier, cx))
}

fn is_bypass(ask: &Ask<'_>, ncci: bool, modifier: Modifier, cx: &Cx<'_>) -> bool {
    if ncci {
        return cx.reference.bypasses_ncci(modifier);
    }
    ask.modifiers.iter().any(|one| one.as_bytes() == modifier.as_bytes())
}

/// The first modifier of a line that tells its service apart, with its place among the modifiers.
fn bypass(ask: &Ask<'_>, ncci: bool, line: &LineFact, cx: &Cx<'_>) -> Option<(usize, Modifier)> {
    line.modifiers.iter().enumerate().find(|(_, modifier)| is_bypass(ask, ncci, *modifier, cx))
}

fn judge(ask: &Ask<'_>, pair: &Pair, day: &Day<'_>, cx: &Cx<'_>) -> Option<Hit> {
    let ncci = day.profile.ncci;
    let (one, two) = (&day.lines[pair.column1], &day.lines[pair.column2]);
    let (on_one, on_two) = (bypass(ask, ncci, one, cx), bypass(ask, ncci, two, cx));
    let bypassed = on_one.is_some() || on_two.is_some();
    match ask.fault {
        PairFault::Unbundled => {
            if pair.indicator == 1 && bypassed {
                return None;
            }
            let outcome = match (pair.uncertain, pair.indicator) {
                (true, _) => "uncertain",
                (false, 0) => "indicator-0",
                _ if is_assessment(ask, one) || is_assessment(ask, two) => "assessment",
                _ => "",
            };
            Some(hit(ask, pair, day, outcome, true))
        }
        PairFault::MissingModifier => {
            if bypassed {
                return None;
            }
            let known = one.region.is_known() && two.region.is_known();
            let outcome = match (known, one.region.same_as(&two.region)) {
                (true, true) => "",
                (true, false) => "separate-regions",
                (false, _) => "region-unknown",
            };
            Some(hit(ask, pair, day, outcome, true))
        }
        PairFault::ColumnOneOnly => {
            if pair.indicator != 1 || on_one.is_none() || on_two.is_some() {
                return None;
            }
            let outcome = match (ncci, two.date >= EITHER_COLUMN) {
                (true, true) => "either-column",
                (true, false) => "before-july-2019",
                (false, _) => "",
            };
            let mut hit = hit(ask, pair, day, outcome, outcome != "either-column");
            if let (Some((item, _)), Some(related)) = (on_one, hit.related.first_mut()) {
                *related = Pointer {
                    at: lines::at(one),
                    fact: Fact::Modifiers,
                    item,
                    text: "the modifier stands on column 1 only".to_owned(),
                };
            }
            Some(hit)
        }
        PairFault::Unsupported => {
            if pair.indicator != 1 || !bypassed {
                return None;
            }
            let refused = ncci && two.date < EITHER_COLUMN && on_two.is_none();
            let outcome = if refused { None } else { support(pair, day) }?;
            let mut hit = hit(ask, pair, day, outcome, outcome.is_empty());
            point_at_bypass(&mut hit, [(one, on_one), (two, on_two)]);
            Some(hit)
        }
        PairFault::SameRegion => {
            let known = one.region.is_known() && two.region.is_known();
            let same = known && one.region.same_as(&two.region);
            let refused = ncci && two.date < EITHER_COLUMN && on_two.is_none();
            match (ncci, bypassed, known) {
                // A modifier in one region: what P04 would say of other pairs. Without one the pair is P01's.
                (true, true, _) if same && pair.indicator == 1 && !refused => {
                    let mut hit = hit(ask, pair, day, "billed-as-separate", true);
                    point_at_bypass(&mut hit, [(one, on_one), (two, on_two)]);
                    Some(hit)
                }
                (false, false, true) if same => Some(hit(ask, pair, day, "", true)),
                (false, false, false) => Some(hit(ask, pair, day, "region-unknown", true)),
                _ => None,
            }
        }
    }
}

/// Points a hit at the modifier that says the services were separate: that of column 2, where both have one.
fn point_at_bypass(hit: &mut Hit, columns: [(&LineFact, Option<(usize, Modifier)>); 2]) {
    let [(one, on_one), (two, on_two)] = columns;
    let (line, other, (item, modifier)) = match (on_one, on_two) {
        (_, Some(place)) => (two, one, place),
        (Some(place), None) => (one, two, place),
        (None, None) => return,
    };
    hit.primary = Pointer {
        at: lines::at(line),
        fact: Fact::Modifiers,
        item,
        text: format!("{} says the services were separate", modifier.as_str()),
    };
    hit.related = vec![pointer(other, format!("billed beside {}", line.code))];
}

/// What the record shows for a bypassed pair: the outcome to report, or `None` where it bears the modifier out.
fn support(pair: &Pair, day: &Day<'_>) -> Option<&'static str> {
    let (one, two) = (&day.lines[pair.column1], &day.lines[pair.column2]);
    let separate = times::are_separate(day.lines, pair.column1, pair.column2);
    match (one.region.is_known() && two.region.is_known(), separate) {
        (true, _) if !one.region.same_as(&two.region) => None,
        (true, true) => Some("separate-intervals"),
        (true, false) => Some(""),
        (false, true) => None,
        (false, false) => Some("region-unknown"),
    }
}

fn pointer(line: &LineFact, text: String) -> Pointer {
    Pointer { at: lines::at(line), fact: Fact::ProcedureCode, item: 0, text }
}

/// A hit on the column 2 line; the edit takes the whole of it.
fn hit(ask: &Ask<'_>, pair: &Pair, day: &Day<'_>, outcome: &'static str, takes: bool) -> Hit {
    let (one, two) = (&day.lines[pair.column1], &day.lines[pair.column2]);
    let regions = if one.region.same_as(&two.region) {
        two.region.regions.intersection(one.region.regions).to_string()
    } else {
        format!("{} and {}", one.region.regions, two.region.regions)
    };
    Hit {
        rule: ask.rule,
        outcome,
        primary: pointer(two, format!("column 2: billed beside {}", one.code)),
        related: vec![pointer(one, "column 1".to_owned())],
        values: vec![
            ("column1", one.code.to_string()),
            ("column2", two.code.to_string()),
            ("regions", regions),
            ("times", times::in_words(day.lines, pair.column1, pair.column2)),
        ],
        takes: if takes { Takes::Lines(vec![lines::at(two)]) } else { Takes::Nothing },
    }
}
