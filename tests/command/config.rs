//! Configurations through the program: which one is read, and what goes before what.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::repository;
use tempfile::TempDir;

struct Ended {
    code: i32,
    out: String,
    err: String,
}

/// Runs the program in a folder below `root`, whose user has no tables and no home but `root`.
fn run(root: &TempDir, folder: &str, typed: &str) -> Ended {
    run_with(root, folder, typed, &[])
}

fn run_with(root: &TempDir, folder: &str, typed: &str, variables: &[(&str, &str)]) -> Ended {
    let output = Command::new(env!("CARGO_BIN_EXE_cleanclaim"))
        .current_dir(root.path().join(folder))
        .env("HOME", root.path())
        .env("XDG_DATA_HOME", root.path().join("no-tables"))
        .env("NO_COLOR", "1")
        .env("LC_ALL", "C.UTF-8")
        .env_remove("CI")
        .envs(variables.iter().copied())
        .args(typed.split_whitespace())
        .output()
        .expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
    Ended { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

fn write(root: &TempDir, name: &str, text: &str) {
    let path = root.path().join(name);
    fs::create_dir_all(path.parent().expect("a parent")).expect("a writable folder");
    fs::write(path, text).expect("a writable folder");
}

/// A repository in a user's own folder, with the clinic's day in it.
fn practice() -> TempDir {
    let root = tempfile::tempdir().expect("a folder");
    write(&root, "work/.git/HEAD", "");
    let day = fs::read_to_string(repository("fixtures/clinic-day.837")).expect("a fixture");
    write(&root, "work/exports/friday/day.837", &day);
    root
}

const DAY: &str = "day.837 --as-of 2025-03-10";
const DAY_ALONE: &str = "--as-of 2025-03-10";

/// The row of `--show-settings` for a key.
fn row(shown: &str, key: &str) -> String {
    let row = shown.lines().find(|line| line.split_whitespace().next() == Some(key));
    row.unwrap_or_else(|| panic!("no {key} in\n{shown}")).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_nearest_is_read_and_none_above_the_repository() {
    let root = practice();
    let settings = |root: &TempDir| run(root, "work/exports/friday", "config show").out;
    write(&root, "cleanclaim.yaml", "limit: 1\n");
    assert!(settings(&root).starts_with("no configuration is read\n"));
    write(&root, "work/cleanclaim.yaml", "limit: 2\n");
    assert_eq!(row(&settings(&root), "limit"), "limit 2 ../../cleanclaim.yaml:1");
    write(&root, "work/exports/.cleanclaim.yaml", "# ours\nlimit: 3\n");
    assert_eq!(row(&settings(&root), "limit"), "limit 3 ../.cleanclaim.yaml:2");
    // Nearer, and about something else: what stands above is not put together with it.
    write(&root, "work/exports/friday/cleanclaim.yml", "quiet: true\n");
    assert_eq!(row(&settings(&root), "limit"), "limit 200 default");
    write(&root, "work/exports/friday/cleanclaim.yaml", "quiet: true\n");
    let ended = run(&root, "work/exports/friday", "config show");
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("holds both cleanclaim.yaml and cleanclaim.yml"), "{}", ended.err);
}

#[test]
fn the_users_own_folder_ends_the_search_too() {
    let root = tempfile::tempdir().expect("a folder");
    write(&root, "cleanclaim.yaml", "limit: 1\n");
    write(&root, "papers/note.txt", "");
    let settings = run(&root, "papers", "config show").out;
    assert_eq!(row(&settings, "limit"), "limit 1 ../cleanclaim.yaml:1");
    write(&root, "deeper/home/papers/note.txt", "");
    let home = root.path().join("deeper/home").display().to_string();
    let settings = run_with(&root, "deeper/home/papers", "config show", &[("HOME", &home)]).out;
    assert!(settings.starts_with("no configuration is read\n"), "{settings}");
}

#[test]
fn what_was_typed_goes_before_the_file_and_the_file_before_the_default() {
    let root = practice();
    let verdict = |typed: &str| run(&root, "work/exports/friday", &format!("{DAY} {typed}")).code;
    assert_eq!(verdict(""), 1);
    write(&root, "work/cleanclaim.yaml", "fail-on: never\nmax-at-risk: 1000\nselect: [P, T]\n");
    assert_eq!(verdict(""), 0);
    assert_eq!(verdict("--fail-on error"), 1);
    assert_eq!(verdict("--max-at-risk 1"), 1);
    assert_eq!(verdict("--max-at-risk 1 --isolated"), 1);
    assert_eq!(verdict("--isolated"), 1);
    assert_eq!(verdict("--isolated --exit-zero"), 0);
    let codes = |typed: &str| {
        let ended = run(&root, "work/exports/friday", &format!("{DAY} --output json {typed}"));
        let report: serde_json::Value = serde_json::from_str(&ended.out).expect("a report");
        let findings = report["findings"].as_array().expect("findings").clone();
        let families =
            findings.iter().map(|finding| finding["code"].as_str().unwrap_or_default()[..1].to_owned());
        families.collect::<std::collections::BTreeSet<_>>().into_iter().collect::<String>()
    };
    assert_eq!(codes(""), "PT");
    assert_eq!(codes("--select D"), "D");
    assert_eq!(codes("--extend-select D"), "DPT");
    assert_eq!(codes("--extend-ignore T"), "P");
    assert!(codes("--isolated").contains('D'));
    write(&root, "work/cleanclaim.yaml", "ignore: [T, D]\n");
    assert!(!codes("").contains(['T', 'D']));
    // What is ignored in a file and selected on the command line runs.
    assert_eq!(codes("--select T"), "T");
    assert!(codes("--extend-select D").contains('D') && !codes("--extend-select D").contains('T'));
    assert!(codes("--ignore P").contains('T') && !codes("--ignore P").contains('P'));
    assert!(!codes("--extend-ignore P").contains(['P', 'T']));
}

#[test]
fn paths_are_relative_to_the_file_that_names_them() {
    let root = practice();
    write(&root, "work/shared/base.yaml", "rules: acme.yaml\nseverity: {ACME01: error}\n");
    write(
        &root,
        "work/shared/acme.yaml",
        "- {code: ACME01, name: massage, severity: info, summary: S, when: {line.procedure_code: {in: [97124]}}, \
         check: forbid, message: M, help: H}\n",
    );
    write(
        &root,
        "work/cleanclaim.yaml",
        "extends: shared/base.yaml\nselect: [ACME01]\noutput: [json=run.json]\n",
    );
    let ended = run(&root, "work/exports/friday", DAY);
    assert_eq!((ended.code, ended.out.as_str(), ended.err.as_str()), (1, "", ""));
    let report =
        fs::read_to_string(root.path().join("work/run.json")).expect("a report beside the configuration");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert!(
        report["findings"].as_array().is_some_and(|all| all.iter().all(|one| one["severity"] == "error"))
    );
    // The rules of the configuration, and what they weigh, are those of every job; typing one more adds to them.
    let listed = run(&root, "work/exports/friday", "rules list");
    assert!(listed.out.contains("ACME01  error"), "{}", listed.out);
    assert!(run(&root, "work/exports/friday", "rule ACME01").out.starts_with("ACME01 massage · error"));
    write(
        &root,
        "work/more.yaml",
        "- {code: ACME02, name: two, severity: info, summary: S, check: forbid, message: M, help: H}\n",
    );
    let typed = "rules list --rules ../../more.yaml --rules ../../shared/acme.yaml --select ACME";
    let listed = run(&root, "work/exports/friday", typed);
    assert_eq!(listed.out.lines().count(), 3, "{} {}", listed.out, listed.err);
    assert_eq!(run(&root, "work/exports/friday", "rules test").code, 0);
}

#[test]
fn side_files_profiles_and_tables_are_taken_from_it() {
    let root = practice();
    write(
        &root,
        "work/cleanclaim.yaml",
        "fees: fees.csv\nrules: acme.yaml\ndata: tables\nlocality: 10112-00\n",
    );
    write(
        &root,
        "work/fees.csv",
        "payer,procedure_code,modifier,amount,reduced_amount,effective_from,effective_to\n\
         acme,97124,,41.00,,2025-01-01,\n",
    );
    write(&root, "work/acme.yaml", "profiles:\n  - {name: acme, like: commercial}\n");
    let price = "price 97124 --date 2025-03-03";
    let ended = run(&root, "work/exports", price);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("no tables were imported into ../tables"), "{}", ended.err);
    write(&root, "work/cleanclaim.yaml", "fees: fees.csv\nrules: acme.yaml\nlocality: 10112-00\n");
    let ended = run(&root, "work/exports", &format!("{price} --payer acme"));
    assert!(ended.out.contains("$41.00"), "{} {}", ended.out, ended.err);
    assert!(run(&root, "work/exports", price).out.contains("10112-00"));
    assert!(!run(&root, "work/exports", &format!("{price} --isolated")).out.contains("10112-00"));
    let settings = run(&root, "work/exports", "check --show-settings --price-by-zip").out;
    assert_eq!(row(&settings, "locality"), "locality - default");
    assert_eq!(row(&settings, "price-by-zip"), "price-by-zip true command line");
}

#[test]
fn what_is_different_for_a_payer_is_said() {
    let root = practice();
    let text =
        "severity: {T: off}\npayers:\n  medicare: {severity: {T01: error}}\n  '60054': {ignore: [D01]}\n";
    write(&root, "work/cleanclaim.yaml", text);
    let explained = run(&root, "work", "explain T01").out;
    assert!(explained.starts_with("T01 units-exceed-minutes · off"), "{explained}");
    assert!(explained.contains("FOR SINGLE PAYERS\n    everybody: off; medicare: error\n"), "{explained}");
    let listed = run(&root, "work", "rules list").out;
    assert!(listed.contains("\nT01   off ") && !listed.contains("\nT02 "), "{listed}");
    let json = run(&root, "work", "rules list --select D01 --json").out;
    let rules: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(rules[0]["payers"], serde_json::json!([{"payer": "payer id 60054", "severity": "off"}]));
    // Medicare's claims of the day have it, the others do not; an unknown code of a payer is shown at its line.
    write(&root, "work/cleanclaim.yaml", &format!("{text}select: [T]\n"));
    let ended = run(&root, "work/exports/friday", &format!("{DAY} --output json"));
    let report: serde_json::Value = serde_json::from_str(&ended.out).expect("a report");
    let notes = report["notes"].to_string();
    let note = "by the configuration 1 rule weighs otherwise than written, 1 of them for single payers";
    assert!(notes.contains(note), "{notes}");
    let payers: Vec<&str> = report["claims"]
        .as_array()
        .expect("claims")
        .iter()
        .filter_map(|claim| claim["payer"].as_str())
        .collect();
    assert!(!payers.is_empty() && payers.iter().all(|payer| *payer == "medicare"), "{payers:?}");
    write(&root, "work/cleanclaim.yaml", "payers:\n  '60054': {ignore: [D0l]}\n");
    let ended = run(&root, "work/exports/friday", DAY);
    assert_eq!(ended.code, 2);
    assert!(
        ended.err.contains("cleanclaim.yaml:2:22") && ended.err.contains("did you mean `D01`?"),
        "{}",
        ended.err
    );
}

/// `off` is the same as `ignore`: what was typed goes before it, unless it names the rule more closely.
#[test]
fn a_rule_that_is_off_in_a_file_runs_where_it_is_typed() {
    let root = practice();
    let severities = |kept: &str, typed: &str| {
        write(&root, "work/cleanclaim.yaml", kept);
        let ended = run(&root, "work", &format!("rules list --json {typed}"));
        let rules: serde_json::Value = serde_json::from_str(&ended.out).unwrap_or_default();
        let rules = rules.as_array().cloned().unwrap_or_default();
        let of = |code: &str| {
            let rule = rules.iter().find(|rule| rule["code"] == code);
            rule.map(|rule| format!("{}{}", rule["severity"], rule["payers"]).replace('"', ""))
        };
        [of("D01"), of("D02")]
    };
    let [one, two] = severities("", "").map(|own| own.expect("a rule that is on"));
    let (one, two) = (Some(one), Some(two));
    for off in ["severity: {D01: off}", "severity: {nonspecific-diagnosis: off}", "ignore: [D01]"] {
        assert_eq!(severities(off, ""), [None, two.clone()], "{off}");
        for typed in ["--select D01,D02", "--extend-select D01", "--select nonspecific-diagnosis,D02"] {
            assert_eq!(severities(off, typed), [one.clone(), two.clone()], "{off} {typed}");
        }
        // A wider word leaves it out.
        for typed in ["--select D", "--select diagnosis", "--select ALL", "--extend-select D"] {
            assert_eq!(severities(off, typed), [None, two.clone()], "{off} {typed}");
        }
        // What a file selects brings nothing back.
        assert_eq!(severities(&format!("{off}\nselect: [D01, D02]\n"), ""), [None, two.clone()]);
        assert_eq!(severities(&format!("{off}\nextend-select: [D01]\n"), ""), [None, two.clone()]);
        assert_eq!(severities(off, "--select D01,D02 --ignore D01"), [None, two.clone()]);
    }
    for off in ["severity: {D: off}", "severity: {diagnosis: off}", "severity: {ALL: off}", "ignore: [D]"] {
        assert_eq!(severities(off, "--extend-select T"), [None, None], "{off}");
        assert_eq!(severities(off, "--select D"), [one.clone(), two.clone()], "{off}");
        assert_eq!(severities(off, "--extend-select D02"), [None, two.clone()], "{off}");
    }
    assert_eq!(severities("severity: {D: off}", "--extend-select diagnosis"), [None, None]);
    // What a wider word says of its weight is said of it again; a word as close as `off` is not.
    let info = Some("info[]".to_owned());
    assert_eq!(severities("severity: {D: info, D01: off}", "--select D01"), [info.clone(), None]);
    assert_eq!(severities("severity: {ALL: info, D: off, D01: off}", "--select D01"), [info, None]);
    write(&root, "work/base.yaml", "severity: {d01: info}\n");
    let extended = "extends: base.yaml\nseverity: {D01: off}\n";
    assert_eq!(severities(extended, "--select D01"), [one, None]);
    // A payer's own word stays.
    let payers = "severity: {D01: off}\npayers: {medicare: {severity: {D01: off}}}\n";
    let said = severities(payers, "--select D01")[0].clone().expect("a rule that is on");
    assert!(said.ends_with("[{payer:medicare,severity:off}]") && !said.starts_with("off"), "{said}");
    // And so it is with the run itself.
    write(&root, "work/cleanclaim.yaml", "severity: {D: off}\n");
    let found = |typed: &str| run(&root, "work/exports/friday", &format!("{DAY} -o concise {typed}")).out;
    let (kept, typed) = (found(""), found("--select D01"));
    assert!(!kept.contains(": D01 ") && typed.contains(": D01 "), "{kept}{typed}");
}

#[test]
fn a_rule_that_is_left_out_is_explained_and_tested() {
    let root = practice();
    let plain = run(&root, "work", "explain D01").out;
    assert!(plain.starts_with("D01 nonspecific-diagnosis · warning"), "{plain}");
    let off = plain.replacen("· warning", "· off", 1);
    let kept = [
        "ignore: [D01]\n",
        "severity: {D01: off}\n",
        "select: [T]\n",
        "severity: {D: off}\nselect: [D01]\n",
        "ignore: [D]\npayers: {medicare: {severity: {D01: error}}}\n",
    ];
    for text in kept {
        write(&root, "work/cleanclaim.yaml", text);
        for typed in
            ["explain D01", "rule D01", "explain nonspecific-diagnosis", "explain D01 --extend-ignore T"]
        {
            let ended = run(&root, "work", typed);
            assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{text} {typed}");
            assert_eq!(ended.out.lines().next(), off.lines().next(), "{text} {typed}");
            assert!(ended.out.contains("It does not run here"), "{text} {typed} {}", ended.out);
            assert!(!ended.out.contains("FOR SINGLE PAYERS"), "{text} {typed} {}", ended.out);
        }
        let json: serde_json::Value =
            serde_json::from_str(&run(&root, "work", "explain D01 --json").out).expect("JSON");
        assert_eq!(json[0]["severity"], "off", "{text}");
        let several = run(&root, "work", "explain D").err;
        assert!(several.contains("`D` is several rules"), "{several}");
        let tested = run(&root, "work", "rules test D01");
        assert_eq!((tested.code, tested.err.as_str()), (0, ""), "{text}");
        assert!(!tested.out.starts_with("0 "), "{}", tested.out);
    }
    write(&root, "work/cleanclaim.yaml", "ignore: [T07]\n");
    assert_eq!(run(&root, "work", "explain D01 --ignore D01").out.lines().next(), off.lines().next());
    assert_eq!(run(&root, "work", "explain D01").out, plain);
    let typed = run(&root, "work", "rules test D01 T01 --ignore D01");
    let said = "error: `D01` names no rule that is left by --ignore and --snip\n";
    assert_eq!((typed.code, typed.err.as_str()), (2, said));
    // A family leaves out what is ignored by a closer word, as it does for `check`.
    let family = run(&root, "work", "rules test T").out;
    write(&root, "work/cleanclaim.yaml", "");
    assert_ne!(run(&root, "work", "rules test T").out, family);
}

/// However the two spell the rule.
#[test]
fn what_a_file_has_a_rule_weigh_goes_before_what_it_extends() {
    let root = practice();
    let listed = |own: &str, base: &str| {
        write(&root, "work/base.yaml", base);
        write(&root, "work/cleanclaim.yaml", &format!("extends: base.yaml\n{own}"));
        let ended = run(&root, "work", "rules list --select T01 --json");
        let rules: serde_json::Value = serde_json::from_str(&ended.out).unwrap_or_default();
        (rules[0]["severity"].clone(), rules[0]["payers"].clone())
    };
    for (own, base) in [("T01", "units-exceed-minutes"), ("T01", "t01"), ("units-exceed-minutes", "t01")] {
        let of = |word: &str, weight: &str| format!("severity: {{{word}: {weight}}}\n");
        assert_eq!(listed(&of(own, "info"), &of(base, "off")).0, "info", "{own} {base}");
        assert_eq!(listed(&of(base, "info"), &of(own, "off")).0, "info", "{base} {own}");
        let of =
            |word: &str, weight: &str| format!("payers: {{medicare: {{severity: {{{word}: {weight}}}}}}}\n");
        let is = |weight: &str| serde_json::json!([{"payer": "medicare", "severity": weight}]);
        assert_eq!(listed(&of(own, "info"), &of(base, "off")).1, is("info"), "{own} {base}");
        assert_eq!(listed(&of(base, "off"), &of(own, "info")).1, is("off"), "{base} {own}");
    }
    // Of several that are extended the later goes before the earlier, and before what that extends.
    write(&root, "work/far.yaml", "severity: {T01: error}\n");
    write(&root, "work/first.yaml", "extends: far.yaml\nseverity: {t01: warning}\n");
    write(&root, "work/second.yaml", "severity: {units-exceed-minutes: info}\n");
    let text = |own: &str| {
        write(&root, "work/cleanclaim.yaml", own);
        run(&root, "work", "rules list --select T01").out
    };
    assert!(text("extends: [first.yaml, second.yaml]\n").contains("T01   info"));
    assert!(text("extends: [second.yaml, first.yaml]\n").contains("T01   warning"));
    assert!(text("extends: [second.yaml, far.yaml]\n").contains("T01   error"));
}

#[test]
fn a_payer_of_what_is_extended_is_the_same_in_upper_and_lower_case() {
    let root = practice();
    let payers = |own: &str, base: &str| {
        write(&root, "work/base.yaml", base);
        write(&root, "work/cleanclaim.yaml", &format!("extends: base.yaml\n{own}"));
        let ended = run(&root, "work", "rules list --select T01,T02 --json");
        let rules: serde_json::Value = serde_json::from_str(&ended.out).unwrap_or_default();
        (rules[0]["payers"].clone(), rules[1]["payers"].clone(), ended.err)
    };
    for (own, base, payer) in [
        ("Sx65b", "SX65B", "payer id Sx65b"),
        ("medicare", "Medicare", "medicare"),
        ("Medicare", "medicare", "medicare"),
    ] {
        let one = format!("payers: {{{own}: {{severity: {{T01: info}}}}}}\n");
        let other = format!("payers: {{{base}: {{severity: {{t01: off, T02: off}}}}}}\n");
        let is = |weight: &str| serde_json::json!([{"payer": payer, "severity": weight}]);
        assert_eq!(payers(&one, &other), (is("info"), is("off"), String::new()), "{own} {base}");
    }
    let twice = payers("payers:\n  sx65b: {ignore: [T01]}\n  SX65B: {ignore: [T02]}\n", "").2;
    assert!(twice.contains("the payer `") && twice.contains("is named twice"), "{twice}");
}

#[test]
fn two_words_of_one_file_for_one_rule_are_an_error_at_their_line() {
    let root = practice();
    let said = |text: &str| {
        write(&root, "work/cleanclaim.yaml", text);
        run(&root, "work/exports/friday", DAY).err
    };
    let both = said("severity:\n  units-exceed-minutes: off\n  t01: error\n");
    assert!(both.contains("cleanclaim.yaml:3:3"), "{both}");
    assert!(both.contains("`units-exceed-minutes` and `t01` name T01 equally closely"), "{both}");
    let families = said("payers:\n  medicare:\n    severity:\n      T: off\n      t: info\n");
    assert!(
        families.contains("cleanclaim.yaml:5:7") && families.contains("`T` and `t` name T01"),
        "{families}"
    );
    assert_eq!(said("severity: {T01: error, T: info, therapy: off, T02: off}\n"), "");
    assert_eq!(said("severity: {T01: error}\npayers: {medicare: {severity: {t01: off}}}\n"), "");
}

/// A configured report on standard output makes way; one with a path is written; one that is typed is refused before the run.
#[test]
fn flags_of_insight_answer_whatever_output_is_configured() {
    let root = practice();
    let asked = |typed: &str| run(&root, "work/exports/friday", &format!("{DAY} {typed}"));
    let plain = ["--statistics", "--explain-match 1"].map(|typed| asked(typed).out);
    assert!(plain[0].starts_with("findings  severity") && plain[1].contains("LR-1001"), "{plain:?}");
    let findings = asked("--output concise").out;
    for kept in ["[concise]", "[json]", "[text]", "[concise, csv=kept.csv]", "[csv=kept.csv]"] {
        write(&root, "work/cleanclaim.yaml", &format!("output: {kept}\n"));
        for (typed, plain) in ["--statistics", "--explain-match 1"].iter().zip(&plain) {
            let ended = asked(typed);
            assert_eq!((ended.code, &ended.out), (1, plain), "{kept} {typed}: {}", ended.err);
            let report = root.path().join("work/kept.csv");
            assert_eq!(fs::remove_file(&report).is_ok(), kept.contains("csv"), "{kept} {typed}");
        }
    }
    write(&root, "work/cleanclaim.yaml", "output: [concise]\n");
    assert_eq!(asked("").out, findings);
    assert!(asked("--statistics --output json").out.starts_with("{\n  \"dollars\""));
    // A file that is not there would be said of the run.
    for typed in ["--statistics --output concise", "--explain-match 1 --output json"] {
        let ended = run(&root, "work/exports/friday", &format!("check none.837 {typed}"));
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{typed}");
        let flag = typed.split(' ').next().unwrap_or_default();
        assert!(ended.err.starts_with(&format!("error: {flag} writes to standard output;")), "{}", ended.err);
        assert!(!ended.err.contains("none.837"), "{}", ended.err);
    }
}

#[test]
fn rules_that_are_named_by_two_ways_are_loaded_once() {
    let root = practice();
    let rule = |code: &str| {
        format!("- {{code: {code}, name: n-{code}, severity: info, summary: S, check: forbid, message: M, help: H}}\n")
            .replace("n-ACME", "n")
    };
    write(&root, "work/shared/rules/acme.yaml", &rule("ACME01"));
    write(&root, "work/shared/base.yaml", "rules: rules/acme.yaml\n");
    write(&root, "work/one.yaml", "extends: shared/base.yaml\nrules: [shared/../shared/rules/acme.yaml]\n");
    write(&root, "work/two.yaml", "extends: shared/base.yaml\n");
    write(&root, "work/cleanclaim.yaml", "extends: [one.yaml, two.yaml]\n");
    let list = |typed: &str| run(&root, "work", &format!("rules list --select ACME {typed}"));
    let listed = list("");
    assert_eq!((listed.code, listed.out.lines().count()), (0, 2), "{}{}", listed.out, listed.err);
    assert_eq!(list("--rules shared/rules/acme.yaml --rules shared/rules/acme.yaml").out, listed.out);
    // Another file with the same rule is another file.
    write(&root, "work/copy.yaml", &rule("ACME01"));
    let twice = list("--rules copy.yaml");
    assert!(twice.code == 2 && twice.err.contains("ACME01"), "{}{}", twice.out, twice.err);
}

#[test]
fn a_switch_that_is_on_can_be_taken_back() {
    let root = practice();
    write(&root, "work/cleanclaim.yaml", "quiet: true\nnet-cash: true\nlimit: 0\n");
    let settings = run(&root, "work", "check --show-settings --net-cash=false -q=false").out;
    assert_eq!(row(&settings, "net-cash"), "net-cash false command line");
    assert_eq!(row(&settings, "quiet"), "quiet false command line");
    assert_eq!(row(&settings, "limit"), "limit 0 cleanclaim.yaml:3");
    let short = run(&root, "work/exports/friday", &format!("{DAY} -qo json"));
    assert!(short.out.starts_with('{'), "{} {}", short.out, short.err);
}

#[test]
fn a_build_machine_masks_whatever_a_file_says() {
    let root = practice();
    write(&root, "work/cleanclaim.yaml", "redact: default\n");
    let settings = |variables: &[(&str, &str)]| run_with(&root, "work", "config show", variables).out;
    assert_eq!(row(&settings(&[]), "redact"), "redact default cleanclaim.yaml:1");
    assert_eq!(row(&settings(&[("CI", "true")]), "redact"), "redact full CI is set");
    write(&root, "work/cleanclaim.yaml", "redact: full\n");
    let masked = run(&root, "work/exports/friday", DAY).out;
    assert!(!masked.contains("LR-1012"));
    let plain = run(&root, "work/exports/friday", &format!("{DAY} --redact default")).out;
    assert!(plain.contains("LR-1012"));
}

#[test]
fn init_writes_a_configuration_that_changes_nothing() {
    let root = practice();
    let ended = run(&root, "work", "config init");
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let text = fs::read_to_string(root.path().join("work/cleanclaim.yaml")).expect("a configuration");
    assert!(text.starts_with("# yaml-language-server: $schema=https://"), "{text}");
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/config.schema.json").is_file());
    let settings = run(&root, "work", "config show").out;
    assert!(settings.lines().skip(2).all(|line| line.ends_with("  default")), "{settings}");
    let again = run(&root, "work", "config init");
    assert_eq!(again.code, 2);
    assert!(again.err.contains("is there already"), "{}", again.err);
    assert_eq!(run(&root, "work", "config init other.yaml").code, 0);
}

/// What `config init` writes, each piece between empty lines without its comment signs: nobody uncomments a mistake.
#[test]
fn every_line_of_the_starter_is_valid_when_it_is_uncommented() {
    let root = practice();
    assert_eq!(run(&root, "work", "config init").code, 0);
    let starter = fs::read_to_string(root.path().join("work/cleanclaim.yaml")).expect("a configuration");
    write(&root, "billing/cleanclaim.yaml", "");
    write(&root, "work/payer-rules/none.yaml", "[]");
    let mut keys = 0;
    for piece in starter.split("\n\n").skip(1) {
        let is_prose = |line: &str| line.ends_with('.');
        let lines = piece.lines().filter(|line| !is_prose(line)).filter_map(|line| line.strip_prefix("# "));
        let lines: Vec<&str> = lines.collect();
        // A key with what is indented below it.
        let starts = (0..lines.len()).filter(|at| !lines[*at].starts_with(' '));
        for start in starts {
            let below = lines[start + 1..].iter().take_while(|line| line.starts_with(' '));
            let text: String =
                [&lines[start]].into_iter().chain(below).map(|line| format!("{line}\n")).collect();
            write(&root, "work/cleanclaim.yaml", &text);
            let ended = run(&root, "work", "config show");
            assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{text}");
            keys += 1;
        }
    }
    assert!(keys > 20, "{keys}");
}

/// A key without effect would be believed: each that the schema names is shown among the settings.
#[test]
fn every_key_is_a_setting() {
    let root = practice();
    let schema: serde_json::Value =
        serde_json::from_str(&run(&root, "work", "rules schema config").out).expect("a schema");
    let keys = schema["properties"].as_object().expect("keys");
    assert!(keys.len() > 30, "{keys:?}");
    write(&root, "work/cleanclaim.yaml", "extend-select: [T]\nextend-ignore: [T07]\nseverity: {N: info}\n");
    let shown = run(&root, "work", "config show").out;
    for key in keys.keys().filter(|key| !["extends", "payers", "extend-ignore"].contains(&key.as_str())) {
        assert!(shown.lines().any(|line| line.starts_with(key.as_str())), "{key}: {shown}");
    }
}

#[test]
fn files_of_folders_are_chosen_by_globs() {
    let root = practice();
    write(&root, "work/cleanclaim.yaml", "exclude: ['*.837']\n");
    let none = run(&root, "work", &format!("check exports --isolated {DAY_ALONE}"));
    assert_ne!(none.code, 2, "{}", none.err);
    let excluded = run(&root, "work", &format!("check exports {DAY_ALONE}"));
    assert_eq!(excluded.code, 2, "{}{}", excluded.out, excluded.err);
    let typed = run(&root, "work", &format!("check exports --exclude nothing {DAY_ALONE}"));
    assert_eq!(
        (typed.code, typed.out),
        (none.code, none.out),
        "what is typed is in the place of what is kept"
    );
}

#[test]
fn earlier_claims_are_chosen_by_the_same_globs() {
    let root = practice();
    let earlier = |typed: &str| {
        let typed = format!("check exports/friday/day.837 --history sent -o json {typed} {DAY_ALONE}");
        let ended = run(&root, "work", &typed);
        let report: serde_json::Value = serde_json::from_str(&ended.out).unwrap_or_default();
        let files = report["inputs"].as_array().cloned().unwrap_or_default();
        let of_sent = files.iter().filter_map(|file| file["name"].as_str()?.strip_prefix("sent/"));
        (ended.code, of_sent.map(str::to_owned).collect::<Vec<_>>())
    };
    let clean = fs::read_to_string(repository("fixtures/clean.837")).expect("a fixture");
    write(&root, "work/sent/may.837", &clean);
    write(&root, "work/sent/old/april.837", &clean.replace("LR-", "OLD-"));
    assert_eq!(earlier("").1, ["may.837", "old/april.837"]);
    assert_eq!(earlier("--exclude old").1, ["may.837"]);
    assert_eq!(earlier("--include april.*").1, ["old/april.837"]);
    assert_eq!(earlier("--exclude *.837"), (2, vec![]));
    write(&root, "work/cleanclaim.yaml", "exclude: [old]\n");
    assert_eq!(earlier("").1, ["may.837"]);
    // Who names a file means it.
    assert_eq!(earlier("--history sent/old/april.837").1, ["may.837", "old/april.837"]);
}

/// Some systems refuse such a name; there is nothing to be shown there.
#[cfg(unix)]
#[test]
fn files_are_shown_without_what_a_terminal_would_obey() {
    let root = practice();
    write(&root, "work/odd/a\u{1b}[2Jb\nc\u{202e}.837", "");
    write(&root, "work/odd/it's plain.837", "");
    let shown = run(&root, "work", "check odd --show-files");
    assert_eq!((shown.code, shown.err.as_str()), (0, ""));
    assert_eq!(shown.out, "odd/a\\x1b[2Jb c\\u{202e}.837\nodd/it's plain.837\n");
}

#[test]
fn accepted_findings_are_accepted_by_configuration() {
    let root = practice();
    let all = run(&root, "work", &format!("check exports --isolated -o concise {DAY_ALONE}"));
    assert_eq!(all.code, 1, "{}", all.out);
    let written = run(&root, "work", &format!("check exports --write-baseline known.json {DAY_ALONE}"));
    assert_eq!(written.code, 0, "{}", written.err);
    write(&root, "work/cleanclaim.yaml", "baseline: known.json\n");
    let known = run(&root, "work/exports", &format!("check . -o concise {DAY_ALONE}"));
    assert_eq!(known.code, 0, "{}{}", known.out, known.err);
    write(&root, "work/cleanclaim.yaml", "suppressions: ours.yaml\n");
    write(
        &root,
        "work/ours.yaml",
        "- {rule: [P, V, D, T, N, M, X], payer: medicare, reason: tried, expires: 2030-01-01}\n",
    );
    let suppressed = run(&root, "work/exports", &format!("check . -o concise {DAY_ALONE}"));
    assert!(suppressed.out.contains("by suppressions"), "{}{}", suppressed.out, suppressed.err);
    write(&root, "work/cleanclaim.yaml", "map: nosuch.yaml\n");
    let unmapped = run(&root, "work/exports", &format!("check . {DAY_ALONE}"));
    assert!(unmapped.code == 2 && unmapped.err.contains("nosuch.yaml"), "{}", unmapped.err);
}

/// From a pipe, which nobody reads twice.
#[cfg(unix)]
#[test]
fn rule_files_are_read_once() {
    let root = practice();
    let rule = "- {code: ACME01, name: massage, severity: error, summary: S, \
                when: {line.procedure_code: {in: [97124]}}, check: forbid, message: M, help: H}\n";
    write(&root, "work/ours.yaml", "- {rule: ACME01, payer: medicare, reason: tried, expires: 2030-01-01}\n");
    let piped = |typed: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cleanclaim"));
        command.current_dir(root.path().join("work")).env("XDG_DATA_HOME", root.path().join("no-tables"));
        command.env("HOME", root.path()).env("NO_COLOR", "1").env_remove("CI");
        let arguments = "check exports --rules /dev/stdin --select ACME01 -o concise";
        command.args([arguments, DAY_ALONE, typed].join(" ").split_whitespace());
        command.stdin(std::process::Stdio::piped());
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        std::io::Write::write_all(&mut stdin, rule.as_bytes()).expect("a reader");
        drop(stdin);
        let output = child.wait_with_output().expect("the program ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, all, err) = piped("");
    assert!(code == Some(1) && all.contains("ACME01") && !all.contains("by suppressions"), "{all}{err}");
    let (code, some, err) = piped("--suppressions ours.yaml");
    assert!(code.is_some_and(|code| code < 2) && some.contains("by suppressions"), "{some}{err}");
}

/// The examples of `docs/configuration.md`, each under the name that its first line gives it.
#[test]
fn the_manual_is_right() {
    let page = include_str!("../../docs/configuration.md");
    let blocks: Vec<&str> =
        page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(blocks.len(), 2);
    let root = practice();
    write(&root, "work/shared/company.yaml", "");
    write(&root, "work/payer-rules/acme.yaml", "[]");
    write(
        &root,
        "work/contracts.csv",
        "payer,procedure_code,modifier,amount,reduced_amount,effective_from,effective_to\n",
    );
    for block in blocks {
        let name = block.lines().next().and_then(|line| line.strip_prefix("# ")).expect("a name");
        write(&root, &format!("work/{name}"), block);
        let ended = run(&root, "work", &format!("config show --config {name}"));
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{block}");
    }
    // Every key that the page lists is one, and every key is listed.
    let schema: serde_json::Value =
        serde_json::from_str(&run(&root, "work", "rules schema config --isolated").out).expect("JSON");
    let table =
        page.split("## Keys").nth(1).and_then(|rest| rest.split("## Severity").next()).expect("the keys");
    let listed: std::collections::BTreeSet<&str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `").or(line.starts_with("`include`").then_some(line)))
        .flat_map(|line| line.split('|').next().unwrap_or_default().split('`'))
        .filter(|word| {
            !word.is_empty() && word.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-')
        })
        .collect();
    for key in schema["properties"].as_object().expect("properties").keys() {
        assert!(listed.contains(key.as_str()), "{key} is not in the manual");
    }
}

#[test]
fn a_map_states_payers_that_are_known() {
    let root = practice();
    let map = |payer: &str| {
        format!(
            "reads: csv\nfacts:\n  procedure_code: CPT\n  units: {{from: Units}}\n  payer: {{value: {payer}}}\n"
        )
    };
    write(&root, "work/day.csv", "CPT,Units,Fee\n97124,1,30.00\n");
    write(&root, "work/ours.yaml", &map("medicar"));
    let ended = run(&root, "work", &format!("check day.csv --map ours.yaml {DAY_ALONE}"));
    assert_eq!(ended.code, 2, "{}", ended.out);
    assert!(ended.err.contains("no payer profile `medicar`; did you mean `medicare`?"), "{}", ended.err);
    write(&root, "work/ours.yaml", &map("medicare"));
    let ended = run(&root, "work", &format!("check day.csv --map ours.yaml {DAY_ALONE}"));
    assert_ne!(ended.code, 2, "{}{}", ended.out, ended.err);
}
