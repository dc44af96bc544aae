//! Recognisable words planted in every field that can hold a patient's data, in every form of input and beside it: no
//! report, no message and no file repeats what its level of masking hides.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod claims;
mod guide;
mod native;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::support::repository;
use claims::{BORN, BUSINESS, Change, Look, OTHER_DATE, Planter, SECRET, ZIP, changes};
use guide::SERVED;
use native::NativePlanter;
use tempfile::TempDir;

/// What is masked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Level {
    Default,
    Full,
    Ci,
    ShowPhi,
}

impl Level {
    const ALL: [Level; 4] = [Level::Default, Level::Full, Level::Ci, Level::ShowPhi];

    fn flags(self) -> &'static [&'static str] {
        match self {
            Level::Default | Level::Ci => &[],
            Level::Full => &["--redact", "full"],
            Level::ShowPhi => &["--show-phi"],
        }
    }
}

/// Everything that a run said: both outputs, and every file it wrote.
struct Ended {
    code: i32,
    said: String,
    files: usize,
}

fn program(arguments: &[String], ci: bool) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cleanclaim"));
    command
        .env("XDG_DATA_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-tables"))
        .env("XDG_CONFIG_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-key"))
        .env("RUST_BACKTRACE", "full")
        .env("NO_COLOR", "1")
        .args(arguments);
    if ci {
        command.env("CI", "1")
    } else {
        command.env_remove("CI")
    };
    let output = command.output().expect("the program runs");
    let said =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (output.status.code().unwrap_or(-1), said)
}

/// The forms of report that this version writes, in its own words: one that is added later is among them.
fn formats() -> &'static [String] {
    static FORMATS: OnceLock<Vec<String>> = OnceLock::new();
    FORMATS.get_or_init(asked_formats)
}

fn asked_formats() -> Vec<String> {
    let (_, said) = program(&["check", "-", "--output", "nosuch"].map(str::to_owned), false);
    let listed = said.split("the formats are ").nth(1).expect("a list of formats");
    let listed = listed.lines().next().expect("a list of formats");
    let formats: Vec<String> =
        listed.split([',', ' ']).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    for known in ["text", "json", "999"] {
        assert!(formats.iter().any(|format| format == known), "{known}: {said}");
    }
    formats
}

/// Checks `path` at a level and writes every form of report, text and all others to files, text to the screen too.
fn checked(path: &Path, level: Level, more: &[&str]) -> Ended {
    let reports = tempfile::tempdir().expect("a folder");
    let mut arguments = vec!["check".to_owned(), path.display().to_string()];
    arguments.extend(["--as-of", "2026-11-30", "--output", "text"].map(str::to_owned));
    for format in formats() {
        let file = reports.path().join(format!("report.{format}"));
        arguments.extend(["--output".to_owned(), format!("{format}={}", file.display())]);
    }
    arguments.extend(level.flags().iter().chain(more).map(|&flag| flag.to_owned()));
    let (code, mut said) = program(&arguments, level == Level::Ci);
    let mut files = 0;
    for entry in std::fs::read_dir(reports.path()).expect("a readable folder") {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("a readable report");
        said.push_str(&String::from_utf8_lossy(&bytes));
        said.push('\n');
        files += 1;
    }
    Ended { code, said, files }
}

/// The planted words of a prefix in what was said, in capitals: letters, and a figure at the end.
fn words(said: &str, prefix: &str) -> BTreeSet<String> {
    let said = said.to_uppercase();
    let found = said.match_indices(prefix).map(|(at, _)| {
        let word = said[at..].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        word.to_owned()
    });
    found.collect()
}

fn number_of(word: &str, prefix: &str) -> usize {
    let code = word[prefix.len()..].trim_end_matches('7').bytes();
    code.fold(0, |number, letter| number * 26 + usize::from(letter.saturating_sub(b'A')))
}

/// A date as reports and people write it.
fn written(date: &str) -> [String; 4] {
    let (year, month, day) = (&date[..4], &date[4..6], &date[6..]);
    [
        date.to_owned(),
        format!("{year}-{month}-{day}"),
        format!("{month}/{day}/{year}"),
        format!("{}{month}{day}-", &year[2..]),
    ]
}

fn holds_date(said: &str, date: &str) -> bool {
    written(date).iter().any(|date| said.contains(date))
}

fn folder(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("a writable folder");
    (folder, path)
}

/// What a level must not say and does. `place` tells where a word was planted.
fn leaks(level: Level, said: &str, place: &dyn Fn(usize) -> String) -> Vec<String> {
    let mut leaks: Vec<String> = Vec::new();
    if level == Level::ShowPhi {
        return leaks;
    }
    for word in words(said, SECRET) {
        leaks.push(format!("{level:?}: {word} of {}", place(number_of(&word, SECRET))));
    }
    for (date, what) in [(BORN, "birth date"), (OTHER_DATE, "date of something else")] {
        if holds_date(said, date) {
            leaks.push(format!("{level:?}: {what}"));
        }
    }
    if said.contains(ZIP) || said.contains(&format!("{}-{}", &ZIP[..5], &ZIP[5..])) {
        leaks.push(format!("{level:?}: ZIP code"));
    }
    if level != Level::Default {
        if holds_date(said, SERVED) {
            leaks.push(format!("{level:?}: date of service"));
        }
        leaks
            .extend(words(said, "CLAIMNO").into_iter().map(|word| format!("{level:?}: claim number {word}")));
    }
    leaks
}

#[test]
fn every_element_of_an_837() {
    let mut planter = Planter::new();
    let mut text = planter.file(&changes(), &[Look::Letters]);
    let within =
        [Change::None, Change::Beyond, Change::ShiftedRight, Change::ShiftedLeft, Change::BrokenLine];
    text.push_str(&planter.file(&within, &[Look::Mixed]));
    let (_folder, path) = folder("planted.837", text.as_bytes());
    let mut all = Vec::new();
    // A build machine's level is the full one; other tests hold that it is.
    for level in [Level::Default, Level::Full, Level::ShowPhi] {
        let also: &[&[&str]] = match level {
            Level::Default => {
                &[&["--limit", "0"], &["--quiet", "--ascii", "--threads", "3", "--unit-size", "4096"]]
            }
            _ => &[&["--limit", "0"]],
        };
        for &more in also {
            let ended = checked(&path, level, more);
            assert_eq!(ended.code, 1, "{level:?} {more:?}");
            assert_eq!(ended.files, formats().len());
            all.extend(leaks(level, &ended.said, &|number| planter.place(number).to_owned()));
            // So that the test can fail: what is planted reaches the reports, and what may show does.
            assert!(words(&ended.said, BUSINESS).len() > 100, "{level:?}");
            if level == Level::Default {
                assert!(holds_date(&ended.said, SERVED) && !words(&ended.said, "CLAIMNO").is_empty());
            }
            if level == Level::ShowPhi {
                let shown = words(&ended.said, SECRET).len();
                assert!(shown > 1_500, "{shown}");
                assert!(holds_date(&ended.said, SERVED) && !words(&ended.said, "CLAIMNO").is_empty());
                assert!(holds_date(&ended.said, BORN) && holds_date(&ended.said, OTHER_DATE));
                assert!(ended.said.contains(ZIP));
            } else {
                assert!(ended.said.contains("•••"), "masked in sight");
            }
        }
    }
    all.sort();
    all.dedup();
    assert!(all.is_empty(), "{} leaks:\n{}", all.len(), all.join("\n"));
}

#[test]
fn every_field_of_json() {
    let mut planter = NativePlanter::default();
    let lines: String = planter.lines().iter().map(|line| format!("{line}\n")).collect();
    // A letter may be written as an escape.
    let escaped = lines.lines().nth(3).expect("a line").replace("\"XANTHE", "\"\\u0058ESCAPED");
    let lines = format!("{lines}{escaped}\n");
    let claims = planter.claims().to_string();
    let first = lines.lines().next().expect("a line");
    let mut all = Vec::new();
    for (name, text, levels) in [
        ("planted.jsonl", lines.as_str(), &[Level::Default, Level::Full, Level::ShowPhi][..]),
        ("planted.json", &claims, &[Level::Default]),
        ("first.jsonl", first, &Level::ALL),
    ] {
        let (_folder, path) = folder(name, text.as_bytes());
        for &level in levels {
            let ended = checked(&path, level, &["--limit", "0"]);
            assert!(ended.code > 0, "{name} {level:?}");
            let found = leaks(level, &ended.said, &|number| planter.place(number).to_owned());
            // A ZIP code or a date of birth that slipped into another column has the form of what belongs there.
            let is_told = |leak: &String| name == "first.jsonl" || leak.contains(SECRET);
            all.extend(found.into_iter().filter(is_told).map(|leak| format!("{name} {leak}")));
            let shown = words(&ended.said, SECRET).len();
            match (level, name) {
                (Level::ShowPhi, "first.jsonl") => assert!(shown > 4, "{shown}"),
                (Level::ShowPhi, _) => assert!(shown > 500, "{shown}"),
                _ => assert!(!ended.said.contains("ESCAPED"), "{name} {level:?}"),
            }
        }
    }
    all.sort();
    all.dedup();
    assert!(all.is_empty(), "{} leaks:\n{}", all.len(), all.join("\n"));
}

/// A folder of files that are broken in every way that a file can be.
fn broken(planter: &mut Planter) -> TempDir {
    let text = planter.file(&[Change::None], &[Look::Letters]);
    let lines: String =
        NativePlanter::default().lines()[..3].iter().map(|line| format!("{line}\n")).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: String, bytes: &[u8]| {
        std::fs::write(folder.path().join(name), bytes).expect("a writable folder");
    };
    for (kind, text) in [("837", &text), ("jsonl", &lines)] {
        let bytes = text.as_bytes();
        for cut in 1..30 {
            put(format!("cut-{cut}.{kind}"), &bytes[..bytes.len() * cut / 30]);
            put(format!("headless-{cut}.{kind}"), &bytes[bytes.len() * cut / 30..]);
        }
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        put(format!("utf16.{kind}"), &[&[0xff, 0xfe], wide.as_slice()].concat());
        put(format!("utf16-without-mark.{kind}"), &wide);
        let latin: Vec<u8> = bytes.iter().map(|byte| if *byte == b'E' { 0xc9 } else { *byte }).collect();
        put(format!("latin.{kind}"), &latin);
        let zeros: Vec<u8> = bytes.iter().map(|byte| if *byte == b' ' { 0 } else { *byte }).collect();
        put(format!("zeros.{kind}"), &zeros);
        put(format!("one-line.{kind}"), text.replace('\n', "").as_bytes());
        put(format!("no-terminators.{kind}"), text.replace('~', "").as_bytes());
        put(format!("other-separators.{kind}"), text.replace('*', "|").replace("~\n", "\n").as_bytes());
        put(format!("quoted.{kind}"), format!("\"{}\"", text.replace('"', "\"\"")).as_bytes());
        put(format!("twice.{kind}"), text.repeat(2).as_bytes());
        put(format!("mirrored.{kind}"), text.lines().rev().collect::<Vec<_>>().join("\n").as_bytes());
        put(format!("packed-wrongly.{kind}.gz"), &[b"\x1f\x8b\x08\x00", bytes].concat());
        put(format!("zip.{kind}.zip"), &[b"PK\x03\x04", bytes].concat());
        put(format!("table.{kind}.csv"), text.replace('*', ",").as_bytes());
    }
    folder
}

#[test]
fn what_is_broken_is_not_repeated() {
    let mut planter = Planter::new();
    let folder = broken(&mut planter);
    let mut all = Vec::new();
    for level in [Level::Default, Level::Full, Level::ShowPhi] {
        let ended = checked(folder.path(), level, &["--limit", "0", "--threads", "2"]);
        assert!(ended.code > 0, "{level:?}");
        if level == Level::ShowPhi {
            assert!(words(&ended.said, SECRET).len() > 100);
        }
        all.extend(words_of(level, &ended.said));
    }
    // Named one by one, what is no claims is an error and no remark.
    for entry in std::fs::read_dir(folder.path()).expect("a readable folder") {
        let path = entry.expect("an entry").path();
        let name = path.display().to_string();
        if !name.contains("cut-") && !name.contains("headless-") {
            all.extend(words_of(Level::Default, &checked(&path, Level::Default, &[]).said));
            all.extend(words_of(Level::Full, &checked(&path, Level::Full, &["--quiet"]).said));
        }
    }
    all.sort();
    all.dedup();
    assert!(all.is_empty(), "{} leaks:\n{}", all.len(), all.join("\n"));
}

/// The lines that hold a planted word, which a level must not show.
fn words_of(level: Level, said: &str) -> Vec<String> {
    if level == Level::ShowPhi {
        return Vec::new();
    }
    let holds = |line: &&str| line.to_uppercase().contains(SECRET) || line.contains(BORN);
    said.lines().filter(holds).map(|line| format!("{level:?}: {line}")).collect()
}

#[test]
fn what_is_kept_beside_the_claims_is_not_repeated() {
    let day = repository("fixtures/clinic-day.837");
    let tables = [
        (
            "--sessions",
            "claim_id,line,line_control_number,procedure_code,service_date,minutes,start,end,region,laterality,visit,note,assistant_minutes",
            "LR-1001,1,LR-1001-1,97110,2025-03-03,25,09:00,09:25,lumbar,left,1,XANTHENOTE,5",
        ),
        (
            "--authorizations",
            "patient_id,kind,number,payer,procedure_codes,from,to,visits",
            "1QQ0QQ0QQ00,authorization,XANTHE7,medicare,97110,2025-03-01,2025-05-31,2",
        ),
        ("--ytd", "patient_id,year,group,allowed", "1QQ0QQ0QQ00,2025,PT+SLP,2300.00"),
        (
            "--credentials",
            "payer,state,taxonomy,npi,code,from,to,decision",
            "medicare,AL,225100000X,,97110,2025-01-01,2025-12-31,deny",
        ),
        (
            "--fees",
            "payer,procedure_code,modifier,amount,reduced_amount,effective_from,effective_to",
            "medicare,97110,,30.00,25.00,2025-01-01,2025-12-31",
        ),
        ("--denial-rates", "rule,payer,rate", "T01,medicare,0.5"),
    ];
    let mut all = Vec::new();
    let mut refused = 0;
    for (flag, header, row) in tables {
        let cells: Vec<&str> = row.split(',').collect();
        let with = |at: usize, word: &str| {
            let mut cells = cells.clone();
            cells[at] = word;
            format!("{header}\n{}\n", cells.join(","))
        };
        // A fee schedule is no patient's, and one that no claim met is named by its payer.
        let first = usize::from(flag == "--fees");
        let look = |at: usize| if at.is_multiple_of(2) { "XANTHE WILLOW" } else { "XANTHEWILLOW7" };
        let mut files: Vec<String> = (first..cells.len()).map(|at| with(at, look(at))).collect();
        // A row too long, a header that is a row, a quotation mark that is never closed, the row without a header.
        files.push(format!("{header}\n{row},XANTHE\n"));
        files.push(format!(
            "{}\n{row}\n",
            cells.iter().map(|cell| format!("XANTHE {cell}")).collect::<Vec<_>>().join(",")
        ));
        files.push(format!("{header}\n\"XANTHE{row}\n{row}\n"));
        files.push(format!("XANTHE {row}\n{row}\n"));
        for (at, text) in files.iter().enumerate() {
            let (_folder, path) = folder("beside.csv", text.as_bytes());
            let path = path.display().to_string();
            let ended = checked(&day, Level::Default, &[flag, &path]);
            refused += usize::from(ended.code == 2);
            all.extend(
                words_of(Level::Default, &ended.said).iter().map(|leak| format!("{flag} {at} {leak}")),
            );
        }
    }
    assert!(refused > 25, "wrong cells are named: {refused}");
    assert!(all.is_empty(), "{} leaks:\n{}", all.len(), all.join("\n"));
}

#[test]
fn earlier_claims_and_a_key_are_not_repeated() {
    let mut planter = Planter::new();
    let text = planter.file(&[Change::None, Change::ShiftedRight], &[Look::Letters, Look::Mixed]);
    let (_folder, earlier) = folder("earlier.837", text.as_bytes());
    let earlier = earlier.display().to_string();
    let (_other, key) = folder("key", b"XANTHE7 XANTHE7 XANTHE7 XANTHE7 XANTHE7 XANTHE7 XANTHE7 XANTHE7");
    let key = key.display().to_string();
    for level in Level::ALL {
        for (flags, code) in
            [(&["--history", &earlier][..], 1), (&["--key", &key], 2), (&["--rules", &earlier], 2)]
        {
            let ended = checked(&repository("fixtures/clinic-day.837"), level, flags);
            assert_eq!(ended.code, code, "{level:?} {flags:?}: {}", ended.said);
            assert!(!ended.said.to_uppercase().contains(SECRET), "{level:?} {flags:?}: {}", ended.said);
        }
    }
    for job in [
        &["data", "import", &earlier][..],
        &["rules", "test", "--rules", &earlier],
        &["price", "97140", "--date", "2025-03-03", "--fees", &earlier],
    ] {
        let arguments: Vec<String> = job.iter().map(|word| (*word).to_owned()).collect();
        let (code, said) = program(&arguments, false);
        assert!(code == 2 && !said.to_uppercase().contains(SECRET), "{job:?}: {said}");
    }
}

#[test]
fn every_job_refuses_to_show_all_where_logs_are_kept() {
    let (_, help) = program(&["--help".to_owned()], false);
    let listed = help.lines().skip_while(|line| !line.starts_with("Commands:")).skip(1);
    let jobs: Vec<&str> = listed
        .take_while(|line| line.starts_with("  "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let day = repository("fixtures/clinic-day.837").display().to_string();
    let mut refused = 0;
    for job in jobs {
        let (_, help) = program(&[job, "--help"].map(str::to_owned), false);
        if help.contains("--show-phi") {
            let takes_files =
                !help.lines().any(|line| line.starts_with("Usage:") && line.ends_with("[OPTIONS]"));
            let words = [job, "--show-phi"].into_iter().chain(takes_files.then_some(day.as_str()));
            let (code, said) = program(&words.map(str::to_owned).collect::<Vec<_>>(), true);
            assert!(code == 2 && said.contains("refused"), "{job}: {said}");
            refused += 1;
        }
    }
    assert!(refused > 0, "{help}");
}
