//! Imports: every official layout through the command, right and damaged; what the tables then answer; what is left of a
//! store whose import was broken off.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]
#![allow(clippy::print_stderr, reason = "a test that is passed over, or measures, says so")]

mod archives;
mod choice;
mod codes;
mod layouts;
mod pairs;
mod real;
mod whole;

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// How a command ended.
struct Ended {
    code: i32,
    out: String,
    err: String,
}

/// The program, which looks at no tables but those it is told of.
fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cleanclaim"));
    command.env("XDG_DATA_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-tables"));
    command.env_remove("CI").env("NO_COLOR", "1");
    command
}

fn ended(command: &mut Command) -> Ended {
    let output = command.output().expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
    Ended { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// `cleanclaim data JOB --data FOLDER ...`.
fn data<S: AsRef<OsStr>>(job: &str, folder: &Path, rest: impl IntoIterator<Item = S>) -> Ended {
    ended(program().args(["data", job, "--data"]).arg(folder).args(rest))
}

/// Imports files of `fixtures/official`, which must work.
fn import(folder: &Path, names: &[&str]) -> String {
    let run = data("import", folder, names.iter().map(|name| crate::support::tables::official(name)));
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{names:?}");
    run.out
}

/// `cleanclaim price ... --json`, as JSON.
fn price(folder: &Path, arguments: &[&str]) -> serde_json::Value {
    let run = ended(program().arg("price").args(arguments).args(["--json", "--data"]).arg(folder));
    assert_eq!(run.code, 0, "{arguments:?}: {}", run.err);
    serde_json::from_str(&run.out).expect("JSON")
}
