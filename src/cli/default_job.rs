//! `cleanclaim day.837` is `cleanclaim check day.837`: checking is what the program is for.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::CommandFactory;

use super::args::Cli;

/// Puts `check` before the first word that is no job, if it is a file's name or one of `check`'s flags.
///
/// A word that could be neither stays, so that a misspelt job is named as one.
pub(super) fn understood(typed: Vec<OsString>) -> Vec<OsString> {
    let at = first_of_job(&typed);
    match typed.get(at) {
        Some(word) if !is_job(word) && (is_flag_of_check(word) || is_input(word)) => {
            let mut understood = typed;
            understood.insert(at, "check".into());
            understood
        }
        _ => typed,
    }
}

/// Past the program's name and the flags that stand before any job.
fn first_of_job(typed: &[OsString]) -> usize {
    let mut at = 1;
    while let Some(word) = typed.get(at).and_then(|word| word.to_str()) {
        match word {
            "--color" | "--config" => at += 2,
            "--isolated" => at += 1,
            _ if word.starts_with("--color=") || word.starts_with("--config=") => at += 1,
            _ => break,
        }
    }
    at
}

fn is_job(word: &OsStr) -> bool {
    // Known without all flags of all jobs.
    if word == "check" {
        return true;
    }
    let command = Cli::command();
    let is_called =
        |job: &clap::Command| word == job.get_name() || job.get_all_aliases().any(|alias| word == alias);
    word == "help" || command.get_subcommands().any(is_called)
}

fn is_flag_of_check(word: &OsStr) -> bool {
    let text = word.to_string_lossy();
    text.starts_with('-') && !["-h", "--help", "-V", "--version"].contains(&text.as_ref())
}

/// Something that exists, or is written like a file.
fn is_input(word: &OsStr) -> bool {
    Path::new(word).exists() || word.to_string_lossy().contains(['.', '/', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn understood(typed: &str) -> String {
        let typed = typed.split(' ').map(OsString::from).collect();
        let words: Vec<String> =
            super::understood(typed).iter().map(|word| word.to_string_lossy().into_owned()).collect();
        words.join(" ")
    }

    #[test]
    fn a_file_without_a_job_is_checked() {
        assert_eq!(understood("cleanclaim day.837"), "cleanclaim check day.837");
        assert_eq!(understood("cleanclaim ./day --limit 0"), "cleanclaim check ./day --limit 0");
        assert_eq!(understood("cleanclaim src"), "cleanclaim check src");
        assert_eq!(understood("cleanclaim -"), "cleanclaim check -");
        assert_eq!(understood("cleanclaim -q day.837"), "cleanclaim check -q day.837");
        assert_eq!(understood("cleanclaim --color never day.837"), "cleanclaim --color never check day.837");
        assert_eq!(
            understood("cleanclaim --config a.yaml day.837"),
            "cleanclaim --config a.yaml check day.837"
        );
    }

    #[test]
    fn a_job_is_a_job_and_a_misspelt_one_is_not_a_file() {
        for typed in [
            "cleanclaim",
            "cleanclaim check",
            "cleanclaim rules list",
            "cleanclaim help",
            "cleanclaim --help",
            "cleanclaim -V",
            "cleanclaim chek day.837",
            "cleanclaim --color",
            "cleanclaim --color=always data list",
            "cleanclaim rule T01",
            "cleanclaim --config a.yaml config show",
            "cleanclaim --isolated --config=a.yaml rules list",
        ] {
            assert_eq!(understood(typed), typed);
        }
    }
}
