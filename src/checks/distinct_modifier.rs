//! Modifiers that say a service was distinct, where they cannot say it (P05): two of them that say the same, one on a
//! visit, one where no edit is there to be told apart from.
//!
//! Source: NCCI Policy Manual ch. I (modifiers 59 and X{EPSU}).

use super::hit::{Cx, Day, Hit, Lack, Out, Pointer, Takes};
use super::lines;
use crate::claim::{Date, Fact, LineFact, Modifier};

/// The general one, of which the others are parts.
const GENERAL: [u8; 2] = *b"59";
const SPECIFIC: [[u8; 2]; 4] = [*b"XE", *b"XS", *b"XP", *b"XU"];

/// From this day the built-in pairs are whole for the codes they speak of: edits that ended before are not in them.
const TABLE_BEGINS: Date = Date::constant(2024, 7, 1);

/// What a `distinct-modifier` rule asks.
pub(super) struct Ask<'r> {
    pub(super) rule: u16,
    pub(super) bit: u16,
    /// Codes that these modifiers never belong on.
    pub(super) visits: &'r [String],
}

pub(super) fn check(ask: &Ask<'_>, day: &Day<'_>, cx: &Cx<'_>, out: &mut Out) {
    for (index, line) in day.lines.iter().enumerate() {
        if !day.is_about(index, ask.bit) || !lines::is_billed(line) {
            continue;
        }
        let Some((item, modifier)) = first_of(line, |modifier| is_general(modifier) || is_specific(modifier))
        else {
            continue;
        };
        let is_visit = ask.visits.iter().any(|code| line.code.as_bytes().as_slice() == code.as_bytes());
        let general = first_of(line, is_general);
        if let Some((item, _)) = general.filter(|_| is_visit) {
            let text = "59 on a visit".to_owned();
            out.hits.push(hit(ask, line, "on-visit", pointer(line, item, text)));
        } else if let (Some((item, _)), Some((_, other))) = (general, first_of(line, is_specific)) {
            let text = format!("59 beside {}", other.as_str());
            let mut hit = hit(ask, line, "", pointer(line, item, text));
            hit.values.push(("modifier", other.as_str().to_owned()));
            out.hits.push(hit);
        } else if !is_visit {
            match stands_alone(day, index, cx) {
                Ok(true) => {
                    let text = "nothing here to be told apart from".to_owned();
                    let mut hit = hit(ask, line, "no-pair", pointer(line, item, text));
                    hit.values.push(("modifier", modifier.as_str().to_owned()));
                    out.hits.push(hit);
                }
                Ok(false) => {}
                Err(lack) => out.lack(ask.rule, lack, 1),
            }
        }
    }
}

/// Whether no edit stands between the line and any other line of the day, whoever rendered it.
///
/// A second line of the same code is a reason of its own. Of codes that stand in no edit of the table at all nothing
/// is known, so neither is anything said.
fn stands_alone(day: &Day<'_>, index: usize, cx: &Cx<'_>) -> Result<bool, Lack> {
    let line = &day.lines[index];
    if line.date < TABLE_BEGINS {
        return Err(Lack::Table);
    }
    let others =
        || day.lines.iter().enumerate().filter(|(at, other)| *at != index && lines::is_billed(other));
    if others()
        .any(|(_, other)| other.code == line.code || is_pair(line, other, cx) || is_pair(other, line, cx))
    {
        return Ok(false);
    }
    let is_known = |line: &LineFact| cx.reference.has_ncci_pairs(line.code);
    if is_known(line) && others().all(|(_, other)| is_known(other)) { Ok(true) } else { Err(Lack::Figure) }
}

/// Also an edit of indicator 9: what CMS has deleted, other payers may keep.
fn is_pair(one: &LineFact, two: &LineFact, cx: &Cx<'_>) -> bool {
    cx.reference.ncci_pair(one.code, two.code, two.date).is_some()
}

fn is_general(modifier: Modifier) -> bool {
    *modifier.as_bytes() == GENERAL
}

fn is_specific(modifier: Modifier) -> bool {
    SPECIFIC.contains(modifier.as_bytes())
}

fn first_of(line: &LineFact, wanted: impl Fn(Modifier) -> bool) -> Option<(usize, Modifier)> {
    line.modifiers.iter().enumerate().find(|(_, modifier)| wanted(*modifier))
}

fn pointer(line: &LineFact, item: usize, text: String) -> Pointer {
    Pointer { at: lines::at(line), fact: Fact::Modifiers, item, text }
}

fn hit(ask: &Ask<'_>, line: &LineFact, outcome: &'static str, primary: Pointer) -> Hit {
    Hit {
        rule: ask.rule,
        outcome,
        primary,
        related: Vec::new(),
        // The claim may not be at hand any more to look the code up.
        values: lines::code_value(line).into_iter().collect(),
        takes: Takes::Nothing,
    }
}
