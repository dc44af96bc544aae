use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The longest file that is written by hand: a configuration, rules, a map, suppressions, credentials. In bytes.
pub const WRITTEN_BY_HAND: u64 = 64 << 20;

/// The longest file that is held in memory at all: a table beside the claims, a baseline, a saved run. In bytes.
pub const HELD: u64 = 1 << 30;

/// All bytes of a file that has `most` at most; what has no end, such as a device, is not read on for ever.
///
/// # Errors
/// A file that cannot be read or is longer.
pub fn read_bounded(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    // A file that says how long it is need not be read to be refused.
    if file.metadata()?.len() > most {
        return Err(too_long(most));
    }
    bounded(file, most)
}

/// All bytes of a reader that gives `most` at most.
///
/// # Errors
/// A reader that fails or gives more.
pub fn bounded(reader: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(too_long(most)) } else { Ok(bytes) }
}

/// The text of a file, likewise.
///
/// # Errors
/// As [`read_bounded`]; a file that is not UTF-8.
pub fn read_text(path: &Path, most: u64) -> io::Result<String> {
    let not_text = |_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8");
    String::from_utf8(read_bounded(path, most)?).map_err(not_text)
}

fn too_long(most: u64) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, format!("it is longer than {} MB", most >> 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_to_its_bound_and_no_further() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.yaml");
        std::fs::write(&path, "12345").expect("a file");
        assert_eq!(read_text(&path, 5).ok().as_deref(), Some("12345"));
        assert_eq!(read_text(&path, 4).map_err(|error| error.kind()), Err(io::ErrorKind::FileTooLarge));
        assert_eq!(
            bounded(io::repeat(0), 3 << 20).map_err(|error| error.to_string()),
            Err("it is longer than 3 MB".to_owned())
        );
        std::fs::write(&path, b"\xff").expect("a file");
        assert_eq!(read_text(&path, 5).map_err(|error| error.to_string()), Err("it is not UTF-8".to_owned()));
    }
}
