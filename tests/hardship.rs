//! Faults that no claim is guilty of: files cut off, damaged, packed to deceive or changed while they are read; disks that are
//! full, folders that cannot be written, pipes that close, programs that are killed. `docs/robustness.md` lists them all.
//!
//! Each ends in an exit code that is documented, with an error that names the place, in bounded memory, and leaves nothing
//! half-written.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]
#![allow(clippy::print_stderr, reason = "a test that is passed over says so")]

#[path = "hardship/bombs.rs"]
mod bombs;
#[path = "hardship/damaged.rs"]
mod damaged;
#[path = "hardship/giants.rs"]
mod giants;
#[path = "hardship/listed.rs"]
mod listed;
#[path = "hardship/moving.rs"]
mod moving;
#[path = "hardship/program.rs"]
mod program;
#[path = "hardship/replayed.rs"]
mod replayed;
#[path = "hardship/stores.rs"]
mod stores;
mod support;
#[path = "hardship/writing.rs"]
mod writing;
