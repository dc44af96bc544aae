//! A claim with what the log says of it. What the claim itself states counts, whatever the log says.

use super::SessionLog;
use super::entry::{Entry, Told, beside};
use super::fit::{Fit, Place};
use crate::claim::{Claim, Date, Minutes, MinutesSource, Note, ProcedureCode, ServiceLine, Stated, Text};

/// The rows of a log that fit the claims of a run without doubt.
#[derive(Clone, Debug)]
pub struct Sessions<'l> {
    log: &'l SessionLog,
    /// By entry.
    used: Vec<bool>,
    notes: Vec<String>,
}

/// Time that was logged for a code which the claim does not bill. It counts in the day's minutes, and is no line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UnbilledTime {
    /// What was done.
    pub code: ProcedureCode,
    /// On which day of the claim.
    pub date: Date,
    /// The line of the claim, by its place, whose discipline the time is of.
    pub beside: usize,
    /// How long. `None`: there may be some, and nobody knows whether it is of this day and discipline.
    pub minutes: Option<Minutes>,
}

/// A claim of which the log has something to say.
#[derive(Clone, Debug)]
pub struct Joined<'c> {
    /// The claim, its absent facts filled in. What came from the log has a text at offset 0 of no file.
    pub claim: Claim<'c>,
    /// Time beside its lines.
    pub unbilled: Vec<UnbilledTime>,
}

impl<'l> Sessions<'l> {
    pub(super) const fn new(log: &'l SessionLog, used: Vec<bool>, notes: Vec<String>) -> Sessions<'l> {
        Sessions { log, used, notes }
    }

    /// What is to be said at the end of the run of rows that fit nothing, or not plainly, by row number.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The claim with what the log says of it; `None` where it says nothing. The one place where facts of a log enter
    /// a claim.
    pub fn join<'c>(&'c self, claim: &Claim<'c>) -> Option<Joined<'c>> {
        let fits = self.log.fits(claim);
        if fits.is_empty() {
            return None;
        }
        let mut joined = Joined { claim: claim.clone(), unbilled: Vec::new() };
        for (at, fit) in fits {
            let entry =
                self.log.entries.get(at as usize).filter(|_| self.used.get(at as usize) == Some(&true));
            match (entry, fit) {
                (Some(entry), Fit::At(Place::Line(line))) => joined.fill(line, entry),
                (Some(entry), Fit::At(Place::Unbilled(code, date))) => joined.add_time(code, date, entry),
                (None, Fit::At(Place::Unbilled(code, date))) => joined.may_have_time(code, Some(date)),
                (_, Fit::Perhaps(code, date)) => joined.may_have_time(code, date),
                _ => {}
            }
        }
        Some(joined)
    }
}

impl<'c> Joined<'c> {
    fn fill(&mut self, line: usize, entry: &'c Entry) {
        let Some(line) = self.claim.lines.get_mut(line) else { return };
        fill(line, entry);
        let number = line.number;
        let has_own = self.claim.notes.iter().any(|note| note.line == number && note.kind.is_absent());
        let notes = entry.notes.iter().filter(|_| !has_own);
        let told = |text: &'c String| Note { line: number, kind: Text::ABSENT, text: beside(text) };
        self.claim.notes.extend(notes.map(told));
    }

    fn add_time(&mut self, code: ProcedureCode, date: Date, entry: &Entry) {
        let Some(minutes) = &entry.minutes else { return };
        let mut lines = self.claim.lines.iter();
        let Some(beside) = lines.position(|line| line.service_date.value == Some(date)) else { return };
        self.unbilled.push(UnbilledTime { code, date, beside, minutes: Some(minutes.value) });
        let (Some(start), Some(end)) = (&entry.start, &entry.end) else { return };
        // Shared with a line, start and end tell when the visit was, and nothing of the line.
        for line in self.claim.lines.iter_mut().filter(|line| line.service_date.value == Some(date)) {
            let is_logged = is_beside(line.start.text) && is_beside(line.end.text);
            if is_logged && (line.start.value, line.end.value) == (Some(start.value), Some(end.value)) {
                (line.start, line.end) = (Stated::default(), Stated::default());
            }
        }
    }

    /// Notes that time for `code` may belong to the claim's days: to one of them, or on `date` to one of its disciplines.
    fn may_have_time(&mut self, code: ProcedureCode, date: Option<Date>) {
        let mut seen = Vec::new();
        for (beside, line) in self.claim.lines.iter().enumerate() {
            let Some(day) = line.service_date.value.filter(|day| date.is_none_or(|wanted| wanted == *day))
            else {
                continue;
            };
            let group = (day, self.claim.discipline(line));
            if !seen.contains(&group) {
                seen.push(group);
                self.unbilled.push(UnbilledTime { code, date: day, beside, minutes: None });
            }
        }
    }
}

/// Whether a text is stated, and stands in no claim file.
const fn is_beside(text: Text<'_>) -> bool {
    text.is_present() && text.span().offset == 0
}

/// Gives a line the facts that it lacks. Says whether the log contradicts what the line states.
pub(super) fn fill<'c>(line: &mut ServiceLine<'c>, entry: &'c Entry) -> bool {
    let mut contradicts = fill_time(line, entry);
    let assistant = &mut line.assistant_minutes;
    contradicts |= disagree(assistant, entry.assistant_minutes.as_ref());
    if let (true, Some(told)) = (assistant.text.is_absent(), &entry.assistant_minutes) {
        *assistant = told.stated();
    }
    // A region and its side are one fact.
    let own = (line.region, line.laterality);
    if own.0.is_absent() && own.1.is_absent() {
        (line.region, line.laterality) = (beside(&entry.region), beside(&entry.laterality));
    } else {
        contradicts |= differ(own.0, &entry.region) || differ(own.1, &entry.laterality);
    }
    if line.visit.is_absent() {
        line.visit = beside(&entry.visit);
    } else {
        contradicts |= differ(line.visit, &entry.visit);
    }
    contradicts
}

/// Minutes, start and end: where one of them contradicts the line's own, the log's are of another session.
fn fill_time<'c>(line: &mut ServiceLine<'c>, entry: &'c Entry) -> bool {
    let is_own = line.minutes_source != MinutesSource::Note && line.minutes.text.is_present();
    let contradicts = (is_own && disagree(&line.minutes, entry.minutes.as_ref()))
        || disagree(&line.start, entry.start.as_ref())
        || disagree(&line.end, entry.end.as_ref());
    if contradicts {
        return true;
    }
    if line.start.text.is_absent() && line.end.text.is_absent() {
        line.start = entry.start.as_ref().map_or_else(Stated::default, Told::stated);
        line.end = entry.end.as_ref().map_or_else(Stated::default, Told::stated);
    }
    if is_own {
        return false;
    }
    if let Some(minutes) = &entry.minutes {
        line.minutes = minutes.stated();
        line.minutes_source = MinutesSource::SessionLog;
    } else if entry.start.is_some() && entry.end.is_some() {
        // The clock says more than words in a note.
        line.minutes = Stated::default();
        line.minutes_source = MinutesSource::Unknown;
    }
    false
}

/// Whether both state the fact, and differ.
fn disagree<T: Copy + PartialEq>(own: &Stated<'_, T>, told: Option<&Told<T>>) -> bool {
    own.value.zip(told).is_some_and(|(own, told)| own != told.value)
}

fn differ(own: Text<'_>, told: &str) -> bool {
    own.is_present() && !told.is_empty() && !own.bytes().eq_ignore_ascii_case(told.as_bytes())
}
