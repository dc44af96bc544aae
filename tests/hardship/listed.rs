//! `docs/robustness.md` names a test for each fault; each test that it names is there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::repository;

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            into.push(path);
        }
    }
}

#[test]
fn every_test_that_the_page_names_is_there() {
    let mut files = Vec::new();
    sources(&repository("tests"), &mut files);
    sources(&repository("src"), &mut files);
    let texts: Vec<String> = files.iter().map(|path| fs::read_to_string(path).expect("source")).collect();
    let is_test = |name: &str| {
        let head = format!("fn {name}(");
        let has = |text: &String| {
            text.match_indices(&head)
                .any(|(at, _)| text[..at].lines().rev().take(4).any(|line| line.contains("#[test]")))
        };
        texts.iter().any(has)
    };
    let page = fs::read_to_string(repository("docs/robustness.md")).expect("the page");
    let (mut named, mut is_of_faults) = (0, false);
    for line in page.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        is_of_faults = match cells.as_slice() {
            ["", _, _, "held by", ""] => true,
            ["", ..] if cells.len() > 1 => is_of_faults,
            _ => false,
        };
        let ["", fault, _, tests, ""] = cells.as_slice() else { continue };
        if !is_of_faults || *tests == "held by" || fault.starts_with("---") {
            continue;
        }
        let tests: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty(), "no test is named: {line}");
        for test in tests {
            assert!(is_test(test), "there is no test {test}");
            named += 1;
        }
    }
    assert!(named > 30, "{named}");
    for (target, _) in crate::replayed::bodies::TARGETS {
        assert!(page.contains(&format!("`{target}`")), "the page does not name the fuzz target {target}");
    }
}
