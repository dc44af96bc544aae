mod claims;
mod corpus;
mod envelope;
mod excerpts;
mod units;

use std::fmt::Write;

use crate::claim::Claim;
use crate::input::{ClaimSink, Cutter, Fault, GuideCheck, UnitSummary};
use crate::source::Unit;

/// A small day at a clinic that does not exist, with people who never lived.
const DAY: &str = include_str!("tests/day.837");

fn whole(text: &[u8]) -> Unit {
    Unit::x12(0, 0, 0, 1, None, Vec::new(), text.to_vec())
}

/// Hands each claim to a closure, and keeps the faults.
struct Each<F> {
    claim: F,
    faults: Vec<(u32, Fault)>,
}

impl<F: FnMut(&Claim<'_>, &dyn Cutter)> ClaimSink for Each<F> {
    fn claim(&mut self, claim: &Claim<'_>, cutter: &dyn Cutter) {
        (self.claim)(claim, cutter);
    }

    fn fault(&mut self, claim: u32, fault: Fault, cutter: &dyn Cutter) {
        assert_eq!(cutter.place(fault.span).span, fault.span);
        self.faults.push((claim, fault));
    }
}

/// Reads `text` as one unit, without the guide, which has tests of its own.
fn read_whole(text: &str, claim: impl FnMut(&Claim<'_>, &dyn Cutter)) -> (UnitSummary, Vec<(u32, Fault)>) {
    let mut sink = Each { claim, faults: Vec::new() };
    let summary = super::read(&whole(text.as_bytes()), GuideCheck::Off, &mut sink);
    (summary, sink.faults)
}

/// Everything a claim says, with every place. Two claims that print alike are alike.
fn describe(claim: &Claim<'_>) -> String {
    let mut claim = claim.clone();
    claim.ordinal = 0;
    let mut text = String::new();
    writeln!(text, "{claim:#?}").expect("a string takes everything");
    text
}
