//! `serve`: the settings of `check`, for files that a browser brings.

use std::io::{self, Write};

use super::args::{CheckArgs, ServeArgs};
use super::claim_key;
use super::configuration;
use super::exit;
use super::inputs;
use super::request::{self, Prepared};
use super::settings::{Origin, Settings, rows};
use super::surroundings::{Surroundings, today};
use super::tables;
use super::trouble::Trouble;
use crate::config::Config;
use crate::engine::Asked;
use crate::report::Redaction;
use crate::serve::{self, InForce, Limits, Setting, Setup};

/// Settings that say how `check` ends or writes: here the browser asks for reports, and nothing fails.
const OF_CHECK_ALONE: [&str; 7] = ["fail-on", "max-at-risk", "output", "limit", "quiet", "ascii", "redact"];

/// Serves until it is told to stop.
///
/// # Errors
/// Whatever keeps `check` from reading an input, said before anything listens; a port that cannot be had.
pub(super) fn run(args: &ServeArgs, config: &Config, surroundings: &Surroundings) -> Result<u8, Trouble> {
    let typed = CheckArgs { run: args.run.clone(), ..CheckArgs::default() };
    let settings =
        Settings::of(&typed, config).map_err(|mistakes| configuration::drawn(&mistakes, surroundings))?;
    let redaction = request::redaction(&args.run, settings.redact.value, surroundings.ci)?;
    let key = claim_key::in_force(&args.run.key, surroundings)?;
    let selection = inputs::selection(&settings)?;
    let prepared = request::prepared(&args.run, &settings, config, surroundings, &[])?;
    let setup = Setup {
        port: args.port.unwrap_or(0),
        limits: Limits { upload: args.max_upload, ..Limits::default() },
        redaction,
        in_force: in_force(args, &settings, config, &prepared, redaction),
        check: {
            let (stated, surroundings) = (args.run.as_of, surroundings.clone());
            let folder = configuration::data_folder(&args.run.folder, config);
            Box::new(move |received, progress| {
                let checked = || {
                    let mut prepared = prepared.clone();
                    // A server may stand for days: its day is that of the check, and its tables are those that are there.
                    prepared.request.as_of = stated.unwrap_or_else(today);
                    prepared.request.reference = tables::in_force(&folder, &surroundings)?;
                    prepared.request.progress = Some(progress);
                    let inputs = serve::inputs(received, &selection);
                    let mut run = prepared.checked(&inputs, &Asked::default())?.run;
                    key.iter().for_each(|key| key.name_claims(&mut run));
                    Ok(run)
                };
                checked().map_err(|trouble: Trouble| trouble.sentence())
            })
        },
    };
    serve::serve(setup, announce).map_err(|error| match args.port {
        Some(port) => Trouble::message(format!("cannot listen on 127.0.0.1:{port}: {error}")),
        None => Trouble::message(format!("cannot listen on 127.0.0.1: {error}")),
    })?;
    Ok(exit::DONE)
}

/// Says where to look. The first line is the address and nothing else.
fn announce(address: &str) {
    let mut out = io::stdout().lock();
    // Who closed standard output asked not to be told.
    let _ = writeln!(
        out,
        "{address}\nOpen this address in a browser on this machine, and share it with nobody. Ctrl-C stops the server."
    );
    let _ = out.flush();
}

/// What the start page tells of.
fn in_force(
    args: &ServeArgs,
    settings: &Settings,
    config: &Config,
    prepared: &Prepared,
    redaction: Redaction,
) -> InForce {
    let plain = |name: &str, value: String| Setting { name: name.to_owned(), value, origin: String::new() };
    let rules = prepared.request.rules.rules.len();
    let mut told = vec![
        plain("As of", args.run.as_of.map_or("the day of each check".to_owned(), |day| day.to_string())),
        plain("Rules", format!("{rules} of {}", prepared.known_rules)),
        plain("Masking", masking(redaction).to_owned()),
    ];
    let files: Vec<&str> = config.files.iter().map(|file| file.name.as_str()).collect();
    if !files.is_empty() {
        told.push(plain("Configuration", files.join(", ")));
    }
    let stated = rows(settings, config).into_iter().filter(|row| row.origin != Origin::Default);
    let stated = stated.filter(|row| !OF_CHECK_ALONE.contains(&row.key.as_str()));
    told.extend(stated.map(|row| Setting {
        name: row.key.clone(),
        value: row.words(),
        origin: row.origin.words(),
    }));
    let tables = prepared.request.reference.releases();
    let table = |table: crate::finding::TableRelease| {
        format!("{} {}, {}", table.name, table.release, table.effective)
    };
    InForce { settings: told, tables: tables.into_iter().map(table).collect() }
}

const fn masking(redaction: Redaction) -> &'static str {
    match redaction {
        Redaction::Default => "default: names, addresses, ids, birth dates and notes are masked",
        Redaction::Full => "full: claim numbers and dates of service are masked too",
        Redaction::ShowPhi => "none (--show-phi)",
    }
}
