//! Files, archives and archives in archives, as bounded streams.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use xxhash_rust::xxh3::Xxh3Default;
use zip::ZipArchive;

use super::error::ImportError;
use super::names::Names;

/// How much is read of what a stranger packed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of one text, unpacked. The longest that CMS publishes and this program takes has some 50 MB.
    pub text: u64,
    /// Bytes of all that is unpacked of one file.
    pub whole: u64,
    /// Bytes of an archive inside an archive, which is held in memory.
    pub nested: u64,
    /// Members of one archive.
    pub members: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { text: 512 << 20, whole: 2 << 30, nested: 64 << 20, members: 4096 }
    }
}

/// How much of a text is looked at to tell what it is.
const HEAD: u64 = 32 << 10;
/// The longest line there may be: CMS's notices have some 4,000 bytes.
const LINE: u64 = 1 << 20;
/// Archives in archives in archives.
const DEPTH: usize = 3;

/// What is done with each text: whether it holds a table.
type Take<'t> = &'t mut dyn FnMut(&Names, &mut Text<'_>) -> Result<bool, ImportError>;

/// What is done with each line.
type TakeLine<'t> = &'t mut dyn FnMut(u64, &[u8]) -> Result<(), ImportError>;

/// Hands every text of a file to `take`: the file itself, or each member of an archive.
///
/// # Errors
/// What `take` fails with; a file that cannot be read; an archive in which `take` found no table.
pub(super) fn each_text(path: &Path, limits: Limits, take: Take<'_>) -> Result<(), ImportError> {
    let names = Names::of_file(path);
    let reading = |error: io::Error| ImportError::reading(&names, &error);
    let mut file = File::open(path).map_err(reading)?;
    if file.metadata().map_err(reading)?.is_dir() {
        return Err(ImportError::of(&names, "it is a folder; name the files in it"));
    }
    let mut start = Vec::new();
    file.by_ref().take(4).read_to_end(&mut start).map_err(reading)?;
    if is_archive(&start) {
        file.seek(SeekFrom::Start(0)).map_err(reading)?;
        let packed = Packed { limits, left: Cell::new(limits.whole) };
        return match packed.members(BufReader::new(file), &names, 1, take)? {
            0 => Err(ImportError::of(
                &names,
                "none of its members is a file that is imported; `cleanclaim data import --help` lists them",
            )),
            _ => Ok(()),
        };
    }
    // What has been read is put in front again: a pipe cannot be wound back.
    let whole = Cursor::new(start).chain(file);
    let mut text = Text::new(Box::new(whole), limits.text, limits.text).map_err(reading)?;
    take(&names, &mut text).map(|_| ())
}

/// What may still be unpacked of a file.
struct Packed {
    limits: Limits,
    left: Cell<u64>,
}

impl Packed {
    /// Hands each member of an archive on; how many tables there were.
    fn members<R: Read + Seek>(
        &self,
        archive: R,
        names: &Names,
        depth: usize,
        take: Take<'_>,
    ) -> Result<usize, ImportError> {
        let limits = self.limits;
        let unreadable = |error: zip::result::ZipError| {
            ImportError::of(names, format!("it begins like a zip archive and cannot be read as one: {error}"))
        };
        let mut archive = ZipArchive::new(archive).map_err(unreadable)?;
        if archive.len() > limits.members {
            let most = limits.members;
            return Err(ImportError::of(
                names,
                format!("it has more than {most} members; no CMS archive does"),
            ));
        }
        let is_part = |name: &str| name.starts_with("xl/") || name == "[Content_Types].xml";
        if archive.file_names().flatten().any(|name| is_part(&name)) {
            return Err(workbook(names));
        }
        let mut tables = 0;
        for index in 0..archive.len() {
            let member = archive.by_index(index).map_err(unreadable)?;
            let own = names.member(&String::from_utf8_lossy(member.name_raw()));
            if member.is_dir() || own.have("__MACOSX") {
                continue;
            }
            let reading = |error: io::Error| ImportError::reading(&own, &error);
            if self.left.get() == 0 {
                let most = limits.whole >> 20;
                return Err(ImportError::of(
                    names,
                    format!("it unpacks to more than {most} MB, which no archive does"),
                ));
            }
            let limit = limits.text.min(self.left.get());
            let most = if limit < limits.text { limits.whole } else { limits.text };
            let mut text = Text::new(Box::new(member), limit, most).map_err(reading)?;
            if is_archive(text.head()) {
                if is_workbook(&own) || depth == DEPTH {
                    continue;
                }
                let mut inner = Vec::new();
                text.by_ref().take(limits.nested + 1).read_to_end(&mut inner).map_err(reading)?;
                if inner.len() as u64 > limits.nested {
                    let most = limits.nested >> 20;
                    return Err(ImportError::of(
                        &own,
                        format!("an archive in an archive may have {most} MB"),
                    ));
                }
                self.left.set(self.left.get().saturating_sub(text.read_so_far()));
                tables += self.members(Cursor::new(inner), &own, depth + 1, take)?;
            } else {
                let is_table = take(&own, &mut text)?;
                self.left.set(self.left.get().saturating_sub(text.read_so_far()));
                tables += usize::from(is_table);
            }
        }
        Ok(tables)
    }
}

fn is_archive(start: &[u8]) -> bool {
    start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06")
}

fn is_workbook(names: &Names) -> bool {
    names.own().to_ascii_uppercase().ends_with(".XLSX")
}

/// An Excel workbook is refused with the name of the text that CMS ships beside it.
fn workbook(names: &Names) -> ImportError {
    let name = names.own();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let upper = stem.to_ascii_uppercase();
    let sibling = if upper.starts_with("CCIPRA") {
        format!("{stem}.TXT")
    } else if upper.starts_with("ZIP5") || upper.starts_with("ICD10CM") {
        format!("{stem}.txt")
    } else if ["PPRRVU", "GPCI", "MCR_MUE", "NUCC"].iter().any(|start| upper.starts_with(start)) {
        format!("{stem}.csv")
    } else {
        "the .csv or .txt".to_owned()
    };
    let what = format!(
        "it is an Excel workbook, which is not read; import {sibling} from the same CMS zip, or the zip itself"
    );
    ImportError::of(names, what)
}

/// A text, read once from its start, bounded and hashed on the way.
pub(super) struct Text<'r> {
    /// What has been looked at and not yet been read.
    head: Cursor<Vec<u8>>,
    rest: Box<dyn Read + 'r>,
    hash: Xxh3Default,
    left: u64,
    limit: u64,
    /// The limit that an error names: where little is left of an archive's, that of the archive.
    most: u64,
    line: Cell<u64>,
}

impl<'r> Text<'r> {
    fn new(mut rest: Box<dyn Read + 'r>, limit: u64, most: u64) -> io::Result<Text<'r>> {
        let mut head = Vec::new();
        rest.by_ref().take(HEAD.min(limit)).read_to_end(&mut head)?;
        Ok(Text {
            head: Cursor::new(head),
            rest,
            hash: Xxh3Default::new(),
            left: limit,
            limit,
            most,
            line: Cell::new(0),
        })
    }

    /// Its first bytes.
    pub(super) fn head(&self) -> &[u8] {
        self.head.get_ref()
    }

    /// Bytes that were read of it, those of its head included.
    fn read_so_far(&self) -> u64 {
        (self.limit - self.left).max(self.head.get_ref().len() as u64)
    }

    /// Reads what is left and gives the hash of the whole, 16 hexadecimal digits.
    pub(super) fn finish(&mut self) -> io::Result<String> {
        io::copy(self, &mut io::sink())?;
        Ok(format!("{:016x}", self.hash.digest()))
    }
}

impl Read for Text<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut count = self.head.read(buffer)?;
        if count == 0 {
            count = self.rest.read(buffer)?;
        }
        let read = &buffer[..count];
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| {
            io::Error::other(format!("it unpacks to more than {} MB, which no table does", self.most >> 20))
        })?;
        let behind_newline = memchr::memrchr(b'\n', read).map(|at| count - at - 1);
        self.line.set(match behind_newline {
            Some(length) => length as u64,
            None => self.line.get() + count as u64,
        });
        if self.line.get() > LINE {
            return Err(io::Error::other("it has a line of more than 1 MB, which no table has"));
        }
        self.hash.update(read);
        Ok(count)
    }
}

/// Hands every line of a text on, with its number from 1 and without its end.
pub(super) fn each_line(names: &Names, text: &mut Text<'_>, take: TakeLine<'_>) -> Result<(), ImportError> {
    let mut reader = BufReader::with_capacity(256 << 10, text);
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        number += 1;
        let count = reader
            .read_until(b'\n', &mut line)
            .map_err(|error| ImportError::at_line(names, number, error.to_string()))?;
        if count == 0 {
            return Ok(());
        }
        let line = line.strip_suffix(b"\n").unwrap_or(&line);
        take(number, line.strip_suffix(b"\r").unwrap_or(line))?;
    }
}
