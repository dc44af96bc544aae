//! Steps that were taken before, as a lazy automaton remembers them: from what footing, at what class of segment, to
//! what footing. Most claims of a file are built alike, so nearly every step was.
//!
//! It knows nothing of the guide. What is not remembered is found out the long way, which is what is meant.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::rc::Rc;

use super::class::Class;
use super::compiled::NONE;
use super::footing::Footing;

/// The number of no footing.
pub(super) const NOWHERE: u32 = 0;

/// Marks what is no step.
const NO_STEP: u32 = u32::MAX;

/// Footings that are told apart; some half a kilobyte each.
const MOST: usize = 2048;

/// Fewer segments than this for a footing, and remembering does not pay.
const LEAST_USE: u64 = 8;

const SLOT_BITS: u32 = 13;

/// The golden ratio's bits.
const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// What to hold the elements of a segment against.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Check {
    /// [`NONE`]: against nothing.
    pub(super) node: u16,
    /// The loop that the segment stands in.
    pub(super) inside: u16,
}

impl Check {
    pub(super) const NOTHING: Check = Check { node: NONE, inside: NONE };
}

/// A step that neither found fault nor left a gap.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) from: u32,
    pub(super) class: Class,
    pub(super) to: u32,
    pub(super) check: Check,
}

impl Step {
    /// No step at a segment of this class.
    pub(super) fn none(class: Class) -> Step {
        Step { from: NO_STEP, class, to: NOWHERE, check: Check::NOTHING }
    }
}

/// Footings by number, and the steps between them.
#[derive(Debug)]
pub(super) struct Automaton {
    footings: Vec<Rc<Footing>>,
    numbers: HashMap<Rc<Footing>, u32, BuildHasherDefault<Mixer>>,
    steps: Vec<Step>,
    /// Number of the segment at which it was empty last.
    empty_at: u64,
    /// Footings that there is room for; 0: nothing is remembered.
    most: usize,
    least_use: u64,
}

impl Automaton {
    pub(super) fn new() -> Automaton {
        Automaton::of(MOST, LEAST_USE)
    }

    /// One with room for so many footings, which gives up where fewer segments than `least_use` come to each.
    pub(super) fn of(most: usize, least_use: u64) -> Automaton {
        let (footings, numbers, steps) = Default::default();
        Automaton { footings, numbers, steps, empty_at: 0, most, least_use }
    }

    /// The step from a footing at a segment of this class, if it was taken before.
    #[inline]
    pub(super) fn step(&self, from: u32, class: Class) -> Option<Step> {
        self.steps.get(slot(from, class)).copied().filter(|step| step.from == from && step.class == class)
    }

    pub(super) fn footing(&self, number: u32) -> Option<&Footing> {
        self.footings.get((number as usize).checked_sub(1)?).map(Rc::as_ref)
    }

    /// Makes room for two more footings, at the segment with this number of the file. Whether it had to forget all
    /// that it knew.
    pub(super) fn make_room(&mut self, segment: u64) -> bool {
        if self.footings.is_empty() {
            self.empty_at = segment;
        }
        if self.most == 0 || self.footings.len() + 2 <= self.most {
            return false;
        }
        // Where hardly anything comes back, remembering costs more than it saves.
        if segment.saturating_sub(self.empty_at) < self.most as u64 * self.least_use {
            self.most = 0;
        }
        self.empty_at = segment;
        self.footings.clear();
        self.numbers.clear();
        self.steps.clear();
        true
    }

    /// The number of a footing; [`NOWHERE`] if there is no room for it.
    pub(super) fn number(&mut self, footing: &Footing) -> u32 {
        if let Some(number) = self.numbers.get(footing) {
            return *number;
        }
        if self.footings.len() >= self.most {
            return NOWHERE;
        }
        let footing = Rc::new(footing.clone());
        self.footings.push(Rc::clone(&footing));
        let number = self.footings.len() as u32;
        self.numbers.insert(footing, number);
        number
    }

    pub(super) fn remember(&mut self, from: u32, class: Class, to: u32, check: Check) {
        if from == NOWHERE || to == NOWHERE {
            return;
        }
        if self.steps.is_empty() {
            self.steps.resize(1 << SLOT_BITS, Step::none(class));
        }
        if let Some(step) = self.steps.get_mut(slot(from, class)) {
            *step = Step { from, class, to, check };
        }
    }
}

/// Where the step is kept, if it is.
#[inline]
fn slot(from: u32, class: Class) -> usize {
    ((class.mixed() ^ u64::from(from) << 8).wrapping_mul(MULTIPLIER) >> (64 - SLOT_BITS)) as usize
}

/// A footing is some hundred numbers, which a hasher that keeps strangers from guessing takes too long for. Guessed
/// they may be: what comes of it is one table of [`MOST`] that is slow, and it is given up when it is full.
#[derive(Default)]
struct Mixer(u64);

impl Mixer {
    #[inline]
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(26) ^ word).wrapping_mul(MULTIPLIER);
    }
}

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        words.iter().for_each(|word| self.mix(u64::from_le_bytes(*word)));
        rest.iter().for_each(|byte| self.mix(u64::from(*byte)));
    }

    fn write_u8(&mut self, value: u8) {
        self.mix(u64::from(value));
    }

    fn write_u16(&mut self, value: u16) {
        self.mix(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.mix(value);
    }

    fn write_usize(&mut self, value: usize) {
        self.mix(value as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guide::footing::Frame;

    fn footing(inside: u16) -> Footing {
        Footing { frames: vec![Frame::new(inside)], ..Footing::new() }
    }

    /// One with room for four footings, of which three are taken from segment 100 on, with a step between two.
    fn of_four(least_use: u64) -> Automaton {
        let mut automaton = Automaton::of(4, least_use);
        assert!(!automaton.make_room(100));
        let numbers = [7, 8, 9].map(|inside| automaton.number(&footing(inside)));
        assert_eq!(numbers, [1, 2, 3]);
        assert_eq!(automaton.number(&footing(8)), 2);
        automaton.remember(1, Class::default(), 2, Check { node: 5, inside: 6 });
        automaton
    }

    #[test]
    fn a_step_is_known_from_where_it_was_taken() {
        let automaton = of_four(0);
        let step = automaton.step(1, Class::default()).expect("a step");
        assert_eq!((step.to, step.check), (2, Check { node: 5, inside: 6 }));
        assert_eq!(automaton.footing(2), Some(&footing(8)));
        for from in [NOWHERE, 2, NO_STEP - 1] {
            assert!(automaton.step(from, Class::default()).is_none());
        }
        assert_eq!(automaton.footing(NOWHERE), None);
    }

    #[test]
    fn nowhere_is_no_end_of_a_step() {
        let mut automaton = of_four(0);
        automaton.remember(NOWHERE, Class::default(), 2, Check::NOTHING);
        automaton.remember(3, Class::default(), NOWHERE, Check::NOTHING);
        assert!(automaton.step(NOWHERE, Class::default()).is_none());
        assert!(automaton.step(3, Class::default()).is_none());
    }

    #[test]
    fn where_two_have_no_room_all_is_forgotten() {
        let mut automaton = of_four(0);
        assert!(automaton.make_room(101));
        assert!(automaton.step(1, Class::default()).is_none());
        assert_eq!(automaton.footing(1), None);
        assert_eq!(automaton.number(&footing(9)), 1);
        assert!(!automaton.make_room(102));
    }

    #[test]
    fn what_is_of_too_little_use_is_given_up() {
        let mut enough = of_four(8);
        assert!(enough.make_room(100 + 4 * 8));
        assert_eq!(enough.number(&footing(7)), 1);
        let mut too_little = of_four(8);
        assert!(too_little.make_room(100 + 4 * 8 - 1));
        assert_eq!(too_little.number(&footing(7)), NOWHERE);
        assert!(!too_little.make_room(1000));
    }
}
