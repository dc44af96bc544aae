//! The trailers of an envelope: what SE, GE and IEA count, and the number that they repeat.
//!
//! A trailer says two things of its header. Where one of them holds, the trailer belongs to it and the other is a slip
//! with one right answer: what was counted, or the header's number, which is the one that a receiver answers to. A number
//! that is the header's but for zeros before it shows whose trailer it is, too. Where neither holds, the trailer may be
//! another header's, and nothing is mended.

use super::kept::{Emit, Kept, shown};
use crate::finding::{Edit, Fix};
use crate::x12::EnvelopeEvent;

/// Most bytes of an envelope segment that are kept: of a longer one it is not known where its elements end.
const WHOLE: usize = 256;

/// One kind of trailer, and the header it belongs to.
pub(super) struct Trailer {
    id: &'static str,
    count: &'static str,
    /// What it counts.
    of: &'static str,
    number: &'static str,
    /// The element of the header that holds the number.
    control: usize,
    /// Whether the header may leave its number out without a word of this check.
    may_be_absent: bool,
    /// Whether a number has the form that the guide asks for.
    has_form: fn(&[u8]) -> bool,
}

pub(super) const SE: Trailer = Trailer {
    id: "SE",
    count: "se01-count",
    of: "segments",
    number: "st02-se02",
    control: 2,
    may_be_absent: true,
    has_form: |number| (4..=9).contains(&number.len()) && number.iter().all(u8::is_ascii_alphanumeric),
};

pub(super) const GE: Trailer = Trailer {
    id: "GE",
    count: "ge01-count",
    of: "transactions",
    number: "gs06-ge02",
    control: 6,
    may_be_absent: true,
    has_form: |number| (1..=9).contains(&number.len()) && number.iter().all(u8::is_ascii_digit),
};

pub(super) const IEA: Trailer = Trailer {
    id: "IEA",
    count: "iea01-count",
    of: "groups",
    number: "isa13-iea02",
    control: 13,
    may_be_absent: false,
    has_form: |number| number.len() == 9 && number.iter().all(u8::is_ascii_digit),
};

/// Compares a trailer with what was counted and with its header. A count that says `0005` means 5.
pub(super) fn judge(
    kind: &Trailer,
    header: &EnvelopeEvent,
    is_repeated: bool,
    trailer: &EnvelopeEvent,
    counted: u64,
    emit: Emit<'_>,
) {
    let ((stated, _), (found, _)) = (trailer.element(1), trailer.element(2));
    let expected = header.element(kind.control).0;
    let counts = std::str::from_utf8(stated).ok().and_then(|stated| stated.parse().ok()) == Some(counted);
    let numbers = expected == found;
    let has_its_number = !is_repeated && (kind.has_form)(expected);
    let is_its_own =
        if numbers { !expected.is_empty() } else { has_its_number && is_same_number(expected, found) };
    let kept = Kept::from(trailer);
    if !counts {
        let values = vec![("stated", shown(stated)), ("counted", counted.to_string())];
        let fix = is_its_own.then(|| {
            let summary =
                format!("writes {counted} in {}01; make sure first that nothing is missing", kind.id);
            replaced(kept, 1, counted.to_string(), summary)
        });
        let label = format!("{counted} {} counted", kind.of);
        kept.fault_with(1, kind.count, values, &label, fix.flatten(), &mut *emit);
    }
    if !(numbers || kind.may_be_absent && expected.is_empty()) {
        let values = vec![("header", shown(expected)), ("trailer", shown(found))];
        let fix = (is_its_own || counts && has_its_number).then(|| {
            let summary = format!("writes {} in {}02, as the header has it", shown(expected), kind.id);
            replaced(kept, 2, String::from_utf8_lossy(expected).into_owned(), summary)
        });
        let label = format!("the header says {}", shown(expected));
        kept.fault_with(2, kind.number, values, &label, fix.flatten(), emit);
    }
}

/// Whether both are one number, written with more or fewer zeros before it.
fn is_same_number(one: &[u8], other: &[u8]) -> bool {
    let digits = |bytes: &[u8]| !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit);
    let value = |bytes: &[u8]| bytes.iter().skip_while(|byte| **byte == b'0').copied().collect::<Vec<_>>();
    digits(one) && digits(other) && value(one) == value(other)
}

/// Puts `text` in the place of element `index`, if there is such a place.
fn replaced(kept: Kept<'_>, index: usize, text: String, summary: String) -> Option<Fix> {
    let elements = kept.text.iter().filter(|byte| **byte == kept.delimiters.element).count();
    (elements >= index && kept.text.len() < WHOLE)
        .then(|| Fix { summary, edits: vec![Edit { span: kept.span(index), text }] })
}
