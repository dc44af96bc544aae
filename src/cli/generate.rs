//! Shell completions and manual pages, from the one definition of the flags.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::{Command, CommandFactory};

use super::args::{Cli, CompletionsArgs, ManArgs};
use super::exit;
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
    let mut command = Cli::command();
    command.build();
    for name in &args.command {
        command = command.find_subcommand(name).cloned().ok_or_else(|| {
            let name = args.command.join(" ");
            Trouble::message(format!("no subcommand is called '{}'", name.escape_default()))
        })?;
    }
    page(command).map_err(|error| Trouble::writing("the manual page", &error))
}

/// Writes the page of every command into `folder`, and says how many there are.
///
/// # Errors
/// A folder that is not there, or a page that cannot be written.
pub(super) fn all_pages(folder: &Path, out: &mut dyn Write) -> Result<u8, Trouble> {
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    let mut commands = vec![program];
    let mut written = 0_usize;
    while let Some(command) = commands.pop() {
        commands.extend(command.get_subcommands().filter(|one| !one.is_hide_set()).cloned());
        let name = command.get_display_name().unwrap_or(command.get_name());
        let path = folder.join(format!("{name}.1"));
        let page = page(command).map_err(|error| Trouble::writing("a manual page", &error))?;
        fs::write(&path, page).map_err(|error| Trouble::writing(path.display(), &error))?;
        written += 1;
    }
    writeln!(out, "{written} pages in {}", folder.display())
        .map_err(|error| Trouble::writing("standard output", &error))?;
    Ok(exit::DONE)
}

fn page(command: Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .source(concat!("cleanclaim ", env!("CARGO_PKG_VERSION")))
        .render(&mut page)?;
    Ok(page)
}
