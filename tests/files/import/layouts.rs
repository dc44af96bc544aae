use super::{data, import};
use crate::support::tables::official;

/// What each file is said to be.
#[test]
fn every_layout_is_recognised() {
    for (name, said) in [
        ("PPRRVU25_JAN.csv", "mpfs RVU25A, 10 rows, 2025-01-01 to 2025-12-31; beside the built-in RVU25D"),
        ("PPRRVU25_JUL.txt", "mpfs RVU25C, 10 rows, 2025-07-01 to 2025-12-31"),
        ("PPRRVU2026_Apr_nonQPP.csv", "mpfs RVU26B, 10 rows, 2026-04-01 to 2026-12-31"),
        ("PPRRVU2026_Apr_QPP.csv", "mpfs-qpp RVU26B, 10 rows"),
        ("GPCI2025.csv", "gpci CY2025, 3 rows, 2025-01-01 to 2025-12-31"),
        ("GPCI2026.csv", "gpci CY2026, 2 rows"),
        (
            "ZIP5_JAN2026.txt",
            "zip-locality 2026Q1, 4 rows, from 2026-01-01; in the place of the built-in 2025Q4",
        ),
        ("ccipra-v322r0-f4.TXT", "ncci-ptp 2026Q3 f4, 7 rows, from 2026-07-01; replaces the built-in"),
        ("MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", "mue 2026Q3, 4 rows, from 2026-07-01"),
        ("icd10cm_order_2027.txt", "icd10cm FY2027, 8 rows, 2026-10-01 to 2027-09-30"),
        ("nucc_taxonomy_250.csv", "nucc-taxonomy 25.0, 6 rows, 2025-01-01 to 2025-06-30"),
        ("procedure-codes.csv", "procedure-codes 20"),
        ("modifiers.csv", "modifiers 20"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let out = import(folder.path(), &[name]);
        assert!(out.starts_with(&format!("{name}: ")) && out.contains(said), "{name}: {out}");
        assert!(out.contains("1 table imported into"), "{out}");
        let listed = data("list", folder.path(), [""; 0]);
        assert!(listed.out.contains(&format!("{name}, imported 20")), "{}", listed.out);
        let again = import(folder.path(), &[name]);
        assert!(again.contains("whose file was the same") || again.contains("replaces the one"), "{again}");
    }
}

/// What a file is, is told by what stands in it; its name may say anything.
#[test]
fn a_file_is_known_by_its_content() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, other) in [
        ("PPRRVU25_JAN.csv", "schedule.txt"),
        ("GPCI2025.csv", "PPRRVU25_JAN.csv"),
        ("ZIP5_JAN2026.txt", "GPCI2025.csv"),
        ("modifiers.csv", "nucc_taxonomy_250.csv"),
    ] {
        let path = folder.path().join(other);
        std::fs::copy(official(name), &path).expect("a copy");
        let run = data("import", &folder.path().join("store"), [path]);
        let table = match name {
            "PPRRVU25_JAN.csv" => "mpfs RVU25A",
            "GPCI2025.csv" => "gpci",
            "ZIP5_JAN2026.txt" => "zip-locality 2026Q1",
            _ => "modifiers",
        };
        assert!(run.code == 0 && run.out.contains(table), "{name} as {other}: {}{}", run.out, run.err);
    }
}

/// Where a file is damaged, with line and column.
#[test]
fn damaged_files_are_refused_at_their_place() {
    for (name, said) in [
        (
            "header-without-work.csv",
            "header-without-work.csv, line 10: the header of the relative value file has no column WORK RVU",
        ),
        ("letter-in-rvu.csv", "line 12, column 6 (WORK RVU): `O.35` is not a number"),
        ("row-twice.csv", "line 21, column 1 (HCPCS): `97110` stands twice"),
        ("gpci-letter.csv", "line 5, column 6 (PE GPCI): `1.O81` is not a number"),
        (
            "icd10cm_order_2027-line-missing.txt",
            "line 4, column 1-5: `00005` is not the next order number, 00004",
        ),
        ("ccipra-v322r0-f4.TXT", "line 8, column 4: `2025O401` is not a date"),
        (
            "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv",
            "line 6, column 2 (Practitioner Services MUE Values): `three` is not a whole number",
        ),
        ("zip5.txt", "line 3, column 3-7: `35O07` is not a ZIP code"),
        ("modifiers-header.csv", "line 1: the header of such a list is modifier,effective_from,effective_to"),
        (
            "procedure-codes-turned.csv",
            "line 2, column 3 (effective_to): `2019-12-31` is before effective_from",
        ),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let store = folder.path().join("store");
        // One good file beside it: of several, all are imported or none.
        let files = [official("modifiers.csv"), official("damaged").join(name)];
        let run = data("import", &store, files);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{name}");
        assert!(run.err.contains(said), "{name}: {}", run.err);
        assert!(!store.exists(), "{name}: nothing is made for an import that fails");
    }
}

/// Lines are counted as an editor counts them, blank ones too; what stands where nothing may is told, and nothing is passed
/// over in silence. A table that a spreadsheet wrote again is the same table.
#[test]
fn lines_cells_and_quotes_as_others_write_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        let run = data("import", &folder.path().join("store"), [path]);
        (run.code, format!("{}{}", run.out, run.err))
    };
    let list = "modifier,effective_from,effective_to\nGP,,\nGO,,\n";
    for text in [
        list.to_owned(),
        list.replace('\n', "\r\n"),
        list.replace('\n', "\r"),
        list.replace("modifier", "\"modifier\"").replace("GP", "\"GP\""),
        list.replace('\n', "\n\n"),
    ] {
        let (code, said) = run("modifiers.csv", &text);
        assert!(code == 0 && said.contains("2 rows"), "{text:?}: {said}");
    }
    for (text, place) in [
        (list.replace("GO,,", "GO!,,"), "line 3, column 1 (modifier)"),
        (list.replace("GO,,", "\n \n\nGO!,,").replace(" \n", "\n"), "line 6, column 1 (modifier)"),
        (list.replace("GO,,", "GO!,,").replace('\n', "\r\n\r\n"), "line 5, column 1 (modifier)"),
        (list.replace("GO,,", "GO!,,").replace('\n', "\r"), "line 3, column 1 (modifier)"),
        (list.replace("GO,,", "GO!,,").trim_end().to_owned(), "line 3, column 1 (modifier)"),
        (list.replace("GP,,", "GP,,,").replace("GO,,", "GO,,,x"), "line 3, column 4"),
    ] {
        let (code, said) = run("modifiers.csv", &text);
        assert!(code == 2 && said.contains(place), "{text:?}: {said}");
    }
    for (name, row, column) in
        [("PPRRVU25_JAN.csv", "97110,", "column 1 (HCPCS)"), ("GPCI2025.csv", ",AL,", "(State)")]
    {
        let text = std::fs::read_to_string(official(name)).expect("a table");
        assert!(text.contains(row), "{name}");
        let without = if row.starts_with(',') { ",," } else { "," };
        let (code, said) = run(name, &text.replacen(row, without, 1));
        assert!(code == 2 && said.contains(column) && said.contains("is empty"), "{name}: {said}");
    }
}

#[test]
fn files_that_are_known_and_not_imported_say_what_to_take_instead() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path
    };
    let pairs = std::fs::read_to_string(official("ccipra-v322r0-f4.TXT")).expect("a fixture");
    let mue = std::fs::read_to_string(official("MCR_MUE_PractitionerServices_Eff_07-01-2026.csv"))
        .expect("a fixture");
    let schedule = std::fs::read_to_string(official("PPRRVU25_JAN.csv")).expect("a fixture");
    let mut nine = " ".repeat(80);
    nine.replace_range(0..14, "AL350041011200");
    nine.replace_range(20..25, "10001");
    for (path, said) in [
        (official("ccioph-v322r0-f4.TXT"), "outpatient hospitals (ccioph)"),
        (official("MCR_MUE_OutpatientHospitalServices_Eff_07-01-2026.csv"), "MUE of outpatient hospitals"),
        (
            write("dme.csv", &mue.replace("Practitioner Services", "DME Supplier Services")),
            "equipment suppliers",
        ),
        (write("edits.txt", &pairs), "only the name tells the practitioner's from the hospital's"),
        (write("ccipra-v322r0.txt", &pairs), "which of the four practitioner files it is"),
        (write("ccipra-f4.txt", &pairs), "does not state its quarter; say it with --release, like 2026Q3"),
        (write("mue.csv", &mue), "does not state its quarter (Eff_07-01-2026); say it with --release"),
        (write("zip9.txt", &nine), "nine-digit ZIP file; import ZIP5"),
        (
            write("a.csv", &schedule.replace("January Release", "")),
            "does not state its release; say it with --release, like RVU25D",
        ),
        (
            write("icd10cm_codes_2027.txt", "A000    Word\nA001    Word\nA009    Word\n"),
            "import icd10cm_order",
        ),
        (write("order_addenda.txt", "Add:         00001 A00     0 Word\n"), "addendum"),
        (write("notes.txt", "Call the payer.\n"), "none of the files that are imported"),
        (write("empty.csv", ""), "none of the files that are imported"),
        (folder.path().to_owned(), "it is a folder"),
        (folder.path().join("missing.csv"), "it cannot be read"),
    ] {
        let run = data("import", &folder.path().join("store"), [path.clone()]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", path.display());
        assert!(run.err.contains(said), "{}: {}", path.display(), run.err);
    }
    let claims =
        data("import", &folder.path().join("store"), [crate::support::repository("fixtures/clean.837")]);
    assert!(claims.code == 2 && !claims.err.contains("SAMPLE"), "no error shows a claim: {}", claims.err);
}

#[test]
fn a_release_that_a_file_does_not_state_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let copy = |name: &str, as_name: &str| {
        let path = folder.path().join(as_name);
        std::fs::copy(official(name), &path).expect("a copy");
        path
    };
    let store = folder.path().join("store");
    for (path, release, said) in [
        (copy("ccipra-v322r0-f4.TXT", "ccipra-f4.txt"), "2026q3", "ncci-ptp 2026Q3 f4"),
        (copy("MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", "mue.csv"), "2026Q4", "mue 2026Q4"),
        (
            copy("icd10cm_order_2027.txt", "codes.txt"),
            "FY2027-April",
            "icd10cm FY2027-April, 8 rows, 2027-04-01",
        ),
        (copy("nucc_taxonomy_250.csv", "taxonomy.csv"), "26.1", "nucc-taxonomy 26.1"),
        (copy("PPRRVU25_JUL.txt", "schedule.txt"), "RVU25B", "mpfs RVU25B"),
        (copy("GPCI2025.csv", "gpci.csv"), "RVU25C", "gpci RVU25C"),
    ] {
        let asked = ["--release".into(), release.into(), path.clone().into_os_string()];
        let run = data("import", &store, asked);
        assert!(run.code == 0 && run.out.contains(said), "{}: {}{}", path.display(), run.out, run.err);
    }
    let wrong = ["--release".into(), "soon".into(), folder.path().join("mue.csv").into_os_string()];
    let run = data("import", &store, wrong);
    assert!(run.code == 2 && run.err.contains("`soon` is not one"), "{}", run.err);
    let idle = ["--release".into(), "2026Q3".into(), official("ZIP5_JAN2026.txt").into_os_string()];
    assert!(data("import", &store, idle).out.contains("--release 2026Q3 was not needed"));
    // What a file states itself is not overruled.
    let other = ["--release".into(), "RVU26A".into(), official("GPCI2025.csv").into_os_string()];
    let run = data("import", &store, other);
    assert!(run.code == 2 && run.err.contains("it states the year 2025"), "{}", run.err);
}

#[test]
fn a_dry_run_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = folder.path().join("store");
    let asked = ["--dry-run".into(), official("PPRRVU25_JAN.csv").into_os_string()];
    let run = data("import", &store, asked);
    assert!(
        run.code == 0 && run.out.contains("1 table could be imported; nothing was changed"),
        "{}",
        run.out
    );
    assert!(!store.exists());
}

/// The owners of codes license their words; the store has none.
#[test]
fn no_descriptor_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = std::fs::read_to_string(official("PPRRVU25_JAN.csv")).expect("a fixture");
    let path = folder.path().join("PPRRVU25_JAN.csv");
    std::fs::write(&path, source.replace(",-,A,", ",Words of the owner,A,")).expect("written");
    let store = folder.path().join("store");
    assert_eq!(data("import", &store, [path]).code, 0);
    for entry in std::fs::read_dir(store.join("tables")).expect("a folder") {
        let text = std::fs::read(entry.expect("an entry").path()).expect("a table");
        assert!(!text.windows(5).any(|five| five == b"Words"));
    }
}
