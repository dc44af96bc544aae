use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ClaimKeyArgs;

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
    Key(KeyArgs),
}

/// Make the key that names claims in reports which may not show their numbers, or say where it is
#[derive(Args, Debug)]
#[command(after_help = ABOUT, subcommand_required = true, arg_required_else_help = true)]
pub(in crate::cli) struct KeyArgs {
    /// What to do with the key.
    #[command(subcommand)]
    pub(in crate::cli) job: KeyJob,
}

const ABOUT: &str = "\
With a key, every claim in a report has a `ref`: 16 digits that are the same in every report made with that key, and that
only its holder can trace back to a claim number. Keep the key like a password, and reports like the claims themselves.

Examples:
  cleanclaim config key new
  cleanclaim check friday.837 --redact full
  CLEANCLAIM_KEY_FILE=/run/secrets/cleanclaim cleanclaim check friday.837

docs/privacy.md says what each level of masking shows, and what a keyed hash is worth.";

/// What to do with the key.
#[derive(Subcommand, Debug)]
pub(in crate::cli) enum KeyJob {
    /// Write a new random key, readable by nobody else. A key that is there is never overwritten
    New {
        /// File to write [default: $XDG_CONFIG_HOME/cleanclaim/key, else ~/.config/cleanclaim/key]
        #[arg(long, value_name = "PATH")]
        file: Option<PathBuf>,
    },
    /// Print where the key is looked for, and say whether it is there. The key itself is never printed
    Path {
        #[command(flatten)]
        key: ClaimKeyArgs,
    },
}
