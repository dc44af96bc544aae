//! What is asked of arbitrary bytes: one file a reader, each with one function that panics where an answer is wrong.
//!
//! The fuzz targets call these functions, and so does `tests/hardship/replayed.rs`, which puts the kept inputs to them without a
//! nightly compiler.

#![allow(clippy::expect_used, clippy::panic, reason = "a wrong answer ends in a panic")]
#![allow(dead_code, unreachable_pub, reason = "public to the targets, and within the test that shares it")]

#[allow(clippy::duplicate_mod, reason = "the test that shares these files may have it for itself")]
#[path = "../../tests/support/acknowledgement.rs"]
mod acknowledgement_reader;
mod acknowledgements;
mod archives;
mod config;
mod edi837p;
mod imports;
mod json;
mod lexer;
mod rules;
mod saved;
mod shared;
mod side;
mod tables;
mod whole;

/// The name of a target, and what it does with an input.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: &[Target] = &[
    ("acknowledgements", acknowledgements::run),
    ("archives", archives::run),
    ("config", config::run),
    ("edi837p", edi837p::run),
    ("imports", imports::run),
    ("json", json::run),
    ("lexer", lexer::run),
    ("rules", rules::run),
    ("saved", saved::run),
    ("side", side::run),
    ("tables", tables::run),
    ("whole", whole::run),
];

/// Does with `bytes` what the target called `name` does.
pub fn run(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|(known, _)| *known == name);
    target.expect("a target of this name").1(bytes);
}
