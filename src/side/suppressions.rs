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
    /// The others, by what they ask for.
    general: HashMap<Key, Vec<u32>>,
    /// What those ask for, each kind once: whether for a payer, a procedure code, a provider.
    shapes: Vec<(bool, bool, bool)>,
}

/// What a general entry asks for; dates are asked when it is met. Several codes are several keys.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Key {
    /// Of a payer id or a profile's name, whatever the case of its letters.
    payer: Option<u64>,
    code: Option<ProcedureCode>,
    provider: Option<u32>,
}

/// FNV-1a of a name in lower case. Names that collide are told apart when the entry is put to the claim.
fn hash_of(name: &[u8]) -> u64 {
    name.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
    })
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
            None => self.index(number, &entry),
        }
        self.entries.push(entry);
    }

    fn index(&mut self, number: u32, entry: &Suppression) {
        let payer = entry.payer.as_ref().map(|payer| hash_of(payer.as_bytes()));
        let mut add = |code| {
            let key = Key { payer, code, provider: entry.provider };
            self.general.entry(key).or_default().push(number);
        };
        if entry.codes.is_empty() {
            add(None);
        }
        entry.codes.iter().for_each(|code| add(Some(*code)));
        let shape = (payer.is_some(), !entry.codes.is_empty(), entry.provider.is_some());
        if !self.shapes.contains(&shape) {
            self.shapes.push(shape);
        }
    }

    fn numbered(&self, number: u32) -> Option<(u32, &Suppression)> {
        Some((number, self.entries.get(number as usize)?))
    }

    /// The entries that name a claim.
    fn of_claim(&self, claim: u64) -> impl Iterator<Item = (u32, &Suppression)> {
        let own = if claim == 0 { None } else { self.by_claim.get(&claim) };
        own.into_iter().flatten().filter_map(|number| self.numbered(*number))
    }

    /// The general entries that may be about a line, or about a claim as a whole where `code` is none; in no order, some
    /// perhaps twice.
    fn general(
        &self,
        at: &Placed<'_>,
        code: Option<ProcedureCode>,
        rendering: u32,
    ) -> impl Iterator<Item = (u32, &Suppression)> {
        let payers = [hash_of(at.payer_id), hash_of(at.profile.as_bytes())];
        let providers = [at.billing, rendering];
        let distinct = |same: bool| if same { 1 } else { 2 };
        let shapes = self.shapes.iter().filter(move |(_, asks_code, _)| !asks_code || code.is_some());
        let keys = shapes.flat_map(move |&(asks_payer, asks_code, asks_provider)| {
            let of_payer = if asks_payer { distinct(payers[0] == payers[1]) } else { 1 };
            let of_provider = if asks_provider { distinct(providers[0] == providers[1]) } else { 1 };
            (0..of_payer * of_provider).map(move |at| Key {
                payer: asks_payer.then(|| payers[at % of_payer]),
                code: code.filter(|_| asks_code),
                provider: asks_provider.then(|| providers[at / of_payer]),
            })
        });
        let numbers = keys.flat_map(|key| self.general.get(&key).into_iter().flatten());
        numbers.filter_map(|number| self.numbered(*number))
    }

    /// What they say of a finding of the rule with this code, on the line of this number (0: the claim as a whole).
    pub fn judge(&self, rule: &str, at: &Placed<'_>, line: u16, as_of: Date) -> Judged {
        let fits =
            |entry: &Suppression| entry.rules.iter().any(|code| code == rule) && entry.is_about(at, line);
        let own = at.lines.iter().find(|own| line != 0 && own.number == line);
        // All lines of a claim as a whole have to be one provider's, so the first tells whose.
        let rendering = match (own, at.lines.first()) {
            (Some(own), _) => own.rendering,
            (None, Some(first)) if line == 0 => first.rendering,
            _ => at.billing,
        };
        let (mut live, mut expired) = (Vec::new(), Vec::new());
        let about = self.of_claim(at.claim).chain(self.general(at, own.map(|own| own.code), rendering));
        for (number, entry) in about.filter(|(_, entry)| fits(entry)) {
            if entry.is_in_force(as_of) { &mut live } else { &mut expired }.push(number);
        }
        for met in [&mut live, &mut expired] {
            met.sort_unstable();
            met.dedup();
        }
        let accepted = live.first().copied();
        Judged { met: if accepted.is_some() { live } else { expired }, accepted }
    }

    /// Notes in `seen` the entries that are about this claim or a line of it, whatever is found there, and whose rules
    /// are run for it as `is_run` says of an entry. Those that have been seen are not asked again.
    pub fn see(&self, at: &Placed<'_>, is_run: impl Fn(usize) -> bool, seen: &mut [bool]) {
        let mut ask = |number: u32, is_about: &dyn Fn() -> bool| {
            let number = number as usize;
            if let Some(seen) = seen.get_mut(number).filter(|seen| !**seen) {
                *seen = is_about() && is_run(number);
            }
        };
        for (number, entry) in self.of_claim(at.claim) {
            let of_line = |line: &PlacedLine| entry.is_about_line(at, line);
            ask(number, &|| {
                entry.is_about_claim(at) && (entry.is_about_whole(at) || at.lines.iter().any(of_line))
            });
        }
        // What is about all lines is about each; a claim without lines may still be a provider's.
        let first = at.lines.first().map_or(at.billing, |line| line.rendering);
        for (number, entry) in self.general(at, None, first) {
            ask(number, &|| entry.is_about_claim(at) && entry.is_about_whole(at));
        }
        for line in at.lines {
            for (number, entry) in self.general(at, Some(line.code), line.rendering) {
                ask(number, &|| entry.is_about_claim(at) && entry.is_about_line(at, line));
            }
        }
    }
}

#[cfg(test)]
mod tests;
