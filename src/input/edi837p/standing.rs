use super::ids;
use crate::claim::{Payer, Person, Provider, Role, Stated, Submission, Text, parse_ccyymmdd};
use crate::x12::{Field, Id, Segment};

/// Whether a transaction's claims are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reading {
    /// An 837 of version 5010, or one that does not say.
    Claims,
    /// Another transaction set, or another version: passed over.
    PassedOver,
}

/// Whom the segments after an NM1 (N4, DMG, PRV, REF) are about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Who {
    Nobody,
    Billing,
    PayTo,
    Subscriber,
    Payer,
    Patient,
}

/// Which HL loop the reader is in. What a loop may say is no more than what is forgotten when the next loop of its
/// level begins; then it does not matter how long ago a loop was, or whether a file was cut after it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Level {
    /// Before the first HL.
    Header,
    Billing,
    Subscriber,
    Patient,
}

/// What stands before a claim and holds for it: the transaction, the billing provider, the subscriber, the patient.
///
/// An HL opens a level and forgets the levels below. In files without HL the name qualifiers alone say who is who.
#[derive(Debug)]
pub(super) struct Standing<'a> {
    pub(super) reading: Reading,
    pub(super) submission: Submission<'a>,
    pub(super) payer: Payer<'a>,
    pub(super) subscriber: Person<'a>,
    pub(super) patient: Option<Person<'a>>,
    pub(super) billing: Option<Provider<'a>>,
    pub(super) pay_to: Option<Provider<'a>>,
    /// ISA12, the version where nothing else says one.
    version: Text<'a>,
    /// GS08.
    group_guide: Text<'a>,
    level: Level,
    who: Who,
}

impl<'a> Standing<'a> {
    pub(super) fn new() -> Standing<'a> {
        Standing {
            reading: Reading::Claims,
            submission: Submission::default(),
            payer: Payer::default(),
            subscriber: Person::default(),
            patient: None,
            billing: None,
            pay_to: None,
            version: Text::ABSENT,
            group_guide: Text::ABSENT,
            level: Level::Header,
            who: Who::Nobody,
        }
    }

    /// A segment of the context, replayed.
    pub(super) fn replay(&mut self, segment: &Segment<'_, 'a>) {
        match segment.id() {
            ids::ISA => self.interchange(segment),
            ids::GS => self.group(segment),
            ids::ST => self.transaction(segment),
            ids::HL => self.level(segment),
            id => {
                self.segment(id, segment);
            }
        }
    }

    /// ISA.
    pub(super) fn interchange(&mut self, isa: &Segment<'_, 'a>) {
        *self = Standing::new();
        self.submission.usage = isa.element(15).into();
        self.version = isa.element(12).into();
    }

    /// GS.
    pub(super) fn group(&mut self, gs: &Segment<'_, 'a>) {
        let (usage, version) = (self.submission.usage, self.version);
        *self = Standing::new();
        self.submission.usage = usage;
        self.version = version;
        self.group_guide = gs.element(8).into();
        self.submission.guide = self.group_guide;
        let functional_id = gs.element(1).bytes;
        let other = !functional_id.is_empty() && functional_id != b"HC";
        self.reading = if other { Reading::PassedOver } else { self.reading_of_guide() };
    }

    /// ST.
    pub(super) fn transaction(&mut self, st: &Segment<'_, 'a>) {
        let (usage, version, group_guide) = (self.submission.usage, self.version, self.group_guide);
        *self = Standing::new();
        self.version = version;
        self.group_guide = group_guide;
        self.submission.usage = usage;
        self.submission.control_number = st.element(2).into();
        self.submission.guide = if group_guide.is_present() { group_guide } else { st.element(3).into() };
        self.reading = match st.element(1).bytes {
            b"837" => self.reading_of_guide(),
            _ => Reading::PassedOver,
        };
    }

    /// Whether the transaction is held to the professional guide: it says so, or says nothing.
    pub(super) fn is_walked(&self) -> bool {
        let guide = self.submission.guide.bytes();
        self.reading == Reading::Claims && !matches!(guide.get(6..10), Some(b"X223" | b"X224"))
    }

    fn reading_of_guide(&self) -> Reading {
        let guide = self.submission.guide.bytes();
        let old = if guide.is_empty() {
            !matches!(self.version.bytes(), b"" | b"00501")
        } else {
            guide.starts_with(b"004") || guide.starts_with(b"003")
        };
        if old { Reading::PassedOver } else { Reading::Claims }
    }

    /// HL: a level begins, and what stood below it is no longer in force.
    pub(super) fn level(&mut self, hl: &Segment<'_, 'a>) {
        self.who = Who::Nobody;
        match hl.element(3).bytes.trim_ascii() {
            b"20" => {
                self.level = Level::Billing;
                self.billing = None;
                self.pay_to = None;
                self.forget_subscriber();
            }
            b"23" => {
                self.level = Level::Patient;
                self.patient = Some(Person::default());
            }
            // 22, or something unreadable: then whoever was insured before is not known to be so any longer.
            _ => {
                self.level = Level::Subscriber;
                self.forget_subscriber();
            }
        }
    }

    fn forget_subscriber(&mut self) {
        self.payer = Payer::default();
        self.subscriber = Person::default();
        self.patient = None;
    }

    /// Any other segment before a claim. Says whether it was of use.
    pub(super) fn segment(&mut self, id: Id, segment: &Segment<'_, 'a>) -> bool {
        match id {
            ids::NM1 => self.name(segment),
            ids::N3 => match self.person() {
                Some(person) => person.street = segment.element(1).into(),
                None => return false,
            },
            ids::N4 => self.place(segment),
            ids::DMG => {
                let date = Stated::read(segment.element(2).into(), parse_ccyymmdd);
                if let Some(person) = self.person() {
                    person.birth_date = date;
                }
            }
            ids::SBR if self.level <= Level::Subscriber => {
                self.payer.responsibility = segment.element(1).into();
                self.subscriber.relationship = segment.element(2).into();
                self.payer.insurance_type = segment.element(5).into();
                self.payer.filing_indicator = segment.element(9).into();
            }
            ids::PAT => self.patient_facts(segment),
            ids::PRV if self.level <= Level::Billing => {
                if matches!(segment.element(1).bytes, b"BI" | b"PT") {
                    self.billing.get_or_insert(Provider::new(Role::Billing, 0)).taxonomy = taxonomy(segment);
                }
            }
            ids::BHT if self.level == Level::Header => self.submission.purpose = segment.element(6).into(),
            _ => return false,
        }
        true
    }

    fn name(&mut self, nm1: &Segment<'_, 'a>) {
        self.who = Who::Nobody;
        match nm1.element(1).bytes {
            b"41" if self.level == Level::Header => self.submission.submitter_id = nm1.element(9).into(),
            b"40" if self.level == Level::Header => self.submission.receiver_id = nm1.element(9).into(),
            b"85" if self.level <= Level::Billing => {
                self.who = Who::Billing;
                let taxonomy = self.billing.map_or(Text::ABSENT, |billing| billing.taxonomy);
                self.billing = Some(Provider { taxonomy, ..provider(nm1, Role::Billing, 0) });
            }
            b"87" if self.level <= Level::Billing => {
                self.who = Who::PayTo;
                self.pay_to = Some(provider(nm1, Role::PayTo, 0));
            }
            b"IL" if self.level <= Level::Subscriber => {
                self.who = Who::Subscriber;
                fill_person(&mut self.subscriber, nm1);
            }
            b"QC" => {
                self.who = Who::Patient;
                fill_person(self.patient.get_or_insert_default(), nm1);
            }
            b"PR" if self.level <= Level::Subscriber => {
                self.who = Who::Payer;
                self.payer.name = nm1.element(3).into();
                self.payer.id = nm1.element(9).into();
            }
            _ => {}
        }
    }

    /// PAT: of the patient, or in the subscriber's loop of a subscriber who is the patient. Without HL it cannot be
    /// told whose it is.
    fn patient_facts(&mut self, pat: &Segment<'_, 'a>) {
        if let Some(patient) = &mut self.patient {
            patient.relationship = pat.element(1).into();
        }
        let person = match self.level {
            Level::Patient => self.patient.as_mut(),
            Level::Subscriber => Some(&mut self.subscriber),
            Level::Header | Level::Billing => None,
        };
        if let Some(person) = person
            && pat.element(5).bytes == b"D8"
        {
            person.death_date = Stated::read(pat.element(6).into(), parse_ccyymmdd);
        }
    }

    fn place(&mut self, n4: &Segment<'_, 'a>) {
        let (state, zip) = (n4.element(2).into(), n4.element(3).into());
        let provider = match self.who {
            Who::Billing => &mut self.billing,
            Who::PayTo => &mut self.pay_to,
            _ => &mut None,
        };
        if let Some(provider) = provider {
            (provider.state, provider.zip) = (state, zip);
            provider.country = n4.element(4).into();
        } else if let Some(person) = self.person() {
            (person.state, person.zip) = (state, zip);
            person.city = n4.element(1).into();
        }
    }

    fn person(&mut self) -> Option<&mut Person<'a>> {
        match self.who {
            Who::Subscriber => Some(&mut self.subscriber),
            Who::Patient => self.patient.as_mut(),
            _ => None,
        }
    }
}

fn fill_person<'a>(person: &mut Person<'a>, nm1: &Segment<'_, 'a>) {
    person.last_name = nm1.element(3).into();
    person.first_name = nm1.element(4).into();
    person.member_id = if_qualified(nm1.element(9), nm1.element(8).bytes == b"MI");
}

/// The provider that an NM1 names.
pub(super) fn provider<'a>(nm1: &Segment<'_, 'a>, role: Role, line: u16) -> Provider<'a> {
    Provider {
        entity_type: nm1.element(2).into(),
        last_name: nm1.element(3).into(),
        first_name: nm1.element(4).into(),
        npi: if_qualified(nm1.element(9), nm1.element(8).bytes == b"XX"),
        ..Provider::new(role, line)
    }
}

/// PRV03 where PRV02 says it is a taxonomy code; `ZZ` did in version 4010 and still turns up.
pub(super) fn taxonomy<'a>(prv: &Segment<'_, 'a>) -> Text<'a> {
    if_qualified(prv.element(3), matches!(prv.element(2).bytes, b"PXC" | b"ZZ"))
}

/// The field, or an empty text in its place.
fn if_qualified(field: Field<'_>, qualified: bool) -> Text<'_> {
    Text::new(if qualified { field.bytes } else { b"" }, field.offset)
}
