//! What is to be masked of segments that stood before, letter for letter: most segments of a flagged claim stand in others.

use std::cell::{Cell, RefCell};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::sensitive::Owner;
use super::window::WIDTH;
use crate::finding::Sensitive;
use crate::x12::Segment;

/// Longer segments may be shown in part, by what is marked in them.
const LONGEST: usize = WIDTH;

/// So many segments are looked at before any is remembered: who wants one claim asks for some dozens and no more.
const FIRST: u32 = 64;

const SLOTS: usize = 512;

/// What was found of the segments of a unit.
#[derive(Debug, Default)]
pub(super) struct MaskedBefore {
    known: RefCell<Vec<Known>>,
    asked: Cell<u32>,
}

/// A segment that is shown as it stands, and what of it must be masked. That depends on its bytes, on its separators and on
/// whose name it belongs to, and on nothing else.
#[derive(Clone, Debug, Default)]
struct Known {
    text: String,
    marks: u32,
    owner: Owner,
    sensitive: Vec<Sensitive>,
    /// It was found here again, so the next that would take its slot does not get it.
    came_back: bool,
}

impl MaskedBefore {
    /// Calls `told` on the text of a segment and on what must be masked of it, if that is remembered; says whether it is.
    pub(super) fn tell(
        &self,
        segment: &Segment<'_, '_>,
        owner: Owner,
        told: impl FnOnce(&str, &[Sensitive]),
    ) -> bool {
        self.asked.set(self.asked.get().saturating_add(1));
        let mut known = self.known.borrow_mut();
        let Some(known) = known.get_mut(slot_of(segment, owner)) else { return false };
        let is_it = known.text.as_bytes() == segment.raw()
            && known.marks == segment.marks()
            && known.owner == owner
            && !known.text.is_empty();
        if is_it {
            known.came_back = true;
            told(&known.text, &known.sensitive);
        }
        is_it
    }

    /// Remembers what must be masked of a segment that is shown as it stands, as `text`.
    pub(super) fn note(&self, segment: &Segment<'_, '_>, owner: Owner, text: &str, sensitive: &[Sensitive]) {
        if self.asked.get() <= FIRST || text.len() > LONGEST {
            return;
        }
        let mut known = self.known.borrow_mut();
        if known.is_empty() {
            known.resize(SLOTS, Known::default());
        }
        let Some(known) = known.get_mut(slot_of(segment, owner)) else { return };
        if !std::mem::take(&mut known.came_back) {
            known.text.clear();
            known.text.push_str(text);
            known.sensitive.clear();
            known.sensitive.extend_from_slice(sensitive);
            (known.marks, known.owner) = (segment.marks(), owner);
        }
    }
}

fn slot_of(segment: &Segment<'_, '_>, owner: Owner) -> usize {
    let seed = u64::from(segment.marks()) << 2 | owner as u64;
    xxh3_64_with_seed(segment.raw(), seed) as usize % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Delimiters;
    use crate::x12::Lexer;

    /// What comes of asking for the first segment of `text`, where looking finds a stretch at `found`: where the stretch stands,
    /// and whether it was looked for.
    fn asked(before: &MaskedBefore, text: &str, component: u8, owner: Owner, found: usize) -> (usize, bool) {
        let delimiters = Delimiters { element: b'*', component, repetition: Some(b'^'), terminator: b'~' };
        let mut lexer = Lexer::new(text.as_bytes(), 7, 3, Some(delimiters));
        let segment = lexer.next_segment().expect("a segment");
        let mut start = found;
        let shown = std::str::from_utf8(segment.raw()).expect("text");
        let is_told = before.tell(&segment, owner, |text, sensitive| {
            assert_eq!(text, shown);
            start = sensitive[0].start;
        });
        if !is_told {
            before.note(&segment, owner, shown, &[Sensitive { start, end: start + 1, always: true }]);
        }
        (start, !is_told)
    }

    /// One that has been asked often enough to remember.
    fn awake() -> MaskedBefore {
        MaskedBefore { asked: Cell::new(FIRST), ..MaskedBefore::default() }
    }

    #[test]
    fn the_same_bytes_with_the_same_separators_and_owner_are_remembered_and_no_others() {
        let before = awake();
        let each = [
            ("REF*EI*123~", b':', Owner::Business),
            ("REF*EI*123~", b':', Owner::Person),
            ("REF*EI*123~", b':', Owner::Nobody),
            ("REF*EI*123~", b'>', Owner::Nobody),
            ("REF*EI*124~", b'>', Owner::Nobody),
            ("REF*EI*1241~", b'>', Owner::Nobody),
        ];
        for (found, (text, component, owner)) in each.into_iter().enumerate() {
            assert_eq!(asked(&before, text, component, owner, found), (found, true), "{text}");
            // Wherever it stands, and whatever stands behind it.
            let again = format!("\n{text}\nREF*EI*9~");
            assert_eq!(asked(&before, &again, component, owner, 99), (found, false), "{text}");
            assert_eq!(asked(&before, text, component, owner, 99), (found, false), "{text}");
        }
    }

    #[test]
    fn what_is_shown_in_part_is_not_remembered() {
        let before = awake();
        let long = |length: usize| format!("NTE*{}~", "A".repeat(length - 4));
        for (length, again) in [(LONGEST, (1, false)), (LONGEST + 1, (2, true))] {
            asked(&before, &long(length), b':', Owner::Nobody, 1);
            assert_eq!(asked(&before, &long(length), b':', Owner::Nobody, 2), again, "{length}");
        }
    }

    #[test]
    fn nothing_is_remembered_for_whoever_wants_one_claim() {
        let before = MaskedBefore::default();
        for _ in 0..FIRST {
            assert_eq!(asked(&before, "LX*1~", b':', Owner::Nobody, 1), (1, true));
        }
        assert!(before.known.borrow().is_empty());
        assert_eq!(asked(&before, "LX*1~", b':', Owner::Nobody, 2), (2, true));
        assert_eq!(asked(&before, "LX*1~", b':', Owner::Nobody, 3), (2, false));
    }
}
