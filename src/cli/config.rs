//! `config show` and `config init`.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use serde_json::json;
use unicode_width::UnicodeWidthStr;

use super::args::CheckArgs;
use super::configuration;
use super::rule_book;
use super::settings::{Origin, Row, Set, Settings, rows};
use super::surroundings::Surroundings;
use super::trouble::Trouble;
use crate::cli::args::RedactLevel;
use crate::config::{Config, STARTER};

/// Every setting of a run of `check`, as a table or as JSON.
///
/// # Errors
/// Mistakes in the configuration, words that name no rule among them.
pub(super) fn show(
    typed: &CheckArgs,
    config: &Config,
    json: bool,
    surroundings: &Surroundings,
) -> Result<String, Trouble> {
    let mut settings =
        Settings::of(typed, config).map_err(|mistakes| configuration::drawn(&mistakes, surroundings))?;
    rule_book::in_force_of(&settings.rules, config, surroundings)?;
    if surroundings.ci && settings.redact.value == RedactLevel::Default {
        settings.redact = Set { value: RedactLevel::Full, origin: Origin::Environment("CI") };
    }
    let rows = rows(&settings, config);
    if json {
        let rows: Vec<_> = rows.iter().map(Row::json).collect();
        let files: Vec<&str> = config.files.iter().map(|file| file.name.as_str()).collect();
        let text = serde_json::to_string_pretty(&json!({"files": files, "settings": rows}));
        return text.map(|text| text + "\n").map_err(|error| Trouble::message(error.to_string()));
    }
    Ok(table(&rows, config))
}

fn table(rows: &[Row], config: &Config) -> String {
    let files: Vec<&str> = config.files.iter().map(|file| file.name.as_str()).collect();
    let mut text = match files.as_slice() {
        [] => "no configuration is read\n\n".to_owned(),
        [one] => format!("configuration: {one}\n\n"),
        [one, extended @ ..] => format!("configuration: {one}, which extends {}\n\n", extended.join(", ")),
    };
    let widest = |cell: &dyn Fn(&Row) -> usize| rows.iter().map(cell).max().unwrap_or(0);
    let (keys, values) = (widest(&|row| row.key.width()), widest(&|row| row.words().width()));
    for row in rows {
        let value = row.words();
        let pad = " ".repeat(values - value.width());
        text.push_str(&format!("{:<keys$}  {value}{pad}  {}\n", row.key, row.origin.words()));
    }
    text
}

/// Writes a configuration to begin with.
///
/// # Errors
/// A file that is there already, or cannot be written.
pub(super) fn init(path: &Path) -> Result<String, Trouble> {
    let written = File::create_new(path).and_then(|mut file| file.write_all(STARTER.as_bytes()));
    match written {
        Ok(()) => {
            Ok(format!("{} written: every key is a comment, and nothing changes yet\n", path.display()))
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(Trouble::message(format!("{} is there already, and left as it is", path.display())))
        }
        Err(error) => Err(Trouble::writing(path.display(), &error)),
    }
}
