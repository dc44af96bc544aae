use clap::Args;

/// Mending faults of format.
#[derive(Args, Debug, Clone, Copy, Default)]
#[command(next_help_heading = "Mending")]
pub(in crate::cli) struct MendingArgs {
    /// Mend faults of format in place: counts and numbers of trailers, trailing separators, diagnosis codes with their
    /// point. Never a unit, a modifier, a date, a charge or a diagnosis. What comes by - goes mended to standard output
    #[arg(long, conflicts_with_all = ["explain_match", "statistics"])]
    pub(in crate::cli) fix: bool,

    /// Show what --fix would change, one segment a line, and change nothing: exit 1 if there is something, else 0
    #[arg(long, conflicts_with_all = ["output", "explain_match", "statistics", "timings", "write_baseline"])]
    pub(in crate::cli) diff: bool,
}
