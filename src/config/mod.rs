//! `cleanclaim.yaml`: what would otherwise be typed for every run, kept in a file.
//!
//! Finds the file, reads it and those that it extends, and puts them together, each value with the place it was written
//! at. Knows nothing of the command line: what a value means for a job, and what goes before it, is for `cli` to say.
//! A configuration holds no protected health information and is shown as it is; a file that is none is never shown.

mod find;
mod keys;
mod load;
mod stated;
#[cfg(test)]
mod tests;

pub use find::{NAMES, find};
pub use keys::{FailOn, Keys, Payer, Redact};
pub use load::{Config, Mistakes};
pub use stated::{Stated, Words};

/// What `config init` writes: every key, commented out, with what it does.
pub const STARTER: &str = include_str!("starter.yaml");

/// The JSON Schema of configurations, for editors.
pub fn config_schema() -> schemars::Schema {
    schemars::schema_for!(Keys)
}
