use std::path::PathBuf;

use clap::Args;

use super::{DataFolder, date};
use crate::claim::{Date, Modifier};

/// Price a procedure at the Medicare fee schedule
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct PriceArgs {
    /// Procedure code
    #[arg(value_name = "CODE")]
    pub(in crate::cli) code: String,

    /// Date of service, like 2025-03-03
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) date: Date,

    /// Units
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(in crate::cli) units: u32,

    /// Modifiers of the line that may change what is paid: CQ, 50, 52, 26 ...
    #[arg(long = "modifier", value_name = "CODE,...", value_delimiter = ',', value_parser = modifier)]
    pub(in crate::cli) modifiers: Vec<Modifier>,

    /// Place of service
    #[arg(long, value_name = "CODE", default_value = "11")]
    pub(in crate::cli) pos: String,

    /// Medicare locality, contractor and number (10112-00) [default: national rates]
    #[arg(long, value_name = "LOCALITY")]
    pub(in crate::cli) locality: Option<String>,

    /// ZIP code of the office, to find the locality by
    #[arg(long, value_name = "ZIP", conflicts_with = "locality")]
    pub(in crate::cli) zip: Option<String>,

    /// Payer profile: medicare, commercial, workers-compensation ...
    #[arg(long, value_name = "PROFILE", default_value = "medicare")]
    pub(in crate::cli) payer: String,

    /// Fee schedules agreed with payers, as `check --fees` takes them; the payer's replaces Medicare's
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) fees: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    pub(in crate::cli) json: bool,

    #[command(flatten)]
    pub(in crate::cli) folder: DataFolder,
}

const EXAMPLES: &str = "\
Examples:
  cleanclaim price 97124 --date 2025-03-03 --units 2
  cleanclaim price 97140 --date 2026-01-15 --zip 35004 --payer commercial";

fn modifier(text: &str) -> Result<Modifier, String> {
    let capitals = text.to_ascii_uppercase();
    Modifier::new(capitals.as_bytes())
        .ok_or_else(|| "a modifier has two letters or digits, such as CQ".to_owned())
}
