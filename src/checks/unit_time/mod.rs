//! Timed units against minutes over a patient's day (T01 to T04).
//!
//! [`allocation`] is the arithmetic, `tally` adds up the lines of a group, `change` works out
//! what other units would change, `verdict` says what is wrong. The
//! three rules about units share one verdict, so that of over, under and misallocated never two are said of the
//! same units by the same method. Source: CMS Pub. 100-04 ch. 5 s. 20.2.

pub mod allocation;
mod change;
mod tally;
mod verdict;

use super::DayGlance;
use super::hit::{Cx, Day, Hit, Out, Pointer, Takes};
use super::{lines, times};
use crate::claim::{Fact, MinutesSource, Units};
use crate::rules::{Counting, UnitTimeFlag, UnitTimeMethod};
use allocation::{Allocation, Standing, is_valid_by_code, standing_by_total, units_for};
use tally::Tally;
pub use tally::{billed_under, timed_code};
use verdict::{Case, Method};

/// What a `unit-time` rule asks.
pub(super) struct Ask {
    pub(super) rule: u16,
    pub(super) bit: u16,
    pub(super) flag: UnitTimeFlag,
    pub(super) method: UnitTimeMethod,
}

pub(super) fn check(ask: &Ask, day: &Day<'_>, glance: &mut DayGlance, cx: &Cx<'_>, out: &mut Out) {
    if ask.flag == UnitTimeFlag::Absent {
        return absent(ask, day, out);
    }
    let counting = match ask.method {
        UnitTimeMethod::Payer => day.profile.counting,
        UnitTimeMethod::Cms => Counting::Cms,
        UnitTimeMethod::Ama => Counting::Ama,
    };
    if counting == Counting::Ama && ask.flag == UnitTimeFlag::Misallocated {
        return;
    }
    if is_plainly_in_order(ask, day, glance, counting) {
        return;
    }
    for first in tally::groups(day, ask.bit) {
        let tally = Tally::of_group(day, ask.bit, first);
        let case = Case { ask, day, cx, first, tally: &tally };
        match counting {
            Counting::Cms => by_total(&case, out),
            Counting::Ama => by_code(&case, out),
            Counting::Unknown => by_either(&case, out),
        }
    }
}

/// What timed lines of one biller and one discipline come to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Times {
    minutes: u32,
    units: u32,
    /// Whether each line has the units of its own minutes.
    each: bool,
}

/// What the lines come to that the rule with `bit` is about; `None` where that takes a closer look.
pub(super) fn times(day: &Day<'_>, bit: u16) -> Option<Times> {
    let mut times = Times { minutes: 0, units: 0, each: true };
    let mut first = None;
    for (index, line) in day.lines.iter().enumerate() {
        if !day.is_about(index, bit) {
            continue;
        }
        let minutes = u32::from(line.minutes?);
        let units = line.units.and_then(Units::as_whole)?;
        let group = *first.get_or_insert((line.billing, line.discipline));
        if (line.billing, line.discipline) != group
            || line.billing == 0
            || line.minutes_source == MinutesSource::Interval
            || (line.minutes_source == MinutesSource::Note && line.start.is_some())
        {
            return None;
        }
        times.minutes += minutes;
        times.units = times.units.saturating_add(units);
        times.each &= units == units_for(minutes);
    }
    Some(times)
}

/// Whether one look at the lines shows that the rule has nothing to say, as it does of nearly every day.
///
/// False means only that a closer look is needed. Where no code stands on two lines and each line has the units
/// of its own minutes, the AMA's count holds; and so does the CMS one if the total agrees, since a rest of 8 minutes
/// or more, which earns a unit here, is above every rest that does not.
fn is_plainly_in_order(ask: &Ask, day: &Day<'_>, glance: &mut DayGlance, counting: Counting) -> bool {
    let Some(Times { minutes, units, each }) = glance.times(day, ask.bit) else { return false };
    let alone = || {
        each && !day.lines.iter().enumerate().any(|(index, line)| {
            day.is_about(index, ask.bit)
                && day.lines[..index].iter().any(|before| timed_code(before.code) == timed_code(line.code))
        })
    };
    let supported = units_for(minutes);
    match (counting, ask.flag) {
        (Counting::Cms, UnitTimeFlag::Over) => units <= supported,
        (Counting::Cms, UnitTimeFlag::Under) => units >= supported,
        (Counting::Cms, UnitTimeFlag::Misallocated) => units != supported || alone(),
        (Counting::Ama | Counting::Unknown, _) => alone(),
        (Counting::Cms, UnitTimeFlag::Absent) => true,
    }
}

fn by_total(case: &Case<'_>, out: &mut Out) {
    if let Some(lack) = case.tally.lack() {
        return out.lack(case.ask.rule, lack, case.tally.billed_lines());
    }
    let standing = standing_by_total(case.tally.codes());
    if flag_of(standing) == Some(case.ask.flag) {
        let doubtful = case.ask.method == UnitTimeMethod::Payer
            && !case.day.profile.counting_confirmed
            && is_valid_by_code(case.tally.codes());
        out.hits.extend(verdict::total(case, standing, doubtful));
    }
}

fn by_code(case: &Case<'_>, out: &mut Out) {
    let codes = case.tally.codes();
    for (place, (one, evidence)) in codes.iter().zip(case.tally.evidence()).enumerate() {
        if let Some(lack) = evidence.lack {
            out.lack(case.ask.rule, lack, evidence.lines);
            continue;
        }
        let standing = match one.units.cmp(&units_for(one.minutes)) {
            std::cmp::Ordering::Greater => Standing::Over,
            std::cmp::Ordering::Less => Standing::Under,
            std::cmp::Ordering::Equal => continue,
        };
        if flag_of(standing) == Some(case.ask.flag) {
            let doubtful = case.ask.method == UnitTimeMethod::Payer
                && !case.day.profile.counting_confirmed
                && (case.tally.lack().is_some() || standing_by_total(codes) == Standing::Valid);
            out.hits.extend(verdict::one_code(case, place, standing, doubtful));
        }
    }
}

/// Only what is invalid by both methods is said, by the one that finds less wrong: a day, and of a day told code by code
/// each code.
fn by_either(case: &Case<'_>, out: &mut Out) {
    if let Some(lack) = case.tally.lack() {
        return out.lack(case.ask.rule, lack, case.tally.billed_lines());
    }
    let codes = case.tally.codes();
    let standing = standing_by_total(codes);
    if standing == Standing::Valid || is_valid_by_code(codes) {
        return;
    }
    let by_total = Allocation::of(codes);
    let is_wrong_by_both = |place: &usize| {
        let one = &codes[*place];
        one.units != units_for(one.minutes) && by_total.vectors().all(|vector| vector[*place] != one.units)
    };
    let wrong: Vec<usize> = match verdict::milder_method(case) {
        Method::ByCode => (0..codes.len()).filter(is_wrong_by_both).collect(),
        Method::Total => Vec::new(),
    };
    if wrong.is_empty() {
        if flag_of(standing) == Some(case.ask.flag) {
            out.hits.extend(verdict::total(case, standing, false));
        }
        return;
    }
    for place in wrong {
        let supported = units_for(codes[place].minutes);
        let standing = if codes[place].units > supported { Standing::Over } else { Standing::Under };
        if flag_of(standing) == Some(case.ask.flag) {
            out.hits.extend(verdict::one_code(case, place, standing, false));
        }
    }
}

fn flag_of(standing: Standing) -> Option<UnitTimeFlag> {
    match standing {
        Standing::Valid => None,
        Standing::Over => Some(UnitTimeFlag::Over),
        Standing::Under => Some(UnitTimeFlag::Under),
        Standing::Misallocated => Some(UnitTimeFlag::Misallocated),
    }
}

/// T04: no minutes, said once for a claim.
fn absent(ask: &Ask, day: &Day<'_>, out: &mut Out) {
    // A line over several days is wrong as it is, and no minutes would do.
    let lacks = |index: usize| {
        day.is_about(index, ask.bit)
            && lines::is_billed(&day.lines[index])
            && !day.lines[index].spans_days()
            && times::minutes(day.lines, index).is_none()
    };
    for index in 0..day.lines.len() {
        if !lacks(index) {
            continue;
        }
        let at = lines::at(&day.lines[index]);
        let same_claim = |other: usize| day.lines[other].claim == at.claim;
        let is_said = (0..index).any(|before| same_claim(before) && lacks(before))
            || out.hits.iter().any(|hit| hit.rule == ask.rule && hit.primary.at.claim == at.claim);
        if is_said {
            continue;
        }
        let count = (index..day.lines.len()).filter(|&other| same_claim(other) && lacks(other)).count();
        out.hits.push(Hit {
            rule: ask.rule,
            outcome: "",
            primary: Pointer {
                at,
                fact: Fact::Units,
                item: 0,
                text: "no minutes to hold against".to_owned(),
            },
            related: Vec::new(),
            values: vec![("count", lines::counted(count as u32, "timed line"))],
            takes: Takes::Nothing,
        });
    }
}
