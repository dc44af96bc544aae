//! Text that a terminal shows and never obeys: control and direction characters written out, lengths bounded.

use std::borrow::Cow;

/// Whether a character could move the cursor, hide text or turn its direction.
pub(super) fn is_hostile(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether no character of the text is hostile.
pub(super) fn is_harmless(text: &str) -> bool {
    // Nearly every text is printable ASCII, which is told many bytes at a time.
    let is_printable = text.bytes().fold(true, |all, byte| all & (0x20..0x7f).contains(&byte));
    is_printable || !text.chars().any(is_hostile)
}

/// Writes a hostile character out: `\x1b`, `\u{202e}`.
pub(super) fn push_escaped(out: &mut String, character: char) {
    match u32::from(character) {
        code @ 0..=0xff => out.push_str(&format!("\\x{code:02x}")),
        code => out.push_str(&format!("\\u{{{code:x}}}")),
    }
}

/// Prose or a name on one line: white space becomes spaces, hostile characters are written out.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if is_harmless(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => out.push(' '),
            other if is_hostile(other) => push_escaped(&mut out, other),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

/// The text cut to `limit` characters, the last of them `ellipsis` where something was left out.
pub(super) fn clip<'a>(text: &'a str, limit: usize, ellipsis: &str) -> Cow<'a, str> {
    if text.len() <= limit || text.chars().count() <= limit {
        return Cow::Borrowed(text);
    }
    let kept: String = text.chars().take(limit.saturating_sub(1)).collect();
    Cow::Owned(kept + ellipsis)
}

/// `s` for any number but one.
pub(crate) const fn plural(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// Digits in threes: `1,234,567`.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_never_given_orders() {
        assert_eq!(clean("a\u{1b}[31mb\u{7}"), "a\\x1b[31mb\\x07");
        assert_eq!(clean("\u{202e}gnp.837"), "\\u{202e}gnp.837");
        assert_eq!(clean("\u{9b}2J\u{7f}"), "\\x9b2J\\x7f");
        assert_eq!(clean("two\r\nlines"), "two  lines");
        assert!(matches!(clean("Müller · 推拿"), Cow::Borrowed(_)));
    }

    #[test]
    fn clipping_counts_characters() {
        assert_eq!(clip("äöüß", 4, "…"), "äöüß");
        assert_eq!(clip("äöüßx", 4, "…"), "äöü…");
    }
}
