//! Files that are not what they were: grown, cut, replaced, rewritten or gone while a run is under way.
//!
//! A named pipe among the inputs holds the run between two of them, so that it is known what it has read when the file changes.

#![cfg(unix)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use cleanclaim::claim::Date;
use cleanclaim::engine::{self, Request};
use cleanclaim::finding::{Run, Verdict};
use cleanclaim::side;
use cleanclaim::source::Named;

use super::program::{self, fixture as path_of};
use crate::support::{self, fixture};

/// What happens to a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Change {
    Grows,
    Shrinks,
    IsReplaced,
    IsRewritten,
    Disappears,
}

const CHANGES: [Change; 5] =
    [Change::Grows, Change::Shrinks, Change::IsReplaced, Change::IsRewritten, Change::Disappears];

impl Change {
    fn happens_to(self, path: &Path) {
        // A file system may keep time in ticks of some milliseconds.
        thread::sleep(Duration::from_millis(20));
        let text = fs::read_to_string(path).expect("the file");
        match self {
            Change::Grows => fs::File::options()
                .append(true)
                .open(path)
                .and_then(|mut file| file.write_all(text.as_bytes()))
                .expect("written"),
            Change::Shrinks => fs::File::options()
                .write(true)
                .open(path)
                .and_then(|file| file.set_len(text.len() as u64 / 2))
                .expect("cut"),
            Change::IsReplaced => {
                let other = path.with_extension("new");
                fs::write(&other, others(&text)).expect("written");
                fs::rename(&other, path).expect("renamed");
            }
            Change::IsRewritten => fs::write(path, others(&text)).expect("written"),
            Change::Disappears => fs::remove_file(path).expect("removed"),
        }
    }
}

/// The same bytes with other claim numbers, in the same places.
fn others(text: &str) -> String {
    assert!(text.contains("LR-"), "claims are numbered so in the fixtures");
    text.replace("LR-", "QQ-")
}

/// A run in which `changing` changes once all inputs named before `pipe` have been read.
struct Held {
    _folder: tempfile::TempDir,
    changing: PathBuf,
    pipe: PathBuf,
}

impl Held {
    fn new(content: &str) -> Held {
        let folder = tempfile::tempdir().expect("a folder");
        let (changing, pipe) = (folder.path().join("changing"), folder.path().join("pipe"));
        fs::write(&changing, content).expect("written");
        program::named_pipe(&pipe);
        Held { _folder: folder, changing, pipe }
    }

    /// Checks `[changing, pipe]`, or the other way round. Once the run reads the pipe, the file changes.
    fn checked(&self, request: &Request, pipe_first: bool, change: Change, piped: &str) -> Run {
        let named = |path: &Path| Named::File { path: path.to_owned(), from_directory: false };
        let mut inputs = [named(&self.changing), named(&self.pipe)];
        if pipe_first {
            inputs.reverse();
        }
        thread::scope(|scope| {
            let run = scope.spawn(|| engine::check(request, &inputs));
            // Opening waits for the run to open it too.
            let mut pipe = fs::File::options().write(true).open(&self.pipe).expect("a reader");
            change.happens_to(&self.changing);
            pipe.write_all(piped.as_bytes()).expect("a reader that reads");
            drop(pipe);
            run.join().expect("no panic")
        })
    }
}

static REQUEST: LazyLock<Request> = LazyLock::new(|| support::request(Date::constant(2025, 4, 2)));

fn verdict<'r>(run: &'r Run, name: &str) -> &'r Verdict {
    &run.files.iter().find(|file| file.name.ends_with(name)).expect("an input").verdict
}

#[track_caller]
fn is_told(run: &Run, change: Change) {
    let Verdict::Failed(why) = verdict(run, "changing") else {
        panic!("{change:?}: {:?}", verdict(run, "changing"));
    };
    let named = ["changed while it was checked", "cannot read"];
    assert!(named.iter().any(|named| why.contains(named)), "{change:?}: {why}");
    assert_eq!(*verdict(run, "pipe"), Verdict::Checked, "{change:?}");
}

/// It has been read, and settling reads it again for what spans both files.
#[test]
fn a_file_that_changes_before_its_claims_are_read_again() {
    let (morning, afternoon) = (fixture("split-day-morning.837"), fixture("split-day-afternoon.837"));
    for change in CHANGES {
        let run = Held::new(&morning).checked(&REQUEST, false, change, &afternoon);
        is_told(&run, change);
        assert!(!run.findings.is_empty(), "what was read is reported");
        // Nothing is cut out of what stands there now.
        let shown = format!("{:?} {:?}", run.findings, run.flagged);
        assert!(!shown.contains("QQ-"), "{change:?}");
    }
}

#[test]
fn a_file_that_changes_before_it_is_read() {
    let (morning, afternoon) = (fixture("split-day-morning.837"), fixture("split-day-afternoon.837"));
    for change in CHANGES {
        let run = Held::new(&morning).checked(&REQUEST, true, change, &afternoon);
        is_told(&run, change);
    }
}

/// With a session log the inputs are read twice, and a pipe is put by before: which rows fit is known from the first time.
#[test]
fn a_file_that_changes_before_two_passes() {
    let log = fs::read(path_of("facts/sessions.csv")).expect("a fixture");
    let sessions = side::session_log("sessions.csv", &log).expect("a log");
    let request = Request { sessions, ..REQUEST.clone() };
    let day = fixture("facts/day.837");
    let other = fixture("clean.837");
    for change in CHANGES {
        let run = Held::new(&day).checked(&request, false, change, &other);
        is_told(&run, change);
    }
}

/// JSON and tables are told as an 837P is.
#[test]
fn json_and_tables_that_change() {
    for content in [fixture("clean.jsonl"), fixture("maps/native.csv").replace("MP-", "LR-")] {
        for change in CHANGES {
            let run = Held::new(&content).checked(&REQUEST, false, change, &fixture("clean.837"));
            is_told(&run, change);
        }
    }
}

/// Through the program: the file is named, the run has failed, and what could be read is reported.
#[test]
fn a_file_that_changed_ends_in_2() {
    let held = Held::new(&fixture("clean.837"));
    let (changing, pipe) = (held.changing.clone(), held.pipe.clone());
    let run = thread::scope(|scope| {
        let arguments = [changing.as_os_str(), pipe.as_os_str()];
        let run = scope.spawn(move || program::Run::check(arguments).ended());
        let mut pipe = fs::File::options().write(true).open(&held.pipe).expect("a reader");
        Change::Grows.happens_to(&held.changing);
        pipe.write_all(fixture("split-day-morning.837").as_bytes()).expect("a reader that reads");
        drop(pipe);
        run.join().expect("no panic")
    });
    assert_eq!(run.code, Some(2), "{run:?}");
    let said = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("it changed while it was checked: run it again once it is complete"), "{said}");
}

/// An archive is told by its file.
#[test]
fn an_archive_that_changes() {
    use zip::write::SimpleFileOptions;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("day.837", SimpleFileOptions::default()).expect("a member");
    writer.write_all(fixture("split-day-morning.837").as_bytes()).expect("written");
    let packed = writer.finish().expect("an archive").into_inner();
    let held = Held::new("");
    let archive = held.changing.with_extension("zip");
    fs::write(&archive, &packed).expect("written");
    let mut inputs = cleanclaim::source::expand(std::slice::from_ref(&archive)).expect("an archive");
    inputs.push(Named::File { path: held.pipe.clone(), from_directory: false });
    let run = thread::scope(|scope| {
        let run = scope.spawn(|| engine::check(&REQUEST, &inputs));
        let mut pipe = fs::File::options().write(true).open(&held.pipe).expect("a reader");
        thread::sleep(Duration::from_millis(20));
        fs::write(&archive, &packed[..packed.len() / 2]).expect("written");
        pipe.write_all(fixture("split-day-afternoon.837").as_bytes()).expect("a reader that reads");
        drop(pipe);
        run.join().expect("no panic")
    });
    assert!(
        matches!(verdict(&run, "day.837"), Verdict::Failed(why) if why.contains("changed")),
        "{:?}",
        run.files
    );
}
