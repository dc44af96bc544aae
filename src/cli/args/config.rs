use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Which configuration is read.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Configuration")]
pub(in crate::cli) struct ConfigSource {
    /// Read this configuration [default: the nearest cleanclaim.yaml, up to the repository's root]
    #[arg(long, global = true, value_name = "FILE")]
    pub(in crate::cli) config: Option<PathBuf>,

    /// Read no configuration
    #[arg(long, global = true, conflicts_with = "config")]
    pub(in crate::cli) isolated: bool,
}

/// Say what is in force and where it comes from; begin a configuration
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES, subcommand_required = true, arg_required_else_help = true)]
pub(in crate::cli) struct ConfigArgs {
    /// What to do.
    #[command(subcommand)]
    pub(in crate::cli) job: ConfigJob,
}

const EXAMPLES: &str = "\
Examples:
  cleanclaim config init
  cleanclaim config show --config billing/cleanclaim.yaml
  cleanclaim rules schema config > cleanclaim.schema.json

docs/configuration.md says what each key does.";

/// What to do about the configuration.
#[derive(Subcommand, Debug)]
pub(in crate::cli) enum ConfigJob {
    /// Show every setting of check, its value, and the file and line it comes from
    Show {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Write a cleanclaim.yaml with every key commented out; an existing file is left alone
    Init {
        /// Where to
        #[arg(value_name = "FILE", default_value = "cleanclaim.yaml")]
        file: PathBuf,
    },
}
