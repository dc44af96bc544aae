use std::fs::{self, Metadata};
use std::path::Path;
use std::time::SystemTime;

use super::Named;

/// Tells one state of a file from another without reading it: its length, when it was written, which file it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
    place: Option<(u64, u64)>,
}

impl Stamp {
    /// The state that a file is in.
    pub fn of(found: &Metadata) -> Stamp {
        #[cfg(unix)]
        let place = {
            use std::os::unix::fs::MetadataExt;
            Some((found.dev(), found.ino()))
        };
        #[cfg(not(unix))]
        let place = None;
        Stamp { bytes: found.len(), modified: found.modified().ok(), place }
    }

    /// The state of the file that an input is read from; `None` where it is no regular file, or none that is there.
    pub fn of_input(named: &Named) -> Option<Stamp> {
        match named {
            Named::File { path, .. } => Stamp::of_path(path),
            Named::Member(member) => Stamp::of_path(member.archive()),
            Named::Stdin { .. } | Named::Spooled { .. } | Named::Memory { .. } => None,
        }
    }

    fn of_path(path: &Path) -> Option<Stamp> {
        fs::metadata(path).ok().filter(Metadata::is_file).map(|found| Stamp::of(&found))
    }
}
