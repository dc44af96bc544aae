use super::{Modifiers, Text};

/// What a provider is to the claim. The comment names the 837P loops.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Role {
    /// 2010AA.
    Billing,
    /// 2010AB.
    PayTo,
    /// 2310A, 2420F (`DN`).
    Referring,
    /// 2310A, 2420F (`P3`), the primary care provider.
    PrimaryCare,
    /// 2310B, 2420A (`82`).
    Rendering,
    /// 2310C, 2420C (`77`).
    ServiceFacility,
    /// 2310D, 2420D (`DQ`).
    Supervising,
    /// 2420E (`DK`).
    Ordering,
    /// 2420B (`QB`).
    PurchasedService,
    /// 2310E, 2420G (`PW`).
    AmbulancePickUp,
    /// 2310F, 2420H (`45`).
    AmbulanceDropOff,
}

/// A person or an organisation in one role, at the claim or at one of its lines.
#[derive(Clone, Copy, Debug)]
pub struct Provider<'a> {
    /// What it is to the claim.
    pub role: Role,
    /// 0 for the claim, else the 1-based service line it is stated on.
    pub line: u16,
    /// NM102: `1` a person, `2` an organisation.
    pub entity_type: Text<'a>,
    /// NM103.
    pub last_name: Text<'a>,
    /// NM104.
    pub first_name: Text<'a>,
    /// NM109 where NM108 is `XX`.
    pub npi: Text<'a>,
    /// PRV03 where PRV02 is `PXC`.
    pub taxonomy: Text<'a>,
    /// N402.
    pub state: Text<'a>,
    /// N403, five or nine digits.
    pub zip: Text<'a>,
    /// N404, where the address is outside the United States.
    pub country: Text<'a>,
}

impl Provider<'_> {
    /// A provider of whom only the role is known.
    pub const fn new(role: Role, line: u16) -> Self {
        Provider {
            role,
            line,
            entity_type: Text::ABSENT,
            last_name: Text::ABSENT,
            first_name: Text::ABSENT,
            npi: Text::ABSENT,
            taxonomy: Text::ABSENT,
            state: Text::ABSENT,
            zip: Text::ABSENT,
            country: Text::ABSENT,
        }
    }
}

/// The two sums that Medicare keeps of what a patient is allowed for therapy in a year.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
#[repr(u8)]
pub enum TherapyGroup {
    /// Physical therapy and speech-language pathology together: modifiers GP and GN.
    PhysicalAndSpeech,
    /// Occupational therapy: modifier GO.
    Occupational,
}

impl TherapyGroup {
    /// Both, in the order of their numbers.
    pub const ALL: [TherapyGroup; 2] = [TherapyGroup::PhysicalAndSpeech, TherapyGroup::Occupational];

    /// The sum that a line with these modifiers counts into, if any.
    pub fn of(modifiers: Modifiers) -> Option<TherapyGroup> {
        if modifiers.has("GP") || modifiers.has("GN") {
            Some(TherapyGroup::PhysicalAndSpeech)
        } else {
            modifiers.has("GO").then_some(TherapyGroup::Occupational)
        }
    }
}

/// The therapy discipline a line belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Hash)]
#[repr(u8)]
pub enum Discipline {
    /// Nothing says.
    #[default]
    Unknown,
    /// Modifier GP, else taxonomy 2251*/2252*.
    PhysicalTherapy,
    /// Modifier GO, else taxonomy 225X*/224Z*.
    OccupationalTherapy,
    /// Modifier GN, else taxonomy 235Z*.
    SpeechLanguage,
}
