use crate::claim::{Cents, Date, Modifier, Modifiers, ProcedureCode};
use crate::finding::{Dollars, Unpriced};
use crate::reference::{Fee, PaymentEffect, Reference};

use super::basis::Basis;
use super::cash::Cash;
use super::contract::ContractFee;
use super::service::Service;
use super::unit::DayUnit;

/// What a service is worth, whatever else the day holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Worth {
    pub(super) unit: UnitWorth,
    /// What a unit past those billed is worth, where it is its add-on's and not the code's own.
    pub(super) further: Option<UnitWorth>,
    /// Per cent of Medicare's share that is paid: less than 100 for an assistant's service.
    share_percent: u32,
    /// What that would be if the service were an assistant's.
    assistant_percent: u32,
    /// Per cent of that share that sequestration takes.
    sequestration_percent: u32,
}

/// What one unit is worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum UnitWorth {
    Priced(DayUnit),
    /// Never paid separately.
    Nothing,
    /// No fee is known.
    Unknown,
}

impl UnitWorth {
    /// What so many units are allowed, whatever is charged. `leads` says whether the first of them is the one that the day
    /// pays in full; `None` for it: the day reduces nothing. `None`: no fee is known.
    pub(super) fn times(&self, count: u32, leads: Option<bool>) -> Option<Dollars> {
        let unit = match self {
            UnitWorth::Priced(unit) => unit,
            UnitWorth::Nothing => return Some(Dollars::default()),
            UnitWorth::Unknown => return None,
        };
        let times = |amount: Cents, count: u32| Cents(amount.0.saturating_mul(i64::from(count)));
        let net = match leads {
            None => times(unit.full, count),
            // Of no units there is none to pay in full.
            Some(true) if count > 0 => unit.full + times(unit.reduced, count - 1),
            Some(_) => times(unit.reduced, count),
        };
        Some(Dollars { net, gross: times(unit.flat, count) })
    }
}

impl Worth {
    /// Looks the fee up and lets the line's modifiers speak.
    pub(super) fn of(reference: &Reference, service: &Service, basis: &Basis<'_>) -> Worth {
        let mut worth = Worth::of_code(reference, service, basis);
        let add_on = service.code.add_on().map(|code| Service { code, ..*service });
        worth.further = add_on.map(|service| Worth::of_code(reference, &service, basis).unit);
        worth
    }

    fn of_code(reference: &Reference, service: &Service, basis: &Basis<'_>) -> Worth {
        let mut worth = Worth {
            unit: UnitWorth::Unknown,
            further: None,
            share_percent: 100,
            assistant_percent: 100,
            sequestration_percent: 0,
        };
        let effects = Effects::of(reference, service);
        if basis.assistant_reduction && basis.contract.is_none() {
            worth.assistant_percent = reference.assistant_percent(service.date);
        }
        if effects.assistant {
            worth.share_percent = worth.assistant_percent;
        }
        if basis.net_cash && basis.contract.is_none() {
            worth.sequestration_percent = reference.sequestration_percent(service.date).unwrap_or(0);
        }
        worth.unit = match basis.contract {
            _ if effects.excluded && basis.medicare_rates => UnitWorth::Nothing,
            Some(fees) => match fees.fee(service.code, service.modifiers, service.date) {
                Some(fee) if fee.modifier.is_some() || !effects.change_the_fee() => {
                    UnitWorth::Priced(by_contract(reference, service, fee))
                }
                _ => UnitWorth::Unknown,
            },
            None if effects.by_report => UnitWorth::Unknown,
            None => by_schedule(reference, service, &effects, basis),
        };
        worth
    }

    /// What reaches the practice of an allowed amount: the patient's share, and what Medicare pays of its own.
    pub(super) fn paid(&self, allowed: Cents) -> Cents {
        if self.share_percent == 100 && self.sequestration_percent == 0 {
            return allowed;
        }
        Cash::shared(allowed, self.share_percent, self.sequestration_percent).total()
    }

    /// What is paid less of `allowed` if `of_assistant` of it is for an assistant's service; on the flat schedule, which
    /// knows no reduction, of `flat`. Nothing where the line is paid as an assistant's already.
    pub(super) fn reduction(&self, allowed: Cents, of_assistant: Cents, flat: Cents) -> Dollars {
        if self.share_percent == self.assistant_percent {
            return Dollars::default();
        }
        let shared = |amount, sequestered| Cash::shared(amount, self.assistant_percent, sequestered).total();
        let reduced = self.paid(allowed - of_assistant) + shared(of_assistant, self.sequestration_percent);
        Dollars {
            net: (self.paid(allowed) - reduced).at_least_zero(),
            gross: (flat - shared(flat, 0)).at_least_zero(),
        }
    }
}

/// What the modifiers of a line do to its payment, together.
#[derive(Default)]
struct Effects {
    assistant: bool,
    both_sides: bool,
    by_report: bool,
    excluded: bool,
    component: Option<Modifier>,
}

impl Effects {
    fn of(reference: &Reference, service: &Service) -> Effects {
        let mut effects = Effects::default();
        for modifier in service.modifiers.iter() {
            match reference.payment_effect(modifier) {
                None => {}
                Some(PaymentEffect::Assistant) => effects.assistant = true,
                Some(PaymentEffect::BothSides) => effects.both_sides = true,
                Some(PaymentEffect::Component) => effects.component = Some(modifier),
                Some(PaymentEffect::ByReport) => effects.by_report = true,
                Some(PaymentEffect::Excluded) => effects.excluded = true,
            }
        }
        effects
    }

    /// Whether a plain row of a contract does not say what such a line is allowed.
    fn change_the_fee(&self) -> bool {
        self.both_sides || self.by_report || self.component.is_some()
    }
}

fn by_contract(reference: &Reference, service: &Service, fee: &ContractFee) -> DayUnit {
    let reduced = fee.reduced.unwrap_or(fee.amount);
    let rank = fee.reduced.map(|_| {
        // Medicare's practice expense ranks the services, as it does for the payers whose reduction this is.
        let practice = match reference.fee(service.code, None, None, service.date) {
            Fee::Priced(rate) => rate.practice_in(reference.is_facility(service.place_of_service)),
            _ => 0,
        };
        (practice, fee.amount)
    });
    DayUnit { full: fee.amount, reduced, flat: fee.amount, rank }
}

/// The schedule's word on a line, its modifiers heard.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ScheduleFee {
    /// What the schedule says of the code, or of its component.
    pub fee: Fee,
    /// Per cent of the fee that both sides together are paid; 100 for one side. `None`: the schedule does not say.
    pub sides_percent: Option<u32>,
    /// Whether the line bears the modifier of an assistant's service.
    pub assistant: bool,
    /// Whether the contractor sets the price from the report.
    pub by_report: bool,
    /// Whether the line is billed to be refused.
    pub excluded: bool,
}

/// Looks up what the Medicare fee schedule says of a line.
pub fn schedule_fee(reference: &Reference, service: &Service, basis: &Basis<'_>) -> ScheduleFee {
    scheduled(reference, service, &Effects::of(reference, service), basis)
}

fn scheduled(reference: &Reference, service: &Service, effects: &Effects, basis: &Basis<'_>) -> ScheduleFee {
    let fee_on = |date| reference.fee(service.code, effects.component, service.locality, date);
    let fee = match fee_on(service.date) {
        Fee::NoSchedule if basis.carry_forward => {
            carried(reference, service.date).map_or(Fee::NoSchedule, fee_on)
        }
        fee => fee,
    };
    let sides_percent = match (effects.both_sides, &fee) {
        (false, _) => Some(100),
        (true, Fee::Priced(rate)) => match rate.bilateral {
            Some(0 | 2 | 9) => Some(100),
            Some(1) => Some(150),
            Some(3) => Some(200),
            _ => None,
        },
        (true, _) => None,
    };
    let Effects { assistant, by_report, excluded, .. } = *effects;
    ScheduleFee { fee, sides_percent, assistant, by_report, excluded }
}

/// Why a line has no price, where it has none.
pub fn why_unpriced(reference: &Reference, service: &Service, basis: &Basis<'_>) -> Unpriced {
    let plain = Service { modifiers: Modifiers::default(), ..*service };
    if service.code != ProcedureCode::NONE && Worth::of(reference, &plain, basis).unit != UnitWorth::Unknown {
        return Unpriced::Modifier;
    }
    match basis.contract {
        Some(_) => Unpriced::NotInContract,
        None => match schedule_fee(reference, &plain, basis).fee {
            Fee::NoSchedule => Unpriced::NoSchedule,
            _ => Unpriced::NoFee,
        },
    }
}

fn by_schedule(reference: &Reference, service: &Service, effects: &Effects, basis: &Basis<'_>) -> UnitWorth {
    let ScheduleFee { fee, sides_percent, .. } = scheduled(reference, service, effects, basis);
    match (fee, sides_percent) {
        (Fee::Priced(rate), Some(percent)) => {
            let facility = reference.is_facility(service.place_of_service);
            let mut unit = DayUnit::new(&rate, facility).times_percent(percent);
            if basis.nonparticipating
                && let Some(terms) = reference.participation(service.date)
            {
                unit = DayUnit { flat: unit.flat, ..unit.times_percent(terms.allowed_percent) };
            }
            UnitWorth::Priced(unit)
        }
        (Fee::NotPayable { .. }, _) if basis.medicare_rates => UnitWorth::Nothing,
        _ => UnitWorth::Unknown,
    }
}

/// The last day of the last loaded fee schedule, where `date` is after it.
fn carried(reference: &Reference, date: Date) -> Option<Date> {
    reference.last_fee_date().filter(|last| *last < date)
}
