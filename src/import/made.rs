use super::names::Names;
use super::release::Release;
use crate::claim::Date;
use crate::store::{NewTable, text_file};

/// A table as it was read, before its file is written.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) name: &'static str,
    pub(super) release: Release,
    /// Whether the release is the one of `--release`.
    pub(super) release_was_asked: bool,
    pub(super) part: Option<u8>,
    /// Whether it takes the place of every earlier release.
    pub(super) alone: bool,
    pub(super) body: Body,
    pub(super) source: Names,
    pub(super) source_hash: String,
    /// Of two spellings of one table in an archive the higher one is kept.
    pub(super) rank: u8,
    pub(super) remarks: Vec<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Body {
    /// Rows of one width, and what their columns are.
    Text { rows: Vec<String>, columns: &'static str },
    /// A file of another form, whole.
    Whole { bytes: Vec<u8>, index_bytes: u64, rows: u64 },
}

/// A remark where a file has far fewer rows than a whole release: it may have been cut off on the way.
fn too_few(name: &str, rows: usize, source: &Names) -> Option<String> {
    let (whole, least) = match name {
        "mpfs" | "mpfs-qpp" => ("19,000", 15_000),
        "gpci" => ("109", 100),
        _ => return None,
    };
    (rows < least).then(|| {
        format!(
            "{}: it has {rows} rows where a whole release has about {whole}; what it lacks will have no price",
            source.shown()
        )
    })
}

impl Made {
    pub(super) fn text(
        name: &'static str,
        (release, release_was_asked): (Release, bool),
        rows: Vec<String>,
        columns: &'static str,
        source: &Names,
    ) -> Made {
        let remarks = too_few(name, rows.len(), source).into_iter().collect();
        let body = Body::Text { rows, columns };
        Made { body, remarks, ..Made::whole(name, (release, release_was_asked), Vec::new(), 0, source) }
    }

    pub(super) fn whole(
        name: &'static str,
        (release, release_was_asked): (Release, bool),
        bytes: Vec<u8>,
        rows: u64,
        source: &Names,
    ) -> Made {
        Made {
            name,
            release,
            release_was_asked,
            part: None,
            alone: false,
            body: Body::Whole { bytes, index_bytes: 0, rows },
            source: source.clone(),
            source_hash: String::new(),
            rank: 0,
            remarks: Vec::new(),
        }
    }

    pub(super) fn is_same_table_as(&self, other: &Made) -> bool {
        (self.name, &self.release.label, self.part) == (other.name, &other.release.label, other.part)
    }

    /// `mpfs RVU25D`.
    pub(super) fn title(&self) -> String {
        format!("{} {}", self.name, self.release.label)
    }

    pub(super) fn into_table(self, today: Date) -> NewTable {
        let source = self.source.shown();
        let (body, index_bytes, rows) = match self.body {
            Body::Whole { bytes, index_bytes, rows } => (bytes, index_bytes, rows),
            Body::Text { mut rows, columns } => {
                rows.sort_unstable();
                rows.dedup();
                let mut head = self.release.head(self.name, &source, today);
                head.push(format!("columns: {columns}"));
                let count = rows.len() as u64;
                (text_file(&head, rows), 0, count)
            }
        };
        NewTable {
            name: self.name.to_owned(),
            release: self.release.label,
            part: self.part,
            from: self.release.from,
            to: self.release.to,
            rows,
            alone: self.alone,
            body,
            index_bytes,
            source,
            source_hash: self.source_hash,
        }
    }
}
