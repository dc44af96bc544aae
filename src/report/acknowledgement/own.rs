//! Telling an acknowledgement that this program wrote: it lies among claims, holds none, and the next one takes its place.

use std::io::{self, BufRead, Read};

use super::writer::GUIDE;

/// Bytes that no segment has which is written here.
const LONGEST: u64 = 1 << 10;

/// Whether a text is, to its end, what [`super::render`] writes. What others write has the time of day in it, or other
/// separators.
///
/// # Errors
/// Those of `text`.
pub fn is_own(mut text: impl BufRead) -> io::Result<bool> {
    let (mut line, mut is_open, mut answers) = (Vec::new(), false, 0_usize);
    loop {
        line.clear();
        text.by_ref().take(LONGEST).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(answers > 0 && !is_open);
        }
        let Some(segment) = line.strip_suffix(b"~\n") else { return Ok(false) };
        let elements: Vec<&[u8]> = segment.split(|byte| *byte == b'*').collect();
        let states = |at: usize, text: &str| elements.get(at).is_some_and(|one| *one == text.as_bytes());
        let is_written = match (is_open, elements[0]) {
            (false, b"ISA") => {
                segment.len() == 105 && states(10, "0000") && states(11, "^") && states(16, ":")
            }
            (true, b"GS") => states(1, "FA") && states(5, "0000") && states(8, GUIDE),
            (true, b"ST") => states(1, "999") && states(3, GUIDE),
            (is_open, b"TA1" | b"AK1" | b"AK2" | b"IK3" | b"CTX" | b"IK4" | b"IK5" | b"AK9") => is_open,
            (is_open, b"SE" | b"GE" | b"IEA") => is_open,
            _ => false,
        };
        if !is_written {
            return Ok(false);
        }
        is_open = elements[0] != b"IEA";
        answers += usize::from(!is_open);
    }
}
