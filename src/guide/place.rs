//! Finds where a segment belongs: in the innermost open loop first, then outwards, never backwards unless it is said.

use super::compiled::{Cell, Guide, NONE, Node, Role, pack};
use super::elements;
use super::faults::GuideFault;
use super::walker::{Frame, Gap, Spot, Trust, Walker};
use crate::claim::Span;
use crate::x12::Segment;

impl Walker {
    /// The open loop, and which of its items, that the segment is when nothing goes backwards.
    ///
    /// A level or a claim (`anywhere`) may follow any other in its parent: how a file was cut must not matter.
    #[inline]
    pub(super) fn find(&self, index: u8, segment: &Segment<'_, '_>, anywhere: bool) -> Option<(usize, u8)> {
        let mut depth = self.frames.len();
        for frame in self.frames.iter().rev() {
            depth -= 1;
            let cell = self.guide.cell(frame.inside, index);
            if cell.rows.len > 0
                && let Some(item) = self.find_in(frame, cell, segment, if anywhere { 0 } else { frame.at })
            {
                return Some((depth, item));
            }
            // Nothing in a claim belongs to what was before it.
            if !anywhere && self.guide.loops.get(usize::from(frame.inside)).is_none_or(|one| one.anchor) {
                return None;
            }
        }
        None
    }

    /// Which item of the loop the segment is, of those that stand at `from` or later.
    #[inline]
    fn find_in(&self, frame: &Frame, cell: Cell, segment: &Segment<'_, '_>, from: u16) -> Option<u8> {
        let guide = self.guide;
        let code = key_code(segment, cell.element, cell.component);
        let items = guide.loops.get(usize::from(frame.inside))?.items.of(&guide.items);
        let mut full = None;
        for row in cell.rows.of(&guide.rows) {
            if row.code != code && row.code != 0 {
                continue;
            }
            let item = items.get(usize::from(row.item))?;
            if item.at < from || row.more && !has_keys(guide.node(item.node), segment) {
                continue;
            }
            if !frame.is_full(row.item, item) {
                return Some(row.item);
            }
            full = full.or(Some(row.item));
        }
        full
    }

    /// Takes the segment as an item of the loop at `depth`; what is open inside that loop ends.
    #[inline]
    pub(super) fn accept(&mut self, depth: usize, index: u8, segment: &Segment<'_, '_>) {
        if self.frames.len() > depth + 1 {
            self.close_to(depth + 1, Spot::before(segment));
        }
        if let Some(frame) = self.frames.get_mut(depth)
            && let Some(one) = self.guide.loops.get(usize::from(frame.inside))
            && let Some(item) = one.items.of(&self.guide.items).get(usize::from(index))
        {
            frame.at = item.at;
            let passed = one.required & item.before & !(frame.seen | frame.noted);
            if passed != 0 && !frame.judged {
                frame.noted |= passed;
                self.gaps.push(Gap { depth, items: passed, place: Spot::before(segment) });
            }
        }
        self.count(depth, index, segment);
    }

    /// Counts the segment as an item of the loop at `depth`, opens what it opens and checks its elements.
    #[inline]
    fn count(&mut self, depth: usize, index: u8, segment: &Segment<'_, '_>) {
        let guide = self.guide;
        let Some(item) = self.item(depth, index) else { return };
        let Some(frame) = self.frames.get_mut(depth) else { return };
        let bit = 1_u64 << index;
        let over = match item.most {
            0 => false,
            1 => frame.seen & bit != 0,
            most => {
                let count = &mut frame.counts[usize::from(item.slot)];
                *count = count.saturating_add(1);
                u16::from(*count) > most
            }
        };
        frame.seen |= bit;
        let mut inside = frame.inside;
        if over && frame.over & bit == 0 {
            frame.over |= bit;
            self.too_many(depth, index, segment);
        }
        // What opens a loop may be missing before this, so that what follows repeats as well.
        if over && item.inner == NONE && self.trust == Trust::Sure {
            self.trust = Trust::Doubt;
        }
        let Some(node) = guide.node(item.node) else { return };
        if item.inner != NONE {
            inside = item.inner;
            self.open(inside);
            let plain =
                guide.segments.get(usize::from(node.segment)).is_none_or(|kind| kind.role == Role::Plain);
            if self.trust == Trust::Lost && plain {
                self.frames.iter_mut().skip(depth + 1).for_each(|frame| frame.judged = true);
                return;
            }
            // One too many after something unplaced may be a namesake of what it was meant for.
            if !over {
                self.trust = Trust::Sure;
            }
        }
        if !self.replaying {
            elements::check(guide, node, guide.loop_id(inside), segment, &mut self.faults);
        }
    }

    pub(super) fn open(&mut self, inside: u16) {
        let mut frame = Frame::new(inside);
        frame.seen = 1;
        self.frames.push(frame);
    }

    /// Ends the loops from `keep` on, and judges what they lack.
    pub(super) fn close_to(&mut self, keep: usize, place: Spot) {
        for depth in (keep..self.frames.len()).rev() {
            self.judge(depth, place);
        }
        self.frames.truncate(keep);
        if !self.gaps.is_empty() {
            self.gaps.retain(|gap| gap.depth < keep);
        }
    }

    /// Reports what the loop at `depth` lacks: where it was passed over, or at `place`.
    #[inline]
    pub(super) fn judge(&mut self, depth: usize, place: Spot) {
        let (Some(frame), Some(one)) = (self.frames.get(depth), self.inside(depth)) else { return };
        let missing = one.required & !(frame.seen | frame.excused);
        if missing != 0 && !frame.judged {
            self.lacks(depth, missing, place);
        }
    }

    /// Reports loops that an HL should have opened in the loops from `depth` on.
    pub(super) fn judge_levels(&mut self, depth: usize, segment: &Segment<'_, '_>) {
        for depth in depth..self.frames.len() {
            let Some(one) = self.inside(depth) else { continue };
            let frame = &mut self.frames[depth];
            let missing = one.levels & !(frame.seen | frame.excused);
            if !std::mem::replace(&mut frame.levels_judged, true) && missing != 0 {
                self.lacks(depth, missing, Spot::before(segment));
            }
        }
    }

    #[cold]
    fn lacks(&mut self, depth: usize, missing: u64, place: Spot) {
        let guide = self.guide;
        let Some(one) = self.inside(depth) else { return };
        for (index, item) in one.items.of(&guide.items).iter().enumerate() {
            if missing >> index & 1 == 0 {
                continue;
            }
            let noted = self.gaps.iter().find(|gap| gap.depth == depth && gap.items >> index & 1 != 0);
            let place = noted.map_or(place, |gap| gap.place);
            let segment = self.segment_id(item.node);
            let inner = guide.loops.get(usize::from(item.inner));
            let (name, loop_id, what, values) = match inner {
                Some(inner) => {
                    let values = vec![("loop", inner.id.to_owned()), ("what", inner.name.to_owned())];
                    ("loop-missing", inner.id, inner.name, values)
                }
                None => {
                    let what = guide.node(item.node).map_or("", |node| node.name);
                    let values = vec![
                        ("segment", segment.clone()),
                        ("what", what.to_owned()),
                        ("loop", one.id.to_owned()),
                    ];
                    ("segment-missing", one.id, what, values)
                }
            };
            let label = match inner {
                Some(inner) => format!("loop {} is missing", inner.id),
                None => format!("{segment} is missing"),
            };
            self.push(GuideFault {
                name,
                span: Span::new(place.offset, 0),
                at: place.at,
                loop_id,
                element: 0,
                component: 0,
                repetition: 0,
                data_element: 0,
                segment,
                name_of_segment: what,
                values,
                label,
            });
        }
    }

    #[cold]
    fn too_many(&mut self, depth: usize, index: u8, segment: &Segment<'_, '_>) {
        let guide = self.guide;
        let (Some(item), Some(one)) = (self.item(depth, index), self.inside(depth)) else { return };
        if self.trust != Trust::Sure {
            return;
        }
        let most = item.most.to_string();
        let label = format!("{most} at most");
        if let Some(inner) = guide.loops.get(usize::from(item.inner)) {
            let values = vec![("loop", inner.id.to_owned()), ("what", inner.name.to_owned()), ("most", most)];
            self.fault_at("loop-repeat", segment, inner.id, inner.name, values, &label);
        } else {
            let what = guide.node(item.node).map_or("", |node| node.name);
            let values =
                vec![("segment", self.segment_id(item.node)), ("what", what.to_owned()), ("most", most)];
            self.fault_at("segment-repeat", segment, one.id, what, values, &label);
        }
    }

    /// A segment of the guide for which there is no place from here on.
    #[cold]
    pub(super) fn unplaced(&mut self, index: u8, segment: &Segment<'_, '_>) {
        let guide = self.guide;
        if guide.segments.get(usize::from(index)).is_some_and(|kind| kind.role == Role::Line) {
            return self.line(index, segment);
        }
        if self.trust == Trust::Astray {
            return;
        }
        let mut nearest = None;
        for depth in self.since_anchor() {
            let frame = self.frames[depth];
            let cell = guide.cell(frame.inside, index);
            if cell.rows.len == 0 {
                continue;
            }
            if let Some(item) = self.find_in(&frame, cell, segment, 0) {
                return self.backwards(depth, item, segment);
            }
            nearest = nearest.or(Some((depth, cell)));
        }
        let known = (0..guide.loops.len() as u16).any(|inside| {
            let cell = guide.cell(inside, index);
            cell.rows.len > 0 && self.find_in(&Frame::new(inside), cell, segment, 0).is_some()
        });
        match nearest {
            Some((depth, cell)) if !known => self.miskeyed(depth, cell, segment),
            _ => self.unexpected(index, segment),
        }
    }

    /// The open loops from the innermost to the one that ST, HL or CLM opened.
    fn since_anchor(&self) -> Vec<usize> {
        let mut depths: Vec<usize> = (0..self.frames.len()).rev().collect();
        let anchor = depths.iter().position(|depth| self.inside(*depth).is_some_and(|one| one.anchor));
        depths.truncate(anchor.map_or(depths.len(), |at| at + 1));
        depths
    }

    fn backwards(&mut self, depth: usize, index: u8, segment: &Segment<'_, '_>) {
        let guide = self.guide;
        let (Some(item), Some(one)) = (self.item(depth, index), self.inside(depth)) else { return };
        let inner = guide.loops.get(usize::from(item.inner));
        let full = self.frames[depth].is_full(index, item);
        if self.trust == Trust::Sure && !full {
            let what =
                inner.map_or_else(|| guide.node(item.node).map_or("", |node| node.name), |inner| inner.name);
            let loop_id = inner.map_or(one.id, |inner| inner.id);
            let values = vec![
                ("segment", self.segment_id(item.node)),
                ("what", what.to_owned()),
                ("loop", loop_id.to_owned()),
            ];
            self.fault_at("segment-order", segment, loop_id, what, values, "stands too late");
        }
        self.take(depth, index, segment);
    }

    /// Takes a segment that does not follow what stands before it, so that the next ones still can.
    fn take(&mut self, depth: usize, index: u8, segment: &Segment<'_, '_>) {
        if self.item(depth, index).is_some_and(|item| item.inner != NONE) || depth + 1 == self.frames.len() {
            for frame in self.frames.iter_mut().skip(depth + 1) {
                frame.judged = true;
            }
            self.accept(depth, index, segment);
        } else {
            self.count(depth, index, segment);
        }
    }

    /// A segment of a loop whose key is none that may stand here.
    fn miskeyed(&mut self, depth: usize, cell: Cell, segment: &Segment<'_, '_>) {
        let guide = self.guide;
        let rows = cell.rows.of(&guide.rows);
        let Some(first) = rows.first() else { return };
        if rows.iter().all(|row| row.item == first.item) {
            return self.take(depth, first.item, segment);
        }
        let Some(node) = self.item(depth, first.item).and_then(|item| guide.node(item.node)) else { return };
        if self.trust == Trust::Sure && !self.replaying {
            let key = (cell.element, cell.component);
            let loop_id = guide.loop_id(self.frames[depth].inside);
            elements::key_fault(guide, node, loop_id, segment, key, &mut self.faults);
        }
        for row in rows {
            self.frames[depth].excused |= 1 << row.item;
            if self.item(depth, row.item).is_some_and(|item| item.inner != NONE) {
                self.trust = Trust::Astray;
            }
        }
    }

    fn unexpected(&mut self, index: u8, segment: &Segment<'_, '_>) {
        let guide = self.guide;
        self.report_unexpected(segment);
        for depth in self.since_anchor() {
            let Some(one) = self.inside(depth) else { continue };
            for (at, item) in one.items.of(&guide.items).iter().enumerate() {
                if item.inner != NONE && guide.holds(item.inner, index) {
                    self.frames[depth].excused |= 1 << at;
                }
            }
        }
        let opens = guide.segments.get(usize::from(index)).is_some_and(|kind| kind.opens);
        if self.trust != Trust::Lost {
            self.trust = if opens { Trust::Astray } else { Trust::Lost };
        }
    }

    fn report_unexpected(&mut self, segment: &Segment<'_, '_>) {
        if self.trust == Trust::Sure {
            let here = self.here();
            let id = String::from_utf8_lossy(segment.id_bytes()).into_owned();
            let values = vec![("segment", id), ("loop", here.to_owned())];
            self.fault_at("segment-unexpected", segment, here, "", values, "not in this place");
        }
    }

    /// A segment that the guide does not use at all.
    #[cold]
    pub(super) fn unknown(&mut self, segment: &Segment<'_, '_>) {
        if segment.has_well_formed_id() {
            let here = self.here();
            let values = vec![("segment", String::from_utf8_lossy(segment.id_bytes()).into_owned())];
            self.fault_at("segment-unknown", segment, here, "", values, "not a segment of the guide");
        }
        // It may be meant for the next thing that is required, misspelt.
        for depth in self.since_anchor() {
            let Some(one) = self.inside(depth) else { continue };
            let frame = &mut self.frames[depth];
            let lacking = one.required & !(frame.seen | frame.excused);
            let items = one.items.of(&self.guide.items).iter().enumerate();
            let next = items
                .filter(|(index, item)| lacking >> index & 1 != 0 && item.at >= frame.at)
                .min_by_key(|(_, item)| item.at);
            if let Some((index, _)) = next {
                frame.excused |= 1 << index;
                break;
            }
        }
        if self.trust == Trust::Sure {
            self.trust = Trust::Doubt;
        }
    }

    /// An HL, CLM or LX whose parents are not there: reported once, then checked as if they were.
    #[cold]
    pub(super) fn orphan(&mut self, index: u8, segment: &Segment<'_, '_>) {
        let guide = self.guide;
        let by_level = guide.segments.get(usize::from(index)).is_some_and(|kind| kind.role == Role::Level);
        let opened = guide.loops.iter().position(|one| {
            let opener = one.items.of(&guide.items).first().and_then(|item| guide.node(item.node));
            opener.is_some_and(|node| node.segment == index && has_keys(Some(node), segment))
        });
        let Some(opened) = opened else { return self.lost_level(index, segment) };
        self.report_unexpected(segment);
        let mut absent = vec![opened as u16];
        let depth = loop {
            let lowest = absent.last().copied().unwrap_or(NONE);
            let Some(parent) = guide.loops.get(usize::from(lowest)).map(|one| one.parent) else { return };
            if let Some(depth) = self.frames.iter().rposition(|frame| frame.inside == parent) {
                break depth;
            }
            if absent.len() > guide.loops.len() {
                return;
            }
            absent.push(parent);
        };
        self.frames.iter_mut().skip(depth + 1).for_each(|frame| frame.judged = true);
        self.close_to(depth + 1, Spot::before(segment));
        while let Some(inside) = absent.pop() {
            let depth = self.frames.len() - 1;
            let Some(one) = self.inside(depth) else { return };
            let Some(item) = one.items.of(&guide.items).iter().position(|item| item.inner == inside) else {
                return;
            };
            if absent.is_empty() {
                return self.accept(depth, item as u8, segment);
            }
            if by_level {
                self.frames[depth].seen |= 1 << item;
            }
            self.frames.push(Frame {
                judged: true,
                levels_judged: true,
                made_up: !by_level,
                ..Frame::new(inside)
            });
        }
    }

    /// An HL whose level is none: what follows it is nobody's.
    fn lost_level(&mut self, index: u8, segment: &Segment<'_, '_>) {
        let guide = self.guide;
        let cell =
            self.since_anchor().first().map(|depth| (*depth, guide.cell(self.frames[*depth].inside, index)));
        let node = guide.nodes.iter().find(|node| node.segment == index);
        if let (Some((depth, _)), Some(node)) = (cell, node)
            && self.trust == Trust::Sure
            && !self.replaying
            && let Some(key) = node.keys.first()
        {
            let key = (key.element, key.component);
            let loop_id = guide.loop_id(self.frames[depth].inside);
            elements::key_fault(guide, node, loop_id, segment, key, &mut self.faults);
        }
        self.frames.truncate(2);
        self.frames.iter_mut().for_each(|frame| frame.levels_judged = true);
        self.trust = Trust::Astray;
    }

    fn segment_id(&self, node: u16) -> String {
        let segment = self.guide.node(node).map(|node| usize::from(node.segment));
        segment.and_then(|index| self.guide.segments.get(index)).map_or("", |kind| kind.id).to_owned()
    }
}

#[inline]
fn key_code(segment: &Segment<'_, '_>, element: u8, component: u8) -> u32 {
    match (element, component) {
        (0, _) => 0,
        (element, 0) => pack(segment.element(usize::from(element)).bytes),
        (element, part) => pack(segment.component(usize::from(element), usize::from(part)).bytes),
    }
}

/// Whether the segment has every key of the node.
fn has_keys(node: Option<&Node>, segment: &Segment<'_, '_>) -> bool {
    node.is_some_and(|node| {
        node.keys.iter().all(|key| key.codes.contains(&key_code(segment, key.element, key.component)))
    })
}

impl Guide {
    /// The ids of all loops, in the order of the table.
    pub fn loop_ids(&self) -> impl Iterator<Item = &'static str> {
        self.loops.iter().map(|one| one.id)
    }
}
