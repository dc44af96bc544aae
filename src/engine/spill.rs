//! Records that go to unnamed temporary files once memory is spent. Knows nothing of what they mean.

use std::cell::RefCell;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;

/// A record of a fixed number of bytes.
pub(super) trait Record: Copy {
    /// How many bytes [`Self::write`] writes.
    const SIZE: usize;

    /// Appends exactly [`Self::SIZE`] bytes.
    fn write(&self, into: &mut Vec<u8>);

    /// Reads back what [`Self::write`] wrote.
    fn read(from: &mut Fields<'_>) -> Self;
}

/// Takes fixed-size fields off the front of a record.
pub(super) struct Fields<'b>(pub(super) &'b [u8]);

impl Fields<'_> {
    /// The next `N` bytes; zeros past the end.
    pub(super) fn take<const N: usize>(&mut self) -> [u8; N] {
        match self.0.split_first_chunk::<N>() {
            Some((field, rest)) => {
                self.0 = rest;
                *field
            }
            None => [0; N],
        }
    }
}

/// Records in one piece of memory. Pieces are added, never moved: a vector that grows is there twice while it does.
const PIECE: usize = 4096;

/// An append-only sequence of records; the older part may lie in a file.
#[derive(Debug)]
pub(super) struct Log<R> {
    file: Option<RefCell<File>>,
    /// Records in the file.
    written: u64,
    /// The others: each piece but the last holds [`PIECE`] records.
    pieces: Vec<Vec<R>>,
}

impl<R: Record> Log<R> {
    pub(super) fn new() -> Log<R> {
        Log { file: None, written: 0, pieces: Vec::new() }
    }

    pub(super) fn len(&self) -> u64 {
        self.written + self.in_memory() as u64
    }

    fn in_memory(&self) -> usize {
        let last = self.pieces.last().map_or(0, Vec::len);
        self.pieces.len().saturating_sub(1) * PIECE + last
    }

    pub(super) fn push(&mut self, record: R) {
        match self.pieces.last_mut() {
            Some(last) if last.len() < PIECE => last.push(record),
            _ => {
                let mut piece = Vec::with_capacity(PIECE);
                piece.push(record);
                self.pieces.push(piece);
            }
        }
    }

    /// Bytes of memory held.
    pub(super) fn held(&self) -> u64 {
        (self.in_memory() * size_of::<R>()) as u64
    }

    /// Moves what is in memory to the file.
    pub(super) fn spill(&mut self) -> io::Result<()> {
        let file = match self.file.take() {
            Some(file) => file,
            None => RefCell::new(tempfile::tempfile()?),
        };
        for piece in &self.pieces {
            write_all(&mut file.borrow_mut(), piece)?;
        }
        self.file = Some(file);
        self.written += self.in_memory() as u64;
        self.pieces.truncate(1);
        if let Some(first) = self.pieces.first_mut() {
            first.clear();
        }
        Ok(())
    }

    /// Adds records `first..first + count` to `into`.
    pub(super) fn read(&self, first: u64, count: usize, into: &mut Vec<R>) -> io::Result<()> {
        let from_file = self.written.saturating_sub(first).min(count as u64) as usize;
        if let (Some(file), true) = (&self.file, from_file > 0) {
            let mut bytes = vec![0; from_file * R::SIZE];
            let mut file = file.borrow_mut();
            file.seek(SeekFrom::Start(first * R::SIZE as u64))?;
            file.read_exact(&mut bytes)?;
            into.extend(bytes.chunks_exact(R::SIZE).map(|record| R::read(&mut Fields(record))));
        }
        let mut at = (first + from_file as u64).saturating_sub(self.written) as usize;
        let mut left = count - from_file;
        while left > 0 {
            let rest = self.pieces.get(at / PIECE).and_then(|piece| piece.get(at % PIECE..));
            let Some(rest @ [_, ..]) = rest else { return Err(io::ErrorKind::UnexpectedEof.into()) };
            let taken = rest.len().min(left);
            into.extend_from_slice(&rest[..taken]);
            at += taken;
            left -= taken;
        }
        Ok(())
    }

    /// One record.
    pub(super) fn get(&self, index: u64) -> io::Result<R> {
        if let Some(at) = index.checked_sub(self.written) {
            let at = at as usize;
            let found = self.pieces.get(at / PIECE).and_then(|piece| piece.get(at % PIECE));
            return found.copied().ok_or_else(|| io::ErrorKind::UnexpectedEof.into());
        }
        let mut one = Vec::with_capacity(1);
        self.read(index, 1, &mut one)?;
        one.pop().ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

/// Adds the records to the end of the file.
fn write_all<R: Record>(file: &mut File, records: &[R]) -> io::Result<()> {
    file.seek(SeekFrom::End(0))?;
    let mut bytes = Vec::with_capacity(R::SIZE * records.len().min(PIECE));
    for chunk in records.chunks(PIECE) {
        bytes.clear();
        for record in chunk {
            record.write(&mut bytes);
        }
        file.write_all(&bytes)?;
    }
    Ok(())
}

/// Records in one sorted run.
const RUN: usize = 1 << 16;

/// Bytes that the heads of all runs in the file may take when they are merged.
const HEADS: usize = 8 << 20;

/// Records to be read back in order. They are sorted in runs; the older ones may lie one after the other in a file.
#[derive(Debug)]
pub(super) struct Sorter<R> {
    file: Option<File>,
    /// Records in each run of the file.
    written: Vec<usize>,
    /// Sorted runs in memory.
    runs: Vec<Vec<R>>,
    tail: Vec<R>,
}

impl<R: Record + Ord> Sorter<R> {
    pub(super) fn new() -> Sorter<R> {
        Sorter { file: None, written: Vec::new(), runs: Vec::new(), tail: Vec::new() }
    }

    pub(super) fn push(&mut self, record: R) {
        if self.tail.len() == RUN {
            self.end_run();
        }
        if self.tail.capacity() == 0 {
            self.tail.reserve_exact(RUN);
        }
        self.tail.push(record);
    }

    fn end_run(&mut self) {
        self.tail.sort_unstable();
        self.runs.push(std::mem::take(&mut self.tail));
    }

    /// Bytes of memory held.
    pub(super) fn held(&self) -> u64 {
        ((self.runs.len() * RUN + self.tail.len()) * size_of::<R>()) as u64
    }

    /// Moves what is in memory to the file.
    pub(super) fn spill(&mut self) -> io::Result<()> {
        let mut file = match self.file.take() {
            Some(file) => file,
            None => tempfile::tempfile()?,
        };
        self.tail.sort_unstable();
        for run in self.runs.iter().chain([&self.tail]).filter(|run| !run.is_empty()) {
            write_all(&mut file, run)?;
            self.written.push(run.len());
        }
        self.file = Some(file);
        self.runs.clear();
        self.tail.clear();
        Ok(())
    }

    /// Every record, in order.
    pub(super) fn sorted(mut self) -> io::Result<Merged<R>> {
        self.end_run();
        let ahead = (HEADS / R::SIZE / self.written.len().max(1)).clamp(16, PIECE);
        let mut merged = Merged { file: self.file, runs: Vec::new(), heads: BinaryHeap::new(), ahead };
        let mut start = 0;
        for length in self.written {
            merged.runs.push(Run { records: Vec::new().into_iter(), unread: start..start + length as u64 });
            start += length as u64;
        }
        let in_memory = self.runs.into_iter().map(|run| Run { records: run.into_iter(), unread: 0..0 });
        merged.runs.extend(in_memory);
        for run in 0..merged.runs.len() {
            merged.refill(run)?;
        }
        Ok(merged)
    }
}

/// A sorted run: what is at hand of it, and the records of the file that follow.
#[derive(Debug)]
struct Run<R> {
    records: std::vec::IntoIter<R>,
    unread: Range<u64>,
}

/// The merge of sorted runs.
pub(super) struct Merged<R> {
    file: Option<File>,
    runs: Vec<Run<R>>,
    heads: BinaryHeap<Head<R>>,
    /// Records read at a time from a run in the file.
    ahead: usize,
}

impl<R: Record + Ord> Merged<R> {
    /// Puts the next record of a run among the heads, if there is one.
    fn refill(&mut self, number: usize) -> io::Result<()> {
        let Some(run) = self.runs.get_mut(number) else { return Ok(()) };
        if let (0, Some(file), false) = (run.records.len(), &mut self.file, run.unread.is_empty()) {
            let count = (self.ahead as u64).min(run.unread.end - run.unread.start) as usize;
            let mut bytes = vec![0; count * R::SIZE];
            file.seek(SeekFrom::Start(run.unread.start * R::SIZE as u64))?;
            file.read_exact(&mut bytes)?;
            run.unread.start += count as u64;
            let records = bytes.chunks_exact(R::SIZE).map(|record| R::read(&mut Fields(record)));
            run.records = records.collect::<Vec<R>>().into_iter();
        }
        if let Some(record) = run.records.next() {
            self.heads.push(Head { record, run: number });
        }
        Ok(())
    }

    /// The next record in order.
    pub(super) fn next(&mut self) -> io::Result<Option<R>> {
        let Some(head) = self.heads.pop() else { return Ok(None) };
        self.refill(head.run)?;
        Ok(Some(head.record))
    }
}

/// The first record of a run that is not yet taken; the smallest is the greatest in the heap.
struct Head<R> {
    record: R,
    run: usize,
}

impl<R: Ord> Ord for Head<R> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.record.cmp(&self.record).then(other.run.cmp(&self.run))
    }
}

impl<R: Ord> PartialOrd for Head<R> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<R: Ord> PartialEq for Head<R> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<R: Ord> Eq for Head<R> {}

impl Record for u64 {
    const SIZE: usize = 8;

    fn write(&self, into: &mut Vec<u8>) {
        into.extend(self.to_le_bytes());
    }

    fn read(from: &mut Fields<'_>) -> Self {
        u64::from_le_bytes(from.take())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_reads_the_same_from_file_and_memory() {
        let piece = PIECE as u64;
        let total = 3 * piece + 100;
        for spilled_at in [&[][..], &[40, 77], &[piece - 1, 2 * piece + 5]] {
            let mut log = Log::new();
            for number in 0..total {
                log.push(number * 3);
                if spilled_at.contains(&number) {
                    log.spill().expect("a temporary file");
                    assert_eq!(log.held(), 0);
                }
            }
            assert_eq!(log.len(), total);
            for (first, count) in
                [(0, 5), (38, 6), (76, 4), (90, 10), (0, total), (41, 0), (piece - 2, 5), (total, 0)]
            {
                let mut read = Vec::new();
                log.read(first, count as usize, &mut read).expect("readable");
                let expected: Vec<u64> = (first..first + count).map(|number| number * 3).collect();
                assert_eq!(read, expected, "{first} {count}");
            }
            for index in [41, 99, piece, total - 1] {
                assert_eq!(log.get(index).expect("readable"), index * 3);
            }
            assert!(log.get(total).is_err() && log.read(total - 1, 2, &mut Vec::new()).is_err());
        }
    }

    #[test]
    fn sorted_runs_merge() {
        for (count, every) in [(500, 7), (500, 1000), (3 * RUN, usize::MAX), (3 * RUN, RUN + 10), (0, 1)] {
            let mut sorter = Sorter::new();
            let numbers: Vec<u64> =
                (0..count as u64).map(|number| number.wrapping_mul(0x9E37_79B9) % 99_991).collect();
            for (at, number) in numbers.iter().enumerate() {
                sorter.push(*number);
                if at % every == every - 1 {
                    sorter.spill().expect("a temporary file");
                    assert_eq!(sorter.held(), 0);
                }
            }
            let mut merged = sorter.sorted().expect("readable");
            let mut seen = Vec::new();
            while let Some(number) = merged.next().expect("readable") {
                seen.push(number);
            }
            let mut expected = numbers;
            expected.sort_unstable();
            assert_eq!(seen, expected);
        }
    }
}
