use super::{Columns, Dollars, MoneyClass};

/// One part of the run's dollars.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Share {
    /// Its part of each column. The parts of one breakdown add up to the run's columns, to the cent.
    pub columns: Columns,
    /// Its part of what is expected to be lost; nothing where no denial rates were given.
    pub expected: Dollars,
}

/// What a run's dollars are made of: four ways to add up the same cents.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Breakdown {
    /// By code of the rule.
    pub rules: Vec<ByRule>,
    /// By NPI; lines without one last.
    pub providers: Vec<ByProvider>,
    /// By name of the profile and payer id.
    pub payers: Vec<ByPayer>,
    /// By date of service.
    pub days: Vec<ByDay>,
}

/// The dollars that one rule counts: of several findings that take the same units, the first has them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ByRule {
    /// Code of the rule.
    pub code: String,
    /// Name of the rule.
    pub name: String,
    /// How many of its findings count dollars.
    pub findings: u64,
    /// Its dollars.
    pub share: Share,
}

/// The dollars of the lines that one provider rendered.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ByProvider {
    /// NPI of the rendering provider, else of the billing one. `None`: neither is stated as ten digits.
    pub npi: Option<u32>,
    /// Its dollars.
    pub share: Share,
}

/// The dollars of one payer's claims.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ByPayer {
    /// Name of the payer profile.
    pub payer: String,
    /// Payer id as the claims state it; `None` where they state none.
    pub payer_id: Option<String>,
    /// Its dollars.
    pub share: Share,
}

/// The dollars of one date of service.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ByDay {
    /// ISO. Masked at the full level.
    pub date: String,
    /// Its dollars.
    pub share: Share,
}

/// What is expected to be lost, at the denial rates that the user gave.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ExpectedLoss {
    /// The file with the rates, as named.
    pub source: String,
    /// Of all that is at risk.
    pub total: Dollars,
    /// Codes of rules with dollars at risk for which some payer's rate is not given: they add nothing.
    pub without_rate: Vec<String>,
}

/// The finding that counts the dollars of another one.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CountedIn {
    /// Code of its rule.
    pub code: String,
    /// Index of its file in the run.
    pub file: u32,
    /// 1-based claim in that file, 0 for none.
    pub claim: u32,
    /// 1-based line in that claim, 0 for the claim as a whole.
    pub line: u16,
    /// Whether that finding is known by a baseline: then no total holds the dollars.
    pub is_known: bool,
}

/// What the user accepts, in figures: none of it is in any other count or column.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AcceptedTotals {
    /// Findings that entries of the suppressions say are no fault.
    pub suppressed: u64,
    /// Findings that the baseline knows.
    pub known: u64,
    /// Dollars that the known ones hold.
    pub dollars: Columns,
    /// The baseline's file, as named; `None` without one.
    pub baseline: Option<String>,
}

impl Columns {
    /// The column that a class of money stands in; nothing for the class without dollars.
    pub fn of(&self, class: MoneyClass) -> Dollars {
        match class {
            MoneyClass::Denial => self.at_risk,
            MoneyClass::Recoupment => self.recoupment,
            MoneyClass::Rejection => self.delayed,
            MoneyClass::LostRevenue => self.unbilled,
            MoneyClass::None => Dollars::default(),
        }
    }

    /// The same, to be added to.
    pub fn of_mut(&mut self, class: MoneyClass) -> Option<&mut Dollars> {
        match class {
            MoneyClass::Denial => Some(&mut self.at_risk),
            MoneyClass::Recoupment => Some(&mut self.recoupment),
            MoneyClass::Rejection => Some(&mut self.delayed),
            MoneyClass::LostRevenue => Some(&mut self.unbilled),
            MoneyClass::None => None,
        }
    }

    /// Adds another's columns, each to its own.
    pub fn add(&mut self, other: &Columns) {
        self.at_risk += other.at_risk;
        self.recoupment += other.recoupment;
        self.delayed += other.delayed;
        self.unbilled += other.unbilled;
    }
}

impl std::ops::AddAssign for Dollars {
    fn add_assign(&mut self, other: Dollars) {
        self.net += other.net;
        self.gross += other.gross;
    }
}
