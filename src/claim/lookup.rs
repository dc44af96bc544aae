use super::{
    Adjudication, Cents, Claim, Date, Diagnosis, Fact, Role, ServiceLine, Span, Stated, Text, TimeOfDay,
};

/// A service line anywhere in the run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct LineRef {
    /// Index of the claim in the run.
    pub claim: u32,
    /// 1-based line in it; 0 for the claim itself.
    pub line: u16,
}

/// The value of a fact, as a rule's tests see it.
#[derive(Clone, Copy, Debug)]
pub enum Value<'s, 'a> {
    /// Not stated, or not readable.
    Absent,
    /// One code or text.
    Text(Text<'a>),
    /// Several codes; absent ones are left in and must be passed over.
    Texts(&'s [Text<'a>]),
    /// The claim's diagnoses.
    Diagnoses(&'s [Diagnosis<'a>]),
    /// The diagnoses a line points to.
    Linked(&'s Claim<'a>, &'s ServiceLine<'a>),
    /// A plain number in thousandths.
    Number(i64),
    /// Money.
    Amount(Cents),
    /// A date.
    Date(Date),
    /// A time.
    Time(TimeOfDay),
}

impl<'s, 'a> Value<'s, 'a> {
    fn text(text: Text<'a>) -> Value<'s, 'a> {
        if text.is_absent() { Value::Absent } else { Value::Text(text) }
    }

    fn stated<T: Copy>(stated: &Stated<'a, T>, of: impl FnOnce(T) -> Value<'s, 'a>) -> Value<'s, 'a> {
        stated.value.map_or(Value::Absent, of)
    }
}

impl<'a> Claim<'a> {
    /// The 1-based line that holds the byte at `offset` of the file; 0 where none does.
    pub fn line_at(&self, offset: u64) -> u16 {
        let before = self.lines.partition_point(|line| line.span.offset <= offset);
        let line = before.checked_sub(1).and_then(|at| self.lines.get(at));
        line.filter(|line| offset <= line.span.end()).map_or(0, |line| line.number)
    }

    /// The value of `fact`; for a line's fact, of `line`. A line's fact without a line is absent.
    ///
    /// `payer` is the name stated in the input: the profile that applies is known to the rules alone.
    pub fn value<'s>(&'s self, fact: Fact, line: Option<&'s ServiceLine<'a>>) -> Value<'s, 'a> {
        if let Some(line) = line {
            match fact {
                Fact::Units => {
                    return line
                        .units_billed()
                        .map_or(Value::Absent, |units| Value::Number(i64::from(units.0)));
                }
                Fact::ChargeAmount => return Value::stated(&line.charge, Value::Amount),
                Fact::ServiceDate => return Value::stated(&line.service_date, Value::Date),
                Fact::ServiceDateEnd => return Value::stated(&line.service_date_end, Value::Date),
                Fact::Modifiers => return Value::Texts(&line.modifiers),
                Fact::LinkedDiagnosisCodes => return Value::Linked(self, line),
                Fact::Minutes => {
                    return Value::stated(&line.minutes, |minutes| Value::Number(i64::from(minutes) * 1000));
                }
                Fact::AssistantMinutes => {
                    return Value::stated(&line.assistant_minutes, |minutes| {
                        Value::Number(i64::from(minutes) * 1000)
                    });
                }
                Fact::Start => return Value::stated(&line.start, Value::Time),
                Fact::End => return Value::stated(&line.end, Value::Time),
                Fact::InitialTreatmentDate | Fact::LastSeenDate => return self.dated(fact, line.number),
                Fact::AdjudicatedPaid => {
                    return self
                        .adjudicated(line.number, 0)
                        .map_or(Value::Absent, |one| Value::stated(&one.paid, Value::Amount));
                }
                Fact::LineNumber => return Value::Number(i64::from(line.number) * 1000),
                Fact::Visit => {
                    return super::Units::parse(line.visit.bytes())
                        .map_or(Value::Absent, |visit| Value::Number(i64::from(visit.0)));
                }
                _ => {}
            }
        }
        match fact {
            Fact::DiagnosisCodes => Value::Diagnoses(&self.diagnoses),
            Fact::ClaimChargeAmount => Value::stated(&self.charge, Value::Amount),
            Fact::BirthDate => Value::stated(&self.treated().birth_date, Value::Date),
            Fact::RelatedCauses => Value::Texts(&self.related_causes),
            Fact::OtherPayerPaid => {
                self.other_payers.first().map_or(Value::Absent, |one| Value::stated(&one.paid, Value::Amount))
            }
            Fact::DeathDate => Value::stated(&self.treated().death_date, Value::Date),
            Fact::OnsetDate
            | Fact::AcuteManifestationDate
            | Fact::AccidentDate
            | Fact::AdmissionDate
            | Fact::DischargeDate => self.dated(fact, 0),
            _ => Value::text(self.stated(fact, line.map_or(0, |line| line.number), 0)),
        }
    }

    fn dated<'s>(&'s self, fact: Fact, line: u16) -> Value<'s, 'a> {
        fact.date_qualifier()
            .and_then(|qualifier| self.date(qualifier, line))
            .map_or(Value::Absent, |dated| Value::stated(&dated.date, Value::Date))
    }

    /// Where `fact` stands: its text, or an empty text at the place where it would stand.
    ///
    /// `line` is the 1-based line, 0 for the claim; `item` chooses among several (modifiers, diagnoses,
    /// pointers), counted from 0. Of the referring providers the second is the primary care provider.
    pub fn text(&self, fact: Fact, line: u16, item: usize) -> Text<'a> {
        let text = self.stated(fact, line, item);
        if text.is_present() || text.span().offset > 0 {
            return text;
        }
        let own = usize::from(line).checked_sub(1).and_then(|index| self.lines.get(index));
        let fallback = own.map_or(self.span, |own| {
            let code = own.procedure_code.span();
            if code.offset > 0 { code } else { own.span }
        });
        Text::new(b"", fallback.offset)
    }

    /// As [`Claim::text`], but what is absent need not have a place.
    fn stated(&self, fact: Fact, line: u16, item: usize) -> Text<'a> {
        let own = usize::from(line).checked_sub(1).and_then(|index| self.lines.get(index));
        let provider = |role: Role| self.provider(role, line);
        match fact {
            Fact::ClaimId => self.id,
            Fact::PatientId => self.patient_id,
            Fact::Payer => self.payer.profile,
            Fact::ClaimFilingIndicator => self.payer.filing_indicator,
            Fact::PayerId => self.payer.id,
            Fact::DiagnosisCodes => self.diagnoses.get(item).map_or(Text::ABSENT, |one| one.code),
            Fact::BillingNpi => self.billing().map_or(Text::ABSENT, |one| one.npi),
            Fact::BillingTaxonomy => self.billing().map_or(Text::ABSENT, |one| one.taxonomy),
            Fact::BillingEntityType => self.billing().map_or(Text::ABSENT, |one| one.entity_type),
            Fact::ClaimChargeAmount => self.charge.text,
            Fact::ClaimFrequency => self.frequency,
            Fact::BirthDate => self.treated().birth_date.text,
            Fact::ClaimPurpose => self.submission.purpose,
            Fact::PayerResponsibility => self.payer.responsibility,
            Fact::SubscriberRelationship => self.subscriber.relationship,
            Fact::InsuranceType => self.payer.insurance_type,
            Fact::MemberId => self.subscriber.member_id,
            Fact::PatientRelationship => {
                self.patient.as_ref().map_or(Text::ABSENT, |patient| patient.relationship)
            }
            Fact::RelatedCauses => self.related_causes.get(item).copied().unwrap_or_default(),
            Fact::AccidentState => self.accident_state,
            Fact::PayerControlNumber => self.reference("F8", 0).map_or(Text::ABSENT, |one| one.value),
            Fact::OtherPayerPaid => self.other_payers.get(item).map_or(Text::ABSENT, |one| one.paid.text),
            Fact::AdjudicatedPaid => self.adjudicated(line, item).map_or(Text::ABSENT, |one| one.paid.text),
            Fact::RenderingNpi => self.rendering(line).map_or(Text::ABSENT, |one| one.npi),
            Fact::RenderingTaxonomy => self.rendering(line).map_or(Text::ABSENT, |one| one.taxonomy),
            Fact::BillingState => self.billing().map_or(Text::ABSENT, |one| one.state),
            Fact::BillingZip => self.billing().map_or(Text::ABSENT, |one| one.zip),
            Fact::DeathDate => self.treated().death_date.text,
            Fact::DelayReason => self.delay_reason,
            Fact::OrderingNpi => provider(Role::Ordering).map_or(Text::ABSENT, |one| one.npi),
            Fact::ServiceFacilityNpi => provider(Role::ServiceFacility).map_or(Text::ABSENT, |one| one.npi),
            Fact::PurchasedServiceNpi => provider(Role::PurchasedService).map_or(Text::ABSENT, |one| one.npi),
            Fact::ReferringNpi if item == 1 => {
                provider(Role::PrimaryCare).map_or(Text::ABSENT, |one| one.npi)
            }
            Fact::ReferringNpi => provider(Role::Referring)
                .or_else(|| provider(Role::PrimaryCare))
                .map_or(Text::ABSENT, |one| one.npi),
            Fact::SupervisingNpi => provider(Role::Supervising).map_or(Text::ABSENT, |one| one.npi),
            Fact::State => self.service_facility(line).map_or(Text::ABSENT, |one| one.state),
            Fact::Zip => self.service_facility(line).map_or(Text::ABSENT, |one| one.zip),
            Fact::PriorAuthorization => self.reference("G1", line).map_or(Text::ABSENT, |one| one.value),
            Fact::ReferralNumber => self.reference("9F", line).map_or(Text::ABSENT, |one| one.value),
            Fact::InitialTreatmentDate
            | Fact::LastSeenDate
            | Fact::OnsetDate
            | Fact::AcuteManifestationDate
            | Fact::AccidentDate
            | Fact::AdmissionDate
            | Fact::DischargeDate => fact
                .date_qualifier()
                .and_then(|qualifier| self.date(qualifier, line))
                .map_or(Text::ABSENT, |one| one.date.text),
            Fact::Note => self
                .notes
                .iter()
                .filter(|note| note.line == line)
                .nth(item)
                .map_or(Text::ABSENT, |note| note.text),
            Fact::PlaceOfService => own.map_or(self.place_of_service, |own| self.place_of_service(own)),
            _ => own.map_or(Text::ABSENT, |own| own.text(fact, item, self)),
        }
    }

    /// What to point at for `fact`: what states it, or the place where it would stand. A fact from beside the claim
    /// stands nowhere in its file: the procedure code of its line is pointed at, else the claim's first byte.
    pub fn place(&self, fact: Fact, line: u16, item: usize) -> Span {
        let text = self.text(fact, line, item);
        if text.is_absent() || text.span().offset > 0 {
            return text.span();
        }
        let own = usize::from(line).checked_sub(1).and_then(|index| self.lines.get(index));
        own.map_or(Span::new(self.span.offset, 0), |own| {
            let code = own.procedure_code.span();
            if code.offset > 0 { code } else { Span::new(own.span.offset, 0) }
        })
    }

    /// How another payer judged `line`; `item` chooses among several, from 0.
    fn adjudicated(&self, line: u16, item: usize) -> Option<&Adjudication<'a>> {
        self.adjudications.iter().filter(|one| one.line == line).nth(item)
    }
}

impl<'a> ServiceLine<'a> {
    fn text(&self, fact: Fact, item: usize, claim: &Claim<'a>) -> Text<'a> {
        match fact {
            Fact::LineNumber => self.assigned_number,
            Fact::LineControlNumber => self.control_number,
            Fact::ServiceDate => self.service_date.text,
            Fact::ServiceDateEnd => self.service_date_end.text,
            Fact::ProcedureCode => self.procedure_code,
            Fact::Modifiers => self.modifiers.get(item).copied().unwrap_or_default(),
            Fact::Units => self.units.text,
            Fact::ChargeAmount => self.charge.text,
            Fact::DiagnosisPointers => self.pointers.get(item).map_or(Text::ABSENT, |one| one.text),
            Fact::LinkedDiagnosisCodes => {
                claim.linked_diagnoses(self).nth(item).map_or(Text::ABSENT, |one| one.code)
            }
            Fact::Minutes => self.minutes.text,
            Fact::Start => self.start.text,
            Fact::End => self.end.text,
            Fact::Region => self.region,
            Fact::Laterality => self.laterality,
            Fact::Visit => self.visit,
            Fact::AssistantMinutes => self.assistant_minutes.text,
            _ => Text::ABSENT,
        }
    }
}
