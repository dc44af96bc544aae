use clap::Args;

/// What is read of the folders, archives and pipes that are named.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Inputs")]
pub(in crate::cli) struct InputArgs {
    /// Of folders and archives read only what this glob is about (repeatable): *.837, or exports/**/*.837
    #[arg(long, value_name = "GLOB")]
    pub(in crate::cli) include: Vec<String>,

    /// Of folders, archives and globs leave out what this glob is about (repeatable)
    #[arg(long, value_name = "GLOB")]
    pub(in crate::cli) exclude: Vec<String>,
}
