use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr2;

/// A piece of a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece<'t> {
    /// Words as they are.
    Words(&'t str),
    /// A `{name}`, with the bytes of the text it stands in, braces included.
    Placeholder(&'t str, Range<usize>),
}

/// Cuts a message into words and placeholders. `{{` and `}}` are braces; a brace without its fellow is a word.
pub fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let start = at;
        if rest.starts_with("{{") || rest.starts_with("}}") {
            at += 2;
            return Some(Piece::Words(&rest[..1]));
        }
        if let Some(inner) = rest.strip_prefix('{')
            && let Some(end) =
                memchr2(b'{', b'}', inner.as_bytes()).filter(|&end| inner[end..].starts_with('}'))
        {
            at += end + 2;
            return Some(Piece::Placeholder(inner[..end].trim(), start..at));
        }
        let brace = memchr2(b'{', b'}', &rest.as_bytes()[1..]);
        let length = brace.map_or(rest.len(), |found| 1 + found);
        at += length;
        Some(Piece::Words(&rest[..length]))
    })
}

/// Puts values in place of placeholders; `?` for one without a value.
pub fn fill<'v>(text: &str, mut value: impl FnMut(&str) -> Option<Cow<'v, str>>) -> String {
    if memchr2(b'{', b'}', text.as_bytes()).is_none() {
        return text.to_owned();
    }
    let mut filled = String::with_capacity(text.len() + 32);
    for piece in pieces(text) {
        match piece {
            Piece::Words(words) => filled.push_str(words),
            Piece::Placeholder(name, _) => filled.push_str(value(name).as_deref().unwrap_or("?")),
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_and_braces() {
        let text = "{units} units of {procedure_code}, {{literally}} {";
        let filled = fill(text, |name| (name == "units").then(|| "2".into()));
        assert_eq!(filled, "2 units of ?, {literally} {");
        let names = pieces(text).filter_map(|piece| match piece {
            Piece::Placeholder(name, at) => Some((name, &text[at])),
            Piece::Words(_) => None,
        });
        assert_eq!(names.collect::<Vec<_>>(), [("units", "{units}"), ("procedure_code", "{procedure_code}")]);
        assert_eq!(fill("é{a}é}", |_| Some("ü".into())), "éüé}");
    }
}
