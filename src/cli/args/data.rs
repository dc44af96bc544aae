use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{DataFolder, date};
use crate::claim::Date;

/// Say which reference tables are loaded; import the official files
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES, subcommand_required = true, arg_required_else_help = true)]
pub(in crate::cli) struct DataArgs {
    /// What to do with the tables.
    #[command(subcommand)]
    pub(in crate::cli) job: DataJob,
}

const EXAMPLES: &str = "\
Examples:
  cleanclaim data list
  cleanclaim data import RVU26D.zip ccipra-v323r0-f*.zip
  cleanclaim data verify

docs/data.md says which files to download, and how a release is chosen by date of service.";

/// What to do with the tables.
#[derive(Subcommand, Debug)]
pub(in crate::cli) enum DataJob {
    /// List every table, built in and imported, with its release, effective dates and source
    List {
        #[command(flatten)]
        folder: DataFolder,

        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    Import(ImportArgs),
    Verify(VerifyArgs),
    /// Take a release of an imported table out again
    Remove {
        /// Table, as `data list` names it: mpfs, ncci-ptp ...
        #[arg(value_name = "TABLE")]
        table: String,

        /// Release, as `data list` names it: RVU25A, 2026Q3 ...
        #[arg(value_name = "RELEASE")]
        release: String,

        #[command(flatten)]
        folder: DataFolder,
    },
}

/// Import official files as CMS and NUCC publish them: all of those named, or none
#[derive(Args, Debug)]
#[command(after_help = FILES)]
pub(in crate::cli) struct ImportArgs {
    /// The zip as it was downloaded, or the csv or txt in it
    #[arg(required = true, value_name = "FILE")]
    pub(in crate::cli) files: Vec<PathBuf>,

    /// The release of files that do not state it: RVU26A, 2026Q3, FY2027, 26.1
    #[arg(long, value_name = "RELEASE")]
    pub(in crate::cli) release: Option<String>,

    /// Read the files and say what they hold; change nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,

    #[command(flatten)]
    pub(in crate::cli) folder: DataFolder,
}

const FILES: &str = "\
What is imported (told by content; columns by the names in the header):
  PPRRVU*.csv, .txt                    fee schedule: RVU26A.zip and the like, 2025 and 2026 layouts
  GPCI*.csv                            geographic indices, in the same zip
  ZIP5*.txt                            ZIP code to carrier locality
  ccipra-v*-f1.TXT to -f4.TXT          NCCI procedure-to-procedure edits, practitioner
  MCR_MUE_PractitionerServices_*.csv   medically unlikely edits, practitioner
  icd10cm_order_*.txt                  ICD-10-CM
  nucc_taxonomy_*.csv                  NUCC provider taxonomy
and lists of your own, headed procedure_code,effective_from,effective_to or
modifier,effective_from,effective_to.

No descriptor is kept. An Excel file is not read: CMS ships the same table as text beside it.";

/// Check every imported table against its hash and its structure, and say what is out of date
#[derive(Args, Debug)]
#[command(after_help = "\
Exit codes:
  0  every imported table is whole, and nothing is out of date
  1  something is out of date, or missing for the day
  2  a table is damaged or cannot be read")]
pub(in crate::cli) struct VerifyArgs {
    /// The day to judge by, like 2026-11-30 [default: today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) as_of: Option<Date>,

    #[command(flatten)]
    pub(in crate::cli) folder: DataFolder,
}
