//! Transcripts of the command line: what is typed, what is printed, how it ends.
//!
//! `TRYCMD=overwrite cargo test --test cmd` writes them anew; the diff is what users will see change.

fn transcripts_of(folder: &str, ci: &str) {
    trycmd::TestCases::new()
        // The developer's own tables are not looked at.
        .env("XDG_DATA_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-tables"))
        .env("XDG_CONFIG_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-key"))
        .env("CLEANCLAIM_KEY_FILE", "")
        .env("NO_COLOR", "1")
        .env("LC_ALL", "C.UTF-8")
        .env("CI", ci)
        .case(format!("{folder}/*.trycmd"));
}

#[test]
fn transcripts() {
    transcripts_of("tests/cmd", "");
}

#[test]
fn transcripts_of_a_build_machine() {
    transcripts_of("tests/cmd/ci", "true");
}
