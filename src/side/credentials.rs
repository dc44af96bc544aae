//! What payers said about who may bill which service: allowed, denied, not known.
//!
//! Rows are written by the user. Of those that fit a line the most specific one decides: a row for an NPI goes before one
//! for a taxonomy; then one that names the code before one with a range, and that before one for every code; then one for
//! a payer id before one for a payer profile, and that before one for every payer; then one for a state before one for
//! every state. No two rows can fit one line equally well and disagree: such a file is refused.

mod read;

pub use read::{CredentialsError, credentials};

use crate::claim::{Claim, Date, ProcedureCode, Role, ServiceLine};

/// What a payer said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// It takes the service from the provider.
    Allow,
    /// It does not.
    Deny,
    /// Nobody knows; somebody should ask.
    Unknown,
}

/// Whom a row is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Whom {
    /// One provider.
    Npi(String),
    /// Every provider of a taxonomy.
    Taxonomy(String),
}

/// Some codes of a row: one, or a range.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Codes {
    first: ProcedureCode,
    last: ProcedureCode,
}

/// One row of the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Credential {
    /// Name of a payer profile, or a payer id (2010BB NM109); `None` for every payer.
    payer: Option<String>,
    /// Two letters; `None` for every state.
    state: Option<String>,
    whom: Whom,
    /// None for every code.
    codes: Vec<Codes>,
    from: Option<Date>,
    to: Option<Date>,
    decision: Decision,
    /// `line 12` of a YAML file, `row 12` of a CSV file.
    place: String,
}

/// The rows of a credentials file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Credentials {
    rows: Vec<Credential>,
}

/// What the rows say of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer<'c> {
    /// The row that decides.
    Decided(&'c Credential),
    /// A row may fit, but the claim does not state what it asks for.
    Open,
    /// No row is about the line.
    Uncovered,
}

/// Which rows a run has met, and how many lines no row was about.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CredentialUse {
    /// By row; empty as long as none was met.
    met: Vec<bool>,
    /// Billed lines that no row was about.
    pub uncovered: u64,
}

/// How well a row fits a line: more is more specific.
type Rank = (bool, u8, u8, bool);

/// Whether something that a row asks for is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Yes,
    No,
    /// The claim does not state it.
    Open,
}

impl Fit {
    /// Whether a stated value is the wanted one.
    fn of(stated: &[u8], wanted: &str) -> Fit {
        match stated {
            [] => Fit::Open,
            stated if stated.eq_ignore_ascii_case(wanted.as_bytes()) => Fit::Yes,
            _ => Fit::No,
        }
    }
}

impl Credential {
    /// What the payer said.
    pub const fn decision(&self) -> Decision {
        self.decision
    }

    /// Whom it is about.
    pub const fn whom(&self) -> &Whom {
        &self.whom
    }

    /// Where the row stands: `line 12`, or `row 12`.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// How well the row fits, and whether that is certain; `None` where it does not.
    fn fits(&self, asked: &Asked<'_>) -> Option<(Rank, bool)> {
        let whom = match &self.whom {
            Whom::Npi(npi) => Fit::of(asked.npi, npi),
            Whom::Taxonomy(taxonomy) => Fit::of(asked.taxonomy, taxonomy),
        };
        let day = match asked.date {
            _ if self.from.is_none() && self.to.is_none() => Fit::Yes,
            None => Fit::Open,
            Some(date) if self.holds_on(date) => Fit::Yes,
            Some(_) => Fit::No,
        };
        let state = self.state.as_ref().map_or(Fit::Yes, |state| Fit::of(asked.state, state));
        let fits = [whom, day, state];
        if fits.contains(&Fit::No) {
            return None;
        }
        let code = self.code_rank(asked.code)?;
        let payer = match &self.payer {
            None => 0,
            Some(payer) if asked.payer_id.eq_ignore_ascii_case(payer.as_bytes()) => 2,
            Some(payer) if asked.profile.eq_ignore_ascii_case(payer) => 1,
            Some(_) => return None,
        };
        let rank = (matches!(self.whom, Whom::Npi(_)), code, payer, self.state.is_some());
        Some((rank, !fits.contains(&Fit::Open)))
    }

    /// 2 where the code is named, 1 in a range, 0 for every code; `None` for another code.
    fn code_rank(&self, code: ProcedureCode) -> Option<u8> {
        if self.codes.is_empty() {
            return Some(0);
        }
        let held = self.codes.iter().filter(|codes| (codes.first..=codes.last).contains(&code));
        held.map(|codes| if codes.first == codes.last { 2 } else { 1 }).max()
    }

    fn holds_on(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }

    /// Whether some line would be decided by both alike, and otherwise by each.
    fn contradicts(&self, other: &Credential) -> bool {
        let same = |one: &Option<String>, next: &Option<String>| match (one, next) {
            (Some(one), Some(next)) => one.eq_ignore_ascii_case(next),
            (one, next) => one.is_none() && next.is_none(),
        };
        let ends_before = |one: &Credential, next: &Credential| match (one.to, next.from) {
            (Some(to), Some(from)) => to < from,
            _ => false,
        };
        self.decision != other.decision
            && self.whom == other.whom
            && same(&self.payer, &other.payer)
            && same(&self.state, &other.state)
            && !ends_before(self, other)
            && !ends_before(other, self)
            && self.shares_codes(other)
    }

    /// Whether both are about some code in the same way: by its name, by a range, or by naming none.
    fn shares_codes(&self, other: &Credential) -> bool {
        if self.codes.is_empty() || other.codes.is_empty() {
            return self.codes.is_empty() && other.codes.is_empty();
        }
        let is_one = |codes: &Codes| codes.first == codes.last;
        self.codes.iter().any(|one| {
            other
                .codes
                .iter()
                .any(|next| is_one(one) == is_one(next) && one.first <= next.last && next.first <= one.last)
        })
    }
}

/// What is known of a line.
struct Asked<'q> {
    payer_id: &'q [u8],
    profile: &'q str,
    state: &'q [u8],
    npi: &'q [u8],
    taxonomy: &'q [u8],
    code: ProcedureCode,
    date: Option<Date>,
}

impl<'q> Asked<'q> {
    fn of(claim: &Claim<'q>, line: &ServiceLine<'q>, profile: &'q str) -> Asked<'q> {
        let rendering = claim.rendering(line.number);
        let facility = claim.provider(Role::ServiceFacility, line.number).map(|one| one.state.bytes());
        let billing = || claim.billing().map(|one| one.state.bytes());
        Asked {
            payer_id: claim.payer.id.bytes(),
            profile,
            state: facility.filter(|state| !state.is_empty()).or_else(billing).unwrap_or_default(),
            npi: rendering.map(|one| one.npi.bytes()).unwrap_or_default(),
            taxonomy: rendering.map(|one| one.taxonomy.bytes()).unwrap_or_default(),
            code: line.code(),
            date: line.service_date.value,
        }
    }
}

impl Credentials {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What the rows say of a line of a payer with this profile. The rows that fit are noted in `used`, where one is given.
    pub fn look_up<'q>(
        &self,
        claim: &Claim<'q>,
        line: &ServiceLine<'q>,
        profile: &'q str,
        mut used: Option<&mut CredentialUse>,
    ) -> Answer<'_> {
        let asked = Asked::of(claim, line, profile);
        let mut best: Option<(Rank, &Credential)> = None;
        let mut open: Option<Rank> = None;
        for (number, row) in self.rows.iter().enumerate() {
            let Some((rank, certain)) = row.fits(&asked) else { continue };
            if !certain {
                open = open.max(Some(rank));
                continue;
            }
            if let Some(used) = &mut used {
                used.meet(number);
            }
            if best.is_none_or(|(known, _)| known < rank) {
                best = Some((rank, row));
            }
        }
        match (best, open) {
            (Some((rank, row)), open) if open.is_none_or(|open| open <= rank) => Answer::Decided(row),
            (None, None) => Answer::Uncovered,
            _ => Answer::Open,
        }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// The place of an earlier row that fits a line as well as this one and says otherwise.
    fn add(&mut self, row: Credential) -> Result<(), String> {
        if let Some(other) = self.rows.iter().find(|other| other.contradicts(&row)) {
            return Err(other.place.clone());
        }
        self.rows.push(row);
        Ok(())
    }
}

impl CredentialUse {
    fn meet(&mut self, row: usize) {
        if self.met.len() <= row {
            self.met.resize(row + 1, false);
        }
        self.met[row] = true;
    }

    /// Adds what another part of the run has met.
    pub fn add(&mut self, other: &CredentialUse) {
        for (row, _) in other.met.iter().enumerate().filter(|(_, met)| **met) {
            self.meet(row);
        }
        self.uncovered += other.uncovered;
    }

    /// How many rows were met.
    pub fn rows_met(&self) -> usize {
        self.met.iter().filter(|met| **met).count()
    }
}
