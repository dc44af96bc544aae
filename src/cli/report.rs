//! `report`: the page of a saved run.

use std::fs;
use std::io;
use std::path::Path;

use super::args::ReportArgs;
use super::exit;
use super::format::Format;
use super::output::{self, OutputSpec};
use super::trouble::Trouble;
use crate::report::{html, saved};
use crate::source::{HELD, bounded, read_bounded};

/// Reads the run and writes its page.
///
/// # Errors
/// A file that cannot be read, holds no saved run or would be written over; another format than HTML; a page that cannot be written.
pub(super) fn run(args: &ReportArgs) -> Result<u8, Trouble> {
    let spec = args.output.clone().unwrap_or(OutputSpec { format: Format::Html, path: None });
    if spec.format != Format::Html {
        return Err(Trouble::message("report writes html: --output html=report.html"));
    }
    let name = args.run.display().to_string();
    if spec.path.as_deref().is_some_and(|path| is_same(path, &args.run)) {
        let name = name.escape_debug();
        return Err(Trouble::message(format!("{name} is to be read: nothing is written in its place")));
    }
    let text = bytes(&args.run).map_err(|error| Trouble::reading(name.escape_debug(), &error))?;
    let saved =
        saved::read(&text).map_err(|error| Trouble::message(format!("{}: {error}", name.escape_debug())))?;
    drop(text);
    for output in output::open(&[spec])? {
        output.write(|out| html::render_saved(&saved, out))?;
    }
    Ok(exit::DONE)
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    if path == Path::new("-") { bounded(io::stdin().lock(), HELD) } else { read_bounded(path, HELD) }
}
