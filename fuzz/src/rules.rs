//! Rule files: refused with their mistakes drawn, or put to claims.

use cleanclaim::engine::{self, Request};
use cleanclaim::rules::{RuleFile, RuleSet};
use cleanclaim::source::Named;

use super::shared::{CLINIC_DAY, every_report, places_lie_inside, request};

pub(crate) fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let file = RuleFile { name: "own.yaml".to_owned(), text: text.into() };
    match RuleSet::of(&[file]) {
        Ok(rules) => {
            if let Err(mistakes) = rules.examples() {
                assert!(!mistakes.render(80, false, true).is_empty());
            }
            let request = Request { rules, ..request() };
            let run = engine::check(&request, &[Named::memory("day.837", CLINIC_DAY.as_bytes())]);
            places_lie_inside(&run, CLINIC_DAY.len());
            every_report(&run);
        }
        Err(mistakes) => {
            for (width, unicode) in [(20, false), (80, true)] {
                assert!(!mistakes.render(width, unicode, unicode).is_empty());
            }
        }
    }
}
