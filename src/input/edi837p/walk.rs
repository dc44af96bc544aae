//! The walk through the implementation guide while claims are read: what departs from it becomes a fault, with the
//! place that a 999 gives it.

use super::excerpt::printable;
use crate::finding::Spot;
use crate::guide::{FAULTS, Guide, GuideFault, Walker, Wording};
use crate::input::Fault;
use crate::x12::Segment;

/// Whether a transaction is held to the implementation guide.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GuideCheck {
    /// It is.
    On,
    /// Nobody asks: no rule in force reports what departs from it.
    Off,
}

impl GuideCheck {
    /// On, if `asked` says of one of the faults that a walk through the guide finds that somebody asks for it.
    pub fn if_any(asked: impl Fn(&str) -> bool) -> GuideCheck {
        if FAULTS.iter().any(|(name, _)| asked(name)) || asked("trailing-separators") {
            GuideCheck::On
        } else {
            GuideCheck::Off
        }
    }
}

/// A walker, if anybody asks for what it finds, and what it takes to count segments from the last envelope segment.
pub(super) struct Walk {
    walker: Option<Walker>,
    /// Number of the segment before the first to count.
    base: u64,
    /// What that segment, an envelope's, was counted as by the count that it ended.
    ended: u64,
    /// Number of the last segment.
    last: u64,
    /// Blank pieces since `base`: the number of the segment after each, and how many there were.
    blanks: Vec<(u64, u64)>,
}

impl Walk {
    /// For a unit that begins with segment `number`.
    pub(super) fn new(number: u64, guide: GuideCheck) -> Walk {
        let base = number.saturating_sub(1);
        let walker = (guide == GuideCheck::On).then(|| Walker::new(Guide::professional()));
        Walk { walker, base, ended: 0, last: base, blanks: Vec::new() }
    }

    /// A segment of the unit's context. `is_walked` says whether the transaction it stands in is held to the guide.
    pub(super) fn replay(&mut self, segment: &Segment<'_, '_>, is_walked: bool) {
        match &mut self.walker {
            Some(walker) if is_walked => walker.replay(segment),
            Some(walker) => walker.pass_over(),
            None => {}
        }
    }

    /// The unit begins in the middle of a claim.
    pub(super) fn begin_in_claim(&mut self) {
        self.walker.iter_mut().for_each(Walker::begin_in_claim);
    }

    /// Counts a segment; call it once for each.
    #[inline]
    pub(super) fn count(&mut self, segment: &Segment<'_, '_>) {
        let number = segment.number();
        if number != self.last + 1 {
            self.blanks.push((number, number.saturating_sub(self.last + 1)));
        }
        self.last = number;
    }

    /// Begins to count anew after an envelope segment.
    pub(super) fn count_from(&mut self, segment: &Segment<'_, '_>) {
        self.ended = self.position(segment.number());
        self.base = segment.number();
        self.blanks.clear();
    }

    /// Takes the next segment. Returns the number of its letters, if the same stood before and anybody knows.
    #[inline]
    pub(super) fn segment(&mut self, segment: &Segment<'_, '_>) -> Wording {
        self.walker.as_mut().map_or(Wording::NONE, |walker| walker.segment(segment))
    }

    /// Ends what is open, up to the next transaction that is held to the guide.
    pub(super) fn pass_over(&mut self) {
        self.walker.iter_mut().for_each(Walker::pass_over);
    }

    /// Judges what the last claim or header of the unit lacks.
    pub(super) fn end_of_unit(&mut self) {
        self.walker.iter_mut().for_each(Walker::end_of_unit);
    }

    #[inline]
    pub(super) fn has_faults(&self) -> bool {
        self.walker.as_ref().is_some_and(|walker| !walker.faults.is_empty())
    }

    /// Takes the faults that stand before `offset`.
    pub(super) fn faults_before(&mut self, offset: u64) -> Vec<Fault> {
        let Some(walker) = &mut self.walker else { return Vec::new() };
        let faults = std::mem::take(&mut walker.faults);
        let (before, kept): (Vec<_>, Vec<_>) =
            faults.into_iter().partition(|fault| fault.span.offset < offset);
        walker.faults = kept;
        before.into_iter().map(|fault| self.fault(fault)).collect()
    }

    /// Where a segment stands that is malformed by itself.
    pub(super) fn spot(&self, segment: &Segment<'_, '_>) -> Box<Spot> {
        Box::new(Spot {
            segment: printable(segment.id_bytes()),
            position: self.position(segment.number()),
            ..Spot::default()
        })
    }

    fn fault(&self, mut fault: GuideFault) -> Fault {
        for (_, id) in fault.values.iter_mut().filter(|(key, _)| *key == "segment") {
            *id = printable(id.as_bytes());
        }
        // What is missing at the end of something stands after its last segment, or before the envelope's that ended it.
        let (offset, number) = fault.at;
        let is_missing = fault.span.length == 0 && fault.element == 0;
        let is_after = is_missing && fault.span.offset > offset;
        let position = match number == self.base && is_missing && !is_after {
            true => self.ended,
            false => self.position(number),
        };
        let spot = Spot {
            segment: printable(fault.segment.as_bytes()),
            position: position + u64::from(is_after),
            loop_id: fault.loop_id.to_owned(),
            element: fault.element,
            component: fault.component,
            repetition: fault.repetition,
            data_element: fault.data_element,
        };
        Fault {
            name: fault.name,
            span: fault.span,
            values: fault.values,
            label: fault.label,
            spot: Some(Box::new(spot)),
            fix: None,
        }
    }

    /// How many segments there are from the last envelope segment to that of this number.
    fn position(&self, number: u64) -> u64 {
        let blanks: u64 =
            self.blanks.iter().filter(|(after, _)| *after <= number).map(|(_, blanks)| blanks).sum();
        number.saturating_sub(self.base + blanks)
    }
}
