use std::fmt;

/// A stretch of the input, in bytes of the file as read (after decompression).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Hash)]
pub struct Span {
    /// First byte, counted from 0 at the start of the file.
    pub offset: u64,
    /// Length in bytes; 0 marks the place where something is missing.
    pub length: u32,
}

impl Span {
    /// A span of `length` bytes at `offset`.
    #[inline]
    pub const fn new(offset: u64, length: u32) -> Self {
        Self { offset, length }
    }

    /// One past the last byte.
    pub const fn end(self) -> u64 {
        self.offset + self.length as u64
    }
}

/// A value as the claim states it, and where. Empty means absent; the offset then says where it would stand.
///
/// Borrows from the unit of input. The bytes may be invalid UTF-8: a claim is never refused for that here.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Text<'a> {
    bytes: &'a [u8],
    offset: u64,
}

impl<'a> Text<'a> {
    /// A value that is not there and has no place.
    pub const ABSENT: Text<'static> = Text { bytes: &[], offset: 0 };

    /// A value at `offset` bytes into the file.
    #[inline]
    pub const fn new(bytes: &'a [u8], offset: u64) -> Self {
        Self { bytes, offset }
    }

    /// The same value `by` bytes farther into the file, where it stands again in the same letters.
    #[must_use]
    #[inline]
    pub const fn moved(self, by: u64) -> Self {
        Self { bytes: self.bytes, offset: self.offset.wrapping_add(by) }
    }

    /// The bytes as they stand in the input.
    #[inline]
    pub const fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// Where the value stands.
    #[inline]
    pub const fn span(self) -> Span {
        Span { offset: self.offset, length: self.bytes.len() as u32 }
    }

    /// Whether nothing was stated.
    #[inline]
    pub const fn is_absent(self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether not even a place is known where it would stand: whatever would hold it was not there either.
    #[inline]
    pub const fn has_no_place(self) -> bool {
        self.bytes.is_empty() && self.offset == 0
    }

    /// Whether something was stated.
    #[inline]
    pub const fn is_present(self) -> bool {
        !self.bytes.is_empty()
    }

    /// The value as text, or "" where it is not UTF-8. For codes, which are ASCII.
    pub fn str(self) -> &'a str {
        std::str::from_utf8(self.bytes).unwrap_or("")
    }
}

impl PartialEq<&str> for Text<'_> {
    #[inline]
    fn eq(&self, other: &&str) -> bool {
        self.bytes == other.as_bytes()
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.bytes.escape_ascii(), self.offset)
    }
}
