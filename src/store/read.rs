use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use xxhash_rust::xxh3::xxh3_64;

use super::manifest::{Entry, Manifest};
use super::positioned::Positioned;
use super::{StoreError, text};

pub(super) const MANIFEST: &str = "manifest.json";
pub(super) const TABLES: &str = "tables";

/// A store that has been opened. Shared by the threads of a run; what one has read, all have.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    entries: Vec<Entry>,
    /// By index of the entry.
    texts: Vec<OnceLock<Text>>,
    files: Vec<OnceLock<Option<Positioned>>>,
    trouble: OnceLock<StoreError>,
}

#[derive(Debug, Default)]
struct Text {
    bytes: Box<[u8]>,
    /// Where the rows begin.
    start: usize,
    /// Bytes of a row with its newline.
    width: usize,
}

/// A table of the text form, as it stands.
#[derive(Clone, Copy, Debug)]
pub struct TableText<'s> {
    /// Its rows, each ended by a newline.
    pub rows: &'s [u8],
    /// Bytes of a row with its newline; 1 for a table without rows.
    pub width: usize,
}

impl Store {
    /// Opens the store in `folder`; `None` if there is none.
    ///
    /// # Errors
    /// A manifest that cannot be read, is damaged, or is a later program's.
    pub fn open(folder: &Path) -> Result<Option<Store>, StoreError> {
        let Some(Manifest { tables: entries, .. }) = manifest(folder)? else { return Ok(None) };
        Ok(Some(Store {
            folder: folder.to_owned(),
            texts: entries.iter().map(|_| OnceLock::new()).collect(),
            files: entries.iter().map(|_| OnceLock::new()).collect(),
            entries,
            trouble: OnceLock::new(),
        }))
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Every table and part, by name, release and part.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What went wrong first in a look-up since the store was opened. Answers given since then may be wrong.
    pub fn trouble(&self) -> Option<&StoreError> {
        self.trouble.get()
    }

    /// A table of the text form, read and checked against its hash when it is first asked for. Empty where that fails:
    /// see [`Store::trouble`].
    pub fn text(&self, index: usize) -> TableText<'_> {
        let text = self.texts[index].get_or_init(|| {
            let bytes = self.whole(index).unwrap_or_else(|error| {
                self.note(error);
                Vec::new()
            });
            let (start, width) = text::shape(&bytes);
            Text { bytes: bytes.into(), start, width }
        });
        TableText { rows: &text.bytes[text.start..], width: text.width }
    }

    /// The whole file of a table of another form, checked likewise; empty where that fails.
    pub fn bytes(&self, index: usize) -> &[u8] {
        self.text(index);
        self.texts[index].get().map_or(&[], |text| &text.bytes)
    }

    /// Reads the whole file of a table and compares it with its hash.
    ///
    /// # Errors
    /// A file that cannot be read, or is not the one that was imported.
    pub fn whole(&self, index: usize) -> Result<Vec<u8>, StoreError> {
        let entry = &self.entries[index];
        let path = self.path(entry);
        let mut bytes = Vec::new();
        // A file that has grown is not read to its end.
        let file = File::open(&path).map_err(|error| self.unreadable(index, error))?;
        file.take(entry.bytes + 1).read_to_end(&mut bytes).map_err(|error| self.unreadable(index, error))?;
        if bytes.len() as u64 != entry.bytes {
            let what = format!("{} bytes where {} were imported", bytes.len(), entry.bytes);
            return Err(self.damaged(index, what));
        }
        if hash_of(&bytes) != entry.hash {
            return Err(self.damaged(index, "its hash is not the one of the import"));
        }
        Ok(bytes)
    }

    /// The index at the start of a table's file, checked against its own hash.
    pub(super) fn index_of(&self, index: usize) -> Option<Vec<u8>> {
        let entry = &self.entries[index];
        let bytes = self.read_at(index, 0, usize::try_from(entry.index_bytes).ok()?)?;
        if hash_of(&bytes) != entry.index_hash {
            self.note(self.damaged(index, "the hash of its index is not the one of the import"));
            return None;
        }
        Some(bytes)
    }

    /// So many bytes of a table's file from `offset`. `None` where that fails: see [`Store::trouble`].
    pub(super) fn read_at(&self, index: usize, offset: u64, length: usize) -> Option<Vec<u8>> {
        let file = self.files[index].get_or_init(|| {
            File::open(self.path(&self.entries[index]))
                .map_err(|error| self.note(self.unreadable(index, error)))
                .ok()
                .map(Positioned::new)
        });
        let mut bytes = vec![0; length];
        match file.as_ref()?.read_exact_at(&mut bytes, offset) {
            Ok(()) => Some(bytes),
            Err(error) => {
                self.note(self.unreadable(index, error));
                None
            }
        }
    }

    /// Keeps the first trouble of a run.
    pub(super) fn note(&self, error: StoreError) {
        // A later one says no more than that the answers cannot be trusted.
        let _ = self.trouble.set(error);
    }

    pub(super) fn damaged(&self, index: usize, what: impl Into<String>) -> StoreError {
        let entry = &self.entries[index];
        StoreError::Damaged {
            table: entry.title(),
            path: self.path(entry),
            what: what.into(),
            origin: entry.source.clone(),
        }
    }

    /// Notes that a table's content makes no sense though its hash is right.
    pub fn note_damage(&self, index: usize, what: &str) {
        self.note(self.damaged(index, what));
    }

    fn unreadable(&self, index: usize, error: io::Error) -> StoreError {
        match error.kind() {
            io::ErrorKind::NotFound => self.damaged(index, "its file is missing"),
            io::ErrorKind::UnexpectedEof => self.damaged(index, "its file is cut off"),
            _ => StoreError::read(self.path(&self.entries[index]))(error),
        }
    }

    fn path(&self, entry: &Entry) -> PathBuf {
        self.folder.join(TABLES).join(&entry.file)
    }
}

/// The manifest of a folder; `None` where there is none.
pub(super) fn manifest(folder: &Path) -> Result<Option<Manifest>, StoreError> {
    let path = folder.join(MANIFEST);
    match fs::read(&path) {
        Ok(text) => Manifest::read(&text, &path).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::read(path)(error)),
    }
}

pub(super) fn hash_of(bytes: &[u8]) -> String {
    format!("{:016x}", xxh3_64(bytes))
}
