use std::io::{self, Read, Write};

use crate::finding::Edit;

/// Copies an input with `edits`, which stand in its order and apart from each other. Every other byte is copied as it is.
///
/// # Errors
/// Those of reading and writing; an input that ends before its last edit.
pub fn apply(edits: &[Edit], from: &mut dyn Read, to: &mut dyn Write) -> io::Result<()> {
    let mut at = 0;
    for edit in edits {
        let before = edit.span.offset.checked_sub(at).ok_or(io::ErrorKind::InvalidInput)?;
        exactly(before, from, to)?;
        exactly(u64::from(edit.span.length), from, &mut io::sink())?;
        to.write_all(edit.text.as_bytes())?;
        at = edit.span.end();
    }
    io::copy(from, to).map(|_| ())
}

fn exactly(length: u64, from: &mut dyn Read, to: &mut dyn Write) -> io::Result<()> {
    match io::copy(&mut from.take(length), to)? {
        copied if copied == length => Ok(()),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Span;
    use proptest::prelude::*;

    fn edit(offset: u64, length: u32, text: &str) -> Edit {
        Edit { span: Span::new(offset, length), text: text.to_owned() }
    }

    fn applied(text: &[u8], edits: &[Edit]) -> io::Result<Vec<u8>> {
        let mut mended = Vec::new();
        apply(edits, &mut &*text, &mut mended)?;
        Ok(mended)
    }

    #[test]
    fn edits_of_every_kind() {
        let edits = [edit(0, 0, "<"), edit(2, 1, ""), edit(4, 2, "xyz"), edit(7, 0, ">")];
        assert_eq!(applied(b"abcdefg", &edits).ok().as_deref(), Some(b"<abdxyzg>".as_slice()));
        assert_eq!(applied(b"abc", &[]).ok().as_deref(), Some(b"abc".as_slice()));
    }

    #[test]
    fn an_input_that_is_shorter_than_it_was() {
        assert!(applied(b"abc", &[edit(2, 2, "")]).is_err());
        assert!(applied(b"abc", &[edit(4, 0, "x")]).is_err());
    }

    proptest! {
        #[test]
        fn what_no_edit_names_is_copied(text: Vec<u8>, cuts in prop::collection::vec((0_usize..40, 0_u32..4, "[a-z]{0,3}"), 0..6)) {
            let (mut at, mut edits, mut expected) = (0, Vec::new(), Vec::new());
            for (gap, length, put) in cuts {
                let (start, end) = (at + gap, at + gap + length as usize);
                if end > text.len() {
                    break;
                }
                expected.extend_from_slice(&text[at..start]);
                expected.extend_from_slice(put.as_bytes());
                edits.push(edit(start as u64, length, &put));
                at = end;
            }
            expected.extend_from_slice(&text[at..]);
            prop_assert_eq!(applied(&text, &edits).ok(), Some(expected));
        }
    }
}
