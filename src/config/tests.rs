use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;

/// A folder of files; a name that ends in `/` is a folder.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a writable folder");
        match name.ends_with('/') {
            true => fs::create_dir_all(&path).expect("a writable folder"),
            false => fs::write(&path, text).expect("a writable folder"),
        }
    }
    root
}

fn found(root: &TempDir, from: &str, home: Option<&str>) -> Result<Option<PathBuf>, String> {
    let home = home.map(|home| root.path().join(home));
    find(&root.path().join(from), home.as_deref())
}

#[test]
fn the_nearest_wins_and_the_root_of_the_repository_ends_the_search() {
    let root = folder(&[
        ("cleanclaim.yaml", ""),
        ("repository/.git/HEAD", ""),
        ("repository/a/cleanclaim.yaml", ""),
        ("repository/a/b/c/", ""),
        ("repository/d/", ""),
        ("tree/.git", "gitdir: elsewhere"),
        ("tree/.cleanclaim.yaml", ""),
        ("tree/a/", ""),
        ("home/me/work/", ""),
    ]);
    let nearest = |from: &str, home: Option<&str>| found(&root, from, home).expect("one a folder");
    assert_eq!(nearest("repository/a", None).as_deref(), Some(Path::new("cleanclaim.yaml")));
    assert_eq!(nearest("repository/a/b/c", None).as_deref(), Some(Path::new("../../cleanclaim.yaml")));
    assert_eq!(nearest("repository/d", None), None);
    assert_eq!(nearest("repository", None), None);
    assert_eq!(nearest("tree/a", None).as_deref(), Some(Path::new("../.cleanclaim.yaml")));
    assert_eq!(nearest("home/me/work", None).as_deref(), Some(Path::new("../../../cleanclaim.yaml")));
    assert_eq!(nearest("home/me/work", Some("home/me")), None);
}

#[test]
fn two_in_one_folder_are_an_error() {
    let root = folder(&[("cleanclaim.yaml", ""), (".cleanclaim.yml", ""), ("a/", "")]);
    assert_eq!(
        found(&root, "", None),
        Err(". holds both cleanclaim.yaml and .cleanclaim.yml: keep one of them".to_owned())
    );
    assert_eq!(
        found(&root, "a", None),
        Err(".. holds both cleanclaim.yaml and .cleanclaim.yml: keep one of them".to_owned())
    );
}

fn read(root: &TempDir, name: &str) -> Config {
    Config::read(&root.path().join(name)).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// What is said of a file, with the folder's own path left out.
fn said(root: &TempDir, name: &str) -> String {
    let mistakes = Config::read(&root.path().join(name)).expect_err("a mistake");
    let text = mistakes.render(200, false, false);
    text.replace(&format!("{}/", root.path().display()), "")
}

fn words(stated: &Option<Stated<Words>>) -> Vec<&str> {
    stated.iter().flat_map(|stated| &stated.value.0).map(|word| word.value.as_str()).collect()
}

#[test]
fn what_extends_goes_before_what_is_extended() {
    let root = folder(&[
        (
            "own/cleanclaim.yaml",
            "extends: [../base.yaml, second.yaml]\nignore: [T01]\nextend-ignore: [T02]\nrules: mine.yaml\n\
             severity: {T03: info}\npayers:\n  acme: {ignore: [P01]}\nprice-by-zip: true\n",
        ),
        (
            "base.yaml",
            "select: [T, P]\nignore: [P02]\nextend-ignore: [P03]\nrules: [shared/]\nlimit: 5\nfees: fees.csv\n\
             severity: {T03: error, T04: off}\npayers:\n  acme: {ignore: [P09], severity: {D01: warning}}\n\
             locality: 10112-00\n",
        ),
        ("own/second.yaml", "limit: 7\n"),
    ]);
    let config = read(&root, "own/cleanclaim.yaml");
    let keys = &config.keys;
    assert_eq!(words(&keys.select), ["T", "P"]);
    assert_eq!(words(&keys.ignore), ["T01"]);
    assert_eq!(words(&keys.extend_ignore), ["P03", "T02"]);
    assert_eq!(keys.limit.as_ref().map(|stated| stated.value), Some(7));
    let own = root.path().join("own");
    let paths: Vec<PathBuf> =
        keys.rules.iter().flat_map(|stated| &stated.value.0).map(|word| config.path(word)).collect();
    assert_eq!(paths, [own.join("../shared/"), own.join("mine.yaml")]);
    let fees = keys.fees.as_ref().expect("fees of the base");
    assert_eq!(config.path(fees), own.join("../fees.csv"));
    let (file, line) = config.place(fees);
    assert!(file.ends_with("base.yaml") && line == 6, "{file}:{line}");
    let weights: Vec<(&str, &str)> =
        keys.severity.iter().map(|(word, weight)| (word.value.as_str(), weight.value.as_str())).collect();
    assert_eq!(weights, [("T03", "info"), ("T04", "off")]);
    let (_, acme) = keys.payers.iter().next().expect("a payer");
    assert_eq!(words(&acme.ignore), ["P01"]);
    assert_eq!(acme.severity.len(), 1);
    // One of the two stated by the file that extends displaces the other.
    assert!(keys.locality.is_none() && keys.price_by_zip.is_some());
}

#[test]
fn a_locality_is_displaced_by_prices_by_zip_that_are_on_alone() {
    let kept = |own: &str, base: &str| {
        let root = folder(&[("own.yaml", &format!("extends: base.yaml\n{own}")), ("base.yaml", base)]);
        let Keys { locality, price_by_zip, .. } = read(&root, "own.yaml").keys;
        (locality.map(|stated| stated.value), price_by_zip.map(|stated| stated.value))
    };
    let here = || Some("10112-00".to_owned());
    assert_eq!(kept("price-by-zip: false\n", "locality: 10112-00\n"), (here(), Some(false)));
    assert_eq!(kept("price-by-zip: true\n", "locality: 10112-00\n"), (None, Some(true)));
    assert_eq!(kept("locality: 10112-00\n", "price-by-zip: true\n"), (here(), None));
    assert_eq!(kept("price-by-zip: false\n", "price-by-zip: true\n"), (None, Some(false)));
}

#[test]
fn a_circle_is_named_whole() {
    let root = folder(&[
        ("a.yaml", "extends: b.yaml\n"),
        ("b.yaml", "limit: 1\nextends: [c.yaml]\n"),
        ("c.yaml", "extends: ./a.yaml\n"),
    ]);
    let text = said(&root, "a.yaml");
    let chain = "in a circle: a.yaml extends b.yaml extends c.yaml extends a.yaml";
    assert!(text.contains(chain) && text.contains("c.yaml:1:10"), "{text}");
    // The same file on two ways is no circle.
    let root = folder(&[
        ("a.yaml", "extends: [b.yaml, c.yaml]\n"),
        ("b.yaml", "extends: d.yaml\n"),
        ("c.yaml", "extends: d.yaml\n"),
        ("d.yaml", "limit: 3\n"),
    ]);
    assert_eq!(read(&root, "a.yaml").keys.limit.map(|stated| stated.value), Some(3));
}

#[test]
fn privacy_is_never_kept_in_a_file() {
    for (text, key) in [("show-phi: true\n", "show-phi"), ("show-phi-in-ci: true\n", "show-phi-in-ci")] {
        let root = folder(&[("cleanclaim.yaml", text)]);
        let text = said(&root, "cleanclaim.yaml");
        assert!(text.contains(&format!("`{key}` is never set in a configuration")), "{text}");
        assert!(text.contains("command line"), "{text}");
    }
    let root = folder(&[("cleanclaim.yaml", "as-of: 2025-01-01\n")]);
    assert!(said(&root, "cleanclaim.yaml").contains("`as-of` is never set"));
}

#[test]
fn what_is_no_configuration_is_not_shown() {
    for text in [
        "{\"claim_id\": \"XSECRET\"}\n",
        "ISA*00*XSECRET~ST*837*0001~",
        "claim_id,note\nXSECRET,1\n",
        "patient: XSECRET\ndate: 2025-01-01\n",
        "- XSECRET\n",
    ] {
        let root = folder(&[("other.yaml", text), ("cleanclaim.yaml", "extends: other.yaml\n")]);
        for name in ["other.yaml", "cleanclaim.yaml"] {
            let text = said(&root, name);
            assert!(text.contains("this is no configuration") && !text.contains("XSECRET"), "{text}");
        }
    }
}

/// Whatever it is called; but one key that is like none makes it something else, which is not shown.
#[test]
fn a_key_that_is_misspelt_is_shown_though_it_is_the_only_one() {
    for name in ["lone.yaml", "cleanclaim.yaml"] {
        for (text, place, meant) in [
            ("sevrity: {D01: off}\n", "1:1", "severity"),
            ("# ours\n---\n\nsevrity:\n  D01: off\nextnds: base.yaml\n", "4:1", "severity"),
            ("'ignor': [T01]\n", "1:1", "ignore"),
            ("max_at_rsk: 3\n", "1:1", "max-at-risk"),
        ] {
            let text = said(&folder(&[(name, text)]), name);
            assert!(text.contains(&format!("{name}:{place}")), "{text}");
            assert!(
                text.contains("unknown key") && text.contains(&format!("did you mean `{meant}`?")),
                "{text}"
            );
        }
    }
    for text in [
        "date: 2025-01-01\npatient: XSECRET\n",
        "date: 2025-01-01\nPatient Name: XSECRET\n",
        "payer: XSECRET\nXSECRET\n",
        "dates:\n- XSECRET\n",
        "- payer: XSECRET\n",
        "{payer: XSECRET}\n",
        "\"payer: XSECRET\"\n",
        "claim_id: XSECRET\n",
        "payer:XSECRET\n",
    ] {
        let text = said(&folder(&[("other.yaml", text)]), "other.yaml");
        assert!(text.contains("this is no configuration") && !text.contains("XSECRET"), "{text}");
    }
}

#[test]
fn an_empty_configuration_says_nothing() {
    for text in ["", "# nothing yet\n", "---\n", STARTER] {
        let root = folder(&[("cleanclaim.yaml", text)]);
        let keys = read(&root, "cleanclaim.yaml").keys;
        assert!(keys.select.is_none() && keys.payers.is_empty() && keys.limit.is_none());
    }
}

/// The starter without its comment signs is a configuration, so that nobody uncomments a mistake.
#[test]
fn every_key_of_the_starter_is_right() {
    let is_prose =
        |line: &str| line.starts_with("# ") && line.ends_with('.') || line.contains("$schema") || line == "#";
    let uncommented: String = STARTER
        .lines()
        .skip(5)
        .filter(|line| !is_prose(line))
        .map(|line| format!("{}\n", line.strip_prefix("# ").unwrap_or(line)))
        .collect();
    let root =
        folder(&[("billing/cleanclaim.yaml", "limit: 1\n"), ("mine/cleanclaim.yaml", uncommented.as_str())]);
    let keys = read(&root, "mine/cleanclaim.yaml").keys;
    assert_eq!(words(&keys.select), ["X", "T", "P", "D"]);
    assert_eq!((keys.payers.len(), keys.severity.len()), (2, 2));
    assert_eq!(words(&keys.output), ["text", "json=report.json"]);
}

#[test]
fn the_schema_has_every_key_but_those_refused() {
    let schema = serde_json::to_value(config_schema()).expect("JSON");
    let properties = schema["properties"].as_object().expect("properties");
    for key in ["extends", "fail-on", "max-at-risk", "payers", "severity", "extend-ignore", "map"] {
        assert!(properties.contains_key(key), "{key}");
    }
    assert!(!properties.contains_key("show-phi") && !properties.contains_key("as-of"));
    assert_eq!(schema["additionalProperties"], false);
}
