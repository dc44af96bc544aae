//! What the program carries is what it was made from: the rules, from the YAML under `rules/`; the diagnosis codes,
//! from the two lists named below, which stand in the folder that `CLEANCLAIM_REFDATA` names.
//!
//! Run with `CLEANCLAIM_BLESS=1` to write them anew.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cleanclaim::claim::{Date, DiagnosisCode};
use cleanclaim::guide::Guide;
use cleanclaim::reference::{DiagnosisStanding, Reference};
use cleanclaim::rules::{Carried, RuleFile, RuleSet, carried};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> RuleFile {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let name = path.strip_prefix(root()).unwrap_or(path).display().to_string();
    RuleFile { name, text: text.into() }
}

fn from_yaml() -> Carried {
    let defaults = root().join("rules/example-defaults.yaml");
    let mut paths = std::fs::read_dir(root().join("rules"))
        .expect("the folder of rules")
        .map(|entry| entry.expect("an entry of it").path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml") && *path != defaults)
        .collect::<Vec<_>>();
    paths.sort();
    let files = paths.iter().map(|path| read(path)).collect::<Vec<_>>();
    carried(&files, &read(&defaults)).unwrap_or_else(|errors| panic!("\n{errors}"))
}

#[test]
fn the_carried_rules_are_written_from_the_yaml() {
    let Carried { rules, examples, resolved } = from_yaml();
    let (rules, examples) = (rules.into_bytes(), examples.into_bytes());
    for (name, wanted) in [
        ("reference/rules.json", rules),
        ("reference/rule-examples.json", examples),
        ("reference/rules.bin", resolved),
    ] {
        hold(name, &wanted);
    }
}

/// Holds a file of the repository to what it is made from, or writes it anew.
fn hold(name: &str, wanted: &[u8]) {
    let path = root().join(name);
    if std::env::var_os("CLEANCLAIM_BLESS").is_some() {
        std::fs::write(&path, wanted).expect("a file of the repository");
        return;
    }
    let found = std::fs::read(&path).unwrap_or_default();
    assert!(found == wanted, "{name} is stale; run CLEANCLAIM_BLESS=1 cargo test --test written embedded::");
}

#[test]
fn the_carried_rules_resolve() {
    let set = RuleSet::with(&[]).unwrap_or_else(|errors| panic!("\n{errors}"));
    set.examples().unwrap_or_else(|errors| panic!("\n{errors}"));
    assert_eq!(set.profiles.last().map(|profile| profile.name.as_str()), Some("unknown"));
}

#[test]
fn the_compiled_guide_is_written_from_its_table() {
    let (name, text) = ("guide/005010X222A1.bin", include_str!("../../guide/005010X222A1.txt"));
    let (guide, mistakes) = Guide::of(text);
    assert_eq!(mistakes, [] as [String; 0]);
    hold(name, &guide.written().expect("bytes"));
}

/// A run with rules of a user resolves the carried ones from the JSON.
#[test]
fn both_forms_of_the_carried_rules_say_the_same() {
    let none = RuleFile { name: "none.yaml".to_owned(), text: "rules: []\n".into() };
    let read = RuleSet::with(&[none]).unwrap_or_else(|errors| panic!("\n{errors}"));
    assert_eq!(format!("{:#?}", RuleSet::builtin()), format!("{read:#?}"));
}

/// What `reference/icd10cm.bin` says about itself.
const DIAGNOSIS_HEAD: &str = "\
# table: icd10cm
# release: FY2019 to FY2026, April 2026
# effective: 2019-07-01 to 2026-09-30
# source: NCHS and CMS, ICD-10-CM code set; validity by quarter from the diagnosis table of the CMS I/OCE v27.1
# columns: see src/reference/diagnosis_code.rs; written by tests/written/embedded.rs

";

/// 2019, third quarter; a quarter is its year × 4 + 0 to 3.
const FIRST_QUARTER: u32 = 2019 * 4 + 2;
/// Until the third quarter of 2026.
const QUARTERS: u32 = 29;

/// A list of the folder of reference data, a row of fields a line, without its head line.
fn rows(name: &str) -> Option<Vec<Vec<String>>> {
    let Some(folder) = std::env::var_os("CLEANCLAIM_REFDATA") else {
        eprintln!("skipped: CLEANCLAIM_REFDATA is not set");
        return None;
    };
    let path = Path::new(&folder).join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect())
}

/// The quarter, counted from the first, that begins on a date, or that ends the day before.
fn quarter(date: &str, day: &str) -> u32 {
    let (year, month) = (&date[..4], &date[5..7]);
    let month: u32 = month.parse().expect("a month");
    assert!((month - 1).is_multiple_of(3) && date.ends_with(day), "{date} begins no quarter");
    year.parse::<u32>().expect("a year") * 4 + (month - 1) / 3 - FIRST_QUARTER
}

/// Each code with the quarters in which it is billable, a bit each. Ranges that meet or come back are one set.
fn billable_quarters() -> Option<BTreeMap<String, u64>> {
    let mut codes = BTreeMap::new();
    for row in rows("icd10cm_valid_ranges_oce.tsv")? {
        let [code, from, to] = row.as_slice() else { panic!("{row:?}") };
        let first = if from == "<=2019-07-01" { 0 } else { quarter(from, "-01") };
        let behind = match to.as_str() {
            "" => QUARTERS,
            last => {
                let last: Date = last.parse().expect("a date");
                quarter(&last.tomorrow().expect("another day").to_string(), "-01")
            }
        };
        assert!(first < behind && behind <= QUARTERS, "{row:?}");
        *codes.entry(code.clone()).or_insert(0) |= (1 << behind) - (1 << first);
    }
    Some(codes)
}

/// The codes as `src/reference/diagnosis_code.rs` describes them.
fn written(codes: &BTreeMap<String, u64>) -> Vec<u8> {
    let spans: BTreeSet<u64> = codes.values().copied().filter(|&span| span != (1 << QUARTERS) - 1).collect();
    let spans: Vec<u64> = spans.into_iter().collect();
    let (mut categories, mut suffixes, mut exceptions) = (Vec::new(), Vec::new(), Vec::new());
    let mut category = "";
    for (place, (code, span)) in codes.iter().enumerate() {
        let place = &u32::try_from(place).expect("a place").to_be_bytes()[1..];
        let (first, rest) = code.split_at(3);
        if first != category {
            category = first;
            categories.extend([first.as_bytes(), place].concat());
        }
        let digits = rest.bytes().map(|byte| char::from(byte).to_digit(36).expect("a letter or a digit") + 1);
        let suffix = digits.chain([0; 4]).take(4).fold(0, |suffix, digit| suffix * 37 + digit);
        let exception = spans.binary_search(span);
        suffixes.extend(&(suffix * 2 + u32::from(exception.is_ok())).to_be_bytes()[1..]);
        if let Ok(span) = exception {
            exceptions.extend([place, &[u8::try_from(span).expect("few spans")]].concat());
        }
    }
    let counts =
        [FIRST_QUARTER as usize, QUARTERS as usize, categories.len() / 6, codes.len(), exceptions.len() / 4]
            .into_iter()
            .chain([spans.len()])
            .flat_map(|count| u32::try_from(count).expect("a count").to_be_bytes());
    let spans = spans.iter().flat_map(|span| span.to_be_bytes());
    let head = DIAGNOSIS_HEAD.bytes().chain(counts);
    head.chain(categories).chain(suffixes).chain(exceptions).chain(spans).collect()
}

#[test]
fn the_diagnosis_codes_are_written_from_their_list() {
    let Some(codes) = billable_quarters() else { return };
    hold("reference/icd10cm.bin", &written(&codes));
}

fn standing(code: &str, quarter: u32, day: i8) -> DiagnosisStanding {
    let quarter = FIRST_QUARTER + quarter;
    let month = (quarter % 4 * 3) as i8 + if day == 1 { 1 } else { 3 };
    let date = Date::new((quarter / 4) as i16, month, day).expect("a day");
    let code = DiagnosisCode::new(code.as_bytes()).expect("a code");
    Reference::builtin().diagnosis(code, date)
}

#[test]
fn every_diagnosis_code_stands_as_its_list_says() {
    let Some(codes) = billable_quarters() else { return };
    for (code, span) in &codes {
        for quarter in 0..QUARTERS {
            let billable = span >> quarter & 1 == 1;
            // Nothing changes inside a quarter; both ends are looked at where something changes.
            let other = |by: u32| (span << 1 >> (quarter + by) & 1 == 1) != billable;
            let near = other(0) || other(2);
            if near || quarter == 0 {
                for day in [1, 30] {
                    let found = standing(code, quarter, day);
                    assert_eq!(found == DiagnosisStanding::Billable, billable, "{code} {quarter} {found:?}");
                }
            }
        }
    }
}

/// Another list of the last release, with its headings.
#[test]
fn every_heading_of_the_last_release_is_one() {
    let Some(rows) = rows("icd10cm_fy2026_apr2026.tsv") else { return };
    for row in &rows {
        let found = standing(&row[0], QUARTERS - 1, 1);
        match row[1].as_str() {
            "1" => assert_eq!(found, DiagnosisStanding::Billable, "{}", row[0]),
            _ => assert!(matches!(found, DiagnosisStanding::Header { .. }), "{} {found:?}", row[0]),
        }
    }
    assert_eq!(rows.len(), 98_186);
}
