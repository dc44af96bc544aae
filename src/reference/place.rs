use super::Reference;
use super::table::Table;

const PLACES: Table = Table::new(include_str!("../../reference/place_of_service.tsv"));

pub(super) const TABLES: [Table; 1] = [PLACES];

impl Reference {
    /// Whether the fee schedule pays its facility rate there. An unknown place is not a facility.
    pub fn is_facility(&self, place_of_service: [u8; 2]) -> bool {
        PLACES.find(&place_of_service).is_some_and(|row| row.letter(1) == b'F')
    }

    /// Whether CMS lists the place of service.
    pub fn is_place_of_service(&self, place_of_service: [u8; 2]) -> bool {
        PLACES.find(&place_of_service).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_at_the_facility_rate() {
        let reference = Reference::builtin();
        let facilities: Vec<String> = (0..100)
            .map(|number| format!("{number:02}"))
            .filter(|place| reference.is_facility(<[u8; 2]>::try_from(place.as_bytes()).unwrap()))
            .collect();
        assert_eq!(facilities.join(" "), "02 06 08 19 21 22 23 24 26 31 34 41 42 51 52 53 56 61");
        assert!(reference.is_place_of_service(*b"11") && !reference.is_place_of_service(*b"98"));
        assert!(!reference.is_facility([0, 0]));
    }
}
