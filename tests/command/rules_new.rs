//! `rules new` writes rules that pass `rules test` as they are, and overwrites nothing.

#![allow(clippy::expect_used, reason = "a test fails by panicking, its helpers too")]

use std::fs;
use std::path::Path;
use std::process::Command;

fn cleanclaim(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_cleanclaim"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("CI")
        .env("NO_COLOR", "1")
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("a program that runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// The kinds that the help offers.
fn kinds() -> Vec<String> {
    let (_, help, _) = cleanclaim(Path::new("."), &["rules", "new", "--help"]);
    let kinds = help.split("--kind <KIND>").nth(1).and_then(|rest| rest.split("possible values: ").nth(1));
    let kinds = kinds.and_then(|rest| rest.split(']').next()).expect("the kinds");
    kinds.split(',').map(|kind| kind.trim().to_owned()).collect()
}

#[test]
fn a_rule_of_every_kind_passes_its_own_examples() {
    let kinds = kinds();
    assert!(kinds.len() >= 5 && kinds.contains(&"forbid".to_owned()), "{kinds:?}");
    for kind in kinds {
        let folder = tempfile::tempdir().expect("a folder");
        let (code, said, wrong) = cleanclaim(folder.path(), &["rules", "new", "ACME01", "--kind", &kind]);
        assert_eq!(code, Some(0), "{kind}: {wrong}");
        assert_eq!(
            said,
            format!(
                "ACME01 acme01-{kind} written to acme01.yaml\n\
                 next: cleanclaim rules test ACME01 --rules acme01.yaml\n"
            )
        );
        let text = fs::read_to_string(folder.path().join("acme01.yaml")).expect("the rule");
        assert!(text.starts_with("# yaml-language-server: $schema="), "{text}");
        assert!(!text.contains('@'), "something is not filled in:\n{text}");
        let (code, told, wrong) =
            cleanclaim(folder.path(), &["rules", "test", "ACME01", "--rules", "acme01.yaml"]);
        assert_eq!(code, Some(0), "{kind}: {told}{wrong}");
        let is_right = told.lines().count() == 1 && told.contains(" examples of 1 rule: ");
        assert!(is_right && told.ends_with(" passed\n"), "{kind}: {told}");
    }
}

#[test]
fn rules_are_added_and_nothing_is_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let acme = folder.path().join("acme.yaml");
    let add = |arguments: &[&str]| {
        cleanclaim(folder.path(), &[&["rules", "new"], arguments, &["--file", "acme.yaml"]].concat())
    };
    for (number, kind) in ["forbid", "limit", "note"].into_iter().enumerate() {
        let before = fs::read_to_string(&acme).unwrap_or_default();
        let (code, _, wrong) = add(&[&format!("ACME{number:02}"), "--kind", kind]);
        assert_eq!(code, Some(0), "{wrong}");
        assert!(fs::read_to_string(&acme).expect("rules").starts_with(&before));
    }
    let (code, told, _) = cleanclaim(folder.path(), &["rules", "test", "ACME", "--rules", "acme.yaml"]);
    assert_eq!((code, told.contains("of 3 rules")), (Some(0), true), "{told}");

    let before = fs::read_to_string(&acme).expect("rules");
    let (code, _, wrong) = add(&["ACME01"]);
    assert_eq!(
        (code, wrong.as_str()),
        (Some(2), "error: acme.yaml has the rule ACME01 acme01-limit already\n")
    );
    assert_eq!(fs::read_to_string(&acme).expect("rules"), before);

    for other in [
        "rules: []\n",
        "a letter to a patient\n",
        "profiles:\n  - {name: acme, label: Acme, like: commercial}\n",
    ] {
        fs::write(&acme, other).expect("a file");
        let (code, _, wrong) = add(&["ACME09"]);
        assert_eq!(code, Some(2));
        assert!(wrong.contains("acme.yaml is there already and is no list of rules"), "{wrong}");
        assert_eq!(fs::read_to_string(&acme).expect("a file"), other);
    }
}

#[test]
fn what_is_no_code_or_name_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    for (arguments, said) in [
        (&["T01"][..], "error: the code T01 is a built-in rule's (units-exceed-minutes); "),
        (&["ACME"], "error: `ACME` is no code of a rule: "),
        (&["01"], "error: `01` is no code of a rule: "),
        (&["A-1"], "error: `A-1` is no code of a rule: "),
        (&["ACME01", "--name", "Twice a day"], "error: `Twice a day` is no name of a rule: "),
        (
            &["ACME01", "--name", "units-exceed-minutes"],
            "error: the name units-exceed-minutes is a built-in rule's (T01)",
        ),
        (&["ACME01", "--file", "no/such/folder/acme.yaml"], "error: cannot write no/such/folder/acme.yaml: "),
    ] {
        let (code, out, wrong) = cleanclaim(folder.path(), &[&["rules", "new"], arguments].concat());
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(wrong.starts_with(said), "{wrong}");
    }
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}
