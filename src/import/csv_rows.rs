use std::io::Read;

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::error::{ImportError, shown};
use super::names::Names;
use super::source::Text;

/// The records of a CSV text, with their lines.
pub(super) struct Rows<'t, 'r> {
    reader: Reader<&'t mut Text<'r>>,
    names: &'t Names,
    /// Whether lines end with a carriage return too: the reader stops behind it, before the line is over.
    returns: bool,
}

/// One record.
pub(super) struct CsvRow<'n> {
    record: ByteRecord,
    pub(super) line: u64,
    names: &'n Names,
}

/// A column by its name in the header.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) place: usize,
    pub(super) name: &'static str,
}

impl<'t, 'r> Rows<'t, 'r> {
    pub(super) fn of(names: &'t Names, text: &'t mut Text<'r>) -> Rows<'t, 'r> {
        let returns = text.head().windows(2).any(|pair| pair == b"\r\n");
        let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
        Rows { reader, names, returns }
    }

    /// The next record; a blank line is none.
    pub(super) fn next(&mut self) -> Result<Option<CsvRow<'t>>, ImportError> {
        let mut record = ByteRecord::new();
        let line_of = |at: &csv::Position| at.line() + u64::from(self.returns && at.byte() > 0);
        let line = line_of(self.reader.position());
        match self.reader.read_byte_record(&mut record) {
            Ok(false) => Ok(None),
            Ok(true) => {
                let line = record.position().map_or(line, line_of);
                Ok(Some(CsvRow { record, line, names: self.names }))
            }
            Err(error) => Err(match error.into_kind() {
                csv::ErrorKind::Io(error) => ImportError::at_line(self.names, line, format!("{error}")),
                _ => ImportError::at_line(self.names, line, "it is not CSV"),
            }),
        }
    }
}

impl<'n> CsvRow<'n> {
    /// Field `place`, without blanks around it; empty past the last.
    pub(super) fn get(&self, place: usize) -> &[u8] {
        self.record.get(place).unwrap_or_default().trim_ascii()
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = &[u8]> {
        self.record.iter().map(<[u8]>::trim_ascii)
    }

    pub(super) fn field(&self, column: Column) -> &[u8] {
        self.get(column.place)
    }

    /// What is wrong with a field of this record.
    pub(super) fn wrong(&self, column: Column, what: &str) -> ImportError {
        let field = shown(self.field(column));
        let name = format!("{} ({})", column.place + 1, column.name);
        ImportError::at(self.names, self.line, name, format!("{field} {what}"))
    }

    /// A field as a number with so many places behind the point; nothing is 0 where that `may_be_empty`.
    pub(super) fn decimal(
        &self,
        column: Column,
        places: u32,
        may_be_empty: bool,
    ) -> Result<u64, ImportError> {
        let field = self.field(column);
        if field.is_empty() && may_be_empty {
            return Ok(0);
        }
        decimal(field, places).ok_or_else(|| match places {
            0 => self.wrong(column, "is not a whole number"),
            _ => self.wrong(column, &format!("is not a number with {places} places behind the point")),
        })
    }
}

/// A cell as headers are compared: capitals, single blanks, no marks of byte order.
pub(super) fn plain(cell: &[u8]) -> String {
    let text = String::from_utf8_lossy(cell).replace('\u{feff}', "").to_ascii_uppercase();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads `0.35`, `.35`, `1` or `12.3` as an integer of so many places. `None` for a sign, for more places unless they
/// are zeros, and for more than nine digits before the point.
pub(super) fn decimal(text: &[u8], places: u32) -> Option<u64> {
    let (whole, fraction) = match memchr::memchr(b'.', text) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &b""[..]),
    };
    let is_number = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    if !is_number(whole) || !is_number(fraction) || whole.len() + fraction.len() == 0 || whole.len() > 9 {
        return None;
    }
    let kept = fraction.len().min(places as usize);
    if fraction[kept..].iter().any(|&digit| digit != b'0') {
        return None;
    }
    let digits = whole.iter().chain(&fraction[..kept]);
    let number = digits.fold(0_u64, |number, &digit| number * 10 + u64::from(digit - b'0'));
    Some(number * 10_u64.pow(places - kept as u32))
}

/// Such a number as the tables write it, at least `width` characters.
pub(super) fn written(number: u64, places: u32, width: usize) -> String {
    let unit = 10_u64.pow(places);
    let text = format!("{}.{:0places$}", number / unit, number % unit, places = places as usize);
    format!("{text:>width$}")
}

/// Skips the mark of byte order that some programs write before a CSV.
pub(super) fn past_mark(text: &mut Text<'_>) -> std::io::Result<()> {
    if text.head().starts_with(b"\xef\xbb\xbf") {
        text.read_exact(&mut [0; 3])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_files_write_them() {
        for (text, places, number) in [
            ("0.35", 2, Some(35)),
            (".35", 2, Some(35)),
            ("1", 3, Some(1000)),
            ("0.5750", 3, Some(575)),
            ("32.3465", 4, Some(323_465)),
            ("0.355", 2, None),
            ("-1.00", 2, None),
            ("", 2, None),
            (".", 2, None),
            ("1,000.00", 2, None),
            ("O.35", 2, None),
            ("1234567890", 0, None),
        ] {
            assert_eq!(decimal(text.as_bytes(), places), number, "{text}");
        }
        assert_eq!(written(35, 2, 8), "    0.35");
        assert_eq!(written(323_465, 4, 0), "32.3465");
    }
}
