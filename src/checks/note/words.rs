//! A note cut into words.

use crate::rules::Phrases;

/// Of a longer word, in bytes, only the beginning is looked at.
const LONGEST: usize = Phrases::LONGEST_WORD;

/// One word of a text: letters and digits without a break.
#[derive(Clone, Copy, Debug)]
pub(in crate::checks) struct Word<'t> {
    /// As it is written. Never empty.
    pub(in crate::checks) text: &'t [u8],
    /// What stands between the word before it (or the beginning) and this one.
    pub(in crate::checks) gap: &'t [u8],
    /// Where it starts in the text, in bytes.
    pub(in crate::checks) start: usize,
}

impl<'t> Word<'t> {
    /// In lower case.
    pub(in crate::checks) fn folded(&self) -> Folded {
        Folded::new(self.text)
    }

    /// The number that it is, if it is one of up to four digits.
    pub(super) fn number(&self) -> Option<u16> {
        match self.text {
            digits if digits.len() <= 4 && digits.iter().all(u8::is_ascii_digit) => {
                Some(digits.iter().fold(0, |value, digit| value * 10 + u16::from(digit - b'0')))
            }
            _ => None,
        }
    }

    /// The number that it begins with and the letters behind it: `110deg`.
    pub(super) fn number_with_unit(&self) -> Option<(u16, &'t [u8])> {
        let digits = self.text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (number, unit) = self.text.split_at(digits);
        let number = Word { text: number, ..*self };
        (digits > 0).then(|| number.number().map(|number| (number, unit)))?
    }

    /// Where it ends in the text, in bytes.
    pub(in crate::checks) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether exactly this stands before it, blanks aside.
    pub(super) fn follows(&self, sign: &[u8]) -> bool {
        self.gap.trim_ascii() == sign
    }
}

/// The words of a text, in order. Linear in its length, whatever the bytes; allocates nothing.
#[derive(Clone, Copy, Debug)]
pub(in crate::checks) struct Words<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Words<'t> {
    pub(in crate::checks) const fn of(text: &'t [u8]) -> Words<'t> {
        Words { text, at: 0 }
    }

    /// What is left of the text.
    pub(super) fn rest(&self) -> &'t [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next word, which is left where it is.
    pub(super) fn peek(&self) -> Option<Word<'t>> {
        self.clone().next()
    }
}

impl<'t> Iterator for Words<'t> {
    type Item = Word<'t>;

    fn next(&mut self) -> Option<Word<'t>> {
        let from = self.at;
        let mut start = from;
        while start < self.text.len() && letter(self.text, start) == 0 {
            start += 1;
        }
        let mut end = start;
        while let length @ 1.. = letter(self.text, end) {
            end += length;
        }
        self.at = end;
        #[cfg(test)]
        worked(end - from + 1);
        (end > start).then(|| Word { text: &self.text[start..end], gap: &self.text[from..start], start })
    }
}

/// Bytes of the letter or digit that stands at `at`; 0, if neither does. Beyond ASCII the letters of Western European
/// names count (U+00C0 to U+00FF), and not the signs among them.
#[inline]
fn letter(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        Some(byte) if byte.is_ascii_alphanumeric() => 1,
        Some(0xC3) => match text.get(at + 1) {
            Some(0x80..=0x96 | 0x98..=0xB6 | 0xB8..=0xBF) => 2,
            _ => 0,
        },
        _ => 0,
    }
}

/// A word in lower case; cut, and then unlike any word of a list, if it is longer than any of them.
#[derive(Clone, Copy)]
pub(in crate::checks) struct Folded {
    letters: [u8; LONGEST],
    length: usize,
}

impl Folded {
    /// No word.
    pub(in crate::checks) const NONE: Folded = Folded { letters: [0; LONGEST], length: 0 };

    pub(in crate::checks) fn new(stated: &[u8]) -> Folded {
        let mut letters = [0; LONGEST];
        for (letter, byte) in letters.iter_mut().zip(stated) {
            *letter = byte.to_ascii_lowercase();
        }
        Folded { letters, length: stated.len().min(LONGEST) }
    }

    pub(in crate::checks) fn as_bytes(&self) -> &[u8] {
        &self.letters[..self.length]
    }
}

#[cfg(test)]
thread_local! {
    /// Bytes looked at, for the test that work grows with the length alone. A clock would measure the machine.
    static WORK: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Notes that so many bytes were looked at.
#[cfg(test)]
pub(super) fn worked(bytes: usize) {
    WORK.set(WORK.get() + bytes);
}

/// The bytes looked at since this was last asked.
#[cfg(test)]
pub(super) fn work() -> usize {
    WORK.replace(0)
}

impl AsRef<[u8]> for Folded {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        Words::of(text.as_bytes()).filter_map(|word| std::str::from_utf8(word.text).ok()).collect()
    }

    #[test]
    fn letters_and_digits_without_a_break() {
        assert_eq!(words("STM to (L) upper-trap, 15min."), ["STM", "to", "L", "upper", "trap", "15min"]);
        assert_eq!(words("\u{e9}paule \u{d7}2 110\u{b0} \u{1f600}neck"), ["\u{e9}paule", "2", "110", "neck"]);
        assert_eq!(words(" \u{201c}relax\u{201d} "), ["relax"]);
        assert_eq!(words(""), [""; 0]);
        assert_eq!(Words::of(b"\xff\xc3\xc3relax\xc3").map(|word| word.text).collect::<Vec<_>>(), [b"relax"]);
    }

    #[test]
    fn a_word_knows_its_place_and_its_number() {
        let text = b"to 110deg - 4/10";
        let all: Vec<Word<'_>> = Words::of(text).collect();
        assert_eq!(&text[all[1].start..all[1].end()], b"110deg");
        assert_eq!(all[1].number_with_unit(), Some((110, b"deg".as_slice())));
        assert_eq!((all[1].number(), all[2].number()), (None, Some(4)));
        assert!(all[3].follows(b"/") && all[2].follows(b"-"));
        assert_eq!(Words::of(b"99999").next().and_then(|word| word.number()), None);
    }

    #[test]
    fn long_words_are_cut() {
        assert_eq!(Folded::new(b"MASSAGE").as_bytes(), b"massage");
        assert_eq!(Folded::new(&[b'A'; 99]).as_bytes(), [b'a'; LONGEST]);
    }
}
