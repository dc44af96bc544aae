//! What the user accepts: suppressions and baselines, read before a run and written after it.

use std::io::Write;
use std::path::Path;

use super::exit;
use super::output;
use super::settings::{Set, Settings};
use super::trouble::Trouble;
use crate::engine;
use crate::finding::{AcceptedBy, Finding, Run, Verdict};
use crate::side::{self, Baseline, RuleName, Suppressions};
use crate::source::{HELD, WRITTEN_BY_HAND, read_bounded};

/// Reads the suppressions, which may name any of the rules that are `known`; none without a file.
///
/// # Errors
/// A file that cannot be read, or is none.
pub(super) fn suppressions(settings: &Settings, known: &[RuleName]) -> Result<Suppressions, Trouble> {
    let mut all = Suppressions::default();
    for path in settings.suppressions.iter().map(|set| &set.value) {
        let name = path.display().to_string();
        let bytes = read_bounded(path, WRITTEN_BY_HAND).map_err(|error| Trouble::reading(&name, &error))?;
        let read = side::suppressions(&name, &bytes, known);
        all.add(read.map_err(|error| Trouble::message(error.to_string()))?);
    }
    Ok(all)
}

/// Reads the baseline, if there is one.
///
/// # Errors
/// A file that cannot be read, or is none.
pub(super) fn baseline(settings: &Settings) -> Result<Option<Baseline>, Trouble> {
    let Some(Set { value: path, .. }) = &settings.baseline else { return Ok(None) };
    let name = path.display().to_string();
    let bytes = read_bounded(path, HELD).map_err(|error| Trouble::reading(&name, &error))?;
    Baseline::read(&name, &bytes).map(Some).map_err(|error| Trouble::message(error.to_string()))
}

/// Whether the baseline can be written where it is to stand, before anything is checked.
///
/// # Errors
/// A folder that is not there; a file that is something else than a baseline.
pub(super) fn may_be_written(path: Option<&Path>) -> Result<(), Trouble> {
    let Some(path) = path else { return Ok(()) };
    let name = path.display().to_string();
    let name = name.escape_debug();
    match read_bounded(path, HELD) {
        Ok(bytes) if Baseline::read(&name.to_string(), &bytes).is_err() => Err(Trouble::message(format!(
            "{name} is there and is no baseline: it is not replaced; name another file, or remove it yourself"
        ))),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            match folder.filter(|folder| !folder.is_dir()) {
                Some(_) => Err(Trouble::message(format!("cannot write {name}: there is no such folder"))),
                None => Ok(()),
            }
        }
        Err(error) => Err(Trouble::reading(name, &error)),
    }
}

/// Writes what was found as the baseline of later runs, and says so. All that stands is known from then on, so the run has
/// not failed.
///
/// # Errors
/// A run that could not be done in whole, which would make known what later runs find new; a file that cannot be written.
pub(super) fn write_baseline(path: &Path, run: &Run, err: &mut dyn Write) -> Result<u8, Trouble> {
    let name = path.display().to_string();
    let name = name.escape_debug();
    if exit::nothing_checked(run) || run.files.iter().any(|file| matches!(file.verdict, Verdict::Failed(_))) {
        return Err(Trouble::message(format!(
            "{name} is not written: not all of the inputs could be checked"
        )));
    }
    // What is said of the suppressions must be heard, and what they suppress comes back.
    let is_of_entries = |finding: &Finding| {
        let file = run.files.get(finding.file as usize);
        file.is_some_and(|file| file.verdict == Verdict::Suppressions)
    };
    let is_suppressed = |finding: &Finding| {
        finding.accepted.as_ref().is_some_and(|accepted| accepted.by == AcceptedBy::Suppression)
    };
    let found: Vec<&Finding> =
        run.findings.iter().filter(|finding| !is_of_entries(finding) && !is_suppressed(finding)).collect();
    let fingerprints =
        found.iter().map(|finding| (finding.code.as_str(), engine::common_fingerprint(finding)));
    let mut text = Vec::new();
    Baseline::of(fingerprints)
        .write(env!("CARGO_PKG_VERSION"), &run.as_of, &mut text)
        .map_err(|error| Trouble::writing(&name, &error))?;
    output::put(path, &text)?;
    let plural = if found.len() == 1 { "" } else { "s" };
    // Where standard error is closed, the exit code still tells.
    let _ = writeln!(err, "{name}: {} finding{plural} written; check with --baseline {name}", found.len());
    Ok(exit::DONE)
}
