//! Tells the process that waits for this one what a checked closure did last, should it end in the
//! middle.

use super::scratch::Scratch;
use crate::trace::Place;
use std::env;
use std::ffi::OsString;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::sync::{LazyLock, Mutex, PoisonError};

/// Set in a process that is waited for, to the file that it writes to.
const VARIABLE: &str = "TELLERS_BEACON";

/// A shorter text leaves nothing of a longer one before it.
const WIDTH: usize = 200;

static FILE: LazyLock<Option<Mutex<File>>> = LazyLock::new(|| {
    let path = env::var_os(VARIABLE)?;
    OpenOptions::new().write(true).open(path).ok().map(Mutex::new)
});

/// Notes what is done, if somebody waits for this process.
#[inline]
pub(crate) fn note(what: impl FnOnce() -> String) {
    if let Some(file) = &*FILE {
        write(file, &what());
    }
}

/// A note that cannot be written is only missed.
#[cold]
fn write(file: &Mutex<File>, what: &str) {
    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
    let line = format!("{what:WIDTH$}\n");
    let _ = file.seek(SeekFrom::Start(0)).and_then(|_| file.write_all(line.as_bytes()));
}

/// An operation, by whose it was and where in the source. The words need no memory.
pub(crate) fn operation(thread: &str, place: Place) -> impl fmt::Display {
    fmt::from_fn(move |f| write!(f, "{thread}'s, at {place}"))
}

/// What to add to what is said of an end in the middle. The words need no memory.
pub(crate) fn after(last: Option<impl fmt::Display>) -> impl fmt::Display {
    fmt::from_fn(move |f| {
        last.iter().try_for_each(|last| write!(f, "; the last operation was {last}"))
    })
}

/// The file that another process is to write to.
pub(super) struct Beacon(Scratch);

impl Beacon {
    pub(super) fn new() -> io::Result<Self> {
        Scratch::new().map(Self)
    }

    /// What the process has to be told, as a variable of its environment.
    pub(super) fn variable(&self) -> (&'static str, OsString) {
        (VARIABLE, self.0.path().into())
    }

    /// What was done last.
    pub(super) fn last(&self) -> Option<String> {
        let text = self.0.text().ok()?;
        let line = text.lines().next()?.trim_end();
        (!line.is_empty()).then(|| line.to_owned())
    }
}
