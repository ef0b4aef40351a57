//! Starts OS threads.

#[cfg(target_os = "linux")]
use super::memory::Starting;
use std::io;
use std::thread::{Builder, JoinHandle};

/// Starts an OS thread. If the process may not grow, it may until the thread runs.
///
/// # Errors
/// If the system starts none.
pub(crate) fn start<T: Send + 'static>(
    builder: Builder,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<JoinHandle<T>> {
    #[cfg(target_os = "linux")]
    let starting = Starting::new();
    builder.spawn(move || {
        #[cfg(target_os = "linux")]
        drop(starting);
        work()
    })
}
