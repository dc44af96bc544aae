use std::fmt;
use std::io;

use super::names::Names;

/// Why a file is not imported: which file, where in it, and what was expected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportError {
    file: String,
    /// 1-based line.
    line: Option<u64>,
    /// The column's name, or the character it begins with.
    column: Option<String>,
    what: String,
}

/// The files that are taken, for those who named another.
const EXPECTED: &str = "\
it is none of the files that are imported. Those are, as CMS publishes them, the zip itself or the text in it:
  PPRRVU*.csv or .txt                       relative value file (fee schedule), in RVU26A.zip and the like
  GPCI*.csv                                 geographic practice cost indices, in the same zip
  ZIP5*.txt                                 ZIP code to carrier locality
  ccipra-v*-f1.TXT to -f4.TXT               NCCI procedure-to-procedure edits, practitioner
  MCR_MUE_PractitionerServices_*.csv        medically unlikely edits, practitioner
  icd10cm_order_*.txt                       ICD-10-CM order file
  nucc_taxonomy_*.csv                       NUCC provider taxonomy
and two lists of your own: procedure_code,effective_from,effective_to and modifier,effective_from,effective_to";

impl ImportError {
    pub(super) fn of(names: &Names, what: impl Into<String>) -> ImportError {
        ImportError { file: names.shown(), line: None, column: None, what: what.into() }
    }

    /// A file that is none of the known ones.
    pub(super) fn unknown(names: &Names) -> ImportError {
        ImportError::of(names, EXPECTED)
    }

    pub(super) fn reading(names: &Names, error: &io::Error) -> ImportError {
        ImportError::of(names, format!("it cannot be read: {error}"))
    }

    pub(super) fn at_line(names: &Names, line: u64, what: impl Into<String>) -> ImportError {
        ImportError { line: Some(line), ..ImportError::of(names, what) }
    }

    pub(super) fn at(
        names: &Names,
        line: u64,
        column: impl Into<String>,
        what: impl Into<String>,
    ) -> ImportError {
        ImportError { column: Some(column.into()), ..ImportError::at_line(names, line, what) }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.what)
    }
}

impl std::error::Error for ImportError {}

/// A field as an error shows it: short, and nothing that a terminal would act on.
pub(super) fn shown(field: &[u8]) -> String {
    const MOST: usize = 24;
    let mut text = field[..field.len().min(MOST)].escape_ascii().to_string();
    if field.len() > MOST {
        text.push('…');
    }
    format!("`{text}`")
}
