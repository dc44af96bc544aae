//! What is in force for a run: what was typed, else what the configuration says, else the default; each value with where it
//! comes from.

mod resolver;
mod rows;

use std::path::{Path, PathBuf};

use super::args::{CheckArgs, FailOn, RedactLevel, dollars};
use super::configuration::RuleChoice;
use super::output::OutputSpec;
use super::size::byte_size;
use crate::claim::Cents;
use crate::config::{self, Config, Mistakes, Stated};

pub(super) use resolver::Resolver;
pub(super) use rows::{Row, rows};

/// Where a value comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Origin {
    /// Nobody said anything.
    Default,
    /// The command line.
    Typed,
    /// A variable of the environment.
    Environment(&'static str),
    /// A configuration: its file as named, line, index among the files and bytes.
    File { name: String, line: usize, file: usize, at: Option<std::ops::Range<usize>> },
}

/// A value, and where it comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Set<T> {
    pub(super) value: T,
    pub(super) origin: Origin,
}

/// What is in force for a run of `check`.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) rules: RuleChoice,
    pub(super) fail_on: Set<FailOn>,
    pub(super) max_at_risk: Option<Set<Cents>>,
    pub(super) limit: Set<usize>,
    pub(super) quiet: Set<bool>,
    pub(super) ascii: Set<bool>,
    pub(super) output: Vec<Set<OutputSpec>>,
    pub(super) redact: Set<RedactLevel>,
    pub(super) include: Vec<Set<String>>,
    pub(super) exclude: Vec<Set<String>>,
    pub(super) map: Option<Set<String>>,
    pub(super) suppressions: Vec<Set<PathBuf>>,
    pub(super) baseline: Option<Set<PathBuf>>,
    pub(super) locality: Option<Set<String>>,
    pub(super) price_by_zip: Set<bool>,
    pub(super) fees: Option<Set<PathBuf>>,
    pub(super) nonparticipating: Set<bool>,
    pub(super) net_cash: Set<bool>,
    pub(super) carry_fees_forward: Set<bool>,
    pub(super) denial_rates: Option<Set<PathBuf>>,
    pub(super) ytd: Option<Set<PathBuf>>,
    pub(super) sessions: Option<Set<PathBuf>>,
    pub(super) history: Vec<Set<PathBuf>>,
    pub(super) authorizations: Option<Set<PathBuf>>,
    pub(super) credentials: Option<Set<PathBuf>>,
    pub(super) data: Option<Set<PathBuf>>,
    pub(super) threads: Option<Set<u16>>,
    pub(super) memory: Set<u64>,
}

/// Errors and warnings shown as text.
const LIMIT: usize = 200;
/// Bytes for day keys and line facts.
const MEMORY: u64 = 256_000_000;

impl Settings {
    /// Puts together what was typed and what a configuration says.
    ///
    /// # Errors
    /// Values of the configuration that mean nothing, each at its place.
    pub(super) fn of(typed: &CheckArgs, config: &Config) -> Result<Settings, Mistakes> {
        let keys = &config.keys;
        let run = &typed.run;
        let mut of = Resolver::new(config);
        let exit_zero = typed.guessed.exit_zero.then_some(FailOn::Never);
        let settings = Settings {
            rules: RuleChoice::of(&run.rules, &mut of),
            fail_on: of.or(
                exit_zero.or(typed.fail_on),
                &keys.fail_on,
                |stated| Ok(stated.value.into()),
                FailOn::Error,
            ),
            max_at_risk: of.one(typed.max_at_risk, &keys.max_at_risk, |stated| dollars(&stated.value)),
            limit: of.or(typed.limit, &keys.limit, number, LIMIT),
            quiet: of.switch(typed.quiet, &keys.quiet),
            ascii: of.switch(typed.ascii, &keys.ascii),
            output: of.outputs(&typed.output, &keys.output),
            redact: of.or(run.redact, &keys.redact, |stated| Ok(stated.value.into()), RedactLevel::Default),
            include: of.list(&run.inputs.include, &keys.include),
            exclude: of.list(&run.inputs.exclude, &keys.exclude),
            map: of.map(&run.map.map, &keys.map),
            suppressions: of.path_list(&run.accept.suppressions, &keys.suppressions),
            baseline: of.path(&run.accept.baseline, &keys.baseline),
            // One of the two typed leaves the other of the configuration without effect.
            locality: match run.price_by_zip {
                Some(true) => None,
                _ => of.one(run.locality.clone(), &keys.locality, |stated| Ok(stated.value.clone())),
            },
            price_by_zip: match run.locality {
                Some(_) => Set { value: false, origin: Origin::Typed },
                None => of.switch(run.price_by_zip, &keys.price_by_zip),
            },
            fees: of.path(&run.fees, &keys.fees),
            nonparticipating: of.switch(run.nonparticipating, &keys.nonparticipating),
            net_cash: of.switch(run.net_cash, &keys.net_cash),
            carry_fees_forward: of.switch(run.carry_fees_forward, &keys.carry_fees_forward),
            denial_rates: of.path(&run.denial_rates, &keys.denial_rates),
            ytd: of.path(&run.ytd, &keys.ytd),
            sessions: of.path(&run.sessions, &keys.sessions),
            history: of.path_list(&run.history, &keys.history),
            authorizations: of.path(&run.authorizations, &keys.authorizations),
            credentials: of.path(&run.credentials, &keys.credentials),
            data: of.path(&run.folder.data, &keys.data),
            threads: of.one(run.threads, &keys.threads, threads),
            memory: of.or(run.memory, &keys.memory, |stated| byte_size(&stated.value), MEMORY),
        };
        if let (Some(_), Some(by_zip)) =
            (&keys.locality, keys.price_by_zip.as_ref().filter(|by_zip| by_zip.value))
        {
            of.wrong(by_zip, "`price-by-zip` and `locality` say two things of one price".to_owned(), None);
        }
        of.finish(settings)
    }
}

impl Settings {
    /// The files that a run reads beside its claims, but for the baseline, which may be written anew.
    pub(super) fn side_files(&self) -> impl Iterator<Item = &Path> {
        let one = [
            &self.fees,
            &self.denial_rates,
            &self.ytd,
            &self.sessions,
            &self.authorizations,
            &self.credentials,
        ];
        let several = self.suppressions.iter().chain(&self.history);
        one.into_iter().flatten().chain(several).map(|set| set.value.as_path())
    }
}

fn number(stated: &Stated<u64>) -> Result<usize, String> {
    usize::try_from(stated.value).map_err(|_| "more than this machine can count".to_owned())
}

fn threads(stated: &Stated<u64>) -> Result<u16, String> {
    let number = u16::try_from(stated.value).ok().filter(|number| (1..=1024).contains(number));
    number.ok_or_else(|| format!("{} is not in 1..=1024", stated.value))
}

impl From<config::FailOn> for FailOn {
    fn from(stated: config::FailOn) -> FailOn {
        match stated {
            config::FailOn::Error => FailOn::Error,
            config::FailOn::Warning => FailOn::Warning,
            config::FailOn::Info => FailOn::Info,
            config::FailOn::Never => FailOn::Never,
        }
    }
}

impl From<config::Redact> for RedactLevel {
    fn from(stated: config::Redact) -> RedactLevel {
        match stated {
            config::Redact::Default => RedactLevel::Default,
            config::Redact::Full => RedactLevel::Full,
        }
    }
}
