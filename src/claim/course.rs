//! What settling needs of a line beyond its day: for a patient's course of treatment, and for a provider's day.

use super::Date;

/// What a line says about the course of treatment it belongs to. Kept only for lines that say any of it, and for rules
/// that ask; fixed size, no text of a note, no number in clear.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CourseFact {
    /// Index of the line's [`super::LineFact`] in the run.
    pub line: u64,
    /// Equal for notes that say the same; 0 where no clinical note is long enough to tell.
    pub likeness: u64,
    /// Hash of the prior authorization number that counts for the line (REF*G1); 0 if absent.
    pub authorization: u64,
    /// First day of the course as the claim states it (DTP*454, else DTP*453).
    pub since: Option<Date>,
    /// The visit's ordinal in the course as stated; 0 if absent.
    pub visit: u16,
    /// Whether the line has a clinical note.
    pub is_noted: bool,
    /// Whether a clinical note of the line holds an objective measure.
    pub is_measured: bool,
    /// Whether a referral number counts for the line (REF*9F).
    pub is_referred: bool,
}

impl CourseFact {
    /// Whether the line says nothing that is kept.
    pub fn is_empty(&self) -> bool {
        CourseFact { line: 0, ..*self } == CourseFact::default()
    }
}

/// Stands in a [`ProviderKey`] for a time or a number of minutes that is not known.
pub const UNKNOWN: u16 = u16::MAX;

/// One line of a provider's day. Sorted, the lines of one provider and date stand together, by their start.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ProviderKey {
    /// The rendering provider, as [`super::provider_key`] has it.
    pub rendering: u32,
    /// Day of service.
    pub date: Date,
    /// First minute of the service in the day; [`UNKNOWN`] where start or end is not stated.
    pub start: u16,
    /// The minute after its last, past midnight counted on; [`UNKNOWN`] likewise.
    pub end: u16,
    /// Minutes of treatment as stated; [`UNKNOWN`] where nothing but start and end says.
    pub minutes: u16,
    /// 1-based line in its claim.
    pub line: u16,
    /// Index of the claim in the run.
    pub claim: u32,
    /// Which of the rules over a provider's day are about the line, a bit each.
    pub rules: u32,
    /// [`super::Claim::person_key`]: a patient's two payers know him by two member ids.
    pub patient: u64,
}

// ARCHITECTURE.md states these: they are what a run's memory grows by.
const _: () = assert!(size_of::<CourseFact>() == 40 && size_of::<ProviderKey>() == 32);
