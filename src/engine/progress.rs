//! How far a run is, for whoever waits for it. Counted once a unit, never once a line.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use crate::source::{Named, plain_size};

use super::steps::Mark;

/// Counters of a run under way: give one to [`super::Request::progress`] and read it from another thread.
#[derive(Debug, Default)]
pub struct Progress {
    bytes: AtomicU64,
    /// 0 until it is known, and for good where it cannot be.
    total: AtomicU64,
    claims: AtomicU64,
    findings: AtomicU64,
    settling: AtomicBool,
}

impl Progress {
    /// Bytes read so far, unpacked. Inputs that are read twice count twice.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Relaxed)
    }

    /// Bytes to be read in all; `None` where that is not known: standard input, packed files.
    pub fn total(&self) -> Option<u64> {
        Some(self.total.load(Relaxed)).filter(|total| *total > 0)
    }

    /// Claims checked so far, without earlier ones.
    pub fn claims(&self) -> u64 {
        self.claims.load(Relaxed)
    }

    /// What was found in them so far. Settling adds to it, and takes from it.
    pub fn findings(&self) -> u64 {
        self.findings.load(Relaxed)
    }

    /// Whether everything is read, and what needs the whole run is under way.
    pub fn is_settling(&self) -> bool {
        self.settling.load(Relaxed)
    }
}

/// Counts the units of one pass over the inputs.
pub(super) struct Tally<'p> {
    progress: Option<&'p Progress>,
    /// By index of the file; empty where nobody waits.
    sizes: Vec<Option<u64>>,
    /// Bytes counted of the file that is open.
    counted: u64,
}

impl<'p> Tally<'p> {
    /// Of the inputs of a pass, which is one of `passes` alike.
    pub(super) fn new(progress: Option<&'p Progress>, inputs: &[Named], passes: u64) -> Tally<'p> {
        let sizes: Vec<_> = progress.iter().flat_map(|_| inputs.iter().map(plain_size)).collect();
        if let Some(progress) = progress {
            let total: Option<u64> = sizes.iter().copied().sum();
            progress.total.store(passes * total.unwrap_or(0), Relaxed);
        }
        Tally { progress, sizes, counted: 0 }
    }

    /// Counts a unit.
    pub(super) fn unit(&mut self, bytes: u64, claims: usize, findings: usize) {
        let Some(progress) = self.progress else { return };
        self.counted += bytes;
        progress.bytes.fetch_add(bytes, Relaxed);
        progress.claims.fetch_add(claims as u64, Relaxed);
        progress.findings.fetch_add(findings as u64, Relaxed);
    }

    /// Counts what no unit held: of a file that was passed over, all of it.
    pub(super) fn mark(&mut self, mark: &Mark) {
        let (Some(progress), Some(file)) = (self.progress, mark.ends()) else { return };
        let size = self.sizes.get(file as usize).copied().flatten().unwrap_or(0);
        progress.bytes.fetch_add(size.saturating_sub(self.counted), Relaxed);
        self.counted = 0;
    }

    /// Everything is read.
    pub(super) fn settling(&self) {
        if let Some(progress) = self.progress {
            progress.settling.store(true, Relaxed);
        }
    }

    /// Everything is found.
    pub(super) fn settled(&self, findings: usize) {
        if let Some(progress) = self.progress {
            progress.findings.store(findings as u64, Relaxed);
        }
    }
}
