use clap::{Args, Subcommand};

/// Say which reference tables are loaded, and from which release
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  cleanclaim data list",
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(in crate::cli) struct DataArgs {
    /// What to do with the tables.
    #[command(subcommand)]
    pub(in crate::cli) job: DataJob,
}

/// What to do with the tables.
#[derive(Subcommand, Debug)]
pub(in crate::cli) enum DataJob {
    /// List every table with its release, effective dates and source
    List,
}
