//! The lexer and the cutter: nothing is lost, nothing overlaps, and units know their place whatever their size.

use std::collections::BTreeMap;

use cleanclaim::x12::{Lexer, X12Cutter};

pub(crate) fn run(bytes: &[u8]) {
    let numbers = segments(bytes);
    for target in [1, 77, 600, 1 << 20] {
        let mut joined = Vec::with_capacity(bytes.len());
        for (ordinal, unit) in X12Cutter::new(bytes, 0, target).enumerate() {
            let unit = unit.expect("memory can be read");
            assert_eq!((unit.ordinal, unit.offset), (ordinal as u64, joined.len() as u64), "{target}");
            for piece in &unit.context {
                let at = usize::try_from(piece.offset).expect("an offset of the input");
                assert_eq!(bytes.get(at..at + piece.bytes.len()), Some(piece.bytes.as_slice()), "{target}");
            }
            let mut lexer = Lexer::new(&unit.bytes, unit.offset, unit.number, unit.delimiters);
            while let Some(segment) = lexer.next_segment() {
                assert_eq!(numbers.get(&segment.offset()), Some(&segment.number()), "units of {target}");
            }
            joined.extend_from_slice(&unit.bytes);
        }
        assert!(joined == bytes, "units of {target} bytes do not join to the input");
    }
}

/// Where each segment of the input stands, with its number.
fn segments(bytes: &[u8]) -> BTreeMap<u64, u64> {
    let mut lexer = Lexer::new(bytes, 0, 1, None);
    let (mut numbers, mut end) = (BTreeMap::new(), 0);
    while let Some(segment) = lexer.next_segment() {
        assert!(segment.offset() >= end && segment.end() <= bytes.len() as u64);
        end = segment.end();
        for index in 0..segment.len() + 2 {
            let field = segment.element(index);
            let start = usize::try_from(field.offset).expect("an offset of the input");
            assert_eq!(bytes.get(start..start + field.bytes.len()), Some(field.bytes));
            for part in segment.components(index) {
                let start = usize::try_from(part.offset).expect("an offset of the input");
                assert_eq!(bytes.get(start..start + part.bytes.len()), Some(part.bytes));
            }
        }
        numbers.insert(segment.offset(), segment.number());
    }
    numbers
}
