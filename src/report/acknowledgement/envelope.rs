//! What an envelope says, as far as an acknowledgement can say it again.
//!
//! Lengths and codes are those of 005010X231A1; what does not fit into them is replaced, never cut in half.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use crate::claim::{TimeOfDay, parse_ccyymmdd};
use crate::finding::Group;

/// AK101.
const FUNCTIONAL_IDS: [&str; 9] = ["BE", "HB", "HC", "HI", "HN", "HP", "HR", "HS", "RA"];

/// AK201.
const SETS: [&str; 9] = ["270", "271", "276", "277", "278", "820", "834", "835", "837"];

/// Whether AK1 can name the group: where it cannot, the GS is not one that a 999 can be sent for.
pub(super) fn can_be_named(group: &Group) -> bool {
    FUNCTIONAL_IDS.contains(&&*group.functional_id)
        && is_number(&group.control, 1..=9)
        && is_text(&group.guide, 1..=12)
}

/// Whether AK201 can name the set.
pub(super) fn is_known_set(id: &str) -> bool {
    SETS.contains(&id)
}

/// Digits, so many of them.
pub(super) fn is_number(text: &str, digits: RangeInclusive<usize>) -> bool {
    digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Text of so many characters that can be written as it is: of the extended character set of X12, without the
/// separators that acknowledgements are written with, without blanks at its ends.
pub(super) fn is_text(text: &str, characters: RangeInclusive<usize>) -> bool {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || b" !\"&'()+,-./;?=%@[]_{}\\|<>#$".contains(&byte);
    characters.contains(&text.len()) && text.trim() == text && text.bytes().all(is_plain)
}

/// A day as ISA09 has it, YYMMDD.
pub(super) fn is_day(text: &str) -> bool {
    is_number(text, 6..=6) && parse_ccyymmdd(format!("20{text}").as_bytes()).is_some()
}

/// A time as ISA10 has it, HHMM.
pub(super) fn is_time(text: &str) -> bool {
    is_number(text, 4..=4) && TimeOfDay::parse(text.as_bytes()).is_some()
}

/// The number of an interchange that answers the one numbered `answered`: the same, where that is a number and no
/// earlier answer bears it, else the lowest that is free.
pub(super) fn number(used: &mut HashSet<String>, answered: &str) -> String {
    let mut own = answered.to_owned();
    let mut next = 0_u32;
    while !is_number(&own, 9..=9) || used.contains(&own) {
        next += 1;
        own = format!("{next:09}");
    }
    used.insert(own.clone());
    own
}
