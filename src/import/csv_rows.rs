use std::collections::VecDeque;
use std::io::Read;

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::error::{ImportError, shown};
use super::names::Names;
use super::source::Text;

/// The records of a CSV text, with their lines.
pub(super) struct Rows<'t, 'r> {
    reader: Reader<Lined<&'t mut Text<'r>>>,
    names: &'t Names,
    /// How many cells the header has, where it has been read.
    width: Option<usize>,
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
        let text = Lined {
            from: text,
            offset: 0,
            line: 1,
            at_start: true,
            returned: false,
            starts: VecDeque::new(),
        };
        let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
        Rows { reader, names, width: None }
    }

    /// From here on no record may say anything behind its first `width` cells, those of the header.
    pub(super) fn hold_to(&mut self, width: usize) {
        self.width = Some(width);
    }

    /// The next record; a blank line is none.
    pub(super) fn next(&mut self) -> Result<Option<CsvRow<'t>>, ImportError> {
        let mut record = ByteRecord::new();
        // The reader's own place is that of the blank lines before a record.
        let begin = self.reader.position().byte();
        let read = self.reader.read_byte_record(&mut record);
        let line = self.reader.get_mut().line_from(begin);
        match read {
            Ok(false) => Ok(None),
            Ok(true) => {
                let row = CsvRow { record, line, names: self.names };
                let beyond = self
                    .width
                    .and_then(|width| (width..row.record.len()).find(|at| !row.get(*at).is_empty()));
                match beyond {
                    Some(place) => {
                        let what =
                            format!("{} stands behind the last column of the header", shown(row.get(place)));
                        Err(ImportError::at(self.names, line, (place + 1).to_string(), what))
                    }
                    None => Ok(Some(row)),
                }
            }
            Err(error) => Err(match error.into_kind() {
                csv::ErrorKind::Io(error) => ImportError::at_line(self.names, line, format!("{error}")),
                _ => ImportError::at_line(self.names, line, "it is not CSV"),
            }),
        }
    }
}

/// A text that notes as it is read where its lines begin that are not blank.
struct Lined<R> {
    from: R,
    offset: u64,
    line: u64,
    at_start: bool,
    /// The last byte ended a line and was a carriage return: a newline behind it ends no other.
    returned: bool,
    /// First byte and number of lines that have been read ahead.
    starts: VecDeque<(u64, u64)>,
}

impl<R> Lined<R> {
    /// The number of the first line, not blank, that begins at `offset` or behind it; of the last, where none does.
    fn line_from(&mut self, offset: u64) -> u64 {
        while self.starts.front().is_some_and(|(start, _)| *start < offset) {
            self.starts.pop_front();
        }
        self.starts.front().map_or(self.line, |(_, line)| *line)
    }
}

impl<R: Read> Read for Lined<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.from.read(buffer)?;
        for &byte in &buffer[..count] {
            match byte {
                b'\n' if self.returned => self.returned = false,
                b'\n' | b'\r' => {
                    self.line += 1;
                    self.at_start = true;
                    self.returned = byte == b'\r';
                }
                _ => {
                    if std::mem::take(&mut self.at_start) {
                        self.starts.push_back((self.offset, self.line));
                    }
                    self.returned = false;
                }
            }
            self.offset += 1;
        }
        Ok(count)
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

    /// Whether more than so many cells say anything: a note below a table has one.
    pub(super) fn says_more_than(&self, cells: usize) -> bool {
        self.cells().filter(|cell| !cell.is_empty()).count() > cells
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
