//! Follows the segments of a transaction through the loops of the guide.
//!
//! What a stretch of a file gives does not depend on where the file was cut: what stands before a claim is judged at
//! the CLM, HL or SE that ends it, in the unit of work that holds it, and never when it is replayed as context.

use super::alike::Alike;
use super::codes::{pack, pack_at};
use super::compiled::{Guide, Item, Loop, NONE, Role, SLOTS};
use super::elements;
use super::faults::GuideFault;
use crate::claim::Span;
use crate::x12::Segment;

/// How far what comes next can be judged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
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

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Before a transaction.
    Idle,
    /// In one that is not checked.
    PassingOver,
    Transaction,
    /// After SE. What an HL or a CLM says here is still checked: an ST may have been lost.
    Ended,
}

/// A loop that is open.
#[derive(Clone, Copy, Debug)]
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
    pub(super) fn before(segment: &Segment<'_, '_>) -> Spot {
        Spot { offset: segment.offset(), at: (segment.offset(), segment.number()) }
    }
}

/// Holds a transaction against the guide, segment by segment. One walker serves one unit of work.
#[derive(Debug)]
pub struct Walker {
    pub(super) guide: &'static Guide,
    /// What was found; the caller takes it away.
    pub faults: Vec<GuideFault>,
    pub(super) frames: Vec<Frame>,
    pub(super) gaps: Vec<Gap>,
    pub(super) alike: Alike,
    /// The end of the segment before.
    last: Spot,
    state: State,
    pub(super) trust: Trust,
    /// What `trust` was before the claim.
    header_trust: Trust,
    in_claim: bool,
    pub(super) replaying: bool,
}

impl Walker {
    /// A walker that has seen nothing yet.
    pub fn new(guide: &'static Guide) -> Walker {
        Walker {
            guide,
            faults: Vec::new(),
            frames: Vec::with_capacity(12),
            gaps: Vec::new(),
            alike: Alike::default(),
            last: Spot::default(),
            state: State::Idle,
            trust: Trust::Sure,
            header_trust: Trust::Sure,
            in_claim: false,
            replaying: false,
        }
    }

    /// Takes a segment of a unit's context: nothing of it is reported.
    ///
    /// In place of the ST of a transaction that is not to be checked, call [`Walker::pass_over`].
    pub fn replay(&mut self, segment: &Segment<'_, '_>) {
        self.replaying = true;
        let index = self.index_of(segment);
        if index.is_some() || segment.has_well_formed_id() {
            self.step(index, segment);
        }
    }

    /// Takes the next segment. ISA is only the end of what was before it; what has no well-formed id is nothing.
    ///
    /// In place of the ST of a transaction that is not to be checked, call [`Walker::pass_over`].
    #[inline]
    pub fn segment(&mut self, segment: &Segment<'_, '_>) {
        let index = self.index_of(segment);
        if index.is_none() && !segment.has_well_formed_id() {
            return;
        }
        if self.replaying {
            self.end_of_context();
        }
        self.step(index, segment);
    }

    /// Which segment of the guide it is.
    #[inline]
    fn index_of(&self, segment: &Segment<'_, '_>) -> Option<u8> {
        let id = match segment.cut() {
            Some(cut) => {
                pack_at(cut.bytes, cut.range.0, cut.separators.first().copied().unwrap_or(cut.range.1))
            }
            None => pack(segment.id_bytes()),
        };
        self.guide.segment_index(id)
    }

    /// Ends what is open, and passes over everything up to the next ST (or ISA) that is given.
    pub fn pass_over(&mut self) {
        self.end_of_header();
        self.frames.clear();
        self.state = State::PassingOver;
    }

    /// The unit begins in the middle of a claim: what follows is passed over up to the next segment that opens a loop.
    pub fn begin_in_claim(&mut self) {
        self.end_of_context();
        (self.header_trust, self.trust) = (self.trust, Trust::Astray);
        self.in_claim = true;
    }

    /// Judges what the last claim or header of the unit lacks.
    pub fn end_of_unit(&mut self) {
        self.end_of_context();
        self.end_of_header();
    }

    fn end_of_context(&mut self) {
        if !std::mem::take(&mut self.replaying) {
            return;
        }
        self.gaps.clear();
        for frame in &mut self.frames {
            frame.judged = true;
        }
    }

    #[inline]
    fn step(&mut self, index: Option<u8>, segment: &Segment<'_, '_>) {
        let kind = index.and_then(|index| Some((index, self.guide.segments.get(usize::from(index))?.role)));
        match kind {
            Some((index, role)) if !role.is_content() => self.landmark(role, index, segment),
            Some((index, _)) if self.state == State::Transaction => self.content(index, segment),
            None if self.state == State::Transaction => self.unknown(segment),
            _ => {}
        }
        self.last = Spot { offset: segment.end(), at: (segment.offset(), segment.number()) };
    }

    #[inline]
    fn content(&mut self, index: u8, segment: &Segment<'_, '_>) {
        match self.find(index, segment, false) {
            Some(found) => {
                if self.trust != Trust::Astray || found.item.inner != NONE {
                    self.accept(found, segment);
                }
            }
            None => self.unplaced(index, segment),
        }
    }

    fn landmark(&mut self, role: Role, index: u8, segment: &Segment<'_, '_>) {
        let open = matches!(self.state, State::Transaction | State::Ended);
        match role {
            Role::Claim if open => self.claim(index, segment),
            Role::Level if open => self.level(index, segment),
            Role::Interchange => {
                self.end_of_header();
                self.frames.clear();
                self.state = State::Idle;
            }
            Role::Transaction => {
                self.end_of_header();
                self.frames.clear();
                self.trust = Trust::Sure;
                let Some(transaction) = self.guide.transaction else { return };
                self.state = State::Transaction;
                self.open(transaction);
                self.check_in(transaction, index, segment);
            }
            Role::TransactionEnd if self.state == State::Transaction => {
                self.end_of_header();
                self.judge_levels(0, segment);
                self.state = State::Ended;
                let Some(transaction) = self.guide.transaction else { return };
                self.check_in(transaction, index, segment);
            }
            // A group begins afresh, whatever was passed over before it.
            Role::Group => {
                self.end_of_header();
                self.frames.clear();
                self.state = State::Idle;
                self.check_envelope(index, segment);
            }
            Role::GroupEnd | Role::InterchangeEnd if self.state != State::PassingOver => {
                self.end_of_header();
                self.state = if self.frames.is_empty() { State::Idle } else { State::Ended };
                self.check_envelope(index, segment);
            }
            _ => {}
        }
    }

    fn claim(&mut self, index: u8, segment: &Segment<'_, '_>) {
        self.end_of_header();
        self.state = State::Transaction;
        self.header_trust = self.trust;
        if let Some(found) = self.find(index, segment, true) {
            self.accept(found, segment);
        } else {
            self.orphan(index, segment);
        }
        self.in_claim = true;
    }

    fn level(&mut self, index: u8, segment: &Segment<'_, '_>) {
        self.end_of_header();
        self.state = State::Transaction;
        if let Some(found) = self.find(index, segment, true) {
            self.judge_levels(found.depth + 1, segment);
            self.accept(found, segment);
        } else {
            self.orphan(index, segment);
        }
    }

    /// A line where there is no claim: checked all the same.
    pub(super) fn line(&mut self, index: u8, segment: &Segment<'_, '_>) {
        if !std::mem::replace(&mut self.in_claim, true) {
            self.header_trust = self.trust;
        }
        self.orphan(index, segment);
    }

    /// Closes the claim, if one is open, and judges the loops around it that were not judged yet.
    fn end_of_header(&mut self) {
        let guide = self.guide;
        let header = |frame: &Frame| guide.loops.get(usize::from(frame.inside)).is_some_and(|one| one.header);
        let keep = self.frames.iter().rposition(header).map_or(0, |at| at + 1);
        self.close_to(keep, self.last);
        for depth in 0..self.frames.len() {
            self.judge(depth, self.last);
            self.frames[depth].judged = true;
        }
        if let Some(at) = self.frames.iter().position(|frame| frame.made_up) {
            self.frames.truncate(at);
        }
        if std::mem::take(&mut self.in_claim) {
            self.trust = self.header_trust;
        }
    }

    fn check_envelope(&mut self, index: u8, segment: &Segment<'_, '_>) {
        let guide = self.guide;
        let is_it = |at: &&u16| guide.node(**at).is_some_and(|node| node.segment == index);
        if let Some(node) = guide.envelope.iter().find(is_it)
            && !self.replaying
        {
            elements::check(guide, *node, NONE, segment, &mut self.alike, &mut self.faults);
        }
    }

    /// Checks the elements of ST and SE, which are no loop's business to find.
    fn check_in(&mut self, inside: u16, index: u8, segment: &Segment<'_, '_>) {
        let guide = self.guide;
        let Some(one) = guide.loops.get(usize::from(inside)) else { return };
        let items = one.items.of(&guide.items);
        let Some(at) =
            items.iter().position(|item| guide.node(item.node).is_some_and(|node| node.segment == index))
        else {
            return;
        };
        if let Some(frame) = self.frames.first_mut() {
            frame.seen |= 1 << at;
        }
        if !self.replaying {
            elements::check(guide, items[at].node, inside, segment, &mut self.alike, &mut self.faults);
        }
    }

    pub(super) fn inside(&self, depth: usize) -> Option<&'static Loop> {
        self.guide.loops.get(usize::from(self.frames.get(depth)?.inside))
    }

    pub(super) fn item(&self, depth: usize, item: u8) -> Option<&'static Item> {
        self.inside(depth)?.items.of(&self.guide.items).get(usize::from(item))
    }

    /// The id of the innermost open loop.
    pub(super) fn here(&self) -> &'static str {
        self.frames.last().map_or("", |frame| self.guide.loop_id(frame.inside))
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
