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

/// Print a manual page
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  cleanclaim man check | man -l -")]
pub(in crate::cli) struct ManArgs {
    /// The subcommand; without one, the program's own page
    #[arg(value_name = "COMMAND")]
    pub(in crate::cli) command: Option<String>,
}
