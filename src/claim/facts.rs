use xxhash_rust::xxh3::xxh3_64;

use super::{Cents, Date, Discipline, Minutes, Modifiers, ProcedureCode, Resolved, TimeOfDay, Units};

/// Where a line's minutes came from, strongest first. A weak source may lead to a lower outcome.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Hash)]
#[repr(u8)]
pub enum MinutesSource {
    /// A field of the claim line.
    Field,
    /// A session log beside the claim.
    SessionLog,
    /// The end of the service less its start.
    Interval,
    /// Words in a note ("25 MIN"): low confidence.
    Note,
    /// Nothing says.
    #[default]
    Unknown,
}

/// What settling needs of one service line: fixed size, no name, no identifier in clear.
///
/// A day check sees nothing but these, so it cannot tell whether a day stood in one claim or in several.
#[derive(Clone, Copy, Debug)]
pub struct LineFact {
    /// Line charge for all units.
    pub charge: Option<Cents>,
    /// Procedure code.
    pub code: ProcedureCode,
    /// Modifiers in the order stated.
    pub modifiers: Modifiers,
    /// Units billed.
    pub units: Option<Units>,
    /// Day of service (the first of a range).
    pub date: Date,
    /// Index of the line's claim in the run ([`ClaimFact`]).
    pub claim: u32,
    /// 1-based line in its claim.
    pub line: u16,
    /// Minutes of treatment.
    pub minutes: Option<Minutes>,
    /// Where the minutes came from.
    pub minutes_source: MinutesSource,
    /// Start of the service.
    pub start: Option<TimeOfDay>,
    /// End of the service.
    pub end: Option<TimeOfDay>,
    /// Body region.
    pub region: Resolved,
    /// Hash of the rendering NPI (fallback billing NPI); 0 where neither is stated.
    pub rendering: u32,
    /// Hash of the billing NPI; 0 where it is not stated.
    pub billing: u32,
    /// Therapy discipline.
    pub discipline: Discipline,
    /// Place of service that counts for the line, or `[0, 0]`.
    pub place_of_service: [u8; 2],
    /// The Medicare locality it is priced in, contractor and locality as one number; 0 for national rates.
    pub locality: u32,
}

/// What settling needs of one claim.
#[derive(Clone, Copy, Debug)]
pub struct ClaimFact {
    /// First byte of the claim in its file.
    pub offset: u64,
    /// Length of the claim in bytes.
    pub length: u32,
    /// Number in the file of its first segment, or of the line of JSON it starts on.
    pub number: u64,
    /// Index of the input file in the run.
    pub file: u32,
    /// 1-based place of the claim in its file.
    pub ordinal: u32,
    /// Number of lines kept as facts.
    pub lines: u16,
    /// Index of the payer profile in the rule set.
    pub profile: u16,
    /// Number of the payer's own fee schedule; 0 for a payer that has none.
    pub contract: u16,
    /// The charges of its lines in cents, all together; `u32::MAX` where one is not known or they are more than that.
    pub charges: u32,
    /// CLM05-3 as a byte: `1`, `7`, `8`; 0 if absent.
    pub frequency: u8,
    /// Hash of the claim's id (CLM01); 0 if absent.
    pub id: u64,
    /// Hash of the destination payer: profile, payer id.
    pub payer: u64,
    /// Index of the claim's first [`LineFact`] in the run.
    pub first_line: u64,
}

/// One claim's part of one patient's day. Sorted, equal patient and date stand together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct DayKey {
    /// [`super::Claim::patient_key`], or a key of the claim's own where that is unknown.
    pub patient: u64,
    /// Day of service.
    pub date: Date,
    /// Index of the claim in the run.
    pub claim: u32,
}

// ARCHITECTURE.md states these: they are what a run's memory grows by.
const _: () =
    assert!(size_of::<LineFact>() == 80 && size_of::<ClaimFact>() == 64 && size_of::<DayKey>() == 16);

/// The hash of an identifier; never 0 for a stated one. Not reversible in practice, and never written out.
pub fn key_of(bytes: &[u8]) -> u64 {
    if bytes.is_empty() { 0 } else { xxh3_64(bytes).max(1) }
}
