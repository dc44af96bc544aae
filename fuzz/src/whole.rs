//! The whole check: the same findings at any size of units and any number of threads, at places of the input, in every format;
//! what a run writes as JSON is read back.

use cleanclaim::report::{Redaction, json, saved};

use super::shared::{checked_alike, every_report, places_lie_inside, request, written};

pub(crate) fn run(bytes: &[u8]) {
    let run = checked_alike(&request(), bytes);
    places_lie_inside(&run, bytes.len());
    every_report(&run);
    let text = written(&|out| json::render(&run, Redaction::ShowPhi, out));
    saved::read(text.as_bytes()).expect("what was written is read back");
}
