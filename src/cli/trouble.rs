use std::fmt::Display;
use std::io::{self, Write};

/// Why a job could not be done, in one sentence. Never holds claim contents.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// A sentence.
    #[error("error: {0}")]
    Sentence(String),
    /// Mistakes shown at their place, line by line.
    #[error("{0}")]
    Drawn(String),
}

impl Trouble {
    pub(super) fn message(sentence: impl Into<String>) -> Trouble {
        Trouble::Sentence(sentence.into())
    }

    /// Mistakes that are already drawn for the reader's terminal.
    pub(super) fn drawn(mistakes: String) -> Trouble {
        Trouble::Drawn(mistakes)
    }

    /// The same with what else must be known, on a line of its own.
    pub(super) fn with_note(self, note: &str) -> Trouble {
        match self {
            Trouble::Sentence(sentence) => Trouble::Sentence(format!("{sentence}\nnote: {note}")),
            Trouble::Drawn(mistakes) => Trouble::Drawn(format!("{}\nnote: {note}", mistakes.trim_end())),
        }
    }

    /// What it says, where that it is an error is said otherwise.
    pub(super) fn sentence(self) -> String {
        match self {
            Trouble::Sentence(text) | Trouble::Drawn(text) => text,
        }
    }

    pub(super) fn writing(what: impl Display, error: &io::Error) -> Trouble {
        Trouble::Sentence(format!("cannot write {what}: {error}"))
    }

    pub(super) fn reading(what: impl Display, error: &io::Error) -> Trouble {
        Trouble::Sentence(format!("cannot read {what}: {error}"))
    }

    /// Says it, as well as it can be said.
    pub(super) fn print(&self, err: &mut dyn Write) {
        // Where standard error is closed, the exit code still tells.
        let _ = writeln!(err, "{self}");
    }
}
