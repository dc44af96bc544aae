use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

/// How much is gathered before it is written.
const GATHERED: usize = 64 << 10;

/// An unnamed temporary file that is written at its end and read anywhere. It is gone with its last user, however the
/// program ends.
#[derive(Debug)]
pub struct Scratch {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    file: File,
    /// Bytes in the file.
    written: u64,
    /// Bytes that go there next.
    gathered: Vec<u8>,
}

impl Scratch {
    /// An empty one.
    ///
    /// # Errors
    /// A temporary file that cannot be made.
    pub fn new() -> io::Result<Scratch> {
        let inner = Inner { file: tempfile::tempfile()?, written: 0, gathered: Vec::new() };
        Ok(Scratch { inner: Mutex::new(inner) })
    }

    /// Appends `bytes` and says where they stand.
    ///
    /// # Errors
    /// A temporary file that cannot be written.
    pub fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let at = inner.written + inner.gathered.len() as u64;
        inner.gathered.extend_from_slice(bytes);
        if inner.gathered.len() >= GATHERED {
            inner.flush()?;
        }
        Ok(at)
    }

    /// `length` bytes at `offset`; `None` where there are not as many.
    ///
    /// # Errors
    /// A temporary file that cannot be written or read.
    pub fn read(&self, offset: u64, length: usize) -> io::Result<Option<Vec<u8>>> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.flush()?;
        inner.file.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::new();
        (&mut inner.file).take(length as u64).read_to_end(&mut bytes)?;
        Ok((bytes.len() == length).then_some(bytes))
    }
}

impl Inner {
    fn flush(&mut self) -> io::Result<()> {
        if !self.gathered.is_empty() {
            self.file.seek(SeekFrom::Start(self.written))?;
            self.file.write_all(&self.gathered)?;
            self.written += self.gathered.len() as u64;
            self.gathered.clear();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_anywhere() {
        let scratch = Scratch::new().expect("a temporary file");
        assert_eq!(scratch.append(b"one").expect("room"), 0);
        assert_eq!(scratch.append(b"two").expect("room"), 3);
        assert_eq!(scratch.read(2, 3).expect("readable").as_deref(), Some(&b"etw"[..]));
        assert_eq!(scratch.append(&[b'x'; 100_000]).expect("room"), 6);
        assert_eq!(scratch.append(b"end").expect("room"), 100_006);
        assert_eq!(scratch.read(100_006, 3).expect("readable").as_deref(), Some(&b"end"[..]));
        assert_eq!(scratch.read(100_006, 4).expect("readable"), None);
    }
}
