use crate::finding::Form;

/// The separators of one interchange, as its ISA states them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Delimiters {
    /// Between elements (`*`).
    pub element: u8,
    /// Between components of a composite (`:`).
    pub component: u8,
    /// Between repetitions (`^`); `None` where ISA11 is no usable separator.
    pub repetition: Option<u8>,
    /// After each segment (`~`).
    pub terminator: u8,
}

impl Delimiters {
    /// All of them as one number, which tells them apart.
    #[inline]
    pub fn packed(self) -> u32 {
        let Delimiters { element, component, repetition, terminator } = self;
        // No separator of repetitions is the terminator.
        u32::from_le_bytes([element, component, repetition.unwrap_or(terminator), terminator])
    }

    /// Those that are this number.
    #[inline]
    pub fn unpacked(packed: u32) -> Delimiters {
        let [element, component, repetition, terminator] = packed.to_le_bytes();
        let repetition = Some(repetition).filter(|repetition| *repetition != terminator);
        Delimiters { element, component, repetition, terminator }
    }
}

/// A stretch of context that stood before a unit: whole segments, with the place they had in the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// Where its first byte stands in the file.
    pub offset: u64,
    /// Number of its first segment in the file.
    pub number: u64,
    /// The segments.
    pub bytes: Vec<u8>,
}

/// A piece of work that needs nothing else: whole claims, and a copy of the context they stand in. Plain data.
///
/// A worker replays `context` silently, then reads `bytes`. A fault in the context belongs to the unit that
/// holds it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unit {
    /// Index of the input file in the run.
    pub file: u32,
    /// Place of the unit in its file, from 0.
    pub ordinal: u64,
    /// What the bytes are.
    pub form: Form,
    /// Where the first byte of `bytes` stands in the file.
    pub offset: u64,
    /// X12: number of the first segment (one more than the terminators before it). JSON: number of the first line.
    pub number: u64,
    /// X12: separators in force at the start; `None`: those of the ISA it starts with. `None` for JSON.
    pub delimiters: Option<Delimiters>,
    /// X12: ISA, GS, ST with 1000A/B, and the HL loops in force, in file order. JSON: what encloses the lines.
    pub context: Vec<Piece>,
    /// The unit's own range.
    pub bytes: Vec<u8>,
}

impl Unit {
    /// A unit of X12.
    pub fn x12(
        file: u32,
        ordinal: u64,
        offset: u64,
        number: u64,
        delimiters: Option<Delimiters>,
        context: Vec<Piece>,
        bytes: Vec<u8>,
    ) -> Unit {
        Unit { file, ordinal, form: Form::X12, offset, number, delimiters, context, bytes }
    }
}
