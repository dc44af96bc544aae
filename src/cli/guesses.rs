//! Flags of other linters that users type here: each is told what does the same, or why nothing does.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

const GUESSES: &[(&str, &str)] = &[
    (
        "--add-noqa",
        "--write-baseline FILE accepts what is found; a file for --suppressions says why (docs/suppressions.md)",
    ),
    ("--config-file", "--config FILE"),
    (
        "--exit-non-zero-on-fix",
        "findings that are left fail the run by --fail-on; --diff ends in 1 where there is something to mend",
    ),
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
    ("--silent", "--quiet"),
    ("--unsafe-fixes", "no fix goes beyond format: what is billed is for people to change (docs/fixes.md)"),
    ("--verbose", "--statistics, --timings and --explain-match CLAIM say more"),
    ("--watch", "run it again: nothing is watched"),
];

const GUESSED_JOBS: &[(&str, &str)] = &[
    ("baseline", "cleanclaim check --write-baseline FILE"),
    ("clean", "nothing is cached"),
    ("format", "cleanclaim check --fix mends faults of format"),
    ("init", "cleanclaim config init"),
    ("lint", "cleanclaim check"),
    ("linter", "cleanclaim rules list"),
    ("schema", "cleanclaim rules schema WHAT"),
    ("version", "cleanclaim --version"),
];

/// Adds what a flag that does not exist here is called, if other linters have it.
pub(super) fn with_hint(mut error: clap::Error) -> clap::Error {
    let (kind, guesses, suggested) = match error.kind() {
        ErrorKind::UnknownArgument => (ContextKind::InvalidArg, GUESSES, ContextKind::SuggestedArg),
        ErrorKind::InvalidSubcommand => {
            (ContextKind::InvalidSubcommand, GUESSED_JOBS, ContextKind::SuggestedSubcommand)
        }
        _ => return error,
    };
    let Some(ContextValue::String(typed)) = error.get(kind) else { return error };
    let word = typed.split('=').next().unwrap_or(typed);
    if let Some((_, hint)) = guesses.iter().find(|(known, _)| *known == word) {
        let hint = ContextValue::StyledStrs(vec![StyledStr::from(*hint)]);
        error.remove(suggested);
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
        for (guess, hint) in GUESSED_JOBS {
            let said =
                with_hint(Cli::try_parse_from(["cleanclaim", guess]).expect_err("no such job")).to_string();
            assert!(said.contains(hint) && !said.contains("similar"), "{said}");
        }
        let typed = ["cleanclaim", "check", "day.837", "--statistic"];
        let said = with_hint(Cli::try_parse_from(typed).expect_err("no such flag")).to_string();
        assert!(said.contains("--statistics"), "{said}");
    }
}
