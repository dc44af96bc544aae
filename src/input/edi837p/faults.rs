/// Every fault that reading an 837P can find, with the placeholders that its rule's message may use.
///
/// Those of the walk through the guide are in [`crate::guide::FAULTS`].
pub const FAULTS: &[(&str, &[&str])] = &[
    ("isa-missing", &[]),
    ("isa-layout", &[]),
    ("iea-missing", &["control"]),
    ("iea01-count", &["stated", "counted"]),
    ("isa13-iea02", &["header", "trailer"]),
    ("gs-missing", &[]),
    ("ge-missing", &["control"]),
    ("ge01-count", &["stated", "counted"]),
    ("gs06-ge02", &["header", "trailer"]),
    ("st-missing", &[]),
    ("se-missing", &["control"]),
    ("se01-count", &["stated", "counted"]),
    ("st02-se02", &["header", "trailer"]),
    ("no-claim", &["control"]),
    ("guide-version", &["stated", "found"]),
    ("segment-id", &[]),
    ("segment-too-long", &[]),
    ("claim-too-long", &[]),
];
