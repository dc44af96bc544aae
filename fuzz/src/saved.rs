//! Saved runs: a page is drawn of what can be read, and an error names a place and nothing that stands there.

use cleanclaim::report::{html, saved};

use super::shared::{every_report, written};

pub(crate) fn run(bytes: &[u8]) {
    match saved::read(bytes) {
        Ok(saved) => {
            written(&|out| html::render_saved(&saved, out));
            every_report(&saved.run);
        }
        Err(error) => assert!(error.to_string().len() < 200, "{error}"),
    }
}
