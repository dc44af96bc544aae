//! Native JSON: the same claims and faults in units of any size, each at a place of the input.

use cleanclaim::input::json::{self, JsonCutter};

use super::shared::Counting;

pub(crate) fn run(bytes: &[u8]) {
    let whole = read(bytes, 1 << 20);
    for target in [1, 300] {
        assert_eq!(read(bytes, target), whole, "units of {target} bytes");
    }
}

fn read(bytes: &[u8], target: usize) -> (u32, Vec<String>) {
    let mut counting = Counting::new(bytes.len());
    let mut before = 0;
    for unit in JsonCutter::new(bytes, 0, target) {
        let unit = unit.expect("memory can be read");
        assert!(unit.offset >= before, "units stand in the order of the input");
        before = unit.offset;
        json::read(&unit, &mut counting);
    }
    (counting.claims, counting.faults.iter().map(|fault| format!("{fault:?}")).collect())
}
