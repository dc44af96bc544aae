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
    /// A session log, of a code that the claim does not bill: the fact is time of the day, and no service line.
    UnbilledLog,
    /// Nothing says.
    #[default]
    Unknown,
}

/// What settling needs of one service line: fixed size, no name, no patient's identifier in clear.
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
    /// 1-based line in its claim; past the last for time that is on no line ([`Self::is_unbilled_time`]).
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
    /// The rendering provider (fallback billing), as [`provider_key`] has it; 0 where neither has an NPI.
    pub rendering: u32,
    /// The billing provider likewise.
    pub billing: u32,
    /// Therapy discipline.
    pub discipline: Discipline,
    /// Place of service that counts for the line, or `[0, 0]`.
    pub place_of_service: [u8; 2],
    /// The Medicare locality it is priced in, contractor and locality as one number; 0 for national rates.
    pub locality: u32,
    /// How many days it was stated to take, [`LineFact::MOST_DAYS`] for as many or more; `date` is the first of them.
    pub days: u8,
}

impl LineFact {
    /// So many days of a line are told from more.
    pub const MOST_DAYS: u8 = 63;

    /// Whether a range of several days was stated.
    pub fn spans_days(&self) -> bool {
        self.days > 1
    }

    /// Units of the line on its day. Of a line over several days they are its units divided by the days, rounded to whole
    /// ones, which is how CMS holds such a line against an edit of a day; `None` where that cannot be told.
    pub fn units_a_day(&self) -> Option<Units> {
        match self.days {
            ..=1 => self.units,
            LineFact::MOST_DAYS.. => None,
            days => {
                // In thousandths, and in a number that half a day's more does not overflow.
                let one_a_day = i64::from(days) * i64::from(Units::whole(1).0);
                let units = (i64::from(self.units?.0) + one_a_day / 2).div_euclid(one_a_day);
                i32::try_from(units).ok().map(Units::whole)
            }
        }
    }

    /// Whether this is time for a code that the claim does not bill, and no service line of it.
    pub fn is_unbilled_time(&self) -> bool {
        self.minutes_source == MinutesSource::UnbilledLog
    }

    /// The order in which the lines of a day are priced: of equal ranks the lower line is paid in full, and the order of
    /// claims decides nothing.
    pub fn day_order(&self) -> impl Ord + use<> {
        (self.line, self.content(), self.claim)
    }

    /// What the line says, for an order that does not depend on where it stands: lines equal in it are worth the same.
    pub fn content(&self) -> impl Ord + use<> {
        let times = (self.minutes, self.start, self.end);
        let place = (self.place_of_service, self.locality);
        (self.code, self.modifiers, self.units, self.charge, times, place, self.rendering)
    }
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

impl DayKey {
    /// The patient of a claim of whom too little is known: nobody else's.
    pub fn patient_of_claim(claim: u32) -> u64 {
        u64::from(claim) | 1 << 63
    }

    /// Whether it is known whose day this is.
    pub fn is_of_known_patient(&self) -> bool {
        self.patient != DayKey::patient_of_claim(self.claim)
    }
}

// ARCHITECTURE.md states these: they are what a run's memory grows by.
const _: () =
    assert!(size_of::<LineFact>() == 80 && size_of::<ClaimFact>() == 64 && size_of::<DayKey>() == 16);

/// The hash of an identifier; never 0 for a stated one. Not reversible in practice, and never written out.
pub fn key_of(bytes: &[u8]) -> u64 {
    if bytes.is_empty() { 0 } else { xxh3_64(bytes).max(1) }
}

/// NPIs are ten digits that begin with 1 or 2 (CMS NPI check digit standard), so each fits 32 bits as the number it is.
const NPIS: std::ops::RangeInclusive<u32> = 1_000_000_000..=2_999_999_999;

/// A provider as facts keep one: an NPI is its own number, and no two are one. Anything else that is stated in its
/// place is hashed to a number that no NPI has. 0 where nothing is.
pub fn provider_key(npi: &[u8]) -> u32 {
    match npi_number(npi) {
        Some(number) => number,
        None if npi.is_empty() => 0,
        None => (key_of(npi) % u64::from(NPIS.start() - 1)) as u32 + 1,
    }
}

/// The number that an NPI is, if the text has the shape of one.
fn npi_number(text: &[u8]) -> Option<u32> {
    let digits: &[u8; 10] = text.try_into().ok()?;
    let number = digits.iter().try_fold(0_u64, |number, byte| {
        byte.is_ascii_digit().then(|| number * 10 + u64::from(byte - b'0'))
    })?;
    u32::try_from(number).ok().filter(|number| NPIS.contains(number))
}

/// A provider that no other claim has, for one without an NPI. `claim` is the claim's index in the run.
pub fn provider_of_claim(claim: u32) -> u32 {
    let room = u32::MAX - NPIS.end();
    NPIS.end() + 1 + claim % room
}

/// The NPI that a key of [`provider_key`] stands for, as a number of ten digits.
pub fn npi_of(provider: u32) -> Option<u32> {
    NPIS.contains(&provider).then_some(provider)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_npi_is_its_own_key() {
        assert_eq!(provider_key(b"1234567893"), 1_234_567_893);
        assert_eq!(npi_of(provider_key(b"2999999999")), Some(2_999_999_999));
        assert_eq!(provider_key(b""), 0);
        for other in
            ["123456789", "12345678931", "0234567893", "3000000000", "9999999999", "+123456789", "ROWAN"]
        {
            let key = provider_key(other.as_bytes());
            assert!(key > 0 && npi_of(key).is_none(), "{other}");
        }
        assert_ne!(provider_key(b"3000000000"), provider_key(b"3000000001"));
    }

    #[test]
    fn a_claim_without_a_provider_is_alone() {
        let keys: Vec<u32> = [0, 1, 2, 1_000_000].into_iter().map(provider_of_claim).collect();
        assert!(keys.iter().all(|&key| npi_of(key).is_none() && key > 1_000_000_000));
        assert!(keys.windows(2).all(|two| two[0] < two[1]));
    }
}
