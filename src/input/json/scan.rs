/// Finds where one JSON value ends, fed piece by piece. Never fails: a broken value ends somewhere near.
///
/// A closing bracket closes what was opened inside it, and a line break ends a string, so that one broken
/// element does not swallow those behind it.
#[derive(Default)]
pub(super) struct ElementScan {
    state: State,
    open: Vec<u8>,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Start,
    Nested,
    Text {
        escaped: bool,
    },
    Bare,
}

impl ElementScan {
    /// How many of `bytes` belong to the element, or `None` if it goes on behind them.
    ///
    /// The first byte ever fed is the element's first. Once the element has ended the next one may be fed.
    pub(super) fn advance(&mut self, bytes: &[u8]) -> Option<usize> {
        for (at, &byte) in bytes.iter().enumerate() {
            match self.state {
                State::Start => match byte {
                    b'{' | b'[' => {
                        self.open.push(byte);
                        self.state = State::Nested;
                    }
                    b'"' => self.state = State::Text { escaped: false },
                    _ => self.state = State::Bare,
                },
                State::Nested => match byte {
                    b'"' => self.state = State::Text { escaped: false },
                    b'{' | b'[' => self.open.push(byte),
                    b'}' | b']' => {
                        let opener = if byte == b'}' { b'{' } else { b'[' };
                        if let Some(level) = self.open.iter().rposition(|&one| one == opener) {
                            self.open.truncate(level);
                        }
                        if self.open.is_empty() {
                            self.state = State::Start;
                            return Some(at + 1);
                        }
                    }
                    _ => {}
                },
                State::Text { escaped: true } if byte != b'\n' => self.state = State::Text { escaped: false },
                State::Text { .. } => match byte {
                    b'\\' => self.state = State::Text { escaped: true },
                    b'"' | b'\n' if self.open.is_empty() => {
                        self.state = State::Start;
                        return Some(at + 1);
                    }
                    b'"' | b'\n' => self.state = State::Nested,
                    _ => {}
                },
                State::Bare => {
                    if is_blank(byte) || matches!(byte, b',' | b']') {
                        self.state = State::Start;
                        return Some(at);
                    }
                }
            }
        }
        None
    }
}

/// JSON's white space.
pub(super) const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// `bytes` without JSON's white space in front and behind, and how many bytes stood in front.
pub(super) fn trimmed(bytes: &[u8]) -> (usize, &[u8]) {
    let front = bytes.iter().position(|&byte| !is_blank(byte)).unwrap_or(bytes.len());
    let behind = bytes.iter().rposition(|&byte| !is_blank(byte)).map_or(front, |last| last + 1);
    (front, &bytes[front..behind])
}

/// How many lines end in `bytes`.
pub(super) fn line_ends(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_end_where_they_should() {
        for (bytes, length) in [
            (r#"{"a":"}"},{"#, Some(9)),
            (r#"{"a":"\"}"} "#, Some(11)),
            (r#"{"a":[1,{"b":2}]}x"#, Some(17)),
            ("{\"a\":[1,2},{", Some(10)),
            ("{\"a\":\"open\n},{", Some(12)),
            ("\"text\",", Some(6)),
            ("12,", Some(2)),
            ("12 ", Some(2)),
            ("12", None),
            (r#"{"a":"#, None),
        ] {
            assert_eq!(ElementScan::default().advance(bytes.as_bytes()), length, "{bytes}");
            let mut piecewise = ElementScan::default();
            let ended = bytes
                .bytes()
                .enumerate()
                .find_map(|(at, byte)| piecewise.advance(&[byte]).map(|taken| at + taken));
            assert_eq!(ended, length, "{bytes} byte by byte");
        }
    }

    #[test]
    fn a_deep_nest_is_only_long() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(ElementScan::default().advance(deep.as_bytes()), Some(200_000));
    }
}
