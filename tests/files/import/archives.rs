//! The zip as it was downloaded: nested folders, archives in archives, tables in two spellings, bombs.

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use cleanclaim::import::{self, Limits, Wishes};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::data;
use crate::support::tables::{official, wishes};

fn archive(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a member");
        writer.write_all(bytes).expect("written");
    }
    writer.finish().expect("an archive").into_inner()
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(official(name)).expect("a fixture")
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).expect("written");
    path
}

fn workbook() -> Vec<u8> {
    archive(&[("[Content_Types].xml", b"<Types/>".to_vec()), ("xl/workbook.xml", b"<workbook/>".to_vec())])
}

#[test]
fn a_zip_is_taken_as_it_was_downloaded() {
    let folder = tempfile::tempdir().expect("a folder");
    let zip = archive(&[
        ("rvu25c/PPRRVU25_JUL.txt", fixture("PPRRVU25_JUL.txt")),
        ("rvu25c/PPRRVU25_JUL.xlsx", workbook()),
        ("rvu25c/RVU25C.pdf", b"%PDF-1.7".to_vec()),
        ("rvu25c/more/GPCI2025.csv", fixture("GPCI2025.csv")),
        ("__MACOSX/._GPCI2025.csv", fixture("GPCI2025.csv")),
    ]);
    let store = folder.path().join("store");
    let run = data("import", &store, [written(folder.path(), "RVU25C.zip", &zip)]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    for said in [
        "RVU25C.zip/rvu25c/PPRRVU25_JUL.txt: Medicare fee schedule, mpfs RVU25C",
        "RVU25C.zip/rvu25c/more/GPCI2025.csv: geographic practice cost indices, gpci RVU25C, 3 rows, 2025-07-01",
        "passed over: RVU25C.zip/rvu25c/RVU25C.pdf",
        "2 tables imported",
    ] {
        assert!(run.out.contains(said), "{said}: {}", run.out);
    }
}

/// All that is in a zip of the relative value files, as CMS packs it.
#[test]
fn the_other_members_of_a_relative_value_zip_are_passed_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = |text: &str| text.as_bytes().to_vec();
    let fixed = "ADDENDUM E. FINAL CY 2025 GPCIs\n\nMedicare Admi State  Locality  2025 PW GPCI2025 PE GPCI2025 MP GPCI\n\
                 02102           AK      01   ALASKA*     1.500       1.081       0.592\n";
    let members = [
        ("PPRRVU25_JAN.csv", fixture("PPRRVU25_JAN.csv")),
        ("PPRRVU25_JAN.xlsx", workbook()),
        ("GPCI2025.csv", fixture("GPCI2025.csv")),
        ("GPCI2025.txt", text(fixed)),
        (
            "OPPSCAP_JAN.csv",
            text(
                "HCPCS,MOD,PROCSTAT,CARRIER,LOCALITY,FACILITY PRICE,NON-FACILTY PRICE\n90000,TC,C,01112,05,1.00,1.00\n",
            ),
        ),
        (
            "OPPSCAP_JAN.txt",
            text("90000TC C 01112  05     1.00      1.00\n90000TC C 01112  09     1.00      1.00\n"),
        ),
        (
            "ANES2025.csv",
            text(
                "Contractor,Locality,Locality Name,Qualifying APM National Anes CF\n10112 ,00 ,ALABAMA,19.63\n",
            ),
        ),
        (
            "ANES2025.txt",
            text("10112       00    ALABAMA                                                1931\n"),
        ),
        (
            "25LOCCO.csv",
            text(
                "Medicare Adminstrative Contractor,Locality Number,State,Fee Schedule Area,Counties\n10112,0,ALABAMA,STATEWIDE,ALL COUNTIES\n",
            ),
        ),
        ("RVU25A.pdf", text("%PDF-1.7")),
    ];
    let zip = written(folder.path(), "rvu25a.zip", &archive(&members));
    let run = data("import", &folder.path().join("store"), [zip]);
    assert!(run.code == 0 && run.out.contains("2 tables imported"), "{}{}", run.out, run.err);
    assert!(run.out.contains("gpci RVU25A") && run.out.contains("mpfs RVU25A"), "{}", run.out);
}

#[test]
fn an_archive_in_an_archive_is_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    let inner = archive(&[("ccipra-v322r0-f4.TXT", fixture("ccipra-v322r0-f4.TXT"))]);
    let outer = archive(&[
        ("medicare-ncci-2026q3-practitioner-f4.zip", inner),
        ("modifiers.csv", fixture("modifiers.csv")),
    ]);
    let run = data("import", &folder.path().join("store"), [written(folder.path(), "all.zip", &outer)]);
    assert!(
        run.code == 0 && run.out.contains("ncci-ptp 2026Q3 f4") && run.out.contains("2 tables"),
        "{}{}",
        run.out,
        run.err
    );
}

/// CMS ships a table as CSV and as text of fixed width; the one with a header is taken.
#[test]
fn a_table_in_two_spellings_is_imported_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let january = String::from_utf8(fixture("PPRRVU25_JAN.csv")).expect("text").replace("January", "July");
    for order in [["a.txt", "b.csv"], ["b.txt", "a.csv"]] {
        let mut members =
            vec![(order[0], fixture("PPRRVU25_JUL.txt")), (order[1], january.clone().into_bytes())];
        members.sort();
        let zip = written(folder.path(), "RVU25C.zip", &archive(&members));
        let run = data("import", &folder.path().join("store"), [zip]);
        assert!(run.code == 0 && run.out.contains("1 table imported"), "{}{}", run.out, run.err);
        let said = format!("RVU25C.zip/{}: the same table as RVU25C.zip/{}", order[0], order[1]);
        assert!(run.out.contains(&said), "{said}: {}", run.out);
    }
    // Two files of one spelling that differ are a question that the user must answer.
    let other = written(folder.path(), "other.csv", january.replace("0.35,0.60", "0.35,0.61").as_bytes());
    let one = written(folder.path(), "one.csv", january.as_bytes());
    let run = data("import", &folder.path().join("store"), [one.clone(), other]);
    assert!(run.code == 2 && run.err.contains("are both mpfs RVU25C and differ"), "{}", run.err);
    let same = written(folder.path(), "same.csv", january.as_bytes());
    let run = data("import", &folder.path().join("store"), [one, same]);
    assert!(run.code == 0 && run.out.contains("same.csv: the same table as one.csv"), "{}", run.out);
}

#[test]
fn a_workbook_is_refused_with_the_name_of_the_text() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, sibling) in [
        ("PPRRVU2026_Jan_nonQPP.xlsx", "PPRRVU2026_Jan_nonQPP.csv"),
        ("ccipra-v322r0-f4.xlsx", "ccipra-v322r0-f4.TXT"),
        (
            "MCR_MUE_PractitionerServices_Eff_07-01-2026.xlsx",
            "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv",
        ),
        ("ZIP5_JAN2026.xlsx", "ZIP5_JAN2026.txt"),
        ("saved again.xlsx", "the .csv or .txt"),
    ] {
        let run = data("import", &folder.path().join("store"), [written(folder.path(), name, &workbook())]);
        assert!(run.code == 2 && run.err.contains("Excel workbook"), "{}", run.err);
        assert!(run.err.contains(&format!("import {sibling} from the same CMS zip")), "{}", run.err);
    }
}

#[test]
fn archives_without_a_table_and_broken_ones_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = archive(&[("PPRRVU25_JAN.csv", fixture("PPRRVU25_JAN.csv"))]);
    let mut flipped = whole.clone();
    flipped[200] ^= 0xFF;
    for (name, bytes, said) in [
        (
            "none.zip",
            archive(&[("a.pdf", b"%PDF".to_vec())]),
            "none of its members is a file that is imported",
        ),
        ("empty.zip", archive(&[]), "none of its members is a file that is imported"),
        ("cut.zip", whole[..whole.len() / 2].to_vec(), "cannot be read as one"),
        ("flipped.zip", flipped, "flipped.zip/PPRRVU25_JAN.csv"),
        (
            "damaged.zip",
            archive(&[("x/letter.csv", fixture("damaged/letter-in-rvu.csv"))]),
            "damaged.zip/x/letter.csv, line 12, column 6",
        ),
    ] {
        let store = folder.path().join("store");
        let run = data("import", &store, [written(folder.path(), name, &bytes)]);
        assert!(run.code == 2 && run.err.contains(said), "{name}: {} {}", run.out, run.err);
        assert!(!store.exists(), "{name}");
    }
}

/// What unpacks to more than any table has is not unpacked to its end.
#[test]
fn a_bomb_is_bounded() {
    let folder = tempfile::tempdir().expect("a folder");
    let start = fixture("ccipra-v322r0-f4.TXT");
    let limits = Limits { text: 1 << 20, whole: 3 << 20, nested: 1 << 16, members: 8 };
    let small = Wishes { limits, ..wishes() };
    let read = |name: &str, bytes: &[u8]| {
        import::read(&[written(folder.path(), name, bytes)], &small).expect_err(name).to_string()
    };
    let row = b"97140\t97124\t\t20250101\t*\t0\tInvented\n";
    let rows: Vec<u8> = start.iter().copied().chain(row.iter().copied().cycle().take(2 << 20)).collect();
    let error = read("ccipra-v322r0-f4.zip", &archive(&[("ccipra-v322r0-f4.TXT", rows)]));
    assert!(error.contains("unpacks to more than 1 MB"), "{error}");
    let error = read(
        "nested.zip",
        &archive(&[(
            "inner.zip",
            archive(&[(
                "x",
                (0..90_000_u32).flat_map(|n| (n.wrapping_mul(2_654_435_761)).to_be_bytes()).collect(),
            )]),
        )]),
    );
    assert!(error.contains("an archive in an archive may have"), "{error}");
    let table: Vec<u8> =
        start.iter().copied().chain(row.iter().copied().cycle().take(row.len() * 14_000)).collect();
    let parts = [1, 2, 3, 4, 5, 6, 7].map(|part| format!("{part}/ccipra-v322r0-f{}.TXT", part % 4 + 1));
    let parts: Vec<(&str, Vec<u8>)> = parts.iter().map(|name| (name.as_str(), table.clone())).collect();
    let error = read("whole.zip", &archive(&parts));
    assert!(error.contains("unpacks to more than 3 MB"), "{error}");
    let members: Vec<(String, Vec<u8>)> =
        (0..9).map(|number| (format!("{number}.txt"), b"x".to_vec())).collect();
    let members: Vec<(&str, Vec<u8>)> =
        members.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    let error = read("many.zip", &archive(&members));
    assert!(error.contains("more than 8 members"), "{error}");
    let wide = Wishes { limits: Limits { text: 64 << 20, whole: 64 << 20, ..limits }, ..wishes() };
    let mut line = b"modifier,effective_from,effective_to\n".to_vec();
    line.resize(8 << 20, b'x');
    let path = written(folder.path(), "line.zip", &archive(&[("modifiers.csv", line)]));
    let error = import::read(&[path], &wide).expect_err("a line without end").to_string();
    assert!(error.contains("a line of more than 1 MB"), "{error}");
}
