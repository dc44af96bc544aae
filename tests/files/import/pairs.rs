//! A pair table as large as CMS's: how long an import takes and how much memory, what a look-up and a check cost with it
//! loaded. A twentieth of it by default; the whole with `CLEANCLAIM_FULL_SIZE=1`, in a release build:
//! `CLEANCLAIM_FULL_SIZE=1 cargo test --release --test files as_large -- --nocapture`.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cleanclaim::claim::{Date, ProcedureCode};
use cleanclaim::engine::{self, Request};
use cleanclaim::reference::Reference;
use cleanclaim::source::Named;
use cleanclaim::store::Store;

use super::{ended, program};
use crate::support::{pair_table, request};

/// The most memory that a process had, in kilobytes, asked while it runs. `None` where the system does not tell.
fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

/// Imports the files through the program: how long it took, and its peak of memory.
fn imported(store: &Path, files: &[std::path::PathBuf]) -> (Duration, Option<u64>) {
    let start = Instant::now();
    let mut command = program();
    command.args(["data", "import", "--data"]).arg(store).args(files);
    let mut child = command.stdout(std::process::Stdio::null()).spawn().expect("the program runs");
    let mut most = None;
    loop {
        most = most.max(peak(child.id()));
        if let Some(status) = child.try_wait().expect("it can be asked") {
            assert!(status.success());
            return (start.elapsed(), most);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The shortest of some runs: what the machine does besides only makes runs longer.
fn shortest(times: u32, mut run: impl FnMut()) -> Duration {
    let timed = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..times).map(|_| timed(&mut run)).min().unwrap_or_default()
}

fn loaded(store: &Path) -> Reference {
    let store = Store::open(store).expect("a sound store").expect("a store");
    Reference::with_store(Arc::new(store))
}

#[test]
fn a_pair_table_as_large_as_that_of_cms() {
    let full = std::env::var_os("CLEANCLAIM_FULL_SIZE").is_some();
    let rows = if full { pair_table::FULL } else { pair_table::FULL / 20 };
    let folder = tempfile::tempdir().expect("a folder");
    let files = pair_table::write(folder.path(), rows);
    let store = folder.path().join("store");
    let (time, memory) = imported(&store, &files);
    let bytes: u64 = Store::open(&store)
        .expect("a sound store")
        .expect("a store")
        .entries()
        .iter()
        .map(|entry| entry.bytes)
        .sum();
    let stored: u64 = Store::open(&store)
        .expect("a sound store")
        .expect("a store")
        .entries()
        .iter()
        .map(|entry| entry.rows)
        .sum();
    eprintln!(
        "{stored} rows imported in {time:?}, at most {memory:?} kB of memory, {bytes} bytes in the store"
    );
    assert!(stored * 10 >= u64::from(rows) * 8, "{stored} of {rows}");
    assert!(bytes <= 42_000_000, "{bytes} bytes");
    assert!(time < Duration::from_secs(60), "{time:?}");
    assert!(memory.is_none_or(|kilobytes| kilobytes < 300 << 10), "{memory:?}");

    // Opened, not read: neither the manifest nor the first price needs the rows.
    let open = shortest(20, || {
        black_box(loaded(&store));
    });
    let start = |with: bool| {
        shortest(20, || {
            let mut command = program();
            command.args(["price", "97124", "--date", "2025-03-03"]);
            if with {
                command.arg("--data").arg(&store);
            }
            assert_eq!(ended(&mut command).code, 0);
        })
    };
    eprintln!("opened in {open:?}; `price` ends after {:?} with it, {:?} without", start(true), start(false));
    assert!(open < Duration::from_millis(10), "{open:?}");

    // Every two of some hundred codes, over and over.
    let reference = loaded(&store);
    let codes: Vec<ProcedureCode> = (97_000..97_300)
        .filter_map(|number: u32| ProcedureCode::new(number.to_string().as_bytes()))
        .collect();
    let date = Date::constant(2025, 3, 3);
    let mut found = 0_u64;
    let first = Instant::now();
    for &one in &codes {
        for &other in &codes {
            found += u64::from(reference.ncci_pair(one, other, date).is_some());
        }
    }
    let first = first.elapsed();
    let again = shortest(5, || {
        for &one in &codes {
            for &other in &codes {
                black_box(reference.ncci_pair(one, other, date));
            }
        }
    });
    let each = again / (codes.len() * codes.len()) as u32;
    let each_first = first / (codes.len() * codes.len()) as u32;
    eprintln!(
        "{found} pairs found; a look-up takes {each_first:?} at first, blocks and index read, then {each:?}"
    );
    assert!(reference.trouble().is_none());
    answers_as_written(&reference, &files);
    let (column1, column2) = pair_table::KNOWN;
    let code = |text: &str| ProcedureCode::new(text.as_bytes()).expect("a code");
    assert_eq!(reference.ncci_pair(code(column1), code(column2), date).map(|pair| pair.indicator), Some(0));
    // A debug build on a busy machine is no measure.
    if full {
        assert!(each < Duration::from_micros(1), "{each:?}");
        costs_the_same(&store);
    }
}

/// Every thousandth line of the files, read by another road: in force on a day or not.
fn answers_as_written(reference: &Reference, files: &[std::path::PathBuf]) {
    let day = Date::constant(2012, 7, 4);
    let code = |text: &str| ProcedureCode::new(text.as_bytes()).expect("a code");
    let (mut asked, mut in_force) = (0, 0);
    for file in files {
        let text = std::fs::read_to_string(file).expect("a file of pairs");
        for line in text.lines().skip(3).step_by(997) {
            let fields: Vec<&str> = line.split('\t').collect();
            let indicator = fields[5];
            let holds = fields[3] <= "20120704" && (fields[4] == "*" || fields[4] >= "20120704");
            let expected = (holds && indicator != "9").then(|| indicator.parse::<u8>().expect("a digit"));
            let found = reference.ncci_pair(code(fields[0]), code(fields[1]), day);
            assert_eq!(found.map(|pair| pair.indicator), expected, "{line}");
            asked += 1;
            in_force += i32::from(expected.is_some());
        }
    }
    assert!(asked > 100 && in_force > 20, "{asked} asked, {in_force} in force");
}

/// The check of a file with the table loaded costs the same as without, within a tenth; the pairs of both tables differ, so
/// what is found differs, and only reading, rules and look-ups are compared on a file without findings of pairs.
fn costs_the_same(store: &Path) {
    let mut file = Vec::new();
    let plan =
        crate::synthetic::Plan { seed: 1, amount: crate::synthetic::Amount::Bytes(16 << 20), flagged: 0.0 };
    crate::synthetic::write_837p(&mut file, &plan, crate::synthetic::Style::default()).expect("written");
    let inputs = [Named::memory("a.837", &file)];
    let run = |reference: &Reference| {
        let request = Request { reference: reference.clone(), ..request(Date::constant(2025, 4, 2)) };
        black_box(engine::check(&request, &inputs));
    };
    let (with, without) = (loaded(store), Reference::builtin());
    let (mut one, mut other) = (Duration::MAX, Duration::MAX);
    for _ in 0..7 {
        one = one.min(shortest(1, || run(&with)));
        other = other.min(shortest(1, || run(&without)));
    }
    eprintln!("a check of 16 MB takes {one:?} with it, {other:?} without");
    assert!(one < other * 11 / 10, "{one:?} with it, {other:?} without");
}
