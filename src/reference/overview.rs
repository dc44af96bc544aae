//! What is loaded, in words: for lists of tables, for reports, and for whoever asks what is out of date.

use super::{
    Reference, diagnosis, diagnosis_code, fee, locality, mue, ncci, payment_modifier, place, policy,
};
use crate::claim::Date;
use crate::finding::TableRelease;

/// The built-in tables that hold the codes of therapy alone.
const SUBSETS: [&str; 3] = ["mpfs", "mue", "ncci-ptp"];

/// A table with its release.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableHead {
    /// `mpfs`, `ncci-ptp` …
    pub name: String,
    /// The publisher's name for the release, such as `RVU25D`.
    pub release: String,
    /// Which of several files that make up one table, from 1.
    pub part: Option<u8>,
    /// From when to when it holds.
    pub effective: String,
    /// Who published it, or how it was derived; for an imported table, the file.
    pub source: String,
    /// Number of rows.
    pub rows: usize,
    /// Whether the user imported it.
    pub imported: bool,
    /// Why no look-up asks it; `None` for a table in force.
    pub idle: Option<String>,
}

impl Reference {
    /// Every table in force with its release, as reports state them. Which of them a run used, the run says.
    pub fn releases(&self) -> Vec<TableRelease> {
        let mut releases: Vec<TableRelease> = self
            .tables()
            .into_iter()
            .filter(|head| head.idle.is_none())
            .map(|head| TableRelease {
                subset: !head.imported && SUBSETS.contains(&head.name.as_str()),
                release: if head.name == "mpfs-qpp" { format!("{} QPP", head.release) } else { head.release },
                name: if head.name == "mpfs-qpp" { "mpfs".to_owned() } else { head.name },
                effective: head.effective,
                used: false,
            })
            .collect();
        // The parts of one table are one table.
        releases.dedup_by(|one, other| (&one.name, &one.release) == (&other.name, &other.release));
        releases
    }

    /// Every table, built in and imported, in force or not, by name and release.
    pub fn tables(&self) -> Vec<TableHead> {
        let loaded = self.loaded();
        let builtin = [
            fee::TABLES.as_slice(),
            locality::TABLES.as_slice(),
            ncci::TABLES.as_slice(),
            mue::TABLES.as_slice(),
            diagnosis::TABLES.as_slice(),
            place::TABLES.as_slice(),
            policy::TABLES.as_slice(),
            payment_modifier::TABLES.as_slice(),
        ]
        .concat()
        .into_iter()
        .map(|table| table.head())
        .chain([diagnosis_code::head()])
        .map(|head| {
            let replaced = loaded.is_some_and(|loaded| loaded.replaces(head.name, head.release));
            TableHead {
                name: head.name.to_owned(),
                release: head.release.to_owned(),
                part: None,
                effective: head.effective.to_owned(),
                source: head.source.to_owned(),
                rows: head.rows,
                imported: false,
                idle: replaced.then(|| "replaced by an imported table".to_owned()),
            }
        });
        let mut heads: Vec<TableHead> = builtin.collect();
        if let Some(loaded) = loaded {
            heads.extend(loaded.store.entries().iter().zip(&loaded.idle).map(|(entry, idle)| TableHead {
                name: entry.name.clone(),
                release: entry.release.clone(),
                part: entry.part,
                effective: entry.effective(),
                source: format!("{}, imported {}", entry.source, entry.imported),
                rows: usize::try_from(entry.rows).unwrap_or(usize::MAX),
                imported: true,
                idle: idle.clone(),
            }));
        }
        heads.sort_by(|one, other| {
            (&one.name, &one.release, one.part).cmp(&(&other.name, &other.release, other.part))
        });
        heads
    }

    /// What of the tables in force is out of date on `date`, or missing for it; a sentence each, beginning with the
    /// table's name. That a quarter has begun does not mean that a new release is out, only that one is due.
    pub fn stale(&self, date: Date) -> Vec<String> {
        let mut stale = Vec::new();
        let year = date.year();
        let quarter = (date.month() - 1) / 3;
        let quarter_began = Date::new(year, quarter * 3 + 1, 1).unwrap_or(date);
        let label = format!("{year}Q{}", quarter + 1);
        let schedules: Vec<(&str, Date)> = self.schedules();
        for (name, releases) in [("mpfs", schedules), ("gpci", self.index_releases())] {
            let newest = releases
                .iter()
                .filter(|(_, from)| from.year() == year && *from <= date)
                .max_by_key(|one| one.1);
            match newest {
                None if !releases.iter().any(|(_, from)| from.year() == year) => {
                    stale.push(format!("{name}: no {year} release is loaded"));
                }
                // Indices change within a year only where the law does.
                Some((release, from)) if name == "mpfs" && *from < quarter_began => {
                    stale.push(format!("mpfs {release}: a newer quarter has begun ({label})"));
                }
                _ => {}
            }
        }
        let loaded = self.loaded();
        let entries = loaded.map_or(&[][..], |loaded| loaded.store.entries());
        let newest = |name: &str| {
            entries
                .iter()
                .enumerate()
                .filter(|(at, entry)| {
                    entry.name == name && loaded.is_some_and(|loaded| loaded.idle[*at].is_none())
                })
                .map(|(_, entry)| (entry.release.as_str(), entry.from))
                .filter(|(_, from)| *from <= date)
                .max_by_key(|(_, from)| *from)
        };
        for (name, builtin) in [
            ("mue", Some(("2026Q4", mue::BUILTIN_STATED))),
            ("ncci-ptp", Some(("2026Q2", ncci::BUILTIN_STATED))),
            ("zip-locality", Some(("2025Q4", locality::ZIPS_FROM))),
        ] {
            if let Some((release, from)) = newest(name).or(builtin)
                && from < quarter_began
            {
                let origin = if newest(name).is_some() { "" } else { " (built in)" };
                stale.push(format!("{name} {release}{origin}: a newer quarter has begun ({label})"));
            }
        }
        if !self.judges_diagnoses_on(date) {
            let (_, last) = self.diagnosis_days();
            stale.push(format!("icd10cm: no list is loaded for {date}; the last known day is {last}"));
        }
        if let Some((release, _)) = newest("nucc-taxonomy") {
            let holds = entries.iter().any(|entry| {
                entry.name == "nucc-taxonomy" && entry.from <= date && entry.to.is_none_or(|to| date <= to)
            });
            if !holds {
                stale.push(format!(
                    "nucc-taxonomy {release}: a newer half year has begun; no code of it is judged"
                ));
            }
        }
        if let Some(loaded) = loaded {
            stale.extend(loaded.missing_parts());
        }
        stale
    }

    fn schedules(&self) -> Vec<(&str, Date)> {
        match self.loaded() {
            Some(loaded) => loaded.schedules.iter().map(|one| (one.label.as_str(), one.from)).collect(),
            None => fee::BUILTIN.iter().map(|(label, from, _)| (*label, *from)).collect(),
        }
    }

    fn index_releases(&self) -> Vec<(&str, Date)> {
        match self.loaded() {
            Some(loaded) => loaded.indices.iter().map(|one| (one.label.as_str(), one.from)).collect(),
            None => locality::BUILTIN.iter().map(|(label, from, _)| (*label, *from)).collect(),
        }
    }
}
