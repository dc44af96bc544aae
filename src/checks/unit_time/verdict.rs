//! What is wrong with a group's units, which units are at stake, and the words for it.

use super::Ask;
use super::allocation::{Allocation, Standing, TimedCode, units_for};
use super::change::Change;
use super::tally::{Tally, billed_under, members, timed_code};
use crate::checks::hit::{Cx, Day, Hit, Pointer, Takes};
use crate::checks::lines::{self, counted, listed};
use crate::claim::{Fact, LineFact, LineRef, MinutesSource, ProcedureCode};

/// A group under judgement.
pub(super) struct Case<'c> {
    pub(super) ask: &'c Ask,
    pub(super) day: &'c Day<'c>,
    pub(super) cx: &'c Cx<'c>,
    /// Any line of the group.
    pub(super) first: usize,
    pub(super) tally: &'c Tally,
}

/// Which of the two methods.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Method {
    Total,
    ByCode,
}

impl Method {
    fn words(self) -> &'static str {
        match self {
            Method::Total => "CMS, total minutes of the day",
            Method::ByCode => "AMA, each code alone",
        }
    }
}

/// The finding about a whole group by the CMS method. `doubtful`: the payer's method is not confirmed, and the
/// other one has no fault to find.
pub(super) fn total(case: &Case<'_>, standing: Standing, doubtful: bool) -> Option<Hit> {
    let codes = case.tally.codes();
    let change = case.best_by_total()?;
    let is_under = standing == Standing::Under;
    let outcome = match standing {
        _ if is_under && change.is_none(codes) => "at-mue",
        // The edit lets no unit more through, and of those billed some stand on a code that they are not of.
        _ if is_under && change.adds_nothing(codes) && change.cost >= 0 => "moved-at-mue",
        Standing::Misallocated if change.cost < 0 => "pays-less",
        Standing::Misallocated => "",
        _ => doubt(case.tally.evidence().iter().any(|one| one.weak), doubtful),
    };
    let places: Vec<usize> = (0..codes.len()).collect();
    let minutes = codes.iter().map(|one| one.minutes).sum();
    Some(hit(case, &places, Method::Total, units_for(minutes), outcome, change))
}

/// The finding about one code by the AMA method.
pub(super) fn one_code(case: &Case<'_>, place: usize, standing: Standing, doubtful: bool) -> Option<Hit> {
    let codes = case.tally.codes();
    let one = codes.get(place)?;
    let supported = units_for(one.minutes);
    let target = case.capped(one, supported);
    let mut vector: Vec<u32> = codes.iter().map(|one| one.units).collect();
    vector[place] = target;
    let change = case.change_to(vector);
    let weak = case.tally.evidence().get(place).is_some_and(|one| one.weak);
    let outcome =
        if standing == Standing::Under && target <= one.units { "at-mue" } else { doubt(weak, doubtful) };
    Some(hit(case, &[place], Method::ByCode, supported, outcome, change))
}

fn doubt(weak: bool, unconfirmed: bool) -> &'static str {
    match (weak, unconfirmed) {
        (true, _) => "low-confidence",
        (false, true) => "unconfirmed-method",
        (false, false) => "",
    }
}

/// For a payer whose method nobody knows: the one by which the billed units are worth less of a change. What one code has
/// too much is not made good by what another has too little.
pub(super) fn milder_method(case: &Case<'_>) -> Method {
    let codes = case.tally.codes();
    let (mut cost, mut moved) = (0, 0);
    for (place, one) in codes.iter().enumerate() {
        let mut vector: Vec<u32> = codes.iter().map(|one| one.units).collect();
        vector[place] = case.capped(one, units_for(one.minutes));
        let change = case.change_to(vector);
        cost += change.cost.abs();
        moved += change.moved;
    }
    match case.best_by_total() {
        Some(total) if (total.cost.abs(), total.moved) <= (cost, moved) => Method::Total,
        _ => Method::ByCode,
    }
}

fn hit(
    case: &Case<'_>,
    places: &[usize],
    method: Method,
    supported: u32,
    outcome: &'static str,
    change: Change,
) -> Hit {
    let codes: Vec<TimedCode> = places.iter().map(|&place| case.tally.codes()[place]).collect();
    let billed: u32 = codes.iter().map(|one| one.units).sum();
    let minutes: u32 = codes.iter().map(|one| one.minutes).sum();
    let names: Vec<ProcedureCode> = codes.iter().map(|one| one.code).collect();
    let concerned: Vec<usize> = members(case.day, case.ask.bit, case.first)
        .filter(|&index| names.contains(&timed_code(case.day.lines[index].code)))
        .collect();
    // The line that changes most is the fault; where none can, the first of the group is. Time that is not billed has
    // no line to point at.
    let is_line = |index: usize| !case.day.lines[index].is_unbilled_time();
    let moves_a_line = change.moves.iter().any(|(index, _)| is_line(*index));
    let faulty = change
        .moves
        .iter()
        .filter(|(index, _)| is_line(*index) || !moves_a_line)
        .max_by_key(|(index, delta)| (delta.unsigned_abs(), std::cmp::Reverse(*index)))
        .map(|(index, _)| *index)
        .or_else(|| concerned.first().copied())
        .unwrap_or(case.first);
    let mut related = Vec::new();
    for &index in &concerned {
        let line = &case.day.lines[index];
        if let (Some(minutes), false) = (line.minutes, is_line(index)) {
            let text =
                format!("{} of {} logged and not billed", counted(u32::from(minutes), "minute"), line.code);
            related.push(Pointer { text, ..pointer(line) });
            continue;
        }
        if index != faulty {
            let text = format!("{} of {}", counted(units_on(case, index), "unit"), line.code);
            related.push(Pointer { at: lines::at(line), fact: Fact::Units, item: 0, text });
        }
        if let (Some(minutes), source @ (MinutesSource::Field | MinutesSource::SessionLog)) =
            (line.minutes, line.minutes_source)
        {
            let logged = if source == MinutesSource::SessionLog { " logged" } else { "" };
            let text = format!("{}{logged}", counted(u32::from(minutes), "minute"));
            related.push(Pointer { at: lines::at(line), fact: Fact::Minutes, item: 0, text });
        }
    }
    let allocation: Vec<(ProcedureCode, u32)> =
        places.iter().map(|&place| (case.tally.codes()[place].code, change.vector[place])).collect();
    // A base code and its add-on count as one, and are named as they stand on the lines.
    let mut stated: Vec<(ProcedureCode, u32)> = Vec::new();
    for &name in &names {
        let before = stated.len();
        for &index in concerned.iter().filter(|index| timed_code(case.day.lines[**index].code) == name) {
            let code = case.day.lines[index].code;
            match stated.iter_mut().find(|(known, _)| *known == code) {
                Some((_, units)) => *units = units.saturating_add(units_on(case, index)),
                None => stated.push((code, units_on(case, index))),
            }
        }
        stated[before..].sort_unstable();
    }
    let stated_under = |name: ProcedureCode| -> Vec<ProcedureCode> {
        stated.iter().map(|(code, _)| *code).filter(|code| timed_code(*code) == name).collect()
    };
    let all_stated: Vec<ProcedureCode> = stated.iter().map(|(code, _)| *code).collect();
    let mue = names.iter().find_map(|&code| {
        let one = codes.iter().find(|one| one.code == code)?;
        case.ceiling(code).filter(|ceiling| *ceiling <= one.units).map(|ceiling| match names.len() {
            1 => ceiling.to_string(),
            _ => format!("{ceiling} for {code}"),
        })
    });
    let faulty_code = timed_code(case.day.lines[faulty].code);
    let label = allocation
        .iter()
        .zip(&codes)
        .find(|((code, _), _)| *code == faulty_code)
        .filter(|_| outcome != "at-mue")
        .map(|((code, valid), one)| {
            let stated = stated_under(*code);
            let stands_there = is_line(faulty) && stated.len() == 1;
            let of_code = if stands_there { String::new() } else { format!(" of {}", listed(&stated)) };
            format!("{}{of_code} billed, {valid} supported", counted(one.units, "unit"))
        })
        .unwrap_or_else(|| format!("{} billed", counted(billed, "unit")));
    let takes = if change.moves.is_empty() || outcome == "at-mue" {
        Takes::Nothing
    } else {
        Takes::Units(
            change.moves.iter().map(|&(index, delta)| (lines::at(&case.day.lines[index]), delta)).collect(),
        )
    };
    Hit {
        rule: case.ask.rule,
        outcome,
        primary: Pointer { text: label, ..pointer(&case.day.lines[faulty]) },
        related,
        values: vec![
            ("billed", counted(billed, "unit")),
            ("codes", listed(&all_stated)),
            // The record states these: `0 minutes`, not `no minute`, which would say that none are stated.
            ("total_minutes", if minutes == 0 { "0 minutes".to_owned() } else { counted(minutes, "minute") }),
            ("supported", counted(supported, "unit")),
            ("method", method.words().to_owned()),
            ("allocation", allocations(case, places, method, outcome, &allocation)),
            ("billed_allocation", as_stated(stated.iter().copied())),
            ("mue", mue.unwrap_or_default()),
        ],
        takes,
    }
}

/// Points at the units of a line; at the claim, for time that is on no line of it.
fn pointer(line: &LineFact) -> Pointer {
    let at = lines::at(line);
    let (at, fact) =
        if line.is_unbilled_time() { (LineRef { line: 0, ..at }, Fact::ClaimId) } else { (at, Fact::Units) };
    Pointer { at, fact, item: 0, text: String::new() }
}

fn units_on(case: &Case<'_>, index: usize) -> u32 {
    case.day.lines[index].units.and_then(|units| units.as_whole()).unwrap_or(0)
}

/// Ways that are named one by one; a day with more is said to have others.
const NAMED_WAYS: usize = 3;

/// What the minutes support, in words. Where codes are tied every way is valid, and none goes before another.
fn allocations(
    case: &Case<'_>,
    places: &[usize],
    method: Method,
    outcome: &str,
    chosen: &[(ProcedureCode, u32)],
) -> String {
    let codes = case.tally.codes();
    let all = Allocation::of(codes);
    let borne_out = |place: usize| match method {
        Method::Total => all.vectors().map(|vector| vector[place]).max().unwrap_or(0),
        Method::ByCode => units_for(codes[place].minutes),
    };
    let is_cut =
        || places.iter().any(|&place| case.capped(&codes[place], borne_out(place)) < borne_out(place));
    let edited =
        if outcome != "at-mue" && is_cut() { ", as far as the unit edit (MUE) lets through" } else { "" };
    if method == Method::ByCode || outcome == "at-mue" || !all.has_ties() {
        return format!("{}{edited}", in_words(chosen));
    }
    let mut ways: Vec<String> = case
        .allocations()
        .into_iter()
        .take(NAMED_WAYS + 1)
        .map(|vector| {
            let way: Vec<_> = places.iter().map(|&place| (codes[place].code, vector[place])).collect();
            in_words(&way)
        })
        .collect();
    if ways.len() > NAMED_WAYS {
        ways[NAMED_WAYS] = "another way of sharing out the same units".to_owned();
    }
    let either = if ways.len() > 1 { "either " } else { "" };
    format!("{either}{}{edited}", ways.join(" or "))
}

/// What the minutes support of each code, under the codes that it is billed by.
fn in_words(units: &[(ProcedureCode, u32)]) -> String {
    as_stated(units.iter().flat_map(|&(code, count)| billed_under(code, count)))
}

/// `97112 x 2, 97110 x 1`; codes without a unit are left out.
fn as_stated(units: impl Iterator<Item = (ProcedureCode, u32)>) -> String {
    let parts: Vec<String> =
        units.filter(|(_, count)| *count > 0).map(|(code, count)| format!("{code} x {count}")).collect();
    if parts.is_empty() { "no unit".to_owned() } else { parts.join(", ") }
}
