use crate::claim::{Cents, Date, LineFact, Modifiers, ProcedureCode, Units};
use crate::reference::Locality;

/// One service line of a day, as pricing sees it. Units are whole; a line with other units is not priced at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Service {
    /// What was done.
    pub code: ProcedureCode,
    /// Its modifiers; some of them change what is paid.
    pub modifiers: Modifiers,
    /// Units billed. 0 stands for a service that is not on the claim but may be added by [`with_units`].
    pub units: u32,
    /// Charge for all units; no more than this is ever allowed. `None`: no such limit.
    pub charge: Option<Cents>,
    /// Decides between the facility and the non-facility column.
    pub place_of_service: [u8; 2],
    /// Whose rates apply; `None` for national ones.
    pub locality: Option<Locality>,
    /// Decides the year's schedule.
    pub date: Date,
}

impl Service {
    /// Of a service line. Units that are absent or not whole cannot be priced: such a line keeps no code.
    pub fn of(line: &LineFact) -> Service {
        let units = line.units.and_then(Units::as_whole);
        Service {
            code: if units.is_some() { line.code } else { ProcedureCode::NONE },
            modifiers: line.modifiers,
            units: units.unwrap_or(0),
            charge: line.charge,
            place_of_service: line.place_of_service,
            locality: Locality::from_number(line.locality),
            date: line.date,
        }
    }

    /// The charge for `units` of it, at the line's own charge per unit, rounded half up.
    ///
    /// `None` where no charge is stated, or none per unit (a service with 0 units).
    pub(super) fn charge_for(&self, units: u32) -> Option<Cents> {
        let Cents(charge) = self.charge?;
        if units == self.units {
            return self.charge;
        }
        let billed = i128::from(self.units);
        if billed == 0 {
            return None;
        }
        let exact = i128::from(charge) * i128::from(units);
        i64::try_from((2 * exact + billed).div_euclid(2 * billed)).ok().map(Cents)
    }
}

/// The services with units added (positive) or taken away (negative), their charges in proportion.
///
/// `deltas` name services by index; several for one service add up, and no service goes below 0 units. A line
/// stays in its place at 0 units, so that indexes keep their meaning.
pub fn with_units(services: &[Service], deltas: &[(usize, i32)]) -> Vec<Service> {
    changed_units(services, deltas)
        .zip(services)
        .map(|(units, service)| Service { units, charge: service.charge_for(units), ..*service })
        .collect()
}

/// The units of each service after `deltas`.
pub(super) fn changed_units(services: &[Service], deltas: &[(usize, i32)]) -> impl Iterator<Item = u32> {
    services.iter().enumerate().map(|(index, service)| {
        let change: i64 =
            deltas.iter().filter(|(line, _)| *line == index).map(|(_, delta)| i64::from(*delta)).sum();
        u32::try_from((i64::from(service.units) + change).max(0)).unwrap_or(u32::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_priced_by_whole_units_only() {
        let line = |units| LineFact {
            charge: Some(Cents(9000)),
            code: ProcedureCode::new(b"97124").expect("a code"),
            modifiers: Modifiers::default(),
            units,
            date: Date::constant(2025, 3, 3),
            claim: 0,
            line: 1,
            minutes: None,
            minutes_source: crate::claim::MinutesSource::Unknown,
            start: None,
            end: None,
            region: crate::claim::Resolved::default(),
            rendering: 0,
            billing: 0,
            discipline: crate::claim::Discipline::default(),
            place_of_service: *b"11",
            locality: 0,
            days: 1,
        };
        let net = |units| {
            let basis = crate::pricing::Basis { mppr: true, medicare_rates: true, ..Default::default() };
            let reference = crate::reference::Reference::builtin();
            crate::pricing::price_day(&reference, &[Service::of(&line(units))], basis).lines[0].net
        };
        assert_eq!(net(Some(Units::whole(2))), Some(Cents(5046)));
        assert_eq!((net(Some(Units(1500))), net(Some(Units(-1000))), net(None)), (None, None, None));
    }

    #[test]
    fn charges_follow_units_half_up() {
        let service = Service {
            code: ProcedureCode::NONE,
            modifiers: Modifiers::default(),
            units: 3,
            charge: Some(Cents(10_000)),
            place_of_service: *b"11",
            locality: None,
            date: Date::constant(2025, 3, 3),
        };
        let changed = |delta| {
            let one = with_units(&[service], &[(0, delta)])[0];
            (one.units, one.charge)
        };
        assert_eq!(changed(0), (3, Some(Cents(10_000))));
        assert_eq!(changed(-1), (2, Some(Cents(6_667))));
        assert_eq!(changed(-2), (1, Some(Cents(3_333))));
        assert_eq!(changed(-3), (0, Some(Cents(0))));
        assert_eq!(changed(-9), (0, Some(Cents(0))));
        assert_eq!(changed(1), (4, Some(Cents(13_333))));
        let half = Service { units: 2, charge: Some(Cents(5)), ..service };
        assert_eq!(with_units(&[half], &[(0, -1)])[0].charge, Some(Cents(3)));
        let added = Service { units: 0, charge: None, ..service };
        assert_eq!(with_units(&[added], &[(0, 1), (0, 1)])[0].units, 2);
    }
}
