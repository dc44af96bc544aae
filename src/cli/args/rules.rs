use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::RuleSelection;

/// List the rules in force, run their examples, begin a new one, or print the schemas
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
  cleanclaim rules new ACME01 --kind limit
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
    Test(TestArgs),
    New(NewArgs),
    /// Print a JSON Schema
    Schema {
        /// Of what
        #[arg(value_name = "WHAT", default_value = "rule")]
        what: SchemaOf,
    },
}

/// Run the examples of rules as tests; exit 1 if one fails
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  cleanclaim rules test
  cleanclaim rules test ACME01 --rules acme.yaml

A failure names file and line of the example, and what differs: - is expected, + is found.")]
pub(in crate::cli) struct TestArgs {
    /// Codes, families, names or packs of rules [default: every rule in force]
    #[arg(value_name = "CODE")]
    pub(in crate::cli) codes: Vec<String>,

    #[command(flatten)]
    pub(in crate::cli) selection: RuleSelection,
}

/// Write a rule to begin with: whole, with examples that pass
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  cleanclaim rules new ACME01
  cleanclaim rules new ACME02 --kind limit --name massage-twice-a-day --file acme.yaml

A file that is there is never overwritten: if it is a list of rules, the rule is added behind the last.")]
pub(in crate::cli) struct NewArgs {
    /// Code of the rule: letters of a family of your own, then a number
    #[arg(value_name = "CODE")]
    pub(in crate::cli) code: String,

    /// Name of the rule: lower-case words joined by hyphens [default: made of code and kind]
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) name: Option<String>,

    /// What the rule does. docs/writing-rules.md has the other kinds
    #[arg(long, value_name = "KIND", default_value = "forbid")]
    pub(in crate::cli) kind: NewKind,

    /// Where to write it; - is standard output [default: the code with .yaml]
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) file: Option<PathBuf>,
}

/// A kind of check that a rule can be begun with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum NewKind {
    Forbid,
    Require,
    Limit,
    CodePair,
    Note,
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
    /// A map of columns or keys, for --map
    Map,
    /// The report that `check --output json` writes
    Report,
}
