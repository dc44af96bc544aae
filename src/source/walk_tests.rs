use std::io::Write;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

/// A folder with files in it.
fn folder(names: &[&str]) -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a directory");
    for name in names {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, "ISA*").expect("a file");
    }
    root
}

fn archive(path: &Path, members: &[&str]) {
    let mut writer = ZipWriter::new(fs::File::create(path).expect("a file"));
    for name in members {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a member");
        writer.write_all(b"ISA*").expect("written");
    }
    writer.finish().expect("an archive");
}

/// The inputs that arguments below `root` stand for, and whether each may be something else than claims.
fn found(root: &Path, selection: &Selection, arguments: &[&str]) -> Vec<String> {
    let arguments: Vec<PathBuf> = arguments
        .iter()
        .map(|argument| if *argument == "-" { "-".into() } else { root.join(argument) })
        .collect();
    let inputs = selection.expand(&arguments).expect("readable");
    let start = format!("{}/", root.display());
    inputs
        .iter()
        .map(|input| {
            let mark = if input.may_be_other() { "?" } else { "" };
            format!("{}{mark}", input.name().trim_start_matches(&start))
        })
        .collect()
}

fn all(root: &Path, arguments: &[&str]) -> Vec<String> {
    found(root, &Selection::default(), arguments)
}

#[test]
fn directories_are_sorted_and_hidden_files_left_out() {
    let root = folder(&["b.837", "a/z.837", "a/.hidden", ".git/config", "c.837"]);
    let inputs = all(root.path(), &["-", "", "x.837"]);
    assert_eq!(inputs, ["-", "a/z.837?", "b.837?", "c.837?", "x.837"]);
}

#[test]
fn globs_are_ours_to_expand() {
    let root = folder(&["a.837", "b.txt", "x/c.837", "x/y/d.837", "x/.z/e.837", "[1].837"]);
    let root = root.path();
    assert_eq!(all(root, &["*.837"]), ["[1].837", "a.837"]);
    assert_eq!(all(root, &["**/*.837"]), ["[1].837", "a.837", "x/c.837", "x/y/d.837"]);
    assert_eq!(all(root, &["x/*/*.837"]), ["x/y/d.837"]);
    assert_eq!(all(root, &["?.{837,txt}"]), ["a.837", "b.txt"]);
    assert_eq!(all(root, &["x/.z/*"]), ["x/.z/e.837"]);
    // A folder that is matched stands for the files in it, as where a shell expands the glob.
    assert_eq!(all(root, &["x*"]), ["x/c.837?", "x/y/d.837?"]);
    // What is there by that name is meant.
    assert_eq!(all(root, &["[1].837"]), ["[1].837"]);
}

#[test]
fn a_glob_that_matches_nothing_is_named() {
    let root = folder(&["a.837"]);
    for glob in ["*.edi", "nowhere/*.837"] {
        let error = expand(&[root.path().join(glob)]).expect_err("nothing there").to_string();
        assert!(error.ends_with(&format!("{glob} matches no file")), "{error}");
    }
    let error = expand(&["a[.837".into()]).expect_err("no pattern").to_string();
    assert!(error.starts_with("a[.837 is no pattern: "), "{error}");
}

#[test]
fn one_file_is_one_input_however_often_it_is_named() {
    let root = folder(&["a.837", "b.837"]);
    let root = root.path();
    assert_eq!(all(root, &["a.837", "./a.837", "-", "-"]), ["a.837", "-"]);
    assert_eq!(all(root, &["", "b.837"]), ["a.837?", "b.837"]);
    assert_eq!(all(root, &["b.837", "*.837"]), ["b.837", "a.837"]);
}

#[test]
fn patterns_choose_what_is_found_and_not_what_is_named() {
    let root = folder(&["a.837", "b.txt", "old/c.837", "x/old/d.837", "x/e.837"]);
    let root = root.path();
    let globs = |globs: &[&str]| globs.iter().map(|glob| (*glob).to_owned()).collect::<Vec<_>>();
    let chosen = |include: &[&str], exclude: &[&str], arguments: &[&str]| {
        let selection = Selection::new(&globs(include), &globs(exclude)).expect("patterns");
        found(root, &selection, arguments)
    };
    assert_eq!(chosen(&["*.837"], &[], &[""]), ["a.837?", "old/c.837?", "x/e.837?", "x/old/d.837?"]);
    assert_eq!(chosen(&["*.837"], &["old"], &[""]), ["a.837?", "x/e.837?"]);
    assert_eq!(chosen(&[], &["x/**"], &[""]), ["a.837?", "b.txt?", "old/c.837?"]);
    assert_eq!(chosen(&[], &["old"], &["**/*.837"]), ["a.837", "x/e.837"]);
    assert_eq!(chosen(&["*.837"], &["b.txt"], &["b.txt"]), ["b.txt"]);
    // A folder that is to be included is read with all that lies below it.
    assert_eq!(chosen(&["old"], &[], &[""]), ["old/c.837?", "x/old/d.837?"]);
    assert_eq!(chosen(&["x/"], &[], &[""]), ["x/e.837?", "x/old/d.837?"]);
    assert_eq!(chosen(&["x"], &["old"], &["", "b.txt"]), ["b.txt", "x/e.837?"]);
    assert_eq!(chosen(&["x/old", "*.txt"], &[], &[""]), ["b.txt?", "x/old/d.837?"]);
    assert_eq!(chosen(&["old"], &[], &["old"]), ["old/c.837?"]);
    assert_eq!(chosen(&["old"], &[], &["x*", "**/e.837"]), ["x/e.837", "x/old/d.837?"]);
    assert_eq!(chosen(&["o"], &[], &[""]), Vec::<String>::new());
}

#[test]
fn an_archive_stands_for_its_members() {
    let root = folder(&["a.837"]);
    let root = root.path();
    archive(&root.join("week.zip"), &["mon.837", "old/tue.837", "readme.txt"]);
    fs::copy(root.join("week.zip"), root.join("claims")).expect("a copy");
    let members = ["week.zip/mon.837?", "week.zip/old/tue.837?", "week.zip/readme.txt?"];
    assert_eq!(all(root, &["week.zip"]), members);
    assert_eq!(all(root, &["claims"])[0], "claims/mon.837?");
    let selection = Selection::new(&["*.837".to_owned()], &["old".to_owned()]).expect("patterns");
    assert_eq!(found(root, &selection, &["*.zip", "a.837"]), ["week.zip/mon.837?", "a.837"]);
    // An archive that is to be included, and a folder in one or around one, with all that it holds.
    fs::create_dir(root.join("sent")).expect("a folder");
    fs::copy(root.join("week.zip"), root.join("sent/may.zip")).expect("a copy");
    let chosen = |include: &str, exclude: &str, arguments: &[&str]| {
        let selection = Selection::new(&[include.to_owned()], &[exclude.to_owned()]).expect("patterns");
        found(root, &selection, arguments)
    };
    assert_eq!(chosen("week.zip", "none", &[""]), members);
    assert_eq!(chosen("week.zip", "none", &["week.zip"]), members);
    assert_eq!(chosen("week.zip", "*.txt", &["*.zip"]), members[..2]);
    assert_eq!(chosen("old", "none", &["week.zip"]), members[1..2]);
    assert_eq!(chosen("sent", "old", &[""]), ["sent/may.zip/mon.837?", "sent/may.zip/readme.txt?"]);
}
