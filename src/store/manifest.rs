use std::path::Path;

use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::claim::{Date, parse_iso_date};

/// The format of the store that this program reads and writes. A store of a later one is refused.
pub const FORMAT: u32 = 1;

/// What is in the store.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) format: u32,
    pub(super) tables: Vec<Entry>,
}

/// A table of the store, or a part of one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// `mpfs`, `ncci-ptp` …
    pub name: String,
    /// The publisher's name for the release, such as `RVU25A` or `2026Q3`.
    pub release: String,
    /// Which of several files that make up one table, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<u8>,
    /// The first day it holds.
    #[serde(with = "iso_date")]
    pub from: Date,
    /// The last day it holds, where its publisher says so.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "iso_date_or_none")]
    pub to: Option<Date>,
    /// Number of rows.
    pub rows: u64,
    /// Bytes of its file.
    pub bytes: u64,
    /// XXH3 of its file, 16 hexadecimal digits.
    pub hash: String,
    /// The name of its file in `tables/`.
    pub file: String,
    /// Bytes of the index at the start of its file, if it has one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub index_bytes: u64,
    /// XXH3 of those bytes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub index_hash: String,
    /// The name of the file it was imported from.
    pub source: String,
    /// XXH3 of that file's content.
    pub source_hash: String,
    /// The day of the import.
    #[serde(with = "iso_date")]
    pub imported: Date,
}

/// A table that is to go into the store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewTable {
    /// As in [`Entry`].
    pub name: String,
    /// As in [`Entry`].
    pub release: String,
    /// As in [`Entry`].
    pub part: Option<u8>,
    /// As in [`Entry`].
    pub from: Date,
    /// As in [`Entry`].
    pub to: Option<Date>,
    /// As in [`Entry`].
    pub rows: u64,
    /// Whether it takes the place of every earlier release: a list whose rows carry their own days.
    pub alone: bool,
    /// The whole file.
    pub body: Vec<u8>,
    /// As in [`Entry`].
    pub index_bytes: u64,
    /// As in [`Entry`].
    pub source: String,
    /// As in [`Entry`].
    pub source_hash: String,
}

impl Entry {
    /// Whether two entries are the same table (and part) of the same release: the one that comes later replaces the other.
    pub fn is_same_as(&self, other: &Entry) -> bool {
        (&self.name, &self.release, self.part) == (&other.name, &other.release, other.part)
    }

    /// Name and release, and the part if there are several: `ncci-ptp 2026Q3 f4`.
    pub fn title(&self) -> String {
        match self.part {
            None => format!("{} {}", self.name, self.release),
            Some(part) => format!("{} {} f{part}", self.name, self.release),
        }
    }

    /// From when to when it holds, as the heads of tables say it.
    pub fn effective(&self) -> String {
        match self.to {
            None => format!("{} on", self.from),
            Some(to) => format!("{} to {to}", self.from),
        }
    }
}

impl Manifest {
    pub(super) const EMPTY: Manifest = Manifest { format: FORMAT, tables: Vec::new() };

    /// Reads a manifest's text.
    pub(super) fn read(text: &[u8], path: &Path) -> Result<Manifest, StoreError> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let damaged = |what: String| StoreError::Manifest { path: path.to_owned(), what };
        // The format is asked first: a later one may have any shape.
        let Format { format } =
            serde_json::from_slice(text).map_err(|error| damaged(format!("line {}", error.line())))?;
        if format > FORMAT {
            return Err(StoreError::Later { path: path.to_owned(), found: format, known: FORMAT });
        }
        let manifest: Manifest = serde_json::from_slice(text).map_err(|error| damaged(error.to_string()))?;
        let is_plain = |file: &str| {
            !file.is_empty()
                && file.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
        };
        match manifest.tables.iter().find(|entry| !is_plain(&entry.file)) {
            Some(entry) => Err(damaged(format!("{} names a file outside the store", entry.title()))),
            None => Ok(manifest),
        }
    }

    pub(super) fn text(&self) -> Vec<u8> {
        let mut text = serde_json::to_vec_pretty(self).unwrap_or_default();
        text.push(b'\n');
        text
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

mod iso_date {
    use super::{Date, parse_iso_date};
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(date: &Date, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(date)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
        let text = String::deserialize(from)?;
        parse_iso_date(text.as_bytes()).ok_or_else(|| de::Error::custom("not a date"))
    }
}

mod iso_date_or_none {
    use super::{Date, iso_date};
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(date: &Option<Date>, to: S) -> Result<S::Ok, S::Error> {
        match date {
            Some(date) => iso_date::serialize(date, to),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
        iso_date::deserialize(from).map(Some)
    }
}
