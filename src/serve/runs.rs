//! The runs of a session: those that wait, the one under way, those that are over and not forgotten.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::finished::Finished;
use super::{Limits, Received};
use crate::engine::Progress;

/// How far a run is.
#[derive(Clone, Debug)]
pub(super) enum State {
    /// Others are before it.
    Waiting,
    /// It is being checked.
    Checking,
    /// It is over.
    Done(Arc<Finished>),
    /// It could not be done; a sentence says why.
    Failed(String),
}

impl State {
    pub(super) const fn is_over(&self) -> bool {
        matches!(self, State::Done(_) | State::Failed(_))
    }

    /// What is being done, in a word.
    pub(super) const fn doing(&self) -> &'static str {
        match self {
            State::Waiting => "Waiting",
            State::Checking => "Checking",
            State::Done(_) => "Checked",
            State::Failed(_) => "Not checked",
        }
    }
}

/// A run as pages see it.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) number: u64,
    /// The labels of its files.
    pub(super) names: Vec<String>,
    pub(super) state: State,
    pub(super) progress: Arc<Progress>,
    /// Runs that are checked before it.
    pub(super) ahead: usize,
}

#[derive(Debug)]
struct Entry {
    number: u64,
    names: Vec<String>,
    /// What it reads; gone once it is over.
    received: Vec<Received>,
    state: State,
    progress: Arc<Progress>,
}

#[derive(Debug, Default)]
struct Inner {
    /// By number.
    entries: VecDeque<Entry>,
    made: u64,
    /// The last run that went to make room, and how many did.
    gone: Option<(u64, u64)>,
    stopped: bool,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Runs {
    limits: Limits,
    inner: Mutex<Inner>,
    changed: Condvar,
}

impl Runs {
    pub(super) fn new(limits: Limits) -> Runs {
        Runs { limits, inner: Mutex::default(), changed: Condvar::new() }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether another run may be added.
    pub(super) fn has_room(&self) -> bool {
        self.inner().entries.iter().filter(|entry| !entry.state.is_over()).count() < self.limits.waiting
    }

    /// Adds a run, which is checked when those before it are; says which it is.
    pub(super) fn add(&self, received: Vec<Received>) -> u64 {
        let mut inner = self.inner();
        inner.made += 1;
        let number = inner.made;
        inner.entries.push_back(Entry {
            number,
            names: received.iter().map(|(label, _)| label.clone()).collect(),
            received,
            state: State::Waiting,
            progress: Arc::default(),
        });
        self.changed.notify_all();
        number
    }

    /// Waits for a run to check; `None` once the server stops.
    pub(super) fn next(&self) -> Option<(u64, Vec<Received>, Arc<Progress>)> {
        let mut inner = self.inner();
        loop {
            if inner.stopped {
                return None;
            }
            let waiting = inner.entries.iter_mut().find(|entry| matches!(entry.state, State::Waiting));
            if let Some(entry) = waiting {
                entry.state = State::Checking;
                return Some((entry.number, entry.received.clone(), Arc::clone(&entry.progress)));
            }
            inner = self.changed.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Keeps how a run ended, if it is not forgotten, and makes room for it.
    pub(super) fn end(&self, number: u64, state: State) {
        let mut inner = self.inner();
        if let Some(entry) = inner.entries.iter_mut().find(|entry| entry.number == number) {
            entry.state = state;
            entry.received.clear();
        }
        while let Some(oldest) = self.oldest_too_many(&inner, number) {
            inner.entries.retain(|entry| entry.number != oldest);
            let count = inner.gone.map_or(0, |(_, count)| count);
            inner.gone = Some((oldest, count + 1));
        }
    }

    /// The run that has to go for `newest` to be kept.
    fn oldest_too_many(&self, inner: &Inner, newest: u64) -> Option<u64> {
        let over = || inner.entries.iter().filter(|entry| entry.state.is_over());
        let bytes: u64 = over()
            .map(|entry| match &entry.state {
                State::Done(finished) => finished.bytes(),
                _ => 0,
            })
            .sum();
        let is_full = over().count() > self.limits.runs || bytes > self.limits.reports;
        over().map(|entry| entry.number).find(|number| is_full && *number != newest)
    }

    /// Forgets a run; one that is under way ends early. Whether there was one.
    pub(super) fn forget(&self, number: u64) -> bool {
        let mut inner = self.inner();
        let Some(at) = inner.entries.iter().position(|entry| entry.number == number) else { return false };
        if let Some(entry) = inner.entries.remove(at) {
            entry.received.iter().for_each(|(_, spool)| spool.close());
        }
        true
    }

    /// Nothing is checked any more.
    pub(super) fn stop(&self) {
        let mut inner = self.inner();
        inner.stopped = true;
        for entry in inner.entries.drain(..) {
            entry.received.iter().for_each(|(_, spool)| spool.close());
        }
        self.changed.notify_all();
    }

    /// A run, if it is not forgotten.
    pub(super) fn seen(&self, number: u64) -> Option<Seen> {
        self.all().into_iter().find(|seen| seen.number == number)
    }

    /// Whether there was a run of this number, which is forgotten or has made room.
    pub(super) fn was(&self, number: u64) -> bool {
        (1..=self.inner().made).contains(&number)
    }

    /// All that are not forgotten, the oldest first.
    pub(super) fn all(&self) -> Vec<Seen> {
        let inner = self.inner();
        let mut ahead = 0;
        let seen = |entry: &Entry| {
            let seen = Seen {
                number: entry.number,
                names: entry.names.clone(),
                state: entry.state.clone(),
                progress: Arc::clone(&entry.progress),
                ahead,
            };
            ahead += usize::from(!entry.state.is_over());
            seen
        };
        inner.entries.iter().map(seen).collect()
    }

    /// The last run that made room for others, and how many did.
    pub(super) fn gone(&self) -> Option<(u64, u64)> {
        self.inner().gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Run;
    use crate::report::Redaction;
    use crate::source::Spool;

    fn received(name: &str) -> Vec<Received> {
        vec![(name.to_owned(), Spool::of(&b"ISA*"[..]).expect("a temporary file"))]
    }

    fn done() -> State {
        State::Done(Arc::new(Finished::of(&Run::default(), Redaction::Default).expect("temporary files")))
    }

    fn numbers(runs: &Runs) -> Vec<u64> {
        runs.all().iter().map(|seen| seen.number).collect()
    }

    #[test]
    fn one_is_checked_and_the_others_wait() {
        let runs = Runs::new(Limits { waiting: 3, ..Limits::default() });
        let added: Vec<u64> = ["a", "b", "c"].map(|name| runs.add(received(name))).to_vec();
        assert_eq!((added, runs.has_room()), (vec![1, 2, 3], false));
        assert_eq!(runs.next().map(|(number, ..)| number), Some(1));
        assert_eq!(runs.all().iter().map(|seen| seen.ahead).collect::<Vec<_>>(), [0, 1, 2]);
        runs.end(1, done());
        assert_eq!(runs.all().iter().map(|seen| seen.ahead).collect::<Vec<_>>(), [0, 0, 1]);
        assert!(runs.has_room());
        assert_eq!(runs.next().map(|(number, ..)| number), Some(2));
        runs.stop();
        assert!(runs.next().is_none() && numbers(&runs).is_empty());
    }

    #[test]
    fn the_oldest_makes_room_and_is_named() {
        let runs = Runs::new(Limits { runs: 2, ..Limits::default() });
        for number in 1..=4 {
            runs.add(received("a"));
            runs.next();
            runs.end(number, done());
        }
        assert_eq!((numbers(&runs), runs.gone()), (vec![3, 4], Some((2, 2))));
        assert!(runs.was(1) && !runs.was(5) && !runs.was(0));
        // However large the newest is, it can be read.
        let runs = Runs::new(Limits { reports: 1, ..Limits::default() });
        for number in 1..=2 {
            runs.add(received("a"));
            runs.next();
            runs.end(number, done());
        }
        assert_eq!((numbers(&runs), runs.gone()), (vec![2], Some((1, 1))));
    }

    #[test]
    fn what_is_forgotten_is_read_no_further() {
        let runs = Runs::new(Limits::default());
        let files = received("a");
        let spool = Arc::clone(&files[0].1);
        let number = runs.add(files);
        runs.next();
        assert!(std::io::read_to_string(spool.reader()).is_ok());
        assert!(runs.forget(number) && !runs.forget(number));
        assert!(std::io::read_to_string(spool.reader()).is_err());
        runs.end(number, done());
        assert!(runs.seen(number).is_none() && runs.was(number));
    }

    #[test]
    fn files_are_gone_when_they_are_checked() {
        let runs = Runs::new(Limits::default());
        let files = received("a");
        let spool = Arc::downgrade(&files[0].1);
        let number = runs.add(files);
        drop(runs.next());
        runs.end(number, State::Failed("no".to_owned()));
        assert!(spool.upgrade().is_none());
    }
}
