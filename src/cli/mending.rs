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

/// Checks the inputs, mends what can be mended, and checks what is left. Standard input is read to its end and mended
/// aside; the caller writes it.
///
/// # Errors
/// Those of `check`; a file that cannot be mended. No file is written then, except where the system fails while
/// they are put in their places. Files that were put there before stay mended, and the error says so.
pub(super) fn fixed(
    inputs: &mut [Named],
    check: impl Fn(&[Named]) -> Result<Watched, Trouble>,
) -> Result<Watched, Trouble> {
    hold(inputs)?;
    let mut done = Done::default();
    match mended(inputs, check, &mut done) {
        Ok(mut watched) => {
            watched.run.notes.extend(done.told(|_| true));
            Ok(watched)
        }
        Err(trouble) => {
            let in_place = |file: u32| matches!(inputs.get(file as usize), Some(Named::File { .. }));
            Err(match done.told(in_place) {
                Some(told) => trouble.with_note(&format!("before that {told}")),
                None => trouble,
            })
        }
    }
}

/// Mends what `--diff` shows, and checks what is left. `done` has what was mended, however it ends.
fn mended(
    inputs: &mut [Named],
    check: impl Fn(&[Named]) -> Result<Watched, Trouble>,
    done: &mut Done,
) -> Result<Watched, Trouble> {
    let originals: Vec<Option<Original>> = inputs.iter().map(Original::of).collect();
    let watched = check(inputs)?;
    let run = &watched.run;
    let patches = mend::plan(run);
    if patches.is_empty() {
        return Ok(watched);
    }
    let mut ready = Vec::new();
    let mut piped = Vec::new();
    for patch in &patches {
        let at = patch.file as usize;
        let packed = || Trouble::message(MendError::Packed(run.files[at].name.clone()).to_string());
        match (&originals[at], &inputs[at]) {
            (Some(original), _) => ready.push((patch, original.mended(&patch.edits).map_err(refused)?)),
            (None, Named::Spooled { .. }) => {
                piped.push((patch, aside(&inputs[at], patch)?.ok_or_else(packed)?));
            }
            _ => return Err(packed()),
        }
    }
    for (_, one) in &ready {
        one.verify().map_err(refused)?;
    }
    for (patch, one) in ready {
        one.put().map_err(refused)?;
        done.add(patch, run);
    }
    for (patch, named) in piped {
        inputs[patch.file as usize] = named;
        done.add(patch, run);
    }
    check(inputs)
}

/// What was mended.
#[derive(Default)]
struct Done {
    /// By input: faults by the code of their rule.
    files: BTreeMap<u32, BTreeMap<String, u64>>,
}

impl Done {
    fn add(&mut self, patch: &Patch, run: &Run) {
        let mended = self.files.entry(patch.file).or_default();
        for finding in patch.findings.iter().filter_map(|index| run.findings.get(*index)) {
            *mended.entry(finding.code.clone()).or_default() += 1;
        }
    }

    /// Says what was mended in those inputs that are `meant`; `None` if nothing was.
    fn told(&self, meant: impl Fn(u32) -> bool) -> Option<String> {
        let mut mended: BTreeMap<&str, u64> = BTreeMap::new();
        let mut files: usize = 0;
        for (_, faults) in self.files.iter().filter(|(file, _)| meant(**file)) {
            files += 1;
            for (code, count) in faults {
                *mended.entry(code).or_default() += count;
            }
        }
        let all: u64 = mended.values().sum();
        let counts: Vec<String> = mended.iter().map(|(code, count)| format!("{code} {count}")).collect();
        let faults = if all == 1 { "fault" } else { "faults" };
        let files = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
        (all > 0).then(|| format!("--fix mended {all} {faults} of format in {files}: {}", counts.join(", ")))
    }
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

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::claim::Date;
    use crate::engine::{self, Asked, Request};
    use crate::reference::Reference;
    use crate::rules::RuleSet;

    const AS_OF: Date = Date::constant(2025, 3, 10);

    /// A clean file, and the same with a fault of format.
    fn texts() -> (String, String) {
        let clean = include_str!("../../fixtures/clean.837");
        (clean.to_owned(), clean.replacen("SE*124*0001~", "SE*9*0001~", 1))
    }

    /// Mends a file and what was piped; the check of this number fails.
    fn fixed_till(failing: u32, file: &Path, piped: &str) -> Result<Watched, Trouble> {
        let request = Request::new(RuleSet::builtin(), Reference::builtin(), AS_OF);
        let checks = Cell::new(0);
        let check = |inputs: &[Named]| {
            checks.set(checks.get() + 1);
            if checks.get() == failing {
                return Err(Trouble::message("a table is gone"));
            }
            Ok(engine::check_watching(&request, inputs, &Asked::default()))
        };
        let spool = Spool::of(piped.as_bytes()).expect("a temporary file");
        let file = Named::File { path: file.to_owned(), from_directory: false };
        fixed(&mut [file, Named::Spooled { name: "-".to_owned(), spool }], check)
    }

    #[test]
    fn what_was_mended_before_a_failure_is_told() {
        let (clean, faulty) = texts();
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("day.837");
        let said = |failing, text: &str, piped: &str| {
            fs::write(&path, text).expect("a file");
            let said = fixed_till(failing, &path, piped).map(|watched| watched.run.notes.join("; "));
            let left = fs::read_to_string(&path).expect("a file");
            (said.map_err(|trouble| trouble.to_string()), left == clean)
        };
        let plain = || Err("error: a table is gone".to_owned());
        assert_eq!(said(1, &faulty, &faulty), (plain(), false));
        // What was piped is written nowhere yet.
        let mended = "--fix mended 1 fault of format in 1 file: X02 1";
        let told = Err(format!("error: a table is gone\nnote: before that {mended}"));
        assert_eq!(said(2, &faulty, &faulty), (told, true));
        assert_eq!(said(2, &clean, &faulty), (plain(), true));
        let (whole, is_clean) = said(0, &faulty, &clean);
        assert!(is_clean && whole.as_ref().is_ok_and(|notes| notes.contains(mended)), "{whole:?}");
    }
}
