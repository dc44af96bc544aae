//! `cleanclaim serve`: a page on this machine where files are dropped and reports are read.
//!
//! The server listens on 127.0.0.1 and nowhere else, and answers whoever holds the token of its address (`door`). What comes
//! in goes to unnamed temporary files (`upload`); a name that a browser gives is a label and no path is made of it (`label`).
//! One thread checks one run after the other (`work`), writes its reports into unnamed temporary files (`finished`) and drops
//! the run. Nothing has a name on the disk, so nothing is left of it however the program ends.
//!
//! What a check is, this room does not know: rules, tables and settings come as one closure ([`Setup::check`]).

mod door;
mod finished;
mod label;
mod listener;
mod meter;
mod pages;
mod routes;
mod runs;
mod upload;
mod work;

use std::fmt;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::engine::Progress;
use crate::finding::Run;
use crate::report::Redaction;
use crate::source::Named;

use door::Door;
use runs::Runs;

/// How long answers under way have once the server is to stop.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What one drop may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of all files of one drop.
    pub upload: u64,
    /// Files of one drop.
    pub files: usize,
    /// Finished runs that are kept; the oldest goes first.
    pub runs: usize,
    /// Bytes of the reports of finished runs; likewise, but for the newest, which is always kept.
    pub reports: u64,
    /// Runs that may wait or be under way.
    pub waiting: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { upload: 2 << 30, files: 100, runs: 20, reports: 4 << 30, waiting: 10 }
    }
}

/// A setting in force, for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// What it is called.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Where it comes from; empty for what nobody set.
    pub origin: String,
}

/// What claims are judged by, as the start page tells it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct InForce {
    /// Rules, the day, masking, and what was typed or configured.
    pub settings: Vec<Setting>,
    /// Tables, each with its release and when it holds.
    pub tables: Vec<String>,
}

/// What is received from the browser, for the check to take inputs from: a label for reports, and what it holds.
pub type Received = (String, Arc<crate::source::Spool>);

/// A check: what was received and where to count; a run, or a sentence that says why there is none. Neither holds anything of
/// claims that may not be shown.
pub type Check = dyn Fn(&[Received], Arc<Progress>) -> Result<Run, String> + Send + Sync;

/// What is served.
pub struct Setup {
    /// Where to listen on 127.0.0.1; 0 for any port that is free.
    pub port: u16,
    /// What a drop may hold, and how much is kept.
    pub limits: Limits,
    /// What reports mask.
    pub redaction: Redaction,
    /// What claims are judged by.
    pub in_force: InForce,
    /// Checks what was received.
    pub check: Box<Check>,
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup")
            .field("port", &self.port)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// Serves until it is told to stop: by Ctrl-C, or where there is such a thing by SIGTERM. `announce` is given the address once
/// the server listens there.
///
/// # Errors
/// A port that cannot be had; a system without random numbers, threads or signals.
pub fn serve(setup: Setup, announce: impl FnOnce(&str)) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let served = runtime.block_on(serving(setup, announce));
    // A file that is being written has nobody left to read it.
    runtime.shutdown_background();
    served
}

async fn serving(setup: Setup, announce: impl FnOnce(&str)) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, setup.port)).await?;
    let door = Door::new(listener.local_addr()?.port())?;
    let address = door.address();
    let runs = Arc::new(Runs::new(setup.limits));
    let shared = Arc::new(routes::Shared {
        pages: pages::Pages::new(&setup, door.base()),
        limits: setup.limits,
        runs: Arc::clone(&runs),
    });
    work::start(Arc::clone(&runs), setup.check, setup.redaction)?;
    let mut stop = Stop::new()?;
    let (stopping, stopped) = tokio::sync::oneshot::channel::<()>();
    let listener = listener::Patient::new(listener, listener::MOST, listener::SILENCE);
    let server = axum::serve(listener, routes::all(shared, Arc::new(door)));
    let server = server.with_graceful_shutdown(async {
        // Nobody left to say it: the server is over.
        let _ = stopped.await;
    });
    announce(&address);
    let mut server = std::pin::pin!(std::future::IntoFuture::into_future(server));
    tokio::select! {
        ended = &mut server => return ended,
        () = stop.wanted() => {}
    }
    let _ = stopping.send(());
    runs.stop();
    // Who is still sending has no run any more.
    let _ = tokio::time::timeout(LAST_WORDS, server).await;
    Ok(())
}

/// What tells the server to stop.
struct Stop {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Stop {
    #[cfg(unix)]
    fn new() -> io::Result<Stop> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Stop { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    #[cfg(unix)]
    async fn wanted(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    #[cfg(not(unix))]
    fn new() -> io::Result<Stop> {
        Ok(Stop {})
    }

    #[cfg(not(unix))]
    async fn wanted(&mut self) {
        // Where Ctrl-C cannot be heard, the terminal ends the program.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// The inputs of a run, for checks that take archives apart.
pub fn inputs(received: &[Received], selection: &crate::source::Selection) -> Vec<Named> {
    received.iter().flat_map(|(label, spool)| selection.unpacked(label, spool)).collect()
}
