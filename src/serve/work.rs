//! The thread that checks one run after the other.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use super::Check;
use super::finished::Finished;
use super::runs::{Runs, State};
use crate::engine::Progress;
use crate::report::Redaction;

/// Begins to check what waits, until the runs are stopped.
///
/// # Errors
/// A thread that cannot be had.
pub(super) fn start(runs: Arc<Runs>, check: Box<Check>, redaction: Redaction) -> io::Result<()> {
    let work = move || {
        while let Some((number, received, progress)) = runs.next() {
            let state = ended(&*check, &received, progress, redaction);
            drop(received);
            runs.end(number, state);
        }
    };
    thread::Builder::new().name("check".to_owned()).spawn(work).map(|_| ())
}

/// Checks a run. A fault of the program ends the run and nothing else.
fn ended(
    check: &Check,
    received: &[super::Received],
    progress: Arc<Progress>,
    redaction: Redaction,
) -> State {
    let checked = catch_unwind(AssertUnwindSafe(|| {
        let run = check(received, progress)?;
        Finished::of(&run, redaction).map_err(|error| {
            format!("the reports cannot be put by in the temporary folder: {}", error.kind())
        })
    }));
    match checked {
        Ok(Ok(finished)) => State::Done(Arc::new(finished)),
        Ok(Err(why)) => State::Failed(why),
        Err(_) => State::Failed(
            "an internal error of cleanclaim: where it happened is said on standard error of the server, and that line \
             holds nothing of your claims. Please report it"
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Run;
    use crate::serve::Limits;
    use std::time::{Duration, Instant};

    fn until_over(runs: &Runs, number: u64) -> State {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(20) {
            match runs.seen(number) {
                Some(seen) if seen.state.is_over() => return seen.state,
                _ => thread::sleep(Duration::from_millis(5)),
            }
        }
        panic!("run {number} does not end")
    }

    #[test]
    #[allow(clippy::panic, reason = "it is about panics")]
    fn a_panic_ends_its_run_alone() {
        let runs = Arc::new(Runs::new(Limits::default()));
        let [one, two, three] = [(); 3].map(|()| runs.add(Vec::new()));
        let count = std::sync::atomic::AtomicU64::new(0);
        let check = move |_: &[crate::serve::Received], _: Arc<Progress>| match count
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed)
        {
            0 => panic!("XANTHE WILLOW"),
            1 => Err("a table is damaged".to_owned()),
            _ => Ok(Run::default()),
        };
        start(Arc::clone(&runs), Box::new(check), Redaction::Default).expect("a thread");
        let State::Failed(why) = until_over(&runs, one) else { panic!("a panic is no success") };
        assert!(why.starts_with("an internal error") && !why.contains("XANTHE"), "{why}");
        assert!(matches!(until_over(&runs, two), State::Failed(why) if why == "a table is damaged"));
        assert!(matches!(until_over(&runs, three), State::Done(_)));
        runs.stop();
    }
}
