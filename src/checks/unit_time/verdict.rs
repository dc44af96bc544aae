//! What is wrong with a group's units, which units are at stake, and the words for it.

use super::Ask;
use super::allocation::{Allocation, Standing, TimedCode, units_for};
use super::tally::{Tally, billed_under, members, timed_code};
use crate::checks::dollars;
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

/// Another allocation than the billed one: the change of every code, and what it is worth.
struct Change {
    /// Units of each code in the allocation.
    vector: Vec<u32>,
    /// Alternative less billed, line by line; empty where no line could carry it.
    moves: Vec<(usize, i32)>,
    /// What the day as billed pays above the alternative, in cents; 0 if there is no price.
    cost: i64,
    /// Units that change, whatever their sign.
    moved: u32,
}

impl Case<'_> {
    fn change_to(&self, vector: Vec<u32>) -> Change {
        let mut moves = Vec::new();
        let mut moved = 0;
        for (one, units) in self.tally.codes().iter().zip(&vector) {
            let delta = i64::from(*units) - i64::from(one.units);
            moved += delta.unsigned_abs() as u32;
            self.spread(one.code, delta as i32, &mut moves);
        }
        let cost = dollars::difference(self.day, self.first, &moves, self.cx).unwrap_or(0);
        Change { vector, moves, cost, moved }
    }

    /// Puts a code's change on its lines. Units go first from the lines that have more than their own minutes bear out, then
    /// from the last line on, by what it says before where it stands; an add-on's before its base's in any case, since a
    /// first unit is the base's. Units come to the line that has fewest by its own minutes, else to the last, where that is of
    /// the code that a further unit is billed under.
    fn spread(&self, code: ProcedureCode, delta: i32, moves: &mut Vec<(usize, i32)>) {
        let mut places: Vec<usize> = members(self.day, self.ask.bit, self.first)
            .filter(|&index| timed_code(self.day.lines[index].code) == code)
            .collect();
        let units_on =
            |index: usize| self.day.lines[index].units.and_then(|units| units.as_whole()).unwrap_or(0) as i32;
        // Units above those of a line's own minutes; 0 where it states none, as for time that is not billed.
        let above = |index: usize| {
            let line = &self.day.lines[index];
            let own = line.minutes.filter(|_| !line.is_unbilled_time());
            own.map_or(0, |minutes| units_on(index).saturating_sub(units_for(u32::from(minutes)) as i32))
        };
        places.sort_by_key(|&index| {
            let line = &self.day.lines[index];
            let is_wrong = if delta > 0 { above(index).min(0) } else { -above(index).max(0) };
            (line.code == code, is_wrong, std::cmp::Reverse((line.content(), index)))
        });
        if delta > 0 {
            let base_is_billed = places.iter().any(|&index| units_on(index) > 0);
            let carrier = places.first().filter(|&&index| {
                let is_base_of_add_on = code.as_bytes() == b"97129" && self.day.lines[index].code == code;
                !(is_base_of_add_on && base_is_billed)
            });
            moves.extend(carrier.map(|&index| (index, delta)));
            return;
        }
        let mut left = -delta;
        let same_code = |one: &usize, other: &usize| self.day.lines[*one].code == self.day.lines[*other].code;
        for lines in places.chunk_by(same_code) {
            let mut take = |most: i32| {
                let taken = left.min(most);
                left -= taken;
                taken
            };
            let own: Vec<i32> = lines.iter().map(|&index| take(above(index).max(0))).collect();
            for (&index, own) in lines.iter().zip(own) {
                let taken = own + take(units_on(index) - own);
                if taken > 0 {
                    moves.push((index, -taken));
                }
            }
        }
    }

    /// The most units of a code that could be billed, where the payer applies unit edits.
    fn ceiling(&self, code: ProcedureCode) -> Option<u32> {
        if !self.day.profile.ncci {
            return None;
        }
        let edit = |code| self.cx.reference.mue(code, self.day.date).map(|mue| u32::from(mue.units));
        let base = edit(code).filter(|units| *units > 0)?;
        let add_on = match code.as_bytes() {
            b"97129" => ProcedureCode::new(b"97130").and_then(edit)?,
            _ => 0,
        };
        Some(base + add_on)
    }

    /// `units` of a code, no more of them than the payer's edit allows unless more are billed already.
    fn capped(&self, one: &TimedCode, units: u32) -> u32 {
        match self.ceiling(one.code) {
            Some(ceiling) if units > one.units => units.min(ceiling.max(one.units)),
            _ => units,
        }
    }

    /// The valid allocation that changes least money, then fewest units; of equals the one with most units
    /// of the lowest code.
    fn best_by_total(&self, standing: Standing) -> Option<Change> {
        let codes = self.tally.codes();
        let allocation = Allocation::of(codes);
        allocation
            .vectors()
            .map(|vector| match standing {
                Standing::Under => {
                    codes.iter().zip(vector).map(|(one, units)| self.capped(one, units)).collect()
                }
                _ => vector,
            })
            .map(|vector| self.change_to(vector))
            .min_by_key(|change| {
                let nothing_to_add = standing == Standing::Under && change.adds_nothing(codes);
                let mut by_code: Vec<(ProcedureCode, u32)> =
                    codes.iter().map(|one| one.code).zip(change.vector.iter().copied()).collect();
                by_code.sort_unstable();
                (nothing_to_add, change.cost.abs(), change.moved, std::cmp::Reverse(by_code))
            })
    }
}

impl Change {
    fn adds_nothing(&self, codes: &[TimedCode]) -> bool {
        self.vector.iter().sum::<u32>() <= codes.iter().map(|one| one.units).sum()
    }
}

/// The finding about a whole group by the CMS method. `doubtful`: the payer's method is not confirmed, and the
/// other one has no fault to find.
pub(super) fn total(case: &Case<'_>, standing: Standing, doubtful: bool) -> Option<Hit> {
    let codes = case.tally.codes();
    let change = case.best_by_total(standing)?;
    let capped = standing == Standing::Under && change.adds_nothing(codes);
    let outcome = match standing {
        _ if capped => "at-mue",
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
    let target = if standing == Standing::Under { case.capped(one, supported) } else { supported };
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

/// For a payer whose method nobody knows: the one by which the billed units are worth less of a change.
pub(super) fn milder_method(case: &Case<'_>) -> Method {
    let codes = case.tally.codes();
    let standing = super::standing_by_total(codes);
    let by_code = case.change_to(codes.iter().map(|one| units_for(one.minutes)).collect());
    match case.best_by_total(standing) {
        Some(total) if (total.cost.abs(), total.moved) <= (by_code.cost.abs(), by_code.moved) => {
            Method::Total
        }
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
        case.ceiling(code).filter(|ceiling| *ceiling <= one.units)
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
            ("mue", mue.map_or_else(String::new, |units| units.to_string())),
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
    if method == Method::ByCode || outcome == "at-mue" || !all.has_ties() {
        return in_words(chosen);
    }
    let mut ways: Vec<String> = all
        .vectors()
        .take(NAMED_WAYS + 1)
        .map(|vector| {
            let way: Vec<_> = places.iter().map(|&place| (codes[place].code, vector[place])).collect();
            in_words(&way)
        })
        .collect();
    if ways.len() > NAMED_WAYS {
        ways[NAMED_WAYS] = "another way of sharing out the same units".to_owned();
    }
    format!("either {}", ways.join(" or "))
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
