//! One service of a patient billed twice: in two claims of the batch, or twice in one.

use crate::checks::hit::{Cx, Day, Out};

pub(super) fn check(rule: u16, bit: u16, faults: &[&'static str], day: &Day<'_>, cx: &Cx<'_>, out: &mut Out) {
    let _ = (rule, bit, faults, day, cx, out);
}
