//! A file for what another process writes, which goes with its owner.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};

/// A file among the system's temporary ones.
#[derive(Debug)]
pub(super) struct Scratch {
    file: File,
    path: PathBuf,
}

impl Scratch {
    /// An empty file that nobody else has opened, or may.
    pub(super) fn new() -> io::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        loop {
            let nth = NEXT.fetch_add(1, Ordering::Relaxed);
            let name = format!("tellers-{}-{nth}", std::process::id());
            let path = std::env::temp_dir().join(name);
            match options().open(&path) {
                // An earlier process of the same number has left it.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                opened => return opened.map(|file| Self { file, path }),
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// For a process to write to; all of them write behind each other.
    pub(super) fn output(&self) -> io::Result<Stdio> {
        self.file.try_clone().map(Into::into)
    }

    /// All that was written.
    pub(super) fn text(&self) -> io::Result<String> {
        Ok(String::from_utf8_lossy(&fs::read(&self.path)?).into_owned())
    }
}

impl Drop for Scratch {
    /// A file that cannot be removed is for the system to clear away.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn two_files_are_two_and_go_with_their_owners() {
        let [mut one, other] =
            [Scratch::new(), Scratch::new()].map(|made| made.expect("it is made"));
        one.file.write_all(b"said").expect("it is written");
        assert_eq!(one.text().expect("it is read"), "said");
        assert_eq!(other.text().expect("it is read"), "");
        let path = one.path().to_owned();
        drop(one);
        assert!(!path.exists() && other.path().exists());
    }
}
