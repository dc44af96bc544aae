//! `cleanclaim price`: what one code is allowed, with the working shown.

mod answer;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::claim::{Cents, Date, Modifiers, ProcedureCode};
use crate::pricing::{Basis, DayUnit, Service, price_day};
use crate::reference::{Fee, Locality, Rate, Reference, ZipLocality};

/// What `cleanclaim price` was asked.
#[derive(Clone, Debug)]
pub struct PriceRequest {
    /// As typed.
    pub code: String,
    /// Day of service.
    pub date: Date,
    /// Units of the code, alone on its day.
    pub units: u32,
    /// Two digits, as typed.
    pub place_of_service: String,
    /// Name of the payer profile, to be printed.
    pub payer: String,
    /// What pricing needs of that profile.
    pub basis: Basis,
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
    /// The table does not have the code.
    #[error("{code} is not in the loaded fee schedule ({release}, a subset for therapy)")]
    UnknownCode {
        /// The code.
        code: ProcedureCode,
        /// Release of the schedule looked at.
        release: &'static str,
    },
    /// The schedule has the code without a price.
    #[error("{code} has no price in the fee schedule ({release}): the Medicare contractor sets it")]
    NoFee {
        /// The code.
        code: ProcedureCode,
        /// Release of the schedule looked at.
        release: &'static str,
    },
    /// Nothing could be written.
    #[error(transparent)]
    Write(#[from] io::Error),
}

/// Prints the full working of one code's price, as a fee page does.
///
/// # Errors
///
/// A [`PriceError`] where a part of the question is not understood, no fee is known, or `out` fails.
pub fn price(request: &PriceRequest, reference: &Reference, out: &mut dyn Write) -> Result<(), PriceError> {
    let working = Working::of(request, reference)?;
    if request.json {
        serde_json::to_writer_pretty(&mut *out, &working.answer()).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        out.write_all(working.text().as_bytes())?;
    }
    Ok(())
}

struct Working<'r> {
    request: &'r PriceRequest,
    reference: &'r Reference,
    code: ProcedureCode,
    release: &'static str,
    locality: Option<Locality>,
    facility: bool,
    payable: Payable,
}

enum Payable {
    /// Never paid separately, for this status letter.
    No(u8),
    Yes {
        rate: Box<Rate>,
        outside: DayUnit,
        inside: DayUnit,
        each: Vec<(Cents, Cents)>,
        net: Cents,
        gross: Cents,
    },
}

impl<'r> Working<'r> {
    fn of(request: &'r PriceRequest, reference: &'r Reference) -> Result<Working<'r>, PriceError> {
        let code = ProcedureCode::new(request.code.trim().to_ascii_uppercase().as_bytes())
            .ok_or_else(|| PriceError::NotACode(request.code.clone()))?;
        let place_of_service = <[u8; 2]>::try_from(request.place_of_service.as_bytes())
            .ok()
            .filter(|&place| reference.is_place_of_service(place))
            .ok_or_else(|| PriceError::NotAPlace(request.place_of_service.clone()))?;
        let locality = locality(request, reference)?;
        let date = request.date;
        let release = reference.fee_release(date).ok_or(PriceError::NoSchedule(date.year()))?;
        let payable = match reference.fee(code, None, locality, date) {
            Fee::Priced(rate) => {
                let one = |units| Service {
                    code,
                    modifiers: Modifiers::default(),
                    units,
                    charge: None,
                    place_of_service,
                    locality,
                    date,
                };
                let total = |units| {
                    let day = price_day(reference, &[one(units)], request.basis);
                    (day.net_total(), day.gross_total())
                };
                let (net, gross) = total(request.units);
                let each = (1..=request.units.min(LISTED_UNITS))
                    .map(|unit| {
                        let (with, without) = (total(unit), total(unit - 1));
                        (with.0 - without.0, with.1 - without.1)
                    })
                    .collect();
                Payable::Yes {
                    outside: DayUnit::new(&rate, false),
                    inside: DayUnit::new(&rate, true),
                    rate: Box::new(rate),
                    each,
                    net,
                    gross,
                }
            }
            Fee::NotPayable { status } => Payable::No(status),
            Fee::NoSchedule => return Err(PriceError::NoSchedule(date.year())),
            Fee::NoFee if reference.pctc(code, date).is_some() => {
                return Err(PriceError::NoFee { code, release });
            }
            Fee::NoFee => return Err(PriceError::UnknownCode { code, release }),
        };
        let facility = reference.is_facility(place_of_service);
        Ok(Working { request, code, release, reference, locality, facility, payable })
    }

    fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_text(&mut text);
        text
    }

    fn write_text(&self, text: &mut String) -> std::fmt::Result {
        let request = self.request;
        let setting = if self.facility { "facility" } else { "non-facility" };
        writeln!(
            text,
            "{} on {}, place of service {} ({setting})",
            self.code, request.date, request.place_of_service
        )?;
        match self.locality {
            None => writeln!(text, "Medicare physician fee schedule {}, national rates", self.release)?,
            Some(place) => writeln!(
                text,
                "Medicare physician fee schedule {}, locality {place} {}, {}",
                self.release,
                self.reference.locality_name(place),
                self.reference.locality_state(place)
            )?,
        }
        let (rate, outside, inside, each, net, gross) = match &self.payable {
            Payable::No(status) => {
                let meaning = status_meaning(*status);
                let worth = if request.basis.medicare_rates {
                    "$0.00".to_owned()
                } else {
                    format!("no schedule of {}'s own is loaded, so unpriced", request.payer)
                };
                return writeln!(
                    text,
                    "\nMedicare never pays it separately (status {}: {meaning}): {worth}",
                    char::from(*status)
                );
            }
            Payable::Yes { rate, outside, inside, each, net, gross } => {
                (rate, outside, inside, each, net, gross)
            }
        };
        let practice = rate.practice_in(self.facility);
        writeln!(text, "\n                        RVU     GPCI")?;
        for (name, rvu, gpci) in [
            ("work", rate.work, rate.gpci.work),
            ("practice expense", practice, rate.gpci.practice),
            ("malpractice", rate.malpractice, rate.gpci.malpractice),
        ] {
            writeln!(text, "  {name:<18} {:>6}    {}", decimal(rvu, 2), decimal(gpci, 3))?;
        }
        let unit = if self.facility { inside } else { outside };
        writeln!(
            text,
            "\n  {} = {} RVU × {} = {}",
            self.sum(rate, practice),
            total_rvu(rate, practice),
            decimal(rate.conversion_factor, 4),
            unit.full
        )?;
        writeln!(text, "\n  one unit           {:>9}", unit.full)?;
        writeln!(text, "    non-facility     {:>9}", outside.full)?;
        let marked = if rate.facility_not_applicable { "   the schedule marks this column NA" } else { "" };
        writeln!(text, "    facility         {:>9}{marked}", inside.full)?;
        if rate.therapy_reduction {
            writeln!(
                text,
                "    reduced          {:>9}   {} % of the practice expense, for every unit of the day but the highest",
                unit.reduced, rate.reduced_practice_percent
            )?;
        }
        if request.units != 1 {
            writeln!(text, "\n  each of {:<9} {:>11} {:>10}", request.units, "net", "gross")?;
            for (index, (net, gross)) in each.iter().enumerate() {
                writeln!(text, "    unit {:<10} {net:>11} {gross:>10}", index + 1)?;
            }
            if u32::try_from(each.len()).is_ok_and(|listed| listed < request.units) {
                writeln!(text, "    and {} more", request.units - LISTED_UNITS)?;
            }
        }
        let basis = match (request.basis.mppr, rate.therapy_reduction) {
            (true, true) => "with the multiple-procedure reduction for therapy",
            (true, false) => "the reduction does not touch this code",
            (false, _) => "no multiple-procedure reduction",
        };
        writeln!(text, "\n  net                {net:>9}   {} pays: {basis}", request.payer)?;
        writeln!(text, "  gross              {gross:>9}   flat schedule")?;
        if !request.basis.medicare_rates {
            writeln!(text, "\nMedicare's rates stand in: no schedule of this payer's own is loaded.")?;
        }
        writeln!(
            text,
            "\nAn estimate of the allowed amount, before coinsurance, deductible and sequestration."
        )
    }

    fn sum(&self, rate: &Rate, practice: u32) -> String {
        let parts = [
            (rate.work, rate.gpci.work),
            (practice, rate.gpci.practice),
            (rate.malpractice, rate.gpci.malpractice),
        ];
        let term = |(rvu, gpci): (u32, u32)| match self.locality {
            None => decimal(rvu, 2),
            Some(_) => format!("{} × {}", decimal(rvu, 2), decimal(gpci, 3)),
        };
        parts.map(term).join(" + ")
    }
}

/// A day has no more units than this to look at one by one.
const LISTED_UNITS: u32 = 24;

fn locality(request: &PriceRequest, reference: &Reference) -> Result<Option<Locality>, PriceError> {
    match (&request.locality, &request.zip) {
        (Some(typed), _) => {
            reference.locality(typed).map(Some).ok_or_else(|| PriceError::NotALocality(typed.clone()))
        }
        (None, Some(typed)) => match reference.locality_of_zip(typed) {
            ZipLocality::In(locality) => Ok(Some(locality)),
            ZipLocality::Split => Err(PriceError::SplitZip(typed.clone())),
            ZipLocality::Unknown => Err(PriceError::NotAZip(typed.clone())),
        },
        (None, None) => Ok(None),
    }
}

fn status_meaning(status: u8) -> &'static str {
    match status {
        b'B' => "bundled into other services",
        b'I' => "Medicare uses another code",
        b'N' => "not covered",
        _ => "not paid separately",
    }
}

/// The RVUs by their GPCIs, exact: five places, as few of them shown as are needed but two at least.
fn total_rvu(rate: &Rate, practice: u32) -> String {
    let total =
        rate.work * rate.gpci.work + practice * rate.gpci.practice + rate.malpractice * rate.gpci.malpractice;
    let text = decimal(total, 5);
    let shown = text.trim_end_matches('0').len().max(text.len() - 3);
    text[..shown].to_owned()
}

fn decimal(scaled: u32, places: u32) -> String {
    let unit = 10_u32.pow(places);
    format!("{}.{:0width$}", scaled / unit, scaled % unit, width = places as usize)
}
