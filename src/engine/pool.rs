//! Work units through threads, results in the order of the input whatever the number of threads.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

/// One step of the run: work to be done, or something that must keep its place among the results.
pub(super) enum Step<W, M> {
    /// Goes to a worker.
    Work(W),
    /// Goes straight to the merger, in order.
    Mark(M),
}

/// Runs `work` over the steps, `threads` at a time, and gives every result and mark to `merge` in order. Each thread has
/// a worker of its own, which `worker` makes: what it remembers may save it work and must change no result.
///
/// At most two units for each thread are waiting or under way, so memory stays flat.
pub(super) fn in_order<T, W: Send, M, D: Send>(
    steps: impl Iterator<Item = Step<W, M>>,
    threads: usize,
    worker: impl Fn() -> T + Sync,
    work: impl Fn(&mut T, W) -> D + Sync,
    mut merge: impl FnMut(Step<D, M>),
) {
    if threads <= 1 {
        let mut own = worker();
        for step in steps {
            merge(match step {
                Step::Work(unit) => Step::Work(work(&mut own, unit)),
                Step::Mark(mark) => Step::Mark(mark),
            });
        }
        return;
    }
    std::thread::scope(|scope| {
        let (send_work, receive_work) = sync_channel::<(u64, W)>(threads);
        let receive_work = Arc::new(Mutex::new(receive_work));
        let (send_done, receive_done) = channel::<(u64, D)>();
        for _ in 0..threads {
            let (send_done, receive_work) = (send_done.clone(), Arc::clone(&receive_work));
            let (worker, work) = (&worker, &work);
            scope.spawn(move || {
                let mut own = worker();
                while let Some((number, unit)) = next(&receive_work) {
                    if send_done.send((number, work(&mut own, unit))).is_err() {
                        break;
                    }
                }
            });
        }
        // With these gone, workers that have all failed are noticed instead of waited for.
        drop((send_done, receive_work));
        let mut waiting: BTreeMap<u64, Step<D, M>> = BTreeMap::new();
        let (mut sent, mut merged, mut under_way) = (0_u64, 0_u64, 0_usize);
        for step in steps {
            match step {
                Step::Mark(mark) => {
                    waiting.insert(sent, Step::Mark(mark));
                }
                Step::Work(unit) => {
                    while under_way >= 2 * threads {
                        let Ok((number, done)) = receive_done.recv() else { break };
                        under_way -= 1;
                        waiting.insert(number, Step::Work(done));
                        release(&mut waiting, &mut merged, &mut merge);
                    }
                    if send_work.send((sent, unit)).is_err() {
                        break;
                    }
                    under_way += 1;
                }
            }
            sent += 1;
            release(&mut waiting, &mut merged, &mut merge);
        }
        drop(send_work);
        while let Ok((number, done)) = receive_done.recv() {
            waiting.insert(number, Step::Work(done));
            release(&mut waiting, &mut merged, &mut merge);
        }
    });
}

fn next<W>(work: &Mutex<Receiver<(u64, W)>>) -> Option<(u64, W)> {
    work.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

fn release<D, M>(
    waiting: &mut BTreeMap<u64, Step<D, M>>,
    merged: &mut u64,
    merge: &mut impl FnMut(Step<D, M>),
) {
    while let Some(step) = waiting.remove(merged) {
        *merged += 1;
        merge(step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_input() {
        for threads in [1, 2, 5] {
            let steps = (0..500_u64).map(|number| match number % 7 {
                0 => Step::Mark(number),
                _ => Step::Work(number),
            });
            let mut seen = Vec::new();
            let work = |(): &mut (), number: u64| {
                if number.is_multiple_of(3) {
                    std::thread::yield_now();
                }
                number
            };
            in_order(
                steps,
                threads,
                || (),
                work,
                |step| match step {
                    Step::Work(number) | Step::Mark(number) => seen.push(number),
                },
            );
            assert_eq!(seen, (0..500).collect::<Vec<_>>(), "{threads} threads");
        }
    }
}
