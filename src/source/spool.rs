use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

/// What can be read but once as it comes - standard input, a member of an archive - kept in an unnamed temporary file, so that
/// it can be read again. The file is gone with its last user, however the program ends.
#[derive(Debug)]
pub struct Spool {
    file: Mutex<File>,
    closed: AtomicBool,
}

impl Spool {
    /// Reads `input` to its end.
    ///
    /// # Errors
    /// An input that cannot be read, or a temporary file that cannot be written.
    pub fn of(mut input: impl Read) -> io::Result<Arc<Spool>> {
        Spool::with(|file| io::copy(&mut input, file).map(|_| ()))
    }

    /// Takes what `fill` writes.
    ///
    /// # Errors
    /// Those of `fill`, or a temporary file that cannot be made.
    pub fn with(fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<Arc<Spool>> {
        let mut file = tempfile::tempfile()?;
        fill(&mut file)?;
        Ok(Spool::of_file(file))
    }

    /// Takes a file that somebody has filled; it should have no name.
    pub fn of_file(file: File) -> Arc<Spool> {
        Arc::new(Spool { file: Mutex::new(file), closed: AtomicBool::new(false) })
    }

    /// How many bytes it holds.
    ///
    /// # Errors
    /// What the file system says.
    pub fn bytes(&self) -> io::Result<u64> {
        Ok(self.file.lock().unwrap_or_else(PoisonError::into_inner).metadata()?.len())
    }

    /// From now on whoever reads it is told that it cannot be: a run that nobody waits for any more ends early.
    pub fn close(&self) {
        self.closed.store(true, Relaxed);
    }

    /// Whether it begins as gzip does.
    ///
    /// # Errors
    /// A temporary file that cannot be read.
    pub fn is_gzip(self: &Arc<Self>) -> io::Result<bool> {
        let mut start = Vec::new();
        self.reader().take(2).read_to_end(&mut start)?;
        Ok(start == b"\x1f\x8b")
    }

    /// A reader from its first byte on; several do not disturb each other.
    pub fn reader(self: &Arc<Self>) -> SpoolReader {
        SpoolReader { spool: Arc::clone(self), at: 0 }
    }

    /// What stands at `offset`, at most as much as `buffer` holds.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        if self.closed.load(Relaxed) {
            return Err(io::Error::other("it was put away"));
        }
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(offset))?;
        file.read(buffer)
    }
}

impl PartialEq for Spool {
    fn eq(&self, other: &Spool) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Spool {}

/// Reads a [`Spool`].
#[derive(Debug)]
pub struct SpoolReader {
    spool: Arc<Spool>,
    at: u64,
}

impl SpoolReader {
    /// Goes on reading at `offset`.
    pub const fn skip_to(&mut self, offset: u64) {
        self.at = offset;
    }
}

impl Seek for SpoolReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.spool.bytes()?.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

impl Read for SpoolReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.spool.read_at(self.at, buffer)?;
        self.at += length as u64;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_do_not_disturb_each_other() {
        let text = b"ISA*00*~".repeat(10_000);
        let spool = Spool::of(text.as_slice()).expect("a temporary file");
        let (mut one, mut other) = (spool.reader(), spool.reader());
        let (mut first, mut all, mut rest) = ([0; 8], Vec::new(), Vec::new());
        one.read_exact(&mut first).expect("readable");
        other.read_to_end(&mut all).expect("readable");
        one.read_to_end(&mut rest).expect("readable");
        assert_eq!((&first[..], all == text, rest.len()), (&b"ISA*00*~"[..], true, text.len() - 8));
        one.skip_to(4);
        one.read_exact(&mut first).expect("readable");
        assert_eq!(&first, b"00*~ISA*");
    }
}
