//! Zip archives: each member is an input of its own, read as a stream from where it stands in the archive.
//!
//! Nothing is unpacked into a folder: a member's name is for reports alone.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::content::{OFFICE_PARTS, ZIP};
use super::open::{RATIO, SMALL};
use super::{Content, Input, SourceError, Spool};

/// How much is read of what a stranger packed.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Members of one archive.
    members: usize,
    /// Bytes of all members, unpacked.
    whole: u64,
    /// How many times its packed size a member may have, once it is larger than `small` bytes.
    ratio: u64,
    small: u64,
}

const LIMITS: Limits = Limits { members: 10_000, whole: 16 << 30, ratio: RATIO, small: SMALL };

/// A member of a zip archive.
#[derive(PartialEq, Eq, Debug)]
pub struct Member {
    archive: Archive,
    /// Of the archive, and of the member in it.
    name: String,
    place: Result<Packed, String>,
    /// What it holds, once somebody has asked for a stretch of it again.
    spool: OnceLock<Option<Arc<Spool>>>,
}

/// Where an archive is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Archive {
    /// A file.
    File(PathBuf),
    /// Something read to its end, and what reports call it, which leads nowhere.
    Spooled(PathBuf, Arc<Spool>),
}

/// What an archive is read from.
trait Seekable: Read + Seek + Send {}
impl<R: Read + Seek + Send> Seekable for R {}

impl Archive {
    fn name(&self) -> &Path {
        match self {
            Archive::File(path) | Archive::Spooled(path, _) => path,
        }
    }

    fn open(&self) -> io::Result<Box<dyn Seekable>> {
        Ok(match self {
            Archive::File(path) => Box::new(File::open(path)?),
            Archive::Spooled(_, spool) => Box::new(spool.reader()),
        })
    }
}

/// Where a member stands in its archive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Packed {
    at: u64,
    packed: u64,
    bytes: u64,
    crc: u32,
    is_deflated: bool,
}

impl Member {
    fn new(archive: &Archive, name: &str, place: Result<Packed, String>) -> Member {
        let shown = archive.name().display().to_string();
        let name = if name.is_empty() { shown } else { format!("{shown}/{name}") };
        Member { archive: archive.clone(), name, place, spool: OnceLock::new() }
    }

    /// What reports call it: `archive.zip/folder/member`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The archive it stands in.
    pub fn archive(&self) -> &Path {
        self.archive.name()
    }

    /// Whether its archive has a name alone, and no place.
    pub(super) fn is_of_spool(&self) -> bool {
        matches!(self.archive, Archive::Spooled(..))
    }

    /// Opens it as an input.
    ///
    /// # Errors
    /// An archive that cannot be read; a member that is encrypted, damaged, an archive itself, packed in a way that is not
    /// read, or larger than any claims are.
    pub(super) fn open(&self) -> Result<Input, SourceError> {
        let refuse = |why: &str| SourceError::Archive { name: self.name.clone(), why: why.to_owned() };
        let packed = self.place.as_ref().map_err(|why| refuse(why))?;
        let reader = self
            .reader(packed)
            .map_err(|source| SourceError::Read { name: self.archive().display().to_string(), source })?;
        let input = Input::from_reader(&self.name, reader)?;
        if input.content == Content::Other(ZIP) {
            return Err(refuse("an archive in an archive is not read; unpack it"));
        }
        Ok(input)
    }

    fn reader(&self, packed: &Packed) -> io::Result<Box<dyn Read + Send>> {
        let mut file = self.archive.open()?;
        file.seek(SeekFrom::Start(packed.at))?;
        let raw = BufReader::with_capacity(1 << 16, file.take(packed.packed));
        let reader: Box<dyn Read + Send> =
            if packed.is_deflated { Box::new(DeflateDecoder::new(raw)) } else { Box::new(raw) };
        Ok(Box::new(Checked { reader, left: packed.bytes, sum: Crc::new(), crc: packed.crc }))
    }

    /// The member in a form in which any stretch of it can be read; `None` where that cannot be had.
    pub(super) fn spool(&self) -> Option<Arc<Spool>> {
        let unpacked = || Spool::of(self.reader(self.place.as_ref().ok()?).ok()?).ok();
        self.spool.get_or_init(unpacked).clone()
    }
}

/// Holds a member to the size and the checksum that its archive states.
struct Checked {
    reader: Box<dyn Read + Send>,
    left: u64,
    sum: Crc,
    crc: u32,
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let damaged = || io::Error::other("damaged zip archive");
        let count = self.reader.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            _ => damaged(),
        })?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(damaged)?;
        self.sum.update(&buffer[..count]);
        if count == 0 && !buffer.is_empty() && (self.left > 0 || self.sum.sum() != self.crc) {
            return Err(damaged());
        }
        Ok(count)
    }
}

/// The members of a zip archive that are no folders, in its order; `None` if the file is no such archive, or an office
/// document, which is one by its form alone. An archive that cannot be read is one member that says why.
pub(super) fn members(path: &Path) -> Option<Vec<Member>> {
    members_within(path, LIMITS)
}

/// The members of what was read to its end, likewise; `name` is what reports call it.
pub(super) fn members_of_spool(name: &str, spool: &Arc<Spool>) -> Option<Vec<Member>> {
    members_of(&Archive::Spooled(PathBuf::from(name), Arc::clone(spool)), LIMITS)
}

fn members_within(path: &Path, limits: Limits) -> Option<Vec<Member>> {
    // Nothing is taken out of a pipe to see what it holds.
    if !path.metadata().is_ok_and(|found| found.is_file()) {
        return None;
    }
    members_of(&Archive::File(path.to_owned()), limits)
}

fn members_of(archive: &Archive, limits: Limits) -> Option<Vec<Member>> {
    let mut file = archive.open().ok()?;
    let mut start = Vec::new();
    Read::by_ref(&mut file).take(4).read_to_end(&mut start).ok()?;
    if start != b"PK\x03\x04" {
        return None;
    }
    let whole = |why: String| Some(vec![Member::new(archive, "", Err(why))]);
    let mut zip = match ZipArchive::new(BufReader::new(file)) {
        Ok(zip) => zip,
        Err(_) => return whole("it begins like a zip archive and cannot be read as one".to_owned()),
    };
    let is_part = |name: &[u8]| OFFICE_PARTS.iter().any(|part| name.starts_with(part));
    if zip.file_names_raw().any(is_part) {
        return None;
    }
    if zip.len() > limits.members {
        return whole(format!("it has more than {} members", limits.members));
    }
    if zip.has_duplicate_names() {
        return whole("two of its members have one name".to_owned());
    }
    let mut members = Vec::with_capacity(zip.len());
    let mut unpacked: u64 = 0;
    for index in 0..zip.len() {
        let member = match zip.by_index_raw(index) {
            Ok(member) => member,
            Err(_) => return whole("damaged zip archive".to_owned()),
        };
        let name = shown(member.name_raw());
        let is_hidden =
            name.split('/').any(|part| part != ".." && part.starts_with('.') || part == "__MACOSX");
        if member.is_dir() || member.is_symlink() || is_hidden {
            continue;
        }
        unpacked = unpacked.saturating_add(member.size());
        let is_deflated = member.compression() == CompressionMethod::Deflated;
        let place = match member.data_start() {
            _ if member.encrypted() => Err("it is encrypted".to_owned()),
            _ if !is_deflated && member.compression() != CompressionMethod::Stored => {
                Err("it is packed in a way that is not read: stored and deflated members are".to_owned())
            }
            _ if member.size() > limits.small
                && member.size() / limits.ratio > member.compressed_size().max(1) =>
            {
                Err(format!("it unpacks to more than {} times its size, which no claims do", limits.ratio))
            }
            None => Err("damaged zip archive".to_owned()),
            Some(at) => Ok(Packed {
                at,
                packed: member.compressed_size(),
                bytes: member.size(),
                crc: member.crc32(),
                is_deflated,
            }),
        };
        members.push(Member::new(archive, &name, place));
    }
    // Written out, names may be one that were several; an input is read once.
    let mut names = HashSet::new();
    if !members.iter().all(|member| names.insert(member.name())) {
        return whole("two of its members have one name".to_owned());
    }
    if unpacked > limits.whole {
        return whole(format!("it unpacks to more than {} GB", limits.whole >> 30));
    }
    if !matches!(zip.has_overlapping_files(), Ok(false)) {
        return whole("its members overlap".to_owned());
    }
    Some(members)
}

/// A member's name as it may be shown: what a terminal would obey is written out, and what leads nowhere left out.
fn shown(name: &[u8]) -> String {
    let mut shown = String::new();
    for character in String::from_utf8_lossy(name).chars() {
        match character {
            '\\' => shown.push('/'),
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => {
                shown.extend(character.escape_unicode());
            }
            _ if character.is_control() => shown.extend(character.escape_default()),
            _ => shown.push(character),
        }
    }
    let parts: Vec<&str> = shown.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    parts.join("/")
}

#[cfg(test)]
#[path = "archive_tests.rs"]
mod tests;
