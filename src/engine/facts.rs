//! From a claim to the fixed-size facts that settling needs.

use crate::checks::region;
use crate::claim::{
    Claim, ClaimFact, DiagnosisCode, Discipline, LineFact, Minutes, MinutesSource, Regions, Resolved, Role,
    ServiceLine, Sides, Stated, Text, TimeOfDay, Units, key_of, provider_key,
};
use crate::reference::Reference;
use crate::side::UnbilledTime;

use super::recall::{Between, Coding};

/// Diagnoses looked up last. The same few dozen fill a file, and a look-up halves a table a dozen times.
#[derive(Debug)]
pub(super) struct Diagnoses<'a> {
    reference: &'a Reference,
    /// By slot of the code; an empty code stands where none has been looked up.
    known: Box<[(DiagnosisCode, Regions, Sides)]>,
}

impl<'a> Diagnoses<'a> {
    const SLOTS: usize = 512;

    pub(super) fn new(reference: &'a Reference) -> Diagnoses<'a> {
        Diagnoses { reference, known: vec![Default::default(); Self::SLOTS].into() }
    }

    /// Where on the body a line was done.
    pub(super) fn resolve(&mut self, claim: &Claim<'_>, line: &ServiceLine<'_>) -> Resolved {
        region::resolve_with(claim, line, |code| self.region(code))
    }

    fn region(&mut self, code: DiagnosisCode) -> (Regions, Sides) {
        let [a, b, c, d, e, f, g] = *code.as_bytes();
        let mixed = u64::from_le_bytes([a, b, c, d, e, f, g, 0]).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let slot = &mut self.known[(mixed >> 40) as usize % Self::SLOTS];
        if slot.0 != code {
            let (regions, sides) = self.reference.diagnosis_region(code);
            *slot = (code, regions, sides);
        }
        (slot.1, slot.2)
    }
}

/// How long a line took and when.
#[derive(Default)]
struct Times {
    minutes: Option<Minutes>,
    source: MinutesSource,
    start: Option<TimeOfDay>,
    end: Option<TimeOfDay>,
}

impl Times {
    /// Minutes as stated, else end less start. Those of a line over several days are of none of them.
    fn of(line: &ServiceLine<'_>, days: u8) -> Times {
        if days > 1 {
            return Times::default();
        }
        let (start, end) = (line.start.value, line.end.value);
        let (minutes, source) = match (line.minutes.value, start, end) {
            (Some(minutes), ..) => (Some(minutes), line.minutes_source),
            (None, Some(TimeOfDay(start)), Some(TimeOfDay(end))) if end > start => {
                (Some(end - start), MinutesSource::Interval)
            }
            _ => (None, MinutesSource::Unknown),
        };
        Times { minutes, source, start, end }
    }
}

/// Who bills a claim and who rendered its lines, as [`LineFact`] keeps them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Parties {
    billing: u32,
    /// Of lines that name nobody of their own.
    rendering: u32,
    /// Whether a line names somebody of its own.
    by_line: bool,
}

impl Parties {
    pub(super) fn of(claim: &Claim<'_>) -> Parties {
        let billing = claim.billing().map_or(0, |provider| provider_key(provider.npi.bytes()));
        let by_line = Parties::are_by_line(claim);
        Parties { billing, rendering: rendering(claim, 0, billing), by_line }
    }

    /// Whether some line names who rendered it.
    pub(super) fn are_by_line(claim: &Claim<'_>) -> bool {
        claim.providers.iter().any(|one| one.role == Role::Rendering && one.line > 0)
    }

    fn rendering(&self, claim: &Claim<'_>, line: u16) -> u32 {
        if self.by_line { rendering(claim, line, self.billing) } else { self.rendering }
    }
}

fn rendering(claim: &Claim<'_>, line: u16, billing: u32) -> u32 {
    let key = claim.rendering(line).map_or(0, |provider| provider_key(provider.npi.bytes()));
    if key == 0 { billing } else { key }
}

/// The fact record of one line, or `None` where it has no readable date of service. `index` is the claim's,
/// `locality` the number of the one the line is priced in, `region` where on the body, if a rule asks.
pub(super) fn line_fact(
    claim: &Claim<'_>,
    line: &ServiceLine<'_>,
    coding: &Coding,
    index: u32,
    parties: &Parties,
    locality: u32,
    region: Resolved,
) -> Option<LineFact> {
    let date = line.service_date.value?;
    let days = line.days().map_or(1, |days| u8::try_from(days).unwrap_or(u8::MAX).min(LineFact::MOST_DAYS));
    let times = Times::of(line, days);
    let place = claim.place_of_service(line);
    Some(LineFact {
        charge: line.charge.value,
        code: coding.code,
        modifiers: coding.modifiers,
        units: line.units_billed(),
        date,
        claim: index,
        line: line.number,
        minutes: times.minutes,
        minutes_source: times.source,
        start: times.start,
        end: times.end,
        region,
        rendering: parties.rendering(claim, line.number),
        billing: parties.billing,
        discipline: claim.discipline(line),
        place_of_service: <[u8; 2]>::try_from(place.bytes()).unwrap_or_default(),
        locality,
        days,
    })
}

/// A line as rules see it that would bill logged time for a code that the claim does not bill: no units, in the
/// discipline of the line that it is beside. `number` is past the claim's lines.
pub(super) fn line_of_time<'c>(
    claim: &Claim<'c>,
    number: u16,
    time: &'c UnbilledTime,
) -> Option<(ServiceLine<'c>, Discipline)> {
    let first = claim.lines.get(time.beside)?;
    let discipline = claim.discipline(first);
    let mut modifiers = [Text::ABSENT; 4];
    if let Some(modifier) = first.modifiers.iter().find(|one| matches!(one.bytes(), b"GP" | b"GO" | b"GN")) {
        modifiers[0] = *modifier;
    }
    let line = ServiceLine {
        number,
        procedure_code: Text::new(time.code.as_bytes(), 0),
        modifiers,
        units: Stated { text: Text::ABSENT, value: Some(Units(0)) },
        place_of_service: claim.place_of_service(first),
        service_date: first.service_date,
        minutes: Stated { text: Text::ABSENT, value: time.minutes },
        minutes_source: MinutesSource::UnbilledLog,
        ..ServiceLine::default()
    };
    Some((line, discipline))
}

fn charges(claim: &Claim<'_>) -> u32 {
    if claim.frequency == "8" {
        return 0;
    }
    let sum = claim.lines.iter().try_fold(0_i64, |sum, line| {
        line.charge.value.map(|charge| sum.saturating_add(charge.at_least_zero().0))
    });
    sum.and_then(|sum| u32::try_from(sum).ok()).unwrap_or(u32::MAX)
}

/// What stands for a claim's payer: its profile and its id.
pub(super) fn payer_key(claim: &Claim<'_>, profile_name: &str) -> u64 {
    key_of(profile_name.as_bytes()) ^ key_of(claim.payer.id.bytes()).rotate_left(1)
}

/// The fact record of a claim; its place in the run is filled in when units are merged.
pub(super) fn claim_fact(claim: &Claim<'_>, between: &Between) -> ClaimFact {
    let &Between { profile, contract, payer, .. } = between;
    ClaimFact {
        offset: claim.span.offset,
        number: claim.number,
        length: claim.span.length,
        file: 0,
        ordinal: claim.ordinal,
        lines: 0,
        profile: profile as u16,
        contract,
        charges: charges(claim),
        frequency: match *claim.frequency.bytes() {
            [byte] => byte,
            _ => 0,
        },
        id: key_of(claim.id.bytes()),
        payer,
        first_line: 0,
    }
}
