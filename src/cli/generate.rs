//! Shell completions and manual pages, from the one definition of the flags.

use std::io::{self, Write};

use clap::CommandFactory;

use super::args::{Cli, CompletionsArgs, ManArgs};
use super::trouble::Trouble;

/// Writes a completion script.
pub(super) fn completions(args: &CompletionsArgs, out: &mut dyn Write) -> io::Result<()> {
    // The generator panics on a pipe that was closed early, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "cleanclaim", &mut script);
    out.write_all(&script)
}

/// A manual page in roff.
///
/// # Errors
/// If there is no such subcommand.
pub(super) fn man(args: &ManArgs) -> Result<Vec<u8>, Trouble> {
    let mut program = Cli::command();
    program.build();
    let command = match &args.command {
        None => program,
        Some(name) => program.find_subcommand(name).cloned().ok_or_else(|| {
            Trouble::message(format!("no subcommand is called '{}'", name.escape_default()))
        })?,
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .source(concat!("cleanclaim ", env!("CARGO_PKG_VERSION")))
        .render(&mut page)
        .map_err(|error| Trouble::writing("the manual page", &error))?;
    Ok(page)
}
