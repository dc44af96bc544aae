//! What the run keeps of every claim until it settles: day keys, claim facts, line facts.

use std::collections::HashMap;
use std::io;
use std::ops::Range;

use crate::claim::{ClaimFact, CourseFact, Date, DayKey, LineFact, ProviderKey, provider_of_claim};

use super::corrections;
use super::read::UnitOutput;
use super::records::ClaimName;
use super::spill::{Log, Merged, Sorter};

/// The facts of the run, in the order of the input. Past its memory they lie in unnamed temporary files.
#[derive(Debug)]
pub(super) struct Store {
    words: usize,
    memory: u64,
    claims: Log<ClaimFact>,
    /// Their numbers, where an input cannot be read again for them; else none.
    names: Log<ClaimName>,
    lines: Log<LineFact>,
    about: Log<u64>,
    days: Sorter<DayKey>,
    /// In the order of their lines.
    courses: Log<CourseFact>,
    provider_days: Sorter<ProviderKey>,
    /// Whether some line has a clinical note.
    has_notes: bool,
    /// Whether some claim replaces or voids another.
    has_corrections: bool,
    /// Claims that replace or void others, by [`ClaimFact::id`], each with its person (0 if unknown) and each of its days,
    /// where a rule is about providers' days. Always in memory, as is the next.
    superseding: HashMap<u64, Vec<(u32, u64, Date)>>,
    /// All claims of those numbers, in the order of the run.
    numbered: HashMap<u64, Vec<u32>>,
    /// Payer ids as stated, by [`ClaimFact::payer`]. One for each payer, always in memory.
    payers: HashMap<u64, Vec<u8>>,
    /// How many claims, the first of all, are earlier ones.
    history: u32,
}

/// The lines of some claims with their rule masks.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) facts: Vec<LineFact>,
    pub(super) about: Vec<u64>,
}

impl Store {
    /// An empty store for masks of `words` words a line, that may hold `memory` bytes.
    pub(super) fn new(words: usize, memory: u64) -> Store {
        Store {
            words,
            memory,
            claims: Log::new(),
            names: Log::new(),
            lines: Log::new(),
            about: Log::new(),
            days: Sorter::new(),
            courses: Log::new(),
            provider_days: Sorter::new(),
            has_notes: false,
            has_corrections: false,
            superseding: HashMap::new(),
            numbered: HashMap::new(),
            payers: HashMap::new(),
            history: 0,
        }
    }

    /// Takes over what a unit kept. `before` is the number of claims of this file in earlier units. Returns the
    /// index in the run of the unit's first claim.
    pub(super) fn merge(&mut self, unit: &mut UnitOutput, before: u32) -> io::Result<u32> {
        let first_claim = self.claims.len() as u32;
        let first_line = self.lines.len();
        self.payers.extend(unit.payers.drain(..));
        for mut fact in unit.claims.drain(..) {
            fact.file = unit.file;
            fact.ordinal += before;
            fact.first_line += first_line;
            self.has_corrections |= corrections::is_correction(&fact);
            self.claims.push(fact);
        }
        for name in unit.names.drain(..) {
            self.names.push(name);
        }
        for (claim, person, date) in unit.superseding.drain(..) {
            let claim = first_claim + claim;
            let id = self.claim(claim)?.id;
            if id != 0 {
                self.superseding.entry(id).or_default().push((claim, person, date));
            }
        }
        if unit.is_history {
            self.history = self.claims.len() as u32;
        }
        for mut fact in unit.lines.drain(..) {
            fact.claim += first_claim;
            // A provider without an NPI is nobody else's: such lines are grouped inside their claim only.
            if fact.billing == 0 {
                fact.billing = provider_of_claim(fact.claim);
            }
            if fact.rendering == 0 {
                fact.rendering = provider_of_claim(fact.claim);
            }
            self.lines.push(fact);
        }
        for bits in unit.about.drain(..) {
            self.about.push(bits);
        }
        for mut key in unit.days.drain(..) {
            key.claim += first_claim;
            if key.patient == 0 {
                key.patient = DayKey::patient_of_claim(key.claim);
            }
            self.days.push(key);
        }
        for mut course in unit.courses.drain(..) {
            course.line += first_line;
            self.has_notes |= course.is_noted;
            self.courses.push(course);
        }
        for mut key in unit.provider_days.drain(..) {
            key.claim += first_claim;
            self.provider_days.push(key);
        }
        let held = self.claims.held()
            + self.names.held()
            + self.lines.held()
            + self.about.held()
            + self.days.held()
            + self.courses.held()
            + self.provider_days.held();
        if held > self.memory {
            self.claims.spill()?;
            self.names.spill()?;
            self.lines.spill()?;
            self.about.spill()?;
            self.days.spill()?;
            self.courses.spill()?;
            self.provider_days.spill()?;
        }
        Ok(first_claim)
    }

    /// How many claims there are.
    pub(super) fn claims(&self) -> u32 {
        self.claims.len() as u32
    }

    /// Whether a claim is an earlier one, of which nothing is reported. Such claims are read before all others.
    pub(super) const fn is_history(&self, claim: u32) -> bool {
        claim < self.history
    }

    /// The claims of the batch.
    pub(super) fn batch(&self) -> Range<u32> {
        self.history..self.claims()
    }

    /// The fact record of a claim.
    pub(super) fn claim(&self, index: u32) -> io::Result<ClaimFact> {
        self.claims.get(u64::from(index))
    }

    /// The number of a claim as stated; empty where it was not kept.
    pub(super) fn name(&self, index: u32) -> io::Result<Vec<u8>> {
        if u64::from(index) >= self.names.len() {
            return Ok(Vec::new());
        }
        Ok(self.names.get(u64::from(index))?.bytes().to_vec())
    }

    /// The payer id of claims with this [`ClaimFact::payer`] in the bytes of the claim, if they state one.
    pub(super) fn payer_id(&self, payer: u64) -> Option<&[u8]> {
        self.payers.get(&payer).map(Vec::as_slice)
    }

    /// The same as text; `None` also where it is none.
    pub(super) fn payer_name(&self, payer: u64) -> Option<&str> {
        std::str::from_utf8(self.payer_id(payer)?).ok()
    }

    /// The day keys by patient, date and claim. Call once, when the last unit is merged.
    pub(super) fn take_days(&mut self) -> io::Result<Merged<DayKey>> {
        std::mem::replace(&mut self.days, Sorter::new()).sorted()
    }

    /// The lines of providers' days by provider, date and start. Call once, when the last unit is merged.
    pub(super) fn take_provider_days(&mut self) -> io::Result<Merged<ProviderKey>> {
        std::mem::replace(&mut self.provider_days, Sorter::new()).sorted()
    }

    /// Whether some line of the run has a clinical note.
    pub(super) fn has_notes(&self) -> bool {
        self.has_notes
    }

    /// Whether some claim of the run replaces or voids another.
    pub(super) const fn has_corrections(&self) -> bool {
        self.has_corrections
    }

    /// Claims of the run that replace or void others of this [`ClaimFact::id`], each with its person (0 if unknown) and
    /// a day.
    pub(super) fn superseding(&self, id: u64) -> &[(u32, u64, Date)] {
        self.superseding.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Finds the claims that bear the number of one that replaces or voids. Call when the last unit is merged.
    pub(super) fn find_numbered(&mut self) -> io::Result<()> {
        if self.superseding.is_empty() {
            return Ok(());
        }
        for claim in 0..self.claims() {
            let id = self.claim(claim)?.id;
            if self.superseding.contains_key(&id) {
                self.numbered.entry(id).or_default().push(claim);
            }
        }
        Ok(())
    }

    /// The claims of the run with this [`ClaimFact::id`], if one of them replaces or voids.
    pub(super) fn numbered(&self, id: u64) -> &[u32] {
        self.numbered.get(&id).map_or(&[], Vec::as_slice)
    }

    /// What the lines `first..first + count` of the run say about courses, a fact for each.
    fn courses_of(&self, first: u64, count: usize) -> io::Result<Vec<CourseFact>> {
        let mut facts = vec![CourseFact::default(); count];
        let (mut low, mut high) = (0, self.courses.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.courses.get(middle)?.line < first { low = middle + 1 } else { high = middle }
        }
        while low < self.courses.len() {
            let fact = self.courses.get(low)?;
            let Some(place) = facts.get_mut(fact.line.saturating_sub(first) as usize) else { break };
            *place = fact;
            low += 1;
        }
        Ok(facts)
    }

    /// Adds every line of `claim` to `lines`.
    pub(super) fn lines_of(&self, claim: u32, lines: &mut Lines) -> io::Result<()> {
        let fact = self.claim(claim)?;
        let count = usize::from(fact.lines);
        self.lines.read(fact.first_line, count, &mut lines.facts)?;
        self.about.read(fact.first_line * self.words as u64, count * self.words, &mut lines.about)
    }

    /// Adds the lines that `claim` has on `date` to `lines`.
    pub(super) fn lines_on(&self, claim: u32, date: Date, lines: &mut Lines) -> io::Result<()> {
        let mut all = Lines::default();
        self.lines_of(claim, &mut all)?;
        self.keep_of_date(&all, date, lines);
        Ok(())
    }

    /// Likewise, and to `courses` what each of them says about the course.
    pub(super) fn courses_on(
        &self,
        claim: u32,
        date: Date,
        lines: &mut Lines,
        courses: &mut Vec<CourseFact>,
    ) -> io::Result<()> {
        let mut all = Lines::default();
        self.lines_of(claim, &mut all)?;
        let of_claim = self.courses_of(self.claim(claim)?.first_line, all.facts.len())?;
        let on_date = of_claim.into_iter().zip(&all.facts).filter(|(_, line)| line.date == date);
        courses.extend(on_date.map(|(course, _)| course));
        self.keep_of_date(&all, date, lines);
        Ok(())
    }

    fn keep_of_date(&self, all: &Lines, date: Date, lines: &mut Lines) {
        for (at, fact) in all.facts.iter().enumerate().filter(|(_, fact)| fact.date == date) {
            lines.facts.push(*fact);
            lines.about.extend_from_slice(&all.about[at * self.words..(at + 1) * self.words]);
        }
    }
}
