//! Which imported tables are in force, and for which days. Decided once, from the manifest alone: no table is read.

use std::sync::{Arc, OnceLock};

use super::diagnosis_code::DiagnosisList;
use super::table::Table;
use super::{fee, locality};
use crate::claim::Date;
use crate::store::{Entry, PairIndex, Store};

/// The files of a practitioner pair table.
const PAIR_PARTS: usize = 4;

/// The imported tables of a run.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) store: Arc<Store>,
    pub(super) schedules: Vec<Dated>,
    pub(super) indices: Vec<Dated>,
    /// By their first days.
    pub(super) unlikely: Vec<Dated>,
    pub(super) pairs: Option<LoadedPairs>,
    /// The one in force, if it is not the built-in one.
    pub(super) zips: Option<usize>,
    pub(super) diagnoses: Vec<DiagnosisList>,
    /// By their first days.
    pub(super) taxonomies: Vec<usize>,
    pub(super) procedures: Option<usize>,
    pub(super) modifiers: Option<usize>,
    /// By entry of the store: why it is not in force.
    pub(super) idle: Vec<Option<String>>,
}

/// A release with its first day, built in or imported.
#[derive(Clone, Debug)]
pub(super) struct Dated {
    pub(super) from: Date,
    pub(super) label: String,
    pub(super) origin: Origin,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Origin {
    Builtin(Table<'static>),
    /// By its place in the store.
    Stored(usize),
}

/// The file that holds the pairs whose column 1 codes are of therapy.
const THERAPY_PART: u8 = 4;

/// The pair table in force.
#[derive(Debug)]
pub(super) struct LoadedPairs {
    parts: Vec<usize>,
    index: OnceLock<PairIndex>,
}

impl LoadedPairs {
    /// The index, read when it is first asked for.
    pub(super) fn index(&self, store: &Store) -> &PairIndex {
        self.index.get_or_init(|| PairIndex::read(store, &self.parts))
    }
}

impl Loaded {
    pub(super) fn new(store: Arc<Store>) -> Loaded {
        let entries = store.entries();
        let mut idle = vec![None; entries.len()];
        let named = |name: &str| -> Vec<usize> {
            let mut places: Vec<usize> = (0..entries.len()).filter(|&at| entries[at].name == name).collect();
            places.sort_by_key(|&at| entries[at].from);
            places
        };
        let dated =
            |at: usize, label: String| Dated { from: entries[at].from, label, origin: Origin::Stored(at) };
        let plain = |at: usize| dated(at, entries[at].release.clone());

        let mut schedules: Vec<Dated> = named("mpfs").into_iter().map(plain).collect();
        add_builtin(&mut schedules, fee::BUILTIN);
        for at in named("mpfs-qpp") {
            let release = &entries[at].release;
            if schedules.iter().any(|one| one.label == *release) {
                idle[at] = Some(format!("mpfs {release} is used: the schedule outside a qualifying APM"));
            } else {
                schedules.push(dated(at, format!("{release} QPP")));
            }
        }
        sort(&mut schedules);

        let mut indices: Vec<Dated> = named("gpci").into_iter().map(plain).collect();
        add_builtin(&mut indices, locality::BUILTIN);
        sort(&mut indices);

        let zips = named("zip-locality");
        let newest = zips.last().copied().filter(|&at| entries[at].from >= locality::ZIPS_FROM);
        for &at in zips.iter().filter(|&&at| Some(at) != newest) {
            let by = newest.map_or("the built-in table", |at| entries[at].release.as_str());
            idle[at] = Some(format!("{by} is newer"));
        }

        let pairs = pairs_in_force(entries, &named("ncci-ptp"), &mut idle);
        let diagnoses = DiagnosisList::shared_out(entries, &named("icd10cm"), &mut idle);
        Loaded {
            schedules,
            indices,
            unlikely: named("mue").into_iter().map(plain).collect(),
            pairs: pairs.map(|parts| LoadedPairs { parts, index: OnceLock::new() }),
            zips: newest,
            diagnoses,
            taxonomies: named("nucc-taxonomy"),
            procedures: named("procedure-codes").last().copied(),
            modifiers: named("modifiers").last().copied(),
            idle,
            store,
        }
    }

    /// A table, imported or built in.
    pub(super) fn table(&self, origin: Origin) -> Table<'_> {
        match origin {
            Origin::Builtin(table) => table,
            Origin::Stored(at) => self.store.text(at).into(),
        }
    }

    /// The files of the pair table in force that were not imported, if some were not.
    pub(super) fn missing_parts(&self) -> Option<String> {
        let parts = &self.pairs.as_ref()?.parts;
        let entries = self.store.entries();
        let has = |part: &u8| parts.iter().any(|&at| entries[at].part == Some(*part));
        let missing: Vec<String> =
            (1..=PAIR_PARTS as u8).filter(|part| !has(part)).map(|part| format!("f{part}")).collect();
        let release = &entries[*parts.first()?].release;
        (!missing.is_empty()).then(|| {
            format!("ncci-ptp {release}: of its four files {} not imported; pairs of their column 1 codes are not known", match missing.len() {
                1 => format!("{} is", missing[0]),
                _ => format!("{} are", missing.join(", ")),
            })
        })
    }

    /// Whether an imported table stands in the place of a built-in one.
    pub(super) fn replaces(&self, name: &str, release: &str) -> bool {
        let is_replaced = |dated: &[Dated], builtin: &[(&str, Date, Table<'static>)]| {
            let from = builtin.iter().find(|(label, _, _)| *label == release).map(|(_, from, _)| *from);
            dated.iter().any(|one| Some(one.from) == from && matches!(one.origin, Origin::Stored(_)))
        };
        match name {
            "mpfs" => is_replaced(&self.schedules, fee::BUILTIN),
            "gpci" => is_replaced(&self.indices, locality::BUILTIN),
            "ncci-ptp" => self.pairs.is_some(),
            "zip-locality" => self.zips.is_some(),
            _ => false,
        }
    }
}

/// By first days; of two that begin on one day the imported one is the later.
fn sort(releases: &mut [Dated]) {
    releases.sort_by_key(|one| (one.from, matches!(one.origin, Origin::Stored(_))));
}

fn add_builtin(releases: &mut Vec<Dated>, builtin: &[(&str, Date, Table<'static>)]) {
    for &(label, from, table) in builtin {
        if !releases.iter().any(|one| one.label == label) {
            releases.push(Dated { from, label: label.to_owned(), origin: Origin::Builtin(table) });
        }
    }
}

/// In a year, the newest release that has begun by `date`, else the year's first.
pub(super) fn in_year(releases: &[Dated], date: Date) -> Option<&Dated> {
    let year = || releases.iter().filter(|one| one.from.year() == date.year());
    year().rev().find(|one| one.from <= date).or_else(|| year().next())
}

/// The newest release of which all four files are there; else the newest with the fourth, which holds every pair whose
/// column 1 code is of therapy. Without that file the built-in table stays in force: it would be missed without a word.
///
/// One release serves every day: its rows carry the first and last days of their own, deleted pairs among them, while an
/// older release knows nothing of what was changed with effect for days it speaks of.
fn pairs_in_force(entries: &[Entry], places: &[usize], idle: &mut [Option<String>]) -> Option<Vec<usize>> {
    let parts_of = |release: &str| -> Vec<usize> {
        places.iter().copied().filter(|&at| entries[at].release == release).collect()
    };
    let newest_first = || places.iter().rev().map(|&at| entries[at].release.as_str());
    let release = newest_first().find(|release| parts_of(release).len() == PAIR_PARTS).or_else(|| {
        newest_first()
            .find(|release| parts_of(release).iter().any(|&at| entries[at].part == Some(THERAPY_PART)))
    });
    let Some(release) = release else {
        for &at in places {
            idle[at] = Some(format!(
                "the built-in table is used: f{THERAPY_PART}, which holds the pairs of therapy, is missing"
            ));
        }
        return None;
    };
    for &at in places.iter().filter(|&&at| entries[at].release != release) {
        let parts = parts_of(&entries[at].release).len();
        idle[at] = Some(match parts < PAIR_PARTS && entries[at].release.as_str() > release {
            true => format!("{release} is used: only {parts} of four files of this one are there"),
            false => format!("{release} is newer"),
        });
    }
    Some(parts_of(release))
}
