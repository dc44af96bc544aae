//! The elements of an ISA, as a payer's gateway looks at them before it reads anything else.
//!
//! Sources: X12.5 interchange control structure, 005010X222A1 appendix B and C (the values the guide allows).

use super::kept::{Emit, Kept, shown};
use crate::claim::{Span, TimeOfDay, parse_ccyymmdd};
use crate::finding::{Edit, Fix};
use crate::x12::EnvelopeEvent;

/// Where the sixteen separators stand.
const SEPARATORS: [usize; 16] = [3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103];

/// ISA05 and ISA07 of the guide: Duns, Duns with suffix, HIN, CMS carrier, fiscal intermediary, Medicare number, tax
/// id, NAIC code, mutually defined.
const PARTIES: &[&[u8]] = &[b"01", b"14", b"20", b"27", b"28", b"29", b"30", b"33", b"ZZ"];

/// Names what is wrong with the layout, if anything is.
pub(super) fn layout(isa: &EnvelopeEvent, emit: Emit<'_>) {
    let kept = Kept::from(isa);
    if isa.padded && isa.delimiters.component != b' ' {
        return;
    }
    let element = isa.delimiters.element;
    let holds = SEPARATORS.iter().all(|&at| isa.text.get(at) == Some(&element));
    let is_separator = |byte: u8| !byte.is_ascii_alphanumeric() && byte != b' ' && byte != element;
    match (holds, isa.text.get(104), isa.text.get(105)) {
        (true, Some(&component), Some(&end)) if is_separator(component) && !is_separator(end) => {
            kept.fault(0, "isa-terminator", Vec::new(), "what follows ISA16 ends no segment", emit);
        }
        (true, Some(&component), _) if is_separator(component) => {
            kept.fault(0, "isa-layout", Vec::new(), "its separators cannot be told apart", emit);
        }
        (true, ..) => {
            kept.fault(16, "isa16-component", Vec::new(), "no character that separates components", emit);
        }
        _ => kept.fault_with(
            0,
            "isa-layout",
            Vec::new(),
            "not the fixed layout of 106 bytes",
            padded(isa),
            emit,
        ),
    }
}

/// Lengths of the sixteen elements.
const LENGTHS: [usize; 16] = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1];

/// The blanks that fill up ISA02, ISA04, ISA06 and ISA08, where nothing else is wrong with the lengths.
fn padded(isa: &EnvelopeEvent) -> Option<Fix> {
    let elements: Vec<&[u8]> = isa.text.split(|byte| *byte == isa.delimiters.element).skip(1).collect();
    if elements.len() != LENGTHS.len() || isa.delimiters.component != *elements[15].first()? {
        return None;
    }
    let mut at = isa.offset + 3;
    let mut edits = Vec::new();
    for (index, (element, length)) in elements.iter().zip(LENGTHS).enumerate() {
        at += 1 + element.len() as u64;
        let missing = length.checked_sub(element.len())?;
        if missing > 0 {
            if !matches!(index, 1 | 3 | 5 | 7) {
                return None;
            }
            edits.push(Edit { span: Span::new(at, 0), text: " ".repeat(missing) });
        }
    }
    let summary = "fills up ISA02, ISA04, ISA06 and ISA08 with blanks".to_owned();
    (!edits.is_empty()).then_some(Fix { summary, edits })
}

/// Names the elements that no gateway takes. Where elements are missing or too many, the layout has been named and
/// nothing more is known.
pub(super) fn elements(isa: &EnvelopeEvent, emit: Emit<'_>) {
    if isa.text.iter().filter(|byte| **byte == isa.delimiters.element).count() != 16 {
        return;
    }
    let value = |index: usize| isa.element(index).0.to_vec();
    let mut wrong = |index: usize, name: &'static str, label: &str| {
        let values = vec![("stated", shown(&value(index)))];
        Kept::from(isa).fault(index, name, values, label, emit);
    };
    if !matches!(value(1).as_slice(), b"00" | b"03") {
        wrong(1, "isa01-qualifier", "not 00 or 03");
    }
    if !matches!(value(3).as_slice(), b"00" | b"01") {
        wrong(3, "isa03-qualifier", "not 00 or 01");
    }
    if !PARTIES.contains(&value(5).as_slice()) {
        wrong(5, "isa05-qualifier", "not a qualifier of the guide");
    }
    if value(6).is_empty() {
        wrong(6, "isa06-sender", "no sender");
    }
    if !PARTIES.contains(&value(7).as_slice()) {
        wrong(7, "isa07-qualifier", "not a qualifier of the guide");
    }
    if value(8).is_empty() {
        wrong(8, "isa08-receiver", "no receiver");
    }
    let date = value(9);
    if date.len() != 6 || parse_ccyymmdd(&[b"20", date.as_slice()].concat()).is_none() {
        wrong(9, "isa09-date", "not a day, written YYMMDD");
    }
    let time = value(10);
    let is_digits = time.len() == 4 && time.iter().all(u8::is_ascii_digit);
    if !is_digits || TimeOfDay::parse(&time).is_none() {
        wrong(10, "isa10-time", "not a time, written HHMM");
    }
    let taken = [isa.delimiters.element, isa.delimiters.component, isa.delimiters.terminator];
    match value(11).as_slice() {
        // An envelope of version 4010 has it by right, and is named for its version.
        b"U" if value(12) != b"00501" => {}
        b"U" => wrong(11, "isa11-u", "what version 4010 has here"),
        [one] if taken.contains(one) => wrong(11, "isa11-separator", "is another separator too"),
        [one] if !one.is_ascii_alphanumeric() => {}
        _ => wrong(11, "isa11-separator", "no character that separates repetitions"),
    }
    if value(12) != b"00501" {
        wrong(12, "isa12-version", "not 00501");
    }
    let number = value(13);
    if number.len() != 9 || !number.iter().all(u8::is_ascii_digit) {
        wrong(13, "isa13-number", "not nine digits");
    }
    if !matches!(value(14).as_slice(), b"0" | b"1") {
        wrong(14, "isa14-request", "not 0 or 1");
    }
    if !matches!(value(15).as_slice(), b"P" | b"T") {
        wrong(15, "isa15-usage", "not P or T");
    }
}
