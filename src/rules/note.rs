use serde::{Deserialize, Serialize};

use super::Phrases;
use crate::claim::ProcedureCode;

/// What a `note` rule looks for in the notes of a line.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, Serialize)]
pub enum NoteFault {
    /// Words that are there.
    WordsPresent {
        /// What is looked for; each speaks for itself.
        categories: Vec<NoteCategory>,
        /// Words that excuse all of it, wherever they stand in the line's notes.
        unless: Phrases,
        /// Whether billing remarks (NTE, K3) are read too.
        remarks: bool,
    },
    /// Words none of which is there, in a clinical note.
    WordsAbsent {
        /// What is missing then, as messages name it.
        category: String,
        /// Any of them will do.
        words: Phrases,
        /// A region of the body will do too, stated with the line or named in the note.
        regions: bool,
    },
    /// Techniques of another code and none of the line's own.
    TechniqueMismatch {
        /// By code.
        techniques: Vec<NoteTechniques>,
        /// Whether billing remarks (NTE, K3) are read too.
        remarks: bool,
    },
}

/// Words that say one thing, and words near them that show they mean another.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, Serialize)]
pub struct NoteCategory {
    /// As messages name it.
    pub name: String,
    /// What is looked for.
    pub words: Phrases,
    /// What excuses one of them, standing near it.
    pub unless_near: Phrases,
}

/// How notes speak of the service that a code stands for.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, Serialize)]
pub struct NoteTechniques {
    /// The code.
    pub code: ProcedureCode,
    /// Techniques of this code and of none of the others.
    pub own: Phrases,
    /// Words that fit the code, and others as well.
    pub also: Phrases,
}
