//! The reader of 837P with the guide: the same claims and faults in units of any size, each at a place of the input.

use cleanclaim::input::edi837p::{self, EnvelopeChecker, GuideCheck};
use cleanclaim::x12::X12Cutter;

use super::shared::{Counting, lies_inside};

pub(crate) fn run(bytes: &[u8]) {
    let whole = read(bytes, 1 << 20);
    for target in [1, 300] {
        let small = read(bytes, target);
        assert_eq!(small, whole, "units of {target} bytes");
    }
}

/// Claims and faults, those of the envelope behind the others.
fn read(bytes: &[u8], target: usize) -> (u32, Vec<String>) {
    let mut counting = Counting::new(bytes.len());
    let mut checker = EnvelopeChecker::new();
    let mut of_envelope = Vec::new();
    for unit in X12Cutter::new(bytes, 0, target) {
        let unit = unit.expect("memory can be read");
        let summary = edi837p::read(&unit, GuideCheck::On, &mut counting);
        checker.unit(&summary, &mut |fault, _| of_envelope.push((fault.name, fault.span)));
    }
    checker.finish(&mut |fault, _| of_envelope.push((fault.name, fault.span)));
    assert!(of_envelope.iter().all(|(_, span)| lies_inside(*span, bytes.len())), "{of_envelope:?}");
    let told = counting.faults.iter().chain(&of_envelope).map(|fault| format!("{fault:?}"));
    (counting.claims, told.collect())
}
