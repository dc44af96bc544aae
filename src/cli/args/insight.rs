use clap::Args;

/// What is wanted of a run besides its findings.
#[derive(Args, Debug, Clone, Default, PartialEq, Eq)]
#[command(next_help_heading = "Insight")]
pub(in crate::cli) struct InsightArgs {
    /// Count findings and dollars by rule instead of showing findings; with --output json as JSON
    #[arg(long)]
    pub(in crate::cli) statistics: bool,

    /// Say of a claim, by its number or its place (file:2 where there are several files), why each rule did or did not look
    /// at its lines, instead of showing findings. --select narrows it to a rule
    #[arg(long, value_name = "CLAIM", conflicts_with = "statistics")]
    pub(in crate::cli) explain_match: Option<String>,

    /// Say on standard error how long each rule and each part of the run took. Measuring slows the run
    #[arg(long)]
    pub(in crate::cli) timings: bool,
}
