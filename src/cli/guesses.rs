//! Flags of other linters that users type here: each is told what does the same, or why nothing does.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

const GUESSES: &[(&str, &str)] = &[
    (
        "--add-noqa",
        "--write-baseline FILE accepts what is found; a file for --suppressions says why (docs/suppressions.md)",
    ),
    ("--config-file", "--config FILE"),
    ("--error", "findings end in exit code 1 anyway; --fail-on says from which severity on"),
    ("--extend-exclude", "--exclude GLOB, as often as it takes"),
    ("--fix-only", "--fix, with --quiet for findings without a summary"),
    ("--format", "--output FORMAT[=PATH]"),
    ("--github", "--output github"),
    ("--gitlab", "--output gitlab=PATH"),
    ("--json", "--output json"),
    ("--junit-xml", "--output junit=PATH"),
    (
        "--min-severity",
        "--fail-on says from which severity on a run fails; `severity` in cleanclaim.yaml what a rule weighs",
    ),
    ("--no-cache", "nothing is cached"),
    ("--offline", "nothing here uses a network"),
    ("--output-file", "--output FORMAT=PATH, as often as it takes"),
    ("--persona", "--select and --ignore choose rules"),
    ("--sarif", "--output sarif=PATH"),
    (
        "--severity",
        "--fail-on says from which severity on a run fails; `severity` in cleanclaim.yaml what a rule weighs",
    ),
    ("--show-fixes", "--diff shows what --fix would change"),
    ("--unsafe-fixes", "no fix goes beyond format: what is billed is for people to change (docs/fixes.md)"),
    ("--watch", "run it again: nothing is watched"),
];

/// Adds what a flag that does not exist here is called, if other linters have it.
pub(super) fn with_hint(mut error: clap::Error) -> clap::Error {
    if error.kind() != ErrorKind::UnknownArgument {
        return error;
    }
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidArg) else { return error };
    let flag = typed.split('=').next().unwrap_or(typed);
    if let Some((_, hint)) = GUESSES.iter().find(|(known, _)| *known == flag) {
        let hint = ContextValue::StyledStrs(vec![StyledStr::from(*hint)]);
        error.remove(ContextKind::SuggestedArg);
        error.insert(ContextKind::Suggested, hint);
    }
    error
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;
    use crate::cli::args::Cli;

    #[test]
    fn a_guess_is_no_flag_of_ours() {
        let program = Cli::command();
        let check = program.find_subcommand("check").expect("a subcommand");
        for (guess, _) in GUESSES {
            let is_ours = check.get_arguments().any(|argument| {
                argument.get_long_and_visible_aliases().is_some_and(|names| names.contains(&&guess[2..]))
            });
            assert!(!is_ours, "{guess}");
        }
    }

    #[test]
    fn a_guess_is_told_what_does_the_same() {
        for (guess, hint) in GUESSES {
            let typed = ["cleanclaim", "check", "day.837", guess];
            let said = with_hint(Cli::try_parse_from(typed).expect_err("no such flag")).to_string();
            assert!(said.contains(guess) && said.contains(hint), "{said}");
            assert!(!said.contains("similar argument"), "{said}");
        }
        let typed = ["cleanclaim", "check", "day.837", "--statistic"];
        let said = with_hint(Cli::try_parse_from(typed).expect_err("no such flag")).to_string();
        assert!(said.contains("--statistics"), "{said}");
    }
}
