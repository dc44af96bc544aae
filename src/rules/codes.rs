use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Codes, packed and sorted. A code of up to sixteen bytes is one integer; longer texts stand apart.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct CodeSet {
    packed: Box<[u128]>,
    long: Box<[Box<[u8]>]>,
    /// The bits ([`bit_of`]) of all codes: nearly every text that is none of them is known by its bit.
    bits: u64,
}

/// One of 64 bits, by the length of a text and its ends.
fn bit_of(code: &[u8]) -> u64 {
    let (first, last) = (code.first().copied().unwrap_or(0), code.last().copied().unwrap_or(0));
    1 << ((usize::from(first) * 5 + usize::from(last) + code.len() * 11) % 64)
}

impl CodeSet {
    /// Collects codes; repeated ones count once.
    pub fn new<C: AsRef<[u8]>>(codes: impl IntoIterator<Item = C>) -> CodeSet {
        let mut packed = Vec::new();
        let mut long = Vec::new();
        let mut bits = 0;
        for code in codes {
            bits |= bit_of(code.as_ref());
            match pack(code.as_ref()) {
                Some(code) => packed.push(code),
                None => long.push(Box::from(code.as_ref())),
            }
        }
        packed.sort_unstable();
        packed.dedup();
        long.sort_unstable();
        long.dedup();
        CodeSet { packed: packed.into(), long: long.into(), bits }
    }

    /// Whether the set holds exactly this text.
    pub fn contains(&self, code: &[u8]) -> bool {
        if self.bits & bit_of(code) == 0 {
            return false;
        }
        match pack(code) {
            // A scan of a few integers is quicker than the branches of a search.
            Some(code) if self.packed.len() <= 8 => self.packed.contains(&code),
            Some(code) => self.packed.binary_search(&code).is_ok(),
            None => self.long.iter().any(|known| **known == *code),
        }
    }

    /// Every code as its bytes.
    pub fn iter(&self) -> impl Iterator<Item = Vec<u8>> {
        let packed = self
            .packed
            .iter()
            .map(|code| code.to_be_bytes().into_iter().take_while(|&byte| byte != 0).collect());
        packed.chain(self.long.iter().map(|code| code.to_vec()))
    }

    /// Shows every code.
    pub(super) fn each(&self, mut see: impl FnMut(&[u8])) {
        for code in &self.packed {
            let bytes = code.to_be_bytes();
            let length = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
            see(&bytes[..length]);
        }
        self.long.iter().for_each(|code| see(code));
    }

    /// The codes of both.
    pub(super) fn and(&self, other: &CodeSet) -> CodeSet {
        CodeSet::new(self.iter().filter(|code| other.contains(code)))
    }

    /// The codes of either.
    pub(super) fn or(&self, other: &CodeSet) -> CodeSet {
        CodeSet::new(self.iter().chain(other.iter()))
    }

    /// How many codes.
    pub fn len(&self) -> usize {
        self.packed.len() + self.long.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// As it stands in memory, to be carried in bytes: postcard writes a list of them as what [`Deserialize`] borrows.
impl Serialize for CodeSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let packed: Vec<u8> = self.packed.iter().flat_map(|code| code.to_be_bytes()).collect();
        (self.bits, packed, &self.long).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for CodeSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (bits, packed, long) = <(u64, &[u8], Box<[Box<[u8]>]>)>::deserialize(deserializer)?;
        let (packed, _) = packed.as_chunks::<16>();
        Ok(CodeSet { packed: packed.iter().copied().map(u128::from_be_bytes).collect(), long, bits })
    }
}

/// Sixteen bytes at most, none of them zero; so that no two texts pack alike.
fn pack(code: &[u8]) -> Option<u128> {
    let mut bytes = [0; 16];
    bytes.get_mut(..code.len())?.copy_from_slice(code);
    (!code.contains(&0)).then_some(u128::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_any_length_are_told_apart() {
        let long = "a text of more than sixteen bytes";
        let set = CodeSet::new(["97124", "59", "00100", long, "59"]);
        assert_eq!(set.len(), 4);
        for code in ["97124", "59", "00100", long] {
            assert!(set.contains(code.as_bytes()), "{code}");
        }
        for code in ["9712", "97124 ", "", "0100", "59\0"] {
            assert!(!set.contains(code.as_bytes()), "{code}");
        }
        assert_eq!(CodeSet::new(set.iter()), set);
    }

    #[test]
    fn large_sets_are_searched() {
        let codes = (0..500).map(|code| format!("{:05}", code * 2)).collect::<Vec<_>>();
        let set = CodeSet::new(&codes);
        assert!(codes.iter().all(|code| set.contains(code.as_bytes())));
        assert!(!set.contains(b"00001") && !set.contains(b"01000"));
    }
}
