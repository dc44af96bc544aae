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
    /// Never paid separately, for this status letter; `None` for a line billed to be refused (GY).
    No(Option<u8>),
    Yes(Box<Priced>),
    /// By the payer's own schedule.
    Contract(Contract),
}

/// A service priced by the payer's own schedule.
pub(super) struct Contract {
    /// As the schedule names the payer.
    pub(super) payer: String,
    pub(super) unit: Cents,
    /// What each unit adds to the day, net and gross.
    pub(super) each: Vec<(Cents, Cents)>,
    pub(super) net: Cents,
    pub(super) gross: Cents,
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
        let one = Service {
            code,
            modifiers: request.modifiers,
            units: 1,
            charge: None,
            place_of_service,
            locality,
            date,
        };
        let facility = reference.is_facility(place_of_service);
        if let Some(fees) = request.basis.contract {
            let days = Days { one: &one, request, reference };
            let payable = Payable::Contract(Contract::of(&days, fees.payer())?);
            return Ok(Working {
                request,
                reference,
                code,
                release: String::new(),
                locality,
                facility,
                payable,
            });
        }
        let release = reference.fee_release(date).ok_or(PriceError::NoSchedule(date.year()))?.to_owned();
        let found = schedule_fee(reference, &one, &request.basis);
        let payable = match found.fee {
            _ if found.excluded => Payable::No(None),
            _ if found.by_report => {
                let modifiers: Vec<String> =
                    request.modifiers.iter().map(|modifier| modifier.as_str().to_owned()).collect();
                return Err(PriceError::ByReport(modifiers.join(" ")));
            }
            Fee::Priced(rate) => {
                let percent = found.sides_percent.ok_or_else(|| PriceError::BothSides(release.clone()))?;
                Payable::Yes(Box::new(Priced::of(
                    &Days { one: &one, request, reference },
                    rate,
                    percent,
                    found.assistant,
                )))
            }
            Fee::NotPayable { status } => Payable::No(Some(status)),
            Fee::NoSchedule => return Err(PriceError::NoSchedule(date.year())),
            Fee::NoIndices => {
                let locality = locality.map_or_else(String::new, |locality| locality.to_string());
                return Err(PriceError::NoIndices { year: date.year(), locality });
            }
            Fee::NoFee if reference.pctc(code, date).is_some() => {
                return Err(PriceError::NoFee { code, release });
            }
            Fee::NoFee => {
                let subset = if reference.fee_is_subset(date) { ", a subset for therapy" } else { "" };
                return Err(PriceError::UnknownCode { code, release: format!("{release}{subset}") });
            }
        };
        Ok(Working { request, reference, code, release, locality, facility, payable })
    }
}

/// Days on which nothing but so many units of the service are furnished.
struct Days<'r> {
    one: &'r Service,
    request: &'r PriceRequest<'r>,
    reference: &'r Reference,
}

impl Days<'_> {
    /// Net and gross of a day with so many units.
    fn total(&self, units: u32, basis: Basis<'_>) -> (Cents, Cents) {
        let day = price_day(self.reference, &[Service { units, ..*self.one }], basis);
        (day.net_total(), day.gross_total())
    }

    /// What each unit adds, net and gross, as far as units are listed.
    fn each(&self) -> Vec<(Cents, Cents)> {
        let total = |units| self.total(units, self.request.basis);
        let added = |unit| {
            let (with, without) = (total(unit), total(unit - 1));
            (with.0 - without.0, with.1 - without.1)
        };
        (1..=self.request.units.min(LISTED_UNITS)).map(added).collect()
    }
}

impl Contract {
    fn of(days: &Days<'_>, payer: &str) -> Result<Contract, PriceError> {
        let Days { one, request, reference } = *days;
        let priced = price_day(reference, &[*one], request.basis).lines.first().and_then(|line| line.gross);
        let Some(unit) = priced else {
            let mut code = one.code.to_string();
            for modifier in one.modifiers.iter() {
                code.push('-');
                code.push_str(modifier.as_str());
            }
            return Err(PriceError::NotInContract { code, payer: payer.to_owned(), date: one.date });
        };
        let (net, gross) = days.total(request.units, request.basis);
        Ok(Contract { payer: payer.to_owned(), unit, each: days.each(), net, gross })
    }
}

impl Priced {
    fn of(days: &Days<'_>, rate: Rate, sides_percent: u32, assistant: bool) -> Priced {
        let Days { one, request, reference } = *days;
        let (net, gross) = days.total(request.units, request.basis);
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
                cash: Cash::of(reference, days.total(request.units, whole).0, one.date, assistant),
            }
        });
        Priced {
            outside: DayUnit::new(&rate, false),
            inside: DayUnit::new(&rate, true),
            sides_percent,
            each: days.each(),
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
