//! `check --fix` and `check --diff`: faults of format, mended in place or shown.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::exit;
use super::trouble::Trouble;
use crate::engine::Watched;
use crate::finding::{Change, Run, Verdict};
use crate::mend::{self, MendError, Original, Patch};
use crate::report::Masking;
use crate::report::diff::{self, DiffOptions};
use crate::source::{Input, Named, Spool};

/// Times that a run is mended and checked again. One is enough, unless two findings want the same bytes.
const ROUNDS: usize = 4;

/// Checks the inputs, mends what can be mended, and checks what is left. Standard input is read to its end and mended
/// aside; the caller writes it.
///
/// # Errors
/// Those of `check`; a file that cannot be mended. Then none has been written, except where the system fails while they
/// are put in their places.
pub(super) fn fixed(
    inputs: &mut [Named],
    check: impl Fn(&[Named]) -> Result<Watched, Trouble>,
) -> Result<Watched, Trouble> {
    hold(inputs)?;
    let mut mended: BTreeMap<String, u64> = BTreeMap::new();
    let mut files: Vec<u32> = Vec::new();
    for _ in 0..ROUNDS {
        let originals: Vec<Option<Original>> = inputs.iter().map(Original::of).collect();
        let Watched { run, matches, timings } = check(inputs)?;
        let patches = mend::plan(&run);
        if patches.is_empty() {
            return Ok(Watched { run: told(run, &mended, &mut files), matches, timings });
        }
        let mut ready = Vec::new();
        let mut piped = Vec::new();
        for patch in &patches {
            let at = patch.file as usize;
            let packed = || Trouble::message(MendError::Packed(run.files[at].name.clone()).to_string());
            match (&originals[at], &inputs[at]) {
                (Some(original), _) => ready.push(original.mended(&patch.edits).map_err(refused)?),
                (None, Named::Spooled { .. }) => {
                    piped.push((at, aside(&inputs[at], patch)?.ok_or_else(packed)?));
                }
                _ => return Err(packed()),
            }
        }
        for one in &ready {
            one.verify().map_err(refused)?;
        }
        for one in ready {
            one.put().map_err(refused)?;
        }
        for (at, named) in piped {
            inputs[at] = named;
        }
        for patch in &patches {
            files.push(patch.file);
            for finding in patch.findings.iter().filter_map(|index| run.findings.get(*index)) {
                *mended.entry(finding.code.clone()).or_default() += 1;
            }
        }
    }
    let Watched { run, matches, timings } = check(inputs)?;
    Ok(Watched { run: told(run, &mended, &mut files), matches, timings })
}

fn refused(error: MendError) -> Trouble {
    Trouble::message(error.to_string())
}

/// Puts standard input by, so that it can be read as often as it takes.
fn hold(inputs: &mut [Named]) -> Result<(), Trouble> {
    for input in inputs {
        *input = input.held().map_err(|error| Trouble::reading(input.name(), &error))?;
    }
    Ok(())
}

/// Standard input with its edits; `None` if it is packed.
fn aside(named: &Named, patch: &Patch) -> Result<Option<Named>, Trouble> {
    let Named::Spooled { name, spool } = named else { return Ok(None) };
    if spool.is_gzip().map_err(|error| Trouble::reading(name, &error))? {
        return Ok(None);
    }
    let mended = Spool::with(|out| {
        let mut out = io::BufWriter::with_capacity(1 << 16, out);
        mend::apply(&patch.edits, &mut spool.reader(), &mut out)?;
        out.flush()
    });
    let spool = mended.map_err(|error| Trouble::writing("a temporary file", &error))?;
    Ok(Some(Named::Spooled { name: name.clone(), spool }))
}

/// Says in the run's notes what was mended.
fn told(mut run: Run, mended: &BTreeMap<String, u64>, files: &mut Vec<u32>) -> Run {
    files.sort_unstable();
    files.dedup();
    let all: u64 = mended.values().sum();
    if all > 0 {
        let counts: Vec<String> = mended.iter().map(|(code, count)| format!("{code} {count}")).collect();
        let faults = if all == 1 { "fault" } else { "faults" };
        let files = if files.len() == 1 { "1 file".to_owned() } else { format!("{} files", files.len()) };
        run.notes.push(format!("--fix mended {all} {faults} of format in {files}: {}", counts.join(", ")));
    }
    run
}

/// Writes what came by standard input, mended or as it was, if anything came by it.
///
/// # Errors
/// A standard output that cannot be written; a closed pipe is none.
pub(super) fn pass_on(inputs: &[Named]) -> Result<(), Trouble> {
    for input in inputs {
        if let Named::Spooled { spool, .. } = input {
            match io::copy(&mut spool.reader(), &mut io::stdout().lock()) {
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                    return Err(Trouble::writing("standard output", &error));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Writes what --fix would change. Exit code 1 if that is something, 2 if an input was not read, else 0.
///
/// # Errors
/// Those of `check`; an input that cannot be read again; a standard output that cannot be written.
pub(super) fn shown(
    inputs: &mut [Named],
    masking: &Masking,
    colour: bool,
    check: impl Fn(&[Named]) -> Result<Run, Trouble>,
) -> Result<u8, Trouble> {
    hold(inputs)?;
    let run = check(inputs)?;
    let mut changes: Vec<Change> = Vec::new();
    for patch in mend::plan(&run) {
        let named = &inputs[patch.file as usize];
        let input = Input::open(named).map_err(|error| Trouble::message(error.to_string()))?;
        let of_file = mend::changes(input, &patch, &run);
        changes.extend(of_file.map_err(|error| Trouble::reading(named.name(), &error))?);
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    let written = diff::render(&run, &changes, masking, DiffOptions { colour }, &mut out);
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            return Err(Trouble::writing("standard output", &error));
        }
        _ => {}
    }
    super::check::complain(&run, &mut io::stderr().lock());
    let is_failed = |verdict: &Verdict| matches!(verdict, Verdict::Failed(_));
    Ok(match changes.is_empty() {
        _ if run.files.iter().any(|file| is_failed(&file.verdict)) || exit::nothing_checked(&run) => {
            exit::NOT_DONE
        }
        true => exit::DONE,
        false => exit::FINDINGS,
    })
}
