//! The working as JSON.

use serde::Serialize;

use crate::claim::Cents;

use super::text::{decimal, total_rvu};
use super::working::{Medicare, Payable, Priced, Working};

/// `cleanclaim price --output json`. Money in cents; decimals as text, so that nothing rounds them on the way.
#[derive(Serialize)]
pub(super) struct Answer<'r> {
    schema: &'static str,
    procedure_code: String,
    service_date: String,
    units: u32,
    place_of_service: &'r str,
    facility: bool,
    payer: &'r str,
    modifiers: Vec<String>,
    release: Option<&'r str>,
    contract: Option<&'r str>,
    locality: Option<String>,
    status: Option<char>,
    fee: Option<FeeAnswer>,
    units_of_day: Vec<UnitAnswer>,
    net_cents: Option<Cents>,
    gross_cents: Option<Cents>,
    medicare: Option<MedicareAnswer>,
}

/// Of one unit, but for the shares: those are of all units.
#[derive(Serialize)]
struct MedicareAnswer {
    assistant_unit_cents: Cents,
    nonparticipating_unit_cents: Option<Cents>,
    limiting_charge_unit_cents: Option<Cents>,
    medicare_share_cents: Cents,
    sequestration_cents: Cents,
    coinsurance_cents: Cents,
    net_cash_cents: Cents,
}

impl MedicareAnswer {
    fn of(medicare: &Medicare) -> MedicareAnswer {
        MedicareAnswer {
            assistant_unit_cents: medicare.by_assistant,
            nonparticipating_unit_cents: medicare.nonparticipating.map(|(allowed, _)| allowed),
            limiting_charge_unit_cents: medicare.nonparticipating.map(|(_, limit)| limit),
            medicare_share_cents: medicare.cash.medicare,
            sequestration_cents: medicare.cash.sequestered,
            coinsurance_cents: medicare.cash.coinsurance,
            net_cash_cents: medicare.cash.total(),
        }
    }
}

#[derive(Serialize)]
struct FeeAnswer {
    work_rvu: String,
    practice_rvu: String,
    malpractice_rvu: String,
    work_gpci: String,
    practice_gpci: String,
    malpractice_gpci: String,
    total_rvu: String,
    conversion_factor: String,
    unit_cents: Cents,
    reduced_unit_cents: Option<Cents>,
    non_facility_unit_cents: Cents,
    facility_unit_cents: Cents,
    facility_not_applicable: bool,
}

#[derive(Serialize)]
struct UnitAnswer {
    net_cents: Cents,
    gross_cents: Cents,
}

fn unit_answers(each: &[(Cents, Cents)]) -> Vec<UnitAnswer> {
    each.iter().map(|&(net_cents, gross_cents)| UnitAnswer { net_cents, gross_cents }).collect()
}

impl Working<'_> {
    /// The working for programs.
    pub(super) fn answer(&self) -> Answer<'_> {
        let request = self.request;
        let (mut fee, mut net, mut gross, mut each) = (None, Cents::ZERO, Cents::ZERO, Vec::new());
        let status = match &self.payable {
            Payable::No(status) => {
                if !request.basis.medicare_rates {
                    // Another payer may well pay for what Medicare never pays separately.
                    return self.envelope(*status, None, None, None, each);
                }
                *status
            }
            Payable::Contract(contract) => {
                (net, gross) = (contract.net, contract.gross);
                each = unit_answers(&contract.each);
                None
            }
            Payable::Yes(priced) => {
                let Priced { rate, outside, inside, each: units, net: by_profile, gross: flat, .. } =
                    &**priced;
                let practice = rate.practice_in(self.facility);
                let unit = if self.facility { inside } else { outside };
                (net, gross) = (*by_profile, *flat);
                each = unit_answers(units);
                fee = Some(FeeAnswer {
                    work_rvu: decimal(rate.work, 2),
                    practice_rvu: decimal(practice, 2),
                    malpractice_rvu: decimal(rate.malpractice, 2),
                    work_gpci: decimal(rate.gpci.work, 3),
                    practice_gpci: decimal(rate.gpci.practice, 3),
                    malpractice_gpci: decimal(rate.gpci.malpractice, 3),
                    total_rvu: total_rvu(rate, practice),
                    conversion_factor: decimal(rate.conversion_factor, 4),
                    unit_cents: unit.full,
                    reduced_unit_cents: rate.therapy_reduction.then_some(unit.reduced),
                    non_facility_unit_cents: outside.full,
                    facility_unit_cents: inside.full,
                    facility_not_applicable: rate.facility_not_applicable,
                });
                Some(rate.status)
            }
        };
        self.envelope(status, fee, Some(net), Some(gross), each)
    }

    fn envelope(
        &self,
        status: Option<u8>,
        fee: Option<FeeAnswer>,
        net_cents: Option<Cents>,
        gross_cents: Option<Cents>,
        units_of_day: Vec<UnitAnswer>,
    ) -> Answer<'_> {
        let request = self.request;
        Answer {
            schema: "cleanclaim-price/1",
            procedure_code: self.code.to_string(),
            service_date: request.date.to_string(),
            units: request.units,
            place_of_service: &request.place_of_service,
            facility: self.facility,
            payer: &request.payer,
            modifiers: request.modifiers.iter().map(|modifier| modifier.as_str().to_owned()).collect(),
            release: Some(self.release.as_str()).filter(|release| !release.is_empty()),
            contract: match &self.payable {
                Payable::Contract(contract) => Some(&contract.payer),
                _ => None,
            },
            locality: self.locality.map(|locality| locality.to_string()),
            status: status.map(char::from),
            fee,
            units_of_day,
            net_cents,
            gross_cents,
            medicare: match &self.payable {
                Payable::Yes(priced) => priced.medicare.as_ref().map(MedicareAnswer::of),
                Payable::No(_) | Payable::Contract(_) => None,
            },
        }
    }
}
