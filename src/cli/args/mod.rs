//! Flags and arguments, one file for each subcommand. One definition gives the parser, the help, the man pages and
//! the completions.

mod accept;
mod check;
mod claim_key;
mod config;
mod data;
mod explain;
mod generate;
mod guessed;
mod inputs;
mod insight;
mod maps;
mod mending;
mod price;
mod progress;
mod report;
mod rules;
mod run;
mod serve;
mod units;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::claim::{Date, parse_iso_date};

pub(super) use accept::AcceptArgs;
pub(super) use check::{CheckArgs, FailOn, dollars};
pub(super) use claim_key::ClaimKeyArgs;
pub(super) use config::{ConfigArgs, ConfigJob, ConfigSource, KeyJob};
pub(super) use data::{DataArgs, DataJob, ImportArgs, VerifyArgs};
pub(super) use explain::{ExplainArgs, ExplainFormat};
pub(super) use generate::{CompletionsArgs, ManArgs};
pub(super) use insight::InsightArgs;
pub(super) use maps::{MapChoice, MapsArgs, MapsJob};
pub(super) use price::PriceArgs;
pub(super) use progress::ProgressArgs;
pub(super) use report::ReportArgs;
pub(super) use rules::{NewArgs, NewKind, RulesArgs, RulesJob, SchemaOf, TestArgs};
pub(super) use run::{RedactLevel, RunArgs};
pub(super) use serve::ServeArgs;
pub(super) use units::UnitsArgs;

/// Lint professional claims (837P, JSON claim lines) before they are sent: what will be rejected, denied or
/// recouped, where, why, how to mend it honestly, and what it is worth.
#[derive(Parser, Debug)]
#[command(name = "cleanclaim", version, subcommand_required = true)]
#[command(arg_required_else_help = true, after_help = EXIT_CODES)]
pub(super) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(super) command: Command,

    /// Which configuration is read.
    #[command(flatten)]
    pub(super) configuration: ConfigSource,

    /// Colour the output; auto asks the terminal, NO_COLOR and CLICOLOR
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    pub(super) color: Color,
}

const EXIT_CODES: &str = "\
check is the default: cleanclaim friday.837 means cleanclaim check friday.837.
Exit codes: 0 nothing to report, 1 findings, 2 the job could not be done.
Everything runs on this machine: no network, no telemetry.";

/// The jobs.
#[derive(Subcommand, Debug)]
pub(super) enum Command {
    Check(Box<CheckArgs>),
    Report(ReportArgs),
    Serve(Box<ServeArgs>),
    #[command(visible_alias = "rule")]
    Explain(ExplainArgs),
    Rules(RulesArgs),
    Price(PriceArgs),
    Units(UnitsArgs),
    Data(DataArgs),
    Config(ConfigArgs),
    Maps(MapsArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// The program as if `check` were its only job: it is what is asked nearly always, and to build the flags of every other job
/// takes longer than to check a claim.
#[derive(Parser, Debug)]
#[command(name = "cleanclaim")]
struct CheckAlone {
    #[command(subcommand)]
    job: CheckJob,

    #[command(flatten)]
    configuration: ConfigSource,

    #[arg(long, global = true, default_value = "auto")]
    color: Color,
}

#[derive(Subcommand, Debug)]
enum CheckJob {
    Check(Box<CheckArgs>),
}

impl Cli {
    /// Understands what was typed.
    ///
    /// # Errors
    /// What cannot be understood, and questions for help.
    pub(super) fn understand(typed: &[OsString]) -> Result<Cli, clap::Error> {
        let is_check = typed.iter().any(|word| word == "check");
        if let Some(Ok(CheckAlone { job: CheckJob::Check(args), configuration, color })) =
            is_check.then(|| CheckAlone::try_parse_from(typed))
        {
            return Ok(Cli { command: Command::Check(args), configuration, color });
        }
        // Help, and what is wrong, speak of all jobs.
        Cli::try_parse_from(typed)
    }
}

/// When to colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

/// Which rules are in force.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Rules")]
pub(super) struct RuleSelection {
    /// Add a rule file, or every .yaml and .yml file of a folder (repeatable)
    #[arg(long = "rules", value_name = "PATH")]
    pub(super) rules: Vec<PathBuf>,

    /// Run only these rules: codes, families (T), names or packs, separated by commas
    #[arg(long, value_name = "CODE,...", value_delimiter = ',')]
    pub(super) select: Vec<String>,

    /// Leave these rules out
    #[arg(long, value_name = "CODE,...", value_delimiter = ',')]
    pub(super) ignore: Vec<String>,

    /// Run these rules too: besides those selected, and where a configuration leaves them out
    #[arg(long, value_name = "CODE,...", value_delimiter = ',')]
    pub(super) extend_select: Vec<String>,

    /// Leave these rules out too: besides those that a configuration ignores
    #[arg(long, value_name = "CODE,...", value_delimiter = ',')]
    pub(super) extend_ignore: Vec<String>,

    /// Run only rules of these SNIP types: 1-3, or 1,4,7. `rules list` shows each rule's
    #[arg(long, value_name = "TYPES", value_parser = snip_types)]
    pub(super) snip: Option<SnipSelection>,
}

/// Where imported tables are kept.
#[derive(Args, Debug, Clone, Default)]
pub(super) struct DataFolder {
    /// Folder of imported tables [default: $XDG_DATA_HOME/cleanclaim, else ~/.local/share/cleanclaim]
    #[arg(long, value_name = "DIR", help_heading = "Tables")]
    pub(super) data: Option<PathBuf>,
}

/// SNIP types, 1 to 7.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct SnipSelection(pub(super) Vec<u8>);

pub(super) fn snip_types(text: &str) -> Result<SnipSelection, String> {
    let number = |text: &str| {
        let number = text.trim().parse::<u8>().ok().filter(|number| (1..=7).contains(number));
        number.ok_or_else(|| "SNIP types are 1 to 7, written like 1-3 or 1,4,7".to_owned())
    };
    let mut types = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (number(first)?, number(last)?);
        if first > last {
            return Err(format!("{first}-{last} is no range"));
        }
        types.extend(first..=last);
    }
    Ok(SnipSelection(types))
}

fn date(text: &str) -> Result<Date, String> {
    parse_iso_date(text.as_bytes()).ok_or_else(|| "a date is written like 2025-03-03".to_owned())
}

/// The arguments of `cleanclaim check day.837` with these flags.
#[cfg(test)]
pub(super) fn typed(flags: &[&str]) -> CheckArgs {
    let words = ["cleanclaim", "check", "day.837"].iter().chain(flags);
    match Cli::try_parse_from(words).expect("good arguments").command {
        Command::Check(args) => *args,
        other => panic!("{other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_alone_understands_what_the_program_does() {
        for typed in [
            "check a.837",
            "check",
            "check --help",
            "check --no-such-flag",
            "--color always check a.837 --config c.yaml",
            "--isolated check a.837 b.jsonl -q --threads 2 --color=never",
            "--color sometimes check a.837",
            "check a.837 --config c.yaml --isolated",
            "explain check",
            "help check",
            "rules check",
            "report check",
            "check check",
            "check -- --help",
        ] {
            let words: Vec<OsString> =
                ["cleanclaim"].into_iter().chain(typed.split(' ')).map(Into::into).collect();
            let told = |understood: Result<Cli, clap::Error>| match understood {
                Ok(cli) => format!("{cli:?}"),
                Err(error) => error.render().ansi().to_string(),
            };
            assert_eq!(told(Cli::understand(&words)), told(Cli::try_parse_from(&words)), "{typed}");
        }
    }

    #[test]
    fn snip_types_are_numbers_and_ranges() {
        let types = |text: &str| snip_types(text).map(|types| types.0);
        assert_eq!(types("1-3"), Ok(vec![1, 2, 3]));
        assert_eq!(types("1,4,7"), Ok(vec![1, 4, 7]));
        assert_eq!(types("2, 5-6"), Ok(vec![2, 5, 6]));
        for wrong in ["", "0", "8", "3-1", "1-", "one"] {
            assert!(types(wrong).is_err(), "{wrong}");
        }
    }
}
