//! Which release answers for which day.

use cleanclaim::claim::{Date, Modifier, ProcedureCode};
use cleanclaim::reference::{Fee, Mue, NcciPair, Rate, Reference, ZipLocality};

use super::{data, import, price};
use crate::support::tables::with_imported;

fn code(text: &str) -> ProcedureCode {
    ProcedureCode::new(text.as_bytes()).expect(text)
}

fn on(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).expect("a day")
}

fn rate(reference: &Reference, text: &str, component: Option<&[u8; 2]>, date: Date) -> Rate {
    let component = component.and_then(|modifier| Modifier::new(modifier));
    match reference.fee(code(text), component, None, date) {
        Fee::Priced(rate) => rate,
        other => panic!("{text} {date}: {other:?}"),
    }
}

/// January is imported, July too, October is built in.
#[test]
fn a_year_is_served_by_its_newest_release_that_has_begun() {
    let (_folder, reference) = with_imported(&["PPRRVU25_JAN.csv", "PPRRVU25_JUL.txt"]);
    for (date, release, practice) in [
        (on(2025, 1, 1), "RVU25A", 60),
        (on(2025, 6, 30), "RVU25A", 60),
        (on(2025, 7, 1), "RVU25C", 65),
        (on(2025, 9, 30), "RVU25C", 65),
        (on(2025, 10, 1), "RVU25D", 56),
        (on(2025, 12, 31), "RVU25D", 56),
        (on(2026, 1, 1), "RVU26A", 53),
        (on(2026, 12, 31), "RVU26A", 53),
    ] {
        assert_eq!(reference.fee_release(date), Some(release), "{date}");
        assert_eq!(rate(&reference, "97124", None, date).practice, practice, "{date}");
    }
    for year in [2024, 2027] {
        assert_eq!(reference.fee(code("97124"), None, None, on(year, 3, 3)), Fee::NoSchedule, "{year}");
    }
}

#[test]
fn before_its_first_release_a_year_is_served_by_that_one() {
    let (_folder, reference) = with_imported(&["PPRRVU2027_Jan_nonQPP.csv"]);
    assert_eq!(reference.fee_release(on(2027, 2, 1)), Some("RVU27A"));
    assert_eq!(
        rate(&reference, "97124", None, on(2027, 12, 31)).conversion_factor,
        340_000,
        "of its own file"
    );
    assert_eq!(Reference::builtin().fee_release(on(2025, 1, 2)), Some("RVU25D"));
}

#[test]
fn components_have_rows_of_their_own() {
    let (_folder, reference) = with_imported(&["PPRRVU25_JAN.csv"]);
    let date = on(2025, 2, 3);
    let rvus = |component| {
        let rate = rate(&reference, "90000", component, date);
        (rate.work, rate.practice, rate.facility_practice, rate.malpractice)
    };
    assert_eq!(rvus(None), (110, 220, 90, 30));
    assert_eq!(rvus(Some(b"26")), (110, 40, 40, 20));
    assert_eq!(rvus(Some(b"TC")), (0, 180, 50, 10));
    assert_eq!(rate(&reference, "90003", Some(b"53"), date).practice, 100);
    assert_eq!(reference.fee(code("90003"), None, None, date), Fee::NoFee, "there is no row without 53");
    assert_eq!(reference.fee(code("97124"), Modifier::new(b"26"), None, date), Fee::NoFee);
    let whole = rate(&reference, "97124", None, date);
    assert!(whole.therapy_reduction && whole.facility_not_applicable && whole.bilateral == Some(0));
    assert_eq!(
        (reference.pctc(code("97124"), date), reference.pctc(code("90000"), date)),
        (Some(7), Some(1))
    );
    assert_eq!(reference.fee(code("97010"), None, None, date), Fee::NotPayable { status: b'B' });
    assert_eq!(reference.fee(code("90001"), None, None, date), Fee::NoFee, "the contractor prices it");
}

/// The layout of 2026 has one column more; the two schedules of a year are told apart.
#[test]
fn the_schedule_outside_a_qualifying_model_is_used_where_there_is_one() {
    let (_folder, reference) = with_imported(&["PPRRVU2026_Apr_nonQPP.csv", "PPRRVU2026_Apr_QPP.csv"]);
    let date = on(2026, 5, 4);
    assert_eq!(reference.fee_release(date), Some("RVU26B"));
    assert_eq!(rate(&reference, "97124", None, date).conversion_factor, 334_009);
    let (_folder, alone) = with_imported(&["PPRRVU2026_Apr_QPP.csv"]);
    assert_eq!(alone.fee_release(date), Some("RVU26B QPP"));
    assert_eq!(rate(&alone, "97124", None, date).conversion_factor, 335_675);
    assert_eq!(alone.fee_release(on(2026, 3, 31)), Some("RVU26A"), "until April the built-in one");
}

#[test]
fn indices_are_chosen_like_schedules() {
    let folder = tempfile::tempdir().expect("a folder");
    import(folder.path(), &["GPCI2025.csv", "GPCI2026.csv", "PPRRVU2026_Apr_nonQPP.csv"]);
    let index = |date: &str| {
        let answer = price(folder.path(), &["97124", "--date", date, "--locality", "10112-00"]);
        answer["fee"]["practice_gpci"].as_str().expect("an index").to_owned()
    };
    assert_eq!(index("2025-03-03"), "0.900", "imported for the year, from January");
    assert_eq!(index("2025-11-03"), "0.869", "the built-in release of October is newer");
    assert_eq!(index("2026-03-31"), "0.875");
    assert_eq!(index("2026-04-01"), "0.910", "of the release of the schedule it came with");
    let listed = data("list", folder.path(), ["--json"]);
    let listed: serde_json::Value = serde_json::from_str(&listed.out).expect("JSON");
    let tables = listed["tables"].as_array().expect("tables");
    let gpci: Vec<(&str, bool)> = tables
        .iter()
        .filter(|table| table["table"] == "gpci")
        .map(|table| (table["release"].as_str().unwrap_or_default(), table["imported"] == true))
        .collect();
    assert_eq!(gpci, [("CY2025", true), ("RVU25D", false), ("RVU26A", false), ("RVU26B", true)]);
}

/// Of two that begin on one day the imported one is asked.
#[test]
fn imported_indices_of_a_year_go_before_built_in_ones_of_its_january() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = import(folder.path(), &["GPCI2026.csv"]);
    assert!(out.contains("kept as CY2026, from the first of January"), "{out}");
    let answer = price(folder.path(), &["97124", "--date", "2026-03-03", "--locality", "10112-00"]);
    assert_eq!(answer["fee"]["practice_gpci"], "0.910");
    let listed = data("list", folder.path(), [""; 0]).out;
    let line = listed.lines().find(|line| line.starts_with("gpci") && line.contains("RVU26A"));
    assert!(line.is_some_and(|line| line.contains(" replaced ")), "{listed}");
}

#[test]
fn a_loaded_pair_table_replaces_the_built_in_one() {
    let names =
        ["ccipra-v322r0-f1.TXT", "ccipra-v322r0-f2.TXT", "ccipra-v322r0-f3.TXT", "ccipra-v322r0-f4.TXT"];
    let (_folder, reference) = with_imported(&names);
    let pair = |one: &str, two: &str, date| {
        let pair = reference.ncci_pair(code(one), code(two), date);
        pair.map(|NcciPair { indicator, uncertain }| {
            assert!(!uncertain, "a loaded table is certain");
            indicator
        })
    };
    let date = on(2025, 3, 3);
    assert_eq!(pair("97140", "97124", date), Some(0), "beside the same pair deleted on its first day");
    assert_eq!(pair("97140", "97124", on(1996, 1, 1)), Some(0));
    assert_eq!(pair("97140", "97124", on(1995, 12, 31)), None);
    assert_eq!(pair("97124", "97112", on(1999, 7, 1)), None, "indicator 9 is no edit");
    assert_eq!([on(2025, 3, 31), on(2025, 4, 1)].map(|day| pair("97110", "97530", day)), [None, Some(1)]);
    let to_its_end = [on(2019, 12, 31), on(2020, 1, 1), on(2025, 3, 31), on(2025, 4, 1)];
    assert_eq!(to_its_end.map(|day| pair("97150", "97124", day)), [None, Some(1), Some(1), None]);
    assert_eq!(pair("29540", "97110", date), Some(1), "of another file");
    assert_eq!(pair("97760", "97124", date), None, "built in, and not in the loaded table");
    assert_eq!(pair("97124", "97140", date), None, "the order counts");
    for (text, has) in [("97140", true), ("97112", true), ("01996", true), ("97760", false), ("ZZZZZ", false)]
    {
        assert_eq!(reference.has_ncci_pairs(code(text)), has, "{text}");
    }
    assert!(reference.trouble().is_none());
}

#[test]
fn a_release_of_pairs_that_is_not_whole_is_said_to_be_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = import(folder.path(), &["ccipra-v322r0-f4.TXT"]);
    assert!(out.contains("of its four files f1, f2, f3 are not among these; f4, which holds"), "{out}");
    let verified = data("verify", folder.path(), ["--as-of", "2026-08-01"]);
    assert!(
        verified.out.contains("ncci-ptp 2026Q3: of its four files f1, f2, f3 are not imported"),
        "{}",
        verified.out
    );
    let out = import(folder.path(), &["ccipra-v322r0-f1.TXT", "ccipra-v322r0-f2.TXT"]);
    assert!(out.contains("f3, f4 are not among these"), "{out}");
    import(folder.path(), &["ccipra-v322r0-f3.TXT"]);
    let verified = data("verify", folder.path(), ["--as-of", "2026-08-01"]);
    assert!(!verified.out.contains("of its four files"), "{}", verified.out);
    // Of a newer release one file alone: the whole one stays.
    let newer = folder.path().join("ccipra-v323r0-f4.TXT");
    std::fs::copy(crate::support::tables::official("ccipra-v322r0-f4.TXT"), &newer).expect("a copy");
    let run = data("import", folder.path(), [newer]);
    assert!(run.out.contains("2026Q4 is not in force: 2026Q3 is used: only 1 of four files"), "{}", run.out);
}

#[test]
fn unlikely_units_by_date() {
    let (_folder, reference) = with_imported(&["MCR_MUE_PractitionerServices_Eff_07-01-2026.csv"]);
    let mue = |text: &str, date| reference.mue(code(text), date);
    assert_eq!(mue("97110", on(2026, 6, 30)), Some(Mue { units: 6, adjudication: 3 }), "built in");
    assert_eq!(mue("97110", on(2026, 7, 1)), Some(Mue { units: 7, adjudication: 3 }));
    assert_eq!(mue("97161", on(2026, 7, 1)), Some(Mue { units: 1, adjudication: 2 }));
    assert_eq!(mue("90000", on(2026, 7, 1)), Some(Mue { units: 12, adjudication: 1 }));
    assert_eq!(mue("97112", on(2026, 7, 1)), None, "a loaded table is the whole table");
}

#[test]
fn localities_of_zip_codes() {
    let (_folder, reference) = with_imported(&["ZIP5_JAN2026.txt"]);
    let at = |zip: &str| reference.locality_of_zip(zip);
    let alabama = reference.locality("10112-00").map(ZipLocality::In);
    assert!(alabama.is_some());
    assert_eq!([at("35004"), at("35005"), at("35007")].map(Some), [alabama; 3]);
    assert_eq!(at("35006"), ZipLocality::Unknown, "not in the file, though between two that are");
    assert_eq!(at("94103"), ZipLocality::Split, "its plus-four flag is set");
    assert_eq!(at("00501"), ZipLocality::Unknown, "built in, and not in the loaded file");
}

#[test]
fn what_is_out_of_date() {
    let folder = tempfile::tempdir().expect("a folder");
    let stale = |as_of: &str| {
        let run = data("verify", folder.path(), ["--as-of", as_of]);
        let lines: Vec<String> = run
            .out
            .lines()
            .filter_map(|line| line.strip_prefix(&format!("out of date on {as_of}: ")))
            .map(str::to_owned)
            .collect();
        (run.code, lines)
    };
    import(folder.path(), &["MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", "nucc_taxonomy_250.csv"]);
    let (code, lines) = stale("2026-11-30");
    assert_eq!(code, 1);
    for sentence in [
        "mpfs RVU26A: a newer quarter has begun (2026Q4)",
        "mue 2026Q3: a newer quarter has begun (2026Q4)",
        "icd10cm: no list is loaded for 2026-11-30; the last known day is 2026-09-30",
        "nucc-taxonomy 25.0: a newer half year has begun; no code of it is judged",
    ] {
        assert!(lines.iter().any(|line| line == sentence), "{sentence}: {lines:?}");
    }
    let (_, lines) = stale("2027-01-04");
    assert!(lines.iter().any(|line| line == "mpfs: no 2027 release is loaded"), "{lines:?}");
    assert!(lines.iter().any(|line| line == "gpci: no 2027 release is loaded"), "{lines:?}");
    let (_, lines) = stale("2026-09-30");
    assert!(!lines.iter().any(|line| line.starts_with("mue") || line.starts_with("icd10cm")), "{lines:?}");
    // On its first day nothing of a release is late.
    let fresh = tempfile::tempdir().expect("a folder");
    let names = ["PPRRVU25_JAN.csv", "GPCI2025.csv", "ccipra-v322r0-f4.TXT"];
    import(fresh.path(), &names);
    let run = data("verify", fresh.path(), ["--as-of", "2025-01-15"]);
    assert!(!run.out.contains("mpfs RVU25A: a newer"), "{}", run.out);
}

#[test]
fn releases_are_listed_with_what_is_in_force() {
    let folder = tempfile::tempdir().expect("a folder");
    import(folder.path(), &["PPRRVU2026_Apr_nonQPP.csv", "PPRRVU2026_Apr_QPP.csv", "ccipra-v322r0-f4.TXT"]);
    let listed = data("list", folder.path(), [""; 0]).out;
    let line = |start: &[&str]| {
        let found = listed.lines().find(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            words.starts_with(start)
        });
        found.unwrap_or_else(|| panic!("{start:?} in {listed}")).to_owned()
    };
    assert!(line(&["mpfs", "RVU26B"]).contains(" imported "));
    assert!(line(&["mpfs", "RVU26A"]).contains(" built in "));
    assert!(line(&["mpfs-qpp", "RVU26B"]).contains(" not used "));
    assert!(line(&["ncci-ptp", "practitioner"]).contains(" replaced "));
    assert!(line(&["ncci-ptp", "2026Q3", "f4"]).contains(" imported "));
    assert!(listed.contains("mpfs-qpp RVU26B: mpfs RVU26B is used"), "{listed}");
    let removed = data("remove", folder.path(), ["mpfs", "RVU26B"]);
    assert_eq!((removed.code, removed.out.as_str()), (0, "mpfs RVU26B removed\n"));
    let listed = data("list", folder.path(), [""; 0]).out;
    assert!(!listed.contains("mpfs      RVU26B") && listed.contains("mpfs-qpp"), "{listed}");
    let again = data("remove", folder.path(), ["mpfs", "RVU26B"]);
    assert!(again.code == 2 && again.err.contains("no mpfs RVU26B was imported"), "{}", again.err);
}
