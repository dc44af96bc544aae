//! The one generator of synthetic claims: deterministic, so that a seed names a file. Serves tests and benches.
//!
//! Everybody in it is invented. What it makes is clean under every rule when judged as of [`AS_OF`], but for the
//! claims it is told to flag. [`write_shapes`] makes claims of all shapes that the guide allows; the others are days
//! of a therapy clinic, all alike, of any size and number. The same claims of these come out as an 837P
//! ([`write_837p`]), as native JSON lines ([`write_json_lines`]) and as a table ([`write_csv`]), where they also carry
//! minutes that support their units.

// Each test and bench uses its own part of this.
#![allow(dead_code, unused_imports, unreachable_pub, reason = "shared by several test crates")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod bills;
mod claim;
mod json;
pub mod month;
mod random;
mod shapes;
mod style;
mod table;
mod x12;

use std::collections::BTreeMap;

pub use bills::{Line, Written, cents, text, written};
pub use claim::{Visit, mbi, npi};
pub use json::{json_lines_of, write_json_lines};
pub use shapes::{Shapes, write_shapes};
pub use style::{Style, respell};
pub use table::write_csv;
pub use x12::write_837p;

/// The run date by which the claims are clean: after every service date, within every filing limit.
pub const AS_OF: &str = "2025-07-01";

/// Which claims to make.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Names the file.
    pub seed: u64,
    /// How much to make.
    pub amount: Amount,
    /// Share of claims with a seeded fault, 0.0 to 1.0.
    pub flagged: f64,
}

/// How much to make.
#[derive(Clone, Copy, Debug)]
pub enum Amount {
    /// So many claims.
    Claims(u64),
    /// Claims until the file has about so many bytes.
    Bytes(u64),
}

impl Amount {
    fn is_reached(self, made: &Made) -> bool {
        match self {
            Amount::Claims(claims) => made.claims >= claims,
            Amount::Bytes(bytes) => made.bytes >= bytes,
        }
    }
}

/// What was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// Claims.
    pub claims: u64,
    /// Service lines.
    pub lines: u64,
    /// Bytes written.
    pub bytes: u64,
    /// Seeded claims by the rule that must find them. A seeded claim may offend others besides.
    pub seeded: BTreeMap<&'static str, u64>,
    /// Charges of all lines, in cents.
    pub charge_cents: i64,
}

impl Made {
    fn count(&mut self, visit: &Visit) {
        self.claims += 1;
        self.lines += visit.services.len() as u64;
        self.charge_cents += visit.charge_cents();
        if let Some(rule) = visit.seeded {
            *self.seeded.entry(rule).or_default() += 1;
        }
    }
}
