//! Who may import whom. A new arrow is a decision: it is made here, with its reason, or not at all.

#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// For each room, the rooms it may import. What is not listed is forbidden.
const ALLOWED: &[(&str, &[&str])] = &[
    ("main", &["cli"]),
    ("claim", &[]),
    ("finding", &["claim"]),
    ("source", &["finding"]),
    ("x12", &["claim", "finding", "source"]),
    ("guide", &["claim", "source", "x12"]),
    // A map says where facts stand in a file, as plain data; what it converts is still built here.
    ("input", &["claim", "finding", "guide", "maps", "source", "x12"]),
    // The folder of imported tables: files, an index, hashes. It knows no table's columns and no layout.
    ("store", &["claim"]),
    // Official layouts, read into tables of the store. Nothing that looks a table up may know how CMS writes it.
    ("import", &["claim", "store"]),
    // Look-ups ask the store for rows on first use; that room opens the files, this one never does.
    ("reference", &["claim", "finding", "store"]),
    ("side", &["claim", "pricing"]),
    ("rules", &["claim", "finding"]),
    // What is kept of the command line. It draws its mistakes as rule files do theirs, has rules' words for weights, and
    // reads files no further than `source` allows.
    ("config", &["rules", "source"]),
    // A map is YAML with mistakes at their place, read and shown as a rule file is.
    ("maps", &["claim", "rules"]),
    ("pricing", &["claim", "finding", "reference", "rules"]),
    // A check may be given what a practice keeps beside its claims, as plain data.
    ("checks", &["claim", "pricing", "reference", "rules", "side"]),
    (
        "engine",
        &[
            "checks",
            "claim",
            "finding",
            "input",
            "maps",
            "pricing",
            "reference",
            "rules",
            "side",
            "source",
            "x12",
        ],
    ),
    // Bytes of inputs with the edits that findings carry: it reads segments to show them, and judges nothing.
    ("mend", &["claim", "finding", "input", "source", "x12"]),
    ("report", &["claim", "finding"]),
    // A page for a browser on this machine. What a check is, the command line tells it as one closure.
    ("serve", &["engine", "finding", "report", "source"]),
    (
        "cli",
        &[
            "checks",
            "claim",
            "config",
            "engine",
            "finding",
            "import",
            "input",
            "mend",
            "maps",
            "pricing",
            "reference",
            "report",
            "rules",
            "serve",
            "side",
            "source",
            "store",
        ],
    ),
];

/// Rooms that may touch files, the clock or the environment, and what each word would betray.
const OUTSIDE_WORLD: &[&str] = &["std::fs", "std::env", "SystemTime", "std::net", "println!", "Zoned::now"];
const MAY_TOUCH_IT: &[&str] =
    &["cli", "source", "engine", "rules", "store", "import", "config", "mend", "serve"];

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

/// The files and folders that are tests: a parent declares them with `#[cfg(test)] mod NAME;`.
fn test_modules(files: &[PathBuf]) -> Vec<PathBuf> {
    let mut tests = Vec::new();
    for path in files {
        let text = fs::read_to_string(path).expect("readable source");
        let folder = match path.file_stem().and_then(|stem| stem.to_str()) {
            Some("mod" | "lib" | "main") => path.parent().expect("a folder").to_owned(),
            _ => path.with_extension(""),
        };
        for (at, _) in text.match_indices("#[cfg(test)]\n") {
            let declared = text[at..].lines().nth(1).and_then(|line| line.trim().strip_prefix("mod "));
            if let Some(name) = declared.and_then(|name| name.strip_suffix(';')) {
                tests.push(folder.join(name));
                tests.push(folder.join(name).with_extension("rs"));
            }
        }
    }
    tests
}

/// The room a file belongs to: the first folder under `src`, or the file's own name at the top.
fn room(path: &Path, root: &Path) -> String {
    let inside = path.strip_prefix(root).expect("a path under src");
    let first = inside.components().next().expect("a component");
    Path::new(first.as_os_str()).file_stem().expect("a name").to_string_lossy().into_owned()
}

fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    text.split("#[cfg(test)]\nmod tests").take(1).flat_map(str::lines).filter(|line| {
        let line = line.trim_start();
        !line.starts_with("//")
    })
}

/// Rooms named in `use crate::{a, b::c}` trees or in `crate::a::…` paths.
fn imported(text: &str) -> BTreeSet<String> {
    let code: String = code_lines(text).collect::<Vec<_>>().join("\n");
    let mut rooms = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(tree) = rest.strip_prefix('{') {
            let mut depth = 1;
            let mut word = String::new();
            let mut at_start = true;
            for letter in tree.chars() {
                match letter {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 1 => at_start = true,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
                if depth == 1 && at_start && (letter.is_alphanumeric() || letter == '_') {
                    word.push(letter);
                } else if !word.is_empty() {
                    rooms.insert(std::mem::take(&mut word));
                    at_start = letter == ',';
                }
            }
            if !word.is_empty() {
                rooms.insert(word);
            }
        } else {
            let word: String = rest.chars().take_while(|one| one.is_alphanumeric() || *one == '_').collect();
            rooms.insert(word);
        }
    }
    rooms
}

#[test]
fn imports_follow_the_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let tests = test_modules(&files);
    files.retain(|path| !tests.iter().any(|test| path.starts_with(test)));
    let rooms: BTreeSet<&str> = ALLOWED.iter().map(|(room, _)| *room).collect();
    let mut wrong = Vec::new();
    for path in files {
        let own = room(&path, &root);
        if own == "lib" {
            continue;
        }
        let text = fs::read_to_string(&path).expect("readable source");
        let allowed = ALLOWED
            .iter()
            .find(|(room, _)| *room == own)
            .unwrap_or_else(|| panic!("{own} is a new room: give it a row in ALLOWED"))
            .1;
        for import in imported(&text) {
            if import != own && rooms.contains(import.as_str()) && !allowed.contains(&import.as_str()) {
                wrong.push(format!(
                    "{} imports {import}",
                    path.strip_prefix(&root).expect("under src").display()
                ));
            }
        }
        if !MAY_TOUCH_IT.contains(&own.as_str()) {
            for word in OUTSIDE_WORLD {
                if code_lines(&text).any(|line| line.contains(word)) {
                    wrong.push(format!(
                        "{} uses {word}",
                        path.strip_prefix(&root).expect("under src").display()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "forbidden arrows:\n  {}", wrong.join("\n  "));
}

#[test]
fn the_table_itself_has_no_cycle() {
    fn reaches(from: &str, to: &str) -> bool {
        ALLOWED
            .iter()
            .find(|(room, _)| *room == from)
            .is_some_and(|(_, imports)| imports.iter().any(|next| *next == to || reaches(next, to)))
    }
    for (room, _) in ALLOWED {
        assert!(!reaches(room, room), "{room} reaches itself");
    }
}

#[test]
fn import_trees_are_read() {
    assert_eq!(
        imported("use crate::{claim::{Cents, Date}, rules, finding::Severity};\nlet x = crate::x12::Lexer;"),
        BTreeSet::from(["claim", "rules", "finding", "x12"].map(String::from))
    );
}
