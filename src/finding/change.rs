use super::Window;

/// One segment that mending changes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Index of the file in the run.
    pub file: u32,
    /// 1-based number of the segment in its file.
    pub number: u64,
    /// As it stands, and as it will.
    pub windows: (Window, Window),
    /// Index in the run of each finding that is mended here.
    pub findings: Vec<usize>,
}
