use std::fs::{self, File, Metadata};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::apply;
use crate::finding::Edit;
use crate::source::{Named, Stamp};

/// Why a file is not mended. Nothing has been written then.
#[derive(Debug, thiserror::Error)]
pub enum MendError {
    /// It is another file than the one that was checked.
    #[error("{0} changed while it was checked, and was left as it is: run it again")]
    Changed(String),
    /// It is packed.
    #[error(
        "{0} is packed, and --fix does not rewrite packed files: unpack it first (--diff shows what would change)"
    )]
    Packed(String),
    /// It is a device or a pipe.
    #[error("{0} is no regular file, and cannot be mended in place")]
    Special(String),
    /// Its owner does not want it written.
    #[error("{0} is write-protected, and was left as it is")]
    Protected(String),
    /// What the system says.
    #[error("cannot mend {0}: {1}")]
    System(String, io::Error),
}

/// A file as it was before it was checked.
#[derive(Clone, Debug)]
pub struct Original {
    name: String,
    /// Where it is; of a link, where it leads.
    path: PathBuf,
    stamp: Option<Stamp>,
}

impl Original {
    /// Looks at an input; `None` if it is no file of its own.
    pub fn of(named: &Named) -> Option<Original> {
        let Named::File { path, .. } = named else { return None };
        let name = named.name();
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        let stamp = fs::metadata(&path).ok().filter(Metadata::is_file).map(|found| Stamp::of(&found));
        Some(Original { name, path, stamp })
    }

    /// Writes the mended file beside the old one, under another name, with its permissions.
    ///
    /// # Errors
    /// A file that is packed, write-protected, no regular file, or another than it was; what the system says.
    pub fn mended(&self, edits: &[Edit]) -> Result<Ready, MendError> {
        let name = || self.name.clone();
        let system = |error| MendError::System(name(), error);
        let mut file = File::open(&self.path).map_err(system)?;
        let found = file.metadata().map_err(system)?;
        let Some(stamp) = self.stamp.as_ref().filter(|_| found.is_file()) else {
            return Err(MendError::Special(name()));
        };
        if Stamp::of(&found) != *stamp {
            return Err(MendError::Changed(name()));
        }
        if found.permissions().readonly() {
            return Err(MendError::Protected(name()));
        }
        if is_packed(&mut file).map_err(system)? {
            return Err(MendError::Packed(name()));
        }
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let mut beside = NamedTempFile::new_in(folder).map_err(system)?;
        let mut out = BufWriter::with_capacity(1 << 16, beside.as_file_mut());
        apply(edits, &mut BufReader::with_capacity(1 << 16, file), &mut out)
            .and_then(|()| out.flush())
            .map_err(system)?;
        drop(out);
        beside.as_file().set_permissions(found.permissions()).map_err(system)?;
        beside.as_file().sync_all().map_err(system)?;
        Ok(Ready { original: self.clone(), beside })
    }

    fn is_as_it_was(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|found| Some(Stamp::of(&found)) == self.stamp)
    }
}

fn is_packed(file: &mut File) -> io::Result<bool> {
    let mut start = Vec::new();
    Read::by_ref(file).take(2).read_to_end(&mut start)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(start == b"\x1f\x8b")
}

/// A mended file that waits beside the old one. Dropped, it is gone.
#[derive(Debug)]
pub struct Ready {
    original: Original,
    beside: NamedTempFile,
}

impl Ready {
    /// Whether the old file is still the one that was checked.
    ///
    /// # Errors
    /// If it is not.
    pub fn verify(&self) -> Result<(), MendError> {
        match self.original.is_as_it_was() {
            true => Ok(()),
            false => Err(MendError::Changed(self.original.name.clone())),
        }
    }

    /// Puts it in the old one's place: who reads sees the old file or the whole new one.
    ///
    /// # Errors
    /// What the system says; a file that has changed.
    pub fn put(self) -> Result<(), MendError> {
        self.verify()?;
        let Ready { original, beside } = self;
        beside.persist(&original.path).map_err(|error| MendError::System(original.name, error.error))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Span;

    fn named(path: &Path) -> Named {
        Named::File { path: path.to_owned(), from_directory: false }
    }

    fn edits() -> Vec<Edit> {
        vec![Edit { span: Span::new(0, 1), text: "X".to_owned() }]
    }

    #[test]
    fn permissions_and_links_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("day.837");
        fs::write(&path, "abc").expect("a file");
        #[cfg(unix)]
        let asked = {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("our own file");
            let link = folder.path().join("link.837");
            std::os::unix::fs::symlink("day.837", &link).expect("a link");
            link
        };
        #[cfg(not(unix))]
        let asked = path.clone();
        let original = Original::of(&named(&asked)).expect("a file");
        original.mended(&edits()).and_then(Ready::put).expect("mended");
        assert_eq!(fs::read_to_string(&path).ok().as_deref(), Some("Xbc"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).expect("a file").permissions().mode() & 0o777;
            assert!(mode == 0o640 && fs::symlink_metadata(&asked).expect("a link").is_symlink());
        }
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 1 + usize::from(cfg!(unix)));
    }

    #[test]
    fn a_file_that_changed_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("day.837");
        fs::write(&path, "abc").expect("a file");
        let original = Original::of(&named(&path)).expect("a file");
        let ready = original.mended(&edits()).expect("not changed yet");
        fs::write(&path, "abcd").expect("a file");
        assert!(matches!(original.mended(&edits()), Err(MendError::Changed(_))));
        assert!(matches!(ready.put(), Err(MendError::Changed(_))));
        assert_eq!(fs::read_to_string(&path).ok().as_deref(), Some("abcd"));
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 1);
    }

    #[test]
    fn packed_and_protected_files_are_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("day.gz");
        fs::write(&path, b"\x1f\x8b\x08").expect("a file");
        let original = Original::of(&named(&path)).expect("a file");
        assert!(matches!(original.mended(&edits()), Err(MendError::Packed(_))));
        fs::write(&path, b"abc").expect("a file");
        let mut permissions = fs::metadata(&path).expect("a file").permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).expect("our own file");
        let original = Original::of(&named(&path)).expect("a file");
        assert!(matches!(original.mended(&edits()), Err(MendError::Protected(_))));
    }
}
