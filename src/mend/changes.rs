use std::io;

use super::{Patch, apply};
use crate::claim::Span;
use crate::finding::{Change, Edit, Run, Window};
use crate::input::edi837p::Excerpts;
use crate::input::{Cutter, Label};
use crate::source::{Input, Unit};
use crate::x12::{Lexer, Segment, X12Cutter};

/// Bytes of a file that are looked at together.
const UNIT: usize = 1 << 20;

/// Bytes before a segment that tell whom it is about, and so what of it is masked.
const BEFORE: usize = 8 << 10;

/// The segments of an input that a patch changes, before and after, in its order.
///
/// # Errors
/// An input that cannot be read.
pub fn changes(input: Input, patch: &Patch, run: &Run) -> io::Result<Vec<Change>> {
    let mut cutter = X12Cutter::new(input, patch.file, UNIT);
    let mut changes = Vec::new();
    let mut edits = patch.edits.as_slice();
    while let Some(unit) = cutter.next_unit()? {
        let within = edits.partition_point(|edit| edit.span.offset <= unit.offset + unit.bytes.len() as u64);
        if within == 0 {
            continue;
        }
        let mut lexer = Lexer::new(&unit.bytes, unit.offset, unit.number, unit.delimiters);
        while let Some(segment) = lexer.next_segment() {
            let count = edits.partition_point(|edit| edit.span.offset <= segment.end());
            let (here, rest) = edits.split_at(count);
            if !here.is_empty() {
                edits = rest;
                changes.push(change(&unit, &segment, here, patch, run)?);
            }
        }
    }
    Ok(changes)
}

fn change(
    unit: &Unit,
    segment: &Segment<'_, '_>,
    edits: &[Edit],
    patch: &Patch,
    run: &Run,
) -> io::Result<Change> {
    let start = (segment.offset() - unit.offset) as usize;
    let before = unit.bytes.get(start.saturating_sub(BEFORE)..start).unwrap_or_default();
    let mut moved = Vec::with_capacity(edits.len());
    let mut now = edits.to_vec();
    let mut shift = 0;
    for (edit, now) in edits.iter().zip(&mut now) {
        let offset = edit.span.offset.saturating_add_signed(shift);
        moved.push(Span::new(offset, u32::try_from(edit.text.len()).unwrap_or(u32::MAX)));
        shift += edit.text.len() as i64 - i64::from(edit.span.length);
        now.span.offset -= segment.offset();
    }
    let mut mended = Vec::new();
    apply(&now, &mut segment.raw(), &mut mended)?;
    let old: Vec<Span> = edits.iter().map(|edit| edit.span).collect();
    let is_here = |index: &&usize| {
        let fix = run.findings.get(**index).and_then(|finding| finding.fix.as_ref());
        fix.is_some_and(|fix| fix.edits.iter().any(|edit| edits.contains(edit)))
    };
    Ok(Change {
        file: patch.file,
        number: segment.number(),
        windows: (window(segment, before, segment.raw(), &old), window(segment, before, &mended, &moved)),
        findings: patch.findings.iter().filter(is_here).copied().collect(),
    })
}

/// A segment as a report may show it once it is masked, clipped around `spans`.
fn window(segment: &Segment<'_, '_>, before: &[u8], text: &[u8], spans: &[Span]) -> Window {
    let at = (segment.offset(), segment.number());
    let delimiters = segment.delimiters();
    let offset = segment.offset() - before.len() as u64;
    let bytes = [before, text, &[delimiters.terminator]].concat();
    let unit = Unit::x12(0, 0, offset, segment.number(), Some(delimiters), Vec::new(), bytes);
    let label = |&span| Label { span, text: String::new(), primary: false };
    let labels: Vec<Label> = spans.iter().map(label).collect();
    let excerpt = Excerpts::new(&unit, delimiters, at, at).excerpt(&labels);
    excerpt.windows.into_iter().next().unwrap_or_default()
}
