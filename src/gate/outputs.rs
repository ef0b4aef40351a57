//! The forms that a verdict has besides text, and the folder that they are written to.

mod annotations;
mod html;
mod junit;
mod sarif;
mod summary;
mod verdicts;

use super::{Judgement, save};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub use verdicts::VERSION as VERDICTS_VERSION;

/// A file could not be written.
#[derive(Debug, thiserror::Error)]
#[error("failed to write to {}: {}", path.display(), reason(error))]
pub struct Unwritten {
    /// The file.
    pub path: PathBuf,
    /// Why not.
    pub error: io::Error,
}

/// The error's own text would tell of a temporary file.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such folder".into(),
        kind => kind.to_string(),
    }
}

impl Judgement {
    /// Every file, by its name.
    pub fn files(&self) -> [(&'static str, String); 5] {
        [
            ("report.html", html::render(self)),
            ("summary.md", summary::render(self)),
            ("junit.xml", junit::render(self)),
            ("verdicts.json", verdicts::render(self)),
            ("report.sarif", sarif::render(self)),
        ]
    }

    /// Writes every file to a folder, which is made if it is not there.
    ///
    /// # Errors
    /// If one cannot be written; each is whole or what it was before.
    pub fn write_to(&self, folder: &Path) -> Result<(), Unwritten> {
        fs::create_dir_all(folder).map_err(unwritten(folder))?;
        for (name, text) in self.files() {
            let path = folder.join(name);
            save(&path, &text).map_err(unwritten(&path))?;
        }
        Ok(())
    }

    /// Adds the summary to a file that others write to as well, as `$GITHUB_STEP_SUMMARY` is.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn append_summary(&self, path: &Path) -> Result<(), Unwritten> {
        let open = OpenOptions::new().append(true).create(true).open(path);
        open.and_then(|mut file| file.write_all(summary::render(self).as_bytes()))
            .map_err(unwritten(path))
    }

    /// A line for each fault, as GitHub takes them from a log.
    pub fn annotations(&self) -> String {
        annotations::render(self)
    }
}

fn unwritten(path: &Path) -> impl FnOnce(io::Error) -> Unwritten {
    let path = path.to_owned();
    move |error| Unwritten { path, error }
}
