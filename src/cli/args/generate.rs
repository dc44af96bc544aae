use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

/// Print a completion script for a shell
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  cleanclaim completions bash > ~/.local/share/bash-completion/completions/cleanclaim"
)]
pub(in crate::cli) struct CompletionsArgs {
    /// The shell
    pub(in crate::cli) shell: Shell,
}

/// Print a manual page, or write all of them
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  cleanclaim man check | man -l -\n  cleanclaim man rules test | man -l -\n  cleanclaim man --all ~/.local/share/man/man1"
)]
pub(in crate::cli) struct ManArgs {
    /// The subcommand, in one word or more; without one, the program's own page
    #[arg(value_name = "COMMAND")]
    pub(in crate::cli) command: Vec<String>,

    /// Write the pages of the program and of every subcommand into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub(in crate::cli) all: Option<PathBuf>,
}
