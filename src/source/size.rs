use std::fs::{self, File};
use std::io::Read;

use super::Named;

/// How packed files begin: gzip and zip.
const PACKED: &[&[u8]] = &[b"\x1f\x8b", b"PK"];

/// How many bytes an input has, where that can be known before it is read: a file that is not packed.
pub fn plain_size(named: &Named) -> Option<u64> {
    match named {
        Named::File { path, .. } => {
            let found = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
            let mut start = Vec::new();
            File::open(path).ok()?.take(2).read_to_end(&mut start).ok()?;
            (!is_packed(&start)).then_some(found.len())
        }
        Named::Spooled { spool, .. } => {
            let mut start = Vec::new();
            spool.reader().take(2).read_to_end(&mut start).ok()?;
            spool.bytes().ok().filter(|_| !is_packed(&start))
        }
        Named::Memory { bytes, .. } => (!is_packed(bytes)).then_some(bytes.len() as u64),
        _ => None,
    }
}

fn is_packed(start: &[u8]) -> bool {
    PACKED.iter().any(|packed| start.starts_with(packed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Spool;

    #[test]
    fn what_is_packed_has_no_known_size() {
        assert_eq!(plain_size(&Named::memory("a", b"ISA*")), Some(4));
        assert_eq!(plain_size(&Named::memory("a", b"")), Some(0));
        assert_eq!(plain_size(&Named::memory("a", b"\x1f\x8b\x08")), None);
        assert_eq!(plain_size(&Named::memory("a", b"PK\x03\x04")), None);
        let spooled = |bytes: &[u8]| Named::Spooled {
            name: "a".to_owned(),
            spool: Spool::of(bytes).expect("a temporary file"),
        };
        assert_eq!(plain_size(&spooled(b"ISA*")), Some(4));
        assert_eq!(plain_size(&spooled(b"\x1f\x8b\x08")), None);
        assert_eq!(plain_size(&Named::Stdin { name: "-".to_owned() }), None);
    }
}
