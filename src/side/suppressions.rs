//! Findings that the user says are no fault: a rule, where it is meant, why, and until when.
//!
//! An entry names a rule and where it is meant: a claim, a provider, a payer, a procedure code. All that an entry states
//! must hold of a finding's claim and line. What a finding's line does not state meets no entry that asks for it.

mod read;

pub use read::{RuleName, SuppressionsError, suppressions, suppressions_schema};

use std::collections::HashMap;

use crate::claim::{Date, ProcedureCode};

/// A value of an entry, with its place in the file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Stated {
    /// As typed.
    pub text: String,
    /// 1-based line of the file.
    pub line: u64,
    /// Byte in the file.
    pub offset: u64,
}

/// One entry of a suppressions file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suppression {
    /// Index among [`Suppressions::files`].
    file: usize,
    /// 1-based line of the file on which it begins.
    line: u64,
    /// Codes of the rules it names.
    rules: Vec<String>,
    /// What it names them by; of several the first.
    named: Stated,
    /// All of it.
    names: Vec<String>,
    /// [`crate::claim::key_of`] the claim's number.
    claim: Option<u64>,
    on_line: Option<u16>,
    /// An NPI as [`crate::claim::provider_key`] has it.
    provider: Option<u32>,
    /// A payer id, or the name of a payer profile.
    payer: Option<String>,
    /// Empty for every code.
    codes: Vec<ProcedureCode>,
    from: Option<Date>,
    to: Option<Date>,
    reason: String,
    expires: Date,
    expiry: Stated,
}

/// Where a finding may stand: a claim, as far as entries ask about it.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'a> {
    /// [`crate::claim::key_of`] its number; 0 where it has none.
    pub claim: u64,
    /// Payer id as stated; empty where none is.
    pub payer_id: &'a [u8],
    /// Name of its payer profile.
    pub profile: &'a str,
    /// The billing provider, as [`crate::claim::provider_key`] has it.
    pub billing: u32,
    /// Its lines, in order.
    pub lines: &'a [PlacedLine],
}

/// One line of a claim, as far as entries ask about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PlacedLine {
    /// 1-based.
    pub number: u16,
    /// Procedure code.
    pub code: ProcedureCode,
    /// Day of service, the first of a range; `None` where none can be read.
    pub date: Option<Date>,
    /// Who rendered it, as [`crate::claim::provider_key`] has it.
    pub rendering: u32,
}

/// What the entries say of a finding.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Judged {
    /// Entries that it meets; where none of them is in force, those that have expired.
    pub met: Vec<u32>,
    /// The first of them that is in force.
    pub accepted: Option<u32>,
}

/// The entries of all suppressions files of a run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Suppressions {
    files: Vec<String>,
    entries: Vec<Suppression>,
    /// Entries that name a claim, by its key.
    by_claim: HashMap<u64, Vec<u32>>,
    /// The others.
    general: Vec<u32>,
}

impl Suppression {
    /// Index of its file among [`Suppressions::files`].
    pub const fn file(&self) -> usize {
        self.file
    }

    /// Codes of the rules it names.
    pub fn rules(&self) -> &[String] {
        &self.rules
    }

    /// What it names its rules by; of several the first.
    pub const fn named(&self) -> &Stated {
        &self.named
    }

    /// What it names its rules by, all of it: codes, names, families, packs.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Why, in the user's words.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The last day on which it holds.
    pub const fn expires(&self) -> Date {
        self.expires
    }

    /// The same as typed.
    pub const fn expiry(&self) -> &Stated {
        &self.expiry
    }

    /// Whether it holds in a run judged by this day.
    pub fn is_in_force(&self, as_of: Date) -> bool {
        as_of <= self.expires
    }

    /// Whether it is about a finding on the line of this number; 0 stands for the claim as a whole.
    fn is_about(&self, at: &Placed<'_>, number: u16) -> bool {
        self.is_about_claim(at)
            && match number {
                0 => self.is_about_whole(at),
                _ => match at.lines.iter().find(|line| line.number == number) {
                    Some(line) => self.is_about_line(at, line),
                    // Time that stands on no line: nothing is known of it but its claim.
                    None => self.asks_about_no_line() && self.provider.is_none_or(|own| own == at.billing),
                },
            }
    }

    fn is_about_claim(&self, at: &Placed<'_>) -> bool {
        let is_payer = |payer: &String| {
            at.payer_id.eq_ignore_ascii_case(payer.as_bytes()) || at.profile.eq_ignore_ascii_case(payer)
        };
        self.claim.is_none_or(|claim| claim == at.claim) && self.payer.as_ref().is_none_or(is_payer)
    }

    fn asks_about_no_line(&self) -> bool {
        self.on_line.is_none() && self.codes.is_empty() && self.from.is_none() && self.to.is_none()
    }

    /// A finding about a claim has no line and no code; its dates are those of all its lines.
    fn is_about_whole(&self, at: &Placed<'_>) -> bool {
        let is_dated = self.from.is_some() || self.to.is_some();
        let all = |holds: &dyn Fn(&PlacedLine) -> bool| !at.lines.is_empty() && at.lines.iter().all(holds);
        self.on_line.is_none()
            && self.codes.is_empty()
            && (!is_dated || all(&|line| self.holds_on(line.date)))
            && self.provider.is_none_or(|own| own == at.billing || all(&|line| line.rendering == own))
    }

    fn is_about_line(&self, at: &Placed<'_>, line: &PlacedLine) -> bool {
        self.on_line.is_none_or(|number| number == line.number)
            && (self.codes.is_empty() || self.codes.contains(&line.code))
            && self.holds_on(line.date)
            && self.provider.is_none_or(|own| own == at.billing || own == line.rendering)
    }

    fn holds_on(&self, date: Option<Date>) -> bool {
        match (self.from, self.to, date) {
            (None, None, _) => true,
            (_, _, None) => false,
            (from, to, Some(date)) => {
                from.is_none_or(|from| from <= date) && to.is_none_or(|last| date <= last)
            }
        }
    }
}

impl Suppressions {
    /// Whether there are no files.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The files, as named.
    pub fn files(&self) -> &[String] {
        &self.files
    }

    /// The entries, in the order of their files.
    pub fn entries(&self) -> &[Suppression] {
        &self.entries
    }

    /// The file and line of an entry.
    pub fn place(&self, entry: &Suppression) -> String {
        let file = self.files.get(entry.file).map_or("", String::as_str);
        format!("{file}:{}", entry.line)
    }

    /// Adds the entries of another file, behind those that are there.
    pub fn add(&mut self, other: Suppressions) {
        let files = self.files.len();
        self.files.extend(other.files);
        for entry in other.entries {
            self.push(Suppression { file: files + entry.file, ..entry });
        }
    }

    fn push(&mut self, entry: Suppression) {
        let number = self.entries.len() as u32;
        match entry.claim {
            Some(claim) => self.by_claim.entry(claim).or_default().push(number),
            None => self.general.push(number),
        }
        self.entries.push(entry);
    }

    /// The entries that may be about a claim, in order.
    fn about(&self, claim: u64) -> impl Iterator<Item = (u32, &Suppression)> {
        let own = if claim == 0 { None } else { self.by_claim.get(&claim) };
        let mut numbers: Vec<u32> = own.into_iter().flatten().chain(&self.general).copied().collect();
        numbers.sort_unstable();
        numbers.into_iter().filter_map(|number| Some((number, self.entries.get(number as usize)?)))
    }

    /// What they say of a finding of the rule with this code, on the line of this number (0: the claim as a whole).
    pub fn judge(&self, rule: &str, at: &Placed<'_>, line: u16, as_of: Date) -> Judged {
        let fits =
            |entry: &Suppression| entry.rules.iter().any(|code| code == rule) && entry.is_about(at, line);
        let (mut live, mut expired) = (Vec::new(), Vec::new());
        for (number, entry) in self.about(at.claim).filter(|(_, entry)| fits(entry)) {
            if entry.is_in_force(as_of) { &mut live } else { &mut expired }.push(number);
        }
        let accepted = live.first().copied();
        Judged { met: if accepted.is_some() { live } else { expired }, accepted }
    }

    /// Notes in `seen` the entries that are about this claim or a line of it, whatever is found there. Those that have
    /// been seen are not asked again.
    pub fn see(&self, at: &Placed<'_>, seen: &mut [bool]) {
        for (number, entry) in self.about(at.claim) {
            let Some(seen) = seen.get_mut(number as usize).filter(|seen| !**seen) else { continue };
            let of_line = |line: &PlacedLine| entry.is_about_line(at, line);
            *seen = entry.is_about_claim(at) && (entry.is_about_whole(at) || at.lines.iter().any(of_line));
        }
    }
}

#[cfg(test)]
mod tests;
