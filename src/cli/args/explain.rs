use clap::Args;

use super::RuleSelection;

/// Say what a rule checks, why, how it is priced, what to do if denied
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  cleanclaim explain T01")]
pub(in crate::cli) struct ExplainArgs {
    /// Code (T01) or name (units-exceed-minutes) of the rule
    #[arg(value_name = "CODE")]
    pub(in crate::cli) code: String,

    #[command(flatten)]
    pub(in crate::cli) rules: RuleSelection,
}
