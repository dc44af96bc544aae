use crate::claim::{Cents, Span, Stated, Text, parse_iso_date};
use crate::claim::{Claim, Diagnosis, Fact, Minutes, MinutesSource, Note, Provider, Role, ServiceLine};

use crate::input::minutes_in;

use super::fields::{self, Fields};
use super::repeated::{
    is_alike, put_date, put_place, put_provider, put_reference, settle, settle_date, settle_stated,
};
use super::words::{Words, whole};

/// The most diagnosis codes of one claim: what a pointer can count, less [`NOWHERE`]. An 837P holds 12.
const MOST_CODES: usize = 254;

/// Codes that a claim states once.
const CLAIM_CODES: [Fact; 12] = [
    Fact::PatientId,
    Fact::Payer,
    Fact::ClaimFilingIndicator,
    Fact::PayerId,
    Fact::ClaimFrequency,
    Fact::ClaimPurpose,
    Fact::PayerResponsibility,
    Fact::SubscriberRelationship,
    Fact::InsuranceType,
    Fact::MemberId,
    Fact::AccidentState,
    Fact::DelayReason,
];

/// Dates that a claim states once.
const CLAIM_DATES: [Fact; 5] = [
    Fact::OnsetDate,
    Fact::AcuteManifestationDate,
    Fact::AccidentDate,
    Fact::AdmissionDate,
    Fact::DischargeDate,
];

/// What else a claim states once.
const CLAIM_REST: [Fact; 7] = [
    Fact::BillingNpi,
    Fact::BillingTaxonomy,
    Fact::BillingEntityType,
    Fact::ClaimChargeAmount,
    Fact::BirthDate,
    Fact::DeathDate,
    Fact::RelatedCauses,
];

/// Everything that [`Draft::claim_facts`] takes.
const CLAIM_FACTS: [Fact; 24] = {
    let mut all = [Fact::RelatedCauses; 24];
    let mut at = 0;
    while at < all.len() {
        all[at] = match at {
            ..12 => CLAIM_CODES[at],
            12..17 => CLAIM_DATES[at - 12],
            _ => CLAIM_REST[at - 17],
        };
        at += 1;
    }
    all
};

/// Everything that [`Draft::others`] takes.
const OTHERS: [Fact; 12] = [
    Fact::RenderingNpi,
    Fact::RenderingTaxonomy,
    Fact::ReferringNpi,
    Fact::SupervisingNpi,
    Fact::OrderingNpi,
    Fact::State,
    Fact::Zip,
    Fact::PriorAuthorization,
    Fact::ReferralNumber,
    Fact::InitialTreatmentDate,
    Fact::LastSeenDate,
    Fact::PayerControlNumber,
];

/// What the object before said of some facts, letter for letter, where all of it became the claim's own and nothing was wrong
/// with it: an object that says the same has nothing to add.
type Settled<'a, const COUNT: usize> = Option<[Option<&'a str>; COUNT]>;

fn says_again<const COUNT: usize>(
    fields: &Fields<'_>,
    facts: &[Fact; COUNT],
    settled: &Settled<'_, COUNT>,
) -> bool {
    let is_said_again = |(fact, settled): (&Fact, &Option<&str>)| match (fields.of(*fact), settled) {
        (Some(own), Some(settled)) => fields::is_same(own, settled),
        (own, settled) => own.is_none() && settled.is_none(),
    };
    settled.as_ref().is_some_and(|settled| facts.iter().zip(settled).all(is_said_again))
}

/// A pointer that leads to no code.
const NOWHERE: u8 = u8::MAX;

/// A claim in the making. Lines give it their own facts and their share of the claim's.
#[derive(Default)]
pub(super) struct Draft<'a> {
    pub(super) claim: Claim<'a>,
    /// The raw list of codes that `places` was made from.
    codes: Option<&'a str>,
    /// For each code of the line's own list, its 1-based place among the claim's.
    places: Vec<u8>,
    claim_facts: Settled<'a, { CLAIM_FACTS.len() }>,
    /// Whether the object at hand says again what the one before said of the claim, where that has been seen.
    says_again: Option<bool>,
    others: Settled<'a, { OTHERS.len() }>,
}

impl<'a> Draft<'a> {
    /// Begins a claim with what its first object says.
    pub(super) fn begin(&mut self, ordinal: u32, id: Text<'a>, offset: u64, number: u64) {
        self.claim.clear();
        self.claim.number = number;
        self.claim.ordinal = ordinal;
        self.claim.id = id;
        self.claim.span = Span::new(offset, 0);
        self.codes = None;
        self.places.clear();
        self.claim_facts = None;
        self.says_again = None;
        self.others = None;
    }

    /// Stretches the claim to the end of an object.
    pub(super) fn reach(&mut self, end: u64) {
        let length = end.saturating_sub(self.claim.span.offset);
        self.claim.span.length = u32::try_from(length).unwrap_or(u32::MAX);
    }

    /// Whether a line that bears the number of the claim at hand is of another one all the same: practices that send the
    /// patient's account number repeat it on every visit, and on what goes to the second payer.
    pub(super) fn is_of_another_claim(&mut self, fields: &Fields<'a>, words: &mut Words<'a>) -> bool {
        let says_again = says_again(fields, &CLAIM_FACTS, &self.claim_facts);
        self.says_again = Some(says_again);
        let claim = &self.claim;
        if !says_again {
            let known = [
                (Fact::PatientId, claim.patient_id),
                (Fact::Payer, claim.payer.profile),
                (Fact::PayerId, claim.payer.id),
                (Fact::ClaimFilingIndicator, claim.payer.filing_indicator),
                (Fact::PayerResponsibility, claim.payer.responsibility),
            ];
            let differs = |known: Text<'a>, stated: Text<'a>| {
                known.is_present() && stated.is_present() && !is_alike(known, stated)
            };
            if known.into_iter().any(|(fact, known)| differs(known, words.text(fields, fact))) {
                return true;
            }
            // A submission of another kind: a replacement or a void, not the original.
            let frequency = words.text(fields, Fact::ClaimFrequency);
            let open = if claim.frequency.is_present() { claim.frequency.bytes() } else { b"1" };
            if frequency.is_present() && frequency.bytes() != open {
                return true;
            }
        }
        self.begins_anew(fields, words)
    }

    /// Whether a line's number counts from 1 again; or, on another day than the claim's lines, begins there, or comes with
    /// another total, or with the same one when the lines before have come to it.
    fn begins_anew(&self, fields: &Fields<'a>, words: &mut Words<'a>) -> bool {
        let Some(last) = self.claim.lines.last() else { return false };
        let mut is_first = false;
        if fields.of(Fact::LineNumber).is_some_and(|raw| raw.contains('1')) {
            let number = |line: &ServiceLine<'_>| whole(line.assigned_number.bytes());
            is_first = whole(words.text(fields, Fact::LineNumber).bytes()) == Some(1);
            // An export may have its lines in any order: only what began at 1 and went on begins again.
            let began = self.claim.lines.first().and_then(number) == Some(1);
            is_first &= began;
            if is_first && number(last).is_some_and(|number| number > 1) {
                return true;
            }
        }
        if fields.of(Fact::ServiceDate).is_none() || !(is_first || self.claim.charge.value.is_some()) {
            return false;
        }
        let day = words.date(fields, Fact::ServiceDate).value;
        if day.is_none() || self.claim.lines.iter().any(|line| line.service_date.value == day) {
            return false;
        }
        if is_first {
            return true;
        }
        let known = self.claim.charge.value;
        let total = words.money(fields, Fact::ClaimChargeAmount).value;
        if total.is_some_and(|total| Some(total) != known) {
            return true;
        }
        // Visits of one total: the lines before have come to theirs.
        let charged = words.money(fields, Fact::ChargeAmount).value.is_some_and(|charge| charge.0 > 0);
        let sum: Option<Cents> = self.claim.lines.iter().map(|line| line.charge.value).sum();
        total.is_some() && charged && sum == known
    }

    /// Takes the claim's facts that an object states; the first to state one is believed.
    pub(super) fn claim_facts(&mut self, fields: &Fields<'a>, words: &mut Words<'a>) {
        let known = self.says_again.take();
        if known.unwrap_or_else(|| says_again(fields, &CLAIM_FACTS, &self.claim_facts)) {
            debug_assert!(self.adds_nothing(words, |draft, words| draft.take_claim_facts(fields, words)));
            return;
        }
        let faults = words.faults.len();
        self.take_claim_facts(fields, words);
        // A list of causes that does not begin with one is taken from each object anew.
        let has_causes = self.claim.related_causes[0].is_present();
        let is_settled =
            words.faults.len() == faults && (has_causes || fields.of(Fact::RelatedCauses).is_none());
        self.claim_facts = is_settled.then(|| CLAIM_FACTS.map(|fact| fields.of(fact)));
    }

    /// Whether the claim is as it was, and nothing is wrong, when facts have been taken.
    fn adds_nothing(&mut self, words: &mut Words<'a>, take: impl FnOnce(&mut Self, &mut Words<'a>)) -> bool {
        let before = (format!("{:?}", self.claim), words.faults.len());
        take(self, words);
        before == (format!("{:?}", self.claim), words.faults.len())
    }

    fn take_claim_facts(&mut self, fields: &Fields<'a>, words: &mut Words<'a>) {
        let mut stated = |fact| words.text(fields, fact);
        let billing = Provider {
            npi: stated(Fact::BillingNpi),
            taxonomy: stated(Fact::BillingTaxonomy),
            entity_type: stated(Fact::BillingEntityType),
            ..Provider::new(Role::Billing, 0)
        };

        let claim = &mut self.claim;
        let mut conflicts = [None; CLAIM_CODES.len() + 6];
        for (conflict, fact) in conflicts.iter_mut().zip(CLAIM_CODES) {
            let Some(raw) = fields.of(fact) else { continue };
            let text = words.scalar(fact.name(), raw);
            let known = match fact {
                Fact::PatientId => &mut claim.patient_id,
                Fact::Payer => &mut claim.payer.profile,
                Fact::ClaimFilingIndicator => &mut claim.payer.filing_indicator,
                Fact::PayerId => &mut claim.payer.id,
                Fact::ClaimPurpose => &mut claim.submission.purpose,
                Fact::PayerResponsibility => &mut claim.payer.responsibility,
                Fact::SubscriberRelationship => &mut claim.subscriber.relationship,
                Fact::InsuranceType => &mut claim.payer.insurance_type,
                Fact::MemberId => &mut claim.subscriber.member_id,
                Fact::AccidentState => &mut claim.accident_state,
                Fact::DelayReason => &mut claim.delay_reason,
                _ => &mut claim.frequency,
            };
            *conflict = settle(known, text).then_some(fact);
        }
        let charge = words.money(fields, Fact::ClaimChargeAmount);
        let birth_date = Stated::read(words.text(fields, Fact::BirthDate), parse_iso_date);
        let death_date = words.date(fields, Fact::DeathDate);
        let [.., of_charge, of_birth, of_death, of_npi, of_taxonomy, of_entity_type] = &mut conflicts;
        *of_charge = settle_stated(&mut claim.charge, charge).then_some(Fact::ClaimChargeAmount);
        *of_birth = settle_stated(&mut claim.subscriber.birth_date, birth_date).then_some(Fact::BirthDate);
        *of_death = settle_stated(&mut claim.subscriber.death_date, death_date).then_some(Fact::DeathDate);
        let of_dates = CLAIM_DATES.map(|fact| {
            fields.of(fact)?;
            let date = words.date(fields, fact);
            fact.date_qualifier().is_some_and(|qualifier| settle_date(claim, qualifier, date)).then_some(fact)
        });
        match claim.providers.iter_mut().find(|one| one.role == Role::Billing) {
            Some(known) => {
                *of_npi = settle(&mut known.npi, billing.npi).then_some(Fact::BillingNpi);
                *of_taxonomy = settle(&mut known.taxonomy, billing.taxonomy).then_some(Fact::BillingTaxonomy);
                *of_entity_type =
                    settle(&mut known.entity_type, billing.entity_type).then_some(Fact::BillingEntityType);
            }
            None => {
                let stated = [billing.npi, billing.taxonomy, billing.entity_type];
                if stated.iter().any(|text| text.is_present()) {
                    claim.providers.push(billing);
                }
            }
        }
        if claim.related_causes[0].is_absent()
            && let Some(raw) = fields.of(Fact::RelatedCauses)
        {
            let causes = &mut claim.related_causes;
            words.list(Fact::RelatedCauses, raw, causes.len(), |place, text| causes[place] = text);
        }
        for fact in conflicts.into_iter().chain(of_dates).flatten() {
            words.fault(
                "json-conflict",
                fact.name(),
                fields.of(fact).unwrap_or(""),
                "the claim said otherwise",
            );
        }
    }

    /// Adds a service line with all that its object states. `span` is the object's.
    pub(super) fn line(&mut self, fields: &Fields<'a>, words: &mut Words<'a>, span: Span) {
        self.claim_facts(fields, words);
        let own_codes = fields.of(Fact::DiagnosisCodes);
        if let Some(raw) = own_codes {
            self.diagnoses(raw, words);
        }
        let number = self.claim.lines.len() as u16 + 1;
        let mut line = ServiceLine {
            number,
            span,
            assigned_number: words.text(fields, Fact::LineNumber),
            control_number: words.text(fields, Fact::LineControlNumber),
            procedure_code: words.text(fields, Fact::ProcedureCode),
            charge: words.money(fields, Fact::ChargeAmount),
            units: words.units(fields, Fact::Units),
            place_of_service: words.text(fields, Fact::PlaceOfService),
            service_date: words.date(fields, Fact::ServiceDate),
            service_date_end: words.date(fields, Fact::ServiceDateEnd),
            minutes: words.minutes(fields, Fact::Minutes),
            start: words.time(fields, Fact::Start),
            end: words.time(fields, Fact::End),
            region: words.text(fields, Fact::Region),
            laterality: words.text(fields, Fact::Laterality),
            visit: words.text(fields, Fact::Visit),
            assistant_minutes: words.minutes(fields, Fact::AssistantMinutes),
            ..ServiceLine::default()
        };
        if let Some(raw) = fields.of(Fact::Modifiers) {
            words
                .list(Fact::Modifiers, raw, line.modifiers.len(), |place, text| line.modifiers[place] = text);
            // An empty list says that there are none, which a line without the field does not.
            if line.modifiers[0].has_no_place() {
                line.modifiers[0] = Text::new(b"", words.span(raw).offset);
            }
        }
        self.pointers(&mut line, own_codes.is_some(), fields, words);
        self.note(number, fields, words);
        if line.minutes.text.is_present() {
            line.minutes_source = MinutesSource::Field;
        } else if let Some(raw) = fields.of(Fact::Note)
            && let Some(minutes) = self.minutes_of_note(number, raw)
        {
            line.minutes = minutes;
            line.minutes_source = MinutesSource::Note;
        }
        self.others(number, fields, words);
        self.claim.lines.push(line);
    }

    /// Takes a note; `line` 0 is the claim's own.
    pub(super) fn note(&mut self, line: u16, fields: &Fields<'a>, words: &mut Words<'a>) {
        let text = words.text(fields, Fact::Note);
        if text.is_present() {
            self.claim.notes.push(Note { line, kind: Text::ABSENT, text });
        }
    }

    /// The minutes in the words of the line's note.
    fn minutes_of_note(&self, line: u16, raw: &str) -> Option<Stated<'a, Minutes>> {
        let note = self.claim.notes.last().filter(|note| note.line == line)?.text;
        let (start, length, minutes) = minutes_in(note.bytes())?;
        // Where escapes have been resolved, the digits' own place is not known: the note's is.
        let exact = raw.len() == note.bytes().len() + 2;
        let offset = note.span().offset + if exact { start as u64 } else { 0 };
        let text = Text::new(note.bytes().get(start..start + length)?, offset);
        Some(Stated { text, value: Some(minutes) })
    }

    /// Everything that stands at the claim, or at a line that says otherwise.
    pub(super) fn others(&mut self, line: u16, fields: &Fields<'a>, words: &mut Words<'a>) {
        if says_again(fields, &OTHERS, &self.others) {
            debug_assert!(self.adds_nothing(words, |draft, words| draft.take_others(line, fields, words)));
            return;
        }
        let of_lines = |claim: &Claim<'_>| {
            claim.providers.iter().filter(|one| one.line > 0).count()
                + claim.references.iter().filter(|one| one.line > 0).count()
                + claim.dates.iter().filter(|one| one.line > 0).count()
        };
        let (faults, before) = (words.faults.len(), of_lines(&self.claim));
        self.take_others(line, fields, words);
        let is_settled = words.faults.len() == faults && of_lines(&self.claim) == before;
        self.others = is_settled.then(|| OTHERS.map(|fact| fields.of(fact)));
    }

    fn take_others(&mut self, line: u16, fields: &Fields<'a>, words: &mut Words<'a>) {
        let claim = &mut self.claim;
        let at = line.max(1);
        let rendering = Provider {
            npi: words.text(fields, Fact::RenderingNpi),
            taxonomy: words.text(fields, Fact::RenderingTaxonomy),
            ..Provider::new(Role::Rendering, 0)
        };
        put_provider(claim, rendering, at);
        for (role, fact) in [
            (Role::Referring, Fact::ReferringNpi),
            (Role::Supervising, Fact::SupervisingNpi),
            (Role::Ordering, Fact::OrderingNpi),
        ] {
            if let Some(raw) = fields.of(fact) {
                let npi = words.scalar(fact.name(), raw);
                put_provider(claim, Provider { npi, ..Provider::new(role, 0) }, at);
            }
        }
        let (state, zip) = (words.text(fields, Fact::State), words.text(fields, Fact::Zip));
        put_place(claim, state, zip, at);
        put_reference(claim, b"G1", words.text(fields, Fact::PriorAuthorization), at);
        put_reference(claim, b"9F", words.text(fields, Fact::ReferralNumber), at);
        for (fact, qualifier) in [(Fact::InitialTreatmentDate, "454"), (Fact::LastSeenDate, "304")] {
            put_date(claim, qualifier, words.date(fields, fact), at);
        }
        // What only a claim states stands at the claim, whichever line says it first.
        put_reference(claim, b"F8", words.text(fields, Fact::PayerControlNumber), 1);
    }

    /// Gives the claim the codes it does not have yet, and works out what the line's own places mean.
    pub(super) fn diagnoses(&mut self, raw: &'a str, words: &mut Words<'a>) {
        if self.codes == Some(raw) {
            return;
        }
        self.codes = Some(raw);
        self.places.clear();
        let (claim, places) = (&mut self.claim, &mut self.places);
        let first = claim.diagnoses.is_empty();
        let mut left_out = false;
        words.list(Fact::DiagnosisCodes, raw, MOST_CODES, |_, code| {
            let stated = Diagnosis::new(Text::ABSENT, code);
            let known = claim.diagnoses.iter().position(|one| !first && is_same(one, &stated));
            let place = match known {
                _ if code.is_absent() => None,
                Some(place) => Some(place),
                None if claim.diagnoses.len() < MOST_CODES => {
                    claim.diagnoses.push(stated);
                    Some(claim.diagnoses.len() - 1)
                }
                None => {
                    left_out = true;
                    None
                }
            };
            places.push(place.map_or(NOWHERE, |place| place as u8 + 1));
        });
        if left_out {
            words.too_many(Fact::DiagnosisCodes.name(), raw, MOST_CODES);
        }
    }

    fn pointers(
        &self,
        line: &mut ServiceLine<'a>,
        own_codes: bool,
        fields: &Fields<'a>,
        words: &mut Words<'a>,
    ) {
        let place_of =
            |pointer: u8| match own_codes.then(|| self.places.get(usize::from(pointer).wrapping_sub(1))) {
                Some(Some(&place)) => place,
                // A pointer past the line's own list must not land on a code that only other lines have.
                Some(None) if pointer > 0 => NOWHERE,
                _ => pointer,
            };
        if let Some(raw) = fields.of(Fact::DiagnosisPointers) {
            words.list(Fact::DiagnosisPointers, raw, line.pointers.len(), |place, text| {
                line.pointers[place] =
                    Stated::read(text, |bytes| u8::try_from(whole(bytes)?).ok().map(place_of));
            });
        } else if (if own_codes { self.places.len() } else { self.claim.diagnoses.len() }) == 1 {
            let place = place_of(1);
            let code = self.claim.diagnoses.get(usize::from(place).wrapping_sub(1));
            let offset = code.map_or(0, |one| one.code.span().offset);
            line.pointers[0] = Stated { text: Text::new(b"", offset), value: Some(place) };
        }
    }
}

fn is_same(one: &Diagnosis<'_>, other: &Diagnosis<'_>) -> bool {
    one.code.bytes() == other.code.bytes() || one.value.is_some() && one.value == other.value
}
