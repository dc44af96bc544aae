//! Services of physical and occupational therapy assistants: who bills them, and the modifiers that say so.
//!
//! An assistant's service is billed by the therapist, with CQ beside GP or CO beside GO, and is paid less. Of a code's
//! units of one day those need the modifier of which the assistant furnished more than a tenth apart from the therapist,
//! but for the last unit where the therapist alone furnished eight minutes of it, and one of two where both furnished
//! nine to fourteen minutes. Time of both together is the therapist's. Sources: 42 CFR 410.59(a)(4), 410.60(a)(4); CMS
//! Therapy Services, billing examples for CQ and CO; CMS Pub. 100-04 ch. 5 s. 20.1.

use super::duplicate::is_untimed;
use super::{Edits, Seen};
use crate::checks::hit::{Lack, Takes};
use crate::checks::lines::counted;
use crate::checks::provider_type;
use crate::claim::{Claim, Date, Discipline, Fact, LineRef, MinutesSource, ProcedureCode, ServiceLine};
use crate::rules::Profile;

/// The first year whose services bear CQ and CO.
const FIRST_YEAR: i16 = 2020;
/// Each modifier with the discipline it stands beside.
const PAIRS: [(&str, &str); 2] = [("CQ", "GP"), ("CO", "GO")];

/// Whether the line's modifiers cannot be wrong here.
pub(in crate::checks) fn is_line_in_order(line: &ServiceLine<'_>, profile: &Profile) -> bool {
    !profile.assistant_reduction || !is_marked(line)
}

/// Whether nothing else of the claim speaks of an assistant.
pub(in crate::checks) fn is_rest_in_order(claim: &Claim<'_>, profile: &Profile) -> bool {
    let has_minutes = |line: &ServiceLine<'_>| line.assistant_minutes.value.is_some();
    let speaks_of_minutes = profile.assistant_reduction && claim.lines.iter().any(has_minutes);
    !speaks_of_minutes && !claim.providers.iter().any(|one| is_assistant(one.taxonomy.bytes(), profile))
}

pub(super) fn check(edits: &mut Edits<'_, '_, '_>) {
    let (claim, profile) = (edits.subject.claim, edits.subject.profile);
    for line in &claim.lines {
        if !edits.is_about(line) || provider_type::is_told(claim, line, profile) {
            continue;
        }
        if renders(claim, line, profile) {
            rendered(edits, line);
        } else if profile.assistant_reduction
            && let Some((modifier, discipline)) = unpaired(line)
        {
            other_discipline(edits, line, modifier, discipline);
        }
    }
    if !profile.assistant_reduction {
        edits.not_asked("assistant-reduction");
    } else if edits.wants("unmarked") {
        let groups = groups(claim, profile, &|line| edits.is_about(line));
        for group in groups {
            match group.judged(claim) {
                Ok(None) => {}
                Ok(Some(missing)) => unmarked(edits, &group, &missing),
                Err(lack) => edits.out.lack(edits.rule, lack, group.lines.len()),
            }
        }
    }
}

/// Whether the line is said to be an assistant's in one of these ways, by a rule that goes before others.
pub(in crate::checks) fn is_told(claim: &Claim<'_>, line: &ServiceLine<'_>, profile: &Profile) -> bool {
    let is_named = |group: &Group| {
        let missing = group.judged(claim).ok().flatten();
        missing.is_some_and(|missing| missing.units.iter().any(|(number, _)| *number == line.number))
    };
    renders(claim, line, profile)
        || profile.assistant_reduction
            && (unpaired(line).is_some() || groups(claim, profile, &|_| true).iter().any(is_named))
}

fn is_marked(line: &ServiceLine<'_>) -> bool {
    line.modifiers.iter().any(|modifier| matches!(modifier.bytes(), b"CQ" | b"CO"))
}

fn is_assistant(taxonomy: &[u8], profile: &Profile) -> bool {
    profile.supervised_taxonomies.iter().any(|prefix| taxonomy.starts_with(prefix.as_bytes()))
}

fn renders(claim: &Claim<'_>, line: &ServiceLine<'_>, profile: &Profile) -> bool {
    !profile.supervised_taxonomies.is_empty()
        && claim.rendering(line.number).is_some_and(|one| is_assistant(one.taxonomy.bytes(), profile))
}

/// A modifier of an assistant's service without that of its discipline.
fn unpaired(line: &ServiceLine<'_>) -> Option<(&'static str, &'static str)> {
    let has = |wanted: &str| line.modifiers.iter().any(|modifier| *modifier == wanted);
    PAIRS.into_iter().find(|(modifier, discipline)| has(modifier) && !has(discipline))
}

fn rendered(edits: &mut Edits<'_, '_, '_>, line: &ServiceLine<'_>) {
    let claim = edits.subject.claim;
    let taxonomy = claim.rendering(line.number).map_or(&b""[..], |one| one.taxonomy.bytes());
    let provider = provider_type::provider_type(taxonomy);
    let at = LineRef { line: line.number, ..edits.subject.at };
    let takes = match whole_units(line) {
        Some(units) => Takes::Units(vec![(at, off(units))]),
        None => Takes::Nothing,
    };
    let seen = Seen::line("renders", line.number, Fact::RenderingTaxonomy, provider);
    edits.report(Seen { values: vec![("provider", provider.to_owned())], takes, ..seen });
}

fn other_discipline(
    edits: &mut Edits<'_, '_, '_>,
    line: &ServiceLine<'_>,
    modifier: &'static str,
    discipline: &'static str,
) {
    let at = LineRef { line: line.number, ..edits.subject.at };
    let item = line.modifiers.iter().position(|stated| *stated == modifier).unwrap_or(0);
    let values = vec![("modifier", modifier.to_owned()), ("discipline", discipline.to_owned())];
    let label = format!("without {discipline}");
    let seen = Seen::line("other-discipline", line.number, Fact::Modifiers, label);
    edits.report(Seen { item, values, takes: Takes::Lines(vec![at]), ..seen });
}

fn unmarked(edits: &mut Edits<'_, '_, '_>, group: &Group, missing: &Missing) {
    let Some(&(first, _)) = missing.units.last() else { return };
    let at = |number: u16| LineRef { line: number, ..edits.subject.at };
    let takes = missing.units.iter().map(|&(number, units)| (at(number), off(units))).collect();
    let marked = match missing.marked {
        0 => "none".to_owned(),
        count => count.to_string(),
    };
    let values = vec![
        ("modifier", group.modifier.to_owned()),
        ("of_assistant", missing.of_assistant.to_string()),
        ("of_all", missing.of_all.to_string()),
        ("need", missing.need.to_string()),
        ("billed", counted(missing.billed, "unit")),
        ("marked", marked),
    ];
    let stated = |number: &u16| {
        line_of(edits.subject.claim, *number).is_some_and(|line| line.assistant_minutes.value.is_some())
    };
    let (number, fact) = match group.lines.iter().find(|number| **number == first && stated(number)) {
        Some(&number) => (number, Fact::AssistantMinutes),
        None => (first, Fact::ProcedureCode),
    };
    let label = format!("no {} for the assistant's part", group.modifier);
    let seen = Seen::line("unmarked", number, fact, label);
    edits.report(Seen { values, takes: Takes::Units(takes), ..seen });
}

/// So many units of a line, as [`Takes::Units`] lays a hand on them.
fn off(units: u32) -> i32 {
    i32::try_from(units).map_or(i32::MIN, |units| -units)
}

fn whole_units(line: &ServiceLine<'_>) -> Option<u32> {
    line.units_billed().and_then(|units| units.as_whole())
}

fn line_of<'s, 'a>(claim: &'s Claim<'a>, number: u16) -> Option<&'s ServiceLine<'a>> {
    usize::from(number).checked_sub(1).and_then(|index| claim.lines.get(index))
}

/// The lines of one code, day and discipline of a claim, one of which says how long an assistant treated.
struct Group {
    date: Date,
    code: ProcedureCode,
    discipline: Discipline,
    modifier: &'static str,
    /// Numbers of the lines, in order.
    lines: Vec<u16>,
}

/// Units that need a modifier and do not bear it.
struct Missing {
    /// By number of the line, from the last line: the unit that is paid in full is an earlier one.
    units: Vec<(u16, u32)>,
    of_assistant: u32,
    of_all: u32,
    need: u32,
    marked: u32,
    billed: u32,
}

fn groups(claim: &Claim<'_>, profile: &Profile, is_about: &dyn Fn(&ServiceLine<'_>) -> bool) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for line in &claim.lines {
        let Some(date) = line.service_date.value.filter(|date| date.year() >= FIRST_YEAR) else { continue };
        let code = counted_as(line.code());
        let discipline = claim.discipline(line);
        let modifier = match discipline {
            Discipline::PhysicalTherapy => "CQ",
            Discipline::OccupationalTherapy => "CO",
            Discipline::SpeechLanguage | Discipline::Unknown => continue,
        };
        if !(is_timed(code) || is_untimed(code))
            || !is_about(line)
            || renders(claim, line, profile)
            || provider_type::is_told(claim, line, profile)
        {
            continue;
        }
        let same =
            |group: &&mut Group| (group.date, group.code, group.discipline) == (date, code, discipline);
        match groups.iter_mut().find(same) {
            Some(group) => group.lines.push(line.number),
            None => groups.push(Group { date, code, discipline, modifier, lines: vec![line.number] }),
        }
    }
    let is_recorded = |group: &Group| {
        let mut lines = group.lines.iter().filter_map(|number| line_of(claim, *number));
        lines.any(|line| line.assistant_minutes.value.is_some())
    };
    groups.retain(is_recorded);
    groups
}

impl Group {
    /// What is missing, if anything; an error where a fact is, or where the units are not those of the minutes.
    fn judged(&self, claim: &Claim<'_>) -> Result<Option<Missing>, Lack> {
        let (mut all, mut of_assistant, mut billed, mut marked) = (0_u32, 0_u32, 0_u32, 0_u32);
        for line in self.lines.iter().filter_map(|number| line_of(claim, *number)) {
            let minutes = line.minutes.value.filter(|_| line.minutes_source != MinutesSource::Note);
            all += u32::from(minutes.ok_or(Lack::Minutes)?);
            of_assistant += u32::from(line.assistant_minutes.value.unwrap_or(0));
            let units = whole_units(line).ok_or(Lack::Units)?;
            billed = billed.saturating_add(units);
            marked = marked.saturating_add(if is_marked(line) { units } else { 0 });
        }
        // More minutes of one than of all: one of the two figures is wrong.
        let of_therapist = all.checked_sub(of_assistant).ok_or(Lack::Minutes)?;
        let need = match is_untimed(self.code) {
            true => u32::from(of_assistant * 10 > all).min(billed),
            false => units_of_assistant(of_therapist, of_assistant, billed).ok_or(Lack::UnitsByMinutes)?,
        };
        let mut left = need.saturating_sub(marked);
        if left == 0 {
            return Ok(None);
        }
        let mut units = Vec::new();
        for line in self.lines.iter().rev().filter_map(|number| line_of(claim, *number)) {
            let here = if is_marked(line) { 0 } else { whole_units(line).unwrap_or(0).min(left) };
            if here > 0 {
                units.push((line.number, here));
                left -= here;
            }
        }
        Ok(Some(Missing { units, of_assistant, of_all: all, need, marked, billed }))
    }
}

/// How many of a timed code's units of one day need the modifier, by the minutes that the therapist furnished (alone or
/// with the assistant) and those of the assistant apart. `None` where the units are not those of the minutes.
fn units_of_assistant(therapist: u32, assistant: u32, units: u32) -> Option<u32> {
    let (own, other) = (therapist % 15, assistant % 15);
    let whole = assistant / 15;
    match units.checked_sub(therapist / 15 + whole)? {
        0 => Some(whole),
        1 => Some(whole + u32::from(own < 8 && other * 10 > own + other)),
        2 if own >= 9 && other >= 9 => Some(whole + 1),
        _ => None,
    }
}

/// The code under which a line's units are counted: the add-on 97130 with its base 97129.
fn counted_as(code: ProcedureCode) -> ProcedureCode {
    if code.as_bytes() == b"97130" { ProcedureCode::new(b"97129").unwrap_or(code) } else { code }
}

/// Whether a unit of the code is fifteen minutes.
fn is_timed(code: ProcedureCode) -> bool {
    let code = code.as_bytes();
    (b"97032"..=b"97036").contains(&code)
        || matches!(
            code,
            b"97110" | b"97112" | b"97113" | b"97116" | b"97124" | b"97129" | b"97140" | b"97530"
        )
        || matches!(
            code,
            b"97533" | b"97535" | b"97537" | b"97542" | b"97750" | b"97755" | b"97760" | b"97761" | b"97763"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CMS's own examples and the boundaries between them.
    #[test]
    fn units_that_need_the_modifier() {
        for (therapist, assistant, units, need) in [
            (13, 23, 2, Some(1)),
            (12, 14, 2, Some(1)),
            (14, 12, 2, Some(1)),
            (9, 14, 2, Some(1)),
            (8, 14, 2, None),
            (14, 8, 2, None),
            (7, 8, 1, Some(1)),
            (8, 7, 1, Some(0)),
            (14, 1, 1, Some(0)),
            (7, 1, 1, Some(1)),
            (9, 1, 1, Some(0)),
            (0, 15, 1, Some(1)),
            (15, 0, 1, Some(0)),
            (0, 8, 1, Some(1)),
            (0, 30, 2, Some(2)),
            (15, 15, 2, Some(1)),
            (15, 22, 2, Some(1)),
            (7, 22, 2, Some(2)),
            (15, 23, 3, Some(2)),
            (22, 16, 3, Some(2)),
            (7, 31, 3, Some(3)),
            (23, 15, 3, Some(1)),
            (7, 15, 2, Some(1)),
            (30, 15, 2, None),
            (0, 15, 4, None),
            (0, 0, 0, Some(0)),
        ] {
            let found = units_of_assistant(therapist, assistant, units);
            assert_eq!(found, need, "therapist {therapist}, assistant {assistant}, {units} units");
        }
    }

    #[test]
    fn no_more_units_than_are_billed_and_no_fewer_than_whole_ones() {
        for therapist in 0..70 {
            for assistant in 0..70 {
                for units in 0..10 {
                    let Some(need) = units_of_assistant(therapist, assistant, units) else { continue };
                    assert!(need <= units, "{therapist} {assistant} {units}");
                    assert!(need >= assistant / 15 && need <= assistant / 15 + 1);
                    assert!(assistant > 0 || need == 0);
                }
            }
        }
    }
}
