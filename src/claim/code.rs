use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A five-character HCPCS or CPT procedure code, upper case as the claim states it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ProcedureCode([u8; 5]);

impl ProcedureCode {
    /// A line without a usable procedure code.
    pub const NONE: ProcedureCode = ProcedureCode([0; 5]);

    /// `None` unless it is five ASCII letters and digits.
    pub fn new(bytes: &[u8]) -> Option<ProcedureCode> {
        let code = <[u8; 5]>::try_from(bytes).ok()?;
        code.iter().all(u8::is_ascii_alphanumeric).then_some(ProcedureCode(code))
    }

    /// The code as text; "" for [`ProcedureCode::NONE`].
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("").trim_end_matches('\0')
    }

    /// The code's five bytes, for sorted tables.
    pub const fn as_bytes(&self) -> &[u8; 5] {
        &self.0
    }

    /// The code that every further unit of the service is billed under, where this one is for the first alone: 97130
    /// (each further 15 minutes) of 97129.
    pub fn add_on(self) -> Option<ProcedureCode> {
        (self.0 == *b"97129").then_some(ProcedureCode(*b"97130"))
    }

    /// The code whose further units this one bills.
    pub fn base(self) -> Option<ProcedureCode> {
        (self.0 == *b"97130").then_some(ProcedureCode(*b"97129"))
    }
}

/// As its text.
impl Serialize for ProcedureCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ProcedureCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = ProcedureCode::new(<&str>::deserialize(deserializer)?.as_bytes());
        code.ok_or_else(|| serde::de::Error::custom("no procedure code"))
    }
}

impl fmt::Debug for ProcedureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for ProcedureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A two-character procedure modifier.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Modifier([u8; 2]);

impl Modifier {
    /// `None` unless it is two ASCII letters and digits.
    pub fn new(bytes: &[u8]) -> Option<Modifier> {
        let code = <[u8; 2]>::try_from(bytes).ok()?;
        code.iter().all(u8::is_ascii_alphanumeric).then_some(Modifier(code))
    }

    /// The modifier's two bytes.
    pub const fn as_bytes(&self) -> &[u8; 2] {
        &self.0
    }

    /// The modifier as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("").trim_end_matches('\0')
    }
}

impl fmt::Debug for Modifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Up to four modifiers in the order stated; malformed ones are left out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Modifiers([Modifier; 4]);

impl Modifiers {
    /// Collects well-formed modifiers, four at most.
    pub fn new(stated: impl IntoIterator<Item = Modifier>) -> Modifiers {
        let mut modifiers = Modifiers::default();
        for (slot, modifier) in modifiers.0.iter_mut().zip(stated) {
            *slot = modifier;
        }
        modifiers
    }

    /// Whether `modifier` (two characters) is stated.
    pub fn has(&self, modifier: &str) -> bool {
        self.iter().any(|stated| stated.0 == modifier.as_bytes())
    }

    /// The modifiers in the order stated.
    pub fn iter(&self) -> impl Iterator<Item = Modifier> {
        self.0.into_iter().take_while(|modifier| modifier.0 != [0; 2])
    }
}

impl fmt::Debug for Modifiers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// An ICD-10-CM code without its decimal point, at most seven characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct DiagnosisCode([u8; 7]);

impl DiagnosisCode {
    /// Drops one decimal point and folds to upper case. `None` if more than seven characters are left, or none.
    pub fn new(bytes: &[u8]) -> Option<DiagnosisCode> {
        let mut code = [0; 7];
        if let 1..=7 = bytes.len()
            && bytes.iter().all(u8::is_ascii_alphanumeric)
        {
            for (to, byte) in code.iter_mut().zip(bytes) {
                *to = byte.to_ascii_uppercase();
            }
            return Some(DiagnosisCode(code));
        }
        let mut length = 0;
        let mut points = 0;
        for &byte in bytes {
            if byte == b'.' && points == 0 {
                points = 1;
                continue;
            }
            if !byte.is_ascii_alphanumeric() || length == 7 {
                return None;
            }
            code[length] = byte.to_ascii_uppercase();
            length += 1;
        }
        (length > 0).then_some(DiagnosisCode(code))
    }

    /// The code without its decimal point.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("").trim_end_matches('\0')
    }

    /// The code's bytes without its decimal point, zeros after the last.
    pub const fn as_bytes(&self) -> &[u8; 7] {
        &self.0
    }

    /// Whether `code` is this code, written without its decimal point.
    pub fn is(&self, code: &str) -> bool {
        // The first letter tells nearly all codes apart.
        code.as_bytes().first() == Some(&self.0[0])
            && self.0.get(..code.len()) == Some(code.as_bytes())
            && self.0.get(code.len()).is_none_or(|&next| next == 0)
    }

    /// The code as people write it, with the point after the third character.
    pub fn dotted(&self) -> String {
        match self.as_str().split_at_checked(3) {
            Some((category, rest)) if !rest.is_empty() => format!("{category}.{rest}"),
            _ => self.as_str().to_owned(),
        }
    }
}

impl fmt::Debug for DiagnosisCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.dotted())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_keep_their_shape() {
        assert_eq!(ProcedureCode::new(b"97124").map(|code| code.to_string()).as_deref(), Some("97124"));
        assert_eq!(ProcedureCode::new(b"478331"), None);
        assert_eq!(ProcedureCode::new(b"9712 "), None);
        assert_eq!(ProcedureCode::NONE.as_str(), "");
        assert_eq!(DiagnosisCode::new(b"m54.50").map(|code| code.dotted()).as_deref(), Some("M54.50"));
        assert_eq!(DiagnosisCode::new(b"R52").map(|code| code.dotted()).as_deref(), Some("R52"));
        assert_eq!(DiagnosisCode::new(b"M54.5.0"), None);
        let code = DiagnosisCode::new(b"S33.5XXA").expect("a code");
        for (other, same) in [("S335XXA", true), ("S335XX", false), ("S335XXAA", false), ("", false)] {
            assert_eq!((code.is(other), code.as_str() == other), (same, same), "{other}");
        }
        assert!(DiagnosisCode::new(b"R52").is_some_and(|code| code.is("R52") && !code.is("R529")));
    }

    #[test]
    fn modifiers_in_order() {
        let modifiers = Modifiers::new([b"GP", b"59"].iter().filter_map(|code| Modifier::new(*code)));
        assert!(modifiers.has("59") && modifiers.has("GP") && !modifiers.has("XS"));
        assert_eq!(modifiers.iter().count(), 2);
    }
}
