use std::borrow::Cow;

use serde::de::IgnoredAny;

/// A JSON value that knows where it stands, in bytes of its record.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) value: Value<'a>,
}

/// What a [`Node`] holds.
#[derive(Debug)]
pub(super) enum Value<'a> {
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
    Array(Vec<Node<'a>>),
    Text(Cow<'a, str>),
    /// As written.
    Number(&'a str),
    Flag(bool),
    Null,
}

impl<'a> Node<'a> {
    /// The value that `text` is.
    ///
    /// # Errors
    /// Text that is no JSON value, or one nested deeper than 128.
    pub(super) fn parse(text: &'a str) -> Result<Node<'a>, serde_json::Error> {
        // Whether it is JSON is for that library to say; the scan below relies on it. What it ignores may be of any depth.
        serde_json::from_str::<IgnoredAny>(text)?;
        if is_deep(text) {
            return Err(serde::de::Error::custom("nested too deep"));
        }
        Ok(Scan { text, at: 0 }.node())
    }

    /// What stands under `key`; of two the last, as with other readers of JSON.
    pub(super) fn get(&self, key: &str) -> Option<&Node<'a>> {
        match &self.value {
            Value::Object(fields) => {
                fields.iter().rev().find(|(known, _)| known == key).map(|(_, node)| node)
            }
            _ => None,
        }
    }

    /// The text of a scalar; empty for null, `None` for a list or an object.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Number(text) => Some(text),
            Value::Flag(true) => Some("true"),
            Value::Flag(false) => Some("false"),
            Value::Null => Some(""),
            Value::Object(_) | Value::Array(_) => None,
        }
    }
}

/// How deep values may stand in one another: those of claims stand some ten deep.
const DEEPEST: usize = 128;

/// Whether brackets of well-formed JSON stand deeper in one another than the scan goes.
fn is_deep(text: &str) -> bool {
    let (mut depth, mut is_text, mut is_escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            _ if is_text => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

/// A walk over well-formed JSON.
struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    fn peek(&mut self) -> u8 {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
        bytes.get(self.at).copied().unwrap_or_default()
    }

    fn node(&mut self) -> Node<'a> {
        let first = self.peek();
        let start = self.at;
        let value = match first {
            b'{' => Value::Object(self.fields()),
            b'[' => Value::Array(self.elements()),
            b'"' => Value::Text(self.string()),
            _ => self.bare(),
        };
        Node { start, end: self.at, value }
    }

    fn fields(&mut self) -> Vec<(Cow<'a, str>, Node<'a>)> {
        let mut fields = Vec::new();
        self.at += 1;
        loop {
            match self.peek() {
                b'"' => {
                    let key = self.string();
                    self.peek();
                    self.at += 1;
                    fields.push((key, self.node()));
                }
                b',' => self.at += 1,
                _ => break,
            }
        }
        self.at += 1;
        fields
    }

    fn elements(&mut self) -> Vec<Node<'a>> {
        let mut elements = Vec::new();
        self.at += 1;
        loop {
            match self.peek() {
                b',' => self.at += 1,
                b']' | 0 => break,
                _ => elements.push(self.node()),
            }
        }
        self.at += 1;
        elements
    }

    fn string(&mut self) -> Cow<'a, str> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut plain = true;
        self.at += 1;
        while let Some(&byte) = bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'"' => break,
                b'\\' => {
                    plain = false;
                    self.at += 1;
                }
                _ => {}
            }
        }
        let raw = self.text.get(start..self.at).unwrap_or_default();
        match plain {
            true => Cow::Borrowed(raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default()),
            // Half a pair of surrogates is well-formed and no text.
            false => Cow::Owned(serde_json::from_str(raw).unwrap_or_else(|_| "\u{fffd}".to_owned())),
        }
    }

    fn bare(&mut self) -> Value<'a> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n');
        while bytes.get(self.at).is_some_and(|byte| !ends(byte)) {
            self.at += 1;
        }
        match self.text.get(start..self.at).unwrap_or_default() {
            "true" => Value::Flag(true),
            "false" => Value::Flag(false),
            "null" => Value::Null,
            number => Value::Number(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_where_they_stand() {
        let text = r#" {"a": [1, {"b\"": "x\ny"}, null, true], "c": -1.50 , "c": "last"} "#;
        let root = Node::parse(text).expect("JSON");
        let list = root.get("a").expect("a");
        assert_eq!(&text[list.start..list.end], r#"[1, {"b\"": "x\ny"}, null, true]"#);
        let Value::Array(elements) = &list.value else { panic!("a list") };
        assert_eq!(elements[1].get("b\"").and_then(Node::text), Some("x\ny"));
        let texts: Vec<_> = elements.iter().map(Node::text).collect();
        assert_eq!(texts, [Some("1"), None, Some(""), Some("true")]);
        assert_eq!(root.get("c").and_then(Node::text), Some("last"));
        for wrong in ["", "{", "{\"a\":}", "[1 2]", &"[".repeat(200)] {
            assert!(Node::parse(wrong).is_err(), "{wrong}");
        }
        let deep = |depth: usize| format!("{}\"[{{\\\"[\"{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Node::parse(&deep(DEEPEST)).is_ok());
        assert!(Node::parse(&deep(DEEPEST + 1)).is_err() && Node::parse(&deep(100_000)).is_err());
    }
}
