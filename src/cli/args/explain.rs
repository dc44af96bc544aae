use clap::{Args, ValueEnum};

use super::RuleSelection;

/// Say what a rule checks, why, how it is priced, what to do if denied
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct ExplainArgs {
    /// Codes (T01) or names (units-exceed-minutes) of rules
    #[arg(value_name = "CODE", required = true)]
    pub(in crate::cli) codes: Vec<String>,

    /// How to write it
    #[arg(long, short, value_name = "FORMAT", default_value = "text")]
    pub(in crate::cli) output: ExplainFormat,

    /// Print JSON: the same as --output json
    #[arg(long, conflicts_with = "output")]
    pub(in crate::cli) json: bool,

    #[command(flatten)]
    pub(in crate::cli) rules: RuleSelection,
}

impl ExplainArgs {
    /// The form that was asked for.
    pub(in crate::cli) fn format(&self) -> ExplainFormat {
        if self.json { ExplainFormat::Json } else { self.output }
    }
}

const EXAMPLES: &str = "\
Examples:
  cleanclaim explain T01
  cleanclaim explain T01 P02 --output markdown

docs/rules/ holds the same pages, one for each built-in rule.";

/// A form of explanation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum ExplainFormat {
    Text,
    Markdown,
    Json,
}
