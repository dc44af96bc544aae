//! What is said of a long run on its way: on standard error, where that is a terminal, after a second, and gone at the end.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::CheckArgs;
use super::surroundings::Surroundings;
use crate::engine::Progress;

/// A shorter run is over before anybody wonders.
const PATIENCE: Duration = Duration::from_secs(1);
const BETWEEN: Duration = Duration::from_millis(100);

/// A line on the terminal that tells how far a run is. Gone when this is dropped.
pub(super) struct Shown {
    over: Option<Sender<()>>,
    drawing: Option<JoinHandle<()>>,
}

/// Whether anybody wants to see it.
pub(super) fn is_wanted(quiet: bool, args: &CheckArgs, surroundings: &Surroundings) -> bool {
    let is_silenced = quiet || args.progress.no_progress || surroundings.ci;
    !is_silenced && surroundings.is_terminal_for_progress()
}

impl Shown {
    /// Begins to tell of `progress`.
    pub(super) fn of(progress: Arc<Progress>) -> Shown {
        let (over, ended) = channel::<()>();
        // Without a thread for it the run goes on unseen.
        let drawing = thread::Builder::new().spawn(move || {
            if ended.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = ProgressBar::hidden();
            draw(&bar, &progress);
            bar.set_draw_target(ProgressDrawTarget::stderr());
            while ended.recv_timeout(BETWEEN) == Err(RecvTimeoutError::Timeout) {
                draw(&bar, &progress);
            }
            bar.finish_and_clear();
        });
        Shown { over: Some(over), drawing: drawing.ok() }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        drop(self.over.take());
        if let Some(drawing) = self.drawing.take() {
            // It draws and nothing else: should it fail, there is nothing to save.
            let _ = drawing.join();
        }
    }
}

fn draw(bar: &ProgressBar, progress: &Progress) {
    let form = match progress.total() {
        Some(_) => "[{bar:24}] {bytes} of {total_bytes}, {msg}",
        None => "{spinner} {bytes}, {msg}",
    };
    if let Some(total) = progress.total() {
        bar.set_length(total);
    }
    if let Ok(style) = ProgressStyle::with_template(form) {
        bar.set_style(style.progress_chars("=> ").tick_chars("-\\|/ "));
    }
    bar.set_position(progress.bytes());
    bar.set_message(words(progress));
    bar.tick();
}

/// What was read and found so far, or what is done after that.
fn words(progress: &Progress) -> String {
    let told = format!("{} claims, {} findings so far", progress.claims(), progress.findings());
    if progress.is_settling() { format!("{told}; settling days and dollars") } else { told }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn a_short_run_waits_for_nothing() {
        let start = Instant::now();
        drop(Shown::of(Arc::new(Progress::default())));
        assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    }

    #[test]
    fn what_is_said() {
        assert_eq!(words(&Progress::default()), "0 claims, 0 findings so far");
    }
}
