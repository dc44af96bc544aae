//! `cleanclaim price`: what one code is allowed, with the working shown.

mod answer;
#[cfg(test)]
mod tests;
mod text;
mod working;

use std::io::{self, Write};

use crate::claim::{Date, Modifiers, ProcedureCode};
use crate::pricing::Basis;
use crate::reference::Reference;

use working::Working;

/// What `cleanclaim price` was asked.
#[derive(Clone, Debug)]
pub struct PriceRequest<'t> {
    /// As typed.
    pub code: String,
    /// Day of service.
    pub date: Date,
    /// Units of the code, alone on its day.
    pub units: u32,
    /// Those of the line.
    pub modifiers: Modifiers,
    /// Two digits, as typed.
    pub place_of_service: String,
    /// Name of the payer profile, to be printed.
    pub payer: String,
    /// What pricing needs of that profile.
    pub basis: Basis<'t>,
    /// `10112-00`, as typed; without one and without a ZIP code, national rates.
    pub locality: Option<String>,
    /// Five digits or more, as typed; a locality goes before it.
    pub zip: Option<String>,
    /// JSON instead of text.
    pub json: bool,
}

/// Why there is no price. Says what is missing in plain words, and never guesses.
#[derive(Debug, thiserror::Error)]
pub enum PriceError {
    /// Not five letters and digits.
    #[error("`{0}` is not a procedure code: five letters or digits, such as 97124")]
    NotACode(String),
    /// Not two digits that CMS lists.
    #[error("`{0}` is not a place of service that CMS lists, such as 11 for an office")]
    NotAPlace(String),
    /// Not a locality of the tables.
    #[error("`{0}` is not a locality of the loaded tables; write contractor and locality, such as 10112-00")]
    NotALocality(String),
    /// Not a ZIP code of the tables.
    #[error("`{0}` is not a ZIP code of the loaded tables")]
    NotAZip(String),
    /// A ZIP code in several localities.
    #[error("ZIP code {0} lies in several localities; name one, such as --locality 10112-00")]
    SplitZip(String),
    /// No fee schedule for the year.
    #[error("no {0} fee schedule is loaded")]
    NoSchedule(i16),
    /// No indices for the locality in the year.
    #[error("no {year} geographic indices (GPCI) are loaded for locality {locality}")]
    NoIndices {
        /// Year of service.
        year: i16,
        /// As `10112-00`.
        locality: String,
    },
    /// The table does not have the code.
    #[error("{code} is not in the loaded fee schedule ({release})")]
    UnknownCode {
        /// The code.
        code: ProcedureCode,
        /// Release of the schedule looked at.
        release: String,
    },
    /// The schedule has the code without a price.
    #[error("{code} has no price in the fee schedule ({release}): the Medicare contractor sets it")]
    NoFee {
        /// The code.
        code: ProcedureCode,
        /// Release of the schedule looked at.
        release: String,
    },
    /// The payer's own schedule does not have the code, or does not say what its modifiers do.
    #[error("{code} has no price in {payer}'s own fee schedule on {date}")]
    NotInContract {
        /// The code, with its modifiers.
        code: String,
        /// As the schedule names the payer.
        payer: String,
        /// Day of service.
        date: Date,
    },
    /// A modifier leaves the price to the contractor.
    #[error("no price: with {0} the Medicare contractor sets it from the report")]
    ByReport(String),
    /// The schedule does not say what both sides are paid.
    #[error("no price: the loaded fee schedule ({0}) does not say what a service on both sides (50) is paid")]
    BothSides(String),
    /// Nothing could be written.
    #[error(transparent)]
    Write(#[from] io::Error),
}

/// Prints the full working of one code's price, as a fee page does.
///
/// # Errors
///
/// A [`PriceError`] where a part of the question is not understood, no fee is known, or `out` fails.
pub fn price(
    request: &PriceRequest<'_>,
    reference: &Reference,
    out: &mut dyn Write,
) -> Result<(), PriceError> {
    let working = Working::of(request, reference)?;
    if request.json {
        serde_json::to_writer_pretty(&mut *out, &working.answer()).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        out.write_all(working.text().as_bytes())?;
    }
    Ok(())
}
