//! What a day of services is worth: allowed amounts, the day repriced, the ledger that counts a dollar once.
//!
//! All arithmetic is in integers, and a unit's price is rounded once, half up, to the cent. Order: fee, then the
//! multiple-procedure reduction, then the lesser of allowed amount and charge, then what is paid less for an assistant's
//! service. Amounts are what is *allowed* for a participating provider; coinsurance and deductible are not taken off, and
//! sequestration only where net cash is asked for.
//!
//! Every amount comes twice: `net` as the payer's profile pays (with the reduction where it has one) and `gross` at
//! the flat schedule. A payer's contract ([`ContractFees`]) replaces Medicare's schedule for that payer altogether. Knows
//! services, tables and money classes; knows nothing of findings' wording, claims or files.

mod basis;
mod cash;
mod contract;
mod day;
mod expected;
mod ledger;
mod own_fee;
mod service;
mod sharing;
mod unit;
mod worth;

#[cfg(test)]
mod assistant;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod scenarios;

pub use basis::{Basis, Localities, Terms};
pub use cash::Cash;
pub use contract::{ContractFee, ContractFees, PayerFees};
pub use day::{DayPrice, LinePrice, claim_allowed, day_difference, price_day};
pub use expected::{CERTAIN, PartsPerMillion, expected_loss};
pub use ledger::{Claimed, ClaimedAmount, DayLedger, LineLedger, Slice, Taken, settle_day};
pub use own_fee::{Shortfall, UnitStanding, shortfalls, unit_standing};
pub use service::{Service, with_units};
pub use unit::{DayUnit, day_units, percent_of, unit_price};
pub use worth::{ScheduleFee, schedule_fee, why_unpriced};
