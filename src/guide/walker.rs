//! Follows the segments of a transaction through the loops of the guide.
//!
//! What a stretch of a file gives does not depend on where the file was cut: what stands before a claim is judged at
//! the CLM, HL or SE that ends it, in the unit of work that holds it, and never when it is replayed as context.

use super::alike::{Alike, Wording};
use super::automaton::{Automaton, Check, NOWHERE, Step};
use super::class::Class;
use super::compiled::{Guide, Item, Loop, NONE, Role};
use super::elements;
use super::faults::GuideFault;
use super::footing::{Footing, Frame, State, Trust};
use crate::claim::Span;
use crate::x12::Segment;

/// Items that should have stood before a segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    pub(super) depth: usize,
    pub(super) items: u64,
    pub(super) place: Spot,
}

/// Where something is missing, and the segment where that was noticed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spot {
    pub(super) offset: u64,
    pub(super) at: (u64, u64),
}

impl Spot {
    #[inline]
    fn after(segment: &Segment<'_, '_>) -> Spot {
        Spot { offset: segment.end(), at: (segment.offset(), segment.number()) }
    }

    #[inline]
    pub(super) fn before(segment: &Segment<'_, '_>) -> Spot {
        Spot { offset: segment.offset(), at: (segment.offset(), segment.number()) }
    }
}

/// Holds a transaction against the guide, segment by segment. One walker serves one unit of work.
///
/// A step is what a segment does to the footing. One that was taken before is looked up by the number of the footing
/// and the class of the segment, and touches no frame.
#[derive(Debug)]
pub struct Walker {
    pub(super) guide: &'static Guide,
    /// What was found; the caller takes it away.
    pub faults: Vec<GuideFault>,
    /// Number of the footing, if it was reached by a step that was looked up; `footing` is out of date then.
    at: u32,
    pub(super) footing: Footing,
    pub(super) gaps: Vec<Gap>,
    automaton: Automaton,
    alike: Alike,
    /// The end of the segment before.
    last: Spot,
    /// What the segment at hand was found to be.
    pub(super) check: Check,
    /// The segment at hand has no place; what to make of it may hang on more than its class.
    pub(super) is_stray: bool,
    pub(super) replaying: bool,
}

impl Walker {
    /// A walker that has seen nothing yet.
    pub fn new(guide: &'static Guide) -> Walker {
        Walker {
            guide,
            faults: Vec::new(),
            at: NOWHERE,
            footing: Footing::new(),
            gaps: Vec::new(),
            automaton: Automaton::new(),
            alike: Alike::default(),
            last: Spot::default(),
            check: Check::NOTHING,
            is_stray: false,
            replaying: false,
        }
    }

    /// One that remembers steps between so many footings, and gives up as [`Automaton::of`] says.
    #[cfg(test)]
    pub(super) fn remembering(guide: &'static Guide, most: usize, least_use: u64) -> Walker {
        Walker { automaton: Automaton::of(most, least_use), ..Walker::new(guide) }
    }

    /// Takes a segment of a unit's context: nothing of it is reported.
    ///
    /// In place of the ST of a transaction that is not to be checked, call [`Walker::pass_over`].
    pub fn replay(&mut self, segment: &Segment<'_, '_>) {
        self.stand();
        self.replaying = true;
        if let Some(class) = self.guide.class_of(segment) {
            self.place(class, segment);
            self.last = Spot::after(segment);
        }
    }

    /// Takes the next segment. ISA is only the end of what was before it; what has no well-formed id is nothing.
    ///
    /// In place of the ST of a transaction that is not to be checked, call [`Walker::pass_over`]. Returns the number of
    /// its letters, if the same segment stood before.
    #[inline]
    pub fn segment(&mut self, segment: &Segment<'_, '_>) -> Wording {
        let (known, place) = self.alike.look(segment);
        let (class, known_as, wording, step) = match known {
            Some(known) => {
                if known.step.from != self.at
                    && let Some(step) = self.automaton.step(self.at, known.step.class)
                {
                    known.step = step;
                }
                let step = Some(known.step).filter(|step| step.from == self.at);
                (known.step.class, known.node, known.wording, step)
            }
            None => match self.guide.class_of(segment) {
                Some(class) => (class, NONE, Wording::NONE, self.automaton.step(self.at, class)),
                None => return Wording::NONE,
            },
        };
        let Check { node, inside } = match step {
            Some(step) => {
                if cfg!(debug_assertions) {
                    self.prove(step, class, segment);
                }
                self.at = step.to;
                step.check
            }
            None => self.step_anew(class, segment),
        };
        let was_clean = node == known_as;
        if node != NONE && (!was_clean || cfg!(debug_assertions)) {
            let is_clean = elements::check(self.guide, node, inside, segment, was_clean, &mut self.faults);
            if let Some(place) = place.filter(|_| is_clean) {
                self.alike.note(place, segment, class, node);
            }
        }
        self.last = Spot::after(segment);
        wording
    }

    /// Brings the footing up to date.
    fn stand(&mut self) {
        let at = std::mem::replace(&mut self.at, NOWHERE);
        if let Some(footing) = self.automaton.footing(at) {
            self.footing.clone_from(footing);
        }
    }

    /// Finds out what a segment does, and remembers it if its class and the footing are all that decided it.
    #[cold]
    fn step_anew(&mut self, class: Class, segment: &Segment<'_, '_>) -> Check {
        let mut from = self.at;
        self.stand();
        // Steps after a context are never looked up: its footing has no number.
        self.end_of_context();
        if self.automaton.make_room(segment.number()) {
            from = NOWHERE;
            self.alike.forget_steps();
        }
        let is_even = self.gaps.is_empty();
        if is_even && from == NOWHERE {
            from = self.automaton.number(&self.footing);
        }
        let before = self.faults.len();
        self.place(class, segment);
        if is_even && self.gaps.is_empty() && !self.is_stray && self.faults.len() == before {
            self.at = self.automaton.number(&self.footing);
            self.automaton.remember(from, class, self.at, self.check);
        }
        self.check
    }

    /// Where speed does not matter, the long way is taken too, and must lead to the same.
    fn prove(&mut self, step: Step, class: Class, segment: &Segment<'_, '_>) {
        self.stand();
        let before = self.faults.len();
        self.place(class, segment);
        debug_assert_eq!(self.automaton.footing(step.to), Some(&self.footing), "a footing not reached");
        debug_assert_eq!(step.check, self.check, "another segment than was remembered");
        debug_assert!(self.gaps.is_empty() && self.faults.len() == before, "faults in what was remembered");
    }

    /// Ends what is open, and passes over everything up to the next ST (or ISA) that is given.
    pub fn pass_over(&mut self) {
        self.stand();
        self.end_of_header();
        self.leave();
        self.footing.state = State::PassingOver;
    }

    /// The unit begins in the middle of a claim: what follows is passed over up to the next segment that opens a loop.
    pub fn begin_in_claim(&mut self) {
        self.stand();
        self.end_of_context();
        (self.footing.header_trust, self.footing.trust) = (self.footing.trust, Trust::Astray);
        self.footing.in_claim = true;
    }

    /// Judges what the last claim or header of the unit lacks.
    pub fn end_of_unit(&mut self) {
        self.stand();
        self.end_of_context();
        self.end_of_header();
    }

    fn end_of_context(&mut self) {
        if !std::mem::take(&mut self.replaying) {
            return;
        }
        self.gaps.clear();
        for frame in &mut self.footing.frames {
            frame.judged = true;
        }
    }

    /// Finds out what a segment is, and what it does to the footing.
    fn place(&mut self, class: Class, segment: &Segment<'_, '_>) {
        self.check = Check::NOTHING;
        self.is_stray = false;
        let kind =
            class.index().and_then(|index| Some((index, self.guide.segments.get(usize::from(index))?.role)));
        match kind {
            Some((index, role)) if !role.is_content() => self.landmark(role, index, segment),
            Some((index, _)) if self.footing.state == State::Transaction => self.content(index, segment),
            None if self.footing.state == State::Transaction => self.unknown(segment),
            _ => {}
        }
    }

    #[inline]
    fn content(&mut self, index: u8, segment: &Segment<'_, '_>) {
        match self.find(index, segment, false) {
            Some(found) => {
                if self.footing.trust != Trust::Astray || found.item.inner != NONE {
                    self.accept(found, segment);
                }
            }
            None => self.unplaced(index, segment),
        }
    }

    fn landmark(&mut self, role: Role, index: u8, segment: &Segment<'_, '_>) {
        let open = matches!(self.footing.state, State::Transaction | State::Ended);
        match role {
            Role::Claim if open => self.claim(index, segment),
            Role::Level if open => self.level(index, segment),
            Role::Interchange => {
                self.end_of_header();
                self.leave();
                self.footing.state = State::Idle;
            }
            Role::Transaction => {
                self.end_of_header();
                self.leave();
                self.footing.trust = Trust::Sure;
                let Some(transaction) = self.guide.transaction else { return };
                self.footing.state = State::Transaction;
                self.open(transaction);
                self.check_in(transaction, index);
            }
            // Behind a GE as well: what stood between the two does not hang on it.
            Role::TransactionEnd if open => {
                self.end_of_header();
                self.judge_levels(0, segment);
                let is_first = self.footing.state == State::Transaction;
                self.footing.state = State::Ended;
                if let Some(transaction) = self.guide.transaction.filter(|_| is_first) {
                    self.check_in(transaction, index);
                }
            }
            // A group begins afresh, whatever was passed over before it.
            Role::Group => {
                self.end_of_header();
                self.leave();
                self.footing.state = State::Idle;
                self.check_envelope(index);
            }
            Role::GroupEnd | Role::InterchangeEnd if self.footing.state != State::PassingOver => {
                self.end_of_header();
                self.footing.state = if self.footing.frames.is_empty() { State::Idle } else { State::Ended };
                self.check_envelope(index);
            }
            _ => {}
        }
    }

    fn claim(&mut self, index: u8, segment: &Segment<'_, '_>) {
        self.end_of_header();
        self.footing.state = State::Transaction;
        self.footing.header_trust = self.footing.trust;
        if let Some(found) = self.find(index, segment, true) {
            self.accept(found, segment);
        } else {
            self.orphan(index, segment);
        }
        self.footing.in_claim = true;
    }

    fn level(&mut self, index: u8, segment: &Segment<'_, '_>) {
        self.end_of_header();
        self.footing.state = State::Transaction;
        if let Some(found) = self.find(index, segment, true) {
            self.judge_levels(found.depth + 1, segment);
            self.accept(found, segment);
        } else {
            self.orphan(index, segment);
        }
    }

    /// A line where there is no claim: checked all the same.
    pub(super) fn line(&mut self, index: u8, segment: &Segment<'_, '_>) {
        if !std::mem::replace(&mut self.footing.in_claim, true) {
            self.footing.header_trust = self.footing.trust;
        }
        self.orphan(index, segment);
    }

    /// Closes the claim, if one is open, and judges the loops around it that were not judged yet.
    fn end_of_header(&mut self) {
        let guide = self.guide;
        let header = |frame: &Frame| guide.loops.get(usize::from(frame.inside)).is_some_and(|one| one.header);
        let keep = self.footing.frames.iter().rposition(header).map_or(0, |at| at + 1);
        self.close_to(keep, self.last);
        for depth in 0..self.footing.frames.len() {
            self.judge(depth, self.last);
            self.footing.frames[depth].judged = true;
        }
        if let Some(at) = self.footing.frames.iter().position(|frame| frame.made_up) {
            self.footing.frames.truncate(at);
        }
        if std::mem::take(&mut self.footing.in_claim) {
            self.footing.trust = self.footing.header_trust;
        }
    }

    /// Leaves every open loop without a judgement.
    fn leave(&mut self) {
        self.footing.frames.clear();
        self.gaps.clear();
    }

    fn check_envelope(&mut self, index: u8) {
        let guide = self.guide;
        let is_it = |at: &&u16| guide.node(**at).is_some_and(|node| node.segment == index);
        if let Some(node) = guide.envelope.iter().find(is_it) {
            self.check = Check { node: *node, inside: NONE };
        }
    }

    /// Checks the elements of ST and SE, which are no loop's business to find.
    fn check_in(&mut self, inside: u16, index: u8) {
        let guide = self.guide;
        let Some(one) = guide.loops.get(usize::from(inside)) else { return };
        let items = one.items.of(&guide.items);
        let Some(at) =
            items.iter().position(|item| guide.node(item.node).is_some_and(|node| node.segment == index))
        else {
            return;
        };
        if let Some(frame) = self.footing.frames.first_mut() {
            frame.seen |= 1 << at;
        }
        self.check = Check { node: items[at].node, inside };
    }

    pub(super) fn inside(&self, depth: usize) -> Option<&'static Loop> {
        self.guide.loops.get(usize::from(self.footing.frames.get(depth)?.inside))
    }

    pub(super) fn item(&self, depth: usize, item: u8) -> Option<&'static Item> {
        self.inside(depth)?.items.of(&self.guide.items).get(usize::from(item))
    }

    /// The id of the innermost open loop.
    pub(super) fn here(&self) -> &'static str {
        self.footing.frames.last().map_or("", |frame| self.guide.loop_id(frame.inside))
    }

    #[cold]
    pub(super) fn fault_at(
        &mut self,
        name: &'static str,
        segment: &Segment<'_, '_>,
        loop_id: &'static str,
        what: &'static str,
        values: Vec<(&'static str, String)>,
        label: &str,
    ) {
        if self.replaying {
            return;
        }
        let length = u32::try_from(segment.id_bytes().len().min(16)).unwrap_or(0);
        self.push(GuideFault {
            name,
            span: Span::new(segment.offset(), length),
            at: (segment.offset(), segment.number()),
            loop_id,
            element: 0,
            component: 0,
            repetition: 0,
            data_element: 0,
            segment: String::from_utf8_lossy(segment.id_bytes()).into_owned(),
            name_of_segment: what,
            values,
            label: label.to_owned(),
        });
    }

    pub(super) fn push(&mut self, fault: GuideFault) {
        if !self.replaying {
            self.faults.push(fault);
        }
    }
}
