use std::path::PathBuf;

use clap::Args;

use crate::cli::output::OutputSpec;

/// Draw the page of a run that was saved as JSON
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct ReportArgs {
    /// The run, as `check --output json=run.json` saved it; - reads standard input
    #[arg(value_name = "RUN.JSON")]
    pub(in crate::cli) run: PathBuf,

    /// What to write, and where: html, with a path or to standard output [default: html]
    #[arg(long, short, value_name = "FORMAT[=PATH]", help_heading = "Output")]
    pub(in crate::cli) output: Option<OutputSpec>,
}

const EXAMPLES: &str = "\
The page shows what the run was saved with and no more: what was masked then stays masked.

Examples:
  cleanclaim check friday.837 --output json=run.json
  cleanclaim report run.json --output html=report.html";
