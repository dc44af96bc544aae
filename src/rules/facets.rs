//! Which parts of a claim a rule over lines looks at, so that it is asked once of lines that agree in all of them.

use serde::{Deserialize, Serialize};

use super::{Check, DiagnosisFault, LimitOf, Rule, Tree};
use crate::claim::Fact;

/// Parts of a claim and a line, as a set of bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Hash, Deserialize, Serialize)]
pub struct Facets(u16);

impl Facets {
    /// What is billed: code, modifiers, units, place of service, region, visit.
    pub const SERVICE: Facets = Facets(1);
    /// The line's charge.
    pub const CHARGE: Facets = Facets(1 << 1);
    /// Minutes, start and end.
    pub const TIME: Facets = Facets(1 << 2);
    /// The claim's diagnoses and the line's pointers to them.
    pub const DIAGNOSES: Facets = Facets(1 << 3);
    /// Who bills, renders and supervises the line, and whose place it was furnished at, by number.
    pub const PROVIDERS: Facets = Facets(1 << 4);
    /// The payer, its profile, and what the claim states of its coverage.
    pub const PAYER: Facets = Facets(1 << 5);
    /// The notes of the line and of its claim.
    pub const NOTES: Facets = Facets(1 << 6);
    /// The line's first and last day.
    pub const DATES: Facets = Facets(1 << 7);
    /// Where they are, and everybody else who has to do with the line: who refers, orders, is paid …
    pub const MORE_OF_PROVIDERS: Facets = Facets(1 << 8);

    /// That somebody bills, renders and supervises the line, and of which kind they are: entity type and taxonomy.
    pub const KINDS_OF_PROVIDERS: Facets = Facets(1 << 9);

    /// How many there are.
    pub const COUNT: usize = 10;

    /// None of them.
    pub const NONE: Facets = Facets(0);

    /// A practice has few combinations of these.
    const COMMON: Facets = Facets::SERVICE.and(Facets::KINDS_OF_PROVIDERS).and(Facets::PAYER);

    /// The place of one of them.
    pub const fn place(self) -> usize {
        self.0.trailing_zeros() as usize
    }

    /// Their places, from 0 to [`Facets::COUNT`].
    pub fn places(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let place = left.trailing_zeros() as usize;
            left &= left.wrapping_sub(1);
            (place < Facets::COUNT).then_some(place)
        })
    }

    /// Whether `place` is among their places.
    pub const fn has(self, facet: Facets) -> bool {
        self.0 & facet.0 == facet.0
    }

    /// Those that are not among others.
    pub const fn without(self, others: Facets) -> Facets {
        Facets(self.0 & !others.0)
    }

    /// The union of both.
    pub const fn and(self, other: Facets) -> Facets {
        Facets(self.0 | other.0)
    }
}

/// Facets to remember answers by, where a rule looks at `facets`: some more, where that makes fewer sets and hardly more
/// combinations. The payer is always among them: it decides which rules are off.
pub(super) fn widened(facets: Facets) -> Facets {
    let facets = facets.and(Facets::PAYER);
    let noted = Facets::COMMON.and(Facets::NOTES);
    if Facets::COMMON.has(facets) {
        Facets::COMMON
    } else if noted.has(facets) {
        noted
    } else {
        facets
    }
}

/// All that `parts` ([`Tree::holds_of`]) of a rule's condition look at, and its check, if it is one over lines. `None` where
/// there is more to it than facets: the claim's other lines, its patient, its dates.
pub(super) fn of_rule(rule: &Rule, parts: u64) -> Option<Facets> {
    Some(of_parts(&rule.when, parts)?.and(of_check(rule)?))
}

/// All that `parts` of a condition look at.
pub(super) fn of_parts(tree: &Tree, parts: u64) -> Option<Facets> {
    match tree {
        Tree::All(all) if parts != u64::MAX => {
            let is_asked = |at: usize| parts.checked_shr(at as u32).is_some_and(|rest| rest & 1 == 1);
            let asked = all.iter().enumerate().filter(|(at, _)| is_asked(*at));
            asked.map(|(_, part)| of_tree(part)).try_fold(Facets::NONE, |all, one| Some(all.and(one?)))
        }
        _ if parts == 0 => Some(Facets::NONE),
        whole => of_tree(whole),
    }
}

fn of_tree(tree: &Tree) -> Option<Facets> {
    tree.facts().into_iter().try_fold(Facets::NONE, |all, fact| Some(all.and(of_fact(fact)?)))
}

/// What a check over lines looks at, where it does not say that it looked farther.
fn of_check(rule: &Rule) -> Option<Facets> {
    const PROVIDER: Facets = Facets::KINDS_OF_PROVIDERS.and(Facets::SERVICE).and(Facets::PAYER);
    Some(match &rule.check {
        Check::Diagnosis(
            DiagnosisFault::NonspecificOnly
            | DiagnosisFault::Mislinked
            | DiagnosisFault::Conflict { .. }
            | DiagnosisFault::Pointer
            | DiagnosisFault::WellnessOnly,
        ) => Facets::DIAGNOSES.and(Facets::PAYER),
        Check::ProviderType(super::ProviderFault::IncidentTo) => PROVIDER.and(Facets::NOTES),
        Check::ProviderType(_) => PROVIDER,
        Check::Note(_) => Facets::NOTES.and(Facets::SERVICE),
        // What it forbids is found, and never remembered.
        Check::Forbid => Facets::NONE,
        Check::Require(tree) => of_tree(tree)?.and(of_fact(rule.at)?),
        Check::Limit { of, .. } => match of {
            LimitOf::Count => Facets::NONE,
            LimitOf::Units => Facets::SERVICE,
            LimitOf::Minutes => Facets::TIME,
            LimitOf::Charge => Facets::CHARGE,
        },
        // It holds a line's times against those of the claim's other lines.
        Check::Interval => return None,
        Check::UnitTime { .. }
        | Check::CodePair { .. }
        | Check::Overlap
        | Check::TherapyThreshold
        | Check::Course(_)
        | Check::ProviderDay(_)
        | Check::DistinctModifier { .. }
        | Check::UnitEdit
        | Check::Fee { .. }
        | Check::Diagnosis(DiagnosisFault::NotBillable | DiagnosisFault::NotValid | DiagnosisFault::Format)
        | Check::Edit { .. }
        | Check::Structure { .. }
        | Check::Suppression(_) => return None,
    })
}

/// The facet that a fact is in; `None` for what is a claim's own, or a person's.
const fn of_fact(fact: Fact) -> Option<Facets> {
    Some(match fact {
        Fact::ProcedureCode
        | Fact::Modifiers
        | Fact::Units
        | Fact::PlaceOfService
        | Fact::Region
        | Fact::Laterality
        | Fact::Visit => Facets::SERVICE,
        Fact::ChargeAmount => Facets::CHARGE,
        Fact::Minutes | Fact::AssistantMinutes | Fact::Start | Fact::End => Facets::TIME,
        Fact::DiagnosisCodes | Fact::DiagnosisPointers | Fact::LinkedDiagnosisCodes => Facets::DIAGNOSES,
        Fact::BillingTaxonomy | Fact::BillingEntityType | Fact::RenderingTaxonomy => {
            Facets::KINDS_OF_PROVIDERS
        }
        Fact::BillingNpi | Fact::RenderingNpi | Fact::SupervisingNpi | Fact::ServiceFacilityNpi => {
            Facets::PROVIDERS
        }
        Fact::BillingState
        | Fact::BillingZip
        | Fact::State
        | Fact::Zip
        | Fact::ReferringNpi
        | Fact::OrderingNpi
        | Fact::PurchasedServiceNpi => Facets::MORE_OF_PROVIDERS,
        Fact::Payer
        | Fact::PayerId
        | Fact::ClaimFilingIndicator
        | Fact::PayerResponsibility
        | Fact::InsuranceType
        | Fact::SubscriberRelationship => Facets::PAYER,
        Fact::Note => Facets::NOTES,
        Fact::ServiceDate | Fact::ServiceDateEnd => Facets::DATES,
        Fact::ClaimId
        | Fact::LineNumber
        | Fact::PatientId
        | Fact::ClaimChargeAmount
        | Fact::ClaimFrequency
        | Fact::PriorAuthorization
        | Fact::ReferralNumber
        | Fact::BirthDate
        | Fact::DeathDate
        | Fact::InitialTreatmentDate
        | Fact::LastSeenDate
        | Fact::OnsetDate
        | Fact::AcuteManifestationDate
        | Fact::DischargeDate
        | Fact::DelayReason
        | Fact::ClaimPurpose
        | Fact::MemberId
        | Fact::PatientRelationship
        | Fact::RelatedCauses
        | Fact::AccidentState
        | Fact::AccidentDate
        | Fact::AdmissionDate
        | Fact::PayerControlNumber
        | Fact::LineControlNumber
        | Fact::OtherPayerPaid
        | Fact::AdjudicatedPaid => return None,
    })
}
