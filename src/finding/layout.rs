/// How a file lies on lines of text: whether the number of a place is that of its line in an editor.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LineBreaks {
    /// After each segment and nowhere else, or the form counts lines itself: a place's number is its line's.
    #[default]
    Counted,
    /// Nowhere, and the file is ASCII: it is one line, and a byte is a column.
    Absent,
    /// Anywhere: a place's line is not known.
    Elsewhere,
}
