//! Small files that mean to become large: packed zeros, aliases of aliases, brackets in brackets, patterns of patterns.

#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

use super::program::{Limits, Run, fixture};

/// How deep brackets are put into brackets.
const DEEP: usize = 100_000;

fn folder_with(name: &str, bytes: &[u8]) -> (TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("written");
    let name = path.display().to_string();
    (folder, name)
}

/// So many megabytes of one line of claims' beginnings, packed.
fn packed(start: &[u8], filler: &[u8], megabytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let block = filler.repeat((1 << 20) / filler.len());
    encoder.write_all(start).expect("a vector takes everything");
    (0..megabytes).for_each(|_| encoder.write_all(&block).expect("a vector takes everything"));
    encoder.finish().expect("a vector takes everything")
}

#[test]
fn a_gzip_bomb() {
    let header = fs::read(fixture("clean.837")).expect("a fixture");
    let table = fs::read_to_string(fixture("maps/claim-lines.csv")).expect("a fixture");
    let table = format!("{}\n\"", table.lines().next().expect("a header"));
    for (start, filler) in [(&header[..], b" "), (b"{\"claim_id\":\"", b"A"), (table.as_bytes(), b"x")] {
        let (_folder, path) = folder_with("bomb.gz", &packed(start, filler, 80));
        let run = Run::check([&path, "--output", "concise"]).ended();
        run.ends_in(2, "bomb.gz: it unpacks to more than 300 times its size, which no claims do").within(300);
    }
    // What holds no claims is left alone, as is what was packed twice.
    for bomb in [packed(b"", b"\0", 80), packed(&packed(b"", b"\0", 1), b"\0", 1)] {
        let (_folder, path) = folder_with("bomb.gz", &bomb);
        Run::check([&path]).ended().ends_in(2, "").within(300);
    }
}

#[test]
fn a_zip_bomb() {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("day.837", SimpleFileOptions::default()).expect("a member");
    let block = vec![b' '; 1 << 20];
    (0..80).for_each(|_| writer.write_all(&block).expect("written"));
    let archive = writer.finish().expect("an archive").into_inner();
    let (_folder, path) = folder_with("bomb.zip", &archive);
    let run = Run::check([&path, "--output", "json"]).ended();
    run.ends_in(2, "day.837: it unpacks to more than 300 times its size, which no claims do").within(200);
}

/// Nine lists, each of nine of the one before: a billion words.
fn aliases() -> String {
    let mut text = "- &a0 [w, w, w, w, w, w, w, w, w]\n".to_owned();
    for level in 1..10 {
        let alias = format!("*a{}", level - 1);
        text.push_str(&format!("- &a{level} [{}]\n", vec![alias; 9].join(", ")));
    }
    text
}

/// Each file that is written by hand, with the arguments that have it read.
fn read_as(path: &str) -> Vec<(&'static str, Vec<String>)> {
    let with = |flag: &str| vec![flag.to_owned(), path.to_owned(), fixture("clean.837")];
    vec![
        ("rules", with("--rules")),
        ("configuration", with("--config")),
        ("suppressions", with("--suppressions")),
        ("map", with("--map")),
        ("credentials", with("--credentials")),
        ("baseline", with("--baseline")),
        ("sessions", with("--sessions")),
        ("fees", with("--fees")),
    ]
}

/// The file is refused by name with each, in bounded memory.
#[track_caller]
fn refused_as_all(name: &str, bytes: &[u8]) {
    let (_folder, path) = folder_with(name, bytes);
    for (what, arguments) in read_as(&path) {
        let mut all = vec!["check", "--as-of", "2025-04-02", "--threads", "2"];
        if what != "configuration" {
            all.push("--isolated");
        }
        all.extend(arguments.iter().map(String::as_str));
        let run = Run::of(all).ended();
        assert!(run.code == Some(2) && !run.err.contains("internal error"), "{what}: {run:?}");
        assert!(run.err.contains(name), "{what}: {}", run.err.chars().take(500).collect::<String>());
        assert!(run.err.len() < 20_000, "{what}: {} bytes are said", run.err.len());
        run.within(400);
    }
}

#[test]
fn yaml_aliases_of_aliases() {
    let list = aliases();
    refused_as_all("bomb.yaml", list.as_bytes());
    // Where a key is expected to hold it.
    let keyed = format!("reads: csv\nrules: &r [x]\nselect:\n{}", list.replace("- &", "  - &"));
    refused_as_all("keyed.yaml", keyed.as_bytes());
    let rule = format!("- code: X01\n  name: x\n  when:\n    all:\n{}", list.replace("- &", "      - &"));
    refused_as_all("rule.yaml", rule.as_bytes());
}

#[test]
fn yaml_nested_a_hundred_thousand_deep() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")] {
        let text = format!("{}x{}", open.repeat(DEEP), close.repeat(DEEP));
        refused_as_all("deep.yaml", text.as_bytes());
        refused_as_all("keyed.yaml", format!("reads: json\nselect: {text}").as_bytes());
        refused_as_all("rule.yaml", format!("- code: X01\n  when: {text}").as_bytes());
    }
}

#[test]
fn json_nested_a_hundred_thousand_deep() {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(DEEP), close.repeat(DEEP));
    let (lists, objects) = (deep("[", "]"), deep("{\"a\":", "}"));
    let shapes = [
        "{}",
        "{\"units\":{}}",
        "[{\"procedure_code\":\"97110\",\"x\":{}}]",
        "{\"claims\":[{\"lines\":{}}]}",
        "{\"resourceType\":\"Bundle\",\"entry\":{}}",
        "{\"claims\":{}}",
    ];
    for nest in [&lists, &objects, &"[".repeat(DEEP), &"{\"a\":".repeat(DEEP)] {
        for shape in shapes {
            let text = shape.replacen("{}", nest, 1);
            let (_folder, path) = folder_with("deep.json", text.as_bytes());
            let run = Run::check([&path, "--output", "concise"]).ended();
            assert!(matches!(run.code, Some(0..=2)) && !run.err.contains("internal error"), "{run:?}");
            assert!(run.out.len() + run.err.len() < 20_000);
            run.within(200);
        }
        let (_folder, path) =
            folder_with("run.json", format!("{{\"schema\":\"cleanclaim/1\",\"summary\":{nest}}}").as_bytes());
        Run::of(["report", &path]).ended().ends_in(2, "run.json: line 1, column").within(200);
        let (_folder, path) = folder_with("baseline.json", nest.as_bytes());
        Run::check(["--baseline", &path, &fixture("clean.837")])
            .ended()
            .ends_in(2, "baseline.json")
            .within(200);
        let (folder, _) = folder_with("manifest.json", nest.as_bytes());
        let data = folder.path().display().to_string();
        Run::of(["data", "list", "--data", &data]).ended().ends_in(2, "manifest.json").within(200);
    }
}

/// A pattern is compiled within bounds, and looks at a text once whatever it says.
#[test]
fn patterns_that_would_take_for_ever() {
    let rule = |pattern: &str| {
        format!(
            "- code: PAT01\n  name: pattern\n  severity: warning\n  summary: A pattern\n  when: {{line.note: {{matches: '{pattern}'}}}}\n  \
             check: forbid\n  impact: {{class: none, amount: none}}\n  message: found\n  help: look\n  sources: [\"a test\"]\n"
        )
    };
    let giants = [
        "(((a{1000}){1000}){1000}){1000}",
        "(\\pL{1000}){1000}",
        "((((((((((x{10}){10}){10}){10}){10}){10}){10}){10}){10}){10})",
    ];
    for pattern in giants {
        let (_folder, path) = folder_with("giant.yaml", rule(pattern).as_bytes());
        let run = Run::check(["--rules", &path, &fixture("clean.837")]).ended();
        run.ends_in(2, "giant.yaml").within(300);
        let map = format!("reads: csv\nfacts:\n  procedure_code: {{from: Code, like: '{pattern}'}}\n");
        let (_folder, path) = folder_with("giant.yaml", map.as_bytes());
        Run::check(["--map", &path, &fixture("maps/claim-lines.csv")])
            .ended()
            .ends_in(2, "giant.yaml")
            .within(300);
    }
    // Exponential where patterns are tried one after the other.
    let (_folder, rules) = folder_with("slow.yaml", rule("^(a|a?)+$").as_bytes());
    let note = "a".repeat(60_000);
    let line = fs::read_to_string(fixture("clean.jsonl")).expect("a fixture");
    let line =
        line.lines().next().expect("a line").replace("25 MIN THERAPEUTIC EXERCISE", &format!("{note}!"));
    let (_other, claims) = folder_with("slow.jsonl", line.as_bytes());
    let run = Run::check(["--rules", &rules, &claims]).ended();
    assert!(matches!(run.code, Some(0 | 1)), "{run:?}");
    run.within(300);
}

#[test]
fn numbers_beyond_all_measure() {
    let line = fs::read_to_string(fixture("clean.jsonl")).expect("a fixture");
    let line = line.lines().next().expect("a line").to_owned();
    let digits = "9".repeat(5_000);
    for number in [
        &digits,
        "1e400",
        "-1e400",
        "1e-400",
        "18446744073709551616",
        "-9223372036854775809",
        "9223372036854775807",
        "922337203685477580.7",
        "0.00000000000000000000001",
    ] {
        for field in [
            "\"units\":2",
            "\"charge_amount\":\"90.00\"",
            "\"claim_charge_amount\":\"135.00\"",
            "\"line_number\":1",
        ] {
            let (name, _) = field.split_once(':').expect("a field");
            let text = line.replacen(field, &format!("{name}:{number}"), 1);
            assert_ne!(text, line, "{field} is there");
            let (_folder, path) = folder_with("huge.jsonl", format!("{text}\n{text}\n").as_bytes());
            let run = Run::check([&path, "--output", "json"]).ended();
            assert!(
                matches!(run.code, Some(0 | 1)) && !run.err.contains("internal error"),
                "{number} {field}: {run:?}"
            );
        }
    }
    let day = fs::read_to_string(fixture("clean.837")).expect("a fixture");
    for number in [
        &digits,
        "99999999999999999.99",
        "9223372036854775807",
        "-9223372036854775808",
        "92233720368547758.07",
    ] {
        let changed: String = day
            .split_inclusive('~')
            .map(|segment| {
                let mut elements: Vec<String> = segment.split('*').map(str::to_owned).collect();
                match elements[0].trim() {
                    "SV1" => (elements[2], elements[4]) = (number.to_owned(), number.to_owned()),
                    "CLM" => elements[2] = number.to_owned(),
                    "SE" | "GE" => elements[1] = number.to_owned(),
                    _ => {}
                }
                elements.join("*")
            })
            .collect();
        let (_folder, path) = folder_with("huge.837", changed.as_bytes());
        let run = Run::check([&path, "--output", "json"]).ended();
        assert!(run.code == Some(1) && !run.err.contains("internal error"), "{number}: {run:?}");
    }
    let rates = format!("rule,rate\nT01,{digits}\nT02,1e400\n");
    let (_folder, path) = folder_with("rates.csv", rates.as_bytes());
    Run::check(["--denial-rates", &path, &fixture("clean.837")]).ended().ends_in(2, "rates.csv");
}

/// Files without an end, or with one that is far away, are read to a stated bound.
#[test]
fn files_beyond_all_measure() {
    let folder = tempfile::tempdir().expect("a folder");
    let sparse = folder.path().join("sparse.yaml");
    fs::File::create(&sparse).and_then(|file| file.set_len(8 << 30)).expect("a sparse file");
    let sparse = sparse.display().to_string();
    for (what, arguments) in read_as(&sparse) {
        let mut all = vec!["check", "--as-of", "2025-04-02"];
        if what != "configuration" {
            all.push("--isolated");
        }
        all.extend(arguments.iter().map(String::as_str));
        let run = Run::of(all).ended();
        run.ends_in(2, "it is longer than").within(100);
        assert!(run.err.contains("sparse.yaml"), "{what}: {}", run.err);
    }
    Run::of(["report", &sparse]).ended().ends_in(2, "it is longer than 1024 MB").within(100);
    // A device has no length to be asked for.
    for flag in ["--rules", "--map", "--suppressions"] {
        Run::check([flag, "/dev/zero", &fixture("clean.837")]).ended().ends_in(2, "/dev/zero").within(300);
    }
    Run::of(["check", "--config", "/dev/zero", &fixture("clean.837")])
        .ended()
        .ends_in(2, "/dev/zero")
        .within(300);
}

/// Rules by the thousand are only many.
#[test]
fn a_rule_file_of_five_hundred_rules() {
    let one = fs::read_to_string(fixture("rules/acme.yaml")).expect("a fixture");
    let one = one.split_once("- code").map(|(_, rule)| format!("- code{rule}")).expect("a rule");
    let head = |number: usize| {
        one.replace("ACME01", &format!("ACME{number}"))
            .replace("massage-twice-a-day", &format!("massage-{number}"))
    };
    let many: String = (1_000..1_500).map(head).collect();
    let (_folder, path) = folder_with("many.yaml", many.as_bytes());
    let limits = Limits { memory: 2048, file: None };
    let check = [
        "check",
        "--isolated",
        "--as-of",
        "2025-04-02",
        "--rules",
        &path,
        &fixture("clinic-day.837"),
        "--output",
        "json",
    ];
    let run = Run::limited(limits, check).ended();
    run.ends_in(1, "").within(800);
    assert!(Path::new(&path).is_file());
}
