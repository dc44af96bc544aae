//! What a day of services is worth: allowed amounts, the day repriced, the ledger that counts a dollar once.
//!
//! All arithmetic is in integers, and a unit's price is rounded once, half up, to the cent. Order: fee, then the
//! multiple-procedure reduction, then the lesser of allowed amount and charge. Amounts are what is *allowed* for a
//! participating provider; coinsurance, deductible and sequestration are not taken off.
//!
//! Every amount comes twice: `net` as the payer's profile pays (with the reduction where it has one) and `gross` at
//! the flat schedule. Knows services, tables and money classes; knows nothing of findings' wording, claims or files.

mod day;
mod ledger;
mod service;
mod sharing;
mod unit;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod scenarios;

pub use day::{DayPrice, LinePrice, claim_allowed, day_difference, price_day};
pub use ledger::{Claimed, ClaimedAmount, DayLedger, LineLedger, Taken, settle_day};
pub use service::{Basis, Service, with_units};
pub use unit::{DayUnit, day_units, unit_price};
