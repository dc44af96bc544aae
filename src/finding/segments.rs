//! The segments of a claim, kept as one text: a run keeps those of every claim it says something about.

use super::{Sensitive, Window};

/// Windows without marks, one behind the other.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Segments {
    text: String,
    sensitive: Vec<Sensitive>,
    ends: Vec<End>,
}

/// What else a window has, and where its text and its sensitive stretches end.
#[derive(Clone, PartialEq, Eq, Debug)]
struct End {
    number: u64,
    offset: u64,
    text: usize,
    sensitive: usize,
}

/// One of [`Segments`]; its fields are those of a [`Window`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Segment<'a> {
    /// 1-based segment number, or line of a JSON file.
    pub number: u64,
    /// Where its first byte stands in the file.
    pub offset: u64,
    /// Its text, escaped.
    pub text: &'a str,
    /// What of the text must be masked.
    pub sensitive: &'a [Sensitive],
}

#[cfg(test)]
impl Segment<'_> {
    /// The same as a window, without marks.
    pub(crate) fn window(&self) -> Window {
        Window {
            number: self.number,
            offset: self.offset,
            text: self.text.to_owned(),
            sensitive: self.sensitive.to_vec(),
            marks: Vec::new(),
        }
    }
}

impl Segments {
    /// Puts one behind the others.
    pub fn push(&mut self, segment: Segment<'_>) {
        self.text.push_str(segment.text);
        self.sensitive.extend_from_slice(segment.sensitive);
        self.ends.push(End {
            number: segment.number,
            offset: segment.offset,
            text: self.text.len(),
            sensitive: self.sensitive.len(),
        });
    }

    /// Takes all of them away, and keeps their room.
    pub fn clear(&mut self) {
        self.text.clear();
        self.sensitive.clear();
        self.ends.clear();
    }

    /// None, with room for so many bytes of text.
    pub fn with_room(bytes: usize) -> Segments {
        // A segment of a claim is some twenty bytes long.
        let count = bytes / 20;
        Segments {
            text: String::with_capacity(bytes),
            sensitive: Vec::with_capacity(count),
            ends: Vec::with_capacity(count),
        }
    }

    /// The text of all of them, one behind the other.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All of them, in file order.
    pub fn iter(&self) -> impl Iterator<Item = Segment<'_>> {
        let mut before = (0, 0);
        self.ends.iter().map(move |end| {
            let (text, sensitive) = std::mem::replace(&mut before, (end.text, end.sensitive));
            Segment {
                number: end.number,
                offset: end.offset,
                text: self.text.get(text..end.text).unwrap_or_default(),
                sensitive: self.sensitive.get(sensitive..end.sensitive).unwrap_or_default(),
            }
        })
    }

    /// Gives back room that is not needed: no more will be pushed.
    pub fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.sensitive.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// Lets `place` say anew where each stands: its number and its offset.
    pub fn move_each(&mut self, place: impl Fn(u64) -> Option<(u64, u64)>) {
        for end in &mut self.ends {
            if let Some((number, offset)) = place(end.offset) {
                (end.number, end.offset) = (number, offset);
            }
        }
    }
}

impl FromIterator<Window> for Segments {
    fn from_iter<I: IntoIterator<Item = Window>>(windows: I) -> Segments {
        let mut segments = Segments::default();
        for Window { number, offset, text, sensitive, .. } in windows {
            segments.push(Segment { number, offset, text: &text, sensitive: &sensitive });
        }
        segments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_comes_out_as_it_went_in() {
        let window = |number: u64, text: &str, sensitive: &[(usize, usize)]| Window {
            number,
            offset: number * 10,
            text: text.to_owned(),
            sensitive: sensitive
                .iter()
                .map(|&(start, end)| Sensitive { start, end, always: start == 0 })
                .collect(),
            marks: Vec::new(),
        };
        let windows = vec![
            window(3, "CLM*A*1", &[(4, 5)]),
            window(4, "", &[]),
            window(5, "NM1*é", &[(0, 3), (4, 6)]),
            window(6, "LX*1", &[]),
        ];
        let mut segments: Segments = windows.iter().cloned().collect();
        assert!(segments.iter().map(|one| one.window()).eq(windows));
        segments.move_each(|offset| (offset == 40).then_some((7, 8)));
        let places: Vec<_> = segments.iter().map(|one| (one.number, one.offset)).collect();
        assert_eq!(places, [(3, 30), (7, 8), (5, 50), (6, 60)]);
        assert_eq!(Segments::default().iter().next(), None);
    }
}
