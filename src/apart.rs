//! Runs the body of a test in a process of its own.

pub(crate) mod beacon;
mod scratch;

use beacon::{Beacon, after};
use scratch::Scratch;
use std::error::Error;
use std::fmt;
use std::io;
use std::process::{Child, Command, ExitStatus, exit};
use std::thread;
use std::time::{Duration, Instant};

/// A process of its own for code that may end the process it is in.
///
/// A search is cut short when what it checks blocks for ever, and cannot free what is held by the threads
/// that it leaves behind. It does not survive a stack that overflows, an abort, or a call of
/// [`std::process::exit`]. The test that expects as much runs itself again as another process, which is
/// ended if it must be.
///
/// ```no_run
/// # use tellers::Apart;
/// #[test]
/// fn a_failed_audit_ends_the_bank() {
///     let error = Apart::new("a_failed_audit_ends_the_bank")
///         .run(|| drop(tellers::check(|| std::process::exit(3))))
///         .expect_err("the bank ends");
///     assert!(error.to_string().contains("exit status: 3"));
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Apart {
    test: &'static str,
    time: Duration,
    memory: u64,
}

/// A process of its own did not come to its end.
///
/// ```standalone_crate
/// use tellers::{Apart, ApartError};
///
/// let ended = Apart::new("an_example").run(|| std::process::exit(3));
/// let Err(ApartError::Died { how, .. }) = &ended else { panic!("{ended:?}") };
/// assert_eq!(how, "exit status: 3");
/// ```
#[derive(Debug)]
pub enum ApartError {
    /// It could not be run.
    NotRun(io::Error),
    /// It took too long, and was ended.
    TooLong {
        /// How long it was given.
        time: Duration,
        /// The last operation that took effect in it: whose, and where in the source.
        last: Option<String>,
    },
    /// It ended badly.
    Died {
        /// The exit code or the signal.
        how: String,
        /// The last operation that took effect in it: whose, and where in the source.
        last: Option<String>,
        /// What it wrote.
        said: String,
    },
}

impl Error for ApartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NotRun(error) => Some(error),
            Self::TooLong { .. } | Self::Died { .. } => None,
        }
    }
}

impl fmt::Display for ApartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRun(error) => {
                write!(f, "failed to run the test in a process of its own: {error}")
            }
            Self::TooLong { time, last } => write!(
                f,
                "it was ended after {} seconds: some thread blocks or loops outside of tellers::sync, \
                 or there is much to do{}",
                time.as_secs(),
                after(last.as_ref())
            ),
            Self::Died { how, last, said } => {
                write!(f, "its process ended with {how}{}{}", after(last.as_ref()), tail(said))
            }
        }
    }
}

impl From<io::Error> for ApartError {
    fn from(error: io::Error) -> Self {
        Self::NotRun(error)
    }
}

/// Set in the other process, to the test that it is for.
const VARIABLE: &str = "TELLERS_APART";

impl Apart {
    /// A process for the test of this name, as `cargo test` lists it; for a minute at most, with 4 GiB
    /// of memory.
    pub fn new(test: &'static str) -> Self {
        Self { test, time: Duration::from_secs(60), memory: 4 << 30 }
    }

    /// The same, for no longer than this.
    #[must_use]
    pub fn within(self, time: Duration) -> Self {
        Self { time, ..self }
    }

    /// The same, with no more memory than so many bytes, where the system can limit it.
    #[must_use]
    pub fn with_memory(self, memory: u64) -> Self {
        Self { memory, ..self }
    }

    /// Runs the body there. The other process never gets past this call.
    ///
    /// # Errors
    /// If the process could not be run, took too long, or ended in any way but by the end of the body.
    pub fn run(self, body: impl FnOnce()) -> Result<(), ApartError> {
        if std::env::var_os(VARIABLE).is_some_and(|test| test == self.test) {
            limit_memory(self.memory)?;
            body();
            exit(0);
        }
        let said = Scratch::new()?;
        let beacon = Beacon::new()?;
        let mut other = self.command(&said)?.envs([beacon.variable()]).spawn()?;
        let status = wait(&mut other, self.time)?;
        let last = beacon.last();
        match status {
            Some(status) if status.success() => self.assert_ran(&said),
            Some(status) => Err(ApartError::Died { how: how(status), last, said: said.text()? }),
            None => {
                other.kill()?;
                other.wait()?;
                Err(ApartError::TooLong { time: self.time, last })
            }
        }
    }

    fn command(self, output: &Scratch) -> io::Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["--exact", self.test, "--nocapture"]).env(VARIABLE, self.test);
        // A backtrace would push what was said out of sight.
        command.env("RUST_BACKTRACE", "0");
        command.stdout(output.output()?).stderr(output.output()?);
        Ok(command)
    }

    /// A process that found no such test has ended well, too.
    fn assert_ran(self, said: &Scratch) -> Result<(), ApartError> {
        match said.text()? {
            said if said.contains("running 0 tests") => Err(ApartError::Died {
                how: format!("no test called {}", self.test),
                last: None,
                said,
            }),
            _ => Ok(()),
        }
    }
}

/// Waits for a process to end, so long at most.
fn wait(process: &mut Child, time: Duration) -> io::Result<Option<ExitStatus>> {
    /// A process takes longer than that to start.
    const PAUSE: Duration = Duration::from_millis(2);
    let started = Instant::now();
    loop {
        match process.try_wait()? {
            None if started.elapsed() < time => thread::sleep(PAUSE),
            ended => return Ok(ended),
        }
    }
}

fn how(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("signal {signal}");
    }
    status.to_string()
}

/// The last that a process wrote, if it wrote anything.
fn tail(said: &str) -> String {
    const LINES: usize = 20;
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = &lines[lines.len().saturating_sub(LINES)..];
    if last.is_empty() { String::new() } else { format!(":\n{}", last.join("\n")) }
}

#[cfg(unix)]
fn limit_memory(bytes: u64) -> io::Result<()> {
    let limit = libc::rlimit { rlim_cur: bytes, rlim_max: bytes };
    // SAFETY: the system only reads what it is given, and that is valid.
    match unsafe { libc::setrlimit(libc::RLIMIT_AS, &limit) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

#[cfg(not(unix))]
fn limit_memory(_: u64) -> io::Result<()> {
    Ok(())
}
