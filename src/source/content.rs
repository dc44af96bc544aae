/// What an input holds, by its first bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Content {
    /// X12 of any kind: it begins with ISA, GS or ST.
    X12,
    /// One JSON array.
    JsonArray,
    /// One JSON object, over one or more lines.
    JsonObject,
    /// One JSON object a line.
    JsonLines,
    /// A table: its first line is divided by commas, tabs, semicolons or vertical bars.
    Csv,
    /// Nothing, or nothing but blanks.
    Empty,
    /// Not claims: what it is, such as "a PDF document".
    Other(&'static str),
}

/// Says what an input holds. `start` are its first bytes, 64 KiB or all of them if there are fewer.
pub fn detect(start: &[u8]) -> Content {
    if is_office(start) {
        return Content::Other("an office document");
    }
    if let Some((_, name)) = SIGNATURES.iter().find(|(signature, _)| start.starts_with(signature)) {
        return Content::Other(name);
    }
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    match *text {
        [] => Content::Empty,
        [b'[', ref inside @ ..] if is_json_array(inside) => Content::JsonArray,
        [b'{', ref inside @ ..] if is_report(inside) => Content::Other("a report of cleanclaim"),
        [b'{', ref inside @ ..] if is_json_object(inside) => json_object(text),
        _ if is_x12(text) => Content::X12,
        _ if text.contains(&0) => Content::Other("a binary file"),
        _ => text_kind(text),
    }
}

/// A zip archive where none is read: in another one, or from a pipe.
pub(super) const ZIP: &str = "a zip archive (one is read where it is a file)";

/// How the names of an office document's parts begin.
pub(super) const OFFICE_PARTS: &[&[u8]] =
    &[b"[Content_Types].xml", b"_rels/", b"xl/", b"word/", b"ppt/", b"mimetype", b"META-INF/manifest.xml"];

/// Whether this is a zip archive whose first member is part of an office document.
fn is_office(start: &[u8]) -> bool {
    start.starts_with(b"PK\x03\x04")
        && start.get(30..).is_some_and(|name| OFFICE_PARTS.iter().any(|part| name.starts_with(part)))
}

const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"II*\0", "an image"),
    (b"MM\0*", "an image"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstandard archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
];

/// Whether an envelope segment stands at the start. An ISA counts whatever follows it: a broken one is a finding.
fn is_x12(text: &[u8]) -> bool {
    let separates = |byte: u8| !byte.is_ascii_alphanumeric() && byte != b' ' && byte != b'\'';
    match *text {
        [b'I', b'S', b'A', separator, ..] => separates(separator),
        [b'G', b'S', separator, a, b, again, ..] => {
            separates(separator) && again == separator && a.is_ascii_uppercase() && b.is_ascii_uppercase()
        }
        [b'S', b'T', separator, a, b, c, ..] => {
            separates(separator) && [a, b, c].iter().all(u8::is_ascii_digit)
        }
        [b'I', b'S', b'A'] => true,
        _ => false,
    }
}

/// Whether a value or the end stands behind a `[`: `[section]` begins a file of settings.
fn is_json_array(inside: &[u8]) -> bool {
    matches!(*inside.trim_ascii_start(), [] | [b'{' | b'[' | b']' | b'"' | b'-' | b'0'..=b'9', ..])
}

/// Whether a name or the end stands behind a `{`: `{\rtf1` begins a document.
fn is_json_object(inside: &[u8]) -> bool {
    matches!(*inside.trim_ascii_start(), [] | [b'"' | b'}', ..])
}

/// Whether an object names a contract of this program first, as its reports and baselines do. They hold claims of runs before.
fn is_report(inside: &[u8]) -> bool {
    let behind = |text: &'_ [u8], word: &[u8]| -> Option<usize> {
        let rest = text.trim_ascii_start();
        rest.starts_with(word).then(|| text.len() - rest.len() + word.len())
    };
    let mut at = 0;
    for word in [b"\"schema\"".as_slice(), b":", b"\"cleanclaim"] {
        match behind(&inside[at..], word) {
            Some(length) => at += length,
            None => return false,
        }
    }
    true
}

/// One object, or one a line: a second one after the end of the first settles it.
fn json_object(text: &[u8]) -> Content {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, &byte) in text.iter().enumerate() {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_string = !in_string,
            (true, _) => {}
            (false, b'{' | b'[') => depth += 1,
            (false, b'}' | b']') if depth <= 1 => {
                return match text[at + 1..].trim_ascii_start() {
                    [] => Content::JsonObject,
                    _ => Content::JsonLines,
                };
            }
            (false, b'}' | b']') => depth -= 1,
            _ => {}
        }
    }
    Content::JsonObject
}

fn text_kind(text: &[u8]) -> Content {
    let begins =
        |word: &str| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()));
    if begins("<!doctype html") || begins("<html") {
        return Content::Other("an HTML page");
    }
    if text.starts_with(b"<") {
        return Content::Other("an XML document");
    }
    if text.starts_with(b"MSH|") || text.starts_with(b"FHS|") {
        return Content::Other("an HL7 version 2 message");
    }
    if text.starts_with(b"UNA") || text.starts_with(b"UNB") {
        return Content::Other("an EDIFACT interchange");
    }
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let most =
        [b',', b'\t', b';', b'|'].into_iter().map(|comma| line.iter().filter(|byte| **byte == comma).count());
    if most.max() >= Some(2) { Content::Csv } else { Content::Other("plain text") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims() {
        for text in ["ISA*00*", "\u{feff}  \r\nISA|00", "GS*HC*ME", "ST*837*0001", "ISA\u{1}00"] {
            assert_eq!(detect(text.as_bytes()), Content::X12, "{text:?}");
        }
        assert_eq!(detect(b" [{}]"), Content::JsonArray);
        assert_eq!(detect(b"{\"a\": \"}\\\"{\"}"), Content::JsonObject);
        assert_eq!(detect(b"{\"a\":\n {\"b\": [1]}\n}\n"), Content::JsonObject);
        assert_eq!(detect(b"{\"a\":1}\n{\"a\":2}\n"), Content::JsonLines);
        assert_eq!(detect(b"{\"a\":1}\n{\"a\""), Content::JsonLines);
        for text in ["claim,code,units\n1,97124,2\n", "\u{feff}a;b;c", "a\tb\tc\n", "a|b|c\n"] {
            assert_eq!(detect(text.as_bytes()), Content::Csv, "{text:?}");
        }
    }

    #[test]
    fn not_claims() {
        for (text, what) in [
            ("%PDF-1.7", "a PDF document"),
            ("PK\u{3}\u{4}", ZIP),
            ("<!DOCTYPE HTML><p>", "an HTML page"),
            ("<?xml version='1.0'?>", "an XML document"),
            ("ISAAC NEWTON", "plain text"),
            ("ST. LOUIS", "plain text"),
            ("GS is a segment", "plain text"),
            ("a\0b", "a binary file"),
            ("[package]\nname = 'x'\n", "plain text"),
            ("{\\rtf1 Dear payer}", "plain text"),
        ] {
            assert_eq!(detect(text.as_bytes()), Content::Other(what), "{text:?}");
        }
        for text in ["{\"schema\":\"cleanclaim/1\"", "{\n  \"schema\": \"cleanclaim/1\",\n"] {
            assert_eq!(detect(text.as_bytes()), Content::Other("a report of cleanclaim"), "{text:?}");
        }
        assert_eq!(detect(b"{\"schema\": \"ours\"}"), Content::JsonObject);
        assert_eq!(detect(b" \r\n\t"), Content::Empty);
        assert_eq!(detect(b""), Content::Empty);
    }
}
