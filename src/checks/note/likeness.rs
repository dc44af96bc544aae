//! Whether two notes say the same.

use xxhash_rust::xxh3::Xxh3;

use super::dates::words_of_when;
use super::words::{Folded, Words};

/// Words that a note needs before it can be called a copy of another, figures and dates not counted. "STM to lumbar
/// paraspinals, 15 min" is what an honest clinician writes of every visit.
const FEWEST_WORDS: usize = 8;

/// How the arrows of Unicode (U+2190 to U+21BF) begin.
const ARROWS: &[u8] = b"\xE2\x86";

/// A number that is the same for notes that say the same, and 0 for one of fewer than eight words.
///
/// Case, punctuation and spacing do not count, nor do dates, times of day, days of the week and the number of the
/// visit: a copied note is still a copy under another date. Every other figure counts with its sign. A note whose pain
/// score, range of motion or minutes changed was written anew. So a difference that does not matter may keep two notes
/// apart, and never the reverse.
pub fn likeness(note: &[u8]) -> u64 {
    let mut words = Words::of(note);
    let mut hash = Xxh3::new();
    let mut counted = 0;
    let mut after_figure = false;
    let mut behind = note;
    while let Some(word) = words.next() {
        let taken = words_of_when(word, words);
        if taken > 0 {
            // The word itself is taken already.
            words.by_ref().take(taken - 1).for_each(drop);
            after_figure = false;
            behind = words.rest();
            continue;
        }
        let is_figure = word.text.iter().any(u8::is_ascii_digit);
        signs(word.gap, is_figure || after_figure, &mut hash);
        counted += usize::from(!is_figure);
        after_figure = is_figure;
        behind = words.rest();
        hash.update(&(word.text.len() as u64).to_le_bytes());
        // In pieces, since a folded word has an end.
        for piece in word.text.chunks(16) {
            hash.update(Folded::new(piece).as_bytes());
        }
    }
    if counted < FEWEST_WORDS {
        return 0;
    }
    signs(behind, after_figure, &mut hash);
    hash.digest().max(1)
}

/// The signs that belong to what is said: beside a figure, since `4+/5` is not `4/5` and `-5` is not `5`; and arrows,
/// which stand for more and less.
fn signs(gap: &[u8], beside_figure: bool, hash: &mut Xxh3) {
    for byte in gap.iter().filter(|byte| beside_figure && b"+-%<>".contains(byte)) {
        hash.update(&[*byte]);
    }
    for arrow in gap.windows(3).filter(|bytes| bytes.starts_with(ARROWS)) {
        hash.update(arrow);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: &str =
        "STM to left upper trapezius, 15 min, to improve reaching overhead. Pain 4/10, flexion 110 deg.";

    fn is_like(one: &str, other: &str) -> bool {
        likeness(one.as_bytes()) == likeness(other.as_bytes())
    }

    #[test]
    fn how_it_is_written_does_not_count() {
        assert_ne!(likeness(NOTE.as_bytes()), 0);
        assert!(is_like(NOTE, &NOTE.to_uppercase()));
        assert!(is_like(NOTE, &NOTE.replace("overhead.", "overhead;\r\n\t")));
        assert!(is_like(NOTE, &NOTE.replace("trapezius,", "trapezius")));
    }

    #[test]
    fn nor_does_its_date() {
        for (one, other) in [
            ("3/3/2025: ", "3/10/2025: "),
            ("2025-03-03 09:00 ", "2025-03-10 10:15 "),
            ("March 3, 2025. ", "March 10, 2025. "),
            ("Monday, visit 4 of 12. ", "Friday, visit 6 of 12. "),
            ("9:00 am. ", ""),
        ] {
            assert!(is_like(&format!("{one}{NOTE}"), &format!("{other}{NOTE}")), "{one} {other}");
        }
    }

    #[test]
    fn what_it_says_counts() {
        for (from, to) in [
            ("4/10", "3/10"),
            ("110", "115"),
            ("15 min", "20 min"),
            ("left", "right"),
            ("improve", "restore"),
        ] {
            assert!(!is_like(NOTE, &NOTE.replace(from, to)), "{from} {to}");
        }
        let strength = |grade: &str| format!("{NOTE} MMT of the deltoid is {grade}");
        assert!(!is_like(&strength("4/5"), &strength("4+/5")));
        assert!(!is_like(&strength("0-110"), &strength("0 to 110")));
        assert!(!is_like(&strength("50"), &strength("50%")));
        assert!(!is_like(&strength("45"), &strength("4.5")));
        assert!(!is_like(&strength("\u{2191}"), &strength("\u{2193}")));
        let long = "x".repeat(40);
        assert!(!is_like(&strength(&long), &strength(&format!("{long}y"))));
        assert!(is_like(&strength(&long), &strength(&long.to_uppercase())));
    }

    #[test]
    fn a_short_note_is_nobodys_copy() {
        assert_eq!(likeness(b""), 0);
        assert_eq!(likeness(b"STM to lumbar paraspinals, 15 min"), 0);
        assert_eq!(likeness(b"3/3/2025 9:00 Monday visit 3, one two three four five six seven 8 9 10"), 0);
        assert_ne!(likeness(b"one two three four five six seven eight"), 0);
    }
}
