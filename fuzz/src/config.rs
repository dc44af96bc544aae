//! Configurations: put together, or refused with their mistakes drawn.

use std::fs;

use cleanclaim::config::Config;

use super::shared::folder;

pub(crate) fn run(bytes: &[u8]) {
    let folder = folder();
    let path = folder.path().join("cleanclaim.yaml");
    fs::write(&path, bytes).expect("a writable folder");
    match Config::read(&path) {
        Ok(config) => assert_eq!(config.files[0].text.as_bytes(), bytes),
        Err(mistakes) => {
            for (width, unicode) in [(20, false), (80, true)] {
                assert!(!mistakes.render(width, unicode, unicode).is_empty());
            }
        }
    }
}
