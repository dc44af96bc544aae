//! The records of [`super::store`] as bytes, for when they go to a temporary file.

use crate::claim::{
    Cents, ClaimFact, CourseFact, Date, DayKey, Discipline, LineFact, MinutesSource, Modifier, Modifiers,
    ProcedureCode, ProviderKey, RegionSource, Regions, Resolved, Sides, TimeOfDay, Units,
};

use super::spill::{Fields, Record};

fn write_date(date: Date, into: &mut Vec<u8>) {
    into.extend(date.year().to_le_bytes());
    into.extend([date.month() as u8, date.day() as u8]);
}

fn read_date(from: &mut Fields<'_>) -> Date {
    let year = i16::from_le_bytes(from.take());
    let [month, day] = from.take();
    Date::new(year, month as i8, day as i8).unwrap_or(Date::ZERO)
}

impl Record for DayKey {
    const SIZE: usize = 16;

    fn write(&self, into: &mut Vec<u8>) {
        into.extend(self.patient.to_le_bytes());
        write_date(self.date, into);
        into.extend(self.claim.to_le_bytes());
    }

    fn read(from: &mut Fields<'_>) -> Self {
        DayKey {
            patient: u64::from_le_bytes(from.take()),
            date: read_date(from),
            claim: u32::from_le_bytes(from.take()),
        }
    }
}

impl Record for CourseFact {
    const SIZE: usize = 31;

    fn write(&self, into: &mut Vec<u8>) {
        for wide in [self.line, self.likeness, self.authorization] {
            into.extend(wide.to_le_bytes());
        }
        write_date(self.since.unwrap_or(Date::ZERO), into);
        into.extend(self.visit.to_le_bytes());
        let flags = [self.is_noted, self.is_measured, self.is_referred, self.since.is_some()];
        into.push(flags.iter().rev().fold(0, |bits, flag| bits << 1 | u8::from(*flag)));
    }

    fn read(from: &mut Fields<'_>) -> Self {
        let mut wide = || u64::from_le_bytes(from.take());
        let (line, likeness, authorization) = (wide(), wide(), wide());
        let since = read_date(from);
        let visit = u16::from_le_bytes(from.take());
        let [flags] = from.take();
        let flag = |place: u8| flags >> place & 1 == 1;
        CourseFact {
            line,
            likeness,
            authorization,
            since: flag(3).then_some(since),
            visit,
            is_noted: flag(0),
            is_measured: flag(1),
            is_referred: flag(2),
        }
    }
}

impl Record for ProviderKey {
    const SIZE: usize = 32;

    fn write(&self, into: &mut Vec<u8>) {
        into.extend(self.rendering.to_le_bytes());
        write_date(self.date, into);
        for half in [self.start, self.end, self.minutes, self.line] {
            into.extend(half.to_le_bytes());
        }
        into.extend(self.claim.to_le_bytes());
        into.extend(self.rules.to_le_bytes());
        into.extend(self.patient.to_le_bytes());
    }

    fn read(from: &mut Fields<'_>) -> Self {
        let rendering = u32::from_le_bytes(from.take());
        let date = read_date(from);
        let mut half = || u16::from_le_bytes(from.take());
        let (start, end, minutes, line) = (half(), half(), half(), half());
        ProviderKey {
            rendering,
            date,
            start,
            end,
            minutes,
            line,
            claim: u32::from_le_bytes(from.take()),
            rules: u32::from_le_bytes(from.take()),
            patient: u64::from_le_bytes(from.take()),
        }
    }
}

/// A claim's number (CLM01) as stated: no more than 38 characters, which is what a guide lets it have. Empty if it is longer.
#[derive(Clone, Copy, Debug)]
pub(super) struct ClaimName {
    length: u8,
    bytes: [u8; ClaimName::MOST],
}

impl ClaimName {
    const MOST: usize = 38;

    pub(super) fn of(id: &[u8]) -> ClaimName {
        let mut name = ClaimName { length: 0, bytes: [0; ClaimName::MOST] };
        if let Some(place) = name.bytes.get_mut(..id.len()) {
            place.copy_from_slice(id);
            name.length = id.len() as u8;
        }
        name
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }
}

impl Record for ClaimName {
    const SIZE: usize = ClaimName::MOST + 1;

    fn write(&self, into: &mut Vec<u8>) {
        into.push(self.length);
        into.extend(self.bytes);
    }

    fn read(from: &mut Fields<'_>) -> Self {
        let [length] = from.take();
        ClaimName { length: length.min(ClaimName::MOST as u8), bytes: from.take() }
    }
}

impl Record for ClaimFact {
    const SIZE: usize = 63;

    fn write(&self, into: &mut Vec<u8>) {
        for wide in [self.offset, self.number, self.id, self.payer, self.first_line] {
            into.extend(wide.to_le_bytes());
        }
        for word in [self.length, self.file, self.ordinal] {
            into.extend(word.to_le_bytes());
        }
        into.extend(self.lines.to_le_bytes());
        into.extend(self.profile.to_le_bytes());
        into.extend(self.contract.to_le_bytes());
        into.extend(self.charges.to_le_bytes());
        into.push(self.frequency);
    }

    fn read(from: &mut Fields<'_>) -> Self {
        let mut wide = || u64::from_le_bytes(from.take());
        let (offset, number, id, payer, first_line) = (wide(), wide(), wide(), wide(), wide());
        let mut word = || u32::from_le_bytes(from.take());
        let (length, file, ordinal) = (word(), word(), word());
        let mut half = || u16::from_le_bytes(from.take());
        let (lines, profile, contract) = (half(), half(), half());
        let charges = u32::from_le_bytes(from.take());
        let [frequency] = from.take();
        ClaimFact {
            charges,
            offset,
            number,
            id,
            payer,
            first_line,
            length,
            file,
            ordinal,
            lines,
            profile,
            contract,
            frequency,
        }
    }
}

/// Stands for "not stated" where a time or a number of minutes is written.
const NONE: u16 = u16::MAX;

impl Record for LineFact {
    const SIZE: usize = 63;

    fn write(&self, into: &mut Vec<u8>) {
        into.push(u8::from(self.charge.is_some()));
        into.extend(self.charge.unwrap_or_default().0.to_le_bytes());
        into.extend(self.code.as_bytes());
        for at in 0..4 {
            into.extend(self.modifiers.iter().nth(at).unwrap_or_default().as_bytes());
        }
        into.push(u8::from(self.units.is_some()));
        into.extend(self.units.unwrap_or_default().0.to_le_bytes());
        write_date(self.date, into);
        into.extend(self.claim.to_le_bytes());
        into.extend(self.line.to_le_bytes());
        into.extend(self.minutes.unwrap_or(NONE).to_le_bytes());
        for time in [self.start, self.end] {
            into.extend(time.map_or(NONE, |time| time.0).to_le_bytes());
        }
        into.extend(self.region.regions.bits().to_le_bytes());
        into.extend([self.minutes_source as u8, self.region.sides.bits(), self.region.source as u8]);
        into.extend(self.rendering.to_le_bytes());
        into.extend(self.billing.to_le_bytes());
        into.push(self.discipline as u8 | self.days << DISCIPLINE_BITS);
        into.extend(self.place_of_service);
        into.extend(self.locality.to_le_bytes());
    }

    fn read(from: &mut Fields<'_>) -> Self {
        let [has_charge] = from.take();
        let charge = Cents(i64::from_le_bytes(from.take()));
        let code = ProcedureCode::new(&from.take::<5>()).unwrap_or_default();
        let modifiers = [from.take::<2>(), from.take(), from.take(), from.take()];
        let [has_units] = from.take();
        let units = Units(i32::from_le_bytes(from.take()));
        let date = read_date(from);
        let claim = u32::from_le_bytes(from.take());
        let line = u16::from_le_bytes(from.take());
        let minutes = u16::from_le_bytes(from.take());
        let mut time = || Some(u16::from_le_bytes(from.take())).filter(|time| *time != NONE).map(TimeOfDay);
        let (start, end) = (time(), time());
        let regions = Regions::from_bits(u16::from_le_bytes(from.take()));
        let [minutes_source, sides, region_source] = from.take();
        let (rendering, billing) = (u32::from_le_bytes(from.take()), u32::from_le_bytes(from.take()));
        let [discipline_and_days] = from.take();
        LineFact {
            charge: (has_charge == 1).then_some(charge),
            code,
            modifiers: Modifiers::new(modifiers.iter().filter_map(|code| Modifier::new(code))),
            units: (has_units == 1).then_some(units),
            date,
            claim,
            line,
            minutes: (minutes != NONE).then_some(minutes),
            minutes_source: MINUTES_SOURCES[usize::from(minutes_source).min(5)],
            start,
            end,
            region: Resolved {
                regions,
                sides: Sides::from_bits(sides),
                source: REGION_SOURCES[usize::from(region_source).min(4)],
            },
            rendering,
            billing,
            discipline: DISCIPLINES[usize::from(discipline_and_days & !(u8::MAX << DISCIPLINE_BITS))],
            place_of_service: from.take(),
            locality: u32::from_le_bytes(from.take()),
            days: discipline_and_days >> DISCIPLINE_BITS,
        }
    }
}

const MINUTES_SOURCES: [MinutesSource; 6] = [
    MinutesSource::Field,
    MinutesSource::SessionLog,
    MinutesSource::Interval,
    MinutesSource::Note,
    MinutesSource::UnbilledLog,
    MinutesSource::Unknown,
];

const REGION_SOURCES: [RegionSource; 5] = [
    RegionSource::Explicit,
    RegionSource::Note,
    RegionSource::Diagnosis,
    RegionSource::Modifier,
    RegionSource::Unknown,
];

/// The lowest bits of a byte that say the discipline; the others say how many days.
const DISCIPLINE_BITS: u32 = 2;

const _: () =
    assert!(LineFact::MOST_DAYS <= u8::MAX >> DISCIPLINE_BITS && DISCIPLINES.len() == 1 << DISCIPLINE_BITS);

const DISCIPLINES: [Discipline; 4] = [
    Discipline::Unknown,
    Discipline::PhysicalTherapy,
    Discipline::OccupationalTherapy,
    Discipline::SpeechLanguage,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Side;

    #[test]
    fn a_line_fact_survives_the_file() {
        let fact = LineFact {
            charge: Some(Cents(9000)),
            code: ProcedureCode::new(b"97124").expect("a code"),
            modifiers: Modifiers::new([b"GP", b"59"].iter().filter_map(|code| Modifier::new(*code))),
            units: Some(Units(2500)),
            date: Date::constant(2025, 3, 3),
            claim: 77,
            line: 3,
            minutes: Some(0),
            minutes_source: MinutesSource::Note,
            start: None,
            end: Some(TimeOfDay(555)),
            region: Resolved {
                regions: Regions::named("lumbar").expect("a region"),
                sides: Sides::NONE.with(Side::Left),
                source: RegionSource::Note,
            },
            rendering: 12,
            billing: 13,
            discipline: Discipline::OccupationalTherapy,
            place_of_service: *b"11",
            locality: 1_011_200,
            days: LineFact::MOST_DAYS,
        };
        let mut bytes = Vec::new();
        fact.write(&mut bytes);
        assert_eq!(bytes.len(), LineFact::SIZE);
        assert_eq!(format!("{:?}", LineFact::read(&mut Fields(&bytes))), format!("{fact:?}"));
        for (at, source) in MINUTES_SOURCES.iter().enumerate() {
            assert_eq!(*source as usize, at);
        }
        for (at, source) in REGION_SOURCES.iter().enumerate() {
            assert_eq!(*source as usize, at);
        }
        for (at, discipline) in DISCIPLINES.iter().enumerate() {
            assert_eq!(*discipline as usize, at);
        }
    }

    #[test]
    fn claim_facts_and_day_keys_survive_the_file() {
        let fact = ClaimFact {
            offset: 1,
            number: 2,
            id: 3,
            payer: 4,
            first_line: 5,
            length: 6,
            file: 7,
            ordinal: 8,
            lines: 9,
            profile: 10,
            contract: 11,
            charges: 12,
            frequency: b'7',
        };
        let mut bytes = Vec::new();
        fact.write(&mut bytes);
        assert_eq!(bytes.len(), ClaimFact::SIZE);
        assert_eq!(format!("{:?}", ClaimFact::read(&mut Fields(&bytes))), format!("{fact:?}"));
        let course = CourseFact {
            line: u64::MAX - 3,
            likeness: 2,
            authorization: 3,
            since: Some(Date::constant(2024, 2, 29)),
            visit: 77,
            is_noted: true,
            is_measured: false,
            is_referred: true,
        };
        for course in [course, CourseFact::default(), CourseFact { is_measured: true, since: None, ..course }]
        {
            let mut bytes = Vec::new();
            course.write(&mut bytes);
            assert_eq!(bytes.len(), CourseFact::SIZE);
            assert_eq!(CourseFact::read(&mut Fields(&bytes)), course);
        }
        let key = ProviderKey {
            rendering: 1_234_567_893,
            date: Date::constant(2024, 2, 29),
            start: 540,
            end: 555,
            minutes: u16::MAX,
            line: 3,
            claim: 4,
            rules: 0x8000_0001,
            patient: u64::MAX,
        };
        let mut bytes = Vec::new();
        key.write(&mut bytes);
        assert_eq!(bytes.len(), ProviderKey::SIZE);
        assert_eq!(ProviderKey::read(&mut Fields(&bytes)), key);
        let key = DayKey { patient: u64::MAX - 1, date: Date::constant(2024, 2, 29), claim: 4 };
        let mut bytes = Vec::new();
        key.write(&mut bytes);
        assert_eq!(bytes.len(), DayKey::SIZE);
        assert_eq!(DayKey::read(&mut Fields(&bytes)), key);
    }
}
