use crate::reference::Locality;
use crate::rules::Profile;

use super::contract::{ContractFees, PayerFees};

/// What the user says about prices. By default: allowed amounts of a participating provider at national rates.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// Where the services were furnished.
    pub localities: Localities,
    /// The provider does not take part in Medicare: the lower schedule applies.
    pub nonparticipating: bool,
    /// Amounts are what reaches the practice from Medicare and patient together, after sequestration.
    pub net_cash: bool,
    /// A day after the last loaded fee schedule is priced at that schedule, and the report says so.
    pub carry_forward: bool,
    /// The fee schedules of payers that have their own.
    pub contracts: ContractFees,
}

/// Whose Medicare rates apply.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Localities {
    /// Those of the payer's profile, else national ones.
    #[default]
    National,
    /// One locality's for all claims.
    One(Locality),
    /// Those of the ZIP code where the service was furnished.
    ByZip,
}

/// What of pricing depends on the payer, and on the user's terms with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Basis<'t> {
    /// Whether the multiple-procedure reduction for therapy applies to `net`.
    pub mppr: bool,
    /// Whether the fee schedule is the payer's own: what it does not pay for is worth $0, elsewhere unknown.
    pub medicare_rates: bool,
    /// Whether less is paid for services of assistants (CQ, CO).
    pub assistant_reduction: bool,
    /// Whether the schedule for providers who do not take part applies to `net`.
    pub nonparticipating: bool,
    /// Whether sequestration is taken off.
    pub net_cash: bool,
    /// Whether a year without a schedule is priced at the last one that is loaded.
    pub carry_forward: bool,
    /// The payer's own fee schedule. It replaces Medicare's altogether.
    pub contract: Option<&'t PayerFees>,
}

impl<'t> Basis<'t> {
    /// What pricing needs of a payer's profile, under the user's terms. `contract` is a number that
    /// [`ContractFees::number`] gave; 0 for a payer without a schedule of its own.
    pub fn of(profile: &Profile, terms: &'t Terms, contract: u16) -> Basis<'t> {
        Basis {
            mppr: profile.mppr,
            medicare_rates: profile.medicare_rates,
            assistant_reduction: profile.assistant_reduction,
            nonparticipating: profile.medicare_rates && terms.nonparticipating,
            net_cash: profile.medicare_rates && terms.net_cash,
            carry_forward: terms.carry_forward,
            contract: terms.contracts.get(contract),
        }
    }

    /// Whether the figures are the payer's own and not Medicare's in its stead.
    pub const fn is_own(&self) -> bool {
        self.medicare_rates || self.contract.is_some()
    }
}
