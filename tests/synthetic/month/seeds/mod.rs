//! One seed for each rule. A new rule takes a few lines here: which visits will do, what is done to one, what is told.

mod courses;
mod diagnoses;
mod files;
mod front_door;
mod modifiers;
mod notes;
mod pairs;
mod providers;
mod suppressions;
mod time;

use serde_json::Value;

use super::seed::Seed;
use super::visit::Visit;

/// Every seed. Those that few visits will do for come first.
pub fn seeds() -> impl Iterator<Item = &'static Seed> {
    let families = [
        courses::SEEDS,
        modifiers::SEEDS,
        pairs::SEEDS,
        time::SEEDS,
        notes::SEEDS,
        providers::SEEDS,
        diagnoses::SEEDS,
        front_door::SEEDS,
        files::SEEDS,
        suppressions::SEEDS,
    ];
    families.into_iter().flatten()
}

fn discipline(visit: &Visit) -> String {
    visit.lines[0]["modifiers"][0].as_str().unwrap_or_default().to_owned()
}

fn one_unit(visit: &Visit) -> bool {
    visit.is_timed(1) && visit.units(1) == 1
}

/// Minutes from midnight of a clock time of the line.
pub fn minute_of(visit: &Visit, line: u16, fact: &str) -> u32 {
    let clock = visit.lines[usize::from(line) - 1].get(fact).and_then(Value::as_str).unwrap_or("00:00");
    let part = |range: std::ops::Range<usize>| clock[range].parse::<u32>().unwrap_or(0);
    part(0..2) * 60 + part(3..5)
}
