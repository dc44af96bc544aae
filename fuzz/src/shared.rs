//! What several targets need: requests, checks at several sizes, places that are held against the input, every report.

use std::path::Path;
use std::sync::LazyLock;

use cleanclaim::claim::{Claim, Date, Span};
use cleanclaim::engine::{self, Request};
use cleanclaim::finding::{Place, Run};
use cleanclaim::input::{ClaimSink, Cutter, Fault};
use cleanclaim::reference::Reference;
use cleanclaim::report::sarif::SarifOptions;
use cleanclaim::report::text::TextOptions;
use cleanclaim::report::{
    Redaction, acknowledgement, concise, csv, github, gitlab, html, json, jsonl, junit, markdown, sarif,
    statistics, text,
};
use cleanclaim::rules::RuleSet;
use cleanclaim::source::Named;
use tempfile::TempDir;

/// The day of every run.
pub(crate) const AS_OF: Date = Date::constant(2025, 4, 2);

/// A short 837P with findings: rules that were read are put to it.
pub(crate) const CLINIC_DAY: &str = include_str!("../../fixtures/clinic-day.837");

static REQUEST: LazyLock<Request> =
    LazyLock::new(|| Request::new(RuleSet::builtin(), Reference::builtin(), AS_OF));

/// A check by the built-in rules and tables.
pub(crate) fn request() -> Request {
    REQUEST.clone()
}

/// Checks an input whole, in small units and in threads, and wants the same said each time.
pub(crate) fn checked_alike(request: &Request, bytes: &[u8]) -> Run {
    let inputs = [Named::memory("input", bytes)];
    let run = engine::check(&Request { unit_size: 1 << 20, ..request.clone() }, &inputs);
    let small = engine::check(&Request { unit_size: 200, ..request.clone() }, &inputs);
    assert!(run == small, "units of 200 bytes say something else:\n{run:#?}\n{small:#?}");
    let threads = engine::check(&Request { threads: 2, unit_size: 999, ..request.clone() }, &inputs);
    assert!(run == threads, "two threads say something else:\n{run:#?}\n{threads:#?}");
    run
}

/// Wants every place of a run inside its input, and every mark of an excerpt inside its text.
pub(crate) fn places_lie_inside(run: &Run, length: usize) {
    let within = |place: &Place| assert!(lies_inside(place.span, length), "{place:?} of {length} bytes");
    for finding in &run.findings {
        within(&finding.place);
        finding.related.iter().for_each(|related| within(&related.place));
        for window in &finding.excerpt.windows {
            let marks = window.marks.iter().map(|mark| (mark.start, mark.end));
            for (start, end) in marks.chain(window.sensitive.iter().map(|one| (one.start, one.end))) {
                assert!(window.text.get(start..end).is_some(), "{finding:?}");
            }
        }
    }
}

/// Whether a span ends where the input does, or before.
pub(crate) fn lies_inside(span: Span, length: usize) -> bool {
    span.end() <= length as u64
}

/// Writes a run in every format, at a level of masking that its findings choose; each must be UTF-8, and JSON where it says so.
pub(crate) fn every_report(run: &Run) {
    let levels = [Redaction::Default, Redaction::Full, Redaction::ShowPhi];
    let redaction = levels[run.findings.len() % levels.len()];
    let look = TextOptions { redaction, ..TextOptions::default() };
    let narrow = TextOptions { width: 20, colour: true, unicode: false, ..look };
    written(&|out| text::render(run, &look, out));
    written(&|out| text::render(run, &narrow, out));
    written(&|out| concise::render(run, redaction, false, out));
    written(&|out| csv::render(run, redaction, out));
    written(&|out| github::render(run, redaction, out));
    written(&|out| html::render(run, redaction, out));
    written(&|out| junit::render(run, redaction, out));
    written(&|out| markdown::render(run, redaction, out));
    written(&|out| acknowledgement::render(run, redaction, out));
    is_json(&written(&|out| json::render(run, redaction, out)));
    is_json(&written(&|out| gitlab::render(run, redaction, out)));
    is_json(&written(&|out| sarif::render(run, &SarifOptions { redaction, ..SarifOptions::default() }, out)));
    written(&|out| jsonl::render(run, redaction, out)).lines().for_each(is_json);
    written(&|out| statistics::render(run, out));
    is_json(&written(&|out| statistics::render_json(run, out)));
}

/// What `render` writes.
pub(crate) fn written(render: &dyn Fn(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    render(&mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("reports are UTF-8")
}

fn is_json(text: &str) {
    serde_json::from_str::<serde_json::Value>(text).expect("a report that says it is JSON");
}

/// Counts claims, and holds the places of faults against the input.
pub(crate) struct Counting {
    pub(crate) claims: u32,
    pub(crate) faults: Vec<(&'static str, Span)>,
    pub(crate) length: usize,
}

impl Counting {
    pub(crate) fn new(length: usize) -> Counting {
        Counting { claims: 0, faults: Vec::new(), length }
    }
}

impl ClaimSink for Counting {
    fn claim(&mut self, claim: &Claim<'_>, _: &dyn Cutter) {
        self.claims += 1;
        assert!(lies_inside(claim.span, self.length), "{:?} of {} bytes", claim.span, self.length);
    }

    fn fault(&mut self, _: u32, fault: Fault, cutter: &dyn Cutter) {
        assert!(lies_inside(fault.span, self.length), "{fault:?} of {} bytes", self.length);
        assert!(lies_inside(cutter.place(fault.span).span, self.length), "{fault:?}");
        self.faults.push((fault.name, fault.span));
    }
}

/// A folder of this thread, in memory where there is such a place.
pub(crate) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
    made.expect("a temporary folder")
}

/// The first byte chooses among `count`; the rest is what is read.
pub(crate) fn chosen(bytes: &[u8], count: usize) -> (usize, &[u8]) {
    match bytes.split_first() {
        Some((first, rest)) => (usize::from(*first) % count, rest),
        None => (0, bytes),
    }
}
