use std::fmt;

use serde::{Deserialize, Serialize};

/// The element of an acknowledgement that carries a code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Deserialize, Serialize)]
pub enum CodeElement {
    /// TA105: the interchange is rejected.
    Ta105,
    /// AK905: the functional group.
    Ak905,
    /// IK502: the transaction set.
    Ik502,
    /// IK304: a segment or a loop.
    Ik304,
    /// IK403: an element.
    Ik403,
}

impl CodeElement {
    const ALL: [(CodeElement, &str); 5] = [
        (CodeElement::Ta105, "TA1"),
        (CodeElement::Ak905, "AK905"),
        (CodeElement::Ik502, "IK502"),
        (CodeElement::Ik304, "IK304"),
        (CodeElement::Ik403, "IK403"),
    ];
}

/// How a receiver's acknowledgement names a fault: the element that carries the code, and the code.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Deserialize, Serialize)]
pub struct Acknowledgement {
    /// Where the code stands.
    pub element: CodeElement,
    /// The code, such as `021` or `I10`.
    pub code: String,
}

impl Acknowledgement {
    /// Reads `IK304 3`: the element (for a TA1, the segment), a blank, the code.
    pub fn parse(text: &str) -> Option<Acknowledgement> {
        let (element, code) = text.split_once(' ')?;
        let is_code = (1..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let (element, _) = *CodeElement::ALL.iter().find(|(_, name)| *name == element)?;
        is_code.then(|| Acknowledgement { element, code: code.to_owned() })
    }
}

impl fmt::Display for Acknowledgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = CodeElement::ALL.iter().find(|(element, _)| *element == self.element);
        write!(f, "{} {}", name.map_or("", |(_, name)| *name), self.code)
    }
}

/// A place in a transaction set as IK3 and IK4 write it. Counts from 1; 0 where it does not apply.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Spot {
    /// IK301: the segment's id, or that of the segment that is missing.
    pub segment: String,
    /// IK302: how many segments into the transaction set, ST counted.
    pub position: u64,
    /// IK303: the loop, empty where none is known.
    pub loop_id: String,
    /// IK401-1.
    pub element: u8,
    /// IK401-2.
    pub component: u8,
    /// IK401-3.
    pub repetition: u8,
    /// IK402: the data element's number in the dictionary.
    pub data_element: u16,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acknowledgement_is_an_element_and_a_code() {
        for text in ["TA1 021", "AK905 4", "IK502 23", "IK304 I4", "IK403 I10"] {
            let read = Acknowledgement::parse(text).expect("a known element");
            assert_eq!(read.to_string(), text);
        }
        for text in ["IK304", "IK304 ", "IK404 1", "TA1 0210", "IK403 1 2"] {
            assert_eq!(Acknowledgement::parse(text), None, "{text}");
        }
    }
}
