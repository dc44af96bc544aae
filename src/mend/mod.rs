//! Mending the bytes of inputs: which edits are made, what changes by them, and putting a mended file in the place of the
//! old one.
//!
//! Decides nothing but which of two edits that would spoil each other is made: how a fault of format is mended comes with its
//! finding. Knows no rule and no money.

mod apply;
mod changes;
mod plan;
mod replace;

pub use apply::apply;
pub use changes::changes;
pub use plan::{Patch, plan};
pub use replace::{MendError, Original, Ready};
