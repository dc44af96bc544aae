//! From the files that CMS, NCHS and NUCC publish to tables of the store: what a file is, and what of it is kept.
//!
//! One file here for each layout. What a file is, is told by its content; only a release that the content does not
//! state (the quarter of NCCI and MUE files) is read from its name, or asked for. Columns are found by the names in the
//! header, fixed-width ones by their places. Every file is read as a stream: no text is held, and a zip cannot expand
//! past a limit. Descriptors are never kept: the codes' owners license them, and no rule needs them.
//!
//! Reads files and makes tables; it writes nothing, and the store knows nothing of layouts.

mod csv_rows;
mod error;
mod gpci;
mod icd10cm;
mod layout;
mod lists;
mod made;
mod mpfs;
mod mpfs_csv;
mod mpfs_fixed;
mod mue;
mod names;
mod ptp;
mod release;
mod source;
mod taxonomy;
mod zip5;

use std::path::PathBuf;

pub use error::ImportError;
pub use source::Limits;

use crate::claim::Date;
use crate::store::NewTable;
use layout::{Layout, Sight};
use made::Made;
use names::Names;

/// What was asked for beside the files.
#[derive(Clone, Debug)]
pub struct Wishes {
    /// The release of files that do not state it: `2026Q3`, `RVU26A`, `FY2027`, `26.1`.
    pub release: Option<String>,
    /// The day of the import.
    pub today: Date,
    /// How much is read of one file.
    pub limits: Limits,
}

/// What the files hold.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reading {
    /// The tables, in the order of their files.
    pub tables: Vec<NewTable>,
    /// What is worth saying of them, each a sentence that begins with the file's name.
    pub remarks: Vec<String>,
    /// Members of archives that hold no table, with the reason where there is one.
    pub passed_over: Vec<String>,
}

/// Reads files and archives. Nothing is kept of them unless all can be read.
///
/// # Errors
/// A file that is none of the known ones, an archive without any, a row that cannot be read (with line and column), a
/// release that nothing states.
pub fn read(files: &[PathBuf], wishes: &Wishes) -> Result<Reading, ImportError> {
    let mut gathered = Gathered::default();
    for path in files {
        source::each_text(path, wishes.limits, &mut |names, text| gathered.take(names, text, wishes))?;
    }
    gathered.settle(wishes)
}

#[derive(Default)]
struct Gathered {
    made: Vec<Made>,
    remarks: Vec<String>,
    passed_over: Vec<String>,
}

impl Gathered {
    /// Reads one text; whether it holds a table. Inside an archive what holds none is passed over.
    fn take(
        &mut self,
        names: &Names,
        text: &mut source::Text<'_>,
        wishes: &Wishes,
    ) -> Result<bool, ImportError> {
        let layout = match layout::of(text.head(), names) {
            Sight::Known(layout) => layout,
            Sight::Other(why) if names.is_inside_archive() => {
                self.passed_over.push(format!("{}: {why}", names.shown()));
                return Ok(false);
            }
            Sight::Other(why) => return Err(ImportError::of(names, why)),
            Sight::Unknown if names.is_inside_archive() => {
                self.passed_over.push(names.shown());
                return Ok(false);
            }
            Sight::Unknown => return Err(ImportError::unknown(names)),
        };
        let mut made = match layout {
            Layout::MpfsCsv => mpfs_csv::read(names, text, wishes),
            Layout::MpfsFixed => mpfs_fixed::read(names, text, wishes),
            Layout::Gpci => gpci::read(names, text, wishes),
            Layout::Zip5 => zip5::read(names, text),
            Layout::Ptp => ptp::read(names, text, wishes),
            Layout::Mue => mue::read(names, text, wishes),
            Layout::Icd10cm => icd10cm::read(names, text, wishes),
            Layout::Taxonomy => taxonomy::read(names, text, wishes),
            Layout::ProcedureCodes => lists::procedure_codes(names, text, wishes),
            Layout::Modifiers => lists::modifiers(names, text, wishes),
        }?;
        made.source_hash = text.finish().map_err(|error| ImportError::reading(names, &error))?;
        self.made.push(made);
        Ok(true)
    }

    /// Gives every table its release, and leaves out what an archive holds in two spellings.
    fn settle(mut self, wishes: &Wishes) -> Result<Reading, ImportError> {
        gpci::take_release_of_schedules(&mut self.made);
        let mut kept: Vec<Made> = Vec::new();
        for made in self.made {
            let Some(place) = kept.iter().position(|one| one.is_same_table_as(&made)) else {
                kept.push(made);
                continue;
            };
            let (one, other) = (kept[place].source.shown(), made.source.shown());
            if kept[place].body == made.body || kept[place].rank != made.rank {
                let is_better = made.rank > kept[place].rank;
                let (left, stays) = if is_better { (one, other) } else { (other, one) };
                self.passed_over.push(format!("{left}: the same table as {stays}"));
                if is_better {
                    kept[place] = made;
                }
                continue;
            }
            return Err(ImportError::of(
                &made.source,
                format!("this and {one} are both {} and differ; name one of them", made.title()),
            ));
        }
        for made in &mut kept {
            self.remarks.append(&mut made.remarks);
        }
        ptp::say_what_is_missing(&kept, &mut self.remarks);
        if let Some(release) = &wishes.release
            && !kept.iter().any(|made| made.release_was_asked)
        {
            self.remarks
                .push(format!("--release {release} was not needed: every file states its own release"));
        }
        let tables = kept.into_iter().map(|made| made.into_table(wishes.today)).collect();
        Ok(Reading { tables, remarks: self.remarks, passed_over: self.passed_over })
    }
}
