//! The text form of a table: `#` lines, then sorted rows of one width, as the files in `reference/` have it.

/// The text of a table with these head lines (`table: mpfs`) and rows: sorted, and repeated ones left out. All rows must
/// have one width; whoever makes them pads their fields.
pub fn text_file(head: &[String], mut rows: Vec<String>) -> Vec<u8> {
    rows.sort_unstable();
    rows.dedup();
    let mut text = Vec::new();
    for line in head {
        text.extend_from_slice(b"# ");
        text.extend_from_slice(line.as_bytes());
        text.push(b'\n');
    }
    for row in rows {
        text.extend_from_slice(row.as_bytes());
        text.push(b'\n');
    }
    text
}

/// Whether a text is a head and sorted rows of one width, each ended by a newline.
pub fn is_sound_text(text: &[u8]) -> bool {
    let (start, width) = shape(text);
    let rows = &text[start..];
    rows.len().is_multiple_of(width)
        && rows.chunks(width).all(|row| row.last() == Some(&b'\n'))
        && rows.chunks(width).is_sorted_by(|one, next| one < next)
}

/// Where the rows begin, and the bytes of one with its newline; 1 where there are none.
pub(super) fn shape(text: &[u8]) -> (usize, usize) {
    let mut start = 0;
    while text.get(start) == Some(&b'#') {
        let Some(length) = memchr::memchr(b'\n', &text[start..]) else { return (text.len(), 1) };
        start += length + 1;
    }
    let width = memchr::memchr(b'\n', &text[start..]).map_or(1, |length| length + 1);
    (start, width)
}
