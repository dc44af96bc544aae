use super::layout::Layout;
use super::scan::{ElementScan, is_blank};

/// Finds the layout of a file from its beginning, and where its items start; `None` asks for more bytes.
///
/// `bytes` begin behind a byte order mark; `ended` says that the file has no more than these.
pub(super) fn detect(bytes: &[u8], ended: bool) -> Option<(Layout, usize)> {
    let Some(first) = bytes.iter().position(|&byte| !is_blank(byte)) else {
        return ended.then_some((Layout::Lines, 0));
    };
    match bytes[first] {
        b'[' => Some((Layout::Array, first + 1)),
        b'{' => object(bytes, first).or_else(|| ended.then(|| (unfinished(bytes, first), 0))),
        _ => Some((Layout::Lines, 0)),
    }
}

/// Walks the fields of the first object: to its `claims`, to its end, or to a sign that its line is broken.
fn object(bytes: &[u8], first: usize) -> Option<(Layout, usize)> {
    let mut at = first + 1;
    let mut seen = first;
    loop {
        at = skip(bytes, at, |byte| is_blank(byte) || byte == b',')?;
        if bytes[at] == b'}' {
            let broken = bytes[first..at].contains(&b'\n');
            return Some((if broken { Layout::Sequence } else { Layout::Lines }, 0));
        }
        if line_breaks_off(bytes, seen, at) {
            return Some((Layout::Lines, 0));
        }
        seen = at;
        let key_end = at + ElementScan::default().advance(&bytes[at..])?;
        let key = &bytes[at..key_end];
        let colon = skip(bytes, key_end, is_blank)?;
        if bytes[colon] != b':' {
            return Some((unfinished(bytes, first), 0));
        }
        let value = skip(bytes, colon + 1, is_blank)?;
        if key == b"\"claims\"" && bytes[value] == b'[' {
            return Some((Layout::Claims, value + 1));
        }
        at = match ElementScan::default().advance(&bytes[value..]) {
            // A value without quotes ends before the bracket that ends its object.
            Some(length) => match memchr::memchr(b'}', &bytes[value..value + length]) {
                Some(bracket) if !matches!(bytes[value], b'{' | b'[' | b'"') => value + bracket,
                _ => value + length,
            },
            None if line_breaks_off(bytes, seen, bytes.len()) => return Some((Layout::Lines, 0)),
            None => return None,
        };
    }
}

/// Whether a line that begins with `{` follows one that no pretty-printer would have broken there.
fn line_breaks_off(bytes: &[u8], first: usize, end: usize) -> bool {
    memchr::memmem::find_iter(&bytes[first..end], b"\n{").any(|found| {
        let before = bytes[first..first + found].iter().rev().find(|&&byte| !is_blank(byte));
        !matches!(before, Some(b':' | b',' | b'[' | b'{'))
    })
}

/// The layout of a file whose first object never ends.
fn unfinished(bytes: &[u8], first: usize) -> Layout {
    let mut lines = bytes[first..].split(|&byte| byte == b'\n').skip(1);
    let next = lines.find_map(|line| line.iter().copied().find(|&byte| !is_blank(byte)));
    if matches!(next, None | Some(b'{')) { Layout::Lines } else { Layout::Sequence }
}

fn skip(bytes: &[u8], at: usize, over: impl Fn(u8) -> bool) -> Option<usize> {
    bytes.get(at..)?.iter().position(|&byte| !over(byte)).map(|length| at + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_is_told() {
        for (text, expected) in [
            ("", (Layout::Lines, 0)),
            ("  \n", (Layout::Lines, 0)),
            ("{\"a\":1}\n{\"a\":2}\n", (Layout::Lines, 0)),
            ("\n{\"a\":\"x\"}", (Layout::Lines, 0)),
            ("{\"a\":1,\"b\":{\"c\":[1]}}", (Layout::Lines, 0)),
            ("{\"a\":1, \n{\"a\":2}\n", (Layout::Lines, 0)),
            ("{\"a\":1, \"b\":\"x\n{\"a\":2}\n", (Layout::Lines, 0)),
            ("{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n", (Layout::Sequence, 0)),
            ("{\"a\": [\n{\"b\": 1},\n{\"b\": 2}]}\n", (Layout::Sequence, 0)),
            (" [\n{}", (Layout::Array, 2)),
            ("{\"claims\":[{}", (Layout::Claims, 11)),
            ("{ \"version\": 1,\n \"x\": [{\"claims\": []}], \"claims\" : [ {", (Layout::Claims, 52)),
            ("{\"claims\": 7}", (Layout::Lines, 0)),
            ("{\n  \"a\": 1,\n", (Layout::Sequence, 0)),
            ("hello", (Layout::Lines, 0)),
        ] {
            assert_eq!(detect(text.as_bytes(), true), Some(expected), "{text}");
            let early = (0..text.len()).find_map(|length| detect(&text.as_bytes()[..length], false));
            assert!(early.is_none_or(|early| early == expected), "{text}: {early:?}");
        }
    }
}
