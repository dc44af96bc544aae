use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::inputs::InputArgs;
use super::{AcceptArgs, ClaimKeyArgs, DataFolder, MapChoice, RuleSelection, date};
use crate::claim::Date;
use crate::cli::size::byte_size;

/// What claims are judged by, wherever they come from: rules, tables, prices, facts beside them, what is masked.
#[derive(Args, Debug, Clone, Default)]
pub(in crate::cli) struct RunArgs {
    #[command(flatten)]
    pub(in crate::cli) rules: RuleSelection,

    #[command(flatten)]
    pub(in crate::cli) folder: DataFolder,

    #[command(flatten)]
    pub(in crate::cli) inputs: InputArgs,

    #[command(flatten)]
    pub(in crate::cli) map: MapChoice,

    #[command(flatten)]
    pub(in crate::cli) accept: AcceptArgs,

    /// The day to judge by, like 2025-03-10: future dates, table releases [default: today]
    #[arg(long, value_name = "DATE", value_parser = date, help_heading = "Verdict")]
    pub(in crate::cli) as_of: Option<Date>,

    /// Price at the rates of one Medicare locality, contractor and number (10112-00) [default: the payer profile's,
    /// else national rates]
    #[arg(long, value_name = "LOCALITY", conflicts_with = "price_by_zip", help_heading = "Prices")]
    pub(in crate::cli) locality: Option<String>,

    /// Price each service at the rates of the Medicare locality that its ZIP code lies in
    #[arg(long, help_heading = "Prices", value_name = "BOOL", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "true", hide_possible_values = true)]
    pub(in crate::cli) price_by_zip: Option<bool>,

    /// Fee schedules agreed with payers, as CSV: payer, procedure_code, modifier, amount, reduced_amount,
    /// effective_from, effective_to
    #[arg(long, value_name = "FILE", help_heading = "Prices")]
    pub(in crate::cli) fees: Option<PathBuf>,

    /// What Medicare allowed patients for therapy earlier in the year, as CSV: patient_id, year, group (PT+SLP or OT),
    /// allowed
    #[arg(long, value_name = "FILE", help_heading = "Facts beside the claims")]
    pub(in crate::cli) ytd: Option<PathBuf>,

    /// What payers authorized and physicians certified for patients, as CSV: patient_id, kind, number, payer,
    /// procedure_codes, from, to, visits
    #[arg(long, value_name = "FILE", help_heading = "Facts beside the claims")]
    pub(in crate::cli) authorizations: Option<PathBuf>,

    /// Minutes, times, regions and notes that an 837P cannot carry, as CSV: claim_id, then line, line_control_number or
    /// procedure_code, then service_date, minutes, start, end, region, laterality, visit, note, assistant_minutes
    #[arg(long, value_name = "FILE", help_heading = "Facts beside the claims")]
    pub(in crate::cli) sessions: Option<PathBuf>,

    /// Earlier claims, files or folders (repeatable): a patient's days and years, duplicates and replacements reach back
    /// to them. Nothing is reported of them
    #[arg(long, value_name = "PATH", help_heading = "Facts beside the claims")]
    pub(in crate::cli) history: Vec<PathBuf>,

    /// What payers said about who may bill which service, as YAML or CSV: payer, state, taxonomy or npi, code, from, to,
    /// decision (allow, deny, unknown)
    #[arg(long, value_name = "FILE", help_heading = "Facts beside the claims")]
    pub(in crate::cli) credentials: Option<PathBuf>,

    /// The provider does not take part in Medicare
    #[arg(long, help_heading = "Prices", value_name = "BOOL", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "true", hide_possible_values = true)]
    pub(in crate::cli) nonparticipating: Option<bool>,

    /// Show what reaches the practice from Medicare and patient together, after sequestration, instead of what is
    /// allowed
    #[arg(long, help_heading = "Prices", value_name = "BOOL", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "true", hide_possible_values = true)]
    pub(in crate::cli) net_cash: Option<bool>,

    /// Price dates after the last loaded fee schedule at that schedule, and say so [default: unpriced]
    #[arg(long, help_heading = "Prices", value_name = "BOOL", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "true", hide_possible_values = true)]
    pub(in crate::cli) carry_fees_forward: Option<bool>,

    /// How often payers deny you what a rule finds (CSV: rule,payer,rate). With it the report says what is expected
    /// to be lost; there are no built-in rates
    #[arg(long, value_name = "CSV", help_heading = "Prices")]
    pub(in crate::cli) denial_rates: Option<PathBuf>,

    /// What to mask: default hides names, addresses, ids, birth dates and notes; full hides claim numbers and
    /// dates of service too (see --key), and is always on when CI is set [default: default]
    #[arg(long, value_name = "LEVEL", help_heading = "Privacy")]
    pub(in crate::cli) redact: Option<RedactLevel>,

    /// Mask nothing. Refused when CI is set
    #[arg(long, conflicts_with = "redact", help_heading = "Privacy")]
    pub(in crate::cli) show_phi: bool,

    /// Let --show-phi work where CI is set: logs are kept, and read by many
    #[arg(long, requires = "show_phi", help_heading = "Privacy")]
    pub(in crate::cli) show_phi_in_ci: bool,

    #[command(flatten)]
    pub(in crate::cli) key: ClaimKeyArgs,

    /// Units of work checked at a time [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = "Resources")]
    pub(in crate::cli) threads: Option<u16>,

    /// Memory for day keys and line facts before they go to temporary files [default: 256MB]
    #[arg(long, value_name = "SIZE", value_parser = byte_size, help_heading = "Resources")]
    pub(in crate::cli) memory: Option<u64>,

    /// Bytes of a unit of work
    #[arg(long, value_name = "SIZE", default_value = "1MiB", value_parser = unit_size, hide = true)]
    pub(in crate::cli) unit_size: usize,
}

/// What to mask on a screen or in a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum RedactLevel {
    Default,
    Full,
}

impl RedactLevel {
    /// As it is typed.
    pub(in crate::cli) const fn as_str(self) -> &'static str {
        match self {
            RedactLevel::Default => "default",
            RedactLevel::Full => "full",
        }
    }
}

fn unit_size(text: &str) -> Result<usize, String> {
    let bytes = byte_size(text)?;
    if bytes < 4096 {
        return Err("a unit holds at least 4KiB".to_owned());
    }
    usize::try_from(bytes).map_err(|_| "more than this machine can address".to_owned())
}
