use clap::{Args, Subcommand, ValueEnum};

use super::RuleSelection;

/// List the rules in force, run their examples, or print the schemas
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES, subcommand_required = true, arg_required_else_help = true)]
pub(in crate::cli) struct RulesArgs {
    /// What to do with the rules.
    #[command(subcommand)]
    pub(in crate::cli) job: RulesJob,
}

const EXAMPLES: &str = "\
Examples:
  cleanclaim rules list --select T,P
  cleanclaim rules test --rules our-payers/
  cleanclaim rules schema rule > rule.schema.json";

/// What to do with the rules.
#[derive(Subcommand, Debug)]
pub(in crate::cli) enum RulesJob {
    /// List the rules in force: code, severity, money class, name
    List {
        /// Which rules
        #[command(flatten)]
        selection: RuleSelection,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Run the examples of every rule as tests; exit 1 if one fails
    Test(RuleSelection),
    /// Print a JSON Schema
    Schema {
        /// Of what
        #[arg(value_name = "WHAT", default_value = "rule")]
        what: SchemaOf,
    },
}

/// What a schema describes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum SchemaOf {
    /// A rule file
    Rule,
    /// A native claim line
    ClaimLine,
    /// A configuration, cleanclaim.yaml
    Config,
    /// A suppressions file
    Suppressions,
    /// The report that `check --output json` writes
    Report,
}
