//! Files as they lie on a disk, packed or not: opened and read to their end, or refused by name.

use std::fs;
use std::io::Read;

use cleanclaim::source::{Input, expand, plain_size, read_again};

use super::shared::folder;

/// No input of this size unpacks to more.
const MOST: u64 = 256 << 20;

pub(crate) fn run(bytes: &[u8]) {
    let folder = folder();
    let path = folder.path().join("claims.zip");
    fs::write(&path, bytes).expect("a writable folder");
    let named = expand(std::slice::from_ref(&path)).expect("a file that is there");
    for named in named {
        assert!(named.name().starts_with(&path.display().to_string()));
        if let Some(size) = plain_size(&named) {
            assert_eq!(size, bytes.len() as u64);
        }
        let Ok(mut input) = Input::open(&named) else { continue };
        let mut start = Vec::new();
        if input.by_ref().take(64).read_to_end(&mut start).is_err() {
            continue;
        }
        let rest = std::io::copy(&mut input.take(MOST), &mut std::io::sink());
        if rest.is_ok_and(|rest| rest < MOST)
            && let Ok(Some(again)) = read_again(&named, 0, start.len())
        {
            assert_eq!(again, start, "read again, it says something else");
        }
    }
}
