use clap::Args;

use super::RunArgs;
use crate::cli::size::byte_size;

/// Serve a page on this machine where files are dropped, checked, and their reports read
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct ServeArgs {
    #[command(flatten)]
    pub(in crate::cli) run: RunArgs,

    /// Listen on this port of 127.0.0.1 [default: any that is free]
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Server")]
    pub(in crate::cli) port: Option<u16>,

    /// Take at most this many bytes at a time, all files of one drop together
    #[arg(long, value_name = "SIZE", default_value = "2GiB", value_parser = byte_size, help_heading = "Server")]
    pub(in crate::cli) max_upload: u64,
}

const EXAMPLES: &str = "\
The address is printed when the server listens. It holds a random token: whoever has it can read the reports, so share it
with nobody. Only this machine can reach it. Ctrl-C stops the server; nothing is kept.

Examples:
  cleanclaim serve
  cleanclaim serve --config billing/cleanclaim.yaml --port 8370

docs/serve.md says what is guarded against, and how.";
