//! The program under limits: of memory, of the size of files, of patience.

use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::repository;

/// How long a run may take before it is said to hang.
const PATIENCE: Duration = Duration::from_secs(240);

/// What a run may have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Megabytes of address space, the program itself included; past them it is refused memory and dies.
    pub(crate) memory: u64,
    /// Bytes of a file that it writes, rounded to blocks of 512: past them writing fails as on a full disk.
    pub(crate) file: Option<u64>,
}

/// Ample for what small inputs need.
pub(crate) const AMPLE: Limits = Limits { memory: 1024, file: None };

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// `None`: it was killed, or died.
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
    /// The most memory it had resident, in megabytes, as far as it could be asked while it ran.
    pub(crate) peak: u64,
}

impl Ended {
    /// Wants this exit code, no word of a panic, and this in what it says on standard error.
    #[track_caller]
    pub(crate) fn ends_in(&self, code: i32, said: &str) -> &Ended {
        assert_eq!(self.code, Some(code), "{}", self.shown());
        assert!(!self.err.contains("internal error"), "{}", self.shown());
        assert!(self.err.contains(said), "{said:?} is not said: {}", self.shown());
        self
    }

    /// Wants no more memory than this, in megabytes.
    #[track_caller]
    pub(crate) fn within(&self, megabytes: u64) -> &Ended {
        assert!(self.peak <= megabytes, "{} MB where {megabytes} were expected at most", self.peak);
        self
    }

    fn shown(&self) -> String {
        let start = |text: &str| text.chars().take(2_000).collect::<String>();
        format!("{:?} {:?} {:?}", self.code, start(&self.out), start(&self.err))
    }
}

/// What comes through standard input.
pub(crate) type Feed = Box<dyn FnOnce(&mut dyn Write) -> std::io::Result<()> + Send>;

/// A command line of the program under limits. It looks at no tables, keys and configurations but those it is told of.
pub(crate) struct Run {
    command: Command,
    feed: Option<Feed>,
}

impl Run {
    /// The program with these arguments.
    pub(crate) fn of<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Run {
        Run::limited(AMPLE, arguments)
    }

    /// Likewise, under other limits.
    pub(crate) fn limited<S: AsRef<OsStr>>(limits: Limits, arguments: impl IntoIterator<Item = S>) -> Run {
        let mut script = format!("ulimit -v {}; ", limits.memory << 10);
        if let Some(bytes) = limits.file {
            script.push_str(&format!("trap '' XFSZ; ulimit -f {}; ", bytes.div_ceil(512)));
        }
        script.push_str("exec \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_cleanclaim")]).args(arguments);
        Run { command: without_surroundings(command), feed: None }
    }

    /// `check` of what follows, on a fixed day, with two threads and without a configuration.
    pub(crate) fn check<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Run {
        let mut run = Run::of(["check", "--isolated", "--as-of", "2025-04-02", "--threads", "2"]);
        run.command.args(arguments);
        run
    }

    /// Sets a variable of its environment.
    pub(crate) fn with(mut self, name: &str, value: impl AsRef<OsStr>) -> Run {
        self.command.env(name, value);
        self
    }

    /// Sends its standard output there.
    pub(crate) fn into_file(mut self, path: &str) -> Run {
        let file = fs::File::options().write(true).open(path).expect("a place to write to");
        self.command.stdout(file);
        self
    }

    /// Writes to its standard input.
    pub(crate) fn fed(
        mut self,
        feed: impl FnOnce(&mut dyn Write) -> std::io::Result<()> + Send + 'static,
    ) -> Run {
        self.feed = Some(Box::new(feed));
        self.command.stdin(Stdio::piped());
        self
    }

    /// Runs it as a user who owns nothing, where this is a user who may write everywhere.
    pub(crate) fn unprivileged(mut self) -> Run {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            use std::os::unix::process::CommandExt;
            let own = tempfile::NamedTempFile::new().and_then(|file| file.as_file().metadata());
            if own.expect("a temporary file").uid() == 0 {
                self.command.uid(65_534).gid(65_534);
            }
        }
        self
    }

    /// Runs it to its end.
    #[track_caller]
    pub(crate) fn ended(mut self) -> Ended {
        if self.feed.is_none() {
            self.command.stdin(Stdio::null());
        }
        let mut child = self.command.stderr(Stdio::piped()).spawn().expect("the program runs");
        let (stdout, stderr, stdin) = (child.stdout.take(), child.stderr.take(), child.stdin.take());
        thread::scope(|scope| {
            let out = scope.spawn(|| all(stdout));
            let err = scope.spawn(|| all(stderr));
            if let (Some(feed), Some(mut stdin)) = (self.feed, stdin) {
                // A program that has heard enough closes its end; that is no fault of the test.
                scope.spawn(move || drop(feed(&mut stdin)));
            }
            let (code, peak) = waited(&mut child);
            let (out, err) = (out.join().expect("read"), err.join().expect("read"));
            Ended { code, out, err, peak }
        })
    }

    /// Starts it, with what it says going nowhere.
    pub(crate) fn started(mut self) -> Child {
        self.command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.command.spawn().expect("the program runs")
    }

    /// Starts it, with its standard output to be read.
    pub(crate) fn piped(mut self) -> Child {
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        self.command.spawn().expect("the program runs")
    }
}

fn without_surroundings(mut command: Command) -> Command {
    let nowhere = concat!(env!("CARGO_TARGET_TMPDIR"), "/nowhere");
    command.env("HOME", nowhere).env("XDG_DATA_HOME", nowhere).env("XDG_CONFIG_HOME", nowhere);
    command.env("CLEANCLAIM_KEY_FILE", "").env("NO_COLOR", "1").env("LC_ALL", "C.UTF-8").env_remove("CI");
    command.stdout(Stdio::piped());
    command
}

fn all(reader: Option<impl Read>) -> String {
    let mut bytes = Vec::new();
    if let Some(mut reader) = reader {
        reader.read_to_end(&mut bytes).expect("a pipe");
    }
    String::from_utf8(bytes).expect("the program writes UTF-8")
}

/// Waits for a run, and asks meanwhile how much memory it has had: exit code and megabytes.
#[track_caller]
pub(crate) fn waited(child: &mut Child) -> (Option<i32>, u64) {
    let (start, mut peak) = (Instant::now(), 0);
    loop {
        peak = peak.max(resident(child.id()).unwrap_or(0));
        if let Some(status) = child.try_wait().expect("it can be asked") {
            return (status.code(), peak >> 10);
        }
        if start.elapsed() > PATIENCE {
            child.kill().expect("killed");
            panic!("it hangs");
        }
        thread::sleep(Duration::from_millis(3));
    }
}

/// The most memory that a process has had resident, in kilobytes; `None` where the system does not tell.
fn resident(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

/// A path below the fixtures, as an argument.
pub(crate) fn fixture(name: &str) -> String {
    repository("fixtures").join(name).display().to_string()
}

/// A named pipe.
pub(crate) fn named_pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().expect("mkfifo");
    assert!(made.success());
}
