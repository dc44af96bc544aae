//! Acknowledgements of broken files: a reader that knows nothing of their writer takes each.

use cleanclaim::engine;
use cleanclaim::report::{Redaction, acknowledgement};
use cleanclaim::source::Named;

use super::acknowledgement_reader::valid;
use super::shared::{request, written};

pub(crate) fn run(bytes: &[u8]) {
    let run = engine::check(&request(), &[Named::memory("input", bytes)]);
    for redaction in [Redaction::Default, Redaction::Full, Redaction::ShowPhi] {
        let text = written(&|out| acknowledgement::render(&run, redaction, out));
        if !text.is_empty() {
            valid(&text);
        }
    }
}
