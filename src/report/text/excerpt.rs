//! Draws the windows of a finding: number in the margin, underlines and labels below.
//!
//! The look is miette's. Its own renderer gives a block for each window (segment numbers jump, its lines do not)
//! and a message of its own above; drawing one line at a time keeps a pair of segments in one block, and no byte
//! of the input is looked at again.

use super::fit::{Underline, fit};
use super::flow::{columns, wrap};
use super::look::{Look, Role};
use crate::finding::{Severity, Window};

/// A label is allowed this many columns before it moves below or to the left of its underline.
const SHORTEST_LABEL: usize = 24;

/// The margin that a finding's lines share.
pub(super) struct Margin {
    /// Columns of the widest segment number.
    digits: usize,
}

impl Margin {
    pub(super) fn of(windows: &[Window]) -> Margin {
        let widest = windows.iter().map(|window| window.number).max().unwrap_or(0);
        Margin { digits: widest.to_string().len().max(2) }
    }

    /// Columns before the text of a window.
    pub(super) fn columns(&self) -> usize {
        self.digits + 4
    }

    /// A line without a number that begins with `glyph`.
    pub(super) fn blank(&self, look: &Look, glyph: &str) -> String {
        format!("{:width$}{}", "", look.paint(Role::Dim, glyph), width = self.digits + 2)
    }
}

/// Draws the windows, one under the other.
pub(super) fn draw(out: &mut String, windows: &[Window], margin: &Margin, severity: Severity, look: &Look) {
    let room = look.width.saturating_sub(margin.columns()).max(20);
    for window in windows {
        let (text, underlines) = fit(window, room, look.glyphs.ellipsis);
        let number = look.paint(Role::Dim, &format!(" {:>digits$}", window.number, digits = margin.digits));
        out.push_str(&format!("{number} {} {text}\n", look.paint(Role::Dim, look.glyphs.bar)));
        for row in rows(&underlines, room, severity, look) {
            out.push_str(&margin.blank(look, look.glyphs.bar));
            out.push(' ');
            out.push_str(row.trim_end());
            out.push('\n');
        }
    }
}

/// A row under construction: pieces at columns, painted one by one.
#[derive(Default)]
struct Row {
    text: String,
    used: usize,
}

impl Row {
    fn put(&mut self, column: usize, role: Role, text: &str, look: &Look) {
        let gap = column.saturating_sub(self.used);
        self.text.extend(std::iter::repeat_n(' ', gap));
        self.text.push_str(&look.paint(role, text));
        self.used += gap + columns(text);
    }
}

/// The rows under one window. Underlines stand in order and do not overlap.
fn rows(underlines: &[Underline], room: usize, severity: Severity, look: &Look) -> Vec<String> {
    let Some(last) = underlines.last() else { return Vec::new() };
    let role = |underline: &Underline| if underline.primary { Role::from(severity) } else { Role::Aside };
    let after = last.start + last.width.max(1) + 1;
    let inline = after + columns(&last.label).min(SHORTEST_LABEL) <= room;
    let hanging = if inline { &underlines[..underlines.len() - 1] } else { underlines };

    let mut first = Row::default();
    for (index, underline) in underlines.iter().enumerate() {
        let hangs = index < hanging.len() && !underline.label.is_empty();
        first.put(underline.start, role(underline), &drawn(underline, hangs, look), look);
    }
    let mut rows = Vec::new();
    if inline {
        let pieces = wrap(&last.label, room - after, room - after);
        first.put(after, role(last), &pieces[0], look);
        rows.push(first.text);
        for piece in &pieces[1..] {
            let mut row = stems(hanging, &role, look);
            row.put(after, role(last), piece, look);
            rows.push(row.text);
        }
    } else {
        rows.push(first.text);
    }
    for (index, underline) in hanging.iter().enumerate().rev() {
        if !underline.label.is_empty() {
            rows.extend(hung(underline, &hanging[..index], room, &role, look));
        }
    }
    rows
}

/// The column a label hangs from.
fn anchor(underline: &Underline) -> usize {
    underline.start + underline.width.saturating_sub(1) / 2
}

fn drawn(underline: &Underline, hangs: bool, look: &Look) -> String {
    if underline.width == 0 {
        return look.glyphs.missing.to_owned();
    }
    let (line, joint) = if underline.primary { look.glyphs.primary } else { look.glyphs.secondary };
    let at = anchor(underline) - underline.start;
    (0..underline.width).map(|column| if hangs && column == at { joint } else { line }).collect()
}

/// The stems of the labels that are still to come.
fn stems(waiting: &[Underline], role: &impl Fn(&Underline) -> Role, look: &Look) -> Row {
    let mut row = Row::default();
    for underline in waiting.iter().filter(|underline| !underline.label.is_empty()) {
        row.put(anchor(underline), role(underline), look.glyphs.bar, look);
    }
    row
}

/// A label below its underline: to the right of the stem, or to the left of it at the end of a wide line.
fn hung(
    underline: &Underline,
    waiting: &[Underline],
    room: usize,
    role: &impl Fn(&Underline) -> Role,
    look: &Look,
) -> Vec<String> {
    let (right, left) = look.glyphs.hook;
    let at = anchor(underline);
    let wide = columns(&underline.label);
    let mut row = stems(waiting, role, look);
    if at + 3 + wide > room && row.used + wide + 3 <= at {
        row.put(at - 2 - wide, role(underline), &underline.label, look);
        row.put(row.used, role(underline), left, look);
        return vec![row.text];
    }
    let room = room.saturating_sub(at + 3).max(SHORTEST_LABEL);
    let mut rows = Vec::new();
    for (index, piece) in wrap(&underline.label, room, room).iter().enumerate() {
        let mut row = stems(waiting, role, look);
        if index == 0 {
            row.put(at, role(underline), right, look);
        }
        row.put(at + 3, role(underline), piece, look);
        rows.push(row.text);
    }
    rows
}
