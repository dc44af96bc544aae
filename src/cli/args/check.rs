use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::guessed::GuessedArgs;
use super::mending::MendingArgs;
use super::run::RunArgs;
use super::{InsightArgs, ProgressArgs};
use crate::claim::Cents;
use crate::cli::output::OutputSpec;
use crate::finding::Severity;

/// Check claim files and say what will be rejected, denied or recouped
#[derive(Args, Debug, Default)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct CheckArgs {
    /// Files, folders, zip archives or quoted globs to check; - reads standard input. 837P, JSON, JSON Lines and CSV
    /// are told apart by content
    #[arg(value_name = "FILES", default_value = ".")]
    pub(in crate::cli) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(in crate::cli) run: RunArgs,

    /// What reports call standard input [default: -]
    #[arg(long, value_name = "NAME", help_heading = "Inputs")]
    pub(in crate::cli) stdin_filename: Option<String>,

    /// Write all that is found, suppressed findings left out, as the baseline of later runs, and exit 0
    #[arg(long, value_name = "FILE", help_heading = "Accepted findings")]
    pub(in crate::cli) write_baseline: Option<PathBuf>,

    #[command(flatten)]
    pub(in crate::cli) mending: MendingArgs,

    /// Fail (exit 1) on findings of this severity and above [default: error]
    #[arg(long, value_name = "SEVERITY", help_heading = "Verdict")]
    pub(in crate::cli) fail_on: Option<FailOn>,

    /// Fail (exit 1) too if the net dollars at risk exceed this
    #[arg(long, value_name = "DOLLARS", value_parser = dollars, help_heading = "Verdict")]
    pub(in crate::cli) max_at_risk: Option<Cents>,

    #[command(flatten)]
    pub(in crate::cli) guessed: GuessedArgs,

    /// What to write, and where (repeatable; at most one to standard output): text, concise, json, jsonl, sarif,
    /// github, gitlab, junit, csv, markdown, html (a page to read and print), 999 (the acknowledgement a receiver would
    /// send) [default: text]
    #[arg(
        long,
        short,
        visible_alias = "output-format",
        value_name = "FORMAT[=PATH]",
        help_heading = "Output"
    )]
    pub(in crate::cli) output: Vec<OutputSpec>,

    /// Errors and warnings shown as text, remarks gathered by rule; 0 shows every finding where it stands
    /// [default: 200]
    #[arg(long, value_name = "N", help_heading = "Output")]
    pub(in crate::cli) limit: Option<usize>,

    /// Findings only: no summary
    #[arg(long, short, help_heading = "Output", value_name = "BOOL", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "true", hide_possible_values = true)]
    pub(in crate::cli) quiet: Option<bool>,

    /// Draw with ASCII only [default: as the locale says]
    #[arg(long, help_heading = "Output", value_name = "BOOL", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "true", hide_possible_values = true)]
    pub(in crate::cli) ascii: Option<bool>,

    #[command(flatten)]
    pub(in crate::cli) insight: InsightArgs,

    #[command(flatten)]
    pub(in crate::cli) progress: ProgressArgs,
}

const EXAMPLES: &str = "\
Exit codes:
  0  nothing at or above --fail-on
  1  findings, or more at risk than --max-at-risk
  2  the job could not be done: usage, a rule file, an unreadable input, nothing to check

Examples:
  cleanclaim check friday.837
  cleanclaim check exports/ --fail-on warning --output json=report.json
  zcat night.837.gz | cleanclaim check - --max-at-risk 500 --quiet";

/// From which severity on a run fails.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

impl FailOn {
    /// Whether a finding of this severity fails the run.
    pub(in crate::cli) fn includes(self, severity: Severity) -> bool {
        match self {
            FailOn::Error => severity >= Severity::Error,
            FailOn::Warning => severity >= Severity::Warning,
            FailOn::Info => true,
            FailOn::Never => false,
        }
    }
}

impl FailOn {
    /// As it is typed.
    pub(in crate::cli) const fn as_str(self) -> &'static str {
        match self {
            FailOn::Error => "error",
            FailOn::Warning => "warning",
            FailOn::Info => "info",
            FailOn::Never => "never",
        }
    }
}

pub(in crate::cli) fn dollars(text: &str) -> Result<Cents, String> {
    let amount = text.strip_prefix('$').unwrap_or(text);
    Cents::parse(amount.as_bytes())
        .filter(|amount| *amount >= Cents::ZERO)
        .ok_or_else(|| "an amount is written like 500 or 499.50".to_owned())
}
