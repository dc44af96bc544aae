//! The tables a user has imported: a folder of files and one manifest that alone says what is in it.
//!
//! A store is opened, not read: opening reads the manifest, a table is read when it is first asked for, and of the NCCI
//! pairs only an index and the rows of the codes a run meets. Nothing is mapped into memory, so a file that shrinks
//! under a run is an error and no crash.
//!
//! | in the folder | what it is |
//! |---|---|
//! | `manifest.json` | every table: name, release, dates, rows, hash, file, and the file it was imported from |
//! | `tables/` | one file for each table (and part), named by its hash; a file the manifest does not name is no part of the store |
//! | `lock` | held by an import while it changes the two above |
//!
//! An import writes its files first and replaces the manifest last, by renaming: whatever stops it before leaves the
//! store as it was. Files that no manifest names any more are swept by the *next* import, so that a run that opened the
//! store before an import still finds what it opened.
//!
//! What a look-up cannot read it notes ([`Store::trouble`]) and answers as if there were nothing; whoever ran it must ask
//! for trouble before believing the answers. Knows the columns of no table: that is `reference`'s and `import`'s.

mod change;
mod error;
mod manifest;
mod pairs;
mod positioned;
mod read;
mod text;

pub use change::{Change, Step};
pub use error::StoreError;
pub use manifest::{Entry, FORMAT, NewTable};
pub use pairs::{PairIndex, PairRow, code_number, code_of_number, day_number, pairs_file};
pub use read::{Store, TableText};
pub use text::{is_sound_text, text_file};
