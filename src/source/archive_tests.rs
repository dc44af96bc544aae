use std::fs;
use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::source::{Named, Selection, read_again};

fn zipped(members: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).expect("a member");
        writer.write_all(bytes).expect("written");
    }
    writer.finish().expect("an archive").into_inner()
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a folder"))
    }

    fn put(&self, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join("week.zip");
        fs::write(&path, bytes).expect("a file");
        path
    }

    /// What becomes of each member: its name in the archive, and what it holds or why not.
    fn read(&self, bytes: &[u8], limits: Limits) -> Vec<(String, Result<String, String>)> {
        let path = self.put(bytes);
        let members = members_within(&path, limits).expect("an archive");
        let own = |name: &str| name.trim_start_matches(&*path.display().to_string()).to_owned();
        let read = |member: &Member| {
            let mut text = String::new();
            let mut input =
                member.open().map_err(|error| own(error.to_string().trim_start_matches("cannot read ")))?;
            input.read_to_string(&mut text).map_err(|error| error.to_string())?;
            Ok(text)
        };
        members.iter().map(|member| (own(member.name()), read(member))).collect()
    }
}

fn text(name: &str, text: &str) -> (String, Result<String, String>) {
    (name.to_owned(), Ok(text.to_owned()))
}

fn refused(name: &str, why: &str) -> (String, Result<String, String>) {
    (name.to_owned(), Err(why.to_owned()))
}

const METHODS: [CompressionMethod; 2] = [CompressionMethod::Stored, CompressionMethod::Deflated];

#[test]
fn members_stand_in_their_order() {
    let folder = Folder::new();
    let members: &[(&str, &[u8])] = &[
        ("b.837", b"ISA*b"),
        ("a/c.837", b"ISA*c"),
        (".hidden", b"ISA*h"),
        ("__MACOSX/b.837", b"ISA*m"),
        ("../up\u{1b}[31m\\d", b"ISA*d"),
        ("./e.837", b"ISA*e"),
    ];
    for method in METHODS {
        assert_eq!(
            folder.read(&zipped(members, method), LIMITS),
            [
                text("/b.837", "ISA*b"),
                text("/a/c.837", "ISA*c"),
                text("/../up\\u{1b}[31m/d", "ISA*d"),
                text("/e.837", "ISA*e"),
            ]
        );
    }
    let twice = zipped(&[("a/b.837", b"ISA*1"), ("./a/b.837", b"ISA*2")], CompressionMethod::Stored);
    assert_eq!(folder.read(&twice, LIMITS), [refused("", ": two of its members have one name")]);
}

#[test]
fn what_is_no_archive_of_claims() {
    let folder = Folder::new();
    let office: &[(&str, &[u8])] = &[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<x/>")];
    for bytes in [zipped(office, METHODS[1]), b"ISA*00".to_vec(), b"PK\x05\x06".to_vec(), Vec::new()] {
        assert_eq!(members(&folder.put(&bytes)), None);
    }
    assert_eq!(
        folder.read(b"PK\x03\x04 and nothing else", LIMITS),
        [refused("", ": it begins like a zip archive and cannot be read as one")]
    );
}

#[test]
fn an_archive_in_an_archive_is_named_and_a_document_is_not_one() {
    let folder = Folder::new();
    let inner = zipped(&[("a.837", b"ISA*a")], METHODS[1]);
    let document = zipped(&[("word/document.xml", b"<w/>")], METHODS[1]);
    let outer = zipped(&[("inner.zip", &inner), ("letter.docx", &document)], METHODS[1]);
    let path = folder.put(&outer);
    let members = members(&path).expect("an archive");
    let error = members[0].open().expect_err("an archive").to_string();
    assert!(
        error.ends_with("week.zip/inner.zip: an archive in an archive is not read; unpack it"),
        "{error}"
    );
    assert_eq!(members[1].open().map(|input| input.content).ok(), Some(Content::Other("an office document")));
}

#[test]
fn damage_is_noticed() {
    let folder = Folder::new();
    let claims = "ISA*00*SECRET~".repeat(9_000);
    for method in METHODS {
        let whole = zipped(&[("a.837", claims.as_bytes())], method);
        assert_eq!(folder.read(&whole, LIMITS), [text("/a.837", &claims)]);
        let mut damaged = whole.clone();
        let middle = 60;
        damaged[middle] ^= 0x40;
        let read = folder.read(&damaged, LIMITS);
        let why = read[0].1.clone().expect_err("damaged");
        assert!(why.ends_with("damaged zip archive") && !why.contains("SECRET"), "{why}");
        let cut = &whole[..whole.len() - 30];
        assert!(folder.read(cut, LIMITS)[0].1.is_err());
    }
}

#[test]
fn bombs_are_refused_before_they_are_unpacked() {
    let folder = Folder::new();
    let zeros = vec![b'0'; 1 << 20];
    let bomb = zipped(&[("a.837", &zeros), ("b.837", &zeros)], METHODS[1]);
    let small = Limits { small: 1 << 16, ..LIMITS };
    let why = "/a.837: it unpacks to more than 300 times its size, which no claims do";
    assert_eq!(folder.read(&bomb, small)[0], refused("/a.837", why));
    let tight = Limits { whole: 1 << 20, ..LIMITS };
    assert_eq!(folder.read(&bomb, tight), [refused("", ": it unpacks to more than 0 GB")]);
    let few = Limits { members: 1, ..LIMITS };
    assert_eq!(folder.read(&bomb, few), [refused("", ": it has more than 1 members")]);
    // An archive that lies about a size: the stream is held to it.
    let mut lying = zipped(&[("a.837", &zeros)], METHODS[1]);
    let size = (1_u32 << 20).to_le_bytes();
    while let Some(at) = lying.windows(4).position(|bytes| bytes == size) {
        lying[at..at + 4].copy_from_slice(&9_u32.to_le_bytes());
    }
    assert_eq!(folder.read(&lying, LIMITS)[0].1, Err("/a.837: damaged zip archive".to_owned()));
}

#[test]
fn a_stretch_is_read_again() {
    let folder = Folder::new();
    let claims: String = (0..40_000).map(|number| format!("REF*{number}~")).collect();
    for method in METHODS {
        let path = folder.put(&zipped(&[("a.837", claims.as_bytes())], method));
        let member = members(&path).expect("an archive").remove(0);
        let named = Named::Member(Arc::new(member));
        let again =
            |offset: usize, length: usize| read_again(&named, offset as u64, length).expect("readable");
        assert_eq!(again(90_001, 50).as_deref(), claims.as_bytes().get(90_001..90_051));
        assert_eq!(again(claims.len() - 3, 4), None);
    }
}

#[test]
fn what_was_read_to_its_end_is_taken_apart_too() {
    let zip = zipped(&[("a.837", b"ISA*1"), ("read.me", b"hello")], CompressionMethod::Deflated);
    let inputs = |spool: &Arc<Spool>, exclude: &str| -> Vec<(String, String)> {
        let selection = Selection::new(&[], &[exclude.to_owned()]).expect("a glob");
        let read = |named: Named| {
            let mut text = String::new();
            Input::open(&named).expect("readable").read_to_string(&mut text).expect("text");
            assert_eq!(named.place(), Path::new(&named.name()), "a name that leads nowhere");
            (named.name(), text)
        };
        selection.unpacked("../week.zip", spool).into_iter().map(read).collect()
    };
    let spool = Spool::of(&zip[..]).expect("a temporary file");
    let member = ("../week.zip/a.837".to_owned(), "ISA*1".to_owned());
    assert_eq!(inputs(&spool, "*.me"), [member]);
    let plain = Spool::of(&b"ISA*2"[..]).expect("a temporary file");
    assert_eq!(inputs(&plain, "*.me"), [("../week.zip".to_owned(), "ISA*2".to_owned())]);
    // Nobody reads what was put away.
    let members = Selection::default().unpacked("week.zip", &spool);
    spool.close();
    assert!(members.iter().all(|named| Input::open(named).is_err()));
}
