use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use flate2::bufread::MultiGzDecoder;

use super::{Content, Named, Spool, detect};

/// How many bytes are looked at to say what an input holds.
const START: usize = 64 << 10;

/// How many times its packed size an input may have once it is larger than [`SMALL`] bytes. Claims shrink to a tenth or a
/// thirtieth; zeros to a thousandth.
pub(super) const RATIO: u64 = 300;
pub(super) const SMALL: u64 = 64 << 20;

/// How a gzip file begins.
const GZIP: &[u8] = b"\x1f\x8b";

/// Why an input could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// It is not there, may not be read, or failed on the way.
    #[error("cannot read {name}: {source}")]
    Read {
        /// The input as named.
        name: String,
        /// What the system says.
        source: io::Error,
    },
    /// A zip archive or a member of one that is not read.
    #[error("cannot read {name}: {why}")]
    Archive {
        /// The input as named.
        name: String,
        /// Why not.
        why: String,
    },
    /// A pattern that is none.
    #[error("{pattern} is no pattern: {why}")]
    Pattern {
        /// As typed.
        pattern: String,
        /// What is wrong with it.
        why: String,
    },
    /// A glob that matches nothing.
    #[error("{pattern} matches no file")]
    Nothing {
        /// As typed.
        pattern: String,
    },
    /// It begins like gzip and does not go on like it.
    #[error("cannot read {name}: damaged gzip file")]
    Gzip {
        /// The input as named.
        name: String,
    },
}

impl SourceError {
    /// Words an error that came up while reading `name`.
    pub fn reading(name: &str, source: io::Error) -> SourceError {
        let name = name.to_owned();
        match source.kind() {
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                SourceError::Gzip { name }
            }
            _ => SourceError::Read { name, source },
        }
    }
}

/// An open input, unpacked if it was gzip, that has been asked what it holds.
///
/// Reads from its first byte on, in whatever sizes it is asked for: large ones are best, nothing is buffered twice.
pub struct Input {
    /// As named.
    pub name: String,
    /// What it holds.
    pub content: Content,
    reader: Box<dyn Read + Send>,
}

impl Input {
    /// Opens a file, or standard input.
    ///
    /// # Errors
    ///
    /// If it cannot be opened, or its first bytes cannot be read or unpacked.
    pub fn open(named: &Named) -> Result<Input, SourceError> {
        match named {
            Named::Stdin { name } => Input::from_reader(name, Box::new(io::stdin())),
            Named::Member(member) => member.open(),
            Named::File { path, .. } => Input::open_file(path),
            Named::Spooled { name, spool } => Input::from_reader(name, Box::new(spool.reader())),
            Named::Memory { name, bytes } => {
                Input::from_reader(name, Box::new(Cursor::new(Arc::clone(bytes))))
            }
        }
    }

    /// What is read from its first byte on. A reader of the standard library through and through fills a buffer that nobody has
    /// filled with zeroes first.
    pub fn into_reader(self) -> Box<dyn Read + Send> {
        self.reader
    }

    fn open_file(path: &Path) -> Result<Input, SourceError> {
        let name = path.display().to_string();
        match File::open(path) {
            Ok(file) => Input::from_reader(&name, Box::new(file)),
            Err(source) => Err(SourceError::Read { name, source }),
        }
    }

    /// Takes any reader as an input called `name`.
    ///
    /// # Errors
    ///
    /// If its first bytes cannot be read or unpacked.
    pub fn from_reader(name: &str, mut reader: Box<dyn Read + Send>) -> Result<Input, SourceError> {
        let fail = |source| SourceError::reading(name, source);
        let mut start = first_bytes(&mut reader).map_err(fail)?;
        if start.starts_with(GZIP) {
            let counted = Counted { reader: Cursor::new(start).chain(reader), bytes: 0 };
            let packed = BufReader::with_capacity(START, counted);
            reader = Box::new(Unpacked { decoder: MultiGzDecoder::new(packed), bytes: 0 });
            start = first_bytes(&mut reader).map_err(fail)?;
        }
        let content = detect(&start);
        Ok(Input { name: name.to_owned(), content, reader: Box::new(Cursor::new(start).chain(reader)) })
    }
}

/// Counts what is read of a packed file.
struct Counted<R> {
    reader: R,
    bytes: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.bytes += count as u64;
        Ok(count)
    }
}

/// Unpacks gzip as long as it looks like claims: what grows out of all proportion was packed to fill the reader's day.
struct Unpacked<R> {
    decoder: MultiGzDecoder<BufReader<Counted<R>>>,
    bytes: u64,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.decoder.read(buffer)?;
        self.bytes += count as u64;
        let packed = self.decoder.get_ref().get_ref().bytes;
        if self.bytes > SMALL && self.bytes / RATIO > packed {
            return Err(io::Error::other(format!(
                "it unpacks to more than {RATIO} times its size, which no claims do"
            )));
        }
        Ok(count)
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input")
            .field("name", &self.name)
            .field("content", &self.content)
            .finish_non_exhaustive()
    }
}

/// Whether [`read_again`] is likely to answer, told without opening the input.
pub fn may_be_read_again(named: &Named) -> bool {
    match named {
        Named::Stdin { .. } => false,
        Named::Spooled { .. } => true,
        Named::Member(member) => member.spool().is_some(),
        Named::Memory { bytes, .. } => !bytes.starts_with(GZIP),
        Named::File { path, .. } => path.extension().is_none_or(|ending| ending != "gz") && path.is_file(),
    }
}

/// Reads a stretch of an input a second time; `None` where that cannot be done: standard input, a named pipe,
/// gzip, or a stretch that is no longer there.
///
/// # Errors
/// If the file can no longer be opened or read.
pub fn read_again(named: &Named, offset: u64, length: usize) -> io::Result<Option<Vec<u8>>> {
    match named {
        Named::Stdin { .. } => Ok(None),
        Named::Spooled { spool, .. } => stretch(spool, offset, length),
        Named::Member(member) => match member.spool() {
            Some(spool) => stretch(&spool, offset, length),
            None => Ok(None),
        },
        Named::Memory { bytes, .. } => {
            let stretch = usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..)?.get(..length));
            Ok(stretch.filter(|_| !bytes.starts_with(GZIP)).map(<[u8]>::to_vec))
        }
        // Whoever opens a pipe again waits for a writer that has gone.
        Named::File { path, .. } if !path.is_file() => Ok(None),
        Named::File { path, .. } => {
            let mut file = File::open(path)?;
            let mut start = Vec::with_capacity(GZIP.len());
            (&mut file).take(GZIP.len() as u64).read_to_end(&mut start)?;
            if start == GZIP {
                return Ok(None);
            }
            file.seek(SeekFrom::Start(offset))?;
            let mut bytes = Vec::with_capacity(length);
            file.take(length as u64).read_to_end(&mut bytes)?;
            Ok((bytes.len() == length).then_some(bytes))
        }
    }
}

fn stretch(spool: &Arc<Spool>, offset: u64, length: usize) -> io::Result<Option<Vec<u8>>> {
    if spool.is_gzip()? {
        return Ok(None);
    }
    let mut reader = spool.reader();
    let mut bytes = Vec::with_capacity(length);
    reader.skip_to(offset);
    reader.take(length as u64).read_to_end(&mut bytes)?;
    Ok((bytes.len() == length).then_some(bytes))
}

fn first_bytes(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::with_capacity(START);
    reader.take(START as u64).read_to_end(&mut start)?;
    Ok(start)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).expect("a vector takes everything");
        encoder.finish().expect("a vector takes everything")
    }

    #[test]
    fn plain_and_packed_read_alike() {
        let text = "ISA*00*~\n".repeat(20_000);
        let (first, second) = text.as_bytes().split_at(70_000);
        // Two members, as `cat a.gz b.gz` gives.
        let packed = [gzip(first), gzip(second)].concat();
        for bytes in [text.clone().into_bytes(), packed] {
            let mut input = Input::from_reader("x", Box::new(Cursor::new(bytes))).expect("readable");
            assert_eq!(input.content, Content::X12);
            let mut all = String::new();
            input.read_to_string(&mut all).expect("readable");
            assert_eq!(all, text);
        }
    }

    #[test]
    fn damage_is_named_without_contents() {
        let mut packed = gzip(b"ISA*00*SECRET~".repeat(20_000).as_slice());
        packed.truncate(packed.len() / 2);
        let outcome = Input::from_reader("day.gz", Box::new(Cursor::new(packed))).and_then(|mut input| {
            let mut all = Vec::new();
            input.read_to_end(&mut all).map_err(|source| SourceError::reading("day.gz", source))
        });
        assert_eq!(outcome.expect_err("damaged").to_string(), "cannot read day.gz: damaged gzip file");
    }

    #[test]
    fn a_file_that_is_not_there() {
        let named = Named::File { path: "/nowhere/at/all".into(), from_directory: false };
        assert!(matches!(Input::open(&named), Err(SourceError::Read { .. })));
    }
}
