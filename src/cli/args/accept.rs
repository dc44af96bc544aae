use std::path::PathBuf;

use clap::Args;

/// Findings that are no fault, or known.
#[derive(Args, Debug, Clone, Default)]
pub(in crate::cli) struct AcceptArgs {
    /// Findings that are no fault, as YAML (repeatable): rule, where (claim, line, provider, payer, code, dates), reason,
    /// expires
    #[arg(long, value_name = "FILE", help_heading = "Accepted findings")]
    pub(in crate::cli) suppressions: Vec<PathBuf>,

    /// Report what is new beside the findings of this file, which check --write-baseline wrote
    #[arg(long, value_name = "FILE", help_heading = "Accepted findings")]
    pub(in crate::cli) baseline: Option<PathBuf>,
}
