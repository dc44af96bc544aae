//! Segments that have no place where they stand: names the cause once, and finds a footing for what follows.

use super::class::has_keys;
use super::compiled::{Cell, NONE, Role};
use super::elements;
use super::footing::{Frame, Trust};
use super::walker::{Spot, Walker};
use crate::x12::Segment;

impl Walker {
    /// A segment of the guide for which there is no place from here on.
    #[cold]
    pub(super) fn unplaced(&mut self, index: u8, segment: &Segment<'_, '_>) {
        self.is_stray = true;
        let guide = self.guide;
        if guide.segments.get(usize::from(index)).is_some_and(|kind| kind.role == Role::Line) {
            return self.line(index, segment);
        }
        if self.footing.trust == Trust::Astray {
            return;
        }
        let mut nearest = None;
        for depth in self.since_anchor() {
            let frame = self.footing.frames[depth];
            let cell = guide.cell(frame.inside, index);
            if cell.rows.len == 0 {
                continue;
            }
            if let Some(one) = self.inside(depth)
                && let Some((item, _)) = self.find_in(&frame, one, cell, segment, 0)
            {
                return self.backwards(depth, item, segment);
            }
            nearest = nearest.or(Some((depth, cell)));
        }
        let known = (0_u16..).zip(&guide.loops).any(|(inside, one)| {
            let cell = guide.cell(inside, index);
            cell.rows.len > 0 && self.find_in(&Frame::new(inside), one, cell, segment, 0).is_some()
        });
        match nearest {
            Some((depth, cell)) if !known => self.miskeyed(depth, cell, segment),
            _ => self.unexpected(index, segment),
        }
    }

    /// The open loops from the innermost to the one that ST, HL or CLM opened.
    fn since_anchor(&self) -> Vec<usize> {
        let mut depths: Vec<usize> = (0..self.footing.frames.len()).rev().collect();
        let anchor = depths.iter().position(|depth| self.inside(*depth).is_some_and(|one| one.anchor));
        depths.truncate(anchor.map_or(depths.len(), |at| at + 1));
        depths
    }

    fn backwards(&mut self, depth: usize, index: u8, segment: &Segment<'_, '_>) {
        let guide = self.guide;
        let (Some(item), Some(one)) = (self.item(depth, index), self.inside(depth)) else { return };
        let inner = guide.loops.get(usize::from(item.inner));
        let full = self.footing.frames[depth].is_full(index, item);
        if self.footing.trust == Trust::Sure && !full {
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
        let Some(found) = self.found(depth, index) else { return };
        if found.item.inner != NONE || depth + 1 == self.footing.frames.len() {
            for frame in self.footing.frames.iter_mut().skip(depth + 1) {
                frame.judged = true;
            }
            self.accept(found, segment);
        } else {
            self.count(found, segment);
        }
    }

    /// A segment of a loop whose key is none that may stand here.
    fn miskeyed(&mut self, depth: usize, cell: Cell, segment: &Segment<'_, '_>) {
        let guide = self.guide;
        let rows = cell.rows.of(&guide.rows);
        let Some(first) = rows
            .iter()
            .min_by_key(|row| (row.code == 0, self.item(depth, row.item).map(|item| item.at), row.item))
        else {
            return;
        };
        if rows.iter().all(|row| row.item == first.item) {
            return self.take(depth, first.item, segment);
        }
        let Some(node) = self.item(depth, first.item).and_then(|item| guide.node(item.node)) else { return };
        if self.footing.trust == Trust::Sure && !self.replaying {
            let key = (cell.element, cell.component);
            let loop_id = guide.loop_id(self.footing.frames[depth].inside);
            elements::key_fault(guide, node, loop_id, segment, key, &mut self.faults);
        }
        for row in rows {
            self.footing.frames[depth].excused |= 1 << row.item;
            if self.item(depth, row.item).is_some_and(|item| item.inner != NONE) {
                self.footing.trust = Trust::Astray;
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
                    self.footing.frames[depth].excused |= 1 << at;
                }
            }
        }
        let opens = guide.segments.get(usize::from(index)).is_some_and(|kind| kind.opens);
        if self.footing.trust != Trust::Lost {
            self.footing.trust = if opens { Trust::Astray } else { Trust::Lost };
        }
    }

    fn report_unexpected(&mut self, segment: &Segment<'_, '_>) {
        if self.footing.trust == Trust::Sure {
            let here = self.here();
            let id = String::from_utf8_lossy(segment.id_bytes()).into_owned();
            let values = vec![("segment", id), ("loop", here.to_owned())];
            self.fault_at("segment-unexpected", segment, here, "", values, "not in this place");
        }
    }

    /// A segment that the guide does not use at all.
    #[cold]
    pub(super) fn unknown(&mut self, segment: &Segment<'_, '_>) {
        self.is_stray = true;
        if segment.has_well_formed_id() {
            let here = self.here();
            let values = vec![("segment", String::from_utf8_lossy(segment.id_bytes()).into_owned())];
            self.fault_at("segment-unknown", segment, here, "", values, "not a segment of the guide");
        }
        // It may be meant for the next thing that is required, misspelt.
        for depth in self.since_anchor() {
            let Some(one) = self.inside(depth) else { continue };
            let frame = &mut self.footing.frames[depth];
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
        if self.footing.trust == Trust::Sure {
            self.footing.trust = Trust::Doubt;
        }
    }

    /// An HL, CLM or LX whose parents are not there: reported once, then checked as if they were.
    #[cold]
    pub(super) fn orphan(&mut self, index: u8, segment: &Segment<'_, '_>) {
        self.is_stray = true;
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
            if let Some(depth) = self.footing.frames.iter().rposition(|frame| frame.inside == parent) {
                break depth;
            }
            if absent.len() > guide.loops.len() {
                return;
            }
            absent.push(parent);
        };
        self.footing.frames.iter_mut().skip(depth + 1).for_each(|frame| frame.judged = true);
        self.close_to(depth + 1, Spot::before(segment));
        while let Some(inside) = absent.pop() {
            let depth = self.footing.frames.len() - 1;
            let Some(one) = self.inside(depth) else { return };
            let Some(item) = one.items.of(&guide.items).iter().position(|item| item.inner == inside) else {
                return;
            };
            if absent.is_empty() {
                if let Some(found) = self.found(depth, item as u8) {
                    self.accept(found, segment);
                }
                return;
            }
            if by_level {
                self.footing.frames[depth].seen |= 1 << item;
            }
            self.footing.frames.push(Frame {
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
        let cell = self
            .since_anchor()
            .first()
            .map(|depth| (*depth, guide.cell(self.footing.frames[*depth].inside, index)));
        let node = guide.nodes.iter().find(|node| node.segment == index);
        if let (Some((depth, _)), Some(node)) = (cell, node)
            && self.footing.trust == Trust::Sure
            && !self.replaying
            && let Some(key) = node.keys.first()
        {
            let key = (key.element, key.component);
            let loop_id = guide.loop_id(self.footing.frames[depth].inside);
            elements::key_fault(guide, node, loop_id, segment, key, &mut self.faults);
        }
        self.footing.trust = Trust::Astray;
        // Whatever stood before it, other levels may follow, and nothing else is found.
        self.footing.frames.truncate(1);
        self.gaps.retain(|gap| gap.depth == 0);
        let level = self.inside(0).and_then(|one| {
            let mut items = one.items.of(&guide.items).iter().enumerate();
            items.find(|(index, _)| one.levels >> index & 1 != 0)
        });
        if let (Some(frame), Some((index, item))) = (self.footing.frames.first_mut(), level) {
            (frame.at, frame.levels_judged) = (item.at, true);
            frame.seen |= 1 << index;
            let (judged, levels_judged, at) = (true, true, u16::MAX);
            self.footing.frames.push(Frame { judged, levels_judged, at, ..Frame::new(item.inner) });
        }
    }
}
