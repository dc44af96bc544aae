//! Mending faults of format: what must hold of every file, and the program's own words and exit codes.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot be set up has failed"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{repository, request};
use cleanclaim::claim::{Date, Span};
use cleanclaim::engine;
use cleanclaim::finding::{Edit, Finding, Run};
use cleanclaim::mend::{self, Patch};
use cleanclaim::source::Named;
use proptest::prelude::*;

const AS_OF: Date = Date::constant(2025, 3, 10);

fn check(bytes: &[u8]) -> Run {
    engine::check(&request(AS_OF), &[Named::memory("day.837", bytes)])
}

fn edits(run: &Run) -> Vec<Edit> {
    let mut patches: Vec<Patch> = mend::plan(run);
    assert!(patches.len() <= 1, "one file has one patch");
    patches.pop().map(|patch| patch.edits).unwrap_or_default()
}

fn applied(bytes: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut mended = Vec::new();
    mend::apply(edits, &mut &*bytes, &mut mended).expect("edits lie inside the file");
    mended
}

/// The edits that turn what was mended back: all that is not part of an edit has then been copied as it was.
fn undone(bytes: &[u8], edits: &[Edit]) -> Vec<Edit> {
    let mut shift = 0_i64;
    let inverse = |edit: &Edit| {
        let (start, end) = (edit.span.offset as usize, edit.span.end() as usize);
        let old = std::str::from_utf8(&bytes[start..end]).expect("separators, digits, letters").to_owned();
        let offset = edit.span.offset.checked_add_signed(shift).expect("inside the file");
        shift += edit.text.len() as i64 - i64::from(edit.span.length);
        Edit { span: Span::new(offset, edit.text.len() as u32), text: old }
    };
    edits.iter().map(inverse).collect()
}

/// What a finding says, without where it stands.
fn said<'r>(findings: impl Iterator<Item = &'r Finding>) -> BTreeMap<String, u64> {
    let mut said = BTreeMap::new();
    for finding in findings {
        let Finding { code, outcome, severity, message, claim, line, .. } = finding;
        *said.entry(format!("{code} {outcome} {severity:?} {claim} {line} {message}")).or_default() += 1;
    }
    said
}

/// Mends a file and holds it to what is promised. How many edits that took.
fn mended(name: &str, bytes: &[u8]) -> usize {
    let run = check(bytes);
    let edits = edits(&run);
    if edits.is_empty() {
        return 0;
    }
    for pair in edits.windows(2) {
        assert!(pair[0].span.end() <= pair[1].span.offset, "{name}: edits overlap: {pair:?}");
    }
    let cut = cleanclaim::engine::Request { threads: 2, unit_size: 4096, ..request(AS_OF) };
    let in_pieces = engine::check(&cut, &[Named::memory("day.837", bytes)]);
    assert_eq!(edits, self::edits(&in_pieces), "{name}: edits depend on where the file is cut");
    let mended = applied(bytes, &edits);
    assert!(applied(&mended, &undone(bytes, &edits)) == bytes, "{name}: more than the edits has changed");
    let again = check(&mended);
    assert_eq!(self::edits(&again), [], "{name}: something is left to mend");
    let left = said(run.findings.iter().filter(|finding| finding.fix.is_none()));
    assert_eq!(said(again.findings.iter()), left, "{name}: other findings than before");
    for (before, after) in [
        (run.columns.at_risk, again.columns.at_risk),
        (run.columns.recoupment, again.columns.recoupment),
        (run.columns.unbilled, again.columns.unbilled),
    ] {
        assert_eq!(before, after, "{name}: dollars have changed");
    }
    assert!(again.columns.delayed.net <= run.columns.delayed.net, "{name}: more is delayed than before");
    assert_eq!((run.claims, run.lines), (again.claims, again.lines), "{name}");
    edits.len()
}

fn fixture(name: &str) -> String {
    fs::read_to_string(repository("fixtures").join(name)).expect("a fixture")
}

#[test]
fn every_fixture_keeps_what_is_no_fault_of_format() {
    let mut edits = 0;
    for folder in ["fixtures", "fixtures/broken", "fixtures/facts", "fixtures/prices"] {
        for entry in fs::read_dir(repository(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                edits += mended(&path.display().to_string(), &fs::read(&path).expect("a fixture"));
            }
        }
    }
    assert!(edits > 0, "no fixture has a fault of format");
}

#[test]
fn every_file_of_the_corpus_keeps_what_is_no_fault_of_format() {
    let Some(folder) = std::env::var_os("CLEANCLAIM_CORPUS") else {
        eprintln!("skipped: CLEANCLAIM_CORPUS is not set");
        return;
    };
    let mut files = 0;
    for entry in fs::read_dir(folder).expect("the folder that CLEANCLAIM_CORPUS names") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files += usize::from(mended(&name, &fs::read(&path).expect("a file of the corpus")) > 0);
        }
    }
    assert!(files > 0, "no file of the corpus has a fault of format");
}

/// A fault of format that a clean file can be given, as what to replace by what.
const FAULTS: &[(&str, &str)] = &[
    ("HI*ABK:M5450~", "HI*ABK:M54.50~"),
    ("HI*ABK:M25561~", "HI*ABK:m25561~"),
    ("HI*ABK:M542*ABF:M5450~", "HI*ABK:m54.2:*ABF:M54.50**~"),
    ("HI*ABK:S335XXD~", "HI*ABK:S33.5xxd:::~"),
    ("N3*1 INVENTED WAY~", "N3*1 INVENTED WAY**~"),
    ("REF*6R*LR-2002-3~", "REF*6R*LR-2002-3*~"),
    ("SV1*HC:97124*45*UN*1***1~", "SV1*HC:97124:::*45*UN*1***1:*~"),
    ("DMG*D8*19440514*F~", "DMG*D8*19440514*F****~"),
    ("SE*124*0001~", "SE*9*0001~"),
    ("SE*124*0001~", "SE**0001~"),
    ("SE*124*0001~", "SE*124*0007*~"),
    ("SE*124*0001~", "SE*124*~"),
    ("SE*124*0001~", "SE*124***~"),
    ("SE*124*0001~", "SE*9*1~"),
    ("SE*124*0001~", "SE*9*01*~"),
    ("GE*1*101~", "GE*1*~"),
    ("GE*1*101~", "GE*1*0101~"),
    ("GE*1*101~", "GE*3*101~"),
    ("IEA*1*000000102~", "IEA*1*102~"),
    ("IEA*1*000000102~", "IEA*1*~"),
    ("IEA*1*000000102~", "IEA*1**~"),
    ("IEA*1*000000102~", "IEA*2*102~"),
    ("IEA*1*000000102~", "IEA*x*000000102~"),
    ("*ZZ*LAKESIDEREHAB  *ZZ*EXAMPLECLRHSE  *", "*ZZ*LAKESIDEREHAB*ZZ*EXAMPLECLRHSE*"),
    ("ISA*00*          *00*          *", "ISA*00**00**"),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn faults_of_every_kind_together(
        planted in prop::collection::vec(any::<bool>(), FAULTS.len()),
        line_end in prop_oneof![Just("\n"), Just(""), Just("\r\n")],
        mark in any::<bool>(),
    ) {
        let mut text = fixture("clean.837");
        let mut count = 0;
        for ((clean, faulty), _) in FAULTS.iter().zip(planted).filter(|(_, is_planted)| *is_planted) {
            count += text.matches(clean).count().min(1);
            text = text.replacen(clean, faulty, 1);
        }
        let mark = if mark { "\u{feff}" } else { "" };
        let text = format!("{mark}{}", text.replace('\n', line_end));
        let edits = mended("planted", text.as_bytes());
        prop_assert!(edits >= count, "{edits} edits for {count} faults");
        let mut mended = applied(text.as_bytes(), &self::edits(&check(text.as_bytes())));
        mended.retain(|byte| !matches!(byte, b'\r' | b'\n'));
        let clean = format!("{mark}{}", fixture("clean.837").replace('\n', ""));
        prop_assert_eq!(String::from_utf8(mended), Ok(clean));
    }
}

#[test]
fn each_fault_is_mended_to_the_clean_file() {
    for (clean, faulty) in FAULTS {
        let text = fixture("clean.837").replacen(clean, faulty, 1);
        assert_eq!(
            applied(text.as_bytes(), &edits(&check(text.as_bytes()))),
            fixture("clean.837").as_bytes(),
            "{faulty}"
        );
    }
}

/// What has two right answers, or may hide a loss, is left alone.
#[test]
fn what_needs_judgement_is_not_mended() {
    for (clean, faulty) in [
        // Neither the count nor the number fits.
        ("SE*124*0001~", "SE*9*0007~"),
        ("SE*124*0001~", "SE*9*~"),
        ("IEA*1*000000102~", "IEA*2*~"),
        ("IEA*1*000000102~", "IEA*2*000000105~"),
        // A segment is missing beside the count.
        ("N3*1 INVENTED WAY~\n", ""),
        ("HL*2*1*22*0~\n", "HL*9*1*22*0~\nN3*X~\n"),
        // Trailers that are not there.
        ("SE*124*0001~\n", ""),
        // A point where the classification has none, and a code of ICD-9-CM.
        ("HI*ABK:M5450~", "HI*ABK:M5.450~"),
        ("HI*ABK:M5450~", "HI*ABK:724.2~"),
        ("HI*ABK:M5450~", "HI*BK:724.2~"),
        // Units, modifiers, dates and charges.
        ("SV1*HC:97110:GP*90*UN*2***1~", "SV1*HC:97110:gp*90*UN*2***1~"),
        ("SV1*HC:97110:GP*90*UN*2***1~", "SV1*HC:97110:GP*90*UN*02.0***1~"),
        ("SV1*HC:97110:GP*90*UN*2***1~", "SV1*HC:97110:GP*$90*UN*2***1~"),
        ("DTP*472*D8*20250303~", "DTP*472*D8*2025-03-03~"),
        // A free text that ends in a separator of components.
        ("NTE*ADD*15 MIN~", "NTE*ADD*15 MIN:~"),
        // Another ISA than one whose blanks are gone.
        ("*000000102*0*T*:~", "*102*0*T*:~"),
        ("*ZZ*LAKESIDEREHAB  *", "*ZZ*LAKESIDEREHABILITATION*"),
    ] {
        let text = fixture("clean.837").replacen(clean, faulty, 1);
        assert_ne!(text, fixture("clean.837"), "{clean}");
        assert_eq!(edits(&check(text.as_bytes())), [], "{faulty}");
    }
}

/// A number but for its zeros shows whose trailer it is where the header's number is good for an answer, and no further.
#[test]
fn a_count_beside_a_number_without_its_zeros() {
    let clean = fixture("clean.837");
    let faulty = clean.replacen("SE*124*0001~", "SE*9*1~", 1);
    let run = check(faulty.as_bytes());
    assert_eq!(run.findings.iter().filter(|finding| finding.fix.is_some()).count(), 2);
    assert_eq!(mended("both", faulty.as_bytes()), 2);
    let of_another_form = faulty.replacen("ST*837*0001*", "ST*837*001*", 1);
    assert_eq!(edits(&check(of_another_form.as_bytes())), []);
    // Something is missing: the count is the only witness, and stays.
    let short = faulty.replacen("N3*1 INVENTED WAY~\n", "", 1);
    assert_eq!(mended("short", short.as_bytes()), 1);
    let texts: Vec<String> = edits(&check(short.as_bytes())).into_iter().map(|edit| edit.text).collect();
    assert_eq!(texts, ["0001"]);
}

/// One thing that a careless export does to a segment; to a trailer, also to what it counts or to its number.
fn broken(segment: &str, how: u8, by: usize) -> String {
    let mut elements: Vec<String> = segment.split('*').map(str::to_owned).collect();
    let is_trailer = matches!(elements[0].as_str(), "SE" | "GE" | "IEA");
    match how {
        0 => elements.extend(vec![String::new(); by % 3 + 1]),
        1 => elements.last_mut().expect("an id").push_str(&":".repeat(by % 2 + 1)),
        2 if is_trailer && elements.len() > 1 => {
            elements[1] = ["0", "1", "2", "007", "", "x"][by % 6].to_owned()
        }
        3 if is_trailer && elements.len() > 2 => {
            let number = elements[2].clone();
            let bare = number.trim_start_matches('0').to_owned();
            elements[2] = [format!("{number}9"), format!("0{number}"), bare, String::new()][by % 4].clone();
        }
        4 if is_trailer => elements.truncate(by % 2 + 1),
        _ => {}
    }
    elements.join("*")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever of trailers and separators is broken: what can be mended is mended at once, and nothing else changes.
    #[test]
    fn trailers_and_separators_broken_at_random(
        name in prop::sample::select(vec!["clean.837", "clinic-day.837"]),
        breaks in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>(), 0_u8..5, 0_usize..12), 1..6),
    ) {
        let text = fixture(name);
        let mut segments: Vec<String> = text.trim_end().trim_end_matches('~').split("~\n").map(str::to_owned).collect();
        let all: Vec<usize> = (1..segments.len()).collect();
        let is_trailer = |at: &usize| ["SE*", "GE*", "IEA"].iter().any(|id| segments[*at].starts_with(id));
        let trailers: Vec<usize> = all.iter().copied().filter(is_trailer).collect();
        for (index, of_trailers, how, by) in breaks {
            let at = *index.get(if of_trailers { &trailers } else { &all });
            segments[at] = broken(&segments[at], how, by);
        }
        mended(name, format!("{}~\n", segments.join("~\n")).as_bytes());
    }
}

/// The segments that a unified diff takes out and puts in, by number. A long one is shown in part.
fn changed(diff: &str) -> Vec<(usize, &str, &str)> {
    let mut lines = diff.lines().skip_while(|line| !line.starts_with("@@ "));
    let mut all = Vec::new();
    while let Some(head) = lines.next() {
        let number = head.strip_prefix("@@ -").and_then(|rest| rest.split(' ').next());
        let (old, new) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
        let number = number.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("{head}"));
        let shown = (old.strip_prefix('-'), new.strip_prefix('+'));
        let (Some(old), Some(new)) = shown else { panic!("{head}: {old} {new}") };
        all.push((number, old, new));
    }
    all
}

#[test]
fn a_diff_shows_what_fix_does_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut texts: Vec<String> = FAULTS
        .iter()
        .map(|(clean, faulty)| fixture("clean.837").replacen(clean, faulty, 1))
        .chain([faulty(), fixture("clean.837")])
        .collect();
    for name in ["fixtures", "fixtures/broken", "fixtures/facts", "fixtures/prices"] {
        for entry in fs::read_dir(repository(name)).expect("a folder") {
            let path = entry.expect("an entry").path();
            let text = if path.is_file() { fs::read_to_string(&path).ok() } else { None };
            texts.extend(text.filter(|text| !edits(&check(text.as_bytes())).is_empty()));
        }
    }
    for text in texts {
        let diff = cleanclaim(&["-", "--diff", "--show-phi"], folder.path(), text.as_bytes());
        let fix = cleanclaim(&["-", "--fix", "--fail-on", "never"], folder.path(), text.as_bytes());
        let (diff, fixed) =
            (String::from_utf8(diff.out).expect("UTF-8"), String::from_utf8(fix.out).expect("UTF-8"));
        let terminator = if text.contains('~') { '~' } else { '\n' };
        let segments = |text: &str| -> Vec<String> {
            text.trim_start_matches('\u{feff}').split(terminator).map(|one| one.trim().to_owned()).collect()
        };
        let (before, after) = (segments(&text), segments(&fixed));
        assert_eq!(before.len(), after.len());
        let pairs = before.iter().zip(&after).enumerate().filter(|(_, (old, new))| old != new);
        let done: Vec<(usize, &String, &String)> = pairs.map(|(at, (old, new))| (at + 1, old, new)).collect();
        let shown = changed(&diff);
        let numbers_shown: Vec<usize> = shown.iter().map(|(number, ..)| *number).collect();
        let numbers_done: Vec<usize> = done.iter().map(|(number, ..)| *number).collect();
        assert_eq!(numbers_shown, numbers_done, "{diff}");
        for ((_, old, new), (_, before, after)) in shown.iter().zip(&done) {
            let is_part = |shown: &str| shown.contains('…');
            assert!(is_part(old) || old == before, "{old} {before}");
            assert!(is_part(new) || new == after, "{new} {after}");
        }
    }
}

struct Ended {
    code: i32,
    out: Vec<u8>,
    err: String,
}

fn cleanclaim(arguments: &[&str], folder: &Path, input: &[u8]) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cleanclaim"));
    // The developer's own tables are not looked at.
    command.env("XDG_DATA_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-tables"));
    command.env_remove("CI").env("NO_COLOR", "1").args(["check", "--as-of", "2025-03-10"]);
    command.args(arguments).current_dir(folder);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A program that refuses its arguments does not read.
    let _ = stdin.write_all(input);
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    let err = String::from_utf8(output.stderr).expect("the program writes UTF-8");
    Ended { code: output.status.code().unwrap_or(-1), out: output.stdout, err }
}

fn faulty() -> String {
    FAULTS.iter().fold(fixture("clean.837"), |text, (clean, faulty)| text.replacen(clean, faulty, 1))
}

#[test]
fn standard_input_goes_mended_to_standard_output() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = cleanclaim(&["-", "--fix"], folder.path(), faulty().as_bytes());
    assert_eq!((run.code, String::from_utf8(run.out)), (0, Ok(fixture("clean.837"))), "{}", run.err);
    assert!(run.err.contains("--fix mended"), "{}", run.err);
    // What is no claim, or has nothing to mend, goes through as it is.
    let run = cleanclaim(&["-", "--fix", "--output", "json=report.json"], folder.path(), b"hello\n");
    assert_eq!((run.code, &*run.out), (2, &b"hello\n"[..]), "{}", run.err);
    let run = cleanclaim(&["-", "--fix", "--output", "json"], folder.path(), faulty().as_bytes());
    assert_eq!((run.code, &*run.out), (2, &b""[..]), "{}", run.err);
}

/// Two answers for one standard output, and files that --diff would not write.
#[test]
fn flags_that_say_something_else_are_refused_beside_those_of_mending() {
    let folder = tempfile::tempdir().expect("a folder");
    for flags in [
        &["--fix", "--explain-match", "1"][..],
        &["--fix", "--statistics"],
        &["--diff", "--explain-match", "1"],
        &["--diff", "--statistics"],
        &["--diff", "--timings"],
        &["--diff", "--write-baseline", "known.json"],
    ] {
        let run = cleanclaim(&[&["-"], flags].concat(), folder.path(), faulty().as_bytes());
        assert_eq!((run.code, run.out.len()), (2, 0), "{flags:?}: {}", run.err);
        let (one, other) = (flags[0], flags[1]);
        assert!(
            run.err.contains("cannot be used with") && run.err.contains(one) && run.err.contains(other),
            "{}",
            run.err
        );
    }
    assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 0);
    let beside = ["-", "--fix", "--timings", "--write-baseline", "known.json"];
    let run = cleanclaim(&beside, folder.path(), faulty().as_bytes());
    assert_eq!((run.code, String::from_utf8(run.out)), (0, Ok(fixture("clean.837"))), "{}", run.err);
    assert!(folder.path().join("known.json").is_file());
}

#[test]
fn packed_input_is_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(faulty().as_bytes()).expect("a vector takes everything");
    let gzip = gzip.finish().expect("a vector takes everything");
    fs::write(folder.path().join("day.837.gz"), &gzip).expect("a file");
    fs::write(folder.path().join("a.837"), faulty()).expect("a file");
    let mut zip = zip::ZipWriter::new(fs::File::create(folder.path().join("week.zip")).expect("a file"));
    zip.start_file("day.837", zip::write::SimpleFileOptions::default()).expect("a member");
    zip.write_all(faulty().as_bytes()).expect("written");
    zip.finish().expect("an archive");
    for packed in ["day.837.gz", "week.zip", "-"] {
        let run = cleanclaim(&["a.837", packed, "--fix"], folder.path(), &gzip);
        assert_eq!((run.code, run.out.len()), (2, 0), "{packed}: {}", run.err);
        assert!(run.err.contains("packed"), "{}", run.err);
        assert_eq!(fs::read_to_string(folder.path().join("a.837")).ok(), Some(faulty()));
        // A diff only reads.
        let run = cleanclaim(&[packed, "--diff"], folder.path(), &gzip);
        let shown = String::from_utf8(run.out).expect("UTF-8");
        assert!(
            run.code == 1 && shown.contains("\n-SE*9*0001\n+SE*124*0001\n"),
            "{packed}: {shown}{}",
            run.err
        );
    }
    assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 3);
}

#[test]
fn several_files_are_mended_in_place_and_history_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["a.837", "b.837", "earlier.837"] {
        // Other patients' numbers, so that the files hold other claims.
        fs::write(folder.path().join(name), faulty().replace("LR-", &name[..2].to_uppercase()))
            .expect("a file");
    }
    let arguments =
        ["a.837", "b.837", "--fix", "--history", "earlier.837", "--ignore", "X11", "--fail-on", "never"];
    let run = cleanclaim(&arguments, folder.path(), b"");
    assert_eq!(run.code, 0, "{}", run.err);
    for (name, expected) in
        [("a.837", fixture("clean.837")), ("b.837", fixture("clean.837")), ("earlier.837", faulty())]
    {
        let text = fs::read_to_string(folder.path().join(name)).expect("a file");
        assert_eq!(text, expected.replace("LR-", &name[..2].to_uppercase()), "{name}");
    }
}

#[test]
fn a_diff_names_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = fixture("clean.837")
        .replace("NM1*IL*1*TESTWELL*ADA****MI*1QQ0QQ0QQ00~", "NM1*IL*1*TESTWELL*ADA****MI*1QQ0QQ0QQ00**~")
        .replace("DMG*D8*19400110*F~", "DMG*D8*19400110*F*~")
        .replace("NTE*ADD*15 MIN~", "NTE*ADD*15 MIN*~");
    for (flags, ci) in [(&["-", "--diff"][..], false), (&["-", "--diff", "--redact", "full"], true)] {
        let run = cleanclaim(flags, folder.path(), text.as_bytes());
        let shown = String::from_utf8(run.out).expect("UTF-8");
        assert_eq!((run.code, &*run.err), (1, ""));
        assert!(shown.contains("-NM1*IL*1*") && shown.contains("-DMG*D8*"), "{shown}");
        for secret in ["TESTWELL", "ADA*", "1QQ0", "19400110", "15 MIN"] {
            assert!(!shown.contains(secret), "{secret}: {shown}");
        }
        assert_eq!(shown.contains("LR-1001"), !ci, "{shown}");
    }
    let run = cleanclaim(&["-", "--diff", "--show-phi"], folder.path(), text.as_bytes());
    assert!(String::from_utf8_lossy(&run.out).contains("+NM1*IL*1*TESTWELL*ADA****MI*1QQ0QQ0QQ00\n"));
}
