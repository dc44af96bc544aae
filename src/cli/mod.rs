//! What was typed, turned into what it means: one file for each subcommand's flags (`args`), one for each job.
//!
//! The clock, the environment and the terminal are read here, once (`surroundings`), and nowhere else. Nothing
//! imports this room.

mod accept;
mod args;
mod check;
mod claim_key;
mod config;
mod configuration;
pub mod data;
mod data_import;
mod default_job;
mod exit;
pub mod explain;
mod format;
mod generate;
mod guesses;
mod inputs;
mod insight;
mod internal_error;
mod maps;
mod mending;
mod output;
pub mod price;
mod progress;
mod prose;
mod report;
mod request;
mod rule_book;
mod rule_files;
pub mod rules;
mod rules_new;
pub mod rules_test;
mod serve;
mod settings;
mod size;
mod surroundings;
mod tables;
mod terms;
mod trouble;
pub mod units;
mod wishes;

use std::env;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use crate::claim::Modifiers;
use crate::config::Config;
use crate::pricing::{Basis, Terms};
use crate::reference::Reference;
use crate::rules::RuleSet;
use args::{Cli, Command, ConfigJob, DataJob, ExplainFormat, RulesJob, SchemaOf, TestArgs};
use settings::Resolver;
use surroundings::Surroundings;
use trouble::Trouble;

/// Runs the command line.
pub fn main() -> ExitCode {
    internal_error::install_hook();
    ExitCode::from(catch_unwind(AssertUnwindSafe(run)).unwrap_or(exit::NOT_DONE))
}

fn run() -> u8 {
    let cli = match Cli::understand(&default_job::understood(env::args_os().collect())) {
        Ok(cli) => cli,
        Err(error) => {
            // A closed pipe is no trouble here either.
            let error = guesses::with_hint(error);
            let _ = error.print();
            return if error.use_stderr() { exit::NOT_DONE } else { exit::DONE };
        }
    };
    let surroundings = Surroundings::read();
    dispatch(&cli, &surroundings).unwrap_or_else(|trouble| {
        trouble.print(&mut io::stderr().lock());
        exit::NOT_DONE
    })
}

fn dispatch(cli: &Cli, surroundings: &Surroundings) -> Result<u8, Trouble> {
    let config = || configuration::in_force(&cli.configuration, surroundings);
    match &cli.command {
        Command::Check(args) => check::run(args, &config()?, cli.color, surroundings),
        Command::Report(args) => report::run(args),
        Command::Serve(args) => serve::run(args, &config()?, surroundings),
        Command::Config(args) => match &args.job {
            ConfigJob::Show { json } => {
                let text = config::show(&args::CheckArgs::default(), &config()?, *json, surroundings)?;
                to_stdout(|out| out.write_all(text.as_bytes()))
            }
            ConfigJob::Key(key) => to_stdout_with(|out| claim_key::job(&key.job, surroundings, out)),
            ConfigJob::Init { file } => {
                let said = config::init(file)?;
                to_stdout(|out| out.write_all(said.as_bytes()))
            }
        },
        Command::Completions(args) => to_stdout(|out| generate::completions(args, out)),
        Command::Man(args) => match &args.all {
            Some(folder) => to_stdout_with(|out| generate::all_pages(folder, out)),
            None => {
                let page = generate::man(args)?;
                to_stdout(|out| out.write_all(&page))
            }
        },
        Command::Data(args) => data_job(&args.job, &config()?, surroundings),
        Command::Maps(args) => {
            let text = maps::job(&args.job)?;
            to_stdout(|out| out.write_all(&text))
        }
        Command::Price(args) => price_job(args, &config()?, surroundings),
        Command::Units(args) => {
            let request = units::UnitsRequest {
                services: args.services.iter().map(|service| (service.code, service.minutes)).collect(),
                json: args.json,
            };
            answered(|out| units::units(&request, &RuleSet::builtin(), out))
        }
        Command::Rules(args) => rules_job(args, &config, cli.color, surroundings),
        Command::Explain(args) => explain_job(args, &config()?, cli.color, surroundings),
    }
}

fn data_job(job: &DataJob, config: &Config, surroundings: &Surroundings) -> Result<u8, Trouble> {
    match job {
        DataJob::List { folder, json } => {
            let reference = tables::in_force(&configuration::data_folder(folder, config), surroundings)?;
            let width = surroundings.is_terminal().then_some(surroundings.width);
            to_stdout(|out| match json {
                true => data::list_json(&reference, out),
                false => data::list(&reference, width, out),
            })
        }
        DataJob::Import(args) => {
            let folder = configuration::data_folder(&args.folder, config);
            to_stdout_with(|out| data_import::import(args, &folder, surroundings, out))
        }
        DataJob::Verify(args) => {
            let folder = configuration::data_folder(&args.folder, config);
            to_stdout_with(|out| data_import::verify(args, &folder, surroundings, out))
        }
        DataJob::Remove { table, release, folder } => {
            let folder = configuration::data_folder(folder, config);
            data_import::remove((table, release), &folder, surroundings)?;
            to_stdout(|out| writeln!(out, "{table} {release} removed"))
        }
    }
}

fn price_job(args: &args::PriceArgs, config: &Config, surroundings: &Surroundings) -> Result<u8, Trouble> {
    let mut resolver = Resolver::new(config);
    let choice = configuration::RuleChoice::of(&args::RuleSelection::default(), &mut resolver);
    let fees = resolver.path(&args.fees, &config.keys.fees).map(|set| set.value);
    let (choice, fees) =
        resolver.finish((choice, fees)).map_err(|mistakes| configuration::drawn(&mistakes, surroundings))?;
    let rules = rule_book::loaded(&choice, surroundings)?;
    let Some(profile) = rules.profiles.iter().find(|profile| profile.name == args.payer) else {
        return Err(no_profile(&rules, &args.payer));
    };
    let terms = Terms { contracts: terms::contracts(fees.as_deref())?, ..Terms::default() };
    let modifiers = Modifiers::new(args.modifiers.iter().copied());
    // A ZIP code that was typed finds its own locality.
    let kept = config.keys.locality.as_ref().filter(|_| args.zip.is_none());
    let request = price::PriceRequest {
        modifiers,
        code: args.code.clone(),
        date: args.date,
        units: args.units,
        place_of_service: args.pos.clone(),
        payer: args.payer.clone(),
        basis: Basis::of(profile, &terms, terms.contracts.number(&profile.name, b"")),
        locality: args.locality.clone().or_else(|| kept.map(|stated| stated.value.clone())),
        zip: args.zip.clone(),
        json: args.json,
    };
    let reference = tables::in_force(&configuration::data_folder(&args.folder, config), surroundings)?;
    let mut text = Vec::new();
    let answer = price::price(&request, &reference, &mut text);
    tables::sound(&reference)?;
    answer.map_err(|error| Trouble::message(error.to_string()))?;
    to_stdout(|out| out.write_all(&text))
}

fn no_profile(rules: &RuleSet, payer: &str) -> Trouble {
    let known: Vec<&str> = rules.profiles.iter().map(|profile| profile.name.as_str()).collect();
    let closest = known
        .iter()
        .max_by(|one, other| strsim::jaro_winkler(one, payer).total_cmp(&strsim::jaro_winkler(other, payer)));
    Trouble::message(match closest {
        Some(closest) if strsim::jaro_winkler(closest, payer) > 0.8 => {
            format!("there is no payer profile `{payer}`; did you mean `{closest}`?")
        }
        _ => format!("there is no payer profile `{payer}`; there are {}", known.join(", ")),
    })
}

fn rules_job(
    args: &args::RulesArgs,
    config: &dyn Fn() -> Result<Config, Trouble>,
    color: args::Color,
    surroundings: &Surroundings,
) -> Result<u8, Trouble> {
    match &args.job {
        RulesJob::Test(TestArgs { codes, selection }) => {
            let rules = rule_book::as_written(codes, selection, &config()?, surroundings)?;
            let mut asked = rules.clone();
            asked.select(codes, &[]).map_err(|error| Trouble::message(error.to_string()))?;
            let tested = rules_test::run_of(&asked, &rules, &Reference::builtin())
                .map_err(|mistakes| Trouble::message(mistakes.to_string()))?;
            to_stdout(|out| rules_test::show(&tested, surroundings.colour_on_stdout(color), out))?;
            Ok(if tested.passed() { exit::DONE } else { exit::FINDINGS })
        }
        RulesJob::New(args) => to_stdout_with(|out| {
            rules_new::write(args, surroundings, out)?;
            Ok(exit::DONE)
        }),
        RulesJob::List { selection, json } => {
            let rules = rule_book::in_force(selection, &config()?, surroundings)?;
            to_stdout(|out| match json {
                true => rules::list_json(&rules, out),
                false => rules::list(&rules, surroundings.is_terminal().then_some(surroundings.width), out),
            })
        }
        RulesJob::Schema { what } => to_stdout(|out| match what {
            SchemaOf::Rule => rules::rule_schema(out),
            SchemaOf::ClaimLine => rules::claim_schema(out),
            SchemaOf::Config => rules::config_schema(out),
            SchemaOf::Suppressions => rules::suppressions_schema(out),
            SchemaOf::Map => rules::map_schema(out),
            SchemaOf::Report => rules::report_schema(out),
        }),
    }
}

fn explain_job(
    args: &args::ExplainArgs,
    config: &Config,
    color: args::Color,
    surroundings: &Surroundings,
) -> Result<u8, Trouble> {
    let rules = rule_book::known(&args.rules, config, surroundings)?;
    let asked = args.codes.iter().map(|code| explain::find(&rules, code).map_err(Trouble::message));
    let asked = asked.collect::<Result<Vec<_>, _>>()?;
    let examples = rules.examples().map_err(|mistakes| Trouble::message(mistakes.to_string()))?;
    let colour = surroundings.colour_on_stdout(color);
    to_stdout(|out| match args.format() {
        ExplainFormat::Json => explain::show_json(&asked, &examples, &RuleSet::builtin(), out),
        format => {
            for (index, rule) in asked.iter().enumerate() {
                if index > 0 {
                    writeln!(out)?;
                }
                match format {
                    ExplainFormat::Markdown => {
                        out.write_all(explain::markdown(rule, &examples).as_bytes())?
                    }
                    _ => explain::show(rule, &examples, surroundings.width, colour, out)?,
                }
            }
            Ok(())
        }
    })
}

/// Collects an answer and writes it; a question that makes no sense is trouble, and nothing is written.
fn answered<E: std::fmt::Display>(
    answer: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<u8, Trouble> {
    let mut text = Vec::new();
    answer(&mut text).map_err(|error| Trouble::message(error.to_string()))?;
    to_stdout(|out| out.write_all(&text))
}

/// Collects what a job says, and writes it also where the job then fails.
fn to_stdout_with(job: impl FnOnce(&mut dyn Write) -> Result<u8, Trouble>) -> Result<u8, Trouble> {
    let mut text = Vec::new();
    let ended = job(&mut text);
    to_stdout(|out| out.write_all(&text))?;
    ended
}

/// Writes to standard output and passes over a pipe that was closed early, as `head` does.
fn to_stdout(job: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<u8, Trouble> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match job(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Trouble::writing("standard output", &error))
        }
        _ => Ok(exit::DONE),
    }
}
