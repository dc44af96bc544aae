//! The session log before the first pass: which of its rows fit which claims of the run.
//!
//! A row that could mean two claims must be joined to neither, and the second may be the last claim of the last file. So
//! the inputs are read twice where there is a log; standard input is put by for it.

use crate::claim::Claim;
use crate::input::{self, ClaimSink, Cutter, Fault, GuideCheck};
use crate::side::{Matches, SessionLog, Sessions, Sighting};
use crate::source::{Named, SourceError, Unit};

use super::Request;
use super::pool::{self, Step};
use super::progress::Tally;

/// The inputs as they can be read twice, where there is need of it: standard input is put by.
///
/// # Errors
/// The index of standard input, and why it could not be read.
pub(super) fn hold(are_read_twice: bool, files: &mut [Named]) -> Result<(), (u32, String)> {
    if !are_read_twice {
        return Ok(());
    }
    for (at, file) in (0_u32..).zip(files) {
        *file = file.held().map_err(|error| (at, SourceError::reading(&file.name(), error).to_string()))?;
    }
    Ok(())
}

/// The rows that fit the claims of `files` without doubt; `None` without a log.
pub(super) fn fitting<'r>(request: &'r Request, files: &[Named]) -> Option<Sessions<'r>> {
    let log = &request.sessions;
    if log.is_empty() {
        return None;
    }
    let mut matches = Matches::new(log);
    let mut tally = Tally::new(request.progress.as_deref(), files, 2);
    let steps = super::steps::of_files(files, files.len(), request.unit_size, &request.maps);
    // What cannot be read is named in the first pass.
    pool::in_order(
        steps,
        request.threads,
        || (),
        |(), unit| (unit.bytes.len() as u64, seen(&unit, log)),
        |step| match step {
            Step::Work((bytes, sightings)) => {
                tally.unit(bytes, 0, 0);
                matches.add(&sightings);
            }
            Step::Mark(mark) => tally.mark(&mark),
        },
    );
    Some(matches.settle())
}

fn seen(unit: &Unit, log: &SessionLog) -> Vec<Sighting> {
    let mut looking = Looking { log, seen: Vec::new() };
    input::read(unit, GuideCheck::Off, &mut looking);
    looking.seen
}

/// Looks for the claims that a log names.
struct Looking<'l> {
    log: &'l SessionLog,
    seen: Vec<Sighting>,
}

impl ClaimSink for Looking<'_> {
    fn claim(&mut self, claim: &Claim<'_>, _: &dyn Cutter) {
        self.log.see(claim, &mut self.seen);
    }

    fn fault(&mut self, _: u32, _: Fault, _: &dyn Cutter) {}
}
