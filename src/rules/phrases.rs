use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Words and phrases to look for in a note, compiled once.
///
/// A word is letters and digits, in any case; `*` behind it stands for any ending. Several words, joined by blanks,
/// hyphens or slashes, are a phrase: its words must follow one another.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, Serialize)]
pub struct Phrases {
    /// Of all words, one behind the other, in lower case.
    letters: Box<str>,
    /// For each word of each phrase where its letters end, and whether any ending will do.
    words: Box<[(u32, bool)]>,
    /// For each phrase where its words end. By the first letter of the first word.
    phrases: Box<[u32]>,
    /// For each letter and digit the phrases that begin with it, as a range.
    begin: Box<[(u16, u16)]>,
    /// For each letter and digit, with which ones a word can go on that begins a phrase, as bits; [`NOTHING`] for a word
    /// of one letter. Nearly every word of a note is known by it to begin none.
    second: Box<[u64]>,
}

/// A phrase as it is written.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Phrase(Box<[Pattern]>);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Pattern {
    /// In lower case. Never empty.
    letters: String,
    /// Whether any ending will do.
    open: bool,
}

/// Letters and digits.
const BEGINNINGS: usize = 36;

/// The bit of what is no second letter: the end of the word, or a letter beyond ASCII.
const NOTHING: usize = BEGINNINGS;

impl Phrases {
    /// Bytes of the longest word that is told from its beginning; readers may cut words there.
    pub const LONGEST_WORD: usize = 24;

    /// Compiles a list; repeated phrases count once.
    ///
    /// # Errors
    ///
    /// The first text that is no phrase, by its place in the list, and what is wrong with it.
    pub fn new<T: AsRef<str>>(texts: &[T]) -> Result<Phrases, (usize, &'static str)> {
        let mut phrases = Vec::with_capacity(texts.len());
        for (index, text) in texts.iter().enumerate() {
            phrases.push(Phrase::read(text.as_ref()).map_err(|wrong| (index, wrong))?);
        }
        phrases.sort();
        phrases.dedup();
        let mut begin = vec![(0, 0); BEGINNINGS];
        let mut second = vec![0; BEGINNINGS];
        for (place, Phrase(words)) in phrases.iter().enumerate() {
            let Some(first) = words.first() else { continue };
            if let Some(slot) = beginning(first.letters.as_bytes()) {
                let (from, to) = &mut begin[slot];
                *from = if to == from { place as u16 } else { *from };
                *to = place as u16 + 1;
                second[slot] |= match first.letters.as_bytes().get(1..) {
                    Some([]) | None if first.open => u64::MAX,
                    rest => 1 << rest.and_then(beginning).unwrap_or(NOTHING),
                };
            }
        }
        let (mut letters, mut words) = (String::new(), Vec::new());
        let ends = phrases.iter().map(|Phrase(own)| {
            for word in own {
                letters.push_str(&word.letters);
                words.push((letters.len() as u32, word.open));
            }
            words.len() as u32
        });
        let ends = ends.collect();
        let (letters, words) = (letters.into(), words.into());
        Ok(Phrases { letters, words, phrases: ends, begin: begin.into(), second: second.into() })
    }

    /// Whether a phrase may begin with `word`, in whatever case: by its first two letters.
    #[inline]
    pub fn may_start_at(&self, word: &[u8]) -> bool {
        let class = |at: usize| word.get(at).map_or(NOTHING, |byte| class(*byte));
        self.second.get(class(0)).is_some_and(|second| second >> class(1) & 1 == 1)
    }

    /// How many words the longest phrase takes that begins with `word`, if any does. `following` are the words behind
    /// it as far as a phrase may reach; all in lower case, and cut at [`Phrases::LONGEST_WORD`] at the earliest.
    pub fn starts_at<W: AsRef<[u8]>>(
        &self,
        word: &[u8],
        following: impl Iterator<Item = W> + Clone,
    ) -> Option<usize> {
        let &(from, to) = self.begin.get(beginning(word)?)?;
        let fits = |phrase: &usize| self.matches(self.words_of(*phrase), word, following.clone());
        (usize::from(from)..usize::from(to)).filter(fits).map(|phrase| self.words_of(phrase).len()).max()
    }

    /// The words of a phrase, by their places.
    fn words_of(&self, phrase: usize) -> Range<usize> {
        let end = |phrase: usize| self.phrases.get(phrase).map_or(0, |end| *end as usize);
        phrase.checked_sub(1).map_or(0, end)..end(phrase)
    }

    fn matches<W: AsRef<[u8]>>(
        &self,
        mut words: Range<usize>,
        word: &[u8],
        mut following: impl Iterator<Item = W>,
    ) -> bool {
        words.next().is_some_and(|first| self.fits(first, word))
            && words.all(|other| following.next().is_some_and(|word| self.fits(other, word.as_ref())))
    }

    /// Whether a word of a note is the one at this place.
    fn fits(&self, place: usize, word: &[u8]) -> bool {
        let start = place.checked_sub(1).and_then(|before| self.words.get(before)).map_or(0, |(end, _)| *end);
        let Some(&(end, open)) = self.words.get(place) else { return false };
        let letters = self.letters.as_bytes().get(start as usize..end as usize).unwrap_or_default();
        if open { word.starts_with(letters) } else { word == letters }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.phrases.is_empty()
    }
}

fn beginning(word: &[u8]) -> Option<usize> {
    match *word.first()? {
        byte if byte.is_ascii_uppercase() => None,
        byte => Some(class(byte)).filter(|class| *class < NOTHING),
    }
}

/// Which letter or digit it is, in whatever case; [`NOTHING`] for what is neither.
#[inline]
fn class(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' => usize::from(byte - b'a'),
        b'A'..=b'Z' => usize::from(byte - b'A'),
        b'0'..=b'9' => 26 + usize::from(byte - b'0'),
        _ => NOTHING,
    }
}

impl Phrase {
    fn read(text: &str) -> Result<Phrase, &'static str> {
        let words = text.split([' ', '-', '/']).filter(|word| !word.is_empty());
        let words = words.map(Pattern::read).collect::<Result<Box<[_]>, _>>()?;
        if words.is_empty() { Err("there is no word in it") } else { Ok(Phrase(words)) }
    }
}

impl Pattern {
    fn read(word: &str) -> Result<Pattern, &'static str> {
        let (letters, open) = word.strip_suffix('*').map_or((word, false), |letters| (letters, true));
        if letters.is_empty() {
            return Err("`*` stands behind the beginning of a word");
        }
        if !letters.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err("a word is letters and digits of ASCII, with `*` at its end for any ending");
        }
        if letters.len() >= Phrases::LONGEST_WORD {
            return Err("a word may have 23 letters; write its beginning and `*`");
        }
        Ok(Pattern { letters: letters.to_ascii_lowercase(), open })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(phrases: &Phrases, text: &str) -> Option<usize> {
        let mut words = text.split(' ');
        phrases.starts_at(words.next()?.as_bytes(), words)
    }

    #[test]
    fn words_beginnings_and_phrases() {
        let phrases = Phrases::new(&["Relax*", "spa", "stress relief", "soft-tissue mob*", "spa", "6mwt"]);
        let phrases = phrases.expect("phrases");
        for (text, words) in [
            ("relax", Some(1)),
            ("relaxation of", Some(1)),
            ("spa", Some(1)),
            ("spasm", None),
            ("stress relief", Some(2)),
            ("stress", None),
            ("stress and relief", None),
            ("soft tissue mobilization", Some(3)),
            ("soft tissue", None),
            ("6mwt", Some(1)),
            ("zebra", None),
            ("\u{e9}", None),
        ] {
            assert_eq!(found(&phrases, text), words, "{text}");
        }
    }

    #[test]
    fn the_first_two_letters_rule_out_nothing_that_fits() {
        let phrases = Phrases::new(&["relax*", "spa", "q*", "x", "6mwt", "stress relief"]).expect("phrases");
        for word in
            ["Relaxing", "SPA", "spasm", "q", "Q1", "quad", "qu\u{e9}", "x", "6MWT", "Stressed", "x\u{e9}"]
        {
            assert!(phrases.may_start_at(word.as_bytes()), "{word}");
        }
        for word in ["", "r", "rx", "xy", "6", "min", "30", "\u{e9}", "s"] {
            assert!(!phrases.may_start_at(word.as_bytes()), "{word}");
        }
    }

    #[test]
    fn the_longest_phrase_is_taken() {
        let phrases = Phrases::new(&["body", "body massage therapy", "body massage"]).expect("phrases");
        assert_eq!(found(&phrases, "body massage therapy"), Some(3));
        assert_eq!(found(&phrases, "body massage"), Some(2));
        assert_eq!(found(&phrases, "body"), Some(1));
        assert!(Phrases::new::<&str>(&[]).expect("none").is_empty());
    }

    #[test]
    fn what_is_no_phrase() {
        for text in ["", " - ", "*", "re*lax", "caf\u{e9}", "massage!", "abcdefghijklmnopqrstuvwx"] {
            assert_eq!(Phrases::new(&["massage", text]).map_err(|(place, _)| place), Err(1), "{text}");
        }
    }
}
