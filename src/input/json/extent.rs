//! Where well-formed values of JSON end, without a look at what they say.
//!
//! Whatever is not well-formed, and nests that are deeper than claims are, are left to `serde_json`: it knows what is wrong.

use wide::u8x16;

use super::scan::is_blank;

/// How deep a nest is followed. A list in a line of a claim in an export is the fourth.
const DEEPEST: u32 = 8;

/// One past the value that begins at byte `at`.
pub(super) fn end_of_value(bytes: &[u8], at: usize) -> Option<usize> {
    end_of(bytes, at, DEEPEST)
}

fn end_of(bytes: &[u8], at: usize, deepest: u32) -> Option<usize> {
    match *bytes.get(at)? {
        b'"' => end_of_text(bytes, at + 1),
        b'-' | b'0'..=b'9' => end_of_number(bytes, at),
        b'[' => end_of_list(bytes, at + 1, deepest.checked_sub(1)?),
        b'{' => end_of_object(bytes, at + 1, deepest.checked_sub(1)?),
        b'n' => end_of_word(bytes, at, b"null"),
        b't' => end_of_word(bytes, at, b"true"),
        b'f' => end_of_word(bytes, at, b"false"),
        _ => None,
    }
}

/// One past the quotation mark that ends a text; `at` is its first byte.
#[inline]
pub(super) fn end_of_text(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let rest = bytes.get(at..)?;
        at += match rest.first_chunk::<16>() {
            Some(chunk) => match stops(*chunk) {
                0 => {
                    at += chunk.len();
                    continue;
                }
                stops => stops.trailing_zeros() as usize,
            },
            None => rest.iter().position(|&byte| matches!(byte, b'"' | b'\\' | ..b' '))?,
        };
        match bytes[at] {
            b'"' => return Some(at + 1),
            b'\\' => at = end_of_escape(bytes, at + 1)?,
            _ => return None,
        }
    }
}

/// Where something stands that goes on no further as it is, as bits from the lowest: a quotation mark, an escape, and what
/// no text may hold.
#[inline]
fn stops(chunk: [u8; 16]) -> u32 {
    let lane = u8x16::new(chunk);
    let (quote, escape) = (u8x16::splat(b'"'), u8x16::splat(b'\\'));
    (lane.simd_eq(quote) | lane.simd_eq(escape) | lane.simd_lt(u8x16::splat(b' '))).to_bitmask()
}

fn end_of_escape(bytes: &[u8], at: usize) -> Option<usize> {
    match *bytes.get(at)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(at + 1),
        b'u' => bytes.get(at + 1..at + 5)?.iter().all(u8::is_ascii_hexdigit).then_some(at + 5),
        _ => None,
    }
}

fn end_of_number(bytes: &[u8], mut at: usize) -> Option<usize> {
    at += usize::from(bytes[at] == b'-');
    at = match *bytes.get(at)? {
        b'0' if bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => return None,
        b'0' => at + 1,
        _ => behind_digits(bytes, at)?,
    };
    if bytes.get(at) == Some(&b'.') {
        at = behind_digits(bytes, at + 1)?;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        at = behind_digits(bytes, at)?;
    }
    Some(at)
}

/// Behind at least one digit.
#[inline]
fn behind_digits(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    (at > from).then_some(at)
}

fn end_of_word(bytes: &[u8], at: usize, word: &[u8]) -> Option<usize> {
    bytes[at..].starts_with(word).then_some(at + word.len())
}

fn end_of_list(bytes: &[u8], at: usize, deepest: u32) -> Option<usize> {
    let mut at = behind_blanks(bytes, at);
    if *bytes.get(at)? == b']' {
        return Some(at + 1);
    }
    loop {
        at = behind_blanks(bytes, end_of(bytes, at, deepest)?);
        match *bytes.get(at)? {
            b',' => at = behind_blanks(bytes, at + 1),
            b']' => return Some(at + 1),
            _ => return None,
        }
    }
}

fn end_of_object(bytes: &[u8], at: usize, deepest: u32) -> Option<usize> {
    let mut at = behind_blanks(bytes, at);
    if *bytes.get(at)? == b'}' {
        return Some(at + 1);
    }
    loop {
        if *bytes.get(at)? != b'"' {
            return None;
        }
        let value = value_of(bytes, end_of_text(bytes, at + 1)?)?;
        at = behind_blanks(bytes, end_of(bytes, value, deepest)?);
        match *bytes.get(at)? {
            b',' => at = behind_blanks(bytes, at + 1),
            b'}' => return Some(at + 1),
            _ => return None,
        }
    }
}

/// Where the value stands of a field whose name ends before byte `at`.
#[inline]
pub(super) fn value_of(bytes: &[u8], at: usize) -> Option<usize> {
    let colon = behind_blanks(bytes, at);
    (*bytes.get(colon)? == b':').then(|| behind_blanks(bytes, colon + 1))
}

#[inline]
pub(super) fn behind_blanks(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|byte| is_blank(*byte)) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::value::RawValue;

    use super::*;

    /// Where `serde_json` says that the first value of `text` ends.
    fn told(text: &str) -> Option<usize> {
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
        let value = values.next()?.ok()?.get();
        Some(value.as_ptr() as usize - text.as_ptr() as usize + value.len())
    }

    #[track_caller]
    fn hold(text: &str) {
        if !text.starts_with(|letter| u8::try_from(letter).is_ok_and(is_blank)) {
            // More may follow right behind a number in a list, not in a stream of values.
            let in_list = format!("[{text}]");
            assert_eq!(end_of_value(in_list.as_bytes(), 0), told(&in_list), "{in_list}");
        }
    }

    #[test]
    fn values_end_where_they_should() {
        let long = format!("\"{}\"", "a text of more than one look ".repeat(3));
        for text in [
            "",
            "0",
            "-0",
            "01",
            "-",
            "-1",
            "10",
            "1.5",
            "1.",
            ".5",
            "1.5e3",
            "1e",
            "1e+",
            "1E-07",
            "+1",
            "0x1",
            "1 2",
            "true",
            "truE",
            "tru",
            "false",
            "fals",
            "null",
            "nul",
            "nulls",
            "\"\"",
            "\"a\"",
            "\"",
            "\"a",
            &long,
            &long[1..],
            r#""\"""#,
            r#""\u00e9\\\/\b\f\n\r\t""#,
            r#""\u00g9""#,
            r#""\u00"#,
            r#""\x""#,
            r#""\ud800""#,
            "\"\u{1}\"",
            "\"\t\"",
            "\"\u{7f}\u{e9}\u{20ac}\"",
            "\"abcdefghijklmno\"",
            "\"abcdefghijklmno\u{1f}\"",
            "\"abcdefghijklmnop\u{1f}\"",
            "[]",
            "[1]",
            "[1,]",
            "[,1]",
            "[1 2]",
            "[ 1 , [ ] , { } ]",
            "[",
            "]",
            "{}",
            "{\"a\":1}",
            "{\"a\" : 1 , \"b\":[]}",
            "{\"a\":1,}",
            "{\"a\"}",
            "{a:1}",
            "{\"a\":}",
            "{\"a\":1 \"b\":2}",
            "}",
            "{\"\\u0061\":{\"b\":[{\"c\":null}]}}",
            "\u{a0}1",
            "\u{b}1",
        ] {
            hold(text);
        }
    }

    #[test]
    fn nests_are_followed_so_deep_and_no_deeper() {
        let nest = |deep: usize| "[".repeat(deep) + &"]".repeat(deep);
        assert_eq!(end_of_value(nest(8).as_bytes(), 0), Some(16));
        assert_eq!(end_of_value(nest(9).as_bytes(), 0), None);
    }

    proptest! {
        #[test]
        fn values_end_where_serde_json_says(text in r#"([\[\]{}",:\\ \tntrue0-9.eE+-]|"[a-z\\"/\x00-\x22u0-9é]{0,20}"|null|true|-?[0-9]+(\.[0-9]+)?){0,12}"#) {
            hold(&text);
        }
    }
}
