//! Finds where a segment belongs: in the innermost open loop first, then outwards, never backwards unless it is said.

use super::automaton::Check;
use super::class::{has_keys, key_code};
use super::compiled::{Cell, Guide, Item, Loop, NONE, Node, Role};
use super::faults::{GuideFault, times};
use super::footing::{Frame, Trust};
use super::walker::{Gap, Spot, Walker};
use crate::claim::Span;
use crate::x12::Segment;

/// What a segment is: an item of an open loop.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) depth: usize,
    /// Place of the item in its loop.
    pub(super) index: u8,
    pub(super) item: &'static Item,
    one: &'static Loop,
}

impl Walker {
    /// The item at `index` of the open loop at `depth`.
    pub(super) fn found(&self, depth: usize, index: u8) -> Option<Found> {
        let one = self.inside(depth)?;
        let item = one.items.of(&self.guide.items).get(usize::from(index))?;
        Some(Found { depth, index, item, one })
    }

    /// The open loop, and which of its items, that the segment is when nothing goes backwards.
    ///
    /// A level or a claim (`anywhere`) may follow any other in its parent: how a file was cut must not matter.
    #[inline]
    pub(super) fn find(&self, index: u8, segment: &Segment<'_, '_>, anywhere: bool) -> Option<Found> {
        let mut depth = self.footing.frames.len();
        for frame in self.footing.frames.iter().rev() {
            depth -= 1;
            let one = self.guide.loops.get(usize::from(frame.inside))?;
            let cell = self.guide.cell(frame.inside, index);
            if cell.rows.len > 0 {
                let from = if anywhere { 0 } else { frame.at };
                if let Some((index, item)) = self.find_in(frame, one, cell, segment, from) {
                    return Some(Found { depth, index, item, one });
                }
            }
            // Nothing in a claim belongs to what was before it.
            if !anywhere && one.anchor {
                return None;
            }
        }
        None
    }

    /// Which item of the loop the segment is, of those that stand at `from` or later.
    #[inline]
    pub(super) fn find_in(
        &self,
        frame: &Frame,
        one: &'static Loop,
        cell: Cell,
        segment: &Segment<'_, '_>,
        from: u16,
    ) -> Option<(u8, &'static Item)> {
        let guide = self.guide;
        let code = key_code(segment, (cell.element, cell.component));
        let items = one.items.of(&guide.items);
        let slot = guide.code(cell.codes, code);
        if let Some(index) = slot.and_then(|slot| slot.sole) {
            let item = items.get(usize::from(index))?;
            return (item.at >= from).then_some((index, item));
        }
        let first = slot.map_or(cell.any, |slot| slot.row);
        let mut full = None;
        for row in cell.rows.of(&guide.rows).get(usize::from(first)..).unwrap_or_default() {
            if row.code != code && row.code != 0 {
                continue;
            }
            let item = items.get(usize::from(row.item))?;
            if item.at < from || row.more && !has_keys(guide.node(item.node), segment) {
                continue;
            }
            if !frame.is_full(row.item, item) {
                return Some((row.item, item));
            }
            full = full.or(Some((row.item, item)));
        }
        full
    }

    /// Takes the segment as what it was found to be; what is open inside that loop ends.
    #[inline]
    pub(super) fn accept(&mut self, found: Found, segment: &Segment<'_, '_>) {
        let Found { depth, item, one, .. } = found;
        if self.footing.frames.len() > depth + 1 {
            self.close_to(depth + 1, Spot::before(segment));
        }
        let Some(frame) = self.footing.frames.get_mut(depth) else { return };
        frame.at = item.at;
        let passed = one.required & item.before & !(frame.seen | frame.noted);
        if passed != 0 && !frame.judged {
            frame.noted |= passed;
            self.gaps.push(Gap { depth, items: passed, place: Spot::before(segment) });
        }
        self.count(found, segment);
    }

    /// Counts the segment as what it was found to be, opens what it opens and checks its elements.
    #[inline]
    pub(super) fn count(&mut self, found: Found, segment: &Segment<'_, '_>) {
        let Found { depth, index, item, .. } = found;
        let guide = self.guide;
        let Some(frame) = self.footing.frames.get_mut(depth) else { return };
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
        if over && item.inner == NONE && self.footing.trust == Trust::Sure {
            self.footing.trust = Trust::Doubt;
        }
        let Some(node) = guide.node(item.node) else { return };
        if item.inner != NONE {
            inside = item.inner;
            self.open(inside);
            if self.footing.trust == Trust::Lost && is_plain(guide, node) {
                self.footing.frames.iter_mut().skip(depth + 1).for_each(|frame| frame.judged = true);
                return;
            }
            // One too many after something unplaced may be a namesake of what it was meant for.
            if !over {
                self.footing.trust = Trust::Sure;
            }
        }
        self.check = Check { node: item.node, inside };
    }

    pub(super) fn open(&mut self, inside: u16) {
        let mut frame = Frame::new(inside);
        frame.seen = 1;
        self.footing.frames.push(frame);
    }

    /// Ends the loops from `keep` on, and judges what they lack.
    pub(super) fn close_to(&mut self, keep: usize, place: Spot) {
        for depth in (keep..self.footing.frames.len()).rev() {
            self.judge(depth, place);
        }
        self.footing.frames.truncate(keep);
        if !self.gaps.is_empty() {
            self.gaps.retain(|gap| gap.depth < keep);
        }
    }

    /// Reports what the loop at `depth` lacks: where it was passed over, or at `place`.
    #[inline]
    pub(super) fn judge(&mut self, depth: usize, place: Spot) {
        let (Some(frame), Some(one)) = (self.footing.frames.get(depth), self.inside(depth)) else { return };
        let missing = one.required & !(frame.seen | frame.excused);
        if missing != 0 && !frame.judged {
            self.lacks(depth, missing, place);
        }
    }

    /// Reports loops that an HL should have opened in the loops from `depth` on.
    pub(super) fn judge_levels(&mut self, depth: usize, segment: &Segment<'_, '_>) {
        for depth in depth..self.footing.frames.len() {
            let Some(one) = self.inside(depth) else { continue };
            let frame = &mut self.footing.frames[depth];
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
        if self.footing.trust != Trust::Sure {
            return;
        }
        let (most, label) = (times(usize::from(item.most)), format!("{} at most", item.most));
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

    pub(super) fn segment_id(&self, node: u16) -> String {
        let segment = self.guide.node(node).map(|node| usize::from(node.segment));
        segment.and_then(|index| self.guide.segments.get(index)).map_or("", |kind| kind.id).to_owned()
    }
}

fn is_plain(guide: &Guide, node: &Node) -> bool {
    guide.segments.get(usize::from(node.segment)).is_none_or(|kind| kind.role == Role::Plain)
}

impl Guide {
    /// The ids of all loops, in the order of the table.
    pub fn loop_ids(&self) -> impl Iterator<Item = &'static str> {
        self.loops.iter().map(|one| one.id)
    }
}
