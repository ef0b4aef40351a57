//! `tellers check --json`: what was found out, for `tellers report` and other programs to read.

use super::Error;
use std::io::Write;
use std::path::Path;
use tellers::gate::{Results, Unwritten, save};

/// Writes the results to a file, or to standard output.
pub(super) fn write(results: &Results, path: &Path, out: &mut impl Write) -> Result<(), Error> {
    let text = results.to_json().map_err(std::io::Error::from)?;
    if path == Path::new("-") {
        return Ok(out.write_all(text.as_bytes())?);
    }
    save(path, &text).map_err(|error| Unwritten { path: path.to_owned(), error })?;
    Ok(())
}
