//! Which rows fit which claims. Settled before any rule runs: a row that could mean two lines is joined to none.

use std::collections::HashMap;

use super::SessionLog;
use super::entry::{Entry, Target};
use super::join::{Sessions, fill};
use super::said::{Match, Said};
use crate::claim::{Claim, Date, ProcedureCode, ServiceLine};

/// What a row is about in a claim that it fits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Place {
    /// A service line, by its place in the claim from 0.
    Line(usize),
    /// Time for a code that the claim does not bill, on a day of the claim.
    Unbilled(ProcedureCode, Date),
}

/// How a row fits a claim.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fit {
    /// Not at all.
    Not,
    /// It may mean several lines.
    Unclear,
    /// Time for a code that the claim does not bill, of which nobody knows on which of its days (on this one, if any is
    /// named) or in which discipline.
    Perhaps(ProcedureCode, Option<Date>),
    /// Here.
    At(Place),
}

/// A row that was seen to fit a claim. To be gathered in [`Matches`], in any order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sighting {
    entry: u32,
    /// What the claim says of the session; `None` where the row may mean several of its lines.
    said: Option<Said>,
    contradicts: bool,
}

impl SessionLog {
    /// Adds what is to be said of `claim` to `sightings`: which rows fit it.
    pub fn see(&self, claim: &Claim<'_>, sightings: &mut Vec<Sighting>) {
        for (entry, fit) in self.fits(claim) {
            let said = match fit {
                Fit::Not => continue,
                Fit::Unclear | Fit::Perhaps(..) => None,
                Fit::At(place) => Said::of(claim, place),
            };
            let line = match fit {
                Fit::At(Place::Line(line)) => claim.lines.get(line),
                _ => None,
            };
            let logged = self.entries.get(entry as usize).zip(line);
            let contradicts = logged.is_some_and(|(logged, line)| fill(&mut line.clone(), logged));
            sightings.push(Sighting { entry, said, contradicts });
        }
    }

    /// How each row that names the claim fits it. Rows that name one line in two ways fit it in none.
    pub(super) fn fits(&self, claim: &Claim<'_>) -> Vec<(u32, Fit)> {
        let mut fits = Vec::new();
        let mut rows: HashMap<Place, u32> = HashMap::new();
        for at in self.entries_of(claim) {
            let Some(entry) = self.entries.get(at as usize) else { continue };
            let fit = fit(entry, claim);
            if let Fit::At(place) = fit {
                *rows.entry(place).or_default() += 1;
            }
            fits.push((at, fit));
        }
        for (_, fit) in &mut fits {
            let Fit::At(place) = *fit else { continue };
            if rows.get(&place).is_some_and(|rows| *rows > 1) {
                *fit = match place {
                    Place::Line(_) => Fit::Unclear,
                    Place::Unbilled(code, date) => Fit::Perhaps(code, Some(date)),
                };
            }
        }
        fits
    }
}

fn fit(entry: &Entry, claim: &Claim<'_>) -> Fit {
    let agrees = |line: &ServiceLine<'_>| {
        entry.code.is_none_or(|code| code == line.code()) && entry.date.is_none_or(|date| is_on(line, date))
    };
    let one_of = |is_named: &dyn Fn(&ServiceLine<'_>) -> bool| {
        let mut lines = (0..).zip(&claim.lines).filter(|(_, line)| is_named(line) && agrees(line));
        match (lines.next(), lines.next()) {
            (None, _) => Fit::Not,
            (Some((at, _)), None) => Fit::At(Place::Line(at)),
            _ => Fit::Unclear,
        }
    };
    match &entry.target {
        Target::Line(number) => one_of(&|line| line.number == *number),
        Target::ControlNumber(number) => one_of(&|line| line.control_number.bytes() == number.as_bytes()),
        Target::Code => match one_of(&|_| true) {
            Fit::Not => unbilled(entry, claim),
            fit => fit,
        },
    }
}

/// A code that no line of the claim bills: its minutes are those of a day and a discipline, if it is plain of which.
fn unbilled(entry: &Entry, claim: &Claim<'_>) -> Fit {
    let (Some(code), Some(_)) = (entry.code, &entry.minutes) else { return Fit::Not };
    let mut dates: Vec<Date> = claim.lines.iter().filter_map(|line| line.service_date.value).collect();
    dates.retain(|date| entry.date.is_none_or(|wanted| wanted == *date));
    dates.sort_unstable();
    dates.dedup();
    match dates[..] {
        [] => Fit::Not,
        // A line whose day cannot be read may be of another.
        [date]
            if entry.date.is_some() || claim.lines.iter().all(|line| line.service_date.value.is_some()) =>
        {
            let day = claim.lines.iter().filter(|line| line.service_date.value == Some(date));
            let mut disciplines = day.map(|line| claim.discipline(line));
            let first = disciplines.next();
            if disciplines.all(|other| Some(other) == first) {
                Fit::At(Place::Unbilled(code, date))
            } else {
                Fit::Perhaps(code, Some(date))
            }
        }
        _ => Fit::Perhaps(code, entry.date),
    }
}

fn is_on(line: &ServiceLine<'_>, date: Date) -> bool {
    let Some(first) = line.service_date.value else { return false };
    (first..=line.service_date_end.value.unwrap_or(first)).contains(&date)
}

/// The claims of a run that rows of a log fit. What it says does not depend on the order of what it is told.
#[derive(Clone, Debug)]
pub struct Matches<'l> {
    log: &'l SessionLog,
    entries: Vec<Match>,
}

impl<'l> Matches<'l> {
    /// Of a log of which nothing has been seen yet.
    pub fn new(log: &'l SessionLog) -> Matches<'l> {
        Matches { log, entries: vec![Match::default(); log.entries.len()] }
    }

    /// Takes note of what was seen.
    pub fn add(&mut self, sightings: &[Sighting]) {
        for sighting in sightings {
            let Some(one) = self.entries.get_mut(sighting.entry as usize) else { continue };
            one.add(sighting.said, sighting.contradicts);
        }
    }

    /// The rows that fit without doubt, and what is to be said of the others.
    pub fn settle(self) -> Sessions<'l> {
        let used = self.entries.iter().map(|one| one.is_plain()).collect();
        let rows = |wanted: &dyn Fn(&Match) -> bool| {
            let entries = self.log.entries.iter().zip(&self.entries).filter(|(_, one)| wanted(one));
            let mut rows: Vec<u64> = entries.flat_map(|(entry, _)| entry.rows.iter().copied()).collect();
            rows.sort_unstable();
            rows
        };
        let mut notes = Vec::new();
        for (rows, what) in [
            (rows(&|one| !one.is_seen()), "no claim line of this run"),
            (
                rows(&|one| one.is_seen() && !one.is_plain()),
                "several claims or lines, and were used for none",
            ),
            (rows(&|one| one.is_plain() && one.contradicts()), ""),
        ] {
            if rows.is_empty() {
                continue;
            }
            let (file, of, named) = (self.log.file.escape_debug(), self.log.rows, listed(&rows));
            let (count, s) = (rows.len(), if rows.len() == 1 { "s" } else { "" });
            notes.push(if what.is_empty() {
                format!("{file}: {count} of {of} rows contradict{s} what the claim itself says, which counts ({named})")
            } else {
                let what = if count == 1 { what.replace("were", "was") } else { what.to_owned() };
                format!("{file}: {count} of {of} rows match{} {what} ({named})", if count == 1 { "es" } else { "" })
            });
        }
        Sessions::new(self.log, used, notes)
    }
}

/// Rows that a note names one by one.
const NAMED_ROWS: usize = 10;

/// `row 4`, `rows 4, 9 and 17`, `rows 2, 3, … and 7 more`.
fn listed(rows: &[u64]) -> String {
    let named: Vec<String> = rows.iter().take(NAMED_ROWS).map(u64::to_string).collect();
    match (&named[..], rows.len() - named.len()) {
        ([one], 0) => format!("row {one}"),
        ([others @ .., last], 0) => format!("rows {} and {last}", others.join(", ")),
        (named, more) => format!("rows {} and {more} more", named.join(", ")),
    }
}
