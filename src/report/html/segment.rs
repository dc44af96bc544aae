//! The segments of a claim, one a line, with what its findings mark in them.

use super::finding::Card;
use crate::finding::{Finding, Mark, Segment, Segments, Window};

/// Segments of one claim that nothing is marked in.
const MOST_PLAIN: usize = 300;

/// One line of the listing.
pub(super) struct Row {
    /// Of the segment, or of the line in a file of JSON.
    pub(super) number: u64,
    pub(super) pieces: Vec<Piece>,
    pub(super) labels: Vec<Label>,
    /// Findings whose fault stands here.
    pub(super) cards: Vec<Card>,
    /// Whether it stands outside the claim: what all claims of a provider or subscriber share, or another claim.
    pub(super) outside: bool,
}

/// A stretch of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) kind: Kind,
}

/// What a stretch is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Plain,
    /// What the fault rests on.
    Beside,
    /// The fault itself.
    Fault,
    /// The place where something is missing: a stretch without text.
    Gap,
}

/// What is said of a marked stretch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Label {
    /// The stretch, empty where something is missing.
    pub(super) at: String,
    pub(super) text: String,
    pub(super) fault: bool,
}

/// A line under construction.
struct Line {
    number: u64,
    text: String,
    marks: Vec<Mark>,
    cards: Vec<Card>,
    outside: bool,
}

/// The listing of a claim, the cards that have no line of it, and how many plain segments were left out.
pub(super) fn listing(segments: &Segments, found: Vec<(&Finding, Card)>) -> (Vec<Row>, Vec<Card>, usize) {
    let plain = |segment: Segment<'_>| Line {
        number: segment.number,
        text: segment.text.to_owned(),
        marks: Vec::new(),
        cards: Vec::new(),
        outside: false,
    };
    let mut lines: Vec<Line> = segments.iter().map(plain).collect();
    let (first, last) = (lines.first().map_or(0, |one| one.number), lines.last().map_or(0, |one| one.number));
    let mut loose = Vec::new();
    for (finding, card) in found {
        let windows = &finding.excerpt.windows;
        for window in windows {
            put(&mut lines, window, !(first..=last).contains(&window.number));
        }
        let fault = windows.iter().find(|window| window.marks.iter().any(|mark| mark.primary));
        let home = fault
            .and_then(|fault| {
                lines.iter().position(|line| line.number == fault.number && line.text == fault.text)
            })
            .or_else(|| lines.iter().position(|line| line.number == finding.place.number));
        match home.and_then(|at| lines.get_mut(at)) {
            Some(line) => line.cards.push(card),
            None => loose.push(card),
        }
    }
    let mut plain = 0;
    let before = lines.len();
    lines.retain(|line| {
        let is_plain = line.marks.is_empty() && line.cards.is_empty();
        plain += usize::from(is_plain);
        !is_plain || plain <= MOST_PLAIN
    });
    let left_out = before - lines.len();
    (lines.into_iter().map(row).collect(), loose, left_out)
}

fn line(window: &Window, outside: bool) -> Line {
    let Window { number, text, marks, .. } = window;
    Line { number: *number, text: text.clone(), marks: marks.clone(), cards: Vec::new(), outside }
}

/// Puts a window's marks on its line. A window that is cut otherwise than the line takes its place, if nothing is marked
/// there yet, or stands below it.
fn put(lines: &mut Vec<Line>, window: &Window, outside: bool) {
    let same = |line: &&mut Line| line.number == window.number && line.text == window.text;
    if let Some(line) = lines.iter_mut().find(same) {
        line.marks.extend(window.marks.iter().cloned());
        return;
    }
    let unmarked =
        |line: &&mut Line| line.number == window.number && line.marks.is_empty() && line.cards.is_empty();
    if let Some(free) = lines.iter_mut().find(unmarked) {
        *free = line(window, free.outside);
        return;
    }
    let at = lines.partition_point(|line| line.number <= window.number);
    lines.insert(at, line(window, outside));
}

fn row(line: Line) -> Row {
    let Line { number, text, marks, cards, outside } = line;
    let marks = merged(&text, marks);
    let mut pieces = Vec::new();
    let mut labels = Vec::new();
    let mut done = 0;
    for mark in &marks {
        push(&mut pieces, &text, done, mark.start, Kind::Plain);
        let kind = match (mark.start == mark.end, mark.primary) {
            (true, _) => Kind::Gap,
            (_, true) => Kind::Fault,
            (_, false) => Kind::Beside,
        };
        push(&mut pieces, &text, mark.start, mark.end, kind);
        if !mark.text.is_empty() {
            let at = text.get(mark.start..mark.end).unwrap_or_default().to_owned();
            labels.push(Label { at, text: mark.text.clone(), fault: mark.primary });
        }
        done = mark.end;
    }
    push(&mut pieces, &text, done, text.len(), Kind::Plain);
    Row { number, pieces, labels, cards, outside }
}

fn push(pieces: &mut Vec<Piece>, text: &str, start: usize, end: usize, kind: Kind) {
    let text = text.get(start..end).unwrap_or_default();
    if !text.is_empty() || kind == Kind::Gap {
        pieces.push(Piece { text: text.to_owned(), kind });
    }
}

/// Marks in order and inside the text; those that overlap are one, since stretches within stretches cannot be read.
fn merged(text: &str, mut marks: Vec<Mark>) -> Vec<Mark> {
    for mark in &mut marks {
        mark.start = boundary(text, mark.start);
        mark.end = boundary(text, mark.end).max(mark.start);
    }
    marks.sort_by_key(|mark| (mark.start, mark.end, !mark.primary));
    let mut merged: Vec<Mark> = Vec::with_capacity(marks.len());
    for mark in marks {
        match merged.last_mut() {
            Some(last) if mark.start < last.end || (mark.start, mark.end) == (last.start, last.end) => {
                last.end = last.end.max(mark.end);
                last.primary |= mark.primary;
                if !mark.text.is_empty() && !last.text.split("; ").any(|said| said == mark.text) {
                    let joint = if last.text.is_empty() { "" } else { "; " };
                    last.text = format!("{}{joint}{}", last.text, mark.text);
                }
            }
            _ => merged.push(mark),
        }
    }
    merged
}

fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(start: usize, end: usize, text: &str, primary: bool) -> Mark {
        Mark { start, end, text: text.to_owned(), primary }
    }

    fn drawn(text: &str, marks: Vec<Mark>) -> (String, Vec<Label>) {
        let window = Window { number: 7, text: text.to_owned(), marks, ..Window::default() };
        let row = row(line(&window, false));
        let pieces = row.pieces.iter().map(|piece| match piece.kind {
            Kind::Plain => piece.text.clone(),
            Kind::Beside => format!("({})", piece.text),
            Kind::Fault => format!("[{}]", piece.text),
            Kind::Gap => "^".to_owned(),
        });
        (pieces.collect(), row.labels)
    }

    #[test]
    fn marks_cut_a_line_into_pieces() {
        let (text, labels) = drawn(
            "SV1*HC:97124*90*UN*2",
            vec![mark(19, 20, "2 billed", true), mark(7, 12, "", false), mark(3, 3, "missing", false)],
        );
        assert_eq!(text, "SV1^*HC:(97124)*90*UN*[2]");
        let said: Vec<_> = labels.iter().map(|label| (label.at.as_str(), label.text.as_str())).collect();
        assert_eq!(said, [("", "missing"), ("2", "2 billed")]);
    }

    #[test]
    fn marks_of_several_findings_that_overlap_are_one() {
        let (text, labels) = drawn("abcdef", vec![mark(0, 4, "one", false), mark(2, 3, "two", true)]);
        assert_eq!(text, "[abcd]ef");
        assert_eq!(labels[0].text, "one; two");
        let (text, labels) = drawn("abcdef", vec![mark(1, 2, "same", true), mark(1, 2, "same", true)]);
        assert_eq!((text.as_str(), labels.len(), labels[0].text.as_str()), ("a[b]cdef", 1, "same"));
    }

    proptest::proptest! {
        #[test]
        fn no_byte_of_a_line_is_lost(
            text in "\\PC{0,60}",
            marks in proptest::collection::vec((0_usize..90, 0_usize..90, proptest::bool::ANY), 0..8),
        ) {
            let marks = marks.into_iter().map(|(start, end, primary)| mark(start, end, "x", primary)).collect();
            let window = Window { text: text.clone(), marks, ..Window::default() };
            let pieces: String = row(line(&window, false)).pieces.into_iter().map(|piece| piece.text).collect();
            proptest::prop_assert_eq!(pieces, text);
        }
    }
}
