use clap::Args;

/// What is said while a run is under way.
#[derive(Args, Debug, Clone, Copy, Default)]
pub(in crate::cli) struct ProgressArgs {
    /// Say nothing of a long run on its way. Where standard error is no terminal nothing is said anyway
    #[arg(long, help_heading = "Output")]
    pub(in crate::cli) no_progress: bool,
}
