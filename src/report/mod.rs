//! Turns a [`crate::finding::Run`] into what people and programs read: one module for each format, and masking.
//!
//! A report is a pure function of the run and its options: it opens no input again, asks no clock and no
//! environment, and writes to whatever it is given. It must not know the engine, X12 or the command line.

pub mod acknowledgement;
mod claim_key;
pub mod concise;
pub mod csv;
pub mod diff;
pub mod github;
pub mod gitlab;
mod grounds;
pub mod html;
pub mod json;
pub mod jsonl;
pub mod junit;
mod locate;
pub mod markdown;
pub mod masking;
mod plain;
#[cfg(test)]
mod sample;
pub mod sarif;
pub mod saved;
pub mod statistics;
mod tally;
pub mod text;
mod worth;

pub use claim_key::ClaimKey;
pub use masking::{Masking, Redaction};
pub(crate) use plain::{clean, grouped, plural};
