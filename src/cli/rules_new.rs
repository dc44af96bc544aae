//! `rules new CODE`: a rule to begin with, whole and tested, in a file of its own or behind the rules of another.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::args::{NewArgs, NewKind};
use super::surroundings::Surroundings;
use super::trouble::Trouble;
use crate::rules::{RuleFile, RuleSet, is_rule_code, is_rule_name};
use crate::source::{WRITTEN_BY_HAND, read_text};

/// What stands at the head of a new file.
const HEAD: &str = include_str!("rules_new/head.yaml");

impl NewKind {
    /// The kind as YAML names it.
    const fn name(self) -> &'static str {
        match self {
            NewKind::Forbid => "forbid",
            NewKind::Require => "require",
            NewKind::Limit => "limit",
            NewKind::CodePair => "code-pair",
            NewKind::Note => "note",
        }
    }

    /// A rule of this kind with `@CODE@` and `@NAME@` to be filled in.
    const fn rule(self) -> &'static str {
        match self {
            NewKind::Forbid => include_str!("rules_new/forbid.yaml"),
            NewKind::Require => include_str!("rules_new/require.yaml"),
            NewKind::Limit => include_str!("rules_new/limit.yaml"),
            NewKind::CodePair => include_str!("rules_new/code-pair.yaml"),
            NewKind::Note => include_str!("rules_new/note.yaml"),
        }
    }
}

/// Writes the rule and says what to do next.
///
/// # Errors
/// A code or a name that has not the form of one, or is taken; a file that cannot be written, or holds something else than
/// a list of rules.
pub(super) fn write(args: &NewArgs, surroundings: &Surroundings, out: &mut dyn Write) -> Result<(), Trouble> {
    let code = args.code.to_ascii_uppercase();
    let name = args.name.clone().unwrap_or_else(|| format!("{}-{}", code.to_lowercase(), args.kind.name()));
    is_free(&code, &name)?;
    let path = args.file.clone().unwrap_or_else(|| PathBuf::from(format!("{}.yaml", code.to_lowercase())));
    let shown = path.display().to_string();
    let rule = filled(args.kind.rule(), &code, &name, &shown);
    let new = format!("{}\n{rule}", filled(HEAD, &code, &name, &shown));
    let said = |out: &mut dyn Write, what: &str| {
        writeln!(out, "{code} {name} {what} {shown}")?;
        writeln!(out, "next: cleanclaim rules test {code} --rules {shown}")
    };
    let written = if shown == "-" {
        out.write_all(new.as_bytes())
    } else {
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                file.write_all(new.as_bytes()).map_err(|error| Trouble::writing(&shown, &error))?;
                said(out, "written to")
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                append(&path, (&code, &name), &rule, surroundings)?;
                said(out, "added to")
            }
            Err(error) => return Err(Trouble::writing(&shown, &error)),
        }
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Trouble::writing("standard output", &error))
        }
        _ => Ok(()),
    }
}

fn is_free(code: &str, name: &str) -> Result<(), Trouble> {
    if !is_rule_code(code) {
        return Err(Trouble::message(format!(
            "`{}` is no code of a rule: letters of a family, then a number, such as ACME01",
            code.escape_debug()
        )));
    }
    if !is_rule_name(name) {
        return Err(Trouble::message(format!(
            "`{}` is no name of a rule: lower-case words joined by hyphens, such as massage-twice-a-day",
            name.escape_debug()
        )));
    }
    let carried = RuleSet::builtin();
    let taken = carried.rules.iter().find(|rule| rule.code == code || rule.name == name);
    match taken {
        Some(rule) if rule.code == code => Err(Trouble::message(format!(
            "the code {code} is a built-in rule's ({}); give yours letters of its own, such as ACME01",
            rule.name
        ))),
        Some(rule) => Err(Trouble::message(format!("the name {name} is a built-in rule's ({})", rule.code))),
        None => Ok(()),
    }
}

fn filled(template: &str, code: &str, name: &str, file: &str) -> String {
    template.replace("@CODE@", code).replace("@NAME@", name).replace("@FILE@", file)
}

/// Adds a rule behind those of a file, if the file is a list of rules and stays one.
fn append(path: &Path, named: (&str, &str), rule: &str, surroundings: &Surroundings) -> Result<(), Trouble> {
    let name = path.display().to_string();
    let old = read_text(path, WRITTEN_BY_HAND).map_err(|error| Trouble::reading(&name, &error))?;
    let is_list = |text: &str| {
        let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with(['#', '%']));
        first.is_none_or(|line| line.starts_with("- ") || line == "---")
    };
    let refused = || {
        Trouble::message(format!(
            "{name} is there already and is no list of rules to add one to; name another with --file"
        ))
    };
    let load = |text: &str| RuleSet::with(&[RuleFile { name: name.clone(), text: text.into() }]);
    if !is_list(&old) {
        return Err(refused());
    }
    let drawn = |mistakes: crate::rules::RuleErrors| {
        let colour = surroundings.colour_on_stderr();
        Trouble::drawn(mistakes.render(surroundings.width, colour, surroundings.unicode))
    };
    let known = load(&old).map_err(drawn)?;
    let (code, own_name) = named;
    if let Some(taken) = known.rules.iter().find(|rule| rule.code == code || rule.name == own_name) {
        return Err(Trouble::message(format!("{name} has the rule {} {} already", taken.code, taken.name)));
    }
    let gap = match old.as_str() {
        "" => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    load(&format!("{old}{gap}{rule}")).map_err(drawn)?;
    let mut file: File =
        OpenOptions::new().append(true).open(path).map_err(|error| Trouble::writing(&name, &error))?;
    file.write_all(format!("{gap}{rule}").as_bytes()).map_err(|error| Trouble::writing(&name, &error))
}
