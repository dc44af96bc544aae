//! Where a walker stands in a transaction: the loops that are open, what was seen in them, and how far to trust it.

use super::compiled::{Item, SLOTS};

/// How far what comes next can be judged.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Trust {
    Sure,
    /// After a segment that has no place: others that have none may follow from it, and are passed over.
    Doubt,
    /// In a loop that is not recognised: all is passed over up to a segment that opens one.
    Astray,
    /// After a segment of some other loop, whose opening may be missing: names may be those of namesakes, up to the
    /// next line, claim or level.
    Lost,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum State {
    /// Before a transaction.
    Idle,
    /// In one that is not checked.
    PassingOver,
    Transaction,
    /// After SE. What an HL or a CLM says here is still checked: an ST may have been lost.
    Ended,
}

/// A loop that is open.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Frame {
    pub(super) inside: u16,
    /// Place of the segment or loop that was taken last.
    pub(super) at: u16,
    /// Nothing that it lacks is reported: it was, or it is not known what stood in it.
    pub(super) judged: bool,
    /// The same for loops that begin with an HL.
    pub(super) levels_judged: bool,
    /// Never opened: a claim or line stands where its parents should.
    pub(super) made_up: bool,
    pub(super) seen: u64,
    /// Not there, because of something that was reported.
    pub(super) excused: u64,
    /// Too many, and reported.
    pub(super) over: u64,
    /// Passed over; where is in `Walker::gaps`.
    pub(super) noted: u64,
    pub(super) counts: [u8; SLOTS],
}

impl Frame {
    pub(super) fn new(inside: u16) -> Frame {
        Frame {
            inside,
            at: 0,
            judged: false,
            levels_judged: false,
            made_up: false,
            seen: 0,
            excused: 0,
            over: 0,
            noted: 0,
            counts: [0; SLOTS],
        }
    }

    /// Whether there are as many of the item as there may be.
    #[inline]
    pub(super) fn is_full(&self, index: u8, item: &Item) -> bool {
        match item.most {
            0 => false,
            1 => self.seen >> index & 1 != 0,
            most => u16::from(self.counts[usize::from(item.slot)]) >= most,
        }
    }
}

/// All that decides what the next segment is, and whether something is wrong with where it stands.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Footing {
    pub(super) frames: Vec<Frame>,
    pub(super) state: State,
    pub(super) trust: Trust,
    /// What `trust` was before the claim.
    pub(super) header_trust: Trust,
    pub(super) in_claim: bool,
}

impl Footing {
    /// Before everything.
    pub(super) fn new() -> Footing {
        Footing {
            frames: Vec::with_capacity(12),
            state: State::Idle,
            trust: Trust::Sure,
            header_trust: Trust::Sure,
            in_claim: false,
        }
    }
}
