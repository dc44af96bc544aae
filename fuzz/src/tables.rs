//! Tables and JSON of other shapes, read by maps: ready-made ones, or the one that the input brings.
//!
//! An input may begin with a map of its own, ended by a line `...`.

use std::sync::Arc;

use cleanclaim::engine::Request;
use cleanclaim::maps::{self, Choice};
use cleanclaim::rules::RuleFile;

use super::shared::{checked_alike, every_report, places_lie_inside, request};

pub(crate) fn run(bytes: &[u8]) {
    const END: &[u8] = b"\n...\n";
    let end = bytes.windows(END.len()).position(|window| window == END);
    let (asked, table) = match end {
        Some(end) => match std::str::from_utf8(&bytes[..end]) {
            Ok(text) => (map(text), &bytes[end + END.len()..]),
            Err(_) => return,
        },
        None => (None, bytes),
    };
    let request = Request { maps: Choice { asked }, ..request() };
    let run = checked_alike(&request, table);
    places_lie_inside(&run, table.len());
    every_report(&run);
}

fn map(text: &str) -> Option<Arc<maps::Map>> {
    match maps::read(&RuleFile { name: "own.yaml".to_owned(), text: text.into() }) {
        Ok(map) => Some(Arc::new(map)),
        Err(mistakes) => {
            assert!(!mistakes.render(80, false, true).is_empty());
            None
        }
    }
}
