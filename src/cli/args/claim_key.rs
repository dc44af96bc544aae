use std::path::PathBuf;

use clap::Args;

/// Where the key is that names claims.
#[derive(Args, Debug, Clone, Default)]
pub(in crate::cli) struct ClaimKeyArgs {
    /// File of the key that gives each claim its `ref` [default: $CLEANCLAIM_KEY_FILE, else $XDG_CONFIG_HOME/cleanclaim/key,
    /// else ~/.config/cleanclaim/key; without one there are no refs]
    #[arg(long, value_name = "FILE", help_heading = "Privacy")]
    pub(in crate::cli) key: Option<PathBuf>,
}
