//! Makes a window narrow enough for the terminal without losing what it points at.

use super::finding::LONGEST_LABEL;
use super::flow::{columns, columns_of};
use crate::finding::{Mark, Window};
use crate::report::plain::clip;

/// An underline in columns of the fitted text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Underline {
    /// First column.
    pub(super) start: usize,
    /// Columns; 0 where something is missing.
    pub(super) width: usize,
    /// Whether this is the fault itself.
    pub(super) primary: bool,
    /// What to say there.
    pub(super) label: String,
}

/// The start of a window that is always shown if there is room: the segment's id.
const HEAD: usize = 4;
/// A marked stretch longer than this is cut: its beginning says what it is.
const LONGEST_MARK: usize = 32;

/// The window's text in at most `width` columns, gaps shown by `ellipsis`, and its underlines.
pub(super) fn fit(window: &Window, width: usize, ellipsis: &str) -> (String, Vec<Underline>) {
    let characters: Vec<char> = window.text.chars().collect();
    let marks = merged(window, &characters);
    let whole: usize = characters.iter().map(|&character| columns_of(character)).sum();
    if whole <= width {
        return place(&characters, &[(0, characters.len())], &marks, ellipsis);
    }
    for context in [48, 32, 24, 16, 12, 8, 4, 2, 0] {
        let kept = kept(characters.len(), &marks, context, HEAD);
        if cost(&characters, &kept, columns(ellipsis)) <= width {
            return place(&characters, &kept, &marks, ellipsis);
        }
    }
    let primary: Vec<Marked> = marks.into_iter().filter(|mark| mark.primary).take(1).collect();
    if primary.is_empty() {
        let end = characters.len().min(width.saturating_sub(1) / 2);
        return place(&characters, &[(0, end)], &[], ellipsis);
    }
    let kept = kept(characters.len(), &primary, 0, 0);
    place(&characters, &kept, &primary, ellipsis)
}

/// A mark in characters instead of bytes.
struct Marked {
    start: usize,
    end: usize,
    primary: bool,
    label: String,
}

/// Marks in order; those that overlap are drawn as one, since nested underlines cannot be read.
fn merged(window: &Window, characters: &[char]) -> Vec<Marked> {
    let character_at = |byte: usize| match window.text.get(..byte) {
        Some(before) => before.chars().count(),
        None => characters.len(),
    };
    let mut ordered: Vec<&Mark> = window.marks.iter().collect();
    ordered.sort_by_key(|mark| (mark.start, mark.end));
    let mut marks: Vec<Marked> = Vec::with_capacity(ordered.len());
    for mark in ordered {
        let start = character_at(mark.start);
        let end = character_at(mark.end).max(start);
        match marks.last_mut() {
            Some(last) if start < last.end || (start == last.start && end == last.end) => {
                last.end = last.end.max(end);
                last.primary |= mark.primary;
                if !mark.text.is_empty() && last.label != mark.text {
                    let joint = if last.label.is_empty() { "" } else { "; " };
                    last.label = format!("{}{joint}{}", last.label, mark.text);
                }
            }
            _ => marks.push(Marked { start, end, primary: mark.primary, label: mark.text.clone() }),
        }
    }
    marks
}

/// Ranges of characters to show, `context` characters around each mark.
fn kept(length: usize, marks: &[Marked], context: usize, head: usize) -> Vec<(usize, usize)> {
    let mut ranges: Vec<(usize, usize)> = vec![(0, head.min(length))];
    for mark in marks {
        let end = mark.end.min(mark.start + LONGEST_MARK);
        ranges.push((mark.start.saturating_sub(context), (end + context).min(length)));
    }
    ranges.sort_unstable();
    let mut merged: Vec<(usize, usize)> = Vec::with_capacity(ranges.len());
    for (start, end) in ranges {
        match merged.last_mut() {
            // A gap of one character costs as much as the sign for it.
            Some(last) if start <= last.1 + 1 && last.1 > 0 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

fn cost(characters: &[char], kept: &[(usize, usize)], gap: usize) -> usize {
    let shown: usize =
        kept.iter().flat_map(|&(start, end)| &characters[start..end]).map(|&c| columns_of(c)).sum();
    shown + (kept.len() + 1) * gap
}

fn place(
    characters: &[char],
    kept: &[(usize, usize)],
    marks: &[Marked],
    ellipsis: &str,
) -> (String, Vec<Underline>) {
    let mut fitted =
        Fitted { text: String::new(), column: 0, column_of: Vec::with_capacity(characters.len() + 1) };
    for &(start, end) in kept {
        fitted.skip_to(start, ellipsis);
        fitted.show(&characters[start..end]);
    }
    fitted.skip_to(characters.len(), ellipsis);
    fitted.column_of.push(fitted.column);
    let underlines = marks
        .iter()
        .map(|mark| {
            let (start, end) = (fitted.column_of[mark.start], fitted.column_of[mark.end]);
            let label = clip(&mark.label, LONGEST_LABEL, ellipsis).into_owned();
            Underline { start, width: end - start, primary: mark.primary, label }
        })
        .collect();
    (fitted.text, underlines)
}

/// The text so far, its columns, and the column of each character of the window.
struct Fitted {
    text: String,
    column: usize,
    column_of: Vec<usize>,
}

impl Fitted {
    fn skip_to(&mut self, next: usize, ellipsis: &str) {
        if self.column_of.len() < next {
            self.column_of.resize(next, self.column);
            self.text.push_str(ellipsis);
            self.column += columns(ellipsis);
        }
    }

    fn show(&mut self, characters: &[char]) {
        for &character in characters {
            self.column_of.push(self.column);
            self.text.push(character);
            self.column += columns_of(character);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(text: &str, marks: &[(usize, usize, bool)]) -> Window {
        let marks = marks
            .iter()
            .map(|&(start, end, primary)| Mark { start, end, text: format!("{start}"), primary })
            .collect();
        Window { text: text.to_owned(), marks, ..Window::default() }
    }

    #[test]
    fn what_fits_is_left_alone() {
        let (text, underlines) = fit(&window("SV1*HC:97124*90~", &[(13, 15, true)]), 80, "…");
        assert_eq!(text, "SV1*HC:97124*90~");
        assert_eq!((underlines[0].start, underlines[0].width), (13, 2));
    }

    #[test]
    fn the_middle_of_a_long_text_is_shown_around_its_mark() {
        let long = format!("SV1*{}HERE{}", "a".repeat(500), "b".repeat(500));
        let (text, underlines) = fit(&window(&long, &[(504, 508, true)]), 40, "…");
        assert!(text.chars().count() <= 40, "{text}");
        assert!(text.starts_with("SV1*…aa") && text.ends_with("bb…"), "{text}");
        assert_eq!(&text.chars().collect::<String>()[text.find("HERE").unwrap_or(0)..][..4], "HERE");
        assert_eq!(underlines[0].start, text.chars().position(|c| c == 'H').unwrap_or(0));
    }

    #[test]
    fn many_marks_in_little_room_leave_the_fault() {
        let long = "x".repeat(4000);
        let marks: Vec<_> = (0..100).map(|at| (at * 40, at * 40 + 2, at == 50)).collect();
        let (text, underlines) = fit(&window(&long, &marks), 40, "…");
        assert_eq!((text.as_str(), underlines.len()), ("…xx…", 1));
    }

    proptest::proptest! {
        #[test]
        fn any_window_fits_any_terminal(
            text in "\\PC{0,300}",
            marks in proptest::collection::vec((0_usize..900, 0_usize..900, proptest::bool::ANY), 0..6),
            width in 36_usize..200,
        ) {
            let (shown, underlines) = fit(&window(&text, &marks), width, "…");
            let columns: usize = shown.chars().map(columns_of).sum();
            proptest::prop_assert!(columns <= width.max(2 * LONGEST_MARK + 2), "{columns} columns");
            for pair in underlines.windows(2) {
                proptest::prop_assert!(pair[0].start + pair[0].width <= pair[1].start);
            }
            for underline in &underlines {
                proptest::prop_assert!(underline.start + underline.width <= columns);
            }
        }
    }

    #[test]
    fn overlapping_marks_are_one() {
        let (_, underlines) = fit(&window("abcdef", &[(0, 4, false), (2, 3, true), (5, 5, true)]), 80, "…");
        assert_eq!(underlines.len(), 2);
        assert!(underlines[0].primary);
        assert_eq!(underlines[0].label, "0; 2");
    }
}
