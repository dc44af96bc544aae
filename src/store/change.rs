use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::StoreError;
use super::manifest::{Entry, Manifest, NewTable};
use super::read::{MANIFEST, TABLES, hash_of, manifest};
use crate::claim::Date;

const LOCK: &str = "lock";
/// How the names of files end that are not yet whole.
const PART: &str = ".part";
/// How the names of tables' files end.
const TABLE: &str = ".table";

/// A step of a change, for those who look at what a failure at each leaves behind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// A file that no manifest names is removed.
    Sweep(String),
    /// A table's file is written, under a name that no manifest names yet.
    Write(String),
    /// A table's file gets its name.
    Name(String),
    /// The new manifest is written beside the old one.
    WriteManifest,
    /// The new manifest takes the old one's place; behind this step the change is made.
    ReplaceManifest,
}

/// What an import or a removal does to a store: all of it or nothing.
pub struct Change {
    folder: PathBuf,
    manifest: Manifest,
    /// Held until the change is made or given up.
    _lock: File,
}

/// Looks at each step before it is taken and may fail it.
type Watcher<'w> = &'w mut dyn FnMut(&Step) -> io::Result<()>;

impl Change {
    /// Makes the folder if need be and waits for other imports to end.
    ///
    /// # Errors
    /// A folder that cannot be written, a store that cannot be read.
    pub fn begin(folder: &Path) -> Result<Change, StoreError> {
        let tables = folder.join(TABLES);
        fs::create_dir_all(&tables).map_err(StoreError::write(&tables))?;
        let path = folder.join(LOCK);
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(StoreError::write(&path))?;
        lock.lock().map_err(StoreError::write(&path))?;
        let manifest = manifest(folder)?.unwrap_or(Manifest::EMPTY);
        Ok(Change { folder: folder.to_owned(), manifest, _lock: lock })
    }

    /// What is in the store before the change.
    pub fn entries(&self) -> &[Entry] {
        &self.manifest.tables
    }

    /// Puts tables into the store, each in the place of one of the same name, release and part.
    ///
    /// # Errors
    /// A folder that cannot be written; the store is then as it was.
    pub fn add(self, tables: &[NewTable], today: Date) -> Result<(), StoreError> {
        self.add_watched(tables, today, &mut |_| Ok(()))
    }

    /// Likewise; `watch` sees each step before it is taken, and an error of its stops the change there.
    ///
    /// # Errors
    /// As [`Change::add`], and what `watch` fails with.
    pub fn add_watched(
        mut self,
        tables: &[NewTable],
        today: Date,
        watch: Watcher<'_>,
    ) -> Result<(), StoreError> {
        self.sweep(watch)?;
        for table in tables {
            let entry = self.write(table, today, watch)?;
            self.manifest
                .tables
                .retain(|one| !(one.is_same_as(&entry) || table.alone && one.name == entry.name));
            self.manifest.tables.push(entry);
        }
        self.commit(watch)
    }

    /// Takes out every part of a table's release; `false` if there is none.
    ///
    /// # Errors
    /// As [`Change::add`].
    pub fn remove(mut self, name: &str, release: &str) -> Result<bool, StoreError> {
        let before = self.manifest.tables.len();
        self.manifest.tables.retain(|entry| entry.name != name || entry.release != release);
        if self.manifest.tables.len() == before {
            return Ok(false);
        }
        self.commit(&mut |_| Ok(())).map(|()| true)
    }

    /// Removes files of earlier imports that the manifest does not name, and of imports that were broken off.
    fn sweep(&self, watch: Watcher<'_>) -> Result<(), StoreError> {
        let folder = self.folder.join(TABLES);
        let entries = fs::read_dir(&folder).map_err(StoreError::read(&folder))?;
        for entry in entries {
            let entry = entry.map_err(StoreError::read(&folder))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_ours = name.ends_with(TABLE) || name.ends_with(&format!("{TABLE}{PART}"));
            if is_ours && !self.manifest.tables.iter().any(|one| one.file == name) {
                let path = entry.path();
                watch(&Step::Sweep(name)).map_err(StoreError::write(&path))?;
                fs::remove_file(&path).map_err(StoreError::write(&path))?;
            }
        }
        Ok(())
    }

    fn write(&self, table: &NewTable, today: Date, watch: Watcher<'_>) -> Result<Entry, StoreError> {
        let hash = hash_of(&table.body);
        let part = table.part.map_or_else(String::new, |part| format!("-f{part}"));
        let plain = |text: &str| -> String {
            text.chars()
                .map(|one| if one.is_ascii_alphanumeric() || one == '.' { one } else { '-' })
                .collect()
        };
        let file = format!("{}-{}{part}-{hash}{TABLE}", plain(&table.name), plain(&table.release));
        let path = self.folder.join(TABLES).join(&file);
        watch(&Step::Write(file.clone())).map_err(StoreError::write(&path))?;
        let unfinished = self.folder.join(TABLES).join(format!("{file}{PART}"));
        write_through(&unfinished, &table.body)?;
        watch(&Step::Name(file.clone())).map_err(StoreError::write(&path))?;
        fs::rename(&unfinished, &path).map_err(StoreError::write(&path))?;
        let index = usize::try_from(table.index_bytes).unwrap_or(usize::MAX).min(table.body.len());
        Ok(Entry {
            name: table.name.clone(),
            release: table.release.clone(),
            part: table.part,
            from: table.from,
            to: table.to,
            rows: table.rows,
            bytes: table.body.len() as u64,
            hash,
            file,
            index_bytes: table.index_bytes,
            index_hash: if index == 0 { String::new() } else { hash_of(&table.body[..index]) },
            source: table.source.clone(),
            source_hash: table.source_hash.clone(),
            imported: today,
        })
    }

    /// The last step is the renaming: before it nothing has changed, behind it everything.
    fn commit(mut self, watch: Watcher<'_>) -> Result<(), StoreError> {
        let key = |entry: &Entry| (entry.name.clone(), entry.from, entry.release.clone(), entry.part);
        self.manifest.tables.sort_by_key(key);
        let path = self.folder.join(MANIFEST);
        watch(&Step::WriteManifest).map_err(StoreError::write(&path))?;
        let unfinished = self.folder.join(format!("{MANIFEST}{PART}"));
        write_through(&unfinished, &self.manifest.text())?;
        sync_folder(&self.folder.join(TABLES));
        watch(&Step::ReplaceManifest).map_err(StoreError::write(&path))?;
        fs::rename(&unfinished, &path).map_err(StoreError::write(&path))?;
        sync_folder(&self.folder);
        Ok(())
    }
}

/// Writes a file and waits until it is on the disk, so that a manifest never names a file that a power cut emptied.
fn write_through(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut file = File::create(path).map_err(StoreError::write(path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(StoreError::write(path))
}

/// Waits until the names in a folder are on the disk, where the system knows such a thing.
fn sync_folder(folder: &Path) {
    // Not every system lets a folder be opened; a name that is lost leaves the store as it was.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}
