//! The question looked up: everything that text and JSON say of it.

use crate::claim::{Cents, ProcedureCode};
use crate::pricing::{Basis, Cash, DayUnit, Service, percent_of, price_day, schedule_fee};
use crate::reference::{Fee, Locality, Participation, Rate, Reference, ZipLocality};

use super::{PriceError, PriceRequest};

pub(super) struct Working<'r> {
    pub(super) request: &'r PriceRequest<'r>,
    pub(super) reference: &'r Reference,
    pub(super) code: ProcedureCode,
    pub(super) release: String,
    pub(super) locality: Option<Locality>,
    pub(super) facility: bool,
    pub(super) payable: Payable,
}

pub(super) enum Payable {
    /// Never paid separately, for this status letter; `X` for a line billed to be refused.
    No(u8),
    Yes(Box<Priced>),
}

/// A service with a price.
pub(super) struct Priced {
    pub(super) rate: Rate,
    /// Per cent of the fee for both sides; 100 for one.
    pub(super) sides_percent: u32,
    pub(super) outside: DayUnit,
    pub(super) inside: DayUnit,
    /// What each unit adds to the day, net and gross.
    pub(super) each: Vec<(Cents, Cents)>,
    pub(super) net: Cents,
    pub(super) gross: Cents,
    /// Where Medicare is the payer.
    pub(super) medicare: Option<Medicare>,
}

/// What Medicare's own rules add to a price.
pub(super) struct Medicare {
    pub(super) participation: Option<Participation>,
    /// One unit for a provider who does not take part, and the most he may charge.
    pub(super) nonparticipating: Option<(Cents, Cents)>,
    /// Per cent of its share that Medicare pays for an assistant's service.
    pub(super) assistant_percent: u32,
    /// One unit furnished by an assistant.
    pub(super) by_assistant: Cents,
    /// Who pays all the units.
    pub(super) cash: Cash,
}

impl<'r> Working<'r> {
    pub(super) fn of(
        request: &'r PriceRequest<'r>,
        reference: &'r Reference,
    ) -> Result<Working<'r>, PriceError> {
        let code = ProcedureCode::new(request.code.trim().to_ascii_uppercase().as_bytes())
            .ok_or_else(|| PriceError::NotACode(request.code.clone()))?;
        let place_of_service = <[u8; 2]>::try_from(request.place_of_service.as_bytes())
            .ok()
            .filter(|&place| reference.is_place_of_service(place))
            .ok_or_else(|| PriceError::NotAPlace(request.place_of_service.clone()))?;
        let locality = locality(request, reference)?;
        let date = request.date;
        let release = reference.fee_release(date).ok_or(PriceError::NoSchedule(date.year()))?.to_owned();
        let one = Service {
            code,
            modifiers: request.modifiers,
            units: 1,
            charge: None,
            place_of_service,
            locality,
            date,
        };
        let found = schedule_fee(reference, &one, &request.basis);
        let payable = match found.fee {
            _ if found.excluded => Payable::No(b'X'),
            _ if found.by_report => {
                let modifiers: Vec<String> =
                    request.modifiers.iter().map(|modifier| modifier.as_str().to_owned()).collect();
                return Err(PriceError::ByReport(modifiers.join(" ")));
            }
            Fee::Priced(rate) => {
                let percent = found.sides_percent.ok_or_else(|| PriceError::BothSides(release.clone()))?;
                Payable::Yes(Box::new(Priced::of(&one, request, reference, rate, percent, found.assistant)))
            }
            Fee::NotPayable { status } => Payable::No(status),
            Fee::NoSchedule => return Err(PriceError::NoSchedule(date.year())),
            Fee::NoFee if reference.pctc(code, date).is_some() => {
                return Err(PriceError::NoFee { code, release });
            }
            Fee::NoFee => return Err(PriceError::UnknownCode { code, release }),
        };
        let facility = reference.is_facility(place_of_service);
        Ok(Working { request, reference, code, release, locality, facility, payable })
    }
}

impl Priced {
    fn of(
        one: &Service,
        request: &PriceRequest<'_>,
        reference: &Reference,
        rate: Rate,
        sides_percent: u32,
        assistant: bool,
    ) -> Priced {
        let total_by = |units, basis: Basis<'_>| {
            let day = price_day(reference, &[Service { units, ..*one }], basis);
            (day.net_total(), day.gross_total())
        };
        let total = |units| total_by(units, request.basis);
        let (net, gross) = total(request.units);
        let each = (1..=request.units.min(LISTED_UNITS)).map(|unit| {
            let (with, without) = (total(unit), total(unit - 1));
            (with.0 - without.0, with.1 - without.1)
        });
        let facility = reference.is_facility(one.place_of_service);
        let medicare = request.basis.medicare_rates.then(|| {
            let whole = Basis { assistant_reduction: false, net_cash: false, ..request.basis };
            let unit = percent_of(DayUnit::new(&rate, facility).full, sides_percent);
            let participation = reference.participation(one.date);
            Medicare {
                participation,
                nonparticipating: participation.map(|terms| {
                    let allowed = percent_of(unit, terms.allowed_percent);
                    (allowed, percent_of(allowed, terms.limiting_percent))
                }),
                assistant_percent: reference.assistant_percent(one.date),
                by_assistant: {
                    let cash = Cash::of(reference, unit, one.date, true);
                    cash.coinsurance + cash.medicare
                },
                cash: Cash::of(reference, total_by(request.units, whole).0, one.date, assistant),
            }
        });
        Priced {
            outside: DayUnit::new(&rate, false),
            inside: DayUnit::new(&rate, true),
            sides_percent,
            each: each.collect(),
            net,
            gross,
            medicare,
            rate,
        }
    }
}

/// A day has no more units than this to look at one by one.
pub(super) const LISTED_UNITS: u32 = 24;

fn locality(request: &PriceRequest<'_>, reference: &Reference) -> Result<Option<Locality>, PriceError> {
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
