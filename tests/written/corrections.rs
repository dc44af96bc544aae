//! What `docs/corrections.md` says is right is said by the program itself, where users meet it.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

use std::process::Command;

const PAGE: &str = include_str!("../../docs/corrections.md");

/// Words parted by single blanks.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a command of the page prints.
fn printed(command: &str) -> String {
    let mut words = command.split_whitespace();
    assert_eq!(words.next(), Some("cleanclaim"), "{command}");
    let output = Command::new(env!("CARGO_BIN_EXE_cleanclaim"))
        // The developer's own tables are not looked at.
        .env("XDG_DATA_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-tables"))
        .env_remove("CI")
        .env("NO_COLOR", "1")
        .args(words)
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    plain(&String::from_utf8(output.stdout).expect("the program writes UTF-8"))
}

#[test]
fn the_program_says_each_correction() {
    let sections: Vec<&str> = PAGE.split("\n## ").skip(1).collect();
    assert!(sections.len() >= 10, "{} corrections", sections.len());
    for section in sections {
        let (mut said, mut quoted) = (None, 0);
        for block in section.split("\n\n") {
            let block = block.trim();
            if let Some(command) = block.strip_prefix('`').and_then(|block| block.strip_suffix('`')) {
                said = Some((command, printed(command)));
            } else if block.starts_with('>') {
                let sentence = plain(block.replace("\n>", "\n").trim_start_matches('>'));
                let (command, printed) = said.as_ref().unwrap_or_else(|| panic!("{sentence}: who says so?"));
                assert!(printed.contains(&sentence), "`{command}` does not say: {sentence}\n\n{printed}");
                quoted += 1;
            }
        }
        assert!(quoted > 0, "nothing says: {section}");
    }
}
