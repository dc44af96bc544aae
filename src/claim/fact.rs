use std::fmt;

use serde::{Deserialize, Serialize};

/// Whether a fact belongs to a claim or to one of its lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    /// Written `claim.NAME` in a rule.
    Claim,
    /// Written `line.NAME` in a rule.
    Line,
}

/// What sort of value a fact has, and so which tests a rule may put to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FactKind {
    /// One code or identifier.
    Code,
    /// Several codes; a test holds if one of them passes.
    Codes,
    /// A plain number.
    Number,
    /// Money; a rule writes it in dollars.
    Amount,
    /// A calendar date.
    Date,
    /// A time of day.
    Time,
    /// Free text. Protected health information.
    Words,
}

macro_rules! facts {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $level:ident, $kind:ident;)+) => {
        /// The one vocabulary: a fact has this name in native JSON, in rules, in examples and in messages.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Deserialize, Serialize)]
        pub enum Fact { $($(#[$doc])* $variant,)+ }

        impl Fact {
            /// Every fact, in the order the schema lists them.
            pub const ALL: &'static [Fact] = &[$(Fact::$variant,)+];

            /// The name without its level prefix.
            pub const fn name(self) -> &'static str {
                match self { $(Fact::$variant => $name,)+ }
            }

            /// Where the fact belongs.
            pub const fn level(self) -> Level {
                match self { $(Fact::$variant => Level::$level,)+ }
            }

            /// What sort of value it has.
            pub const fn kind(self) -> FactKind {
                match self { $(Fact::$variant => FactKind::$kind,)+ }
            }
        }
    };
}

facts! {
    /// CLM01.
    ClaimId = "claim_id", Claim, Code;
    /// LX01.
    LineNumber = "line_number", Line, Number;
    /// The practice's own number for the patient.
    PatientId = "patient_id", Claim, Code;
    /// The payer profile that applies.
    Payer = "payer", Claim, Code;
    /// SBR09.
    ClaimFilingIndicator = "claim_filing_indicator", Claim, Code;
    /// 2010BB NM109.
    PayerId = "payer_id", Claim, Code;
    /// DTP*472, first day.
    ServiceDate = "service_date", Line, Date;
    /// DTP*472, last day.
    ServiceDateEnd = "service_date_end", Line, Date;
    /// SV101-2.
    ProcedureCode = "procedure_code", Line, Code;
    /// SV101-3 to -6.
    Modifiers = "modifiers", Line, Codes;
    /// SV104.
    Units = "units", Line, Number;
    /// SV102.
    ChargeAmount = "charge_amount", Line, Amount;
    /// HI.
    DiagnosisCodes = "diagnosis_codes", Claim, Codes;
    /// SV107.
    DiagnosisPointers = "diagnosis_pointers", Line, Codes;
    /// The diagnoses that the line points to.
    LinkedDiagnosisCodes = "linked_diagnosis_codes", Line, Codes;
    /// SV105 over CLM05-1.
    PlaceOfService = "place_of_service", Line, Code;
    /// 2010AA NM109.
    BillingNpi = "billing_npi", Claim, Code;
    /// 2000A PRV03.
    BillingTaxonomy = "billing_taxonomy", Claim, Code;
    /// 2010AA NM102.
    BillingEntityType = "billing_entity_type", Claim, Code;
    /// 2010AA N402; not stated in JSON, where `state` is the place of treatment.
    BillingState = "billing_state", Claim, Code;
    /// 2010AA N403; not stated in JSON, where `zip` is the place of treatment.
    BillingZip = "billing_zip", Claim, Code;
    /// 2420A over 2310B over 2010AA, NM109.
    RenderingNpi = "rendering_npi", Line, Code;
    /// The same provider's PRV03.
    RenderingTaxonomy = "rendering_taxonomy", Line, Code;
    /// 2420F over 2310A, NM109.
    ReferringNpi = "referring_npi", Line, Code;
    /// 2420D over 2310D, NM109.
    SupervisingNpi = "supervising_npi", Line, Code;
    /// 2420E NM109.
    OrderingNpi = "ordering_npi", Line, Code;
    /// 2420C over 2310C, NM109; not stated in JSON.
    ServiceFacilityNpi = "service_facility_npi", Line, Code;
    /// 2420B NM109; not stated in JSON.
    PurchasedServiceNpi = "purchased_service_npi", Line, Code;
    /// State of 2420C over 2310C over 2010AA.
    State = "state", Line, Code;
    /// ZIP of 2420C over 2310C over 2010AA.
    Zip = "zip", Line, Code;
    /// CLM02.
    ClaimChargeAmount = "claim_charge_amount", Claim, Amount;
    /// CLM05-3.
    ClaimFrequency = "claim_frequency", Claim, Code;
    /// REF*G1, line over claim.
    PriorAuthorization = "prior_authorization", Line, Code;
    /// REF*9F, line over claim.
    ReferralNumber = "referral_number", Line, Code;
    /// DMG02 of the patient.
    BirthDate = "birth_date", Claim, Date;
    /// PAT06 of the patient.
    DeathDate = "death_date", Claim, Date;
    /// DTP*454, line over claim.
    InitialTreatmentDate = "initial_treatment_date", Line, Date;
    /// DTP*304, line over claim.
    LastSeenDate = "last_seen_date", Line, Date;
    /// DTP*431, onset of the current illness.
    OnsetDate = "onset_date", Claim, Date;
    /// DTP*453, acute manifestation of a chronic condition.
    AcuteManifestationDate = "acute_manifestation_date", Claim, Date;
    /// DTP*096.
    DischargeDate = "discharge_date", Claim, Date;
    /// CLM20, why the claim is late.
    DelayReason = "delay_reason", Claim, Code;
    /// Minutes of treatment.
    Minutes = "minutes", Line, Number;
    /// Start of the service.
    Start = "start", Line, Time;
    /// End of the service.
    End = "end", Line, Time;
    /// Body region.
    Region = "region", Line, Code;
    /// Side of the body.
    Laterality = "laterality", Line, Code;
    /// Clinical note.
    Note = "note", Line, Words;
    /// Ordinal of the visit in its episode.
    Visit = "visit", Line, Number;
    /// Minutes furnished by an assistant apart from the therapist.
    AssistantMinutes = "assistant_minutes", Line, Number;
    /// BHT06: `CH` claims to be paid, `RP` encounters to be reported.
    ClaimPurpose = "claim_purpose", Claim, Code;
    /// SBR01 of 2000B.
    PayerResponsibility = "payer_responsibility", Claim, Code;
    /// SBR02 of 2000B: `18` where the subscriber is the patient.
    SubscriberRelationship = "subscriber_relationship", Claim, Code;
    /// SBR05 of 2000B: why Medicare is not the first payer.
    InsuranceType = "insurance_type", Claim, Code;
    /// 2010BA NM109. Protected health information.
    MemberId = "member_id", Claim, Code;
    /// PAT01 of 2000C, which stands where the patient is not the subscriber.
    PatientRelationship = "patient_relationship", Claim, Code;
    /// CLM11-1 to -3.
    RelatedCauses = "related_causes", Claim, Codes;
    /// CLM11-4.
    AccidentState = "accident_state", Claim, Code;
    /// DTP*439.
    AccidentDate = "accident_date", Claim, Date;
    /// DTP*435.
    AdmissionDate = "admission_date", Claim, Date;
    /// REF*F8, the payer's own number of the claim that this one replaces or voids. Protected health information.
    PayerControlNumber = "payer_control_number", Claim, Code;
    /// REF*6R. Protected health information where it is made from the patient's number.
    LineControlNumber = "line_control_number", Line, Code;
    /// AMT*D of 2320: what another payer paid on the claim; of several the first.
    OtherPayerPaid = "other_payer_paid", Claim, Amount;
    /// SVD02 of 2430: what another payer paid on the line; of several the first.
    AdjudicatedPaid = "adjudicated_paid", Line, Amount;
}

impl Fact {
    /// The fact of this name, with or without its `line.` or `claim.` prefix; a wrong prefix names nothing.
    pub fn named(name: &str) -> Option<Fact> {
        let (level, bare) = match name.split_once('.') {
            Some(("line", bare)) => (Some(Level::Line), bare),
            Some(("claim", bare)) => (Some(Level::Claim), bare),
            _ => (None, name),
        };
        Fact::ALL
            .iter()
            .copied()
            .find(|fact| fact.name() == bare && level.is_none_or(|level| level == fact.level()))
    }

    /// Whether native JSON states it; the rest is worked out from other facts, or only an 837P can say it.
    pub const fn is_native(self) -> bool {
        !matches!(
            self,
            Fact::LinkedDiagnosisCodes
                | Fact::PatientRelationship
                | Fact::OtherPayerPaid
                | Fact::AdjudicatedPaid
                | Fact::BillingState
                | Fact::BillingZip
                | Fact::ServiceFacilityNpi
                | Fact::PurchasedServiceNpi
        )
    }

    /// Whether it is a fact of one line alone, which the lines of a nested claim never take over from it.
    pub const fn is_of_one_line(self) -> bool {
        matches!(
            self,
            Fact::LineNumber
                | Fact::LineControlNumber
                | Fact::ProcedureCode
                | Fact::Units
                | Fact::ChargeAmount
                | Fact::Minutes
                | Fact::AssistantMinutes
                | Fact::Start
                | Fact::End
        )
    }

    /// Whether no message may ever state its value: it is free text, or names a person (45 CFR 164.514(b)).
    pub const fn is_unspoken(self) -> bool {
        matches!(self.kind(), FactKind::Words)
            || matches!(
                self,
                Fact::MemberId
                    | Fact::PatientId
                    | Fact::Zip
                    | Fact::PriorAuthorization
                    | Fact::ReferralNumber
                    | Fact::PayerControlNumber
                    | Fact::LineControlNumber
                    | Fact::BirthDate
                    | Fact::DeathDate
            )
    }

    /// DTP01 of the date, for those that stand in the claim's list of dates.
    pub const fn date_qualifier(self) -> Option<&'static str> {
        Some(match self {
            Fact::InitialTreatmentDate => "454",
            Fact::LastSeenDate => "304",
            Fact::OnsetDate => "431",
            Fact::AcuteManifestationDate => "453",
            Fact::AccidentDate => "439",
            Fact::AdmissionDate => "435",
            Fact::DischargeDate => "096",
            _ => return None,
        })
    }

    /// The name as a rule's `when` writes it.
    pub fn qualified(self) -> String {
        match self.level() {
            Level::Claim => format!("claim.{}", self.name()),
            Level::Line => format!("line.{}", self.name()),
        }
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found_again() {
        for fact in Fact::ALL {
            assert_eq!(Fact::named(fact.name()), Some(*fact));
            assert_eq!(Fact::named(&fact.qualified()), Some(*fact));
        }
        assert_eq!(Fact::named("claim.units"), None);
        assert_eq!(Fact::named("line.unit"), None);
    }
}
