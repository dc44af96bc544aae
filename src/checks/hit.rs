use super::diagnosis_memo::DiagnosisMemo;
use super::fee_memo::FeeMemo;
use super::unit_edit::UnitEditMemo;
use crate::claim::{Date, Fact, LineFact, LineRef};
use crate::pricing::{Basis, Terms};
use crate::reference::Reference;
use crate::rules::{Profile, RuleSet};
use crate::side::{CredentialUse, Credentials};

/// What every check may look at besides its subject.
#[derive(Clone, Copy)]
pub struct Cx<'a> {
    /// The rules in force.
    pub rules: &'a RuleSet,
    /// The tables in force.
    pub reference: &'a Reference,
    /// What the user says of prices.
    pub terms: &'a Terms,
    /// What payers said about providers; `None` where the user gives no such file.
    pub credentials: Option<&'a Credentials>,
    /// The run date.
    pub as_of: Date,
}

/// One patient's day with one payer, from one claim or from several: a check cannot tell.
///
/// Lines stand in run order (claim, then line). Void claims, and originals that a replacement in the batch
/// stands for, are not among them. Nor are lines that repeat earlier ones, except for the `duplicate` kind, which
/// is given the whole day: `repeats` names them, and no other rule may add them up.
#[derive(Clone, Copy)]
pub struct Day<'d> {
    /// The day of service.
    pub date: Date,
    /// The payer's profile.
    pub profile: &'d Profile,
    /// How this payer's lines are priced.
    pub basis: Basis<'d>,
    /// Every line of the day, of all disciplines and providers.
    pub lines: &'d [LineFact],
    /// For each line, `words` words of bits: which day rules are about it ([`crate::rules::Rule::day_bit`]).
    pub about: &'d [u64],
    /// Words of `about` per line.
    pub words: usize,
    /// Lines that repeat earlier ones of the day, in order; none for kinds other than `duplicate`.
    pub repeats: &'d [Repeat],
}

/// A line that bills the service of an earlier line of its day again; both by index into [`Day::lines`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Repeat {
    /// The later line.
    pub line: usize,
    /// The first line that bills the service.
    pub of: usize,
}

impl Day<'_> {
    /// Whether the day rule with this bit is about line `index`.
    pub fn is_about(&self, index: usize, bit: u16) -> bool {
        let word = index * self.words + usize::from(bit / 64);
        self.about.get(word).is_some_and(|bits| bits >> (bit % 64) & 1 == 1)
    }

    /// Whether the day rule with this bit is about any line: if not, it has nothing to say of the day.
    pub fn is_asked(&self, bit: u16) -> bool {
        (0..self.lines.len()).any(|index| self.is_about(index, bit))
    }
}

/// A fact of a line (or of a claim), to point at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pointer {
    /// Whose.
    pub at: LineRef,
    /// Which fact.
    pub fact: Fact,
    /// Which of several, from 0 (modifiers, diagnoses, pointers).
    pub item: usize,
    /// What to say there, a few words.
    pub text: String,
}

/// The money a finding lays its hand on. Units are whole; line references are of the day's lines.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Takes {
    /// None.
    #[default]
    Nothing,
    /// Whole lines.
    Lines(Vec<LineRef>),
    /// Units taken from lines (negative) or missing on them (positive).
    Units(Vec<(LineRef, i32)>),
    /// The whole claim of the hit's own line.
    Claim,
}

impl Takes {
    /// How many lines it lays its hand on; 0 for a whole claim.
    pub fn lines(&self) -> u16 {
        let of = |lines: usize| u16::try_from(lines).unwrap_or(u16::MAX);
        match self {
            Takes::Nothing | Takes::Claim => 0,
            Takes::Lines(lines) => of(lines.len()),
            Takes::Units(units) => of(units.len()),
        }
    }
}

/// One thing a check saw.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hit {
    /// Index of the rule.
    pub rule: u16,
    /// The kind's name for the way it went; "" for the rule's plain wording.
    pub outcome: &'static str,
    /// The fault itself.
    pub primary: Pointer,
    /// Other places it speaks of.
    pub related: Vec<Pointer>,
    /// Values for the message's placeholders beyond the facts of the primary line.
    pub values: Vec<(&'static str, String)>,
    /// Its money.
    pub takes: Takes,
}

/// Why a rule could not be judged.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
#[repr(u8)]
pub enum Lack {
    /// No minutes.
    Minutes,
    /// No readable units.
    Units,
    /// Minutes that do not bear out the units, so that these cannot be told apart by them.
    UnitsByMinutes,
    /// No start or end.
    Times,
    /// Start and end describe the visit, not the service.
    VisitWindow,
    /// No taxonomy of the rendering provider.
    Taxonomy,
    /// No diagnosis on the claim.
    Diagnosis,
    /// No diagnosis pointers.
    Pointers,
    /// No table for the date of service.
    Table,
    /// No readable date of service.
    Date,
    /// A fact that the rule's own condition asks for.
    Fact,
    /// No figure in the tables for code and date.
    Figure,
    /// No patient: the claim stands alone.
    Patient,
    /// No provider of whom it is certain that he rendered the service.
    Rendering,
    /// No clinical note, or one too short to be one.
    Note,
    /// The notes of the visits just before are not at hand.
    EarlierNotes,
    /// No authorization, or no certification of the plan of care, is given.
    Authorization,
}

impl Lack {
    /// Every lack.
    pub const ALL: [Lack; 17] = [
        Lack::Minutes,
        Lack::Units,
        Lack::UnitsByMinutes,
        Lack::Times,
        Lack::VisitWindow,
        Lack::Taxonomy,
        Lack::Diagnosis,
        Lack::Pointers,
        Lack::Table,
        Lack::Date,
        Lack::Fact,
        Lack::Figure,
        Lack::Patient,
        Lack::Rendering,
        Lack::Note,
        Lack::EarlierNotes,
        Lack::Authorization,
    ];

    /// As the summary says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Lack::Minutes => "no minutes",
            Lack::Units => "no readable units",
            Lack::UnitsByMinutes => "the minutes do not bear out the units",
            Lack::Times => "no start and end",
            Lack::VisitWindow => "start and end describe the visit",
            Lack::Taxonomy => "no rendering taxonomy",
            Lack::Diagnosis => "no diagnosis",
            Lack::Pointers => "no diagnosis pointers",
            Lack::Table => "no table for the date of service",
            Lack::Date => "no readable date of service",
            Lack::Fact => "a fact is absent",
            Lack::Figure => "no figure for code and date",
            Lack::Patient => "no patient named",
            Lack::Rendering => "no rendering provider named",
            Lack::Note => "no clinical note",
            Lack::EarlierNotes => "notes of the visits before are not at hand",
            Lack::Authorization => "no authorization or certification that fits is given",
        }
    }
}

/// Where checks put what they saw. Reused from claim to claim.
#[derive(Debug, Default)]
pub struct Out {
    /// What was seen.
    pub hits: Vec<Hit>,
    /// Lines not evaluated: by rule, by [`Lack`].
    pub lacks: Vec<[u64; Lack::ALL.len()]>,
    /// Where somebody wants to know: rules that the payer's profile leaves nothing to ask, with the field that would have
    /// to say otherwise.
    pub unasked: Option<Vec<(u16, &'static str)>>,
    /// Which rows of the credentials file were met.
    pub credentials: CredentialUse,
    /// Whether somebody listens to what could not be judged.
    pub is_heard: bool,
    /// What he has heard since he last emptied it.
    pub heard: Vec<(u16, Lack)>,
    /// A check over a line has looked farther than at its rule's [`crate::rules::Facets`].
    pub looked_farther: bool,
    /// What is remembered of diagnoses from claim to claim.
    pub(super) diagnoses: DiagnosisMemo,
    /// And of fees.
    pub(super) fees: FeeMemo,
    /// And of unit edits.
    pub(super) unit_edits: UnitEditMemo,
}

impl Out {
    /// For a set of so many rules.
    pub fn new(rules: usize) -> Out {
        Out { lacks: vec![[0; Lack::ALL.len()]; rules], ..Out::default() }
    }

    /// The same, for somebody who wants to know what profiles leave unasked.
    pub fn watched(rules: usize) -> Out {
        Out { unasked: Some(Vec::new()), ..Out::new(rules) }
    }

    /// Takes away what is counted, for one unit of the input. What is remembered stays.
    pub fn end_of_unit(&mut self) -> (Vec<[u64; Lack::ALL.len()]>, CredentialUse) {
        let rules = self.lacks.len();
        let lacks = std::mem::replace(&mut self.lacks, vec![[0; Lack::ALL.len()]; rules]);
        (lacks, std::mem::take(&mut self.credentials))
    }

    /// Notes that the profile's `field` leaves `rule` nothing to ask.
    pub(super) fn not_asked(&mut self, rule: u16, field: &'static str) {
        if let Some(unasked) = &mut self.unasked
            && !unasked.contains(&(rule, field))
        {
            unasked.push((rule, field));
        }
    }

    /// Adds the counts of another.
    pub fn add(&mut self, lacks: &[[u64; Lack::ALL.len()]]) {
        for (counts, added) in self.lacks.iter_mut().zip(lacks) {
            for (count, added) in counts.iter_mut().zip(added) {
                *count += added;
            }
        }
    }

    /// Takes counts back.
    pub fn subtract(&mut self, lacks: &[[u64; Lack::ALL.len()]]) {
        for (counts, taken) in self.lacks.iter_mut().zip(lacks) {
            for (count, taken) in counts.iter_mut().zip(taken) {
                *count = count.saturating_sub(*taken);
            }
        }
    }

    /// Lets no count be above `lines`.
    pub fn cap_lacks(&mut self, lines: usize) {
        for count in self.lacks.iter_mut().flatten() {
            *count = (*count).min(lines as u64);
        }
    }

    /// Counts lines that `rule` could not judge.
    pub fn lack(&mut self, rule: u16, why: Lack, lines: usize) {
        if let Some(counts) = self.lacks.get_mut(usize::from(rule)) {
            counts[why as usize] += lines as u64;
        }
        if self.is_heard {
            self.heard.extend(std::iter::repeat_n((rule, why), lines));
        }
    }
}
