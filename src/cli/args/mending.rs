use clap::Args;

/// Mending faults of format.
#[derive(Args, Debug, Clone, Copy, Default)]
#[command(next_help_heading = "Mending")]
pub(in crate::cli) struct MendingArgs {
    /// Mend faults of format in place: counts and numbers of trailers, trailing separators, diagnosis codes with their
    /// point. Never a unit, a modifier, a date, a charge or a diagnosis. What comes by - goes mended to standard output
    #[arg(long)]
    pub(in crate::cli) fix: bool,

    /// Show what --fix would change, one segment a line, and change nothing: exit 1 if there is something, else 0
    #[arg(long, conflicts_with = "output")]
    pub(in crate::cli) diff: bool,
}
