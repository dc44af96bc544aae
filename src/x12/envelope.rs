use super::{Lexer, Segment};
use crate::source::Delimiters;

/// Most bytes kept of an envelope segment. An ISA has 106; the others are shorter.
const KEPT: usize = 256;

/// Which envelope segment it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EnvelopeKind {
    /// Start of an interchange.
    Isa,
    /// Start of a functional group.
    Gs,
    /// Start of a transaction set.
    St,
    /// End of a transaction set.
    Se,
    /// End of a functional group.
    Ge,
    /// End of an interchange.
    Iea,
    /// No segment: the end of the unit, so that what stood after its last envelope segment is counted.
    UnitEnd,
}

/// What was read between two envelope segments.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Segments, blank pieces left out.
    pub segments: u64,
    /// CLM segments.
    pub claims: u64,
    /// SV1 segments: professional lines.
    pub professional: u64,
    /// SV2 segments: institutional lines.
    pub institutional: u64,
    /// SV3 segments: dental lines.
    pub dental: u64,
}

impl Tally {
    /// Adds another stretch.
    pub fn add(&mut self, other: Tally) {
        self.segments += other.segments;
        self.claims += other.claims;
        self.professional += other.professional;
        self.institutional += other.institutional;
        self.dental += other.dental;
    }
}

/// One envelope segment, kept for the checks that need the whole file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EnvelopeEvent {
    /// Which segment.
    pub kind: EnvelopeKind,
    /// Where in the file it stands, in bytes.
    pub offset: u64,
    /// Number of the segment in the file.
    pub number: u64,
    /// The segment, cut off after 256 bytes.
    pub text: Vec<u8>,
    /// The separators it is written with.
    pub delimiters: Delimiters,
    /// Of an ISA: whether it keeps the fixed layout.
    pub padded: bool,
    /// What stood between the envelope segment (or the start of the unit) before it and this one, neither counted.
    pub before: Tally,
}

impl EnvelopeEvent {
    /// Keeps `segment`.
    pub fn of(kind: EnvelopeKind, segment: &Segment<'_, '_>, padded: bool, before: Tally) -> EnvelopeEvent {
        let raw = segment.raw();
        EnvelopeEvent {
            kind,
            offset: segment.offset(),
            number: segment.number(),
            text: raw[..raw.len().min(KEPT)].to_vec(),
            delimiters: segment.delimiters(),
            padded,
            before,
        }
    }

    /// Marks the end of a unit.
    pub fn unit_end(delimiters: Delimiters, before: Tally) -> EnvelopeEvent {
        EnvelopeEvent {
            kind: EnvelopeKind::UnitEnd,
            offset: 0,
            number: 0,
            text: Vec::new(),
            delimiters,
            padded: true,
            before,
        }
    }

    /// Element `index`, counted from 1: its bytes without the blanks around them, and where it stands in the file.
    pub fn element(&self, index: usize) -> (&[u8], u64) {
        let mut lexer = Lexer::new(&self.text, self.offset, self.number, Some(self.delimiters));
        lexer.next_segment().map_or((&[], self.offset), |segment| {
            let field = segment.element(index);
            (field.bytes.trim_ascii(), field.offset)
        })
    }
}
