use xxhash_rust::xxh3::{Xxh3Default, xxh3_64};

use super::{
    Cents, Date, DiagnosisCode, Discipline, Minutes, Modifier, Modifiers, ProcedureCode, Provider, Role,
    Span, Text,
};
use super::{MinutesSource, TimeOfDay, Units};

/// A value as stated, and what it means. Text without a value is something that could not be read.
#[derive(Clone, Copy, Debug)]
pub struct Stated<'a, T> {
    /// As it stands in the input.
    pub text: Text<'a>,
    /// What it means, where it can be read.
    pub value: Option<T>,
}

impl<T> Default for Stated<'_, T> {
    fn default() -> Self {
        Stated { text: Text::ABSENT, value: None }
    }
}

impl<'a, T> Stated<'a, T> {
    /// Reads `text` with `read`; an absent text has no value.
    #[inline]
    pub fn read(text: Text<'a>, read: impl FnOnce(&[u8]) -> Option<T>) -> Self {
        Stated { text, value: if text.is_absent() { None } else { read(text.bytes()) } }
    }

    /// The same `by` bytes farther into the file, where it stands again in the same letters.
    #[inline]
    #[must_use]
    pub fn moved(self, by: u64) -> Self {
        Stated { text: self.text.moved(by), value: self.value }
    }

    /// Whether something is stated that could not be read.
    pub fn is_unreadable(&self) -> bool {
        self.text.is_present() && self.value.is_none()
    }
}

/// An amount of money as stated.
pub type Money<'a> = Stated<'a, Cents>;

/// The transaction set and envelope a claim came in. All absent for a JSON claim.
#[derive(Clone, Copy, Debug, Default)]
pub struct Submission<'a> {
    /// ST02, the transaction set control number.
    pub control_number: Text<'a>,
    /// GS08, else ST03: the implementation guide the file says it follows.
    pub guide: Text<'a>,
    /// BHT06: `CH` chargeable, `RP` reporting.
    pub purpose: Text<'a>,
    /// ISA15: `P` production, `T` test.
    pub usage: Text<'a>,
    /// 1000A NM109.
    pub submitter_id: Text<'a>,
    /// 1000B NM109.
    pub receiver_id: Text<'a>,
}

impl Submission<'_> {
    /// Whether the claim came in a transaction set, which says all that the claim says: what is absent then is absent.
    /// Of a JSON claim an absent fact is merely not known.
    pub fn is_transaction(&self) -> bool {
        self.control_number.is_present()
    }
}

/// The destination payer of the claim (2000B SBR, 2010BB).
#[derive(Clone, Copy, Debug, Default)]
pub struct Payer<'a> {
    /// A payer profile named outright; only the JSON form can (`payer`).
    pub profile: Text<'a>,
    /// SBR09.
    pub filing_indicator: Text<'a>,
    /// 2010BB NM109.
    pub id: Text<'a>,
    /// 2010BB NM103.
    pub name: Text<'a>,
    /// SBR01: `P`, `S`, `T` …
    pub responsibility: Text<'a>,
    /// SBR05.
    pub insurance_type: Text<'a>,
}

/// The subscriber (2010BA) or a patient who is somebody else (2010CA).
#[derive(Clone, Copy, Debug, Default)]
pub struct Person<'a> {
    /// NM103.
    pub last_name: Text<'a>,
    /// NM104.
    pub first_name: Text<'a>,
    /// NM109 where NM108 is `MI`.
    pub member_id: Text<'a>,
    /// DMG02.
    pub birth_date: Stated<'a, Date>,
    /// PAT06 where PAT05 is `D8`.
    pub death_date: Stated<'a, Date>,
    /// SBR02 of the subscriber, PAT01 of the patient.
    pub relationship: Text<'a>,
    /// N301.
    pub street: Text<'a>,
    /// N401.
    pub city: Text<'a>,
    /// N402.
    pub state: Text<'a>,
    /// N403.
    pub zip: Text<'a>,
}

/// What a payer took off a charge and why, added up (CAS).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Adjustments {
    /// Whether any is stated.
    pub is_stated: bool,
    /// Whether one of the amounts cannot be read; the total then says nothing.
    pub is_unreadable: bool,
    /// The sum of those that can be read.
    pub total: Cents,
}

impl Adjustments {
    /// The sum, or `None` where an amount cannot be read. Of none it is zero.
    pub fn sum(self) -> Option<Cents> {
        (!self.is_unreadable).then_some(self.total)
    }
}

/// Another payer of the claim, and how it judged the claim as a whole (2320, 2330B).
#[derive(Clone, Copy, Debug, Default)]
pub struct OtherPayer<'a> {
    /// 2330B NM109.
    pub id: Text<'a>,
    /// AMT*D: what it paid. Stated twice, it has no value.
    pub paid: Money<'a>,
    /// CAS of 2320.
    pub adjustments: Adjustments,
}

/// How another payer judged one line (2430).
#[derive(Clone, Copy, Debug)]
pub struct Adjudication<'a> {
    /// The 1-based service line.
    pub line: u16,
    /// SVD01: the id of the payer, one of [`Claim::other_payers`].
    pub payer_id: Text<'a>,
    /// SVD02.
    pub paid: Money<'a>,
    /// SVD06: the line that the payer counted this one into.
    pub bundled: Text<'a>,
    /// CAS of 2430.
    pub adjustments: Adjustments,
}

/// One diagnosis of the claim (HI).
#[derive(Clone, Copy, Debug, Default)]
pub struct Diagnosis<'a> {
    /// `ABK`, `ABF`, or their ICD-9 twins `BK`, `BF`; absent in JSON.
    pub qualifier: Text<'a>,
    /// The code as stated, with or without its point.
    pub code: Text<'a>,
    /// What it means, where it can be read. Read once: every line and many rules ask.
    pub value: Option<DiagnosisCode>,
}

impl<'a> Diagnosis<'a> {
    /// A diagnosis as stated.
    pub fn new(qualifier: Text<'a>, code: Text<'a>) -> Diagnosis<'a> {
        Diagnosis { qualifier, code, value: DiagnosisCode::new(code.bytes()) }
    }

    /// Whether it is an empty place among others (`HI*ABK:M5450**ABF:M542`): pointers count it.
    pub fn is_gap(&self) -> bool {
        self.qualifier.is_absent() && self.code.is_absent()
    }
}

/// A date with its qualifier, at the claim (`line` 0) or at a line (DTP).
#[derive(Clone, Copy, Debug)]
pub struct DateFact<'a> {
    /// 0 for the claim, else the 1-based service line.
    pub line: u16,
    /// DTP01, such as `454` initial treatment.
    pub qualifier: Text<'a>,
    /// The date; of a range (RD8) the first.
    pub date: Stated<'a, Date>,
}

/// A reference with its qualifier, at the claim (`line` 0) or at a line (REF).
#[derive(Clone, Copy, Debug)]
pub struct Reference<'a> {
    /// 0 for the claim, else the 1-based service line.
    pub line: u16,
    /// REF01, such as `G1` prior authorization, `9F` referral, `F8` payer claim control number.
    pub qualifier: Text<'a>,
    /// REF02.
    pub value: Text<'a>,
    /// REF04-2 where REF04-1 is `2U`: the reference is another payer's.
    pub payer_id: Text<'a>,
}

/// A note at the claim (`line` 0) or at a line: NTE, K3, or the JSON `note`.
#[derive(Clone, Copy, Debug)]
pub struct Note<'a> {
    /// 0 for the claim, else the 1-based service line.
    pub line: u16,
    /// NTE01 (`ADD`, `TPO` …), `K3`, or absent for a clinical note from JSON or a session record.
    pub kind: Text<'a>,
    /// The text. Protected health information.
    pub text: Text<'a>,
}

/// One service line (2400).
#[derive(Clone, Copy, Debug, Default)]
pub struct ServiceLine<'a> {
    /// 1-based place in its claim. What people call the line.
    pub number: u16,
    /// From the first byte of the line (LX, or the JSON object) to its last.
    pub span: Span,
    /// A hash of the words that state its service, and of their separators: lines of equal wording bill the same code,
    /// modifiers, charge, units, place and pointers. 0 where the form scatters them.
    pub wording: u64,
    /// LX01, or `line_number`.
    pub assigned_number: Text<'a>,
    /// SV101-1, such as `HC`; absent in JSON.
    pub procedure_qualifier: Text<'a>,
    /// SV101-2.
    pub procedure_code: Text<'a>,
    /// SV101-3 to -6.
    pub modifiers: [Text<'a>; 4],
    /// SV102, for all units of the line.
    pub charge: Money<'a>,
    /// SV103: `UN` units, [`MINUTES_BASIS`] minutes.
    pub unit_basis: Text<'a>,
    /// SV104, of whatever SV103 says. Ask [`ServiceLine::units_billed`] for units.
    pub units: Stated<'a, Units>,
    /// SV105. Ask [`Claim::place_of_service`] for the one that counts.
    pub place_of_service: Text<'a>,
    /// SV107: 1-based positions in the claim's diagnoses.
    pub pointers: [Stated<'a, u8>; 4],
    /// SV109: `Y` for an emergency.
    pub emergency: Text<'a>,
    /// DTP*472; of a range the first day.
    pub service_date: Stated<'a, Date>,
    /// The last day where a range was stated.
    pub service_date_end: Stated<'a, Date>,
    /// REF*6R.
    pub control_number: Text<'a>,
    /// Minutes of treatment as stated by a fact beside the claim.
    pub minutes: Stated<'a, Minutes>,
    /// Start of the service.
    pub start: Stated<'a, TimeOfDay>,
    /// End of the service.
    pub end: Stated<'a, TimeOfDay>,
    /// Body region in the record's own word.
    pub region: Text<'a>,
    /// `left`, `right` or `bilateral`.
    pub laterality: Text<'a>,
    /// The visit's ordinal in the episode.
    pub visit: Text<'a>,
    /// Minutes furnished by an assistant apart from the therapist.
    pub assistant_minutes: Stated<'a, Minutes>,
    /// Where [`Self::minutes`] came from.
    pub minutes_source: MinutesSource,
}

/// SV103 of a count of minutes, as anesthesia is billed (ASC X12 005010X222A1, 2400 SV103).
pub const MINUTES_BASIS: &str = "MJ";

impl ServiceLine<'_> {
    /// The procedure code, or [`ProcedureCode::NONE`] where it has not the shape of one.
    pub fn code(&self) -> ProcedureCode {
        ProcedureCode::new(self.procedure_code.bytes()).unwrap_or_default()
    }

    /// Units of service; `None` where none are stated readably, and of a count of minutes, which are no units.
    pub fn units_billed(&self) -> Option<Units> {
        if self.unit_basis == MINUTES_BASIS { None } else { self.units.value }
    }

    /// How many days the line is stated to take; `None` where it has no readable date. A range that ends before it begins
    /// is its first day.
    pub fn days(&self) -> Option<u32> {
        let first = self.service_date.value?;
        let beyond = self.service_date_end.value.map_or(0, |end| (end - first).get_days());
        u32::try_from(beyond.max(0) + 1).ok()
    }

    /// The well-formed modifiers.
    pub fn modifier_set(&self) -> Modifiers {
        Modifiers::new(self.modifiers.iter().filter_map(|text| Modifier::new(text.bytes())))
    }
}

/// One professional claim. Reused from claim to claim by its reader, so that nothing is allocated per claim.
///
/// What may stand at the claim or at a line (providers, dates, references, notes) is one list each with a line
/// number, 0 for the claim; the methods below are the only place that knows which one wins.
#[derive(Clone, Debug, Default)]
pub struct Claim<'a> {
    /// 1-based place of the claim in its unit of input.
    pub ordinal: u32,
    /// Number in the file of its first segment, or of the line of JSON it starts on.
    pub number: u64,
    /// From the claim's first byte (CLM, or the first JSON object) to its last.
    pub span: Span,
    /// The transaction it came in.
    pub submission: Submission<'a>,
    /// CLM01, the patient control number. Protected health information at the full level.
    pub id: Text<'a>,
    /// CLM02.
    pub charge: Money<'a>,
    /// CLM05-1.
    pub place_of_service: Text<'a>,
    /// CLM05-3: `1` original, `7` replacement, `8` void.
    pub frequency: Text<'a>,
    /// CLM07.
    pub assignment: Text<'a>,
    /// CLM10.
    pub signature_source: Text<'a>,
    /// CLM11-1 to -3: `AA` auto accident, `EM` employment, `OA` other accident.
    pub related_causes: [Text<'a>; 3],
    /// CLM11-4, the state of an auto accident.
    pub accident_state: Text<'a>,
    /// CLM11-5, its country where that is not the United States.
    pub accident_country: Text<'a>,
    /// CLM20.
    pub delay_reason: Text<'a>,
    /// CR208, the condition in spinal manipulation claims.
    pub spinal_condition: Text<'a>,
    /// Whether the claim announces attachments (PWK).
    pub has_attachments: bool,
    /// The JSON `patient_id`.
    pub patient_id: Text<'a>,
    /// Who is to pay.
    pub payer: Payer<'a>,
    /// 2010BA.
    pub subscriber: Person<'a>,
    /// 2010CA, where the patient is not the subscriber.
    pub patient: Option<Person<'a>>,
    /// Everybody who billed, rendered, referred …
    pub providers: Vec<Provider<'a>>,
    /// HI, in order; a line's pointers count in it from 1.
    pub diagnoses: Vec<Diagnosis<'a>>,
    /// DTP, at the claim and at its lines (472 stands on the line itself).
    pub dates: Vec<DateFact<'a>>,
    /// REF, at the claim and at its lines.
    pub references: Vec<Reference<'a>>,
    /// NTE and K3, at the claim and at its lines.
    pub notes: Vec<Note<'a>>,
    /// Other payers of the claim, in order.
    pub other_payers: Vec<OtherPayer<'a>>,
    /// How they judged its lines, in the order of the lines.
    pub adjudications: Vec<Adjudication<'a>>,
    /// The service lines.
    pub lines: Vec<ServiceLine<'a>>,
}

/// The hash of some texts one after the other.
/// A hash of names and numbers without blanks around them and without regard to case: who types them does not change who is
/// meant.
fn hash_of_person(parts: &[&[u8]]) -> u64 {
    let mut together = [0; 128];
    let mut length = 0;
    for part in parts {
        let part = part.trim_ascii();
        let Some(place) = together.get_mut(length..length + part.len()) else {
            let folded: Vec<Vec<u8>> =
                parts.iter().map(|part| part.trim_ascii().to_ascii_uppercase()).collect();
            let folded: Vec<&[u8]> = folded.iter().map(Vec::as_slice).collect();
            return hash_in_steps(&folded);
        };
        place.copy_from_slice(part);
        length += part.len();
    }
    // Nearly all files are in capitals. Small letters, and few bytes else, have both of these bits.
    let has_both = |bytes: &[u8; 8]| {
        let bits = u64::from_le_bytes(*bytes);
        bits & (bits << 1) & 0x4040_4040_4040_4040 != 0
    };
    if together.as_chunks().0.iter().any(has_both) {
        together.make_ascii_uppercase();
    }
    xxh3_64(&together[..length])
}

fn hash_of(parts: &[&[u8]]) -> u64 {
    // A hash in steps has a state that costs more to set up than a short text to hash.
    let mut together = [0; 128];
    let mut length = 0;
    for part in parts {
        let Some(place) = together.get_mut(length..length + part.len()) else { return hash_in_steps(parts) };
        place.copy_from_slice(part);
        length += part.len();
    }
    xxh3_64(&together[..length])
}

#[cold]
fn hash_in_steps(parts: &[&[u8]]) -> u64 {
    let mut hash = Xxh3Default::new();
    for part in parts {
        hash.update(part);
    }
    hash.digest()
}

impl<'a> Claim<'a> {
    /// The provider in `role` that counts for `line` (0 asks for the claim's own): line over claim.
    pub fn provider(&self, role: Role, line: u16) -> Option<&Provider<'a>> {
        let at = |number: u16| self.providers.iter().find(move |one| one.role == role && one.line == number);
        if line > 0 { at(line).or_else(|| at(0)) } else { at(0) }
    }

    /// Who rendered `line`: 2420A over 2310B over the billing provider (2010AA).
    pub fn rendering(&self, line: u16) -> Option<&Provider<'a>> {
        self.provider(Role::Rendering, line).or_else(|| self.billing())
    }

    /// Who bills (2010AA).
    pub fn billing(&self) -> Option<&Provider<'a>> {
        self.provider(Role::Billing, 0)
    }

    /// Where `line` was furnished: 2420C over 2310C over the billing provider's address.
    pub fn service_facility(&self, line: u16) -> Option<&Provider<'a>> {
        self.provider(Role::ServiceFacility, line).or_else(|| self.billing())
    }

    /// The place of service of `line`: SV105 over CLM05-1.
    pub fn place_of_service(&self, line: &ServiceLine<'a>) -> Text<'a> {
        if line.place_of_service.is_present() { line.place_of_service } else { self.place_of_service }
    }

    /// The reference with `qualifier` that counts for `line`: the line's own over the claim's.
    #[inline]
    pub fn reference(&self, qualifier: &str, line: u16) -> Option<&Reference<'a>> {
        let at = |number: u16| {
            self.references.iter().find(move |one| one.line == number && one.qualifier == qualifier)
        };
        if line > 0 { at(line).or_else(|| at(0)) } else { at(0) }
    }

    /// The date with `qualifier` that counts for `line`: the line's own over the claim's.
    #[inline]
    pub fn date(&self, qualifier: &str, line: u16) -> Option<&DateFact<'a>> {
        let at =
            |number: u16| self.dates.iter().find(move |one| one.line == number && one.qualifier == qualifier);
        if line > 0 { at(line).or_else(|| at(0)) } else { at(0) }
    }

    /// Whether the claim came in the native JSON form: it stood in no transaction. Such a claim need not carry what
    /// an 837P must.
    pub fn is_native(&self) -> bool {
        let Submission { control_number, guide, usage, .. } = &self.submission;
        [control_number, guide, usage].iter().all(|text| text.span() == Span::default())
    }

    /// Who was treated: the patient loop over the subscriber.
    pub fn treated(&self) -> &Person<'a> {
        self.patient.as_ref().unwrap_or(&self.subscriber)
    }

    /// The diagnoses that `line` points to, in pointer order; pointers that lead nowhere are passed over.
    pub fn linked_diagnoses<'s>(
        &'s self,
        line: &'s ServiceLine<'a>,
    ) -> impl Iterator<Item = &'s Diagnosis<'a>> {
        line.pointers
            .iter()
            .filter_map(|pointer| usize::from(pointer.value?).checked_sub(1))
            .filter_map(|index| self.diagnoses.get(index))
    }

    /// A hash that is equal for claims of one patient, or `None` where the claim does not say enough.
    ///
    /// `patient_id` if stated; else the subscriber's member id with the treated person's name and birth date.
    /// Lines are never merged on a guess: without member id or without name and birth date there is no key.
    pub fn patient_key(&self) -> Option<u64> {
        if self.patient_id.is_present() {
            return Some(hash_of(&[b"id\0", self.patient_id.bytes()]));
        }
        let treated = self.treated();
        if self.subscriber.member_id.is_absent()
            || treated.last_name.is_absent()
            || treated.birth_date.value.is_none()
        {
            return None;
        }
        let member = self.subscriber.member_id.bytes();
        let (last, first) = (treated.last_name.bytes(), treated.first_name.bytes());
        let birth = treated.birth_date.text.bytes();
        Some(hash_of_person(&[member, b"\0", last, b"\0", first, b"\0", birth, b"\0"]))
    }

    /// A hash that is equal for claims that may be of one person, whoever pays: by the name and birth date of an 837P, else by
    /// `patient_id`. Its lowest bit says which, for the two cannot be compared.
    pub fn person_key(&self) -> Option<u64> {
        if self.patient_id.is_present() {
            return Some(hash_of(&[b"id\0", self.patient_id.bytes()]) & !1);
        }
        let treated = self.treated();
        if treated.last_name.is_absent() || treated.birth_date.value.is_none() {
            return None;
        }
        let (last, first) = (treated.last_name.bytes(), treated.first_name.bytes());
        let birth = treated.birth_date.text.bytes();
        Some(hash_of_person(&[last, b"\0", first, b"\0", birth, b"\0"]) | 1)
    }

    /// The therapy discipline of `line`: its GP, GO or GN modifier, else the rendering taxonomy's family.
    pub fn discipline(&self, line: &ServiceLine<'a>) -> Discipline {
        for modifier in &line.modifiers {
            match modifier.bytes() {
                b"GP" => return Discipline::PhysicalTherapy,
                b"GO" => return Discipline::OccupationalTherapy,
                b"GN" => return Discipline::SpeechLanguage,
                _ => {}
            }
        }
        let taxonomy = self.rendering(line.number).map_or(Text::ABSENT, |provider| provider.taxonomy);
        match taxonomy.bytes().get(..4) {
            Some(b"2251" | b"2252") => Discipline::PhysicalTherapy,
            Some(b"225X" | b"224Z") => Discipline::OccupationalTherapy,
            Some(b"235Z") => Discipline::SpeechLanguage,
            _ => Discipline::Unknown,
        }
    }

    /// Empties the claim for the next one, keeping what its lists have allocated.
    pub fn clear(&mut self) {
        // Field by field: to move the whole of it there and back costs more than a small claim's rules.
        let Claim {
            ordinal,
            number,
            span,
            submission,
            id,
            charge,
            place_of_service,
            frequency,
            assignment,
            signature_source,
            related_causes,
            accident_state,
            accident_country,
            delay_reason,
            spinal_condition,
            has_attachments,
            patient_id,
            payer,
            subscriber,
            patient,
            providers,
            diagnoses,
            dates,
            references,
            notes,
            other_payers,
            adjudications,
            lines,
        } = self;
        (*ordinal, *number, *span) = (0, 0, Span::default());
        *submission = Submission::default();
        *charge = Money::default();
        for text in [
            id,
            place_of_service,
            frequency,
            assignment,
            signature_source,
            accident_state,
            accident_country,
            delay_reason,
            spinal_condition,
            patient_id,
        ] {
            *text = Text::ABSENT;
        }
        *related_causes = [Text::ABSENT; 3];
        *has_attachments = false;
        *payer = Payer::default();
        *subscriber = Person::default();
        *patient = None;
        providers.clear();
        diagnoses.clear();
        dates.clear();
        references.clear();
        notes.clear();
        other_payers.clear();
        adjudications.clear();
        lines.clear();
    }
}
