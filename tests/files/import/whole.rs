//! A store is whole: before an import, behind it, and whatever stops one midway.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use cleanclaim::claim::{Date, ProcedureCode};
use cleanclaim::import;
use cleanclaim::reference::{Fee, Reference};
use cleanclaim::store::{Change, Step, Store};

use super::{data, ended, import as import_files, price, program};
use crate::support::tables::{TODAY, official, wishes};
use crate::support::{pair_table, repository};

/// What the tables of a store answer, read anew.
fn practice_of(folder: &Path, text: &str, date: Date) -> Option<u32> {
    let store = Store::open(folder).expect("a sound store").expect("a store");
    let reference = Reference::with_store(Arc::new(store));
    let code = ProcedureCode::new(text.as_bytes()).expect("a code");
    let fee = reference.fee(code, None, None, date);
    assert!(reference.trouble().is_none(), "{:?}", reference.trouble());
    match fee {
        Fee::Priced(rate) => Some(rate.practice),
        _ => None,
    }
}

/// One release is replaced, others come beside it; the import is stopped before each of its steps.
#[test]
fn an_import_that_fails_at_any_step_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    import_files(folder.path(), &["PPRRVU25_JAN.csv", "GPCI2025.csv"]);
    // The same release with another figure.
    let changed = folder.path().join("PPRRVU25_JAN.csv");
    let text = fs::read_to_string(official("PPRRVU25_JAN.csv")).expect("a fixture");
    fs::write(&changed, text.replace("97124,,-,A,,0.35,0.60", "97124,,-,A,,0.35,0.99")).expect("written");
    let files: Vec<PathBuf> =
        vec![changed, official("modifiers.csv"), official("MCR_MUE_PractitionerServices_Eff_07-01-2026.csv")];
    let reading = import::read(&files, &wishes()).expect("files that can be imported");
    let before = Store::open(folder.path()).expect("a sound store").expect("a store").entries().to_vec();
    let date = Date::constant(2025, 2, 3);
    let (mut failed, mut seen) = (Vec::new(), Vec::new());
    loop {
        let mut left = failed.len();
        let mut stopped_at = None;
        let change = Change::begin(folder.path()).expect("a store to change");
        let run = change.add_watched(&reading.tables, TODAY, &mut |step| match left {
            0 => {
                stopped_at = Some(step.clone());
                Err(io::Error::other("the disk is full"))
            }
            _ => {
                left -= 1;
                seen.push(step.clone());
                Ok(())
            }
        });
        let Some(step) = stopped_at else {
            run.expect("nothing stopped it");
            break;
        };
        let error = run.expect_err("it was stopped").to_string();
        assert!(error.contains("the disk is full; the tables are as they were"), "{error}");
        let found = Store::open(folder.path()).expect("a sound store").expect("a store");
        assert_eq!(found.entries(), before, "{step:?}");
        assert_eq!(practice_of(folder.path(), "97124", date), Some(60), "{step:?}");
        failed.push(step);
    }
    let has = |wanted: fn(&Step) -> bool| failed.iter().any(wanted);
    assert!(
        seen.iter().any(|step| matches!(step, Step::Sweep(_))),
        "a later try sweeps what an earlier one left"
    );
    assert!(has(|step| matches!(step, Step::Write(_))) && has(|step| matches!(step, Step::Name(_))));
    assert_eq!(failed.last(), Some(&Step::ReplaceManifest), "{failed:?}");
    assert_eq!(practice_of(folder.path(), "97124", date), Some(99));
    assert_eq!(data("verify", folder.path(), ["--as-of", "2025-01-15"]).code, 0);
    // What the change left behind is swept by the next one, which leaves nothing behind: it brings the same tables.
    let again = Change::begin(folder.path()).expect("a store to change");
    again.add(&reading.tables, TODAY).expect("nothing stops it");
    let kept = Store::open(folder.path()).expect("a sound store").expect("a store").entries().len();
    assert_eq!(fs::read_dir(folder.path().join("tables")).expect("a folder").count(), kept);
}

#[test]
fn an_import_that_is_killed_changes_nothing_or_everything() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = folder.path().join("store");
    import_files(&store, &["PPRRVU25_JAN.csv", "ccipra-v322r0-f4.TXT"]);
    let before = fs::read_to_string(store.join("manifest.json")).expect("a manifest");
    let files = pair_table::write(folder.path(), pair_table::FULL / 40);
    let mut midway = 0;
    for milliseconds in (0..200).step_by(20) {
        let mut child = program()
            .args(["data", "import", "--data"])
            .arg(&store)
            .args(&files)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        std::thread::sleep(Duration::from_millis(milliseconds));
        child.kill().expect("killed");
        child.wait().expect("it ends");
        let after = fs::read_to_string(store.join("manifest.json")).expect("a manifest");
        let verified = data("verify", &store, ["--as-of", "2025-01-15"]);
        // What stood there before is out of date; what takes its place is not.
        let code = i32::from(after == before);
        assert_eq!(verified.code, code, "after {milliseconds} ms: {}", verified.err);
        assert_eq!(practice_of(&store, "97124", Date::constant(2025, 2, 3)), Some(60));
        if after == before {
            midway += 1;
        } else {
            let parts = after.matches("\"ncci-ptp\"").count();
            assert_eq!(parts, 4, "all four files or none, after {milliseconds} ms");
            break;
        }
    }
    assert!(midway > 0, "no import was stopped midway");
    let run = data("import", &store, &files);
    assert_eq!(run.code, 0, "{}", run.err);
}

#[test]
fn two_imports_at_once_are_both_done() {
    for _ in 0..4 {
        let folder = tempfile::tempdir().expect("a folder");
        let names = ["PPRRVU25_JAN.csv", "GPCI2025.csv", "modifiers.csv", "ZIP5_JAN2026.txt"];
        let children: Vec<_> = names
            .iter()
            .map(|name| {
                let mut command = program();
                command.args(["data", "import", "--data"]).arg(folder.path()).arg(official(name));
                command.stdout(Stdio::null()).spawn().expect("the program runs")
            })
            .collect();
        for mut child in children {
            assert!(child.wait().expect("it ends").success());
        }
        let entries = Store::open(folder.path()).expect("a sound store").expect("a store").entries().len();
        assert_eq!(entries, names.len());
    }
}

/// Whoever opened a store before an import still finds what was in it.
#[test]
fn a_run_under_way_does_not_notice_an_import() {
    let folder = tempfile::tempdir().expect("a folder");
    import_files(folder.path(), &["PPRRVU25_JAN.csv", "ccipra-v322r0-f4.TXT"]);
    let opened = Store::open(folder.path()).expect("a sound store").expect("a store");
    let reference = Reference::with_store(Arc::new(opened));
    import_files(folder.path(), &["PPRRVU25_JAN.csv", "ccipra-v322r0-f4.TXT", "modifiers.csv"]);
    let code = |text: &str| ProcedureCode::new(text.as_bytes()).expect("a code");
    let date = Date::constant(2025, 2, 3);
    assert!(matches!(reference.fee(code("97124"), None, None, date), Fee::Priced(_)));
    assert!(reference.ncci_pair(code("97140"), code("97124"), date).is_some());
    assert!(reference.trouble().is_none());
}

/// A table's file of a store.
fn table(folder: &Path, start: &str) -> PathBuf {
    let entries = fs::read_dir(folder.join("tables")).expect("a folder");
    let mut paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(start)))
        .expect(start)
}

/// `check` of a day with pairs, at a payer that applies NCCI.
fn check(folder: &Path) -> super::Ended {
    let mut command = program();
    command.args(["check", "--as-of", "2025-04-02", "--data"]).arg(folder);
    ended(command.arg(repository("fixtures/clinic-day.837")))
}

#[test]
fn a_damaged_table_is_an_error_and_never_an_empty_one() {
    for (start, damage) in [
        ("mpfs", "flip"),
        ("mpfs", "cut"),
        ("mpfs", "missing"),
        ("ncci", "flip"),
        ("ncci", "cut"),
        ("ncci", "missing"),
        ("ncci", "head"),
        ("icd10cm", "flip"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        import_files(folder.path(), &["PPRRVU25_JAN.csv", "ccipra-v322r0-f4.TXT", "icd10cm_order_2027.txt"]);
        assert_eq!(check(folder.path()).code, 1, "findings, while it is whole");
        let path = table(folder.path(), start);
        let mut bytes = fs::read(&path).expect("a table");
        match damage {
            "missing" => fs::remove_file(&path).expect("removed"),
            "cut" => fs::write(&path, &bytes[..bytes.len() / 2]).expect("written"),
            "head" => {
                bytes[3] ^= 1;
                fs::write(&path, bytes).expect("written");
            }
            // In the rows of the pair 97140 97124 all of them are.
            _ => {
                let length = bytes.len();
                bytes[length / 3..].iter_mut().for_each(|byte| *byte ^= 1);
                fs::write(&path, bytes).expect("written");
            }
        }
        let verified = data("verify", folder.path(), ["--as-of", "2025-01-15"]);
        assert_eq!(verified.code, 2, "{start} {damage}: {}", verified.out);
        assert!(
            verified.err.contains("damaged") && verified.err.contains("cleanclaim data import"),
            "{}",
            verified.err
        );
        let run = check(folder.path());
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{start} {damage}: no report is made of it");
        assert!(
            run.err.contains("damaged") && run.err.contains("again with `cleanclaim data import`"),
            "{}",
            run.err
        );
        if start == "mpfs" {
            let mut command = program();
            command.args(["price", "97124", "--date", "2025-02-03", "--data"]).arg(folder.path());
            let run = ended(&mut command);
            assert_eq!((run.code, run.out.as_str()), (2, ""), "{start} {damage}");
        }
        // Importing it again mends it.
        import_files(folder.path(), &["PPRRVU25_JAN.csv", "ccipra-v322r0-f4.TXT", "icd10cm_order_2027.txt"]);
        assert_eq!(check(folder.path()).code, 1);
    }
}

#[test]
fn a_manifest_that_makes_no_sense_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    import_files(folder.path(), &["PPRRVU25_JAN.csv"]);
    let path = folder.path().join("manifest.json");
    let sound = fs::read_to_string(&path).expect("a manifest");
    for (text, said) in [
        (
            sound.replace("\"format\": 1", "\"format\": 2"),
            "written by a later version of cleanclaim (format 2; this one knows 1)",
        ),
        (r#"{"format": 7, "shelves": []}"#.to_owned(), "format 7; this one knows 1"),
        (sound[..sound.len() / 2].to_owned(), "is damaged"),
        (String::new(), "is damaged"),
        (sound.replace("\"mpfs-RVU25A", "\"../mpfs-RVU25A"), "names a file outside the store"),
        (sound.replace("2025-01-01", "2025-13-01"), "not a date"),
    ] {
        fs::write(&path, text).expect("written");
        for run in [
            check(folder.path()),
            data("list", folder.path(), [""; 0]),
            data("import", folder.path(), [official("modifiers.csv")]),
        ] {
            assert_eq!((run.code, run.out.as_str()), (2, ""), "{said}");
            assert!(run.err.contains(said), "{said}: {}", run.err);
        }
    }
}

#[test]
fn a_place_that_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a-file");
    fs::write(&file, "no folder").expect("written");
    let run = data("import", &file.join("store"), [official("modifiers.csv")]);
    assert!(
        run.code == 2 && run.err.contains("cannot write") && run.err.contains("as they were"),
        "{}",
        run.err
    );
}

/// A limit on the size of files stands for a full disk: writing fails midway.
#[cfg(unix)]
#[test]
fn a_full_disk_is_an_error_and_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = folder.path().join("store");
    import_files(&store, &["PPRRVU25_JAN.csv"]);
    let before = fs::read_to_string(store.join("manifest.json")).expect("a manifest");
    let files = pair_table::write(folder.path(), pair_table::FULL / 100);
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_cleanclaim")]);
    command.args(["data", "import", "--data"]).arg(&store).args(&files);
    let run = ended(&mut command);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
    assert!(
        run.err.contains("cannot write") && run.err.contains("the tables are as they were"),
        "{}",
        run.err
    );
    assert_eq!(fs::read_to_string(store.join("manifest.json")).expect("a manifest"), before);
}

#[test]
fn a_named_store_must_be_there_and_the_usual_one_need_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = check(&folder.path().join("mistyped"));
    assert!(run.code == 2 && run.err.contains("no tables were imported into"), "{}", run.err);
    let home = folder.path().join("home");
    import_files(&home.join("cleanclaim"), &["PPRRVU2027_Jan_nonQPP.csv"]);
    let usual = |home: &Path| {
        let mut command = program();
        command.env("XDG_DATA_HOME", home);
        ended(command.args(["price", "97124", "--date", "2027-03-03"]))
    };
    assert_eq!(usual(&home).code, 0);
    assert!(usual(folder.path()).err.contains("no 2027 fee schedule is loaded"));
    let answer = price(&home.join("cleanclaim"), &["97124", "--date", "2027-03-03"]);
    assert_eq!(answer["release"], "RVU27A");
}

/// A report names the imported release that its prices rest on.
#[test]
fn a_report_names_the_release_that_was_used() {
    let folder = tempfile::tempdir().expect("a folder");
    import_files(folder.path(), &["PPRRVU25_JAN.csv", "ccipra-v322r0-f4.TXT"]);
    let run = check(folder.path());
    assert_eq!(run.code, 1, "{}", run.err);
    for said in ["Medicare fee schedule RVU25A · national rates", "NCCI pairs 2026Q3 · as of 2025-04-02"] {
        assert!(run.out.contains(said), "{said}: {}", run.out);
    }
    let mut command = program();
    command.args(["check", "--as-of", "2025-04-02", "--output", "json", "--data"]).arg(folder.path());
    let run = ended(command.arg(repository("fixtures/clinic-day.837")));
    let report: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    let tables = report["tables"].as_array().expect("tables");
    let releases = |name: &str| -> Vec<&str> {
        let named = tables.iter().filter(|table| table["name"] == name);
        named.filter_map(|table| table["release"].as_str()).collect()
    };
    assert_eq!(releases("ncci-ptp"), ["2026Q3"], "one that is replaced is not in force");
    assert_eq!(releases("mpfs"), ["RVU25A", "RVU25D", "RVU26A"]);
}
