//! `--map` and `maps`: which map is meant, and what ready-made ones there are.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use super::args::MapsJob;
use super::no_profile;
use super::settings::Set;
use super::surroundings::Surroundings;
use super::trouble::Trouble;
use crate::claim::Fact;
use crate::maps::{self, Choice, Map, READY_MADE, Reads, ReadyMade, ready_made};
use crate::rules::{RuleFile, RuleSet};
use crate::source::{WRITTEN_BY_HAND, read_text};

/// By which maps inputs are read.
///
/// # Errors
/// A name that is neither a ready-made map nor a file; a file that cannot be read, or whose mistakes are shown at their
/// place.
pub(super) fn choice(asked: Option<&Set<String>>, surroundings: &Surroundings) -> Result<Choice, Trouble> {
    let Some(Set { value: name, .. }) = asked else { return Ok(Choice::default()) };
    if let Some(map) = ready_made().iter().find(|map| map.name == *name) {
        return Ok(Choice { asked: Some(Arc::clone(map)) });
    }
    let looks_like_a_path = name.contains(['/', '\\', '.']);
    if !looks_like_a_path && !Path::new(name).exists() {
        return Err(unknown(name));
    }
    let text = read_text(Path::new(name), WRITTEN_BY_HAND)
        .map_err(|error| Trouble::reading(name.escape_debug(), &error))?;
    let file = RuleFile { name: name.clone(), text: text.into() };
    let map: Map = maps::read(&file).map_err(|mistakes| {
        Trouble::drawn(mistakes.render(
            surroundings.width,
            surroundings.colour_on_stderr(),
            surroundings.unicode,
        ))
    })?;
    Ok(Choice { asked: Some(Arc::new(map)) })
}

/// Holds the payers that a map states outright to those that the rule book knows: a name without a profile would have every
/// claim judged by the one for unknown payers.
///
/// # Errors
/// A payer without a profile.
pub(super) fn knows_payers(choice: &Choice, rules: &RuleSet) -> Result<(), Trouble> {
    let sources = choice.asked.iter().flat_map(|map| map.sources(Fact::Payer));
    let stated =
        sources.flat_map(|source| source.value.iter().chain(source.words.iter().map(|(_, word)| word)));
    let mut unknown = stated.filter(|payer| !rules.profiles.iter().any(|profile| profile.name == **payer));
    match unknown.next() {
        Some(payer) => Err(no_profile(rules, payer)),
        None => Ok(()),
    }
}

/// Does what was asked of the ready-made maps.
///
/// # Errors
/// A name that no map has.
pub(super) fn job(job: &MapsJob) -> Result<Vec<u8>, Trouble> {
    let mut out = Vec::new();
    let written = match job {
        MapsJob::List => list(&mut out),
        MapsJob::Show { name } => show(find(name)?, &mut out),
    };
    written.map_err(|error| Trouble::writing("standard output", &error))?;
    Ok(out)
}

fn find(name: &str) -> Result<&'static ReadyMade, Trouble> {
    READY_MADE.iter().find(|one| one.name == name).ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> Trouble {
    let shown = name.escape_debug();
    let nearest = READY_MADE
        .iter()
        .map(|one| (strsim::jaro_winkler(one.name, name), one.name))
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    Trouble::message(match nearest {
        Some((likeness, meant)) if likeness > 0.8 => {
            format!("there is no ready-made map `{shown}`; did you mean `{meant}`?")
        }
        _ => {
            let names: Vec<&str> = READY_MADE.iter().map(|one| one.name).collect();
            format!("there is no ready-made map `{shown}`, and no such file; there are {}", names.join(", "))
        }
    })
}

fn list(out: &mut dyn Write) -> io::Result<()> {
    let longest = READY_MADE.iter().map(|one| one.name.len()).max().unwrap_or(0);
    for map in ready_made() {
        let reads = match map.reads {
            Reads::Csv => "csv",
            Reads::Json => "json",
        };
        writeln!(out, "{:longest$}  {reads:4}  {}", map.name, map.summary)?;
    }
    Ok(())
}

fn show(map: &ReadyMade, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(map.text.as_bytes())
}
