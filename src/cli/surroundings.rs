//! The clock, the environment and the terminal, read once; the clock, where somebody asks what day it is.

use std::env;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

use super::args::Color;
use crate::claim::Date;

/// Columns where there is no terminal to ask.
const DEFAULT_WIDTH: usize = 100;

/// What the program stands in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Surroundings {
    /// Whether this is a build machine, whose logs are kept and read by many.
    pub(super) ci: bool,
    /// Whether the locale allows more than ASCII.
    pub(super) unicode: bool,
    /// Columns of the terminal.
    pub(super) width: usize,
    /// Processors to use.
    pub(super) processors: usize,
    /// Where imported tables are kept, if the environment tells.
    pub(super) data_folder: Option<PathBuf>,
    /// The folder the program stands in, if it can be told.
    pub(super) folder: Option<PathBuf>,
    /// The user's own folder, above which no configuration is looked for.
    pub(super) home: Option<PathBuf>,
    /// Where what a user configures is kept, if the environment tells.
    pub(super) config_folder: Option<PathBuf>,
    /// The file of the key that names claims, if the environment tells.
    pub(super) key_file: Option<PathBuf>,
    terminal: bool,
    terminal_for_errors: bool,
    is_dumb: bool,
    colour_wish: Option<bool>,
}

impl Surroundings {
    pub(super) fn read() -> Surroundings {
        let variable = |name: &str| env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        let size = terminal_size::terminal_size_of(io::stdout());
        Surroundings {
            ci: variable("CI").is_some_and(|value| !["", "0", "false"].contains(&value.as_str())),
            unicode: allows_unicode(&variable),
            width: size.map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0)),
            processors: std::thread::available_parallelism().map_or(1, usize::from),
            data_folder: data_folder(|name| env::var_os(name).map(PathBuf::from)),
            folder: env::current_dir().ok(),
            home: env::var_os("HOME").map(PathBuf::from).filter(|home| home.is_absolute()),
            config_folder: config_folder(|name| env::var_os(name).map(PathBuf::from)),
            // A secret that a build may not see is an empty word.
            key_file: env::var_os("CLEANCLAIM_KEY_FILE").filter(|path| !path.is_empty()).map(PathBuf::from),
            terminal: io::stdout().is_terminal(),
            terminal_for_errors: io::stderr().is_terminal(),
            is_dumb: variable("TERM").is_some_and(|value| value == "dumb"),
            colour_wish: colour_wish(&variable),
        }
    }

    /// Whether to colour what goes to standard output.
    pub(super) fn colour_on_stdout(&self, color: Color) -> bool {
        match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => self.colour_wish.unwrap_or(self.terminal),
        }
    }

    /// Whether standard output is a terminal.
    pub(super) fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Whether standard error is a terminal that can move its cursor.
    pub(super) fn is_terminal_for_progress(&self) -> bool {
        self.terminal_for_errors && !self.is_dumb
    }

    /// Whether to colour what goes to standard error.
    pub(super) fn colour_on_stderr(&self) -> bool {
        self.colour_wish.unwrap_or(self.terminal_for_errors)
    }
}

/// The day by this machine's calendar. Looking for the machine's time zone takes as long as many a check.
pub(super) fn today() -> Date {
    let now = match own_zone() {
        Some(zone) => jiff::ZonedDateTime::new(jiff::Timestamp::now(), zone),
        None => jiff::ZonedDateTime::now(),
    };
    now.date()
}

/// The zone of `/etc/localtime`, where the environment names no other: by its name it would be looked for among the files
/// of all zones.
fn own_zone() -> Option<jiff::tz::TimeZone> {
    if env::var_os("TZ").is_some() {
        return None;
    }
    let rules = std::fs::read("/etc/localtime").ok()?;
    jiff::tz::TimeZone::tzif("local", &rules).ok()
}

/// The first locale variable that is set decides; none set says nothing against Unicode.
fn allows_unicode(variable: &impl Fn(&str) -> Option<String>) -> bool {
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(variable).find(|value| !value.is_empty());
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

/// `$XDG_DATA_HOME/cleanclaim`, else `~/.local/share/cleanclaim`. A path that is not absolute is ignored, as the XDG base
/// directory specification says.
fn data_folder(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    own_folder(variable, "XDG_DATA_HOME", &[".local", "share"])
}

/// `$XDG_CONFIG_HOME/cleanclaim`, else `~/.config/cleanclaim`, likewise.
fn config_folder(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    own_folder(variable, "XDG_CONFIG_HOME", &[".config"])
}

fn own_folder(
    variable: impl Fn(&str) -> Option<PathBuf>,
    named_by: &str,
    below_home: &[&str],
) -> Option<PathBuf> {
    let absolute = |name: &str| variable(name).filter(|path| path.is_absolute());
    let home = || absolute("HOME").map(|home| home.join(below_home.iter().collect::<PathBuf>()));
    Some(absolute(named_by).or_else(home)?.join("cleanclaim"))
}

/// What the environment asks for, whatever the terminal: see no-color.org and bixense.com/clicolors.
fn colour_wish(variable: &impl Fn(&str) -> Option<String>) -> Option<bool> {
    let set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    if set("NO_COLOR") {
        return Some(false);
    }
    if variable("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0") {
        return Some(true);
    }
    let off = variable("CLICOLOR").is_some_and(|value| value == "0");
    (off || variable("TERM").is_some_and(|value| value == "dumb")).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with<'a>(variables: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn colour_by_the_environment() {
        assert_eq!(colour_wish(&with(&[])), None);
        assert_eq!(colour_wish(&with(&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")])), Some(false));
        assert_eq!(colour_wish(&with(&[("NO_COLOR", ""), ("CLICOLOR_FORCE", "1")])), Some(true));
        assert_eq!(colour_wish(&with(&[("CLICOLOR", "0")])), Some(false));
        assert_eq!(colour_wish(&with(&[("CLICOLOR", "1"), ("TERM", "xterm")])), None);
        assert_eq!(colour_wish(&with(&[("TERM", "dumb")])), Some(false));
    }

    #[test]
    fn tables_by_the_environment() {
        let folder = |variables: &[(&str, &str)]| {
            let found = data_folder(|name| with(variables)(name).map(PathBuf::from));
            found.map(|path| path.display().to_string())
        };
        assert_eq!(folder(&[]), None);
        assert_eq!(folder(&[("HOME", "/home/b")]).as_deref(), Some("/home/b/.local/share/cleanclaim"));
        let both = [("HOME", "/home/b"), ("XDG_DATA_HOME", "/data")];
        assert_eq!(folder(&both).as_deref(), Some("/data/cleanclaim"));
        let relative = [("HOME", "/home/b"), ("XDG_DATA_HOME", "data")];
        assert_eq!(folder(&relative).as_deref(), Some("/home/b/.local/share/cleanclaim"));
    }

    #[test]
    fn configuration_by_the_environment() {
        let folder =
            |variables: &[(&str, &str)]| config_folder(|name| with(variables)(name).map(PathBuf::from));
        assert_eq!(folder(&[]), None);
        assert_eq!(folder(&[("HOME", "/home/b")]), Some(PathBuf::from("/home/b/.config/cleanclaim")));
        let both = [("HOME", "/home/b"), ("XDG_CONFIG_HOME", "/config")];
        assert_eq!(folder(&both), Some(PathBuf::from("/config/cleanclaim")));
    }

    #[test]
    fn unicode_by_the_locale() {
        assert!(allows_unicode(&with(&[])));
        assert!(allows_unicode(&with(&[("LC_ALL", ""), ("LANG", "en_US.UTF-8")])));
        assert!(!allows_unicode(&with(&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")])));
        assert!(!allows_unicode(&with(&[("LANG", "en_US.ISO-8859-1")])));
    }
}
