//! Writes a month of an invented clinic for looking at and for trying things out, with and without faults.
//!
//! ```text
//! cargo run --example month -- DIR [--clean]
//! cleanclaim check DIR/x12/*.837 --ytd DIR/ytd.csv --as-of 2025-05-05
//! ```
//!
//! `DIR/x12` holds the 837P files, `DIR/json` the same month as native JSON lines; what a practice keeps beside its
//! claims stands in `DIR`. Without `--clean` each fault that is planted is listed in `DIR/planted.tsv`.

#![allow(clippy::print_stderr, clippy::print_stdout, reason = "an example speaks to whoever runs it")]

#[path = "../tests/synthetic/mod.rs"]
mod synthetic;

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

use cleanclaim::rules::RuleSet;
use synthetic::month::{AS_OF, Form, Month, clean};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (flags, folders): (Vec<_>, Vec<_>) = arguments.iter().partition(|one| one.starts_with("--"));
    let [folder] = folders[..] else {
        eprintln!("usage: cargo run --example month -- DIR [--clean]");
        return ExitCode::from(2);
    };
    if let Some(unknown) = flags.iter().find(|flag| **flag != "--clean") {
        eprintln!("error: unknown flag {unknown}; there is only --clean");
        return ExitCode::from(2);
    }
    match write(Path::new(folder), !flags.is_empty()) {
        Ok(planted) => {
            println!("{planted} faults planted; judge the month as of {AS_OF}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {folder}: {error}");
            ExitCode::from(2)
        }
    }
}

/// Writes both forms and what stands beside them. Gives the number of faults in them.
fn write(folder: &Path, is_clean: bool) -> io::Result<usize> {
    let rules = RuleSet::builtin();
    let mut planted = Vec::new();
    for (form, name) in [(Form::X12, "x12"), (Form::Json, "json")] {
        let is_rule = |code: &str| rules.find(code).is_some();
        let month = if is_clean { clean() } else { Month::seeded(form, |seed| is_rule(seed.code)) };
        let claims = folder.join(name);
        fs::create_dir_all(&claims)?;
        for (name, text) in month.claims(form) {
            fs::write(claims.join(name), text)?;
        }
        for (_, name, text) in month.beside(form) {
            fs::write(folder.join(name), text)?;
        }
        let told = month.told.iter();
        planted.extend(told.map(|told| format!("{name}\t{}\t{}\t{}", told.code, told.claim, told.line)));
    }
    let table = format!("form\trule\tclaim\tline\n{}\n", planted.join("\n"));
    fs::write(folder.join("planted.tsv"), table)?;
    Ok(planted.len())
}
